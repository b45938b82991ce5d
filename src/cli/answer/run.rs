//! What a run says in the terminal: the answer in words, then a small table.

use super::{grid_of, wrapped};
use crate::export::{PrecisionRecord, RunRecord};
use crate::scenario::Scenario;
use crate::scenario::keys::Key;
use crate::table::{self, Table};
use crate::words;

/// The whole text for one run.
pub(in crate::cli) fn run(scenario: &Scenario, record: &RunRecord, tables: &[Table], place: &str) -> String {
    let find = |name: &str| tables.iter().find(|table| table.name == name);
    let (Some(probabilities), Some(summary)) = (find("probabilities"), find("summary")) else {
        return String::new();
    };
    let bold = anstyle::Style::new().bold();
    let mut out = format!("{bold}{}{bold:#}\n", record.title);
    for line in sentences(scenario, record, probabilities) {
        out += &wrapped(&line, 2);
    }
    out += &format!("\n{}\n\n", grid(record, summary));
    out += &wrapped(&inputs(record), 2);
    if let Some(line) = precision(record) {
        out += &wrapped(&line, 2);
    }
    out += &wrapped(
        &format!(
            "Seed {}, {}. ± is the simulation’s own error (95%). Results and charts: {place}",
            record.seed,
            words::sampling(&record.sampler)
        ),
        2,
    );
    out
}

fn sentences(scenario: &Scenario, record: &RunRecord, probabilities: &Table) -> Vec<String> {
    let often = |event: &str| {
        let (p, half) = table::probability(probabilities, event).unwrap_or((f64::NAN, None));
        words::frequency(p, half, record.paths)
    };
    let target = words::people(record.target_subscribers);
    let horizon = words::within(record.horizon_months);
    let mut out = vec![format!("{target} paying subscribers are reached {horizon} {}.", often("target_reached"))];
    let investment = if let Some(sum) = record.implied_investment {
        let reading = if record.investment_implied_by.as_deref() == Some("target") {
            format!("what {target}, flat from day one, would repay")
        } else {
            format!("what a median path that peaks at {target} would repay")
        };
        format!("The investment ({}, {reading})", words::dollars(sum))
    } else {
        let value = scenario.value(Key::Investment);
        let written = value.dist.constant_value().map_or_else(|| value.written.clone(), words::dollars);
        format!("The investment ({written})")
    };
    if record.implied_investment.is_none() && scenario.value(Key::Investment).dist.constant_value() == Some(0.0) {
        out.push(format!(
            "No investment is given (costs.investment is 0); running cash is positive in sum {}.",
            often("payback")
        ));
    } else {
        out.push(format!("{investment} is paid back {}.", often("payback")));
    }
    let share = |event: &str| table::probability(probabilities, event).map_or(0.0, |p| p.0);
    let reasons = [
        (share("fails_no_market"), format!("no market ({target} willing payers do not exist)")),
        (share("fails_too_slow"), "too slow (they exist, but too few are won in time)".to_owned()),
        (share("fails_too_leaky"), "too leaky (enough are won, but they do not stay)".to_owned()),
        (share("fails_too_dear"), "too dear (the target is reached, the money does not come back)".to_owned()),
    ];
    let mut reasons: Vec<_> = reasons.into_iter().filter(|(p, _)| *p > 0.0).collect();
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
    if !reasons.is_empty() {
        let list: Vec<String> = reasons.iter().map(|(p, why)| format!("{} {why}", words::percent(*p))).collect();
        out.push(format!("Where target or payback fails: {}.", list.join(", ")));
    }
    out
}

/// One row of the small table: an outcome, what to call it, and how to write its numbers.
type Row = (&'static str, &'static str, fn(f64) -> String);

fn grid(record: &RunRecord, summary: &Table) -> String {
    const ROWS: [Row; 9] = [
        ("peak_subscribers", "paying subscribers at the peak", words::people_short),
        ("final_share", "share of active users who pay at the end", words::percent),
        ("possible_subscribers", "willing payers at the end", words::people_short),
        ("required_peak_subscribers", "peak needed for an NPV of zero", words::people_short),
        ("npv", "NPV", words::dollars_short),
        ("affordable_investment", "sum that could have been repaid", words::dollars_short),
        ("peak_funding", "most money ever sunk", words::dollars_short),
        ("ltv", "value of a subscriber (LTV)", words::dollars_short),
        ("operating_break_even_month", "month of operating break-even", |month| format!("{month:.0}")),
    ];
    let single = record.paths == 1;
    let columns: &[(&str, &str)] =
        if single { &[("p50", "")] } else { &[("p05", "5%"), ("p50", "median"), ("p95", "95%")] };
    let mut rows = Vec::new();
    if !single {
        let mut header = vec![String::new()];
        header.extend(columns.iter().map(|c| c.1.to_owned()));
        rows.push(header);
    }
    for (outcome, name, format) in ROWS {
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
    let mut text = format!(
        "Of {} inputs, {} ({}) are assumptions of grade X",
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
