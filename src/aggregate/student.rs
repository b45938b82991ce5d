//! Student's distribution with the degrees of freedom of sixteen replicates.

use crate::lanes::LANES;

/// Degrees of freedom of an error that comes from the replicates.
const DEGREES: f64 = (LANES - 1) as f64;
/// Halvings that bring a quantile to the last digit.
const HALVINGS: usize = 200;

/// P(|T| ≤ t): (2/π) (θ + sin θ (cos θ + ⅔ cos³ θ + … )), θ = atan(t / √ν), for odd ν (Abramowitz and Stegun, 26.7.3).
fn within(t: f64) -> f64 {
    let theta = libm::atan(t / libm::sqrt(DEGREES));
    let cos = libm::cos(theta);
    let (mut term, mut sum) = (cos, cos);
    let mut k = 3.0;
    while k < DEGREES - 1.0 {
        term *= cos * cos * (k - 1.0) / k;
        sum += term;
        k += 2.0;
    }
    std::f64::consts::FRAC_2_PI * (theta + libm::sin(theta) * sum)
}

/// The t that |T| exceeds with probability `beyond`.
pub(crate) fn two_sided(beyond: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e9);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if 1.0 - within(middle) > beyond { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Abramowitz and Stegun, table 26.10, 15 degrees of freedom.
        for (beyond, t) in [(0.2, 1.341), (0.1, 1.753), (0.05, 2.131), (0.02, 2.602), (0.01, 2.947), (0.001, 4.073)] {
            assert!((two_sided(beyond) - t).abs() < 6e-4, "{beyond}: {}", two_sided(beyond));
        }
    }
}
