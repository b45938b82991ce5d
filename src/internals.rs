//! What the benchmarks measure: the stages of a run one by one, and the plain scalar version to compare them to.
//!
//! Compiled for benchmarks and tests only (feature `internals`), and no part of the library's promises.

use crate::aggregate::{Aggregate, Block, Frame, Shape, Wanted, Windows};
use crate::analysis::{AnalysisError, Sweep};
use crate::engine::{Drawing, Simulate};
use crate::lanes::{LANES, Lanes, Level, Work};
use crate::model::{Forget, Inputs, OUTCOMES, Outcome, OutcomeKind, Outcomes, Record, SERIES_COUNT, Workspace, scalar};
use crate::plan::Plan;

/// Draws the inputs and shocks of `paths` paths; returns the sum of some draws, so that nothing is left out.
#[must_use]
pub fn draw(plan: &Plan, level: Level, paths: u64) -> f64 {
    let mut sum = Lanes::ZERO;
    each_group(plan, level, paths, |inputs| {
        for x in inputs.columns.iter().chain(inputs.shocks.last()) {
            sum += *x;
        }
    });
    sum.0.iter().sum()
}

/// Draws and simulates `paths` paths; returns the sum of NPV.
#[must_use]
pub fn simulate_paths(plan: &Plan, level: Level, paths: u64) -> f64 {
    let (mut workspace, mut sum) = (Workspace::default(), Lanes::ZERO);
    each_group(plan, level, paths, |inputs| {
        let stage = Simulate { setup: &plan.setup, inputs, workspace: &mut workspace, record: Forget };
        sum += level.run(stage).get(Outcome::Npv);
    });
    sum.0.iter().sum()
}

/// Draws `paths` paths and simulates one after another by the plain scalar version; returns the sum of NPV.
#[must_use]
pub fn simulate_by_scalars(plan: &Plan, level: Level, paths: u64) -> f64 {
    let mut sum = 0.0;
    each_group(plan, level, paths, |inputs| {
        let of = |values: &[Lanes], lane: usize| -> Vec<f64> { values.iter().map(|v| v.0[lane]).collect() };
        for lane in 0..LANES {
            let (columns, starts) = (of(inputs.columns, lane), of(inputs.event_starts, lane));
            let path = scalar(&plan.setup, &columns, &starts, &of(inputs.shocks, lane));
            sum += path.outcomes[Outcome::Npv as usize];
        }
    });
    sum
}

/// Prepares every point of a sweep, one at a time, and simulates none; returns how many there are.
///
/// # Errors
/// Where a point is no scenario.
pub fn prepare_points(sweep: &Sweep) -> Result<usize, AnalysisError> {
    (0..sweep.points()).map(|i| sweep.on_cases(i..i + 1, |cases| Ok(cases.len()))).sum()
}

/// Draws `paths` paths and hands on sixteen at a time.
fn each_group(plan: &Plan, level: Level, paths: u64, mut stage: impl FnMut(Inputs<'_>)) {
    Drawing::new(plan, paths).groups(level, 0..paths, |group| stage(group.inputs()));
}

/// Months and outcomes to aggregate.
#[derive(Debug)]
pub struct Recorded {
    frame: Frame,
    months: Vec<[Lanes; SERIES_COUNT]>,
}

impl Recorded {
    /// Months of some size, of a run of `paths` paths.
    #[must_use]
    pub fn new(months: usize, paths: u64) -> Self {
        let number = |i: usize, t: usize| {
            Lanes(std::array::from_fn(|lane| 1e6 * (1.0 + 0.9 * libm::sin((lane * 7 + i * 3 + t) as f64 * 1.3))))
        };
        let months: Vec<[Lanes; SERIES_COUNT]> = (0..=months).map(|t| std::array::from_fn(|i| number(i, t))).collect();
        let pilot =
            Frame::of_pilot(Shape { months: months.len() - 1, target: 1e6, paths, segments: 0 }, Wanted::Everything);
        let mut recorded = Self { frame: pilot, months };
        let first = recorded.aggregate(128);
        let windows = first.months_kept().into_iter().map(Windows::around).collect();
        recorded.frame = recorded.frame.of_run(paths, Wanted::Everything, &first, windows);
        recorded
    }

    /// Aggregates these months `groups` times, as paths beyond those of which all series have quantiles; returns how many
    /// paths they are.
    #[must_use]
    pub fn count(&self, level: Level, groups: u64) -> u64 {
        level.run(Count { recorded: self, groups, first: 1 << 20 }).paths()
    }

    fn aggregate(&self, groups: u64) -> Aggregate {
        Level::Baseline.run(Count { recorded: self, groups, first: 0 })
    }
}

struct Count<'a> {
    recorded: &'a Recorded,
    groups: u64,
    first: u64,
}

impl Work for Count<'_> {
    type Output = Aggregate;
    #[inline(always)]
    fn run(self) -> Aggregate {
        let Recorded { frame, months } = self.recorded;
        let (mut aggregate, mut block) = (Aggregate::empty(frame), Block::new(frame));
        let outcomes = Outcomes(std::array::from_fn(|i| match OUTCOMES[i].kind {
            OutcomeKind::Month => Lanes::ONE,
            _ => months[0][i % SERIES_COUNT],
        }));
        for group in 0..self.groups {
            let path = self.first + group * LANES as u64;
            for (t, series) in months.iter().enumerate() {
                block.recorder(frame, &mut aggregate, path, LANES).month(t, series);
            }
            block.add_outcomes(frame, &mut aggregate, path, LANES, &outcomes);
            if group % 256 == 255 || group + 1 == self.groups {
                block.flush(&mut aggregate);
            }
        }
        aggregate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampler::Sampler;

    #[test]
    fn what_is_compared_is_the_same_work() {
        let plan = Plan::new(&crate::scenario::load("as-launched").unwrap(), Sampler::Sobol, 1).unwrap();
        let (lanes, scalars) =
            (simulate_paths(&plan, Level::detect(), 512), simulate_by_scalars(&plan, Level::detect(), 512));
        assert!((lanes - scalars).abs() < 1e-9 * lanes.abs(), "{lanes}, not {scalars}");
        assert!(draw(&plan, Level::detect(), 512).is_finite());
        assert_eq!(Recorded::new(12, 1 << 21).count(Level::detect(), 300), 4800);
    }
}
