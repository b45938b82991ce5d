//! Mergeable results of any set of paths: exact sums, quantiles, counts.
//!
//! `empty` is the identity of `merge`, and merging is associative and commutative to the last bit: sums are exact
//! (`exact`), counts are whole numbers, kept numbers are sorted before anything is read from them. What is summed are
//! differences to one path of the run (path 0, the pivot), so that a spread far smaller than the mean keeps its digits.

mod block;
mod counts;
mod event;
mod exact;
mod summary;

pub(crate) use block::Block;
pub(crate) use counts::Spread;
use event::QUESTION_COUNT;
use exact::ExactSum;
pub use summary::{Estimate, MonthSummary, OutcomeSummary, Proportion, Summary};

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
/// Bins of outcomes: relative width 2⁻¹³, so an error of at most 6.1e-5.
const OUTCOME_BITS: u32 = 13;
/// Bins of monthly series: an error of at most 1e-3, and in practice, with numbers spread evenly in a bin, far less.
const MONTH_BITS: u32 = 9;

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
    /// The series of path 0, month after month.
    pub(crate) pivot_months: Vec<f64>,
    /// The outcomes of path 0, 0 where infinite.
    pub(crate) pivot_outcomes: Vec<f64>,
}

/// The outcomes that a named segment has of its own.
const SEGMENT_OUTCOMES: [Outcome; 2] = [Outcome::PeakSubscribers, Outcome::FinalSubscribers];

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
            Some(rest) => {
                let outcome = SEGMENT_OUTCOMES[rest % SEGMENT_OUTCOMES.len()];
                (Some(rest / SEGMENT_OUTCOMES.len()), &OUTCOMES[outcome as usize])
            }
        }
    }

    /// The frame of a run whose path 0 has these months (all series of a month together) and outcomes.
    pub(crate) fn new(
        months: usize,
        target: f64,
        paths: u64,
        segments: usize,
        pivot_months: Vec<f64>,
        outcomes: &[f64],
    ) -> Self {
        let finite = |x: f64| if x.is_finite() { x } else { 0.0 };
        let mut frame = Self { months, target, paths, segments, pivot_months, pivot_outcomes: Vec::new() };
        frame.pivot_outcomes = outcomes.iter().copied().map(finite).collect();
        for segment in 0..segments {
            let at = SERIES_COUNT + segment * SEGMENT_SERIES_COUNT + PAYING;
            let paying = frame.pivot_months.iter().skip(at).step_by(frame.series());
            let (peak, last) = paying.fold((0.0, 0.0), |(peak, _), &x| (f64::max(peak, x), x));
            frame.pivot_outcomes.extend([peak, last]);
        }
        debug_assert_eq!(frame.pivot_months.len(), frame.series() * (months + 1));
        debug_assert_eq!(frame.pivot_outcomes.len(), frame.outcomes());
        frame
    }
}

/// Results of some of the paths of a run.
#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    paths: u64,
    answers: [u64; QUESTION_COUNT],
    outcomes: Vec<OutcomeTotals>,
    /// Month after month, all series of a month together.
    months: Vec<SeriesTotals>,
    /// Number of the first path with a sum of money or a number of people beyond 10¹⁵, or no number at all.
    overflow: Option<u64>,
}

#[derive(Clone, Debug)]
struct OutcomeTotals {
    moments: Moments,
    /// Finite ones.
    finite: u64,
    spread: OutcomeSpread,
}

#[derive(Clone, Debug)]
enum OutcomeSpread {
    Numbers(Spread),
    /// How many paths reach it in each month; month 0 never.
    Months(Vec<u64>),
}

/// Σ (x − pivot) and Σ (x − pivot)².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Moments {
    sum: ExactSum,
    squares: ExactSum,
}

impl Moments {
    fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }
}

#[derive(Clone, Debug)]
struct SeriesTotals {
    moments: Moments,
    spread: Spread,
}

impl Aggregate {
    /// The results of no path.
    pub(crate) fn empty(frame: &Frame) -> Self {
        let numbers = || {
            if frame.paths <= KEPT_OUTCOMES { Spread::kept() } else { Spread::counted(OUTCOME_BITS) }
        };
        let outcomes = (0..frame.outcomes())
            .map(|i| OutcomeTotals {
                moments: Moments::default(),
                finite: 0,
                spread: match Frame::outcome_at(i).1.kind {
                    OutcomeKind::Month => OutcomeSpread::Months(vec![0; frame.months + 1]),
                    OutcomeKind::Finite | OutcomeKind::MayBeInfinite => OutcomeSpread::Numbers(numbers()),
                },
            })
            .collect();
        let series = || SeriesTotals {
            moments: Moments::default(),
            spread: if frame.paths <= KEPT_MONTHS { Spread::kept() } else { Spread::counted(MONTH_BITS) },
        };
        Self {
            paths: 0,
            answers: [0; QUESTION_COUNT],
            outcomes,
            months: (0..frame.series() * (frame.months + 1)).map(|_| series()).collect(),
            overflow: None,
        }
    }

    /// Adds the results of other paths of the same run.
    pub(crate) fn merge(&mut self, other: Self) {
        self.paths += other.paths;
        for (a, b) in self.answers.iter_mut().zip(other.answers) {
            *a += b;
        }
        for (a, b) in self.outcomes.iter_mut().zip(other.outcomes) {
            a.moments.merge(&b.moments);
            a.finite += b.finite;
            match (&mut a.spread, b.spread) {
                (OutcomeSpread::Numbers(a), OutcomeSpread::Numbers(b)) => a.merge(b),
                (OutcomeSpread::Months(a), OutcomeSpread::Months(b)) => {
                    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                }
                _ => unreachable!("outcomes stand in the same order in every aggregate"),
            }
        }
        for (a, b) in self.months.iter_mut().zip(other.months) {
            a.moments.merge(&b.moments);
            a.spread.merge(b.spread);
        }
        self.overflow = match (self.overflow, other.overflow) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// The number of the first path on which money or people went beyond 10¹⁵.
    pub(crate) fn overflow(&self) -> Option<u64> {
        self.overflow
    }

    /// All that has to be sorted before it is read: independent pieces, for whoever has several processors.
    pub(crate) fn unsorted(&mut self) -> Vec<&mut Spread> {
        let outcomes = self.outcomes.iter_mut().filter_map(|outcome| match &mut outcome.spread {
            OutcomeSpread::Numbers(spread) => Some(spread),
            OutcomeSpread::Months(_) => None,
        });
        outcomes.chain(self.months.iter_mut().map(|series| &mut series.spread)).collect()
    }
}

/// Whether series `i` has a fan from all paths.
const fn has_fan(i: usize) -> bool {
    i == PAYING || i == CUMULATIVE_CASH
}

#[cfg(test)]
mod tests;
