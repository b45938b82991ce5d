//! What a run says in words, in the terminal and at the head of a report.

use crate::export::RunRecord;
use crate::scenario::Scenario;
use crate::scenario::keys::Key;
use crate::table::{self, Table};
use crate::words;

/// One row of the small table: an outcome, what to call it, and how to write its numbers.
pub(crate) type Row = (&'static str, &'static str, fn(f64) -> String);

/// The outcomes that a reader wants first.
pub(crate) const KEY_OUTCOMES: [Row; 9] = [
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

/// The answer: the target, the investment, and where they fail.
pub(crate) fn sentences(scenario: &Scenario, record: &RunRecord, probabilities: &Table) -> Vec<String> {
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
