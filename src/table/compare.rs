//! The tables of a comparison.

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

fn differences(compare: &Compare, comparison: &Comparison) -> Table {
    let columns = [
        "scenario",
        "first",
        "outcome",
        "unit",
        "mean",
        "first_mean",
        "difference",
        "difference_se",
        "difference_ci95_low",
        "difference_ci95_high",
        "difference_p05",
        "difference_p50",
        "difference_p95",
        "share_better",
        "share_better_se",
        "share_better_ci95_low",
        "share_better_ci95_high",
        "share_equal",
    ];
    let mut table = Table::new("differences", columns);
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

fn contributions(compare: &Compare, comparison: &Comparison) -> Table {
    let columns = [
        "scenario",
        "first",
        "outcome",
        "unit",
        "change",
        "from",
        "to",
        "contribution",
        "contribution_se",
        "contribution_ci95_low",
        "contribution_ci95_high",
    ];
    let mut table = Table::new("contributions", columns);
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
        let columns = std::iter::once("scenario".to_owned()).chain(own.columns);
        let table = out.get_or_insert_with(|| Table::new(name, columns));
        for row in own.rows {
            table.push(std::iter::once(scenario.name().into()).chain(row).collect::<Vec<_>>());
        }
    }
    out.unwrap_or_else(|| Table::new(name, [""; 0]))
}
