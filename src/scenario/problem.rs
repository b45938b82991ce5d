//! What can be wrong with a scenario file, and where: collected, then told all at once.

use std::ops::Range;

/// A file as read, for pointing into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path as the user gave it.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

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
    /// The offending text as a range of bytes; none where something is missing.
    pub span: Option<Range<usize>>,
    /// What stands under the caret.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// An error at `span`; `label` says what is accepted there.
    pub(crate) fn error(span: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { severity: Severity::Error, message: message.into(), span: Some(span), label: label.into(), help: None }
    }

    pub(crate) fn warning(span: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, message, label) }
    }

    /// An error about something that is not there.
    pub(crate) fn missing(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            span: None,
            label: String::new(),
            help: Some(help.into()),
        }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All that is wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {} in {}", self.errors(), if self.errors() == 1 { "error" } else { "errors" }, self.file.path)]
pub struct Problems {
    /// The file.
    pub file: SourceFile,
    /// In the order of the file.
    pub list: Vec<Problem>,
}

impl Problems {
    /// How many of them are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.list.iter().filter(|p| p.severity == Severity::Error).count()
    }
}

/// "did you mean" for a misspelt name: the nearest candidate, if one is near enough.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed || is_start(candidate, name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether one is an abbreviation of the other: `max` and `maximum`.
fn is_start(a: &str, b: &str) -> bool {
    a.len().min(b.len()) > 2 && (a.starts_with(b) || b.starts_with(a))
}
