//! What it is worth to know something before choosing between options, from what each earns on the same futures.
//!
//! If X is known beforehand and option d earns Y_d, knowing is worth E(max_d E(Y_d | X)) − max_d E(Y_d) (Raiffa and Schlaifer,
//! 1961). The obvious estimate, the mean of the largest of several fitted means, is too high: the largest of noisy numbers is,
//! on average, larger than the largest of the true ones, so noise would be sold as value. Here instead a policy (which option at
//! which X) is fitted on twelve of the sixteen replicates, and what it earns is measured on the other four; each four in turn.
//! Such a figure promises no more than a policy that exists has earned on futures that it has never seen. It falls short of the
//! best policy by what a fit from finitely many futures gets wrong. Such a fit goes wrong only where two options earn nearly the same,
//! so the loss is of second order in its error; it can be felt where a choice changes in a far tail that hardly any future reaches.
//!
//! Dependent inputs need no care: the futures are drawn from their joint distribution, and so is what is learned of one input
//! from another.

use super::along::Along;
use super::together::together;
use crate::aggregate::{Estimate, error_of_sums};
use crate::lanes::LANES;

/// Fewer paths are too few to find a policy on.
pub const FEWEST_TO_CHOOSE: u64 = 1024;
/// Replicates on which a policy is measured at a time; it is found on the others.
const HELD_OUT: usize = 4;
/// How often a policy is found.
pub(super) const FOLDS: usize = LANES / HELD_OUT;

/// The part of the replicates to which a path belongs.
pub(super) fn fold_of(replicate: usize) -> usize {
    replicate / HELD_OUT
}

/// What each option earns on the same paths. Path i belongs to replicate i mod 16.
///
/// ```
/// use breakeven::analysis::Payoffs;
///
/// // Go, which earns −1 or 3 on every other pair of futures, or nothing.
/// let signal: Vec<f64> = (0..4096).map(|i| f64::from(i / 16 % 2)).collect();
/// let go = signal.iter().map(|s| 4.0 * s - 1.0).collect();
/// let payoffs = Payoffs::new(vec![go, vec![0.0; 4096]])?;
/// assert_eq!(payoffs.best(), 0);
/// // To go earns 1 on average. With the signal known the loss of 1 is avoided half of the time: that is worth 0.5.
/// assert_eq!(payoffs.everything().value, 0.5);
/// assert_eq!(payoffs.along(&signal).value().value, 0.5);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct Payoffs {
    /// By option, by path.
    options: Vec<Vec<f64>>,
    means: Vec<Estimate>,
    best: usize,
}

impl Payoffs {
    /// The payoffs of each option, path by path.
    ///
    /// # Errors
    /// Where there is no option, one has another number of paths than the first, or there are fewer than 1,024.
    pub fn new(options: Vec<Vec<f64>>) -> Result<Self, String> {
        let paths = options.first().map_or(0, Vec::len);
        if (paths as u64) < FEWEST_TO_CHOOSE {
            return Err(format!("{paths} paths: the value of information takes at least {FEWEST_TO_CHOOSE}"));
        }
        if let Some(other) = options.iter().find(|option| option.len() != paths) {
            return Err(format!("an option has {} paths, the first {paths}", other.len()));
        }
        let mean = |option: &Vec<f64>| {
            // Counted from the first, so that equal numbers have no error by rounding.
            let pivot = option[0];
            let offset = estimate(sums(option.iter().map(|y| y - pivot)), paths);
            Estimate::of_replicates(pivot + offset.value, offset.se.unwrap_or(0.0))
        };
        let means: Vec<Estimate> = options.iter().map(mean).collect();
        let best = (0..means.len()).fold(0, |best, d| if means[d].value > means[best].value { d } else { best });
        Ok(Self { options, means, best })
    }

    /// The option with the highest mean; the first of several.
    #[must_use]
    pub fn best(&self) -> usize {
        self.best
    }

    /// The mean of each option.
    #[must_use]
    pub fn means(&self) -> &[Estimate] {
        &self.means
    }

    /// How far each option is behind the best one on average, on the same paths; 0 of the best.
    #[must_use]
    pub fn behind(&self) -> Vec<Estimate> {
        let best = &self.options[self.best];
        let behind = |option: &Vec<f64>| estimate(sums(best.iter().zip(option).map(|(b, y)| b - y)), self.paths());
        self.options.iter().map(behind).collect()
    }

    /// The standard deviation of what the best option earns.
    #[must_use]
    pub fn spread(&self) -> f64 {
        let (best, mean) = (&self.options[self.best], self.means[self.best].value);
        let squares: f64 = best.iter().map(|y| (y - mean) * (y - mean)).sum();
        libm::sqrt(squares / (self.paths() as f64 - 1.0))
    }

    /// The share of the paths on which each option earns the most; the first of several that earn the same.
    #[must_use]
    pub fn best_shares(&self) -> Vec<f64> {
        let mut counts = vec![0_u64; self.options.len()];
        for path in 0..self.paths() {
            counts[self.largest(path)] += 1;
        }
        counts.into_iter().map(|count| count as f64 / self.paths() as f64).collect()
    }

    /// What it would be worth to know everything: E(max_d Y_d) − max_d E(Y_d).
    #[must_use]
    pub fn everything(&self) -> Estimate {
        let gain = |path: usize| self.options[self.largest(path)][path] - self.options[self.best][path];
        worth(sums((0..self.paths()).map(gain)), self.paths())
    }

    /// The same payoffs seen along one input, of which the value on each path is given.
    ///
    /// # Panics
    /// Where it has another number of paths.
    #[must_use]
    pub fn along(&self, drawn: &[f64]) -> Along {
        assert_eq!(drawn.len(), self.paths(), "a value for each path");
        Along::new(self, drawn)
    }

    /// What it would be worth to know several inputs together: curves of each and products of each pair are fitted.
    ///
    /// # Panics
    /// Where one has another number of paths.
    #[must_use]
    pub fn together(&self, drawn: &[&[f64]]) -> Estimate {
        assert!(drawn.iter().all(|column| column.len() == self.paths()), "a value for each path");
        match drawn {
            [] => worth([0.0; LANES], self.paths()),
            [only] => self.along(only).value(),
            several => together(self, several),
        }
    }

    pub(super) fn paths(&self) -> usize {
        self.options[0].len()
    }

    /// By option, by path.
    pub(super) fn options(&self) -> &[Vec<f64>] {
        &self.options
    }

    fn largest(&self, path: usize) -> usize {
        let more = |best: usize, d: usize| if self.options[d][path] > self.options[best][path] { d } else { best };
        // What is best on average is so where it is as good as any.
        (0..self.options.len()).fold(self.best, more)
    }
}

/// The sum of numbers by replicate.
fn sums(numbers: impl Iterator<Item = f64>) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    numbers.enumerate().for_each(|(path, x)| sums[path % LANES] += x);
    sums
}

fn estimate(sums: [f64; LANES], paths: usize) -> Estimate {
    let value = sums.iter().sum::<f64>() / paths as f64;
    Estimate::of_replicates(value, error_of_sums(sums, paths as u64))
}

/// What is gained, from its sums by replicate. Knowing more is never worth less than nothing, whatever the noise says.
pub(super) fn worth(sums: [f64; LANES], paths: usize) -> Estimate {
    at_least_nothing(estimate(sums, paths))
}

pub(super) fn at_least_nothing(Estimate { value, se, interval }: Estimate) -> Estimate {
    Estimate { value: value.max(0.0), se, interval: interval.map(|(low, high)| (low.max(0.0), high.max(0.0))) }
}

/// The option with the largest gain over the one that is best on average; that one where none has any.
pub(super) fn best_of(gains: impl Iterator<Item = f64>, best: usize) -> usize {
    let (mut chosen, mut most) = (best, 0.0);
    for (d, gain) in gains.enumerate() {
        if gain > most {
            (chosen, most) = (d, gain);
        }
    }
    chosen
}
