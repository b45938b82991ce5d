//! The tables of a sweep.

use super::{Cell, Table, estimate, proportion};
use crate::aggregate::CaseSummary;
use crate::analysis::{Axis, Best, Measure, SweepResult};

/// Every table of a sweep, in the order in which they are written; `implied` leaves out what is true by construction where the
/// investment follows from the target.
#[must_use]
pub fn sweep_tables(result: &SweepResult, implied: bool) -> Vec<Table> {
    vec![points(result, implied), best(result)]
}

fn inputs(axes: &[Axis]) -> impl Iterator<Item = String> {
    axes.iter().map(|axis| axis.input().to_owned())
}

fn points(result: &SweepResult, implied: bool) -> Table {
    let events: Vec<&str> = CaseSummary::questions()
        .filter(|event| !(implied && *event == "break_even_subscribers_at_most_target"))
        .collect();
    let mut columns: Vec<String> = inputs(&result.axes).collect();
    for (outcome, _) in CaseSummary::outcomes() {
        columns.extend(["mean", "mean_se", "p05", "p50", "p95"].map(|what| format!("{outcome}_{what}")));
    }
    for event in &events {
        columns.extend(["", "_se", "_ci95_low", "_ci95_high"].map(|what| format!("{event}{what}")));
    }
    let mut table = Table::new("sweep", columns);
    for point in &result.points {
        let mut row: Vec<Cell> = point.values.iter().map(|value| Cell::from(*value)).collect();
        for (outcome, _) in CaseSummary::outcomes() {
            let mean = point.summary.mean(outcome);
            row.push(mean.map(|mean| mean.value).into());
            row.push(mean.and_then(|mean| mean.se).into());
            row.extend(point.summary.quantiles(outcome).map(Cell::from));
        }
        for event in &events {
            let missing = || [const { Cell::Missing }; 4];
            row.extend(point.summary.probability(event).map_or_else(missing, |p| proportion(&p)));
        }
        table.push(row);
    }
    table
}

fn best(result: &SweepResult) -> Table {
    let mut columns = vec!["measure".to_owned(), "unit".to_owned()];
    columns.extend(inputs(&result.axes));
    columns.push("is_best".to_owned());
    columns.extend(["share_best", "value"].map(str::to_owned));
    for what in ["difference", "regret"] {
        columns.extend(["", "_se", "_ci95_low", "_ci95_high"].map(|part| format!("{what}{part}")));
    }
    let mut table = Table::new("best", columns);
    for measure in Measure::ALL {
        let Best { point: best, rows, .. } = result.best(measure);
        for (i, (row, point)) in rows.iter().zip(&result.points).enumerate() {
            let mut cells = vec![measure.name().into(), measure.unit().into()];
            cells.extend(point.values.iter().map(|value| Cell::from(*value)));
            cells.push(usize::from(i == *best).into());
            cells.extend([row.share_best, row.value.value].map(Cell::from));
            for x in [&row.difference, &row.regret] {
                cells.extend(estimate(x));
            }
            table.push(cells);
        }
    }
    table
}
