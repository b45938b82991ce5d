//! The value of an input at which a mean or a probability reaches a level.
//!
//! The scenario is simulated at values across a bracket, always on the same paths, so that what is compared differs by the
//! input alone; where the level is crossed, a root finder closes in. The interval of a crossing holds every value at which the
//! 95% interval of the mean or probability holds the level: so it covers the true value as often as that interval does.

use super::AnalysisError;
use super::bracket::{Bracket, Until};
use super::root::{Grain, root};
use super::sweep::check_paths;
use super::vary::columns_of;
use crate::aggregate::Estimate;
use crate::engine::{Case, CaseResult, Options, RunError, Threads};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::{Problem, Problems, Scenario, Topic};
use crate::words::number_text;

/// Parts of the bracket at whose ends the scenario is simulated first.
const PARTS: usize = 32;
/// Cases that are simulated together.
const TOGETHER: usize = 8;
/// A crossing is found to within so much of the bracket.
const TOLERANCE: f64 = 1e-9;
/// … where a probability crosses: it goes by steps.
const TOLERANCE_OF_STEPS: f64 = 1e-5;
/// The end of an interval is found to within so much of the last stride toward it.
const BOUND_TOLERANCE: f64 = 2e-3;
/// Steps toward a highest point between two values: each takes 38% off.
const GOLDEN_STEPS: usize = 24;
/// … where it cannot reach the level anyway.
const FEW_GOLDEN_STEPS: usize = 6;

/// A value at which the level is crossed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// The value.
    pub value: f64,
    /// The ends of its 95% interval; none where that reaches beyond the bracket, or with fewer than 32 paths.
    pub interval: [Option<f64>; 2],
    /// Whether the level is reached above it, or below.
    pub rising: bool,
}

/// What a solution looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// What was to be reached.
    pub until: Until,
    /// By which input.
    pub bracket: Bracket,
    /// The mean or probability at values across the bracket, and at the crossings.
    pub curve: Vec<(f64, Estimate)>,
    /// Every crossing that was found, in order. Two that lie closer together than a thirty-second of the bracket may be missed,
    /// but around the highest point.
    pub crossings: Vec<Crossing>,
    /// Where the mean or probability is highest, and how high.
    pub best: (f64, Estimate),
}

impl Solution {
    /// The stretches of the bracket on which the level is reached: for each end the crossing there, none where it is the
    /// bracket's end.
    #[must_use]
    pub fn reached(&self) -> Vec<[Option<Crossing>; 2]> {
        stretches(self.curve.first().is_some_and(|point| point.1.value >= self.until.level), &self.crossings)
    }
}

/// The stretches between the ends of a bracket on which a level is reached: for each end the crossing there, none where it is the
/// bracket's; `from_start` says whether it is reached at the lower end.
pub(crate) fn stretches(from_start: bool, crossings: &[Crossing]) -> Vec<[Option<Crossing>; 2]> {
    let mut out = Vec::new();
    let mut start = from_start.then_some(None);
    for crossing in crossings {
        if crossing.rising {
            start = Some(Some(*crossing));
        } else if let Some(from) = start.take() {
            out.push([from, Some(*crossing)]);
        }
    }
    out.extend(start.map(|from| [from, None]));
    out
}

/// An input to be solved for that has passed every check.
#[derive(Clone, Debug)]
pub struct Solve {
    pub(super) scenario: Scenario,
    pub(super) bracket: Bracket,
    pub(super) first: Plan,
    /// The columns of the input in the plan, where a value in them makes a case.
    columns: Option<Vec<usize>>,
    pub(super) paths: u64,
    warnings: Vec<Problem>,
}

impl Solve {
    /// Checks that the scenario can be simulated with the input at either end of its bracket.
    ///
    /// # Errors
    /// Where it cannot, or there are more than [`super::MOST_PATHS`] paths.
    pub fn new(scenario: &Scenario, bracket: Bracket, sampling: Sampling) -> Result<Self, AnalysisError> {
        Self::with_plan(scenario, bracket, sampling, |high| Plan::new(high, sampling.sampler, sampling.seed))
    }

    /// The same on the futures of another plan, with which it shares what is alike.
    pub(super) fn beside(
        scenario: &Scenario,
        bracket: Bracket,
        sampling: Sampling,
        plan: &Plan,
    ) -> Result<Self, AnalysisError> {
        Self::with_plan(scenario, bracket, sampling, |high| plan.beside(high))
    }

    fn with_plan(
        scenario: &Scenario,
        bracket: Bracket,
        sampling: Sampling,
        plan: impl FnOnce(&Scenario) -> Result<Plan, Problems>,
    ) -> Result<Self, AnalysisError> {
        let paths = scenario.paths_of(sampling.paths);
        check_paths(paths)?;
        bracket.at(scenario, bracket.low)?;
        let high = bracket.at(scenario, bracket.high)?;
        let columns = columns_of(&high, &bracket.inputs, bracket.key, bracket.low);
        let first = plan(&high)?;
        let mut warnings = high.warnings().to_vec();
        for input in &bracket.inputs {
            warnings.extend(scenario.moves_launch_alone(input).map(Problem::remark));
        }
        warnings.extend(bracket.leaves_out.clone().map(Problem::remark));
        Ok(Self { scenario: scenario.clone(), bracket, first, columns, paths, warnings })
    }

    /// The scenario as its file has it.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Whether setting the input drops correlations that the scenario has.
    #[must_use]
    pub fn drops_correlations(&self) -> bool {
        let known = |warning: &Problem| self.scenario.warnings().iter().any(|other| other.message == warning.message);
        self.warnings.iter().any(|warning| warning.topic == Topic::Set && !known(warning))
    }

    /// The input that is solved for.
    #[must_use]
    pub fn bracket(&self) -> &Bracket {
        &self.bracket
    }

    /// The plan with the input at the upper end of its bracket.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.first
    }

    /// Paths at each value.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// What should be known: a correlation that is dropped because the input has become a number.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Finds where `until` is reached.
    ///
    /// # Errors
    /// Where it is interrupted, threads cannot be started, money overflows, or an outcome is infinite.
    pub fn until(&self, until: &Until, options: &Options<'_>) -> Result<Solution, AnalysisError> {
        self.until_by(until, PARTS, options)
    }

    /// The same where the bracket is looked at in so many parts.
    pub(super) fn until_by(
        &self,
        until: &Until,
        parts: usize,
        options: &Options<'_>,
    ) -> Result<Solution, AnalysisError> {
        let threads = Threads::new(options)?;
        let search = Search { solve: self, until, threads };
        let mut curve = Vec::new();
        for xs in self.bracket.grid(parts).chunks(TOGETHER) {
            let estimates = search.at(xs)?;
            curve.extend(xs.iter().copied().zip(estimates));
        }
        let best_of = |curve: &[(f64, Estimate)]| {
            let higher = |best: usize, i: usize| if curve[i].1.value > curve[best].1.value { i } else { best };
            (0..curve.len()).fold(0, higher)
        };
        let best = best_of(&curve);
        let reaches = |point: &(f64, Estimate)| point.1.value >= until.level;
        // The highest point may lie between two values, and so may two crossings beside it.
        if !curve.iter().any(reaches)
            && let Some(peak) = search.peak(&curve, best)?
            && peak.1.value > curve[best].1.value
        {
            let at = curve.partition_point(|point| point.0 < peak.0);
            curve.insert(at, peak);
        }
        let best = curve[best_of(&curve)];
        let (mut crossings, mut there) = (Vec::new(), Vec::new());
        for i in 1..curve.len() {
            if reaches(&curve[i - 1]) != reaches(&curve[i]) {
                let (crossing, estimate) = search.crossing(&curve, i)?;
                there.push((crossing.value, estimate));
                crossings.push(crossing);
            }
        }
        there.retain(|point| curve.iter().all(|other| other.0 != point.0));
        curve.extend(there);
        curve.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Solution { until: until.clone(), bracket: self.bracket.clone(), curve, crossings, best })
    }
}

/// A search on the same paths throughout.
struct Search<'a> {
    solve: &'a Solve,
    until: &'a Until,
    threads: Threads<'a>,
}

impl Search<'_> {
    /// The mean or probability at some values.
    fn at(&self, xs: &[f64]) -> Result<Vec<Estimate>, AnalysisError> {
        let Solve { scenario, bracket, first, columns, paths, .. } = self.solve;
        let cases = if let Some(columns) = columns {
            let case = |x: &f64| Case::at(first, columns.iter().map(|column| (*column, *x)).collect());
            self.threads.means(&xs.iter().map(case).collect::<Vec<_>>(), *paths)?
        } else {
            let plan = |x: &f64| Ok(first.beside(&bracket.at(scenario, *x)?)?);
            let plans = xs.iter().map(plan).collect::<Result<Vec<Plan>, AnalysisError>>()?;
            self.threads.means(&plans.iter().map(Case::of).collect::<Vec<_>>(), *paths)?
        };
        let estimate = |(x, case): (&f64, &CaseResult)| {
            let at = || format!("{} = {}", bracket.input(), number_text(*x));
            if let Some(path) = case.overflow() {
                return Err(AnalysisError::RunAt { at: at(), error: RunError::Overflow(path) });
            }
            if self.until.is_probability {
                let p = case.probability(self.until.name);
                return Ok(p.map_or(Estimate::exact(f64::NAN), |p| p.estimate()));
            }
            Ok(case.means(self.until.name).map_or(Estimate::exact(f64::NAN), |means| means.estimate()))
        };
        xs.iter().zip(&cases).map(estimate).collect()
    }

    fn grain(&self, tolerance: f64) -> Grain {
        if self.solve.bracket.is_whole() { Grain::Whole } else { Grain::Within(tolerance) }
    }

    fn one(&self, x: f64) -> Result<Estimate, AnalysisError> {
        Ok(self.at(&[x])?[0])
    }

    /// The highest point between the neighbours of the highest of the curve, by golden sections; none where that is an end.
    fn peak(&self, curve: &[(f64, Estimate)], best: usize) -> Result<Option<(f64, Estimate)>, AnalysisError> {
        const GOLDEN: f64 = 0.618_033_988_749_894_8;
        if best == 0 || best + 1 >= curve.len() {
            return Ok(None);
        }
        if self.solve.bracket.is_whole() {
            return self.whole_peak(curve[best - 1].0, curve[best + 1].0).map(Some);
        }
        let (mut a, mut b) = (curve[best - 1].0, curve[best + 1].0);
        let (mut left, mut right) = (b - GOLDEN * (b - a), a + GOLDEN * (b - a));
        let found = self.at(&[left, right])?;
        let (mut at_left, mut at_right) = (found[0], found[1]);
        // Where the curve bends downward it rises no more beside its highest point than it has risen to it.
        let rise = |i: usize| curve[best].1.value - curve[i].1.value;
        let hopeful = curve[best].1.value + rise(best - 1).max(rise(best + 1)) >= self.until.level;
        for _ in 0..if hopeful { GOLDEN_STEPS } else { FEW_GOLDEN_STEPS } {
            if at_left.value >= self.until.level || at_right.value >= self.until.level {
                break;
            }
            if at_left.value > at_right.value {
                (b, right, at_right) = (right, left, at_left);
                left = b - GOLDEN * (b - a);
                at_left = self.one(left)?;
            } else {
                (a, left, at_left) = (left, right, at_right);
                right = a + GOLDEN * (b - a);
                at_right = self.one(right)?;
            }
        }
        Ok(Some(if at_left.value > at_right.value { (left, at_left) } else { (right, at_right) }))
    }

    /// The highest point at a whole number strictly between two others.
    fn whole_peak(&self, mut a: f64, mut b: f64) -> Result<(f64, Estimate), AnalysisError> {
        while b - a > 3.0 {
            let third = ((b - a) / 3.0).floor();
            let found = self.at(&[a + third, b - third])?;
            if found[0].value > found[1].value { b -= third } else { a += third }
        }
        let inside: Vec<f64> = (1..(b - a) as u32).map(|step| a + f64::from(step)).collect();
        let found = self.at(&inside)?;
        let points = inside.into_iter().zip(found);
        let higher =
            |best: (f64, Estimate), point: (f64, Estimate)| if point.1.value > best.1.value { point } else { best };
        Ok(points.reduce(higher).unwrap_or((a, self.one(a)?)))
    }

    /// The crossing between points i − 1 and i of the curve, and the mean or probability there.
    fn crossing(&self, curve: &[(f64, Estimate)], i: usize) -> Result<(Crossing, Estimate), AnalysisError> {
        let level = self.until.level;
        let tolerance = if self.until.is_probability { TOLERANCE_OF_STEPS } else { TOLERANCE };
        let grain = self.grain((self.solve.bracket.high - self.solve.bracket.low) * tolerance);
        let rising = curve[i].1.value >= level;
        let (a, b) = (curve[i - 1], curve[i]);
        // Reaching the level counts as above it, as elsewhere.
        let above = |x: f64| if x == 0.0 { f64::MIN_POSITIVE } else { x };
        let value = root(
            |x| Ok::<f64, AnalysisError>(above(self.one(x)?.value - level)),
            (a.0, above(a.1.value - level)),
            (b.0, above(b.1.value - level)),
            grain,
        )?;
        let at_root = self.one(value)?;
        let interval = match at_root.interval {
            None => [None, None],
            Some(_) => [self.bound(curve, i, value, rising, false)?, self.bound(curve, i, value, rising, true)?],
        };
        Ok((Crossing { value, interval, rising }, at_root))
    }

    /// Where, going left or right from a crossing, the 95% interval no longer holds the level; none where it holds it up to the end
    /// of the bracket.
    fn bound(
        &self,
        curve: &[(f64, Estimate)],
        i: usize,
        value: f64,
        rising: bool,
        rightward: bool,
    ) -> Result<Option<f64>, AnalysisError> {
        // Away from the crossing the mean goes above the level on one side and below on the other; then the end of its interval
        // that is nearer to the level follows.
        let goes_up = rising == rightward;
        let beyond = |estimate: &Estimate| {
            let (low, high) = estimate.interval.unwrap_or((estimate.value, estimate.value));
            if goes_up { low - self.until.level } else { self.until.level - high }
        };
        let here = beyond(&self.one(value)?);
        if here >= 0.0 {
            return Ok(Some(value));
        }
        let clear = |point: &&(f64, Estimate)| beyond(&point.1) > 0.0;
        let outer = if rightward { curve[i..].iter().find(clear) } else { curve[..i].iter().rev().find(clear) };
        let Some(outer) = outer else { return Ok(None) };
        let (mut near, mut far) = ((value, here), (outer.0, beyond(&outer.1)));
        // The interval is mostly far narrower than the curve's steps: a few strides outward bracket its end closely.
        let mut stride = (far.0 - value) * 1e-4;
        while (stride / (far.0 - value)) < 0.5 && !self.solve.bracket.is_whole() {
            let x = value + stride;
            let y = beyond(&self.one(x)?);
            if y > 0.0 {
                far = (x, y);
                break;
            }
            near = (x, y);
            stride *= 8.0;
        }
        let (a, b) = if rightward { (near, far) } else { (far, near) };
        let end =
            root(|x| Ok::<f64, AnalysisError>(beyond(&self.one(x)?)), a, b, self.grain((b.0 - a.0) * BOUND_TOLERANCE))?;
        // Of whole numbers that is the first outside: the one before it still holds the level.
        let inward = if rightward { -1.0 } else { 1.0 };
        Ok(Some(if self.solve.bracket.is_whole() { end + inward } else { end }))
    }
}
