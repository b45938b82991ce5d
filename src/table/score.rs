//! The table of a forecast that is held against what came.

use super::condition::{CRPS, IN_50, IN_90, PIT, SD, SERIES, VALUE, fell, number};
use super::spec::common::{MONTH, SEGMENT, UNIT};
use super::spec::{OF_ROW, TableSpec, column};
use super::{Cell, Table};
use crate::analysis::{Score, Scoring};

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[SCORE];

pub(super) const SCORE: TableSpec = TableSpec {
    name: "score",
    row: "an actual number",
    columns: &[
        MONTH,
        SEGMENT,
        SERIES,
        UNIT,
        VALUE,
        SD,
        column("p05", OF_ROW, "5% quantile of the forecast, the error of the observation included"),
        column("p25", OF_ROW, "its 25% quantile"),
        column("p50", OF_ROW, "its median"),
        column("p75", OF_ROW, "its 75% quantile"),
        column("p95", OF_ROW, "its 95% quantile"),
        PIT,
        IN_50,
        IN_90,
        CRPS,
    ],
    of_comparisons: false,
};

/// A row for each number.
#[must_use]
pub fn score_table(scoring: &Scoring, score: &Score) -> Table {
    let mut table = SCORE.table();
    for (seen, scored) in scoring.observations().iter().zip(&score.scored) {
        let [[p25, p75], [p05, p95]] = scored.intervals;
        let mut row = number(seen, scoring.scenario());
        row.extend([p05, p25, scored.median, p75, p95].map(Cell::from));
        row.extend(fell(seen, Some(scored)));
        table.push(row);
    }
    table
}
