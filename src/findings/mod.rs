//! What results say in words: sentences and small grids, derived once from a record and its tables, for the terminal, the report
//! and scripts alike.

mod beside;
mod compare;
mod condition;
mod discover;
mod drivers;
mod run;
mod score;
mod solve;
mod study;
mod sweep;
mod verdict;
mod voi;

use serde::Serialize;

use crate::aggregate::Estimate;
use crate::results::{Kind, Record, Results, for_kind};
use crate::words;

/// Some sentences that belong together, with the grid that follows them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Block {
    /// What they are about; empty where they go on from those before.
    pub heading: String,
    /// The finding, the most important first.
    pub sentences: Vec<String>,
    /// The numbers behind it.
    pub grid: Option<Grid>,
    /// What a reader of the grid should know.
    pub remarks: Vec<String>,
}

/// A small table of texts: numbers rounded as people say them, with their units.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Grid {
    /// What it shows.
    pub caption: String,
    /// The columns' names; none where the rows say all.
    pub header: Vec<String>,
    /// As many cells a row as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Block {
    fn said(sentences: Vec<String>) -> Self {
        Self { sentences, ..Self::default() }
    }
}

/// What results of a kind say: implemented for its record.
trait Says {
    /// Block after block, the most important first.
    fn blocks(&self, results: &Results) -> Vec<Block>;
}

/// What results say, block after block.
#[must_use]
pub fn of(results: &Results) -> Vec<Block> {
    for_kind!(&results.record.kind, record => record.blocks(results))
}

/// What drives the same number in several scenarios, side by side; none for one, or for results of another kind.
#[must_use]
pub fn drivers_side_by_side<'r>(all: &[&'r Results]) -> Option<Block> {
    let of_drivers = |results: &&'r Results| match &results.record.kind {
        Kind::Drivers(record) => Some((*results, record)),
        _ => None,
    };
    beside::drivers(&all.iter().map(of_drivers).collect::<Option<Vec<_>>>()?)
}

/// Which of several scenarios the same actual numbers favour; none for one, or for results of another kind.
#[must_use]
pub fn evidence_side_by_side(all: &[&Results]) -> Option<Block> {
    condition::side_by_side(all)
}

/// How the numbers were made: `131,072 paths, seed 1, Sobol points. ± is the simulation’s own error (95%).`
#[must_use]
pub fn made(record: &Record) -> String {
    let simulation = &record.simulation;
    format!(
        "{}, seed {}, {}. ± is the simulation’s own error (95%).",
        words::upper_first(&words::paths(simulation.paths)),
        simulation.seed,
        words::sampling(&simulation.sampler)
    )
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

/// Half the width of the 95% interval.
fn half_width(x: &Estimate) -> Option<f64> {
    x.interval.map(|(low, high)| 0.5 * (high - low))
}

/// A share with its error: `0.36% ± 0.02%`.
fn share_of(share: &words::Frequency) -> String {
    words::percent_with_error(share.share, share.interval)
}
