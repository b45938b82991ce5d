//! The results of what drives a number.

use serde::{Deserialize, Serialize};

use super::{Record, Results, ScenarioRecord, Simulation};
use crate::analysis::{Answer, Drivers};
use crate::table;

/// What only drivers have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriversRecord {
    /// The outcome or event that was asked about.
    pub of: String,
    /// Its unit: `share` of an event.
    pub unit: String,
    /// Whether it is an event.
    pub is_probability: bool,
    /// Its mean or probability.
    pub mean: f64,
    /// The standard error of that.
    pub mean_se: Option<f64>,
    /// Its standard deviation over the paths.
    pub sd: f64,
    /// The level that `needed.csv` is about.
    pub level: f64,
    /// Paths at each value that was tried for it.
    pub needed_paths: u64,
    /// Of an event: the paths on which it happens, and on which it does not, of those that were looked at more closely.
    pub happens: Option<[u64; 2]>,
    /// … and how many of these are described in `common.csv`.
    pub described: Option<[u64; 2]>,
    /// The inputs that are correlated with others.
    pub correlated: Vec<String>,
}

impl Results {
    /// The results of what drives one number.
    #[must_use]
    pub fn of_drivers(drivers: &Drivers, answer: &Answer) -> Self {
        let Answer { of, mean, sd, level, happens, described, needed_paths, .. } = answer;
        let kind = DriversRecord {
            of: of.name.to_owned(),
            unit: of.unit.to_owned(),
            is_probability: of.is_probability,
            mean: mean.value,
            mean_se: mean.se,
            sd: *sd,
            level: *level,
            needed_paths: *needed_paths,
            happens: *happens,
            described: *described,
            correlated: drivers.correlated(),
        };
        let simulation = Simulation::new(drivers.plan(), drivers.paths());
        let mut tables = table::drivers_tables(answer);
        // Which of them are assumptions, and whose.
        tables.push(table::inputs(drivers.scenario(), drivers.plan()));
        Self {
            record: Record::new(kind, simulation, vec![ScenarioRecord::new(drivers.scenario(), drivers.plan())]),
            tables,
            sources: drivers.scenario().copies(),
        }
    }
}
