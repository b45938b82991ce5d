//! Studies of an input before the choice: what they may find, and how likely each result is at each value of the input.

use crate::distribution::special::normal_cdf;

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
/// Counts less likely than this part of the likeliest are left out.
const BEYOND: f64 = 1e-18;
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
                between(&edges, values, |p| counts_up_to(&edges, size, p))
            }
            Self::Measurement { sd } => {
                let largest = values.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
                let error = (sd / libm::sqrt(size)).max(ROUNDING * largest);
                let edges = edges(values.iter().map(|x| (*x, error)));
                between(&edges, values, |x| edges.iter().map(|edge| normal_cdf((edge - x) / error)).collect())
            }
        }
    }
}

/// How likely a binomial count is not above each of some rising edges.
fn counts_up_to(edges: &[f64], n: f64, p: f64) -> Vec<f64> {
    let variance = n * p * (1.0 - p);
    if variance > NORMAL_FROM {
        let sd = libm::sqrt(variance);
        return edges.iter().map(|k| normal_cdf((k + 0.5 - n * p) / sd)).collect();
    }
    // Chances one after the other, from the likeliest count on to both sides, as parts of their sum.
    let mode = ((n + 1.0) * p).floor().min(n);
    let odds = p / (1.0 - p);
    let mut up = vec![1.0];
    let mut k = mode;
    while k < n && up[up.len() - 1] > BEYOND {
        up.push(up[up.len() - 1] * odds * (n - k) / (k + 1.0));
        k += 1.0;
    }
    let mut down = vec![1.0];
    let mut k = mode;
    while k > 0.0 && down[down.len() - 1] > BEYOND {
        down.push(down[down.len() - 1] * k / (odds * (n - k + 1.0)));
        k -= 1.0;
    }
    let first = mode - (down.len() - 1) as f64;
    let mut below = 0.0;
    let chances = down[1..].iter().rev().chain(&up);
    let sums: Vec<f64> = chances
        .map(|chance| {
            below += chance;
            below
        })
        .collect();
    let of = |edge: &f64| match edge - first {
        before if before < 0.0 => 0.0,
        at => sums[(at as usize).min(sums.len() - 1)] / below,
    };
    edges.iter().map(of).collect()
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

/// The results between edges, where `up_to` says for a value how likely what is found is not above each of them.
fn between(edges: &[f64], values: &[f64], up_to: impl Fn(f64) -> Vec<f64>) -> Vec<Finding> {
    let of_values: Vec<Vec<f64>> = values.iter().map(|x| up_to(*x)).collect();
    let up_to = |edge: usize, of_value: &Vec<f64>| of_value.get(edge).copied().unwrap_or(1.0);
    let between = |edge: usize| {
        Finding::new(of_values.iter().map(|of| up_to(edge, of) - if edge > 0 { up_to(edge - 1, of) } else { 0.0 }))
    };
    (0..=edges.len()).filter_map(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::special::UnitBeta;

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
        assert!((counts_up_to(&[3.0], 10.0, 0.3)[0] - 0.6496).abs() < 5e-5);
        // Against the beta distribution: P(S ≤ k) = I_{1 − p}(n − k, k + 1).
        for (n, p, k) in [(1500.0, 0.4, 580.0), (40_000.0, 0.02, 815.0), (1e6, 3e-3, 3050.0), (2000.0, 0.999, 1996.0)] {
            let exact = UnitBeta::new(n - k, k + 1.0).cdf(1.0 - p);
            let found = counts_up_to(&[k], n, p)[0];
            assert!((found - exact).abs() < 1e-8, "{n}, {p}: {found} for {exact}");
        }
        // Nobody, or everybody.
        assert_eq!(counts_up_to(&[-1.0, 0.0, 5.0], 5.0, 0.0), [0.0, 1.0, 1.0]);
        assert_eq!(counts_up_to(&[0.0, 4.0, 5.0], 5.0, 1.0), [0.0, 0.0, 1.0]);
        // Exact and normal where they meet.
        let (n, p) = (47_000.0, 0.3);
        let exact = UnitBeta::new(n - 14_150.0, 14_151.0).cdf(1.0 - p);
        let normal = normal_cdf((14_150.5 - n * p) / libm::sqrt(n * p * (1.0 - p)));
        assert!((exact - normal).abs() < 2e-3, "{exact} and {normal}");
    }
}
