//! Quantiles of many numbers: exact from the kept numbers, or from counts in bins of equal relative width.
//!
//! Bins are cut from the bits of the number, sign, exponent and the first bits of the mantissa, so that counting
//! costs a shift and an increment and counts merge in any order. Which of the two is used depends on the number of
//! paths asked for alone.

use crate::lanes::LANES;

/// Numbers below 2⁻²⁰ in size are counted as zero.
const SMALLEST_EXPONENT: u64 = 1023 - 20;
/// Powers of two between the smallest and the largest number told apart: up to 10²⁴.
const OCTAVES: usize = 100;

/// The bits of a number without its sign.
const SIZE: u64 = u64::MAX >> 1;

/// How numbers are collected.
#[derive(Clone, Debug)]
pub(crate) enum Spread {
    /// Every number.
    Kept(Vec<f64>),
    /// Counts.
    Counted(Box<Counts>),
}

/// Counts of numbers in bins of relative width 2^−`bits`.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    bits: u32,
    total: u64,
    zeros: u64,
    infinite: u64,
    min: f64,
    max: f64,
    /// For each octave of positive, then of negative numbers, the page of its bins, or 0 for none yet.
    pages: Vec<u16>,
    bins: Vec<u32>,
}

impl Spread {
    pub(crate) fn kept() -> Self {
        Self::Kept(Vec::new())
    }

    pub(crate) fn counted(bits: u32) -> Self {
        Self::Counted(Box::new(Counts::new(bits)))
    }

    /// Adds numbers; infinity ranks last.
    #[inline(always)]
    pub(crate) fn add(&mut self, numbers: &[f64]) {
        match self {
            Self::Kept(kept) => kept.extend_from_slice(numbers),
            Self::Counted(counts) => counts.add(numbers),
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Kept(a), Self::Kept(b)) => a.extend(b),
            (Self::Counted(a), Self::Counted(b)) => a.merge(&b),
            // Both sides of a merge come from the same plan and number of paths.
            _ => unreachable!("a merge of kept with counted numbers"),
        }
    }

    /// Puts kept numbers in order, so that what follows does not depend on the order in which they came.
    pub(crate) fn sort(&mut self) {
        if let Self::Kept(kept) = self {
            kept.sort_unstable_by(f64::total_cmp);
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Kept(kept) => kept.len() as u64,
            Self::Counted(counts) => counts.total,
        }
    }

    /// Smallest and largest number.
    pub(crate) fn extremes(&self) -> Option<(f64, f64)> {
        match self {
            Self::Kept(kept) => Some((*kept.first()?, *kept.last()?)),
            Self::Counted(counts) if counts.total == 0 => None,
            Self::Counted(counts) => Some((counts.min, counts.max)),
        }
    }

    /// The quantiles at `ps` by numpy's linear definition: at rank (n − 1)·p of the sorted numbers. Empty where there
    /// are no numbers.
    pub(crate) fn quantiles(&self, ps: &[f64]) -> Vec<f64> {
        let n = self.len();
        if n == 0 {
            return Vec::new();
        }
        let ranked: Box<dyn Fn(u64) -> f64> = match self {
            Self::Kept(kept) => Box::new(|rank| kept[rank as usize]),
            Self::Counted(counts) => Box::new(counts.ranked()),
        };
        let quantile = |p: f64| {
            let rank = (n - 1) as f64 * p;
            let below = rank.floor();
            let low = ranked(below as u64);
            let fraction = rank - below;
            if fraction == 0.0 || low.is_infinite() {
                return low;
            }
            let high = ranked(below as u64 + 1);
            if high.is_infinite() { high } else { low + (high - low) * fraction }
        };
        ps.iter().map(|&p| quantile(p)).collect()
    }

    /// How many numbers lie below `x` (exact from kept ones, to a bin's fraction from counts).
    pub(crate) fn count_below(&self, x: f64) -> u64 {
        match self {
            Self::Kept(kept) => kept.partition_point(|&y| y < x) as u64,
            Self::Counted(counts) => counts.count_below(x),
        }
    }
}

impl Counts {
    fn new(bits: u32) -> Self {
        Self {
            bits,
            total: 0,
            zeros: 0,
            infinite: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            pages: vec![0; 2 * OCTAVES],
            bins: vec![0; 1 << bits],
        }
    }

    #[inline(always)]
    fn add(&mut self, numbers: &[f64]) {
        let (sixteens, rest) = numbers.as_chunks::<LANES>();
        for numbers in sixteens {
            self.add_sixteen(numbers);
        }
        if !rest.is_empty() {
            self.add_some(rest);
        }
    }

    /// Sixteen numbers at once: where each belongs is worked out in vectors, then each is counted.
    #[inline(always)]
    fn add_sixteen(&mut self, numbers: &[f64; LANES]) {
        self.total += LANES as u64;
        let (mut low, mut high) = (*numbers, *numbers);
        for half in [8, 4, 2, 1] {
            for i in 0..half {
                low[i] = if low[i + half] < low[i] { low[i + half] } else { low[i] };
                high[i] = if high[i + half] > high[i] { high[i + half] } else { high[i] };
            }
        }
        self.min = if low[0] < self.min { low[0] } else { self.min };
        self.max = if high[0] > self.max { high[0] } else { self.max };
        let base = SMALLEST_EXPONENT << self.bits;
        let mut offsets = [0; LANES];
        for i in 0..LANES {
            offsets[i] = ((numbers[i].to_bits() & SIZE) >> (52 - self.bits)).wrapping_sub(base);
        }
        for (&x, offset) in numbers.iter().zip(offsets) {
            self.count(x, offset);
        }
    }

    /// A few numbers, at the end of a run.
    fn add_some(&mut self, numbers: &[f64]) {
        let base = SMALLEST_EXPONENT << self.bits;
        for &x in numbers {
            self.total += 1;
            self.min = if x < self.min { x } else { self.min };
            self.max = if x > self.max { x } else { self.max };
            self.count(x, ((x.to_bits() & SIZE) >> (52 - self.bits)).wrapping_sub(base));
        }
    }

    /// Counts x, whose bin stands `offset` bins above the smallest.
    #[inline(always)]
    fn count(&mut self, x: f64, offset: u64) {
        let octave = (offset >> self.bits) as usize;
        if octave >= OCTAVES {
            self.count_outside(x);
            return;
        }
        self.count_in_bin(octave, x < 0.0, offset as usize & ((1 << self.bits) - 1));
    }

    /// Counts a number that is too small for a bin (its offset went round), infinite, or beyond the last bin.
    #[cold]
    fn count_outside(&mut self, x: f64) {
        if x.is_infinite() {
            self.infinite += 1;
        } else if x.abs() < 1.0 {
            self.zeros += 1;
        } else {
            self.count_in_bin(OCTAVES - 1, x < 0.0, (1 << self.bits) - 1);
        }
    }

    #[inline(always)]
    fn count_in_bin(&mut self, octave: usize, negative: bool, within: usize) {
        let octave = octave + if negative { OCTAVES } else { 0 };
        let page = match self.pages[octave] {
            0 => self.new_page(octave),
            page => usize::from(page),
        };
        self.bins[(page << self.bits) + within] += 1;
    }

    #[cold]
    fn new_page(&mut self, octave: usize) -> usize {
        let page = self.bins.len() >> self.bits;
        self.pages[octave] = page as u16;
        self.bins.resize(self.bins.len() + (1 << self.bits), 0);
        page
    }

    fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.zeros += other.zeros;
        self.infinite += other.infinite;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        for (octave, &theirs) in other.pages.iter().enumerate().filter(|(_, page)| **page != 0) {
            let ours = match self.pages[octave] {
                0 => self.new_page(octave),
                page => usize::from(page),
            };
            let width = 1 << self.bits;
            let theirs = usize::from(theirs) * width;
            for (a, b) in self.bins[ours * width..][..width].iter_mut().zip(&other.bins[theirs..theirs + width]) {
                *a += b;
            }
        }
    }

    /// Every bin that is not empty, in ascending order: its ends and its count.
    fn occupied(&self) -> impl Iterator<Item = (f64, f64, u64)> + '_ {
        let width = 1_usize << self.bits;
        let octave_bins = move |octave: usize| {
            let page = usize::from(self.pages[octave]);
            (0..if page == 0 { 0 } else { width }).map(move |i| (octave, i, self.bins[page * width + i]))
        };
        let negative = (OCTAVES..2 * OCTAVES).rev().flat_map(move |octave| {
            octave_bins(octave).rev().map(move |(octave, i, n)| {
                let (low, high) = self.ends(octave - OCTAVES, i);
                (-high, -low, u64::from(n))
            })
        });
        let smallest = f64::from_bits(SMALLEST_EXPONENT << 52);
        let zero = std::iter::once((-smallest, smallest, self.zeros));
        let positive = (0..OCTAVES).flat_map(move |octave| {
            octave_bins(octave).map(move |(octave, i, n)| {
                let (low, high) = self.ends(octave, i);
                (low, high, u64::from(n))
            })
        });
        negative.chain(zero).chain(positive).filter(|bin| bin.2 > 0).map(|(low, high, n)| {
            // Zero is by far the likeliest number of its bin.
            if low < 0.0 && high > 0.0 { (0.0, 0.0, n) } else { (low.max(self.min), high.min(self.max), n) }
        })
    }

    fn ends(&self, octave: usize, bin: usize) -> (f64, f64) {
        let step = 52 - self.bits;
        let start = (SMALLEST_EXPONENT << self.bits) + ((octave << self.bits) + bin) as u64;
        (f64::from_bits(start << step), f64::from_bits((start + 1) << step))
    }

    /// The number of each rank, from 0; numbers inside a bin are taken to be spread evenly.
    fn ranked(&self) -> impl Fn(u64) -> f64 + '_ {
        let mut before = 0;
        let bins: Vec<_> = self
            .occupied()
            .map(|(low, high, n)| {
                before += n;
                (low, high, n, before)
            })
            .collect();
        move |rank| {
            // The ends are known exactly.
            if rank == 0 {
                return self.min;
            }
            if rank + 1 == self.total {
                return self.max;
            }
            let Some(&(low, high, n, upto)) = bins.get(bins.partition_point(|bin| bin.3 <= rank)) else {
                return if self.infinite > 0 { f64::INFINITY } else { self.max };
            };
            low + (high - low) * (((rank + n - upto) as f64 + 0.5) / n as f64)
        }
    }

    fn count_below(&self, x: f64) -> u64 {
        let mut below = 0;
        for (low, high, n) in self.occupied() {
            if high <= x && low < x {
                below += n;
            } else if low < x {
                return below + (n as f64 * (x - low) / (high - low)).round() as u64;
            } else {
                break;
            }
        }
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Vec<f64> {
        (0..20_000).map(|i| libm::sinh(libm::sin(f64::from(i) * 1.7) * 20.0) + f64::from(i % 7)).collect()
    }

    #[test]
    fn counts_agree_with_the_kept_numbers() {
        let (mut kept, mut counted) = (Spread::kept(), Spread::counted(13));
        kept.add(&numbers());
        counted.add(&numbers());
        kept.sort();
        let ps: Vec<f64> = (0..=1000).map(|i| f64::from(i) / 1000.0).collect();
        for (p, (exact, near)) in ps.iter().zip(kept.quantiles(&ps).iter().zip(counted.quantiles(&ps))) {
            assert!((exact - near).abs() <= 1e-4 * exact.abs().max(1e-3), "at {p}: {near}, not {exact}");
        }
        assert_eq!(kept.extremes(), counted.extremes());
    }

    #[test]
    fn merging_in_any_order_and_split_gives_the_same_quantiles() {
        let all = numbers();
        for cut in [0, 1, 777, 20_000] {
            for make in [Spread::kept as fn() -> Spread, || Spread::counted(9)] {
                let (mut whole, mut first, mut second) = (make(), make(), make());
                whole.add(&all);
                first.add(&all[..cut]);
                second.add(&all[cut..]);
                second.merge(first);
                whole.sort();
                second.sort();
                let ps = [0.0, 0.05, 0.5, 0.95, 1.0];
                assert_eq!(whole.quantiles(&ps), second.quantiles(&ps));
            }
        }
    }

    #[test]
    fn linear_definition_of_numpy_with_infinity_last() {
        let mut spread = Spread::kept();
        spread.add(&[4.0, f64::INFINITY, 1.0, 2.0]);
        spread.sort();
        // numpy.quantile([1, 2, 4, inf], 0.5) = 3
        assert_eq!(spread.quantiles(&[0.5, 0.25, 0.9]), [3.0, 1.75, f64::INFINITY]);
        assert!(Spread::kept().quantiles(&[0.5]).is_empty());
    }

    #[test]
    fn numbers_beyond_the_last_bin_and_infinity_rank_last() {
        let mut spread = Spread::counted(9);
        spread.add(&[f64::INFINITY, 1e300, -1e300, 0.0, 1e-300]);
        assert_eq!(spread.quantiles(&[0.0, 0.5, 1.0]), [-1e300, 0.0, f64::INFINITY]);
    }

    #[test]
    fn equal_numbers_stay_themselves() {
        let mut spread = Spread::counted(9);
        spread.add(&[-1234.5; 100]);
        assert_eq!(spread.quantiles(&[0.0, 0.3, 1.0]), [-1234.5; 3]);
    }

    #[test]
    fn counting_below_is_the_inverse_of_the_quantile() {
        let mut spread = Spread::counted(13);
        spread.add(&numbers());
        for p in [0.1, 0.5, 0.9] {
            let x = spread.quantiles(&[p])[0];
            assert!((spread.count_below(x) as f64 - p * 20_000.0).abs() <= 2.0);
        }
    }
}
