//! What is simulated: how many paths, from which seed, spread how.

use super::Sampler;

/// Paths, where nothing else is asked for: a power of two, at which Sobol points are at their best.
pub const DEFAULT_PATHS: u64 = 1 << 17;
/// The seed, where nothing else is asked for.
pub const DEFAULT_SEED: u64 = 1;

/// The paths of a simulation. The same sampling of the same scenario gives the same numbers.
///
/// ```
/// use breakeven::sampler::{Sampler, Sampling};
/// let sampling = Sampling { seed: 7, ..Sampling::of_paths(16_384) };
/// assert_eq!((sampling.paths, sampling.sampler), (16_384, Sampler::Sobol));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// How many paths.
    pub paths: u64,
    /// All random numbers follow from this number.
    pub seed: u64,
    /// How the draws are spread over the inputs' ranges.
    pub sampler: Sampler,
}

impl Default for Sampling {
    fn default() -> Self {
        Self::of_paths(DEFAULT_PATHS)
    }
}

impl Sampling {
    /// So many paths, with the usual seed and Sobol points.
    #[must_use]
    pub fn of_paths(paths: u64) -> Self {
        Self { paths, seed: DEFAULT_SEED, sampler: Sampler::default() }
    }
}
