//! The results of a scenario that is conditioned on actual numbers.

use serde::{Deserialize, Serialize};

use super::scenario::sha256;
use super::{Record, Results, ScenarioRecord, Simulation};
use crate::analysis::{Conditioned, Conditioning, Profile};
use crate::data::Actuals;
use crate::table;

/// The copy of the actual numbers in the folder of results.
pub const ACTUALS_FILE: &str = "scenario/actuals.csv";

impl ConditionRecord {
    /// Whether these are the actual numbers of the record, to the letter.
    #[must_use]
    pub fn is_of(&self, actuals: &Actuals) -> bool {
        self.actuals_sha256 == sha256(&actuals.file().text)
    }
}

/// What only a conditioned scenario has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConditionRecord {
    /// SHA-256 of the file of actual numbers.
    pub actuals_sha256: String,
    /// Numbers that were learned from.
    pub learned_from: usize,
    /// The last month of them.
    pub last_month: usize,
    /// The relative error of numbers that have none of their own.
    pub error: f64,
    /// Months whose numbers were held out.
    pub held_out_months: usize,
    /// Numbers that were.
    pub held_out: usize,
    /// The logarithm of the evidence for the scenario.
    pub log_evidence: f64,
    /// Its standard error.
    pub log_evidence_se: f64,
    /// How many independent paths the weighed ones are worth.
    pub effective_paths: f64,
    /// Whether that is as many as should be.
    pub is_precise: bool,
    /// Paths that were weighed.
    pub weighed_paths: u64,
    /// The most that would have been.
    pub max_paths: u64,
    /// Paths that were asked for.
    pub asked_paths: u64,
    /// Whether paths were tried from elsewhere than the prior.
    pub adapted: bool,
    /// The shares of the numbers held out that lie in the intervals of 50% and 90%.
    pub coverage: Option<[f64; 2]>,
    /// The share of the forecast's own futures that are at least as far from its middle as what was held out.
    pub as_far: Option<f64>,
}

impl Results {
    /// The results of a scenario after its actual numbers.
    #[must_use]
    pub fn of_condition(conditioning: &Conditioning, found: &Conditioned, profiles: &[Profile]) -> Self {
        let settings = conditioning.settings();
        let (used, held_out) = conditioning.actuals().split(settings.held_out);
        let record = ConditionRecord {
            actuals_sha256: sha256(&conditioning.actuals().file().text),
            learned_from: used.len(),
            last_month: conditioning.last_month(),
            error: settings.error,
            held_out_months: settings.held_out,
            held_out: held_out.len(),
            log_evidence: found.evidence.log,
            log_evidence_se: found.evidence.se,
            effective_paths: found.effective,
            is_precise: found.is_precise(),
            weighed_paths: found.weighed,
            max_paths: settings.max_paths,
            asked_paths: conditioning.paths(),
            adapted: found.adapted,
            coverage: found.score.as_ref().map(|score| score.coverage(held_out)),
            as_far: found.score.as_ref().and_then(|score| score.as_far),
        };
        let mut sources = conditioning.scenario().copies();
        sources.push((ACTUALS_FILE.to_owned(), conditioning.actuals().file().text.clone()));
        let simulation = Simulation::new(&found.plan, found.after.paths);
        let scenarios = vec![ScenarioRecord::new(conditioning.scenario(), conditioning.plan())];
        Self {
            record: Record::new(record, simulation, scenarios),
            tables: table::condition_tables(conditioning, found, profiles),
            sources,
        }
    }
}
