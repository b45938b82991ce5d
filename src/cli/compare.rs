//! `breakeven compare`: how far scenarios are apart, how often one is better, and why.

use std::sync::atomic::AtomicBool;

use clap::Args;

use super::results::{self, OutputArguments};
use super::simulation::{self, SimulationArguments};
use super::{CliError, answer, progress};
use crate::analysis::Compare;
use crate::chart::{self, CompareMaterial};
use crate::engine::Options;
use crate::export::{CompareRecord, write_record};
use crate::output::{self, Staging};
use crate::scenario::{self, Scenario};
use crate::table::{self, Table};

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven compare baseline music-like
  breakeven compare bottom-of-band top-of-band
  breakeven compare baseline sceptics as-launched price-war
  breakeven compare baseline --with retention.monthly_churn=x1.2 --with price.monthly=x0.9

All scenarios are compared with the first, path by path on the same luck. The difference of
means is split over the inputs that differ (Shapley's values: exact, and they add up); more
than eight changes are grouped by table of the file. Tables and charts go to
OUT/compare-A-B/.")]
pub(super) struct CompareArguments {
    /// Two or more scenarios, or one and --with: names (see `breakeven scenarios`) or paths of .toml files
    #[arg(required = true, value_name = "SCENARIO", num_args = 1..)]
    scenarios: Vec<String>,
    /// Compare with the first scenario as these overrides make it: KEY=VALUE as for --set; may be given several times
    #[arg(long = "with", value_name = "KEY=VALUE")]
    changed: Vec<String>,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    output: OutputArguments,
    /// Print the record and all tables as JSON
    #[arg(long)]
    json: bool,
}

/// Compares, writes what was found, and says it.
pub(super) fn compare(arguments: &CompareArguments) -> Result<(), CliError> {
    let level = simulation::level()?;
    let cancel = progress::watch_for_interrupts();
    let SimulationArguments { set, given, paths, seed, sampler, .. } = &arguments.simulation;
    let mut scenarios: Vec<Scenario> =
        arguments.scenarios.iter().map(|name| arguments.simulation.load(name)).collect::<Result<_, _>>()?;
    if let (false, Some(first)) = (arguments.changed.is_empty(), arguments.scenarios.first()) {
        scenarios.push(scenario::load_given(first, &[set.as_slice(), &arguments.changed].concat(), given)?);
    }
    let names: Vec<&str> = scenarios.iter().map(Scenario::name).collect();
    let (name, shown) = (format!("compare-{}", names.join("-")), names.join(", "));
    let compare = Compare::new(scenarios, *sampler, *seed, *paths)?;
    let staging = Staging::new(&arguments.output.out, &output::folder_name(&name), None)?;
    let comparison = progress::shown(&shown, arguments.output.quiet, |progress| {
        compare.run(&Options {
            threads: arguments.simulation.threads(),
            level,
            cancel: Some(cancel),
            progress: Some(progress),
        })
    })?;
    let tables = table::compare_tables(&compare, &comparison);
    let record = CompareRecord::new(&compare);
    let (record, place) = write(record, &compare, &tables, staging, arguments, cancel)?;
    if arguments.output.quiet {
        return Ok(());
    }
    if arguments.json {
        return results::print_json(&record, &tables);
    }
    for scenario in compare.scenarios() {
        results::tell_warnings(scenario);
    }
    super::print(&answer::compare(&record, &comparison, &place))
}

fn write(
    mut record: CompareRecord,
    compare: &Compare,
    tables: &[Table],
    staging: Staging,
    arguments: &CompareArguments,
    cancel: &AtomicBool,
) -> Result<(CompareRecord, String), CliError> {
    let mut files = arguments.output.write_tables(&staging, &record.scenarios.iter().collect::<Vec<_>>(), tables)?;
    files.push("compare.json".to_owned());
    for scenario in compare.scenarios() {
        for (name, text) in scenario.copies() {
            let name = format!("{}/{name}", output::file_name(scenario.name()));
            staging.write(&name, |writer| std::io::Write::write_all(writer, text.as_bytes()))?;
            files.push(name);
        }
    }
    if !arguments.output.no_charts {
        let style = arguments.output.look.style();
        let material = CompareMaterial { record: &record, tables, style: &style };
        files.extend(results::write_charts(&staging, chart::compare_charts(&material), &style, cancel)?);
    }
    record.files = files;
    staging.write("compare.json", |writer| write_record(&record, writer))?;
    results::stop_if(cancel)?;
    Ok((record, results::publish(staging, arguments.output.quiet)?))
}
