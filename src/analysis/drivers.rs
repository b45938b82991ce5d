//! What an answer hangs on: how it moves with each uncertain input, how much of its variance each is behind, what the futures in which
//! something happens have in common, and what would have to be true.

use std::ops::Range;
use std::sync::Arc;

use super::AnalysisError;
use super::effects::{Design, Effect, Response, Walk, effects, walk};
use super::needed::{Needed, needed};
use super::sample::{Bin, Common, FEWEST, Sample};
use super::subject::{Of, Subject, Uncertain};
use crate::aggregate::{Estimate, FEWEST_PATHS};
use crate::engine::{Case, Options, SecondDraws, Threads, on_some_paths};
use crate::lanes::LANES;
use crate::plan::Plan;
use crate::sampler::{PATHS_PER_BATCH, Sampler, Sampling, ShockStream};
use crate::scenario::Scenario;

/// Simulations of the walks along orders of the inputs, for each path of the base.
const WALKS: u64 = 5;
/// Simulations of inputs set alone, for each path of the base.
const ALONE: u64 = 2;
/// … but at least so many paths each, for their errors.
const FEWEST_ALONE: u64 = 512;
/// Cases simulated together.
const TOGETHER: usize = 8;
/// The levels of a swing: the middles of the lowest and the highest tenth.
const ENDS: [f64; 2] = [0.05, 0.95];

/// Drivers that have passed every check.
#[derive(Clone, Debug)]
pub struct Drivers {
    subject: Subject,
    /// The same drawn at random: walks of different orders are to be independent.
    random: Plan,
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
    /// … and how many of these were described: of the commoner kind those of the base.
    pub described: Option<[u64; 2]>,
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
        if scenario.has_posterior() {
            let message = "what drives a posterior cannot be told: its inputs depend on each other in ways that are known by \
                           draws alone. Give `drivers` the scenario without the folder";
            return Err(AnalysisError::Asked(message.to_owned()));
        }
        let subject = Subject::new(scenario, of, sampling, most_paths)?;
        if sampling.paths < FEWEST_PATHS {
            let message =
                format!("{} paths: drivers take at least {FEWEST_PATHS}, two for each replicate", sampling.paths);
            return Err(AnalysisError::Asked(message));
        }
        let random = match sampling.sampler {
            Sampler::Random => subject.plan.clone(),
            _ => Plan::new(scenario, Sampler::Random, sampling.seed)?,
        };
        Ok(Self { subject, random })
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.subject.scenario
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.subject.plan
    }

    /// The inputs that are correlated with others.
    #[must_use]
    pub fn correlated(&self) -> Vec<String> {
        let groups = self.subject.plan.draws.groups();
        let is_in = |uncertain: &Uncertain| match uncertain {
            Uncertain::Input(column) => {
                groups.iter().any(|group| group.members.len() > 1 && group.members.contains(column))
            }
            _ => false,
        };
        self.subject.uncertain.iter().filter(|(_, uncertain)| is_in(uncertain)).map(|(name, _)| name.clone()).collect()
    }

    /// Paths of the base, on which the scenario is simulated as it is.
    #[must_use]
    pub fn paths(&self) -> u64 {
        self.subject.paths
    }

    /// Looks for the drivers of each number.
    ///
    /// # Errors
    /// Where it is interrupted, threads cannot be started, or money overflows.
    pub fn run(&self, options: &Options<'_>) -> Result<Vec<Answer>, AnalysisError> {
        let threads = Threads::new(options)?;
        let design = Design::within(
            WALKS * self.subject.paths,
            self.subject.uncertain.len(),
            self.subject.plan.seed,
            LANES as u64,
            PATHS_PER_BATCH as u64,
        );
        let cases = self.alone_cases();
        let alone_paths =
            (ALONE * self.subject.paths / cases.len().max(1) as u64).max(FEWEST_ALONE).min(self.subject.paths);
        options.expect(
            self.subject.paths + cases.len() as u64 * alone_paths + design.simulations(self.subject.uncertain.len()),
        );
        let base = self.subject.sample(0..self.subject.paths, &threads)?;
        let alone = self.alone(&cases, alone_paths, &threads)?;
        let walks = self.walks(design, &threads)?;
        let effects = effects(self.subject.uncertain.len(), self.subject.plan.seed, &walks);
        let mut answers = Vec::new();
        for (i, (of, effects)) in self.subject.of.iter().zip(effects).enumerate() {
            let level = if of.is_probability { 0.5 } else { 0.0 };
            let (needed, needed_paths) =
                needed(&self.subject.scenario, &self.subject.plan, of, level, self.subject.paths, &threads)?;
            let common = if of.is_probability { Some(self.common(&base, i, &threads)?) } else { None };
            // Of an event the walks must have seen enough of both kinds.
            let mean = base.mean(i);
            let rarer = mean.value.min(1.0 - mean.value)
                * (design.paths * Design::walks(self.subject.uncertain.len()) as u64) as f64;
            let effects = effects.filter(|_| !of.is_probability || rarer >= FEWEST as f64);
            let driver = |k: usize| {
                let (name, uncertain) = &self.subject.uncertain[k];
                Driver {
                    name: name.clone(),
                    unit: self.subject.unit(*uncertain),
                    values: self.ends(*uncertain),
                    swing: base.swing(k, i),
                    alone: alone[i][k],
                    curve: base.curve(k, i),
                    effect: effects.as_ref().map(|effects| effects[k]),
                    common: common.as_ref().and_then(|common| common.inputs[k]),
                }
            };
            answers.push(Answer {
                of: *of,
                mean,
                sd: base.sd(i),
                inputs: (0..self.subject.uncertain.len()).map(driver).collect(),
                needed,
                level,
                happens: common.as_ref().map(|common| common.happens),
                described: common.as_ref().map(|common| common.described),
                needed_paths,
            });
        }
        Ok(answers)
    }

    /// Its 5% and 95% value; of an event never, and month 1.
    fn ends(&self, uncertain: Uncertain) -> Option<[f64; 2]> {
        match uncertain {
            Uncertain::Input(column) => Some(ENDS.map(|p| self.subject.plan.draws.quantile(column, p))),
            Uncertain::Event(_) => Some([f64::INFINITY, 1.0]),
            Uncertain::Shocks => None,
        }
    }

    /// For each uncertain thing that has ends: the case at its low and at its high end.
    fn alone_cases(&self) -> Vec<Case<'_>> {
        let of = |(_, uncertain): &(String, Uncertain)| {
            let ends = self.ends(*uncertain)?;
            Some(ends.map(|x| match uncertain {
                Uncertain::Event(i) => Case::with_start(&self.subject.plan, *i, x),
                Uncertain::Input(column) => Case::at(&self.subject.plan, vec![(*column, x)]),
                Uncertain::Shocks => Case::of(&self.subject.plan),
            }))
        };
        self.subject.uncertain.iter().filter_map(of).flatten().collect()
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
            self.subject.uncertain.iter().map(swing).collect()
        };
        Ok(self.subject.of.iter().map(of_number).collect())
    }

    fn walks(&self, design: Design, threads: &Threads<'_>) -> Result<Vec<Walk>, AnalysisError> {
        let inputs = self.subject.uncertain.len();
        let shocks = self.subject.uncertain.iter().any(|(_, uncertain)| *uncertain == Uncertain::Shocks);
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
    fn common(&self, base: &Sample, of: usize, threads: &Threads<'_>) -> Result<InCommon, AnalysisError> {
        let happens = base.happens(of);
        let rare = happens[0] < happens[1];
        let mut kept = base.kind(of, rare);
        let happens = self.subject.until_enough(of, happens, threads, |more| kept.extend(more.kind(of, rare)))?;
        let [yes, no] = base.happens(of);
        let described = if rare { [kept.len(), no] } else { [yes, kept.len()] };
        Ok(InCommon { inputs: base.common(of, rare, &kept), happens, described })
    }
}

/// What the futures in which an event happens have in common.
struct InCommon {
    /// By what is uncertain.
    inputs: Vec<Option<Common>>,
    /// On how many paths it happens, and on how many it does not.
    happens: [u64; 2],
    /// How many of them are described.
    described: [u64; 2],
}

/// The model as a function of what is uncertain.
struct Model<'a> {
    drivers: &'a Drivers,
    shocks: Option<Arc<ShockStream>>,
    level: crate::lanes::Level,
}

impl Response for Model<'_> {
    fn inputs(&self) -> usize {
        self.drivers.subject.uncertain.len()
    }

    fn numbers(&self) -> usize {
        self.drivers.subject.of.len()
    }

    fn respond(&self, kept: &[&[usize]], paths: Range<u64>) -> Vec<Vec<Vec<f64>>> {
        let plan = &self.drivers.random;
        let case = |kept: &&[usize]| {
            let (mut columns, mut events, mut shocks) = (Vec::new(), Vec::new(), None);
            for (i, (_, uncertain)) in self.drivers.subject.uncertain.iter().enumerate() {
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
            for (all, numbers) in found[i].iter_mut().zip(self.drivers.subject.numbers(outcomes)) {
                all.extend_from_slice(&numbers.0[..count]);
            }
        });
        found
    }
}
