//! The points that inputs are drawn from against published ones, and the simulation's own errors against those of textbooks.

use super::Check;
use super::closed::{scenario_of, simple};
use crate::engine::{self, Options};
use crate::plan::Plan;
use crate::sampler::{Sampler, sobol_coordinate, uniforms_of};

/// Joe and Kuo's points number 1, 2, 4, … 512, on which all others rest, in parts of 2^30.
const PUBLISHED: &str = include_str!("../../tests/data/sobol.csv");

/// The unscrambled points, in every dimension that an input has.
pub(super) fn points() -> Vec<Check> {
    let mut worst = 0.0;
    let (mut points, mut dimensions) = (0_u32, 0);
    for row in PUBLISHED.lines().filter(|line| !line.starts_with('#')) {
        for (dimension, number) in row.split(',').enumerate() {
            let published = number.parse::<f64>().unwrap_or(f64::NAN) / f64::from(1 << 30);
            worst = super::worse(worst, (sobol_coordinate(dimension, 1 << points) - published).abs());
            dimensions = dimension + 1;
        }
        points += 1;
    }
    vec![Check::distance(format!("{points} Sobol points in {dimensions} dimensions, largest error"), worst, 0.0)]
}

/// Of 4,096 paths in replicates of 256, one of each replicate lies in each of 256 cells.
pub(super) fn cells() -> Vec<Check> {
    const PATHS: usize = 4096;
    const REPLICATES: usize = 16;
    let row = |name: &str, sampler: Sampler| {
        let cells = PATHS / REPLICATES;
        let mut filled = vec![0_usize; PATHS];
        for (path, u) in uniforms_of(sampler, 1, "market.refusal_rate", PATHS).into_iter().enumerate() {
            filled[path % REPLICATES * cells + (u * cells as f64) as usize] += 1;
        }
        let off = filled.into_iter().filter(|paths| *paths != 1).count() as f64;
        Check::number(format!("{name}: cells without exactly one path"), 0.0, off, 0.0)
    };
    vec![row("Sobol, 16 × 256", Sampler::Sobol), row("Latin hypercube, 16 × 256", Sampler::LatinHypercube)]
}

/// Profit is normal with a known spread: by independent paths its mean has an error of σ / √n, and P(profit ≥ 0) one of √(p (1 − p) / n).
pub(super) fn errors() -> Result<Vec<Check>, String> {
    const PATHS: u64 = 4_096;
    const SEEDS: u64 = 16;
    let (users, uptake) = ("{ normal = { mean = 1000, sd = 100 } }", "annual_innovation = 12\nannual_imitation = 0");
    let rest = "[price]\nmonthly = 1\n[costs]\nmonthly_fixed = 900";
    let scenario = scenario_of(&simple(1, users, uptake, "monthly_churn = 0", rest))?;
    let mut variances = [0.0; 2];
    for seed in 1..=SEEDS {
        let plan = Plan::new(&scenario, Sampler::Random, seed).map_err(|problems| problems.to_string())?;
        let summary = engine::run(&plan, PATHS, &Options::default()).map_err(|error| error.to_string())?;
        let mean = summary.outcome("npv").and_then(|npv| npv.mean?.se).unwrap_or(f64::NAN);
        let share = summary.probability("npv_nonnegative").and_then(|profit| profit.se).unwrap_or(f64::NAN);
        variances[0] += mean * mean / SEEDS as f64;
        variances[1] += share * share / SEEDS as f64;
    }
    let n = libm::sqrt(PATHS as f64);
    // Φ(1) and its complement.
    let (p, q) = (0.841_344_746, 0.158_655_254);
    // A variance of sixteen replicates has a relative error of √(2 / 15), an error half of that; four of them.
    let off = 2.0 * libm::sqrt(2.0 / 15.0 / SEEDS as f64);
    let row = |name: &str, expected: f64, variance: f64| {
        let name = format!("standard error of {name}, over {SEEDS} seeds");
        Check::number(name, expected, libm::sqrt(variance), off * expected)
    };
    Ok(vec![row("a mean", 100.0 / n, variances[0]), row("a probability", libm::sqrt(p * q) / n, variances[1])])
}
