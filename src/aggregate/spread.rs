//! Quantiles of an outcome: exact from the kept numbers, or from counts in bins.
//!
//! Which of the two depends on the number of paths asked for alone.

use serde::{Deserialize, Serialize};

use super::counts::{Bins, Counts};
use super::ranked::{Ranked, keys, numbers};
use super::replicates::{Tally, standard_error, standard_error_of_some};
use crate::lanes::{LANES, Lanes};

/// How the numbers of an outcome are collected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Spread {
    /// Every number, sixteen paths after another; not a number where a path is not one of the run.
    Kept(Vec<f64>),
    /// Counts.
    Counted(Box<Counts>),
}

impl Spread {
    pub(crate) fn kept() -> Self {
        Self::Kept(Vec::new())
    }

    pub(crate) fn counted() -> Self {
        Self::Counted(Box::default())
    }

    /// Adds the numbers of the first `count` of sixteen paths.
    #[inline(always)]
    pub(crate) fn add(&mut self, numbers: &Lanes, count: usize) {
        match self {
            Self::Kept(kept) => {
                kept.extend_from_slice(&numbers.0);
                if count < LANES {
                    let end = kept.len() - (LANES - count);
                    kept[end..].fill(f64::NAN);
                }
            }
            Self::Counted(counts) => counts.add(numbers, count),
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Kept(a), Self::Kept(b)) => a.extend(b),
            (Self::Counted(a), Self::Counted(b)) => a.merge(&b),
            // Both sides of a merge come from the same plan and number of paths.
            _ => debug_assert!(false, "a merge of kept with counted numbers"),
        }
    }

    /// Turns kept numbers into counts, as if they had been counted from the start.
    pub(crate) fn count(&mut self) {
        if let Self::Kept(kept) = self {
            let mut counts = Counts::default();
            for numbers in kept.as_chunks::<LANES>().0 {
                let count = numbers.iter().take_while(|x| !x.is_nan()).count();
                counts.add(&Lanes(*numbers), count);
            }
            *self = Self::Counted(Box::new(counts));
        }
    }

    /// Some quantiles alone, without putting all numbers in order: the same as those of [`Spread::ordered`].
    pub(crate) fn quantiles<const N: usize>(&self, levels: [f64; N]) -> [f64; N] {
        let Self::Kept(kept) = self else {
            let ordered = self.ordered();
            return levels.map(|p| ordered.quantile(p));
        };
        let mut numbers: Vec<f64> = kept.iter().copied().filter(|x| !x.is_nan()).collect();
        let last = numbers.len() - 1;
        let mut sorted_upto = 0;
        levels.map(|p| {
            // Levels rise, so what lies before the last one found is of no more use.
            let rank = ((last as f64 * p).floor() as usize).max(sorted_upto);
            let (_, _, above) = numbers[sorted_upto..].select_nth_unstable_by(rank - sorted_upto, f64::total_cmp);
            if !above.is_empty() {
                above.select_nth_unstable_by(0, f64::total_cmp);
            }
            sorted_upto = rank;
            numbers.as_slice().quantile(p)
        })
    }

    /// The numbers in order.
    pub(crate) fn ordered(&self) -> Ordered<'_> {
        match self {
            Self::Counted(counts) => Ordered::Counted(counts.bins()),
            Self::Kept(kept) => {
                let lane_of = |lane: usize| {
                    let mut keys = keys(kept.iter().skip(lane).step_by(LANES).filter(|x| !x.is_nan()));
                    keys.sort_unstable();
                    keys
                };
                let lanes: Vec<Vec<i64>> = (0..LANES).map(lane_of).collect();
                // A stable sort finds the sixteen runs and merges them.
                let mut all = lanes.concat();
                #[expect(clippy::stable_sort_primitive, reason = "the stable sort is faster on runs")]
                all.sort();
                Ordered::Kept { all: numbers(&all), lanes: lanes.iter().map(|lane| numbers(lane)).collect() }
            }
        }
    }
}

/// Numbers in order, infinity last.
#[derive(Debug)]
pub(crate) enum Ordered<'a> {
    Kept {
        all: Vec<f64>,
        lanes: Vec<Vec<f64>>,
    },
    Counted(Bins<'a>),
    /// Of others the finite ones: how many there are of each replicate.
    Finite(Box<Self>, Tally),
}

impl Ranked for Ordered<'_> {
    fn len(&self) -> u64 {
        match self {
            Self::Kept { all, .. } => Ranked::len(all.as_slice()),
            Self::Counted(bins) => bins.len(),
            Self::Finite(_, tally) => tally.iter().sum(),
        }
    }

    fn ranked(&self, rank: u64) -> f64 {
        match self {
            Self::Kept { all, .. } => all.as_slice().ranked(rank),
            Self::Counted(bins) => bins.ranked(rank),
            Self::Finite(all, _) => all.ranked(rank),
        }
    }
}

impl Ordered<'_> {
    /// Smallest and largest number.
    pub(crate) fn extremes(&self) -> (f64, f64) {
        (self.ranked(0), self.ranked(self.len() - 1))
    }

    /// How many numbers lie below `x` (exact from kept ones, to a bin's fraction from counts).
    pub(crate) fn count_below(&self, x: f64) -> u64 {
        match self {
            Self::Kept { all, .. } => all.partition_point(|&y| y < x) as u64,
            Self::Counted(bins) => bins.count_below(x),
            Self::Finite(all, _) => all.count_below(x),
        }
    }

    /// The finite ones alone; `tally` says how many of each replicate are.
    pub(crate) fn finite(self, tally: &Tally) -> Self {
        Self::Finite(Box::new(self), *tally)
    }

    /// The standard error of the share `p` of numbers that lie below `x`, by replicate.
    pub(crate) fn error_below(&self, x: f64, p: f64) -> f64 {
        let below = self.below(x);
        match self {
            Self::Finite(_, tally) => standard_error_of_some(below, p, tally),
            Self::Kept { .. } | Self::Counted(_) => standard_error(below, self.len()),
        }
    }

    /// The same by replicate.
    fn below(&self, x: f64) -> [f64; LANES] {
        match self {
            Self::Kept { lanes, .. } => std::array::from_fn(|lane| lanes[lane].partition_point(|&y| y < x) as f64),
            Self::Counted(bins) => bins.below(x),
            Self::Finite(all, _) => all.below(x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<f64> {
        (0..20_000).map(|i| libm::sinh(libm::sin(f64::from(i) * 1.7) * 20.0) + f64::from(i % 7)).collect()
    }

    /// Adds numbers, sixteen at a time and the rest.
    fn add(spread: &mut Spread, numbers: &[f64]) {
        for chunk in numbers.chunks(LANES) {
            let mut lanes = Lanes::ZERO;
            lanes.0[..chunk.len()].copy_from_slice(chunk);
            spread.add(&lanes, chunk.len());
        }
    }

    fn of(mut spread: Spread, numbers: &[f64]) -> Spread {
        add(&mut spread, numbers);
        spread
    }

    fn quantiles(spread: &Spread, ps: &[f64]) -> Vec<f64> {
        let ordered = spread.ordered();
        ps.iter().map(|p| ordered.quantile(*p)).collect()
    }

    #[test]
    fn counts_agree_with_the_kept_sample() {
        let (kept, counted) = (of(Spread::kept(), &sample()), of(Spread::counted(), &sample()));
        let ps: Vec<f64> = (0..=1000).map(|i| f64::from(i) / 1000.0).collect();
        for (p, (exact, near)) in ps.iter().zip(quantiles(&kept, &ps).iter().zip(quantiles(&counted, &ps))) {
            assert!((exact - near).abs() <= 1e-4 * exact.abs().max(1e-3), "at {p}: {near}, not {exact}");
        }
        let (kept, counted) = (kept.ordered(), counted.ordered());
        assert_eq!(kept.extremes(), counted.extremes());
        for p in [0.05, 0.3, 0.5, 0.95] {
            let x = kept.quantile(p);
            for (exact, near) in kept.below(x).into_iter().zip(counted.below(x)) {
                // Replicates are counted in bins of 3%, in which 1,250 numbers of each are spread.
                assert!((exact - near).abs() < 12.0, "at {p}: {near}, not {exact}");
            }
        }
    }

    #[test]
    fn the_largest_of_those_that_are_finite_is_known_exactly_from_counts_too() {
        let numbers: Vec<f64> = sample().into_iter().map(|x| if x > 1e3 { f64::INFINITY } else { x }).collect();
        let mut tally = [0; LANES];
        for (i, _) in numbers.iter().enumerate().filter(|(_, x)| x.is_finite()) {
            tally[i % LANES] += 1;
        }
        let (kept, counted) = (of(Spread::kept(), &numbers), of(Spread::counted(), &numbers));
        assert_eq!(kept.ordered().extremes(), counted.ordered().extremes());
        let (kept, counted) = (kept.ordered().finite(&tally), counted.ordered().finite(&tally));
        assert_eq!(kept.extremes(), counted.extremes());
        assert!(kept.extremes().1 < 1e3 && kept.len() < numbers.len() as u64);
        for p in [0.05, 0.5, 0.95] {
            let (exact, near) = (kept.quantile(p), counted.quantile(p));
            assert!((exact - near).abs() <= 1e-4 * exact.abs().max(1e-3), "at {p}: {near}, not {exact}");
        }
    }

    #[test]
    fn numbers_in_a_bin_are_taken_to_lie_evenly_in_it() {
        let numbers: Vec<f64> = (0..160_000).map(|i| 600.0 + f64::from(i) / 160_000.0).collect();
        let spread = of(Spread::counted(), &numbers);
        for p in [0.031, 0.25, 0.5, 0.777] {
            // A bin is 0.0625 wide here: an error of a hundredth of it.
            let near = spread.ordered().quantile(p);
            assert!((near - 600.0 - p).abs() < 6e-4, "{p}: {near}");
        }
    }

    #[test]
    fn some_quantiles_alone_are_those_of_all_numbers_in_order() {
        let mut all = sample();
        all.extend([f64::INFINITY, f64::INFINITY, 3.0]);
        for n in [1, 2, 3, 17, 20_003] {
            for make in [Spread::kept, Spread::counted] {
                let spread = of(make(), &all[all.len() - n..]);
                let levels = [0.05, 0.051, 0.5, 0.95];
                assert_eq!(spread.quantiles(levels).to_vec(), quantiles(&spread, &levels), "{n}");
            }
        }
    }

    #[test]
    fn merging_in_any_order_and_split_gives_the_same_quantiles() {
        let all = sample();
        for cut in [0, 16, 784, 20_000] {
            for make in [Spread::kept, Spread::counted] {
                let (whole, first, mut second) = (of(make(), &all), of(make(), &all[..cut]), of(make(), &all[cut..]));
                second.merge(first);
                let ps = [0.0, 0.05, 0.5, 0.95, 1.0];
                assert_eq!(quantiles(&whole, &ps), quantiles(&second, &ps));
                assert_eq!(whole.ordered().below(0.5), second.ordered().below(0.5));
            }
        }
    }

    #[test]
    fn counting_later_is_counting_from_the_start() {
        let mut kept = of(Spread::kept(), &sample()[..1003]);
        kept.count();
        assert_eq!(format!("{kept:?}"), format!("{:?}", of(Spread::counted(), &sample()[..1003])));
    }

    #[test]
    fn numbers_beyond_the_last_bin_and_infinity_rank_last() {
        let spread = of(Spread::counted(), &[f64::INFINITY, 1e300, -1e300, 0.0, 1e-300]);
        assert_eq!(quantiles(&spread, &[0.0, 0.5, 1.0]), [-1e300, 0.0, f64::INFINITY]);
    }

    #[test]
    fn equal_numbers_stay_themselves() {
        let spread = of(Spread::counted(), &[-1234.5; 100]);
        assert_eq!(quantiles(&spread, &[0.0, 0.3, 1.0]), [-1234.5; 3]);
    }

    #[test]
    fn counting_below_is_the_inverse_of_the_quantile() {
        let spread = of(Spread::counted(), &sample());
        let ordered = spread.ordered();
        for p in [0.1, 0.5, 0.9] {
            let x = ordered.quantile(p);
            assert!((ordered.count_below(x) as f64 - p * 20_000.0).abs() <= 2.0);
        }
    }
}
