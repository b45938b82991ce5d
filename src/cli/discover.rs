//! `breakeven discover`: under which conditions an event happens.

use clap::Args;

use super::results::{self, OutputArguments};
use super::simulation::{self, SimulationArguments};
use super::{CliError, Runs, progress};
use crate::analysis::{DEFAULT_MAX_PATHS, Discover, Of};
use crate::engine::Options;
use crate::results::Results;

/// Arguments of `discover`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven discover baseline --of target_reached
  breakeven discover baseline --of payback --max-paths 4e6
  breakeven discover music-like --of payback --not

Looks for conditions on at most four inputs under which the event is frequent (patient rule
induction), on one half of the futures, and states on the other half how frequent it is there and
how much of it they hold. Of pure noise no rule is told in 19 of 20 cases. Tables and charts go to
OUT/SCENARIO/discover-NAME/.")]
pub(super) struct DiscoverArguments {
    /// A scenario: a name (see `breakeven scenarios`) or the path of a .toml file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The event, such as payback or target_reached
    #[arg(long, value_name = "EVENT")]
    of: Of,
    /// Look for conditions under which it does not happen
    #[arg(long)]
    not: bool,
    /// Simulate up to so many paths, until the event has happened on 1,000
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_PATHS, value_parser = simulation::parse_paths)]
    max_paths: u64,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

impl Runs for DiscoverArguments {
    /// Looks for rules, writes what was found, and says it.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let scenario = self.simulation.load(&self.scenario, self.output.session.cancel())?;
        let DiscoverArguments { of, not, max_paths, .. } = *self;
        let discover = Discover::new(&scenario, of, not, self.simulation.sampling(), max_paths)?;
        let folder = format!("discover-{}{}", if not { "not-" } else { "" }, of.name);
        let place = self.output.place(&scenario, Some(&folder))?;
        let discovered = progress::shown(scenario.name(), self.output.quiet, |progress| {
            discover.run(&Options { progress: Some(progress), ..options })
        })?;
        let results = Results::of_discover(&discover, &discovered);
        let delivered = results::deliver(results, place, &self.output, &options)?;
        self.output.warn_of(&scenario);
        delivered.say(&self.output)?;
        results::print_json(&[delivered], &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}
