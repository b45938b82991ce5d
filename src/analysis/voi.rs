//! What it would be worth to know more before a decision: everything, an input, several together, or what a study finds.
//!
//! All options are simulated on the same futures, drawn from the joint distribution of the inputs, and everything else is read from
//! these: `payoffs` says how, and why noise is not sold as value. A second way would be a simulation inside the simulation, with
//! conditional draws of the copula for each value of an input; it would have to be done for each input and each study anew, and the
//! largest of the inner means is biased upwards as long as they are noisy. The futures that are there serve all questions at once.
//!
//! The monthly noise is part of what nobody can know beforehand: it counts in what everything is worth, and has no line of its own.

use std::collections::BTreeSet;

use super::decision::{Choices, Decisions, Futures, Instead};
use super::payoffs::at_least_nothing;
use super::study::{LARGEST_STUDY, Study};
use super::vary::{Axis, check_segment, key_of, unquoted};
use super::{AnalysisError, Payoffs, Stretch};
use crate::aggregate::Estimate;
use crate::engine::{Options, Threads};
use crate::plan::{Factor, Plan};
use crate::sampler::Sampling;
use crate::scenario::keys::Takes;
use crate::scenario::{Problem, Scenario, changed_month};
use crate::words;

/// What is asked beyond the value of everything and of each input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    /// Inputs to be known together.
    pub know: Vec<Vec<String>>,
    /// Studies of an input.
    pub studies: Vec<StudyOf>,
    /// What a study costs.
    pub cost: Option<Cost>,
}

/// A study of an input, of a size.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyOf {
    /// The input.
    pub input: String,
    /// How it is studied.
    pub study: Study,
    /// People who are asked, or measurements.
    pub n: u64,
}

impl std::str::FromStr for StudyOf {
    type Err = String;

    /// `KEY:n=1000` asks a thousand people a yes-or-no question; `KEY:sd=0.01` measures once with a normal error,
    /// `KEY:sd=0.1:n=25` twenty-five times.
    ///
    /// ```
    /// use breakeven::analysis::{Study, StudyOf};
    /// let survey: StudyOf = "market.refusal_rate:n=1000".parse()?;
    /// assert_eq!((survey.input.as_str(), survey.study, survey.n), ("market.refusal_rate", Study::Survey, 1000));
    /// assert!("market.refusal_rate:n=0".parse::<StudyOf>().is_err());
    /// # Ok::<(), String>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        const FORMS: &str = "expected KEY:n=PEOPLE, such as market.refusal_rate:n=1000, or KEY:sd=ERROR, such as retention.monthly_churn:sd=0.01";
        let (mut rest, mut n, mut sd) = (text.trim(), None, None);
        while let Some((before, part)) = rest.rsplit_once(':') {
            let (name, value) =
                part.split_once('=').ok_or_else(|| format!("`{part}` is no part of a study: {FORMS}"))?;
            let slot = match name.trim() {
                "n" => &mut n,
                "sd" => &mut sd,
                other => return Err(format!("`{other}` is no part of a study: {FORMS}")),
            };
            if slot.replace(super::vary::plain_number(value)?).is_some() {
                return Err(format!("`{}` stands twice in `{text}`", name.trim()));
            }
            rest = before;
        }
        if rest.is_empty() || (n.is_none() && sd.is_none()) {
            return Err(format!("`{text}` is no study: {FORMS}"));
        }
        // That an event cannot be studied is said where its scenario is known.
        if !rest.starts_with("events.") {
            key_of(rest)?;
        }
        let study = match sd {
            None => Study::Survey,
            Some(sd) if sd > 0.0 => Study::Measurement { sd },
            Some(sd) => return Err(format!("sd={sd}: a measurement without an error is no study; it must be above 0")),
        };
        let n = n.unwrap_or(1.0);
        if !(n >= 1.0 && n <= LARGEST_STUDY as f64 && n.fract() == 0.0) {
            let n = words::number_text(n);
            return Err(format!(
                "n={n} is no size of a study: accepted is a whole number from 1 to {}",
                words::count(LARGEST_STUDY)
            ));
        }
        Ok(Self { input: rest.to_owned(), study, n: n as u64 })
    }
}

/// What a study costs: something fixed, and something for each of `n`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// In dollars.
    pub fixed: f64,
    /// In dollars for each person or measurement.
    pub per: f64,
}

impl Cost {
    /// Of a study of size `n`, in dollars.
    #[must_use]
    pub fn of(&self, n: u64) -> f64 {
        self.fixed + self.per * n as f64
    }
}

impl std::str::FromStr for Cost {
    type Err = String;

    /// `FIXED,PER`: `20000,12`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (fixed, per) = text.split_once(',').ok_or("expected FIXED,PER in dollars, such as 20000,12")?;
        let amount = |text: &str| match super::vary::plain_number(text)? {
            x if x < 0.0 => Err(format!("{}: a cost is not below 0", text.trim())),
            x => Ok(x),
        };
        Ok(Self { fixed: amount(fixed)?, per: amount(per)? })
    }
}

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

/// What a study is worth by its size.
#[derive(Clone, Debug, PartialEq)]
pub struct Studied {
    /// The study as it was asked about.
    pub of: StudyOf,
    /// The unit of its input.
    pub unit: &'static str,
    /// What it is worth at some sizes, rising; the one asked about is among them.
    pub sizes: Vec<(u64, Estimate)>,
    /// With a cost: the size at which worth less cost is largest, to two digits. None where it does not pay at any size.
    pub best: Option<u64>,
    /// With a cost: the largest size at which the study still pays, to two digits; none where it does not pay at any size.
    pub pays_up_to: Option<u64>,
}

impl Studied {
    /// What it is worth at a size that was looked at.
    #[must_use]
    pub fn at(&self, n: u64) -> Option<Estimate> {
        self.sizes.iter().find(|size| size.0 == n).map(|size| size.1)
    }
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
            if drawn.unit == "month" {
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
            let together = payoffs.together(&group.iter().map(|i| &drawn[*i][..]).collect::<Vec<_>>());
            // A policy for one of them is one for all: where it earns more, the common fit was too coarse.
            let alone = group.iter().filter_map(|i| singly[*i]);
            Some(alone.fold(together, |best, alone| if is_above(&alone, &best) { alone } else { best }))
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

/// Whether an estimate is above another by more than their errors.
fn is_above(a: &Estimate, b: &Estimate) -> bool {
    a.value - b.value > 2.0 * libm::hypot(a.se.unwrap_or(0.0), b.se.unwrap_or(0.0))
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

/// What a study is worth at many sizes, and at which it pays, where `known` is what the input itself is worth. None where it is
/// interrupted.
fn studied(
    of: &StudyOf,
    unit: &'static str,
    cost: Option<Cost>,
    known: f64,
    worth: impl Fn(u64) -> Option<Estimate>,
) -> Option<Studied> {
    let most = match of.study {
        Study::Survey => 100_000,
        Study::Measurement { .. } => 1000,
    };
    let most = most.max(of.n.saturating_mul(10)).min(LARGEST_STUDY);
    let mut sizes: Vec<(u64, Estimate)> = Vec::new();
    for n in rungs(1, most).chain([of.n, most]) {
        sizes.push((n, worth(n)?));
    }
    let mut studied = Studied { of: of.clone(), unit, sizes, best: None, pays_up_to: None };
    if let Some(cost) = cost {
        let net = |size: &(u64, Estimate)| size.1.value - cost.of(size.0);
        // On until it pays no more, or forever where more people cost nothing.
        let mut last = most;
        while last < LARGEST_STUDY && studied.sizes.iter().filter(|size| size.0 == last).any(|size| net(size) > 0.0) {
            let next = last.saturating_mul(10).min(LARGEST_STUDY);
            for n in rungs(last + 1, next).chain([next]) {
                studied.sizes.push((n, worth(n)?));
            }
            last = next;
        }
        studied.sort();
        // Twice closer around the best, to the digits that are said.
        for steps in [8.0, 40.0] {
            let best = studied.sizes.iter().max_by(|a, b| net(a).total_cmp(&net(b)))?.0;
            for k in -6..=6 {
                let n = two_digits(best as f64 * libm::pow(10.0, f64::from(k) / steps));
                if (1..=LARGEST_STUDY).contains(&n) && studied.at(n).is_none() {
                    studied.sizes.push((n, worth(n)?));
                }
            }
        }
        studied.settle(known);
        // The smallest of several that are as good.
        let best = *studied.sizes.iter().rev().max_by(|a, b| net(a).total_cmp(&net(b)))?;
        if net(&best) > 0.0 {
            studied.best = Some(best.0);
            let last = *studied.sizes.iter().rev().find(|size| size.0 >= best.0 && net(size) > 0.0)?;
            let next = studied.sizes.iter().find(|size| size.0 > last.0).copied();
            let mut ends = (last.0, next.map_or(last.0, |next| next.0));
            while let Some(middle) = Some(two_digits(libm::sqrt(ends.0 as f64 * ends.1 as f64)))
                .filter(|middle| (ends.0 + 1..ends.1).contains(middle))
            {
                let value = worth(middle)?;
                studied.sizes.push((middle, value));
                if value.value.min(known) > cost.of(middle) { ends.0 = middle } else { ends.1 = middle }
            }
            studied.pays_up_to = Some(ends.0);
        }
    }
    studied.settle(known);
    Some(studied)
}

impl Studied {
    fn sort(&mut self) {
        self.sizes.sort_by_key(|size| size.0);
        self.sizes.dedup_by_key(|size| size.0);
    }

    /// Sorts the sizes. A larger study is worth no less, and none more than the input itself: where the simulation's noise says
    /// otherwise, neighbours take their mean.
    fn settle(&mut self, known: f64) {
        self.sort();
        // Sums of neighbours that take their mean, and how many they are.
        let mut pools: Vec<(f64, usize)> = Vec::new();
        for (_, worth) in &self.sizes {
            pools.push((worth.value, 1));
            while let [.., before, last] = pools.as_mut_slice()
                && before.0 / before.1 as f64 > last.0 / last.1 as f64
            {
                *before = (before.0 + last.0, before.1 + last.1);
                pools.pop();
            }
        }
        let settled = pools.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count));
        for ((_, worth), value) in self.sizes.iter_mut().zip(settled) {
            let value = value.min(known);
            *worth = worth.se.map_or(Estimate::exact(value), |se| at_least_nothing(Estimate::of_replicates(value, se)));
        }
    }
}

/// 1, 2, 3, 5, 7, 10, 14, 20, … within two bounds.
fn rungs(least: u64, most: u64) -> impl Iterator<Item = u64> {
    let decade = |power: u32| [10, 14, 20, 30, 50, 70].map(|k| k * 10_u64.pow(power));
    [1, 2, 3, 5, 7].into_iter().chain((0..9).flat_map(decade)).filter(move |n| (least..=most).contains(n))
}

/// A size to two digits.
fn two_digits(x: f64) -> u64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(x.max(1.0))) - 1.0).max(1.0);
    ((x / power).round() * power) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(cost: Option<Cost>, worth: impl Fn(u64) -> f64) -> Studied {
        let of = StudyOf { input: "market.refusal_rate".to_owned(), study: Study::Survey, n: 1000 };
        studied(&of, "share", cost, 1000.0, |n| Some(Estimate::exact(worth(n)))).unwrap()
    }

    #[test]
    fn the_best_size_and_the_last_that_pays_are_found() {
        // Worth 1000 · n / (n + 100), at a cost of 100 + n: best where 1e5 / (n + 100)² = 1, at n = 216. It pays as long as
        // 1000 n > (100 + n)², up to n = 787.
        let worth = |n: u64| 1000.0 * n as f64 / (n as f64 + 100.0);
        let found = study(Some(Cost { fixed: 100.0, per: 1.0 }), worth);
        let (best, last) = (found.best.unwrap(), found.pays_up_to.unwrap());
        assert!((200..=230).contains(&best), "{best}");
        assert!((780..=790).contains(&last), "{last}");
        assert!(found.sizes.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(found.at(1000).is_some(), "the size that was asked about is there");
        // Too dear at every size; for nothing at every size.
        assert_eq!(study(Some(Cost { fixed: 2000.0, per: 1.0 }), worth).best, None);
        assert_eq!(study(Some(Cost { fixed: 10.0, per: 0.0 }), worth).pays_up_to, Some(LARGEST_STUDY));
        assert_eq!(study(None, worth).best, None);
    }

    #[test]
    fn noise_does_not_make_a_larger_study_worth_less() {
        let found = study(None, |n| 900.0 + if n % 20 == 0 { 30.0 } else { 0.0 } + n as f64 / 100.0);
        assert!(found.sizes.windows(2).all(|pair| pair[0].1.value <= pair[1].1.value), "{:?}", found.sizes);
        assert!(found.sizes.iter().all(|size| size.1.value <= 1000.0));
        // 5 stands as it is; 20 is above 30, 50 and 70, so all take their mean.
        assert_eq!(found.at(5).unwrap().value, 900.05);
        assert!([20, 30, 50, 70].iter().all(|n| (found.at(*n).unwrap().value - 907.925).abs() < 1e-9));
    }

    #[test]
    fn studies_and_costs_are_read_as_people_write_them() {
        let study: StudyOf = "segments.prime.market.refusal_rate:sd=0.02:n=25".parse().unwrap();
        assert_eq!((study.study, study.n), (Study::Measurement { sd: 0.02 }, 25));
        for (wrong, said) in [
            ("market.refusal_rate", "is no study"),
            ("market.refusal_rate:n=1e12", "from 1 to 1,000,000,000"),
            ("market.refusal_rate:n=0", "from 1 to"),
            ("market.refusal_rate:n=2.5", "whole number"),
            ("market.refusal_rate:sd=0", "above 0"),
            ("market.refusal_rate:n=ten", "`ten` is no number"),
            ("market.refusal_rate:m=5", "`m` is no part"),
            ("market.refusal_rates:n=5", "did you mean"),
            ("market.refusal_rate:n=5:n=6", "stands twice"),
        ] {
            let error = wrong.parse::<StudyOf>().unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
        assert_eq!("20_000,$12".parse::<Cost>(), Ok(Cost { fixed: 20_000.0, per: 12.0 }));
        assert!("20000".parse::<Cost>().unwrap_err().contains("FIXED,PER"));
        assert!("-1,2".parse::<Cost>().unwrap_err().contains("not below 0"));
    }
}
