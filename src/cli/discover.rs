//! `breakeven discover`: under which conditions an event happens.

use clap::Args;

use super::results::{self, OutputArguments};
use super::simulation::{self, SimulationArguments};
use super::{CliError, progress};
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

/// Looks for rules, writes what was found, and says it.
pub(super) fn discover(arguments: &DiscoverArguments) -> Result<(), CliError> {
    let options = arguments.simulation.options(arguments.output.session.cancel())?;
    let scenario = arguments.simulation.load(&arguments.scenario, arguments.output.session.cancel())?;
    let DiscoverArguments { of, not, max_paths, .. } = *arguments;
    let discover = Discover::new(&scenario, of, not, arguments.simulation.sampling(), max_paths)?;
    let folder = format!("discover-{}{}", if not { "not-" } else { "" }, of.name);
    let place = arguments.output.place(&scenario, Some(&folder))?;
    let discovered = progress::shown(scenario.name(), arguments.output.quiet, |progress| {
        discover.run(&Options { progress: Some(progress), ..options })
    })?;
    let results = Results::of_discover(&discover, &discovered);
    let delivered = results::deliver(results, place, &arguments.output, &options)?;
    arguments.output.warn_of(&scenario);
    delivered.say(&arguments.output)?;
    results::print_json(&[delivered], &arguments.output)
}
