//! Who joins: Bass diffusion among those who could subscribe and never did.

use super::{Inputs, SegmentSetup};
use crate::lanes::Lanes;
use crate::scenario::keys::Key;

/// Monthly Bass coefficients on sixteen paths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Uptake {
    /// pB / 12.
    innovation: Lanes,
    /// qB / 12.
    imitation: Lanes,
}

impl Uptake {
    #[inline(always)]
    pub(super) fn new(setup: &SegmentSetup, inputs: &Inputs<'_>) -> Self {
        Self {
            innovation: setup.input(inputs, Key::AnnualInnovation) / 12.0,
            imitation: setup.input(inputs, Key::AnnualImitation) / 12.0,
        }
    }

    /// First adoptions: min(1, H_t · ε_t · Π uptake_multiplier) · U_t with
    /// H_t = pB/12 + (qB/12) · (1 − U_t / M_t), 0 where nobody could subscribe.
    #[inline(always)]
    pub(super) fn first_adoptions(&self, possible: Lanes, untapped: Lanes, boost: Option<Lanes>) -> Lanes {
        let nobody = possible.is(0.0);
        let tapped = 1.0 - untapped / nobody.select(Lanes::ONE, possible);
        let mut hazard = self.innovation + self.imitation * tapped;
        if let Some(boost) = boost {
            // A boost beyond all measure must not make something of a hazard of 0.
            hazard *= boost.min(Lanes::splat(1e300));
        }
        nobody.select(Lanes::ZERO, hazard.min(Lanes::ONE) * untapped)
    }
}
