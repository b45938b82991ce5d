//! Sums by replicate: path i belongs to replicate i mod 16, and each replicate is a whole sample of its own.

use serde::{Deserialize, Serialize};

use super::exact::ExactSum;
use crate::lanes::{LANES, Lanes, paths_of_lane};

/// An exact sum over the paths of each replicate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Replicates([ExactSum; LANES]);

impl Replicates {
    /// Adds a number to each replicate.
    pub(super) fn add(&mut self, numbers: Lanes) {
        for (sum, x) in self.0.iter_mut().zip(numbers.0) {
            sum.add(x);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            a.merge(b);
        }
    }

    /// The sum over all paths.
    pub(super) fn total(&self) -> f64 {
        let mut total = ExactSum::default();
        self.0.iter().for_each(|sum| total.merge(sum));
        total.value()
    }

    /// The sums, each rounded once.
    pub(super) fn values(&self) -> [f64; LANES] {
        self.0.map(|sum| sum.value())
    }
}

/// How many paths of each replicate are counted.
pub(super) type Tally = [u64; LANES];

/// From so many paths on, errors come from replicates: below, a replicate is hardly a sample.
pub(crate) const FEWEST_PATHS: u64 = 2 * LANES as u64;

/// The standard error of the mean of `paths` numbers whose sums by replicate are `sums`: from how far the replicates' means lie
/// apart. Such errors have 15 degrees of freedom.
pub(crate) fn standard_error(sums: [f64; LANES], paths: u64) -> f64 {
    error_of_means(means_of(sums, paths))
}

/// The same of a mean over some of the paths, `tally` of each replicate: from what is left of each sum when the mean is taken off
/// (the error of a ratio).
pub(crate) fn standard_error_of_some(sums: [f64; LANES], mean: f64, tally: &Tally) -> f64 {
    let each = tally.iter().sum::<u64>() as f64 / LANES as f64;
    error_of_means(std::array::from_fn(|lane| (sums[lane] - mean * tally[lane] as f64) / each))
}

/// The means of the replicates, from their sums.
pub(super) fn means_of(sums: [f64; LANES], paths: u64) -> [f64; LANES] {
    let mut means = sums;
    for (lane, mean) in means.iter_mut().enumerate() {
        *mean /= paths_of_lane(paths, lane) as f64;
    }
    means
}

/// The standard error of the mean of sixteen means.
pub(super) fn error_of_means(means: [f64; LANES]) -> f64 {
    let size = LANES as f64;
    let mean = means.iter().sum::<f64>() / size;
    let squares: f64 = means.iter().map(|m| (m - mean) * (m - mean)).sum();
    libm::sqrt(squares / ((size - 1.0) * size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_sixteen_means_is_that_of_a_sample() {
        // Sums of 2 paths each: means 1 … 16, whose variance is 22.67, so that of their mean is 22.67 / 16.
        let sums = std::array::from_fn(|lane| 2.0 * (lane as f64 + 1.0));
        assert!((standard_error(sums, 32) - (68.0_f64 / 3.0 / 16.0).sqrt()).abs() < 1e-12);
        // Replicates of different sizes: 40 paths are 3 in each of eight lanes, 2 in each of the others; all means are 5.
        let sums = std::array::from_fn(|lane| if lane < 8 { 15.0 } else { 10.0 });
        assert_eq!(standard_error(sums, 40), 0.0);
        // … and as a mean over some of the paths, of which the replicates have as many.
        let tally = std::array::from_fn(|lane| if lane < 8 { 3 } else { 2 });
        assert_eq!(standard_error_of_some(sums, 5.0, &tally), 0.0);
        let sums = std::array::from_fn(|lane| 2.0 * (lane as f64 + 1.0));
        assert_eq!(standard_error_of_some(sums, 8.5, &[2; LANES]), standard_error(sums, 32));
    }
}
