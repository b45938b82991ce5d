//! The same estimate with more or less doubt about it: a distribution whose numbers lie so many times as far from the middle, and as
//! a scenario file writes it.

use super::special::UnitBeta;
use super::{Dist, Kind, Normal};

/// Digits that a number is written with.
const DIGITS: i32 = 6;

impl Dist {
    /// The same with every number `factor` times as far from the median; of those whose logarithm is what varies, as a ratio. Ends
    /// stay within `within`, and a beta or gamma distribution that cannot reach further becomes flatter, with the same mean. None
    /// of a plain number, a list of values, or where nothing like it exists.
    ///
    /// ```
    /// use breakeven::distribution::Dist;
    ///
    /// // About $7.50, twice as far: $5 to $10 becomes $2.50 to $12.50.
    /// let price = Dist::uniform(5.0, 10.0)?;
    /// assert_eq!(price.widened(2.0, (0.0, 100.0)), Some(Dist::uniform(2.5, 12.5)?));
    /// assert_eq!(price.widened(2.0, (4.0, 100.0)), Some(Dist::uniform(4.0, 12.5)?));
    /// # Ok::<(), breakeven::distribution::Invalid>(())
    /// ```
    #[must_use]
    pub fn widened(&self, factor: f64, within: (f64, f64)) -> Option<Self> {
        let median = self.quantile(0.5);
        let inside = |x: f64| x.max(within.0).min(within.1);
        let moved = |x: f64| inside(median + factor * (x - median));
        match &self.0 {
            Kind::Uniform { min, max } => Self::uniform(moved(*min), moved(*max)).ok(),
            Kind::LogUniform { ln_min, ln_max } => {
                let ln_median = 0.5 * (ln_min + ln_max);
                let [low, high] = [ln_min, ln_max].map(|x| inside(libm::exp(ln_median + factor * (x - ln_median))));
                Self::log_uniform(low, high).ok()
            }
            Kind::Triangular { min, mode, max } => Self::triangular(moved(*min), moved(*mode), moved(*max)).ok(),
            Kind::Beta { unit, min, max } if factor > 1.0 && *min <= within.0 && *max >= within.1 => {
                let flatter = factor * factor;
                Some(Self(Kind::Beta { unit: UnitBeta::new(unit.a / flatter, unit.b / flatter), min: *min, max: *max }))
            }
            Kind::Beta { unit, min, max } => Self::beta(unit.a, unit.b, Some(moved(*min)), Some(moved(*max))).ok(),
            Kind::Normal(normal) => {
                let about = |x: f64| Some(normal.mean + factor * (x - normal.mean)).filter(|x| x.is_finite());
                let (min, max) = (about(normal.min).map(inside), about(normal.max).map(inside));
                Self::normal(normal.mean, factor * normal.sd, min, max).ok()
            }
            Kind::LogNormal { normal } => {
                let about = |x: f64| Some(normal.mean + factor * (x - normal.mean)).filter(|x| x.is_finite());
                let (min, max) = (about(normal.min), about(normal.max));
                let [min, max] = [min, max].map(|x| x.map(|x| inside(libm::exp(x))));
                Self::log_normal(libm::exp(normal.mean), factor * normal.sd, min, max).ok()
            }
            Kind::Gamma { shape, scale, .. } => {
                let mean = shape * scale;
                Self::gamma(mean, factor * mean / libm::sqrt(*shape)).ok()
            }
            Kind::Metalog { min, max, .. } => {
                let [low, high] = [0.1, 0.9].map(|p| median + factor * (self.quantile(p) - median));
                Self::metalog(low, median, high, *min, *max).ok()
            }
            Kind::Constant(_) | Kind::Discrete { .. } | Kind::Empirical { .. } => None,
        }
    }

    /// As a scenario file writes it, rounded to six digits; none of a list of values.
    #[must_use]
    pub fn written(&self) -> Option<String> {
        let (kind, parameters) = match &self.0 {
            Kind::Constant(value) => return Some(digits(*value)),
            Kind::Uniform { min, max } => ("uniform", vec![("min", *min), ("max", *max)]),
            Kind::LogUniform { ln_min, ln_max } => {
                ("log_uniform", vec![("min", libm::exp(*ln_min)), ("max", libm::exp(*ln_max))])
            }
            Kind::Triangular { min, mode, max } => ("triangular", vec![("min", *min), ("mode", *mode), ("max", *max)]),
            Kind::Beta { unit, min, max } => {
                ("beta", vec![("alpha", unit.a), ("beta", unit.b), ("min", *min), ("max", *max)])
            }
            Kind::Normal(normal) => {
                ("normal", with_ends(vec![("mean", normal.mean), ("sd", normal.sd)], normal, |x| x))
            }
            Kind::LogNormal { normal } => {
                let parameters = vec![("median", libm::exp(normal.mean)), ("sigma", normal.sd)];
                ("log_normal", with_ends(parameters, normal, libm::exp))
            }
            Kind::Gamma { shape, scale, .. } => {
                ("gamma", vec![("mean", shape * scale), ("sd", scale * libm::sqrt(*shape))])
            }
            Kind::Metalog { min, max, .. } => {
                let mut parameters: Vec<_> =
                    [("p10", 0.1), ("p50", 0.5), ("p90", 0.9)].map(|(name, p)| (name, self.quantile(p))).into();
                parameters.extend(min.map(|x| ("min", x)).into_iter().chain(max.map(|x| ("max", x))));
                ("metalog", parameters)
            }
            Kind::Discrete { .. } | Kind::Empirical { .. } => return None,
        };
        let list: Vec<String> = parameters.iter().map(|(name, x)| format!("{name} = {}", digits(*x))).collect();
        Some(format!("{{ {kind} = {{ {} }} }}", list.join(", ")))
    }
}

/// Parameters with the ends of a normal distribution, where it has some.
fn with_ends(
    mut parameters: Vec<(&'static str, f64)>,
    normal: &Normal,
    of: impl Fn(f64) -> f64,
) -> Vec<(&'static str, f64)> {
    let ends = [("min", normal.min), ("max", normal.max)];
    parameters.extend(ends.into_iter().filter(|end| end.1.is_finite()).map(|(name, x)| (name, of(x))));
    parameters
}

/// A number to six digits, as short as it can be.
fn digits(x: f64) -> String {
    let size = libm::floor(libm::log10(x.abs().max(1e-300))) as i32 - DIGITS + 1;
    if x == 0.0 {
        return "0".to_owned();
    }
    // By its decimal text, which is what is written.
    let rounded: f64 = format!("{:.*e}", DIGITS as usize - 1, x).parse().unwrap_or(x);
    if size > 9 { format!("{rounded:e}") } else { rounded.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    /// Twice as far from the median, number by number, wherever that is what the family can do.
    #[test]
    fn numbers_lie_so_many_times_as_far_from_the_median() {
        let linear = [
            Dist::uniform(5.0, 10.0),
            Dist::triangular(1.0, 2.0, 6.0),
            Dist::pert(1.0, 2.0, 6.0, 4.0),
            Dist::normal(3.0, 2.0, None, None),
            Dist::metalog(1.0, 2.0, 4.0, None, None),
        ];
        let logarithmic = [Dist::log_uniform(1.0, 100.0), Dist::log_normal(3.0, 0.4, None, None)];
        let check = |dist: &Dist, of: fn(f64) -> f64| {
            for factor in [0.25, 1.0, 2.0] {
                let wider = dist.widened(factor, ALL).unwrap();
                let median = of(dist.quantile(0.5));
                for p in [0.05, 0.3, 0.5, 0.9] {
                    let (found, expected) = (of(wider.quantile(p)), median + factor * (of(dist.quantile(p)) - median));
                    assert!((found - expected).abs() < 1e-9, "{dist:?} {factor} {p}: {found}, not {expected}");
                }
            }
        };
        linear.into_iter().for_each(|dist| check(&dist.unwrap(), |x| x));
        logarithmic.into_iter().for_each(|dist| check(&dist.unwrap(), libm::log));
        // A gamma distribution keeps its mean, and has twice the standard deviation.
        assert_eq!(Dist::gamma(4.0, 1.0).unwrap().widened(2.0, ALL), Some(Dist::gamma(4.0, 2.0).unwrap()));
    }

    #[test]
    fn ends_stay_within_what_the_input_takes() {
        let share = (0.0, 1.0);
        let wide = Dist::pert(0.4, 0.6, 0.9, 4.0).unwrap().widened(4.0, share).unwrap();
        assert_eq!(wide.support(), (0.0, 1.0));
        // From end to end there is no further: the middle becomes flatter, about the same mean.
        let whole = Dist::beta(8.0, 2.0, None, None).unwrap();
        let flatter = whole.widened(2.0, share).unwrap();
        assert_eq!(flatter, Dist::beta(2.0, 0.5, None, None).unwrap());
        assert!((flatter.mean() - 0.8).abs() < 1e-12);
        let cut = Dist::normal(0.5, 0.1, Some(0.2), Some(0.8)).unwrap().widened(3.0, share).unwrap();
        assert_eq!(cut.support(), (0.0, 1.0));
        assert_eq!(Dist::constant(3.0).widened(2.0, ALL), None);
        assert_eq!(Dist::discrete(&[1.0, 2.0], None).unwrap().widened(2.0, ALL), None);
    }

    #[test]
    fn it_is_written_as_a_file_takes_it() {
        let written = |dist: Result<Dist, super::super::Invalid>| dist.unwrap().written().unwrap();
        assert_eq!(written(Dist::uniform(0.0, 1.0 / 3.0)), "{ uniform = { min = 0, max = 0.333333 } }");
        assert_eq!(
            written(Dist::normal(3e8, 2e7, Some(0.0), None)),
            "{ normal = { mean = 300000000, sd = 20000000, min = 0 } }"
        );
        assert_eq!(written(Dist::log_normal(3.0, 0.4, None, None)), "{ log_normal = { median = 3, sigma = 0.4 } }");
        assert_eq!(written(Dist::gamma(4.0, 1.0)), "{ gamma = { mean = 4, sd = 1 } }");
        assert_eq!(
            written(Dist::metalog(1.0, 2.0, 4.0, Some(0.0), None)),
            "{ metalog = { p10 = 1, p50 = 2, p90 = 4, min = 0 } }"
        );
        assert_eq!(written(Dist::beta(8.0, 2.0, None, None)), "{ beta = { alpha = 8, beta = 2, min = 0, max = 1 } }");
        assert_eq!(Dist::constant(2.5).written().unwrap(), "2.5");
        assert_eq!(digits(-1.234_567_8e15), "-1.23457e15");
    }
}
