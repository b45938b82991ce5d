//! Threads: blocks of paths are handed out, folded by each thread into a state of its own, and merged. The only user of rayon.
//!
//! Which thread takes a block, and when, leaves no trace, since states merge exactly. Without the feature `parallel` the
//! calling thread does all the work.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::options::{Options, PATHS_PER_BLOCK, RunError};
use crate::lanes::Level;

/// Threads, and how to run on them.
pub(crate) struct Threads<'a> {
    pub(super) options: &'a Options<'a>,
    pool: Pool,
}

impl<'a> Threads<'a> {
    pub(crate) fn new(options: &'a Options<'a>) -> Result<Self, RunError> {
        Ok(Self { options, pool: Pool::new(options.threads)? })
    }

    /// The instruction set.
    pub(crate) fn level(&self) -> Level {
        self.options.level
    }

    /// What it was asked for.
    pub(crate) fn options(&self) -> &'a Options<'a> {
        self.options
    }

    /// Counts paths that have been simulated.
    pub(crate) fn advance(&self, paths: u64) {
        self.options.advance(paths);
    }

    /// The calling thread alone.
    pub(crate) fn none(options: &'a Options<'a>) -> Self {
        Self { options, pool: Pool::Here }
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
                if claimed >= blocks.end || first >= end || self.options.is_cancelled() {
                    return state;
                }
                let paths = first..end.min(first + PATHS_PER_BLOCK);
                let count = paths.end - paths.start;
                block(&mut state, paths);
                self.options.advance(count * cases);
            }
        };
        let mut states = self.pool.on_every_thread(work).into_iter();
        self.stop_if_cancelled()?;
        let first = states.next().unwrap_or_else(&start);
        Ok(states.fold(first, |mut all, state| {
            merge(&mut all, state);
            all
        }))
    }

    /// What `work` makes of each item, in their order.
    pub(crate) fn map<I: Send, T: Send>(&self, items: Vec<I>, work: impl Fn(I) -> T + Sync + Send) -> Vec<T> {
        self.pool.map(items, work)
    }

    pub(crate) fn stop_if_cancelled(&self) -> Result<(), RunError> {
        if self.options.is_cancelled() { Err(RunError::Interrupted) } else { Ok(()) }
    }
}

/// Where the work is done.
enum Pool {
    /// On the calling thread.
    Here,
    #[cfg(feature = "parallel")]
    Threads(rayon::ThreadPool),
}

impl Pool {
    #[cfg(feature = "parallel")]
    fn new(threads: Option<usize>) -> Result<Self, RunError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
        pool.build().map(Self::Threads).map_err(|error| RunError::Threads(error.to_string()))
    }

    #[cfg(not(feature = "parallel"))]
    #[expect(clippy::unnecessary_wraps, reason = "threads can fail to start")]
    fn new(_: Option<usize>) -> Result<Self, RunError> {
        Ok(Self::Here)
    }

    /// What `work` returns on each thread.
    fn on_every_thread<T: Send>(&self, work: impl Fn() -> T + Sync) -> Vec<T> {
        match self {
            Self::Here => vec![work()],
            #[cfg(feature = "parallel")]
            Self::Threads(pool) => pool.broadcast(|_| work()),
        }
    }

    fn map<I: Send, T: Send>(&self, items: Vec<I>, work: impl Fn(I) -> T + Sync + Send) -> Vec<T> {
        match self {
            Self::Here => items.into_iter().map(work).collect(),
            #[cfg(feature = "parallel")]
            Self::Threads(pool) => {
                use rayon::prelude::*;
                pool.install(|| items.into_par_iter().map(work).collect())
            }
        }
    }
}
