//! What the paths of a run have in common: its shape, what is wanted of it, and what its first few paths have shown.

use super::fan::Windows;
use super::spread::Spread;
use super::{Aggregate, KEPT_MONTHS, OutcomeSpread, OutcomeTotals};
use crate::lanes::LANES;
use crate::model::{
    OUTCOME_COUNT, OUTCOMES, Outcome, OutcomeKind, OutcomeSpec, SEGMENT_SERIES, SEGMENT_SERIES_COUNT, SERIES,
    SERIES_COUNT, Series, Setup,
};

/// Paths from which a long run learns where its numbers lie.
const PILOT_PATHS: u64 = 1 << 11;

/// How large a run is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// T.
    pub(crate) months: usize,
    /// G.
    pub(crate) target: f64,
    /// The number of paths asked for.
    pub(crate) paths: u64,
    /// Named segments.
    pub(crate) segments: usize,
}

impl Shape {
    /// That of a run of `paths` paths.
    pub(crate) fn of(setup: &Setup, paths: u64) -> Self {
        Self { months: setup.months, target: setup.target, paths, segments: setup.named_segments }
    }
}

/// What is collected of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Means and probabilities.
    Means,
    /// … and quantiles of outcomes, of all segments together.
    Outcomes,
    /// … and the months, and each segment by itself; quantiles of those series alone that are drawn as fans.
    Fans,
    /// … and quantiles of all series.
    Everything,
}

/// What the first few paths have shown: around which numbers the others lie.
#[derive(Clone, Debug, Default)]
struct Pilot {
    /// The outcomes of path 0, 0 where infinite: what is summed are differences to them.
    pivots: Vec<f64>,
    /// The same of the months, all series of a month together.
    month_pivots: Vec<f64>,
    /// For each month of each series where quantiles are looked for; empty where numbers are kept.
    windows: Vec<Windows>,
}

/// What the paths of one run have in common.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) shape: Shape,
    wanted: Wanted,
    pilot: Pilot,
}

/// The outcomes that a named segment has of its own.
pub(super) const SEGMENT_OUTCOMES: [OutcomeSpec; 5] = [
    OUTCOMES[Outcome::PeakSubscribers as usize],
    OUTCOMES[Outcome::FinalSubscribers as usize],
    // Σ D_t V_t: what the segment adds to NPV, before fixed cost and investment.
    OutcomeSpec { name: "npv_contribution", unit: "$", kind: OutcomeKind::Finite },
    OUTCOMES[Outcome::Ltv as usize],
    OUTCOMES[Outcome::ContributionMargin as usize],
];

impl Frame {
    /// The frame of the few paths with which a run of that shape starts: everything of them is kept. Where numbers are kept anyway,
    /// the first sixteen will do.
    pub(crate) fn of_pilot(shape: Shape, wanted: Wanted) -> Self {
        let (wanted, segments, paths) = match wanted {
            // Where each series lies must be known.
            Wanted::Fans | Wanted::Everything => {
                let paths = if Self::keeps_months(shape.paths) { LANES as u64 } else { PILOT_PATHS };
                (Wanted::Everything, shape.segments, paths)
            }
            Wanted::Means | Wanted::Outcomes => (Wanted::Outcomes, 0, LANES as u64),
        };
        Self::unsampled(Shape { segments, paths: shape.paths.min(paths), ..shape }, wanted)
    }

    /// The frame of a run as far as it is known before anything is simulated.
    pub(crate) fn unsampled(shape: Shape, wanted: Wanted) -> Self {
        let mut frame = Self { shape, wanted, pilot: Pilot::default() };
        frame.pilot.pivots = vec![0.0; frame.outcomes()];
        frame.pilot.month_pivots = vec![0.0; frame.monthly_numbers()];
        frame
    }

    /// The frame of the whole run after its first few paths. `windows` are those around the numbers of
    /// [`Aggregate::months_kept`], in that order, where there are more paths than monthly numbers are kept for.
    pub(crate) fn of_run(&self, paths: u64, wanted: Wanted, pilot: &Aggregate, windows: Vec<Windows>) -> Self {
        let first = |outcome: &OutcomeTotals| match &outcome.spread {
            OutcomeSpread::Numbers(Spread::Kept(kept)) => {
                kept.first().copied().filter(|x| x.is_finite()).unwrap_or(0.0)
            }
            _ => 0.0,
        };
        let pivots = pilot.outcomes.iter().map(first).collect();
        let first = |numbers: &[f64]| numbers.first().copied().filter(|x| x.is_finite()).unwrap_or(0.0);
        let month_pivots = pilot.months_kept().into_iter().map(first).collect();
        Self { shape: Shape { paths, ..self.shape }, wanted, pilot: Pilot { pivots, month_pivots, windows } }
    }

    /// Makes it the frame of a longer run of the same paths. Both must be too long for monthly numbers to be kept.
    pub(crate) fn grow(&mut self, paths: u64) {
        debug_assert!(!Self::keeps_months(self.shape.paths) && paths >= self.shape.paths);
        self.shape.paths = paths;
    }

    /// Whether every number of the monthly series is kept.
    pub(crate) fn keeps_months(paths: u64) -> bool {
        paths <= KEPT_MONTHS
    }

    /// Whether monthly series are collected.
    pub(crate) fn is_monthly(&self) -> bool {
        matches!(self.wanted, Wanted::Fans | Wanted::Everything)
    }

    /// Whether of the monthly series those alone that are drawn as fans have quantiles.
    pub(super) fn has_fans_alone(&self) -> bool {
        self.wanted == Wanted::Fans
    }

    /// Whether quantiles of outcomes are.
    pub(super) fn wants_quantiles(&self) -> bool {
        self.wanted != Wanted::Means
    }

    /// The number that is taken off the outcome at `i` before it is summed.
    #[inline(always)]
    pub(super) fn pivot(&self, i: usize) -> f64 {
        self.pilot.pivots[i]
    }

    /// The same of all outcomes.
    #[inline(always)]
    pub(super) fn pivots(&self) -> &[f64] {
        &self.pilot.pivots
    }

    /// The same of all months.
    #[inline(always)]
    pub(super) fn month_pivots(&self) -> &[f64] {
        &self.pilot.month_pivots
    }

    /// Where quantiles of the months are looked for.
    #[inline(always)]
    pub(super) fn windows(&self) -> &[Windows] {
        &self.pilot.windows
    }

    /// Series of a month: those of all, then those of each named segment.
    pub(super) fn series(&self) -> usize {
        SERIES_COUNT + self.shape.segments * SEGMENT_SERIES_COUNT
    }

    /// Outcomes of a path: those of all, then those of each named segment.
    pub(super) fn outcomes(&self) -> usize {
        OUTCOME_COUNT + self.shape.segments * SEGMENT_OUTCOMES.len()
    }

    /// Numbers of all months and series of a path.
    pub(super) fn monthly_numbers(&self) -> usize {
        if self.is_monthly() { self.series() * (self.shape.months + 1) } else { 0 }
    }

    /// Segment and kind of the series that stands at `i` of a month.
    pub(super) fn series_at(i: usize) -> (Option<usize>, &'static Series) {
        match i.checked_sub(SERIES_COUNT) {
            None => (None, &SERIES[i]),
            Some(rest) => (Some(rest / SEGMENT_SERIES_COUNT), &SEGMENT_SERIES[rest % SEGMENT_SERIES_COUNT]),
        }
    }

    /// Segment and kind of the outcome that stands at `i`.
    pub(super) fn outcome_at(i: usize) -> (Option<usize>, &'static OutcomeSpec) {
        match i.checked_sub(OUTCOME_COUNT) {
            None => (None, &OUTCOMES[i]),
            Some(rest) => (Some(rest / SEGMENT_OUTCOMES.len()), &SEGMENT_OUTCOMES[rest % SEGMENT_OUTCOMES.len()]),
        }
    }
}
