//! Runs a plan: blocks of paths over all threads, merged into one aggregate. The only user of rayon.
//!
//! A block is a fixed range of path numbers, simulated alone and in a fixed order; which thread takes it, and when, leaves
//! no trace, since aggregates merge exactly.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use crate::aggregate::{Aggregate, Block, Frame, Summary};
use crate::lanes::{LANES, Lanes, Level, Work};
use crate::model::{Record, SEGMENT_SERIES_COUNT, SERIES_COUNT, Workspace, simulate};
use crate::plan::Plan;
use crate::sampler::{Batch, PATHS_PER_BATCH};

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
    let frame = frame(plan, options);
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = options.threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool.build()?;
    let next_block = AtomicU64::new(0);
    let parts = pool.broadcast(|_| work(plan, &frame, options, &next_block));
    if options.cancel.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted);
    }
    let mut aggregate = Aggregate::empty(&frame);
    for part in parts {
        aggregate.merge(part);
    }
    if let Some(path) = aggregate.overflow() {
        return Err(RunError::Overflow(path));
    }
    pool.install(|| aggregate.unsorted().into_par_iter().for_each(crate::aggregate::Spread::sort));
    Ok(aggregate.summary(&frame, plan.implied_investment().is_some()))
}

/// One thread: takes blocks until there are none left.
fn work(plan: &Plan, frame: &Frame, options: &Options<'_>, next_block: &AtomicU64) -> Aggregate {
    let mut worker = Worker::new(plan, frame);
    let blocks = options.paths.div_ceil(PATHS_PER_BLOCK);
    loop {
        let index = next_block.fetch_add(1, Ordering::Relaxed);
        if index >= blocks || options.cancel.load(Ordering::Relaxed) {
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
    aggregate: Aggregate,
    block: Block,
    batch: Batch,
    workspace: Workspace,
}

impl<'a> Worker<'a> {
    fn new(plan: &'a Plan, frame: &'a Frame) -> Self {
        Self {
            plan,
            frame,
            aggregate: Aggregate::empty(frame),
            block: Block::new(frame),
            batch: plan.draws.batch(),
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
                self.plan.draws.draw(path, &mut self.batch);
            }
            let valid = (count - offset).min(LANES as u64) as usize;
            let inputs = self.batch.inputs(in_batch / LANES);
            let mut shocks = self.plan.shocks.of_paths(path);
            let outcomes = {
                let mut recorder = self.block.recorder(self.frame, &mut self.aggregate, path, valid);
                simulate(&self.plan.setup, &inputs, &mut shocks, &mut self.workspace, &mut recorder).0
            };
            self.block.add_outcomes(self.frame, &mut self.aggregate, path, valid, &outcomes);
        }
        self.block.flush(&mut self.aggregate);
    }
}

/// Keeps the series of the first of sixteen paths, month after month.
struct Pivot {
    months: Vec<f64>,
    /// Series of a month: the segments of a month are told before their sum.
    width: usize,
}

impl Pivot {
    fn put(&mut self, t: usize, first: usize, series: &[Lanes]) {
        let at = t * self.width + first;
        for (slot, lanes) in self.months[at..].iter_mut().zip(series) {
            *slot = lanes.0[0];
        }
    }
}

impl Record for Pivot {
    fn month(&mut self, t: usize, series: &[Lanes; SERIES_COUNT]) {
        self.put(t, 0, series);
    }

    fn segment(&mut self, t: usize, segment: usize, series: &[Lanes; SEGMENT_SERIES_COUNT]) {
        self.put(t, SERIES_COUNT + segment * SEGMENT_SERIES_COUNT, series);
    }
}

/// Simulates path 0 alone, to which all others are compared.
fn frame(plan: &Plan, options: &Options<'_>) -> Frame {
    let setup = &plan.setup;
    let mut batch = plan.draws.batch();
    plan.draws.draw(0, &mut batch);
    let width = SERIES_COUNT + setup.named_segments * SEGMENT_SERIES_COUNT;
    let mut pivot = Pivot { months: vec![0.0; width * (setup.months + 1)], width };
    let mut shocks = plan.shocks.of_paths(0);
    let outcomes = simulate(setup, &batch.inputs(0), &mut shocks, &mut Workspace::default(), &mut pivot).0;
    let outcomes = outcomes.0.map(|lanes| lanes.0[0]);
    Frame::new(setup.months, setup.target, options.paths, setup.named_segments, pivot.months, &outcomes)
}
