//! What it would be worth to know more before a decision: everything, an input, several together, or what a study finds.
//!
//! All options are simulated on the same futures, drawn from the joint distribution of the inputs, and everything else is read from
//! these: `payoffs` says how, and why noise is not sold as value. A second way would be a simulation inside the simulation, with
//! conditional draws of the copula for each value of an input; it would have to be done for each input and each study anew, and the
//! largest of the inner means is biased upwards as long as they are noisy. The futures that are there serve all questions at once.
//!
//! The monthly noise is part of what nobody can know beforehand: it counts in what everything is worth, and has no line of its own.

use std::collections::BTreeSet;

use super::asked::{Cost, Questions, StudyOf};
use super::decision::{Choices, Decisions, Instead};
use super::futures::Futures;
use super::sizes::{Studied, studied};
use super::study::Study;
use super::subject::Uncertain;
use super::vary::{Axis, check_segment, key_of, unquoted};
use super::{AnalysisError, Payoffs, Stretch};
use crate::aggregate::Estimate;
use crate::engine::{Options, Threads};
use crate::plan::{Factor, Plan};
use crate::sampler::Sampling;
use crate::scenario::keys::Takes;
use crate::scenario::{Problem, Scenario, changed_month};

/// A decision whose options have all passed every check.
///
/// ```
/// use breakeven::{analysis::{Choices, Instead, Questions, Voi}, engine::Options, sampler::Sampling, scenario};
///
/// // Between nobody and 2,000 people, all equally likely, join in the one month there is and pay $1. To begin costs $1,000.
/// let file = scenario::SourceFile {
///     path: "begin.toml".to_owned(),
///     text: "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n\
///            [market]\nactive_users = { uniform = { min = 0, max = 2000 } }\nrefusal_rate = 0\n\
///            [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
///            [retention]\nmonthly_churn = 0\n[price]\nmonthly = 1\n[costs]\ninvestment = 1000"
///         .to_owned(),
/// };
/// let begin = scenario::parse("begin", file).unwrap();
/// let questions = Questions::default();
/// let sampling = Sampling::of_paths(1 << 14);
/// let voi = Voi::new(&begin, Choices::AsItIs, Some(Instead::Nothing), questions, sampling).unwrap();
/// let worth = voi.run(&Options::default()).unwrap();
/// // To begin earns between −$1,000 and $1,000, on average $0, as nothing does. Who knew the number would begin in the better half
/// // of cases, in which it earns $500 on average: that is worth $250.
/// assert!((worth.everything.value - 250.0).abs() < 1.0);
/// assert!((worth.known[0].value.value - 250.0).abs() < 1.0);
/// ```
#[derive(Clone, Debug)]
pub struct Voi {
    decisions: Decisions,
    questions: Questions,
    /// For each group that is to be known together: places among what is uncertain.
    groups: Vec<Vec<usize>>,
    /// For each study: the place of its input.
    studied: Vec<usize>,
}

/// What it would be worth to know more.
#[derive(Clone, Debug)]
pub struct Worth {
    /// Every option, in order; an alternative is the last.
    pub decisions: Vec<Decision>,
    /// The option with the highest mean.
    pub best: usize,
    /// The standard deviation of its NPV.
    pub sd: f64,
    /// What it would be worth to know everything beforehand, the monthly noise too (EVPI).
    pub everything: Estimate,
    /// … and to know each input alone, and then each group together (EVPPI).
    pub known: Vec<Known>,
    /// What studies would be worth (EVSI).
    pub studies: Vec<Studied>,
    /// The input that is most worth knowing, and which option is best where along it. None where no input is worth anything.
    pub along: Option<(Known, Vec<Stretch>)>,
}

/// One of the options.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// `price.monthly=5`, a scenario, `nothing`, `stop`.
    pub name: String,
    /// The values that are chosen.
    pub values: Vec<f64>,
    /// Mean NPV.
    pub mean: Estimate,
    /// How far it is behind the best, on the same futures.
    pub behind: Estimate,
    /// The share of the futures on which it earns the most.
    pub best_share: f64,
}

/// What one or several inputs are worth knowing.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The inputs.
    pub inputs: Vec<String>,
    /// The unit, of a single one.
    pub unit: &'static str,
    /// What knowing them is worth, in dollars.
    pub value: Estimate,
}

impl Voi {
    /// Checks that a decision can be looked at.
    ///
    /// # Errors
    /// Where there are no two options or more than 200, what is to be known or studied is not uncertain or is what is chosen, a survey
    /// is of what is no share, or there are too few or too many paths.
    pub fn new(
        scenario: &Scenario,
        choices: Choices,
        instead: Option<Instead>,
        questions: Questions,
        sampling: Sampling,
    ) -> Result<Self, AnalysisError> {
        let decisions = Decisions::new(scenario, choices, instead, sampling)?;
        let find = |name: &str| find(&decisions, scenario, name).map_err(AnalysisError::Asked);
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for names in &questions.know {
            let mut seen = BTreeSet::new();
            let mut group = names.iter().map(|name| find(name)).collect::<Result<Vec<usize>, _>>()?;
            group.retain(|place| seen.insert(*place));
            let same =
                |other: &Vec<usize>| other.len() == group.len() && other.iter().all(|place| group.contains(place));
            if group.len() > 1 && !groups.iter().any(same) {
                groups.push(group);
            }
        }
        let studied = questions.studies.iter().map(|of| find(&of.input)).collect::<Result<Vec<usize>, _>>()?;
        for (i, of) in questions.studies.iter().enumerate() {
            let same = |other: &StudyOf| other.input == of.input && other.study == of.study;
            if questions.studies[..i].iter().any(same) {
                let message = format!("the same study of `{}` twice: studies.csv has it at every size", of.input);
                return Err(AnalysisError::Asked(message));
            }
        }
        for (of, place) in questions.studies.iter().zip(&studied) {
            let drawn = &decisions.uncertain[*place];
            if matches!(drawn.uncertain, Uncertain::Event(_)) {
                let message = format!("`{}` cannot be studied: nobody can ask when it will happen", of.input);
                return Err(AnalysisError::Asked(message));
            }
            if of.study == Study::Survey && !drawn.is_share {
                let message = format!(
                    "`{}` is no share between 0 and 1, so no yes-or-no question finds it: `{}:sd=…` measures it",
                    of.input, of.input
                );
                return Err(AnalysisError::Asked(message));
            }
        }
        Ok(Self { decisions, questions, groups, studied })
    }

    /// The scenario, and those that are chosen between.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        &self.decisions.scenarios
    }

    /// The plan of the first option.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        self.decisions.first_plan()
    }

    /// Each scenario with its plan; of values that are chosen that of the first option.
    pub fn planned(&self) -> impl Iterator<Item = (&Scenario, &Plan)> {
        self.decisions.scenarios.iter().zip(self.decisions.plans())
    }

    /// The inputs whose values are chosen.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        self.decisions.axes()
    }

    /// The alternative.
    #[must_use]
    pub fn instead(&self) -> Option<Instead> {
        self.decisions.instead
    }

    /// What a study costs.
    #[must_use]
    pub fn cost(&self) -> Option<Cost> {
        self.questions.cost
    }

    /// Paths on which every option is simulated.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.decisions.paths
    }

    /// What should be known: correlations that are dropped because an input is chosen, above all.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        self.decisions.warnings()
    }

    /// Simulates every option and says what knowing more would be worth.
    ///
    /// # Errors
    /// Where it is interrupted, threads cannot be started, or money overflows.
    pub fn run(&self, options: &Options<'_>) -> Result<Worth, AnalysisError> {
        let threads = Threads::new(options)?;
        let Futures { drawn, npv } = self.decisions.futures(&threads)?;
        let payoffs = Payoffs::new(npv).map_err(AnalysisError::Asked)?;
        let uncertain = &self.decisions.uncertain;
        let all: Vec<usize> = (0..uncertain.len()).collect();
        let singly = threads.map(all, |i| {
            threads.stop_if_cancelled().ok()?;
            Some(payoffs.along(&drawn[i]).value())
        });
        let together = threads.map(self.groups.clone(), |group| {
            threads.stop_if_cancelled().ok()?;
            Some(payoffs.together(&group.iter().map(|i| &drawn[*i][..]).collect::<Vec<_>>()))
        });
        let asked: Vec<(&StudyOf, usize)> = self.questions.studies.iter().zip(self.studied.iter().copied()).collect();
        let studies = threads.map(asked, |(of, i)| {
            let along = payoffs.along(&drawn[i]);
            let worth = |n: u64| threads.stop_if_cancelled().ok().map(|()| along.study(of.study, n));
            studied(of, uncertain[i].unit, self.questions.cost, along.value().value, worth)
        });
        threads.stop_if_cancelled()?;
        let known = |places: &[usize], value: Estimate| Known {
            inputs: places.iter().map(|i| uncertain[*i].name.clone()).collect(),
            unit: if let [only] = places { uncertain[*only].unit } else { "" },
            value,
        };
        let single: Vec<Known> =
            singly.into_iter().flatten().enumerate().map(|(i, value)| known(&[i], value)).collect();
        let most = single.iter().enumerate().max_by(|a, b| a.1.value.value.total_cmp(&b.1.value.value));
        let most = most.filter(|(_, known)| known.value.value > 0.0);
        let along = most.map(|(i, known)| (known.clone(), payoffs.along(&drawn[i]).stretches()));
        let groups = self.groups.iter().zip(together.into_iter().flatten()).map(|(group, value)| known(group, value));
        Ok(Worth {
            decisions: self.decisions(&payoffs),
            best: payoffs.best(),
            sd: payoffs.spread(),
            everything: payoffs.everything(),
            known: single.iter().cloned().chain(groups).collect(),
            studies: studies.into_iter().flatten().collect(),
            along,
        })
    }

    fn decisions(&self, payoffs: &Payoffs) -> Vec<Decision> {
        let named = self.decisions.named().into_iter();
        let numbers = payoffs.means().iter().zip(payoffs.behind()).zip(payoffs.best_shares());
        let decision = |((name, values), ((mean, behind), best_share)): ((String, Vec<f64>), ((&Estimate, _), _))| {
            Decision { name, values, mean: *mean, behind, best_share }
        };
        named.zip(numbers).map(decision).collect()
    }
}

/// Where an input or event of that name stands among what is uncertain.
fn find(decisions: &Decisions, scenario: &Scenario, name: &str) -> Result<usize, String> {
    let plain = unquoted(name.trim());
    if let Some(place) = decisions.uncertain.iter().position(|drawn| unquoted(&drawn.name) == plain) {
        return Ok(place);
    }
    if plain == Factor::SHOCKS {
        return Err(
            "`shocks` cannot be known beforehand: the monthly noise counts only in what everything is worth".to_owned()
        );
    }
    if plain.starts_with("events.") {
        let known: Vec<&str> =
            decisions.uncertain.iter().map(|d| d.name.as_str()).filter(|name| name.starts_with("events.")).collect();
        let has = if known.is_empty() { "no events".to_owned() } else { format!("the events {}", known.join(", ")) };
        return Err(format!("`{plain}` is no event of `{}`, which has {has}", scenario.name()));
    }
    if decisions.axes().iter().any(|axis| axis.inputs.iter().any(|input| unquoted(input) == plain)) {
        return Err(format!("`{plain}` is what is chosen: it is known without asking"));
    }
    if let Some(instead) = scenario.acting_instead(&plain) {
        return Err(format!(
            "`{plain}` acts nowhere, since every segment has its own: name one of {}",
            instead.join(", ")
        ));
    }
    let key = key_of(&plain)?;
    check_segment(scenario, &plain)?;
    if changed_month(&plain).is_some() || key.spec().takes != Takes::Input {
        return Err(format!("`{plain}` is a number in this scenario: there is nothing to find out"));
    }
    Err(format!("`{plain}` is a number in every option: give it a distribution, and it is worth something to know it"))
}
