//! The tables of a comparison.

use super::spec::common::{OUTCOME, SCENARIO, UNIT};
use super::spec::{Column, OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table, estimate, run};
use crate::aggregate::{CaseSummary, Summary};
use crate::analysis::{Compare, Comparison, Contribution};
use crate::scenario::Scenario;

/// Every table of a comparison, in the order in which they are written.
#[must_use]
pub fn compare_tables(compare: &Compare, comparison: &Comparison) -> Vec<Table> {
    vec![
        differences(compare, comparison),
        contributions(compare, comparison),
        below_each_other("probabilities", compare, comparison, |_, summary| run::probabilities(summary)),
        below_each_other("monthly", compare, comparison, run::monthly),
    ]
}

const FIRST: Column = column("first", TEXT, "the scenario it is compared with");

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[DIFFERENCES, CONTRIBUTIONS];

pub(super) const DIFFERENCES: TableSpec = TableSpec {
    name: "differences",
    row: "an outcome or event of a scenario, against the first",
    columns: &[
        SCENARIO,
        FIRST,
        OUTCOME,
        UNIT,
        column("mean", OF_ROW, "mean of the scenario"),
        column("first_mean", OF_ROW, "mean of the first scenario"),
        column("difference", OF_ROW, "mean of the differences path by path"),
        column("difference_se", OF_ROW, "its standard error"),
        column("difference_ci95_low", OF_ROW, "lower end of its 95% interval"),
        column("difference_ci95_high", OF_ROW, "upper end of its 95% interval"),
        column("difference_p05", OF_ROW, "5% of the paths differ by no more"),
        column("difference_p50", OF_ROW, "the median difference"),
        column("difference_p95", OF_ROW, "95% of the paths differ by no more"),
        column("share_better", "share", "share of paths that are better in the scenario"),
        column("share_better_se", "share", "its standard error"),
        column("share_better_ci95_low", "share", "lower end of its 95% interval"),
        column("share_better_ci95_high", "share", "upper end of its 95% interval"),
        column("share_equal", "share", "share of paths that are as good in both"),
    ],
    of_comparisons: false,
};

fn differences(compare: &Compare, comparison: &Comparison) -> Table {
    let mut table = DIFFERENCES.table();
    let (first, others) = names(compare);
    for (other, against) in others.zip(&comparison.others) {
        for row in &against.rows {
            let mut cells: Vec<Cell> = vec![other.into(), first.into(), row.name.into(), row.unit.into()];
            cells.extend([row.mean, row.first].map(Cell::from));
            cells.extend(row.difference.as_ref().map_or([const { Cell::Missing }; 4], estimate));
            cells.extend(row.quantiles.map_or([const { Cell::Missing }; 3], |quantiles| quantiles.map(Cell::from)));
            cells.extend(row.better.as_ref().map_or([const { Cell::Missing }; 4], super::proportion));
            cells.push(row.equal.as_ref().map(|equal| equal.probability).into());
            table.push(cells);
        }
    }
    table
}

/// The name of the first scenario, and those of the others.
fn names(compare: &Compare) -> (&str, impl Iterator<Item = &str>) {
    let mut names = compare.scenarios().iter().map(crate::scenario::Scenario::name);
    (names.next().unwrap_or(""), names)
}

pub(super) const CONTRIBUTIONS: TableSpec = TableSpec {
    name: "contributions",
    row: "what one change adds to the difference from the first scenario",
    columns: &[
        SCENARIO,
        FIRST,
        OUTCOME,
        UNIT,
        column("change", TEXT, "the input or inputs that differ"),
        column("from", TEXT, "as in the first scenario"),
        column("to", TEXT, "as in the scenario"),
        column("contribution", OF_ROW, "its part of the difference of means (Shapley's value)"),
        column("contribution_se", OF_ROW, "its standard error"),
        column("contribution_ci95_low", OF_ROW, "lower end of its 95% interval"),
        column("contribution_ci95_high", OF_ROW, "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn contributions(compare: &Compare, comparison: &Comparison) -> Table {
    let mut table = CONTRIBUTIONS.table();
    let unit =
        |name: &str| CaseSummary::outcomes().find(|outcome| outcome.0 == name).map_or("share", |outcome| outcome.1);
    let (first, others) = names(compare);
    for (other, against) in others.zip(&comparison.others) {
        let outcomes = against.contributions.first().map_or(&[][..], |contribution| &contribution.parts);
        for (k, (outcome, _)) in outcomes.iter().enumerate() {
            for Contribution { change, from, to, parts } in &against.contributions {
                let mut cells: Vec<Cell> =
                    [other, first, outcome, unit(outcome), change, from, to].map(Cell::from).into();
                cells.extend(estimate(&parts[k].1));
                table.push(cells);
            }
        }
    }
    table
}

/// A table of every scenario, one below another.
fn below_each_other(
    name: &str,
    compare: &Compare,
    comparison: &Comparison,
    own: impl Fn(&Scenario, &Summary) -> Table,
) -> Table {
    let mut out: Option<Table> = None;
    for (scenario, summary) in compare.scenarios().iter().zip(&comparison.summaries) {
        let own = own(scenario, summary);
        let columns = std::iter::once(SCENARIO.name.to_owned()).chain(own.columns);
        let table = out.get_or_insert_with(|| Table::new(name, columns));
        for row in own.rows {
            table.push(std::iter::once(scenario.name().into()).chain(row).collect::<Vec<_>>());
        }
    }
    out.unwrap_or_else(|| Table::new(name, [""; 0]))
}
