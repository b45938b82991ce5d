//! The tables of a sweep.

use super::spec::common::{INPUT, UNIT};
use super::spec::{Names, OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table, estimate, proportion};
use crate::aggregate::CaseSummary;
use crate::analysis::{Axis, Best, Measure, SweepResult};

/// Every table of a sweep, in the order in which they are written; `implied` leaves out what is true by construction where the
/// investment follows from the target.
#[must_use]
pub fn sweep_tables(result: &SweepResult, implied: bool) -> Vec<Table> {
    vec![points(result, implied), best(result)]
}

fn inputs(axes: &[Axis]) -> Vec<&str> {
    axes.iter().map(Axis::input).collect()
}

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[SWEEP, BEST];

pub(super) const SWEEP: TableSpec = TableSpec {
    name: "sweep",
    row: "a point",
    columns: &[
        INPUT,
        column("OUTCOME_mean", "unit of the outcome", "mean of the outcome at that point"),
        column("OUTCOME_mean_se", "unit of the outcome", "its standard error"),
        column("OUTCOME_p05", "unit of the outcome", "5% of the paths have no more"),
        column("OUTCOME_p50", "unit of the outcome", "the median"),
        column("OUTCOME_p95", "unit of the outcome", "95% of the paths have no more"),
        column("EVENT", "share", "share of paths on which the event happens"),
        column("EVENT_se", "share", "its standard error"),
        column("EVENT_ci95_low", "share", "lower end of its 95% interval"),
        column("EVENT_ci95_high", "share", "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn points(result: &SweepResult, implied: bool) -> Table {
    let events: Vec<&str> = CaseSummary::questions()
        .filter(|event| !(implied && *event == "break_even_subscribers_at_most_target"))
        .collect();
    let outcomes = CaseSummary::compared().map(|outcome| outcome.0).collect();
    let mut table = SWEEP.table_of(&Names { inputs: inputs(&result.axes), outcomes, events: events.clone() });
    for point in &result.points {
        let mut row: Vec<Cell> = point.values.iter().map(|value| Cell::from(*value)).collect();
        for (outcome, _) in CaseSummary::compared() {
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

pub(super) const BEST: TableSpec = TableSpec {
    name: "best",
    row: "a point, judged by one measure",
    columns: &[
        column("measure", TEXT, "what is to be as high as possible"),
        UNIT,
        INPUT,
        column("is_best", "0 or 1", "whether the row's point is the best"),
        column("share_best", "share", "share of paths on which this point is the best; ties share"),
        column("value", OF_ROW, "the measure there"),
        column("difference", OF_ROW, "value less that of the best point, on the same paths"),
        column("difference_se", OF_ROW, "its standard error"),
        column("difference_ci95_low", OF_ROW, "lower end of the 95% interval of how far it is behind the truly best"),
        column("difference_ci95_high", OF_ROW, "upper end of that interval; 0 where the point may be the best"),
        column(
            "regret",
            OF_ROW,
            "what foresight would add: mean of each path's best less value; a little too small at the best point, which was picked by the same paths",
        ),
        column("regret_se", OF_ROW, "its standard error"),
        column("regret_ci95_low", OF_ROW, "lower end of its 95% interval"),
        column("regret_ci95_high", OF_ROW, "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn best(result: &SweepResult) -> Table {
    let mut table = BEST.table_of(&Names { inputs: inputs(&result.axes), ..Names::default() });
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
