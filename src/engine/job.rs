//! A run that is done step by step by whoever has the time: an event loop, a page in a browser. It starts no thread.

use super::cases::{Case, CaseSet};
use super::options::{Options, PATHS_PER_BLOCK, RunError, check_paths};
use super::threads::Threads;
use crate::aggregate::{Aggregate, Frame, Summary, Wanted};
use crate::plan::Plan;

/// A run, some of which is done.
#[derive(Debug)]
pub struct Job {
    plan: Plan,
    frame: Frame,
    aggregate: Aggregate,
    /// Blocks done.
    blocks: u64,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// So many paths are done.
    Running {
        /// Paths done.
        done: u64,
        /// Of so many.
        of: u64,
    },
    /// All paths are done.
    Done,
}

impl Job {
    /// A run of `paths` paths of a plan, of which the first few are simulated at once.
    ///
    /// # Errors
    /// Where there are no paths or too many.
    pub fn new(plan: Plan, paths: u64) -> Result<Self, RunError> {
        check_paths(paths)?;
        let paths = plan.paths_of(paths);
        let options = Options::default();
        let case = [Case::of(&plan)];
        let frame = Threads::none(&options).frames(&CaseSet::new(&case), paths, Wanted::Everything).swap_remove(0);
        let aggregate = Aggregate::empty(&frame);
        Ok(Self { plan, frame, aggregate, blocks: 0 })
    }

    /// Simulates whole blocks of 4,096 paths until at least `budget` more paths are done, or all.
    ///
    /// ```
    /// use breakeven::{Question, Run, engine::Status, scenario};
    ///
    /// let baseline = scenario::load("baseline").unwrap();
    /// let run = Run::new(&baseline).paths(10_000);
    /// let mut job = run.job()?;
    /// assert_eq!(job.step(4096), Status::Running { done: 4096, of: 10_000 });
    /// assert_eq!(job.step(5000), Status::Done);
    /// let payback = |summary: breakeven::aggregate::Summary| *summary.probability(Question::Payback).unwrap();
    /// assert_eq!(payback(job.finish()?), payback(run.run()?));
    /// # Ok::<(), breakeven::analysis::AnalysisError>(())
    /// ```
    pub fn step(&mut self, budget: u64) -> Status {
        let all = self.frame.shape.paths.div_ceil(PATHS_PER_BLOCK);
        let until = all.min(self.blocks + budget.div_ceil(PATHS_PER_BLOCK).max(1));
        let options = Options::default();
        let case = [Case::of(&self.plan)];
        let (set, frames) = (CaseSet::new(&case), std::slice::from_ref(&self.frame));
        // Nothing cancels it, so it always ends.
        if let Ok((parts, ())) = Threads::none(&options).add(&set, frames, self.blocks..until, || ()) {
            for part in parts {
                self.aggregate.merge(part);
            }
            self.blocks = until;
        }
        self.status()
    }

    /// How far it is.
    #[must_use]
    pub fn status(&self) -> Status {
        let (done, of) = (self.aggregate.paths(), self.frame.shape.paths);
        if done == of { Status::Done } else { Status::Running { done, of } }
    }

    /// Simulates what is left and summarises: the numbers of [`super::run`].
    ///
    /// # Errors
    /// Where money overflows.
    pub fn finish(mut self) -> Result<Summary, RunError> {
        while self.status() != Status::Done {
            self.step(u64::MAX);
        }
        Threads::none(&Options::default()).summary(&self.plan, &self.frame, &self.aggregate)
    }
}
