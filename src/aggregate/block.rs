//! Collects the paths of one block in plain arithmetic, in a fixed order, before they join the exact totals.

use super::event::{QUESTION_COUNT, answers};
use super::{Aggregate, Frame, NARROW_PATHS, OutcomeSpread, has_fan};
use crate::lanes::Lanes;
use crate::model::{OUTCOME_COUNT, Outcome, Outcomes, Record, SERIES_COUNT};

/// The largest sum of money that counts as a result.
const LARGEST_MONEY: f64 = 1e15;

/// Sums over the paths of one block, lane by lane.
#[derive(Debug)]
pub(crate) struct Block {
    /// Σ (x − pivot) and Σ (x − pivot)² by month and series.
    months: Vec<[[Lanes; 2]; SERIES_COUNT]>,
    outcomes: [[Lanes; 2]; OUTCOME_COUNT],
    answers: [Lanes; QUESTION_COUNT],
}

/// Takes the monthly series of sixteen paths into a block and an aggregate.
struct Recorder<'a> {
    frame: &'a Frame,
    block: &'a mut Block,
    aggregate: &'a mut Aggregate,
    /// 1 for the lanes that are paths of the run, 0 for those beyond its last.
    valid: Lanes,
    count: usize,
    /// Whether all series take part in quantiles, or only the fans.
    wide: bool,
}

impl Record for Recorder<'_> {
    #[inline(always)]
    fn month(&mut self, t: usize, series: &[Lanes; SERIES_COUNT]) {
        let pivot = &self.frame.pivot_months[t];
        let sums = &mut self.block.months[t];
        let totals = &mut self.aggregate.months[t];
        for i in 0..SERIES_COUNT {
            let difference = (series[i] - pivot[i]) * self.valid;
            sums[i][0] += difference;
            sums[i][1] += difference * difference;
            if self.wide || has_fan(i) {
                totals[i].spread.add(&series[i].0[..self.count]);
            }
        }
    }
}

impl Block {
    pub(crate) fn new(frame: &Frame) -> Self {
        Self {
            months: vec![[[Lanes::ZERO; 2]; SERIES_COUNT]; frame.months + 1],
            outcomes: [[Lanes::ZERO; 2]; OUTCOME_COUNT],
            answers: [Lanes::ZERO; QUESTION_COUNT],
        }
    }

    /// A recorder for the sixteen paths from `first_path` on, of which the first `count` belong to the run.
    #[inline(always)]
    pub(crate) fn recorder<'a>(
        &'a mut self,
        frame: &'a Frame,
        aggregate: &'a mut Aggregate,
        first_path: u64,
        count: usize,
    ) -> impl Record + 'a {
        Recorder { frame, block: self, aggregate, valid: valid(count), count, wide: first_path < NARROW_PATHS }
    }

    /// Adds the outcomes of the same sixteen paths.
    #[inline(always)]
    pub(crate) fn add_outcomes(
        &mut self,
        frame: &Frame,
        aggregate: &mut Aggregate,
        first_path: u64,
        count: usize,
        outcomes: &Outcomes,
    ) {
        let valid = valid(count);
        aggregate.paths += count as u64;
        for (sum, yes) in self.answers.iter_mut().zip(answers(outcomes, frame.target)) {
            *sum += yes * valid;
        }
        for i in 0..OUTCOME_COUNT {
            let x = outcomes.0[i];
            let finite = x.lt(Lanes::splat(f64::INFINITY));
            let difference = finite.select(x - frame.pivot_outcomes[i], Lanes::ZERO) * valid;
            self.outcomes[i][0] += difference;
            self.outcomes[i][1] += difference * difference;
            let totals = &mut aggregate.outcomes[i];
            let numbers = &x.0[..count];
            totals.finite += numbers.iter().filter(|x| x.is_finite()).count() as u64;
            match &mut totals.spread {
                OutcomeSpread::Numbers(spread) => spread.add(numbers),
                OutcomeSpread::Months(months) => {
                    for month in numbers.iter().filter(|x| x.is_finite()) {
                        months[*month as usize] += 1;
                    }
                }
            }
        }
        let limit = Lanes::splat(LARGEST_MONEY);
        let size = |outcome| outcomes.get(outcome).max(-outcomes.get(outcome));
        let largest = size(Outcome::PeakFunding).max(size(Outcome::Npv)).max(size(Outcome::AffordableInvestment));
        if aggregate.overflow.is_none() && limit.lt(largest).any() {
            let lane = (0..count).find(|&lane| largest.0[lane] > LARGEST_MONEY);
            aggregate.overflow = lane.map(|lane| first_path + lane as u64);
        }
    }

    /// Moves the sums of this block into the exact totals and starts afresh.
    pub(crate) fn flush(&mut self, aggregate: &mut Aggregate) {
        let move_into = |[sum, squares]: &mut [Lanes; 2], moments: &mut super::Moments| {
            moments.sum.add(total(*sum));
            moments.squares.add(total(*squares));
            [*sum, *squares] = [Lanes::ZERO; 2];
        };
        for (sums, totals) in self.months.iter_mut().zip(&mut aggregate.months) {
            for (sum, total) in sums.iter_mut().zip(totals) {
                move_into(sum, &mut total.moments);
            }
        }
        for (sum, total) in self.outcomes.iter_mut().zip(&mut aggregate.outcomes) {
            move_into(sum, &mut total.moments);
        }
        for (sum, count) in self.answers.iter_mut().zip(&mut aggregate.answers) {
            *count += total(*sum) as u64;
            *sum = Lanes::ZERO;
        }
    }
}

fn valid(count: usize) -> Lanes {
    Lanes(std::array::from_fn(|lane| if lane < count { 1.0 } else { 0.0 }))
}

/// The sum over the lanes, in order.
fn total(lanes: Lanes) -> f64 {
    lanes.0.iter().sum()
}
