//! Studies of an input before the choice: what they may find, and how likely each result is at each value of the input.

use crate::distribution::special::{UnitBeta, normal_cdf};

/// The most people or measurements.
pub const LARGEST_STUDY: u64 = 1_000_000_000;
/// Up to so many people every count is a result of its own.
const EACH_COUNT: u64 = 1000;
/// With so large a variance the distribution of a count is normal: what is left out of it is below 0.2% of a probability.
const NORMAL_FROM: f64 = 1e4;
/// Results are told apart to this part of a study's error, where that makes no more than so many; else around each value by the error.
const FINENESS: f64 = 1.0 / 8.0;
const MOST_RESULTS: f64 = 1024.0;
/// Errors are not smaller than this part of the largest value: below it lies rounding.
const ROUNDING: f64 = 1e-9;
/// So many errors around a value results are told apart.
const REACH: i32 = 4;
/// A result less likely than that does not happen.
const NEVER: f64 = 1e-12;

/// A study of an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Study {
    /// n people are asked a yes-or-no question; the input is the share that says yes. The count is binomial.
    Survey,
    /// The input is measured n times with a normal error of this standard deviation; their mean counts.
    Measurement {
        /// Of one measurement, in the unit of the input.
        sd: f64,
    },
}

/// Results of a study that are not told apart.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// The first value of the input at which it may happen.
    pub(super) first: usize,
    /// How likely it is there, and at the values that follow.
    pub(super) likelihood: Vec<f64>,
}

impl Finding {
    fn new(all: impl Iterator<Item = f64>) -> Option<Self> {
        let all: Vec<f64> = all.collect();
        let first = all.iter().position(|x| *x > NEVER)?;
        let last = all.iter().rposition(|x| *x > NEVER)?;
        Some(Self { first, likelihood: all[first..=last].to_vec() })
    }
}

impl Study {
    /// Every result of a study of size `n`, at rising values of the input. Those that are too alike to matter are taken together,
    /// with the exact likelihood of them all.
    pub(super) fn results(self, n: u64, values: &[f64]) -> Vec<Finding> {
        let size = n as f64;
        match self {
            Self::Survey if n <= EACH_COUNT => {
                let ln = libm::lgamma;
                let ln_ways = |k: f64| ln(size + 1.0) - ln(k + 1.0) - ln(size - k + 1.0);
                let at = |k: f64| {
                    let ways = ln_ways(k);
                    // 0 · ln 0 is 0 here.
                    let part = |count: f64, ln_share: f64| if count == 0.0 { 0.0 } else { count * ln_share };
                    values
                        .iter()
                        .map(move |p| libm::exp(ways + part(k, libm::log(*p)) + part(size - k, libm::log1p(-p))))
                };
                (0..=n).filter_map(|k| Finding::new(at(k as f64))).collect()
            }
            Self::Survey => {
                let sd = |p: f64| libm::sqrt(size * p * (1.0 - p)).max(1.0);
                let edges = edges(values.iter().map(|p| (size * p, sd(*p))));
                // Between two edges lie the counts above the one and up to the other.
                let mut edges: Vec<f64> = edges.into_iter().map(f64::floor).collect();
                edges.dedup();
                between(&edges, values, |p, edge| at_most(edge, size, p))
            }
            Self::Measurement { sd } => {
                let largest = values.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
                let error = (sd / libm::sqrt(size)).max(ROUNDING * largest);
                let edges = edges(values.iter().map(|x| (*x, error)));
                between(&edges, values, |x, edge| normal_cdf((edge - x) / error))
            }
        }
    }
}

/// How likely a binomial count is not above `k`.
fn at_most(k: f64, n: f64, p: f64) -> f64 {
    if k < 0.0 || p >= 1.0 {
        return if k >= n { 1.0 } else { 0.0 };
    }
    if k >= n || p <= 0.0 {
        return 1.0;
    }
    let variance = n * p * (1.0 - p);
    let z = (k + 0.5 - n * p) / libm::sqrt(variance);
    if variance > NORMAL_FROM || z.abs() > 9.0 {
        return normal_cdf(z);
    }
    // P(S ≤ k) = I_{1 − p}(n − k, k + 1).
    UnitBeta::new(n - k, k + 1.0).cdf(1.0 - p)
}

/// Rising edges of results: around each centre by its error, but no finer than matters.
fn edges(around: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    let around: Vec<(f64, f64)> = around.collect();
    let far = f64::from(REACH);
    let (mut low, mut high, mut least) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY);
    for (centre, error) in &around {
        (low, high, least) = (low.min(centre - far * error), high.max(centre + far * error), least.min(*error));
    }
    let step = least * FINENESS;
    if (high - low) / step <= MOST_RESULTS {
        return (0..=((high - low) / step) as u32).map(|i| low + f64::from(i) * step).collect();
    }
    let around = around.into_iter();
    let mut all: Vec<(f64, f64)> = around
        .flat_map(|(centre, error)| (-REACH..=REACH).map(move |k| (centre + f64::from(k) * error, error)))
        .collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut out: Vec<f64> = Vec::new();
    for (edge, error) in all {
        if out.last().is_none_or(|last| edge - last >= FINENESS * error) {
            out.push(edge);
        }
    }
    out
}

/// The results between edges, by the distribution function of what is found at a value.
fn between(edges: &[f64], values: &[f64], up_to: impl Fn(f64, f64) -> f64) -> Vec<Finding> {
    let ends = edges.iter().copied().map(Some).chain([None]);
    let mut below = vec![0.0; values.len()];
    let mut out = Vec::new();
    for edge in ends {
        let here: Vec<f64> = values.iter().map(|x| edge.map_or(1.0, |edge| up_to(*x, edge))).collect();
        out.extend(Finding::new(here.iter().zip(&below).map(|(here, below)| here - below)));
        below = here;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the results are all that can happen, and have the mean and variance that they should.
    fn sums_to_one(results: &[Finding], values: usize) {
        let mut all = vec![0.0; values];
        for Finding { first, likelihood } in results {
            likelihood.iter().enumerate().for_each(|(i, chance)| all[first + i] += chance);
        }
        for total in all {
            assert!((total - 1.0).abs() < 1e-7, "{total}");
        }
    }

    #[test]
    fn results_are_all_that_can_happen() {
        let shares: Vec<f64> = (0..=40).map(|i| f64::from(i) / 40.0).collect();
        for n in [1, 10, 1000, 1001, 30_000, LARGEST_STUDY] {
            sums_to_one(&Study::Survey.results(n, &shares), shares.len());
            sums_to_one(&Study::Measurement { sd: 0.3 }.results(n, &shares), shares.len());
        }
    }

    /// What it is worth to choose between nothing and what earns −1 or 1 at two values that are as likely, after a study.
    fn worth_between_two(study: Study, n: u64, values: &[f64; 2]) -> f64 {
        let gain = |found: Finding| {
            let of = |cell: usize| cell.checked_sub(found.first).and_then(|i| found.likelihood.get(i)).unwrap_or(&0.0);
            (0.5 * (of(1) - of(0))).max(0.0)
        };
        study.results(n, values).into_iter().map(gain).sum()
    }

    #[test]
    fn weak_and_nearly_exact_measurements_tell_as_much_as_they_do() {
        // Between 0 and 1 the mean of n measurements with an error of 1 decides at ½: worth ½ (Φ(√n/2) − Φ(−√n/2)).
        for n in [1, 3, 25, 400] {
            let z = 0.5 * libm::sqrt(n as f64);
            let exact = 0.5 * (normal_cdf(z) - normal_cdf(-z));
            let found = worth_between_two(Study::Measurement { sd: 1.0 }, n, &[0.0, 1.0]);
            assert!((found - exact).abs() < 0.003 * exact, "{n}: {found} for {exact}");
        }
        // An error below rounding is none.
        let found = worth_between_two(Study::Measurement { sd: 1e-12 }, 1, &[1e7, 2e7]);
        assert!((found - 0.5).abs() < 1e-3, "{found}");
    }

    #[test]
    fn counts_are_binomial() {
        // Of two who say yes with probability 0.3: none 0.49, one 0.42, both 0.09.
        let results = Study::Survey.results(2, &[0.3]);
        let chances: Vec<f64> = results.iter().map(|result| result.likelihood[0]).collect();
        for (chance, exact) in chances.iter().zip([0.49, 0.42, 0.09]) {
            assert!((chance - exact).abs() < 1e-12, "{chance} for {exact}");
        }
        // P(S ≤ 3) of ten with p = 0.3 (a published table: 0.6496).
        assert!((at_most(3.0, 10.0, 0.3) - 0.6496).abs() < 5e-5);
        // Exact and normal where they meet.
        let (n, p) = (47_000.0, 0.3);
        let exact = UnitBeta::new(n - 14_150.0, 14_151.0).cdf(1.0 - p);
        let normal = normal_cdf((14_150.5 - n * p) / libm::sqrt(n * p * (1.0 - p)));
        assert!((exact - normal).abs() < 2e-3, "{exact} and {normal}");
    }
}
