//! Quantiles of a monthly series, for the fans: exact from the kept numbers, or from counts around the five quantiles wanted.
//!
//! A run first simulates a few paths and puts a window around each of the five quantiles that they show, so wide that the
//! quantile of all paths cannot but fall inside. Fine bins in the windows, and one for each gap between them, need a tenth of the
//! memory of bins everywhere, and finding a number's bin is plain arithmetic: the sum of five ramps, each 0 below its window
//! and full above it.

use serde::{Deserialize, Serialize};

use super::ranked::{Ranked, placed, ranks_of};
use crate::lanes::{LANES, Lanes};

/// The quantiles of a fan.
pub(super) const LEVELS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// Bins of a window, the first of which stands for all that lies between it and the window below.
const BINS: usize = 256;
/// How many standard errors of the few paths' quantile a window reaches to either side.
const REACH: f64 = 5.0;
/// The narrowest window, in parts of the quantile: numbers that are all alike get a window too.
const NARROWEST: f64 = 1e-12;
/// Adding it to a small number rounds to the nearest whole one, which then stands in the lowest bits.
const ROUNDER: f64 = 4_503_599_627_370_496.0; // 2^52

/// Where the fine bins of a month of a series lie.
#[derive(Clone, Debug)]
pub(crate) struct Windows {
    /// Each window's ends, as the few paths have them; apart from what is used all the time.
    ends: Box<[(f64, f64); LEVELS.len()]>,
    /// Where its ramp starts: a bin before the middle of the first fine one.
    start: [f64; LEVELS.len()],
    /// Fine bins per unit.
    scale: [f64; LEVELS.len()],
}

impl Windows {
    /// Windows around the quantiles of a sample. Without one (segments have no month 0) nothing will be counted.
    pub(crate) fn around(sample: &[f64]) -> Self {
        let mut windows = Self { ends: Box::default(), start: [0.0; LEVELS.len()], scale: [0.0; LEVELS.len()] };
        if sample.is_empty() {
            return windows;
        }
        let last = (sample.len() - 1) as f64;
        let ends = LEVELS.map(|p| {
            let half = REACH * libm::sqrt(sample.len() as f64 * p * (1.0 - p)) + 2.0;
            [(last * p - half).floor(), (last * p + half).ceil()].map(|rank| rank.clamp(0.0, last) as usize)
        });
        let sample = placed(sample.iter(), ends.concat());
        for (i, [low, high]) in ends.into_iter().enumerate() {
            let (low, high) = (sample[low], sample[high]);
            // 0 needs a width of some size too.
            let margin = (NARROWEST * low.abs().max(high.abs())).max(1e-300);
            let scale = (BINS - 2) as f64 / (high - low + 2.0 * margin);
            windows.ends[i] = (low, high);
            windows.start[i] = low - margin - 1.0 / scale;
            windows.scale[i] = scale;
        }
        windows
    }

    /// The bin of each number, in the lowest bits.
    // Inlined for WebAssembly it would be taken apart into sixteen chains of single numbers, five times as slow.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn bins(&self, x: &Lanes) -> [u64; LANES] {
        let full = Lanes::splat(BINS as f64);
        let mut sum = Lanes::splat(ROUNDER);
        for (start, scale) in self.start.into_iter().zip(self.scale) {
            sum += ((*x - start) * scale).or_zero().min(full);
        }
        sum.0.map(f64::to_bits)
    }

    /// The ends of a bin. The outermost ones have only one: there a number is taken to lie at it.
    fn ends(&self, bin: usize) -> (f64, f64) {
        let (window, i) = (bin / BINS, bin % BINS);
        let Some((low, high)) = self.ends.get(window) else {
            let (_, top) = self.ends[LEVELS.len() - 1];
            return (top, top);
        };
        if i == 0 {
            return (if window == 0 { *low } else { self.ends[window - 1].1 }, *low);
        }
        let edge = |i: f64| (self.start[window] + i / self.scale[window]).clamp(*low, *high);
        (edge(i as f64 - 0.5), edge(i as f64 + 0.5))
    }
}

/// How the numbers of a month of a series are collected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Fan {
    /// Every number.
    Kept(Vec<f64>),
    /// Counts in the bins of windows.
    Counted(Vec<u32>),
}

impl Fan {
    /// Counts of a fan: those of each window, and one for all that lies above the last.
    pub(super) const BIN_COUNT: usize = BINS * LEVELS.len() + 1;

    pub(super) fn kept() -> Self {
        Self::Kept(Vec::new())
    }

    pub(super) fn counted() -> Self {
        Self::Counted(vec![0; Self::BIN_COUNT])
    }

    /// Adds the numbers of the first `count` of sixteen paths.
    #[inline(always)]
    pub(super) fn add(&mut self, windows: &[Windows], at: usize, numbers: &Lanes, count: usize) {
        match self {
            Self::Kept(kept) => kept.extend_from_slice(&numbers.0[..count]),
            Self::Counted(counts) => {
                let bins = windows[at].bins(numbers);
                let mut add = |bin: u64| {
                    if let Some(n) = counts.get_mut(bin as u32 as usize) {
                        *n += 1;
                    }
                };
                if count == LANES {
                    bins.into_iter().for_each(add);
                } else {
                    bins[..count].iter().for_each(|bin| add(*bin));
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Kept(a), Self::Kept(b)) => a.extend(b),
            (Self::Counted(a), Self::Counted(b)) => a.iter_mut().zip(b).for_each(|(a, b)| *a += b),
            // Both sides of a merge come from the same plan and number of paths.
            _ => debug_assert!(false, "a merge of kept with counted numbers"),
        }
    }

    /// The numbers, where they were kept.
    pub(super) fn numbers(&self) -> Option<&[f64]> {
        if let Self::Kept(kept) = self { Some(kept) } else { None }
    }

    /// The quantiles at [`LEVELS`]; none where there are no numbers.
    pub(super) fn quantiles(&self, windows: Option<&Windows>) -> Option<[f64; LEVELS.len()]> {
        match (self, windows) {
            (Self::Kept(kept), _) if !kept.is_empty() => {
                let kept = placed(kept.iter(), ranks_of(&LEVELS, kept.len()));
                Some(LEVELS.map(|p| kept.as_slice().quantile(p)))
            }
            (Self::Counted(counts), Some(windows)) => {
                let counted = WindowCounts { counts, windows };
                (counted.len() > 0).then(|| LEVELS.map(|p| counted.quantile(p)))
            }
            _ => None,
        }
    }
}

/// Counts in windows; numbers inside a bin are taken to be spread evenly.
struct WindowCounts<'a> {
    counts: &'a [u32],
    windows: &'a Windows,
}

impl Ranked for WindowCounts<'_> {
    fn len(&self) -> u64 {
        self.counts.iter().map(|n| u64::from(*n)).sum()
    }

    fn ranked(&self, rank: u64) -> f64 {
        let mut before = 0;
        let within = self.counts.iter().enumerate().find_map(|(bin, n)| {
            let n = u64::from(*n);
            before += n;
            (rank < before).then(|| (bin, ((rank + n - before) as f64 + 0.5) / n as f64))
        });
        // A rank below the total lies in some bin.
        let (bin, share) = within.unwrap_or((self.counts.len() - 1, 0.5));
        let (low, high) = self.windows.ends(bin);
        low + (high - low) * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random, of any shape.
    fn sample(n: usize, shape: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..n).map(|i| shape((i as f64 * 0.618_033_988_749_894_9 + 0.31).fract())).collect()
    }

    fn counted(windows: &Windows, numbers: &[f64]) -> Fan {
        let mut fan = Fan::counted();
        for chunk in numbers.chunks(LANES) {
            let mut lanes = Lanes::ZERO;
            lanes.0[..chunk.len()].copy_from_slice(chunk);
            fan.add(std::slice::from_ref(windows), 0, &lanes, chunk.len());
        }
        fan
    }

    fn largest_error(n: usize, shape: impl Fn(f64) -> f64) -> f64 {
        let numbers = sample(n, shape);
        let windows = Windows::around(&numbers[..2048]);
        let (exact, near) = (Fan::Kept(numbers.clone()), counted(&windows, &numbers));
        let (exact, near) = (exact.quantiles(None).unwrap(), near.quantiles(Some(&windows)).unwrap());
        let spread = (exact[4] - exact[0]).max(exact[2].abs());
        exact.iter().zip(near).map(|(a, b)| (a - b).abs() / spread).fold(0.0, f64::max)
    }

    #[test]
    fn counted_quantiles_agree_with_the_exact_ones() {
        // In parts of p95 − p05. Numbers that are often met cost a bin at most.
        assert!(largest_error(100_003, |u| libm::exp(3.0 * u) * 1e6) < 1e-4);
        assert!(largest_error(100_003, |u| -libm::log1p(-u) - 1.0) < 1e-4);
        assert!(largest_error(50_000, |u| (u * 7.0).floor() * 1e5) < 1e-3);
        assert!(largest_error(50_000, |u| if u < 0.3 { 0.0 } else { u - 0.2 }) < 5e-4);
        assert!(largest_error(50_000, |u| if u < 0.4 { -1e9 } else { 1e9 * u }) < 5e-4);
    }

    /// Numbers that are independent of each other and of those with another seed.
    fn independent(n: usize, seed: u64) -> Vec<f64> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let x = (state ^ (state >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            ((x ^ (x >> 29)) >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..n).map(|_| next()).collect()
    }

    #[test]
    fn windows_of_one_sample_hold_the_quantiles_of_another() {
        for seed in 0..20 {
            let windows = Windows::around(&independent(2048, 1000 + seed));
            let others = independent(20_000, seed);
            let exact = Fan::Kept(others.clone()).quantiles(None).unwrap();
            let near = counted(&windows, &others).quantiles(Some(&windows)).unwrap();
            for (exact, near) in exact.into_iter().zip(near) {
                // A bin is 0.05% of the numbers wide; a window that missed would be off by a standard error, 1%.
                assert!((exact - near).abs() < 3e-4, "seed {seed}: {near} for {exact}");
            }
        }
    }

    #[test]
    fn numbers_in_a_bin_are_taken_to_lie_evenly_in_it() {
        let numbers: Vec<f64> = (0..200_000).map(|i| (f64::from(i) + 0.5) / 200_000.0).collect();
        let windows = Windows::around(&sample(2048, |u| u));
        let near = counted(&windows, &numbers).quantiles(Some(&windows)).unwrap();
        for (p, near) in LEVELS.into_iter().zip(near) {
            // A fiftieth of a bin.
            assert!((near - p).abs() < 1e-5, "{p}: {near}");
        }
    }

    #[test]
    fn a_window_reaches_five_standard_errors_of_the_few_paths_to_either_side() {
        // Ranks of 0 … 10,000: at 5%, 500 ± (5 √(10,001 · 0.05 · 0.95) + 2) = 500 ± 110.98; at the median 5000 ± 252.01.
        let numbers: Vec<f64> = (0..=10_000).map(f64::from).collect();
        let windows = Windows::around(&numbers);
        assert_eq!(
            (windows.ends[0], windows.ends[2], windows.ends[4]),
            ((389.0, 611.0), (4747.0, 5253.0), (9389.0, 9611.0))
        );
        // Of seven they reach from end to end.
        assert!(Windows::around(&numbers[..7]).ends.iter().all(|ends| *ends == (0.0, 6.0)));
    }

    #[test]
    fn only_the_paths_there_are_count() {
        let windows = Windows::around(&sample(2048, |u| u));
        let mut fan = Fan::counted();
        fan.add(std::slice::from_ref(&windows), 0, &Lanes([0.5; LANES]), 5);
        let Fan::Counted(counts) = &fan else { panic!() };
        assert_eq!(counts.iter().sum::<u32>(), 5);
        assert_eq!(fan.numbers(), None);
        assert_eq!(Fan::Kept(vec![1.0, 2.0]).numbers(), Some(&[1.0, 2.0][..]));
    }

    #[test]
    fn equal_numbers_stay_themselves() {
        for x in [0.0, -4.1e9, 1e-7, 14e6] {
            let windows = Windows::around(&[x; 2048]);
            assert_eq!(counted(&windows, &[x; 100]).quantiles(Some(&windows)), Some([x; 5]));
        }
    }

    #[test]
    fn numbers_outside_all_windows_only_cost_digits() {
        // The few paths said 0 … 1, most others lie beyond: still in order, at the ends of what was expected.
        let windows = Windows::around(&sample(2048, |u| u));
        let found = counted(&windows, &sample(10_000, |u| 100.0 * u)).quantiles(Some(&windows)).unwrap();
        assert!(found.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(found[0] >= 0.0 && found[4] <= 1.0);
    }
}
