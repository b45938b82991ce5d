//! An earlier forecast held against what came.

use super::AnalysisError;
use super::likelihood::watch;
use super::score::Score;
use crate::data::{Actuals, Observation};
use crate::engine::{Options, Threads, check_paths, watched};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::Scenario;

/// Paths from which a forecast is said.
const FORECAST: u64 = 65_536;
/// Fewer paths are no forecast.
const FEWEST: u64 = 100;

/// A scenario whose forecast is to be scored.
#[derive(Clone, Debug)]
pub struct Scoring {
    scenario: Scenario,
    plan: Plan,
    actuals: Actuals,
    error: f64,
    after: usize,
    sampling: Sampling,
}

impl Scoring {
    /// Of the numbers after month `after`; `error` is the relative one of those that have none of their own.
    ///
    /// # Errors
    /// Where no number comes after that month, the scenario makes no plan, or there are fewer than 100 paths.
    pub fn new(
        scenario: &Scenario,
        actuals: Actuals,
        (error, after): (f64, usize),
        sampling: Sampling,
    ) -> Result<Self, AnalysisError> {
        check_paths(sampling.paths)?;
        let sampling = Sampling { paths: scenario.paths_of(sampling.paths), ..sampling };
        if sampling.paths < FEWEST {
            let message = format!("the forecast has {} paths: a score takes at least {FEWEST}", sampling.paths);
            return Err(AnalysisError::Asked(message));
        }
        let plan = Plan::new(scenario, sampling.sampler, sampling.seed)?;
        let scoring = Self { scenario: scenario.clone(), plan, actuals, error, after, sampling };
        if scoring.observations().is_empty() {
            let message =
                format!("no number comes after month {after}, up to which the forecast has learned from some");
            return Err(AnalysisError::Asked(message));
        }
        Ok(scoring)
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Its plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The actual numbers.
    #[must_use]
    pub fn actuals(&self) -> &Actuals {
        &self.actuals
    }

    /// The relative error of numbers that have none of their own.
    #[must_use]
    pub fn error(&self) -> f64 {
        self.error
    }

    /// Paths of the forecast.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.sampling.paths.min(FORECAST)
    }

    /// The numbers that are scored.
    #[must_use]
    pub fn observations(&self) -> &[Observation] {
        let list = self.actuals.observations();
        &list[list.partition_point(|seen| seen.month <= self.after)..]
    }

    /// Simulates the forecast and scores it.
    ///
    /// # Errors
    /// Where it is interrupted, or threads cannot be started.
    pub fn run(&self, options: &Options<'_>) -> Result<Score, AnalysisError> {
        let seen = self.observations();
        let simulated = watched(&self.plan, &watch(seen), self.paths(), &Threads::new(options)?)?;
        Ok(Score::of(seen, &simulated, self.error, self.sampling.seed))
    }
}
