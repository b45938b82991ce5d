//! `run.json`: what a run was, so that anyone can run it again. No time of day: the same run gives the same bytes.

use std::io::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::aggregate::Precision;
use crate::plan::Plan;
use crate::scenario::{Grade, ImpliedBy, Scenario};

/// The record of a run.
#[derive(Clone, Debug, Serialize)]
pub struct RunRecord {
    /// The program's name and version.
    pub program: String,
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the scenario file; of what it extends, itself and each `--set` in one, where there are several.
    pub scenario_sha256: String,
    /// The scenarios that it extends, the nearest first.
    pub extends: Vec<String>,
    /// The overrides of the command line.
    pub set: Vec<String>,
    /// The seed of all random numbers.
    pub seed: u64,
    /// How points are spread.
    pub sampler: &'static str,
    /// Paths simulated.
    pub paths: u64,
    /// Independent versions of the point set, from which the errors come; none for fewer than 32 paths.
    pub replicates: Option<usize>,
    /// Paths in each of them (in some one more, where they cannot be dealt out evenly).
    pub paths_per_replicate: Option<u64>,
    /// The goals of a run that was to stop when it is precise enough.
    pub precision: Vec<PrecisionRecord>,
    /// Months simulated.
    pub horizon_months: usize,
    /// Calendar month of month 1.
    pub start: Option<String>,
    /// G.
    pub target_subscribers: f64,
    /// How the investment follows from the target, if it does.
    pub investment_implied_by: Option<&'static str>,
    /// … and what it then is, in dollars.
    pub implied_investment: Option<f64>,
    /// Inputs that the file gives.
    pub inputs: usize,
    /// … of which assumptions of grade X.
    pub inputs_assumed: usize,
    /// … of which without a source.
    pub inputs_without_source: usize,
    /// The titles of the sources of the inputs that matter most to a reader: refusal, price and users.
    pub main_sources: Vec<String>,
    /// The files of this folder.
    pub files: Vec<String>,
}

/// How precise a run was to be, and was: half the width of a 95% interval.
#[derive(Clone, Debug, Serialize)]
pub struct PrecisionRecord {
    /// A probability or an outcome.
    pub of: &'static str,
    /// As asked.
    pub asked: String,
    /// As it came out, written like what was asked.
    pub reached: String,
    /// Whether that is enough; otherwise the most paths allowed came first.
    pub met: bool,
}

impl PrecisionRecord {
    fn new(found: &Precision) -> Self {
        Self { of: found.goal.name, asked: found.goal.written.clone(), reached: found.written(), met: found.is_met() }
    }
}

impl RunRecord {
    /// The record of a run; `files` are still to be told.
    #[must_use]
    pub fn new(scenario: &Scenario, plan: &Plan, paths: u64, precision: &[Precision]) -> Self {
        use crate::scenario::keys::Key;
        let given = scenario.given_inputs();
        let mut main_sources: Vec<String> = Vec::new();
        for key in [Key::RefusalRate, Key::PriceMonthly, Key::ActiveUsers] {
            let source = scenario.value(key).source.as_ref().and_then(|s| scenario.sources.get(s));
            let name = source.map(|s| s.publisher.clone().unwrap_or_else(|| s.title.clone()));
            main_sources.extend(name.filter(|name| !main_sources.contains(name)));
        }
        Self {
            program: format!("breakeven {}", env!("CARGO_PKG_VERSION")),
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            scenario_sha256: hex(&Sha256::digest(texts(scenario))),
            extends: (0..scenario.main).rev().map(|file| scenario.file_stem(file)).collect(),
            set: scenario.files[scenario.main + 1..].iter().map(|set| set.text.clone()).collect(),
            seed: plan.seed,
            sampler: plan.sampler.name(),
            paths,
            replicates: crate::aggregate::replicates(paths),
            paths_per_replicate: crate::aggregate::replicates(paths).map(|n| paths / n as u64),
            precision: precision.iter().map(PrecisionRecord::new).collect(),
            horizon_months: scenario.months(),
            start: scenario.start.map(|start| start.of_month(1)),
            target_subscribers: scenario.target(),
            investment_implied_by: scenario.implied_investment.map(|by| match by {
                ImpliedBy::Target => "target",
                ImpliedBy::TargetRamp => "target_ramp",
            }),
            implied_investment: plan.implied_investment(),
            inputs: given.len(),
            inputs_assumed: given.iter().filter(|value| scenario.grade_of(value) == Some(Grade::X)).count(),
            inputs_without_source: given.iter().filter(|value| value.source.is_none()).count(),
            main_sources,
            files: Vec::new(),
        }
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write(&self, mut writer: impl Write) -> std::io::Result<()> {
        serde_json::to_writer_pretty(&mut writer, self)?;
        writer.write_all(b"\n")
    }
}

fn texts(scenario: &Scenario) -> String {
    scenario.files.iter().map(|file| file.text.as_str()).collect()
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        out += &format!("{byte:02x}");
    }
    out
}
