//! Mergeable results of any set of paths: exact sums, quantiles, counts.
//!
//! `empty` is the identity of `merge`, and merging is associative and commutative to the last bit: sums are exact
//! (`exact`), counts are whole numbers, kept numbers are sorted before anything is read from them. What is summed are
//! differences to one path of the run (path 0, the pivot), so that a spread far smaller than the mean keeps its digits.

mod block;
mod case_summary;
mod counts;
mod differences;
mod estimate;
mod exact;
mod fan;
mod frame;
mod goal;
mod question;
mod ranked;
mod replicates;
mod shape;
mod spread;
mod student;
mod summary;
mod thresholds;

pub(crate) use block::{Block, LARGEST_SUM};
pub use case_summary::{CaseSummary, Means};
pub(crate) use differences::{Differences, is_compared};
pub use estimate::{Estimate, Proportion};
use exact::ExactSum;
use fan::Fan;
pub(crate) use fan::Windows;
use frame::SEGMENT_OUTCOMES;
pub(crate) use frame::{Frame, Shape, Wanted};
pub use goal::{Goal, Precision};
use question::QUESTION_COUNT;
pub use question::Question;
pub(crate) use question::{QUESTIONS, answers};
pub(crate) use ranked::{quantile_of, sorted_numbers};
pub(crate) use replicates::{FEWEST_PATHS, standard_error as error_of_sums};
use replicates::{Replicates, Tally};
use serde::{Deserialize, Serialize};
use spread::Spread;
pub(crate) use student::two_sided;
#[cfg(any(feature = "cli", test))]
pub(crate) use summary::mean_and_sd_of;
pub use summary::{MonthSummary, OutcomeSummary, QUANTILE_LEVELS, Summary, replicates};
pub use thresholds::Quantiles;
pub(crate) use thresholds::{PathThresholds, Thresholds};

use crate::lanes::LANES;
use crate::model::{CUMULATIVE_CASH, OutcomeKind, PAYING};

/// Up to this many paths, quantiles of outcomes are exact.
const KEPT_OUTCOMES: u64 = 1 << 20;
/// Up to this many paths, quantiles of monthly series are exact.
const KEPT_MONTHS: u64 = 1 << 12;
/// Monthly series take their quantiles from this many paths at most: the two fans from those of a default run, …
const FAN_PATHS: u64 = 1 << 17;
/// … the others from these.
const NARROW_PATHS: u64 = 1 << 15;

/// Results of some of the paths of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Aggregate {
    paths: u64,
    answers: [Tally; QUESTION_COUNT],
    outcomes: Vec<OutcomeTotals>,
    /// Month after month, all series of a month together.
    months: Vec<Replicates>,
    /// In the same order.
    fans: Vec<Fan>,
    /// Number of the first path with a sum of money or a number of people beyond 10¹⁵, or no number at all.
    overflow: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct OutcomeTotals {
    /// Σ (x − pivot).
    sums: Replicates,
    /// Σ (x − pivot)².
    squares: ExactSum,
    /// Finite ones.
    finite: Tally,
    spread: OutcomeSpread,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum OutcomeSpread {
    Numbers(Spread),
    /// How many paths reach it in each month; month 0 never.
    Months(Vec<Tally>),
    /// No quantiles are wanted.
    Unwanted,
}

impl Aggregate {
    /// The results of no path.
    pub(crate) fn empty(frame: &Frame) -> Self {
        let numbers = || if frame.shape.paths <= KEPT_OUTCOMES { Spread::kept() } else { Spread::counted() };
        let outcomes = (0..frame.outcomes())
            .map(|i| OutcomeTotals {
                sums: Replicates::default(),
                squares: ExactSum::default(),
                finite: [0; LANES],
                spread: match Frame::outcome_at(i).1.kind {
                    _ if !frame.wants_quantiles() => OutcomeSpread::Unwanted,
                    OutcomeKind::Month => OutcomeSpread::Months(vec![[0; LANES]; frame.shape.months + 1]),
                    OutcomeKind::Finite | OutcomeKind::MayBeInfinite | OutcomeKind::OnSome => {
                        OutcomeSpread::Numbers(numbers())
                    }
                },
            })
            .collect();
        let months = frame.monthly_numbers();
        let fan = || if Frame::keeps_months(frame.shape.paths) { Fan::kept() } else { Fan::counted() };
        Self {
            paths: 0,
            answers: [[0; LANES]; QUESTION_COUNT],
            outcomes,
            months: vec![Replicates::default(); months],
            fans: (0..months).map(|_| fan()).collect(),
            overflow: None,
        }
    }

    /// Adds the results of other paths of the same run.
    pub(crate) fn merge(&mut self, other: Self) {
        self.paths += other.paths;
        for (a, b) in self.answers.iter_mut().zip(&other.answers) {
            add(a, b);
        }
        for (a, b) in self.outcomes.iter_mut().zip(other.outcomes) {
            a.sums.merge(&b.sums);
            a.squares.merge(&b.squares);
            add(&mut a.finite, &b.finite);
            match (&mut a.spread, b.spread) {
                (OutcomeSpread::Numbers(a), OutcomeSpread::Numbers(b)) => a.merge(b),
                (OutcomeSpread::Months(a), OutcomeSpread::Months(b)) => {
                    a.iter_mut().zip(&b).for_each(|(a, b)| add(a, b));
                }
                (OutcomeSpread::Unwanted, OutcomeSpread::Unwanted) => {}
                // Both come from the same plan and number of paths: see `fits`.
                _ => debug_assert!(false, "outcomes stand in the same order in every aggregate"),
            }
        }
        for (a, b) in self.months.iter_mut().zip(&other.months) {
            a.merge(b);
        }
        for (a, b) in self.fans.iter_mut().zip(other.fans) {
            a.merge(b);
        }
        self.overflow = match (self.overflow, other.overflow) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// Prepares for more paths than before: those of a run of `frame`.
    pub(crate) fn grow(&mut self, frame: &Frame) {
        if frame.shape.paths > KEPT_OUTCOMES {
            for outcome in &mut self.outcomes {
                if let OutcomeSpread::Numbers(spread) = &mut outcome.spread {
                    spread.count();
                }
            }
        }
    }

    /// How many paths they are.
    pub(crate) fn paths(&self) -> u64 {
        self.paths
    }

    /// The number of the first path on which money or people went beyond 10¹⁵.
    pub(crate) fn overflow(&self) -> Option<u64> {
        self.overflow
    }

    /// The kept numbers of each month of each series.
    pub(crate) fn months_kept(&self) -> Vec<&[f64]> {
        self.fans.iter().filter_map(Fan::numbers).collect()
    }
}

fn add(a: &mut Tally, b: &Tally) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
}

/// Whether series `i` is drawn as a fan, and so takes its quantiles from more paths than the others.
const fn has_fan(i: usize) -> bool {
    i == PAYING || i == CUMULATIVE_CASH
}

#[cfg(test)]
mod tests;
