//! What an answer hangs on: how it moves with each uncertain input, how much of its variance each is behind, what the futures in which
//! something happens have in common, and what would have to be true.

use std::ops::Range;
use std::sync::Arc;

use super::AnalysisError;
use super::effects::{Design, Effect, Response, Walk, effects, walk};
use super::needed::{Needed, needed};
use super::sample::{Bin, Common, Sample};
use crate::aggregate::{CaseSummary, Estimate, QUESTIONS, answers};
use crate::engine::{Case, Options, PATHS_PER_BLOCK, SecondDraws, Threads, check_paths, on_some_paths};
use crate::lanes::{LANES, Lanes};
use crate::model::{Inputs, OUTCOMES, OutcomeKind, Outcomes};
use crate::plan::{Factor, Plan};
use crate::sampler::{PATHS_PER_BATCH, Sampler, Sampling, ShockStream};
use crate::scenario::Scenario;
use crate::words;

/// Simulations of the walks along orders of the inputs, for each path of the base.
const WALKS: u64 = 5;
/// Simulations of inputs set alone, for each path of the base.
const ALONE: u64 = 2;
/// Cases simulated together.
const TOGETHER: usize = 8;
/// The levels of a swing: the middles of the lowest and the highest tenth.
const ENDS: [f64; 2] = [0.05, 0.95];

/// What is asked about: the mean of an outcome, or the probability of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    /// Its name.
    pub name: &'static str,
    /// Whether it is an event.
    pub is_probability: bool,
    /// Its unit: `share` of an event.
    pub unit: &'static str,
    at: usize,
}

impl std::str::FromStr for Of {
    type Err = String;

    /// `npv`, `payback`.
    ///
    /// ```
    /// use breakeven::analysis::Of;
    /// assert!("payback".parse::<Of>()?.is_probability);
    /// assert!("payback_month".parse::<Of>().is_err(), "a month that may never come has no mean");
    /// # Ok::<(), String>(())
    /// ```
    fn from_str(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if let Some((at, question)) = QUESTIONS.iter().enumerate().find(|(_, question)| question.1 == name) {
            return Ok(Self { name: question.1, is_probability: true, unit: "share", at });
        }
        match OUTCOMES.iter().enumerate().find(|(_, outcome)| outcome.name == name) {
            Some((at, outcome)) if outcome.kind == OutcomeKind::Finite => {
                Ok(Self { name: outcome.name, is_probability: false, unit: outcome.unit, at })
            }
            Some(_) => Err(format!(
                "`{name}` has no mean where a path never gets there: ask about an event, such as payback, or about npv"
            )),
            None => {
                let events: Vec<_> = CaseSummary::questions().collect();
                let finite = OUTCOMES.iter().filter(|outcome| outcome.kind == OutcomeKind::Finite);
                let outcomes: Vec<_> = finite.map(|outcome| outcome.name).collect();
                Err(words::no_such_figure(name, &events, &outcomes))
            }
        }
    }
}

/// Something uncertain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Uncertain {
    /// An input, by its column.
    Input(usize),
    /// An event, by its place.
    Event(usize),
    /// The monthly shocks.
    Shocks,
}

/// Drivers that have passed every check.
#[derive(Clone, Debug)]
pub struct Drivers {
    scenario: Scenario,
    plan: Plan,
    /// The same drawn at random: walks of different orders are to be independent.
    random: Plan,
    of: Vec<Of>,
    /// What is uncertain, with its name.
    uncertain: Vec<(String, Uncertain)>,
    paths: u64,
    most_paths: u64,
}

/// What drives one number.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The number.
    pub of: Of,
    /// Its mean or probability.
    pub mean: Estimate,
    /// Its standard deviation.
    pub sd: f64,
    /// What is uncertain, in the order of the scenario.
    pub inputs: Vec<Driver>,
    /// What would have to be true, input by input.
    pub needed: Vec<Needed>,
    /// The level that `needed` is about.
    pub level: f64,
    /// Of an event: on how many paths it happens and on how many it does not, where it was looked at more closely.
    pub happens: Option<[u64; 2]>,
    /// Paths simulated at each value that was tried for `needed`.
    pub needed_paths: u64,
}

/// What one uncertain input does to a number.
#[derive(Clone, Debug)]
pub struct Driver {
    /// An input, `events.NAME`, or `shocks`.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// Its 5% and 95% values; of an event never (infinity) and month 1. The shocks have none.
    pub values: Option<[f64; 2]>,
    /// Where it is in its lowest and highest tenth, with what usually comes along; of an event, where it never starts and where it
    /// starts in the first year. None with fewer than 100 such paths.
    pub swing: Option<Swing>,
    /// Where it alone is set to its 5% and 95% value.
    pub alone: Option<Swing>,
    /// The number by input, in twenty parts of equal probability.
    pub curve: Vec<Bin>,
    /// Its part of the variance; none where nothing varies.
    pub effect: Option<Effect>,
    /// Of an event that is asked about: the input where it happens and where it does not.
    pub common: Option<Common>,
}

/// A number at the low and the high end of an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// At the low end.
    pub low: Estimate,
    /// At the high end.
    pub high: Estimate,
    /// The difference.
    pub swing: Estimate,
}

impl Drivers {
    /// Checks that the drivers of so many numbers can be looked for. An event that is asked about is looked at on up to
    /// `most_paths` paths, until it has happened, and not happened, on 1,000.
    ///
    /// # Errors
    /// Where nothing is uncertain, there are too many paths, or the scenario has no plan.
    pub fn new(scenario: &Scenario, of: Vec<Of>, sampling: Sampling, most_paths: u64) -> Result<Self, AnalysisError> {
        let Sampling { paths, seed, sampler } = sampling;
        check_paths(paths)?;
        if paths > super::MOST_PATHS {
            let message = format!("{paths} paths: at most {} are kept for drivers", super::MOST_PATHS);
            return Err(AnalysisError::Asked(message));
        }
        let plan = Plan::new(scenario, sampler, seed)?;
        let random =
            if sampler == Sampler::Random { plan.clone() } else { Plan::new(scenario, Sampler::Random, seed)? };
        let inputs = plan.draws.varied().map(|(column, name)| (name.to_owned(), Uncertain::Input(column)));
        let events = plan.draws.event_names().enumerate().map(|(i, name)| (name.to_owned(), Uncertain::Event(i)));
        let shocks = (!plan.shocks.is_quiet()).then(|| (Factor::SHOCKS.to_owned(), Uncertain::Shocks));
        let uncertain: Vec<_> = inputs.chain(events).chain(shocks).collect();
        if uncertain.is_empty() {
            let message = format!(
                "nothing is uncertain in `{}`: every input is a number, so nothing drives the answer but the numbers themselves; `solve` and `sweep` change one",
                scenario.name()
            );
            return Err(AnalysisError::Asked(message));
        }
        Ok(Self { scenario: scenario.clone(), plan, random, of, uncertain, paths, most_paths })
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Paths of the base, on which the scenario is simulated as it is.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// Looks for the drivers of each number.
    ///
    /// # Errors
    /// Where it is interrupted, threads cannot be started, or money overflows.
    pub fn run(&self, options: &Options<'_>) -> Result<Vec<Answer>, AnalysisError> {
        let threads = Threads::new(options)?;
        let design = Design::within(
            WALKS * self.paths,
            self.uncertain.len(),
            self.plan.seed,
            LANES as u64,
            PATHS_PER_BATCH as u64,
        );
        let cases = self.alone_cases();
        let alone_paths = (ALONE * self.paths / cases.len().max(1) as u64).clamp(1, self.paths);
        options.expect(self.paths + cases.len() as u64 * alone_paths + design.simulations(self.uncertain.len()));
        let base = self.sample(0..self.paths, &threads)?;
        let alone = self.alone(&cases, alone_paths, &threads)?;
        let walks = self.walks(design, &threads)?;
        let effects = effects(self.uncertain.len(), self.plan.seed, &walks);
        let mut answers = Vec::new();
        for (i, (of, effects)) in self.of.iter().zip(effects).enumerate() {
            let level = if of.is_probability { 0.5 } else { 0.0 };
            let (needed, needed_paths) = needed(&self.scenario, &self.plan, of, level, self.paths, &threads)?;
            let common = if of.is_probability { Some(self.common(&base, i, &threads)?) } else { None };
            let driver = |k: usize| {
                let (name, uncertain) = &self.uncertain[k];
                Driver {
                    name: name.clone(),
                    unit: self.unit(*uncertain),
                    values: self.ends(*uncertain),
                    swing: base.swing(k, i),
                    alone: alone[i][k],
                    curve: base.curve(k, i),
                    effect: effects.as_ref().map(|effects| effects[k]),
                    common: common.as_ref().and_then(|(common, _)| common[k]),
                }
            };
            answers.push(Answer {
                of: *of,
                mean: base.mean(i),
                sd: base.sd(i),
                inputs: (0..self.uncertain.len()).map(driver).collect(),
                needed,
                level,
                happens: common.as_ref().map(|common| common.1),
                needed_paths,
            });
        }
        Ok(answers)
    }

    fn unit(&self, uncertain: Uncertain) -> &'static str {
        match uncertain {
            Uncertain::Input(column) => self.scenario.unit_of_column(column),
            Uncertain::Event(_) => "month",
            Uncertain::Shocks => "",
        }
    }

    /// Its 5% and 95% value; of an event never, and month 1.
    fn ends(&self, uncertain: Uncertain) -> Option<[f64; 2]> {
        match uncertain {
            Uncertain::Input(column) => Some(ENDS.map(|p| self.plan.draws.dist_of(column).quantile(p))),
            Uncertain::Event(_) => Some([f64::INFINITY, 1.0]),
            Uncertain::Shocks => None,
        }
    }

    /// What is drawn and what comes out on some paths, the first of which is a multiple of a batch.
    fn sample(&self, paths: Range<u64>, threads: &Threads<'_>) -> Result<Sample, AnalysisError> {
        let blocks = (paths.start..paths.end).step_by(PATHS_PER_BLOCK as usize);
        let blocks: Vec<Range<u64>> = blocks.map(|first| first..paths.end.min(first + PATHS_PER_BLOCK)).collect();
        let total = self.paths;
        let of_block = |some: Range<u64>| {
            let mut sample = self.empty_sample(some.start);
            if threads.stop_if_cancelled().is_ok() {
                let count = some.end - some.start;
                on_some_paths(&[Case::of(&self.plan)], total, some, threads.level(), |_, count, inputs, outcomes| {
                    sample.add(count, self.drawn(inputs), self.numbers(outcomes));
                });
                threads.advance(count);
            }
            sample
        };
        let parts = threads.map(blocks, of_block);
        threads.stop_if_cancelled()?;
        let mut all = self.empty_sample(paths.start);
        for part in parts {
            all.extend(part);
        }
        Ok(all)
    }

    fn empty_sample(&self, first_path: u64) -> Sample {
        let parts = |uncertain: &(String, Uncertain)| match uncertain.1 {
            Uncertain::Input(column) => super::sample::Parts::of(self.plan.draws.dist_of(column)),
            Uncertain::Event(_) => super::sample::Parts::Event,
            Uncertain::Shocks => super::sample::Parts::None,
        };
        Sample::new(first_path, self.uncertain.iter().map(parts).collect(), self.of.len())
    }

    /// The numbers behind sixteen paths.
    fn drawn<'i>(&'i self, inputs: Inputs<'i>) -> impl Iterator<Item = Lanes> + 'i {
        self.uncertain.iter().map(move |(_, uncertain)| match uncertain {
            Uncertain::Input(column) => inputs.columns[*column],
            // What starts after the horizon never does.
            Uncertain::Event(i) => {
                let start = inputs.event_starts[*i];
                start.le(Lanes::splat(self.plan.setup.months as f64)).select(start, Lanes::splat(f64::INFINITY))
            }
            Uncertain::Shocks => Lanes::ZERO,
        })
    }

    /// What is asked about on sixteen paths.
    fn numbers(&self, outcomes: &Outcomes) -> Vec<Lanes> {
        let target = self.plan.setup.target;
        let answers = self.of.iter().any(|of| of.is_probability).then(|| answers(outcomes, target));
        let number = |of: &Of| match &answers {
            Some(answers) if of.is_probability => answers[of.at],
            _ => outcomes.0[of.at],
        };
        self.of.iter().map(number).collect()
    }

    /// For each uncertain thing that has ends: the case at its low and at its high end.
    fn alone_cases(&self) -> Vec<Case<'_>> {
        let of = |(_, uncertain): &(String, Uncertain)| {
            let ends = self.ends(*uncertain)?;
            Some(ends.map(|x| match uncertain {
                Uncertain::Event(i) => Case::with_start(&self.plan, *i, x),
                Uncertain::Input(column) => Case::at(&self.plan, vec![(*column, x)]),
                Uncertain::Shocks => Case::of(&self.plan),
            }))
        };
        self.uncertain.iter().filter_map(of).flatten().collect()
    }

    /// By number, then by what is uncertain.
    fn alone(
        &self,
        cases: &[Case<'_>],
        paths: u64,
        threads: &Threads<'_>,
    ) -> Result<Vec<Vec<Option<Swing>>>, AnalysisError> {
        let mut results = Vec::new();
        for some in cases.chunks(TOGETHER) {
            results.extend(threads.means(some, paths)?);
        }
        if let Some(path) = results.iter().find_map(crate::engine::CaseResult::overflow) {
            return Err(crate::engine::RunError::Overflow(path).into());
        }
        let of_number = |of: &Of| {
            let mut pairs = results.chunks_exact(2);
            let swing = |(_, uncertain): &(String, Uncertain)| {
                self.ends(*uncertain)?;
                let pair = pairs.next()?;
                let [low, high] = [pair[0].means(of.name)?, pair[1].means(of.name)?];
                let swing = high.plus(-1.0, &low).estimate();
                Some(Swing { low: low.estimate(), high: high.estimate(), swing })
            };
            self.uncertain.iter().map(swing).collect()
        };
        Ok(self.of.iter().map(of_number).collect())
    }

    fn walks(&self, design: Design, threads: &Threads<'_>) -> Result<Vec<Walk>, AnalysisError> {
        let inputs = self.uncertain.len();
        let shocks = self.uncertain.iter().any(|(_, uncertain)| *uncertain == Uncertain::Shocks);
        let model = Model {
            drivers: self,
            shocks: shocks.then(|| Arc::new(self.random.shocks.redraw(self.random.seed))),
            level: threads.level(),
        };
        let one = |i: usize| {
            threads.stop_if_cancelled().ok()?;
            let walk = walk(&model, design, i);
            threads.advance(design.paths * (inputs as u64 + 1));
            Some(walk)
        };
        let walks = threads.map((0..Design::walks(inputs)).collect(), one);
        threads.stop_if_cancelled()?;
        Ok(walks.into_iter().flatten().collect())
    }

    /// What the futures in which an event happens have in common, and how many there are of both kinds. More are simulated until
    /// the rarer kind has enough.
    fn common(
        &self,
        base: &Sample,
        of: usize,
        threads: &Threads<'_>,
    ) -> Result<(Vec<Option<Common>>, [u64; 2]), AnalysisError> {
        let mut happens = base.happens(of);
        let rare = happens[0] < happens[1];
        let mut kept = base.kind(of, rare);
        let mut next = self.paths.next_multiple_of(PATHS_PER_BLOCK);
        // Points of a Latin hypercube are as many as were asked for.
        let can_go_on = !self.plan.sampler.depends_on_paths();
        while can_go_on && happens.iter().min() < Some(&super::sample::FEWEST_TO_COMPARE) && next < self.most_paths {
            let until = (next + 16 * PATHS_PER_BLOCK).min(self.most_paths);
            let more = self.sample(next..until, threads)?;
            for (all, more) in happens.iter_mut().zip(more.happens(of)) {
                *all += more;
            }
            kept.extend(more.kind(of, rare));
            next = until;
        }
        Ok((base.common(of, rare, &kept), happens))
    }
}

/// The model as a function of what is uncertain.
struct Model<'a> {
    drivers: &'a Drivers,
    shocks: Option<Arc<ShockStream>>,
    level: crate::lanes::Level,
}

impl Response for Model<'_> {
    fn inputs(&self) -> usize {
        self.drivers.uncertain.len()
    }

    fn numbers(&self) -> usize {
        self.drivers.of.len()
    }

    fn respond(&self, kept: &[&[usize]], paths: Range<u64>) -> Vec<Vec<Vec<f64>>> {
        let plan = &self.drivers.random;
        let case = |kept: &&[usize]| {
            let (mut columns, mut events, mut shocks) = (Vec::new(), Vec::new(), None);
            for (i, (_, uncertain)) in self.drivers.uncertain.iter().enumerate() {
                match uncertain {
                    _ if kept.contains(&i) => {}
                    Uncertain::Input(column) => columns.push(*column),
                    Uncertain::Event(event) => events.push(*event),
                    Uncertain::Shocks => shocks.clone_from(&self.shocks),
                }
            }
            if kept.len() == self.inputs() {
                return Case::of(plan);
            }
            let redraw = plan.draws.redraw(plan.seed, &columns, &events);
            Case::of(plan).with_second(Some(Arc::new(SecondDraws { redraw, shocks })))
        };
        let cases: Vec<Case<'_>> = kept.iter().map(case).collect();
        let mut found = vec![vec![Vec::new(); self.numbers()]; cases.len()];
        on_some_paths(&cases, paths.end, paths, self.level, |i, count, _, outcomes| {
            for (all, numbers) in found[i].iter_mut().zip(self.drivers.numbers(outcomes)) {
                all.extend_from_slice(&numbers.0[..count]);
            }
        });
        found
    }
}
