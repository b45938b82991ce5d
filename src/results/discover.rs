//! The results of a search for rules.

use serde::{Deserialize, Serialize};

use super::{Record, Results, ScenarioRecord, Simulation};
use crate::analysis::{Discover, Discovered};
use crate::table;

/// What only rules have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiscoverRecord {
    /// The event.
    pub of: String,
    /// Whether the rules are about the event not happening.
    pub not: bool,
    /// Paths on which it happens, and on which it does not.
    pub happens: [u64; 2],
    /// Whether there were enough of both kinds to look for conditions.
    pub searched: bool,
    /// The inputs of `points.csv`.
    pub points_of: Vec<String>,
}

impl DiscoverRecord {
    /// Of how many paths it is known whether the event happens.
    pub(crate) fn paths(&self) -> u64 {
        self.happens[0] + self.happens[1]
    }

    /// On how many the rules' event, or its opposite, is there.
    pub(crate) fn with(&self) -> u64 {
        self.happens[usize::from(self.not)]
    }
}

impl Results {
    /// The results of a search for rules.
    #[must_use]
    pub fn of_discover(discover: &Discover, discovered: &Discovered) -> Self {
        let kind = DiscoverRecord {
            of: discovered.of.name.to_owned(),
            not: discovered.not,
            happens: discovered.happens,
            searched: discovered.searched,
            points_of: discovered.shown_inputs.clone(),
        };
        let simulation = Simulation::new(discover.plan(), discovered.happens.iter().sum());
        Self {
            record: Record::new(kind, simulation, vec![ScenarioRecord::new(discover.scenario(), discover.plan())]),
            tables: table::discover_tables(discovered),
            sources: discover.scenario().copies(),
        }
    }
}
