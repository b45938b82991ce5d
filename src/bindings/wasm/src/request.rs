//! What the page may ask for.

use serde::Deserialize;

/// A request. Every one but the first and `Join` names the changes that are in force.
#[derive(Debug, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Request {
    /// Takes a scenario: its files, what it extends first, itself at `main`.
    Open { name: String, files: Vec<(String, String)>, main: usize },
    /// What the scenario's inputs are.
    Describe { changes: Changes, seed: u64 },
    /// The changes as a scenario file that extends that of this name.
    File { changes: Changes, extends: String },
    /// A whole run.
    Run { changes: Changes, paths: u64, seed: u64, show: Show },
    /// One part of a run, as bytes behind the answer.
    Part { changes: Changes, paths: u64, seed: u64, number: u64, of: u64 },
    /// The run of some parts, whose bytes stand behind the request; `lengths` says how long each is.
    Join { lengths: Vec<usize>, show: Show },
    /// The scenario with some changes beside that with others, on the same futures, under titles that tell them apart.
    Compare { titles: [String; 2], first: Changes, other: Changes, paths: u64, seed: u64, show: Show },
    /// An input over a range.
    Sweep { changes: Changes, vary: String, paths: u64, seed: u64, show: Show },
}

/// What is changed of the scenario: overrides as of `--set`, conditions as of `--given`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changes {
    #[serde(default)]
    pub(crate) set: Vec<String>,
    #[serde(default)]
    pub(crate) given: Vec<String>,
}

/// What of a result is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Show {
    /// Charts by name.
    #[serde(default)]
    pub(crate) charts: Vec<String>,
    /// Their width and height, in chart units; a file of its own has its headline and footer, and 1,200 pixels.
    #[serde(default)]
    pub(crate) size: Option<(f64, f64)>,
    /// Every table, as CSV.
    #[serde(default)]
    pub(crate) tables: bool,
}

impl Show {
    /// Whether the average subscriber is looked at.
    pub(crate) fn profiles(&self) -> bool {
        let of_subscriber = |chart: &String| ["retention", "uptake", "unit-economics"].contains(&chart.as_str());
        self.tables || self.charts.iter().any(of_subscriber)
    }
}
