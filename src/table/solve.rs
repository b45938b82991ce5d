//! The tables of a solution.

use super::spec::common::{INPUT, SHARE_HIGH, SHARE_LOW, SHARE_SE};
use super::spec::{Column, Names, TEXT, TableSpec, column};
use super::{Cell, Table, estimate};
use crate::analysis::{EachPath, Solution};

/// Every table of a solution, in the order in which they are written.
#[must_use]
pub fn solve_tables(solution: Option<&Solution>, each_path: Option<&EachPath>) -> Vec<Table> {
    let mut tables = Vec::new();
    if let Some(solution) = solution {
        tables.push(curve(solution));
        tables.push(crossings(solution));
    }
    if let Some(each_path) = each_path {
        tables.push(shares(each_path));
        tables.push(break_even(each_path));
    }
    tables
}

/// The unit of a table's errors where its values are those of the input.
const OF_INPUT: &str = "unit of the input";
const INPUT_LOW: Column = column("ci95_low", OF_INPUT, "lower end of its 95% interval");
const INPUT_HIGH: Column = column("ci95_high", OF_INPUT, "upper end of its 95% interval");

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[CURVE, CROSSINGS, SHARES, BREAK_EVEN];

pub(super) const CURVE: TableSpec = TableSpec {
    name: "curve",
    row: "a value of the input, with the outcome's mean or the event's share",
    columns: &[
        INPUT,
        column("OUTCOME_mean", "unit of the outcome", "mean of the outcome at that value"),
        column("OUTCOME_mean_se", "unit of the outcome", "its standard error"),
        column("OUTCOME_mean_ci95_low", "unit of the outcome", "lower end of its 95% interval"),
        column("OUTCOME_mean_ci95_high", "unit of the outcome", "upper end of its 95% interval"),
        column("EVENT", "share", "share of paths on which the event happens"),
        column("EVENT_se", "share", "its standard error"),
        column("EVENT_ci95_low", "share", "lower end of its 95% interval"),
        column("EVENT_ci95_high", "share", "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn curve(solution: &Solution) -> Table {
    let (of, inputs) = (vec![solution.until.name], vec![solution.bracket.input()]);
    let (events, outcomes) = if solution.until.is_probability { (of, Vec::new()) } else { (Vec::new(), of) };
    let names = Names { inputs, outcomes, events };
    let mut table = CURVE.table_of(&names);
    for (x, y) in &solution.curve {
        let mut row = vec![Cell::from(*x)];
        row.extend(estimate(y));
        table.push(row);
    }
    table
}

pub(super) const CROSSINGS: TableSpec = TableSpec {
    name: "crossings",
    row: "a value of the input at which the level is reached or left",
    columns: &[
        INPUT,
        INPUT_LOW,
        INPUT_HIGH,
        column("reached_above", "0 or 1", "1 where the level is reached above the value, 0 below"),
    ],
    of_comparisons: false,
};

fn crossings(solution: &Solution) -> Table {
    let names = Names { inputs: vec![solution.bracket.input()], ..Names::default() };
    let mut table = CROSSINGS.table_of(&names);
    for crossing in &solution.crossings {
        let [low, high] = crossing.interval.map(Cell::from);
        table.push([crossing.value.into(), low, high, usize::from(crossing.rising).into()]);
    }
    table
}

pub(super) const SHARES: TableSpec = TableSpec {
    name: "shares",
    row: "where between the ends a path breaks even",
    columns: &[
        column("breaks_even", TEXT, "where between the ends a path breaks even"),
        column("share", "share", "share of all paths"),
        SHARE_SE,
        SHARE_LOW,
        SHARE_HIGH,
    ],
    of_comparisons: false,
};

fn shares(each_path: &EachPath) -> Table {
    let mut table = SHARES.table();
    let EachPath { none, at_low, at_high, several_crossings, .. } = each_path;
    for share in [none, at_low, at_high, several_crossings] {
        let mut row = vec![share.name.into()];
        row.extend(super::proportion(share));
        table.push(row);
    }
    table
}

pub(super) const BREAK_EVEN: TableSpec = TableSpec {
    name: "break-even",
    row: "a quantile of the values at which each path breaks even",
    columns: &[
        column("side", TEXT, "the lowest or the highest value at which a path breaks even"),
        column("probability", "share", "share of paths with no more than the row's value"),
        INPUT,
        column("standard_error", OF_INPUT, "standard error of the row's value"),
        INPUT_LOW,
        INPUT_HIGH,
    ],
    of_comparisons: false,
};

fn break_even(each_path: &EachPath) -> Table {
    let names = Names { inputs: vec![each_path.bracket.input()], ..Names::default() };
    let mut table = BREAK_EVEN.table_of(&names);
    for (side, quantiles) in [("lowest", &each_path.lowest), ("highest", &each_path.highest)] {
        for (p, value) in quantiles {
            let mut row = vec![side.into(), Cell::from(*p)];
            row.extend(estimate(value));
            table.push(row);
        }
    }
    table
}
