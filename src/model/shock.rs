//! What nobody can know: monthly noise of first adoptions, and events that start in some month.

use super::{Inputs, SegmentSetup, Setup};
use crate::lanes::{LANES, Lanes};
use crate::scenario::keys::Key;

/// Normal numbers for sixteen paths, month after month: xoshiro256++ (Blackman and Vigna, 2019), one generator per
/// path, all sixteen in step.
#[derive(Clone, Debug)]
pub(crate) struct Shocks {
    state: [[u64; LANES]; 4],
}

impl Shocks {
    /// Seeds each path's generator as `Xoshiro256PlusPlus::seed_from_u64(seeds[lane])` does.
    #[inline(always)]
    pub(crate) fn new(seeds: [u64; LANES]) -> Self {
        let mut state = [[0; LANES]; 4];
        let mut counters = seeds;
        for word in &mut state {
            for (lane, out) in word.iter_mut().enumerate() {
                counters[lane] = counters[lane].wrapping_add(0x9e37_79b9_7f4a_7c15);
                *out = mix(counters[lane]);
            }
        }
        Self { state }
    }

    #[inline(always)]
    fn next(&mut self) -> [u64; LANES] {
        let [a, b, c, d] = &mut self.state;
        let mut out = [0; LANES];
        for i in 0..LANES {
            out[i] = a[i].wrapping_add(d[i]).rotate_left(23).wrapping_add(a[i]);
            let t = b[i] << 17;
            c[i] ^= a[i];
            d[i] ^= b[i];
            b[i] ^= c[i];
            a[i] ^= d[i];
            c[i] ^= t;
            d[i] = d[i].rotate_left(45);
        }
        out
    }

    /// The next standard normal number of each path.
    #[inline(always)]
    pub(crate) fn normal(&mut self) -> Lanes {
        let mut uniform = [0.0; LANES];
        for (u, bits) in uniform.iter_mut().zip(self.next()) {
            *u = uniform_from_bits(bits);
        }
        Lanes(uniform).normal_quantile()
    }
}

/// The finaliser of `SplitMix64`.
#[inline(always)]
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// (2k + 1) · 2⁻⁵³ with k the upper 52 bits: never 0 or 1, and both ends equally near.
#[inline(always)]
pub(crate) fn uniform_from_bits(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | 0x3ff0_0000_0000_0000) - (1.0 - f64::EPSILON / 2.0)
}

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
    pub(super) fn new(setup: &SegmentSetup, inputs: &Inputs<'_>, shocks: &mut Shocks) -> Self {
        let sigma = setup.input(inputs, Key::AnnualVolatility) / libm::sqrt(12.0);
        let persistence = setup.input(inputs, Key::Persistence);
        Self {
            x: shocks.normal(),
            sigma,
            half_variance: 0.5 * sigma * sigma,
            persistence,
            fresh: (1.0 - persistence * persistence).sqrt(),
        }
    }

    #[inline(always)]
    pub(super) fn next_month(&mut self, shocks: &mut Shocks) -> Lanes {
        self.x = self.persistence * self.x + self.fresh * shocks.normal();
        (self.sigma * self.x - self.half_variance).exp()
    }
}

/// Products of the multipliers of all events that are on; None where none acts on that quantity.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Multipliers {
    pub(super) churn: Option<Lanes>,
    pub(super) demand: Option<Lanes>,
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
            apply(&mut out.demand, event.demand_multiplier);
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
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn shocks_are_the_named_generator_of_the_rand_family() {
        let seeds: [u64; LANES] = std::array::from_fn(|lane| mix(lane as u64));
        let mut shocks = Shocks::new(seeds);
        let mut reference = seeds.map(Xoshiro256PlusPlus::seed_from_u64);
        for _ in 0..100 {
            assert_eq!(shocks.next(), std::array::from_fn(|lane| reference[lane].next_u64()));
        }
    }

    #[test]
    fn uniforms_are_centred_and_never_reach_an_end() {
        assert_eq!(uniform_from_bits(0), crate::distribution::special::U_MIN);
        assert_eq!(uniform_from_bits(u64::MAX), 1.0 - crate::distribution::special::U_MIN);
    }

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
