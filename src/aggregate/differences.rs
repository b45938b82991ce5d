//! Outcomes of two scenarios on the same paths, taken from each other path by path.

use super::replicates::Tally;
use super::spread::Spread;
use super::{Proportion, add};
use crate::lanes::LANES;
use crate::model::{OUTCOME_COUNT, OUTCOMES, Outcome, OutcomeKind, Outcomes};

/// Numbers that are nearer than that, in parts of the larger, are equal.
const SLACK: f64 = 1e-9;

/// Of these outcomes less is better.
const BETTER_LOW: [Outcome; 8] = [
    Outcome::PaybackMonth,
    Outcome::DiscountedPaybackMonth,
    Outcome::OperatingBreakEvenMonth,
    Outcome::TargetMonth,
    Outcome::PeakFunding,
    Outcome::Investment,
    Outcome::BreakEvenSubscribers,
    Outcome::RequiredPeakSubscribers,
];

/// Whether a path of one scenario is better or worse in an outcome than that of the other: not where either may have no such number.
pub(crate) fn is_compared(outcome: usize) -> bool {
    OUTCOMES[outcome].kind != OutcomeKind::OnSome
}

/// The differences of some paths. Merging leaves no trace of order.
#[derive(Debug)]
pub(crate) struct Differences {
    paths: u64,
    better: [Tally; OUTCOME_COUNT],
    equal: [Tally; OUTCOME_COUNT],
    /// Of the outcomes that are always finite.
    spreads: Vec<Option<Spread>>,
}

impl Differences {
    pub(crate) fn new(paths: u64) -> Self {
        let spread = || if paths <= super::KEPT_OUTCOMES { Spread::kept() } else { Spread::counted() };
        Self {
            paths: 0,
            better: [[0; LANES]; OUTCOME_COUNT],
            equal: [[0; LANES]; OUTCOME_COUNT],
            spreads: OUTCOMES.iter().map(|spec| (spec.kind == OutcomeKind::Finite).then(spread)).collect(),
        }
    }

    /// Adds the first `count` of sixteen paths.
    pub(crate) fn add(&mut self, first: &Outcomes, other: &Outcomes, count: usize) {
        self.paths += count as u64;
        for i in (0..OUTCOME_COUNT).filter(|i| is_compared(*i)) {
            let (a, b) = (first.0[i], other.0[i]);
            if let Some(spread) = &mut self.spreads[i] {
                spread.add(&(b - a), count);
            }
            for lane in 0..count {
                let (a, b) = (a.0[lane], b.0[lane]);
                // Infinity equals itself.
                if a == b || (b - a).abs() <= SLACK * a.abs().max(b.abs()) && a.is_finite() && b.is_finite() {
                    self.equal[i][lane] += 1;
                } else if (b < a) == BETTER_LOW.iter().any(|outcome| *outcome as usize == i) {
                    self.better[i][lane] += 1;
                }
            }
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.paths += other.paths;
        for i in 0..OUTCOME_COUNT {
            add(&mut self.better[i], &other.better[i]);
            add(&mut self.equal[i], &other.equal[i]);
        }
        for (a, b) in self.spreads.iter_mut().zip(other.spreads) {
            if let (Some(a), Some(b)) = (a, b) {
                a.merge(b);
            }
        }
    }

    /// For the outcome at `i` the shares of paths on which the other is better, and on which both are equal.
    pub(crate) fn shares(&self, i: usize) -> (Proportion, Proportion) {
        let share = |name, tally| Proportion::of(name, tally, self.paths);
        (share("better", &self.better[i]), share("equal", &self.equal[i]))
    }

    /// Quantiles of the outcome's differences at 5, 50 and 95%.
    pub(crate) fn quantiles(&self, i: usize) -> Option<[f64; 3]> {
        self.spreads[i].as_ref().map(|spread| spread.quantiles([0.05, 0.5, 0.95]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Lanes;

    /// Sixteen paths alike in every outcome.
    fn all(x: f64) -> Outcomes {
        Outcomes([Lanes::splat(x); OUTCOME_COUNT])
    }

    #[test]
    fn earlier_months_and_smaller_needs_are_better_everything_else_is_better_high() {
        let mut less = Differences::new(16);
        less.add(&all(2.0), &all(1.0), LANES);
        let needs = ["peak_funding", "investment", "break_even_subscribers", "required_peak_subscribers"];
        for (i, spec) in OUTCOMES.iter().enumerate().filter(|(i, _)| is_compared(*i)) {
            let better_low = spec.kind == OutcomeKind::Month || needs.contains(&spec.name);
            assert_eq!(less.shares(i).0.probability, f64::from(u8::from(better_low)), "{}", spec.name);
        }
    }

    #[test]
    fn differences_are_those_of_the_other_to_the_first() {
        let npv = Outcome::Npv as usize;
        let lanes =
            |scale: f64| Outcomes([Lanes(std::array::from_fn(|lane| scale * (lane as f64 + 1.0))); OUTCOME_COUNT]);
        let mut tripled = Differences::new(32);
        tripled.add(&lanes(1.0), &lanes(3.0), LANES);
        // 2, 4, … 32: the quantile at p is 2 + 30 p.
        assert_eq!(tripled.quantiles(npv), Some([3.5, 17.0, 30.5]));
        assert_eq!(tripled.quantiles(Outcome::PaybackMonth as usize), None);
        // Merged with three paths of another block, of which the others count for nothing.
        let mut few = Differences::new(32);
        few.add(&lanes(3.0), &lanes(1.0), 3);
        tripled.merge(few);
        let (better, equal) = tripled.shares(npv);
        assert_eq!((better.count, better.probability, equal.count), (16, 16.0 / 19.0, 0));
    }

    #[test]
    fn what_is_equal_but_for_rounding_is_equal() {
        // How many of one path are better, and equal.
        let of = |outcome: Outcome, a: f64, b: f64| {
            let mut of = Differences::new(16);
            of.add(&all(a), &all(b), 1);
            let (better, equal) = of.shares(outcome as usize);
            (better.count, equal.count)
        };
        let npv = |a: f64, b: f64| of(Outcome::Npv, a, b);
        for (a, b) in [(1e9, 1e9 + 0.9), (-1e9, -1e9 - 0.9), (1e9 + 0.9, 1e9), (0.0, 0.0)] {
            assert_eq!(npv(a, b), (0, 1), "{a} {b}");
        }
        assert_eq!([npv(1e9, 1e9 + 1.2), npv(-1e9, 1e9), npv(0.0, 1e-300)], [(1, 0); 3]);
        assert_eq!([npv(1e9 + 1.2, 1e9), npv(1e9, -1e9)], [(0, 0); 2]);
        let months = |a: f64, b: f64| of(Outcome::PaybackMonth, a, b);
        assert_eq!(months(f64::INFINITY, f64::INFINITY), (0, 1));
        assert_eq!((months(f64::INFINITY, 5.0), months(5.0, f64::INFINITY)), ((1, 0), (0, 0)));
    }
}
