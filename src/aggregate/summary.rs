//! What is said of a run: means, errors, quantiles, probabilities with intervals.

use super::estimate::{Estimate, Proportion};
use super::fan::Fan;
use super::question::{QUESTIONS, Question};
use super::ranked::{Months, Ranked};
use super::replicates::Tally;
use super::spread::Ordered;
use super::{Aggregate, Frame, OutcomeSpread, OutcomeTotals};
use crate::model::{OUTCOMES, Outcome, OutcomeKind};

/// The quantiles of a summary.
pub const QUANTILE_LEVELS: [f64; 7] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
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

/// One outcome over all paths. Missing numbers do not exist: a mean of months that some paths never reach, say.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeSummary {
    /// Index of the segment whose outcome it is; none for all together.
    pub segment: Option<usize>,
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The mean; infinite where any path is. Of an outcome that only some paths have (`irr`, `moic`) it is, as all that follows, of
    /// those that have it.
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
    pub reached: Proportion,
}

impl OutcomeSummary {
    /// Whether it is an outcome that every path has, so that its means over two sets of paths can be held side by side.
    pub(crate) fn is_compared(&self) -> bool {
        OUTCOMES.iter().position(|spec| spec.name == self.name).is_none_or(super::is_compared)
    }
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
    pub points: Vec<(f64, Estimate)>,
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

/// How many independent versions of the point set the errors of so many paths come from; none where there are too few.
#[must_use]
pub fn replicates(paths: u64) -> Option<usize> {
    (paths >= super::replicates::FEWEST_PATHS).then_some(crate::lanes::LANES)
}

impl Summary {
    /// The probability of a question, or of its name in the tables; none of one that is left out.
    #[must_use]
    pub fn probability(&self, question: impl AsRef<str>) -> Option<&Proportion> {
        self.probabilities.iter().find(|p| p.name == question.as_ref())
    }

    /// An outcome, or that of its name in the tables, of all segments together.
    #[must_use]
    pub fn outcome(&self, outcome: impl AsRef<str>) -> Option<&OutcomeSummary> {
        self.outcomes.iter().find(|o| o.name == outcome.as_ref() && o.segment.is_none())
    }
}

impl OutcomeSummary {
    /// Its quantile at a level: 0.05, 0.1, 0.25, 0.5, 0.75, 0.9 or 0.95; none at another, or where a month is never reached.
    #[must_use]
    pub fn quantile(&self, level: f64) -> Option<f64> {
        self.quantiles[QUANTILE_LEVELS.iter().position(|known| *known == level)?]
    }
}

/// All that is said of one outcome.
#[derive(Debug)]
pub(crate) struct Digest {
    summary: OutcomeSummary,
    curve: Option<Curve>,
    histogram: Vec<Bin>,
}

impl OutcomeTotals {
    /// Mean and standard deviation over `n` paths, or over those that have such a number; none where one that should be finite is not.
    pub(super) fn mean_and_sd(&self, kind: OutcomeKind, pivot: f64, n: u64) -> (Option<Estimate>, Option<f64>) {
        let finite: u64 = self.finite.iter().sum();
        if kind == OutcomeKind::OnSome && finite < n {
            let sd = self.sd(finite);
            return ((finite > 0).then(|| Estimate::of_some(&self.sums, pivot, &self.finite, sd)), sd);
        }
        let sd = self.sd(n).filter(|_| finite == n);
        ((finite == n).then(|| Estimate::of_mean(&self.sums, pivot, n, || sd)), sd)
    }

    /// The standard deviation of `n` numbers.
    pub(super) fn sd(&self, n: u64) -> Option<f64> {
        let (size, sum) = (n as f64, self.sums.total());
        (n > 1).then(|| libm::sqrt(((self.squares.value() - sum * (sum / size)) / (size - 1.0)).max(0.0)))
    }
}

/// The mean and the standard deviation of numbers, by the very sums of a run: for checks against published ones.
#[cfg(any(feature = "cli", test))]
pub(crate) fn mean_and_sd_of(numbers: &[f64]) -> (f64, f64) {
    use super::{Shape, Wanted};
    use crate::lanes::{LANES, Lanes};

    let shape = Shape { months: 1, target: 1.0, paths: numbers.len() as u64, segments: 0 };
    let mut totals = Aggregate::empty(&Frame::of_pilot(shape, Wanted::Everything)).outcomes.swap_remove(0);
    // As in a run: what is summed are differences to the first.
    let pivot = numbers.first().copied().unwrap_or(0.0);
    for some in numbers.chunks(LANES) {
        let differences = std::array::from_fn(|lane| some.get(lane).map_or(0.0, |x| x - pivot));
        totals.sums.add(Lanes(differences));
        for difference in differences {
            totals.squares.add(difference * difference);
        }
    }
    let n = numbers.len() as u64;
    (pivot + totals.sums.total() / n as f64, totals.sd(n).unwrap_or(f64::NAN))
}

/// The standard deviation of a few numbers.
fn sd_of(numbers: &[f64]) -> Option<f64> {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    (numbers.len() > 1).then(|| libm::sqrt(squares / (n - 1.0)))
}

impl Aggregate {
    /// How many digests there are.
    pub(crate) fn outcome_count(&self) -> usize {
        self.outcomes.len()
    }

    /// All that is said of the outcome at `i`: independent work, for whoever has several processors.
    pub(crate) fn digest(&self, frame: &Frame, i: usize) -> Digest {
        let ((segment, spec), totals, n) = (Frame::outcome_at(i), &self.outcomes[i], self.paths);
        let reached = Proportion::of("", &totals.finite, n);
        let (mean, sd) = totals.mean_and_sd(spec.kind, frame.pivot(i), n);
        let mut summary = OutcomeSummary {
            segment,
            name: spec.name,
            unit: spec.unit,
            mean,
            sd,
            min: None,
            quantiles: [None; 7],
            max: None,
            reached,
        };
        let (mut points, mut histogram) = (None, Vec::new());
        match &totals.spread {
            OutcomeSpread::Numbers(_) if spec.kind == OutcomeKind::OnSome && reached.count == 0 => {}
            OutcomeSpread::Numbers(spread) => {
                let mut numbers = spread.ordered();
                let mut n = n;
                if spec.kind == OutcomeKind::OnSome {
                    (numbers, n) = (numbers.finite(&totals.finite), reached.count);
                } else if mean.is_none() {
                    summary.mean = Some(Estimate::exact(f64::INFINITY));
                }
                summary.quantiles = QUANTILE_LEVELS.map(|p| Some(numbers.quantile(p)));
                let (min, max) = numbers.extremes();
                (summary.min, summary.max) = (Some(min), Some(max));
                if segment.is_none() {
                    points = Some(curve(&numbers, n));
                }
                if i == Outcome::Npv as usize {
                    histogram = bins(&numbers, n);
                }
            }
            OutcomeSpread::Unwanted => {}
            OutcomeSpread::Months(months) => {
                let totals: Vec<u64> = months.iter().map(|tally| tally.iter().sum()).collect();
                let mut by_month = totals.iter().enumerate().filter(|(_, n)| **n > 0).map(|(t, _)| t as f64);
                summary.min = by_month.next();
                summary.max = by_month.next_back().or(summary.min).filter(|_| mean.is_some());
                summary.quantiles = QUANTILE_LEVELS.map(|p| month_at(&totals, n, p));
            }
        }
        let curve = points.map(|points| Curve { outcome: spec.name, unit: spec.unit, points });
        Digest { summary, curve, histogram }
    }

    /// The summary, from the digests of all outcomes in order. `implied` leaves out what is true by construction where the
    /// investment follows from the target.
    pub(crate) fn summary(&self, frame: &Frame, digests: Vec<Digest>, implied: bool) -> Summary {
        let left_out = |q| implied && q == Question::BreakEvenSubscribersAtMostTarget;
        let probabilities = QUESTIONS
            .iter()
            .zip(&self.answers)
            .filter(|((question, _), _)| !left_out(*question))
            .map(|((_, name), yes)| Proportion::of(name, yes, self.paths))
            .collect();
        let mut summary = Summary {
            paths: self.paths,
            months: frame.shape.months,
            outcomes: Vec::new(),
            probabilities,
            monthly: self.monthly(frame),
            timing: self.timing(),
            curves: Vec::new(),
            npv_histogram: Vec::new(),
        };
        for digest in digests {
            summary.outcomes.push(digest.summary);
            summary.curves.extend(digest.curve);
            summary.npv_histogram.extend(digest.histogram);
        }
        summary
    }

    fn monthly(&self, frame: &Frame) -> Vec<MonthSummary> {
        let width = frame.series();
        let of = |(at, (sums, fan)): (usize, (&super::Replicates, &Fan))| {
            let (segment, series) = Frame::series_at(at % width);
            let mean = Estimate::of_mean(sums, frame.month_pivots()[at], self.paths, || sd_of(fan.numbers()?));
            let quantiles = fan.quantiles(frame.windows().get(at)).unwrap_or([mean.value; 5]);
            MonthSummary { month: at / width, segment, series: series.name, unit: series.unit, mean, quantiles }
        };
        let all = self.months.iter().zip(&self.fans).enumerate();
        all.filter(|(at, _)| !frame.has_fans_alone() || super::has_fan(at % width)).map(of).collect()
    }

    fn timing(&self) -> Vec<(&'static str, Vec<Proportion>)> {
        let months_of = |i: usize| match &self.outcomes[i].spread {
            OutcomeSpread::Months(months) => Some(months),
            OutcomeSpread::Numbers(_) | OutcomeSpread::Unwanted => None,
        };
        let by_month = |months: &Vec<Tally>| {
            let mut reached = [0; crate::lanes::LANES];
            let upto = months[1..].iter().map(|tally| {
                super::add(&mut reached, tally);
                Proportion::of("", &reached, self.paths)
            });
            upto.collect()
        };
        (0..OUTCOMES.len()).filter_map(|i| Some((OUTCOMES[i].name, by_month(months_of(i)?)))).collect()
    }
}

/// Quantiles with their errors, closer together in the tails.
fn curve(numbers: &Ordered<'_>, n: u64) -> Vec<(f64, Estimate)> {
    let mut levels: Vec<f64> = (0..=CURVE_STEPS).map(|i| f64::from(i) / f64::from(CURVE_STEPS)).collect();
    levels.extend(TAIL.iter().flat_map(|p| [*p, 1.0 - p]));
    levels.sort_by(f64::total_cmp);
    curve_at(numbers, n, levels)
}

/// Quantiles with their errors at some levels.
pub(super) fn curve_at(numbers: &Ordered<'_>, n: u64, levels: Vec<f64>) -> Vec<(f64, Estimate)> {
    levels.into_iter().map(|p| (p, Estimate::of_quantile(numbers, p, n))).collect()
}

/// Bins of a round width that cover the middle 99% of the paths and reach to zero where some paths lie on either side of
/// it, so that no bin holds gains and losses; the outermost ones reach as far as the paths do. Fewer paths make fewer bins
/// (Rice's rule).
fn bins(numbers: &Ordered<'_>, paths: u64) -> Vec<Bin> {
    let (min, max) = numbers.extremes();
    let n = paths as f64;
    if !(max - min > 0.0) {
        return vec![Bin { low: min, high: max, share: 1.0 }];
    }
    // Where nearly all paths are alike, the few others make the width.
    let (low, high) = (numbers.quantile(0.005), numbers.quantile(0.995));
    let (low, high) = if high > low { (low, high) } else { (min, max) };
    let step = crate::round::step_above((high - low) / (2.0 * libm::cbrt(n)).clamp(4.0, HISTOGRAM_BINS));
    let (mut first, mut last) = ((low / step).floor() as i64 + 1, (high / step).ceil() as i64 - 1);
    if min < 0.0 && max > 0.0 && last.max(0) - first.min(0) <= MOST_BINS {
        (first, last) = (first.min(0), last.max(0));
    }
    let mut edges = vec![min.min(first as f64 * step)];
    edges.extend((first..=last.max(first)).map(|k| k as f64 * step).filter(|&edge| edge > min && edge < max));
    edges.push(max);
    let below: Vec<u64> = edges.iter().map(|&edge| numbers.count_below(edge)).collect();
    let bins = edges.windows(2).zip(below.windows(2)).enumerate();
    let closing = edges.len() - 2;
    bins.map(|(k, (edge, count))| {
        let upto = if k == closing { paths } else { count[1] };
        Bin { low: edge[0], high: edge[1], share: (upto - count[0]) as f64 / n }
    })
    .collect()
}

/// The month at or before which a share `p` of `paths` paths has got there; none where that one never does.
pub(super) fn month_at(counts: &[u64], paths: u64, p: f64) -> Option<f64> {
    Some(Months { counts, paths }.quantile_below(p)).filter(|month| month.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::spread::Spread;
    use super::*;
    use crate::lanes::{LANES, Lanes};

    fn bins_of(numbers: &[f64]) -> Vec<(f64, f64, u64)> {
        let mut spread = Spread::kept();
        for group in numbers.chunks(LANES) {
            let lanes = std::array::from_fn(|lane| group.get(lane).copied().unwrap_or(0.0));
            spread.add(&Lanes(lanes), group.len());
        }
        let n = numbers.len() as u64;
        let count = |share: f64| (share * n as f64).round() as u64;
        bins(&spread.ordered(), n).iter().map(|bin| (bin.low, bin.high, count(bin.share))).collect()
    }

    #[test]
    fn errors_come_from_replicates_where_each_has_two_paths() {
        assert_eq!(
            (replicates(0), replicates(31), replicates(32), replicates(1_000_000)),
            (None, None, Some(16), Some(16))
        );
    }

    #[test]
    fn the_sd_of_a_few_numbers_is_that_of_a_sample() {
        assert_eq!((sd_of(&[1.0, 2.0, 3.0, 4.0, 5.0]), sd_of(&[3.0])), (Some(2.5_f64.sqrt()), None));
    }

    #[test]
    fn the_month_of_a_share_of_paths_that_never_get_there_is_none() {
        let at = |paths, p| month_at(&[0, 3, 0, 1], paths, p);
        assert_eq!([at(4, 0.5), at(4, 1.0), at(5, 1.0), at(5, 0.75)], [Some(1.0), Some(3.0), None, Some(3.0)]);
    }

    #[test]
    fn curves_have_the_tails_of_both_ends() {
        let mut spread = Spread::kept();
        spread.add(&Lanes(std::array::from_fn(|lane| lane as f64)), LANES);
        let levels: Vec<f64> = curve(&spread.ordered(), 16).iter().map(|point| point.0).collect();
        assert!(levels.is_sorted() && levels.first() == Some(&0.0) && levels.last() == Some(&1.0));
        assert!(TAIL.iter().all(|p| levels.contains(p) && levels.contains(&(1.0 - p))));
    }

    #[test]
    fn bins_are_as_wide_as_the_middle_of_the_numbers_asks_for() {
        // 2 ∛1000 = 20 bins for the middle 99%, which is 989 wide: the round width above 49.5 is 50.
        let even: Vec<f64> = (0..1000).map(|i| f64::from(i) - 250.0).collect();
        let expected: Vec<_> = (0..20).map(|k| f64::from(k) * 50.0 - 250.0).map(|low| (low, low + 50.0, 50)).collect();
        let found = bins_of(&even);
        assert_eq!(found[..19], expected[..19]);
        assert_eq!(found[19], (700.0, 749.0, 50));
        // The outermost reach as far as the numbers do, and one of the edges is zero.
        let far: Vec<f64> = (100..1099).map(f64::from).chain([-300.0]).collect();
        let found = bins_of(&far);
        assert_eq!(found[..4], [(-300.0, 0.0, 1), (0.0, 50.0, 0), (50.0, 100.0, 0), (100.0, 150.0, 50)]);
        assert_eq!(found.last(), Some(&(1050.0, 1098.0, 49)));
        assert_eq!(found.iter().map(|bin| bin.2).sum::<u64>(), 1000);
    }

    #[test]
    fn numbers_that_are_nearly_or_quite_alike_have_bins_too() {
        assert_eq!(bins_of(&[7.0; 40]), [(7.0, 7.0, 40)]);
        // One of a thousand is 10, the others 0: the width is that of all, 0.5.
        let mut nearly = vec![0.0; 999];
        nearly.push(10.0);
        let found = bins_of(&nearly);
        assert_eq!((found.len(), found[0], found[19]), (20, (0.0, 0.5, 999), (9.5, 10.0, 1)));
        // Below zero alone, nothing reaches to it.
        let below: Vec<f64> = (0..64).map(|i| f64::from(i) - 1064.0).collect();
        assert!(bins_of(&below).iter().all(|bin| bin.1 <= -1001.0));
    }

    #[test]
    fn the_spread_of_a_few_numbers_is_that_of_a_sample() {
        // 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, over 2.
        assert_eq!(sd_of(&[2.0, 4.0, 9.0]), Some(13.0_f64.sqrt()));
        assert_eq!(sd_of(&[2.0]), None);
    }
}
