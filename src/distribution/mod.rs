//! Probability distributions: checked construction, exact quantile function, mean.
//!
//! A distribution does not know what its number means. Everything goes through the quantile function, so that
//! every sampler and every correlation works with every distribution.
//!
//! ```
//! use breakeven::distribution::Dist;
//!
//! // Uniform on $5 to $10: the 20th percentile is 5 + 0.2 * (10 - 5) = 6.
//! let price = Dist::uniform(5.0, 10.0)?;
//! assert!((price.quantile(0.2) - 6.0).abs() < 1e-12);
//! assert_eq!(price.mean(), 7.5);
//! # Ok::<(), breakeven::distribution::Invalid>(())
//! ```

mod construct;
mod quantile;
pub(crate) mod special;
mod table;
mod widen;

pub use construct::Percentiles;
use special::{UnitBeta, UnitGamma};
pub(crate) use special::{normal_cdf, normal_quantile};
pub(crate) use table::Drawer;

/// A probability distribution of one input; a constant is the degenerate one.
#[derive(Clone, Debug, PartialEq)]
pub struct Dist(Kind);

/// The families. `Beta` also holds PERT, which is a beta distribution stretched over \[min, max\].
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Constant(f64),
    Uniform {
        min: f64,
        max: f64,
    },
    LogUniform {
        ln_min: f64,
        ln_max: f64,
    },
    Triangular {
        min: f64,
        mode: f64,
        max: f64,
    },
    Beta {
        unit: UnitBeta,
        min: f64,
        max: f64,
    },
    Normal(Normal),
    /// `normal` is the distribution of the logarithm; its limits are logarithms too.
    LogNormal {
        normal: Normal,
    },
    Gamma {
        unit: UnitGamma,
        shape: f64,
        scale: f64,
    },
    Metalog {
        a: [f64; 3],
        min: Option<f64>,
        max: Option<f64>,
    },
    Discrete {
        values: Vec<f64>,
        cumulative: Vec<f64>,
    },
    Empirical {
        sorted: Vec<f64>,
    },
}

/// A normal distribution, possibly truncated; −∞ and ∞ where it is not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Normal {
    mean: f64,
    sd: f64,
    min: f64,
    max: f64,
}

/// Why a distribution cannot be built: the parameter to look at and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// The parameter's name as in a scenario file; none where it is about several of them.
    pub parameter: Option<&'static str>,
    /// What was found and what is accepted.
    pub message: String,
}

impl Dist {
    /// Whether every draw is the same number.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.0, Kind::Constant(_))
    }

    /// Whether no single number has a probability of its own.
    #[must_use]
    pub fn is_continuous(&self) -> bool {
        !matches!(self.0, Kind::Constant(_) | Kind::Discrete { .. } | Kind::Empirical { .. })
    }

    /// The number, where it is one.
    #[must_use]
    pub fn constant_value(&self) -> Option<f64> {
        if let Kind::Constant(value) = self.0 { Some(value) } else { None }
    }

    /// The smallest and largest value that can be drawn: the quantiles 2⁻⁵³ from either end.
    #[must_use]
    pub fn support(&self) -> (f64, f64) {
        (self.tail_quantile(special::U_MIN, false), self.tail_quantile(special::U_MIN, true))
    }

    /// The smallest and largest value, where draws come as near to them as to any other.
    #[must_use]
    pub fn ends(&self) -> Option<(f64, f64)> {
        match &self.0 {
            Kind::Constant(value) => Some((*value, *value)),
            Kind::Uniform { min, max } | Kind::Triangular { min, max, .. } => Some((*min, *max)),
            Kind::LogUniform { .. } | Kind::Discrete { .. } | Kind::Empirical { .. } => Some(self.support()),
            _ => None,
        }
    }

    /// The mean of the distribution.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match &self.0 {
            Kind::Constant(value) => *value,
            Kind::Uniform { min, max } => 0.5 * (min + max),
            Kind::Triangular { min, mode, max } => (min + mode + max) / 3.0,
            Kind::Beta { unit, min, max } => min + (max - min) * unit.mean(),
            Kind::Gamma { shape, scale, .. } => shape * scale,
            Kind::Normal(n) if n.is_whole() => n.mean,
            Kind::LogNormal { normal } if normal.is_whole() => libm::exp(normal.mean + 0.5 * normal.sd * normal.sd),
            Kind::Discrete { values, cumulative } => {
                let total = cumulative.last().copied().unwrap_or(1.0);
                let mut before = 0.0;
                let mut sum = 0.0;
                for (value, upto) in values.iter().zip(cumulative) {
                    sum += value * (upto - before);
                    before = *upto;
                }
                sum / total
            }
            Kind::Empirical { sorted } => mean_between_neighbours(sorted),
            Kind::LogUniform { .. } | Kind::Normal(_) | Kind::LogNormal { .. } | Kind::Metalog { .. } => {
                self.mean_by_quadrature()
            }
        }
    }

    /// ∫ Q(Φ(z)) φ(z) dz by the trapezoidal rule, which converges geometrically on such integrands.
    fn mean_by_quadrature(&self) -> f64 {
        const STEPS: i32 = 1024;
        let h = special::Z_MAX / f64::from(STEPS);
        let (mut sum, mut weight) = (0.0, 0.0);
        for i in -STEPS..=STEPS {
            let z = h * f64::from(i);
            let w = special::normal_pdf(z);
            sum += w * self.at_score(z);
            weight += w;
        }
        sum / weight
    }
}

/// The mean of linearly interpolated quantiles: each gap between neighbours is equally likely.
fn mean_between_neighbours(sorted: &[f64]) -> f64 {
    if let [only] = sorted {
        return *only;
    }
    let gaps = sorted.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]));
    gaps.sum::<f64>() / (sorted.len() - 1) as f64
}

impl Normal {
    fn is_whole(&self) -> bool {
        self.min == f64::NEG_INFINITY && self.max == f64::INFINITY
    }
}

#[cfg(test)]
mod tests;
