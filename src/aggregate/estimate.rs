//! Estimates with their errors: the simulation's own error, never the spread of outcomes.
//!
//! From 32 paths on every error comes from the sixteen replicates of a run (`replicates`), whatever the sampler: for evenly
//! spread points s/√n would be wrong. Intervals are at 95%: Student's for means, Wilson's for probabilities with the number of
//! independent paths that would have the same error, and for quantiles Woodruff's (1952), which are the quantiles at the ends of the interval
//! of the probability below.

use serde::{Deserialize, Serialize};

use super::ranked::Ranked;
use super::replicates::{FEWEST_PATHS, Replicates, Tally, standard_error, standard_error_of_some};
use super::spread::Ordered;

/// Φ⁻¹(0.975).
const Z975: f64 = 1.959_963_984_540_054;
/// Student's t at 0.975, by degrees of freedom from 1 to 30.
const T975: [f64; 30] = [
    12.7062,
    4.3027,
    3.1824,
    2.7764,
    2.5706,
    2.4469,
    2.3646,
    2.3060,
    2.2622,
    2.2281,
    2.2010,
    2.1788,
    2.1604,
    2.1448,
    2.131_449_545_559_323,
    2.1199,
    2.1098,
    2.1009,
    2.0930,
    2.0860,
    2.0796,
    2.0739,
    2.0687,
    2.0639,
    2.0595,
    2.0555,
    2.0518,
    2.0484,
    2.0452,
    2.0423,
];

/// With fewer paths beyond a quantile its error is not told.
const FEWEST_BEYOND: f64 = 3.0;

/// Student's t for errors made of `n` paths.
fn student(n: u64) -> f64 {
    let degrees = if n < FEWEST_PATHS { n - 1 } else { crate::lanes::LANES as u64 - 1 };
    T975[degrees.clamp(1, 30) as usize - 1]
}

/// A number with the simulation's own standard error and 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error; none for a single path or an infinite estimate.
    pub se: Option<f64>,
    /// The ends of its 95% interval, where there is an error.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// A number of which no error is known.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self { value, se: None, interval: None }
    }

    /// A mean of `n` paths with its error.
    pub(super) fn mean(value: f64, se: Option<f64>, n: u64) -> Self {
        let half = se.map(|se| student(n) * se);
        Self { value, se, interval: half.map(|half| (value - half, value + half)) }
    }

    /// The mean of `n` paths of which the standard error is known: with Student's interval.
    #[must_use]
    pub fn of_error(value: f64, se: Option<f64>, n: u64) -> Self {
        Self::mean(value, se, n)
    }

    /// A number whose error comes from sixteen replicates.
    #[must_use]
    pub fn of_replicates(value: f64, se: f64) -> Self {
        Self::mean(value, Some(se), FEWEST_PATHS)
    }

    /// The mean of `n` numbers by their sums, taken from `pivot`; `sd` is asked for where there are too few for replicates.
    pub(super) fn of_mean(sums: &Replicates, pivot: f64, n: u64, sd: impl FnOnce() -> Option<f64>) -> Self {
        let value = pivot + sums.total() / n as f64;
        let se = if n < FEWEST_PATHS {
            sd().map(|sd| sd / libm::sqrt(n as f64))
        } else {
            Some(standard_error(sums.values(), n))
        };
        Self::mean(value, se, n)
    }

    /// The mean of the finite ones of some numbers, `tally` of each replicate, by their sums.
    pub(super) fn of_some(sums: &Replicates, pivot: f64, tally: &Tally, sd: Option<f64>) -> Self {
        let n = tally.iter().sum();
        let mean = sums.total() / n as f64;
        let se = if n < FEWEST_PATHS {
            sd.map(|sd| sd / libm::sqrt(n as f64))
        } else {
            Some(standard_error_of_some(sums.values(), mean, tally))
        };
        Self::mean(pivot + mean, se, n)
    }

    /// The quantile at `p` of `n` numbers; without an error where hardly any lie beyond it.
    pub(super) fn of_quantile(numbers: &Ordered<'_>, p: f64, n: u64) -> Self {
        let value = numbers.quantile(p);
        // So far out no error is known.
        if n as f64 * p.min(1.0 - p) < FEWEST_BEYOND {
            return Self::exact(value);
        }
        let se = if n < FEWEST_PATHS {
            libm::sqrt(p * (1.0 - p) / n as f64)
        } else {
            kept_plausible(numbers.error_below(value, p), p, n)
        };
        let half = student(n) * se;
        // Nor where an end of the interval would lie beyond all paths.
        if p - half < 0.0 || p + half > 1.0 {
            return Self::exact(value);
        }
        let at = |p: f64| numbers.quantile(p);
        let (low, high) = (at(p - half), at(p + half));
        if !low.is_finite() || !high.is_finite() {
            return Self::exact(value);
        }
        Self { value, se: Some(0.5 * (at(p + se) - at(p - se))), interval: Some((low, high)) }
    }
}

/// The error of a probability, where it is that of between n/4 and 64n independent paths, or else the nearest that is: sixteen
/// replicates can agree by chance.
fn kept_plausible(se: f64, p: f64, n: u64) -> f64 {
    let one_path = p * (1.0 - p) / n as f64;
    se.clamp(libm::sqrt(one_path / 64.0), libm::sqrt(one_path * 4.0))
}

/// A probability with its error and 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    /// What it is the probability of; empty where the place says it.
    pub name: &'static str,
    /// On how many paths.
    pub count: u64,
    /// The share of paths.
    pub probability: f64,
    /// Its standard error; none for a single path.
    pub se: Option<f64>,
    /// Lower end of Wilson's interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Proportion {
    /// The share of `n` paths that are counted in `yes`, by replicate.
    ///
    /// ```
    /// // Wilson's interval for 1 of 10, as tabulated: 0.0179 to 0.4042.
    /// let mut yes = [0; 16];
    /// yes[3] = 1;
    /// let p = breakeven::aggregate::Proportion::of("", &yes, 10);
    /// assert!((p.low - 0.01788).abs() < 1e-5 && (p.high - 0.40415).abs() < 1e-5);
    /// ```
    #[must_use]
    pub fn of(name: &'static str, yes: &Tally, n: u64) -> Self {
        let count: u64 = yes.iter().sum();
        // Too few paths for replicates, or nothing that could differ between them.
        if n < FEWEST_PATHS || count == 0 || count == n {
            return Self::independent(name, count, n);
        }
        let p = count as f64 / n as f64;
        let se = kept_plausible(standard_error(yes.map(|count| count as f64), n), p, n);
        Self::wilson(name, (count, n), se, (p * (1.0 - p) / (se * se), student(n)))
    }

    /// The share of `n` independent paths, `count` of which count.
    #[must_use]
    pub fn independent(name: &'static str, count: u64, n: u64) -> Self {
        let p = count as f64 / n.max(1) as f64;
        Self::wilson(name, (count, n), libm::sqrt(p * (1.0 - p) / n.max(1) as f64), (n.max(1) as f64, Z975))
    }

    /// With Wilson's interval for as many independent paths as `size`.
    fn wilson(name: &'static str, (count, n): (u64, u64), se: f64, (size, z): (f64, f64)) -> Self {
        let p = count as f64 / n.max(1) as f64;
        let z2 = z * z / size;
        let middle = (p + 0.5 * z2) / (1.0 + z2);
        let half = z / (1.0 + z2) * libm::sqrt((p * (1.0 - p) + 0.25 * z2) / size);
        let low = if count == 0 { 0.0 } else { (middle - half).clamp(0.0, p) };
        let high = if count == n { 1.0 } else { (middle + half).clamp(p, 1.0) };
        Self { name, count, probability: p, se: (n > 1).then_some(se), low, high }
    }

    /// The same as an estimate.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        Estimate { value: self.probability, se: self.se, interval: self.se.map(|_| (self.low, self.high)) }
    }

    /// Half the width of its interval.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicates_that_agree_by_chance_do_not_make_an_error_of_zero() {
        // Every replicate has 25 of its 100 paths: the error is kept at an eighth of √(p (1 − p) / n).
        let p = Proportion::of("", &[25; 16], 1600);
        assert_eq!((p.probability, p.se), (0.25, Some(libm::sqrt(0.25 * 0.75 / 1600.0) / 8.0)));
        assert!(p.low > 0.247 && p.high < 0.253 && p.low < 0.25 && p.high > 0.25);
        // One replicate has them all: no worse than a quarter of the paths.
        let mut one = [0; 16];
        one[5] = 100;
        let p = Proportion::of("", &one, 1600);
        assert_eq!(p.se, Some(libm::sqrt(0.0625 * 0.9375 / 400.0)));
    }

    #[test]
    fn a_quantile_beyond_which_hardly_any_path_lies_has_no_error() {
        use crate::aggregate::spread::Spread;
        use crate::lanes::Lanes;
        let mut spread = Spread::kept();
        for group in 0..4 {
            spread.add(&Lanes(std::array::from_fn(|lane| f64::from(group * 16 + lane as i32))), 16);
        }
        let ordered = spread.ordered();
        let at = |p: f64| Estimate::of_quantile(&ordered, p, 64);
        assert!([0.0, 0.001, 0.02, 0.98, 1.0].into_iter().all(|p| at(p).interval.is_none() && at(p).se.is_none()));
        let (low, high) = at(0.5).interval.unwrap();
        assert!(low < 31.5 && 31.5 < high);
    }

    /// 256 numbers by group of sixteen and lane, as they were kept.
    fn groups(number: impl Fn(i32, usize) -> f64) -> crate::aggregate::spread::Spread {
        let mut spread = crate::aggregate::spread::Spread::kept();
        for group in 0..16 {
            spread.add(&crate::lanes::Lanes(std::array::from_fn(|lane| number(group, lane))), 16);
        }
        spread
    }

    #[test]
    fn a_quantile_has_no_error_where_its_interval_would_reach_beyond_all_paths() {
        // The lowest sixteen numbers all come from one replicate, so that the replicates are far apart at 5%: its error is held at that of
        // 64 independent paths, √(0.05 · 0.95 / 64) = 2.7%, and 2.13 of them reach below zero.
        let number = |group: i32, lane: usize| f64::from(group) - if lane == 3 { 1000.0 } else { 0.0 };
        let low = groups(number);
        let high = groups(|group, lane| -number(group, lane));
        let at = |spread: &crate::aggregate::spread::Spread, p: f64| Estimate::of_quantile(&spread.ordered(), p, 256);
        assert_eq!((at(&low, 0.05).interval, at(&high, 0.95).interval), (None, None));
        // At the other end each replicate has its share.
        assert!(at(&low, 0.95).interval.is_some() && at(&high, 0.05).interval.is_some());
    }

    #[test]
    fn replicates_that_agree_at_a_quantile_beyond_which_hardly_any_path_lies_do_not_make_an_error() {
        // In every replicate 15 of 16 numbers lie below the largest one.
        let alike = groups(|group, _| f64::from(group));
        let at = |p: f64| Estimate::of_quantile(&alike.ordered(), p, 256);
        // 1% of 256 are 2.6 paths, 1.2% are 3.1.
        assert!([0.01, 0.99].into_iter().all(|p| at(p).interval.is_none()));
        assert!([0.012, 0.988].into_iter().all(|p| at(p).interval.is_some()));
    }

    #[test]
    fn the_error_of_a_quantile_comes_from_how_far_apart_the_replicates_are() {
        // Below the median, 7.5, lie the numbers 0 to 7 of fourteen replicates, one more of lane 0, and one less of lane 1: shares of 8, 9 and
        // 7 in 16. The sd of their mean is √(2 / 256 / 15 / 16) = 0.57%, which is held at an eighth of that of 256 independent paths if less.
        let number = |group: i32, lane: usize| f64::from(group) + [-1.0, 1.0].get(lane).unwrap_or(&0.0);
        let median = Estimate::of_quantile(&groups(number).ordered(), 0.5, 256);
        let (se, half) = ((2.0_f64 / 256.0 / 240.0).sqrt(), 2.131_449_5 * (2.0_f64 / 256.0 / 240.0).sqrt());
        let at = |p: f64| groups(number).ordered().quantile(p);
        assert_eq!(median.value, 7.5);
        assert!((median.se.unwrap() - 0.5 * (at(0.5 + se) - at(0.5 - se))).abs() < 1e-12);
        let (low, high) = median.interval.unwrap();
        assert!((low - at(0.5 - half)).abs() < 1e-6 && (high - at(0.5 + half)).abs() < 1e-6);
    }

    #[test]
    fn the_error_of_a_mean_of_a_few_is_their_sd_over_the_root_of_their_number() {
        let mut sums = Replicates::default();
        sums.add(crate::lanes::Lanes(std::array::from_fn(|lane| if lane < 4 { 3.0 } else { 0.0 })));
        let of = Estimate::of_mean(&sums, 10.0, 4, || Some(6.0));
        assert_eq!((of.value, of.se), (13.0, Some(3.0)));
        assert_eq!(Estimate::of_mean(&sums, 10.0, 31, || None).se, None);
        // From 32 on the replicates tell: four means of 1.5 and twelve of 0, whose variance is 27 / 4 / 15.
        let of = Estimate::of_mean(&sums, 10.0, 32, || None);
        assert!((of.se.unwrap() - (6.75_f64 / 15.0 / 16.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn the_error_of_a_mean_over_some_paths_is_that_of_a_ratio_or_of_a_few() {
        use crate::lanes::Lanes;
        let sums = |numbers: [f64; 16]| {
            let mut sums = Replicates::default();
            sums.add(Lanes(numbers));
            sums
        };
        // Means 1 to 16 of two paths each, over a pivot of 100: variance 68/3, a sixteenth of which is that of their mean.
        let of = Estimate::of_some(&sums(std::array::from_fn(|lane| 2.0 * (lane as f64 + 1.0))), 100.0, &[2; 16], None);
        assert_eq!(of.value, 108.5);
        assert!((of.se.unwrap() - (68.0_f64 / 48.0).sqrt()).abs() < 1e-12);
        // Nine paths: sd / √9.
        let tally = std::array::from_fn(|lane| u64::from(lane < 9));
        let few = sums(std::array::from_fn(|lane| if lane < 9 { 2.0 } else { 0.0 }));
        let of = Estimate::of_some(&few, 100.0, &tally, Some(6.0));
        assert_eq!((of.value, of.se), (102.0, Some(2.0)));
        // 31 are a few, 32 are not.
        let tally = std::array::from_fn(|lane| 2 - u64::from(lane == 0));
        assert!(Estimate::of_some(&few, 0.0, &tally, None).se.is_none());
    }

    #[test]
    fn a_quantile_of_a_few_numbers_has_the_error_of_independent_ones() {
        use crate::aggregate::spread::Spread;
        use crate::lanes::Lanes;
        let mut spread = Spread::kept();
        spread.add(&Lanes(std::array::from_fn(|lane| lane as f64 + 1.0)), 16);
        // 1 to 16: the quantile at p is 1 + 15 p. The share below has the error √(¼ / 16) = 0.125, and t with 15 degrees is 2.1314.
        let median = Estimate::of_quantile(&spread.ordered(), 0.5, 16);
        let (low, high) = median.interval.unwrap();
        assert_eq!((median.value, median.se), (8.5, Some(1.875)));
        assert!(
            (low - (8.5 - 15.0 * 0.125 * 2.1314)).abs() < 1e-3 && (high - (8.5 + 15.0 * 0.125 * 2.1314)).abs() < 1e-3
        );
        let ends = [0.0, 1.0].map(|p| Estimate::of_quantile(&spread.ordered(), p, 16));
        assert!(ends.iter().all(|end| end.interval.is_none()) && (ends[0].value, ends[1].value) == (1.0, 16.0));
    }

    #[test]
    fn independent_paths_have_wilsons_interval() {
        // As tabulated for 1 of 10: 0.0179 to 0.4042.
        let p = Proportion::independent("", 1, 10);
        assert!((p.low - 0.01788).abs() < 1e-5 && (p.high - 0.40415).abs() < 1e-5);
        assert!((p.half_width() - 0.5 * (0.40415 - 0.01788)).abs() < 1e-5);
        assert!(p.probability == 0.1 && (p.se.unwrap() - 0.009_f64.sqrt()).abs() < 1e-12);
        let (none, all) = (Proportion::independent("", 0, 4), Proportion::independent("", 4, 4));
        assert_eq!((none.low, all.high, none.se, all.probability), (0.0, 1.0, Some(0.0), 1.0));
        // 0 of 4: z² / (4 + z²).
        assert!((none.high - 3.8415 / 7.8415).abs() < 1e-4 && (all.low - 4.0 / 7.8415).abs() < 1e-4);
        assert_eq!(Proportion::independent("", 1, 1).se, None);
    }

    #[test]
    fn a_single_hit_has_the_error_of_a_single_hit() {
        let mut yes = [0; 16];
        yes[0] = 1;
        let p = Proportion::of("", &yes, 16_000);
        assert!((p.se.unwrap() / p.probability - 1.0).abs() < 1e-3);
    }
}
