//! Who could subscribe: active users, refusals, and the share of the willing who accept a price.

use super::{Inputs, SegmentSetup};
use crate::lanes::Lanes;
use crate::scenario::NewPrice;
use crate::scenario::keys::Key;

/// Demand of a segment on sixteen paths, at the price in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demand {
    /// (1 + g)^(1/12).
    monthly_growth: Lanes,
    /// A_t, of this segment.
    pub(super) active: Lanes,
    /// (1 − R) · c.
    willing: Lanes,
    ln_median_price: Lanes,
    steepness: Lanes,
    /// p_0.
    launch_price: Lanes,
    /// p_t.
    pub(super) price: Lanes,
    /// W(p_t).
    accepting: Lanes,
}

impl Demand {
    #[inline(always)]
    pub(super) fn new(setup: &SegmentSetup, inputs: &Inputs<'_>) -> Self {
        let get = |key| setup.input(inputs, key);
        let mut demand = Self {
            monthly_growth: (1.0 + get(Key::AnnualGrowth)).pow(Lanes::splat(1.0 / 12.0)),
            active: get(Key::ActiveUsers) * setup.share,
            willing: (1.0 - get(Key::RefusalRate)) * get(Key::FollowThrough),
            ln_median_price: get(Key::MedianPrice).ln(),
            steepness: get(Key::Steepness),
            launch_price: get(Key::PriceMonthly),
            price: get(Key::PriceMonthly),
            accepting: Lanes::ONE,
        };
        demand.accepting = demand.accepting_at(demand.price);
        demand
    }

    /// W(x) = 1 / (1 + (x/m)^k), 1 at a price of 0.
    #[inline(always)]
    fn accepting_at(&self, price: Lanes) -> Lanes {
        1.0 / (1.0 + (self.steepness * (price.ln() - self.ln_median_price)).exp())
    }

    /// Moves to a new list price; returns d_t = min(1, W(p_t) / W(p_{t−1})).
    #[inline(always)]
    pub(super) fn change_price(&mut self, to: NewPrice) -> Lanes {
        let before = self.accepting;
        self.price = match to {
            NewPrice::Monthly(price) => Lanes::splat(price),
            NewPrice::Times(factor) => self.launch_price * factor,
        };
        self.accepting = self.accepting_at(self.price);
        let nobody = before.is(0.0);
        let kept = (self.accepting / nobody.select(Lanes::ONE, before)).min(Lanes::ONE);
        nobody.select(Lanes::ONE, kept)
    }

    /// A month of growth; returns M_t = A_t (1 − R) W(p_t) c, the possible subscribers.
    #[inline(always)]
    pub(super) fn next_month(&mut self) -> Lanes {
        self.active *= self.monthly_growth;
        self.active * self.willing * self.accepting
    }
}
