//! Every path by itself: what was drawn for it and what came out, for readers who want to work on the paths themselves.

use std::ops::Range;

use super::cases::{Case, CaseSet};
use super::options::{Options, PATHS_PER_BLOCK, RunError};
use super::stages::{AddRate, Simulate};
use super::threads::Threads;
use crate::lanes::Level;
use crate::model::{Forget, Inputs, OUTCOMES, Outcome, Outcomes, Workspace};
use crate::plan::Plan;

/// Blocks whose paths are in memory together.
const BLOCKS_AT_A_TIME: u64 = 16;

/// A column of the table of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathColumn {
    /// An uncertain input, `events.NAME` (the month in which it starts), or an outcome.
    pub name: String,
    /// Whether infinity stands for no number: a month that never comes, a rate of return that the path does not have.
    pub may_be_missing: bool,
}

/// The columns: the path's number, the uncertain inputs, the events, the outcomes.
#[must_use]
pub fn path_columns(plan: &Plan) -> Vec<PathColumn> {
    PathTable::new(plan, 0).path_columns()
}

/// Paths as arrays: a column for each uncertain input, event and outcome, a number for each path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathTable {
    /// The number of the first path; the others follow.
    pub first_path: u64,
    /// The uncertain inputs.
    pub inputs: Vec<(String, Vec<f64>)>,
    /// The month in which each event starts, as `events.NAME`; infinite where it never does.
    pub events: Vec<(String, Vec<f64>)>,
    /// Every outcome; infinite for a month that never comes.
    pub outcomes: Vec<(&'static str, Vec<f64>)>,
}

impl PathTable {
    fn new(plan: &Plan, first_path: u64) -> Self {
        let named = |name: &str| (name.to_owned(), Vec::new());
        Self {
            first_path,
            inputs: plan.draws.varied().map(|(_, name)| named(name)).collect(),
            events: plan.draws.event_names().map(named).collect(),
            outcomes: OUTCOMES.iter().map(|outcome| (outcome.name, Vec::new())).collect(),
        }
    }

    /// What its columns are called, the path's number before them.
    #[must_use]
    pub fn path_columns(&self) -> Vec<PathColumn> {
        let column = |name: &str, may_be_missing| PathColumn { name: name.to_owned(), may_be_missing };
        let number = std::iter::once(column("path", false));
        let inputs = self.inputs.iter().map(|(name, _)| column(name, false));
        let events = self.events.iter().map(|(name, _)| column(name, true));
        let outcomes = OUTCOMES.iter().map(|outcome| column(outcome.name, outcome.kind.may_be_missing()));
        number.chain(inputs).chain(events).chain(outcomes).collect()
    }

    /// How many paths it has.
    #[must_use]
    pub fn paths(&self) -> usize {
        self.outcomes.first().map_or(0, |column| column.1.len())
    }

    /// An outcome of every path.
    #[must_use]
    pub fn outcome(&self, outcome: Outcome) -> &[f64] {
        &self.outcomes[outcome as usize].1
    }

    /// What was drawn for an input, or the start of `events.NAME`; none where it is no uncertain one.
    #[must_use]
    pub fn drawn(&self, name: &str) -> Option<&[f64]> {
        let all = self.inputs.iter().chain(&self.events);
        all.into_iter().find(|column| column.0 == name).map(|column| column.1.as_slice())
    }

    /// The numbers of all paths, column by column: inputs, events, outcomes.
    pub fn columns(&self) -> impl Iterator<Item = &[f64]> {
        let drawn = self.inputs.iter().chain(&self.events).map(|column| column.1.as_slice());
        drawn.chain(self.outcomes.iter().map(|column| column.1.as_slice()))
    }

    fn columns_mut(&mut self) -> impl Iterator<Item = &mut Vec<f64>> {
        let drawn = self.inputs.iter_mut().chain(&mut self.events).map(|column| &mut column.1);
        drawn.chain(self.outcomes.iter_mut().map(|column| &mut column.1))
    }

    /// Adds the paths of another table of the same case.
    pub(crate) fn extend(&mut self, more: Self) {
        let Self { inputs, events, outcomes, .. } = more;
        let drawn = inputs.into_iter().chain(events).map(|column| column.1);
        let all = drawn.chain(outcomes.into_iter().map(|column| column.1));
        self.columns_mut().zip(all).for_each(|(column, more)| column.extend(more));
    }
}

/// Simulates `paths` paths of each case on the same futures and hands them on, in the order of the paths, some 65,000 at a time, a
/// table for each case.
pub(crate) fn each_table<E: From<RunError>>(
    cases: &[Case<'_>],
    paths: u64,
    options: &Options<'_>,
    mut sink: impl FnMut(Vec<PathTable>) -> Result<(), E>,
) -> Result<(), E> {
    let threads = Threads::new(options)?;
    let set = CaseSet::new(cases);
    let blocks = paths.div_ceil(PATHS_PER_BLOCK);
    for first in (0..blocks).step_by(BLOCKS_AT_A_TIME as usize) {
        threads.stop_if_cancelled()?;
        let some = (first..blocks.min(first + BLOCKS_AT_A_TIME)).collect();
        let parts = threads.map(some, |block| block_of(&set, cases, paths, block, options.level));
        let joined = parts.into_iter().reduce(|mut all, part| {
            all.iter_mut().zip(part).for_each(|(table, more)| table.extend(more));
            all
        });
        sink(joined.unwrap_or_default())?;
    }
    Ok(())
}

/// Simulates `paths` paths of a plan and hands them on, in their order, some 65,000 at a time.
///
/// # Errors
/// Where it is interrupted, threads cannot be started, or `sink` fails.
pub fn each_path<E: From<RunError>>(
    plan: &Plan,
    paths: u64,
    options: &Options<'_>,
    mut sink: impl FnMut(&PathTable) -> Result<(), E>,
) -> Result<(), E> {
    each_table(&[Case::of(plan)], paths, options, |tables| tables.iter().try_for_each(&mut sink))
}

/// The paths of a block, case by case.
fn block_of(set: &CaseSet<'_>, cases: &[Case<'_>], paths: u64, block: u64, level: Level) -> Vec<PathTable> {
    let varied: Vec<Vec<usize>> =
        cases.iter().map(|case| case.plan().draws.varied().map(|(i, _)| i).collect()).collect();
    let first_path = block * PATHS_PER_BLOCK;
    let mut tables: Vec<PathTable> = cases.iter().map(|case| PathTable::new(case.plan(), first_path)).collect();
    let some = first_path..paths.min(first_path + PATHS_PER_BLOCK);
    on_paths(set, (cases.len(), true), paths, some, level, |i, count, inputs, outcomes| {
        let drawn = varied[i].iter().map(|column| &inputs.columns[*column]);
        let numbers = drawn.chain(inputs.event_starts).chain(&outcomes.0);
        for (column, from) in tables[i].columns_mut().zip(numbers) {
            // Adding 0 turns −0 into 0.
            column.extend(from.0[..count].iter().map(|x| x + 0.0));
        }
    });
    tables
}

/// Simulates some paths of a run of `paths`, of each of so many cases, on the calling thread; the first of them is a multiple of a
/// batch. With the rate of return where that is
/// wanted. Hands on the case, how many of the sixteen paths count, what was drawn for them and what came out.
fn on_paths(
    set: &CaseSet<'_>,
    (cases, rates): (usize, bool),
    paths: u64,
    some: Range<u64>,
    level: Level,
    mut each: impl FnMut(usize, usize, Inputs<'_>, &Outcomes),
) {
    let (mut workspace, mut drawn) = (Workspace::default(), Vec::new());
    set.drawing(paths).groups(level, some, |group| {
        let count = group.count;
        for i in 0..cases {
            let case = set.case(i);
            case.with_inputs(group, &mut drawn, |inputs| {
                let stage = Simulate { setup: case.setup, inputs, workspace: &mut workspace, record: Forget };
                let mut outcomes = level.run(stage);
                if rates {
                    level.run(AddRate { workspace: &workspace, outcomes: &mut outcomes });
                }
                each(i, count, inputs, &outcomes);
            });
        }
    });
}

/// The same for cases that nobody else simulates, without the rate of return.
pub(crate) fn on_some_paths(
    cases: &[Case<'_>],
    paths: u64,
    some: Range<u64>,
    level: Level,
    each: impl FnMut(usize, usize, Inputs<'_>, &Outcomes),
) {
    on_paths(&CaseSet::new(cases), (cases.len(), false), paths, some, level, each);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::engine::run;
    use crate::sampler::Sampler;
    use crate::scenario;

    #[test]
    fn paths_are_those_of_the_run_in_their_order() {
        let paths = PATHS_PER_BLOCK * BLOCKS_AT_A_TIME + 5;
        let scenario = scenario::load("price-war").unwrap();
        let plan = Plan::new(&scenario, Sampler::LatinHypercube, 3).unwrap();
        let options = Options { threads: Some(2), ..Options::default() };
        let mut all: Option<PathTable> = None;
        each_path(&plan, paths, &options, |table| {
            match &mut all {
                Some(all) => all.extend(table.clone()),
                None => all = Some(table.clone()),
            }
            Ok::<_, RunError>(())
        })
        .unwrap();
        let all = all.unwrap();
        assert_eq!(all.paths() as u64, paths);
        assert_eq!(all.columns().count() + 1, path_columns(&plan).len());
        let summary = run(&plan, paths, &options).unwrap();
        for outcome in [Outcome::Npv, Outcome::Ltv, Outcome::PeakSubscribers] {
            let (name, column) = (outcome.name(), all.outcome(outcome));
            let mean = column.iter().sum::<f64>() / paths as f64;
            let stated = summary.outcomes.iter().find(|outcome| outcome.name == name).unwrap();
            let stated = stated.mean.as_ref().unwrap().value;
            assert!((mean - stated).abs() <= 1e-10 * stated.abs(), "{name}: {mean} for {stated}");
        }
        // What was drawn stands beside what came of it.
        let churn = all.drawn("retention.monthly_churn").unwrap();
        let expected = scenario.value(scenario::keys::Key::MonthlyChurn).dist.mean();
        let mean = churn.iter().sum::<f64>() / paths as f64;
        assert!((mean - expected).abs() < 1e-3 * expected, "{mean} for {expected}");
        assert!(!all.events.is_empty());
    }

    #[test]
    fn an_interrupted_run_hands_on_no_more() {
        let plan = Plan::new(&scenario::load("baseline").unwrap(), Sampler::default(), 1).unwrap();
        let cancel = AtomicBool::new(true);
        let options = Options { cancel: Some(&cancel), ..Options::default() };
        let found = each_path(&plan, 100, &options, |_| -> Result<(), RunError> { panic!("a chunk was handed on") });
        assert!(matches!(found, Err(RunError::Interrupted)));
    }
}
