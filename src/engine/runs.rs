//! Runs of a plan: as many paths as asked for, until it is precise enough, or a part of them.

use std::ops::Range;

use super::cases::{Case, CaseSet};
use super::options::{Options, PATHS_PER_BLOCK, RunError, check_paths};
use super::threads::Threads;
use crate::aggregate::{Aggregate, Frame, Goal, Precision, Shape, Summary, Wanted};
use crate::plan::Plan;

/// Paths after which a run that stops when it is precise enough looks for the first time: a multiple of a block.
const FIRST_LOOK: u64 = 1 << 14;
/// The most parts of a run.
pub const MOST_SHARDS: u64 = 100_000;

/// One of several equal parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// The blocks of this part.
    fn blocks(self, paths: u64) -> Range<u64> {
        Self::start(self.number - 1, self.of, paths)..Self::start(self.number, self.of, paths)
    }

    /// The first block after so many parts.
    fn start(parts: u64, of: u64, paths: u64) -> u64 {
        (u128::from(paths.div_ceil(PATHS_PER_BLOCK)) * u128::from(parts) / u128::from(of)) as u64
    }
}

/// Simulates `paths` paths of a plan, from 1 to [`super::MOST_PATHS`], and summarises them.
///
/// # Errors
/// Where there are no paths or too many, it is interrupted, threads cannot be started, or money overflows.
pub fn run(plan: &Plan, paths: u64, options: &Options<'_>) -> Result<Summary, RunError> {
    run_wanted(plan, paths, Wanted::Everything, options)
}

/// As [`run`], with those months alone that are drawn as fans: a third faster where paths are few.
///
/// # Errors
/// As [`run`].
pub fn run_for_fans(plan: &Plan, paths: u64, options: &Options<'_>) -> Result<Summary, RunError> {
    run_wanted(plan, paths, Wanted::Fans, options)
}

fn run_wanted(plan: &Plan, paths: u64, wanted: Wanted, options: &Options<'_>) -> Result<Summary, RunError> {
    check_paths(paths)?;
    let paths = plan.paths_of(paths);
    let engine = Engine::new(plan, options)?;
    let frame = engine.threads.frames(&CaseSet::new(&engine.case), paths, wanted).swap_remove(0);
    let aggregate = engine.blocks(&frame, 0..paths.div_ceil(PATHS_PER_BLOCK))?;
    engine.threads.summary(plan, &frame, &aggregate)
}

/// Simulates until every goal is reached: looks after 2¹⁴ paths and whenever there are twice as many, and stops at `most`. The
/// summary is that of a run of as many paths.
///
/// A run that stops when its own noisy error happens to be small would state too small an error: its intervals would hold the
/// truth in less than 94% of seeds. So the error of the look before counts too, as what it promised for as many paths as there
/// are now: the larger of both decides.
///
/// # Errors
/// As [`run`].
pub fn run_until(
    plan: &Plan,
    goals: &[Goal],
    most: u64,
    options: &Options<'_>,
) -> Result<(Summary, Vec<Precision>), RunError> {
    check_paths(most)?;
    let most = plan.paths_of(most);
    let engine = Engine::new(plan, options)?;
    let mut paths = FIRST_LOOK.min(most);
    let mut frame = engine.frame(paths);
    let mut aggregate = Aggregate::empty(&frame);
    let mut done = 0;
    let mut before: Option<(u64, Vec<Precision>)> = None;
    loop {
        aggregate.merge(engine.blocks(&frame, done..paths.div_ceil(PATHS_PER_BLOCK))?);
        let found: Vec<Precision> = goals.iter().map(|goal| aggregate.precision(&frame, goal)).collect();
        let promised = |i: usize| match &before {
            Some((fewer, before)) => before[i].half_width * (*fewer as f64 / paths as f64).sqrt(),
            // Nothing was promised: as if by a look with half as many paths and the same error.
            None => found[i].half_width * std::f64::consts::SQRT_2,
        };
        let is_sure = |(i, precision): (usize, &Precision)| precision.is_met() && precision.holds(promised(i));
        if paths == most || found.iter().enumerate().all(is_sure) || aggregate.overflow().is_some() {
            return Ok((engine.threads.summary(plan, &frame, &aggregate)?, found));
        }
        // Whole blocks, since every look but the last is a multiple of a block.
        done = paths / PATHS_PER_BLOCK;
        before = Some((paths, found));
        paths = (2 * paths).min(most);
        if plan.sampler.depends_on_paths() {
            // All paths are others than before.
            frame = engine.frame(paths);
            aggregate = Aggregate::empty(&frame);
            done = 0;
        } else {
            frame.grow(paths);
            aggregate.grow(&frame);
        }
    }
}

/// Simulates one part of a run of `paths` paths.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_shard(plan: &Plan, paths: u64, shard: Shard, options: &Options<'_>) -> Result<Aggregate, RunError> {
    let (engine, paths) = (Engine::new(plan, options)?, plan.paths_of(paths));
    engine.blocks(&engine.frame(paths), shard.blocks(paths))
}

/// Whether an aggregate can be some of `of` parts of a run of `paths` paths: from the first to the last number of each row.
pub(crate) fn fits(plan: &Plan, paths: u64, rows: &[(u64, u64)], of: u64, part: &Aggregate) -> bool {
    let paths = plan.paths_of(paths);
    let after = |parts: u64| (Shard::start(parts, of, paths) * PATHS_PER_BLOCK).min(paths);
    let count = rows.iter().map(|(first, last)| after(*last) - after(first - 1)).sum();
    part.fits(&Frame::unsampled(Shape::of(&plan.setup, paths), Wanted::Everything), count)
}

/// Summarises a run of `paths` paths from all of its parts together.
///
/// # Errors
/// As [`run`].
pub(crate) fn summarise(
    plan: &Plan,
    paths: u64,
    aggregate: &Aggregate,
    options: &Options<'_>,
) -> Result<Summary, RunError> {
    let engine = Engine::new(plan, options)?;
    engine.threads.summary(plan, &engine.frame(plan.paths_of(paths)), aggregate)
}

/// A plan with the threads that run it.
struct Engine<'a> {
    case: [Case<'a>; 1],
    threads: Threads<'a>,
}

impl<'a> Engine<'a> {
    fn new(plan: &'a Plan, options: &'a Options<'a>) -> Result<Self, RunError> {
        Ok(Self { case: [Case::of(plan)], threads: Threads::new(options)? })
    }

    /// The frame of a run of `paths` paths.
    fn frame(&self, paths: u64) -> Frame {
        self.threads.frames(&CaseSet::new(&self.case), paths, Wanted::Everything).swap_remove(0)
    }

    /// The results of some blocks.
    fn blocks(&self, frame: &Frame, blocks: Range<u64>) -> Result<Aggregate, RunError> {
        let first = |block: u64| (block * PATHS_PER_BLOCK).min(frame.shape.paths);
        let count = first(blocks.end) - first(blocks.start);
        self.threads.options.expect(count);
        let set = CaseSet::new(&self.case);
        Ok(self.threads.add(&set, std::slice::from_ref(frame), blocks, || ())?.0.swap_remove(0))
    }
}
