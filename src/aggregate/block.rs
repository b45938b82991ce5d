//! Collects the paths of one block in plain arithmetic, in a fixed order, before they join the exact totals.

use super::event::{QUESTION_COUNT, answers};
use super::{Aggregate, Frame, NARROW_PATHS, OutcomeSpread, OutcomeTotals, SEGMENT_OUTCOMES, has_fan};
use crate::lanes::Lanes;
use crate::model::{OUTCOME_COUNT, Outcome, Outcomes, PAYING, Record, SEGMENT_SERIES_COUNT, SERIES_COUNT};

/// The largest sum of money, or number of people, that counts as a result.
const LARGEST: f64 = 1e15;

/// The outcomes that it limits.
const LIMITED: [Outcome; 6] = [
    Outcome::Npv,
    Outcome::PeakFunding,
    Outcome::AffordableInvestment,
    Outcome::PeakSubscribers,
    Outcome::PossibleSubscribers,
    Outcome::EverSubscribed,
];

/// Sums over the paths of one block, lane by lane.
#[derive(Debug)]
pub(crate) struct Block {
    /// Σ (x − pivot) and Σ (x − pivot)², month after month, all series of a month together.
    months: Vec<[Lanes; 2]>,
    /// The same of outcomes.
    outcomes: Vec<[Lanes; 2]>,
    answers: [Lanes; QUESTION_COUNT],
    /// Of the sixteen paths at hand: each named segment's outcomes.
    segments: Vec<[Lanes; SEGMENT_OUTCOMES.len()]>,
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

impl Recorder<'_> {
    /// Some series of month t, the first of which stands at `first` of the month.
    #[inline(always)]
    fn record(&mut self, t: usize, first: usize, series: &[Lanes]) {
        let at = t * self.frame.series() + first;
        let pivot = &self.frame.pivot_months[at..at + series.len()];
        let sums = &mut self.block.months[at..at + series.len()];
        let totals = &mut self.aggregate.months[at..at + series.len()];
        for i in 0..series.len() {
            let difference = (series[i] - pivot[i]) * self.valid;
            sums[i][0] += difference;
            sums[i][1] += difference * difference;
            if self.wide || has_fan(first + i) {
                totals[i].spread.add(&series[i].0[..self.count]);
            }
        }
    }
}

impl Record for Recorder<'_> {
    #[inline(always)]
    fn month(&mut self, t: usize, series: &[Lanes; SERIES_COUNT]) {
        self.record(t, 0, series);
    }

    #[inline(always)]
    fn segment(&mut self, t: usize, segment: usize, series: &[Lanes; SEGMENT_SERIES_COUNT]) {
        self.record(t, SERIES_COUNT + segment * SEGMENT_SERIES_COUNT, series);
        let paying = series[PAYING];
        let [peak, last] = &mut self.block.segments[segment];
        *peak = if t == 1 { paying } else { peak.max(paying) };
        *last = paying;
    }
}

impl Block {
    pub(crate) fn new(frame: &Frame) -> Self {
        Self {
            months: vec![[Lanes::ZERO; 2]; frame.series() * (frame.months + 1)],
            outcomes: vec![[Lanes::ZERO; 2]; frame.outcomes()],
            answers: [Lanes::ZERO; QUESTION_COUNT],
            segments: vec![[Lanes::ZERO; SEGMENT_OUTCOMES.len()]; frame.segments],
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
        let pivots = &frame.pivot_outcomes;
        for i in 0..OUTCOME_COUNT {
            add_outcome(&mut self.outcomes[i], &mut aggregate.outcomes[i], outcomes.0[i], pivots[i], valid, count);
        }
        for (i, x) in (OUTCOME_COUNT..).zip(self.segments.iter().flatten()) {
            add_outcome(&mut self.outcomes[i], &mut aggregate.outcomes[i], *x, pivots[i], valid, count);
        }
        // Written so that what is not a number is beyond the limit too.
        let limit = Lanes::splat(LARGEST);
        let within = |outcome| outcomes.get(outcome).max(-outcomes.get(outcome)).le(limit);
        let fine = LIMITED.into_iter().map(within).reduce(crate::lanes::Mask::and);
        let fine = fine.map_or(Lanes::ONE, |mask| mask.select(Lanes::ONE, Lanes::ZERO));
        if aggregate.overflow.is_none() && fine.lt(Lanes::ONE).any() {
            let lane = (0..count).find(|&lane| fine.0[lane] == 0.0);
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
        for (sum, total) in self.months.iter_mut().zip(&mut aggregate.months) {
            move_into(sum, &mut total.moments);
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

#[inline(always)]
fn add_outcome(sums: &mut [Lanes; 2], totals: &mut OutcomeTotals, x: Lanes, pivot: f64, valid: Lanes, count: usize) {
    let finite = x.lt(Lanes::splat(f64::INFINITY));
    let difference = finite.select(x - pivot, Lanes::ZERO) * valid;
    sums[0] += difference;
    sums[1] += difference * difference;
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

fn valid(count: usize) -> Lanes {
    Lanes(std::array::from_fn(|lane| if lane < count { 1.0 } else { 0.0 }))
}

/// The sum over the lanes, in order.
fn total(lanes: Lanes) -> f64 {
    lanes.0.iter().sum()
}
