//! `breakeven explore`: one HTML page that simulates what its reader changes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::session::Session;
use super::simulation::SimulationArguments;
use super::{CliError, Runs, progress, results};
use crate::analysis::{AnalysisError, DEFAULT_MAX_PATHS, Drivers, Of, Profile};
use crate::engine::{self, Options};
use crate::output;
use crate::plan::Plan;
use crate::report::{Explored, explorer};
use crate::results::{Driving, Kind, Results};
use crate::sampler::Sampler;
use crate::scenario::{self, Scenario};
use crate::words;

/// What decides is what NPV hangs on.
const OF: &str = "npv";
/// More would take a browser minutes, and its memory.
const MOST_PATHS: u64 = 1 << 20;
/// Whole numbers of JavaScript are exact up to here.
const LARGEST_SEED: u64 = (1 << 53) - 1;
/// Shares of the variance below it are not worth a word.
const LEAST_SHARE: f64 = 0.005;

/// Arguments of `explore`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven explore baseline
  breakeven explore my-case.toml --to board.html
  breakeven explore baseline --set price.monthly=9.99
  breakeven explore baseline music-like sceptics   one page, between which its reader chooses

The page has the simulator in it: whoever opens it moves an input and sees the answer, with no
network, no server and nothing to install. Its numbers are those of the command line, to the last
digit; it says the command that makes them. A setting can be kept as a link, a scenario file,
tables and charts. It takes any browser of 2023 or later.")]
pub(super) struct ExploreArguments {
    /// Scenarios: names (see `breakeven scenarios`) or paths of .toml files; the page starts with the first
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    #[command(flatten)]
    simulation: SimulationArguments,
    /// The file to write [default: output/explore-SCENARIO.html]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
    #[arg(skip)]
    pub(super) session: Session,
}

impl Runs for ExploreArguments {
    /// Finds which inputs matter most, and writes the page.
    fn run(&self) -> Result<(), CliError> {
        let SimulationArguments { given, paths, seed, sampler, .. } = &self.simulation;
        if self.scenarios.iter().any(|name| name == "-") {
            let message = "a page names its scenario in the command that it offers: give a file or a name";
            return Err(CliError::Usage(message.to_owned()));
        }
        if !given.is_empty() || *sampler != Sampler::default() {
            let message =
                "a page takes --set, --paths and --seed: what is given and other samplers are for the command line";
            return Err(CliError::Usage(message.to_owned()));
        }
        if *paths > MOST_PATHS {
            let most = words::count(MOST_PATHS);
            return Err(CliError::Usage(format!("a page simulates at most {most} paths: take fewer with --paths")));
        }
        if *seed > LARGEST_SEED {
            return Err(CliError::Usage(format!(
                "a page takes seeds up to {LARGEST_SEED}: numbers of a browser end there"
            )));
        }
        let cancel = self.session.cancel();
        let options = self.simulation.options(cancel)?;
        let mut loaded: Vec<Loaded> = Vec::new();
        for name in &self.scenarios {
            let one = Loaded { name, base: scenario::load(name)?, scenario: self.simulation.load(name, cancel)? };
            if loaded.iter().any(|other| other.base.name() == one.base.name()) {
                return Err(CliError::Usage(format!("two scenarios are called `{}`", one.base.name())));
            }
            loaded.push(one);
        }
        let names: Vec<&str> = loaded.iter().map(|one| one.scenario.name()).collect();
        let named = format!("output/{}.html", output::folder_name(&format!("explore-{}", names.join("-"))));
        let file = self.to.clone().unwrap_or_else(|| PathBuf::from(named));
        if file.file_name().is_none() {
            return Err(CliError::Usage(format!("`{}` is no name for a file", file.display())));
        }
        output::check_file(&file)?;
        let all: Vec<Explored> = loaded.iter().map(|one| self.explored(one, &options)).collect::<Result<_, _>>()?;
        let page = explorer(&all);
        results::stop_if(&options)?;
        output::write_file(&file, |writer| std::io::Write::write_all(writer, page.as_bytes()))?;
        if self.quiet {
            return Ok(());
        }
        for one in &loaded {
            results::tell_warnings(&one.scenario);
        }
        super::print(&format!("{}: written; open it in a browser\n", file.display()))
    }

    fn session(&mut self) -> Option<&mut Session> {
        Some(&mut self.session)
    }
}

/// A scenario that has passed every check.
struct Loaded<'a> {
    /// As a command names it.
    name: &'a str,
    /// Without what was set.
    base: Scenario,
    scenario: Scenario,
}

impl ExploreArguments {
    fn explored(&self, one: &Loaded<'_>, options: &Options<'_>) -> Result<Explored, CliError> {
        let Loaded { name, base, scenario } = one;
        let (order, shares) = strongest(self, scenario, options)?;
        Ok(Explored {
            name: base.name().to_owned(),
            scenario: (*name).to_owned(),
            extends: extends(name),
            title: scenario.title().to_owned(),
            question: scenario.question().to_owned(),
            files: base.files().iter().map(|file| (words::shown_line(&file.path), file.text.clone())).collect(),
            main: base.main(),
            set: self.simulation.set.clone(),
            paths: self.simulation.paths,
            seed: self.simulation.seed,
            order,
            shares,
            tables: tables(scenario, self.simulation.seed)?,
        })
    }
}

/// A scenario as a file beside it names it: what is found by name is found so anywhere.
fn extends(scenario: &str) -> String {
    let path = std::path::Path::new(scenario);
    let is_path = path.extension().is_some_and(|kind| kind == "toml") || scenario.contains(std::path::is_separator);
    match path.file_name().filter(|_| is_path) {
        Some(name) => format!("./{}", name.to_string_lossy()),
        None => scenario.to_owned(),
    }
}

/// The names of a run's tables.
fn tables(scenario: &Scenario, seed: u64) -> Result<Vec<String>, CliError> {
    let plan = Plan::new(scenario, Sampler::default(), seed)?;
    let summary = engine::run(&plan, 16, &Options::default())?;
    let results = Results::of_run(scenario, &plan, &summary, &[], &Profile::all(&plan, 16, Options::default().level));
    Ok(results.tables.into_iter().map(|table| table.name).collect())
}

/// The inputs by how much of NPV's variance is theirs, and how much that is; empty where nothing is uncertain.
fn strongest(
    arguments: &ExploreArguments,
    scenario: &Scenario,
    options: &Options<'_>,
) -> Result<(Vec<String>, BTreeMap<String, String>), CliError> {
    let of: Of = OF.parse().map_err(CliError::Usage)?;
    let drivers = match Drivers::new(scenario, vec![of], arguments.simulation.sampling(), DEFAULT_MAX_PATHS) {
        Err(AnalysisError::Asked(_)) => return Ok(Default::default()),
        drivers => drivers?,
    };
    let answers = progress::shown(scenario.name(), arguments.quiet, |progress| {
        drivers.run(&Options { progress: Some(progress), ..*options })
    })?;
    let results = answers.first().map(|answer| Results::of_drivers(&drivers, answer));
    let Some(Kind::Drivers(record)) = results.as_ref().map(|results| &results.record.kind) else {
        return Ok(Default::default());
    };
    let driving = results.as_ref().map(|results| Driving::new(results, record));
    let order = driving.iter().flat_map(Driving::order).map(str::to_owned).collect();
    let ranked = driving.iter().filter(|driving| driving.is_ranked()).flat_map(|driving| &driving.variance);
    let told = ranked.filter(|(_, share)| share.value >= LEAST_SHARE);
    let shares =
        told.map(|(name, share)| ((*name).to_owned(), format!("{} of NPV’s variance", words::percent(share.value))));
    Ok((order, shares.collect()))
}
