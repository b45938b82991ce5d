//! What drives an answer, what it would be worth to know, and what observations change, where the answer is exact. Everything runs on the
//! model of one month, in which what is earned is a sum of normal numbers, or on numbers at hand.

use super::Check;
use super::closed::{scenario_of, simple};
use crate::aggregate::{Estimate, mean_and_sd_of};
use crate::analysis::{Conditioning, Discover, Drivers, Of, Payoffs, Settings};
use crate::data::Actuals;
use crate::distribution::Dist;
use crate::engine::Options;
use crate::sampler::{Sampler, Sampling, draw_one};
use crate::scenario::SourceFile;

const PATHS: u64 = 8_192;

/// Everyone of A0 joins and pays $1, and F is spent: NPV is their difference.
fn sum_of_two(correlation: &str) -> String {
    format!(
        "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nrefusal_rate = 0\n\
         active_users = {{ normal = {{ mean = 1000, sd = 100 }} }}\n\
         [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
         [retention]\nmonthly_churn = 0\n[price]\nmonthly = 1\n\
         [costs]\nmonthly_fixed = {{ normal = {{ mean = 1200, sd = 200 }} }}\n{correlation}"
    )
}

/// An estimate, within four of its standard errors.
fn estimate(name: String, expected: f64, found: &Estimate) -> Check {
    Check::number(name, expected, found.value, 4.0 * found.se.unwrap_or(f64::NAN))
}

/// Standard deviations of 1 and 2, independent and with a Gaussian correlation of −0.5 (the cost is taken off, so that what is summed has
/// +0.5): first-order, total and Shapley effects.
pub(super) fn effects() -> Result<Vec<Check>, String> {
    // The rank correlation of a Gaussian one of 0.5.
    let rank = 6.0 / std::f64::consts::PI * libm::asin(0.25);
    let pair =
        format!("[[correlations]]\ninputs = [\"market.active_users\", \"costs.monthly_fixed\"]\nrank = {}\n", -rank);
    let cases = [
        ("independent", String::new(), [[0.2, 0.2, 0.2], [0.8, 0.8, 0.8]]),
        ("correlation 0.5", pair, [[0.571_429, 0.107_143, 0.339_286], [0.892_857, 0.428_571, 0.660_714]]),
    ];
    let mut out = Vec::new();
    for (name, correlation, exact) in cases {
        let scenario = scenario_of(&sum_of_two(&correlation))?;
        let of: Of = "npv".parse()?;
        let drivers =
            Drivers::new(&scenario, vec![of], Sampling::of_paths(PATHS), PATHS).map_err(|why| why.to_string())?;
        let answers = drivers.run(&Options::default()).map_err(|why| why.to_string())?;
        let inputs = &answers.first().ok_or("there is no answer")?.inputs;
        for (input, [first, total, shapley]) in inputs.iter().zip(exact) {
            let effect = input.effect.ok_or("there is no effect")?;
            let sd = if input.name.starts_with("market") { 1 } else { 2 };
            let row =
                |what: &str, exact, found: &Estimate| estimate(format!("{what} of sd {sd}, {name}"), exact, found);
            out.extend([
                row("first-order effect", first, &effect.first_order),
                row("total effect", total, &effect.total),
                row("Shapley effect", shapley, &effect.shapley),
            ]);
        }
    }
    Ok(out)
}

/// Going ahead earns p1 − p2, p1 ~ N(1, 1), p2 ~ N(0, 2); not going ahead nothing.
pub(super) fn information() -> Result<Vec<Check>, String> {
    const DRAWS: usize = 65_536;
    let drawn = |name: &str, mean: f64, sd: f64| {
        let dist = Dist::normal(mean, sd, None, None).map_err(|why| why.to_string())?;
        Ok::<_, String>(draw_one(Sampler::Random, 1, name, &dist, DRAWS))
    };
    let (p1, p2) = (drawn("p1", 1.0, 1.0)?, drawn("p2", 0.0, 2.0)?);
    let go = p1.iter().zip(&p2).map(|(a, b)| a - b).collect();
    let payoffs = Payoffs::new(vec![go, vec![0.0; DRAWS]])?;
    Ok(vec![
        estimate("worth of knowing everything (EVPI)".to_owned(), 0.479_811, &payoffs.everything()),
        estimate("worth of knowing p1 (EVPPI)".to_owned(), 0.083_315, &payoffs.along(&p1).value()),
        estimate("worth of knowing p2 (EVPPI)".to_owned(), 0.395_593, &payoffs.along(&p2).value()),
    ])
}

/// Profit where the price, anything from $5 to $15, is $8 or more: on 70% of the paths. The rule is to say so, to within a twentieth of
/// the range.
pub(super) fn rules() -> Result<Vec<Check>, String> {
    let uptake = "annual_innovation = 12\nannual_imitation = 0";
    let rest = "[price]\nmonthly = { uniform = { min = 5, max = 15 } }\n[costs]\nmonthly_fixed = 8000";
    let scenario = scenario_of(&simple(1, "1000", uptake, "monthly_churn = 0", rest))?;
    let discover = Discover::new(&scenario, "npv_nonnegative".parse()?, false, Sampling::of_paths(PATHS), PATHS);
    let found = discover.map_err(|why| why.to_string())?.run(&Options::default()).map_err(|why| why.to_string())?;
    let rule = found.rules.first().ok_or("no rule was found")?;
    let condition = rule.conditions.first().ok_or("the rule has no condition")?;
    let n = libm::sqrt(PATHS as f64);
    Ok(vec![
        Check::number("share of profit", 0.7, found.overall.value, 4.0 * libm::sqrt(0.7 * 0.3) / n),
        Check::number("price from which on there is profit", 8.0, condition.low, 0.5),
        Check::number("share of profit under the rule", 1.0, rule.density.value, 0.05),
        Check::number("share of all profit that the rule holds", 1.0, rule.coverage.value, 0.05),
    ])
}

/// A0 ~ N(1000, 100), and revenue of $1 each is seen to be 1,150 ± 100: a conjugate posterior.
pub(super) fn posterior() -> Result<Vec<Check>, String> {
    let scenario = scenario_of(&sum_of_two(""))?;
    let seen =
        SourceFile { path: "seen.csv".to_owned(), text: "month,series,value,sd\n1,revenue,1150,100\n".to_owned() };
    let actuals = Actuals::parse(seen, &scenario).map_err(|why| why.to_string())?;
    let conditioning = Conditioning::new(&scenario, actuals, Settings::default(), Sampling::of_paths(PATHS));
    let found = conditioning.map_err(|why| why.to_string())?.run(&Options::default()).map_err(|why| why.to_string())?;
    let users = found.learned.iter().find(|learned| learned.name == "market.active_users");
    let (mean, sd) = users.and_then(|users| users.after).ok_or("nothing was learned")?;
    let root = 100.0 / 2.0_f64.sqrt();
    // N(1150; 1000, 100² + 100²).
    let evidence = -0.5 * 150.0 * 150.0 / 20_000.0 - 0.5 * libm::log(std::f64::consts::TAU * 20_000.0);
    Ok(vec![
        estimate("posterior mean of 1,000 ± 100 seen as 1,150 ± 100".to_owned(), 1075.0, &mean),
        Check::number("its standard deviation, 100 / √2", root, sd, 4.0 * root / libm::sqrt(2.0 * found.effective)),
        Check::number("log evidence", evidence, found.evidence.log, 4.0 * found.evidence.se),
    ])
}

/// NIST's NumAcc4: 1,001 numbers that differ in the ninth digit, summed as outcomes are.
pub(super) fn accuracy() -> Vec<Check> {
    let numbers: Vec<f64> = std::iter::once(10_000_000.2)
        .chain((0..1000).map(|i| if i % 2 == 0 { 10_000_000.1 } else { 10_000_000.3 }))
        .collect();
    let (mean, sd) = mean_and_sd_of(&numbers);
    vec![
        Check::number("NumAcc4: mean", 10_000_000.2, mean, 2e-9),
        Check::number("NumAcc4: standard deviation", 0.1, sd, 1e-8),
    ]
}
