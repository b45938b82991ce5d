//! The record of results: what was done, to which scenarios, and how, so that anyone can do it again. No time of day: the same
//! command gives the same bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Kind, ScenarioRecord};
use crate::plan::Plan;
use crate::words;

/// The version of the record's layout.
pub const FORMAT: u32 = 2;

/// Results are smaller: money up to 1e15 over 600 months, ratios up to 1e17. A seed may be any 64-bit number.
pub(crate) const LARGEST_NUMBER: f64 = 1e20;

/// What results are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this layout: [`FORMAT`].
    pub format: u32,
    /// The program's name and version.
    pub program: String,
    /// The command that makes them again, word by word, without the names of scenarios; none where they were not made by a command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// What was done.
    #[serde(flatten)]
    pub kind: Kind,
    /// How it was simulated.
    pub simulation: Simulation,
    /// The scenarios, in order; at least one.
    pub scenarios: Vec<ScenarioRecord>,
    /// The files of the folder that belong to the results, the record among them.
    pub files: Vec<String>,
    /// SHA-256 of each of them but the record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sha256: BTreeMap<String, String>,
}

/// How results were simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// Paths simulated; of a sweep those of each point.
    pub paths: u64,
    /// The seed of all random numbers.
    pub seed: u64,
    /// How points are spread.
    pub sampler: String,
    /// Independent versions of the point set, from which the errors come; none for fewer than 32 paths.
    pub replicates: Option<usize>,
    /// Paths in each of them (in some one more, where they cannot be dealt out evenly).
    pub paths_per_replicate: Option<u64>,
}

impl Simulation {
    /// That of a plan over `paths` paths.
    pub(super) fn new(plan: &Plan, paths: u64) -> Self {
        let replicates = crate::aggregate::replicates(paths);
        Self {
            paths,
            seed: plan.seed,
            sampler: plan.sampler.name().to_owned(),
            replicates,
            paths_per_replicate: replicates.map(|n| paths / n as u64),
        }
    }
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no JSON, or no record.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It says something that no record says.
    #[error("{0}")]
    Wrong(String),
}

impl Record {
    pub(super) fn new(kind: impl Into<Kind>, simulation: Simulation, scenarios: Vec<ScenarioRecord>) -> Self {
        let program = format!("breakeven {}", env!("CARGO_PKG_VERSION"));
        Self {
            format: FORMAT,
            program,
            command: Vec::new(),
            kind: kind.into(),
            simulation,
            scenarios,
            files: Vec::new(),
            sha256: BTreeMap::new(),
        }
    }

    /// The name of the file that it is in: `run.json`.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.json", self.kind.name())
    }

    /// The scenario, or the first of several.
    #[must_use]
    pub fn scenario(&self) -> &ScenarioRecord {
        &self.scenarios[0]
    }

    /// As JSON.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write(&self, mut writer: impl std::io::Write) -> std::io::Result<()> {
        serde_json::to_writer_pretty(&mut writer, self)?;
        writer.write_all(b"\n")
    }

    /// Reads a record, and checks what charts and sentences rely on.
    ///
    /// # Errors
    /// Where it is no record, has a number that no record has, or is of another layout.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut value: serde_json::Value = serde_json::from_slice(bytes)?;
        let format = value.get("format").and_then(serde_json::Value::as_u64);
        if value.is_object() && format != Some(u64::from(FORMAT)) {
            let found = format.map_or_else(|| "an earlier version".to_owned(), |format| format!("layout {format}"));
            return Err(ReadError::Wrong(format!(
                "it is of {found} of breakeven, this one reads layout {FORMAT}: run the command that made the folder again"
            )));
        }
        clean(&mut value)?;
        let record: Self = serde_json::from_value(value)?;
        if record.scenarios.is_empty() {
            return Err(ReadError::Wrong("it names no scenario".to_owned()));
        }
        Ok(record)
    }
}

/// Texts without characters that control a terminal; numbers within the bounds of what is simulated.
fn clean(value: &mut serde_json::Value) -> Result<(), serde_json::Error> {
    use serde::de::Error;
    use serde_json::Value;
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(shown) = words::shown(text) {
                *text = shown;
            }
        }
        Value::Number(number) if number.as_f64().is_none_or(|x| x.abs() > LARGEST_NUMBER) => {
            return Err(serde_json::Error::custom(format!("{number} is beyond what a result can be")));
        }
        Value::Array(list) => list.iter_mut().try_for_each(clean)?,
        Value::Object(map) => {
            if map.get("horizon_months").and_then(Value::as_f64).is_some_and(|months| !(1.0..=600.0).contains(&months))
            {
                return Err(serde_json::Error::custom("`horizon_months` is not from 1 to 600"));
            }
            map.values_mut().try_for_each(clean)?;
        }
        _ => {}
    }
    Ok(())
}
