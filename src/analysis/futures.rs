//! The futures of a decision: what is drawn on each path, and what every option earns there.

use std::ops::Range;

use super::AnalysisError;
use super::decision::{Decisions, Instead, Options};
use super::subject::Uncertain;
use crate::aggregate::LARGEST_SUM;
use crate::engine::{Case, RunError, Threads, blocks, on_some_paths};
use crate::lanes::LANES;
use crate::model::{Inputs, Outcome, Outcomes};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::scenario::keys::Key;

/// Blocks that are simulated before what they gave is put in its place.
const BLOCKS: usize = 32;

/// Something that is drawn: its name, and where it is found.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) name: String,
    pub(super) unit: &'static str,
    /// The first option in which it is uncertain.
    option: usize,
    /// What it is in that option's plan.
    pub(super) uncertain: Uncertain,
    /// Whether every value is a share.
    pub(super) is_share: bool,
}

impl Drawn {
    /// All inputs and events that are uncertain in any of the plans, each once. Who knows the shocks?
    pub(super) fn all<'p>(plans: impl Iterator<Item = (&'p Plan, &'p Scenario)>) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        for (option, (plan, scenario)) in plans.enumerate() {
            let inputs = plan.draws.varied().map(|(column, name)| Self {
                name: name.to_owned(),
                unit: scenario.unit_of_column(column),
                option,
                uncertain: Uncertain::Input(column),
                is_share: plan.draws.quantile(column, 0.0) >= 0.0 && plan.draws.quantile(column, 1.0) <= 1.0,
            });
            let events = plan.draws.event_names().enumerate().map(|(i, name)| Self {
                name: name.to_owned(),
                unit: "month",
                option,
                uncertain: Uncertain::Event(i),
                is_share: false,
            });
            for drawn in inputs.chain(events).collect::<Vec<_>>() {
                if out.iter().all(|other| other.name != drawn.name) {
                    out.push(drawn);
                }
            }
        }
        out
    }
}

/// What was drawn, and what each option earns.
pub(super) struct Futures {
    /// By what is uncertain, by path.
    pub(super) drawn: Vec<Vec<f64>>,
    /// By option, the alternative last, by path.
    pub(super) npv: Vec<Vec<f64>>,
}

impl Futures {
    fn new(drawn: usize, options: usize, paths: usize) -> Self {
        let columns = |count: usize| (0..count).map(|_| Vec::with_capacity(paths)).collect();
        Self { drawn: columns(drawn), npv: columns(options) }
    }

    fn extend(&mut self, more: &Self) {
        let all = self.drawn.iter_mut().chain(&mut self.npv);
        all.zip(more.drawn.iter().chain(&more.npv)).for_each(|(all, more)| all.extend_from_slice(more));
    }
}

impl Decisions {
    /// Simulates every option on the same paths.
    pub(super) fn futures(&self, threads: &Threads<'_>) -> Result<Futures, AnalysisError> {
        let mut futures = match self.options() {
            Options::Values(sweep) => sweep.on_cases(0..sweep.points(), |cases| self.on_cases(cases.to_vec(), threads)),
            Options::Scenarios(plans) => self.on_cases(plans.iter().map(Case::of).collect(), threads),
        }?;
        let named = self.named();
        for (option, npv) in futures.npv.iter().enumerate() {
            if let Some(path) = npv.iter().position(|x| !(x.abs() <= LARGEST_SUM)) {
                let at = named.get(option).map_or_else(String::new, |named| named.0.clone());
                return Err(AnalysisError::RunAt { at, error: RunError::Overflow(path as u64) });
            }
        }
        match self.instead {
            Some(Instead::Nothing) => futures.npv.push(vec![0.0; self.paths as usize]),
            Some(Instead::Stop) => {
                // What the first option earns above what it would without an investment.
                let unspent = futures.npv.pop().unwrap_or_default();
                futures.npv.push(futures.npv[0].iter().zip(&unspent).map(|(npv, free)| npv - free).collect());
            }
            None => {}
        }
        Ok(futures)
    }

    fn on_cases<'c>(&'c self, mut cases: Vec<Case<'c>>, threads: &Threads<'_>) -> Result<Futures, AnalysisError> {
        if self.instead == Some(Instead::Stop) {
            let plan = self.first_plan();
            let free = plan.draws.column(Key::Investment.name()).map(|column| (column, 0.0));
            cases.push(Case::at(plan, free.into_iter().collect()));
        }
        let (options, total) = (cases.len(), self.paths);
        threads.options().expect(total * options as u64);
        let of_block = |some: Range<u64>| {
            let count = (some.end - some.start) as usize;
            let mut part = Futures::new(self.uncertain.len(), options, count.next_multiple_of(LANES));
            if threads.stop_if_cancelled().is_ok() {
                on_some_paths(&cases, total, some, threads.level(), |option, count, inputs, outcomes| {
                    self.keep(&mut part, option, count, inputs, outcomes);
                });
                threads.advance((count * options) as u64);
            }
            part
        };
        let mut all = Futures::new(self.uncertain.len(), options, total as usize);
        for some in blocks(0..total).chunks(BLOCKS) {
            let parts = threads.map(some.to_vec(), of_block);
            threads.stop_if_cancelled()?;
            for part in &parts {
                all.extend(part);
            }
        }
        Ok(all)
    }

    /// Keeps what was drawn on sixteen paths, and what an option earns there.
    fn keep(&self, part: &mut Futures, option: usize, count: usize, inputs: Inputs<'_>, outcomes: &Outcomes) {
        part.npv[option].extend_from_slice(&outcomes.get(Outcome::Npv).0[..count]);
        for (column, drawn) in part.drawn.iter_mut().zip(&self.uncertain).filter(|(_, drawn)| drawn.option == option) {
            let numbers = drawn.uncertain.drawn(inputs, self.plans()[option].setup.months);
            column.extend_from_slice(&numbers.0[..count]);
        }
    }
}
