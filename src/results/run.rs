//! The results of a run.

use serde::{Deserialize, Serialize};

use super::{Record, Results, ScenarioRecord, Simulation};
use crate::aggregate::{Precision, Summary};
use crate::analysis::Profile;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::table;

/// What only a run has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The goals of a run that was to stop when it is precise enough.
    pub precision: Vec<PrecisionRecord>,
}

/// How precise a run was to be, and was: half the width of a 95% interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecord {
    /// A probability or an outcome.
    pub of: String,
    /// As asked.
    pub asked: String,
    /// As it came out, written like what was asked.
    pub reached: String,
    /// Whether that is enough; otherwise the most paths allowed came first.
    pub met: bool,
}

impl PrecisionRecord {
    fn new(found: &Precision) -> Self {
        Self {
            of: found.goal.name.to_owned(),
            asked: found.goal.written.clone(),
            reached: found.written(),
            met: found.is_met(),
        }
    }
}

impl Results {
    /// The results of a run, with how near its goals it came and the profiles of its subscribers.
    #[must_use]
    pub fn of_run(
        scenario: &Scenario,
        plan: &Plan,
        summary: &Summary,
        precision: &[Precision],
        profiles: &[Profile],
    ) -> Self {
        let kind = RunRecord { precision: precision.iter().map(PrecisionRecord::new).collect() };
        let simulation = Simulation::new(plan, summary.paths);
        Self {
            record: Record::new(kind, simulation, vec![ScenarioRecord::new(scenario, plan)]),
            tables: table::tables(scenario, plan, summary, profiles),
            sources: scenario.copies(),
        }
    }
}
