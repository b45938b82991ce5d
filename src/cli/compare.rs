//! `breakeven compare`: how far scenarios are apart, how often one is better, and why.

use clap::Args;

use super::results::{self, OutputArguments};
use super::simulation::SimulationArguments;
use super::{CliError, Runs, progress};
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

impl Runs for CompareArguments {
    /// Compares, writes what was found, and says it.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let SimulationArguments { set, given, .. } = &self.simulation;
        let mut scenarios: Vec<Scenario> = self
            .scenarios
            .iter()
            .map(|name| self.simulation.load(name, self.output.session.cancel()))
            .collect::<Result<_, _>>()?;
        if let (false, Some(first)) = (self.changed.is_empty(), self.scenarios.first()) {
            scenarios.push(scenario::load_given(first, &[set.as_slice(), &self.changed].concat(), given)?);
        }
        let names: Vec<&str> = scenarios.iter().map(Scenario::name).collect();
        let (name, shown) = (format!("compare-{}", names.join("-")), names.join(", "));
        let compare = Compare::new(scenarios, self.simulation.sampling())?;
        let place = self.output.place_of_several(&name)?;
        let comparison = progress::shown(&shown, self.output.quiet, |progress| {
            compare.run(&Options { progress: Some(progress), ..options })
        })?;
        let Some(results) = Results::of_comparison(&compare, &comparison) else { return Ok(()) };
        let delivered = results::deliver(results, place, &self.output, &options)?;
        for scenario in compare.scenarios() {
            self.output.warn_of(scenario);
        }
        delivered.say(&self.output)?;
        results::print_json(&[delivered], &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}
