//! The results of a sweep.

use serde::{Deserialize, Serialize};

use super::{Record, Results, ScenarioRecord, Simulation};
use crate::analysis::{Axis, Sweep, SweepResult};
use crate::distribution::Dist;
use crate::scenario::keys::{Key, Trait};
use crate::scenario::{NewPrice, Scenario, called};
use crate::table;

/// What only a sweep has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRecord {
    /// What was varied.
    pub vary: Vec<VaryRecord>,
    /// How many points that makes.
    pub points: usize,
    /// A price far beyond the range at which mean NPV is still higher than anywhere in it: the demand curve's tail, of which nothing
    /// is measured.
    #[serde(default)]
    pub still_higher_at: Option<f64>,
}

/// Of records that do not say so.
fn yes() -> bool {
    true
}

/// What only sweeps side by side have: nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideBySideRecord {}

/// One input of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VaryRecord {
    /// The input; the first, where several move together.
    pub input: String,
    /// The others that move with it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it is called, with whom it moves and what follows it.
    #[serde(default)]
    pub called: String,
    /// Whether whoever runs the business sets it: of other inputs there is no best choice.
    #[serde(default = "yes")]
    pub chosen: bool,
    /// Its unit.
    pub unit: String,
    /// Its values in order.
    pub values: Vec<f64>,
    /// Where the scenario itself sees the input: the ends of its distribution, or its 5th and 95th percentile where it has none;
    /// twice the same for a plain number.
    pub scenario_range: Option<[f64; 2]>,
}

impl VaryRecord {
    fn new(scenario: &Scenario, axis: &Axis) -> Self {
        let values = axis.values.iter().map(|value| value.number).collect();
        Self::of_inputs(scenario, &axis.inputs, axis.key, values)
    }

    pub(super) fn of_inputs(scenario: &Scenario, inputs: &[String], key: Key, values: Vec<f64>) -> Self {
        let (input, also) = inputs.split_first().map_or(("", &[][..]), |(first, others)| (first.as_str(), others));
        let range =
            |dist: &Dist| dist.ends().map_or_else(|| [0.05, 0.95].map(|p| dist.quantile(p)), |(low, high)| [low, high]);
        Self {
            input: input.to_owned(),
            also: also.to_vec(),
            called: scenario.called(inputs),
            chosen: key.is(Trait::Chosen),
            unit: key.spec().unit.to_owned(),
            values,
            scenario_range: match scenario.price_change(input) {
                Some(NewPrice::Monthly(price)) => Some([price; 2]),
                Some(NewPrice::Times(_)) => None,
                None => scenario.input(input).map(|value| range(&value.dist)),
            },
        }
    }

    /// What the input is called in a sentence: `monthly price`, `refusal rate for premium only (30% of users)`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.called.is_empty() { called(&self.input) } else { self.called.clone() }
    }

    /// Whether the input can be still lower than its lowest value, or higher than its highest.
    #[must_use]
    pub fn goes_beyond(&self, end: f64) -> bool {
        let name = self.input.rsplitn(3, '.').take(2).collect::<Vec<_>>();
        let key = name.iter().rev().copied().collect::<Vec<_>>().join(".");
        let Some(key) = Key::by_name(&key) else { return true };
        let (least, most) = key.spec().range.innermost();
        let (low, high) = self.ends();
        (end == low && low > least) || (end == high && high < most)
    }

    /// The lowest and the highest value.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        let all = self.values.iter();
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
    }
}

impl Results {
    /// The results of a sweep; `still_higher_at` is a price beyond the range at which mean NPV is higher still.
    #[must_use]
    pub fn of_sweep(sweep: &Sweep, result: &SweepResult, still_higher_at: Option<f64>) -> Self {
        let plan = sweep.first_plan();
        let vary = sweep.axes().iter().map(|axis| VaryRecord::new(sweep.scenario(), axis)).collect();
        let kind = SweepRecord { vary, points: sweep.points(), still_higher_at };
        let simulation = Simulation::new(plan, sweep.paths());
        Self {
            record: Record::new(kind, simulation, vec![ScenarioRecord::new(sweep.scenario(), plan)]),
            tables: table::sweep_tables(result, plan.implied_investment().is_some()),
            sources: sweep.scenario().copies(),
        }
    }

    /// Several sweeps of the same inputs as one: for the charts that show them side by side.
    #[must_use]
    pub fn side_by_side(sweeps: &[&Self]) -> Option<Self> {
        let simulation = sweeps.first()?.record.simulation.clone();
        let scenarios = sweeps.iter().flat_map(|sweep| sweep.record.scenarios.clone()).collect();
        let record = Record::new(SideBySideRecord {}, simulation, scenarios);
        Some(Self { record, tables: Vec::new(), sources: Vec::new() })
    }
}
