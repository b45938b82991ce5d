//! What can be wrong with a scenario file, and where: collected, then told all at once.

pub(crate) use crate::words::nearest;
use std::ops::Range;

/// A file as read, for pointing into it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SourceFile {
    /// Its path as the user gave it.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Where something stands: a file of the scenario, and a range of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index among the files of the scenario, the ones that it extends first, `--set`s last.
    pub file: usize,
    /// Bytes of its text.
    pub span: Range<usize>,
}

/// A range of bytes.
pub(super) type Span = Range<usize>;

/// Whether a problem stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is simulated.
    Error,
    /// Told, then carried on.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Does it stop the run?
    pub severity: Severity,
    /// What was found, in one sentence.
    pub message: String,
    /// The offending text; none where something is missing.
    pub place: Option<Place>,
    /// What stands under the caret.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What it is about, where several of a kind are told as one.
    pub topic: Topic,
}

/// What a problem is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Topic {
    /// Something of its own.
    #[default]
    Other,
    /// What an override has done to something else.
    Set,
    /// An input that does not say where it comes from: its name.
    NoSource(String),
}

impl Problem {
    /// An error at `place`; `label` says what is accepted there.
    pub(crate) fn error(place: Place, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            place: Some(place),
            label: label.into(),
            help: None,
            topic: Topic::Other,
        }
    }

    pub(crate) fn warning(place: Place, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, message, label) }
    }

    /// A warning about what was asked on the command line.
    pub(crate) fn remark(message: String) -> Self {
        let severity = Severity::Warning;
        Self { severity, message, place: None, label: String::new(), help: None, topic: Topic::Other }
    }

    /// An error about something that is not there.
    pub(crate) fn missing(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            place: None,
            label: String::new(),
            help: Some(help.into()),
            topic: Topic::Other,
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All that is wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {} in {}", self.errors(), if self.errors() == 1 { "error" } else { "errors" }, self.main_path())]
pub struct Problems {
    /// Its files: the ones that it extends first, then itself, then each `--set`.
    pub files: Vec<SourceFile>,
    /// Which of the files is the scenario itself.
    pub main: usize,
    /// In the order of the files.
    pub list: Vec<Problem>,
}

impl Problems {
    /// The path of the scenario itself.
    #[must_use]
    pub fn main_path(&self) -> &str {
        self.files.get(self.main).map_or("", |file| &file.path)
    }

    /// How many of them are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.list.iter().filter(|p| p.severity == Severity::Error).count()
    }
}
