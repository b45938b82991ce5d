//! Draws that are known beforehand, path by path: what observations have left of a scenario's inputs, events and shocks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keys::Key;
use super::{Scenario, SourceFile};

/// Draws path by path, for a whole number of groups of sixteen paths. A run has no more paths than these: taken a second time they
/// would look like new ones, and errors would be stated too small.
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

/// What the draws of a posterior follow from, so that they can be made again elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PosteriorSource {
    /// What the results are called in which it was learned.
    pub results: String,
    /// The scenario to which they were given, before.
    pub given_to: String,
    /// The name of the scenario that has learned.
    pub name: String,
    /// Its files with what was set: what it extends first, itself at `main`.
    pub files: Vec<SourceFile>,
    /// Which of them is its own.
    pub main: usize,
    /// The actual numbers.
    pub actuals: SourceFile,
    /// The relative error of those that have none of their own.
    pub error: f64,
    /// The last months of them that were held out.
    pub held_out: usize,
    /// The most paths that were weighed.
    pub max_paths: u64,
}

impl PosteriorSource {
    /// In what it differs from another one, wherever their files are.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        let texts = |source: &Self| -> Vec<String> { source.files.iter().map(|file| file.text.clone()).collect() };
        if self.results != other.results {
            return Some(format!("it was given the results in `{}`, not in `{}`", self.results, other.results));
        }
        let settings = |source: &Self| (source.error, source.held_out, source.max_paths, source.main);
        let is_same = (&self.name, &self.given_to) == (&other.name, &other.given_to)
            && texts(self) == texts(other)
            && self.actuals.text == other.actuals.text
            && settings(self) == settings(other);
        (!is_same).then(|| "what was learned from actual numbers is another".to_owned())
    }
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

    /// How many numbers it has in all.
    #[must_use]
    pub fn numbers(&self) -> usize {
        self.paths * (self.inputs.len() + self.starts.len() + self.shocks.len())
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
    /// This scenario with draws that are known, and with no more paths than those: each uncertain input and event that they name is taken from them, and so are the first
    /// shocks. What has become a plain number stays one.
    #[must_use]
    pub fn with_posterior(&self, draws: Arc<PathDraws>) -> Self {
        Self { posterior: Some(draws), ..self.clone() }
    }

    /// The same under another name, after the results that the draws come from.
    #[must_use]
    pub fn given_results(&self, source: Arc<PosteriorSource>) -> Self {
        let mut out = self.clone();
        let (before, title, results) = (out.document.name, out.document.title, &source.results);
        let link = if before.contains('@') { '+' } else { '@' };
        out.document.name = format!("{before}{link}given-{results}");
        out.document.title = format!("{title}, given {results}");
        out.posterior_source = Some(source);
        out
    }

    /// Where its known draws come from, if from earlier results.
    #[must_use]
    pub fn posterior_source(&self) -> Option<&Arc<PosteriorSource>> {
        self.posterior_source.as_ref()
    }

    /// What of this scenario is drawn otherwise than where its known draws come from: an input, an event, a correlation or the noise.
    /// Plain numbers may differ, but for those of the noise.
    #[must_use]
    pub fn unlike_learned(&self, before: &Self) -> Option<String> {
        let drawn = |name: &str, value: &super::InputValue| {
            let other = before.input(name)?;
            let both = !value.dist.is_constant() && !other.dist.is_constant();
            (both && value.dist != other.dist).then(|| format!("`{name}`"))
        };
        let input = self.ledger().into_iter().find_map(|(name, _, value)| drawn(&name, value));
        let event = || {
            let other = |name: &str| before.events().iter().find(|event| event.name == name);
            let differs = |event: &&super::Event| other(&event.name).is_some_and(|other| other != *event);
            self.events().iter().find(differs).map(|event| format!("the event `{}`", event.name))
        };
        let noise = || {
            let differs = |key: &Key| self.value(*key).dist != before.value(*key).dist;
            let has_noise = self.value(Key::AnnualVolatility).dist.constant_value() != Some(0.0);
            [Key::AnnualVolatility, Key::Persistence].into_iter().find(|key| has_noise && differs(key))
        };
        let correlation = || {
            // Of inputs by name: segments may stand in another order.
            let named = |scenario: &Self| -> Vec<([String; 2], f64)> {
                let pair = |c: &super::Correlation| (c.inputs.map(|input| input.name(scenario.segments())), c.rank);
                scenario.correlations().iter().map(pair).collect()
            };
            let known = named(before);
            let differs = named(self).into_iter().find(|pair| !known.contains(pair));
            differs.map(|([a, b], _)| format!("the correlation of `{a}` and `{b}`"))
        };
        input.or_else(event).or_else(|| noise().map(|key| format!("`{}`", key.name()))).or_else(correlation)
    }

    /// The texts that it follows from: those of its files, and what its known draws come from.
    pub(crate) fn texts(&self) -> Vec<String> {
        let files = self.document.files.iter().map(|file| file.text.clone());
        files.chain(self.posterior.iter().map(|draws| draws.origin.clone())).collect()
    }

    /// How many of so many paths can be simulated: no more than there are known draws of.
    pub(crate) fn paths_of(&self, paths: u64) -> u64 {
        self.posterior.as_ref().map_or(paths, |draws| paths.min(draws.paths as u64))
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
