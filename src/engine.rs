//! Runs a plan: blocks of paths over all threads, merged into one aggregate. The only user of rayon.
//!
//! A block is a fixed range of path numbers, simulated alone and in a fixed order; which thread takes it, and when, leaves
//! no trace, since aggregates merge exactly.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use crate::aggregate::{Aggregate, Block, Frame, Summary, Windows};
use crate::lanes::{LANES, Level, Work};
use crate::model::{Workspace, simulate};
use crate::plan::Plan;
use crate::sampler::{Batch, PATHS_PER_BATCH, ShockBuffer};

/// Paths in a block. Part of the contract: sums are rounded once a block.
const PATHS_PER_BLOCK: u64 = 4096;
/// The most paths of one run: counts are 32 bits wide.
pub const MOST_PATHS: u64 = 4_000_000_000;

/// How to run, apart from what.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Paths to simulate, from 1 to [`MOST_PATHS`].
    pub paths: u64,
    /// Threads; none for one per processor.
    pub threads: Option<usize>,
    /// The instruction set of the hot loop.
    pub level: Level,
    /// Set it to stop within a block.
    pub cancel: &'a AtomicBool,
    /// Paths done so far, for a progress bar.
    pub progress: &'a AtomicU64,
}

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It was told to stop.
    #[error("interrupted")]
    Interrupted,
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Money or people beyond what the arithmetic is made for.
    #[error(
        "on path {0} a sum of money or a number of people goes beyond 1e15: check the units (persons, not millions; shares, \
         not percent)"
    )]
    Overflow(u64),
}

/// Simulates all paths of a plan and summarises them.
///
/// # Errors
/// Where it is interrupted, threads cannot be started, or money overflows.
pub fn run(plan: &Plan, options: &Options<'_>) -> Result<Summary, RunError> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = options.threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool.build()?;
    let frame = pool.install(|| frame(plan, options));
    let mut aggregate = Aggregate::empty(&frame);
    simulate_all(plan, &frame, options, &pool, 0..options.paths.div_ceil(PATHS_PER_BLOCK), &mut aggregate)?;
    if let Some(path) = aggregate.overflow() {
        return Err(RunError::Overflow(path));
    }
    Ok(pool.install(|| summarise(plan, &frame, &aggregate)))
}

/// Adds the paths of some blocks to an aggregate.
fn simulate_all(
    plan: &Plan,
    frame: &Frame,
    options: &Options<'_>,
    pool: &rayon::ThreadPool,
    blocks: Range<u64>,
    aggregate: &mut Aggregate,
) -> Result<(), RunError> {
    let next_block = AtomicU64::new(blocks.start);
    let parts = pool.broadcast(|_| work(plan, frame, options, &next_block, blocks.end));
    if options.cancel.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted);
    }
    for part in parts {
        aggregate.merge(part);
    }
    Ok(())
}

fn summarise(plan: &Plan, frame: &Frame, aggregate: &Aggregate) -> Summary {
    let digests = (0..aggregate.outcome_count()).into_par_iter().map(|i| aggregate.digest(frame, i)).collect();
    aggregate.summary(frame, digests, plan.implied_investment().is_some())
}

/// One thread: takes blocks until there are none left.
fn work(plan: &Plan, frame: &Frame, options: &Options<'_>, next_block: &AtomicU64, end: u64) -> Aggregate {
    let mut worker = Worker::new(plan, frame, options.paths);
    loop {
        let index = next_block.fetch_add(1, Ordering::Relaxed);
        if index >= end || options.cancel.load(Ordering::Relaxed) {
            return worker.aggregate;
        }
        let first = index * PATHS_PER_BLOCK;
        let count = PATHS_PER_BLOCK.min(options.paths - first);
        options.level.run(OneBlock { worker: &mut worker, first, count });
        options.progress.fetch_add(count, Ordering::Relaxed);
    }
}

/// The hot part of a run, compiled for each level.
struct OneBlock<'w, 'a> {
    worker: &'w mut Worker<'a>,
    first: u64,
    count: u64,
}

impl Work for OneBlock<'_, '_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.worker.block(self.first, self.count);
    }
}

/// What a thread keeps from block to block.
struct Worker<'a> {
    plan: &'a Plan,
    frame: &'a Frame,
    /// Paths of the run.
    paths: u64,
    aggregate: Aggregate,
    block: Block,
    batch: Batch,
    shocks: ShockBuffer,
    workspace: Workspace,
}

impl<'a> Worker<'a> {
    fn new(plan: &'a Plan, frame: &'a Frame, paths: u64) -> Self {
        Self {
            plan,
            frame,
            paths,
            aggregate: Aggregate::empty(frame),
            block: Block::new(frame),
            batch: plan.draws.batch(),
            shocks: plan.shocks.buffer(plan.setup.months),
            workspace: Workspace::default(),
        }
    }

    /// Simulates the `count` paths from `first` on.
    #[inline(always)]
    fn block(&mut self, first: u64, count: u64) {
        for offset in (0..count).step_by(LANES) {
            let path = first + offset;
            let in_batch = (path % PATHS_PER_BATCH as u64) as usize;
            if in_batch == 0 {
                self.plan.draws.draw(path, self.paths, &mut self.batch);
            }
            let valid = (count - offset).min(LANES as u64) as usize;
            let shocks = self.plan.shocks.draw(path, &mut self.shocks);
            let inputs = self.batch.inputs(in_batch / LANES, shocks);
            let outcomes = {
                let mut recorder = self.block.recorder(self.frame, &mut self.aggregate, path, valid);
                simulate(&self.plan.setup, &inputs, &mut self.workspace, &mut recorder).0
            };
            self.block.add_outcomes(self.frame, &mut self.aggregate, path, valid, &outcomes);
        }
        self.block.flush(&mut self.aggregate);
    }
}

/// Simulates the first few paths, from which the others are told apart.
fn frame(plan: &Plan, options: &Options<'_>) -> Frame {
    let setup = &plan.setup;
    let first = Frame::of_pilot(setup.months, setup.target, options.paths, setup.named_segments);
    let mut worker = Worker::new(plan, &first, options.paths);
    options.level.run(OneBlock { worker: &mut worker, first: 0, count: first.paths });
    let windows = if Frame::keeps_months(options.paths) {
        Vec::new()
    } else {
        worker.aggregate.months_kept().into_par_iter().map(Windows::around).collect()
    };
    first.of_run(options.paths, &worker.aggregate, windows)
}
