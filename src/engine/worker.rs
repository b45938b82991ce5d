//! The hot loop: one thread takes sixteen paths after another from their draws to the sums of a block.
//!
//! # Where the time goes
//!
//! The baseline (60 months, noise, beta-geometric retention) on one thread with AVX-512, by samples of the instruction pointer, on
//! paths beyond the first 131,072, which make no fans any more: month arithmetic 19%, cohorts 15%, draws of inputs 13%, counts of
//! outcomes 12%, monthly sums 10%, the rate of return 8%, noise 7%, shocks 7%; the rest is spread. In `cargo bench` draws are a
//! fourth of a path's time, months a half, aggregation a fourth.
//!
//! A lower bound: sixteen paths take about 34,000 vector operations of 512 bits (months 9,000, convolution 7,100, inputs 5,500, noise
//! 4,000, shocks 3,700, rate of return 3,000, the rest sums), of which a processor does two a cycle, or one where it halves them, if it
//! need not wait: 1,060 or 2,120 cycles a path, 0.29 or 0.57 µs at 3.7 GHz. Measured is 2.4 times the latter. What is missing
//! are the first-level cache's misses: the sums of all months (62 KB a visit) live in the second level, a histogram's increments
//! come one lane at a time, and the noise, the subscribers and the cash of a month wait for those of the month before.
//!
//! What was tried and cost time: the noise of all months worked out before them (it leaves the first-level cache),
//! table look-ups by gathered coefficients, polynomials over eight lanes at a time (SSE2 a quarter slower), one codegen unit.

use std::ops::Range;

use super::cases::{CaseOfSet, CaseSet, Observe};
use super::groups::Drawing;
use super::stages::{AddRate, Collect, Flush, ShareNoise, Simulate};
use crate::aggregate::{Aggregate, Block, Frame};
use crate::lanes::{Lanes, Level};
use crate::model::{Forget, Inputs, Outcomes, Workspace};

/// What a thread keeps from block to block.
pub(super) struct Worker<'a, O> {
    set: &'a CaseSet<'a>,
    frames: &'a [Frame],
    level: Level,
    drawing: Drawing<'a>,
    /// For each case.
    totals: Vec<(Block, Aggregate)>,
    workspace: Workspace,
    outcomes: Vec<Outcomes>,
    /// What was drawn where a case has something else.
    drawn: Vec<Lanes>,
    /// Whose noise is that of all, and that noise.
    shared: Option<CaseOfSet<'a>>,
    noise: Vec<Lanes>,
    observer: O,
}

impl<'a, O: Observe> Worker<'a, O> {
    /// A thread's worker on a run of `paths` paths, with a frame for each case.
    pub(super) fn new(set: &'a CaseSet<'a>, frames: &'a [Frame], level: Level, paths: u64, observer: O) -> Self {
        Self {
            set,
            frames,
            level,
            drawing: set.drawing(paths),
            totals: frames.iter().map(|frame| (Block::new(frame), Aggregate::empty(frame))).collect(),
            workspace: Workspace::default(),
            outcomes: Vec::with_capacity(frames.len()),
            drawn: Vec::new(),
            shared: set.shared_noise(),
            noise: Vec::new(),
            observer,
        }
    }

    /// Simulates the paths of one block in every case.
    pub(super) fn block(&mut self, paths: Range<u64>) {
        let Self { set, frames, level, drawing, totals, workspace, outcomes: all, drawn, shared, noise, observer } =
            self;
        drawing.groups(*level, paths, |group| {
            all.clear();
            let (first_path, count) = (group.first_path, group.count);
            if let Some(case) = shared {
                level.run(ShareNoise { setup: case.setup, inputs: case.drawn(group), out: noise });
            }
            for (i, (block, aggregate)) in totals.iter_mut().enumerate() {
                let (case, frame) = (set.case(i), &frames[i]);
                let setup = case.setup;
                let mut outcomes = case.with_inputs(group, drawn, |inputs| {
                    let inputs = Inputs { noise, ..inputs };
                    if frame.is_monthly() {
                        let record = block.recorder(frame, aggregate, first_path, count);
                        level.run(Simulate { setup, inputs, workspace, record })
                    } else {
                        level.run(Simulate { setup, inputs, workspace, record: Forget })
                    }
                });
                if frame.is_monthly() {
                    level.run(AddRate { workspace, outcomes: &mut outcomes });
                }
                level.run(Collect { block, frame, aggregate, first_path, count, outcomes: &outcomes });
                all.push(outcomes);
            }
            observer.group(group, all);
        });
        for (block, aggregate) in totals {
            level.run(Flush { block, aggregate });
        }
    }

    /// Takes in what another thread has done.
    pub(super) fn merge(&mut self, other: Self) {
        for ((_, all), (_, part)) in self.totals.iter_mut().zip(other.totals) {
            all.merge(part);
        }
        self.observer.join(other.observer);
    }

    /// The results of each case, and what the observer has seen.
    pub(super) fn finish(self) -> (Vec<Aggregate>, O) {
        (self.totals.into_iter().map(|(_, aggregate)| aggregate).collect(), self.observer)
    }
}
