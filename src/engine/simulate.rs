//! Simulates cases over the same paths: the first few of each for its frame, then block after block on all threads.
//!
//! Each path is drawn once and simulated in every case, so that all see the same luck. Means and probabilities are to the last
//! bit those of a run of each case by itself: the same paths go into the same blocks.

use std::ops::Range;

use super::cases::{Case, CaseSet, Observe};
use super::options::{PATHS_PER_BLOCK, RunError};
use super::threads::Threads;
use super::worker::Worker;
use crate::aggregate::{Aggregate, CaseSummary, Frame, Means, Proportion, Shape, Summary, Wanted, Windows};
use crate::plan::Plan;

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

impl Threads<'_> {
    /// The means and probabilities of each case over the same `paths` paths. The plans must have one sampler and seed.
    pub(crate) fn means(&self, cases: &[Case<'_>], paths: u64) -> Result<Vec<CaseResult>, RunError> {
        Ok(self.cases(cases, paths, Wanted::Means, || ())?.0)
    }

    /// What is wanted of each case over the same `paths` paths, and what an observer has seen of them.
    pub(crate) fn cases<O: Observe>(
        &self,
        cases: &[Case<'_>],
        paths: u64,
        wanted: Wanted,
        observer: impl Fn() -> O + Sync,
    ) -> Result<(Vec<CaseResult>, O), RunError> {
        let set = CaseSet::new(cases);
        let frames = self.frames(&set, paths, wanted);
        let blocks = 0..paths.div_ceil(PATHS_PER_BLOCK);
        let (aggregates, seen) = self.add(&set, &frames, blocks, observer)?;
        let result = |(frame, aggregate)| CaseResult { frame, aggregate };
        Ok((frames.into_iter().zip(aggregates).map(result).collect(), seen))
    }

    /// Simulates the first few paths of each case, from which the others are told apart.
    pub(super) fn frames(&self, set: &CaseSet<'_>, paths: u64, wanted: Wanted) -> Vec<Frame> {
        let first: Vec<Frame> =
            set.plans().map(|plan| Frame::of_pilot(Shape::of(&plan.setup, paths), wanted)).collect();
        let most = first.iter().map(|frame| frame.shape.paths).max().unwrap_or(0);
        let mut worker = Worker::new(set, &first, self.options.level, paths, ());
        worker.block(0..most);
        let pilots = worker.finish().0;
        let of_run = |(frame, pilot): (&Frame, &Aggregate)| {
            let windows = match wanted {
                Wanted::Fans | Wanted::Everything if !Frame::keeps_months(paths) => {
                    self.map(pilot.months_kept(), Windows::around)
                }
                _ => Vec::new(),
            };
            frame.of_run(paths, wanted, pilot, windows)
        };
        first.iter().zip(&pilots).map(of_run).collect()
    }

    /// Simulates the paths of some blocks in each case.
    pub(super) fn add<O: Observe>(
        &self,
        set: &CaseSet<'_>,
        frames: &[Frame],
        blocks: Range<u64>,
        observer: impl Fn() -> O + Sync,
    ) -> Result<(Vec<Aggregate>, O), RunError> {
        let paths = frames.first().map_or(0, |frame| frame.shape.paths);
        let start = || Worker::new(set, frames, self.options.level, paths, observer());
        let done = self.fold(blocks, paths, frames.len() as u64, start, Worker::block, Worker::merge)?;
        Ok(done.finish())
    }

    /// What is said of each case.
    pub(crate) fn case_summaries(&self, cases: &[CaseResult]) -> Vec<CaseSummary> {
        let each = |CaseResult { frame, aggregate }: &CaseResult| {
            let outcomes = (0..CaseSummary::outcomes().count()).collect();
            aggregate.case_summary(self.map(outcomes, |i| aggregate.case_outcome(frame, i)))
        };
        self.map(cases.iter().collect(), each)
    }

    /// All that is reported of a case of which everything was wanted.
    pub(super) fn summary(&self, plan: &Plan, frame: &Frame, aggregate: &Aggregate) -> Result<Summary, RunError> {
        if let Some(path) = aggregate.overflow() {
            return Err(RunError::Overflow(path));
        }
        let outcomes = (0..aggregate.outcome_count()).collect();
        let digests = self.map(outcomes, |i| aggregate.digest(frame, i));
        Ok(aggregate.summary(frame, digests, plan.implied_investment().is_some()))
    }

    /// All that is reported of each case of which everything was wanted; `plans` are those of the cases.
    pub(crate) fn summaries<'p>(
        &self,
        plans: impl IntoIterator<Item = &'p Plan>,
        cases: &[CaseResult],
    ) -> Vec<Result<Summary, RunError>> {
        let each = |(plan, case): (&Plan, &CaseResult)| self.summary(plan, &case.frame, &case.aggregate);
        plans.into_iter().zip(cases).map(each).collect()
    }
}
