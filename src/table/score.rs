//! The table of a forecast that is held against what came.

use super::condition::{CRPS, IN_50, IN_90, PIT};
use super::spec::common::{SEGMENT, UNIT};
use super::spec::{OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table};
use crate::analysis::{Score, Scoring};

pub(super) const SCORE: TableSpec = TableSpec {
    name: "score",
    row: "an actual number",
    columns: &[
        column("month", "months", "month since launch"),
        SEGMENT,
        column("series", TEXT, "a monthly series, as in monthly.csv"),
        UNIT,
        column("value", OF_ROW, "what was observed"),
        column("sd", OF_ROW, "standard deviation of its error, where it has one in its own unit"),
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
    let segments = scoring.scenario().segments();
    for (seen, scored) in scoring.observations().iter().zip(&score.scored) {
        let [[p25, p75], [p05, p95]] = scored.intervals;
        let mut row = vec![
            Cell::from(seen.month),
            Cell::from(seen.segment.map_or("all", |at| segments[at].name.as_str())),
            Cell::from(seen.name),
            Cell::from(seen.unit),
            Cell::from(seen.value),
            Cell::from(seen.sd),
        ];
        row.extend([p05, p25, scored.median, p75, p95, scored.pit].map(Cell::from));
        row.extend(scored.holds(seen.value).map(|held| Cell::from(f64::from(u8::from(held)))));
        row.push(Cell::from(scored.crps));
        table.push(row);
    }
    table
}
