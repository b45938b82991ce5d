//! `breakeven drivers`: what an answer hangs on.

use std::collections::BTreeSet;

use clap::Args;

use super::results::{self, OutputArguments, Place};
use super::simulation::{self, SimulationArguments};
use super::{CliError, Runs, progress, terminal};
use crate::analysis::{DEFAULT_MAX_PATHS, Drivers, Of};
use crate::engine::Options;
use crate::findings;
use crate::results::Results;

/// Arguments of `drivers`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven drivers baseline                        what NPV and payback hang on
  breakeven drivers baseline --of target_reached
  breakeven drivers my-case.toml --of npv --paths 5e5
  breakeven drivers baseline --set price.monthly=9.99
  breakeven drivers baseline music-like             which input matters more in which?

Says which inputs are behind the variance (Shapley effects, correlated inputs included), how far
each moves the answer with what usually comes along and alone, what the futures in which an event
happens have in common, and what each input alone would have to be: to bring a mean to zero, or a
probability to 50%. Tables and charts go to OUT/SCENARIO/drivers-NAME/.")]
pub(super) struct DriversArguments {
    /// Scenarios: names (see `breakeven scenarios`), paths of .toml files, or - for standard input; several are set side by side
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// An outcome, of which the mean counts, or an event, of which the probability does [default: npv and payback]
    #[arg(long, value_name = "NAME")]
    of: Vec<Of>,
    /// An event is looked at on up to so many paths, until it has happened on 1,000
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_PATHS, value_parser = simulation::parse_paths)]
    max_paths: u64,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

impl Runs for DriversArguments {
    /// Looks for the drivers of each number, writes what was found, and says it; nothing is simulated before all scenarios check.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let mut of = if self.of.is_empty() { Of::default_pair() } else { self.of.clone() };
        let mut seen = BTreeSet::new();
        of.retain(|of| seen.insert(of.name));
        let (mut done, mut scenarios) = (Vec::new(), Vec::new());
        let prepared = prepare(self, &of)?;
        for (drivers, places) in prepared {
            let answers = progress::shown(drivers.scenario().name(), self.output.quiet, |progress| {
                drivers.run(&Options { progress: Some(progress), ..options })
            })?;
            for (answer, place) in answers.iter().zip(places) {
                done.push(results::deliver(Results::of_drivers(&drivers, answer), place, &self.output, &options)?);
            }
            scenarios.push(drivers.scenario().clone());
        }
        for scenario in &scenarios {
            self.output.warn_of(scenario);
        }
        if self.output.talks() {
            for (i, delivered) in done.iter().enumerate() {
                if i > 0 {
                    super::print("\n")?;
                }
                delivered.say(&self.output)?;
            }
            for (i, _) in of.iter().enumerate() {
                let same: Vec<&Results> =
                    done.iter().skip(i).step_by(of.len()).map(|delivered| &delivered.results).collect();
                if let Some(block) = findings::drivers_side_by_side(&same) {
                    super::print(&format!("\n{}", terminal::block(&block)))?;
                }
            }
        }
        results::print_json(&done, &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}

/// Each scenario with the folders of its results, one for each number.
fn prepare(arguments: &DriversArguments, of: &[Of]) -> Result<Vec<(Drivers, Vec<Place>)>, CliError> {
    let mut prepared: Vec<(Drivers, Vec<Place>)> = Vec::new();
    for name in &arguments.scenarios {
        let scenario = arguments.simulation.load(name, arguments.output.session.cancel())?;
        if prepared.iter().any(|(other, _)| other.scenario().name() == scenario.name()) {
            let message = format!("two scenarios are called `{}`: both would write the same folder", scenario.name());
            return Err(CliError::Usage(message));
        }
        let drivers = Drivers::new(&scenario, of.to_vec(), arguments.simulation.sampling(), arguments.max_paths)?;
        let place = |of: &Of| arguments.output.place(&scenario, Some(&format!("drivers-{}", of.name)));
        let places = of.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        prepared.push((drivers, places));
    }
    Ok(prepared)
}
