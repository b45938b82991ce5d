//! Uniform numbers and the draws made of them: the rule (seed, input's name, path's number) → value.
//!
//! An input's uniform numbers are one `ChaCha8` stream: its key is SHA-256 of the seed (eight bytes, little-endian) and
//! the input's name, and path i reads the i-th 64-bit word. So adding an input, or changing one's distribution, leaves
//! all others as they were, and any block of paths can be drawn by itself.

mod draws;

use chacha20::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

pub(crate) use draws::{Batch, DrawPlan, Drawn, PATHS_PER_BATCH, draw_one};

use crate::lanes::{LANES, Lanes};
use crate::model::Shocks;

/// How the points of an input are spread over \[0, 1\].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampler {
    /// Independent pseudo-random numbers.
    Random,
}

impl Sampler {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
        }
    }
}

/// The uniform numbers of one input.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    key: [u8; 32],
}

fn key_of(seed: u64, name: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(name.as_bytes());
    hash.finalize().into()
}

impl Stream {
    pub(crate) fn new(sampler: Sampler, seed: u64, name: &str) -> Self {
        match sampler {
            Sampler::Random => Self { key: key_of(seed, name) },
        }
    }

    /// The numbers of the paths from `first_path` on.
    pub(crate) fn fill(&self, first_path: u64, out: &mut [Lanes]) {
        let mut generator = ChaCha8Rng::from_seed(self.key);
        // Two 32-bit words a path.
        generator.set_word_pos(u128::from(first_path) * 2);
        for lanes in out {
            for u in &mut lanes.0 {
                *u = crate::model::uniform_from_bits(generator.next_u64());
            }
        }
    }
}

/// Where the monthly noise of each path starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShockStream {
    base: u64,
}

impl ShockStream {
    pub(crate) fn new(seed: u64) -> Self {
        let key = key_of(seed, "shocks");
        let mut first = [0; 8];
        first.copy_from_slice(&key[..8]);
        Self { base: u64::from_le_bytes(first) }
    }

    /// The generators of the sixteen paths from `first_path` on, each seeded by a mix of the seed and its number.
    #[inline(always)]
    pub(crate) fn of_paths(self, first_path: u64) -> Shocks {
        let mut seeds = [0; LANES];
        for (lane, seed) in seeds.iter_mut().enumerate() {
            let number = first_path + lane as u64;
            *seed = crate::model::mix(self.base.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        }
        Shocks::new(seeds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_block_of_paths_is_the_same_part_of_the_stream() {
        let stream = Stream::new(Sampler::Random, 7, "price.monthly");
        let mut whole = [Lanes::ZERO; 8];
        stream.fill(0, &mut whole);
        let mut part = [Lanes::ZERO; 2];
        stream.fill(48, &mut part);
        assert_eq!(whole[3..5], part);
    }

    #[test]
    fn first_numbers_are_pinned() {
        // A change here is value-breaking: every simulated number moves.
        let mut first = [Lanes::ZERO];
        Stream::new(Sampler::Random, 1, "market.refusal_rate").fill(0, &mut first);
        let shocks = ShockStream::new(1).of_paths(0).normal();
        assert_eq!(format!("{:.12} {:.12}", first[0].0[0], shocks.0[0]), "0.340055009844 -1.264570713337");
    }
}
