//! Checked construction of each distribution from the parameters that a scenario file takes.
//!
//! Conditions are written so that a NaN fails them.

use super::special::{UnitBeta, UnitGamma, normal_cdf};
use super::{Dist, Invalid, Kind, Normal};

/// Φ⁻¹(0.9) and Φ⁻¹(0.95).
const Z90: f64 = 1.281_551_565_544_600_5;
const Z95: f64 = 1.644_853_626_951_472_7;
/// Above it a beta distribution is a normal one to all digits that matter, and its quantiles cost too much.
const LARGEST_BETA: f64 = 1e6;
/// max over y of 1/2 − y − y (1 − y) ln(y / (1 − y)): Keelin's limit for three terms, 1.66711 = 1 / 0.59984.
const METALOG_LIMIT: f64 = 0.599_839_320_128_866_9;

fn invalid<T>(parameter: &'static str, message: String) -> Result<T, Invalid> {
    Err(Invalid { parameter: Some(parameter), message })
}

fn above(parameter: &'static str, value: f64, low_name: &str, low: f64) -> Result<(), Invalid> {
    if value > low {
        return Ok(());
    }
    invalid(parameter, format!("`{parameter}` is {value}, which must be above `{low_name}` ({low})"))
}

fn positive(parameter: &'static str, value: f64) -> Result<(), Invalid> {
    if value > 0.0 {
        return Ok(());
    }
    invalid(parameter, format!("`{parameter}` is {value}, which must be above 0"))
}

fn between(parameter: &'static str, value: f64, min: f64, max: f64) -> Result<(), Invalid> {
    if value >= min && value <= max {
        return Ok(());
    }
    invalid(parameter, format!("`{parameter}` is {value}, which must lie between `min` ({min}) and `max` ({max})"))
}

impl Dist {
    /// Always `value`.
    #[must_use]
    pub const fn constant(value: f64) -> Self {
        Self(Kind::Constant(value))
    }

    /// Equally likely anywhere between `min` and `max`.
    ///
    /// # Errors
    /// Where `max` is not above `min`.
    pub fn uniform(min: f64, max: f64) -> Result<Self, Invalid> {
        above("max", max, "min", min)?;
        Ok(Self(Kind::Uniform { min, max }))
    }

    /// A number whose logarithm is uniform.
    ///
    /// # Errors
    /// Where `min` is not above 0, or `max` not above `min`.
    pub fn log_uniform(min: f64, max: f64) -> Result<Self, Invalid> {
        positive("min", min)?;
        above("max", max, "min", min)?;
        Ok(Self(Kind::LogUniform { ln_min: libm::log(min), ln_max: libm::log(max) }))
    }

    /// Triangular density with its peak at `mode`.
    ///
    /// # Errors
    /// Where `max` is not above `min`, or the mode lies outside.
    pub fn triangular(min: f64, mode: f64, max: f64) -> Result<Self, Invalid> {
        above("max", max, "min", min)?;
        between("mode", mode, min, max)?;
        Ok(Self(Kind::Triangular { min, mode, max }))
    }

    /// PERT: min + (max − min) · Beta(1 + shape·(mode − min)/(max − min), 1 + shape·(max − mode)/(max − min)).
    /// The usual shape is 4; then the mean is (min + 4·mode + max) / 6.
    ///
    /// # Errors
    /// Where `max` is not above `min`, the mode lies outside, or the shape is not above 0.
    pub fn pert(min: f64, mode: f64, max: f64, shape: f64) -> Result<Self, Invalid> {
        above("max", max, "min", min)?;
        between("mode", mode, min, max)?;
        positive("shape", shape)?;
        if shape > LARGEST_BETA {
            return invalid("shape", format!("`shape` is {shape}, which must be at most 1e6"));
        }
        let alpha = 1.0 + shape * (mode - min) / (max - min);
        let beta = 1.0 + shape * (max - mode) / (max - min);
        Ok(Self(Kind::Beta { unit: UnitBeta::new(alpha, beta), min, max }))
    }

    /// Beta(alpha, beta) stretched from \[0, 1\] to \[`min`, `max`\]; a limit not given is 0 or 1.
    ///
    /// # Errors
    /// Where a parameter is not above 0 or above 10⁶, or `max` is not above `min`.
    pub fn beta(alpha: f64, beta: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        for (name, value) in [("alpha", alpha), ("beta", beta)] {
            positive(name, value)?;
            if value > LARGEST_BETA {
                return invalid(name, format!("`{name}` is {value}, which must be at most 1e6: use `normal`"));
            }
        }
        let (low, high) = (min.unwrap_or(0.0), max.unwrap_or(1.0));
        if low >= high {
            let parameter = if max.is_some() { "max" } else { "min" };
            return invalid(parameter, format!("`max` ({high}) must be above `min` ({low})"));
        }
        Ok(Self(Kind::Beta { unit: UnitBeta::new(alpha, beta), min: low, max: high }))
    }

    /// Beta with a mean on \[0, 1\] and a weight `n` of as many observations: alpha = mean·n, beta = (1 − mean)·n.
    ///
    /// # Errors
    /// Where the mean is not between 0 and 1, or as [`Dist::beta`].
    pub fn beta_from_mean(mean: f64, n: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        if !(mean > 0.0 && mean < 1.0) {
            return invalid("mean", format!("`mean` is {mean}, which must lie between 0 and 1"));
        }
        positive("n", n)?;
        Self::beta(mean * n, (1.0 - mean) * n, min, max).map_err(|why| Invalid { parameter: Some("n"), ..why })
    }

    /// Normal; with a limit, the conditional distribution given that it is kept.
    ///
    /// # Errors
    /// Where `sd` is not above 0, or hardly any probability (below 10⁻¹²) is left between the limits.
    pub fn normal(mean: f64, sd: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        positive("sd", sd)?;
        Ok(Self(Kind::Normal(Normal::truncated(mean, sd, min, max)?)))
    }

    /// Normal through two percentiles.
    ///
    /// # Errors
    /// Where the upper one is not above the lower, or as [`Dist::normal`].
    pub fn normal_from_percentiles(
        percentiles: Percentiles,
        min: Option<f64>,
        max: Option<f64>,
    ) -> Result<Self, Invalid> {
        let (mean, sd) = percentiles.normal()?;
        Ok(Self(Kind::Normal(Normal::truncated(mean, sd, min, max)?)))
    }

    /// Log-normal with a median and the standard deviation `sigma` of its logarithm.
    ///
    /// # Errors
    /// Where a parameter is not above 0, or as [`Dist::normal`].
    pub fn log_normal(median: f64, sigma: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        positive("median", median)?;
        positive("sigma", sigma)?;
        Self::log_normal_of(libm::log(median), sigma, min, max)
    }

    /// Log-normal with the mean and standard deviation of the number itself.
    ///
    /// # Errors
    /// As [`Dist::log_normal`].
    pub fn log_normal_from_mean(mean: f64, sd: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        positive("mean", mean)?;
        positive("sd", sd)?;
        let variance = libm::log1p((sd / mean) * (sd / mean));
        Self::log_normal_of(libm::log(mean) - 0.5 * variance, libm::sqrt(variance), min, max)
    }

    /// Log-normal through two percentiles.
    ///
    /// # Errors
    /// Where the lower one is not above 0, the upper not above the lower, or as [`Dist::normal`].
    pub fn log_normal_from_percentiles(
        percentiles: Percentiles,
        min: Option<f64>,
        max: Option<f64>,
    ) -> Result<Self, Invalid> {
        positive(percentiles.names.0, percentiles.low)?;
        above(percentiles.names.1, percentiles.high, percentiles.names.0, percentiles.low)?;
        let logs = Percentiles { low: libm::log(percentiles.low), high: libm::log(percentiles.high), ..percentiles };
        let (mean, sd) = logs.normal()?;
        Self::log_normal_of(mean, sd, min, max)
    }

    fn log_normal_of(mean: f64, sd: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        if let Some(max) = max {
            positive("max", max)?;
        }
        let ln_min = min.filter(|&m| m > 0.0).map(libm::log);
        let normal = Normal::truncated(mean, sd, ln_min, max.map(libm::log))?;
        Ok(Self(Kind::LogNormal { normal }))
    }

    /// Gamma with a mean and a standard deviation.
    ///
    /// # Errors
    /// Where one is not above 0, or their ratio outside 10⁻³ … 10².
    pub fn gamma(mean: f64, sd: f64) -> Result<Self, Invalid> {
        positive("mean", mean)?;
        positive("sd", sd)?;
        let ratio = sd / mean;
        if !(1e-3..=1e2).contains(&ratio) {
            return invalid("sd", format!("`sd` is {sd}, which must lie between 0.001 and 100 times `mean` ({mean})"));
        }
        let shape = 1.0 / (ratio * ratio);
        Ok(Self(Kind::Gamma { unit: UnitGamma::new(shape), shape, scale: mean / shape }))
    }

    /// Keelin's metalog with three terms through the 10th, 50th and 90th percentile, on the logarithm of the
    /// distance to a limit where one is given, on the log-odds where both are.
    ///
    /// # Errors
    /// Where the percentiles are not increasing, lie outside the limits, or are so skewed that no increasing
    /// quantile function of three terms goes through them.
    pub fn metalog(p10: f64, p50: f64, p90: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        above("p50", p50, "p10", p10)?;
        above("p90", p90, "p50", p50)?;
        if let Some(min) = min {
            above("p10", p10, "min", min)?;
        }
        if let Some(max) = max {
            above("max", max, "p90", p90)?;
        }
        let [low, middle, high] = [p10, p50, p90].map(|x| match (min, max) {
            (None, None) => x,
            (Some(min), None) => libm::log(x - min),
            (None, Some(max)) => -libm::log(max - x),
            (Some(min), Some(max)) => libm::log((x - min) / (max - x)),
        });
        let ln9 = libm::log(9.0);
        let a = [middle, (high - low) / (2.0 * ln9), (high + low - 2.0 * middle) / (0.8 * ln9)];
        if !(a[2].abs() * METALOG_LIMIT < a[1]) {
            return invalid(
                "p50",
                format!(
                    "no metalog of three terms goes through {p10}, {p50}, {p90}: too skewed (`p50` must be nearer the middle{})",
                    if min.is_none() && max.is_none() { ", or give `min` or `max`" } else { "" }
                ),
            );
        }
        Ok(Self(Kind::Metalog { a, min, max }))
    }

    /// One of `values`, with chances in proportion to `weights` (equal where none are given).
    ///
    /// # Errors
    /// Where there is no value, a weight is negative, all are 0, or there are not as many as values.
    pub fn discrete(values: &[f64], weights: Option<&[f64]>) -> Result<Self, Invalid> {
        if values.is_empty() {
            return invalid("values", "`values` is empty: give at least one number".into());
        }
        let equal = vec![1.0; values.len()];
        let weights = weights.unwrap_or(&equal);
        if weights.len() != values.len() {
            let message = format!("{} weights for {} values: give one for each", weights.len(), values.len());
            return invalid("weights", message);
        }
        if let Some(bad) = weights.iter().find(|w| !(**w >= 0.0)) {
            return invalid("weights", format!("a weight is {bad}, which must not be negative"));
        }
        let mut pairs: Vec<_> = values.iter().copied().zip(weights.iter().copied()).filter(|p| p.1 > 0.0).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        // The same sums above and below the line, so that half of equal weights is exactly a half.
        let mut total = 0.0;
        let sums: Vec<f64> = pairs
            .iter()
            .map(|(_, weight)| {
                total += weight;
                total
            })
            .collect();
        if !(total > 0.0 && total.is_finite()) {
            return invalid("weights", format!("the weights sum to {total}: expected a number above 0"));
        }
        let values = pairs.iter().map(|pair| pair.0).collect();
        let cumulative = sums.iter().map(|sum| sum / total).collect();
        Ok(Self(Kind::Discrete { values, cumulative }))
    }

    /// Equally likely observations, interpolated: the quantile at u is linear at (n − 1)·u of the sorted values.
    ///
    /// # Errors
    /// Where there is no value.
    pub fn empirical(values: &[f64]) -> Result<Self, Invalid> {
        if values.is_empty() {
            return invalid("values", "`values` is empty: give at least one number".into());
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        Ok(Self(Kind::Empirical { sorted }))
    }
}

/// Two percentiles that lie the same distance from the median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    names: (&'static str, &'static str),
    low: f64,
    high: f64,
    score: f64,
}

impl Percentiles {
    /// The 10th and the 90th.
    #[must_use]
    pub const fn p10_p90(low: f64, high: f64) -> Self {
        Self { names: ("p10", "p90"), low, high, score: Z90 }
    }

    /// The 5th and the 95th: 1 and 10 give a normal with mean 5.5 and standard deviation 2.735806.
    #[must_use]
    pub const fn p05_p95(low: f64, high: f64) -> Self {
        Self { names: ("p05", "p95"), low, high, score: Z95 }
    }

    /// Mean and standard deviation of the normal distribution through them.
    fn normal(self) -> Result<(f64, f64), Invalid> {
        above(self.names.1, self.high, self.names.0, self.low)?;
        Ok((0.5 * (self.low + self.high), (self.high - self.low) / (2.0 * self.score)))
    }
}

impl Normal {
    fn truncated(mean: f64, sd: f64, min: Option<f64>, max: Option<f64>) -> Result<Self, Invalid> {
        let normal = Self { mean, sd, min: min.unwrap_or(f64::NEG_INFINITY), max: max.unwrap_or(f64::INFINITY) };
        if normal.min >= normal.max {
            return invalid("max", "`max` must be above `min`".into());
        }
        if normal.kept() < 1e-12 {
            let parameter = if min.is_some() { "min" } else { "max" };
            return invalid(
                parameter,
                "hardly any probability (less than 1e-12) is left between `min` and `max`".into(),
            );
        }
        Ok(normal)
    }

    /// The probability that the limits keep, computed in the tail where it is not rounded away.
    pub(super) fn kept(&self) -> f64 {
        let (a, b) = ((self.min - self.mean) / self.sd, (self.max - self.mean) / self.sd);
        if a > 0.0 { normal_cdf(-a) - normal_cdf(-b) } else { normal_cdf(b) - normal_cdf(a) }
    }
}
