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
mod goal;
mod question;
mod replicates;
mod shape;
mod spread;
mod student;
mod summary;
mod thresholds;

pub(crate) use block::Block;
pub use case_summary::{CaseSummary, Means};
pub(crate) use differences::Differences;
pub use estimate::{Estimate, Proportion};
use exact::ExactSum;
use fan::Fan;
pub(crate) use fan::Windows;
pub use goal::{Goal, Precision};
use question::QUESTION_COUNT;
pub use question::Question;
use replicates::{Replicates, Tally};
use serde::{Deserialize, Serialize};
use spread::Spread;
pub(crate) use student::two_sided;
pub use summary::{MonthSummary, OutcomeSummary, QUANTILE_LEVELS, Summary, replicates};
pub use thresholds::Quantiles;
pub(crate) use thresholds::{PathThresholds, Thresholds};

use crate::lanes::LANES;
use crate::model::{
    CUMULATIVE_CASH, OUTCOME_COUNT, OUTCOMES, Outcome, OutcomeKind, OutcomeSpec, PAYING, SEGMENT_SERIES,
    SEGMENT_SERIES_COUNT, SERIES, SERIES_COUNT, Series,
};

/// Up to this many paths, quantiles of outcomes are exact.
const KEPT_OUTCOMES: u64 = 1 << 20;
/// Up to this many paths, quantiles of monthly series are exact.
const KEPT_MONTHS: u64 = 1 << 12;
/// Monthly series other than the two fans take their quantiles from this many paths.
const NARROW_PATHS: u64 = 1 << 16;

/// What the paths of one run have in common.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// T.
    pub(crate) months: usize,
    /// G.
    pub(crate) target: f64,
    /// The number of paths asked for.
    pub(crate) paths: u64,
    /// Named segments.
    pub(crate) segments: usize,
    /// Whether monthly series are collected, or outcomes alone.
    monthly: bool,
    /// Whether quantiles of outcomes are wanted, or means and probabilities alone.
    quantiles: bool,
    /// The outcomes of path 0, 0 where infinite: what is summed are differences to them.
    pivots: Vec<f64>,
    /// The same of the months, all series of a month together.
    month_pivots: Vec<f64>,
    /// For each month of each series where quantiles are looked for; empty where numbers are kept.
    windows: Vec<Windows>,
}

/// The outcomes that a named segment has of its own.
const SEGMENT_OUTCOMES: [OutcomeSpec; 5] = [
    OUTCOMES[Outcome::PeakSubscribers as usize],
    OUTCOMES[Outcome::FinalSubscribers as usize],
    // Σ D_t V_t: what the segment adds to NPV, before fixed cost and investment.
    OutcomeSpec { name: "npv_contribution", unit: "$", kind: OutcomeKind::Finite },
    OUTCOMES[Outcome::Ltv as usize],
    OUTCOMES[Outcome::ContributionMargin as usize],
];

impl Frame {
    /// Series of a month: those of all, then those of each named segment.
    fn series(&self) -> usize {
        SERIES_COUNT + self.segments * SEGMENT_SERIES_COUNT
    }

    /// Outcomes of a path: those of all, then those of each named segment.
    fn outcomes(&self) -> usize {
        OUTCOME_COUNT + self.segments * SEGMENT_OUTCOMES.len()
    }

    /// Segment and kind of the series that stands at `i` of a month.
    fn series_at(i: usize) -> (Option<usize>, &'static Series) {
        match i.checked_sub(SERIES_COUNT) {
            None => (None, &SERIES[i]),
            Some(rest) => (Some(rest / SEGMENT_SERIES_COUNT), &SEGMENT_SERIES[rest % SEGMENT_SERIES_COUNT]),
        }
    }

    /// Segment and kind of the outcome that stands at `i`.
    fn outcome_at(i: usize) -> (Option<usize>, &'static OutcomeSpec) {
        match i.checked_sub(OUTCOME_COUNT) {
            None => (None, &OUTCOMES[i]),
            Some(rest) => (Some(rest / SEGMENT_OUTCOMES.len()), &SEGMENT_OUTCOMES[rest % SEGMENT_OUTCOMES.len()]),
        }
    }

    /// The frame of the few paths with which a run starts, of which everything is kept.
    pub(crate) fn of_pilot(months: usize, target: f64, paths: u64, segments: usize) -> Self {
        let mut frame = Self {
            months,
            target,
            paths: pilot_paths(paths),
            segments,
            monthly: true,
            quantiles: true,
            pivots: Vec::new(),
            month_pivots: Vec::new(),
            windows: Vec::new(),
        };
        frame.pivots = vec![0.0; frame.outcomes()];
        frame.month_pivots = vec![0.0; frame.monthly_numbers()];
        frame
    }

    /// The same where outcomes alone are collected, of all segments together.
    pub(crate) fn of_outcomes_pilot(months: usize, target: f64, paths: u64) -> Self {
        let paths = paths.min(LANES as u64);
        Self { monthly: false, month_pivots: Vec::new(), ..Self::of_pilot(months, target, paths, 0) }
    }

    /// Whether monthly series are collected.
    pub(crate) fn is_monthly(&self) -> bool {
        self.monthly
    }

    /// Makes it the frame of a run without quantiles of outcomes.
    pub(crate) fn without_quantiles(self) -> Self {
        Self { quantiles: false, ..self }
    }

    /// Numbers of all months and series of a path.
    fn monthly_numbers(&self) -> usize {
        if self.monthly { self.series() * (self.months + 1) } else { 0 }
    }

    /// The frame of the whole run after its first few paths. `windows` are those around the numbers of
    /// [`Aggregate::months_kept`], in that order, where there are more paths than monthly numbers are kept for.
    pub(crate) fn of_run(&self, paths: u64, pilot: &Aggregate, windows: Vec<Windows>) -> Self {
        let first = |outcome: &OutcomeTotals| match &outcome.spread {
            OutcomeSpread::Numbers(Spread::Kept(kept)) => {
                kept.first().copied().filter(|x| x.is_finite()).unwrap_or(0.0)
            }
            _ => 0.0,
        };
        let pivots = pilot.outcomes.iter().map(first).collect();
        let first = |numbers: &[f64]| numbers.first().copied().filter(|x| x.is_finite()).unwrap_or(0.0);
        let month_pivots = pilot.months_kept().into_iter().map(first).collect();
        Self { paths, pivots, month_pivots, windows, ..self.clone() }
    }

    /// Makes it the frame of a longer run of the same paths. Both must be too long for monthly numbers to be kept.
    pub(crate) fn grow(&mut self, paths: u64) {
        debug_assert!(!Self::keeps_months(self.paths) && paths >= self.paths);
        self.paths = paths;
    }

    /// Whether every number of the monthly series is kept.
    pub(crate) fn keeps_months(paths: u64) -> bool {
        paths <= KEPT_MONTHS
    }
}

/// Paths from which a run learns where its numbers lie; where every number is kept, the first sixteen will do.
fn pilot_paths(paths: u64) -> u64 {
    paths.min(if Frame::keeps_months(paths) { LANES as u64 } else { 1 << 11 })
}

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
        let numbers = || if frame.paths <= KEPT_OUTCOMES { Spread::kept() } else { Spread::counted() };
        let outcomes = (0..frame.outcomes())
            .map(|i| OutcomeTotals {
                sums: Replicates::default(),
                squares: ExactSum::default(),
                finite: [0; LANES],
                spread: match Frame::outcome_at(i).1.kind {
                    _ if !frame.quantiles => OutcomeSpread::Unwanted,
                    OutcomeKind::Month => OutcomeSpread::Months(vec![[0; LANES]; frame.months + 1]),
                    OutcomeKind::Finite | OutcomeKind::MayBeInfinite => OutcomeSpread::Numbers(numbers()),
                },
            })
            .collect();
        let months = frame.monthly_numbers();
        let fan = || if Frame::keeps_months(frame.paths) { Fan::kept() } else { Fan::counted() };
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
        if frame.paths > KEPT_OUTCOMES {
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

/// Whether series `i` has a fan from all paths.
const fn has_fan(i: usize) -> bool {
    i == PAYING || i == CUMULATIVE_CASH
}

#[cfg(test)]
mod tests;
