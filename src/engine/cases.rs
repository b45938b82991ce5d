//! Many plans over the same paths: each path is drawn once and simulated under every plan, so that they see the same luck.
//!
//! Means and probabilities are to the last bit those of a run of each plan by itself: the same paths go into the same blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::stages::{Collect, DrawInputs, DrawShocks, Flush, Simulate};
use super::{Crew, PATHS_PER_BLOCK, RunError};
use crate::aggregate::{Aggregate, Block, Brief, Frame, Means, Proportion};
use crate::lanes::{LANES, Level};
use crate::model::{Forget, Outcomes, Workspace};
use crate::plan::Plan;
use crate::sampler::{Batch, PATHS_PER_BATCH, ShockBuffer};

/// Looks at the outcomes of all cases on the same sixteen paths.
pub(crate) trait Observe: Send {
    /// The sixteen paths from `first_path` on, of which the first `count` belong to the run; outcomes by case.
    fn group(&mut self, first_path: u64, count: usize, outcomes: &[Outcomes]);

    /// Takes in what another thread has seen. Whatever the order, the result must be the same.
    fn join(&mut self, other: Self);
}

/// Looks at nothing.
impl Observe for () {
    fn group(&mut self, _: u64, _: usize, _: &[Outcomes]) {}
    fn join(&mut self, (): Self) {}
}

/// What came out of one case.
#[derive(Debug)]
pub(crate) struct CaseResult {
    frame: Frame,
    aggregate: Aggregate,
}

impl CaseResult {
    /// The first path on which money or people went beyond 10¹⁵.
    pub(crate) fn overflow(&self) -> Option<u64> {
        self.aggregate.overflow()
    }

    /// The mean of an outcome, or the probability of an event; none where it is infinite or missing.
    pub(crate) fn means(&self, name: &str) -> Option<Means> {
        self.aggregate.means(&self.frame, name)
    }

    /// The probability of an event.
    pub(crate) fn probability(&self, event: &str) -> Option<Proportion> {
        self.aggregate.probability(event)
    }
}

/// Plans, and what they share.
struct CaseSet<'a> {
    plans: &'a [Plan],
    /// Plans that draw alike but for plain numbers are of one class: for each class the first of them.
    draws: Vec<usize>,
    draws_of: Vec<usize>,
    /// The same for shocks.
    shocks: Vec<usize>,
    shocks_of: Vec<usize>,
    /// For each plan the plain numbers that differ within its class.
    own: Vec<Vec<(usize, f64)>>,
}

impl<'a> CaseSet<'a> {
    fn new(plans: &'a [Plan]) -> Self {
        let (draws, draws_of) = classes(plans, |a, b| a.draws.draws_like(&b.draws));
        let (shocks, shocks_of) = classes(plans, |a, b| Arc::ptr_eq(&a.shocks, &b.shocks));
        let mut varies: Vec<Vec<usize>> = vec![Vec::new(); draws.len()];
        for (plan, &class) in plans.iter().zip(&draws_of) {
            let pairs = plan.draws.constants().zip(plans[draws[class]].draws.constants());
            varies[class].extend(pairs.filter(|(a, b)| a.1.to_bits() != b.1.to_bits()).map(|(a, _)| a.0));
        }
        let own = plans.iter().zip(&draws_of);
        let own = own.map(|(plan, &class)| plan.draws.constants().filter(|(i, _)| varies[class].contains(i)).collect());
        let own = own.collect();
        Self { plans, draws, draws_of, shocks, shocks_of, own }
    }
}

/// The first of each class, and the class of each.
fn classes(plans: &[Plan], alike: impl Fn(&Plan, &Plan) -> bool) -> (Vec<usize>, Vec<usize>) {
    let mut first: Vec<usize> = Vec::new();
    let of = plans.iter().enumerate().map(|(i, plan)| {
        first.iter().position(|&other| alike(plan, &plans[other])).unwrap_or_else(|| {
            first.push(i);
            first.len() - 1
        })
    });
    let of = of.collect();
    (first, of)
}

/// What a thread keeps from block to block.
struct CaseWorker<'a, O> {
    set: &'a CaseSet<'a>,
    frames: &'a [Frame],
    level: Level,
    /// Paths of the run.
    paths: u64,
    aggregates: Vec<Aggregate>,
    blocks: Vec<Block>,
    batches: Vec<Batch>,
    shocks: Vec<ShockBuffer>,
    workspace: Workspace,
    outcomes: Vec<Outcomes>,
    observer: O,
}

impl<'a, O: Observe> CaseWorker<'a, O> {
    fn new(set: &'a CaseSet<'a>, frames: &'a [Frame], level: Level, paths: u64, observer: O) -> Self {
        let plan = |i: &usize| &set.plans[*i];
        Self {
            set,
            frames,
            level,
            paths,
            aggregates: frames.iter().map(Aggregate::empty).collect(),
            blocks: frames.iter().map(Block::new).collect(),
            batches: set.draws.iter().map(|i| plan(i).draws.batch()).collect(),
            shocks: set.shocks.iter().map(|i| plan(i).shocks.buffer(plan(i).setup.months)).collect(),
            workspace: Workspace::default(),
            outcomes: Vec::with_capacity(set.plans.len()),
            observer,
        }
    }

    /// Simulates the `count` paths from `first` on, a multiple of a block, under every plan.
    fn block(&mut self, first: u64, count: u64) {
        let set = self.set;
        for offset in (0..count).step_by(LANES) {
            let first_path = first + offset;
            let in_batch = (first_path % PATHS_PER_BATCH as u64) as usize;
            let valid = (count - offset).min(LANES as u64) as usize;
            if in_batch == 0 {
                for (class, batch) in set.draws.iter().zip(&mut self.batches) {
                    let draws = &set.plans[*class].draws;
                    self.level.run(DrawInputs { draws, first_path, paths: self.paths, batch });
                }
            }
            for (class, buffer) in set.shocks.iter().zip(&mut self.shocks) {
                let stream = &set.plans[*class].shocks;
                self.level.run(DrawShocks { stream, first_path, buffer });
            }
            self.outcomes.clear();
            for (i, plan) in set.plans.iter().enumerate() {
                let batch = &mut self.batches[set.draws_of[i]];
                let group = in_batch / LANES;
                for &(column, value) in &set.own[i] {
                    batch.replace(group, column, crate::lanes::Lanes::splat(value));
                }
                let inputs = batch.inputs(group, self.shocks[set.shocks_of[i]].normals());
                let outcomes = self.level.run(Simulate {
                    setup: &plan.setup,
                    inputs,
                    workspace: &mut self.workspace,
                    record: Forget,
                });
                self.level.run(Collect {
                    block: &mut self.blocks[i],
                    frame: &self.frames[i],
                    aggregate: &mut self.aggregates[i],
                    first_path,
                    count: valid,
                    outcomes: &outcomes,
                });
                self.outcomes.push(outcomes);
            }
            self.observer.group(first_path, valid, &self.outcomes);
        }
        for (block, aggregate) in self.blocks.iter_mut().zip(&mut self.aggregates) {
            self.level.run(Flush { block, aggregate });
        }
    }
}

impl Crew<'_> {
    /// The means and probabilities of each plan over the same `paths` paths. The plans must have one sampler and seed.
    pub(crate) fn means(&self, plans: &[Plan], paths: u64) -> Result<Vec<CaseResult>, RunError> {
        Ok(self.simulate(plans, paths, false, || ())?.0)
    }

    /// All that a brief says of each plan over the same `paths` paths, and what an observer has seen of them.
    pub(crate) fn cases<O: Observe>(
        &self,
        plans: &[Plan],
        paths: u64,
        observer: impl Fn() -> O + Sync,
    ) -> Result<(Vec<CaseResult>, O), RunError> {
        self.simulate(plans, paths, true, observer)
    }

    fn simulate<O: Observe>(
        &self,
        plans: &[Plan],
        paths: u64,
        quantiles: bool,
        observer: impl Fn() -> O + Sync,
    ) -> Result<(Vec<CaseResult>, O), RunError> {
        let set = CaseSet::new(plans);
        let level = self.options.level;
        let of_plan = |plan: &Plan| Frame::of_outcomes_pilot(plan.setup.months, plan.setup.target, paths);
        let first: Vec<Frame> = plans.iter().map(of_plan).collect();
        let mut pilot = CaseWorker::new(&set, &first, level, paths, ());
        pilot.block(0, paths.min(LANES as u64));
        let frames = first.iter().zip(&pilot.aggregates);
        let of_run = |(frame, pilot): (&Frame, &Aggregate)| {
            let frame = frame.of_run(paths, pilot, Vec::new());
            if quantiles { frame } else { frame.without_quantiles() }
        };
        let frames: Vec<Frame> = frames.map(of_run).collect();

        let next_block = AtomicU64::new(0);
        let work = || {
            let mut worker = CaseWorker::new(&set, &frames, level, paths, observer());
            while let Some(first) = self.next_block(&next_block, paths) {
                let count = PATHS_PER_BLOCK.min(paths - first);
                worker.block(first, count);
                self.options.progress.done.fetch_add(count * plans.len() as u64, Ordering::Relaxed);
            }
            (worker.aggregates, worker.observer)
        };
        let mut parts = self.pool.broadcast(|_| work()).into_iter();
        self.stop_if_cancelled()?;
        let (mut aggregates, mut seen) = parts.next().unwrap_or_else(|| (Vec::new(), observer()));
        for (others, other) in parts {
            aggregates.iter_mut().zip(others).for_each(|(all, part)| all.merge(part));
            seen.join(other);
        }
        let results = frames.into_iter().zip(aggregates).map(|(frame, aggregate)| CaseResult { frame, aggregate });
        Ok((results.collect(), seen))
    }

    /// What is said of each case.
    pub(crate) fn briefs(&self, cases: &[CaseResult]) -> Vec<Brief> {
        let each = |CaseResult { frame, aggregate }: &CaseResult| {
            let outcomes = 0..aggregate.outcome_count();
            let parts = outcomes.into_par_iter().map(|i| aggregate.outcome_brief(frame, i)).collect();
            aggregate.brief(parts)
        };
        self.pool.install(|| cases.par_iter().map(each).collect())
    }
}
