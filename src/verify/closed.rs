//! Cases with an answer that can be worked out by hand or is published.

use super::Check;
use crate::aggregate::Summary;
use crate::analysis::Profile;
use crate::engine::{self, Options};
use crate::plan::Plan;
use crate::sampler::Sampler;
use crate::scenario::{Scenario, Severity, SourceFile, parse};

const SEED: u64 = 1;

/// A scenario given as text.
pub(super) fn scenario_of(toml: &str) -> Result<Scenario, String> {
    let file = SourceFile { path: "<check>".to_owned(), text: toml.to_owned() };
    parse("check", file).map_err(|problems| {
        let errors = problems.list.iter().filter(|problem| problem.severity == Severity::Error);
        errors.map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; ")
    })
}

/// Runs a scenario given as text.
pub(super) fn summary_of(toml: &str, paths: u64) -> Result<Summary, String> {
    let plan = Plan::new(&scenario_of(toml)?, Sampler::default(), SEED).map_err(|problems| problems.to_string())?;
    engine::run(&plan, paths, &Options::default()).map_err(|error| error.to_string())
}

/// Everyone in a pool of `users` would pay (the median price is far above the price), and joins at `innovation` a year.
pub(super) fn simple(months: usize, users: &str, uptake: &str, churn: &str, rest: &str) -> String {
    format!(
        "[horizon]\nmonths = {months}\n[target]\nsubscribers = 1\n\
         [market]\nactive_users = {users}\nrefusal_rate = 0\n\
         [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\n{uptake}\n[retention]\n{churn}\n{rest}"
    )
}

/// The mean of a series in a month.
fn mean(summary: &Summary, series: &str, month: usize) -> f64 {
    let found = summary.monthly.iter().find(|m| m.month == month && m.series == series && m.segment.is_none());
    found.map_or(f64::NAN, |m| m.mean.value)
}

/// No churn, no imitation, pool of 1,000: after t months 1,000 · (1 − 0.9^t) subscribe at a monthly hazard of 0.1.
pub(super) fn geometric_uptake() -> Result<Vec<Check>, String> {
    let uptake = "annual_innovation = 1.2\nannual_imitation = 0";
    let summary = summary_of(&simple(24, "1000", uptake, "monthly_churn = 0", "[price]\nmonthly = 1"), 1)?;
    let check = |t: i32| {
        let expected = 1000.0 * (1.0 - 0.9_f64.powi(t));
        Check::number(
            format!("subscribers after {}, no churn", crate::words::counted(t as usize, "month")),
            expected,
            mean(&summary, "subscribers", t as usize),
            1e-9,
        )
    };
    Ok(vec![check(1), check(12), check(24)])
}

/// All join in month 1, then 5% leave a month for good: 1,000 · 0.95^(t − 1) are left.
pub(super) fn geometric_churn() -> Result<Vec<Check>, String> {
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let summary = summary_of(&simple(36, "1000", uptake, "monthly_churn = 0.05", "[price]\nmonthly = 1"), 1)?;
    let check = |t: i32| {
        let expected = 1000.0 * 0.95_f64.powi(t - 1);
        Check::number(
            format!("left in month {t} at 5% churn"),
            expected,
            mean(&summary, "subscribers", t as usize),
            1e-9,
        )
    };
    Ok(vec![check(2), check(13), check(36)])
}

/// The published fit of video-recorder sales: p 0.006594, q 0.638091, m 67,981; the continuous model peaks after 7.092
/// periods at 11,069.8 a period. With a period of 1 and of 6 years the monthly model comes the nearer, the finer it is.
pub(super) fn bass() -> Result<Vec<Check>, String> {
    let mut out = Vec::new();
    for (years, allowed) in [(1.0_f64, 0.04), (6.0, 0.007)] {
        let uptake = format!("annual_innovation = {}\nannual_imitation = {}", 0.006_594 / years, 0.638_091 / years);
        let months = (11.0 * 12.0 * years).min(600.0) as usize;
        let summary = summary_of(&simple(months, "67981", &uptake, "monthly_churn = 0", "[price]\nmonthly = 1"), 1)?;
        let period = 12.0 * years;
        let additions = (1..=months).map(|t| (t, mean(&summary, "additions", t)));
        let (at, most) = additions.fold((0, 0.0), |best, now| if now.1 > best.1 { now } else { best });
        // A month's additions belong to its middle.
        let peak = (at as f64 - 0.5) / period;
        out.push(Check::number(format!("Bass peak, periods, {period} steps each"), 7.092, peak, 7.092 * allowed));
        out.push(Check::number(
            format!("Bass peak, sales, {period} steps each"),
            11_069.8,
            most * period,
            11_069.8 * allowed,
        ));
    }
    Ok(out)
}

/// Fader and Hardie's "High-End" fit, alpha 0.66809 and beta 3.80610: what is left of a cohort at ages 1 to 12.
pub(super) fn beta_geometric() -> Result<Vec<Check>, String> {
    const PUBLISHED: [f64; 12] =
        [0.8507, 0.7469, 0.6698, 0.6099, 0.5618, 0.5222, 0.4889, 0.4604, 0.4358, 0.4142, 0.3951, 0.3780];
    let (alpha, beta) = (0.668_09, 3.806_10);
    let churn = format!("monthly_churn = {}\nchurn_spread = {}", alpha / (alpha + beta), 1.0 / (1.0 + alpha + beta));
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let summary = summary_of(&simple(13, "1", uptake, &churn, "[price]\nmonthly = 1"), 1)?;
    let off = |(age, published): (usize, &f64)| (mean(&summary, "subscribers", age + 2) - published).abs();
    let worst = PUBLISHED.iter().enumerate().map(off).fold(0.0, super::worse);
    Ok(vec![Check::distance("beta-geometric survival at ages 1–12, largest error", worst, 5.1e-5)])
}

/// Volume N(100,000, 8,000), price 10, variable cost 4.80, fixed 450,000.
pub(super) fn one_period() -> Result<Vec<Check>, String> {
    const PATHS: u64 = 1_000_000;
    let rest = "[price]\nmonthly = 10\n[serving]\ncost_per_subscriber = 4.8\n[costs]\nmonthly_fixed = 450_000";
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let users = "{ normal = { mean = 100_000, sd = 8_000 } }";
    let summary = summary_of(&simple(1, users, uptake, "monthly_churn = 0", rest), PATHS)?;
    let (Some(npv), Some(needed)) = (summary.outcome("npv"), summary.outcome("break_even_subscribers")) else {
        return Err("outcomes are missing".to_owned());
    };
    let Some(profit) = summary.probability("npv_nonnegative") else {
        return Err("a probability is missing".to_owned());
    };
    // Four standard errors, by the known answer.
    let n = (PATHS as f64).sqrt();
    let (p, sd) = (0.953_783, 41_600.0);
    Ok(vec![
        Check::number("break-even volume", 86_538.461_538_461_54, needed.quantiles[3].unwrap_or(f64::NAN), 1e-6),
        Check::number("P(profit ≥ 0)", p, profit.probability, 4.0 * libm::sqrt(p * (1.0 - p)) / n),
        Check::number("mean profit", 70_000.0, npv.mean.map_or(f64::NAN, |m| m.value), 4.0 * sd / n),
        Check::number("sd of profit", sd, npv.sd.unwrap_or(f64::NAN), 4.0 * sd / (n * std::f64::consts::SQRT_2)),
    ])
}

/// 10% a year: −10,000 at once, then 3,000, 4,200 and 6,800 after one, two and three years. (A spreadsheet's NPV function
/// discounts the first payment too, and gives 1,188.4434.)
pub(super) fn npv() -> Result<Vec<Check>, String> {
    let rest = "[price]\nmonthly = 0\nchanges = [ { month = 12, monthly = 3000 }, { month = 13, monthly = 0 }, \
                { month = 24, monthly = 4200 }, { month = 25, monthly = 0 }, { month = 36, monthly = 6800 } ]\n\
                [costs]\ninvestment = 10_000\n[finance]\nannual_discount_rate = 0.1";
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let summary = summary_of(&simple(36, "1", uptake, "monthly_churn = 0", rest), 1)?;
    let found = summary.outcome("npv").and_then(|npv| Some(npv.mean?.value)).unwrap_or(f64::NAN);
    Ok(vec![Check::number("NPV at 10% of −10,000, 3,000, 4,200, 6,800", 1_307.287_754, found, 5.1e-7)])
}

/// −70,000 at once, then 12,000, 15,000, 18,000, 21,000 and 26,000 after one to five years; and −1000, 1500, 58 months of −50, 50, which
/// more rates than one make worth nothing.
pub(super) fn rates_of_return() -> Result<Vec<Check>, String> {
    let outcome = |months: usize, rest: &str, name: &str| {
        let uptake = "annual_innovation = 12\nannual_imitation = 0";
        let summary = summary_of(&simple(months, "1", uptake, "monthly_churn = 0", rest), 1)?;
        summary.outcome(name).cloned().ok_or_else(|| format!("{name} is missing"))
    };
    let paid = [12_000, 15_000, 18_000, 21_000, 26_000];
    let yearly = |months: usize| {
        let prices = (1..).map(|year| 12 * year).zip(paid).flat_map(|(month, sum)| [(month, sum), (month + 1, 0)]);
        let changes = prices.filter(|(month, _)| *month <= months);
        let changes: Vec<String> =
            changes.map(|(month, sum)| format!("{{ month = {month}, monthly = {sum} }}")).collect();
        format!("[price]\nmonthly = 0\nchanges = [{}]\n[costs]\ninvestment = 70_000", changes.join(", "))
    };
    let mean = |outcome: crate::aggregate::OutcomeSummary| outcome.mean.map_or(f64::NAN, |mean| mean.value);
    let several = "[price]\nmonthly = 1550\nchanges = [{ month = 2, monthly = 0 }, { month = 60, monthly = 100 }]\n\
                   [costs]\ninvestment = 1000\nmonthly_fixed = 50";
    Ok(vec![
        Check::number("IRR of five yearly payments", 0.086_630_9, mean(outcome(60, &yearly(60), "irr")?), 5.1e-8),
        Check::number("IRR without the last", -0.021_244_8, mean(outcome(59, &yearly(59), "irr")?), 5.1e-8),
        Check::number("multiple of 92,000 on 70,000", 46.0 / 35.0, mean(outcome(60, &yearly(60), "moic")?), 1e-12),
        Check::number(
            "paths with an IRR where there are several",
            0.0,
            outcome(60, several, "irr")?.reached.probability,
            0.0,
        ),
    ])
}

/// The median of an outcome, which on one path is its value.
fn value(summary: &Summary, outcome: &str) -> f64 {
    summary.outcome(outcome).and_then(|outcome| outcome.quantiles[3]).unwrap_or(f64::NAN)
}

/// $100 a month for a year at 1% a month, after $1,100 at once: what a spreadsheet's PV and RATE say of it.
pub(super) fn annuity() -> Result<Vec<Check>, String> {
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let year = 1.01_f64.powi(12) - 1.0;
    let worth = 100.0 * (1.0 - 1.01_f64.powi(-12)) / 0.01;
    let after = |investment: f64| {
        let rest = format!(
            "[price]\nmonthly = 100\n[costs]\ninvestment = {investment}\n[finance]\nannual_discount_rate = {year}"
        );
        summary_of(&simple(12, "1", uptake, "monthly_churn = 0", &rest), 1)
    };
    let (even, less) = (after(worth)?, after(1100.0)?);
    Ok(vec![
        Check::number("NPV of an annuity at its price", 0.0, value(&even, "npv"), 1e-9),
        Check::number("IRR of an annuity at 1% a month", year, value(&even, "irr"), 1e-12),
        Check::number("NPV of the annuity for $1,100", worth - 1100.0, value(&less, "npv"), 1e-9),
        Check::number("what the annuity could repay", worth, value(&less, "affordable_investment"), 1e-9),
        Check::number("month in which $1,100 are back", 11.0, value(&less, "payback_month"), 0.0),
        Check::number("… with interest", 12.0, value(&less, "discounted_payback_month"), 0.0),
        Check::number("first month at a profit", 1.0, value(&less, "operating_break_even_month"), 0.0),
        Check::number("most that is laid out", 1100.0, value(&less, "peak_funding"), 1e-9),
        Check::number("subscribers that break even", 1100.0 / worth, value(&less, "break_even_subscribers"), 1e-12),
        Check::number("peak that breaks even", 1100.0 / worth, value(&less, "required_peak_subscribers"), 1e-12),
        Check::number("multiple of 1,200 on 1,100", 12.0 / 11.0, value(&less, "moic"), 1e-12),
    ])
}

/// $10 a month from a subscriber of whom 5% leave a month, for 36 months: 10 (1 − 0.95³⁶) / 0.05. And a cost of $30 to win one. At 1% a
/// month, from one who stays, 36 months of $10 are worth 10 (1 − 1.01⁻³⁶) / 0.01.
pub(super) fn lifetime() -> Result<Vec<Check>, String> {
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let rest = "[price]\nmonthly = 10\n[costs]\nacquisition = 30\n[finance]\nannual_discount_rate = 0";
    let summary = summary_of(&simple(36, "1000", uptake, "monthly_churn = 0.05", rest), 1)?;
    let ltv = 10.0 * (1.0 - 0.95_f64.powi(36)) / 0.05;
    let rest = format!("[price]\nmonthly = 10\n[finance]\nannual_discount_rate = {}", 1.01_f64.powi(12) - 1.0);
    let scenario = scenario_of(&simple(36, "1000", uptake, "monthly_churn = 0", &rest))?;
    let plan = Plan::new(&scenario, Sampler::default(), SEED).map_err(|problems| problems.to_string())?;
    let staying = Profile::new(&plan, 1, Options::default().level).ltv.mean;
    let annuity = 10.0 * (1.0 - 1.01_f64.powi(-36)) / 0.01;
    Ok(vec![
        Check::number("value of a subscriber (LTV)", ltv, value(&summary, "ltv"), 1e-9),
        Check::number("… over what one costs to win", ltv / 30.0, value(&summary, "ltv_cac"), 1e-9),
        Check::number("margin of a subscriber", 10.0, value(&summary, "contribution_margin"), 1e-12),
        Check::number("value of one who stays, at 1% a month", annuity, staying, 1e-9),
    ])
}

/// 68% of 1,000 refuse. Of the others half pay the median price, and a fifth twice that at a steepness of 2.
pub(super) fn demand() -> Result<Vec<Check>, String> {
    let willing = |price: f64| {
        let text = format!(
            "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nactive_users = 1000\nrefusal_rate = 0.68\n\
             [willingness]\nmedian_price = 5\nsteepness = 2\n[uptake]\nannual_innovation = 1\nannual_imitation = 0\n\
             [retention]\nmonthly_churn = 0\n[price]\nmonthly = {price}\n"
        );
        Ok::<_, String>(value(&summary_of(&text, 1)?, "possible_subscribers"))
    };
    Ok(vec![
        Check::number("who would pay the median price", 160.0, willing(5.0)?, 1e-9),
        Check::number("who would pay twice the median price", 64.0, willing(10.0)?, 1e-9),
    ])
}

/// What 1,000 subscribers from day one would repay in two years at $5 a month: $120,000.
pub(super) fn implied() -> Result<Vec<Check>, String> {
    let uptake = "annual_innovation = 1\nannual_imitation = 0";
    let rest =
        "[price]\nmonthly = 5\n[costs]\ninvestment = { implied_by = \"target\" }\n[finance]\nannual_discount_rate = 0";
    let text =
        simple(24, "5000", uptake, "monthly_churn = 0", rest).replace("subscribers = 1\n", "subscribers = 1000\n");
    let plan = Plan::new(&scenario_of(&text)?, Sampler::default(), SEED).map_err(|problems| problems.to_string())?;
    let found = plan.implied_investment().unwrap_or(f64::NAN);
    Ok(vec![Check::number("what a target of 1,000 would repay", 120_000.0, found, 1e-6)])
}
