//! The tables of what it would be worth to know more.

use super::spec::common::UNIT;
use super::spec::{OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table, estimate};
use crate::aggregate::Estimate;
use crate::analysis::{Known, Study, StudyOf, Voi, Worth};
use crate::scenario::Grade;

/// What stands for all that is uncertain.
const EVERYTHING: &str = "everything";

/// Every table, in the order in which they are written.
#[must_use]
pub fn voi_tables(voi: &Voi, worth: &Worth) -> Vec<Table> {
    let mut tables = vec![decisions(worth), value(voi, worth)];
    if !worth.studies.is_empty() {
        tables.push(studies(voi, worth));
    }
    tables.extend(worth.along.as_ref().map(|_| choice(worth)));
    tables
}

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[DECISIONS, VALUE, STUDIES, CHOICE];

pub(super) const DECISIONS: TableSpec = TableSpec {
    name: "decisions",
    row: "an option",
    columns: &[
        column("option", TEXT, "what is chosen: `price.monthly=5`, a scenario, `nothing` or `stop`"),
        column("first", "unit of the first input", "the value of the first input that is chosen; empty where none is"),
        column("second", "unit of the second input", "the value of the second one"),
        column("npv_mean", "$", "mean NPV"),
        column("npv_mean_se", "$", "its standard error"),
        column("npv_mean_ci95_low", "$", "lower end of its 95% interval"),
        column("npv_mean_ci95_high", "$", "upper end of its 95% interval"),
        column("behind", "$", "how far mean NPV is behind that of the best option, on the same paths"),
        column("behind_se", "$", "its standard error"),
        column("behind_ci95_low", "$", "lower end of its 95% interval"),
        column("behind_ci95_high", "$", "upper end of its 95% interval"),
        column("best_share", "share", "share of the paths on which it earns the most"),
    ],
    of_comparisons: false,
};

fn decisions(worth: &Worth) -> Table {
    let mut table = DECISIONS.table();
    for decision in &worth.decisions {
        let mut row = vec![Cell::from(decision.name.as_str())];
        row.extend([0, 1].map(|i| Cell::from(decision.values.get(i).copied())));
        row.extend(estimate(&decision.mean).into_iter().chain(estimate(&decision.behind)));
        row.push(decision.best_share.into());
        table.push(row);
    }
    table
}

pub(super) const VALUE: TableSpec = TableSpec {
    name: "value",
    row: "what is known beforehand: everything, an input or several, the most valuable first",
    columns: &[
        column("know", TEXT, "`everything` (EVPI), an input, `events.NAME`, or several joined by ` + `"),
        column("evppi", "$", "what it would be worth to know it before choosing: by how much mean NPV would be higher"),
        column("evppi_se", "$", "its standard error"),
        column("ci95_low", "$", "lower end of its 95% interval"),
        column("ci95_high", "$", "upper end of its 95% interval"),
        column("share_of_evpi", "share", "… as a share of what everything is worth; empty where that is 0"),
        column("inputs", "1", "how many inputs or events that is; empty for everything"),
        column(
            "grade",
            TEXT,
            "grade of the input's source, from A to C, or X of an assumption; empty without a source",
        ),
    ],
    of_comparisons: false,
};

fn value(voi: &Voi, worth: &Worth) -> Table {
    let mut table = VALUE.table();
    let everything = worth.everything;
    let mut rows: Vec<(String, &Known)> = worth.known.iter().map(|known| (known.inputs.join(" + "), known)).collect();
    rows.sort_by(|a, b| b.1.value.value.total_cmp(&a.1.value.value));
    let mut push = |know: &str, value: &Estimate, inputs: Option<usize>, grade: Option<&str>| {
        let mut row = vec![Cell::from(know)];
        row.extend(estimate(value));
        row.push(Some(value.value / everything.value).filter(|share| share.is_finite()).into());
        row.push(inputs.map_or(Cell::Missing, Cell::from));
        row.push(grade.into());
        table.push(row);
    };
    push(EVERYTHING, &everything, None, None);
    for (know, known) in rows {
        let grade = if let [only] = known.inputs.as_slice() { grade(voi, only) } else { None };
        push(&know, &known.value, Some(known.inputs.len()), grade);
    }
    table
}

/// The grade of an input in the first scenario that has it.
fn grade(voi: &Voi, input: &str) -> Option<&'static str> {
    let found = voi.scenarios().iter().find_map(|scenario| Some((scenario, scenario.input(input)?)));
    found.and_then(|(scenario, value)| scenario.grade_of(value)).map(Grade::letter)
}

pub(super) const STUDIES: TableSpec = TableSpec {
    name: "studies",
    row: "a study of some size",
    columns: &[
        column("study", TEXT, "the input and how it is studied: `market.refusal_rate survey`, `… sd=0.01`"),
        column("n", "1", "how many people are asked, or how many measurements made"),
        column("evsi", "$", "what the study would be worth: by how much mean NPV would be higher with its result"),
        column("evsi_se", "$", "its standard error"),
        column("ci95_low", "$", "lower end of its 95% interval"),
        column("ci95_high", "$", "upper end of its 95% interval"),
        column("cost", "$", "what it costs; empty where that is not said"),
        column("net", "$", "worth less cost"),
    ],
    of_comparisons: false,
};

/// A study without its size.
pub(crate) fn study_name(of: &StudyOf) -> String {
    match of.study {
        Study::Survey => format!("{} survey", of.input),
        Study::Measurement { sd } => format!("{} sd={sd}", of.input),
    }
}

fn studies(voi: &Voi, worth: &Worth) -> Table {
    let mut table = STUDIES.table();
    for studied in &worth.studies {
        for (n, value) in &studied.sizes {
            let cost = voi.cost().map(|cost| cost.of(*n));
            let mut row = vec![study_name(&studied.of).as_str().into(), Cell::from(*n as f64)];
            row.extend(estimate(value));
            row.extend([cost.into(), cost.map(|cost| value.value - cost).into()]);
            table.push(row);
        }
    }
    table
}

pub(super) const CHOICE: TableSpec = TableSpec {
    name: "choice",
    row: "a stretch of the input that is most worth knowing on which one option is best, at most a twentieth of its futures",
    columns: &[
        column("know", TEXT, "the input, or `events.NAME`"),
        UNIT,
        column("low", OF_ROW, "the lowest value of the paths in it"),
        column("high", OF_ROW, "the highest; of an event infinity where it never starts"),
        column("option", TEXT, "the option that is best there"),
        column("share", "share", "share of the paths in it"),
        column("gain", "$", "by how much mean NPV is higher there than with the option that is best on the whole"),
        column("gain_se", "$", "its standard error"),
        column("gain_ci95_low", "$", "lower end of its 95% interval"),
        column("gain_ci95_high", "$", "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn choice(worth: &Worth) -> Table {
    let mut table = CHOICE.table();
    let Some((known, stretches)) = &worth.along else { return table };
    for stretch in stretches {
        let mut row = vec![Cell::from(known.inputs.join(" + ").as_str()), known.unit.into()];
        row.extend([stretch.low, stretch.high].map(Cell::from));
        row.extend([worth.decisions[stretch.option].name.as_str().into(), Cell::from(stretch.share)]);
        row.extend(estimate(&stretch.gain));
        table.push(row);
    }
    table
}
