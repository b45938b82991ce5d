//! The little that is said of each of many runs over the same paths, made so that any two can be told apart sharply.
//!
//! Path i has the same luck in each of them and belongs to the same replicate. So the difference of two means has sixteen
//! replicates of its own, from which its error comes: what moves both alike leaves no trace in it.

use serde::{Deserialize, Serialize};

use super::question::QUESTIONS;
use super::replicates::{FEWEST_PATHS, Replicates, Tally, error_of_means, means_of};
use super::{Aggregate, Estimate, Frame, OutcomeSpread, Proportion, is_compared};
use crate::lanes::{LANES, Lanes};
use crate::model::OUTCOMES;

/// The levels of the quantiles.
const LEVELS: [f64; 3] = [0.05, 0.5, 0.95];

/// A mean over some paths, and over those of each replicate where there are enough.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Means {
    /// Over all paths.
    pub value: f64,
    /// Over the paths of each replicate; none for fewer than 32 paths.
    pub by_replicate: Option<[f64; LANES]>,
}

impl Means {
    /// The number 0, which has no error.
    pub(crate) const ZERO: Self = Self { value: 0.0, by_replicate: Some([0.0; LANES]) };

    /// By the sums of each replicate's numbers over `n` paths.
    pub(crate) fn of_sums(value: f64, sums: [f64; LANES], n: u64) -> Self {
        Self { value, by_replicate: (n >= FEWEST_PATHS).then(|| means_of(sums, n)) }
    }

    /// Of the share of `n` paths that are counted.
    fn of_tally(tally: &Tally, n: u64) -> Self {
        let share = tally.iter().sum::<u64>() as f64 / n as f64;
        Self::of_sums(share, tally.map(|count| count as f64), n)
    }

    /// Of the numbers of all paths in order; there must be some.
    pub(crate) fn of_numbers(numbers: &[f64]) -> Self {
        let pivot = numbers[0];
        let mut sums = Replicates::default();
        for group in numbers.chunks(LANES) {
            let mut differences = Lanes::ZERO;
            differences.0.iter_mut().zip(group).for_each(|(difference, x)| *difference = x - pivot);
            sums.add(differences);
        }
        let n = numbers.len() as u64;
        let means = Self::of_sums(pivot + sums.total() / n as f64, sums.values(), n);
        Self { by_replicate: means.by_replicate.map(|means| means.map(|mean| mean + pivot)), ..means }
    }

    /// This and `weight` times another mean over the same paths.
    #[must_use]
    pub fn plus(&self, weight: f64, other: &Self) -> Self {
        let add = |(a, b): ([f64; LANES], [f64; LANES])| std::array::from_fn(|lane| a[lane] + weight * b[lane]);
        Self {
            value: self.value + weight * other.value,
            by_replicate: self.by_replicate.zip(other.by_replicate).map(add),
        }
    }

    /// With its error: Student's interval with 15 degrees of freedom, none for fewer than 32 paths.
    ///
    /// ```
    /// use breakeven::aggregate::Means;
    /// // Replicates 1, 2, … 16 have a variance of 22.67; the error of their mean is √(22.67 / 16) = 1.19.
    /// let rising = Means { value: 8.5, by_replicate: Some(std::array::from_fn(|i| i as f64 + 1.0)) };
    /// assert!((rising.estimate().se.unwrap() - 1.190).abs() < 1e-3);
    /// // Paired with itself nothing is left of it.
    /// assert_eq!(rising.plus(-1.0, &rising).estimate().se, Some(0.0));
    /// ```
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        Estimate::mean(self.value, self.by_replicate.map(error_of_means), FEWEST_PATHS)
    }
}

/// What is said of one of many runs over the same paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseSummary {
    paths: u64,
    outcomes: Vec<CaseOutcome>,
    answers: Vec<Tally>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CaseOutcome {
    mean: Option<Estimate>,
    means: Option<Means>,
    quantiles: [Option<f64>; 3],
}

impl CaseSummary {
    /// The names and units of the outcomes that cases are told apart by, in order: those that every path has.
    pub fn compared() -> impl Iterator<Item = (&'static str, &'static str)> {
        Self::outcomes().enumerate().filter(|(i, _)| is_compared(*i)).map(|(_, outcome)| outcome)
    }

    /// The names and units of all outcomes, in order.
    pub fn outcomes() -> impl Iterator<Item = (&'static str, &'static str)> {
        OUTCOMES.iter().map(|spec| (spec.name, spec.unit))
    }

    /// The names of all questions, in order.
    pub fn questions() -> impl Iterator<Item = &'static str> {
        QUESTIONS.iter().map(|question| question.1)
    }

    /// Whether it can be that of so many paths.
    pub(crate) fn fits(&self, paths: u64) -> bool {
        self.paths == paths
            && self.outcomes.len() == OUTCOMES.len()
            && self.answers.len() == QUESTIONS.len()
            && self.answers.iter().all(|tally| super::shape::within(tally, paths))
            && self.means("npv").is_some()
    }

    fn outcome(&self, name: &str) -> Option<&CaseOutcome> {
        self.outcomes.get(OUTCOMES.iter().position(|spec| spec.name == name)?)
    }

    fn tally(&self, event: &str) -> Option<&Tally> {
        self.answers.get(QUESTIONS.iter().position(|question| question.1 == event)?)
    }

    /// Paths simulated.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// The mean of an outcome with its error, as a run says it: infinite where any path is, none for a month that some path never
    /// reaches, and of what is not compared.
    #[must_use]
    pub fn mean(&self, outcome: &str) -> Option<Estimate> {
        self.outcome(outcome)?.mean
    }

    /// The quantiles of an outcome at 5, 50 and 95%; none where a month is never reached.
    #[must_use]
    pub fn quantiles(&self, outcome: &str) -> [Option<f64>; 3] {
        self.outcome(outcome).map_or([None; 3], |outcome| outcome.quantiles)
    }

    /// The probability of an event with its error, as a run says it.
    #[must_use]
    pub fn probability(&self, event: &str) -> Option<Proportion> {
        let name = QUESTIONS.iter().find(|question| question.1 == event)?.1;
        Some(Proportion::of(name, self.tally(event)?, self.paths))
    }

    /// The mean of an outcome, or the probability of an event, for differences to others; none where it is infinite or missing.
    #[must_use]
    pub fn means(&self, name: &str) -> Option<Means> {
        if let Some(outcome) = self.outcome(name) {
            return outcome.means;
        }
        Some(Means::of_tally(self.tally(name)?, self.paths))
    }
}

impl Aggregate {
    /// All that is said of a case’s outcome at `i`: independent work, for whoever has several processors.
    pub(crate) fn case_outcome(&self, frame: &Frame, i: usize) -> CasePart {
        if !is_compared(i) {
            return CasePart(CaseOutcome { mean: None, means: None, quantiles: [None; 3] });
        }
        let (totals, n) = (&self.outcomes[i], self.paths);
        let means = self.outcome_means(frame, i);
        let mean = means.map(|_| Estimate::of_mean(&totals.sums, frame.pivot(i), n, || totals.sd(n)));
        let (mean, quantiles) = match &totals.spread {
            OutcomeSpread::Numbers(spread) => {
                (mean.or(Some(Estimate::exact(f64::INFINITY))), spread.quantiles(LEVELS).map(Some))
            }
            OutcomeSpread::Unwanted => (mean, [None; 3]),
            OutcomeSpread::Months(months) => {
                let totals: Vec<u64> = months.iter().map(|tally| tally.iter().sum()).collect();
                (mean, LEVELS.map(|p| super::summary::month_at(&totals, n, p)))
            }
        };
        CasePart(CaseOutcome { mean, means, quantiles })
    }

    fn outcome_means(&self, frame: &Frame, i: usize) -> Option<Means> {
        let (totals, n, pivot) = (&self.outcomes[i], self.paths, frame.pivot(i));
        let all_finite = totals.finite.iter().sum::<u64>() == n;
        all_finite.then(|| {
            let means = Means::of_sums(pivot + totals.sums.total() / n as f64, totals.sums.values(), n);
            Means { by_replicate: means.by_replicate.map(|means| means.map(|mean| mean + pivot)), ..means }
        })
    }

    /// The mean of an outcome, or the probability of an event; none where it is infinite or missing.
    pub(crate) fn means(&self, frame: &Frame, name: &str) -> Option<Means> {
        if let Some(i) = OUTCOMES.iter().position(|spec| spec.name == name) {
            return self.outcome_means(frame, i);
        }
        let i = QUESTIONS.iter().position(|question| question.1 == name)?;
        Some(Means::of_tally(&self.answers[i], self.paths))
    }

    /// The probability of an event.
    pub(crate) fn probability(&self, event: &str) -> Option<Proportion> {
        let i = QUESTIONS.iter().position(|question| question.1 == event)?;
        Some(Proportion::of(QUESTIONS[i].1, &self.answers[i], self.paths))
    }

    /// The summary of a case, of its outcomes in order.
    pub(crate) fn case_summary(&self, parts: Vec<CasePart>) -> CaseSummary {
        let outcomes = parts.into_iter().map(|part| part.0).collect();
        CaseSummary { paths: self.paths, outcomes, answers: self.answers.to_vec() }
    }
}

/// What is said of one outcome of a case.
#[derive(Debug)]
pub(crate) struct CasePart(CaseOutcome);

#[cfg(test)]
mod tests {
    use super::super::tests::{frame_of, summary_of, three_blocks};
    use super::super::{QUANTILE_LEVELS, Summary};
    use super::*;

    fn case() -> (CaseSummary, Summary, Aggregate) {
        let frame = frame_of(48);
        let all = three_blocks(&frame);
        let parts = (0..OUTCOMES.len()).map(|i| all.case_outcome(&frame, i)).collect();
        (all.case_summary(parts), summary_of(&all, &frame), all)
    }

    #[test]
    fn a_case_says_what_a_run_of_it_says() {
        let (case, run, all) = case();
        assert_eq!(case.paths(), 48);
        for (name, _) in CaseSummary::compared() {
            let outcome = run.outcome(name).unwrap();
            assert_eq!(case.mean(name), outcome.mean, "{name}");
            let levels = [0.05, 0.5, 0.95].map(|p| QUANTILE_LEVELS.iter().position(|level| *level == p).unwrap());
            assert_eq!(case.quantiles(name), levels.map(|i| outcome.quantiles[i]), "{name}");
            let means = case.means(name);
            assert_eq!(
                means.map(|means| means.estimate().value),
                outcome.mean.map(|mean| mean.value).filter(|x| x.is_finite())
            );
        }
        for (i, name) in CaseSummary::questions().enumerate() {
            let share = case.answers[i].iter().sum::<u64>() as f64 / 48.0;
            let (said, means) = (case.probability(name).unwrap(), case.means(name).unwrap());
            assert_eq!((said.probability, means.value), (share, share), "{name}");
            assert_eq!(all.probability(name), Some(said), "{name}");
            let by_replicate = case.answers[i].map(|count| count as f64 / 3.0);
            assert_eq!(means.by_replicate, Some(by_replicate), "{name}");
        }
        assert!(case.mean("nothing").is_none() && case.probability("nothing").is_none());
        assert!(case.means("nothing").is_none() && case.quantiles("nothing") == [None; 3]);
    }

    #[test]
    fn means_of_numbers_add_up_by_replicate() {
        // 1 … 32: replicate i has i + 1 and i + 17.
        let numbers: Vec<f64> = (1..=32).map(f64::from).collect();
        let of = Means::of_numbers(&numbers);
        assert_eq!((of.value, of.by_replicate), (16.5, Some(std::array::from_fn(|lane| lane as f64 + 9.0))));
        let sum = of.plus(-2.0, &Means { value: 3.0, by_replicate: Some([1.0; LANES]) });
        assert_eq!((sum.value, sum.by_replicate), (10.5, Some(std::array::from_fn(|lane| lane as f64 + 7.0))));
        assert!(Means::of_numbers(&numbers[..31]).by_replicate.is_none());
    }

    #[test]
    fn a_case_that_cannot_be_that_of_the_paths_is_refused() {
        type Change = fn(&mut CaseSummary);
        assert!(case().0.fits(48) && !case().0.fits(47));
        let forged: [Change; 5] = [
            |case| case.outcomes.truncate(1),
            |case| case.answers.truncate(1),
            |case| case.answers[0][0] = 49,
            |case| case.answers[1] = [u64::MAX; LANES],
            |case| case.outcomes[crate::model::Outcome::Npv as usize].means = None,
        ];
        for (i, change) in forged.iter().enumerate() {
            let (mut case, ..) = case();
            change(&mut case);
            assert!(!case.fits(48), "forgery {i}");
        }
    }
}
