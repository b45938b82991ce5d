//! Threads: blocks of paths are handed out, folded by each thread into a state of its own, and merged. The only user of rayon.
//!
//! Which thread takes a block, and when, leaves no trace, since states merge exactly. Without the feature `parallel` the
//! calling thread does all the work.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::{Options, PATHS_PER_BLOCK, RunError};

/// Threads, and how to run on them.
pub(crate) struct Threads<'a> {
    pub(super) options: &'a Options<'a>,
    #[cfg(feature = "parallel")]
    pool: rayon::ThreadPool,
}

impl<'a> Threads<'a> {
    #[cfg(feature = "parallel")]
    pub(crate) fn new(options: &'a Options<'a>) -> Result<Self, RunError> {
        let mut pool = rayon::ThreadPoolBuilder::new();
        if let Some(threads) = options.threads {
            pool = pool.num_threads(threads);
        }
        let pool = pool.build().map_err(|error| RunError::Threads(error.to_string()))?;
        Ok(Self { options, pool })
    }

    #[cfg(not(feature = "parallel"))]
    pub(crate) fn new(options: &'a Options<'a>) -> Result<Self, RunError> {
        Ok(Self { options })
    }

    /// Folds the paths of `blocks` that lie before path `end`: each thread starts a state, takes block after block into it, and
    /// the states are merged. Counts `cases` paths of progress for each path.
    ///
    /// # Errors
    /// Where it is told to stop.
    pub(crate) fn fold<T: Send>(
        &self,
        blocks: Range<u64>,
        end: u64,
        cases: u64,
        start: impl Fn() -> T + Sync,
        block: impl Fn(&mut T, Range<u64>) + Sync,
        merge: impl Fn(&mut T, T),
    ) -> Result<T, RunError> {
        let next = std::sync::atomic::AtomicU64::new(blocks.start);
        let work = || {
            let mut state = start();
            // Claims the next block; ends once all are taken or the run is cancelled.
            loop {
                let claimed = next.fetch_add(1, Ordering::Relaxed);
                let first = claimed.saturating_mul(PATHS_PER_BLOCK);
                if claimed >= blocks.end || first >= end || self.options.cancel.load(Ordering::Relaxed) {
                    return state;
                }
                let paths = first..end.min(first + PATHS_PER_BLOCK);
                let count = paths.end - paths.start;
                block(&mut state, paths);
                self.options.progress.done.fetch_add(count * cases, Ordering::Relaxed);
            }
        };
        let mut states = self.on_every_thread(work).into_iter();
        self.stop_if_cancelled()?;
        let first = states.next().unwrap_or_else(&start);
        Ok(states.fold(first, |mut all, state| {
            merge(&mut all, state);
            all
        }))
    }

    #[cfg(feature = "parallel")]
    fn on_every_thread<T: Send>(&self, work: impl Fn() -> T + Sync) -> Vec<T> {
        self.pool.broadcast(|_| work())
    }

    #[cfg(not(feature = "parallel"))]
    fn on_every_thread<T: Send>(&self, work: impl Fn() -> T + Sync) -> Vec<T> {
        vec![work()]
    }

    /// What `work` makes of each item, in their order.
    #[cfg(feature = "parallel")]
    pub(crate) fn map<I: Send, T: Send>(&self, items: Vec<I>, work: impl Fn(I) -> T + Sync + Send) -> Vec<T> {
        use rayon::prelude::*;
        self.pool.install(|| items.into_par_iter().map(work).collect())
    }

    /// What `work` makes of each item, in their order.
    #[cfg(not(feature = "parallel"))]
    pub(crate) fn map<I: Send, T: Send>(&self, items: Vec<I>, work: impl Fn(I) -> T + Sync + Send) -> Vec<T> {
        items.into_iter().map(work).collect()
    }

    pub(crate) fn stop_if_cancelled(&self) -> Result<(), RunError> {
        if self.options.cancel.load(Ordering::Relaxed) { Err(RunError::Interrupted) } else { Ok(()) }
    }
}
