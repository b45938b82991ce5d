//! For each path the lowest and the highest value of an input at which it breaks even.

use super::replicates::Tally;
use super::spread::Spread;
use super::{Estimate, Proportion, add};
use crate::lanes::{LANES, Lanes};

/// What was found on sixteen paths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathThresholds {
    /// The lowest value at which the path breaks even; infinite where there is none.
    pub(crate) lowest: Lanes,
    /// The highest; −infinite where there is none.
    pub(crate) highest: Lanes,
    /// How many times the path goes from breaking even to not, or back.
    pub(crate) crossings: Lanes,
    /// 1 where it breaks even at the lower end of the bracket.
    pub(crate) at_low: Lanes,
    /// 1 where it does at the upper end.
    pub(crate) at_high: Lanes,
}

/// What was found on some paths. Merging leaves no trace of order.
#[derive(Debug)]
pub(crate) struct Thresholds {
    paths: u64,
    lowest: Spread,
    /// With the other sign, so that those without any come last here too.
    negated_highest: Spread,
    none: Tally,
    at_low: Tally,
    at_high: Tally,
    several: Tally,
}

/// Levels between none and all of the paths that break even somewhere.
const STEPS: u16 = 200;
/// … and of all paths.
const ROUND: [f64; 14] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 0.75, 0.8, 0.9, 0.95];

/// Quantiles with their errors.
pub type Quantiles = Vec<(f64, Estimate)>;

impl Thresholds {
    pub(crate) fn new(paths: u64) -> Self {
        let spread = || if paths <= super::KEPT_OUTCOMES { Spread::kept() } else { Spread::counted() };
        Self {
            paths: 0,
            lowest: spread(),
            negated_highest: spread(),
            none: [0; LANES],
            at_low: [0; LANES],
            at_high: [0; LANES],
            several: [0; LANES],
        }
    }

    /// Adds the first `count` of sixteen paths.
    pub(crate) fn add(&mut self, found: &PathThresholds, count: usize) {
        self.paths += count as u64;
        self.lowest.add(&found.lowest, count);
        self.negated_highest.add(&-found.highest, count);
        for lane in 0..count {
            self.none[lane] += u64::from(found.lowest.0[lane] == f64::INFINITY);
            self.at_low[lane] += u64::from(found.at_low.0[lane] > 0.0);
            self.at_high[lane] += u64::from(found.at_high.0[lane] > 0.0);
            self.several[lane] += u64::from(found.crossings.0[lane] > 1.0);
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.paths += other.paths;
        self.lowest.merge(other.lowest);
        self.negated_highest.merge(other.negated_highest);
        add(&mut self.none, &other.none);
        add(&mut self.at_low, &other.at_low);
        add(&mut self.at_high, &other.at_high);
        add(&mut self.several, &other.several);
    }

    /// Shares of paths: those that break even nowhere, at the lower end, at the upper end, and those that cross zero more than
    /// once.
    pub(crate) fn shares(&self) -> [Proportion; 4] {
        [
            ("none", &self.none),
            ("at_low", &self.at_low),
            ("at_high", &self.at_high),
            ("several_crossings", &self.several),
        ]
        .map(|(name, tally)| Proportion::of(name, tally, self.paths))
    }

    /// Quantiles of the lowest value (infinite for paths that have none) and of the highest (−infinite), evenly over the paths
    /// that have one, and at round shares of all.
    pub(crate) fn quantiles(&self) -> [Quantiles; 2] {
        let with_one = 1.0 - self.none.iter().sum::<u64>() as f64 / self.paths as f64;
        let mut levels: Vec<f64> = (0..=STEPS).map(|i| with_one * f64::from(i) / f64::from(STEPS)).collect();
        levels.extend(ROUND);
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let at = |spread: &Spread| super::summary::curve_at(&spread.ordered(), self.paths, levels.clone());
        let lowest = at(&self.lowest);
        let negated = |(p, x): (f64, Estimate)| {
            let interval = x.interval.map(|(low, high)| (-high, -low));
            (1.0 - p, Estimate { value: -x.value, se: x.se, interval })
        };
        [lowest, at(&self.negated_highest).into_iter().rev().map(negated).collect()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixteen paths, of which twelve break even from 1 … 12 up to 11 … 22.
    fn found() -> PathThresholds {
        let lanes = |of: &dyn Fn(usize) -> f64| Lanes(std::array::from_fn(of));
        PathThresholds {
            lowest: lanes(&|lane| if lane < 12 { lane as f64 + 1.0 } else { f64::INFINITY }),
            highest: lanes(&|lane| if lane < 12 { lane as f64 + 11.0 } else { f64::NEG_INFINITY }),
            crossings: lanes(&|lane| if lane < 3 { 2.0 } else { 1.0 }),
            at_low: lanes(&|lane| f64::from(u8::from(lane < 2))),
            at_high: lanes(&|lane| f64::from(u8::from(lane < 5))),
        }
    }

    #[test]
    fn shares_count_the_paths_and_quantiles_are_over_all_of_them() {
        let mut all = Thresholds::new(16);
        all.add(&found(), LANES);
        let counts = all.shares().map(|share| (share.name, share.count, share.probability));
        let expected = [("none", 4), ("at_low", 2), ("at_high", 5), ("several_crossings", 3)];
        assert_eq!(counts, expected.map(|(name, n)| (name, n, n as f64 / 16.0)));
        let [lowest, highest] = all.quantiles();
        let at = |quantiles: &Quantiles, p: f64| quantiles.iter().find(|(level, _)| *level == p).unwrap().1.value;
        // Rank 15 p of 1 … 12 and four infinite ones.
        assert_eq!([0.0, 0.1, 0.5, 0.75].map(|p| at(&lowest, p)), [1.0, 2.5, 8.5, f64::INFINITY]);
        // From above: rank 15 (1 − p) of 22 … 11, and nothing beyond.
        assert_eq!([1.0, 0.9, 0.5, 0.25].map(|p| at(&highest, p)), [22.0, 20.5, 14.5, f64::NEG_INFINITY]);
        assert!(lowest.is_sorted_by(|a, b| a.0 < b.0) && highest.is_sorted_by(|a, b| a.0 < b.0));
        // 0, 0.00375, … 0.75, and the round ones that are none of these.
        let on_grid = |p: f64| p <= 0.75 && (p / 0.00375 - (p / 0.00375).round()).abs() < 1e-9;
        assert_eq!(lowest.iter().filter(|(p, _)| on_grid(*p)).count(), 201);
        // The share below has the error √(0.45 · 0.55 / 16) = 0.12437, of which t with 15 degrees makes 0.2651.
        let interval = |quantiles: &Quantiles, p: f64| {
            let found = quantiles.iter().find(|(level, _)| (level - p).abs() < 1e-12);
            found.unwrap().1.interval.unwrap()
        };
        let (low, high) = interval(&lowest, 0.45);
        assert!((low - (7.75 - 3.976)).abs() < 2e-3 && (high - (7.75 + 3.976)).abs() < 2e-3, "{low} {high}");
        let (low, high) = interval(&highest, 0.55);
        assert!((low - (15.25 - 3.976)).abs() < 2e-3 && (high - (15.25 + 3.976)).abs() < 2e-3, "{low} {high}");
    }

    #[test]
    fn merged_and_partly_filled_blocks_count_their_own_paths() {
        let (mut all, mut few) = (Thresholds::new(32), Thresholds::new(32));
        all.add(&found(), LANES);
        few.add(&found(), 4);
        all.merge(few);
        let counts = all.shares().map(|share| share.count);
        assert_eq!((counts, all.shares()[0].probability), ([4, 4, 9, 6], 0.2));
    }
}
