//! Each distribution of the scenario format, fitted to a sample by maximum likelihood.

use super::between::{log_uniform, pert, triangular, uniform};
use super::newton::most_likely;
use crate::distribution::{Dist, normal_cdf};
use crate::scenario::keys::Range;

/// Where there is no likelihood.
const WORST: f64 = -1e300;
/// ln √(2π).
const LN_SQRT_TAU: f64 = 0.918_938_533_204_672_8;

/// The distributions that have a density, so that they can be ranked; in the order of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Between two ends, all alike.
    Uniform,
    /// … by its logarithm.
    LogUniform,
    /// Between two ends with a peak.
    Triangular,
    /// PERT of shape 4.
    Pert,
    /// Normal, cut off where the input's range ends.
    Normal,
    /// A number whose logarithm is normal.
    LogNormal,
    /// Beta on 0 to 1.
    Beta,
    /// Gamma.
    Gamma,
    /// Keelin's metalog of three terms.
    Metalog,
}

/// A parameter with the standard deviation of its error, where that is known.
pub type Parameter = (&'static str, f64, Option<f64>);

/// A distribution at its greatest likelihood.
#[derive(Clone, Debug, PartialEq)]
pub struct ShapeFit {
    /// Which it is.
    pub shape: Shape,
    /// Its parameters as a scenario writes them.
    pub parameters: Vec<Parameter>,
    /// Ends that the input's range sets.
    pub(super) limits: Vec<(&'static str, f64)>,
    /// The logarithm of the likelihood.
    pub log_likelihood: f64,
    /// The distribution.
    pub dist: Dist,
}

impl ShapeFit {
    /// Akaike's criterion, 2k − 2 ln L: the lower, the better.
    #[must_use]
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters.len() as f64 - 2.0 * self.log_likelihood
    }
}

/// A sample in order, and where the input may lie.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) sorted: Vec<f64>,
    pub(super) range: Range,
}

impl Sample {
    pub(super) fn n(&self) -> f64 {
        self.sorted.len() as f64
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }

    pub(super) fn sum(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.sorted.iter().map(|x| of(*x)).sum()
    }

    fn sum_in_order(&self, mut of: impl FnMut(f64) -> f64) -> f64 {
        self.sorted.iter().fold(0.0, |sum, x| sum + of(*x))
    }

    /// Mean and standard deviation (by n) of a function of the numbers.
    fn moments(&self, of: impl Fn(f64) -> f64) -> (f64, f64) {
        let mean = self.sum(&of) / self.n();
        (mean, libm::sqrt(self.sum(|x| (of(x) - mean) * (of(x) - mean)) / self.n()))
    }

    fn quantile(&self, p: f64) -> f64 {
        crate::aggregate::quantile_of(&self.sorted, p)
    }
}

impl Shape {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Uniform,
        Self::LogUniform,
        Self::Triangular,
        Self::Pert,
        Self::Normal,
        Self::LogNormal,
        Self::Beta,
        Self::Gamma,
        Self::Metalog,
    ];

    /// As a scenario writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::LogUniform => "log_uniform",
            Self::Triangular => "triangular",
            Self::Pert => "pert",
            Self::Normal => "normal",
            Self::LogNormal => "log_normal",
            Self::Beta => "beta",
            Self::Gamma => "gamma",
            Self::Metalog => "metalog",
        }
    }

    /// Fits it; or says why it cannot be.
    pub(super) fn fit(self, sample: &Sample) -> Result<ShapeFit, String> {
        let (first, last) = sample.ends();
        let positive = matches!(self, Self::LogUniform | Self::LogNormal | Self::Gamma);
        if positive && first <= 0.0 {
            return Err(format!("takes numbers above 0, and the smallest is {first}"));
        }
        if self == Self::Beta && !(first > 0.0 && last < 1.0) {
            return Err(format!("takes numbers between 0 and 1, and they reach from {first} to {last}"));
        }
        let Range { low, high, .. } = sample.range;
        let beyond = matches!(self, Self::Triangular | Self::Pert | Self::Metalog);
        if let Some(end) = [(first, low), (last, high)].iter().find(|(x, end)| beyond && x == end) {
            return Err(format!(
                "reaches beyond the numbers, and one lies where the range of the input ends: {}",
                end.0
            ));
        }
        let fit = match self {
            Self::Uniform => uniform(sample),
            Self::LogUniform => log_uniform(sample),
            Self::Triangular => triangular(sample),
            Self::Pert => pert(sample),
            Self::Normal => normal(sample),
            Self::LogNormal => log_normal(sample),
            Self::Beta => beta(sample),
            Self::Gamma => gamma(sample),
            Self::Metalog => metalog(sample),
        };
        let fit = fit.ok_or("has no greatest likelihood on these numbers inside its parameters' ranges")?;
        if !sample.range.holds(&fit.dist) {
            return Err("reaches beyond the range of the input".to_owned());
        }
        Ok(fit)
    }
}

pub(super) fn fit_of(
    shape: Shape,
    parameters: Vec<Parameter>,
    log_likelihood: f64,
    dist: Option<Dist>,
) -> Option<ShapeFit> {
    let sane = log_likelihood > WORST && parameters.iter().all(|parameter| parameter.1.is_finite());
    Some(ShapeFit { shape, parameters, limits: Vec::new(), log_likelihood, dist: dist.filter(|_| sane)? })
}

pub(super) fn ln_beta(alpha: f64, beta: f64) -> f64 {
    libm::lgamma(alpha) + libm::lgamma(beta) - libm::lgamma(alpha + beta)
}

/// The log likelihood of a normal sample that is cut off at two ends.
fn normal_log(sample: &Sample, of: impl Fn(f64) -> f64, (mean, sd): (f64, f64), (low, high): (f64, f64)) -> f64 {
    let z = |x: f64| (x - mean) / sd;
    let inside = normal_cdf(z(high)) - normal_cdf(z(low));
    let squares = sample.sum(|x| z(of(x)) * z(of(x)));
    -0.5 * squares - sample.n() * (libm::log(sd) + LN_SQRT_TAU + libm::log(inside))
}

/// Mean and standard deviation of a normal distribution cut off at two ends, with the errors of the mean and of ln sd.
fn normal_of(sample: &Sample, of: impl Fn(f64) -> f64 + Copy, ends: (f64, f64)) -> Option<[f64; 5]> {
    let (mean, sd) = sample.moments(of);
    let log = |at: &[f64]| normal_log(sample, of, (mean + sd * at[0], sd * libm::exp(at[1])), ends);
    let found = most_likely(log, &[0.0, 0.0])?;
    let errors = [0, 1].map(|i| libm::sqrt(found.covariance[i][i]));
    Some([mean + sd * found.at[0], sd * libm::exp(found.at[1]), sd * errors[0], errors[1], log(&found.at)])
}

fn normal(sample: &Sample) -> Option<ShapeFit> {
    let (low, high) = (sample.range.low, sample.range.high);
    let [mean, sd, mean_error, log_error, log] = normal_of(sample, |x| x, (low, high))?;
    let [min, max] = [low, high].map(|end| Some(end).filter(|end| end.is_finite()));
    let parameters = vec![("mean", mean, Some(mean_error)), ("sd", sd, Some(sd * log_error))];
    let mut fit = fit_of(Shape::Normal, parameters, log, Dist::normal(mean, sd, min, max).ok())?;
    fit.limits = [("min", min), ("max", max)].into_iter().filter_map(|(name, end)| Some((name, end?))).collect();
    Some(fit)
}

fn log_normal(sample: &Sample) -> Option<ShapeFit> {
    let max = Some(sample.range.high).filter(|end| end.is_finite());
    let ends = (f64::NEG_INFINITY, max.map_or(f64::INFINITY, libm::log));
    let [mean, sigma, mean_error, log_error, log] = normal_of(sample, libm::log, ends)?;
    let median = libm::exp(mean);
    let parameters = vec![("median", median, Some(median * mean_error)), ("sigma", sigma, Some(sigma * log_error))];
    // The density of x is that of its logarithm over x.
    let log = log - sample.sum(libm::log);
    let mut fit = fit_of(Shape::LogNormal, parameters, log, Dist::log_normal(median, sigma, None, max).ok())?;
    fit.limits = max.map(|max| ("max", max)).into_iter().collect();
    Some(fit)
}

fn beta(sample: &Sample) -> Option<ShapeFit> {
    let (logs, others) = (sample.sum(libm::log), sample.sum(|x| libm::log1p(-x)));
    let log = |at: &[f64]| {
        let (alpha, beta) = (libm::exp(at[0]), libm::exp(at[1]));
        (alpha - 1.0) * logs + (beta - 1.0) * others - sample.n() * ln_beta(alpha, beta)
    };
    let (mean, sd) = sample.moments(|x| x);
    let size = (mean * (1.0 - mean) / (sd * sd) - 1.0).max(0.1);
    let found = most_likely(log, &[libm::log(mean * size), libm::log((1.0 - mean) * size)])?;
    let [alpha, beta] = [0, 1].map(|i| libm::exp(found.at[i]));
    let error = |i: usize, value: f64| Some(value * libm::sqrt(found.covariance[i][i]));
    let parameters = vec![("alpha", alpha, error(0, alpha)), ("beta", beta, error(1, beta))];
    fit_of(Shape::Beta, parameters, log(&found.at), Dist::beta(alpha, beta, None, None).ok())
}

fn gamma(sample: &Sample) -> Option<ShapeFit> {
    let (mean, sd) = sample.moments(|x| x);
    let logs = sample.sum(libm::log);
    // The mean is that of the sample at any shape.
    let log = |at: &[f64]| {
        let shape = libm::exp(at[0]);
        let scale = mean / shape;
        (shape - 1.0) * logs - sample.n() * (shape + libm::lgamma(shape) + shape * libm::log(scale))
    };
    let found = most_likely(log, &[2.0 * libm::log(mean / sd)])?;
    let (shape, error) = (libm::exp(found.at[0]), libm::sqrt(found.covariance[0][0]));
    let sd = mean / libm::sqrt(shape);
    let mean_error = sd / libm::sqrt(sample.n());
    // sd is mean / √shape, and both move it.
    let relative = libm::hypot(0.5 * error, mean_error / mean);
    let parameters = vec![("mean", mean, Some(mean_error)), ("sd", sd, Some(sd * relative))];
    fit_of(Shape::Gamma, parameters, log(&found.at), Dist::gamma(mean, sd).ok())
}

fn metalog(sample: &Sample) -> Option<ShapeFit> {
    let [low, high] = [sample.range.low, sample.range.high].map(|end| Some(end).filter(|end| end.is_finite()));
    let start = [0.1, 0.5, 0.9].map(|p| sample.quantile(p));
    if !(start[0] < start[1] && start[1] < start[2]) {
        return None;
    }
    let log_density = |dist: &Dist| {
        // The sample is in order, so each number is looked for from the one before; in the log odds, where the quantile function is smooth.
        let at = |odds: f64| dist.quantile(1.0 / (1.0 + libm::exp(-odds)));
        let mut odds = -5.0;
        sample.sum_in_order(|x| {
            let (mut slope, mut found) = (f64::NAN, false);
            for _ in 0..50 {
                slope = (at(odds + 1e-5) - at(odds - 1e-5)) / 2e-5;
                let step = ((x - at(odds)) / slope).clamp(-2.0, 2.0);
                odds = (odds + step).clamp(-30.0, 30.0);
                if step.abs() < 1e-10 {
                    found = true;
                    break;
                }
            }
            if !found {
                return f64::NAN;
            }
            // One over the slope of the quantile function: that in the log odds is u (1 − u) times as steep.
            let u = 1.0 / (1.0 + libm::exp(-odds));
            libm::log(u * (1.0 - u) / slope)
        })
    };
    let of = |at: &[f64]| {
        let middle = start[1] + at[0] * (start[2] - start[0]);
        let (down, up) = ((start[1] - start[0]) * libm::exp(at[1]), (start[2] - start[1]) * libm::exp(at[2]));
        [middle - down, middle, middle + up]
    };
    let built = |at: &[f64]| {
        let [p10, p50, p90] = of(at);
        Dist::metalog(p10, p50, p90, low, high).ok()
    };
    let log = |at: &[f64]| built(at).map(|dist| log_density(&dist)).filter(|log| log.is_finite()).unwrap_or(WORST);
    let found = most_likely(log, &[0.0, 0.0, 0.0])?;
    let [p10, p50, p90] = of(&found.at);
    let parameters = vec![("p10", p10, None), ("p50", p50, None), ("p90", p90, None)];
    let mut fit = fit_of(Shape::Metalog, parameters, log(&found.at), built(&found.at))?;
    fit.limits = [("min", low), ("max", high)].into_iter().filter_map(|(name, end)| Some((name, end?))).collect();
    Some(fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 800;

    /// The middles of N parts of equal probability: as near to a distribution as N numbers can be.
    fn sample(dist: &Dist) -> Sample {
        let range = Range { low: f64::NEG_INFINITY, low_open: true, high: f64::INFINITY, high_open: true };
        Sample { sorted: (0..N).map(|i| dist.quantile((i as f64 + 0.5) / N as f64)).collect(), range }
    }

    #[test]
    fn each_finds_the_parameters_that_made_the_numbers_and_is_the_best_of_all_or_nearly() {
        let made: [(Shape, Dist, &[f64], f64); 9] = [
            (Shape::Uniform, Dist::uniform(2.0, 5.0).unwrap(), &[2.0, 5.0], 0.01),
            (Shape::LogUniform, Dist::log_uniform(1.0, 100.0).unwrap(), &[1.0, 100.0], 0.01),
            (Shape::Triangular, Dist::triangular(5.0, 7.0, 15.0).unwrap(), &[5.0, 7.0, 15.0], 0.02),
            (Shape::Pert, Dist::pert(1.0, 2.0, 6.0, 4.0).unwrap(), &[1.0, 2.0, 6.0], 0.03),
            (Shape::Normal, Dist::normal(10.0, 2.0, None, None).unwrap(), &[10.0, 2.0], 0.01),
            (Shape::LogNormal, Dist::log_normal(9.0, 0.5, None, None).unwrap(), &[9.0, 0.5], 0.01),
            (Shape::Beta, Dist::beta(6.0, 3.0, None, None).unwrap(), &[6.0, 3.0], 0.02),
            (Shape::Gamma, Dist::gamma(2.0, 1.0).unwrap(), &[2.0, 1.0], 0.01),
            (Shape::Metalog, Dist::metalog(8.0, 29.0, 44.0, None, None).unwrap(), &[8.0, 29.0, 44.0], 0.02),
        ];
        for (shape, dist, expected, within) in made {
            let sample = sample(&dist);
            let fit = shape.fit(&sample).unwrap_or_else(|why| panic!("{} {why}", shape.name()));
            for ((name, found, _), value) in fit.parameters.iter().zip(expected) {
                assert!((found / value - 1.0).abs() < within, "{}: {name} is {found}, not {value}", shape.name());
            }
            let others = Shape::ALL.into_iter().filter_map(|other| Some((other, other.fit(&sample).ok()?.aic())));
            for (other, aic) in others {
                assert!(fit.aic() < aic + 2.5, "{} instead of {}: {aic}, {}", other.name(), shape.name(), fit.aic());
            }
        }
    }

    #[test]
    fn a_normal_has_the_likelihood_of_the_textbook_and_errors_of_a_sample() {
        let sample = sample(&Dist::normal(10.0, 2.0, None, None).unwrap());
        let fit = Shape::Normal.fit(&sample).unwrap();
        let (mean, sd) = sample.moments(|x| x);
        // n ln(2π e σ²) + 2k.
        let aic = N as f64 * (2.0 * LN_SQRT_TAU + 1.0 + 2.0 * libm::log(sd)) + 4.0;
        assert!((fit.aic() - aic).abs() < 1e-6, "{} {aic}", fit.aic());
        assert!((fit.parameters[0].1 - mean).abs() < 1e-6 && (fit.parameters[1].1 - sd).abs() < 1e-6);
        // σ/√n and σ/√(2n).
        let root = libm::sqrt(N as f64);
        assert!((fit.parameters[0].2.unwrap() / (sd / root) - 1.0).abs() < 1e-3);
        assert!((fit.parameters[1].2.unwrap() / (sd / root / std::f64::consts::SQRT_2) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn a_gamma_solves_the_equation_of_its_likelihood() {
        // ln k − ψ(k) = ln mean(x) − mean(ln x).
        let sample = sample(&Dist::gamma(3.0, 2.0).unwrap());
        let fit = Shape::Gamma.fit(&sample).unwrap();
        let k = (fit.parameters[0].1 / fit.parameters[1].1) * (fit.parameters[0].1 / fit.parameters[1].1);
        let digamma = (libm::lgamma(k + 1e-5) - libm::lgamma(k - 1e-5)) / 2e-5;
        let right = libm::log(sample.moments(|x| x).0) - sample.moments(libm::log).0;
        assert!((libm::log(k) - digamma - right).abs() < 1e-7, "{k}");
    }

    #[test]
    fn ends_that_the_range_stops_have_the_likelihood_of_what_is_printed() {
        let range = Range { low: 0.0, low_open: false, high: 1.0, high_open: false };
        let whole = sample(&Dist::triangular(0.0, 0.05, 1.0).unwrap());
        let near: Vec<f64> = whole.sorted.iter().map(|x| 0.001 + 0.998 * x).collect();
        for shape in [Shape::Triangular, Shape::Pert] {
            let fit =
                shape.fit(&Sample { sorted: near.clone(), range }).unwrap_or_else(|why| panic!("{shape:?} {why}"));
            let [min, mode, max] = [0, 1, 2].map(|i| fit.parameters[i].1);
            assert!(min >= 0.0 && max <= 1.0 && min <= mode && mode < max, "{fit:?}");
            assert!(shape != Shape::Pert || min == 0.0, "the range has stopped no end: {fit:?}");
            // The density by the slope of the quantile function, without the formula.
            let slope = |x: f64| {
                let below = |y: f64| {
                    let (mut low, mut high) = (0.0, 1.0);
                    for _ in 0..60 {
                        let middle = 0.5 * (low + high);
                        if fit.dist.quantile(middle) < y { low = middle } else { high = middle }
                    }
                    low
                };
                (below(x + 1e-5) - below(x - 1e-5)) / 2e-5
            };
            let log: f64 = near.iter().map(|x| libm::log(slope(*x))).sum();
            assert!((log - fit.log_likelihood).abs() < 0.05, "{shape:?}: {log}, not {}", fit.log_likelihood);
        }
        for shape in [Shape::Triangular, Shape::Pert, Shape::Metalog] {
            let why = shape.fit(&Sample { sorted: (0..10).map(|i| f64::from(i) / 20.0).collect(), range }).unwrap_err();
            assert!(why.contains("where the range of the input ends: 0"), "{why}");
        }
    }

    #[test]
    fn a_normal_that_the_range_cuts_off_is_the_one_before_the_cut() {
        let whole = Dist::normal(0.3, 0.4, Some(0.0), Some(1.0)).unwrap();
        let range = Range { low: 0.0, low_open: false, high: 1.0, high_open: false };
        let fit = Shape::Normal.fit(&Sample { range, ..sample(&whole) }).unwrap();
        assert!((fit.parameters[0].1 - 0.3).abs() < 0.03 && (fit.parameters[1].1 - 0.4).abs() < 0.03, "{fit:?}");
        assert_eq!(fit.limits, [("min", 0.0), ("max", 1.0)]);
        let why = Shape::Gamma.fit(&Sample { range, ..sample(&whole) }).unwrap_err();
        assert!(why.contains("range"), "{why}");
        assert!(Shape::Beta.fit(&sample(&Dist::uniform(2.0, 5.0).unwrap())).unwrap_err().contains("between 0 and 1"));
    }
}
