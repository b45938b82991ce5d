//! Draws that are known beforehand, path by path: what observations have left of a scenario's inputs, events and shocks.

use std::sync::Arc;

use super::Scenario;

/// Draws path by path, for a whole number of groups of sixteen paths. A run of more paths takes them again from the first, with
/// other shocks in the months that nothing was observed of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathDraws {
    /// What they follow from, whatever it is: other draws follow from something else.
    pub(crate) origin: String,
    /// How many paths there are.
    pub(crate) paths: usize,
    /// The inputs that were uncertain, by name.
    pub(crate) inputs: Vec<(String, Vec<f64>)>,
    /// The month in which each event starts, by its name alone; infinite where it never does.
    pub(crate) starts: Vec<(String, Vec<f64>)>,
    /// The standard normal numbers behind the noise, from month 0 to the last one observed.
    pub(crate) shocks: Vec<Vec<f64>>,
}

impl PathDraws {
    /// What they follow from: a text that differs where they do.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many paths it has.
    #[must_use]
    pub fn paths(&self) -> usize {
        self.paths
    }

    /// What was drawn for an input, or the start of `events.NAME`, path by path.
    #[must_use]
    pub fn drawn(&self, name: &str) -> Option<&[f64]> {
        let event = name.strip_prefix("events.");
        let start = |name| self.starts.iter().find(|(known, _)| known == name);
        let found = self.inputs.iter().find(|(known, _)| known == name).or_else(|| event.and_then(start));
        found.map(|(_, numbers)| numbers.as_slice())
    }
}

impl Scenario {
    /// This scenario with draws that are known: each uncertain input and event that they name is taken from them, and so are the first
    /// shocks. What has become a plain number stays one.
    #[must_use]
    pub fn with_posterior(&self, draws: Arc<PathDraws>) -> Self {
        Self { posterior: Some(draws), ..self.clone() }
    }

    /// The same under another name, after what the draws come from.
    #[must_use]
    pub fn given_results(&self, name: &str) -> Self {
        let mut out = self.clone();
        let (before, title) = (out.document.name, out.document.title);
        let link = if before.contains('@') { '+' } else { '@' };
        out.document.name = format!("{before}{link}given-{name}");
        out.document.title = format!("{title}, given {name}");
        out
    }

    /// The texts that it follows from: those of its files, and what its known draws come from.
    pub(crate) fn texts(&self) -> Vec<String> {
        let files = self.document.files.iter().map(|file| file.text.clone());
        files.chain(self.posterior.iter().map(|draws| draws.origin.clone())).collect()
    }

    /// Whether some of its draws are known.
    #[must_use]
    pub fn has_posterior(&self) -> bool {
        self.posterior.is_some()
    }

    /// The draws that are known.
    #[must_use]
    pub fn known_draws(&self) -> Option<Arc<PathDraws>> {
        self.posterior.clone()
    }

    pub(crate) fn posterior(&self) -> Option<&Arc<PathDraws>> {
        self.posterior.as_ref()
    }
}
