//! Distributions between two ends, which the sample and the input's range set: the search for the likeliest ones.

use super::newton::most_likely;
use super::shapes::{Sample, Shape, ShapeFit, fit_of, ln_beta};
use crate::distribution::Dist;
use crate::scenario::keys::Range;

/// Steps to a side of the first grid in a search for the best ends of a distribution, and of the finer ones, each a third as wide.
const WIDE_STEPS: u32 = 32;
const STEPS: u32 = 12;
/// Grids until the ends are known to a billionth.
const ZOOMS: usize = 20;

/// The extremes of the sample: no wider interval is as likely.
pub(super) fn uniform(sample: &Sample) -> Option<ShapeFit> {
    let (min, max) = sample.ends();
    let log = -sample.n() * libm::log(max - min);
    fit_of(Shape::Uniform, vec![("min", min, None), ("max", max, None)], log, Dist::uniform(min, max).ok())
}

pub(super) fn log_uniform(sample: &Sample) -> Option<ShapeFit> {
    let (min, max) = sample.ends();
    let log = -sample.n() * libm::log(libm::log(max / min)) - sample.sum(libm::log);
    fit_of(Shape::LogUniform, vec![("min", min, None), ("max", max, None)], log, Dist::log_uniform(min, max).ok())
}

/// Where a function of two parameters is largest in a square: the best point of a grid, then of finer ones around it. It may have several
/// peaks, as long as the first grid meets the highest.
fn highest(of: impl Fn([f64; 2]) -> f64, [mut first, mut second]: [(f64, f64); 2]) -> [f64; 2] {
    let mut best = (f64::NEG_INFINITY, [first.0, second.0]);
    for zoom in 0..ZOOMS {
        let steps = if zoom == 0 { WIDE_STEPS } else { STEPS };
        let at = |(low, high): (f64, f64), i: u32| low + (high - low) * f64::from(i) / f64::from(steps);
        for (i, j) in (0..=steps).flat_map(|i| (0..=steps).map(move |j| (i, j))) {
            let point = [at(first, i), at(second, j)];
            let height = of(point);
            if height > best.0 {
                best = (height, point);
            }
        }
        let around = |(low, high): (f64, f64), x: f64| {
            let step = 2.0 * (high - low) / f64::from(steps);
            ((x - step).max(low), (x + step).min(high))
        };
        (first, second) = (around(first, best.1[0]), around(second, best.1[1]));
    }
    best.1
}

/// Given its ends, a triangular distribution is most likely with its peak at one of the numbers (Oliver, "A maximum likelihood oddity",
/// 1972).
fn triangular_at(sample: &Sample, min: f64, max: f64) -> (f64, f64) {
    let n = sample.sorted.len();
    let mut below = 0.0;
    let mut above = sample.sum(|x| libm::log(max - x));
    let mut best = (f64::NEG_INFINITY, min);
    for (i, x) in sample.sorted.iter().enumerate() {
        // Those up to this one lie on the rising side, which passes through 1 here.
        above -= libm::log(max - x);
        below += libm::log(x - min);
        let rising = below - (i + 1) as f64 * libm::log(x - min);
        let falling = above - (n - i - 1) as f64 * libm::log(max - x);
        if rising + falling > best.0 {
            best = (rising + falling, *x);
        }
    }
    (best.0 + n as f64 * libm::log(2.0 / (max - min)), best.1)
}

pub(super) fn triangular(sample: &Sample) -> Option<ShapeFit> {
    let (first, last) = sample.ends();
    let width = last - first;
    // How far the ends lie beyond the sample, by logarithm: from a millionth of its width to ten times, or to where the range ends.
    let reach = |room: f64| (libm::log((1e-6 * width).min(0.5 * room)), libm::log((10.0 * width).min(room)));
    let ends =
        |[u, v]: [f64; 2]| ((first - libm::exp(u)).max(sample.range.low), (last + libm::exp(v)).min(sample.range.high));
    let at = |beyond: [f64; 2]| {
        let (min, max) = ends(beyond);
        triangular_at(sample, min, max)
    };
    let best = highest(|beyond| at(beyond).0, [reach(first - sample.range.low), reach(sample.range.high - last)]);
    // A skewed sample may be likeliest with the peak at an end, which then is the sample's own.
    let ((min, max), (log, mode)) = (ends(best), at(best));
    let parameters = vec![("min", min, None), ("mode", mode, None), ("max", max, None)];
    fit_of(Shape::Triangular, parameters, log, Dist::triangular(min, mode, max).ok())
}

pub(super) fn pert(sample: &Sample) -> Option<ShapeFit> {
    let (first, last) = sample.ends();
    let Range { low, high, .. } = sample.range;
    let width = last - first;
    let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    let log = |[min, mode, max]: [f64; 3]| {
        let alpha = 1.0 + 4.0 * (mode - min) / (max - min);
        let beta = 6.0 - alpha;
        let each = |x: f64| (alpha - 1.0) * libm::log(x - min) + (beta - 1.0) * libm::log(max - x);
        sample.sum(each) - sample.n() * (5.0 * libm::log(max - min) + ln_beta(alpha, beta))
    };
    // Ends that are free, unless the range stops them; then they lie where it ends.
    let mut stopped = [None, None];
    loop {
        let free: Vec<usize> = (0..2).filter(|i| stopped[*i].is_none()).collect();
        let of = |at: &[f64]| {
            let beyond = |i: usize| free.iter().position(|k| *k == i).map(|k| width * libm::exp(at[k]));
            let min = stopped[0].or(beyond(0).map(|by| first - by)).unwrap_or(first);
            let max = stopped[1].or(beyond(1).map(|by| last + by)).unwrap_or(last);
            [min, min + (max - min) * logistic(at[free.len()]), max]
        };
        let start: Vec<f64> = free.iter().map(|_| libm::log(0.3)).chain([0.0]).collect();
        let found = most_likely(|at| log(of(at)), &start)?;
        // An end that runs away is none.
        if found.at[..free.len()].iter().any(|by| *by > 3.0) {
            return None;
        }
        let [min, mode, max] = of(&found.at);
        if min >= low && max <= high {
            let parameters = vec![("min", min, None), ("mode", mode, None), ("max", max, None)];
            return fit_of(Shape::Pert, parameters, log([min, mode, max]), Dist::pert(min, mode, max, 4.0).ok());
        }
        stopped = [stopped[0].or((min < low).then_some(low)), stopped[1].or((max > high).then_some(high))];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_is_the_likeliest_of_several_peaks() {
        // A search that takes the likelihood to have one peak ends at −15.546.
        let sorted = vec![8.1, 8.9, 9.4, 9.7, 10.0, 10.2, 10.5, 11.0, 11.6, 12.3];
        let free = Range { low: f64::NEG_INFINITY, low_open: true, high: f64::INFINITY, high_open: true };
        let fit = Shape::Triangular.fit(&Sample { sorted, range: free }).unwrap();
        assert!((fit.log_likelihood + 15.397_018).abs() < 5e-6, "{fit:?}");
    }
}
