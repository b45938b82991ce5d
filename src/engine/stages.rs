//! The stages of sixteen paths one by one, each compiled for every level: for runs of many cases over the same paths.

use crate::aggregate::{Aggregate, Block, Frame};
use crate::lanes::Work;
use crate::model::{Forget, Inputs, Outcomes, Setup, Workspace, simulate};
use crate::sampler::{Batch, DrawPlan, ShockBuffer, ShockStream};

/// Draws the inputs of a batch.
pub(super) struct DrawInputs<'a> {
    pub(super) draws: &'a DrawPlan,
    pub(super) first_path: u64,
    pub(super) paths: u64,
    pub(super) batch: &'a mut Batch,
}

impl Work for DrawInputs<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.draws.draw(self.first_path, self.paths, self.batch);
    }
}

/// Draws the shocks of sixteen paths into their buffer.
pub(super) struct DrawShocks<'a> {
    pub(super) stream: &'a ShockStream,
    pub(super) first_path: u64,
    pub(super) buffer: &'a mut ShockBuffer,
}

impl Work for DrawShocks<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.stream.draw(self.first_path, self.buffer);
    }
}

/// Simulates sixteen paths.
pub(super) struct Simulate<'a> {
    pub(super) setup: &'a Setup,
    pub(super) inputs: Inputs<'a>,
    pub(super) workspace: &'a mut Workspace,
}

impl Work for Simulate<'_> {
    type Output = Outcomes;
    #[inline(always)]
    fn run(self) -> Outcomes {
        simulate(self.setup, &self.inputs, self.workspace, &mut Forget).0
    }
}

/// Collects the outcomes of sixteen paths.
pub(super) struct Collect<'a> {
    pub(super) block: &'a mut Block,
    pub(super) frame: &'a Frame,
    pub(super) aggregate: &'a mut Aggregate,
    pub(super) first_path: u64,
    pub(super) count: usize,
    pub(super) outcomes: &'a Outcomes,
}

impl Work for Collect<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.block.add_outcomes(self.frame, self.aggregate, self.first_path, self.count, self.outcomes);
    }
}

/// Moves the sums of a block into the totals.
pub(super) struct Flush<'a> {
    pub(super) block: &'a mut Block,
    pub(super) aggregate: &'a mut Aggregate,
}

impl Work for Flush<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        self.block.flush(self.aggregate);
    }
}
