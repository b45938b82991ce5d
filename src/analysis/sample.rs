//! Paths with what was drawn for them and what came out: means in parts of an input's range, and what paths of one kind have in
//! common.

use crate::aggregate::Estimate;
use crate::lanes::{LANES, Lanes};

/// Parts of equal probability into which an input's range is cut.
const PARTS: usize = 20;
/// Fewer paths of a kind are too few to describe it.
pub const FEWEST: u64 = 100;
/// So many paths of the rarer kind are enough to compare them with the others.
pub const FEWEST_TO_COMPARE: u64 = 1000;
/// Quartiles.
const QUARTILES: [f64; 3] = [0.25, 0.5, 0.75];

/// How the range of what is uncertain is cut.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Parts {
    /// Where the parts of an input meet, rising.
    Input(Vec<f64>),
    /// A month in which an event starts.
    Event,
    /// Not at all.
    None,
}

impl Parts {
    /// Those of an input by its quantiles.
    pub(super) fn of(quantile: impl Fn(f64) -> f64) -> Self {
        Self::Input((1..PARTS).map(|k| quantile(k as f64 / PARTS as f64)).collect())
    }
}

/// A number where an input lies in one part of its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// From 1, the lowest.
    pub bin: usize,
    /// The lowest value of the paths in it.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// The mean.
    pub mean: Estimate,
}

/// An input among the paths on which an event happens, and among the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Common {
    /// Its quartiles where the event happens.
    pub with: [f64; 3],
    /// Its quartiles where it does not.
    pub without: [f64; 3],
    /// The largest difference between the two distribution functions (Kolmogorov and Smirnov), from 0 to 1.
    pub distance: Estimate,
}

/// Some paths.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    first_path: u64,
    parts: Vec<Parts>,
    /// By what is uncertain, by path.
    drawn: Vec<Vec<f64>>,
    /// By number, by path.
    numbers: Vec<Vec<f64>>,
}

/// Paths of one kind: their numbers, and by what is uncertain what was drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    paths: Vec<u64>,
    drawn: Vec<Vec<f64>>,
}

impl Kept {
    pub(super) fn len(&self) -> u64 {
        self.paths.len() as u64
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.paths.extend(more.paths);
        for (all, more) in self.drawn.iter_mut().zip(more.drawn) {
            all.extend(more);
        }
    }
}

/// A sum and a count for each replicate.
#[derive(Clone, Copy, Debug)]
struct Ratio {
    /// What numbers are counted from, so that equal ones have no error by rounding.
    pivot: f64,
    sums: [f64; LANES],
    counts: [f64; LANES],
}

impl Ratio {
    fn from(pivot: f64) -> Self {
        Self { pivot, sums: [0.0; LANES], counts: [0.0; LANES] }
    }

    fn add(&mut self, path: u64, number: f64) {
        let lane = (path % LANES as u64) as usize;
        self.sums[lane] += number - self.pivot;
        self.counts[lane] += 1.0;
    }

    fn count(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// From the pivot.
    fn offset(&self) -> f64 {
        self.sums.iter().sum::<f64>() / self.count()
    }

    /// How far each replicate pulls the mean, to first order.
    fn pulls(&self) -> [f64; LANES] {
        let (mean, count) = (self.offset(), self.count());
        std::array::from_fn(|lane| (self.sums[lane] - mean * self.counts[lane]) / count)
    }

    fn estimate(&self) -> Estimate {
        Estimate::of_replicates(self.pivot + self.offset(), error(&self.pulls()))
    }

    /// The mean of another with the same pivot less this one.
    fn difference(&self, other: &Self) -> Estimate {
        let (own, others) = (self.pulls(), other.pulls());
        let pulls: [f64; LANES] = std::array::from_fn(|lane| others[lane] - own[lane]);
        Estimate::of_replicates(other.offset() - self.offset(), error(&pulls))
    }
}

/// The standard error of what replicates pull by these.
fn error(pulls: &[f64; LANES]) -> f64 {
    let replicates = LANES as f64;
    libm::sqrt(pulls.iter().map(|pull| pull * pull).sum::<f64>() * replicates / (replicates - 1.0))
}

impl Sample {
    pub(super) fn new(first_path: u64, parts: Vec<Parts>, numbers: usize) -> Self {
        let drawn = vec![Vec::new(); parts.len()];
        Self { first_path, parts, drawn, numbers: vec![Vec::new(); numbers] }
    }

    /// Adds the first `count` of sixteen paths.
    pub(super) fn add(&mut self, count: usize, drawn: impl Iterator<Item = Lanes>, numbers: Vec<Lanes>) {
        for (all, lanes) in self.drawn.iter_mut().zip(drawn) {
            all.extend_from_slice(&lanes.0[..count]);
        }
        for (all, lanes) in self.numbers.iter_mut().zip(numbers) {
            all.extend_from_slice(&lanes.0[..count]);
        }
    }

    /// Adds the paths that follow.
    pub(super) fn extend(&mut self, other: Self) {
        for (all, more) in self.drawn.iter_mut().zip(other.drawn) {
            all.extend(more);
        }
        for (all, more) in self.numbers.iter_mut().zip(other.numbers) {
            all.extend(more);
        }
    }

    /// What was drawn, by what is uncertain and path, and the numbers, by number and path.
    pub(super) fn into_parts(self) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        (self.drawn, self.numbers)
    }

    fn paths(&self) -> impl Iterator<Item = u64> {
        self.first_path..
    }

    /// An empty sum of a number.
    fn sum_of(&self, number: usize) -> Ratio {
        Ratio::from(self.numbers[number].first().copied().unwrap_or(0.0))
    }

    pub(super) fn mean(&self, number: usize) -> Estimate {
        let mut all = self.sum_of(number);
        self.paths().zip(&self.numbers[number]).for_each(|(path, y)| all.add(path, *y));
        all.estimate()
    }

    pub(super) fn sd(&self, number: usize) -> f64 {
        let (mean, numbers) = (self.mean(number).value, &self.numbers[number]);
        libm::sqrt(numbers.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / numbers.len() as f64)
    }

    /// The mean of a number on the paths whose draw is of some kind.
    fn where_drawn(&self, input: usize, number: usize, is: impl Fn(f64) -> bool) -> Option<Ratio> {
        let mut found = self.sum_of(number);
        for (path, (x, y)) in self.paths().zip(self.drawn[input].iter().zip(&self.numbers[number])) {
            if is(*x) {
                found.add(path, *y);
            }
        }
        (found.count() >= FEWEST as f64).then_some(found)
    }

    /// A number in the lowest and the highest tenth of an input, equal values all in or out; of an event where it never starts and where it does in the first
    /// year.
    pub(super) fn swing(&self, input: usize, number: usize) -> Option<super::drivers::Swing> {
        let (low, high) = match &self.parts[input] {
            Parts::None => return None,
            Parts::Event => (
                self.where_drawn(input, number, f64::is_infinite)?,
                self.where_drawn(input, number, |month| month <= 12.0)?,
            ),
            Parts::Input(edges) => (
                self.where_drawn(input, number, |x| x <= edges[1])?,
                self.where_drawn(input, number, |x| x >= edges[PARTS - 3])?,
            ),
        };
        Some(super::drivers::Swing { low: low.estimate(), high: high.estimate(), swing: low.difference(&high) })
    }

    /// A number in each part of an input's range that has enough paths.
    pub(super) fn curve(&self, input: usize, number: usize) -> Vec<Bin> {
        let Parts::Input(edges) = &self.parts[input] else { return Vec::new() };
        let mut bins = vec![(self.sum_of(number), f64::INFINITY, f64::NEG_INFINITY); PARTS];
        for (path, (x, y)) in self.paths().zip(self.drawn[input].iter().zip(&self.numbers[number])) {
            let (sum, low, high) = &mut bins[edges.partition_point(|edge| edge <= x)];
            sum.add(path, *y);
            (*low, *high) = (low.min(*x), high.max(*x));
        }
        let enough = bins.into_iter().enumerate().filter(|(_, bin)| bin.0.count() >= FEWEST as f64);
        enough.map(|(i, (sum, low, high))| Bin { bin: i + 1, low, high, mean: sum.estimate() }).collect()
    }

    /// On how many paths an event happens, and on how many it does not.
    pub(super) fn happens(&self, number: usize) -> [u64; 2] {
        let yes = self.numbers[number].iter().filter(|y| **y > 0.5).count() as u64;
        [yes, self.numbers[number].len() as u64 - yes]
    }

    /// The paths on which an event happens, or those on which it does not.
    pub(super) fn kind(&self, number: usize, happens: bool) -> Kept {
        let is = |y: &f64| (*y > 0.5) == happens;
        let numbers = &self.numbers[number];
        let paths = self.paths().zip(numbers).filter(|(_, y)| is(y)).map(|(path, _)| path).collect();
        let drawn = |all: &Vec<f64>| all.iter().zip(numbers).filter(|(_, y)| is(y)).map(|(x, _)| *x).collect();
        Kept { paths, drawn: self.drawn.iter().map(drawn).collect() }
    }

    /// What each input is among `kept`, the paths of the rarer kind, and among the others of this sample.
    pub(super) fn common(&self, number: usize, rare: bool, kept: &Kept) -> Vec<Option<Common>> {
        let others = self.kind(number, !rare);
        let of = |(input, parts): (usize, &Parts)| {
            let enough = kept.paths.len() as u64 >= FEWEST && others.paths.len() as u64 >= FEWEST;
            if !enough || *parts == Parts::None {
                return None;
            }
            let (a, b) = ((&kept.paths, &kept.drawn[input]), (&others.paths, &others.drawn[input]));
            let (with, without) = if rare { (a, b) } else { (b, a) };
            Some(compared(with, without))
        };
        self.parts.iter().enumerate().map(of).collect()
    }
}

/// Two samples of one input, with the paths that they are of.
fn compared(with: (&Vec<u64>, &Vec<f64>), without: (&Vec<u64>, &Vec<f64>)) -> Common {
    let sorted = |numbers: &[f64]| {
        let mut all = numbers.to_vec();
        all.sort_unstable_by(f64::total_cmp);
        all
    };
    let (a, b) = (sorted(with.1), sorted(without.1));
    let (mut at, mut furthest) = (f64::NAN, -1.0);
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let x = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.min(*y),
            (Some(x), None) | (None, Some(x)) => *x,
            (None, None) => break,
        };
        i += a[i..].iter().take_while(|other| **other == x).count();
        j += b[j..].iter().take_while(|other| **other == x).count();
        let distance = (i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs();
        if distance > furthest {
            (at, furthest) = (x, distance);
        }
    }
    // The error of the difference at that very point.
    let share = |(paths, drawn): (&Vec<u64>, &Vec<f64>)| {
        let mut share = Ratio::from(0.0);
        paths.iter().zip(drawn).for_each(|(path, x)| share.add(*path, f64::from(u8::from(*x <= at))));
        share
    };
    let se = share(without).difference(&share(with)).se.unwrap_or(0.0);
    let quartiles = |all: &[f64]| QUARTILES.map(|p| all[((all.len() - 1) as f64 * p).round() as usize]);
    Common { with: quartiles(&a), without: quartiles(&b), distance: Estimate::of_replicates(furthest, se) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of 4,000 paths, by what was drawn from 0 to 1 evenly.
    fn sample(number: impl Fn(f64) -> f64) -> Sample {
        let mut sample = Sample::new(0, vec![Parts::of(|p| p), Parts::None], 1);
        for group in 0..4000 / LANES {
            let drawn = Lanes(std::array::from_fn(|lane| ((group * LANES + lane) as f64 + 0.5) / 4000.0));
            let numbers = Lanes(std::array::from_fn(|lane| number(drawn.0[lane])));
            sample.add(LANES, [drawn, drawn].into_iter(), vec![numbers]);
        }
        sample
    }

    #[test]
    fn a_curve_has_twenty_parts_and_a_spread_is_that_of_the_paths() {
        // Of y = x the means are those of the parts, and the spread is that of 4,000 even steps: (1 − 1/4000²) / 12.
        let line = sample(|x| x);
        let curve = line.curve(0, 0);
        assert_eq!(curve.iter().map(|bin| bin.bin).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
        for bin in &curve {
            let middle = (bin.bin as f64 - 0.5) / 20.0;
            assert!((bin.mean.value - middle).abs() < 1e-12 && bin.low < middle && bin.high > middle, "{bin:?}");
        }
        assert!(line.curve(1, 0).is_empty());
        let sd = ((1.0 - 1.0 / (4000.0 * 4000.0)) / 12.0_f64).sqrt();
        assert!((line.sd(0) - sd).abs() < 1e-12, "{} for {sd}", line.sd(0));
    }

    #[test]
    fn what_is_common_takes_enough_paths_of_both_kinds() {
        let of = |count: f64| {
            let sample = sample(|x| f64::from(u8::from(x < count / 4000.0)));
            let kept = sample.kind(0, true);
            (kept.len(), sample.happens(0), sample.common(0, true, &kept))
        };
        let (kept, happens, common) = of(FEWEST as f64);
        assert_eq!((kept, happens, common[1]), (100, [100, 3900], None));
        let common = common[0].unwrap();
        // The event takes the lowest hundred: no path of the others is below its highest.
        assert!((common.distance.value - 1.0).abs() < 1e-12 && common.with[2] < 0.025 && common.without[0] > 0.025);
        assert_eq!(of(99.0).2, [None, None]);
        assert_eq!(of(3901.0).2, [None, None], "99 paths without it");
    }
}
