//! The normal numbers behind the monthly noise of each path.
//!
//! Random and Latin hypercube sampling take them from one xoshiro256++ generator a path. Sobol sampling pads: each month is a
//! dimension of its own whose points are even by themselves and unrelated to all others, the van der Corput sequence with its
//! index and its digits mixed by random triangular matrices over {0, 1} and a random shift (Matoušek, 1998). Such points
//! follow from their predecessor by one exclusive or, which makes them cheaper than any generator.

use std::sync::Arc;

use crate::lanes::{LANES, Lanes};
use crate::scenario::PathDraws;

use super::{GOLDEN, Sampler, mix, words_of};

/// Digits of the index that matter: enough for 4e9 paths in 16 replicates.
const INDEX_BITS: usize = 28;

/// Where the shocks of each path come from.
#[derive(Clone, Debug)]
pub(crate) enum ShockStream {
    /// No path has any.
    Quiet,
    /// The seed of the generators.
    Random(u64),
    /// Points by month.
    Padded(Padded),
    /// Known ones in the first months, then those of another stream.
    Known(Arc<PathDraws>, Arc<ShockStream>),
}

/// For each month the digits of sixteen points, the first digit highest.
type Digits = [u32; LANES];

#[derive(Clone, Debug)]
pub(crate) struct Padded {
    months: usize,
    /// The points number 0.
    shift: Vec<Digits>,
    /// What moves from point k − 1 to point k, where k has j zeros at its end: of all months together, after another by j.
    steps: Vec<Digits>,
}

/// The shocks of the sixteen paths at hand, and what the next ones follow from.
#[derive(Clone, Debug)]
pub(crate) struct ShockBuffer {
    normals: Vec<Lanes>,
    digits: Vec<Digits>,
    /// The number of the points that `digits` hold.
    at: Option<u64>,
}

impl ShockStream {
    /// Shocks of month 0 (before the first) … `months`.
    pub(crate) fn new(sampler: Sampler, seed: u64, months: usize) -> Self {
        let words = words_of(seed, "shocks");
        match sampler {
            Sampler::Random | Sampler::LatinHypercube => Self::Random(words[0]),
            Sampler::Sobol => Self::Padded(Padded::new(words[0], months)),
        }
    }

    /// The same with known shocks in the first months.
    pub(crate) fn with_known(self: Arc<Self>, draws: &Arc<PathDraws>) -> Arc<Self> {
        if self.is_quiet() || draws.shocks.is_empty() {
            return self;
        }
        Arc::new(Self::Known(Arc::clone(draws), self))
    }

    pub(crate) fn is_quiet(&self) -> bool {
        matches!(self, Self::Quiet)
    }

    pub(crate) fn buffer(&self, months: usize) -> ShockBuffer {
        let (normals, digits) = match self {
            Self::Quiet => (0, 0),
            Self::Random(_) => (months + 1, 0),
            Self::Padded(padded) => (months + 1, padded.months),
            Self::Known(_, then) => return then.buffer(months),
        };
        ShockBuffer { normals: vec![Lanes::ZERO; normals], digits: vec![[0; LANES]; digits], at: None }
    }

    /// The standard normal numbers of the sixteen paths from `first_path` on, by month; empty where there is no noise.
    #[inline(always)]
    pub(crate) fn draw<'b>(&self, first_path: u64, buffer: &'b mut ShockBuffer) -> &'b [Lanes] {
        let Self::Known(known, then) = self else {
            self.draw_new(first_path, buffer);
            return &buffer.normals;
        };
        then.draw_new(first_path, buffer);
        let first = first_path as usize % known.paths.max(LANES);
        for (normal, numbers) in buffer.normals.iter_mut().zip(&known.shocks) {
            *normal = Lanes(std::array::from_fn(|lane| numbers[first + lane]));
        }
        &buffer.normals
    }

    #[inline(always)]
    fn draw_new(&self, first_path: u64, buffer: &mut ShockBuffer) {
        match self {
            // Known ones stand over new ones, never over other known ones.
            Self::Quiet | Self::Known(..) => {}
            Self::Random(seed) => {
                let mut generators = Generators::of_paths(*seed, first_path);
                for normal in &mut buffer.normals {
                    *normal = Lanes::normals_of_words(&generators.next().map(|bits| (bits >> 32) as u32));
                }
            }
            Self::Padded(padded) => padded.draw(first_path / LANES as u64, buffer),
        }
    }
}

impl ShockBuffer {
    /// What was drawn last.
    pub(crate) fn normals(&self) -> &[Lanes] {
        &self.normals
    }
}

impl Padded {
    fn new(seed: u64, months: usize) -> Self {
        let months = months + 1;
        let mut counter = seed;
        let mut random = || {
            counter = counter.wrapping_add(GOLDEN);
            (mix(counter) >> 32) as u32
        };
        let mut shift = vec![[0; LANES]; months];
        let mut steps = vec![[0; LANES]; months * INDEX_BITS];
        for month in 0..months {
            for lane in 0..LANES {
                shift[month][lane] = random();
                // Column i of the lower triangle: digit i, and any of those below it.
                let lower: [u32; INDEX_BITS] =
                    std::array::from_fn(|i| (1 << (31 - i)) | (random() & ((1 << (31 - i)) - 1)));
                let mut step = 0;
                for j in 0..INDEX_BITS {
                    // Column j of the upper triangle: digit j, and any of those above it.
                    let mixed = random();
                    let above = (0..j).filter(|i| (mixed >> i) & 1 == 1).fold(0, |x, i| x ^ lower[i]);
                    // From k − 1 to k all of the last j + 1 digits change.
                    step ^= lower[j] ^ above;
                    steps[j * months + month][lane] = step;
                }
            }
        }
        Self { months, shift, steps }
    }

    /// The normal numbers of a point, which cost less where it follows the one drawn before.
    #[inline(always)]
    fn draw(&self, point: u64, buffer: &mut ShockBuffer) {
        if point == 0 || buffer.at != Some(point - 1) {
            self.start(point, buffer);
        }
        buffer.at = Some(point);
        let months = buffer.normals.iter_mut().zip(&mut buffer.digits).zip(self.steps_to(point));
        for ((normal, digits), step) in months {
            for (digits, step) in digits.iter_mut().zip(step) {
                *digits ^= step;
            }
            *normal = Lanes::normals_of_words(digits);
        }
    }

    /// What moves from the point before to this one, by month. (To point 0 any step leads, from where `start` puts it.)
    #[inline(always)]
    fn steps_to(&self, point: u64) -> &[Digits] {
        let j = if point == 0 { 0 } else { point.trailing_zeros() as usize };
        &self.steps[j * self.months..(j + 1) * self.months]
    }

    /// Puts the digits where the last step to a point starts.
    #[cold]
    fn start(&self, point: u64, buffer: &mut ShockBuffer) {
        buffer.digits.copy_from_slice(&self.shift);
        let mut add = |steps: &[Digits]| {
            for (digits, step) in buffer.digits.iter_mut().zip(steps) {
                for (x, y) in digits.iter_mut().zip(step) {
                    *x ^= y;
                }
            }
        };
        // Digit j by itself is the step at j without the one at j − 1, so of two neighbours that are both set one cancels.
        let gray = point ^ (point >> 1);
        for j in (0..INDEX_BITS).filter(|j| (gray >> j) & 1 == 1) {
            add(&self.steps[j * self.months..(j + 1) * self.months]);
        }
        add(self.steps_to(point));
    }
}

/// One xoshiro256++ generator (Blackman and Vigna, 2019) a path, all sixteen in step.
#[derive(Clone, Debug)]
struct Generators {
    state: [[u64; LANES]; 4],
}

impl Generators {
    /// The generators of the sixteen paths from `first_path` on, each seeded by a mix of the seed and its number.
    #[inline(always)]
    fn of_paths(seed: u64, first_path: u64) -> Self {
        let mut seeds = [0; LANES];
        for (lane, out) in seeds.iter_mut().enumerate() {
            *out = mix(seed.wrapping_add((first_path + lane as u64).wrapping_mul(GOLDEN)));
        }
        Self::new(seeds)
    }

    /// Seeds each path's generator as `Xoshiro256PlusPlus::seed_from_u64(seeds[lane])` does.
    #[inline(always)]
    fn new(seeds: [u64; LANES]) -> Self {
        let mut state = [[0; LANES]; 4];
        let mut counters = seeds;
        for word in &mut state {
            for (lane, out) in word.iter_mut().enumerate() {
                counters[lane] = counters[lane].wrapping_add(GOLDEN);
                *out = mix(counters[lane]);
            }
        }
        Self { state }
    }

    #[inline(always)]
    fn next(&mut self) -> [u64; LANES] {
        let [a, b, c, d] = &mut self.state;
        let mut out = [0; LANES];
        for i in 0..LANES {
            out[i] = a[i].wrapping_add(d[i]).rotate_left(23).wrapping_add(a[i]);
            let t = b[i] << 17;
            c[i] ^= a[i];
            d[i] ^= b[i];
            b[i] ^= c[i];
            a[i] ^= d[i];
            c[i] ^= t;
            d[i] = d[i].rotate_left(45);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn generators_are_the_named_ones_of_the_rand_family() {
        let seeds: [u64; LANES] = std::array::from_fn(|lane| mix(lane as u64));
        let mut generators = Generators::new(seeds);
        let mut reference = seeds.map(Xoshiro256PlusPlus::seed_from_u64);
        for _ in 0..100 {
            assert_eq!(generators.next(), std::array::from_fn(|lane| reference[lane].next_u64()));
        }
    }

    #[test]
    fn a_path_has_the_same_shocks_whatever_was_drawn_before() {
        for sampler in Sampler::ALL {
            let stream = ShockStream::new(sampler, 5, 7);
            let mut in_order = stream.buffer(7);
            for group in 0..300 {
                let expected = stream.draw(group * 16, &mut in_order).to_vec();
                let mut alone = stream.buffer(7);
                assert_eq!(stream.draw(group * 16, &mut alone), expected);
            }
        }
    }

    #[test]
    fn padded_shocks_put_one_point_in_each_cell_every_month() {
        let padded = Padded::new(11, 5);
        for (bits, first) in [(1, 6), (4, 16), (10, 3072)] {
            let points = 1_u64 << bits;
            let mut seen = vec![[[false; LANES]; 1 << 10]; 6];
            let mut buffer = ShockStream::Padded(padded.clone()).buffer(5);
            for point in first..first + points {
                padded.draw(point, &mut buffer);
                for (month, digits) in buffer.digits.iter().enumerate() {
                    for lane in 0..LANES {
                        seen[month][((u64::from(digits[lane]) * points) >> 32) as usize][lane] = true;
                    }
                }
            }
            for month in seen {
                assert!(month[..points as usize].iter().flatten().all(|seen| *seen));
            }
        }
    }

    #[test]
    fn months_and_replicates_are_unrelated() {
        // Squared correlations of 1024 numbers are 1/1024 in the mean for random ones, and little more for padding.
        let stream = ShockStream::new(Sampler::Sobol, 3, 3);
        let mut buffer = stream.buffer(3);
        let mut series = vec![Vec::new(); 4 * LANES];
        for group in 0..1024 {
            for (month, z) in stream.draw(group * 16, &mut buffer).iter().enumerate() {
                (0..LANES).for_each(|lane| series[month * LANES + lane].push(z.0[lane]));
            }
        }
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>() / 1024.0;
        let mut squares = 0.0;
        let mut pairs = 0.0;
        for (i, a) in series.iter().enumerate() {
            assert!((product(a, a) - 1.0).abs() < 0.03);
            for b in &series[i + 1..] {
                squares += product(a, b) * product(a, b);
                pairs += 1.0;
            }
        }
        assert!(squares / pairs < 1.5 / 1024.0, "{}", squares / pairs);
    }
}
