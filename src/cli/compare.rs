//! `breakeven compare`: how far scenarios are apart, how often one is better, and why.

use clap::Args;

use super::results::{self, OutputArguments};
use super::simulation::SimulationArguments;
use super::{CliError, progress};
use crate::analysis::Compare;
use crate::engine::Options;
use crate::results::Results;
use crate::scenario::{self, Scenario};

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
    /// Two or more scenarios, or one and --with: names (see `breakeven scenarios`), paths of .toml files, or - for standard input
    #[arg(required = true, value_name = "SCENARIO", num_args = 1..)]
    scenarios: Vec<String>,
    /// Compare with the first scenario as these overrides make it: KEY=VALUE as for --set; may be given several times
    #[arg(long = "with", value_name = "KEY=VALUE")]
    changed: Vec<String>,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// Compares, writes what was found, and says it.
pub(super) fn compare(arguments: &CompareArguments) -> Result<(), CliError> {
    let options = arguments.simulation.options(arguments.output.session.cancel())?;
    let SimulationArguments { set, given, .. } = &arguments.simulation;
    let mut scenarios: Vec<Scenario> = arguments
        .scenarios
        .iter()
        .map(|name| arguments.simulation.load(name, arguments.output.session.cancel()))
        .collect::<Result<_, _>>()?;
    if let (false, Some(first)) = (arguments.changed.is_empty(), arguments.scenarios.first()) {
        scenarios.push(scenario::load_given(first, &[set.as_slice(), &arguments.changed].concat(), given)?);
    }
    let names: Vec<&str> = scenarios.iter().map(Scenario::name).collect();
    let (name, shown) = (format!("compare-{}", names.join("-")), names.join(", "));
    let compare = Compare::new(scenarios, arguments.simulation.sampling())?;
    let place = arguments.output.place_of_several(&name)?;
    let comparison = progress::shown(&shown, arguments.output.quiet, |progress| {
        compare.run(&Options { progress: Some(progress), ..options })
    })?;
    let Some(results) = Results::of_comparison(&compare, &comparison) else { return Ok(()) };
    let delivered = results::deliver(results, place, &arguments.output, &options)?;
    for scenario in compare.scenarios() {
        arguments.output.warn_of(scenario);
    }
    delivered.say(&arguments.output)?;
    results::print_json(&[delivered], &arguments.output)
}
