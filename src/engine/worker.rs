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

use std::ops::Range;

use super::groups::Drawing;
use super::stages::{Collect, Flush, Simulate};
use crate::aggregate::{Aggregate, Block, Frame};
use crate::lanes::Level;
use crate::model::Workspace;
use crate::plan::Plan;

/// What a thread keeps from block to block.
pub(super) struct Worker<'a> {
    plan: &'a Plan,
    frame: &'a Frame,
    aggregate: Aggregate,
    block: Block,
    drawing: Drawing<'a>,
    workspace: Workspace,
}

impl<'a> Worker<'a> {
    /// A thread's worker on a run of `paths` paths.
    pub(super) fn new(plan: &'a Plan, frame: &'a Frame, paths: u64) -> Self {
        Self {
            plan,
            frame,
            aggregate: Aggregate::empty(frame),
            block: Block::new(frame),
            drawing: Drawing::new(plan, paths),
            workspace: Workspace::default(),
        }
    }

    /// Simulates the paths of one block.
    pub(super) fn block(&mut self, level: Level, paths: Range<u64>) {
        let Self { plan, frame, aggregate, block, drawing, workspace } = self;
        drawing.groups(level, paths, |group| {
            let (first_path, count) = (group.first_path, group.count);
            let record = block.recorder(frame, aggregate, first_path, count);
            let outcomes = level.run(Simulate { setup: &plan.setup, inputs: group.inputs(), workspace, record });
            level.run(Collect { block, frame, aggregate, first_path, count, outcomes: &outcomes });
        });
        level.run(Flush { block, aggregate });
    }

    /// The results so far.
    pub(super) fn aggregate(&self) -> &Aggregate {
        &self.aggregate
    }

    /// Takes in what another thread has done.
    pub(super) fn merge(&mut self, other: Self) {
        self.aggregate.merge(other.aggregate);
    }

    /// The results.
    pub(super) fn finish(self) -> Aggregate {
        self.aggregate
    }
}
