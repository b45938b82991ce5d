//! Whether an aggregate that comes from a file can be one of the run that it says it is of: a checksum tells damage, not malice.

use super::counts::Counts;
use super::fan::Fan;
use super::spread::Spread;
use super::{Aggregate, Frame, KEPT_OUTCOMES, OutcomeSpread, OutcomeTotals, Tally};
use crate::model::OutcomeKind;

impl Aggregate {
    /// Whether it can be the result of `paths` paths of the run: as many numbers as there should be, none beyond its place.
    pub(crate) fn fits(&self, frame: &Frame, paths: u64) -> bool {
        let outcome = |(i, totals): (usize, &OutcomeTotals)| {
            let kind = Frame::outcome_at(i).1.kind;
            within(&totals.finite, paths)
                && match &totals.spread {
                    OutcomeSpread::Months(months) => {
                        kind == OutcomeKind::Month
                            && months.len() == frame.shape.months + 1
                            // A path reaches it once: all months together are some of the paths.
                            && within_all(months, paths)
                    }
                    OutcomeSpread::Numbers(spread) => {
                        let finite = kind == OutcomeKind::Finite;
                        kind != OutcomeKind::Month
                            && spread_fits(spread, frame.shape.paths <= KEPT_OUTCOMES, finite, paths)
                    }
                    OutcomeSpread::Unwanted => false,
                }
        };
        let fan = |fan: &Fan| match fan {
            Fan::Kept(numbers) => Frame::keeps_months(frame.shape.paths) && numbers.len() as u64 <= paths,
            Fan::Counted(counts) => {
                let total: u64 = counts.iter().map(|n| u64::from(*n)).sum();
                !Frame::keeps_months(frame.shape.paths) && counts.len() == Fan::BIN_COUNT && total <= paths
            }
        };
        self.paths == paths
            && self.answers.iter().all(|tally| within(tally, paths))
            && self.outcomes.len() == frame.outcomes()
            && self.outcomes.iter().enumerate().all(outcome)
            && self.months.len() == frame.monthly_numbers()
            && self.fans.len() == frame.monthly_numbers()
            && self.fans.iter().all(fan)
            && self.overflow.is_none_or(|path| path < frame.shape.paths)
    }
}

/// Tallies of some of the paths, none of which is in two.
fn within_all(tallies: &[Tally], paths: u64) -> bool {
    let mut numbers = tallies.iter().flatten();
    numbers.try_fold(0_u64, |sum, n| sum.checked_add(*n)).is_some_and(|sum| sum <= paths)
}

/// A tally of some of the paths.
pub(super) fn within(tally: &Tally, paths: u64) -> bool {
    tally.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n)).is_some_and(|sum| sum <= paths)
}

fn spread_fits(spread: &Spread, kept: bool, finite: bool, paths: u64) -> bool {
    match spread {
        Spread::Kept(numbers) => {
            let there = numbers.iter().filter(|x| !x.is_nan());
            kept && numbers.len().is_multiple_of(crate::lanes::LANES)
                && there.clone().count() as u64 == paths
                && there.into_iter().all(|x| x.is_finite() || !finite)
        }
        Spread::Counted(counts) => !kept && Counts::fits(counts, finite, paths),
    }
}
