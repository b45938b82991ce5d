//! Between what one may choose: the options of a decision, checked and named.

use super::futures::Drawn;
use super::sweep::{Sweep, check_paths, place_of};
use super::vary::Axis;
use super::{AnalysisError, FEWEST_TO_CHOOSE};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::keys::Key;
use crate::scenario::{Problem, Scenario};
use crate::words;

/// What says the values, in messages.
const CHOOSE: &str = "--choose";
/// The most options.
const MOST_OPTIONS: usize = 200;
/// So many numbers of paths are kept at most: 1 GiB.
const MOST_NUMBERS: u64 = 1 << 27;

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

/// How the options are simulated.
#[derive(Clone, Debug)]
pub(super) enum Options {
    /// A point of a sweep each.
    Values(Box<Sweep>),
    /// A plan each.
    Scenarios(Vec<Plan>),
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
        let paths = scenario.paths_of(sampling.paths);
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
            Choices::Values(axes) => Options::Values(Box::new(Sweep::asked_by(CHOOSE, scenario, axes, sampling)?)),
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
        decisions.uncertain = Drawn::all(decisions.plans().iter().zip(&decisions.scenarios));
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

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// The plan of each scenario; of values that are chosen that of the first.
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
}
