//! Scenarios compared on the same paths: how far apart, how often one is better, and why.

use super::sweep::check_paths;
use super::{AnalysisError, contributions};
use crate::aggregate::{CaseSummary, Differences, Estimate, Means, Proportion, Summary, is_compared};
use crate::engine::{Case, CaseResult, Group, Observe, Options, RunError, Threads, Wanted};
use crate::model::Outcomes;
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::{Change, Scenario, at_most, changes};

/// A difference is split over at most so many changes: of k changes all 2ᵏ sets are simulated.
const MOST_CHANGES: usize = 8;
/// Sets of changes that are simulated together.
const TOGETHER: usize = 8;

/// Scenarios that have passed every check; all are compared with the first.
#[derive(Clone, Debug)]
pub struct Compare {
    scenarios: Vec<Scenario>,
    plans: Vec<Plan>,
    changes: Vec<Vec<Change>>,
    paths: u64,
}

/// What came out of a comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The results of each scenario by itself.
    pub summaries: Vec<Summary>,
    /// One entry for each scenario but the first.
    pub others: Vec<Against>,
}

/// A scenario against the first.
#[derive(Clone, Debug)]
pub struct Against {
    /// One row per outcome, then one per event.
    pub rows: Vec<Difference>,
    /// In what it differs from the first scenario, with what each change is worth.
    pub contributions: Vec<Contribution>,
}

/// An outcome or event of a scenario, less that of the first on the same paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The mean, or probability; infinite where any path is, none for a month that some path never reaches.
    pub mean: Option<f64>,
    /// The same of the first scenario.
    pub first: Option<f64>,
    /// The difference of both with its paired error, where both are finite.
    pub difference: Option<Estimate>,
    /// Quantiles of the paths' differences at 5, 50 and 95%, where all are finite.
    pub quantiles: Option<[f64; 3]>,
    /// The share of paths on which this scenario does better: more, or less of what is better low. None for events.
    pub better: Option<Proportion>,
    /// The share on which both do equally well (to one part in 10⁹).
    pub equal: Option<Proportion>,
}

/// What a change is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// What changes.
    pub change: String,
    /// How the first scenario writes it; empty where it is more than one input.
    pub from: String,
    /// How the other does; a list where several inputs change together.
    pub to: String,
    /// For each outcome that is finite in every case, and each event: what the change adds to its mean or probability.
    pub parts: Vec<(&'static str, Estimate)>,
}

impl Against {
    /// The row of an outcome or event.
    #[must_use]
    pub fn row(&self, name: &str) -> Option<&Difference> {
        self.rows.iter().find(|row| row.name == name)
    }
}

impl Contribution {
    /// What it adds to the mean of an outcome or the probability of an event.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<Estimate> {
        self.parts.iter().find(|part| part.0 == name).map(|part| part.1)
    }
}

impl Compare {
    /// Checks that scenarios can be compared on `paths` paths.
    ///
    /// # Errors
    /// Where there are fewer than two, or one does not differ from the first.
    pub fn new(scenarios: Vec<Scenario>, sampling: Sampling) -> Result<Self, AnalysisError> {
        let Sampling { paths, seed, sampler } = sampling;
        check_paths(paths)?;
        let paths = scenarios.iter().fold(paths, |paths, scenario| scenario.paths_of(paths));
        let [first, others @ ..] = scenarios.as_slice() else {
            return Err(AnalysisError::Asked("no scenarios are compared".to_owned()));
        };
        if others.is_empty() {
            let message = format!("`{}` alone is compared with nothing: name a second scenario", first.name());
            return Err(AnalysisError::Asked(message));
        }
        let twice = |other: &&Scenario| others.iter().filter(|scenario| scenario.name() == other.name()).count() > 1;
        if let Some(twice) = others.iter().find(twice) {
            return Err(AnalysisError::Asked(format!("`{}` is compared twice: once is enough", twice.name())));
        }
        let first_plan = Plan::new(first, sampler, seed)?;
        let settled = first.settled(first_plan.implied_investment());
        let (mut plans, mut all_changes) = (vec![first_plan], Vec::new());
        for other in others {
            let plan = plans[0].beside(other)?;
            let changes = changes(&settled, &other.settled(plan.implied_investment()));
            if changes.is_empty() {
                let (a, b) = (first.name(), other.name());
                let message = if a == b {
                    format!("`{a}` is compared with itself: name another scenario")
                } else {
                    format!("`{a}` and `{b}` have the same inputs: there is nothing to compare")
                };
                return Err(AnalysisError::Asked(message));
            }
            if first.name() == other.name() {
                let message = format!("two different scenarios are called `{}`: rename one of the files", first.name());
                return Err(AnalysisError::Asked(message));
            }
            plans.push(plan);
            all_changes.push(at_most(changes, MOST_CHANGES));
        }
        Ok(Self { scenarios, plans, changes: all_changes, paths })
    }

    /// The scenarios, in the order in which they were given.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// Their plans.
    #[must_use]
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// Paths of each.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// Simulates every scenario, and every set of changes between the first and each other.
    ///
    /// # Errors
    /// Where it is interrupted, threads cannot be started, or money overflows.
    pub fn run(&self, options: &Options<'_>) -> Result<Comparison, AnalysisError> {
        let sets: u64 = self.changes.iter().map(|changes| (1 << changes.len()) - 2).sum();
        options.expect((sets + self.plans.len() as u64) * self.paths);
        let threads = Threads::new(options)?;
        let others = self.plans.len() - 1;
        let cases: Vec<Case<'_>> = self.plans.iter().map(Case::of).collect();
        let (cases, pairs) =
            threads.cases(&cases, self.paths, Wanted::Everything, || Pairs::new(others, self.paths))?;
        let summaries = threads.summaries(&self.plans, &cases).into_iter().zip(&self.scenarios);
        let summaries = summaries.map(|(summary, scenario)| {
            summary.map_err(|error| AnalysisError::RunAt { at: scenario.name().to_owned(), error })
        });
        let summaries = summaries.collect::<Result<Vec<_>, _>>()?;
        let briefs = threads.case_summaries(&cases);
        let mut out = Vec::new();
        for (i, differences) in pairs.0.into_iter().enumerate() {
            out.push(Against {
                rows: rows(&briefs[0], &briefs[i + 1], &differences),
                contributions: self.contributions(i, [&cases[0], &cases[i + 1]], &threads)?,
            });
        }
        Ok(Comparison { summaries, others: out })
    }

    /// What each change on the way to scenario i + 1 is worth.
    fn contributions(
        &self,
        i: usize,
        [none, all]: [&CaseResult; 2],
        threads: &Threads<'_>,
    ) -> Result<Vec<Contribution>, AnalysisError> {
        let changes = &self.changes[i];
        let settled = |i: usize| self.scenarios[i].settled(self.plans[i].implied_investment());
        let (first, other) = (settled(0), settled(i + 1));
        let near = [&self.plans[0], &self.plans[i + 1]];
        let plan = |set: usize| {
            let made: Vec<&Change> =
                changes.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1).map(|(_, change)| change).collect();
            let mixed = first.with_changes_to(&other, &made);
            Ok(Plan::prepared(&mixed, None, self.plans[0].sampler, self.plans[0].seed, &near)?)
        };
        let names: Vec<&'static str> =
            compared().map(|(_, outcome)| outcome.0).chain(CaseSummary::questions()).collect();
        let mut values: Vec<Vec<Option<Means>>> = vec![Vec::new(); names.len()];
        let mut keep = |case: &CaseResult| {
            for (values, name) in values.iter_mut().zip(&names) {
                values.push(case.means(name));
            }
        };
        // Without any change it is the first scenario, and with all of them the other.
        keep(none);
        let mixed: Vec<usize> = (1..(1 << changes.len()) - 1).collect();
        for sets in mixed.chunks(TOGETHER) {
            let plans = sets.iter().map(|set| plan(*set)).collect::<Result<Vec<Plan>, AnalysisError>>()?;
            let cases: Vec<Case<'_>> = plans.iter().map(Case::of).collect();
            let cases = threads.means(&cases, self.paths)?;
            for case in &cases {
                if let Some(path) = case.overflow() {
                    let at = format!("a mixture of {} and {}", self.scenarios[0].name(), self.scenarios[i + 1].name());
                    return Err(AnalysisError::RunAt { at, error: RunError::Overflow(path) });
                }
                keep(case);
            }
        }
        keep(all);
        let split = |(name, values): (&'static str, Vec<Option<Means>>)| {
            let values: Vec<Means> = values.into_iter().collect::<Option<_>>()?;
            Some((name, contributions(&values)))
        };
        let parts: Vec<(&'static str, Vec<Means>)> = names.into_iter().zip(values).filter_map(split).collect();
        let of_change = |(k, change): (usize, &Change)| Contribution {
            change: change.name.clone(),
            from: change.from.clone(),
            to: change.to.clone(),
            parts: parts.iter().map(|(name, means)| (*name, means[k].estimate())).collect(),
        };
        Ok(changes.iter().enumerate().map(of_change).collect())
    }
}

/// The outcomes that are compared: their places, names and units.
fn compared() -> impl Iterator<Item = (usize, (&'static str, &'static str))> {
    CaseSummary::outcomes().enumerate().filter(|(i, _)| is_compared(*i))
}

fn rows(first: &CaseSummary, other: &CaseSummary, differences: &Differences) -> Vec<Difference> {
    let paired = |name: &str| Some(other.means(name)?.plus(-1.0, &first.means(name)?).estimate());
    let outcome = |(i, (name, unit)): (usize, (&'static str, &'static str))| {
        let (better, equal) = differences.shares(i);
        Difference {
            name,
            unit,
            mean: other.mean(name).map(|mean| mean.value),
            first: first.mean(name).map(|mean| mean.value),
            difference: paired(name),
            quantiles: differences.quantiles(i),
            better: Some(better),
            equal: Some(equal),
        }
    };
    let event = |name: &'static str| Difference {
        name,
        unit: "share",
        mean: other.probability(name).map(|p| p.probability),
        first: first.probability(name).map(|p| p.probability),
        difference: paired(name),
        quantiles: None,
        better: None,
        equal: None,
    };
    compared().map(outcome).chain(CaseSummary::questions().map(event)).collect()
}

/// The differences of each scenario but the first to it.
struct Pairs(Vec<Differences>);

impl Pairs {
    fn new(others: usize, paths: u64) -> Self {
        Self((0..others).map(|_| Differences::new(paths)).collect())
    }
}

impl Observe for Pairs {
    fn group(&mut self, group: &Group<'_, '_>, outcomes: &[Outcomes]) {
        if let [first, others @ ..] = outcomes {
            for (differences, other) in self.0.iter_mut().zip(others) {
                differences.add(first, other, group.count);
            }
        }
    }

    fn join(&mut self, other: Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            a.merge(b);
        }
    }
}
