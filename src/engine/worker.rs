//! The hot loop: one thread takes sixteen paths after another from their draws to the sums of a block.
//!
//! # Where the time goes
//!
//! The baseline (60 months, noise, beta-geometric retention, two fans) on one thread with AVX-512, by samples of the
//! instruction pointer: fans 16%, month arithmetic 15%, draws of inputs 13%, shocks 11%, cohorts 11%, counts of outcomes 11%,
//! monthly sums 8%, noise 5%; the rest is spread. In `cargo bench` draws are a fourth of a path's time, months another fourth,
//! aggregation a third.
//!
//! A lower bound: sixteen paths take about 42,000 vector operations of 512 bits (months 9,000, shocks 7,300, convolution 7,100, bins of
//! fans 6,600, inputs 5,500, noise 5,100, the rest sums), of which a processor does two a cycle if it need not wait: 1,300 cycles
//! a path, 0.35 µs at 3.7 GHz. Measured is about 2.5 times that. What is missing are the first-level cache's misses: the sums of
//! all months (62 KB a visit) and the bins of the fans (0.6 MB) live in the second level, a histogram's increments come one
//! lane at a time, and the noise, the subscribers and the cash of a month wait for those of the month before.
//!
//! What was tried and cost time: the noise of all months worked out before them (it leaves the first-level cache),
//! table look-ups by gathered coefficients, polynomials over eight lanes at a time (SSE2 a quarter slower), one codegen unit.

use super::stages::{Collect, DrawInputs, DrawShocks, Flush, Simulate};
use crate::aggregate::{Aggregate, Block, Frame};
use crate::lanes::{LANES, Level};
use crate::model::Workspace;
use crate::plan::Plan;
use crate::sampler::{Batch, PATHS_PER_BATCH, ShockBuffer};

/// What a thread keeps from block to block.
pub(super) struct Worker<'a> {
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
    /// A thread's worker on a run of `paths` paths.
    pub(super) fn new(plan: &'a Plan, frame: &'a Frame, paths: u64) -> Self {
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

    /// Simulates the `count` paths from `first` on, a multiple of a block.
    pub(super) fn run(&mut self, level: Level, first: u64, count: u64) {
        let Self { plan, frame, paths, aggregate, block, batch, shocks, workspace } = self;
        for offset in (0..count).step_by(LANES) {
            let first_path = first + offset;
            let in_batch = (first_path % PATHS_PER_BATCH as u64) as usize;
            if in_batch == 0 {
                level.run(DrawInputs { draws: &plan.draws, first_path, paths: *paths, batch });
            }
            let count = (count - offset).min(LANES as u64) as usize;
            level.run(DrawShocks { stream: &plan.shocks, first_path, buffer: shocks });
            let inputs = batch.inputs(in_batch / LANES, shocks.normals());
            let record = block.recorder(frame, aggregate, first_path, count);
            let outcomes = level.run(Simulate { setup: &plan.setup, inputs, workspace, record });
            level.run(Collect { block, frame, aggregate, first_path, count, outcomes: &outcomes });
        }
        level.run(Flush { block, aggregate });
    }

    /// The results so far.
    pub(super) fn aggregate(&self) -> &Aggregate {
        &self.aggregate
    }

    /// The results.
    pub(super) fn finish(self) -> Aggregate {
        self.aggregate
    }
}
