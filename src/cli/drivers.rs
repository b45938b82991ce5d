//! `breakeven drivers`: what an answer hangs on.

use std::collections::BTreeSet;

use clap::Args;

use super::results::{self, OutputArguments};
use super::simulation::{self, SimulationArguments};
use super::{CliError, progress};
use crate::analysis::{DEFAULT_MAX_PATHS, Drivers, Of};
use crate::engine::Options;
use crate::results::Results;

/// Arguments of `drivers`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven drivers baseline                        what NPV and payback hang on
  breakeven drivers baseline --of target_reached
  breakeven drivers my-case.toml --of npv --paths 5e5
  breakeven drivers baseline --set price.monthly=9.99

Says which inputs are behind the variance (Shapley effects, correlated inputs included), how far
each moves the answer with what usually comes along and alone, what the futures in which an event
happens have in common, and what each input alone would have to be: to bring a mean to zero, or a
probability to 50%. Tables and charts go to OUT/SCENARIO/drivers-NAME/.")]
pub(super) struct DriversArguments {
    /// A scenario: a name (see `breakeven scenarios`) or the path of a .toml file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// An outcome, of which the mean counts, or an event, of which the probability does [default: npv and payback]
    #[arg(long, value_name = "NAME")]
    of: Vec<Of>,
    /// An event is looked at on up to so many paths, until it has happened on 1,000
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_PATHS, value_parser = simulation::parse_paths)]
    max_paths: u64,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Looks for the drivers of each number, writes what was found, and says it.
pub(super) fn drivers(arguments: &DriversArguments) -> Result<(), CliError> {
    let cancel = progress::watch_for_interrupts();
    let options = arguments.simulation.options(cancel)?;
    let scenario = arguments.simulation.load(&arguments.scenario)?;
    let mut of = if arguments.of.is_empty() { Of::default_pair() } else { arguments.of.clone() };
    let mut seen = BTreeSet::new();
    of.retain(|of| seen.insert(of.name));
    let drivers = Drivers::new(&scenario, of.clone(), arguments.simulation.sampling(), arguments.max_paths)?;
    let stagings = of
        .iter()
        .map(|of| results::staging(&arguments.output.out, &scenario, Some(&format!("drivers-{}", of.name))))
        .collect::<Result<Vec<_>, _>>()?;
    let answers = progress::shown(scenario.name(), arguments.output.quiet, |progress| {
        drivers.run(&Options { progress: Some(progress), ..options })
    })?;
    let mut done = Vec::new();
    for (answer, staging) in answers.iter().zip(stagings) {
        done.push(results::deliver(Results::of_drivers(&drivers, answer), staging, &arguments.output, &options)?);
    }
    if arguments.output.talks() {
        results::tell_warnings(&scenario);
    }
    for (i, delivered) in done.iter().enumerate() {
        if i > 0 && arguments.output.talks() {
            super::print("\n")?;
        }
        delivered.say(&arguments.output)?;
    }
    results::print_json(&done, &arguments.output)
}
