//! Bass's diffusion by nonlinear least squares on the sales of each period (Srinivasan and Mason, 1986).

use super::newton::least_squares;
use super::{Bounds, Fit, FitError, Fitted, Model, Reading, carried, digits};
use crate::data::Columns;

/// Fewer periods determine nothing.
const FEWEST: usize = 5;

/// F(t): the share of all adopters who have by time t.
fn adopted(p: f64, q: f64, t: f64) -> f64 {
    let left = libm::exp(-(p + q) * t);
    (1.0 - left) / (1.0 + q / p * left)
}

/// The sales of period t: over it, or as the rate at its end.
fn sales([m, p, q]: [f64; 3], t: f64, rate: bool) -> f64 {
    if rate {
        let share = adopted(p, q, t);
        return m * (p + q * share) * (1.0 - share);
    }
    m * (adopted(p, q, t) - adopted(p, q, t - 1.0))
}

pub(super) fn fit(columns: &Columns, reading: Reading) -> Result<Fit, FitError> {
    let (periods, sold) = (columns.numbers("period"), columns.numbers("sales"));
    let undetermined = |why: String| Err(FitError::Undetermined(why));
    if sold.len() < FEWEST {
        return undetermined(format!("{} periods: a Bass curve takes at least {FEWEST}", sold.len()));
    }
    columns.each("sales", |x| (x < 0.0).then_some("sales are not below 0"))?;
    columns.each("period", |x| (x < 1.0 || x.fract() != 0.0).then_some("expected whole periods from 1 on"))?;
    columns.rising("period")?;
    let total: f64 = sold.iter().sum();
    if total <= 0.0 {
        return undetermined("nothing was sold".to_owned());
    }
    let residuals = |at: &[f64]| -> Vec<f64> {
        let numbers = [libm::exp(at[0]), libm::exp(at[1]), libm::exp(at[2])];
        periods.iter().zip(sold).map(|(t, s)| (sales(numbers, *t, reading.rate) - s) / total).collect()
    };
    let starts = [(1.2, 0.01, 0.4), (2.0, 0.03, 0.2), (5.0, 0.005, 0.3), (1.05, 0.002, 0.8)];
    let found = starts
        .iter()
        .filter_map(|(m, p, q)| least_squares(residuals, &[libm::log(m * total), libm::log(*p), libm::log(*q)]))
        .filter(|found| found.at.iter().all(|x| x.is_finite()))
        .min_by(|a, b| {
            let squares = |at: &[f64]| residuals(at).iter().map(|r| r * r).sum::<f64>();
            squares(&a.at).total_cmp(&squares(&b.at))
        });
    let Some(found) = found else {
        return undetermined("no Bass curve fits best: the sales must have begun to bend".to_owned());
    };
    let [m, p, q] = [libm::exp(found.at[0]), libm::exp(found.at[1]), libm::exp(found.at[2])];
    let covariance = carried(&found.covariance, &[vec![m, 0.0, 0.0], vec![0.0, p, 0.0], vec![0.0, 0.0, q]]);
    let sd = |i: usize| libm::sqrt(covariance[i][i]);
    if !(sd(0) < m) || !(sd(1) < 2.0 * p) || m > 1e3 * total {
        return undetermined(format!(
            "the sales do not tell how large the market is: {} ± {} for {} sold. They must have begun to bend; add periods",
            digits(m, 3),
            digits(sd(0), 3),
            digits(total, 3)
        ));
    }
    if q < 1e-4 {
        return undetermined("imitation is at its bound, 0: no Bass curve, sales only fall".to_owned());
    }
    let a = reading.periods_a_year;
    let parameters = vec![
        Fitted {
            name: "uptake.annual_innovation",
            value: a * p,
            sd: a * sd(1),
            input: Some(Bounds::Positive { most: None }),
        },
        Fitted {
            name: "uptake.annual_imitation",
            value: a * q,
            sd: a * sd(2),
            input: Some(Bounds::Positive { most: None }),
        },
        Fitted { name: "market size", value: m, sd: sd(0), input: None },
    ];
    let rows =
        periods.iter().zip(sold).map(|(t, s)| (format!("{t}"), *s, sales([m, p, q], *t, reading.rate))).collect();
    let remarks = vec![
        "First purchases only: sales that replace earlier ones make imitation look stronger than it is.".to_owned(),
    ];
    let correlations = vec![(0, 1, covariance[1][2] / (sd(1) * sd(2)))];
    Ok(Fit { model: Model::Bass, parameters, correlations, rows, remarks })
}
