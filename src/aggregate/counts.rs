//! Counts of an outcome's numbers in bins of equal relative width.
//!
//! Bins are cut from the bits of the number, sign, exponent and the first bits of the mantissa, so that counting costs a
//! shift and an increment and counts merge in any order. Wider bins by replicate stand beside the fine ones: the error of a
//! quantile is that of the share of paths below it, and such an error changes little from one bin to the next.

use serde::{Deserialize, Serialize};

use crate::lanes::{LANES, Lanes};

/// Fine bins in an octave: 2¹³, an error of at most 6.1e-5.
const BITS: u32 = 13;
const FINE: usize = 1 << BITS;
/// Bins by replicate in an octave.
const COARSE_BITS: u32 = 5;
const COARSE: usize = 1 << COARSE_BITS;
/// Numbers below 2⁻²⁰ in size are counted as zero.
const SMALLEST_EXPONENT: u64 = 1023 - 20;
/// Powers of two between the smallest and the largest number told apart: up to 10²⁴.
const OCTAVES: usize = 100;

/// The bits of a number without its sign.
const SIZE: u64 = u64::MAX >> 1;

/// Counts of numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Counts {
    total: u64,
    zeros: [u64; LANES],
    infinite: u64,
    min: f64,
    max: f64,
    /// For each octave of positive, then of negative numbers, the page of its bins, or 0 for none yet.
    pages: Vec<u16>,
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
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            pages: vec![0; 2 * OCTAVES],
            fine: vec![0; FINE],
            coarse: vec![0; COARSE * LANES],
        }
    }
}

impl Counts {
    /// Adds the numbers of the first `count` of sixteen paths.
    #[inline(always)]
    pub(super) fn add(&mut self, numbers: &Lanes, count: usize) {
        self.total += count as u64;
        let base = SMALLEST_EXPONENT << BITS;
        let mut offsets = [0; LANES];
        for (offset, x) in offsets.iter_mut().zip(numbers.0) {
            *offset = ((x.to_bits() & SIZE) >> (52 - BITS)).wrapping_sub(base);
        }
        for lane in 0..count {
            let x = numbers.0[lane];
            self.min = if x < self.min { x } else { self.min };
            self.max = if x > self.max { x } else { self.max };
            let octave = (offsets[lane] >> BITS) as usize;
            if octave >= OCTAVES {
                self.count_outside(lane, x);
            } else {
                self.count_in_bin(lane, octave, x < 0.0, offsets[lane] as usize & (FINE - 1));
            }
        }
    }

    /// Counts a number that is too small for a bin (its offset went round), infinite, or beyond the last bin.
    #[cold]
    fn count_outside(&mut self, lane: usize, x: f64) {
        if x.is_infinite() {
            self.infinite += 1;
        } else if x.abs() < 1.0 {
            self.zeros[lane] += 1;
        } else {
            self.count_in_bin(lane, OCTAVES - 1, x < 0.0, FINE - 1);
        }
    }

    #[inline(always)]
    fn count_in_bin(&mut self, lane: usize, octave: usize, negative: bool, within: usize) {
        let octave = octave + if negative { OCTAVES } else { 0 };
        let page = match self.pages[octave] {
            0 => self.new_page(octave),
            page => usize::from(page),
        };
        self.fine[(page << BITS) + within] += 1;
        let wide = (page << COARSE_BITS) + (within >> (BITS - COARSE_BITS));
        self.coarse[wide * LANES + lane] += 1;
    }

    #[cold]
    fn new_page(&mut self, octave: usize) -> usize {
        let page = self.fine.len() >> BITS;
        self.pages[octave] = page as u16;
        self.fine.resize(self.fine.len() + FINE, 0);
        self.coarse.resize(self.coarse.len() + COARSE * LANES, 0);
        page
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.zeros.iter_mut().zip(other.zeros).for_each(|(a, b)| *a += b);
        self.infinite += other.infinite;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        let add = |ours: &mut [u32], theirs: &[u32]| ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        for (octave, &theirs) in other.pages.iter().enumerate().filter(|(_, page)| **page != 0) {
            let ours = match self.pages[octave] {
                0 => self.new_page(octave),
                page => usize::from(page),
            };
            let theirs = usize::from(theirs);
            add(&mut self.fine[ours * FINE..][..FINE], &other.fine[theirs * FINE..][..FINE]);
            let wide = COARSE * LANES;
            add(&mut self.coarse[ours * wide..][..wide], &other.coarse[theirs * wide..][..wide]);
        }
    }

    /// The octaves in ascending order of their numbers, negative ones first, with their pages.
    fn octaves(&self) -> impl Iterator<Item = (bool, usize, usize)> + '_ {
        let negative = (OCTAVES..2 * OCTAVES).rev().map(|octave| (true, octave - OCTAVES, octave));
        let positive = (0..OCTAVES).map(|octave| (false, octave, octave));
        let page = |(negative, octave, at): (bool, usize, usize)| (negative, octave, usize::from(self.pages[at]));
        negative.chain(positive).map(page).filter(|(_, _, page)| *page != 0)
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
        for (low, high, _) in &mut out {
            (*low, *high) = (low.max(self.min), high.min(self.max));
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
        Bins { fine: fine.collect(), wide: self.by_replicate(), counts: self }
    }
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
    counts: &'a Counts,
}

impl Bins<'_> {
    pub(super) fn len(&self) -> u64 {
        self.counts.total
    }

    /// The number of a rank, from 0.
    pub(super) fn ranked(&self, rank: u64) -> f64 {
        // The ends are known exactly.
        if rank == 0 {
            return self.counts.min;
        }
        if rank + 1 == self.counts.total {
            return self.counts.max;
        }
        let Some(&(low, high, n, upto)) = self.fine.get(self.fine.partition_point(|bin| bin.3 <= rank)) else {
            return if self.counts.infinite > 0 { f64::INFINITY } else { self.counts.max };
        };
        low + (high - low) * (((rank + n - upto) as f64 + 0.5) / n as f64)
    }

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
