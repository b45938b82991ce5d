//! Between what one may choose, and what each option earns on the same futures.

use std::ops::Range;

use super::sweep::{Sweep, check_paths, place_of};
use super::vary::Axis;
use super::{AnalysisError, FEWEST_TO_CHOOSE};
use crate::engine::{Case, PATHS_PER_BLOCK, RunError, Threads, on_some_paths};
use crate::lanes::{LANES, Lanes};
use crate::model::{Inputs, Outcome, Outcomes};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::keys::Key;
use crate::scenario::{Problem, Scenario};
use crate::words;

/// What says the values, in messages.
pub(super) const CHOOSE: &str = "--choose";
/// The most options.
const MOST_OPTIONS: usize = 200;
/// So many numbers of paths are kept at most: 1 GiB.
const MOST_NUMBERS: u64 = 1 << 27;
/// Blocks that are simulated before what they gave is put in its place.
const BLOCKS: usize = 32;
/// A sum of money beyond this is a mistake of units.
const LARGEST: f64 = 1e15;

/// Between what is chosen.
#[derive(Clone, Debug)]
pub enum Choices {
    /// Nothing but the scenario as it is, against an alternative.
    AsItIs,
    /// Values of one or two inputs, every pair of them.
    Values(Vec<Axis>),
    /// The scenario and these.
    Scenarios(Vec<Scenario>),
}

/// An alternative to all options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Not to begin: nothing is spent, and nothing earned.
    Nothing,
    /// To stop: the investment of the first option is spent all the same.
    Stop,
}

impl Instead {
    /// Its name: `nothing`, `stop`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Stop => "stop",
        }
    }
}

/// Options that can all be simulated.
#[derive(Clone, Debug)]
pub(super) struct Decisions {
    options: Options,
    pub(super) instead: Option<Instead>,
    pub(super) scenarios: Vec<Scenario>,
    /// What is uncertain in any of them.
    pub(super) uncertain: Vec<Drawn>,
    pub(super) paths: u64,
}

#[derive(Clone, Debug)]
enum Options {
    Values(Box<Sweep>),
    Scenarios(Vec<Plan>),
}

/// Something that is drawn: its name, and where it is found.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) name: String,
    pub(super) unit: &'static str,
    /// The first option in which it is uncertain.
    option: usize,
    place: Place,
    /// Whether every value is a share.
    pub(super) is_share: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Input(usize),
    Event(usize),
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
    /// # Errors
    /// Where there are no two options or more than 200, one has no plan, or there are too few or too many paths.
    pub(super) fn new(
        scenario: &Scenario,
        choices: Choices,
        instead: Option<Instead>,
        sampling: Sampling,
    ) -> Result<Self, AnalysisError> {
        let asked = |message: String| Err(AnalysisError::Asked(message));
        let count = match &choices {
            Choices::AsItIs => 1,
            Choices::Values(axes) => axes.iter().map(|axis| axis.values.len()).product(),
            Choices::Scenarios(others) => others.len() + 1,
        } + usize::from(instead.is_some());
        if count < 2 {
            return asked(
                "there is one option, so nothing is worth knowing: give --choose more values, or add --or-nothing"
                    .to_owned(),
            );
        }
        if count > MOST_OPTIONS {
            return asked(format!("{} options: at most {MOST_OPTIONS}, take larger steps", words::count(count as u64)));
        }
        let paths = sampling.paths;
        check_paths(paths)?;
        if paths < FEWEST_TO_CHOOSE {
            return asked(format!(
                "{}: the value of information takes at least {}",
                words::paths(paths),
                words::count(FEWEST_TO_CHOOSE)
            ));
        }
        let is_investment = |axis: &Axis| axis.key == Key::Investment;
        if let (Some(Instead::Stop), Choices::Values(axes)) = (instead, &choices)
            && axes.iter().any(is_investment)
        {
            return asked(
                "--or-stop needs an investment that is spent already: it cannot be what is chosen".to_owned(),
            );
        }
        let mut scenarios = vec![scenario.clone()];
        let options = match choices {
            Choices::Values(axes) => Options::Values(Box::new(Sweep::said_by(CHOOSE, scenario, axes, sampling)?)),
            Choices::AsItIs => Options::Scenarios(vec![Plan::new(scenario, sampling.sampler, sampling.seed)?]),
            Choices::Scenarios(others) => {
                let mut plans = vec![Plan::new(scenario, sampling.sampler, sampling.seed)?];
                for other in others {
                    if scenarios.iter().any(|one| one.name() == other.name()) {
                        return asked(format!("`{}` stands twice among the options: once is enough", other.name()));
                    }
                    plans.push(plans[0].beside(&other)?);
                    scenarios.push(other);
                }
                let taken = |one: &&Scenario| instead.is_some_and(|instead| one.name() == instead.name());
                if let Some(taken) = scenarios.iter().find(taken) {
                    return asked(format!(
                        "a scenario called `{}` is taken for the alternative: rename its file",
                        taken.name()
                    ));
                }
                Options::Scenarios(plans)
            }
        };
        let mut decisions = Self { options, instead, scenarios, uncertain: Vec::new(), paths };
        decisions.uncertain = decisions.all_drawn();
        let numbers = (count + 1 + decisions.uncertain.len()) as u64;
        if numbers * paths > MOST_NUMBERS {
            let most = words::count(MOST_NUMBERS / numbers);
            return asked(format!(
                "{}: at most {most} of so many options, since what each earns is kept of every path",
                words::paths(paths)
            ));
        }
        Ok(decisions)
    }

    pub(super) fn plans(&self) -> &[Plan] {
        match &self.options {
            Options::Values(sweep) => std::slice::from_ref(sweep.first_plan()),
            Options::Scenarios(plans) => plans,
        }
    }

    pub(super) fn first_plan(&self) -> &Plan {
        &self.plans()[0]
    }

    /// The inputs whose values are chosen.
    pub(super) fn axes(&self) -> &[Axis] {
        match &self.options {
            Options::Values(sweep) => sweep.axes(),
            Options::Scenarios(_) => &[],
        }
    }

    pub(super) fn warnings(&self) -> &[Problem] {
        match &self.options {
            Options::Values(sweep) => sweep.warnings(),
            Options::Scenarios(_) => &[],
        }
    }

    /// What each option is called, and its values where these are chosen.
    pub(super) fn named(&self) -> Vec<(String, Vec<f64>)> {
        let mut out: Vec<(String, Vec<f64>)> = match &self.options {
            Options::Values(sweep) => {
                let axes = sweep.axes();
                let value = |(axis, at): (&Axis, &usize)| axis.values[*at].clone();
                let named = |i: usize| {
                    let place = place_of(axes, i);
                    let values: Vec<_> = axes.iter().zip(&place).map(value).collect();
                    let written = axes.iter().zip(&values).map(|(axis, x)| format!("{}={}", axis.input(), x.written));
                    (written.collect::<Vec<_>>().join(" "), values.iter().map(|x| x.number).collect())
                };
                (0..sweep.points()).map(named).collect()
            }
            Options::Scenarios(_) => self.scenarios.iter().map(|one| (one.name().to_owned(), Vec::new())).collect(),
        };
        out.extend(self.instead.map(|instead| (instead.name().to_owned(), Vec::new())));
        out
    }

    fn all_drawn(&self) -> Vec<Drawn> {
        let mut out: Vec<Drawn> = Vec::new();
        for (option, (plan, scenario)) in self.plans().iter().zip(&self.scenarios).enumerate() {
            let inputs = plan.draws.varied().map(|(column, name)| Drawn {
                name: name.to_owned(),
                unit: scenario.unit_of_column(column),
                option,
                place: Place::Input(column),
                is_share: plan.draws.quantile(column, 0.0) >= 0.0 && plan.draws.quantile(column, 1.0) <= 1.0,
            });
            let events = plan.draws.event_names().enumerate().map(|(i, name)| Drawn {
                name: name.to_owned(),
                unit: "month",
                option,
                place: Place::Event(i),
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

    /// Simulates every option on the same paths.
    pub(super) fn futures(&self, threads: &Threads<'_>) -> Result<Futures, AnalysisError> {
        let mut futures = match &self.options {
            Options::Values(sweep) => sweep.on_cases(0..sweep.points(), |cases| self.on_cases(cases.to_vec(), threads)),
            Options::Scenarios(plans) => self.on_cases(plans.iter().map(Case::of).collect(), threads),
        }?;
        let named = self.named();
        for (option, npv) in futures.npv.iter().enumerate() {
            if let Some(path) = npv.iter().position(|x| !(x.abs() <= LARGEST)) {
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
        let blocks: Vec<Range<u64>> = (0..total)
            .step_by(PATHS_PER_BLOCK as usize)
            .map(|first| first..total.min(first + PATHS_PER_BLOCK))
            .collect();
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
        for some in blocks.chunks(BLOCKS) {
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
            let numbers = match drawn.place {
                Place::Input(i) => inputs.columns[i],
                // What starts after the horizon never does.
                Place::Event(i) => {
                    let (start, months) = (inputs.event_starts[i], self.plans()[option].setup.months);
                    start.le(Lanes::splat(months as f64)).select(start, Lanes::splat(f64::INFINITY))
                }
            };
            column.extend_from_slice(&numbers.0[..count]);
        }
    }
}
