//! The results of a forecast that is held against what came.

use serde::{Deserialize, Serialize};

use super::{ACTUALS_FILE, Record, Results, ScenarioRecord, Simulation};
use crate::analysis::{Score, Scoring};
use crate::table;

/// What only a score has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRecord {
    /// Whose forecast it is: `run` or `condition`.
    pub forecast: String,
    /// Numbers that are scored.
    pub numbers: usize,
    /// The relative error of numbers that have none of their own.
    pub error: f64,
    /// The shares of the numbers that lie in the forecast's intervals of 50% and 90%.
    pub coverage: [f64; 2],
    /// The share of the forecast's own futures that are at least as far from its middle as what came; none where there are too few.
    pub as_far: Option<f64>,
}

impl Results {
    /// The results of a scored forecast of some kind.
    #[must_use]
    pub fn of_score(scoring: &Scoring, score: &Score, forecast: &str) -> Self {
        let record = ScoreRecord {
            forecast: forecast.to_owned(),
            numbers: score.scored.len(),
            error: scoring.error(),
            coverage: score.coverage(scoring.observations()),
            as_far: score.as_far,
        };
        let mut sources = scoring.scenario().copies();
        sources.push((ACTUALS_FILE.to_owned(), scoring.actuals().file().text.clone()));
        let scenarios = vec![ScenarioRecord::new(scoring.scenario(), scoring.plan())];
        Self {
            record: Record::new(record, Simulation::new(scoring.plan(), scoring.paths()), scenarios),
            tables: vec![table::score_table(scoring, score)],
            sources,
        }
    }
}
