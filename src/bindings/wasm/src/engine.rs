//! Answers requests: each checks the scenario anew, so that nothing of an earlier one is left.

use std::path::PathBuf;

use breakeven::analysis::{Axis, Compare, Profile, Sweep};
use breakeven::engine::{self, Options, Shard};
use breakeven::lanes::Level;
use breakeven::part::{Joined, JoinedRun, Part};
use breakeven::plan::Plan;
use breakeven::results::Results;
use breakeven::sampler::{Sampler, Sampling};
use breakeven::scenario::{self, Scenario, SourceFile};
use serde::Serialize;

use crate::answer::{Found, said};
use crate::describe::Described;
use crate::file;
use crate::request::{Changes, Request, Show};

/// A scenario's files, and what is asked of it.
#[derive(Debug, Default)]
pub struct Engine {
    name: String,
    files: Vec<SourceFile>,
    main: usize,
}

/// Bytes of the length of the JSON, before it.
const HEAD: usize = 4;

impl Engine {
    /// Answers a request. Request and answer are 4 bytes with the length of the JSON, least first, the JSON, and bytes besides. The JSON of an
    /// answer has `error`, a sentence, where something is wrong.
    #[must_use]
    pub fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        let (answer, bytes) = self
            .answered(request)
            .unwrap_or_else(|error| (serde_json::json!({ "error": error }).to_string(), Vec::new()));
        let mut out = u32::try_from(answer.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        out.extend(answer.into_bytes());
        out.extend(bytes);
        out
    }

    fn answered(&mut self, request: &[u8]) -> Result<(String, Vec<u8>), String> {
        let (head, rest) = request.split_first_chunk::<HEAD>().ok_or("the request is too short")?;
        let length = u32::from_le_bytes(*head) as usize;
        let (json, bytes) = rest.split_at_checked(length).ok_or("the request is cut off")?;
        let request = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        match request {
            Request::Open { name, files, main } => {
                let files = files.into_iter().map(|(path, text)| SourceFile { path, text }).collect();
                *self = Self { name, files, main };
                Ok((told(&serde_json::json!({}))?, Vec::new()))
            }
            Request::Describe { changes, seed } => {
                let (scenario, plan) = self.planned(&changes, seed)?;
                Ok((told(&Described::new(&scenario, &plan))?, Vec::new()))
            }
            Request::File { changes, extends } => {
                if !changes.given.is_empty() {
                    let message = "a file cannot say that other inputs move along: let the sliders fix values alone";
                    return Err(message.to_owned());
                }
                let text = file::text(&self.scenario(&changes)?, &changes.set, &self.files, self.main, &extends)?;
                Ok((told(&serde_json::json!({ "text": text }))?, Vec::new()))
            }
            Request::Run { changes, paths, seed, show } => {
                let (scenario, plan) = self.planned(&changes, seed)?;
                let run = if show.tables { engine::run } else { engine::run_for_fans };
                let summary = run(&plan, paths, &Options::default()).map_err(text)?;
                Ok((told(&found(&scenario, &plan, &summary, &show)?)?, Vec::new()))
            }
            Request::Part { changes, paths, seed, number, of } => {
                let (scenario, plan) = self.planned(&changes, seed)?;
                let part = Part::simulate(&scenario, &plan, paths, Shard { number, of }, &Options::default());
                let mut bytes = Vec::new();
                part.map_err(text)?.write(&mut bytes).map_err(text)?;
                Ok((told(&serde_json::json!({}))?, bytes))
            }
            Request::Join { lengths, show } => {
                let joined = joined(&lengths, bytes)?;
                let summary = joined.summary(&Options::default()).map_err(text)?;
                Ok((told(&found(&joined.scenario, &joined.plan, &summary, &show)?)?, Vec::new()))
            }
            Request::Compare { titles, first, other, paths, seed, show } => {
                let [a, b] = &titles;
                let scenarios = vec![self.scenario(&first)?.with_title(a), self.scenario(&other)?.with_title(b)];
                let compare =
                    Compare::new(scenarios, Sampling { paths, seed, sampler: Sampler::default() }).map_err(text)?;
                let comparison = compare.run(&Options::default()).map_err(text)?;
                let results = Results::of_comparison(&compare, &comparison).ok_or("there is nothing to compare")?;
                Ok((told(&Found::new(&results, &compare.scenarios()[1], &show)?)?, Vec::new()))
            }
            Request::Sweep { changes, vary, paths, seed, show } => {
                let axis: Axis = vary.parse()?;
                let sampling = Sampling { paths, seed, sampler: Sampler::default() };
                let sweep = Sweep::new(&self.scenario(&changes)?, vec![axis], sampling).map_err(text)?;
                let result = sweep.run(&Options::default()).map_err(text)?;
                let results = Results::of_sweep(&sweep, &result, None);
                Ok((told(&Found::new(&results, sweep.scenario(), &show)?)?, Vec::new()))
            }
        }
    }

    fn scenario(&self, changes: &Changes) -> Result<Scenario, String> {
        scenario::parse_given(&self.name, self.files.clone(), self.main, &changes.set, &changes.given)
            .map_err(|error| said(&error))
    }

    fn planned(&self, changes: &Changes, seed: u64) -> Result<(Scenario, Plan), String> {
        let scenario = self.scenario(changes)?;
        let plan = Plan::new(&scenario, Sampler::default(), seed).map_err(text)?;
        Ok((scenario, plan))
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn told(answer: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(answer).map_err(text)
}

fn found(
    scenario: &Scenario,
    plan: &Plan,
    summary: &breakeven::aggregate::Summary,
    show: &Show,
) -> Result<Found, String> {
    // A third of the time that a quick answer takes.
    let profiles = if show.profiles() { Profile::all(plan, summary.paths, Level::detect()) } else { Vec::new() };
    Found::new(&Results::of_run(scenario, plan, summary, &[], &profiles), scenario, show)
}

fn joined(lengths: &[usize], bytes: &[u8]) -> Result<JoinedRun, String> {
    let mut rest = bytes;
    let parts = lengths.iter().enumerate().map(|(i, length)| {
        let name = PathBuf::from(format!("part {}", i + 1));
        let (part, after) = rest.split_at_checked(*length).unwrap_or((&[], &[]));
        rest = after;
        Part::from_bytes(part, &name).map(|part| (name, part))
    });
    match Joined::of(parts, &Options::default()).map_err(text)? {
        Joined::Run(run) => Ok(*run),
        Joined::Sweep(_) => Err("these are parts of a sweep".to_owned()),
    }
}
