//! `breakeven run`: simulates scenarios, or one part of them.

use clap::Args;

use super::results::{self, Delivered, OutputArguments, Place};
use super::simulation::{self, SimulationArguments};
use super::{CliError, Runs, progress, shard};
use crate::aggregate::Goal;
use crate::analysis::Profile;
use crate::engine::{self, Options, Shard};
use crate::output;
use crate::part::Part;
use crate::plan::Plan;
use crate::results::Results;
use crate::scenario::Scenario;

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven run baseline
  breakeven run baseline my-case.toml --paths 1e6 --seed 7
  breakeven run baseline --set market.refusal_rate=0.5
  breakeven run baseline --set retention.monthly_churn=x1.2 --set price.monthly=x0.9
  breakeven run baseline --given market.refusal_rate=50%
  breakeven run baseline --set price.monthly='{ uniform = { min = 5, max = 8 } }'
  breakeven run baseline --precision payback=0.0005,npv=0.1%
  breakeven run baseline --paths 1e9 --shard 3/8
  breakeven run baseline --theme dark --width 1920 --format csv,xlsx
  breakeven run baseline --no-charts --quiet --out /tmp/results

Each scenario gets a folder in --out with its tables as CSV (summary, probabilities,
monthly, timing, quantiles, histogram, inputs, input-quantiles, curves, unit-economics),
run.json, scenario/ (the scenario's files, which run again as they are), and charts/ as PNG
and SVG. With --set or --given the folder is named after them too. The same scenario, seed,
sampler and number of paths give the same bytes on every machine, for any number of threads
and however a run is cut into parts.")]
pub(super) struct RunArguments {
    /// Scenarios: names (see `breakeven scenarios`), paths of .toml files, or - for standard input
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    #[command(flatten)]
    simulation: SimulationArguments,
    /// Keep simulating until each 95% interval is within ±WIDTH: of a probability (payback=0.002), or of an outcome's mean, in
    /// percent of its standard deviation (npv=1%) or in its unit (npv=5e6); may be given several times
    #[arg(long, value_name = "NAME=WIDTH", value_delimiter = ',', conflicts_with = "paths")]
    precision: Vec<Goal>,
    /// With --precision: stop at N paths at the latest
    #[arg(long, value_name = "N", default_value = "16777216", value_parser = simulation::parse_paths, requires = "precision")]
    max_paths: u64,
    /// Simulate part K of N only, into OUT/SCENARIO.part-K-of-N, for `breakeven merge`; `auto` takes both from the variables of a job
    /// array (Slurm, Grid Engine, PBS, Kubernetes)
    #[arg(long, value_name = "K/N", value_parser = shard::parse, conflicts_with_all = ["precision", "json"])]
    shard: Option<Shard>,
    /// Write every path as well: what was drawn for each uncertain input, and each outcome (paths.parquet)
    #[arg(long, conflicts_with = "shard")]
    keep_paths: bool,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// A scenario that has passed every check and whose results can be written.
struct Prepared {
    scenario: Scenario,
    plan: Plan,
    /// Where the results of a whole run go.
    place: Option<Place>,
}

impl Runs for RunArguments {
    /// Runs every scenario; nothing is simulated before all of them check.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let mut done = Vec::new();
        for prepared in prepare(self)? {
            done.extend(run_one(prepared, self, &options)?);
        }
        results::print_json(&done, &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}

fn prepare(arguments: &RunArguments) -> Result<Vec<Prepared>, CliError> {
    let mut scenarios: Vec<(Scenario, Plan)> = Vec::new();
    for name in &arguments.scenarios {
        let scenario = arguments.simulation.load(name, arguments.output.session.cancel())?;
        if scenarios.iter().any(|(other, _)| other.name() == scenario.name()) {
            let message = format!("two scenarios are called `{}`: both would write the same folder", scenario.name());
            return Err(CliError::Usage(message));
        }
        let plan = Plan::new(&scenario, arguments.simulation.sampler, arguments.simulation.seed)?;
        scenarios.push((scenario, plan));
    }
    let prepared = scenarios.into_iter().map(|(scenario, plan)| {
        let place = match arguments.shard {
            Some(_) if arguments.output.session.is_called() => None,
            Some(_) => {
                output::check_writable(&arguments.output.out)?;
                None
            }
            None => Some(arguments.output.place(&scenario, None)?),
        };
        Ok(Prepared { scenario, plan, place })
    });
    prepared.collect()
}

/// Runs one scenario, or the part of it that is asked for, which has no results yet.
fn run_one(prepared: Prepared, arguments: &RunArguments, options: &Options<'_>) -> Result<Option<Delivered>, CliError> {
    let Prepared { scenario, plan, place } = prepared;
    let paths = arguments.simulation.paths;
    let quiet = arguments.output.quiet;
    let mut place = match (place, arguments.shard) {
        (Some(place), _) => place,
        (None, None) => return Ok(None),
        (None, Some(shard)) => {
            let part = progress::shown(scenario.name(), quiet, |progress| {
                let options = Options { progress: Some(progress), ..*options };
                Part::simulate(&scenario, &plan, paths, shard, &options)
            })?;
            let paths = plan.paths_of(paths);
            shard::hand_over(part, &output::file_name(scenario.name()), shard, paths, &arguments.output)?;
            return Ok(None);
        }
    };
    let (summary, precision) = progress::shown(scenario.name(), quiet, |progress| {
        let options = Options { progress: Some(progress), ..*options };
        if arguments.precision.is_empty() {
            engine::run(&plan, paths, &options).map(|summary| (summary, Vec::new()))
        } else {
            engine::run_until(&plan, &arguments.precision, arguments.max_paths, &options)
        }
    })?;
    let profiles = Profile::all(&plan, summary.paths, options.level);
    let mut results = Results::of_run(&scenario, &plan, &summary, &precision, &profiles);
    if arguments.keep_paths {
        place.keep_paths(&mut results, &plan, summary.paths, options)?;
    }
    let delivered = results::deliver(results, place, &arguments.output, options)?;
    arguments.output.warn_of(&scenario);
    delivered.say(&arguments.output)?;
    Ok(Some(delivered))
}
