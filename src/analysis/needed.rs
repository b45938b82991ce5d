//! What would have to be true: for every input of a scenario the value at which, set alone, a level is reached.

use super::subject::Of;
use super::{AnalysisError, Bracket, Solve, Until};
use crate::aggregate::Estimate;
use crate::engine::{Options, Threads};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::Scenario;

/// Paths at each value, as a part of those of the base.
const PART: u64 = 128;
/// … but no fewer, and no more.
const PATHS: (u64, u64) = (512, 4096);
/// Parts of a bracket that are looked at before a crossing is narrowed down.
const PARTS: usize = 8;
/// Halvings that find a share of a distribution to the last digit that is shown.
const HALVINGS: usize = 60;

/// What one input would have to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    /// The input.
    pub input: String,
    /// Its unit.
    pub unit: &'static str,
    /// Its median today, or its value.
    pub today: f64,
    /// What is found.
    pub found: Found,
}

/// Whether an input can do it alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// The level is reached from this value on.
    At {
        /// The value nearest to today's.
        value: f64,
        /// The ends of its 95% interval, as far as they lie inside the bracket.
        interval: [Option<f64>; 2],
        /// Whether it takes more than the value, or less.
        above: bool,
        /// How much of today's distribution lies where the level is reached; 0 or 1 of a number.
        share_beyond: f64,
    },
    /// The level is reached wherever the input is.
    Everywhere,
    /// No admissible value does it: the best it can do, and where.
    Nowhere {
        /// The best mean or probability.
        best: Estimate,
        /// At which value.
        at: f64,
    },
}

/// Every input of the scenario that has values to try, with how many paths were simulated at each value.
pub(super) fn needed(
    scenario: &Scenario,
    plan: &Plan,
    of: &Of,
    level: f64,
    paths: u64,
    threads: &Threads<'_>,
) -> Result<(Vec<Needed>, u64), AnalysisError> {
    let paths = (paths / PART).clamp(PATHS.0.min(paths), PATHS.1);
    let until = Until { name: of.name, is_probability: of.is_probability, level };
    let sampling = Sampling { paths, seed: plan.seed, sampler: plan.sampler };
    // Each input on a thread of its own: at one value there are too few paths to share.
    let alone = Options { threads: Some(1), progress: None, ..*threads.options() };
    let one = |name: String| -> Result<Option<Needed>, AnalysisError> {
        let Some(value) = scenario.input(&name) else { return Ok(None) };
        // What has no value to start from, or may not change, is left out.
        let Ok(bracket) = Bracket::new(scenario, &name, None) else { return Ok(None) };
        let (unit, dist) = (bracket.key.spec().unit, &value.dist);
        let Ok(solve) = Solve::beside(scenario, bracket, sampling, plan) else { return Ok(None) };
        let solution = solve.until_by(&until, PARTS, &alone)?;
        // Of what is uncertain the law that is drawn from, with what is given.
        let column = plan.draws.column(&name).filter(|_| dist.constant_value().is_none());
        let quantile = |p: f64| column.map_or_else(|| dist.quantile(p), |column| plan.draws.quantile(column, p));
        let today = quantile(0.5);
        let nearest =
            solution.crossings.iter().min_by(|a, b| (a.value - today).abs().total_cmp(&(b.value - today).abs()));
        let found = match nearest {
            Some(crossing) => Found::At {
                value: crossing.value,
                interval: crossing.interval,
                above: crossing.rising,
                share_beyond: share_beyond(&quantile, crossing.value, crossing.rising),
            },
            None if solution.best.1.value >= level => Found::Everywhere,
            None => Found::Nowhere { best: solution.best.1, at: solution.best.0 },
        };
        Ok(Some(Needed { input: name, unit, today, found }))
    };
    let names = scenario.ledger().into_iter().map(|(name, ..)| name).collect();
    let found = threads.map(names, one).into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok((found.into_iter().flatten().collect(), paths))
}

/// How much of a distribution, by its quantiles, lies above a value, or below it.
fn share_beyond(quantile: &dyn Fn(f64) -> f64, value: f64, above: bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if quantile(middle) < value { low = middle } else { high = middle }
    }
    if above { 1.0 - low } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_a_uniform_distribution_lies_above_three_quarters() {
        assert!((share_beyond(&|p| p, 0.75, true) - 0.25).abs() < 1e-12);
        assert!((share_beyond(&|p| p, 0.75, false) - 0.75).abs() < 1e-12);
        assert!((share_beyond(&|_| 2.0, 1.0, true) - 1.0).abs() < 1e-12);
        assert!(share_beyond(&|_| 2.0, 3.0, true) < 1e-12);
    }
}
