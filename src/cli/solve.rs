//! `breakeven solve`: the value of an input at which a level is reached, on average or on each path.

use clap::{ArgGroup, Args};

use super::results::{self, OutputArguments};
use super::simulation::SimulationArguments;
use super::{CliError, Runs, progress};
use crate::analysis::{self, Bracket, Solve, Until};
use crate::engine::Options;
use crate::results::Results;

/// Arguments of `solve`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").args(["until", "each_path"]).required(true).multiple(true)))]
#[command(after_help = "\
Examples:
  breakeven solve baseline --for price.monthly --until npv=0 --between 1:100
  breakeven solve baseline --for market.refusal_rate --until payback=10%
  breakeven solve music-like --for market.active_users --until target_reached=0.5 --between 50e6:1e9
  breakeven solve baseline --for price.monthly --each-path --between 1:100
  breakeven solve prime-uplift --for segments.prime.revenue.ancillary --until npv=0 --each-path

--until takes the probability of an event, or the mean of an outcome. The interval of a
solution is the simulation's own error (95%). --each-path finds for every single future the
value at which its NPV is zero. Tables and charts go to OUT/SCENARIO/solve-KEY/.")]
pub(super) struct SolveArguments {
    /// A scenario: a name (see `breakeven scenarios`) or the path of a .toml file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The input to solve for
    #[arg(long = "for", value_name = "KEY")]
    input: String,
    /// The level to reach: a probability (payback=0.5, payback=50%) or an outcome's mean (npv=0)
    #[arg(long, value_name = "NAME=LEVEL")]
    until: Option<Until>,
    /// Find the break-even of every path
    #[arg(long)]
    each_path: bool,
    /// The values to look between [default: all of a share; else from 0 (or minus the same, where the input may be negative) to ten times the scenario's median]
    #[arg(long, value_name = "LOW:HIGH", value_parser = analysis::ends, allow_hyphen_values = true)]
    between: Option<(f64, f64)>,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

impl Runs for SolveArguments {
    /// Solves, writes what was found, and says it.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let scenario = self.simulation.load(&self.scenario, self.output.session.cancel())?;
        let bracket = Bracket::new(&scenario, &self.input, self.between)?;
        let solve = Solve::new(&scenario, bracket, self.simulation.sampling())?;
        if self.each_path {
            solve.check_each_path()?;
        }
        let folder = format!("solve-{}", self.input.replace(',', "+"));
        let place = self.output.place(&scenario, Some(&folder))?;
        let (solution, each_path) = progress::shown(scenario.name(), self.output.quiet, |progress| {
            let options = Options { progress: Some(progress), ..options };
            let solution = self.until.as_ref().map(|until| solve.until(until, &options)).transpose()?;
            let each_path = self.each_path.then(|| solve.each_path(&options)).transpose()?;
            Ok::<_, CliError>((solution, each_path))
        })?;
        let results = Results::of_solve(&solve, solution.as_ref(), each_path.as_ref());
        let delivered = results::deliver(results, place, &self.output, &options)?;
        self.output.warn_of(solve.scenario());
        self.output.warn_of_dropped(solve.scenario(), solve.warnings());
        delivered.say(&self.output)?;
        results::print_json(&[delivered], &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}
