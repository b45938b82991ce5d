//! `breakeven condition`: what actual numbers change.

use std::path::{Path, PathBuf};

use clap::Args;

use super::results::{self, OutputArguments, Place};
use super::simulation::{self, SimulationArguments};
use super::{CliError, Runs, progress, terminal};
use crate::analysis::{Conditioning, Profile, Settings};
use crate::data::Actuals;
use crate::engine::Options;
use crate::findings;
use crate::results::Results;

/// Arguments of `condition`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven condition baseline --actuals first-months.csv
  breakeven condition baseline --actuals first-months.csv --holdout 3
  breakeven condition baseline sceptics music-like --actuals first-months.csv
  breakeven run baseline --given output/baseline/condition-first-months --set price.monthly=9.99

The file has a line for each number: month,series,value and, where they matter, sd and segment.
Months count from 1 or are written YYYY-MM; series are those of monthly.csv. Numbers are taken to
be within --error of the truth (one standard deviation), or within their own sd. Futures that fit
count for more; everything is then said of those. Of several scenarios the evidence says which
the numbers favour. Tables and charts go to OUT/SCENARIO/condition-FILE/.")]
pub(super) struct ConditionArguments {
    /// Scenarios: names (see `breakeven scenarios`), paths of .toml files, or - for standard input
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// The actual numbers
    #[arg(long, value_name = "FILE.csv")]
    actuals: PathBuf,
    /// Relative error of the actual numbers, as one standard deviation
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = parse_error)]
    error: f64,
    /// Keep the last K months of actual numbers back, and score their forecast
    #[arg(long, value_name = "K", default_value = "0")]
    holdout: usize,
    /// Weigh N paths at most
    #[arg(long, value_name = "N", default_value = "1048576", value_parser = simulation::parse_paths)]
    max_paths: u64,
    #[command(flatten)]
    simulation: SimulationArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// A relative error as people write it: 0.1 or 10%.
pub(super) fn parse_error(text: &str) -> Result<f64, String> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 0.01));
    let error = number.trim().parse().ok().map(|x: f64| x * scale).filter(|x| *x > 0.0 && *x <= 10.0);
    error.ok_or_else(|| "expected a share above 0, such as 0.1 or 10%".to_owned())
}

/// `condition-first-months`: what is done, with which numbers.
pub(super) fn folder(what: &str, actuals: &Path) -> String {
    format!("{what}-{}", actuals.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()))
}

impl Runs for ConditionArguments {
    /// Conditions each scenario, writes what was found, and says it.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let mut done = Vec::new();
        for (conditioning, place) in prepare(self)? {
            let scenario = conditioning.scenario();
            let found = progress::shown(scenario.name(), self.output.quiet, |progress| {
                conditioning.run(&Options { progress: Some(progress), ..options })
            })?;
            let profiles = Profile::all(&found.plan, found.after.paths, options.level);
            let results = Results::of_condition(&conditioning, &found, &profiles);
            let delivered = results::deliver(results, place, &self.output, &options)?;
            self.output.warn_of(scenario);
            if self.output.talks() && !done.is_empty() {
                super::print("\n")?;
            }
            delivered.say(&self.output)?;
            done.push(delivered);
        }
        let all: Vec<&Results> = done.iter().map(|delivered| &delivered.results).collect();
        if let Some(block) = findings::evidence_side_by_side(&all).filter(|_| self.output.talks()) {
            super::print(&format!("\n{}", terminal::block(&block)))?;
        }
        results::print_json(&done, &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}

/// Every scenario with its folder; nothing is simulated before all of them check.
fn prepare(arguments: &ConditionArguments) -> Result<Vec<(Conditioning, Place)>, CliError> {
    let mut prepared: Vec<(Conditioning, Place)> = Vec::new();
    let settings = Settings { error: arguments.error, held_out: arguments.holdout, max_paths: arguments.max_paths };
    for name in &arguments.scenarios {
        let scenario = arguments.simulation.load(name, arguments.output.session.cancel())?;
        if scenario.has_posterior() {
            let message = "results are given already: put all actual numbers into one file".to_owned();
            return Err(CliError::Usage(message));
        }
        if prepared.iter().any(|(other, _)| other.scenario().name() == scenario.name()) {
            let message = format!("two scenarios are called `{}`: both would write the same folder", scenario.name());
            return Err(CliError::Usage(message));
        }
        let actuals = Actuals::load(&arguments.actuals, &scenario)?;
        let conditioning = Conditioning::new(&scenario, actuals, settings, arguments.simulation.sampling())?;
        let place = arguments.output.place(&scenario, Some(&folder("condition", &arguments.actuals)))?;
        prepared.push((conditioning, place));
    }
    Ok(prepared)
}
