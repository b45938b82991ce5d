//! Quantile functions against statrs, published values and each other.

use statrs::distribution::{Beta, ContinuousCDF, Gamma, LogNormal, Normal};

use super::construct::Percentiles;
use super::special::{U_MIN, normal_quantile};
use super::{Dist, Drawer};
use crate::lanes::Lanes;

fn every_continuous() -> Vec<(&'static str, Dist)> {
    vec![
        ("uniform", Dist::uniform(5.0, 10.0).unwrap()),
        ("log_uniform", Dist::log_uniform(1e9, 1e10).unwrap()),
        ("triangular", Dist::triangular(0.08, 0.093, 0.12).unwrap()),
        ("pert", Dist::pert(0.45, 0.68, 0.95, 4.0).unwrap()),
        ("pert, mode at the end", Dist::pert(0.0, 0.0, 3.0, 4.0).unwrap()),
        ("pert, sharp", Dist::pert(0.0, 0.3, 1.0, 400.0).unwrap()),
        ("normal", Dist::normal(0.012, 0.015, None, None).unwrap()),
        ("normal, truncated", Dist::normal(0.38, 0.12, Some(0.1), None).unwrap()),
        ("normal, far tail kept", Dist::normal(0.0, 1.0, Some(5.0), Some(6.0)).unwrap()),
        ("log_normal", Dist::log_normal(15.0, 0.8, None, None).unwrap()),
        ("log_normal, truncated", Dist::log_normal(15.0, 0.8, Some(2.0), Some(89.0)).unwrap()),
        ("beta", Dist::beta(35.0, 65.0, None, None).unwrap()),
        ("beta, u-shaped", Dist::beta(0.5, 0.5, None, None).unwrap()),
        ("beta, nearly two points", Dist::beta(1e-4, 1.3e-4, None, None).unwrap()),
        ("beta, skewed", Dist::beta(0.3, 8.0, Some(2.0), Some(5.0)).unwrap()),
        ("gamma", Dist::gamma(0.6, 0.5).unwrap()),
        ("gamma, small shape", Dist::gamma(1.0, 2.0).unwrap()),
        ("gamma, large shape", Dist::gamma(100.0, 2.0).unwrap()),
        ("metalog", Dist::metalog(8.0, 29.0, 44.0, None, None).unwrap()),
        ("metalog, one limit", Dist::metalog(8.0, 20.0, 44.0, Some(0.0), None).unwrap()),
        ("metalog, upper limit", Dist::metalog(8.0, 29.0, 44.0, None, Some(60.0)).unwrap()),
        ("metalog, both limits", Dist::metalog(0.3, 0.6, 0.8, Some(0.0), Some(1.0)).unwrap()),
    ]
}

/// Probabilities from 1e-15 to 1 − 1e-15, dense in the middle.
fn probabilities() -> Vec<f64> {
    let mut out = vec![U_MIN, 1e-15, 1e-12, 1e-9, 1e-7, 1e-6];
    out.extend((1..2000).map(|i| f64::from(i) / 2000.0));
    let upper: Vec<f64> = out.iter().map(|u| 1.0 - u).collect();
    out.extend(upper);
    out
}

#[test]
fn drawing_agrees_with_the_exact_quantile_to_1e9_of_the_spread() {
    for (name, dist) in every_continuous() {
        let (low, high) = dist.support();
        let drawer = Drawer::new(&dist, low, high);
        let sharp = name == "beta, nearly two points";
        assert!(sharp || !drawer.is_slow(), "{name} is not tabulated");
        let spread = dist.quantile(0.95) - dist.quantile(0.05);
        for u in probabilities().into_iter().filter(|u| (1e-6..=1.0 - 1e-6).contains(u)) {
            let mut column = [Lanes::splat(u)];
            drawer.draw_from_uniforms(&mut column);
            let error = (column[0].0[0] - dist.quantile(u)).abs();
            assert!(error <= 1e-9 * spread, "{name} at {u}: off by {:e} of the spread", error / spread);
        }
    }
}

#[test]
fn quantiles_never_fall_and_stay_in_the_support() {
    for (name, dist) in every_continuous() {
        let (low, high) = dist.support();
        let mut at = probabilities();
        at.sort_by(f64::total_cmp);
        let values: Vec<f64> = at.iter().map(|&u| dist.quantile(u)).collect();
        // The drawer limits its slopes; the exact function may fall by a rounding where u moves by one.
        let spread = dist.quantile(0.95) - dist.quantile(0.05);
        for w in values.windows(2) {
            assert!(w[1] - w[0] >= -1e-13 * (spread + w[0].abs()), "{name} falls from {} to {}", w[0], w[1]);
        }
        assert!(values[0] >= low && values[values.len() - 1] <= high, "{name} leaves its support");
    }
}

#[test]
fn quantiles_invert_the_cdf_of_an_independent_library() {
    let close = |name: &str, dist: &Dist, cdf: &dyn Fn(f64) -> f64| {
        for u in [1e-9, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.77, 0.95, 0.999, 1.0 - 1e-6] {
            let x = dist.quantile(u);
            let back = cdf(x);
            // One unit in the last place of x is all that a steep end allows.
            let rounding = cdf(x.next_up()) - cdf(x.next_down());
            let allowed = 1e-8 * u.min(1.0 - u).max(1e-6) + rounding;
            assert!((back - u).abs() < allowed, "{name}: F(Q({u})) = {back}");
        }
    };
    for (a, b) in [(35.0, 65.0), (0.5, 0.5), (2.84, 3.16), (0.3, 8.0), (300.0, 2.0)] {
        let reference = Beta::new(a, b).unwrap();
        close("beta", &Dist::beta(a, b, None, None).unwrap(), &|x| reference.cdf(x));
    }
    for (mean, sd) in [(0.6, 0.5), (1.0, 2.0), (100.0, 2.0)] {
        let shape = (mean / sd) * (mean / sd);
        let reference = Gamma::new(shape, shape / mean).unwrap();
        close("gamma", &Dist::gamma(mean, sd).unwrap(), &|x| reference.cdf(x));
    }
    let reference = Normal::new(0.38, 0.12).unwrap();
    close("normal", &Dist::normal(0.38, 0.12, None, None).unwrap(), &|x| reference.cdf(x));
    let reference = LogNormal::new(15f64.ln(), 0.8).unwrap();
    close("log_normal", &Dist::log_normal(15.0, 0.8, None, None).unwrap(), &|x| reference.cdf(x));
}

#[test]
fn published_values() {
    let metalog = Dist::metalog(8.0, 29.0, 44.0, None, None).unwrap();
    let table = [(0.01, -16.3296), (0.05, 0.3560), (0.25, 19.0625), (0.75, 37.0625), (0.95, 48.5986), (0.99, 58.9583)];
    for (u, value) in table {
        assert!((metalog.quantile(u) - value).abs() < 5.1e-5, "metalog at {u}: {}", metalog.quantile(u));
    }
    // 5% = 1 and 95% = 10: mean 5.5, sd 2.735806.
    let normal = Dist::normal_from_percentiles(Percentiles::p05_p95(1.0, 10.0), None, None).unwrap();
    assert!((normal.mean() - 5.5).abs() < 1e-12);
    assert!((normal.quantile(super::special::normal_cdf(1.0)) - 5.5 - 2.735_806).abs() < 1e-6);
    assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
}

#[test]
fn means_agree_with_the_average_of_the_quantiles() {
    let discrete = Dist::discrete(&[4.99, 9.99, 19.99], Some(&[1.0, 2.0, 1.0])).unwrap();
    assert!((discrete.mean() - 11.24).abs() < 1e-12);
    let empirical = Dist::empirical(&[3.0, 1.0, 2.0, 10.0]).unwrap();
    for (name, dist) in every_continuous().into_iter().chain([("empirical", empirical)]) {
        let n = 100_000;
        let sum: f64 = (0..n).map(|i| dist.quantile((f64::from(i) + 0.5) / f64::from(n))).sum();
        let spread = dist.quantile(0.95) - dist.quantile(0.05);
        assert!(
            (sum / f64::from(n) - dist.mean()).abs() < 1e-3 * spread,
            "{name}: {} {}",
            sum / f64::from(n),
            dist.mean()
        );
    }
}

#[test]
fn wrong_parameters_are_refused_by_name() {
    let bad = [
        (Dist::uniform(10.0, 5.0), "max"),
        (Dist::uniform(f64::NAN, 5.0), "max"),
        (Dist::log_uniform(0.0, 5.0), "min"),
        (Dist::triangular(0.0, 2.0, 1.0), "mode"),
        (Dist::pert(0.0, 0.5, 1.0, 0.0), "shape"),
        (Dist::normal(0.0, -1.0, None, None), "sd"),
        (Dist::normal(0.0, 1.0, Some(30.0), None), "min"),
        (Dist::log_normal(0.0, 1.0, None, None), "median"),
        (Dist::beta(0.0, 1.0, None, None), "alpha"),
        (Dist::beta(1.0, 1.0, Some(2.0), None), "min"),
        (Dist::beta_from_mean(1.0, 5.0, None, None), "mean"),
        (Dist::gamma(1.0, 0.0), "sd"),
        (Dist::metalog(1.0, 1.1, 9.0, None, None), "p50"),
        (Dist::metalog(1.0, 2.0, 3.0, Some(1.5), None), "p10"),
        (Dist::discrete(&[1.0, 2.0], Some(&[1.0])), "weights"),
        (Dist::discrete(&[1.0, 2.0], Some(&[0.0, 0.0])), "weights"),
        (Dist::discrete(&[1.0, 2.0], Some(&[1e308, 1e308])), "weights"),
        (Dist::empirical(&[]), "values"),
    ];
    for (result, parameter) in bad {
        assert_eq!(result.unwrap_err().parameter, Some(parameter));
    }
}

#[test]
fn discrete_takes_the_first_whose_cumulative_weight_exceeds_u() {
    let dist = Dist::discrete(&[3.0, 1.0], None).unwrap();
    assert_eq!([dist.quantile(0.499_999), dist.quantile(0.5)], [1.0, 3.0]);
    for n in [10_i32, 18, 22, 36, 40, 50] {
        let values: Vec<f64> = (1..=n).map(f64::from).collect();
        assert_eq!(Dist::discrete(&values, None).unwrap().quantile(0.5), f64::from(n / 2 + 1), "{n}");
    }
    assert_eq!(Dist::empirical(&[1.0, 2.0, 4.0]).unwrap().quantile(0.75), 3.0);
}

/// Kolmogorov's distance of a million tabulated draws from the exact distribution function.
fn distance(dist: &Dist, cdf: impl Fn(f64) -> f64) -> f64 {
    const DRAWS: usize = 1_000_000;
    let mut draws = crate::sampler::draw_one(crate::sampler::Sampler::Random, 3, "draws", dist, DRAWS);
    draws.sort_by(f64::total_cmp);
    let n = DRAWS as f64;
    let gaps = draws.iter().enumerate().map(|(i, &x)| {
        let exact = cdf(x);
        (exact - i as f64 / n).abs().max(((i + 1) as f64 / n - exact).abs())
    });
    gaps.fold(0.0, f64::max)
}

#[test]
fn a_million_tabulated_draws_pass_kolmogorov_smirnov() {
    // The 1% point of Kolmogorov's distribution over √n.
    let allowed = 1.63 / 1000.0;
    let beta = Beta::new(2.84, 3.16).unwrap();
    let gamma = Gamma::new(1.44, 2.4).unwrap();
    let normal = Normal::new(0.38, 0.12).unwrap();
    let below = normal.cdf(0.1);
    let metalog = Dist::metalog(8.0, 29.0, 44.0, None, None).unwrap();
    let found = [
        distance(&Dist::beta(2.84, 3.16, None, None).unwrap(), |x| beta.cdf(x)),
        distance(&Dist::gamma(0.6, 0.5).unwrap(), |x| gamma.cdf(x)),
        distance(&Dist::normal(0.38, 0.12, Some(0.1), None).unwrap(), |x| (normal.cdf(x) - below) / (1.0 - below)),
        distance(&Dist::log_uniform(1e9, 1e10).unwrap(), |x| (x / 1e9).log10()),
        distance(&metalog, |x| inverse(&metalog, x)),
    ];
    assert!(found.iter().all(|d| *d < allowed), "{found:?} of {allowed}");
}

/// The probability at which the exact quantile function is `x`, by halving.
fn inverse(dist: &Dist, x: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if dist.quantile(middle) < x { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
