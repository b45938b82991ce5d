//! The tables of a solution.

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

fn curve(solution: &Solution) -> Table {
    let (input, name) = (solution.bracket.input(), solution.until.name);
    let value = if solution.until.is_probability { name.to_owned() } else { format!("{name}_mean") };
    let columns = ["_se", "_ci95_low", "_ci95_high"].map(|part| format!("{value}{part}"));
    let mut table = Table::new("curve", [input.to_owned(), value].into_iter().chain(columns));
    for (x, y) in &solution.curve {
        let mut row = vec![Cell::from(*x)];
        row.extend(estimate(y));
        table.push(row);
    }
    table
}

fn crossings(solution: &Solution) -> Table {
    let columns = [solution.bracket.input(), "ci95_low", "ci95_high", "reached_above"];
    let mut table = Table::new("crossings", columns);
    for crossing in &solution.crossings {
        let [low, high] = crossing.interval.map(Cell::from);
        table.push([crossing.value.into(), low, high, usize::from(crossing.rising).into()]);
    }
    table
}

fn shares(each_path: &EachPath) -> Table {
    let mut table = Table::new("shares", ["breaks_even", "share", "standard_error", "ci95_low", "ci95_high"]);
    let EachPath { none, at_low, at_high, several_crossings, .. } = each_path;
    for share in [none, at_low, at_high, several_crossings] {
        let mut row = vec![share.name.into()];
        row.extend(super::proportion(share));
        table.push(row);
    }
    table
}

fn break_even(each_path: &EachPath) -> Table {
    let input = each_path.bracket.input();
    let columns = ["side", "probability", input, "standard_error", "ci95_low", "ci95_high"];
    let mut table = Table::new("break-even", columns);
    for (side, quantiles) in [("lowest", &each_path.lowest), ("highest", &each_path.highest)] {
        for (p, value) in quantiles {
            let mut row = vec![side.into(), Cell::from(*p)];
            row.extend(estimate(value));
            table.push(row);
        }
    }
    table
}
