//! What a run says.

use super::{Block, Grid, Says, verdict};
use crate::results::{PrecisionRecord, Record, Results, RunRecord, ScenarioRecord};
use crate::words;

/// One row of the small table: an outcome, what to call it, and how to write its numbers.
type Row = (&'static str, &'static str, fn(f64) -> String);

/// An outcome that some paths do not have.
const IRR: &str = "irr";

/// The outcomes that a reader wants first.
const KEY_OUTCOMES: [Row; 10] = [
    ("peak_subscribers", "paying subscribers at the peak", words::people_short),
    ("final_share", "share of active users who pay at the end", words::percent),
    ("possible_subscribers", "willing payers at the end", words::people_short),
    ("required_peak_subscribers", "peak needed for an NPV of zero", words::people_short),
    ("npv", "NPV (after the cost of capital)", words::dollars_short),
    (IRR, "internal rate of return (IRR) a year", words::percent),
    ("affordable_investment", "investment that could be repaid", words::dollars_short),
    ("peak_funding", "peak funding need", words::dollars_short),
    ("ltv", "value of a subscriber before acquisition (LTV)", words::dollars_short),
    ("operating_break_even_month", "month of operating break-even", |month| format!("{month:.0}")),
];

impl Says for RunRecord {
    fn blocks(&self, results: &Results) -> Vec<Block> {
        blocks(results, &self.precision)
    }
}

/// The verdict, the key numbers, the segments, and how far the inputs are to be trusted.
pub(super) fn blocks(results: &Results, precision: &[PrecisionRecord]) -> Vec<Block> {
    let record = &results.record;
    let mut out = vec![Block {
        heading: record.scenario().title.clone(),
        sentences: verdict::sentences(results),
        grid: Some(key_numbers(results)),
        remarks: without_rate(results).into_iter().collect(),
    }];
    out.extend(segments(results));
    let mut last = vec![inputs(record.scenario())];
    last.extend(precise(record, precision));
    out.push(Block::said(last));
    out
}

fn key_numbers(results: &Results) -> Grid {
    let single = results.record.simulation.paths == 1;
    let columns: &[(&str, &str)] =
        if single { &[("p50", "")] } else { &[("p05", "5%"), ("p50", "median"), ("p95", "95%")] };
    let names = columns.iter().map(|column| column.1.to_owned());
    let header = if single { Vec::new() } else { std::iter::once(String::new()).chain(names).collect() };
    let mut rows = Vec::new();
    for (outcome, name, format) in KEY_OUTCOMES {
        let Some(row) = results.row("summary", "outcome", outcome) else { continue };
        let missing = if outcome == IRR { "none" } else { "never" };
        let cell = |(column, _): &(&str, &str)| row.number(column).map_or_else(|| missing.to_owned(), format);
        rows.push(std::iter::once(name.to_owned()).chain(columns.iter().map(cell)).collect());
    }
    let caption = "Key numbers: 5% of the paths lie below the first, half below the median, 95% below the last";
    Grid { caption: caption.to_owned(), header, rows }
}

/// On how many paths there is no rate of return, and so no word of it.
fn without_rate(results: &Results) -> Option<String> {
    let row = results.row("summary", "outcome", IRR)?;
    let (share, single) = (row.number("reached_share")?, results.record.simulation.paths == 1);
    if share == 1.0 || single && share == 0.0 {
        return None;
    }
    let others = "lay out nothing first, still run at a loss in the last month, or have no rate, or several, between \
                  −99.99% and 1,000,000% a year";
    Some(if share == 0.0 {
        format!("No simulated future has an IRR: all {others}.")
    } else {
        let with = words::percent(share);
        format!("The IRR is that of the {with} of simulated futures that have one: the others {others}.")
    })
}

/// Which segment pays, where there are some.
fn segments(results: &Results) -> Option<Block> {
    let record = results.record.scenario();
    let summary = results.table("summary").filter(|_| !record.segments.is_empty())?;
    let header = [
        "segment",
        "of users",
        "peak, median",
        "adds to NPV, mean",
        "LTV, mean",
        "margin at the end",
        "counts toward target",
    ];
    let mut rows = Vec::new();
    for segment in &record.segments {
        let outcome = |name: &str, column: &str| summary.of_segment(&segment.name, ("outcome", name), column);
        let told = |x: Option<f64>, said: fn(f64) -> String| x.map_or_else(String::new, said);
        rows.push(vec![
            segment.name.clone(),
            words::percent(segment.share),
            told(outcome("peak_subscribers", "p50"), words::people_short),
            told(outcome("npv_contribution", "mean"), words::dollars_short),
            told(outcome("ltv", "mean"), words::dollars_about),
            told(outcome("contribution_margin", "mean"), words::dollars_about),
            if segment.counts_toward_target { "yes" } else { "no" }.to_owned(),
        ]);
    }
    let mut remarks = vec!["What a segment adds to NPV is before fixed cost and investment.".to_owned()];
    remarks.extend(record.counting_segments().map(|whose| {
        format!("Subscribers, payers, their share and LTV above are those of {whose}: the others do not count toward the target.")
    }));
    let caption = "Which segment pays".to_owned();
    let grid = Grid { caption, header: header.map(str::to_owned).to_vec(), rows };
    Some(Block { grid: Some(grid), remarks, ..Block::default() })
}

/// Why a run that was to stop when it is precise enough has stopped.
fn precise(record: &Record, precision: &[PrecisionRecord]) -> Option<String> {
    let told = |p: &PrecisionRecord| {
        let missed = if p.met { "" } else { ", not reached" };
        format!("{} ± {} (asked {}{missed})", p.of, p.reached, p.asked)
    };
    let list: Vec<String> = precision.iter().map(told).collect();
    let paths = words::count(record.simulation.paths);
    if list.is_empty() {
        None
    } else if precision.iter().all(|p| p.met) {
        Some(format!("Precise enough after {paths} paths: {}.", list.join(", ")))
    } else {
        Some(format!("Stopped at --max-paths, {paths}, before it was precise enough: {}.", list.join(", ")))
    }
}

fn inputs(scenario: &ScenarioRecord) -> String {
    let share = |n: usize| words::percent(n as f64 / scenario.inputs.max(1) as f64);
    let inherited = match (scenario.inputs_inherited, scenario.extends.first()) {
        (some, Some(parent)) if some > 0 => format!("{some} are inherited from {parent}, "),
        _ => String::new(),
    };
    let mut text = format!(
        "Of {} inputs, {inherited}{} ({}) are assumptions of grade X",
        scenario.inputs,
        scenario.inputs_assumed,
        share(scenario.inputs_assumed)
    );
    if scenario.inputs_without_source > 0 {
        let verb = if scenario.inputs_without_source == 1 { "has" } else { "have" };
        text += &format!(" and {} {verb} no source", scenario.inputs_without_source);
    }
    text + "."
}
