//! `breakeven score`: an earlier forecast held against what came.

use std::path::PathBuf;

use clap::Args;

use super::results::{self, OutputArguments};
use super::{CliError, Runs, condition, given, progress, simulation};
use crate::analysis::Scoring;
use crate::data::Actuals;
use crate::engine::Options;
use crate::results::Results;

/// Arguments of `score`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven score output/baseline --actuals first-year.csv
  breakeven score output/baseline/condition-first-months --actuals first-year.csv

The folder is that of `run` or `condition`; its forecast is simulated again from the copies of its
scenario. Of a conditioned forecast only months after those that it has learned from are scored.
Says where each number fell, how often the 50% and 90% intervals held, and whether the forecast
was over-confident. The file is that of `condition`. Tables and charts go to
OUT/SCENARIO/score-FILE/.")]
pub(super) struct ScoreArguments {
    /// The folder of a run or of a conditioned scenario
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// What came
    #[arg(long, value_name = "FILE.csv")]
    actuals: PathBuf,
    /// Relative error of the actual numbers, as one standard deviation
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = condition::parse_error)]
    error: f64,
    /// Threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

impl Runs for ScoreArguments {
    /// Scores the forecast, writes what was found, and says it.
    fn run(&self) -> Result<(), CliError> {
        let threads = self.threads.map(usize::from);
        let options = Options {
            threads,
            level: simulation::level()?,
            cancel: Some(self.output.session.cancel()),
            progress: None,
        };
        let forecast = given::forecast_in(&self.folder, &options)?;
        let actuals = Actuals::load(&self.actuals, &forecast.scenario)?;
        let scoring =
            Scoring::new(&forecast.scenario, actuals, (self.error, forecast.learned_up_to), forecast.sampling)?;
        let place = self.output.place(scoring.scenario(), Some(&condition::folder("score", &self.actuals)))?;
        let score = progress::shown(scoring.scenario().name(), self.output.quiet, |progress| {
            scoring.run(&Options { progress: Some(progress), ..options })
        })?;
        let results = Results::of_score(&scoring, &score, forecast.kind);
        let delivered = results::deliver(results, place, &self.output, &options)?;
        delivered.say(&self.output)?;
        results::print_json(&[delivered], &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}
