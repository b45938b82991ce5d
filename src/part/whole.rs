//! What a part is part of: a run or a sweep as it was asked for, and how much of it a part has.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{PartError, learned};
use crate::aggregate::Aggregate;
use crate::analysis::{Axis, Sweep, SweepState};
use crate::engine::{self, MOST_PATHS, MOST_SHARDS, Options, Shard};
use crate::plan::Plan;
use crate::sampler::{Sampler, Sampling};
use crate::scenario::{self, PosteriorSource, Scenario, SourceFile};

/// The option of a sweep that says an input and its values.
const VARY: &str = "--vary";

/// What the parts of a run have in common, and which part it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) name: String,
    /// Path and text of each file of the scenario.
    pub(super) files: Vec<(String, String)>,
    pub(super) main: usize,
    /// What was learned from actual numbers, where it was given results of that.
    pub(super) learned: Option<PosteriorSource>,
    /// The words that ask for a sweep, `--vary` and a range among them; none of a run.
    pub(super) asked: Vec<String>,
    pub(super) sampler: String,
    pub(super) seed: u64,
    pub(super) paths: u64,
    /// Which parts, in order: the first and the last of each row of them.
    pub(super) numbers: Vec<(u64, u64)>,
    pub(super) of: u64,
}

/// What a part has of the whole.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Content {
    /// Paths of a run.
    Paths(Box<Aggregate>),
    /// Points of a sweep.
    Points(SweepState),
}

/// The whole, ready to be simulated.
#[derive(Debug)]
pub(super) enum Whole {
    Run(Box<(Scenario, Plan)>),
    Sweep(Box<Sweep>),
}

impl Header {
    pub(super) fn new(
        scenario: &Scenario,
        sampling: Sampling,
        asked: &[String],
        shard: Shard,
    ) -> Result<Self, PartError> {
        if scenario.has_posterior() && scenario.posterior_source().is_none() {
            return Err(PartError::Unsaid);
        }
        let Sampling { paths, seed, sampler } = sampling;
        let learned = scenario.posterior_source().map(|source| PosteriorSource::clone(source));
        Ok(Self {
            name: learned.as_ref().map_or(scenario.name(), |learned| &learned.given_to).to_owned(),
            files: scenario.files().iter().map(|file| (file.path.clone(), file.text.clone())).collect(),
            main: scenario.main(),
            learned,
            asked: asked.to_vec(),
            sampler: sampler.name().to_owned(),
            seed,
            paths,
            numbers: vec![(shard.number, shard.number)],
            of: shard.of,
        })
    }

    /// The whole; what nobody can have asked is damage, whatever the checksum says.
    pub(super) fn prepared(&self, file: &Path, options: &Options<'_>) -> Result<Whole, PartError> {
        let damaged = || PartError::Damaged(file.to_owned());
        let sampler = Sampler::by_name(&self.sampler).ok_or_else(damaged)?;
        let can_be = (1..=MOST_PATHS).contains(&self.paths)
            && (1..=MOST_SHARDS).contains(&self.of)
            && !self.numbers.is_empty()
            && self.numbers.iter().all(|(first, last)| (1..=*last).contains(first) && *last <= self.of)
            && self.numbers.windows(2).all(|rows| rows[0].1 < rows[1].0)
            && self.main < self.files.len();
        if !can_be {
            return Err(damaged());
        }
        let files = self.files.iter().map(|(path, text)| SourceFile { path: path.clone(), text: text.clone() });
        let sampling = Sampling { paths: self.paths, seed: self.seed, sampler };
        let mut scenario = scenario::reload(&self.name, files.collect(), self.main)?;
        if let Some(source) = &self.learned {
            let is_plain = !source.results.chars().any(char::is_control);
            if source.given_to != self.name || !is_plain || source.main >= source.files.len() {
                return Err(damaged());
            }
            let before = scenario::reload(&source.name, source.files.clone(), source.main)?;
            if scenario.unlike_learned(&before).is_some() {
                return Err(damaged());
            }
            scenario = learned::given_to(&scenario, source, sampling, options)?;
        }
        if self.asked.is_empty() {
            let plan = Plan::new(&scenario, sampler, self.seed)?;
            return Ok(Whole::Run(Box::new((scenario, plan))));
        }
        let axes = axes_of(&self.asked).ok_or_else(damaged)?;
        let sweep = Sweep::new(&scenario, axes, sampling).map_err(|_| damaged())?;
        Ok(Whole::Sweep(Box::new(sweep)))
    }

    /// How many parts they are.
    pub(super) fn count(&self) -> u64 {
        self.numbers.iter().map(|(first, last)| last - first + 1).sum()
    }
}

/// What is varied by the words that ask for a sweep; none where that makes no sense.
#[must_use]
pub fn axes_of(asked: &[String]) -> Option<Vec<Axis>> {
    let values = || asked.windows(2).filter(|words| words[0] == VARY).map(|words| &words[1]);
    if !(1..=2).contains(&values().count()) {
        return None;
    }
    values().map(|values| values.parse().ok()).collect()
}

impl Whole {
    /// Whether a content can be that of some parts: rows from a first to a last number.
    pub(super) fn fits(&self, header: &Header, content: &Content) -> bool {
        match (self, content) {
            (Self::Run(run), Content::Paths(aggregate)) => {
                engine::fits(&run.1, header.paths, &header.numbers, header.of, aggregate)
            }
            (Self::Sweep(sweep), Content::Points(state)) => {
                let of = |(first, last): &(u64, u64)| {
                    let [start, end] = [first - 1, *last].map(|parts| points_before(parts, header.of, sweep.points()));
                    start..end
                };
                let points: Vec<Range<usize>> = header.numbers.iter().map(of).collect();
                state.fits(sweep.paths()) && state.has(&points)
            }
            (Self::Run(_), Content::Points(_)) | (Self::Sweep(_), Content::Paths(_)) => false,
        }
    }
}

impl Content {
    pub(super) fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Paths(all), Self::Paths(part)) => all.merge(*part),
            (Self::Points(all), Self::Points(part)) => all.merge(part),
            // Each was found to fit the same whole.
            (Self::Paths(_), Self::Points(_)) | (Self::Points(_), Self::Paths(_)) => {
                debug_assert!(false, "parts of a run and of a sweep");
            }
        }
    }
}

/// How many of a sweep's points are in its first parts.
fn points_before(parts: u64, of: u64, points: usize) -> usize {
    (u128::from(parts) * points as u128 / u128::from(of.max(1))) as usize
}

/// The points of a sweep that a part of it has.
#[must_use]
pub fn points_of(shard: Shard, points: usize) -> Range<usize> {
    points_before(shard.number.saturating_sub(1), shard.of, points)..points_before(shard.number, shard.of, points)
}
