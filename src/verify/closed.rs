//! Cases with an answer that can be worked out by hand or is published.

use super::Check;
use crate::aggregate::Summary;
use crate::distribution::{Dist, Percentiles};
use crate::engine::{self, Options};
use crate::plan::Plan;
use crate::sampler::Sampler;
use crate::scenario::{SourceFile, parse};

const SEED: u64 = 1;

/// Runs a scenario given as text.
pub(super) fn summary_of(toml: &str, paths: u64) -> Result<Summary, String> {
    let file = SourceFile { path: "<check>".to_owned(), text: toml.to_owned() };
    let scenario = parse("check", file).map_err(|problems| format!("{problems}: {:?}", problems.list))?;
    let plan = Plan::new(&scenario, Sampler::default(), SEED).map_err(|problems| problems.to_string())?;
    engine::run(&plan, paths, &Options::default()).map_err(|error| error.to_string())
}

/// Everyone in a pool of `users` would pay (the median price is far above the price), and joins at `innovation` a year.
fn simple(months: usize, users: &str, uptake: &str, churn: &str, rest: &str) -> String {
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

/// Some checks that belong together, or why they could not be run.
type Group = fn() -> Result<Vec<Check>, String>;

pub(super) fn checks() -> Vec<Check> {
    let groups: [(&str, Group); 8] = [
        ("uptake without churn", geometric_uptake),
        ("churn without uptake", geometric_churn),
        ("Bass diffusion", bass),
        ("beta-geometric retention", beta_geometric),
        ("break-even of one period", one_period),
        ("NPV of four payments", npv),
        ("rates of return", rates_of_return),
        ("distributions through percentiles", percentiles),
    ];
    let run = |(name, group): (&str, Group)| group().unwrap_or_else(|why| vec![Check::failed(name, &why)]);
    groups.into_iter().flat_map(run).collect()
}

/// No churn, no imitation, pool of 1,000: after t months 1,000 · (1 − 0.9^t) subscribe at a monthly hazard of 0.1.
fn geometric_uptake() -> Result<Vec<Check>, String> {
    let uptake = "annual_innovation = 1.2\nannual_imitation = 0";
    let summary = summary_of(&simple(24, "1000", uptake, "monthly_churn = 0", "[price]\nmonthly = 1"), 1)?;
    let check = |t: i32| {
        let expected = 1000.0 * (1.0 - 0.9_f64.powi(t));
        Check::number(
            format!("subscribers after {t} months, no churn"),
            expected,
            mean(&summary, "subscribers", t as usize),
            1e-9,
        )
    };
    Ok(vec![check(1), check(12), check(24)])
}

/// All join in month 1, then 5% leave a month for good: 1,000 · 0.95^(t − 1) are left.
fn geometric_churn() -> Result<Vec<Check>, String> {
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
fn bass() -> Result<Vec<Check>, String> {
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
fn beta_geometric() -> Result<Vec<Check>, String> {
    const PUBLISHED: [f64; 12] =
        [0.8507, 0.7469, 0.6698, 0.6099, 0.5618, 0.5222, 0.4889, 0.4604, 0.4358, 0.4142, 0.3951, 0.3780];
    let (alpha, beta) = (0.668_09, 3.806_10);
    let churn = format!("monthly_churn = {}\nchurn_spread = {}", alpha / (alpha + beta), 1.0 / (1.0 + alpha + beta));
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let summary = summary_of(&simple(13, "1", uptake, &churn, "[price]\nmonthly = 1"), 1)?;
    let off = |(age, published): (usize, &f64)| (mean(&summary, "subscribers", age + 2) - published).abs();
    let worst = PUBLISHED.iter().enumerate().map(off).fold(0.0, f64::max);
    Ok(vec![Check::distance("beta-geometric survival at ages 1–12, largest error", worst, 5.1e-5)])
}

/// Volume N(100,000, 8,000), price 10, variable cost 4.80, fixed 450,000.
fn one_period() -> Result<Vec<Check>, String> {
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
fn npv() -> Result<Vec<Check>, String> {
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
fn rates_of_return() -> Result<Vec<Check>, String> {
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
            "paths told an IRR where there are several",
            0.0,
            outcome(60, several, "irr")?.reached.probability,
            0.0,
        ),
    ])
}

/// A normal through 5% and 95%, and Keelin's metalog through 10, 50 and 90%.
fn percentiles() -> Result<Vec<Check>, String> {
    let built = |dist: Result<Dist, crate::distribution::Invalid>| dist.map_err(|why| why.to_string());
    let normal = built(Dist::normal_from_percentiles(Percentiles::p05_p95(1.0, 10.0), None, None))?;
    let metalog = built(Dist::metalog(8.0, 29.0, 44.0, None, None))?;
    // One sd above the mean is the quantile at Φ(1).
    let sd = normal.quantile(0.841_344_746_068_542_9) - normal.mean();
    let mut out = vec![Check::number("sd of the normal with 5% = 1, 95% = 10", 2.735_806, sd, 5.1e-7)];
    let published =
        [(0.01, -16.3296), (0.05, 0.356), (0.25, 19.0625), (0.75, 37.0625), (0.95, 48.5986), (0.99, 58.9583)];
    for (u, value) in published {
        out.push(Check::number(format!("metalog 8, 29, 44 at {}%", u * 100.0), value, metalog.quantile(u), 5.1e-5));
    }
    Ok(out)
}
