//! Collects the paths of one block in plain arithmetic, in a fixed order, before they join the exact totals.

use super::question::{QUESTION_COUNT, answers};
use super::{Aggregate, FAN_PATHS, Frame, NARROW_PATHS, OutcomeSpread, SEGMENT_OUTCOMES, add, has_fan};
use crate::lanes::{LANES, Lanes};
use crate::model::{
    OUTCOME_COUNT, Outcome, Outcomes, PAYING, Record, SEGMENT_SERIES_COUNT, SERIES_COUNT, SegmentMonth,
};

/// The largest sum of money, or number of people, that counts as a result.
pub(crate) const LARGEST_SUM: f64 = 1e15;

/// A ratio beyond it counts as infinite: its square would not fit the exact sums. (A break-even at 10¹⁷ persons is none.)
const LARGEST_RATIO: f64 = 1e17;

/// The outcomes that [`LARGEST_SUM`] limits.
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
    /// Σ (x − pivot), month after month, all series of a month together.
    months: Vec<Lanes>,
    outcomes: Vec<OutcomeSums>,
    /// The outcomes themselves, one after another by outcome: they are counted when the block is complete, so that one outcome's
    /// bins are in the cache at a time.
    numbers: Vec<Vec<Lanes>>,
    /// Paths so far.
    paths: usize,
    answers: [Lanes; QUESTION_COUNT],
    /// Of the sixteen paths at hand: each named segment's outcomes.
    segments: Vec<[Lanes; SEGMENT_OUTCOMES.len()]>,
}

#[derive(Clone, Copy, Debug)]
struct OutcomeSums {
    /// Σ (x − pivot).
    differences: Lanes,
    /// Σ (x − pivot)².
    squares: Lanes,
    /// How many are finite.
    finite: Lanes,
}

impl OutcomeSums {
    const NONE: Self = Self { differences: Lanes::ZERO, squares: Lanes::ZERO, finite: Lanes::ZERO };

    #[inline(always)]
    fn add(&mut self, x: Lanes, pivot: f64, valid: Lanes) {
        let finite = x.lt(Lanes::splat(f64::INFINITY)).select(valid, Lanes::ZERO);
        let difference = finite.lt(Lanes::ONE).select(Lanes::ZERO, x - pivot);
        self.differences += difference;
        self.squares += difference * difference;
        self.finite += finite;
    }
}

/// Which of the monthly series take part in quantiles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ranked {
    All,
    Fans,
    None,
}

impl Ranked {
    fn of(frame: &Frame, path: u64) -> Self {
        match path {
            0..NARROW_PATHS if frame.has_fans_alone() => Self::Fans,
            0..NARROW_PATHS => Self::All,
            NARROW_PATHS..FAN_PATHS => Self::Fans,
            FAN_PATHS.. => Self::None,
        }
    }
}

/// Takes the monthly series of sixteen paths into a block and an aggregate.
struct Recorder<'a> {
    frame: &'a Frame,
    block: &'a mut Block,
    aggregate: &'a mut Aggregate,
    /// How many of the sixteen are paths of the run; the others lie beyond its last.
    count: usize,
    /// Which series take part in quantiles.
    ranked: Ranked,
}

impl Recorder<'_> {
    /// Some series of month t, the first of which stands at `first` of the month.
    #[inline(always)]
    fn record(&mut self, t: usize, first: usize, series: &[Lanes]) {
        let at = t * self.frame.series() + first;
        let sums = &mut self.block.months[at..at + series.len()];
        let pivots = &self.frame.month_pivots()[at..at + series.len()];
        if self.count == LANES {
            for ((sum, x), pivot) in sums.iter_mut().zip(series).zip(pivots) {
                *sum += *x - *pivot;
            }
        } else {
            // Lane by lane: what stands in the others, infinities among them, must leave no trace.
            for ((sum, x), pivot) in sums.iter_mut().zip(series).zip(pivots) {
                for lane in 0..self.count {
                    sum.0[lane] += x.0[lane] - *pivot;
                }
            }
        }
        if self.ranked == Ranked::None {
            return;
        }
        let fans = &mut self.aggregate.fans[at..at + series.len()];
        for (i, (fan, x)) in fans.iter_mut().zip(series).enumerate() {
            if self.ranked == Ranked::All || has_fan(first + i) {
                fan.add(self.frame.windows(), at + i, x, self.count);
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
    fn segment(&mut self, t: usize, segment: usize, month: &SegmentMonth, discount: Lanes) {
        self.record(t, SERIES_COUNT + segment * SEGMENT_SERIES_COUNT, &month.series);
        let own = &mut self.block.segments[segment];
        if t == 1 {
            *own = [Lanes::ZERO; SEGMENT_OUTCOMES.len()];
        }
        let paying = month.series[PAYING];
        let [peak, last, npv, ltv, margin] = own;
        *peak = peak.max(paying);
        *last = paying;
        *npv += discount * month.series[SEGMENT_SERIES_COUNT - 1];
        *ltv += discount * month.earned;
        *margin = month.margin;
    }
}

impl Block {
    pub(crate) fn new(frame: &Frame) -> Self {
        Self {
            months: vec![Lanes::ZERO; frame.monthly_numbers()],
            outcomes: vec![OutcomeSums::NONE; frame.outcomes()],
            numbers: vec![Vec::new(); frame.outcomes()],
            paths: 0,
            answers: [Lanes::ZERO; QUESTION_COUNT],
            segments: vec![[Lanes::ZERO; SEGMENT_OUTCOMES.len()]; frame.shape.segments],
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
        Recorder { frame, block: self, aggregate, count, ranked: Ranked::of(frame, first_path) }
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
        self.paths += count;
        for (sum, yes) in self.answers.iter_mut().zip(answers(outcomes, frame.shape.target)) {
            *sum += yes * valid;
        }
        let pivots = frame.pivots();
        for i in 0..OUTCOME_COUNT {
            let x = bounded(outcomes.0[i]);
            self.outcomes[i].add(x, pivots[i], valid);
            self.numbers[i].push(x);
        }
        for (i, x) in (OUTCOME_COUNT..).zip(self.segments.iter().flatten()) {
            self.outcomes[i].add(*x, pivots[i], valid);
            self.numbers[i].push(*x);
        }
        // Written so that what is not a number is beyond the limit too.
        let limit = Lanes::splat(LARGEST_SUM);
        let within = |outcome| outcomes.get(outcome).max(-outcomes.get(outcome)).le(limit);
        let fine = LIMITED.into_iter().map(within).reduce(crate::lanes::Mask::and);
        let fine = fine.map_or(Lanes::ONE, |mask| mask.select(Lanes::ONE, Lanes::ZERO));
        if aggregate.overflow.is_none() && fine.lt(Lanes::ONE).any() {
            let lane = (0..count).find(|&lane| fine.0[lane] == 0.0);
            aggregate.overflow = lane.map(|lane| first_path + lane as u64);
        }
    }

    /// Moves the sums of this block into the exact totals and starts afresh.
    #[inline(always)]
    pub(crate) fn flush(&mut self, aggregate: &mut Aggregate) {
        for (sum, total) in self.months.iter_mut().zip(&mut aggregate.months) {
            total.add(*sum);
            *sum = Lanes::ZERO;
        }
        aggregate.paths += self.paths as u64;
        for ((sums, numbers), total) in self.outcomes.iter_mut().zip(&mut self.numbers).zip(&mut aggregate.outcomes) {
            total.spread.add(numbers, self.paths);
            numbers.clear();
            total.sums.add(sums.differences);
            total.squares.add(all_lanes(sums.squares));
            add(&mut total.finite, &sums.finite.0.map(|n| n as u64));
            *sums = OutcomeSums::NONE;
        }
        self.paths = 0;
        for (sum, tally) in self.answers.iter_mut().zip(&mut aggregate.answers) {
            add(tally, &sum.0.map(|n| n as u64));
            *sum = Lanes::ZERO;
        }
    }
}

impl OutcomeSpread {
    /// Adds the first `paths` of these numbers.
    #[inline(always)]
    fn add(&mut self, numbers: &[Lanes], paths: usize) {
        if matches!(self, Self::Unwanted) {
            return;
        }
        for (group, x) in numbers.iter().enumerate() {
            let count = (paths - group * LANES).min(LANES);
            match self {
                Self::Unwanted => {}
                Self::Numbers(spread) => spread.add(x, count),
                Self::Months(months) => {
                    for (lane, month) in x.0.iter().enumerate().take(count).filter(|(_, month)| month.is_finite()) {
                        months[*month as usize][lane] += 1;
                    }
                }
            }
        }
    }
}

/// With infinity for what is beyond all measure.
#[inline(always)]
fn bounded(x: Lanes) -> Lanes {
    let x = x.max(Lanes::splat(-LARGEST_RATIO));
    x.lt(Lanes::splat(LARGEST_RATIO)).select(x, Lanes::splat(f64::INFINITY))
}

/// 1 for the first `count` lanes, 0 for the others.
#[inline(always)]
fn valid(count: usize) -> Lanes {
    let mut lanes = Lanes::ZERO;
    lanes.0[..count].fill(1.0);
    lanes
}

fn all_lanes(x: Lanes) -> f64 {
    x.0.iter().sum()
}
