//! What is said of a run: means, errors, quantiles, probabilities with intervals.

use super::event::{QUESTIONS, Question};
use super::{Aggregate, Frame, Moments, NARROW_PATHS, OutcomeSpread, has_fan};
use crate::model::{OUTCOMES, Outcome};

/// Φ⁻¹(0.975).
const Z975: f64 = 1.959_963_984_540_054;
/// Quantiles of an outcome's curve lie one part in so many apart, and closer in its tails.
const CURVE_STEPS: u32 = 200;
const TAIL: [f64; 5] = [0.0001, 0.0002, 0.0005, 0.001, 0.002];
/// The most bins that a chart shows between the 0.5th and the 99.5th percentile.
const HISTOGRAM_BINS: f64 = 48.0;
/// The most bins in all, where zero lies far from most paths.
const MOST_BINS: i64 = 400;

/// Everything that is reported about a run, in the order of the files.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Paths simulated.
    pub paths: u64,
    /// T.
    pub months: usize,
    /// One entry per outcome.
    pub outcomes: Vec<OutcomeSummary>,
    /// One entry per question about a path.
    pub probabilities: Vec<Proportion>,
    /// By month, then by series.
    pub monthly: Vec<MonthSummary>,
    /// For each outcome that is a month: the share of paths that have reached it by each month from 1 on.
    pub timing: Vec<(&'static str, Vec<Proportion>)>,
    /// For each outcome that is a number: quantiles at 0, 0.005, …, 1, and closer in the tails.
    pub curves: Vec<Curve>,
    /// For NPV: shares of paths in bins of equal width, the outermost ones open.
    pub npv_histogram: Vec<Bin>,
}

/// A number with the simulation's own standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error; none for a single path or an infinite mean.
    pub se: Option<f64>,
}

/// One outcome over all paths. Missing numbers do not exist: a mean of months that some paths never reach, say.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeSummary {
    /// Index of the segment whose outcome it is; none for all together.
    pub segment: Option<usize>,
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The mean; infinite where any path is.
    pub mean: Option<Estimate>,
    /// The standard deviation of outcomes.
    pub sd: Option<f64>,
    /// The smallest.
    pub min: Option<f64>,
    /// At 5, 10, 25, 50, 75, 90 and 95%.
    pub quantiles: [Option<f64>; 7],
    /// The largest.
    pub max: Option<f64>,
    /// The share of paths on which it is finite, or the month is reached.
    pub reached: Estimate,
}

/// A probability with its error and 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    /// What it is the probability of; empty where the place says it.
    pub name: &'static str,
    /// The share of paths.
    pub probability: f64,
    /// Its standard error; none for a single path.
    pub se: Option<f64>,
    /// Lower end of Wilson's interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One month of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthSummary {
    /// 0 … T.
    pub month: usize,
    /// Index of the segment whose series it is; none for all together.
    pub segment: Option<usize>,
    /// The series' name.
    pub series: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The mean over all paths.
    pub mean: Estimate,
    /// At 5, 25, 50, 75 and 95%.
    pub quantiles: [f64; 5],
}

/// Quantiles of one outcome, by probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The outcome.
    pub outcome: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Probability and quantile.
    pub points: Vec<(f64, f64)>,
}

/// A bin of a histogram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Share of paths inside.
    pub share: f64,
}

impl Summary {
    /// The probability of that name.
    #[must_use]
    pub fn probability(&self, name: &str) -> Option<&Proportion> {
        self.probabilities.iter().find(|p| p.name == name)
    }

    /// The outcome of that name, of all segments together.
    #[must_use]
    pub fn outcome(&self, name: &str) -> Option<&OutcomeSummary> {
        self.outcomes.iter().find(|o| o.name == name && o.segment.is_none())
    }
}

impl Proportion {
    /// `yes` of `n` paths.
    ///
    /// ```
    /// // Wilson's interval for 1 of 10, as tabulated: 0.0179 to 0.4042.
    /// let p = breakeven::aggregate::Proportion::of("", 1, 10);
    /// assert!((p.low - 0.01788).abs() < 1e-5 && (p.high - 0.40415).abs() < 1e-5);
    /// ```
    #[must_use]
    pub fn of(name: &'static str, yes: u64, n: u64) -> Self {
        let size = n as f64;
        let p = yes as f64 / size;
        let z2 = Z975 * Z975 / size;
        let middle = (p + 0.5 * z2) / (1.0 + z2);
        let half = Z975 / (1.0 + z2) * libm::sqrt((p * (1.0 - p) + 0.25 * z2) / size);
        let se = (n > 1).then(|| libm::sqrt(p * (1.0 - p) / size));
        let low = if yes == 0 { 0.0 } else { (middle - half).clamp(0.0, p) };
        let high = if yes == n { 1.0 } else { (middle + half).clamp(p, 1.0) };
        Self { name, probability: p, se, low, high }
    }
}

impl Moments {
    /// Mean and standard deviation of `n` numbers around `pivot`.
    pub(super) fn mean_and_sd(&self, pivot: f64, n: u64) -> (f64, Option<f64>) {
        let size = n as f64;
        let sum = self.sum.value();
        let mean = pivot + sum / size;
        let sd = (n > 1).then(|| libm::sqrt(((self.squares.value() - sum * (sum / size)) / (size - 1.0)).max(0.0)));
        (mean, sd)
    }
}

fn estimate(mean: f64, sd: Option<f64>, n: u64) -> Estimate {
    Estimate { value: mean, se: sd.map(|sd| sd / libm::sqrt(n as f64)) }
}

impl Aggregate {
    /// The summary; everything in [`Aggregate::unsorted`] must have been sorted. `implied` leaves out what is true by
    /// construction where the investment follows from the target.
    pub(crate) fn summary(&self, frame: &Frame, implied: bool) -> Summary {
        let left_out = |q| implied && q == Question::BreakEvenSubscribersAtMostTarget;
        let probabilities = QUESTIONS
            .iter()
            .zip(self.answers)
            .filter(|((question, _), _)| !left_out(*question))
            .map(|((_, name), yes)| Proportion::of(name, yes, self.paths))
            .collect();
        let npv = Outcome::Npv as usize;
        Summary {
            paths: self.paths,
            months: frame.months,
            outcomes: (0..self.outcomes.len()).map(|i| self.outcome(frame, i)).collect(),
            probabilities,
            monthly: self.monthly(frame),
            timing: self.timing(),
            curves: self.curves(),
            npv_histogram: self.histogram(npv),
        }
    }

    fn outcome(&self, frame: &Frame, i: usize) -> OutcomeSummary {
        const LEVELS: [f64; 7] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
        let ((segment, spec), totals, n) = (Frame::outcome_at(i), &self.outcomes[i], self.paths);
        let all_finite = totals.finite == n;
        let share = Proportion::of("", totals.finite, n);
        let (mean, sd) = totals.moments.mean_and_sd(frame.pivot_outcomes[i], n);
        let mut out = OutcomeSummary {
            segment,
            name: spec.name,
            unit: spec.unit,
            mean: all_finite.then(|| estimate(mean, sd, n)),
            sd: sd.filter(|_| all_finite),
            min: None,
            quantiles: [None; 7],
            max: None,
            reached: Estimate { value: share.probability, se: share.se },
        };
        match &totals.spread {
            OutcomeSpread::Numbers(spread) => {
                if !all_finite {
                    out.mean = Some(Estimate { value: f64::INFINITY, se: None });
                }
                for (slot, value) in out.quantiles.iter_mut().zip(spread.quantiles(&LEVELS)) {
                    *slot = Some(value);
                }
                if let Some((min, max)) = spread.extremes() {
                    (out.min, out.max) = (Some(min), Some(max));
                }
            }
            OutcomeSpread::Months(months) => {
                let mut by_month = months.iter().enumerate().filter(|(_, n)| **n > 0).map(|(t, _)| t as f64);
                out.min = by_month.next();
                out.max = by_month.next_back().or(out.min).filter(|_| all_finite);
                for (slot, p) in out.quantiles.iter_mut().zip(LEVELS) {
                    *slot = month_quantile(months, n, p);
                }
            }
        }
        out
    }

    fn monthly(&self, frame: &Frame) -> Vec<MonthSummary> {
        const LEVELS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
        let width = frame.series();
        let of = |(at, totals): (usize, &super::SeriesTotals)| {
            let (month, i) = (at / width, at % width);
            let (segment, series) = Frame::series_at(i);
            debug_assert!(has_fan(i) || totals.spread.len() <= NARROW_PATHS);
            let (mean, sd) = totals.moments.mean_and_sd(frame.pivot_months[at], self.paths);
            let mut quantiles = [mean; 5];
            for (slot, value) in quantiles.iter_mut().zip(totals.spread.quantiles(&LEVELS)) {
                *slot = value;
            }
            let mean = estimate(mean, sd, self.paths);
            MonthSummary { month, segment, series: series.name, unit: series.unit, mean, quantiles }
        };
        self.months.iter().enumerate().map(of).collect()
    }

    fn timing(&self) -> Vec<(&'static str, Vec<Proportion>)> {
        let months_of = |i: usize| match &self.outcomes[i].spread {
            OutcomeSpread::Months(months) => Some(months),
            OutcomeSpread::Numbers(_) => None,
        };
        let by_month = |months: &Vec<u64>| {
            let mut reached = 0;
            let upto = months[1..].iter().map(|n| {
                reached += n;
                Proportion::of("", reached, self.paths)
            });
            upto.collect()
        };
        (0..OUTCOMES.len()).filter_map(|i| Some((OUTCOMES[i].name, by_month(months_of(i)?)))).collect()
    }

    fn curves(&self) -> Vec<Curve> {
        let mut levels: Vec<f64> = (0..=CURVE_STEPS).map(|i| f64::from(i) / f64::from(CURVE_STEPS)).collect();
        levels.extend(TAIL.iter().flat_map(|p| [*p, 1.0 - p]));
        levels.sort_by(f64::total_cmp);
        let mut out = Vec::new();
        for (totals, spec) in self.outcomes.iter().zip(OUTCOMES) {
            let OutcomeSpread::Numbers(spread) = &totals.spread else { continue };
            let points = levels.iter().copied().zip(spread.quantiles(&levels)).collect();
            out.push(Curve { outcome: spec.name, unit: spec.unit, points });
        }
        out
    }

    /// Bins of a round width that cover the middle 99% of the paths and reach to zero where some paths lie on either side of
    /// it, so that no bin holds gains and losses; the outermost ones reach as far as the paths do. Fewer paths make fewer bins
    /// (Rice's rule).
    fn histogram(&self, i: usize) -> Vec<Bin> {
        let OutcomeSpread::Numbers(spread) = &self.outcomes[i].spread else { return Vec::new() };
        let Some((min, max)) = spread.extremes() else { return Vec::new() };
        let [low, high] = spread.quantiles(&[0.005, 0.995])[..] else { return Vec::new() };
        let n = self.paths as f64;
        if !(max - min > 0.0) {
            return vec![Bin { low: min, high: max, share: 1.0 }];
        }
        // Where nearly all paths are alike, the few others make the width.
        let (low, high) = if high > low { (low, high) } else { (min, max) };
        let step = crate::round::step_above((high - low) / (2.0 * libm::cbrt(n)).clamp(4.0, HISTOGRAM_BINS));
        let (mut first, mut last) = ((low / step).floor() as i64 + 1, (high / step).ceil() as i64 - 1);
        if min < 0.0 && max > 0.0 && last.max(0) - first.min(0) <= MOST_BINS {
            (first, last) = (first.min(0), last.max(0));
        }
        let mut edges = vec![min.min(first as f64 * step)];
        edges.extend((first..=last.max(first)).map(|k| k as f64 * step).filter(|&edge| edge > min && edge < max));
        edges.push(max);
        let below: Vec<u64> = edges.iter().map(|&edge| spread.count_below(edge)).collect();
        let bins = edges.windows(2).zip(below.windows(2)).enumerate();
        let closing = edges.len() - 2;
        bins.map(|(k, (edge, count))| {
            let upto = if k == closing { self.paths } else { count[1] };
            Bin { low: edge[0], high: edge[1], share: (upto - count[0]) as f64 / n }
        })
        .collect()
    }
}

/// The month at or before which a share `p` of `n` paths has got there, by the lower order statistic; none where that one
/// never does.
fn month_quantile(months: &[u64], n: u64, p: f64) -> Option<f64> {
    let rank = ((n - 1) as f64 * p).floor() as u64;
    let mut upto = 0;
    months.iter().enumerate().find_map(|(t, count)| {
        upto += count;
        (rank < upto).then_some(t as f64)
    })
}
