//! What nobody can know: monthly noise of first adoptions, and events that start in some month.

use super::{Inputs, SegmentSetup, Setup};
use crate::lanes::Lanes;
use crate::scenario::keys::Key;

/// ε_t = exp(σ_m x_t − σ_m²/2), x_t = θ x_{t−1} + √(1 − θ²) z_t, σ_m = σ/√12.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise {
    x: Lanes,
    sigma: Lanes,
    half_variance: Lanes,
    persistence: Lanes,
    fresh: Lanes,
}

impl Noise {
    #[inline(always)]
    pub(super) fn new(setup: &SegmentSetup, inputs: &Inputs<'_>) -> Self {
        let sigma = setup.input(inputs, Key::AnnualVolatility) / libm::sqrt(12.0);
        let persistence = setup.input(inputs, Key::Persistence);
        Self {
            x: inputs.shocks[0],
            sigma,
            half_variance: 0.5 * sigma * sigma,
            persistence,
            fresh: (1.0 - persistence * persistence).sqrt(),
        }
    }

    #[inline(always)]
    pub(super) fn next_month(&mut self, shock: Lanes) -> Lanes {
        self.x = self.persistence * self.x + self.fresh * shock;
        (self.sigma * self.x - self.half_variance).rough_exp()
    }
}

/// ε_t of the months from 0 on, of which month 0 has none, for cases that have the same.
#[inline(always)]
pub(crate) fn noise(setup: &Setup, inputs: &Inputs<'_>, out: &mut Vec<Lanes>) {
    out.clear();
    if inputs.shocks.is_empty() {
        return;
    }
    let mut noise = Noise::new(&setup.segments[0], inputs);
    out.push(Lanes::ONE);
    for shock in &inputs.shocks[1..=setup.months] {
        out.push(noise.next_month(*shock));
    }
}

/// Products of the multipliers of all events that are on; None where none acts on that quantity.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Multipliers {
    pub(super) churn: Option<Lanes>,
    pub(super) uptake: Option<Lanes>,
    pub(super) market: Option<Lanes>,
    pub(super) serving: Option<Lanes>,
}

impl Multipliers {
    /// An event is on for E ≤ t < E + duration, or from E on where the duration is 0.
    #[inline(always)]
    pub(super) fn of_month(setup: &Setup, inputs: &Inputs<'_>, t: usize) -> Self {
        let mut out = Self::default();
        let now = Lanes::splat(t as f64);
        for (event, &start) in setup.events.iter().zip(inputs.event_starts) {
            let mut on = start.le(now);
            if event.duration_months > 0 {
                on = on.and(now.lt(start + event.duration_months as f64));
            }
            if !on.any() {
                continue;
            }
            let apply = |slot: &mut Option<Lanes>, multiplier: f64| {
                if multiplier != 1.0 {
                    let factor = on.select(Lanes::splat(multiplier), Lanes::ONE);
                    *slot = Some(slot.map_or(factor, |product| product * factor));
                }
            };
            apply(&mut out.churn, event.churn_multiplier);
            apply(&mut out.uptake, event.uptake_multiplier);
            apply(&mut out.market, event.market_multiplier);
            apply(&mut out.serving, event.serving_cost_multiplier);
        }
        out
    }
}

/// E = max(1, ceil(ln(1 − u) / ln(1 − λ))), 1 − λ = (1 − annual probability)^(1/12); infinite where it is 0.
#[inline(always)]
pub(crate) fn event_start(u: Lanes, annual_probability: f64) -> Lanes {
    if annual_probability == 0.0 {
        return Lanes::splat(f64::INFINITY);
    }
    let ln_stay = libm::log1p(-annual_probability) / 12.0;
    ((1.0 - u).ln() / ln_stay).map(f64::ceil).max(Lanes::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_of_yearly_probability_p_has_started_by_month_12_with_probability_p() {
        // P(E <= 12) = P(1 - u >= (1 - p)) = p exactly: u just below p starts by month 12, just above later.
        let p = 0.3;
        assert_eq!(event_start(Lanes::splat(p - 1e-9), p).0[0], 12.0);
        assert_eq!(event_start(Lanes::splat(p + 1e-9), p).0[0], 13.0);
        assert_eq!(event_start(Lanes::splat(0.999), 1.0).0[0], 1.0);
        assert_eq!(event_start(Lanes::splat(0.5), 0.0).0[0], f64::INFINITY);
    }
}
