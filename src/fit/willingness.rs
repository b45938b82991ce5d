//! Demand by price from a survey: of those asked at price x the share (1 − R) / (1 + (x/m)^k) is willing; by maximum likelihood.

use super::newton::most_likely;
use super::{Bounds, Fit, FitError, Fitted, Model, carried, digits};
use crate::data::Columns;

/// Fewer prices determine nothing.
const FEWEST: usize = 4;

fn willing(refuse: f64, median: f64, steepness: f64, price: f64) -> f64 {
    (1.0 - refuse) / (1.0 + libm::pow(price / median, steepness))
}

pub(super) fn fit(columns: &Columns) -> Result<Fit, FitError> {
    let [prices, asked, yes] = ["price", "asked", "willing"].map(|name| columns.numbers(name));
    let undetermined = |why: String| Err(FitError::Undetermined(why));
    columns.each("price", |x| (x <= 0.0).then_some("expected a price above 0"))?;
    columns.each("asked", |x| (x < 1.0).then_some("expected at least one person"))?;
    columns.pairs("willing", "asked", |yes, asked| {
        (yes < 0.0 || yes > asked).then_some("expected 0 to all of those asked")
    })?;
    let mut distinct = prices.to_vec();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    if distinct.len() < FEWEST {
        return undetermined(format!(
            "{} prices: refusal, median and steepness take at least {FEWEST}",
            distinct.len()
        ));
    }
    // R by its log odds, m and k by their logarithms.
    let numbers = |at: &[f64]| (1.0 / (1.0 + libm::exp(-at[0])), libm::exp(at[1]), libm::exp(at[2]));
    let log = |at: &[f64]| -> f64 {
        let (refuse, median, steepness) = numbers(at);
        let one = |i: usize| {
            let share = willing(refuse, median, steepness, prices[i]).clamp(1e-12, 1.0 - 1e-12);
            yes[i] * libm::log(share) + (asked[i] - yes[i]) * libm::log(1.0 - share)
        };
        (0..prices.len()).map(one).sum()
    };
    let middle = distinct[distinct.len() / 2];
    let most = yes.iter().zip(asked).map(|(yes, asked)| yes / asked).fold(0.0, f64::max);
    let start = (1.0 - 1.05 * most).clamp(0.05, 0.95);
    let found = most_likely(log, &[libm::log(start / (1.0 - start)), libm::log(middle), libm::log(2.0)]);
    let sane = |at: &[f64]| at[0] > -6.0 && at[0] < 6.0 && at[2] < libm::log(50.0) && at[2] > libm::log(0.05);
    let Some(found) = found.filter(|found| sane(&found.at)) else {
        return undetermined(
            "the answers do not tell those who refuse any price from those who find these prices too high: ask at lower prices"
                .to_owned(),
        );
    };
    let (refuse, median, steepness) = numbers(&found.at);
    let covariance = carried(
        &found.covariance,
        &[vec![refuse * (1.0 - refuse), 0.0, 0.0], vec![0.0, median, 0.0], vec![0.0, 0.0, steepness]],
    );
    let sd = |i: usize| libm::sqrt(covariance[i][i]);
    if !(sd(1) < median) || !(sd(0) < 0.5) {
        return undetermined(format!(
            "the answers hardly tell anything: a median of ${} ± {}. Ask more people, or at more prices",
            digits(median, 3),
            digits(sd(1), 2)
        ));
    }
    let correlation = |i: usize, j: usize| covariance[i][j] / (sd(i) * sd(j));
    let parameters = vec![
        Fitted { name: "market.refusal_rate", value: refuse, sd: sd(0), input: Some(Bounds::Share { most: 1.0 }) },
        Fitted {
            name: "willingness.median_price",
            value: median,
            sd: sd(1),
            input: Some(Bounds::Positive { most: None }),
        },
        Fitted {
            name: "willingness.steepness",
            value: steepness,
            sd: sd(2),
            input: Some(Bounds::Positive { most: Some(50.0) }),
        },
    ];
    let rows = (0..prices.len())
        .map(|i| (format!("${}", prices[i]), yes[i] / asked[i], willing(refuse, median, steepness, prices[i])))
        .collect();
    let remarks =
        vec!["What people say they would do: `market.follow_through` is the share of them who truly would.".to_owned()];
    let correlations = vec![(0, 1, correlation(0, 1)), (0, 2, correlation(0, 2)), (1, 2, correlation(1, 2))];
    Ok(Fit { model: Model::Willingness, parameters, correlations, rows, remarks })
}
