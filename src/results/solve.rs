//! The results of a solution.

use serde::{Deserialize, Serialize};

use super::{Record, Results, ScenarioRecord, Simulation, VaryRecord};
use crate::aggregate::CaseSummary;
use crate::analysis::{EachPath, Side, Solution, Solve};
use crate::table;

/// What only a solution has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and a field of the record")]
pub struct SolveRecord {
    /// The input that was solved for; its values are the ends of the bracket.
    pub solve_for: VaryRecord,
    /// What was to be reached: an outcome's mean or an event's probability.
    pub until: Option<String>,
    /// … and the level.
    pub level: Option<f64>,
    /// Whether that is a probability.
    pub is_probability: bool,
    /// The outcome's unit.
    pub unit: String,
    /// Whether each path's break-even was looked for.
    pub each_path: bool,
    /// Which side of it is of interest: the lowest value that breaks even, or the highest.
    pub side: Option<String>,
    /// Whether the bracket could be wider.
    pub can_be_wider: bool,
    /// Whether the input's correlations are dropped where it has a value.
    pub drops_correlations: bool,
}

impl SolveRecord {
    fn new(solve: &Solve, solution: Option<&Solution>, each_path: Option<&EachPath>) -> Self {
        let bracket = solve.bracket();
        let ends = [bracket.low, bracket.high];
        let unit =
            |name: &str| CaseSummary::outcomes().find(|outcome| outcome.0 == name).map_or("share", |outcome| outcome.1);
        Self {
            solve_for: VaryRecord::of_inputs(solve.scenario(), &bracket.inputs, bracket.key, ends.to_vec()),
            until: solution.map(|solution| solution.until.name.to_owned()),
            level: solution.map(|solution| solution.until.level),
            is_probability: solution.is_some_and(|solution| solution.until.is_probability),
            unit: solution.map_or("share", |solution| unit(solution.until.name)).to_owned(),
            each_path: each_path.is_some(),
            side: each_path.map(|each| match each.side() {
                Side::Lowest => "lowest".to_owned(),
                Side::Highest => "highest".to_owned(),
            }),
            can_be_wider: bracket.can_be_wider(),
            drops_correlations: solve.drops_correlations(),
        }
    }
}

impl Results {
    /// The results of a solution: the value at which a level is reached, or each path's break-even, or both.
    #[must_use]
    pub fn of_solve(solve: &Solve, solution: Option<&Solution>, each_path: Option<&EachPath>) -> Self {
        let kind = SolveRecord::new(solve, solution, each_path);
        let simulation = Simulation::new(solve.plan(), solve.paths());
        Self {
            record: Record::new(kind, simulation, vec![ScenarioRecord::new(solve.scenario(), solve.plan())]),
            tables: table::solve_tables(solution, each_path),
            sources: solve.scenario().copies(),
        }
    }
}
