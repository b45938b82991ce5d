//! The average subscriber of a scenario: how long they stay, how fast their like are won, what a month of theirs brings.

use crate::aggregate::sorted_numbers;
use crate::engine::Drawing;
use crate::lanes::{Lanes, Level};
use crate::model::{self, COMPONENTS, SegmentSetup, Setup};
use crate::plan::Plan;

/// So many paths at most are looked at: the curves are to be seen, not to be decided by.
pub(crate) const MOST_PATHS: u64 = 4096;

/// Mean, 5th, 50th and 95th percentile over paths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Mean.
    pub mean: f64,
    /// Percentiles, of the paths as they are: no interpolation.
    pub quantiles: [f64; 3],
}

/// The average subscriber, over the first 4,096 paths of a run; events and noise are left out.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The segment whose subscriber it is; none for those of all segments that count toward the target.
    pub segment: Option<usize>,
    /// Paths looked at.
    pub paths: u64,
    /// Share of a cohort that is still there at age 0 … T months.
    pub retention: Vec<Band>,
    /// Share of the possible subscribers who have ever subscribed by month 0 … T.
    pub uptake: Vec<Band>,
    /// What a subscriber brings or costs a month, in dollars, by name; the means add up to that of `margin`, the last.
    pub components: Vec<(&'static str, Band)>,
    /// What a subscriber who joins at launch brings within the horizon, discounted, before acquisition, in dollars.
    pub ltv: Band,
}

impl Profile {
    /// The average subscriber of all segments that count, then of each named segment by itself.
    #[must_use]
    pub fn all(plan: &Plan, paths: u64, level: Level) -> Vec<Self> {
        let segments = (0..plan.setup.named_segments).map(|i| {
            let own = SegmentSetup { share: 1.0, counts_toward_target: true, ..plan.setup.segments[i].clone() };
            let setup = Setup { segments: vec![own], ..plan.setup.clone() };
            Self { segment: Some(i), ..Self::of_setup(plan, &setup, paths, level) }
        });
        std::iter::once(Self::new(plan, paths, level)).chain(segments).collect()
    }

    /// Looks at the first paths of a run of `paths`.
    #[must_use]
    pub fn new(plan: &Plan, paths: u64, level: Level) -> Self {
        Self::of_setup(plan, &plan.setup, paths, level)
    }

    fn of_setup(plan: &Plan, setup: &Setup, paths: u64, level: Level) -> Self {
        let (looked_at, months) = (paths.min(MOST_PATHS), plan.setup.months);
        let mut retention = vec![Vec::new(); months + 1];
        let mut uptake = vec![Vec::new(); months + 1];
        let mut components = vec![Vec::new(); COMPONENTS.len() + 1];
        let mut ltv = Vec::new();
        Drawing::of_inputs(plan, paths).groups(level, 0..looked_at, |group| {
            let found = model::subscriber(setup, &group.inputs());
            let keep = |into: &mut Vec<f64>, from: Lanes| into.extend_from_slice(&from.0[..group.count]);
            retention.iter_mut().zip(found.retention).for_each(|(into, from)| keep(into, from));
            uptake.iter_mut().zip(found.uptake).for_each(|(into, from)| keep(into, from));
            let margin = found.components.into_iter().fold(Lanes::ZERO, |sum, part| sum + part);
            let parts = found.components.into_iter().chain([margin]);
            components.iter_mut().zip(parts).for_each(|(into, from)| keep(into, from));
            keep(&mut ltv, found.ltv);
        });
        let names = COMPONENTS.into_iter().chain(["margin"]);
        Self {
            segment: None,
            paths: looked_at,
            retention: retention.iter().map(|values| spread(values)).collect(),
            uptake: uptake.iter().map(|values| spread(values)).collect(),
            components: names.zip(components.iter().map(|values| spread(values))).collect(),
            ltv: spread(&ltv),
        }
    }
}

fn spread(values: &[f64]) -> Band {
    let values = sorted_numbers(values);
    let n = values.len();
    let quantile = |p: f64| values[((p * n as f64).ceil() as usize).clamp(1, n) - 1];
    let mean = values.iter().sum::<f64>() / n as f64;
    Band { mean, quantiles: [0.05, 0.5, 0.95].map(quantile) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::LANES;
    use crate::sampler::Sampler;
    use crate::scenario::{self, SourceFile};

    fn profile(text: &str) -> Profile {
        let file = SourceFile { path: "case.toml".to_owned(), text: text.to_owned() };
        let scenario = scenario::parse("case", file).unwrap();
        let plan = Plan::new(&scenario, Sampler::default(), 1).unwrap();
        Profile::new(&plan, 20, Level::detect())
    }

    /// A case that can be worked out by hand: half of the subscribers leave each month, a third of those left to win join, the
    /// first of two months is free, there is no discount.
    #[test]
    fn one_subscriber_by_hand() {
        let found = profile(
            "[horizon]\nmonths = 2\n[target]\nsubscribers = 1\n[finance]\nannual_discount_rate = 0\n\
             [market]\nactive_users = 1000\nrefusal_rate = 0\n[willingness]\nmedian_price = 1e9\nsteepness = 50\n\
             [uptake]\nannual_innovation = 4\nannual_imitation = 0\n\
             [retention]\nmonthly_churn = 0.5\n\
             [price]\nmonthly = 10\nfree_months = 1\nfee_rate = 0.1\n[revenue]\nancillary = 1\n\
             [serving]\ncost_per_subscriber = 2\n[costs]\nsupport = 0.5\nacquisition = 6",
        );
        assert_eq!(found.paths, 20);
        let retention: Vec<f64> = found.retention.iter().map(|spread| spread.mean).collect();
        assert_eq!(retention, [1.0, 0.5, 0.25]);
        let uptake: Vec<f64> = found.uptake.iter().map(|spread| spread.quantiles[1]).collect();
        assert!((uptake[1] - 1.0 / 3.0).abs() < 1e-12 && (uptake[2] - 5.0 / 9.0).abs() < 1e-12, "{uptake:?}");
        // 1.5 months on average, one of them free: of $15 of list price $10 is waived, and 10% of $5 are fees.
        let by_hand = [10.0, -10.0 / 1.5, -0.5 / 1.5, 1.0, -2.0, -0.5, -4.0];
        for ((name, spread), expected) in found.components.iter().zip(by_hand) {
            assert!((spread.mean - expected).abs() < 1e-12, "{name}: {} for {expected}", spread.mean);
        }
        let margin = found.components.last().unwrap().1.mean;
        assert!((margin - by_hand.iter().sum::<f64>()).abs() < 1e-12);
    }

    /// What a subscriber brings over all months, before acquisition, is the LTV of the month loop, on every scenario without events.
    #[test]
    fn components_are_those_of_the_ltv() {
        for name in ["baseline", "music-like", "as-launched"] {
            let scenario = scenario::load(name).unwrap();
            let mut plan = Plan::new(&scenario, Sampler::default(), 1).unwrap();
            plan.setup.events.clear();
            Drawing::of_inputs(&plan, 16).groups(Level::detect(), 0..16, |group| {
                let inputs = group.inputs();
                let found = model::subscriber(&plan.setup, &inputs);
                let (outcomes, _) =
                    model::simulate(&plan.setup, &inputs, &mut model::Workspace::default(), &mut model::Forget);
                let brought = found.components[..6].iter().fold(Lanes::ZERO, |sum, part| sum + *part);
                let ratio = outcomes.get(model::Outcome::LtvCac);
                for lane in 0..LANES {
                    // LTV / CAC of both: the months of stay cancel out.
                    let ours = -brought.0[lane] / found.components[6].0[lane];
                    let theirs = ratio.0[lane];
                    assert!((ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0), "{name}: {ours} for {theirs}");
                }
            });
        }
    }
}
