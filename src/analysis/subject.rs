//! What is asked of a scenario: which numbers, of which everything uncertain is an input; and paths with both.

use std::ops::Range;

use super::AnalysisError;
use super::sample::{FEWEST_TO_COMPARE, Parts, Sample};
use crate::aggregate::{CaseSummary, QUESTIONS, answers};
use crate::engine::{Case, PATHS_PER_BLOCK, Threads, blocks, check_paths, on_some_paths};
use crate::lanes::Lanes;
use crate::model::{Inputs, OUTCOMES, OutcomeKind, Outcomes};
use crate::plan::{Factor, Plan};
use crate::sampler::Sampling;
use crate::scenario::Scenario;
use crate::words;

/// What is asked about: the mean of an outcome, or the probability of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    /// Its name.
    pub name: &'static str,
    /// Whether it is an event.
    pub is_probability: bool,
    /// Its unit: `share` of an event.
    pub unit: &'static str,
    pub(super) at: usize,
}

impl Of {
    /// What is asked about where nothing is named: NPV and payback.
    #[must_use]
    pub fn default_pair() -> Vec<Self> {
        ["npv", "payback"].iter().filter_map(|name| name.parse().ok()).collect()
    }
}

/// Paths that are simulated at most for a rare event, where nothing else is asked.
pub const DEFAULT_MAX_PATHS: u64 = 1 << 20;

impl std::str::FromStr for Of {
    type Err = String;

    /// `npv`, `payback`.
    ///
    /// ```
    /// use breakeven::analysis::Of;
    /// assert!("payback".parse::<Of>()?.is_probability);
    /// assert!("payback_month".parse::<Of>().is_err(), "a month that may never come has no mean");
    /// # Ok::<(), String>(())
    /// ```
    fn from_str(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if let Some((at, question)) = QUESTIONS.iter().enumerate().find(|(_, question)| question.1 == name) {
            return Ok(Self { name: question.1, is_probability: true, unit: "share", at });
        }
        match OUTCOMES.iter().enumerate().find(|(_, outcome)| outcome.name == name) {
            Some((at, outcome)) if outcome.kind == OutcomeKind::Finite => {
                Ok(Self { name: outcome.name, is_probability: false, unit: outcome.unit, at })
            }
            Some((_, outcome)) => {
                Err(format!("{}: ask about an event, such as payback, or about npv", outcome.has_no_mean()))
            }
            None => {
                let events: Vec<_> = CaseSummary::questions().collect();
                let finite = OUTCOMES.iter().filter(|outcome| outcome.kind == OutcomeKind::Finite);
                let outcomes: Vec<_> = finite.map(|outcome| outcome.name).collect();
                Err(words::no_such_figure(name, &events, &outcomes))
            }
        }
    }
}

/// Something uncertain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Uncertain {
    /// An input, by its column.
    Input(usize),
    /// An event, by its place.
    Event(usize),
    /// The monthly shocks.
    Shocks,
}

impl Uncertain {
    /// Its number on sixteen paths; the shocks have none.
    pub(super) fn drawn(self, inputs: Inputs<'_>, months: usize) -> Lanes {
        match self {
            Self::Input(column) => inputs.columns[column],
            // What starts after the horizon never does.
            Self::Event(i) => {
                let start = inputs.event_starts[i];
                start.le(Lanes::splat(months as f64)).select(start, Lanes::splat(f64::INFINITY))
            }
            Self::Shocks => Lanes::ZERO,
        }
    }
}

/// Numbers that are asked about, and what is uncertain in the scenario.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) scenario: Scenario,
    pub(super) plan: Plan,
    pub(super) of: Vec<Of>,
    /// What is uncertain, with its name.
    pub(super) uncertain: Vec<(String, Uncertain)>,
    pub(super) paths: u64,
    /// So many paths may be simulated for a rare event.
    pub(super) most_paths: u64,
}

impl Subject {
    /// # Errors
    /// Where nothing is uncertain, there are too many paths, or the scenario has no plan.
    pub(super) fn new(
        scenario: &Scenario,
        of: Vec<Of>,
        sampling: Sampling,
        most_paths: u64,
    ) -> Result<Self, AnalysisError> {
        let Sampling { paths, seed, sampler } = sampling;
        check_paths(paths)?;
        let (paths, most_paths) = (scenario.paths_of(paths), scenario.paths_of(most_paths));
        if paths > super::MOST_PATHS {
            let message = format!("{paths} paths: at most {} are kept here", super::MOST_PATHS);
            return Err(AnalysisError::Asked(message));
        }
        let plan = Plan::new(scenario, sampler, seed)?;
        let inputs = plan.draws.varied().map(|(column, name)| (name.to_owned(), Uncertain::Input(column)));
        let events = plan.draws.event_names().enumerate().map(|(i, name)| (name.to_owned(), Uncertain::Event(i)));
        let shocks = (!plan.shocks.is_quiet()).then(|| (Factor::SHOCKS.to_owned(), Uncertain::Shocks));
        let uncertain: Vec<_> = inputs.chain(events).chain(shocks).collect();
        if uncertain.is_empty() {
            let message = format!(
                "nothing is uncertain in `{}`: every input is a number, so nothing drives the answer but the numbers \
                 themselves; `solve` and `sweep` change one",
                scenario.name()
            );
            return Err(AnalysisError::Asked(message));
        }
        Ok(Self { scenario: scenario.clone(), plan, of, uncertain, paths, most_paths })
    }

    pub(super) fn unit(&self, uncertain: Uncertain) -> &'static str {
        match uncertain {
            Uncertain::Input(column) => self.scenario.unit_of_column(column),
            Uncertain::Event(_) => "month",
            Uncertain::Shocks => "",
        }
    }

    /// What is drawn and what comes out on some paths, the first of which is a multiple of a batch.
    pub(super) fn sample(&self, paths: Range<u64>, threads: &Threads<'_>) -> Result<Sample, AnalysisError> {
        let total = self.paths;
        let of_block = |some: Range<u64>| {
            let mut sample = self.empty_sample(some.start);
            if threads.stop_if_cancelled().is_ok() {
                let count = some.end - some.start;
                on_some_paths(&[Case::of(&self.plan)], total, some, threads.level(), |_, count, inputs, outcomes| {
                    sample.add(count, self.drawn(inputs), self.numbers(outcomes));
                });
                threads.advance(count);
            }
            sample
        };
        let parts = threads.map(blocks(paths.clone()), of_block);
        threads.stop_if_cancelled()?;
        let mut all = self.empty_sample(paths.start);
        for part in parts {
            all.extend(part);
        }
        Ok(all)
    }

    fn empty_sample(&self, first_path: u64) -> Sample {
        let parts = |uncertain: &(String, Uncertain)| match uncertain.1 {
            Uncertain::Input(column) => Parts::of(|p| self.plan.draws.quantile(column, p)),
            Uncertain::Event(_) => Parts::Event,
            Uncertain::Shocks => Parts::None,
        };
        Sample::new(first_path, self.uncertain.iter().map(parts).collect(), self.of.len())
    }

    /// The numbers behind sixteen paths.
    fn drawn<'i>(&'i self, inputs: Inputs<'i>) -> impl Iterator<Item = Lanes> + 'i {
        let months = self.plan.setup.months;
        self.uncertain.iter().map(move |(_, uncertain)| uncertain.drawn(inputs, months))
    }

    /// What is asked about on sixteen paths.
    pub(super) fn numbers(&self, outcomes: &Outcomes) -> Vec<Lanes> {
        let target = self.plan.setup.target;
        let answers = self.of.iter().any(|of| of.is_probability).then(|| answers(outcomes, target));
        let number = |of: &Of| match &answers {
            Some(answers) if of.is_probability => answers[of.at],
            _ => outcomes.0[of.at],
        };
        self.of.iter().map(number).collect()
    }

    /// Whether an event has happened, and not happened, on enough paths, or there can be no more: points of a Latin hypercube are as
    /// many as were asked for.
    pub(super) fn is_enough(&self, happens: [u64; 2]) -> bool {
        self.plan.sampler.depends_on_paths() || happens.iter().min() >= Some(&FEWEST_TO_COMPARE)
    }

    /// Hands on further paths after the first ones, until an event has happened, and not happened, on enough of them in all.
    /// `happens` is how often it did so far.
    pub(super) fn until_enough(
        &self,
        of: usize,
        mut happens: [u64; 2],
        threads: &Threads<'_>,
        mut more: impl FnMut(Sample),
    ) -> Result<[u64; 2], AnalysisError> {
        let mut next = self.paths.next_multiple_of(PATHS_PER_BLOCK);
        while !self.is_enough(happens) && next < self.most_paths {
            let until = (next + 16 * PATHS_PER_BLOCK).min(self.most_paths);
            let sample = self.sample(next..until, threads)?;
            for (all, more) in happens.iter_mut().zip(sample.happens(of)) {
                *all += more;
            }
            more(sample);
            next = until;
        }
        Ok(happens)
    }
}
