//! What a record says of a scenario.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::Plan;
use crate::scenario::keys::Key;
use crate::scenario::{Grade, ImpliedBy, Scenario, Segment};
use crate::words;

/// A scenario of results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioRecord {
    /// The scenario's name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the scenario file; of what it extends, itself and each `--set` in one, where there are several.
    pub scenario_sha256: String,
    /// The scenarios that it extends, the nearest first.
    pub extends: Vec<String>,
    /// The overrides of the command line.
    pub set: Vec<String>,
    /// The conditions of the command line: inputs that are known to have a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    /// SHA-256 of what its posterior follows from, where results of `condition` were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posterior_sha256: Option<String>,
    /// Months simulated.
    pub horizon_months: usize,
    /// Calendar month of month 1.
    pub start: Option<String>,
    /// G.
    pub target_subscribers: f64,
    /// How the investment follows from the target, if it does.
    pub investment_implied_by: Option<String>,
    /// … and what it then is, in dollars.
    pub implied_investment: Option<f64>,
    /// Inputs that the file gives.
    pub inputs: usize,
    /// … of which said by a scenario that it extends.
    #[serde(default)]
    pub inputs_inherited: usize,
    /// … of which assumptions of grade X.
    pub inputs_assumed: usize,
    /// … of which without a source.
    pub inputs_without_source: usize,
    /// The sources of the inputs that matter most to a reader: refusal, price and users, also where segments have their own.
    pub main_sources: Vec<String>,
    /// The named segments of the market.
    #[serde(default)]
    pub segments: Vec<SegmentRecord>,
}

/// A named segment of the market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentRecord {
    /// Its name.
    pub name: String,
    /// Its share of the active users.
    pub share: f64,
    /// Whether its subscribers count toward the target.
    pub counts_toward_target: bool,
}

impl SegmentRecord {
    fn new(segment: &Segment) -> Self {
        let Segment { name, share, counts_toward_target, .. } = segment;
        Self { name: name.clone(), share: *share, counts_toward_target: *counts_toward_target }
    }
}

impl ScenarioRecord {
    /// Whom figures speak of that leave out the segments that do not count: `alone (25% of users)`; none where all count.
    #[must_use]
    pub fn counting_segments(&self) -> Option<String> {
        let counting = self.segments.iter().filter(|segment| segment.counts_toward_target);
        let names: Vec<String> =
            counting.map(|segment| format!("{} ({} of users)", segment.name, words::percent(segment.share))).collect();
        (names.len() < self.segments.len()).then(|| words::list(&names))
    }
}

impl ScenarioRecord {
    /// What is said of a scenario with its plan.
    #[must_use]
    pub fn new(scenario: &Scenario, plan: &Plan) -> Self {
        let given = scenario.given_inputs();
        let mut main_sources: Vec<String> = Vec::new();
        let ledger = scenario.ledger();
        for key in [Key::RefusalRate, Key::PriceMonthly, Key::ActiveUsers] {
            for (_, _, value) in ledger.iter().filter(|entry| entry.1 == key) {
                let source = value.source.as_ref().and_then(|s| scenario.sources().get(s));
                let set = scenario.said_by(value).filter(|_| scenario.is_set(value)).map(str::to_owned);
                let name = source.map(|s| s.publisher.clone().unwrap_or_else(|| s.title.clone())).or(set);
                main_sources.extend(name.filter(|name| !main_sources.contains(name)));
            }
        }
        Self {
            name: scenario.name().to_owned(),
            title: scenario.title().to_owned(),
            scenario_sha256: sha256(&texts(scenario)),
            extends: (0..scenario.main()).rev().map(|file| scenario.file_stem(file)).collect(),
            set: scenario.laid_over(false),
            given: scenario.laid_over(true),
            posterior_sha256: scenario.known_draws().map(|draws| sha256(draws.origin())),
            horizon_months: scenario.months(),
            start: scenario.start().map(|start| start.of_month(1)),
            target_subscribers: scenario.target(),
            investment_implied_by: scenario.implied_investment().map(|by| match by {
                ImpliedBy::Target => "target".to_owned(),
                ImpliedBy::TargetRamp => "target_ramp".to_owned(),
            }),
            implied_investment: plan.implied_investment(),
            inputs: given.len(),
            inputs_inherited: scenario.inherited_inputs(),
            inputs_assumed: given.iter().filter(|value| scenario.grade_of(value) == Some(Grade::X)).count(),
            inputs_without_source: given.iter().filter(|value| scenario.said_by(value).is_none()).count(),
            main_sources,
            segments: scenario.segments().iter().map(SegmentRecord::new).collect(),
        }
    }
}

impl ScenarioRecord {
    /// Whether a scenario is the one of the record, to the letter.
    #[must_use]
    pub fn is_of(&self, scenario: &Scenario) -> bool {
        self.scenario_sha256 == sha256(&texts(scenario))
    }
}

/// As hexadecimal digits.
pub(super) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn texts(scenario: &Scenario) -> String {
    let mut out: String = scenario.files()[..=scenario.main()].iter().map(|file| file.text.as_str()).collect();
    out.extend(scenario.laid_over(false));
    // The same value given is another scenario than the same value set.
    out.extend(scenario.laid_over(true).iter().map(|given| format!("given {given}")));
    out
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        out += &format!("{byte:02x}");
    }
    out
}
