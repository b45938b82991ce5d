//! `breakeven report`: one HTML page about one scenario or several.

use std::path::{Path, PathBuf};

use clap::Args;

use super::chart::results_in;
use super::session::Session;
use super::simulation::SimulationArguments;
use super::{CliError, Runs, progress, quoted, results};
use crate::analysis::{AnalysisError, Axis, Choices, Compare, DEFAULT_MAX_PATHS, Drivers, Of, Profile, Questions, Voi};
use crate::engine::{self, Options};
use crate::output;
use crate::plan::Plan;
use crate::report::{self, Part};
use crate::results::Results;
use crate::scenario::{self, Scenario};

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven report baseline
  breakeven report baseline as-launched music-like
  breakeven report my-case.toml --paths 1e6 --to board-meeting.html
  breakeven report baseline --drivers
  breakeven report baseline --choose price.monthly=5:20:1
  breakeven report output/baseline output/baseline/sweep-price.monthly
  breakeven report baseline --verify

The page stands alone: no network, no other file. It has the answer, the charts with values
under the pointer and a table behind each, every assumption with its source, the equations,
the caveats, and how to make it again. It follows the reader's light or dark theme, reads on
a phone and prints.")]
pub(super) struct ReportArguments {
    /// Scenarios: names (see `breakeven scenarios`), paths of .toml files, or - for standard input. Several are compared with the first; or
    /// folders of results, which are shown as they are
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Add what NPV and payback of each scenario hang on; takes some seconds
    #[arg(long)]
    drivers: bool,
    /// Add what it would be worth to know more before choosing between these values of an input: KEY=FROM:TO:STEP,
    /// KEY=FROM:TO/COUNT or KEY=A,B,C; once or twice
    #[arg(long, value_name = "KEY=VALUES")]
    choose: Vec<String>,
    /// Check the program against known answers on this machine, as `breakeven verify` does, and show that on the page
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    simulation: SimulationArguments,
    /// The file to write [default: output/report-SCENARIO.html]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
    #[arg(skip)]
    pub(super) session: Session,
}

/// What a report is asked to be about.
enum Asked {
    /// A scenario, which is simulated.
    Scenario(Box<Scenario>),
    /// Results that are there.
    Folder(Box<Part>),
}

impl Runs for ReportArguments {
    /// Simulates what is not there yet, and writes the page.
    fn run(&self) -> Result<(), CliError> {
        let cancel = self.session.cancel();
        let options = self.simulation.options(cancel)?;
        let asked = self.scenarios.iter().map(|name| asked(self, name)).collect::<Result<Vec<_>, _>>()?;
        let scenarios: Vec<Scenario> = asked
            .iter()
            .filter_map(|asked| if let Asked::Scenario(scenario) = asked { Some((**scenario).clone()) } else { None })
            .collect();
        if scenarios.is_empty() && (self.drivers || !self.choose.is_empty()) {
            let message = "--drivers and --choose take a scenario: results in a folder are shown as they are";
            return Err(CliError::Usage(message.to_owned()));
        }
        let vois = vois(self, &scenarios)?;
        let compare =
            (scenarios.len() > 1).then(|| Compare::new(scenarios.clone(), self.simulation.sampling())).transpose()?;
        let name_of = |asked: &Asked| match asked {
            Asked::Scenario(scenario) => scenario.name().to_owned(),
            Asked::Folder(part) if part.results.record.kind.name() == "run" => {
                part.results.record.scenario().name.clone()
            }
            Asked::Folder(part) => {
                format!("{}-{}", part.results.record.scenario().name, part.results.record.kind.name())
            }
        };
        let names: Vec<String> = asked.iter().map(name_of).collect();
        let named = || output::folder_name(&format!("report-{}", names.join("-")));
        let file = self.to.clone().unwrap_or_else(|| PathBuf::from(format!("output/{}.html", named())));
        if file.file_name().is_none() {
            return Err(CliError::Usage(format!("`{}` is no name for a file", file.display())));
        }
        output::check_file(&file)?;
        let simulated = |scenario: Scenario| {
            let plan = Plan::new(&scenario, self.simulation.sampler, self.simulation.seed)?;
            let summary = progress::shown(scenario.name(), self.quiet, |progress| {
                engine::run(&plan, self.simulation.paths, &Options { progress: Some(progress), ..options })
            })?;
            let profiles = Profile::all(&plan, summary.paths, options.level);
            let results = Results::of_run(&scenario, &plan, &summary, &[], &profiles);
            Ok::<_, CliError>(Part { results, scenarios: vec![scenario] })
        };
        let part = |asked: Asked| match asked {
            Asked::Scenario(scenario) => simulated(*scenario),
            Asked::Folder(part) => Ok(*part),
        };
        let mut parts = asked.into_iter().map(part).collect::<Result<Vec<_>, _>>()?;
        if let Some(compare) = compare {
            let comparison = progress::shown(&names.join(", "), self.quiet, |progress| {
                compare.run(&Options { progress: Some(progress), ..options })
            })?;
            let results = Results::of_comparison(&compare, &comparison);
            parts.extend(results.map(|results| Part { results, scenarios: Vec::new() }));
        }
        for scenario in scenarios.iter().filter(|_| self.drivers) {
            parts.extend(driven(self, scenario, &options)?);
        }
        for voi in &vois {
            let worth = progress::shown(voi.scenarios()[0].name(), self.quiet, |progress| {
                voi.run(&Options { progress: Some(progress), ..options })
            })?;
            parts.push(Part { results: Results::of_voi(voi, &worth), scenarios: Vec::new() });
        }
        let checked = if self.verify { super::verify::checked()? } else { Vec::new() };
        let html = report::html(&parts, &command(self), &checked)?;
        results::stop_if(&options)?;
        output::write_file(&file, |writer| std::io::Write::write_all(writer, html.as_bytes()))?;
        if self.quiet {
            return Ok(());
        }
        scenarios.iter().for_each(results::tell_warnings);
        super::print(&format!("{}: written; open it in a browser\n", file.display()))
    }

    fn session(&mut self) -> Option<&mut Session> {
        Some(&mut self.session)
    }
}

/// What NPV and payback of a scenario hang on; nothing where nothing is uncertain.
fn driven(arguments: &ReportArguments, scenario: &Scenario, options: &Options<'_>) -> Result<Vec<Part>, CliError> {
    let drivers = match Drivers::new(scenario, Of::default_pair(), arguments.simulation.sampling(), DEFAULT_MAX_PATHS) {
        Err(AnalysisError::Asked(_)) => return Ok(Vec::new()),
        drivers => drivers?,
    };
    let answers = progress::shown(scenario.name(), arguments.quiet, |progress| {
        drivers.run(&Options { progress: Some(progress), ..*options })
    })?;
    let part = |answer| Part { results: Results::of_drivers(&drivers, answer), scenarios: Vec::new() };
    Ok(answers.iter().map(part).collect())
}

/// For each scenario the choice before which more could be known.
fn vois(arguments: &ReportArguments, scenarios: &[Scenario]) -> Result<Vec<Voi>, CliError> {
    if arguments.choose.is_empty() {
        return Ok(Vec::new());
    }
    let axes: Vec<Axis> =
        arguments.choose.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(CliError::Usage)?;
    let voi = |scenario| {
        let (choices, sampling) = (Choices::Values(axes.clone()), arguments.simulation.sampling());
        Ok(Voi::new(scenario, choices, None, Questions::default(), sampling)?)
    };
    scenarios.iter().map(voi).collect()
}

/// A folder of results by its path, anything else as a scenario.
fn asked(arguments: &ReportArguments, name: &str) -> Result<Asked, CliError> {
    let folder = Path::new(name);
    if !folder.is_dir() {
        return Ok(Asked::Scenario(Box::new(arguments.simulation.load(name, arguments.session.cancel())?)));
    }
    let results = results_in(folder)?;
    let mut scenarios = Vec::new();
    for record in &results.record.scenarios {
        // Its copy is the first of its files in the folder.
        let own = |name: &&String| {
            results.record.scenarios.len() == 1 || name.starts_with(&format!("{}/", output::file_name(&record.name)))
        };
        let copy = results.sources.iter().map(|source| &source.0).find(own);
        let Some(copy) = copy.and_then(|copy| folder.join(copy).to_str().map(str::to_owned)) else { continue };
        scenarios.push(scenario::load_given(&copy, &record.set, &record.given)?);
    }
    Ok(Asked::Folder(Box::new(Part { results, scenarios })))
}

/// The command that makes this report again, with everything that its numbers depend on.
fn command(arguments: &ReportArguments) -> String {
    let SimulationArguments { set, given, paths, seed, sampler, .. } = &arguments.simulation;
    let mut out = "breakeven report".to_owned();
    for name in &arguments.scenarios {
        out += &format!(" {}", quoted(name));
    }
    if arguments.verify {
        out += " --verify";
    }
    if arguments.scenarios.iter().all(|name| Path::new(name).is_dir()) {
        // The folders say all.
        return out;
    }
    if arguments.drivers {
        out += " --drivers";
    }
    for (option, values) in [("--choose", &arguments.choose), ("--set", set), ("--given", given)] {
        for value in values {
            out += &format!(" {option} {}", quoted(value));
        }
    }
    out + &format!(" --paths {paths} --seed {seed} --sampler {}", sampler.name())
}
