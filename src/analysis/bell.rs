//! A normal distribution in several dimensions, over a batch of paths at a time.

use crate::lanes::Lanes;
use crate::linear::factor_of;
use crate::sampler::{NO_SCORES, Scores};

/// A normal distribution by its mean and the lower triangle L of its covariance L Lᵀ.
#[derive(Clone, Debug)]
pub(super) struct Bell {
    mean: Vec<f64>,
    factor: Vec<Vec<f64>>,
    /// ln |L|.
    log_size: f64,
}

impl Bell {
    /// None where the covariance is not positive definite.
    pub(super) fn new(mean: Vec<f64>, covariance: &[Vec<f64>]) -> Option<Self> {
        let factor = factor_of(covariance)?;
        let log_size = factor.iter().enumerate().map(|(i, row)| libm::log(row[i])).sum();
        Some(Self { mean, factor, log_size })
    }

    /// Mean 0, variances 1, no correlation.
    pub(super) fn standard(dimensions: usize) -> Self {
        let row = |i: usize| (0..=i).map(|j| f64::from(u8::from(i == j))).collect();
        Self { mean: vec![0.0; dimensions], factor: (0..dimensions).map(row).collect(), log_size: 0.0 }
    }

    pub(super) fn mean(&self) -> &[f64] {
        &self.mean
    }

    pub(super) fn factor(&self) -> &[Vec<f64>] {
        &self.factor
    }

    pub(super) fn log_size(&self) -> f64 {
        self.log_size
    }

    /// m + `scale` L ε in the place of ε.
    pub(super) fn place(&self, scale: f64, scores: &mut [Scores]) {
        // From the last on: each needs only those before it.
        for i in (0..scores.len()).rev() {
            let mut sum = [Lanes::splat(self.mean[i]); NO_SCORES.len()];
            for (weight, scores) in self.factor[i].iter().zip(scores.iter()) {
                add(&mut sum, scale * weight, scores);
            }
            scores[i] = sum;
        }
    }

    /// |ε|² of z = m + L ε. `room` is memory to be used again.
    pub(super) fn squared_distance(&self, scores: &[Scores], room: &mut Vec<Scores>) -> Scores {
        room.clear();
        let mut sum = NO_SCORES;
        for (i, z) in scores.iter().enumerate() {
            let mut rest = *z;
            add(&mut rest, -1.0, &[Lanes::splat(self.mean[i]); NO_SCORES.len()]);
            for (weight, known) in self.factor[i][..i].iter().zip(room.iter()) {
                add(&mut rest, -weight, known);
            }
            for (sum, x) in sum.iter_mut().zip(&mut rest) {
                *x = *x / self.factor[i][i];
                *sum += *x * *x;
            }
            room.push(rest);
        }
        sum
    }
}

fn add(sum: &mut Scores, weight: f64, scores: &Scores) {
    if weight != 0.0 {
        sum.iter_mut().zip(scores).for_each(|(sum, x)| *sum += weight * *x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_placed_has_the_distance_that_it_was_placed_at() {
        let bell = Bell::new(vec![1.0, -2.0], &[vec![4.0, 2.0], vec![2.0, 10.0]]).unwrap();
        assert!((bell.log_size() - libm::log(6.0)).abs() < 1e-15);
        let mut scores = vec![[Lanes::splat(1.0); 16], [Lanes::splat(2.0); 16]];
        bell.place(1.0, &mut scores);
        // L is 2, 0; 1, 3.
        assert_eq!((scores[0][3].0[5], scores[1][3].0[5]), (3.0, 5.0));
        assert_eq!(bell.squared_distance(&scores, &mut Vec::new())[0].0[0], 5.0);
    }
}
