//! The loop over paths: sixteen after another are drawn once and handed on, with inputs that can be made something else.

use std::ops::Range;

use super::stages::{DrawInputs, DrawShocks, RedrawInputs};
use crate::lanes::{LANES, Lanes, Level};
use crate::model::Inputs;
use crate::plan::Plan;
use crate::sampler::{Batch, DrawPlan, PATHS_PER_BATCH, Redraw, RedrawBatch, ShockBuffer, ShockStream};

/// Draws paths sixteen at a time, in one or more ways.
pub(crate) struct Drawing<'a> {
    /// Paths of the whole run: a Latin hypercube depends on them.
    paths: u64,
    draws: Vec<(&'a DrawPlan, Batch)>,
    shocks: Vec<(&'a ShockStream, ShockBuffer)>,
    redraws: Vec<Second<'a>>,
}

/// A second draw of some inputs.
#[derive(Debug)]
pub(crate) struct Second<'a> {
    /// Of which way to draw.
    draws: usize,
    redraw: &'a Redraw,
    batch: RedrawBatch,
}

/// Sixteen paths that are drawn.
pub(crate) struct Group<'g, 'a> {
    /// The number of the first.
    pub(crate) first_path: u64,
    /// How many of the sixteen belong to the run: the others are simulated for nothing.
    pub(crate) count: usize,
    /// Their place in the batch.
    at: usize,
    draws: &'g mut [(&'a DrawPlan, Batch)],
    shocks: &'g [(&'a ShockStream, ShockBuffer)],
    redraws: &'g mut [Second<'a>],
}

impl<'a> Drawing<'a> {
    /// The draws of a plan in a run of `paths` paths.
    pub(crate) fn new(plan: &'a Plan, paths: u64) -> Self {
        Self::of(paths, [&plan.draws], [(&*plan.shocks, plan.setup.months)], [])
    }

    /// The draws of a plan without the monthly shocks.
    pub(crate) fn of_inputs(plan: &'a Plan, paths: u64) -> Self {
        Self::of(paths, [&plan.draws], [], [])
    }

    /// Several ways to draw the inputs, several streams of shocks, each over so many months, and second draws of inputs with the
    /// way to draw that they are of.
    pub(crate) fn of(
        paths: u64,
        draws: impl IntoIterator<Item = &'a DrawPlan>,
        shocks: impl IntoIterator<Item = (&'a ShockStream, usize)>,
        redraws: impl IntoIterator<Item = (usize, &'a Redraw)>,
    ) -> Self {
        let mut draws: Vec<(&DrawPlan, Batch)> = draws.into_iter().map(|draws| (draws, draws.batch())).collect();
        let second = |(of, redraw): (usize, &'a Redraw)| {
            let (plan, batch) = &mut draws[of];
            batch.keep_scores(plan);
            Second { draws: of, redraw, batch: redraw.batch() }
        };
        let redraws = redraws.into_iter().map(second).collect();
        Self {
            paths,
            draws,
            redraws,
            shocks: shocks.into_iter().map(|(stream, months)| (stream, stream.buffer(months))).collect(),
        }
    }

    /// Draws some paths of the run, the first of which is a multiple of a batch, and hands on sixteen at a time.
    #[inline(always)]
    pub(crate) fn groups(&mut self, level: Level, paths: Range<u64>, mut each: impl FnMut(&mut Group<'_, 'a>)) {
        for first_path in paths.clone().step_by(LANES) {
            let in_batch = first_path as usize % PATHS_PER_BATCH;
            if in_batch == 0 {
                for (draws, batch) in &mut self.draws {
                    level.run(DrawInputs { draws, first_path, paths: self.paths, batch });
                }
            }
            if in_batch == 0 {
                for Second { draws, redraw, batch } in &mut self.redraws {
                    let (plan, first) = &self.draws[*draws];
                    level.run(RedrawInputs { redraw, plan, first, first_path, paths: self.paths, batch });
                }
            }
            for (stream, buffer) in &mut self.shocks {
                level.run(DrawShocks { stream, first_path, buffer });
            }
            each(&mut Group {
                first_path,
                count: (paths.end - first_path).min(LANES as u64) as usize,
                at: in_batch / LANES,
                draws: &mut self.draws,
                shocks: &self.shocks,
                redraws: &mut self.redraws,
            });
        }
    }
}

impl Group<'_, '_> {
    /// What the sixteen paths are simulated from.
    #[inline(always)]
    pub(crate) fn inputs(&self) -> Inputs<'_> {
        self.inputs_of(0, 0)
    }

    /// … where there are several ways to draw.
    #[inline(always)]
    pub(crate) fn inputs_of(&self, draws: usize, shocks: usize) -> Inputs<'_> {
        let shocks = self.shocks.get(shocks).map_or(&[] as &[Lanes], |(_, buffer)| buffer.normals());
        self.draws[draws].1.inputs(self.at, shocks)
    }

    /// Exchanges the first draws of some inputs and the second ones.
    #[inline(always)]
    pub(crate) fn exchange(&mut self, redraw: usize) {
        let Second { draws, redraw, batch } = &mut self.redraws[redraw];
        batch.exchange(redraw, &mut self.draws[*draws].1, self.at);
    }

    /// Makes an input something else on these paths; returns what it was.
    #[inline(always)]
    pub(crate) fn replace(&mut self, draws: usize, column: usize, numbers: Lanes) -> Lanes {
        self.draws[draws].1.replace(self.at, column, numbers)
    }

    /// Makes the start of an event something else on these paths; returns what it was.
    #[inline(always)]
    pub(crate) fn replace_start(&mut self, draws: usize, event: usize, months: Lanes) -> Lanes {
        self.draws[draws].1.replace_start(self.at, event, months)
    }
}
