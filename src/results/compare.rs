//! The results of a comparison.

use serde::{Deserialize, Serialize};

use super::{Record, Results, ScenarioRecord, Simulation};
use crate::analysis::{Compare, Comparison};
use crate::filename::file_name;
use crate::scenario::Scenario;
use crate::table;

/// What only a comparison has: nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareRecord {}

impl Results {
    /// The results of a comparison; none without scenarios.
    #[must_use]
    pub fn of_comparison(compare: &Compare, comparison: &Comparison) -> Option<Self> {
        let both = || compare.scenarios().iter().zip(compare.plans());
        let simulation = Simulation::new(both().next()?.1, compare.paths());
        let scenarios = both().map(|(scenario, plan)| ScenarioRecord::new(scenario, plan)).collect();
        Some(Self {
            record: Record::new(CompareRecord {}, simulation, scenarios),
            tables: table::compare_tables(compare, comparison),
            sources: copies(compare.scenarios()),
        })
    }
}

/// Copies of the files of several scenarios, in a folder each; of one alone without.
pub(super) fn copies(scenarios: &[Scenario]) -> Vec<(String, String)> {
    if let [only] = scenarios {
        return only.copies();
    }
    let in_folder = |scenario: &Scenario| {
        let folder = file_name(scenario.name());
        scenario.copies().into_iter().map(move |(name, text)| (format!("{folder}/{name}"), text))
    };
    scenarios.iter().flat_map(in_folder).collect()
}
