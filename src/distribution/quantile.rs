//! The exact quantile functions, from either tail.

use super::special::{U_MIN, Z_MAX, normal_cdf, normal_quantile, normal_tail_quantile};
use super::{Dist, Kind, Normal};

impl Dist {
    /// The quantile at `u`, which is clamped to \[2⁻⁵³, 1 − 2⁻⁵³\].
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let u = u.clamp(U_MIN, 1.0 - U_MIN);
        if u <= 0.5 { self.tail_quantile(u, false) } else { self.tail_quantile(1.0 - u, true) }
    }

    /// The quantile at Φ(z), without loss of digits in the upper tail; z is clamped to the range of u.
    #[must_use]
    pub fn at_score(&self, z: f64) -> f64 {
        let tail = normal_cdf(-z.abs().min(Z_MAX)).max(U_MIN);
        self.tail_quantile(tail, z > 0.0)
    }

    /// The quantiles at many scores that rise evenly: each is looked for where those before it lead.
    pub(super) fn at_scores(&self, scores: impl Iterator<Item = f64>) -> Vec<f64> {
        let Kind::Beta { unit, min, max } = &self.0 else { return scores.map(|z| self.at_score(z)).collect() };
        let mut before: Vec<f64> = Vec::new();
        let mut side = None;
        let mut at = |z: f64| {
            let (tail, upper) = (normal_cdf(-z.abs().min(Z_MAX)).max(U_MIN), z > 0.0);
            if side.replace(upper) != Some(upper) {
                before.clear();
            }
            // A parabola through the three before.
            let near = before.last_chunk().map(|[a, b, c]| 3.0 * (c - b) + a);
            let ln_distance = unit.ln_distance_from_end(tail, upper, near);
            before.push(ln_distance);
            let distance = (max - min) * libm::exp(ln_distance);
            if upper { max - distance } else { min + distance }
        };
        scores.map(&mut at).collect()
    }

    /// How far a number is from the quantile at Φ(z), where a step of Newton's method says it at the price of one look at the
    /// distribution function; none where the quantile itself costs no more, or is too far from it.
    pub(super) fn miss(&self, x: f64, z: f64) -> Option<f64> {
        let (tail, upper) = (normal_cdf(-z.abs().min(Z_MAX)).max(U_MIN), z > 0.0);
        let step = match &self.0 {
            Kind::Beta { unit, min, max } => {
                let from_end = if upper { max - x } else { x - min };
                (max - min) * unit.step_to(from_end / (max - min), tail, upper)
            }
            Kind::Gamma { unit, scale, .. } => scale * unit.step_to(x / scale, tail, upper),
            _ => return None,
        };
        Some(step.abs()).filter(|step| step.is_finite())
    }

    /// The number with a share `tail` (at most a half) of the probability below it, or above it if `upper`.
    pub(super) fn tail_quantile(&self, tail: f64, upper: bool) -> f64 {
        let u = if upper { 1.0 - tail } else { tail };
        match &self.0 {
            Kind::Constant(value) => *value,
            Kind::Uniform { min, max } => {
                if upper {
                    max - (max - min) * tail
                } else {
                    min + (max - min) * tail
                }
            }
            Kind::LogUniform { ln_min, ln_max } => {
                let width = ln_max - ln_min;
                libm::exp(if upper { ln_max - width * tail } else { ln_min + width * tail })
            }
            Kind::Triangular { min, mode, max } => {
                let width = max - min;
                if u * width <= mode - min {
                    min + libm::sqrt(u * width * (mode - min))
                } else {
                    let above = if upper { tail } else { 1.0 - tail };
                    max - libm::sqrt(above * width * (max - mode))
                }
            }
            Kind::Beta { unit, min, max } => {
                let distance = (max - min) * unit.distance_from_end(tail, upper);
                if upper { max - distance } else { min + distance }
            }
            Kind::Normal(normal) => normal.tail_quantile(tail, upper),
            Kind::LogNormal { normal } => libm::exp(normal.tail_quantile(tail, upper)),
            Kind::Gamma { unit, scale, .. } => scale * unit.tail_quantile(tail, upper),
            Kind::Metalog { a, min, max } => metalog(a, *min, *max, tail, upper),
            Kind::Discrete { values, cumulative } => {
                let first = cumulative.partition_point(|&sum| sum <= u);
                values[first.min(values.len() - 1)]
            }
            Kind::Empirical { sorted } => {
                let position = (sorted.len() - 1) as f64 * u;
                let below = position.floor();
                let low = sorted[below as usize];
                let high = sorted[(below as usize + 1).min(sorted.len() - 1)];
                low + (high - low) * (position - below)
            }
        }
    }
}

impl Normal {
    fn tail_quantile(&self, tail: f64, upper: bool) -> f64 {
        let sign = if upper { -1.0 } else { 1.0 };
        let z = if self.is_whole() {
            sign * score_below(tail)
        } else {
            let (a, b) = ((self.min - self.mean) / self.sd, (self.max - self.mean) / self.sd);
            let share = tail * self.kept();
            // Probability below and above the wanted point, each built from its own end.
            let (below, above) = if upper {
                (normal_cdf(b) - share, normal_cdf(-b) + share)
            } else {
                (normal_cdf(a) + share, normal_cdf(-a) - share)
            };
            if below < above { score_below(below) } else { -score_below(above) }
        };
        (self.mean + self.sd * z).clamp(self.min, self.max)
    }
}

/// Φ⁻¹ of a probability up to a half, however small.
fn score_below(probability: f64) -> f64 {
    if probability < 0.07 { -normal_tail_quantile(probability) } else { normal_quantile(probability) }
}

fn metalog(a: &[f64; 3], min: Option<f64>, max: Option<f64>, tail: f64, upper: bool) -> f64 {
    let sign = if upper { 1.0 } else { -1.0 };
    let log_odds = sign * -libm::log(tail / (1.0 - tail));
    let from_middle = sign * (0.5 - tail);
    let m = a[0] + a[1] * log_odds + a[2] * from_middle * log_odds;
    match (min, max) {
        (None, None) => m,
        (Some(min), None) => min + libm::exp(m),
        (None, Some(max)) => max - libm::exp(-m),
        (Some(min), Some(max)) => {
            let far = (max - min) / (1.0 + libm::exp(m.abs()));
            if m > 0.0 { max - far } else { min + far }
        }
    }
}
