//! The verdict of a run: how often the target is reached and the money comes back, and why not.

use crate::results::{Results, ScenarioRecord};
use crate::scenario::keys::Key;
use crate::table::SHARE_COLUMNS;
use crate::words::{self, Frequency};

/// The answer: the target, the investment, both together, and why the money does not come back.
pub(super) fn sentences(results: &Results) -> Vec<String> {
    let (scenario, paths) = (results.record.scenario(), results.record.simulation.paths);
    let of = |question: &str| {
        let row = results.row("probabilities", "event", question);
        row.and_then(|row| row.frequency_in(SHARE_COLUMNS, paths)).unwrap_or_else(|| Frequency::of_share(0.0, paths))
    };
    let target = words::people(scenario.target_subscribers);
    let horizon = words::within(scenario.horizon_months);
    let (payback, reached) = (of("payback"), of("target_reached"));
    let mut out = vec![format!("{target} paying subscribers are reached {horizon} {}.", reached.said())];
    out.extend(money_back(results, scenario, &payback, &of("npv_nonnegative"), &horizon));
    if payback.count > 0 && paths > 1 {
        out.extend(together(&of));
    }
    out.extend(reasons(&of, &target, &payback));
    out
}

/// The 5% and the 95% quantile of an input.
fn ends(results: &Results, key: Key) -> Option<(f64, f64)> {
    let row = results.row("inputs", "key", key.name())?;
    row.number("p05").zip(row.number("p95"))
}

/// How often the investment is paid back, and how often with the cost of capital.
fn money_back(
    results: &Results,
    scenario: &ScenarioRecord,
    payback: &Frequency,
    worth: &Frequency,
    horizon: &str,
) -> Vec<String> {
    let zero = |key: Key| ends(results, key) == Some((0.0, 0.0));
    let mut out = Vec::new();
    if scenario.implied_investment.is_none() && zero(Key::Investment) {
        let said = payback.said();
        out.push(format!(
            "No investment is given (costs.investment is 0); cumulative cash is zero or more {horizon} {said}."
        ));
    } else {
        out.push(format!(
            "The investment ({}) is paid back {horizon} {}.",
            investment(results, scenario),
            payback.said()
        ));
    }
    if !zero(Key::AnnualDiscountRate) {
        out.push(format!("With the cost of capital (an NPV of zero or more) it is {}.", worth.said()));
    }
    out
}

fn investment(results: &Results, scenario: &ScenarioRecord) -> String {
    let target = words::people(scenario.target_subscribers);
    if let Some(sum) = scenario.implied_investment {
        let reading = if scenario.investment_implied_by.as_deref() == Some("target") {
            format!("what {target}, flat from day one, would repay")
        } else {
            format!("what a median path that peaks at {target} would repay")
        };
        return format!("{}, {reading}", words::dollars(sum));
    }
    match ends(results, Key::Investment) {
        Some((low, high)) if low < high => format!("{} to {} at 90%", words::dollars(low), words::dollars(high)),
        Some((sum, _)) => words::dollars(sum),
        None => "not in the tables".to_owned(),
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
