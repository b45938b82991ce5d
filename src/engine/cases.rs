//! Many cases over the same paths: each path is drawn once and simulated in every case, so that all see the same luck.
//!
//! Means and probabilities are to the last bit those of a run of each case by itself: the same paths go into the same blocks.

use std::ops::Range;
use std::sync::Arc;

use super::groups::{Drawing, Group};
use super::stages::{Collect, Flush, Simulate};
use super::{RunError, Threads};
use crate::aggregate::{Aggregate, Block, Brief, Frame, Means, Proportion};
use crate::lanes::{LANES, Lanes, Level};
use crate::model::{Forget, Outcomes, Workspace};
use crate::plan::Plan;

/// A plan with some of its inputs at other values, on every path.
#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    plan: &'a Plan,
    /// Columns and what stands in them instead.
    values: Vec<(usize, f64)>,
}

impl<'a> Case<'a> {
    /// The plan as it is.
    pub(crate) fn of(plan: &'a Plan) -> Self {
        Self { plan, values: Vec::new() }
    }

    /// The plan with inputs at other values, by column.
    pub(crate) fn at(plan: &'a Plan, values: Vec<(usize, f64)>) -> Self {
        Self { plan, values }
    }
}

/// Looks at all cases on the same sixteen paths.
pub(crate) trait Observe: Send {
    /// What was drawn for sixteen paths, and what came out by case.
    fn group(&mut self, group: &Group<'_, '_>, outcomes: &[Outcomes]);

    /// Takes in what another thread has seen. Whatever the order, the result must be the same.
    fn join(&mut self, other: Self);
}

/// Looks at nothing.
impl Observe for () {
    fn group(&mut self, _: &Group<'_, '_>, _: &[Outcomes]) {}
    fn join(&mut self, (): Self) {}
}

/// Two look side by side.
impl<A: Observe, B: Observe> Observe for (A, B) {
    fn group(&mut self, group: &Group<'_, '_>, outcomes: &[Outcomes]) {
        self.0.group(group, outcomes);
        self.1.group(group, outcomes);
    }

    fn join(&mut self, other: Self) {
        self.0.join(other.0);
        self.1.join(other.1);
    }
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

/// Cases, and what they share.
struct CaseSet<'a> {
    cases: &'a [Case<'a>],
    /// Plans that draw alike but for plain numbers are of one class: for each class the first of them.
    draws: Vec<&'a Plan>,
    draws_of: Vec<usize>,
    /// The same for shocks.
    shocks: Vec<&'a Plan>,
    shocks_of: Vec<usize>,
    /// For each case what stands in a column instead of what its class draws.
    instead: Vec<Vec<(usize, Lanes)>>,
}

impl<'a> CaseSet<'a> {
    fn new(cases: &'a [Case<'a>]) -> Self {
        let (draws, draws_of) = classes(cases, |a, b| std::ptr::eq(a, b) || a.draws.draws_like(&b.draws));
        let (shocks, shocks_of) = classes(cases, |a, b| Arc::ptr_eq(&a.shocks, &b.shocks));
        let instead = cases.iter().zip(&draws_of).map(|(case, class)| {
            let plain = case.plan.draws.constants().zip(draws[*class].draws.constants());
            let differ = plain.filter(|(own, first)| own.1.to_bits() != first.1.to_bits()).map(|(own, _)| own);
            let named = |(column, _): &(usize, f64)| case.values.iter().any(|(patched, _)| patched == column);
            let all = differ.filter(|own| !named(own)).chain(case.values.iter().copied());
            all.map(|(column, x)| (column, Lanes::splat(x))).collect()
        });
        let instead = instead.collect();
        Self { cases, draws, draws_of, shocks, shocks_of, instead }
    }

    fn drawing(&self, paths: u64) -> Drawing<'a> {
        let shocks = self.shocks.iter().map(|plan| (&*plan.shocks, plan.setup.months));
        Drawing::of(paths, self.draws.iter().map(|plan| &plan.draws), shocks)
    }
}

/// The first plan of each class, and the class of each case.
fn classes<'a>(cases: &'a [Case<'a>], alike: impl Fn(&Plan, &Plan) -> bool) -> (Vec<&'a Plan>, Vec<usize>) {
    let mut first: Vec<&Plan> = Vec::new();
    let of = cases.iter().map(|case| {
        first.iter().position(|other| alike(case.plan, other)).unwrap_or_else(|| {
            first.push(case.plan);
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
    drawing: Drawing<'a>,
    /// For each case.
    totals: Vec<(Block, Aggregate)>,
    workspace: Workspace,
    outcomes: Vec<Outcomes>,
    observer: O,
}

impl<'a, O: Observe> CaseWorker<'a, O> {
    fn new(set: &'a CaseSet<'a>, frames: &'a [Frame], level: Level, paths: u64, observer: O) -> Self {
        Self {
            set,
            frames,
            level,
            drawing: set.drawing(paths),
            totals: frames.iter().map(|frame| (Block::new(frame), Aggregate::empty(frame))).collect(),
            workspace: Workspace::default(),
            outcomes: Vec::with_capacity(set.cases.len()),
            observer,
        }
    }

    /// Simulates the paths of one block in every case.
    fn block(&mut self, paths: Range<u64>) {
        let Self { set, frames, level, drawing, totals, workspace, outcomes: all, observer } = self;
        drawing.groups(*level, paths, |group| {
            all.clear();
            let (first_path, count) = (group.first_path, group.count);
            for (i, (case, (block, aggregate))) in set.cases.iter().zip(totals.iter_mut()).enumerate() {
                let (draws, setup) = (set.draws_of[i], &case.plan.setup);
                let drawn: Vec<Lanes> =
                    set.instead[i].iter().map(|(column, x)| group.replace(draws, *column, *x)).collect();
                let inputs = group.inputs_of(draws, set.shocks_of[i]);
                let outcomes = level.run(Simulate { setup, inputs, workspace, record: Forget });
                for ((column, _), drawn) in set.instead[i].iter().zip(drawn) {
                    group.replace(draws, *column, drawn);
                }
                level.run(Collect { block, frame: &frames[i], aggregate, first_path, count, outcomes: &outcomes });
                all.push(outcomes);
            }
            observer.group(group, all);
        });
        for (block, aggregate) in totals {
            level.run(Flush { block, aggregate });
        }
    }

    fn merge(&mut self, other: Self) {
        for ((_, all), (_, part)) in self.totals.iter_mut().zip(other.totals) {
            all.merge(part);
        }
        self.observer.join(other.observer);
    }
}

impl Threads<'_> {
    /// The means and probabilities of each case over the same `paths` paths. The plans must have one sampler and seed.
    pub(crate) fn means(&self, cases: &[Case<'_>], paths: u64) -> Result<Vec<CaseResult>, RunError> {
        Ok(self.simulate(cases, paths, false, || ())?.0)
    }

    /// All that a brief says of each case over the same `paths` paths, and what an observer has seen of them.
    pub(crate) fn cases<O: Observe>(
        &self,
        cases: &[Case<'_>],
        paths: u64,
        observer: impl Fn() -> O + Sync,
    ) -> Result<(Vec<CaseResult>, O), RunError> {
        self.simulate(cases, paths, true, observer)
    }

    fn simulate<O: Observe>(
        &self,
        cases: &[Case<'_>],
        paths: u64,
        quantiles: bool,
        observer: impl Fn() -> O + Sync,
    ) -> Result<(Vec<CaseResult>, O), RunError> {
        let set = CaseSet::new(cases);
        let level = self.options.level;
        let of_case = |case: &Case<'_>| Frame::of_outcomes_pilot(case.plan.setup.months, case.plan.setup.target, paths);
        let first: Vec<Frame> = cases.iter().map(of_case).collect();
        let mut pilot = CaseWorker::new(&set, &first, level, paths, ());
        pilot.block(0..paths.min(LANES as u64));
        let frames = first.iter().zip(&pilot.totals);
        let of_run = |(frame, (_, pilot)): (&Frame, &(Block, Aggregate))| {
            let frame = frame.of_run(paths, pilot, Vec::new());
            if quantiles { frame } else { frame.without_quantiles() }
        };
        let frames: Vec<Frame> = frames.map(of_run).collect();
        let done = self.fold(
            0..paths.div_ceil(super::PATHS_PER_BLOCK),
            paths,
            cases.len() as u64,
            || CaseWorker::new(&set, &frames, level, paths, observer()),
            CaseWorker::block,
            CaseWorker::merge,
        )?;
        let CaseWorker { totals, observer, .. } = done;
        let result =
            |(frame, (_, aggregate)): (&Frame, (Block, Aggregate))| CaseResult { frame: frame.clone(), aggregate };
        Ok((frames.iter().zip(totals).map(result).collect(), observer))
    }

    /// What is said of each case.
    pub(crate) fn briefs(&self, cases: &[CaseResult]) -> Vec<Brief> {
        let each = |CaseResult { frame, aggregate }: &CaseResult| {
            let outcomes = (0..aggregate.outcome_count()).collect();
            aggregate.brief(self.map(outcomes, |i| aggregate.outcome_brief(frame, i)))
        };
        self.map(cases.iter().collect(), each)
    }
}
