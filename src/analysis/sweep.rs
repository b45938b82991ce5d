//! Sweeps: a scenario with one or two of its inputs at each of many values.

use std::collections::BTreeMap;
use std::ops::Range;

use super::best::{Best, Foresight, Measure};
use super::state::{SweepKey, SweepState};
use super::vary::{Axis, MOST_POINTS, check_not_given, check_segment, columns_of, override_of, unquoted};
use super::{AnalysisError, MOST_PATHS};
use crate::aggregate::CaseSummary;
use crate::engine::{Case, Group, Observe, Options, RunError, Threads, Wanted};
use crate::lanes::Lanes;
use crate::model::{Outcome, Outcomes};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::keys::Key;
use crate::scenario::{Problem, Scenario};
use crate::words;

/// Paths times points that are simulated together: so many outcomes are kept in memory.
const TOGETHER: u64 = 1 << 20;
/// So many times the range is looked beyond it for a best price.
const BEYOND: f64 = 10.0;
/// The fewest and the most points that are simulated together.
const POINTS_TOGETHER: (u64, u64) = (2, 64);

/// A sweep that has passed every check.
#[derive(Clone, Debug)]
pub struct Sweep {
    scenario: Scenario,
    axes: Vec<Axis>,
    /// What says the values, in messages.
    said_by: &'static str,
    first: Plan,
    /// For each axis the columns of its inputs in the plan, where a value in them makes a point.
    columns: Option<Vec<Vec<usize>>>,
    /// Paths that were asked for; there are fewer where no more are known.
    asked_paths: u64,
    paths: u64,
    warnings: Vec<Problem>,
}

/// One point of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The value on each axis.
    pub values: Vec<f64>,
    /// What came out.
    pub summary: CaseSummary,
}

/// What came out of a sweep.
#[derive(Clone, Debug)]
pub struct SweepResult {
    /// What was varied.
    pub axes: Vec<Axis>,
    /// Every point; the last axis varies fastest.
    pub points: Vec<Point>,
    best: [Best; 2],
}

impl SweepResult {
    /// Which point is best.
    #[must_use]
    pub fn best(&self, measure: Measure) -> &Best {
        &self.best[measure as usize]
    }
}

impl Sweep {
    /// Checks that `scenario` can be simulated with its inputs at each value of each axis (one or two), on `paths` paths. A
    /// distribution is replaced by the value; an implied investment stays what the scenario implies.
    ///
    /// # Errors
    /// Where the axes make no sense together, a value is outside its input's range, or there are too many points or paths.
    pub fn new(scenario: &Scenario, axes: Vec<Axis>, sampling: Sampling) -> Result<Self, AnalysisError> {
        Self::asked_by("--vary", scenario, axes, sampling)
    }

    /// The same where an argument of another name says the values.
    pub(super) fn asked_by(
        said_by: &'static str,
        scenario: &Scenario,
        axes: Vec<Axis>,
        sampling: Sampling,
    ) -> Result<Self, AnalysisError> {
        check_axes(&axes, said_by)?;
        let Sampling { paths, seed, sampler } = sampling;
        check_paths(paths)?;
        let (asked_paths, paths) = (paths, scenario.paths_of(paths));
        let left_out: Vec<String> = axes.iter().filter_map(|axis| scenario.leaves_out(&axis.inputs)).collect();
        let mut axes = axes;
        for axis in &mut axes {
            for input in &axis.inputs {
                check_segment(scenario, input).map_err(AnalysisError::Asked)?;
                check_not_given(scenario, input).map_err(AnalysisError::Asked)?;
            }
            axis.inputs = scenario.written_out(&axis.inputs).map_err(AnalysisError::Asked)?;
        }
        let at = |place: &[usize]| {
            let values = axes.iter().zip(place).map(|(axis, i)| override_of(&axis.inputs, &axis.values[*i].written));
            let told = axes.iter().zip(place);
            let told = told.map(|(axis, i)| format!("value {} of {} of {}", i + 1, axis.values.len(), axis.input()));
            scenario
                .overlaid(said_by, &values.collect::<Vec<_>>())
                .map_err(|problems| AnalysisError::WrongAt { at: told.collect::<Vec<_>>().join(", "), problems })
        };
        // Every rule keeps numbers between others: where all holds at the outermost values together, it does inside.
        let outermost: Vec<[usize; 2]> = axes.iter().map(outermost).collect();
        let corners = (0..1_usize << axes.len())
            .map(|set| outermost.iter().enumerate().map(|(k, ends)| ends[set >> k & 1]).collect::<Vec<usize>>());
        for corner in corners {
            at(&corner)?;
        }
        let first = at(&vec![0; axes.len()])?;
        let mut warnings = first.warnings().to_vec();
        for input in axes.iter().flat_map(|axis| &axis.inputs) {
            warnings.extend(scenario.moves_launch_alone(input).map(Problem::remark));
        }
        warnings.extend(left_out.into_iter().map(Problem::remark));
        let lowest = |axis: &Axis| axis.values.iter().map(|value| value.number).fold(f64::INFINITY, f64::min);
        let columns = axes.iter().map(|axis| columns_of(&first, &axis.inputs, axis.key, lowest(axis))).collect();
        let first = Plan::new(&first, sampler, seed)?;
        Ok(Self { scenario: scenario.clone(), axes, said_by, first, columns, asked_paths, paths, warnings })
    }

    /// The scenario as its file has it.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What is varied.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The plan of the first point.
    #[must_use]
    pub fn first_plan(&self) -> &Plan {
        &self.first
    }

    /// Paths at each point, seed and sampler.
    #[must_use]
    pub fn sampling(&self) -> Sampling {
        Sampling { paths: self.asked_paths, seed: self.first.seed, sampler: self.first.sampler }
    }

    /// Paths at each point.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// What should be known: correlations that are dropped because an input has become a number, above all.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// How many points there are.
    #[must_use]
    pub fn points(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The overrides that make point `i`: `price.monthly=5.25`.
    pub(super) fn overrides(&self, i: usize) -> Vec<String> {
        let place = place_of(&self.axes, i);
        self.axes.iter().zip(place).map(|(axis, at)| override_of(&axis.inputs, &axis.values[at].written)).collect()
    }

    /// The state of a sweep of which nothing is done.
    #[must_use]
    pub fn start(&self) -> SweepState {
        let foresight = || Foresight::new(self.paths as usize);
        SweepState { done: BTreeMap::new(), foresight: [foresight(), foresight()] }
    }

    /// Writes a state, with all that this sweep was asked.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write_state(&self, state: &SweepState, writer: &mut impl std::io::Write) -> std::io::Result<()> {
        state.write(&self.key(), writer)
    }

    /// Reads a state of this very sweep: none where it is damaged, or of another sweep or version.
    #[must_use]
    pub fn read_state(&self, bytes: &[u8]) -> Option<SweepState> {
        SweepState::read(&self.key(), bytes)
            .filter(|state| state.points() <= self.points() && state.last() < self.points())
    }

    fn key(&self) -> SweepKey {
        let values = |axis: &Axis| axis.values.iter().map(|value| value.written.clone()).collect();
        SweepKey {
            scenario: self.scenario.name().to_owned(),
            texts: self.scenario.texts(),
            main: self.scenario.main(),
            axes: self.axes.iter().map(|axis| (axis.inputs.join(","), values(axis))).collect(),
            sampler: self.first.sampler.name().to_owned(),
            seed: self.first.seed,
            paths: self.paths,
        }
    }

    /// Simulates every point.
    ///
    /// # Errors
    /// Where it is interrupted, threads cannot be started, or money overflows.
    pub fn run(&self, options: &Options<'_>) -> Result<SweepResult, AnalysisError> {
        let mut state = self.start();
        self.resume(&mut state, 0..self.points(), options, |_| ())?;
        Ok(self.result(state))
    }

    /// Simulates those of some points that are missing in `state`, a few at a time, and shows each state to `keep`.
    ///
    /// # Errors
    /// As [`Sweep::run`]; what was done before stands in `state`.
    pub fn resume(
        &self,
        state: &mut SweepState,
        points: Range<usize>,
        options: &Options<'_>,
        mut keep: impl FnMut(&SweepState),
    ) -> Result<(), AnalysisError> {
        let threads = Threads::new(options)?;
        let (least, most) = POINTS_TOGETHER;
        let together = (TOGETHER / self.paths).clamp(least, most) as usize;
        let missing: Vec<usize> = points.filter(|point| !state.done.contains_key(point)).collect();
        options.expect(missing.len() as u64 * self.paths);
        for points in missing.chunk_by(|a, b| a + 1 == *b).flat_map(|row| row.chunks(together)) {
            let (first, count) = (points[0], points.len());
            let observer = || PathColumns::new(count);
            let (results, columns) = self.on_cases(first..first + count, |cases| {
                Ok(threads.cases(cases, self.paths, Wanted::Outcomes, observer)?)
            })?;
            if let Some((i, path)) = results.iter().enumerate().find_map(|(i, case)| Some((i, case.overflow()?))) {
                let at = self.overrides(first + i).join(", ");
                return Err(AnalysisError::RunAt { at, error: RunError::Overflow(path) });
            }
            let [npv, payback] = columns.in_order(self.paths as usize);
            state.foresight[Measure::Npv as usize].add(first, &npv);
            state.foresight[Measure::Payback as usize].add(first, &payback);
            state.done.extend((first..).zip(threads.case_summaries(&results)));
            keep(state);
        }
        Ok(())
    }

    /// A price ten times beyond the range at which mean NPV is still higher than at the best point, where that is the last: then
    /// the model finds no best price, since its demand curve has a long tail of which nothing is measured.
    ///
    /// # Errors
    /// As [`Sweep::run`].
    pub fn still_higher(&self, result: &SweepResult, options: &Options<'_>) -> Result<Option<f64>, AnalysisError> {
        let [axis] = self.axes.as_slice() else { return Ok(None) };
        let best = result.best(Measure::Npv);
        let highest = axis.values.iter().map(|value| value.number).fold(f64::NEG_INFINITY, f64::max);
        let at = axis.values[best.point].number;
        if axis.key != Key::PriceMonthly || axis.values.len() < 3 || at < highest {
            return Ok(None);
        }
        let beyond = highest * BEYOND;
        let overrides = [override_of(&axis.inputs, &beyond.to_string())];
        let Ok(scenario) = self.scenario.overlaid(self.said_by, &overrides) else { return Ok(None) };
        let plan = self.first.beside(&scenario)?;
        let cases = Threads::new(options)?.means(&[Case::of(&plan)], self.paths)?;
        let mean = cases.first().filter(|case| case.overflow().is_none()).and_then(|case| case.means("npv"));
        Ok(mean.filter(|mean| mean.value > best.rows[best.point].value.value).map(|_| beyond))
    }

    /// Hands on the cases of some points.
    pub(crate) fn on_cases<T>(
        &self,
        points: Range<usize>,
        work: impl FnOnce(&[Case<'_>]) -> Result<T, AnalysisError>,
    ) -> Result<T, AnalysisError> {
        if let Some(columns) = &self.columns {
            return work(&points.map(|i| self.case(columns, i)).collect::<Vec<_>>());
        }
        let plans: Vec<Plan> = points.map(|i| self.plan(i)).collect::<Result<_, _>>()?;
        work(&plans.iter().map(Case::of).collect::<Vec<_>>())
    }

    /// Point `i` as the first one with other values in its columns.
    fn case(&self, columns: &[Vec<usize>], i: usize) -> Case<'_> {
        let place = place_of(&self.axes, i);
        let values = self.axes.iter().zip(columns).zip(place);
        let values = values.flat_map(|((axis, columns), at)| columns.iter().map(move |c| (*c, axis.values[at].number)));
        Case::at(&self.first, values.collect())
    }

    fn plan(&self, i: usize) -> Result<Plan, AnalysisError> {
        let overrides = self.overrides(i);
        let at = |problems| AnalysisError::WrongAt { at: format!("at {}", overrides.join(", ")), problems };
        let scenario = self.scenario.overlaid(self.said_by, &overrides).map_err(at)?;
        Ok(self.first.beside(&scenario)?)
    }

    /// The verdict over all points of a finished state, in which none is missing.
    #[must_use]
    pub fn result(&self, state: SweepState) -> SweepResult {
        let SweepState { done, foresight, .. } = state;
        let values = |i: usize| {
            let place = place_of(&self.axes, i);
            self.axes.iter().zip(place).map(|(axis, at)| axis.values[at].number).collect()
        };
        let points: Vec<Point> = done.into_iter().map(|(i, summary)| Point { values: values(i), summary }).collect();
        let means = |measure: Measure| points.iter().filter_map(|point| point.summary.means(measure.name())).collect();
        let verdict = |measure: Measure| {
            let means: Vec<_> = means(measure);
            foresight[measure as usize].verdict(measure, &means)
        };
        let best = Measure::ALL.map(verdict);
        SweepResult { axes: self.axes.clone(), points, best }
    }
}

/// The place on each axis of point `i`: the last axis varies fastest.
pub(super) fn place_of(axes: &[Axis], mut i: usize) -> Vec<usize> {
    let mut place = vec![0; axes.len()];
    for (at, axis) in place.iter_mut().zip(axes).rev() {
        *at = i % axis.values.len();
        i /= axis.values.len();
    }
    place
}

/// Where the lowest and the highest value of an axis stand.
fn outermost(axis: &Axis) -> [usize; 2] {
    let by_value = |a: &usize, b: &usize| axis.values[*a].number.total_cmp(&axis.values[*b].number);
    let all = 0..axis.values.len();
    [all.clone().min_by(by_value), all.max_by(by_value)].map(Option::unwrap_or_default)
}

fn check_axes(axes: &[Axis], said_by: &str) -> Result<(), AnalysisError> {
    let asked = |message: String| Err(AnalysisError::Asked(message));
    match axes {
        [a, b] if a.inputs.iter().any(|a| b.inputs.iter().any(|b| unquoted(a) == unquoted(b))) => {
            return asked(format!("{said_by} names `{}` twice", a.input()));
        }
        [_] | [_, _] => {}
        _ => return asked(format!("{said_by} names {} inputs: one or two can take values together", axes.len())),
    }
    let points = axes.iter().map(|axis| axis.values.len()).product::<usize>();
    if points > MOST_POINTS {
        let (points, most) = (words::count(points as u64), words::count(MOST_POINTS as u64));
        return asked(format!("{points} points: at most {most}, take larger steps"));
    }
    Ok(())
}

/// Whether numbers of so many paths can be kept.
pub(super) fn check_paths(paths: u64) -> Result<(), AnalysisError> {
    if paths <= MOST_PATHS {
        return Ok(());
    }
    let (paths, most) = (words::count(paths), words::count(MOST_PATHS));
    let message = format!("{paths} paths: at most {most}, since numbers of every path are kept to pair them");
    Err(AnalysisError::Asked(message))
}

/// For each point NPV and payback (1 or 0) of every path.
struct PathColumns {
    /// By point: the first path of sixteen with their numbers.
    groups: Vec<Vec<(u64, [Lanes; 2])>>,
}

impl PathColumns {
    fn new(points: usize) -> Self {
        Self { groups: vec![Vec::new(); points] }
    }

    /// By measure, then by point, of `paths` paths in order.
    fn in_order(mut self, paths: usize) -> [Vec<Vec<f64>>; 2] {
        for groups in &mut self.groups {
            groups.sort_unstable_by_key(|group| group.0);
        }
        std::array::from_fn(|measure| {
            let column = |groups: &Vec<(u64, [Lanes; 2])>| {
                let mut all: Vec<f64> = groups.iter().flat_map(|group| group.1[measure].0).collect();
                all.truncate(paths);
                all
            };
            self.groups.iter().map(column).collect()
        })
    }
}

impl Observe for PathColumns {
    fn group(&mut self, group: &Group<'_, '_>, outcomes: &[Outcomes]) {
        for (groups, outcomes) in self.groups.iter_mut().zip(outcomes) {
            let reached = outcomes.get(Outcome::PaybackMonth).lt(Lanes::splat(f64::INFINITY));
            let payback = reached.select(Lanes::ONE, Lanes::ZERO);
            groups.push((group.first_path, [outcomes.get(Outcome::Npv), payback]));
        }
    }

    fn join(&mut self, other: Self) {
        for (groups, others) in self.groups.iter_mut().zip(other.groups) {
            groups.extend(others);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::Takes;
    use crate::scenario::load;

    /// Every uncertain input of a scenario, each at two values inside what is drawn of it.
    fn sweeps(scenario: &Scenario) -> Vec<Sweep> {
        let varied = scenario
            .ledger()
            .into_iter()
            .filter(|(_, key, value)| key.spec().takes == Takes::Input && !value.dist.is_constant());
        let axis = |(input, _, value): (String, Key, &crate::scenario::InputValue)| {
            let at = |p: f64| format!("{:.6}", value.dist.quantile(p));
            format!("{input}={},{}", at(0.3), at(0.8))
        };
        let of_axis = |axis: String| {
            let sampling = Sampling { seed: 5, ..Sampling::of_paths(100) };
            Sweep::new(scenario, vec![axis.parse().unwrap()], sampling).unwrap()
        };
        varied.map(axis).chain(["shocks.annual_volatility=0.2,0.4".to_owned()]).map(of_axis).collect()
    }

    #[test]
    fn volatility_makes_points_by_its_column_but_where_there_is_none() {
        let baseline = load("baseline").unwrap();
        let swept = |values: &str| {
            let axis = format!("shocks.annual_volatility={values}").parse().unwrap();
            let sweep = Sweep::new(&baseline, vec![axis], Sampling::of_paths(500)).unwrap();
            let points = sweep.run(&Options::default()).unwrap().points;
            (sweep.columns.is_some(), points.into_iter().map(|point| point.summary).collect::<Vec<_>>())
        };
        let alone: Vec<CaseSummary> = ["0.2", "0", "0.4"].iter().flat_map(|value| swept(value).1).collect();
        assert_eq!(swept("0.2,0,0.4"), (false, alone.clone()));
        assert_eq!(swept("0.2,0.4"), (true, vec![alone[0].clone(), alone[2].clone()]));
    }

    #[test]
    fn a_point_that_is_a_number_in_a_column_is_the_point_planned_in_full() {
        let mut compared = 0;
        let options = Options::default();
        let threads = Threads::new(&options).unwrap();
        for name in ["as-launched", "price-war"] {
            for sweep in sweeps(&load(name).unwrap()) {
                let summary = |case: Case<'_>| {
                    let (results, ()) = threads.cases(&[case], sweep.paths, Wanted::Outcomes, || ()).unwrap();
                    threads.case_summaries(&results).remove(0)
                };
                // The first plan is that of point 0.
                let (planned, quick) = (sweep.plan(1).unwrap(), sweep.case(sweep.columns.as_ref().unwrap(), 1));
                assert_eq!(summary(quick), summary(Case::of(&planned)), "{name}: {:?}", sweep.overrides(1));
                compared += 1;
            }
        }
        assert!(compared > 20, "{compared}");
    }
}
