//! How likely observations are on a path: observed = simulated · exp(σ N(0, 1)), or simulated + sd · N(0, 1).

use crate::data::Observation;
use crate::engine::{Watch, Watched};
use crate::lanes::Lanes;

/// √(2π), its logarithm.
const LN_ROOT_TAU: f64 = 0.918_938_533_204_672_7;

/// Observations, and what of a path they are held against.
#[derive(Clone, Debug)]
pub(super) struct Likelihood {
    watch: Watch,
    terms: Vec<Term>,
}

/// The error of one observation.
#[derive(Clone, Copy, Debug)]
struct Term {
    /// Whether it is relative.
    relative: bool,
    /// What was observed; its logarithm where the error is relative.
    observed: f64,
    sd: f64,
    /// The logarithm of the density at its top.
    top: f64,
}

impl Likelihood {
    /// Of observations by month; `error` is the relative one of those that have none of their own.
    pub(super) fn new(observations: &[Observation], error: f64) -> Self {
        let term = |seen: &Observation| {
            if let Some(sd) = seen.sd {
                return Term { relative: false, observed: seen.value, sd, top: -LN_ROOT_TAU - libm::log(sd) };
            }
            let observed = libm::log(seen.value);
            Term { relative: true, observed, sd: error, top: -LN_ROOT_TAU - libm::log(error) - observed }
        };
        Self { watch: watch(observations), terms: observations.iter().map(term).collect() }
    }

    pub(super) fn watch(&self) -> &Watch {
        &self.watch
    }

    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// The variance of the error of observation `i`, on the scale on which it is normal.
    pub(super) fn variance(&self, i: usize) -> f64 {
        self.terms[i].sd * self.terms[i].sd
    }

    /// Whether the error is in the observation's own unit.
    pub(super) fn is_absolute(&self, i: usize) -> bool {
        !self.terms[i].relative
    }

    /// What was observed, on that scale.
    pub(super) fn observed(&self, i: usize) -> f64 {
        self.terms[i].observed
    }

    /// Simulated numbers on that scale; −∞ where a relative error knows no such number.
    pub(super) fn on_scale(&self, i: usize, simulated: Lanes) -> Lanes {
        if !self.terms[i].relative {
            return simulated;
        }
        let some = Lanes::ZERO.lt(simulated);
        some.select(some.select(simulated, Lanes::ONE).ln(), Lanes::splat(f64::NEG_INFINITY))
    }

    /// The logarithm of the likelihood on sixteen paths, from what is watched of them.
    pub(super) fn log(&self, seen: &[Lanes]) -> Lanes {
        let mut sum = Lanes::ZERO;
        for (i, (term, simulated)) in self.terms.iter().zip(seen).enumerate() {
            let away = (self.on_scale(i, *simulated) - term.observed) / term.sd;
            sum += term.top - 0.5 * away * away;
        }
        sum
    }
}

/// What of a path is held against observations.
pub(super) fn watch(observations: &[Observation]) -> Watch {
    let watched = |seen: &Observation| Watched { month: seen.month, segment: seen.segment, series: seen.series };
    Watch::new(observations.iter().map(watched).collect())
}
