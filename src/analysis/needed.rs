//! What would have to be true: for every input of a scenario the value at which, set alone, a level is reached.

use super::subject::Of;
use super::{AnalysisError, Bracket, Crossing, Solve, Until};
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
    /// The level is reached from this value on, in the stretch of values that today's is in or nearest to.
    At {
        /// The value nearest to today's.
        value: f64,
        /// The ends of its 95% interval, as far as they lie inside the bracket.
        interval: [Option<f64>; 2],
        /// Whether it takes more than the value, or less.
        above: bool,
        /// The other end of the stretch, where the level is left again inside of what was tried.
        other_end: Option<f64>,
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
        let solution = match solve.until_by(&until, PARTS, &alone) {
            // Far out money may overflow: there is no answer there.
            Err(AnalysisError::RunAt { .. }) => return Ok(None),
            solution => solution?,
        };
        // Of what is uncertain the law that is drawn from, with what is given.
        let column = plan.draws.column(&name).filter(|_| dist.constant_value().is_none());
        let quantile = |p: f64| column.map_or_else(|| dist.quantile(p), |column| plan.draws.quantile(column, p));
        let today = quantile(0.5);
        let found = nearest(&solution.reached(), today).map_or_else(
            || Found::Nowhere { best: solution.best.1, at: solution.best.0 },
            |stretch| found_in(stretch, today, &quantile),
        );
        Ok(Some(Needed { input: name, unit, today, found }))
    };
    let names = scenario.ledger().into_iter().map(|(name, ..)| name).collect();
    let found = threads.map(names, one).into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok((found.into_iter().flatten().collect(), paths))
}

/// Where a level is reached: between two crossings, or from one to the end of the bracket.
type Stretch = [Option<Crossing>; 2];

/// The ends of a stretch, infinite where they are the bracket's.
fn ends([low, high]: &Stretch) -> (f64, f64) {
    (low.map_or(f64::NEG_INFINITY, |end| end.value), high.map_or(f64::INFINITY, |end| end.value))
}

/// The stretch that today's value is in, or is nearest to.
fn nearest(stretches: &[Stretch], today: f64) -> Option<&Stretch> {
    let away = |stretch: &&Stretch| {
        let (low, high) = ends(stretch);
        (low - today).max(today - high).max(0.0)
    };
    stretches.iter().min_by(|a, b| away(a).total_cmp(&away(b)))
}

/// What a stretch says: its end that is nearer to today's value first.
fn found_in(stretch: &Stretch, today: f64, quantile: &dyn Fn(f64) -> f64) -> Found {
    let (low, high) = ends(stretch);
    let (end, other, above) = match *stretch {
        [None, None] => return Found::Everywhere,
        [Some(end), None] => (end, None, true),
        [None, Some(end)] => (end, None, false),
        [Some(a), Some(b)] if (a.value - today).abs() <= (b.value - today).abs() => (a, Some(b.value), true),
        [Some(a), Some(b)] => (b, Some(a.value), false),
    };
    let share_beyond = share_between(quantile, low, high);
    Found::At { value: end.value, interval: end.interval, above, other_end: other, share_beyond }
}

/// How much of a distribution, by its quantiles, lies between two values, these included.
fn share_between(quantile: &dyn Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    // The share for which the quantile is not beyond a value.
    let upto = |is_before: &dyn Fn(f64) -> bool| {
        let (mut from, mut to) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (from + to);
            if is_before(quantile(middle)) { from = middle } else { to = middle }
        }
        // The last halving leaves a trace of nothing and of everything.
        if from <= 0.0 { 0.0 } else { to }
    };
    (upto(&|x| x <= high) - upto(&|x| x < low)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crossing(value: f64, rising: bool) -> Crossing {
        Crossing { value, interval: [None, None], rising }
    }

    #[test]
    fn shares_of_a_uniform_distribution_and_of_a_number() {
        let (uniform, two) = (|p: f64| p, |_: f64| 2.0);
        for (low, high, share) in
            [(0.75, f64::INFINITY, 0.25), (f64::NEG_INFINITY, 0.75, 0.75), (0.2, 0.5, 0.3), (2.0, 3.0, 0.0)]
        {
            assert!((share_between(&uniform, low, high) - share).abs() < 1e-12, "{low} to {high}");
        }
        let of_two = [(1.0, 3.0), (2.0, f64::INFINITY), (f64::NEG_INFINITY, 2.0), (2.5, 3.0), (0.0, 1.0)];
        assert_eq!(of_two.map(|(low, high)| share_between(&two, low, high)), [1.0, 1.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn the_nearest_stretch_is_told_with_both_its_ends() {
        // Reached between 6 and 20, and from 90 on; today it is 25.
        let stretches = [[Some(crossing(6.0, true)), Some(crossing(20.0, false))], [Some(crossing(90.0, true)), None]];
        let found = found_in(nearest(&stretches, 25.0).unwrap(), 25.0, &|p| 50.0 * p);
        let Found::At { value, above, other_end, share_beyond, .. } = found else { panic!("{found:?}") };
        assert_eq!((value, above, other_end), (20.0, false, Some(6.0)));
        // Of 0 to 50 evenly, 14 are between 6 and 20.
        assert!((share_beyond - 0.28).abs() < 1e-12);
        assert_eq!(found_in(&[None, None], 1.0, &|p| p), Found::Everywhere);
    }

    #[test]
    fn the_nearer_end_of_a_stretch_comes_first() {
        let stretch = [Some(crossing(6.0, true)), Some(crossing(20.0, false))];
        // Today below it, nearer to either end within it, as near to both, and above it.
        for (today, first, other) in
            [(1.0, 6.0, 20.0), (8.0, 6.0, 20.0), (13.0, 6.0, 20.0), (18.0, 20.0, 6.0), (30.0, 20.0, 6.0)]
        {
            let found = found_in(&stretch, today, &|p| 50.0 * p);
            let Found::At { value, above, other_end, .. } = found else { panic!("{found:?}") };
            assert_eq!((value, above, other_end), (first, first < other, Some(other)), "today {today}");
        }
    }
}
