//! Some monthly numbers of each path, path by path: what observations are held against.

use super::groups::Drawing;
use super::options::{RunError, blocks};
use super::stages::Simulate;
use super::threads::Threads;
use crate::lanes::{LANES, Lanes, Level};
use crate::model::{Inputs, Record, SERIES_COUNT, SegmentMonth, Setup, Workspace};
use crate::plan::Plan;
use crate::sampler::{Batch, PATHS_PER_BATCH, Scores};

/// Blocks whose numbers wait to be put in their place.
const BLOCKS: usize = 32;

/// A monthly number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    /// From 1.
    pub(crate) month: usize,
    /// Of one segment, or of all.
    pub(crate) segment: Option<usize>,
    /// Its place among the series of all segments together, or of one.
    pub(crate) series: usize,
}

/// Monthly numbers, by month.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    list: Vec<Watched>,
    /// For each month the place of its first number; one more at the end.
    first: Vec<usize>,
}

impl Watch {
    /// Numbers in the order of their months.
    pub(crate) fn new(list: Vec<Watched>) -> Self {
        let last = list.last().map_or(0, |watched| watched.month);
        let first = (0..=last + 1).map(|month| list.partition_point(|watched| watched.month < month)).collect();
        Self { list, first }
    }

    /// How many numbers.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The last month that is watched; 0 where none is.
    pub(crate) fn months(&self) -> usize {
        self.first.len() - 2
    }

    fn of_month(&self, t: usize) -> std::ops::Range<usize> {
        match self.first.get(t..=t + 1) {
            Some([from, to]) => *from..*to,
            _ => 0..0,
        }
    }
}

/// Takes down what is watched of sixteen paths.
struct Watcher<'a> {
    watch: &'a Watch,
    seen: &'a mut [Lanes],
}

impl Record for Watcher<'_> {
    #[inline(always)]
    fn month(&mut self, t: usize, series: &[Lanes; SERIES_COUNT]) {
        for i in self.watch.of_month(t) {
            if self.watch.list[i].segment.is_none() {
                self.seen[i] = series[self.watch.list[i].series];
            }
        }
    }

    #[inline(always)]
    fn segment(&mut self, t: usize, segment: usize, month: &SegmentMonth, _: Lanes) {
        for i in self.watch.of_month(t) {
            if self.watch.list[i].segment == Some(segment) {
                self.seen[i] = month.series[self.watch.list[i].series];
            }
        }
    }
}

/// Simulates paths up to the last month that is watched.
pub(crate) struct Watching<'a> {
    plan: &'a Plan,
    setup: Setup,
    watch: &'a Watch,
    level: Level,
    workspace: Workspace,
    batch: Batch,
    seen: Vec<Lanes>,
}

impl<'a> Watching<'a> {
    pub(crate) fn new(plan: &'a Plan, watch: &'a Watch, level: Level) -> Self {
        Self {
            plan,
            // What comes later leaves no trace in what is watched.
            setup: Setup { months: watch.months().max(1), ..plan.setup.clone() },
            watch,
            level,
            workspace: Workspace::default(),
            batch: plan.draws.batch(),
            seen: vec![Lanes::ZERO; watch.len()],
        }
    }

    /// What is watched on sixteen paths.
    fn group(&mut self, inputs: Inputs<'_>) -> &[Lanes] {
        let Self { setup, watch, level, workspace, seen, .. } = self;
        level.run(Simulate { setup, inputs, workspace, record: Watcher { watch, seen } });
        &self.seen
    }

    /// Simulates a batch of paths from the normal numbers behind their inputs, events and shocks, and hands on what is watched of
    /// each sixteen.
    pub(crate) fn batch(&mut self, scores: &[Scores], mut each: impl FnMut(usize, &[Lanes])) {
        let Self { plan, setup, watch, level, workspace, batch, seen } = self;
        let (drawn, noise) = scores.split_at(plan.draws.latent());
        plan.draws.draw_from(drawn, batch);
        let mut shocks: Vec<Lanes> = Vec::with_capacity(noise.len());
        for group in 0..PATHS_PER_BATCH / LANES {
            shocks.clear();
            shocks.extend(noise.iter().map(|month| month[group]));
            let inputs = batch.inputs(group, &shocks);
            level.run(Simulate { setup, inputs, workspace, record: Watcher { watch, seen } });
            each(group, seen);
        }
    }
}

/// What is watched of each path of a run of `paths`, by number and path.
///
/// # Errors
/// Where it is interrupted.
pub(crate) fn watched(
    plan: &Plan,
    watch: &Watch,
    paths: u64,
    threads: &Threads<'_>,
) -> Result<Vec<Vec<f64>>, RunError> {
    let mut all: Vec<Vec<f64>> = (0..watch.len()).map(|_| Vec::with_capacity(paths as usize)).collect();
    threads.options().expect(paths);
    for some in blocks(0..paths).chunks(BLOCKS) {
        let parts = threads.map(some.to_vec(), |some| {
            let mut part: Vec<Vec<f64>> = vec![Vec::new(); watch.len()];
            if threads.stop_if_cancelled().is_ok() {
                let count = some.end - some.start;
                let mut watching = Watching::new(plan, watch, threads.level());
                Drawing::new(plan, paths).groups(threads.level(), some, |group| {
                    let count = group.count;
                    let seen = watching.group(group.inputs());
                    part.iter_mut().zip(seen).for_each(|(all, x)| all.extend_from_slice(&x.0[..count]));
                });
                threads.advance(count);
            }
            part
        });
        threads.stop_if_cancelled()?;
        for part in parts {
            all.iter_mut().zip(part).for_each(|(all, part)| all.extend(part));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Options, run};
    use crate::sampler::Sampler;
    use crate::scenario;

    #[test]
    fn what_is_watched_is_what_a_run_reports() {
        let plan = Plan::new(&scenario::load("prime-uplift").unwrap(), Sampler::Random, 2).unwrap();
        let watched_of = |month, segment, series| Watched { month, segment, series };
        let list = vec![watched_of(3, None, 1), watched_of(3, Some(1), 0), watched_of(9, None, 6)];
        let watch = Watch::new(list);
        let options = Options::default();
        let threads = Threads::new(&options).unwrap();
        let found = watched(&plan, &watch, 5000, &threads).unwrap();
        let summary = run(&plan, 5000, &options).unwrap();
        for (numbers, (month, segment, series)) in
            found.iter().zip([(3, None, "paying"), (3, Some(1), "subscribers"), (9, None, "cash_flow")])
        {
            let is = |m: &&crate::aggregate::MonthSummary| (m.month, m.segment, m.series) == (month, segment, series);
            let stated = summary.monthly.iter().find(is).unwrap().mean.value;
            let mean = numbers.iter().sum::<f64>() / 5000.0;
            assert!((mean - stated).abs() <= 1e-9 * stated.abs(), "{series}: {mean} and {stated}");
        }
        // From the numbers behind the draws it is the same, but for the rounding of tables.
        let mut scores = vec![crate::sampler::NO_SCORES; plan.draws.latent() + watch.months() + 1];
        let latent = plan.draws.latent();
        plan.draws.scores(0, 5000, &mut scores[..latent]);
        let mut buffer = plan.shocks.buffer(plan.setup.months);
        for group in 0..PATHS_PER_BATCH / LANES {
            let shocks = plan.shocks.draw((group * LANES) as u64, &mut buffer);
            scores[latent..].iter_mut().zip(shocks).for_each(|(month, z)| month[group] = *z);
        }
        Watching::new(&plan, &watch, Level::detect()).batch(&scores, |group, seen| {
            for (x, numbers) in seen.iter().zip(&found) {
                for lane in 0..LANES {
                    let y = numbers[group * LANES + lane];
                    assert!((x.0[lane] - y).abs() <= 1e-5 * y.abs().max(1.0), "{} and {y}", x.0[lane]);
                }
            }
        });
    }
}
