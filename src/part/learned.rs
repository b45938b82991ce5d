//! What was learned from actual numbers, made again for the parts that follow from it.

#[cfg(not(target_family = "wasm"))]
pub(super) use made::given_to;

use crate::sampler::Sampling;
use crate::scenario::{PosteriorSource, Scenario};

/// A page makes no such parts, and without them the engine in it is 90 kB smaller.
#[cfg(target_family = "wasm")]
pub(super) fn given_to(_: &Scenario, _: &PosteriorSource, _: Sampling) -> Option<Scenario> {
    None
}

#[cfg(not(target_family = "wasm"))]
mod made {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::{PosteriorSource, Sampling, Scenario};
    use crate::analysis::Conditioning;
    use crate::engine::Options;
    use crate::scenario::PathDraws;

    /// The draws that were made last, for the next part of the same whole: they take seconds.
    static LAST: Mutex<Option<(Arc<PosteriorSource>, Sampling, Arc<PathDraws>)>> = Mutex::new(None);

    /// A scenario with what was learned; none where nobody can have learned it.
    pub(in crate::part) fn given_to(
        scenario: &Scenario,
        source: &PosteriorSource,
        sampling: Sampling,
    ) -> Option<Scenario> {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((from, _, draws)) = last.as_ref().filter(|(from, with, _)| **from == *source && *with == sampling) {
            return Some(scenario.with_posterior(Arc::clone(draws)).given_results(Arc::clone(from)));
        }
        let (conditioning, source) = (Conditioning::again(source, sampling).ok()?, Arc::new(source.clone()));
        let options = Options { threads: Some(1), ..Options::default() };
        let learned = conditioning.given_to(scenario, &source, &options).ok()?;
        *last = learned.known_draws().map(|draws| (source, sampling, draws));
        Some(learned)
    }
}
