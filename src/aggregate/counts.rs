//! Counts of an outcome's numbers in bins of equal relative width.
//!
//! Bins are cut from the bits of the number, sign, exponent and the first bits of the mantissa, so that counting costs a
//! shift and an increment and counts merge in any order. Wider bins by replicate stand beside the fine ones: the error of a
//! quantile is that of the share of paths below it, and such an error changes little from one bin to the next.

use serde::{Deserialize, Serialize};

use super::ranked::Ranked;
use crate::lanes::{LANES, Lanes};

/// Fine bins in an octave: 2¹³, an error of at most 6.1e-5.
const BITS: u32 = 13;
const FINE: usize = 1 << BITS;
/// Bins by replicate in an octave.
const COARSE_BITS: u32 = 5;
const COARSE: usize = 1 << COARSE_BITS;
/// Numbers below 2⁻²⁰ in size are counted as zero.
const SMALLEST_EXPONENT: u64 = 1023 - 20;
/// Powers of two between the smallest and the largest number told apart: up to 10²⁴. Larger ones count as the largest.
const OCTAVES: usize = 100;
/// Where sign and exponent of a number end and its mantissa begins.
const MANTISSA: u32 = 52;
/// Signs and exponents.
const HEADS: usize = 1 << (64 - MANTISSA);
/// Where no page is yet: a number that falls there is looked at more closely.
const NONE: u32 = u32::MAX;

/// Counts of numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Counts {
    total: u64,
    zeros: [u64; LANES],
    infinite: u64,
    min: [f64; LANES],
    /// The largest that is finite.
    max: [f64; LANES],
    /// For each sign and exponent the page of its bins.
    pages: Vec<u32>,
    /// Fine bins, page after page.
    fine: Vec<u32>,
    /// Wide bins, page after page, the replicates of a bin side by side.
    coarse: Vec<u32>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            total: 0,
            zeros: [0; LANES],
            infinite: 0,
            min: [f64::INFINITY; LANES],
            max: [f64::NEG_INFINITY; LANES],
            pages: vec![NONE; HEADS],
            fine: Vec::new(),
            coarse: Vec::new(),
        }
    }
}

impl Counts {
    /// Adds the numbers of the first `count` of sixteen paths.
    #[inline(always)]
    pub(super) fn add(&mut self, numbers: &Lanes, count: usize) {
        self.total += count as u64;
        if count == LANES {
            self.min = numbers.min(Lanes(self.min)).0;
            let infinite = numbers.is(f64::INFINITY);
            self.max = infinite.select(Lanes(self.max), numbers.max(Lanes(self.max))).0;
        } else {
            for lane in 0..count {
                self.min[lane] = self.min[lane].min(numbers.0[lane]);
                if numbers.0[lane] < f64::INFINITY {
                    self.max[lane] = self.max[lane].max(numbers.0[lane]);
                }
            }
        }
        // Sign, exponent, and as much of the mantissa as tells the bin.
        let keys = numbers.0.map(|x| (x.to_bits() >> (MANTISSA - BITS)) as u32);
        let mut elsewhere = 0_u32;
        let Self { pages, fine, coarse, .. } = self;
        for (lane, key) in keys.into_iter().enumerate().take(count) {
            let page = pages.get((key >> BITS) as usize).copied().unwrap_or(NONE);
            if !count_in_bin(fine, coarse, lane, page, key & (FINE as u32 - 1)) {
                elsewhere |= 1 << lane;
            }
        }
        while elsewhere != 0 {
            let lane = elsewhere.trailing_zeros() as usize;
            elsewhere &= elsewhere - 1;
            self.count_elsewhere(lane, numbers.0[lane]);
        }
    }

    /// Counts a number that is the first of its page, too small for one, infinite, or beyond the last.
    #[cold]
    fn count_elsewhere(&mut self, lane: usize, x: f64) {
        let exponent = (x.abs().to_bits() >> MANTISSA).wrapping_sub(SMALLEST_EXPONENT);
        if x.is_infinite() {
            self.infinite += 1;
        } else if x.abs() < f64::from_bits(SMALLEST_EXPONENT << MANTISSA) {
            self.zeros[lane] += 1;
        } else if exponent >= OCTAVES as u64 {
            self.count_on_page(lane, head(x < 0.0, OCTAVES - 1), FINE as u32 - 1);
        } else {
            let within = (x.to_bits() >> (MANTISSA - BITS)) as u32 & (FINE as u32 - 1);
            self.count_on_page(lane, head(x < 0.0, exponent as usize), within);
        }
    }

    fn count_on_page(&mut self, lane: usize, head: usize, within: u32) {
        let page = self.page_of(head);
        count_in_bin(&mut self.fine, &mut self.coarse, lane, page, within);
    }

    /// The page of a sign and exponent, a new one if need be.
    fn page_of(&mut self, head: usize) -> u32 {
        if self.pages[head] == NONE {
            self.pages[head] = (self.fine.len() / FINE) as u32;
            self.fine.resize(self.fine.len() + FINE, 0);
            self.coarse.resize(self.coarse.len() + COARSE * LANES, 0);
        }
        self.pages[head]
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.zeros.iter_mut().zip(other.zeros).for_each(|(a, b)| *a += b);
        self.infinite += other.infinite;
        self.min = Lanes(self.min).min(Lanes(other.min)).0;
        self.max = Lanes(self.max).max(Lanes(other.max)).0;
        let add = |ours: &mut [u32], theirs: &[u32]| ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        for (head, &theirs) in other.pages.iter().enumerate().filter(|(_, page)| **page != NONE) {
            let (ours, theirs) = (self.page_of(head) as usize, theirs as usize);
            add(&mut self.fine[ours * FINE..][..FINE], &other.fine[theirs * FINE..][..FINE]);
            let wide = COARSE * LANES;
            add(&mut self.coarse[ours * wide..][..wide], &other.coarse[theirs * wide..][..wide]);
        }
    }

    /// Whether they can be the counts of `paths` numbers: every page is there, and the bins add up.
    pub(super) fn fits(&self, finite: bool, paths: u64) -> bool {
        let sum = |counts: &[u32]| counts.iter().map(|n| u64::from(*n)).sum::<u64>();
        let pages = self.fine.len() / FINE;
        let zeros = self.zeros.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n));
        let elsewhere = zeros.and_then(|zeros| zeros.checked_add(self.infinite));
        let ends = self.min.iter().chain(&self.max);
        self.total == paths
            && self.pages.len() == HEADS
            && self.pages.iter().all(|page| *page == NONE || (*page as usize) < pages)
            && self.fine.len() == pages * FINE
            && self.coarse.len() == pages * COARSE * LANES
            && elsewhere.is_some_and(|n| n <= paths && sum(&self.fine) == paths - n && sum(&self.coarse) == paths - n)
            && !(finite && self.infinite > 0)
            && ends.into_iter().all(|x| !x.is_nan())
            && (!finite || paths == 0 || {
                let (min, max) = self.extremes();
                min.is_finite() && max.is_finite()
            })
    }

    /// The octaves in ascending order of their numbers, negative ones first, with their pages.
    fn octaves(&self) -> impl Iterator<Item = (bool, usize, usize)> + '_ {
        let negative = (0..OCTAVES).rev().map(|octave| (true, octave));
        let both = negative.chain((0..OCTAVES).map(|octave| (false, octave)));
        let page = |(negative, octave)| (negative, octave, self.pages[head(negative, octave)]);
        both.map(page)
            .filter(|(_, _, page)| *page != NONE)
            .map(|(negative, octave, page)| (negative, octave, page as usize))
    }

    /// The smallest number, and the largest that is finite.
    fn extremes(&self) -> (f64, f64) {
        let min = self.min.into_iter().fold(f64::INFINITY, f64::min);
        (min, self.max.into_iter().fold(f64::NEG_INFINITY, f64::max))
    }

    /// The fine bins that are not empty, in ascending order: their ends and their counts.
    fn occupied(&self) -> Vec<(f64, f64, u64)> {
        let mut out = Vec::new();
        let mut zero = Some((0.0, 0.0, self.zeros.iter().sum()));
        for (negative, octave, page) in self.octaves() {
            if !negative {
                out.extend(zero.take());
            }
            let bins = &self.fine[page * FINE..][..FINE];
            if negative {
                out.extend(bins.iter().enumerate().rev().map(|(i, n)| {
                    let (low, high) = ends(octave, i, BITS);
                    (-high, -low, u64::from(*n))
                }));
            } else {
                out.extend(bins.iter().enumerate().map(|(i, n)| {
                    let (low, high) = ends(octave, i, BITS);
                    (low, high, u64::from(*n))
                }));
            }
        }
        out.extend(zero);
        out.retain(|bin| bin.2 > 0);
        let (min, max) = self.extremes();
        for (low, high, _) in &mut out {
            (*low, *high) = (low.max(min), high.min(max));
        }
        out
    }

    /// The wide bins that are not empty, in ascending order: their ends and the counts of the replicates below the upper end.
    fn by_replicate(&self) -> Vec<WideBin> {
        let mut out: Vec<WideBin> = Vec::new();
        let mut upto = [0.0; LANES];
        let mut push = |low: f64, high: f64, counts: [f64; LANES]| {
            if counts.iter().any(|n| *n > 0.0) {
                let before = upto;
                upto.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
                out.push(WideBin { low, high, before, upto });
            }
        };
        let mut zero = Some(self.zeros.map(|n| n as f64));
        for (negative, octave, page) in self.octaves() {
            if let Some(zeros) = zero.take_if(|_| !negative) {
                push(0.0, 0.0, zeros);
            }
            for step in 0..COARSE {
                let i = if negative { COARSE - 1 - step } else { step };
                let (low, high) = ends(octave, i, COARSE_BITS);
                let at = (page * COARSE + i) * LANES;
                let counts = std::array::from_fn(|lane| f64::from(self.coarse[at + lane]));
                if negative { push(-high, -low, counts) } else { push(low, high, counts) }
            }
        }
        if let Some(zeros) = zero {
            push(0.0, 0.0, zeros);
        }
        out
    }

    /// The counts made ready to be read.
    pub(super) fn bins(&self) -> Bins<'_> {
        let mut before = 0;
        let fine = self.occupied().into_iter().map(|(low, high, n)| {
            before += n;
            (low, high, n, before)
        });
        Bins { fine: fine.collect(), wide: self.by_replicate(), extremes: self.extremes(), counts: self }
    }
}

/// Counts a number in a bin of a page; says whether there is such a page, of which [`NONE`] is beyond the last.
#[inline(always)]
fn count_in_bin(fine: &mut [u32], coarse: &mut [u32], lane: usize, page: u32, within: u32) -> bool {
    let Some(n) = fine.get_mut(((page << BITS) | within) as usize) else { return false };
    *n += 1;
    let wide = (page << COARSE_BITS) | (within >> (BITS - COARSE_BITS));
    if let Some(n) = coarse.get_mut(wide as usize * LANES + lane) {
        *n += 1;
    }
    true
}

/// Sign and exponent of the numbers of an octave, as one number.
fn head(negative: bool, octave: usize) -> usize {
    (usize::from(negative) << 11) + SMALLEST_EXPONENT as usize + octave
}

/// The ends of bin `i` of an octave with 2^`bits` bins.
fn ends(octave: usize, i: usize, bits: u32) -> (f64, f64) {
    let step = 52 - bits;
    let start = (SMALLEST_EXPONENT << bits) + ((octave << bits) + i) as u64;
    (f64::from_bits(start << step), f64::from_bits((start + 1) << step))
}

#[derive(Debug)]
struct WideBin {
    low: f64,
    high: f64,
    before: [f64; LANES],
    upto: [f64; LANES],
}

/// Counts in order; numbers inside a bin are taken to be spread evenly.
#[derive(Debug)]
pub(crate) struct Bins<'a> {
    /// Ends, count, and the count up to the upper end.
    fine: Vec<(f64, f64, u64, u64)>,
    wide: Vec<WideBin>,
    extremes: (f64, f64),
    counts: &'a Counts,
}

impl Ranked for Bins<'_> {
    fn len(&self) -> u64 {
        self.counts.total
    }

    fn ranked(&self, rank: u64) -> f64 {
        // The ends are known exactly.
        if rank == 0 {
            return self.extremes.0;
        }
        if rank + 1 + self.counts.infinite == self.counts.total {
            return self.extremes.1;
        }
        let Some(&(low, high, n, upto)) = self.fine.get(self.fine.partition_point(|bin| bin.3 <= rank)) else {
            return if self.counts.infinite > 0 { f64::INFINITY } else { self.extremes.1 };
        };
        low + (high - low) * (((rank + n - upto) as f64 + 0.5) / n as f64)
    }
}

impl Bins<'_> {
    pub(super) fn count_below(&self, x: f64) -> u64 {
        let Some(&(low, high, n, upto)) = self.fine.get(self.fine.partition_point(|bin| bin.1 < x)) else {
            return self.fine.last().map_or(0, |bin| bin.3);
        };
        let inside = if low < x { (n as f64 * (x - low) / (high - low)).round() as u64 } else { 0 };
        upto - n + inside
    }

    /// How many numbers of each replicate lie below `x`.
    pub(super) fn below(&self, x: f64) -> [f64; LANES] {
        let Some(bin) = self.wide.get(self.wide.partition_point(|bin| bin.high < x)) else {
            return self.wide.last().map_or([0.0; LANES], |bin| bin.upto);
        };
        let share = if bin.low < x { (x - bin.low) / (bin.high - bin.low) } else { 0.0 };
        std::array::from_fn(|lane| bin.before[lane] + share * (bin.upto[lane] - bin.before[lane]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four blocks of numbers on both sides of zero, zero among them.
    fn some() -> Counts {
        let mut counts = Counts::default();
        for block in 0..4 {
            let numbers = std::array::from_fn(|lane| f64::from(block * 16 + lane as i32 - 20) * 1.7);
            counts.add(&Lanes(numbers), LANES);
        }
        counts
    }

    #[test]
    fn numbers_inside_a_bin_are_taken_to_lie_evenly() {
        // The bins of 2^20 are 2^20 / 8192 wide; all of sixteen numbers lie in the first.
        let (low, width) = (libm::exp2(20.0), libm::exp2(20.0) / FINE as f64);
        let mut counts = Counts::default();
        counts.add(&Lanes(std::array::from_fn(|lane| low + width * (lane as f64 + 0.5) / 16.0)), LANES);
        let bins = counts.bins();
        for k in 0..=16 {
            assert_eq!(bins.count_below(low + width * f64::from(k) / 16.0), k as u64);
        }
        assert_eq!((bins.count_below(low - 1.0), bins.count_below(low + 2.0 * width)), (0, 16));
    }

    #[test]
    fn the_smallest_number_that_is_not_taken_for_zero_has_a_bin() {
        let smallest = libm::exp2(-20.0);
        let mut counts = Counts::default();
        counts.add(&Lanes(std::array::from_fn(|lane| if lane < 4 { smallest } else { smallest * 0.999 })), LANES);
        assert_eq!(counts.zeros.iter().sum::<u64>(), 12);
        // Small and large ones do not meet in a bin.
        let mut counts = Counts::default();
        counts.add(&Lanes(std::array::from_fn(|lane| libm::exp2(f64::from(lane as i32 - 8) * 4.0))), LANES);
        assert_eq!(counts.zeros.iter().sum::<u64>(), 3);
        let bins = counts.bins();
        for k in 4..16 {
            let x = libm::exp2(f64::from(k - 8) * 4.0);
            assert_eq!((bins.count_below(x), bins.count_below(x * 1.1)), (k as u64, k as u64 + 1), "2^{}", (k - 8) * 4);
        }
    }

    #[test]
    fn counts_that_cannot_be_those_of_the_paths_are_refused() {
        type Change = fn(&mut Counts);
        assert!(some().fits(true, 64) && some().fits(false, 64) && !some().fits(true, 63));
        assert!(Counts::default().fits(true, 0));
        let forged: [Change; 14] = [
            |counts| counts.total += 1,
            |counts| counts.pages.push(NONE),
            |counts| counts.pages[0] = (counts.fine.len() / FINE) as u32,
            |counts| counts.fine.push(0),
            |counts| counts.fine[0] += 1,
            |counts| counts.coarse.push(0),
            |counts| counts.coarse[0] += 1,
            |counts| counts.zeros[3] += 1,
            |counts| counts.zeros[3] = u64::MAX,
            |counts| counts.infinite = u64::MAX,
            |counts| counts.infinite += 1,
            |counts| counts.min[2] = f64::NAN,
            |counts| counts.max[2] = f64::NAN,
            // A page of fine bins that has no wide ones.
            |counts| counts.fine.extend(vec![0; FINE]),
        ];
        for (i, change) in forged.iter().enumerate() {
            let mut counts = some();
            change(&mut counts);
            assert!(!counts.fits(true, 64) && !counts.fits(false, 64), "forgery {i}");
        }
        // An infinite number is one of the paths, where there may be any.
        let mut counts = some();
        counts.add(&Lanes([f64::INFINITY; LANES]), 2);
        assert!(counts.fits(false, 66) && !counts.fits(true, 66));
        // An infinite end, where every number is finite.
        let mut counts = some();
        counts.min = [f64::NEG_INFINITY; LANES];
        assert!(!counts.fits(true, 64));
    }

    #[test]
    fn a_number_is_counted_in_the_bin_that_holds_it_and_in_its_replicate() {
        for x in [3.0, -3.0, 1.0, 0.7, -1e9, 1e20, 2e-6, 0.0, 1e-9] {
            let mut counts = Counts::default();
            let mut numbers = [0.0; LANES];
            numbers[5] = x;
            counts.add(&Lanes(numbers), 6);
            let bins = counts.occupied();
            let of_x: Vec<_> = bins.iter().filter(|bin| bin.0 <= x && x <= bin.1).collect();
            if x.abs() < 1e-6 {
                assert_eq!(bins.iter().map(|bin| bin.2).collect::<Vec<_>>(), [6], "{x}");
                continue;
            }
            assert_eq!((bins.len(), of_x.len(), of_x[0].2), (2, 1, 1), "{x}");
            assert!((of_x[0].1 - of_x[0].0).abs() <= x.abs() / 8192.0, "{x}");
            let wide = counts.by_replicate();
            let bin = wide.iter().find(|bin| bin.low <= x && x <= bin.high && bin.low != 0.0).unwrap();
            assert!((bin.high - bin.low).abs() <= x.abs() / 16.0, "{x}");
            let inside: [f64; LANES] = std::array::from_fn(|lane| bin.upto[lane] - bin.before[lane]);
            assert_eq!(inside, std::array::from_fn(|lane| f64::from(u8::from(lane == 5))), "{x}");
        }
    }

    #[test]
    fn how_many_lie_below_is_counted_within_a_bin_and_by_replicate() {
        let counts = some();
        let bins = counts.bins();
        // −34 … 73.1 in steps of 1.7; the number itself is not below itself, but in a bin with nothing else.
        for i in [1, 7, 19, 20, 21, 22, 40, 63] {
            let x = f64::from(i - 20) * 1.7;
            assert_eq!(bins.count_below(x - 0.1), i as u64, "{x}");
            assert_eq!(bins.count_below(x + 0.1), i as u64 + 1, "{x}");
        }
        assert_eq!((bins.count_below(-1e6), bins.count_below(1e6)), (0, 64));
        // Inside of a wide bin the numbers of each replicate are taken to lie evenly.
        assert_eq!((bins.below(-1e6), bins.below(1e6)), ([0.0; LANES], [4.0; LANES]));
        let wide = counts.by_replicate();
        for bin in &wide {
            if bin.low < bin.high {
                let found = bins.below(bin.low + 0.25 * (bin.high - bin.low));
                let expected: [f64; LANES] =
                    std::array::from_fn(|lane| 0.75 * bin.before[lane] + 0.25 * bin.upto[lane]);
                assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{}", bin.low);
            }
        }
    }

    #[test]
    fn merged_counts_are_those_of_all_the_numbers() {
        let block = |of: f64| Lanes(std::array::from_fn(|lane| of * (lane as f64 - 7.0)));
        let (mut all, mut one, mut other) = (Counts::default(), Counts::default(), Counts::default());
        for (i, x) in [1.5, -3.0, 1e7, 0.0, f64::INFINITY].into_iter().enumerate() {
            // 0 · ∞ would be no number.
            let numbers = if x.is_infinite() { Lanes([x; LANES]) } else { block(x) };
            all.add(&numbers, LANES - i);
            if i % 2 == 0 { one.add(&numbers, LANES - i) } else { other.add(&numbers, LANES - i) }
        }
        one.merge(&other);
        assert_eq!(
            (one.total, one.zeros, one.infinite, one.min, one.max),
            (all.total, all.zeros, all.infinite, all.min, all.max)
        );
        assert_eq!((one.total, one.infinite), (70, 12));
        assert_eq!(one.occupied(), all.occupied());
        let upto = |counts: &Counts| counts.by_replicate().iter().map(|bin| bin.upto).collect::<Vec<_>>();
        assert_eq!(upto(&one), upto(&all));
    }
}
