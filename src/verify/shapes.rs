//! Quantiles of distributions that have a closed form or a published table.

use super::Check;
use crate::distribution::{Dist, Percentiles};

/// Rounding of a quantile function, in parts of the answer.
const EXACT: f64 = 1e-9;

fn built(dist: Result<Dist, crate::distribution::Invalid>) -> Result<Dist, String> {
    dist.map_err(|why| why.to_string())
}

fn quantile(
    name: &str,
    dist: Result<Dist, crate::distribution::Invalid>,
    u: f64,
    expected: f64,
) -> Result<Check, String> {
    let found = built(dist)?.quantile(u);
    Ok(Check::number(format!("quantile of {name} at {u}"), expected, found, EXACT * expected.abs().max(1e-3)))
}

/// Distribution functions that can be turned around by hand.
pub(super) fn closed_forms() -> Result<Vec<Check>, String> {
    use std::f64::consts::{LN_2, PI};
    let sine = libm::sin(PI / 8.0);
    Ok(vec![
        quantile("log-uniform 1 to 100", Dist::log_uniform(1.0, 100.0), 0.5, 10.0)?,
        // Rises over a third of the width: a third of the draws lie below the mode.
        quantile("triangular 0, 1, 3", Dist::triangular(0.0, 1.0, 3.0), 1.0 / 3.0, 1.0)?,
        // Above it 1 − (3 − x)² / 6.
        quantile("triangular 0, 1, 3", Dist::triangular(0.0, 1.0, 3.0), 5.0 / 6.0, 2.0)?,
        // PERT 0, 5, 10 is a beta of 3 and 3: 10t³ − 15t⁴ + 6t⁵ at t = 1/4.
        quantile("PERT 0, 5, 10", Dist::pert(0.0, 5.0, 10.0, 4.0), 0.103_515_625, 2.5)?,
        quantile("beta 2, 1", Dist::beta(2.0, 1.0, None, None), 0.25, 0.5)?,
        quantile("beta 1, 3", Dist::beta(1.0, 3.0, None, None), 0.5, 1.0 - libm::cbrt(0.5))?,
        // The arcsine law.
        quantile("beta 1/2, 1/2", Dist::beta(0.5, 0.5, None, None), 0.25, sine * sine)?,
        // A gamma of shape 1 is exponential; of shape 2 it has 1 − e⁻ˣ (1 + x) at 2.
        quantile("gamma of mean 2, sd 2", Dist::gamma(2.0, 2.0), 0.5, 2.0 * LN_2)?,
        quantile("gamma of mean 2, sd √2", Dist::gamma(2.0, 2.0_f64.sqrt()), 1.0 - 3.0 * libm::exp(-2.0), 2.0)?,
        // The median of a log-normal lies below its mean by a factor of √(1 + (sd / mean)²).
        quantile("log-normal of mean 3, sd 4", Dist::log_normal_from_mean(3.0, 4.0, None, None), 0.5, 9.0 / 5.0)?,
        // Half of what is left of a normal that is cut off at its mean lies beyond its upper quartile.
        quantile("normal 0, 1 above 0", Dist::normal(0.0, 1.0, Some(0.0), None), 0.5, 0.674_489_750_196_081_7)?,
        quantile(
            "discrete 1, 2, 3 of weights 3, 4, 1",
            Dist::discrete(&[1.0, 2.0, 3.0], Some(&[3.0, 4.0, 1.0])),
            0.5,
            2.0,
        )?,
        quantile("empirical 1, 2, 4, 8", Dist::empirical(&[1.0, 2.0, 4.0, 8.0]), 0.5, 3.0)?,
    ])
}

/// The table of the standard normal distribution.
pub(super) fn normal_table() -> Result<Vec<Check>, String> {
    let table = [(0.9, 1.282), (0.95, 1.645), (0.975, 1.960), (0.99, 2.326), (0.999, 3.090)];
    let dist = built(Dist::normal(0.0, 1.0, None, None))?;
    let row = |(u, z): (f64, f64)| Check::number(format!("normal quantile at {u}"), z, dist.quantile(u), 5.1e-4);
    Ok(table.into_iter().map(row).collect())
}

/// A normal through 5% and 95%.
pub(super) fn percentiles() -> Result<Vec<Check>, String> {
    let normal = built(Dist::normal_from_percentiles(Percentiles::p05_p95(1.0, 10.0), None, None))?;
    // One sd above the mean is the quantile at Φ(1).
    let sd = normal.quantile(0.841_344_746_068_542_9) - normal.mean();
    Ok(vec![
        Check::number("mean of the normal with 5% = 1, 95% = 10", 5.5, normal.mean(), 1e-12),
        Check::number("sd of the normal with 5% = 1, 95% = 10", 2.735_806, sd, 5.1e-7),
    ])
}

/// Keelin's metalog through 10, 50 and 90%.
pub(super) fn metalog() -> Result<Vec<Check>, String> {
    let metalog = built(Dist::metalog(8.0, 29.0, 44.0, None, None))?;
    let published =
        [(0.01, -16.3296), (0.05, 0.356), (0.25, 19.0625), (0.75, 37.0625), (0.95, 48.5986), (0.99, 58.9583)];
    let row = |(u, value): (f64, f64)| {
        Check::number(format!("metalog 8, 29, 44 at {}%", u * 100.0), value, metalog.quantile(u), 5.1e-5)
    };
    Ok(published.into_iter().map(row).collect())
}
