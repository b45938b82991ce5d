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

use crate::model::{CUMULATIVE_CASH, OUTCOME_COUNT, OUTCOMES, OutcomeKind, PAYING, SERIES_COUNT};

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
    /// The series of path 0, by month.
    pub(crate) pivot_months: Vec<[f64; SERIES_COUNT]>,
    /// The outcomes of path 0, 0 where infinite.
    pub(crate) pivot_outcomes: [f64; OUTCOME_COUNT],
}

/// Results of some of the paths of a run.
#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    paths: u64,
    answers: [u64; QUESTION_COUNT],
    outcomes: Vec<OutcomeTotals>,
    /// By month, then by series.
    months: Vec<[SeriesTotals; SERIES_COUNT]>,
    /// Number of the first path with a sum of money beyond 10¹⁵ dollars.
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
        let outcomes = OUTCOMES
            .iter()
            .map(|spec| OutcomeTotals {
                moments: Moments::default(),
                finite: 0,
                spread: match spec.kind {
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
            months: (0..=frame.months).map(|_| std::array::from_fn(|_| series())).collect(),
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
        for (a, b) in self.months.iter_mut().flatten().zip(other.months.into_iter().flatten()) {
            a.moments.merge(&b.moments);
            a.spread.merge(b.spread);
        }
        self.overflow = match (self.overflow, other.overflow) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// The number of the first path on which a sum of money went beyond 10¹⁵ dollars.
    pub(crate) fn overflow(&self) -> Option<u64> {
        self.overflow
    }

    /// All that has to be sorted before it is read: independent pieces, for whoever has several processors.
    pub(crate) fn unsorted(&mut self) -> Vec<&mut Spread> {
        let outcomes = self.outcomes.iter_mut().filter_map(|outcome| match &mut outcome.spread {
            OutcomeSpread::Numbers(spread) => Some(spread),
            OutcomeSpread::Months(_) => None,
        });
        outcomes.chain(self.months.iter_mut().flatten().map(|series| &mut series.spread)).collect()
    }
}

/// Whether series `i` has a fan from all paths.
const fn has_fan(i: usize) -> bool {
    i == PAYING || i == CUMULATIVE_CASH
}
