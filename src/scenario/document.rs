//! What a scenario says to its readers: its name and texts, its sources, what is doubtful about it, and the files it came from.

use std::collections::BTreeMap;

use super::keys::Key;
use super::problem::{Place, Problem, Problems, Severity, SourceFile};
use super::{InputValue, Scenario, reload};

/// Everything of a scenario that no simulation needs.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// The file's stem.
    pub(super) name: String,
    /// One line for charts and lists.
    pub(super) title: String,
    /// What the scenario is meant to answer.
    pub(super) question: String,
    /// Longer text.
    pub(super) description: String,
    /// Where the inputs come from, by key.
    pub(super) sources: BTreeMap<String, Source>,
    /// What is not wrong, but should be known.
    pub(super) warnings: Vec<Problem>,
    /// The files that it was read from: those that it extends first, then itself, then each `--set`.
    pub(super) files: Vec<SourceFile>,
    /// Which of the files is the scenario itself.
    pub(super) main: usize,
    /// Where an implied investment is asked for.
    pub(super) investment_place: Option<Place>,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// When: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// How far to trust it.
    pub grade: Option<Grade>,
    pub(crate) place: Place,
}

/// How far a source is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Official or primary.
    A,
    /// Reputable press or analyst.
    B,
    /// Secondary.
    C,
    /// An assumption of the scenario's author.
    X,
}

impl Grade {
    pub(super) fn by_letter(letter: &str) -> Option<Self> {
        [Self::A, Self::B, Self::C, Self::X].into_iter().find(|grade| grade.letter() == letter)
    }

    /// The letter of the file.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::X => "X",
        }
    }
}

impl Scenario {
    /// The file's stem.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.document.name
    }

    /// One line for charts and lists.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.document.title
    }

    /// The same under another title.
    #[must_use]
    pub fn with_title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.document.title);
        self
    }

    /// What the scenario is meant to answer.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.document.question
    }

    /// Longer text.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.document.description
    }

    /// Where the inputs come from, by key.
    #[must_use]
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.document.sources
    }

    /// What is not wrong, but should be known.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.document.warnings
    }

    /// The files that it was read from: those that it extends first, then itself, then each `--set`.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.document.files
    }

    /// Which of the files is the scenario itself.
    #[must_use]
    pub fn main(&self) -> usize {
        self.document.main
    }

    /// The path of the scenario's own file.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.document.files[self.document.main].path
    }

    /// The stem of one of its files, or `--set`.
    #[must_use]
    pub fn file_stem(&self, file: usize) -> String {
        let path = self.document.files.get(file).map_or("", |file| &file.path);
        std::path::Path::new(path).file_stem().and_then(std::ffi::OsStr::to_str).unwrap_or(path).to_owned()
    }

    /// This scenario with some overrides laid over it, such as `price.monthly=5`; messages call them `said_by`.
    ///
    /// # Errors
    /// Where it is wrong with them.
    pub(crate) fn overlaid(&self, said_by: &str, overrides: &[String]) -> Result<Self, Problems> {
        let mut files = self.document.files.clone();
        files.extend(overrides.iter().map(|text| SourceFile { path: said_by.to_owned(), text: text.clone() }));
        let scenario = reload(&self.document.name, files, self.document.main)?;
        Ok(Self { posterior: self.posterior.clone(), posterior_source: self.posterior_source.clone(), ..scenario })
    }

    /// Where an implied investment is asked for.
    pub(crate) fn investment_place(&self) -> Option<&Place> {
        self.document.investment_place.as_ref()
    }

    /// What a careful reader would hold against the scenario: warnings, and sources of its own file without date or grade, or
    /// that no input uses.
    #[must_use]
    pub fn strict_problems(&self) -> Vec<Problem> {
        let as_error = |warning: &Problem| Problem { severity: Severity::Error, ..warning.clone() };
        let mut out: Vec<Problem> = self.document.warnings.iter().map(as_error).collect();
        let used: Vec<&str> = self.ledger().iter().filter_map(|(_, _, value)| value.source.as_deref()).collect();
        for (name, source) in self.document.sources.iter().filter(|(_, source)| source.place.file == self.document.main)
        {
            let mut tell = |what: &str, label: &str| {
                let message = format!("`sources.{name}` {what}");
                out.push(Problem::error(source.place.clone(), message, label));
            };
            if source.date.is_none() {
                tell("has no date", "expected `date = \"…\"`");
            }
            if source.grade.is_none() {
                tell("has no grade", "expected `grade = \"A\"`, \"B\", \"C\" or \"X\"");
            }
            if !used.contains(&name.as_str()) {
                tell("is used by no input", "take it out, or name it where it belongs");
            }
        }
        out
    }

    /// The inputs that the files say, but for the horizon: those that should have a source.
    #[must_use]
    pub fn given_inputs(&self) -> Vec<&InputValue> {
        let said = |(_, key, value): &(String, Key, &InputValue)| value.given && *key != Key::Months;
        self.ledger().into_iter().filter(said).map(|entry| entry.2).collect()
    }

    /// How many of these inputs are said by a scenario that this one extends.
    #[must_use]
    pub fn inherited_inputs(&self) -> usize {
        self.given_inputs().iter().filter(|value| value.file < self.document.main).count()
    }

    /// The grade of the source of a value, if it has one.
    #[must_use]
    pub fn grade_of(&self, value: &InputValue) -> Option<Grade> {
        self.document.sources.get(value.source.as_ref()?)?.grade
    }
}
