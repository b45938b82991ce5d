//! Draws of every kind of distribution against those of `rand_distr`: Kolmogorov and Smirnov's test of two samples.

use chacha20::ChaCha8Rng;
use rand::SeedableRng;
use rand_distr::weighted::WeightedIndex;
use rand_distr::{Beta, Distribution, Gamma, LogNormal, Normal, Pert, StandardUniform, Triangular, Uniform};

use super::Check;
use crate::distribution::Dist;
use crate::sampler::{Sampler, draw_one};

const DRAWS: usize = 100_000;
/// √(−ln(0.01 / 2) / 2): the distance of two samples is larger in one case of a hundred.
const CRITICAL: f64 = 1.627_623;
const SEED: u64 = 20_250_226;

type Reference = Box<dyn Fn(&mut ChaCha8Rng) -> f64>;

pub(super) fn checks() -> Vec<Check> {
    cases().into_iter().map(|(name, ours, reference)| check(name, ours.as_ref(), reference.as_ref())).collect()
}

fn check(name: &str, ours: Option<&Dist>, reference: Option<&Reference>) -> Check {
    let title = format!("draws of {name}");
    let (Some(ours), Some(reference)) = (ours, reference) else {
        return Check::failed(title, "cannot be built");
    };
    let mut first = draw_one(Sampler::Random, SEED, name, ours, DRAWS);
    let mut generator = ChaCha8Rng::seed_from_u64(SEED);
    let mut second: Vec<f64> = (0..DRAWS).map(|_| reference(&mut generator)).collect();
    let allowed = CRITICAL * (2.0 / DRAWS as f64).sqrt();
    Check::distance(format!("{title}: Kolmogorov–Smirnov"), distance(&mut first, &mut second), allowed)
}

/// The largest difference of two empirical distribution functions.
fn distance(first: &mut [f64], second: &mut [f64]) -> f64 {
    first.sort_by(f64::total_cmp);
    second.sort_by(f64::total_cmp);
    let share = |sorted: &[f64], x: f64| sorted.partition_point(|&y| y <= x) as f64 / sorted.len() as f64;
    let all = first.iter().chain(second.iter());
    all.map(|&x| (share(first, x) - share(second, x)).abs()).fold(0.0, f64::max)
}

/// Boxes a distribution of `rand_distr`.
fn of<D: Distribution<f64> + 'static, E>(built: Result<D, E>) -> Option<Reference> {
    let distribution = built.ok()?;
    Some(Box::new(move |generator| distribution.sample(generator)))
}

/// The reference transformed or filtered by a function: None draws again.
fn through(reference: Option<Reference>, keep: impl Fn(f64) -> Option<f64> + 'static) -> Option<Reference> {
    let reference = reference?;
    Some(Box::new(move |generator| {
        loop {
            if let Some(x) = keep(reference(generator)) {
                return x;
            }
        }
    }))
}

fn uniform() -> Option<Reference> {
    of::<_, ()>(Ok(StandardUniform))
}

fn cases() -> Vec<(&'static str, Option<Dist>, Option<Reference>)> {
    let truncated = |reference: Option<Reference>, min: f64| through(reference, move |x| (x >= min).then_some(x));
    vec![
        ("uniform", Dist::uniform(5.0, 10.0).ok(), of(Uniform::new(5.0, 10.0))),
        ("log_uniform", Dist::log_uniform(1e9, 1e10).ok(), through(uniform(), |u| Some(1e9 * libm::pow(10.0, u)))),
        ("triangular", Dist::triangular(0.08, 0.093, 0.12).ok(), of(Triangular::new(0.08, 0.12, 0.093))),
        ("pert", Dist::pert(0.45, 0.68, 0.95, 4.0).ok(), of(Pert::new(0.45, 0.95).with_mode(0.68))),
        ("normal", Dist::normal(0.012, 0.015, None, None).ok(), of(Normal::new(0.012, 0.015))),
        (
            "normal, truncated",
            Dist::normal(0.38, 0.12, Some(0.1), None).ok(),
            truncated(of(Normal::new(0.38, 0.12)), 0.1),
        ),
        ("log_normal", Dist::log_normal(15.0, 0.8, None, None).ok(), of(LogNormal::new(libm::log(15.0), 0.8))),
        (
            "log_normal, truncated",
            Dist::log_normal(15.0, 0.8, Some(5.0), None).ok(),
            truncated(of(LogNormal::new(libm::log(15.0), 0.8)), 5.0),
        ),
        ("beta", Dist::beta(35.0, 65.0, None, None).ok(), of(Beta::new(35.0, 65.0))),
        ("gamma", Dist::gamma(0.6, 0.5).ok(), of(Gamma::new(1.44, 0.6 / 1.44))),
        ("metalog", Dist::metalog(8.0, 29.0, 44.0, None, None).ok(), through(uniform(), |u| Some(metalog(u)))),
        ("discrete", Dist::discrete(&[4.99, 9.99, 19.99], Some(&[1.0, 2.0, 1.0])).ok(), weighted()),
        ("empirical", Dist::empirical(&[1.0, 2.0, 4.0, 8.0]).ok(), through(uniform(), |u| Some(between_neighbours(u)))),
    ]
}

/// Keelin's formula with the published coefficients of 8, 29, 44.
fn metalog(u: f64) -> f64 {
    let log_odds = libm::log(u / (1.0 - u));
    29.0 + 8.192_153 * log_odds - 3.413_397 * (u - 0.5) * log_odds
}

fn weighted() -> Option<Reference> {
    let index = WeightedIndex::new([1, 2, 1]).ok()?;
    Some(Box::new(move |generator| [4.99, 9.99, 19.99][index.sample(generator)]))
}

fn between_neighbours(u: f64) -> f64 {
    const SORTED: [f64; 4] = [1.0, 2.0, 4.0, 8.0];
    let gap = (3.0 * u) as usize;
    SORTED[gap] + (SORTED[gap + 1] - SORTED[gap]) * (3.0 * u - gap as f64)
}
