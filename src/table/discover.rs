//! The tables of rules under which an event happens.

use super::spec::{OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table};
use crate::analysis::{Discovered, Rule};

/// Every table, in the order in which they are written.
#[must_use]
pub fn discover_tables(discovered: &Discovered) -> Vec<Table> {
    vec![rules(discovered), trajectory(discovered), points(discovered)]
}

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[RULES, TRAJECTORY, POINTS];

pub(super) const RULES: TableSpec = TableSpec {
    name: "rules",
    row: "a condition of a rule",
    columns: &[
        column("rule", "1", "the rule, from 1, the strongest"),
        column("input", TEXT, "the input of the condition"),
        super::spec::common::UNIT,
        column("low", OF_ROW, "it is at least this; empty where it may be any"),
        column("high", OF_ROW, "it is at most this; empty where it may be any"),
        column(
            "by_chance",
            "share",
            "how often chance would make the condition look as good (quasi-p-value, one-sided binomial)",
        ),
        column(
            "coverage",
            "share",
            "of the rule: share of all of the event's paths that fulfil it and none before it, on the half of the paths on which it was not found",
        ),
        column("coverage_se", "share", "its standard error"),
        column("density", "share", "of the rule: share of the paths that fulfil it and none before it with the event"),
        column("density_se", "share", "its standard error"),
        column("density_ci95_low", "share", "lower end of its 95% interval"),
        column("density_ci95_high", "share", "upper end of its 95% interval"),
        column("mass", "share", "of the rule: share of all paths that fulfil it and none before it"),
        column("lift", "1", "of the rule: density over the event's share of the paths that fulfil none before it"),
    ],
    of_comparisons: false,
};

fn rules(discovered: &Discovered) -> Table {
    let mut table = RULES.table();
    let finite = |x: f64| Some(x).filter(|x| x.is_finite());
    for (i, Rule { conditions, coverage, density, mass, lift }) in discovered.rules.iter().enumerate() {
        for condition in conditions {
            let mut row: Vec<Cell> = vec![(i + 1).into(), condition.input.as_str().into(), condition.unit.into()];
            row.extend([finite(condition.low), finite(condition.high)].map(Cell::from));
            row.extend([condition.by_chance.into(), coverage.value.into(), coverage.se.into()]);
            row.extend(super::estimate(density));
            row.extend([*mass, *lift].map(Cell::from));
            table.push(row);
        }
    }
    table
}

pub(super) const TRAJECTORY: TableSpec = TableSpec {
    name: "trajectory",
    row: "a box on the way to the first rule, on the half of the paths on which it was found",
    columns: &[
        column("step", "1", "how often a twentieth was peeled off"),
        column("inputs", "1", "inputs with a condition"),
        column("coverage", "share", "share of the event's paths inside"),
        column("density", "share", "share of the paths inside with the event"),
        column("mass", "share", "share of all paths that are inside"),
    ],
    of_comparisons: false,
};

fn trajectory(discovered: &Discovered) -> Table {
    let mut table = TRAJECTORY.table();
    for (i, step) in discovered.way.iter().enumerate() {
        let numbers = [step.coverage, step.density, step.mass].map(Cell::from);
        table.push([Cell::from(i), step.inputs.into()].into_iter().chain(numbers).collect::<Vec<_>>());
    }
    table
}

pub(super) const POINTS: TableSpec = TableSpec {
    name: "points",
    row: "one of some paths, as many with the event as without",
    columns: &[
        column("first", "unit of the first input", "the first input of the first rule: see the record"),
        column("second", "unit of the second input", "the second input; empty where the rule has one"),
        column("happens", "0 or 1", "whether the event happens"),
    ],
    of_comparisons: false,
};

fn points(discovered: &Discovered) -> Table {
    let mut table = POINTS.table();
    for (place, happens) in &discovered.shown {
        table.push([place.first().copied().into(), place.get(1).copied().into(), usize::from(*happens).into()]);
    }
    table
}
