//! The results of what it would be worth to know more.

use serde::{Deserialize, Serialize};

use super::{Record, Results, ScenarioRecord, Simulation, VaryRecord};
use crate::analysis::{Study, Voi, Worth};
use crate::table;

/// What only the value of information has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VoiRecord {
    /// The inputs whose values are chosen; none where scenarios are.
    pub choose: Vec<VaryRecord>,
    /// The alternative to all of them: `nothing` or `stop`.
    pub instead: Option<String>,
    /// The best option, as `decisions.csv` has it.
    pub best: String,
    /// The standard deviation of its NPV.
    pub sd: f64,
    /// Options.
    pub options: usize,
    /// What a study costs, in dollars: fixed, and for each person or measurement.
    pub study_cost: Option<[f64; 2]>,
    /// The studies that were asked about.
    pub studies: Vec<StudyRecord>,
}

/// A study that was asked about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyRecord {
    /// As `studies.csv` has it.
    pub study: String,
    /// Its input.
    pub input: String,
    /// The unit of that.
    pub unit: String,
    /// The standard deviation of a measurement's error; none of a survey.
    pub sd: Option<f64>,
    /// The size that was asked about.
    pub n: u64,
    /// The size that is worth most above its cost; none where no cost is said, or no size pays.
    pub best_n: Option<u64>,
    /// The largest size that pays.
    pub pays_up_to: Option<u64>,
}

impl Results {
    /// The results of what it would be worth to know more.
    #[must_use]
    pub fn of_voi(voi: &Voi, worth: &Worth) -> Self {
        let (scenarios, plan) = (voi.scenarios(), voi.plan());
        let vary = |axis: &crate::analysis::Axis| {
            let values = axis.values.iter().map(|value| value.number).collect();
            VaryRecord::of_inputs(&scenarios[0], &axis.inputs, axis.key, values)
        };
        let studies = worth.studies.iter().map(|studied| StudyRecord {
            study: table::study_name(&studied.of),
            input: studied.of.input.clone(),
            unit: studied.unit.to_owned(),
            sd: match studied.of.study {
                Study::Survey => None,
                Study::Measurement { sd } => Some(sd),
            },
            n: studied.of.n,
            best_n: studied.best,
            pays_up_to: studied.pays_up_to,
        });
        let kind = VoiRecord {
            choose: voi.axes().iter().map(vary).collect(),
            instead: voi.instead().map(|instead| instead.name().to_owned()),
            best: worth.decisions[worth.best].name.clone(),
            sd: worth.sd,
            options: worth.decisions.len(),
            study_cost: voi.cost().map(|cost| [cost.fixed, cost.per]),
            studies: studies.collect(),
        };
        let mut tables = table::voi_tables(voi, worth);
        // Which inputs are assumptions, and whose.
        tables.push(table::inputs(&scenarios[0], plan));
        let records = voi.planned().map(|(scenario, plan)| ScenarioRecord::new(scenario, plan)).collect();
        Self {
            record: Record::new(kind, Simulation::new(plan, voi.paths()), records),
            tables,
            sources: super::compare::copies(scenarios),
        }
    }
}
