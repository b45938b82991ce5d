//! The same estimate with more or less doubt about it: a distribution with the same median whose numbers lie closer to it or further
//! from it, and any distribution as a scenario file writes it.

use super::{Dist, Kind, Normal};

/// Digits that numbers are written with, where these tell them apart.
const DIGITS: usize = 6;

impl Dist {
    /// The same median with every number `factor` times as far from it; of a family whose logarithm is what varies, as a ratio. Where
    /// that would leave `range`, and of a gamma distribution, it is a metalog through the 10th and 90th percentile, `factor` times as
    /// far on the scale of its logarithm or log-odds, on which the ends of the range are out of reach. None of a plain number, a
    /// list of values, or where no such metalog exists.
    ///
    /// ```
    /// use breakeven::distribution::Dist;
    ///
    /// // About $7.50, twice as far: $5 to $10 becomes $2.50 to $12.50.
    /// let price = Dist::uniform(5.0, 10.0)?;
    /// assert_eq!(price.widened(2.0, (0.0, 100.0)), Some(Dist::uniform(2.5, 12.5)?));
    /// // Of a share the odds: 80% is 4 to 1, and twice as far from 1 to 1 in logarithms is 16 to 1, so 94%.
    /// let share = Dist::metalog(0.2, 0.5, 0.8, Some(0.0), Some(1.0))?;
    /// assert!((share.widened(2.0, (0.0, 1.0)).unwrap().quantile(0.9) - 16.0 / 17.0).abs() < 1e-12);
    /// # Ok::<(), breakeven::distribution::Invalid>(())
    /// ```
    #[must_use]
    pub fn widened(&self, factor: f64, range: (f64, f64)) -> Option<Self> {
        let fits = |dist: &Self| {
            let (low, high) = dist.support();
            range.0 <= low && high <= range.1
        };
        match self.0 {
            Kind::Constant(_) | Kind::Discrete { .. } | Kind::Empirical { .. } => None,
            _ => self.stretched(factor).filter(fits).or_else(|| self.bent(factor, range)),
        }
    }

    /// Within its own family.
    fn stretched(&self, factor: f64) -> Option<Self> {
        let median = self.quantile(0.5);
        let moved = |x: f64| median + factor * (x - median);
        match &self.0 {
            Kind::Uniform { min, max } => Self::uniform(moved(*min), moved(*max)).ok(),
            Kind::LogUniform { ln_min, ln_max } => {
                let middle = 0.5 * (ln_min + ln_max);
                let [low, high] = [ln_min, ln_max].map(|x| libm::exp(middle + factor * (x - middle)));
                Self::log_uniform(low, high).ok()
            }
            Kind::Triangular { min, mode, max } => Self::triangular(moved(*min), moved(*mode), moved(*max)).ok(),
            Kind::Beta { unit, min, max } => Self::beta(unit.a, unit.b, Some(moved(*min)), Some(moved(*max))).ok(),
            Kind::Normal(normal) if normal.is_whole() => Self::normal(median, factor * normal.sd, None, None).ok(),
            Kind::Normal(Normal { mean, sd, min, max }) => {
                let [min, max] = [min, max].map(|end| Some(moved(*end)).filter(|end| end.is_finite()));
                Self::normal(moved(*mean), factor * sd, min, max).ok()
            }
            Kind::LogNormal { normal } => {
                let middle = libm::log(median);
                let moved = |x: f64| libm::exp(middle + factor * (x - middle));
                let [min, max] = [normal.min, normal.max].map(|end| Some(end).filter(|end| end.is_finite()).map(moved));
                Self::log_normal(moved(normal.mean), factor * normal.sd, min, max).ok()
            }
            Kind::Metalog { .. }
            | Kind::Gamma { .. }
            | Kind::Constant(_)
            | Kind::Discrete { .. }
            | Kind::Empirical { .. } => None,
        }
    }

    /// As a metalog inside a range, or inside its own limits.
    fn bent(&self, factor: f64, range: (f64, f64)) -> Option<Self> {
        let [low, median, high] = [0.1, 0.5, 0.9].map(|p| self.quantile(p));
        let (min, max) = if let Kind::Metalog { min, max, .. } = &self.0 {
            (*min, *max)
        } else {
            (Some(range.0).filter(|end| end.is_finite()), Some(range.1).filter(|end| end.is_finite()))
        };
        // The scale on which a metalog lies, and the way back.
        let (on, back): (&dyn Fn(f64) -> f64, &dyn Fn(f64) -> f64) = match (min, max) {
            (None, None) => (&|x| x, &|y| y),
            (Some(min), None) => (&move |x| libm::log(x - min), &move |y| min + libm::exp(y)),
            (None, Some(max)) => (&move |x| -libm::log(max - x), &move |y| max - libm::exp(-y)),
            (Some(min), Some(max)) => {
                (&move |x| libm::log((x - min) / (max - x)), &move |y| max - (max - min) / (1.0 + libm::exp(y)))
            }
        };
        let moved = |x: f64| back(on(median) + factor * (on(x) - on(median)));
        Self::metalog(moved(low), median, moved(high), min, max).ok()
    }

    /// As a scenario file writes it, to six digits, or to all where six do not tell its numbers apart; none of a list of values.
    #[must_use]
    pub fn written(&self) -> Option<String> {
        let (kind, parameters) = match &self.0 {
            Kind::Constant(value) => return Some(value.to_string()),
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
        let short: Vec<f64> = parameters.iter().map(|(_, x)| rounded(*x)).collect();
        // Numbers that lie close together, seen from zero, would be written as too few of them.
        let apart = |a: f64, b: f64| a == b || (a - b).abs() >= 1e-3 * a.abs().max(b.abs());
        let all = || parameters.iter().map(|(_, x)| *x);
        let is_plain = all().all(|a| all().all(|b| apart(a, b)));
        let list: Vec<String> = parameters
            .iter()
            .zip(short)
            .map(|((name, x), short)| format!("{name} = {}", if is_plain { short } else { *x }))
            .collect();
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

/// A number to six digits.
fn rounded(x: f64) -> f64 {
    format!("{:.*e}", DIGITS - 1, x).parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    const SHARE: (f64, f64) = (0.0, 1.0);
    const FACTORS: [f64; 6] = [0.1, 0.5, 1.0, 1.5, 2.0, 3.0];

    #[test]
    fn numbers_lie_so_many_times_as_far_from_the_median() {
        let linear = [
            Dist::uniform(5.0, 10.0),
            Dist::triangular(1.0, 2.0, 6.0),
            Dist::pert(1.0, 2.0, 6.0, 4.0),
            Dist::normal(3.0, 2.0, None, None),
            Dist::normal(3.0, 2.0, Some(2.0), Some(9.0)),
            Dist::metalog(1.0, 2.0, 4.0, None, None),
        ];
        let logarithmic = [
            Dist::log_uniform(1.0, 100.0),
            Dist::log_normal(3.0, 0.4, None, None),
            Dist::log_normal(3.0, 0.4, Some(2.0), None),
            Dist::metalog(1.0, 2.0, 5.0, Some(0.0), None),
        ];
        let check = |dist: &Dist, of: fn(f64) -> f64| {
            for factor in FACTORS {
                let wider = dist.widened(factor, ALL).unwrap();
                let median = of(dist.quantile(0.5));
                for p in [0.05, 0.3, 0.5, 0.9] {
                    let (found, expected) = (of(wider.quantile(p)), median + factor * (of(dist.quantile(p)) - median));
                    assert!((found - expected).abs() < 1e-9, "{dist:?} {factor} {p}: {found}, not {expected}");
                }
            }
        };
        for dist in linear {
            check(&dist.unwrap(), |x| x);
        }
        for dist in logarithmic {
            check(&dist.unwrap(), libm::log);
        }
        assert_eq!(Dist::constant(3.0).widened(2.0, ALL), None);
        assert_eq!(Dist::discrete(&[1.0, 2.0], None).unwrap().widened(2.0, ALL), None);
    }

    #[test]
    fn in_a_range_the_median_stays_and_doubt_grows_with_the_factor() {
        let shares = [
            Dist::pert(0.45, 0.7, 0.95, 4.0),
            Dist::beta(8.0, 2.0, None, None),
            Dist::normal(0.05, 0.005, None, None),
            Dist::log_normal(0.04, 0.25, None, None),
            Dist::uniform(0.0, 1.0),
        ];
        let amounts = [Dist::gamma(4.0, 1.0), Dist::normal(3e8, 2e7, None, None), Dist::uniform(3e8, 3e8 + 800.0)];
        let check = |dist: &Dist, range: (f64, f64)| {
            let mut last = 0.0;
            for factor in FACTORS {
                let wider = dist.widened(factor, range).unwrap();
                let [low, median, high] = [0.05, 0.5, 0.95].map(|p| wider.quantile(p));
                assert!((median / dist.quantile(0.5) - 1.0).abs() < 1e-9, "{dist:?} {factor}: {median}");
                assert!(high - low > last, "{dist:?} {factor}: {low} to {high}");
                last = high - low;
                let (min, max) = wider.support();
                assert!(range.0 <= min && max <= range.1, "{dist:?} {factor}: {min} to {max}");
            }
        };
        for dist in shares {
            check(&dist.unwrap(), SHARE);
        }
        for dist in amounts {
            check(&dist.unwrap(), (0.0, f64::INFINITY));
        }
    }

    #[test]
    fn it_is_written_as_a_file_takes_it() {
        let written = |dist: Result<Dist, super::super::Invalid>| dist.unwrap().written().unwrap();
        assert_eq!(written(Dist::uniform(0.0, 1.0 / 3.0)), "{ uniform = { min = 0, max = 0.333333 } }");
        assert_eq!(
            written(Dist::uniform(300_000_360.0, 300_000_440.0)),
            "{ uniform = { min = 300000360, max = 300000440 } }"
        );
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
    }
}
