//! Weights of paths: how many paths they are worth, the evidence, and a choice of paths that have equal weights.
//!
//! Path i belongs to replicate i mod 16, and each replicate is weighted by itself: sixteen independent posteriors, from which all
//! errors come.

use crate::aggregate::Means;
use crate::lanes::LANES;
use crate::sampler::{random_order, random_uniform};

/// The logarithms of the weights, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights {
    log: Vec<f64>,
}

/// The evidence: the mean weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Its logarithm.
    pub log: f64,
    /// The standard error of that.
    pub se: f64,
}

impl Weights {
    pub(super) fn extend(&mut self, log: impl IntoIterator<Item = f64>) {
        // What is no number has no weight.
        self.log.extend(log.into_iter().map(|x| if x.is_nan() { f64::NEG_INFINITY } else { x }));
    }

    /// Adds the paths that come after these.
    pub(super) fn join(&mut self, mut more: Self) {
        self.log.append(&mut more.log);
    }

    pub(super) fn paths(&self) -> usize {
        self.log.len()
    }

    fn largest(&self) -> f64 {
        self.log.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The weights of a replicate, their sum 1; none where it has none.
    fn of_lane(&self, lane: usize, power: f64) -> Option<Vec<f64>> {
        let own = || self.log.iter().skip(lane).step_by(LANES);
        let most = own().copied().fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY {
            return None;
        }
        let raw: Vec<f64> = own().map(|x| libm::exp(power * (x - most))).collect();
        let sum: f64 = raw.iter().sum();
        Some(raw.into_iter().map(|x| x / sum).collect())
    }

    /// How many independent paths of the posterior have the same error: 16² / Σ over replicates of Σ w². 0 where a replicate has
    /// no weight at all.
    pub(super) fn effective(&self) -> f64 {
        self.effective_to(1.0)
    }

    /// The same of the weights to a power.
    pub(super) fn effective_to(&self, power: f64) -> f64 {
        let of_lane = |lane| self.of_lane(lane, power).map(|weights| weights.iter().map(|w| w * w).sum::<f64>());
        let sum: Option<f64> = (0..LANES).map(of_lane).sum();
        sum.map_or(0.0, |sum| (LANES * LANES) as f64 / sum)
    }

    /// The weights to a power, over all paths their sum 1.
    pub(super) fn normalised(&self, power: f64) -> Vec<f64> {
        let most = self.largest();
        let raw: Vec<f64> = self.log.iter().map(|x| libm::exp(power * (x - most))).collect();
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(|x| x / sum).collect()
    }

    /// The logarithm of the mean weight, which is unbiased before the logarithm is taken.
    pub(super) fn evidence(&self) -> Evidence {
        let most = self.largest();
        let raw: Vec<f64> = self.log.iter().map(|x| libm::exp(x - most)).collect();
        let mean = Means::of_numbers(&raw).estimate();
        Evidence { log: most + libm::log(mean.value), se: mean.se.unwrap_or(0.0) / mean.value }
    }

    /// Of each replicate `count` paths, each as often as its weight says, in random order (systematic resampling: Kitagawa, 1996).
    /// Path numbers div 16.
    pub(super) fn resampled(&self, count: usize, seed: u64) -> Option<Vec<Vec<usize>>> {
        let of_lane = |lane: usize| {
            let weights = self.of_lane(lane, 1.0)?;
            let start = random_uniform(seed, &format!("posterior: start of replicate {lane}"));
            let (mut at, mut below) = (0, weights[0]);
            let picked: Vec<usize> = (0..count)
                .map(|i| {
                    let level = (i as f64 + start) / count as f64;
                    while below < level && at + 1 < weights.len() {
                        at += 1;
                        below += weights[at];
                    }
                    at
                })
                .collect();
            let order = random_order(seed, &format!("posterior: order of replicate {lane}"), count);
            Some(order.into_iter().map(|i| picked[i]).collect())
        };
        (0..LANES).map(of_lane).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_are_worth_all_paths_and_one_path_is_worth_one_a_replicate() {
        let mut weights = Weights::default();
        weights.extend([0.25; 64]);
        assert_eq!(weights.effective(), 64.0);
        assert_eq!(weights.evidence(), Evidence { log: 0.25, se: 0.0 });
        let mut one = Weights::default();
        one.extend((0..64).map(|i| if i < 16 { -1000.0 } else { f64::NEG_INFINITY }));
        assert_eq!(one.effective(), 16.0);
        // A quarter of exp(−1000).
        assert!((one.evidence().log - (-1000.0 - libm::log(4.0))).abs() < 1e-12);
        assert_eq!(one.resampled(8, 1).unwrap()[3], [0; 8]);
    }

    #[test]
    fn a_path_is_chosen_as_often_as_its_weight_says() {
        let mut weights = Weights::default();
        // Of each replicate four paths with the weights 1, 2, 3, 4.
        weights.extend((0..64).map(|i| libm::log(f64::from(1 + i / 16))));
        for lane in weights.resampled(10, 7).unwrap() {
            let times = |path| lane.iter().filter(|picked| **picked == path).count();
            assert_eq!([times(0), times(1), times(2), times(3)], [1, 2, 3, 4]);
        }
    }
}
