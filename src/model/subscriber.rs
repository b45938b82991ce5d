//! One subscriber on average: how long they stay, how fast their like are won, what they bring and cost in a month.

use super::cash::Cash;
use super::demand::Demand;
use super::retention::Cohorts;
use super::uptake::Uptake;
use super::{Inputs, Setup};
use crate::lanes::Lanes;
use crate::scenario::keys::Key;

/// What a subscriber brings and costs, in the order of a waterfall: they add up to the margin.
pub(crate) const COMPONENTS: [&str; 7] =
    ["price", "free_months", "fees", "ancillary", "serving_cost", "support", "acquisition"];

/// The average subscriber of sixteen paths, over the segments that count, weighted by share.
#[derive(Clone, Debug)]
pub(crate) struct Subscriber {
    /// r_j of age j = 0 … T.
    pub(crate) retention: Vec<Lanes>,
    /// Share of the possible subscribers who have ever subscribed by month t = 0 … T, in a market that stands still, without
    /// shocks and events.
    pub(crate) uptake: Vec<Lanes>,
    /// Dollars per subscriber and month, in the order of [`COMPONENTS`]: Σ D_t r_{t−1} · component / Σ D_t r_{t−1}, the
    /// decomposition of the LTV. Acquisition is spread over the months that a subscriber is expected to stay.
    pub(crate) components: [Lanes; COMPONENTS.len()],
    /// What a subscriber who joins at launch brings, discounted, before acquisition: the LTV without events.
    pub(crate) ltv: Lanes,
}

/// The average subscriber of sixteen paths.
pub(crate) fn subscriber(setup: &Setup, inputs: &Inputs<'_>) -> Subscriber {
    let counting: f64 = setup.segments.iter().filter(|s| s.counts_toward_target).map(|s| s.share).sum();
    let months = setup.months;
    let mut out = Subscriber {
        retention: vec![Lanes::ZERO; months + 1],
        uptake: vec![Lanes::ZERO; months + 1],
        components: [Lanes::ZERO; COMPONENTS.len()],
        ltv: Lanes::ZERO,
    };
    let (mut sums, mut stays, mut acquisition) = ([Lanes::ZERO; COMPONENTS.len() - 1], Lanes::ZERO, Lanes::ZERO);
    for segment in setup.segments.iter().filter(|segment| segment.counts_toward_target) {
        let weight = segment.share / counting;
        let get = |key| segment.input(inputs, key);
        let mut cohorts = Cohorts::new();
        cohorts.start(segment, inputs, months);
        for (age, share) in out.retention.iter_mut().enumerate() {
            *share += cohorts.survival(age) * weight;
        }
        let (model, mut tapped) = (Uptake::new(segment, inputs), Lanes::ZERO);
        for share in out.uptake.iter_mut().skip(1) {
            tapped += model.first_adoptions(Lanes::ONE, 1.0 - tapped, None);
            *share += tapped * weight;
        }
        let (mut demand, mut cash) = (Demand::new(segment, inputs), Cash::new(segment, inputs));
        let monthly_discount = (1.0 + get(Key::AnnualDiscountRate)).pow(Lanes::splat(-1.0 / 12.0));
        let (mut discount, mut changes) = (Lanes::ONE, segment.price_changes.iter().peekable());
        acquisition += cash.acquisition * weight;
        for t in 1..=months {
            if let Some(change) = changes.next_if(|change| change.month == t) {
                demand.change_price(change.to);
            }
            discount *= monthly_discount;
            let stay = discount * cohorts.survival(t - 1) * weight;
            let unit = cash.next_month(t, demand.price);
            stays += stay;
            sums[0] += stay * demand.price;
            if t > segment.free_months {
                sums[2] += -(stay * (demand.price - unit.net_price));
            } else {
                sums[1] += -(stay * demand.price);
            }
            sums[3] += stay * get(Key::Ancillary);
            sums[4] += -(stay * unit.serving);
            sums[5] += -(stay * get(Key::Support));
        }
    }
    for (component, sum) in out.components.iter_mut().zip(sums) {
        *component = sum / stays;
        out.ltv += sum;
    }
    out.components[COMPONENTS.len() - 1] = Lanes::ZERO - acquisition / stays;
    out
}
