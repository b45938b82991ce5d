//! What a command says in the terminal: the answer in words, then a small table.

mod compare;
mod run;
mod solve;
mod sweep;

use comfy_table::{CellAlignment, Table as Grid, presets};

pub(super) use compare::compare;
pub(super) use run::run;
pub(super) use solve::solve;
pub(super) use sweep::sweep;

use crate::aggregate::{Estimate, Proportion};
use crate::export::RunRecord;
use crate::words::{self, Frequency};

/// Rows of cells, all but the first column aligned to the right.
fn grid_of(rows: &[Vec<String>]) -> String {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING);
    for row in rows {
        grid.add_row(row);
    }
    for column in grid.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_padding((3, 0));
    }
    grid.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// An error of less than so much of a number is rounding.
const ROUNDING: f64 = 1e-9;

/// Dollars with the simulation's own error: `−$4.15 billion ± $24,000`.
fn dollars_with_error(x: &Estimate) -> String {
    match half_width(x) {
        Some(half) if half > ROUNDING * x.value.abs() => words::dollars_with_error(x.value, half),
        _ => words::dollars(x.value),
    }
}

/// A probability with its error.
fn share_of(p: &Proportion) -> String {
    words::percent_with_error(p.probability, p.se.map(|_| (p.low, p.high)))
}

/// How often something happens among so many paths.
fn frequency(p: &Proportion, paths: u64) -> Frequency {
    Frequency { share: p.probability, count: p.count, paths, interval: p.se.map(|_| (p.low, p.high)) }
}

/// Half the width of the 95% interval.
fn half_width(x: &Estimate) -> Option<f64> {
    x.interval.map(|(low, high)| 0.5 * (high - low))
}

/// The last line: how the numbers were made, and where they are.
fn made(record: &RunRecord, what: &str, place: &str) -> String {
    wrapped(
        &format!(
            "{}, seed {}, {}. ± is the simulation’s own error (95%). {what}: {place}",
            words::paths(record.paths),
            record.seed,
            words::sampling(&record.sampler)
        ),
        2,
    )
}

/// Breaks a sentence at 100 columns, indented.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    const WIDTH: usize = 100;
    let mut out = String::new();
    let mut line = " ".repeat(indent);
    for word in text.split(' ') {
        if line.trim().is_empty() {
            line += word;
        } else if line.chars().count() + 1 + word.chars().count() > WIDTH {
            out += &line;
            out.push('\n');
            line = format!("{}{word}", " ".repeat(indent));
        } else {
            line.push(' ');
            line += word;
        }
    }
    out + &line + "\n"
}
