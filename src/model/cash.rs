//! Money of a segment: what a subscriber brings and costs in a month.

use super::{Inputs, SegmentSetup};
use crate::lanes::Lanes;
use crate::scenario::keys::Key;

/// Days in a month.
const DAYS: f64 = 365.25 / 12.0;

/// Unit economics of a segment on sixteen paths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cash {
    /// 1 − e.
    after_fees: Lanes,
    /// a − s.
    other_margin: Lanes,
    /// C.
    pub(super) acquisition: Lanes,
    /// v0 (1 − δ)^(t/12).
    declined: Lanes,
    monthly_decline: Lanes,
    /// h.
    gain: Lanes,
    ramp_months: usize,
}

/// What a subscriber costs and brings in month t, without events.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnitCash {
    /// v_t.
    pub(super) serving: Lanes,
    /// p_t (1 − e).
    pub(super) net_price: Lanes,
    /// a − s.
    pub(super) other: Lanes,
}

impl UnitCash {
    /// u_t = p_t (1 − e) + a − v_t − s.
    #[inline(always)]
    pub(super) fn margin(&self) -> Lanes {
        self.net_price + (self.other - self.serving)
    }
}

impl Cash {
    #[inline(always)]
    pub(super) fn new(setup: &SegmentSetup, inputs: &Inputs<'_>) -> Self {
        let get = |key| setup.input(inputs, key);
        let serving = if setup.serves_by_tokens {
            let tokens = get(Key::RequestsPerDay) * DAYS * get(Key::TokensPerRequest);
            tokens * get(Key::UsdPerMillionTokens) / 1e6
        } else {
            get(Key::CostPerSubscriber)
        };
        Self {
            after_fees: 1.0 - get(Key::FeeRate),
            other_margin: get(Key::Ancillary) - get(Key::Support),
            acquisition: get(Key::Acquisition),
            declined: serving,
            monthly_decline: (1.0 - get(Key::AnnualDecline)).pow(Lanes::splat(1.0 / 12.0)),
            gain: get(Key::EfficiencyGain),
            ramp_months: setup.efficiency_ramp_months,
        }
    }

    /// v_t = v0 (1 − δ)^(t/12) (1 − h · min(1, t/kh)), and the rest of the unit economics at price p_t.
    #[inline(always)]
    pub(super) fn next_month(&mut self, t: usize, price: Lanes) -> UnitCash {
        self.declined *= self.monthly_decline;
        let ramp = if t >= self.ramp_months { 1.0 } else { t as f64 / self.ramp_months as f64 };
        UnitCash {
            serving: self.declined * (1.0 - self.gain * ramp),
            net_price: price * self.after_fees,
            other: self.other_margin,
        }
    }
}
