//! What a run says in words, in the terminal and at the head of a report.

use crate::export::RunRecord;
use crate::scenario::Scenario;
use crate::scenario::keys::Key;
use crate::table::{self, Table};
use crate::words::{self, Frequency};

/// One row of the small table: an outcome, what to call it, and how to write its numbers.
pub(crate) type Row = (&'static str, &'static str, fn(f64) -> String);

/// The outcomes that a reader wants first.
pub(crate) const KEY_OUTCOMES: [Row; 9] = [
    ("peak_subscribers", "paying subscribers at the peak", words::people_short),
    ("final_share", "share of active users who pay at the end", words::percent),
    ("possible_subscribers", "willing payers at the end", words::people_short),
    ("required_peak_subscribers", "peak needed for an NPV of zero", words::people_short),
    ("npv", "NPV (after the cost of capital)", words::dollars_short),
    ("affordable_investment", "investment that could be repaid", words::dollars_short),
    ("peak_funding", "peak funding need", words::dollars_short),
    ("ltv", "value of a subscriber before acquisition (LTV)", words::dollars_short),
    ("operating_break_even_month", "month of operating break-even", |month| format!("{month:.0}")),
];

/// The answer: the target, the investment, both together, and why the money does not come back.
pub(crate) fn sentences(scenario: &Scenario, record: &RunRecord, probabilities: &Table) -> Vec<String> {
    let of = |question: &str| {
        table::frequency(probabilities, question, record.paths)
            .unwrap_or_else(|| Frequency::of_share(0.0, record.paths))
    };
    let target = words::people(record.target_subscribers);
    let horizon = words::within(record.horizon_months);
    let (payback, reached) = (of("payback"), of("target_reached"));
    let mut out = vec![format!("{target} paying subscribers are reached {horizon} {}.", reached.said())];
    out.extend(money_back(scenario, record, &payback, &of("npv_nonnegative"), &horizon));
    if payback.count > 0 && record.paths > 1 {
        out.extend(together(&of));
    }
    out.extend(reasons(&of, &target, &payback));
    out
}

/// How often the investment is paid back, and how often with the cost of capital.
fn money_back(
    scenario: &Scenario,
    record: &RunRecord,
    payback: &Frequency,
    worth: &Frequency,
    horizon: &str,
) -> Vec<String> {
    let zero = |key: Key| scenario.value(key).dist.constant_value() == Some(0.0);
    let mut out = Vec::new();
    if record.implied_investment.is_none() && zero(Key::Investment) {
        let said = payback.said();
        out.push(format!(
            "No investment is given (costs.investment is 0); cumulative cash is zero or more {horizon} {said}."
        ));
    } else {
        out.push(format!(
            "The investment ({}) is paid back {horizon} {}.",
            investment(scenario, record),
            payback.said()
        ));
    }
    if !zero(Key::AnnualDiscountRate) {
        out.push(format!("With the cost of capital (an NPV of zero or more) it is {}.", worth.said()));
    }
    out
}

fn investment(scenario: &Scenario, record: &RunRecord) -> String {
    let target = words::people(record.target_subscribers);
    if let Some(sum) = record.implied_investment {
        let reading = if record.investment_implied_by.as_deref() == Some("target") {
            format!("what {target}, flat from day one, would repay")
        } else {
            format!("what a median path that peaks at {target} would repay")
        };
        return format!("{}, {reading}", words::dollars(sum));
    }
    let dist = &scenario.value(Key::Investment).dist;
    match dist.constant_value() {
        Some(sum) => words::dollars(sum),
        None => format!("{} to {} at 90%", words::dollars(dist.quantile(0.05)), words::dollars(dist.quantile(0.95))),
    }
}

/// The four cells of target and payback, where more than one is met.
fn together(of: &dyn Fn(&str) -> Frequency) -> Option<String> {
    let cells = [
        ("target_and_payback", "both the target and payback"),
        ("payback_but_no_target", "payback without the target"),
        ("target_but_no_payback", "the target without payback"),
        ("neither_target_nor_payback", "neither"),
    ];
    let met: Vec<String> = cells
        .iter()
        .map(|(question, said)| (of(question), said))
        .filter(|(frequency, _)| frequency.count > 0)
        .map(|(frequency, said)| format!("{said} {}", frequency.short()))
        .collect();
    (met.len() > 1).then(|| format!("Of all futures: {}.", met.join(", ")))
}

/// Why the money does not come back, as shares of the futures in which it does not.
fn reasons(of: &dyn Fn(&str) -> Frequency, target: &str, payback: &Frequency) -> Option<String> {
    let reasons = [
        ("fails_no_market", format!("no market (fewer than {target} would pay)")),
        ("fails_too_slow", "too slow (enough would pay, but too few subscribe in time)".to_owned()),
        ("fails_too_leaky", "too leaky (enough subscribe, but too few are paying at one time)".to_owned()),
        ("fails_too_dear", "too dear (the target is reached, but brings in too little)".to_owned()),
    ];
    let failed = 1.0 - payback.share;
    let mut met: Vec<_> =
        reasons.into_iter().map(|(question, why)| (of(question), why)).filter(|(share, _)| share.count > 0).collect();
    met.sort_by_key(|(share, _)| std::cmp::Reverse(share.count));
    let among = |frequency: &Frequency| {
        let paths = payback.paths - payback.count;
        Frequency { share: frequency.share / failed, paths, ..*frequency }.short()
    };
    let list: Vec<String> = met.iter().map(|(frequency, why)| format!("{} {why}", among(frequency))).collect();
    if of("market_at_least_target").count == 0 && payback.count > 0 && payback.paths > 1 {
        // What holds in every future explains none of them.
        return Some(format!("In every future, paid back or not, fewer than {target} would pay at the end."));
    }
    match (list.as_slice(), payback.paths) {
        ([], _) => None,
        (_, 1) => met.first().map(|(_, why)| format!("The money does not come back: {why}.")),
        (list, _) if payback.count == 0 => Some(format!("Why it is never paid back: {}.", list.join(", "))),
        (list, _) => Some(format!("Of the futures without payback: {}.", list.join(", "))),
    }
}

/// Which segment pays: a header, then a row for each named segment; nothing where there are none.
pub(crate) fn segments(record: &RunRecord, tables: &[Table]) -> Vec<Vec<String>> {
    let find = |name: &str| tables.iter().find(|table| table.name == name);
    let Some(summary) = find("summary").filter(|_| !record.segments.is_empty()) else { return Vec::new() };
    let header = [
        "segment",
        "of users",
        "peak, median",
        "adds to NPV, mean",
        "LTV, mean",
        "margin at the end",
        "counts toward target",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
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
    rows
}
