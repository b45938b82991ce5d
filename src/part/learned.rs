//! What was learned from actual numbers, made again for the parts that follow from it.

#[cfg(not(target_family = "wasm"))]
pub(super) use made::given_to;

use crate::analysis::AnalysisError;
use crate::engine::Options;
use crate::sampler::Sampling;
use crate::scenario::{PosteriorSource, Scenario};

/// A page makes no such parts, and without them the engine in it is 90 kB smaller.
#[cfg(target_family = "wasm")]
pub(super) fn given_to(
    _: &Scenario,
    _: &PosteriorSource,
    _: Sampling,
    _: &Options<'_>,
) -> Result<Scenario, AnalysisError> {
    Err(AnalysisError::Asked("a page joins no parts of what was learned from actual numbers".to_owned()))
}

#[cfg(not(target_family = "wasm"))]
mod made {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::{AnalysisError, Options, PosteriorSource, Sampling, Scenario};
    use crate::analysis::Conditioning;
    use crate::scenario::PathDraws;

    /// No more numbers are kept than these: 128 MB.
    const MOST_KEPT: usize = 1 << 24;

    /// Draws, with what they follow from.
    type Drawn = (Arc<PosteriorSource>, Sampling, Arc<PathDraws>);

    /// The draws that were made last, for the next part of the same whole: they take seconds.
    static LAST: Mutex<Option<Drawn>> = Mutex::new(None);

    /// A scenario with what was learned.
    pub(in crate::part) fn given_to(
        scenario: &Scenario,
        source: &PosteriorSource,
        sampling: Sampling,
        options: &Options<'_>,
    ) -> Result<Scenario, AnalysisError> {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((from, _, draws)) = last.as_ref().filter(|(from, with, _)| **from == *source && *with == sampling) {
            return Ok(scenario.with_posterior(Arc::clone(draws)).given_results(Arc::clone(from)));
        }
        *last = None;
        let (conditioning, source) = (Conditioning::again(source, sampling)?, Arc::new(source.clone()));
        let learned = conditioning.given_to(scenario, &source, options)?;
        *last =
            learned.known_draws().filter(|draws| draws.numbers() <= MOST_KEPT).map(|draws| (source, sampling, draws));
        Ok(learned)
    }
}
