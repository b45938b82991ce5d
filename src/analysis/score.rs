//! A forecast held against what came: where each number fell in its distribution, how often intervals held, and whether all
//! of them together are more surprising, or less, than the forecast's own futures are to itself.

use crate::aggregate::sorted_numbers;
use crate::data::Observation;
use crate::distribution::{normal_cdf, normal_quantile};
use crate::linear::{factor_of, forward};
use crate::sampler::normals;

/// Futures on which the forecast is held against itself.
const COMPARED: usize = 16_384;
/// So many futures a number are the least from which it is known how numbers hang together, and so many in all.
const PER_NUMBER: usize = 20;
const FEWEST: usize = 400;
/// The ends of the intervals of 50% and 90%.
const ENDS: [[f64; 2]; 2] = [[0.25, 0.75], [0.05, 0.95]];

/// One number and its forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// Where the number fell: the share of the forecast's distribution below it (the probability integral transform).
    pub pit: f64,
    /// The ends of the intervals of 50% and 90%.
    pub intervals: [[f64; 2]; 2],
    /// The continuous ranked probability score, in the number's unit: 0 of a forecast that was certain and right (Gneiting and
    /// Raftery, 2007).
    pub crps: f64,
    /// The forecast's median.
    pub median: f64,
}

impl Scored {
    /// Whether a number lies in the interval of 50%, and of 90%.
    #[must_use]
    pub fn holds(&self, observed: f64) -> [bool; 2] {
        self.intervals.map(|[low, high]| (low..=high).contains(&observed))
    }
}

/// All numbers together.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// For each observation.
    pub scored: Vec<Scored>,
    /// The share of the forecast's own futures that are at least as far from its middle, by Mahalanobis' distance of normal scores,
    /// as what came. Small: the forecast was over-confident, or wrong about the level. Near 1: it was too wide. None where there are
    /// too few futures for so many numbers.
    pub as_far: Option<f64>,
}

impl Score {
    /// Of observations and what was simulated of each, by observation and path; `error` is the relative one of observations.
    pub(super) fn of(observations: &[Observation], simulated: &[Vec<f64>], error: f64, seed: u64) -> Self {
        let mut scored = Vec::new();
        let (mut scores, mut came) = (Vec::new(), Vec::new());
        for (i, (seen, simulated)) in observations.iter().zip(simulated).enumerate() {
            let noise = normals(seed, &format!("score: error of observation {i}"), simulated.len());
            let with_error = |(x, z): (&f64, &f64)| match seen.sd {
                Some(sd) => x + sd * z,
                None => x * libm::exp(error * z),
            };
            let forecast: Vec<f64> = simulated.iter().zip(&noise).map(with_error).collect();
            let below = |x: &f64| match seen.sd {
                Some(sd) => normal_cdf((seen.value - x) / sd),
                None if *x > 0.0 => normal_cdf((libm::log(seen.value) - libm::log(*x)) / error),
                None => 1.0,
            };
            let pit = simulated.iter().map(below).sum::<f64>() / simulated.len() as f64;
            scored.push(one(pit, &forecast, seen.value));
            let some = &forecast[..forecast.len().min(COMPARED)];
            scores.push(normal_scores(some));
            came.push(normal_score(pit, seen, &sorted_numbers(some)));
        }
        Self { scored, as_far: as_far(&scores, &came) }
    }

    /// The shares of the observations that lie in the intervals of 50% and 90%.
    #[must_use]
    pub fn coverage(&self, observations: &[Observation]) -> [f64; 2] {
        let held: Vec<[bool; 2]> =
            self.scored.iter().zip(observations).map(|(scored, seen)| scored.holds(seen.value)).collect();
        [0, 1].map(|i| held.iter().filter(|held| held[i]).count() as f64 / held.len().max(1) as f64)
    }
}

fn one(pit: f64, forecast: &[f64], observed: f64) -> Scored {
    let ordered = sorted_numbers(forecast);
    let n = ordered.len() as f64;
    let away = ordered.iter().map(|y| (y - observed).abs()).sum::<f64>() / n;
    // Half of what two futures are apart on average.
    let apart = ordered.iter().enumerate().map(|(i, y)| (2.0 * (i as f64 + 1.0) - n - 1.0) * y).sum::<f64>() / (n * n);
    let at = |p: f64| crate::aggregate::quantile_of(&ordered, p);
    Scored { pit, intervals: ENDS.map(|ends| ends.map(at)), crps: (away - apart).max(0.0), median: at(0.5) }
}

/// The normal quantile of each number's rank.
fn normal_scores(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    let mut out = vec![0.0; numbers.len()];
    for (rank, path) in order.into_iter().enumerate() {
        out[path] = normal_quantile((rank as f64 + 0.5) / numbers.len() as f64);
    }
    out
}

/// The normal score of what was observed: beyond all futures it grows as in a bell that has their median and their end.
fn normal_score(pit: f64, seen: &Observation, ordered: &[f64]) -> f64 {
    let end = 0.5 / ordered.len() as f64;
    if (end..=1.0 - end).contains(&pit) {
        return normal_quantile(pit);
    }
    let scale = |x: f64| if seen.sd.is_some() { x } else { libm::log(x.max(f64::MIN_POSITIVE)) };
    let (median, z) = (scale(crate::aggregate::quantile_of(ordered, 0.5)), normal_quantile(1.0 - end));
    let outermost = if pit < 0.5 { ordered[0] } else { ordered[ordered.len() - 1] };
    let sd = ((scale(outermost) - median) / z).abs();
    if sd > 0.0 { (scale(seen.value) - median) / sd } else { z.copysign(pit - 0.5) }
}

/// The share of paths that are at least as far from the middle as what came. How numbers hang together is taken from one half of the
/// paths, and what came is held against the other half: to both it is equally strange.
fn as_far(scores: &[Vec<f64>], came: &[f64]) -> Option<f64> {
    let paths = scores.first().map_or(0, Vec::len);
    if paths < FEWEST.max(PER_NUMBER * scores.len()) {
        return None;
    }
    let half = paths / 2;
    let with = |a: &[f64], b: &[f64]| a[..half].iter().zip(&b[..half]).map(|(x, y)| x * y).sum::<f64>() / half as f64;
    // Two numbers that are the same on every path have an error of their own, or a little of one.
    let row = |(i, a): (usize, &Vec<f64>)| {
        scores.iter().enumerate().map(|(j, b)| with(a, b) + if i == j { 1e-6 } else { 0.0 }).collect()
    };
    let covariance: Vec<Vec<f64>> = scores.iter().enumerate().map(row).collect();
    let lower = factor_of(&covariance)?;
    let distance = |z: &[f64]| forward(&lower, z).iter().map(|x| x * x).sum::<f64>();
    let threshold = distance(came);
    let mut z = vec![0.0; scores.len()];
    let beyond = (half..paths).filter(|path| {
        z.iter_mut().zip(scores).for_each(|(z, scores)| *z = scores[*path]);
        distance(&z) >= threshold
    });
    Some(beyond.count() as f64 / (paths - half) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(value: f64, sd: f64) -> Observation {
        Observation {
            month: 1,
            segment: None,
            series: 1,
            name: "paying",
            unit: "persons",
            value,
            sd: Some(sd),
            line: 1,
        }
    }

    #[test]
    fn the_score_of_a_normal_forecast_is_the_published_one() {
        // CRPS of N(0, 1) at y: y (2 Φ(y) − 1) + 2 φ(y) − 1/√π (Gneiting and others, 2005); at 1 it is 0.602441.
        let simulated = vec![normals(3, "x", 65_536).iter().map(|z| 0.8 * z).collect()];
        let score = Score::of(&[seen(1.0, 0.6)], &simulated, 0.1, 1);
        let found = &score.scored[0];
        assert!((found.crps - 0.602_441).abs() < 0.01, "{}", found.crps);
        assert!((found.pit - 0.841_345).abs() < 0.005, "{}", found.pit);
        assert!((found.intervals[1][1] - 1.644_854).abs() < 0.03);
        assert_eq!(found.holds(1.0), [false, true]);
        // As far as 1 or farther: 2 (1 − Φ(1)).
        assert!((score.as_far.unwrap() - 0.317_311).abs() < 0.02, "{:?}", score.as_far);
    }

    #[test]
    fn over_confidence_is_told_from_truth() {
        // Twelve months; the forecast believes in a common level with sd 1 and errors of sd 0.3, and reality has three times these.
        let futures = |name: &str, scale: f64, count: usize| -> Vec<Vec<f64>> {
            let level = normals(9, name, count);
            let month = |m: usize| {
                normals(9, &format!("{name} {m}"), count)
                    .iter()
                    .zip(&level)
                    .map(|(e, l)| scale * (l + 0.3 * e))
                    .collect()
            };
            (0..12).map(month).collect()
        };
        let forecast = futures("forecast", 1.0, 4096);
        let told = |scale: f64| {
            let truth = futures("truth", scale, 100);
            let is = |i: usize| {
                let seen: Vec<Observation> = truth.iter().map(|month| seen(month[i], 1e-3)).collect();
                Score::of(&seen, &forecast, 0.1, 1).as_far.unwrap() < 0.01
            };
            (0..100).filter(|i| is(*i)).count()
        };
        assert!(told(3.0) >= 95);
        assert!(told(1.0) <= 5);
    }

    #[test]
    fn many_numbers_and_few_futures_do_not_make_a_true_forecast_over_confident() {
        let independent = |name: &str, numbers: usize, count: usize| -> Vec<Vec<f64>> {
            (0..numbers).map(|i| normals(4, &format!("{name} {i}"), count)).collect()
        };
        let (forecast, truth) = (independent("forecast", 30, 600), independent("truth", 30, 100));
        let as_far = |i: usize| {
            let seen: Vec<Observation> = truth.iter().map(|number| seen(number[i], 1e-3)).collect();
            Score::of(&seen, &forecast, 0.1, 1).as_far.unwrap()
        };
        let judged: Vec<f64> = (0..100).map(as_far).collect();
        assert!(judged.iter().filter(|share| **share < 0.01).count() <= 5, "{judged:?}");
        let middle = judged.iter().sum::<f64>() / 100.0;
        assert!((middle - 0.5).abs() < 0.12, "{middle}");
        // Of so few nothing is said.
        let fewer: Vec<Vec<f64>> = forecast.iter().map(|number| number[..300].to_vec()).collect();
        let seen: Vec<Observation> = truth.iter().map(|number| seen(number[0], 1e-3)).collect();
        assert_eq!(Score::of(&seen, &fewer, 0.1, 1).as_far, None);
    }
}
