//! The stages of sixteen paths one by one, each compiled once for every level and shared by all that simulates.

use crate::aggregate::{Aggregate, Block, Frame};
use crate::lanes::{Lanes, Work};
use crate::model::{Inputs, Outcomes, Record, Setup, Workspace, add_rate, noise, simulate};
use crate::sampler::{Batch, DrawPlan, Redraw, RedrawBatch, ShockBuffer, ShockStream};

/// Draws the inputs of a batch.
pub(crate) struct DrawInputs<'a> {
    pub(crate) draws: &'a DrawPlan,
    pub(crate) first_path: u64,
    pub(crate) paths: u64,
    pub(crate) batch: &'a mut Batch,
}

impl Work for DrawInputs<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.draws.draw(self.first_path, self.paths, self.batch);
    }
}

/// Draws some inputs of a batch a second time.
pub(crate) struct RedrawInputs<'a> {
    pub(crate) redraw: &'a Redraw,
    pub(crate) plan: &'a DrawPlan,
    /// The first draws.
    pub(crate) first: &'a Batch,
    pub(crate) first_path: u64,
    pub(crate) paths: u64,
    pub(crate) batch: &'a mut RedrawBatch,
}

impl Work for RedrawInputs<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.redraw.draw(self.plan, self.first, self.first_path, self.paths, self.batch);
    }
}

/// Draws the shocks of sixteen paths into their buffer.
pub(crate) struct DrawShocks<'a> {
    pub(crate) stream: &'a ShockStream,
    pub(crate) first_path: u64,
    pub(crate) buffer: &'a mut ShockBuffer,
}

impl Work for DrawShocks<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.stream.draw(self.first_path, self.buffer);
    }
}

/// Works out the monthly noise of sixteen paths, for cases that have the same.
pub(crate) struct ShareNoise<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) inputs: Inputs<'a>,
    pub(crate) out: &'a mut Vec<Lanes>,
}

impl Work for ShareNoise<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        noise(self.setup, &self.inputs, self.out);
    }
}

/// Simulates sixteen paths.
pub(crate) struct Simulate<'a, R> {
    pub(crate) setup: &'a Setup,
    pub(crate) inputs: Inputs<'a>,
    pub(crate) workspace: &'a mut Workspace,
    pub(crate) record: R,
}

impl<R: Record> Work for Simulate<'_, R> {
    type Output = Outcomes;
    #[inline(always)]
    fn run(mut self) -> Outcomes {
        simulate(self.setup, &self.inputs, self.workspace, &mut self.record).0
    }
}

/// Adds the rate of return to the outcomes of the sixteen paths that were simulated last.
pub(crate) struct AddRate<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) outcomes: &'a mut Outcomes,
}

impl Work for AddRate<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        add_rate(self.workspace, self.outcomes);
    }
}

/// Collects the outcomes of sixteen paths.
pub(crate) struct Collect<'a> {
    pub(crate) block: &'a mut Block,
    pub(crate) frame: &'a Frame,
    pub(crate) aggregate: &'a mut Aggregate,
    pub(crate) first_path: u64,
    pub(crate) count: usize,
    pub(crate) outcomes: &'a Outcomes,
}

impl Work for Collect<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.block.add_outcomes(self.frame, self.aggregate, self.first_path, self.count, self.outcomes);
    }
}

/// Moves the sums of a block into the totals.
pub(crate) struct Flush<'a> {
    pub(crate) block: &'a mut Block,
    pub(crate) aggregate: &'a mut Aggregate,
}

impl Work for Flush<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.block.flush(self.aggregate);
    }
}
