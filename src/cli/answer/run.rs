//! What a run says in the terminal: the answer in words, then a small table.

use super::{grid_of, wrapped};
use crate::export::{PrecisionRecord, RunRecord};
use crate::report::{self, KEY_OUTCOMES};
use crate::scenario::Scenario;
use crate::table::Table;
use crate::words;

/// The whole text for one run.
pub(in crate::cli) fn run(scenario: &Scenario, record: &RunRecord, tables: &[Table], place: &str) -> String {
    let find = |name: &str| tables.iter().find(|table| table.name == name);
    let (Some(probabilities), Some(summary)) = (find("probabilities"), find("summary")) else {
        return String::new();
    };
    let bold = anstyle::Style::new().bold();
    let mut out = format!("{bold}{}{bold:#}\n", record.title);
    for line in report::sentences(scenario, record, probabilities) {
        out += &wrapped(&line, 2);
    }
    out += &format!("\n{}\n\n", grid(record, summary));
    let segments = report::segments(record, tables);
    if !segments.is_empty() {
        let indented = segments.into_iter().map(|mut row| {
            row[0] = format!("  {}", row[0]);
            row
        });
        out += &format!("{}\n", grid_of(&indented.collect::<Vec<_>>()));
        out += &wrapped("What a segment adds to NPV is before fixed cost and investment.", 2);
        if let Some(whose) = record.counting_segments() {
            out += &wrapped(
                &format!(
                    "Subscribers, payers, their share and LTV above are those of {whose}: the others do not count toward the target."
                ),
                2,
            );
        }
        out.push('\n');
    }
    out += &wrapped(&inputs(record), 2);
    if let Some(line) = precision(record) {
        out += &wrapped(&line, 2);
    }
    out += &wrapped(
        &format!(
            "{}, seed {}, {}. ± is the simulation’s own error (95%). {}: {place}",
            words::upper_first(&words::paths(record.paths)),
            record.seed,
            words::sampling(&record.sampler),
            if record.files.iter().any(|file| file.starts_with("charts/")) { "Results and charts" } else { "Results" }
        ),
        2,
    );
    out
}

fn grid(record: &RunRecord, summary: &Table) -> String {
    let single = record.paths == 1;
    let columns: &[(&str, &str)] =
        if single { &[("p50", "")] } else { &[("p05", "5%"), ("p50", "median"), ("p95", "95%")] };
    let mut rows = Vec::new();
    if !single {
        let mut header = vec![String::new()];
        header.extend(columns.iter().map(|c| c.1.to_owned()));
        rows.push(header);
    }
    for (outcome, name, format) in KEY_OUTCOMES {
        let Some(row) = summary.rows_where("outcome", outcome).next() else { continue };
        let mut cells = vec![format!("  {name}")];
        for (column, _) in columns {
            cells.push(summary.number(row, column).map_or_else(|| "never".to_owned(), format));
        }
        rows.push(cells);
    }
    grid_of(&rows)
}

/// Why a run that was to stop when it is precise enough has stopped.
fn precision(record: &RunRecord) -> Option<String> {
    let told = |p: &PrecisionRecord| {
        let missed = if p.met { "" } else { ", not reached" };
        format!("{} ± {} (asked {}{missed})", p.of, p.reached, p.asked)
    };
    let list: Vec<String> = record.precision.iter().map(told).collect();
    let paths = words::count(record.paths);
    if list.is_empty() {
        None
    } else if record.precision.iter().all(|p| p.met) {
        Some(format!("Precise enough after {paths} paths: {}.", list.join(", ")))
    } else {
        Some(format!("Stopped at --max-paths, {paths}, before it was precise enough: {}.", list.join(", ")))
    }
}

fn inputs(record: &RunRecord) -> String {
    let share = |n: usize| words::percent(n as f64 / record.inputs.max(1) as f64);
    let inherited = match (record.inputs_inherited, record.extends.first()) {
        (some, Some(parent)) if some > 0 => format!("{some} are inherited from {parent}, "),
        _ => String::new(),
    };
    let mut text = format!(
        "Of {} inputs, {inherited}{} ({}) are assumptions of grade X",
        record.inputs,
        record.inputs_assumed,
        share(record.inputs_assumed)
    );
    if record.inputs_without_source > 0 {
        let verb = if record.inputs_without_source == 1 { "has" } else { "have" };
        text += &format!(" and {} {verb} no source", record.inputs_without_source);
    }
    text + "."
}
