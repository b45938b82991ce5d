//! Latin hypercube: of the n points of a replicate one lies in each n-th part of every input's range of probability.
//!
//! Path i is point i div 16 of replicate i mod 16; each replicate shuffles the parts by a permutation of its own, worked out
//! for the one point that is asked for (rounds of bijections on the next power of two, walked until the result is a part;
//! the idea is Kensler's, "Correlated multi-jittered sampling", 2013).

use crate::lanes::{LANES, Lanes, paths_of_lane};

use super::{GOLDEN, lane_words, mix, uniform_from_bits};

/// Rounds of the permutation: with fewer, some permutations of three parts come too seldom.
const ROUNDS: usize = 8;
/// The largest uniform number.
const U_MAX: f64 = 1.0 - f64::EPSILON / 2.0;

/// One input's numbers in all replicates.
#[derive(Clone, Debug)]
pub(super) struct Shuffled {
    rounds: [[u64; LANES]; ROUNDS],
    jitter: [u64; LANES],
}

impl Shuffled {
    /// The numbers of the input whose random words are `words`.
    pub(super) fn new(words: [u64; 4]) -> Self {
        Self {
            rounds: std::array::from_fn(|i| lane_words(words[i % 4], 2 + (i / 4) as u64)),
            jitter: lane_words(words[0], 4),
        }
    }

    /// The points of sixteen paths each, from point number `first` on, of a run of `paths` in all.
    #[inline(always)]
    pub(super) fn fill(&self, first: u64, paths: u64, out: &mut [Lanes]) {
        for (index, lanes) in (first..).zip(out) {
            for (replicate, u) in lanes.0.iter_mut().enumerate() {
                let points = paths_of_lane(paths, replicate);
                if index >= points {
                    // Beyond the last path of the run: never used.
                    *u = 0.5;
                    continue;
                }
                let part = self.part(replicate, index, points);
                let jitter = mix(self.jitter[replicate].wrapping_add(index.wrapping_mul(GOLDEN)));
                *u = ((part as f64 + uniform_from_bits(jitter)) / points as f64).min(U_MAX);
            }
        }
    }

    /// Where the permutation of 0 … `points` − 1 puts `index`.
    fn part(&self, replicate: usize, index: u64, points: u64) -> u64 {
        let bits = 64 - (points - 1).leading_zeros();
        let mask = (1_u64 << bits) - 1;
        let mut x = index;
        loop {
            for round in &self.rounds {
                // A shift, an odd factor, and the upper half laid over the lower: each can be undone.
                let word = round[replicate];
                x = x.wrapping_add(word >> 32).wrapping_mul(word | 1) & mask;
                x ^= x >> (bits / 2).max(1);
            }
            if x < points {
                return x;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shuffled(seed: u64) -> Shuffled {
        Shuffled::new(std::array::from_fn(|i| mix(seed * 4 + i as u64 + 1)))
    }

    #[test]
    fn each_replicate_has_one_point_in_each_part() {
        for paths in [16, 17, 31, 33, 1600, 1601, 5000] {
            let mut out = vec![Lanes::ZERO; (paths as usize).div_ceil(LANES)];
            shuffled(3).fill(0, paths, &mut out);
            for replicate in 0..LANES {
                let points = paths_of_lane(paths, replicate);
                let mut parts: Vec<u64> =
                    out[..points as usize].iter().map(|u| (u.0[replicate] * points as f64) as u64).collect();
                parts.sort_unstable();
                assert!(parts.iter().enumerate().all(|(i, part)| i as u64 == *part), "{paths}, {replicate}");
            }
        }
    }

    #[test]
    fn every_part_and_every_pair_of_parts_is_as_likely_as_another() {
        const SEEDS: usize = 2000;
        for points in [2_u64, 3, 5, 8, 13] {
            let n = points as usize;
            let (mut single, mut pairs) = (vec![0_u32; n * n], vec![0_u32; n * n]);
            for seed in 0..SEEDS {
                let shuffled = shuffled(seed as u64);
                for replicate in 0..LANES {
                    let parts: Vec<usize> = (0..points).map(|i| shuffled.part(replicate, i, points) as usize).collect();
                    parts.iter().enumerate().for_each(|(i, part)| single[i * n + part] += 1);
                    pairs[parts[0] * n + parts[n - 1]] += 1;
                }
            }
            let total = (SEEDS * LANES) as f64;
            let fair = |count: u32, p: f64| (f64::from(count) - total * p).abs() < 5.0 * libm::sqrt(total * p);
            assert!(single.iter().all(|count| fair(*count, 1.0 / points as f64)), "{points}: {single:?}");
            let p = 1.0 / (points * (points - 1)) as f64;
            let different = pairs.iter().enumerate().filter(|(i, _)| i / n != i % n);
            assert!(different.into_iter().all(|(_, count)| fair(*count, p)), "{points}: {pairs:?}");
        }
    }
}
