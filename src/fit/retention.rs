//! Shifted-beta-geometric retention by maximum likelihood (Fader and Hardie, "How to project customer retention", 2007).

use super::newton::most_likely;
use super::{Bounds, Fit, FitError, Fitted, Model, Reading, carried, digits};
use crate::data::Columns;

/// Fewer months determine nothing.
const FEWEST: usize = 3;

/// The shares of a cohort that stay to each month, from 0 on.
fn survival(alpha: f64, beta: f64, months: usize) -> Vec<f64> {
    let mut out = vec![1.0];
    for t in 1..=months {
        let stays = (beta + t as f64 - 1.0) / (alpha + beta + t as f64 - 1.0);
        out.push(out[t - 1] * stays);
    }
    out
}

pub(super) fn fit(columns: &Columns, reading: Reading) -> Result<Fit, FitError> {
    let (months, survivors) = (columns.numbers("month"), columns.numbers("survivors"));
    let undetermined = |why: String| Err(FitError::Undetermined(why));
    columns.each("survivors", |x| (x < 0.0).then_some("there are no fewer than 0 survivors"))?;
    let first = months.first().copied().unwrap_or(1.0);
    columns.counts_from("month", if first == 0.0 { 0.0 } else { 1.0 })?;
    columns.falling("survivors")?;
    let mut shares: Vec<f64> = survivors.to_vec();
    let cohort = if first == 0.0 {
        let began = shares.remove(0);
        if began <= 0.0 {
            return undetermined("nobody began: month 0 has no survivors".to_owned());
        }
        for share in &mut shares {
            *share /= began;
        }
        // Percents have a 100 in month 0: whoever knows how many people that were says so.
        reading.cohort.or((began > 1.0).then_some(began))
    } else {
        reading.cohort
    };
    let Some(cohort) = cohort else {
        return undetermined(
            "how many began is not known, so the estimate's error is not either: begin with month 0, or say --cohort N"
                .to_owned(),
        );
    };
    if first != 0.0 && shares.iter().any(|x| *x > 1.0) {
        for share in &mut shares {
            *share /= cohort;
        }
    }
    if shares.iter().any(|x| *x > 1.0) {
        return undetermined(format!("more survive than the {cohort} that began"));
    }
    if shares.len() < FEWEST {
        return undetermined(format!("{} months: retention takes at least {FEWEST}", shares.len()));
    }
    let left: Vec<f64> = std::iter::once(1.0).chain(shares.iter().copied()).collect();
    let log = |at: &[f64]| {
        let fitted = survival(libm::exp(at[0]), libm::exp(at[1]), shares.len());
        let leaving: f64 =
            (1..left.len()).map(|t| (left[t - 1] - left[t]) * libm::log(fitted[t - 1] - fitted[t])).sum();
        cohort * (leaving + left[shares.len()] * libm::log(fitted[shares.len()]))
    };
    let same = 1.0 - libm::pow(left[shares.len()].max(1e-9), 1.0 / shares.len() as f64);
    let found = most_likely(log, &[0.0, libm::log((1.0 - same) / same)]);
    let bounds = |at: &[f64]| at[0] + at[1] < 16.0 && at.iter().all(|x| x.abs() < 12.0);
    let Some(found) = found.filter(|found| bounds(&found.at)) else {
        return undetermined(format!(
            "all leave at the same rate, so that their spread is at its bound: write monthly_churn = {} with churn_spread = 0",
            digits(same, 3)
        ));
    };
    let (alpha, beta) = (libm::exp(found.at[0]), libm::exp(found.at[1]));
    let (sum, next) = (alpha + beta, 1.0 + alpha + beta);
    let (churn, spread) = (alpha / sum, 1.0 / next);
    // By ln α and ln β.
    let covariance = carried(
        &found.covariance,
        &[
            vec![alpha * beta / (sum * sum), -alpha * beta / (sum * sum)],
            vec![-alpha / (next * next), -beta / (next * next)],
            vec![alpha, 0.0],
            vec![0.0, beta],
        ],
    );
    let sd = |i: usize| libm::sqrt(covariance[i][i]);
    let parameters = vec![
        Fitted { name: "retention.monthly_churn", value: churn, sd: sd(0), input: Some(Bounds::Share { most: 1.0 }) },
        Fitted { name: "retention.churn_spread", value: spread, sd: sd(1), input: Some(Bounds::Share { most: 0.99 }) },
        Fitted { name: "alpha", value: alpha, sd: sd(2), input: None },
        Fitted { name: "beta", value: beta, sd: sd(3), input: None },
    ];
    let fitted = survival(alpha, beta, shares.len());
    let rows = (1..left.len()).map(|t| (format!("{t}"), left[t], fitted[t])).collect();
    let correlations = vec![(0, 1, covariance[0][1] / (sd(0) * sd(1)))];
    let remarks = vec!["A row is a month: churn by the year is another number.".to_owned()];
    Ok(Fit { model: Model::Retention, parameters, correlations, rows, remarks })
}
