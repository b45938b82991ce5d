//! Uniform numbers and the draws made of them: the rule (seed, input's name, path's number) → value.
//!
//! Every random word comes from SHA-256 of the seed (eight bytes, little-endian) and a name, so adding an input, or changing
//! one's distribution, leaves all others as they were, and any block of paths can be drawn by itself. Paths are dealt out
//! to [`LANES`] replicates, path i to replicate i mod 16: each is a whole sample by the same method, independent of the
//! others, and from how far they lie apart comes the standard error of a run.

mod draws;
mod latent;
mod latin;
mod redraw;
mod sampling;
mod shocks;
mod sobol;

use chacha20::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

#[cfg(any(feature = "cli", test))]
pub(crate) use draws::draw_one;
#[cfg(feature = "cli")]
pub(crate) use draws::uniforms_of;
pub(crate) use draws::{Batch, DrawPlan, Drawn, PATHS_PER_BATCH};
pub(crate) use latent::{NO_SCORES, Scores};
pub(crate) use redraw::{Redraw, RedrawBatch};
pub use sampling::{DEFAULT_PATHS, DEFAULT_SEED, Sampling};
pub(crate) use shocks::{ShockBuffer, ShockStream};
#[cfg(feature = "cli")]
pub(crate) use sobol::sobol_coordinate;

use crate::lanes::{LANES, Lanes};

/// How the points of an input are spread over \[0, 1\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sampler {
    /// Independent pseudo-random numbers.
    Random,
    /// In each replicate, one point in each part of equal probability.
    LatinHypercube,
    /// Sobol points with Owen's scrambling: even in all inputs together.
    #[default]
    Sobol,
}

impl Sampler {
    /// Every sampler.
    pub const ALL: [Self; 3] = [Self::Random, Self::LatinHypercube, Self::Sobol];

    /// Its name on the command line and in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::LatinHypercube => "latin-hypercube",
            Self::Sobol => "sobol",
        }
    }

    /// The sampler of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sampler| sampler.name() == name)
    }

    /// Whether the numbers of a path depend on how many paths there are.
    pub(crate) const fn depends_on_paths(self) -> bool {
        matches!(self, Self::LatinHypercube)
    }
}

/// The uniform numbers of one input.
#[derive(Clone, Debug)]
enum Stream {
    /// One `ChaCha8` stream: path i reads the i-th 64-bit word.
    Random([u8; 32]),
    LatinHypercube(Box<latin::Shuffled>),
    Sobol(Box<sobol::Coordinate>),
}

fn key_of(seed: u64, name: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(name.as_bytes());
    hash.finalize().into()
}

/// Four random words for a name.
fn words_of(seed: u64, name: &str) -> [u64; 4] {
    let key = key_of(seed, name);
    std::array::from_fn(|i| key[8 * i..8 * (i + 1)].iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

/// A random word for each replicate, others for each purpose.
fn lane_words(word: u64, purpose: u64) -> [u64; LANES] {
    let number = |lane: usize| purpose * LANES as u64 + lane as u64 + 1;
    std::array::from_fn(|lane| mix(word.wrapping_add(number(lane).wrapping_mul(GOLDEN))))
}

/// What a counter moves by so that `mix` makes a random sequence of it (`SplitMix64`).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of `SplitMix64`.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// (2k + 1) · 2⁻⁵³ with k the upper 52 bits: never 0 or 1, and both ends equally near.
#[inline(always)]
fn uniform_from_bits(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | 0x3ff0_0000_0000_0000) - (1.0 - f64::EPSILON / 2.0)
}

impl Stream {
    fn new(sampler: Sampler, seed: u64, name: &str) -> Self {
        match sampler {
            Sampler::Random => Self::Random(key_of(seed, name)),
            Sampler::LatinHypercube => Self::LatinHypercube(Box::new(latin::Shuffled::new(words_of(seed, name)))),
            Sampler::Sobol => Self::Sobol(Box::new(sobol::Coordinate::new(name, words_of(seed, name)))),
        }
    }

    /// The numbers of the paths from `first_path` on, a multiple of 16, in a run of `paths`.
    #[inline(always)]
    fn fill(&self, first_path: u64, paths: u64, out: &mut [Lanes]) {
        match self {
            Self::Random(key) => fill_random(*key, first_path, out),
            Self::LatinHypercube(shuffled) => shuffled.fill(first_path / LANES as u64, paths, out),
            Self::Sobol(coordinate) => coordinate.fill(first_path / LANES as u64, out),
        }
    }
}

fn fill_random(key: [u8; 32], first_path: u64, out: &mut [Lanes]) {
    let mut generator = ChaCha8Rng::from_seed(key);
    // Two 32-bit words a path.
    generator.set_word_pos(u128::from(first_path) * 2);
    for lanes in out {
        for u in &mut lanes.0 {
            *u = uniform_from_bits(generator.next_u64());
        }
    }
}

/// A random order of so many things, by Fisher and Yates.
pub(crate) fn random_order(seed: u64, name: &str, count: usize) -> Vec<usize> {
    let mut generator = ChaCha8Rng::from_seed(key_of(seed, name));
    let mut order: Vec<usize> = (0..count).collect();
    for left in (1..count).rev() {
        // The upper half of a product is even enough: its bias is below 2⁻⁵⁰.
        let other = (u128::from(generator.next_u64()) * (left as u128 + 1)) >> 64;
        order.swap(left, other as usize);
    }
    order
}

/// Independent standard normal numbers for a name.
pub(crate) fn normals(seed: u64, name: &str, count: usize) -> Vec<f64> {
    let mut groups = vec![Lanes::ZERO; count.div_ceil(LANES)];
    fill_random(key_of(seed, name), 0, &mut groups);
    groups.into_iter().flat_map(|lanes| lanes.normal_quantile().0).take(count).collect()
}

/// A uniform number for a name.
pub(crate) fn random_uniform(seed: u64, name: &str) -> f64 {
    uniform_from_bits(words_of(seed, name)[0])
}

/// The uniform number of one path.
#[cfg(test)]
pub(crate) fn uniforms(seed: u64, name: &str, path: u64) -> f64 {
    let mut generator = ChaCha8Rng::from_seed(key_of(seed, name));
    generator.set_word_pos(u128::from(path) * 2);
    uniform_from_bits(generator.next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samplers_are_known_by_their_names() {
        for sampler in Sampler::ALL {
            assert_eq!(Sampler::by_name(sampler.name()), Some(sampler));
        }
        assert_eq!(Sampler::by_name("halton"), None);
    }

    #[test]
    fn a_uniform_number_of_a_name_is_one_of_many_between_0_and_1() {
        let numbers: Vec<f64> = (0..1000).map(|seed| random_uniform(seed, "name")).collect();
        assert!(numbers.iter().all(|x| *x > 0.0 && *x < 1.0));
        // Four standard errors of the mean of 1,000: 4 / √12,000.
        assert!((numbers.iter().sum::<f64>() / 1000.0 - 0.5).abs() < 0.0365);
        assert_ne!(random_uniform(1, "name"), random_uniform(1, "other"));
        // The words of a name are its hash, least significant byte first: SHA-256 of eight zero bytes begins af5570f5a1810b7a.
        assert_eq!(words_of(0, "")[0], u64::from_le_bytes([0xaf, 0x55, 0x70, 0xf5, 0xa1, 0x81, 0x0b, 0x7a]));
    }

    #[test]
    fn any_block_of_paths_is_the_same_part_of_the_stream() {
        for sampler in Sampler::ALL {
            for name in ["price.monthly", "events.rival"] {
                let stream = Stream::new(sampler, 7, name);
                let mut whole = [Lanes::ZERO; 80];
                stream.fill(0, 1280, &mut whole);
                let mut part = [Lanes::ZERO; 40];
                stream.fill(48, 1280, &mut part);
                assert_eq!(whole[3..43], part);
            }
        }
    }

    #[test]
    fn uniforms_are_centred_and_never_reach_an_end() {
        assert_eq!(uniform_from_bits(0), crate::distribution::special::U_MIN);
        assert_eq!(uniform_from_bits(u64::MAX), 1.0 - crate::distribution::special::U_MIN);
    }

    #[test]
    fn first_numbers_are_pinned() {
        // A change here is value-breaking: every simulated number moves.
        let first = |sampler| {
            let mut first = [Lanes::ZERO];
            Stream::new(sampler, 1, "market.refusal_rate").fill(0, 16_000, &mut first);
            let stream = ShockStream::new(sampler, 1, 60);
            let shock = stream.draw(0, &mut stream.buffer(60))[0].0[0];
            format!("{:.12} {shock:.12}", first[0].0[0])
        };
        assert_eq!(first(Sampler::Random), "0.340055009844 -1.264570832253");
        assert_eq!(first(Sampler::LatinHypercube), "0.123735195653 -1.264570832253");
        assert_eq!(first(Sampler::Sobol), "0.248394722884 -0.870593070984");
    }
}
