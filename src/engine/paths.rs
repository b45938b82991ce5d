//! Every path by itself: what was drawn for it and what came out, for readers who want to work on the paths themselves.

use super::groups::Drawing;
use super::stages::Simulate;
use super::{Options, PATHS_PER_BLOCK, RunError, Threads};
use crate::lanes::Level;
use crate::model::{Forget, OUTCOMES, OutcomeKind, Workspace};
use crate::plan::Plan;

/// Blocks whose paths are in memory together.
const BLOCKS_AT_A_TIME: u64 = 16;

/// A column of the table of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathColumn {
    /// An uncertain input, `events.NAME` (the month in which it starts), or an outcome.
    pub name: String,
    /// Whether infinity stands for a month that never comes.
    pub is_month: bool,
}

/// The columns: the path's number, the uncertain inputs, the events, the outcomes.
#[must_use]
pub fn path_columns(plan: &Plan) -> Vec<PathColumn> {
    let column = |name: &str, is_month| PathColumn { name: name.to_owned(), is_month };
    let number = std::iter::once(column("path", false));
    let inputs = plan.draws.varied().map(|(_, name)| column(name, false));
    let events = plan.draws.event_names().map(|name| column(name, true));
    let outcomes = OUTCOMES.iter().map(|outcome| column(outcome.name, outcome.kind == OutcomeKind::Month));
    number.chain(inputs).chain(events).chain(outcomes).collect()
}

/// Simulates `paths` paths and hands their numbers on, in the order of the paths, column by column, some 65,000 at a time.
///
/// # Errors
/// Where it is interrupted, threads cannot be started, or `sink` fails.
pub fn each_path<E: From<RunError>>(
    plan: &Plan,
    paths: u64,
    options: &Options<'_>,
    mut sink: impl FnMut(&[Vec<f64>]) -> Result<(), E>,
) -> Result<(), E> {
    let threads = Threads::new(options)?;
    let blocks = paths.div_ceil(PATHS_PER_BLOCK);
    for first in (0..blocks).step_by(BLOCKS_AT_A_TIME as usize) {
        threads.stop_if_cancelled()?;
        let some = (first..blocks.min(first + BLOCKS_AT_A_TIME)).collect();
        let parts = threads.map(some, |block| block_of(plan, paths, block, options.level));
        let mut columns = vec![Vec::new(); parts.first().map_or(0, Vec::len)];
        for part in parts {
            for (column, more) in columns.iter_mut().zip(part) {
                column.extend(more);
            }
        }
        sink(&columns)?;
    }
    Ok(())
}

/// The paths of a block, column by column.
fn block_of(plan: &Plan, paths: u64, block: u64, level: Level) -> Vec<Vec<f64>> {
    let varied: Vec<usize> = plan.draws.varied().map(|(i, _)| i).collect();
    let events = plan.draws.event_names().count();
    let mut columns = vec![Vec::new(); 1 + varied.len() + events + OUTCOMES.len()];
    let mut workspace = Workspace::default();
    let some = block * PATHS_PER_BLOCK..paths.min((block + 1) * PATHS_PER_BLOCK);
    Drawing::new(plan, paths).groups(level, some, |group| {
        let inputs = group.inputs();
        let stage = Simulate { setup: &plan.setup, inputs, workspace: &mut workspace, record: Forget };
        let outcomes = level.run(stage);
        let drawn = varied.iter().map(|i| &inputs.columns[*i]);
        let numbers = drawn.chain(inputs.event_starts).chain(&outcomes.0);
        columns[0].extend((0..group.count as u64).map(|lane| (group.first_path + lane) as f64));
        for (column, from) in columns[1..].iter_mut().zip(numbers) {
            // Adding 0 turns −0 into 0.
            column.extend(from.0[..group.count].iter().map(|x| x + 0.0));
        }
    });
    columns
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::engine::{Progress, run};
    use crate::sampler::Sampler;
    use crate::scenario;

    #[test]
    fn paths_are_those_of_the_run_in_their_order() {
        let paths = PATHS_PER_BLOCK * BLOCKS_AT_A_TIME + 5;
        let scenario = scenario::load("price-war").unwrap();
        let plan = Plan::new(&scenario, Sampler::LatinHypercube, 3).unwrap();
        let cancel = AtomicBool::new(false);
        let options =
            Options { threads: Some(2), level: Level::detect(), cancel: &cancel, progress: &Progress::default() };
        let names: Vec<String> = path_columns(&plan).into_iter().map(|column| column.name).collect();
        let mut all = vec![Vec::new(); names.len()];
        each_path(&plan, paths, &options, |columns| {
            all.iter_mut().zip(columns).for_each(|(all, more)| all.extend_from_slice(more));
            Ok::<_, RunError>(())
        })
        .unwrap();
        assert!(all[0].iter().copied().eq((0..paths).map(|path| path as f64)));
        let summary = run(&plan, paths, &options).unwrap();
        for name in ["npv", "ltv", "peak_subscribers"] {
            let column = &all[names.iter().position(|other| other == name).unwrap()];
            let mean = column.iter().sum::<f64>() / paths as f64;
            let stated = summary.outcomes.iter().find(|outcome| outcome.name == name).unwrap();
            let stated = stated.mean.as_ref().unwrap().value;
            assert!((mean - stated).abs() <= 1e-10 * stated.abs(), "{name}: {mean} for {stated}");
        }
        // What was drawn stands beside what came of it.
        let churn = &all[names.iter().position(|name| name == "retention.monthly_churn").unwrap()];
        let expected = scenario.value(scenario::keys::Key::MonthlyChurn).dist.mean();
        let mean = churn.iter().sum::<f64>() / paths as f64;
        assert!((mean - expected).abs() < 1e-3 * expected, "{mean} for {expected}");
        assert!(names.iter().any(|name| name.starts_with("events.")), "{names:?}");
    }

    #[test]
    fn an_interrupted_run_hands_on_no_more() {
        let plan = Plan::new(&scenario::load("baseline").unwrap(), Sampler::default(), 1).unwrap();
        let cancel = AtomicBool::new(true);
        let options =
            Options { threads: Some(1), level: Level::detect(), cancel: &cancel, progress: &Progress::default() };
        let found = each_path(&plan, 100, &options, |_| -> Result<(), RunError> { panic!("a chunk was handed on") });
        assert!(matches!(found, Err(RunError::Interrupted)));
    }
}
