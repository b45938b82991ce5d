//! `breakeven report`: one HTML page about one scenario or several.

use std::path::PathBuf;

use clap::Args;

use super::simulation::{self, SimulationArguments};
use super::{CliError, progress, quoted, results};
use crate::analysis::{Compare, Profile};
use crate::engine::{self, Options};
use crate::export::{CompareRecord, RunRecord};
use crate::output;
use crate::plan::Plan;
use crate::report::{self, Part, SideBySide};
use crate::scenario::Scenario;
use crate::table;

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven report baseline
  breakeven report baseline as-launched music-like
  breakeven report my-case.toml --paths 1e6 --to board-meeting.html

The page stands alone: no network, no other file. It has the answer, the charts with values
under the pointer and a table behind each, every assumption with its source, the equations,
the caveats, and how to make it again. It follows the reader's light or dark theme, reads on
a phone and prints.")]
pub(super) struct ReportArguments {
    /// Scenarios: names (see `breakeven scenarios`) or paths of .toml files; several are compared with the first
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    #[command(flatten)]
    simulation: SimulationArguments,
    /// The file to write [default: output/report-SCENARIO.html]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Simulates, and writes the page.
pub(super) fn report(arguments: &ReportArguments) -> Result<(), CliError> {
    let level = simulation::level()?;
    let cancel = progress::watch_for_interrupts();
    let SimulationArguments { paths, seed, sampler, .. } = &arguments.simulation;
    let scenarios: Vec<Scenario> =
        arguments.scenarios.iter().map(|name| arguments.simulation.load(name)).collect::<Result<_, _>>()?;
    let names: Vec<&str> = scenarios.iter().map(Scenario::name).collect();
    let compare =
        (scenarios.len() > 1).then(|| Compare::new(scenarios.clone(), *sampler, *seed, *paths)).transpose()?;
    let named = || output::folder_name(&format!("report-{}", names.join("-")));
    let file = arguments.to.clone().unwrap_or_else(|| PathBuf::from(format!("output/{}.html", named())));
    if file.file_name().is_none() {
        return Err(CliError::Usage(format!("`{}` is no name for a file", file.display())));
    }
    output::check_file(&file)?;
    let parts = scenarios
        .iter()
        .map(|scenario| {
            let plan = Plan::new(scenario, *sampler, *seed)?;
            let summary = progress::shown(scenario.name(), arguments.quiet, |progress| {
                let options = Options {
                    threads: arguments.simulation.threads(),
                    level,
                    cancel: Some(cancel),
                    progress: Some(progress),
                };
                engine::run(&plan, *paths, &options)
            })?;
            let record = RunRecord::new(scenario, &plan, summary.paths, &[]);
            let tables = table::tables(scenario, &plan, &summary, &Profile::all(&plan, summary.paths, level));
            Ok(Part { scenario, record, tables })
        })
        .collect::<Result<Vec<_>, CliError>>()?;
    let side_by_side = compare
        .map(|compare| {
            let comparison = progress::shown(&names.join(", "), arguments.quiet, |progress| {
                compare.run(&Options {
                    threads: arguments.simulation.threads(),
                    level,
                    cancel: Some(cancel),
                    progress: Some(progress),
                })
            })?;
            let tables = table::compare_tables(&compare, &comparison);
            Ok::<_, CliError>(SideBySide { record: CompareRecord::new(&compare), tables })
        })
        .transpose()?;
    let html = report::html(&parts, side_by_side.as_ref(), &command(arguments))?;
    results::stop_if(cancel)?;
    output::write_file(&file, |writer| std::io::Write::write_all(writer, html.as_bytes()))?;
    if arguments.quiet {
        return Ok(());
    }
    for scenario in &scenarios {
        results::tell_warnings(scenario);
    }
    super::print(&format!("{}: written; open it in a browser\n", file.display()))
}

/// The command that makes this report again, with everything that its numbers depend on.
fn command(arguments: &ReportArguments) -> String {
    let SimulationArguments { set, paths, seed, sampler, .. } = &arguments.simulation;
    let mut out = "breakeven report".to_owned();
    for name in &arguments.scenarios {
        out += &format!(" {}", quoted(name));
    }
    for value in set {
        out += &format!(" --set {}", quoted(value));
    }
    out + &format!(" --paths {paths} --seed {seed} --sampler {}", sampler.name())
}
