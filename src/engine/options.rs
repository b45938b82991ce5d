//! How a run is asked for, how far it is, and why it has no result.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::lanes::Level;

/// Paths in a block. Part of the contract: sums are rounded once a block.
pub(crate) const PATHS_PER_BLOCK: u64 = 4096;
/// Some paths, the first of which begins a block, block by block.
pub(crate) fn blocks(paths: Range<u64>) -> Vec<Range<u64>> {
    let firsts = (paths.start..paths.end).step_by(PATHS_PER_BLOCK as usize);
    firsts.map(|first| first..paths.end.min(first + PATHS_PER_BLOCK)).collect()
}

/// The most paths of one run: counts are 32 bits wide.
pub const MOST_PATHS: u64 = 4_000_000_000;

/// How to run, apart from what. No option changes a result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Threads; none for one per processor.
    pub threads: Option<usize>,
    /// The instruction set of the hot loop: the best there is, unless another is asked for.
    pub level: Level,
    /// Set it to stop within a block.
    pub cancel: Option<&'a AtomicBool>,
    /// For a progress bar.
    pub progress: Option<&'a Progress>,
}

impl Options<'_> {
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// Counts paths that are to be simulated.
    pub(crate) fn expect(&self, paths: u64) {
        if let Some(progress) = self.progress {
            progress.total.fetch_add(paths, Ordering::Relaxed);
        }
    }

    /// Counts paths that have been.
    pub(super) fn advance(&self, paths: u64) {
        if let Some(progress) = self.progress {
            progress.done.fetch_add(paths, Ordering::Relaxed);
        }
    }
}

/// How far a run is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Paths done so far.
    pub done: AtomicU64,
    /// Paths to do, as far as is known.
    pub total: AtomicU64,
}

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It was told to stop.
    #[error("interrupted")]
    Interrupted,
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
    /// No path, or more than can be counted.
    #[error("{0} paths: expected a number from 1 to 4,000,000,000")]
    Paths(u64),
    /// Money or people beyond what the arithmetic is made for.
    #[error(
        "on path {0} a sum of money or a number of people goes beyond 1e15: check the units (persons, not millions; shares, \
         not percent)"
    )]
    Overflow(u64),
}

/// Whether so many paths can be simulated.
pub(crate) fn check_paths(paths: u64) -> Result<(), RunError> {
    if (1..=MOST_PATHS).contains(&paths) { Ok(()) } else { Err(RunError::Paths(paths)) }
}
