//! The month loop: ties demand, retention, uptake and cash together, sixteen paths at a time.

use super::cash::Cash;
use super::demand::Demand;
use super::outcome::{Month, Outcome, Outcomes, PathSums, Tracker};
use super::rate;
use super::retention::{Cohorts, Leavers};
use super::shock::{Multipliers, Noise};
use super::uptake::Uptake;
use super::{Inputs, Record, SERIES_COUNT, SegmentMonth, SegmentSetup, Setup};
use crate::lanes::Lanes;
use crate::scenario::keys::Key;

/// Memory that one path after another reuses.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    cohorts: Vec<Cohorts>,
    segments: Vec<SegmentState>,
    /// CF_t.
    flows: Vec<Lanes>,
}

/// A segment's state on sixteen paths.
#[derive(Debug)]
struct SegmentState {
    demand: Demand,
    uptake: Uptake,
    leavers: Leavers,
    cash: Cash,
    price_response: Lanes,
    /// S_t.
    subscribers: Lanes,
    next_change: usize,
    /// Share among the segments that count, 0 for the others.
    weight: f64,
}

/// What happens to every segment in a month.
#[derive(Clone, Copy)]
struct Shared {
    t: usize,
    multipliers: Multipliers,
    /// ε_t · Π uptake_multiplier.
    boost: Option<Lanes>,
}

/// Adds the rate of return to the outcomes of the paths that were simulated last: apart from them, because not everyone wants it and it takes
/// as long as all others.
#[inline(always)]
pub(crate) fn add_rate(workspace: &Workspace, outcomes: &mut Outcomes) {
    outcomes.0[Outcome::Irr as usize] = rate::yearly(rate::internal_factor(&workspace.flows));
}

/// Simulates sixteen paths: records every month from 0 to T and returns their outcomes but for the rate of return.
#[inline(always)]
pub(crate) fn simulate(
    setup: &Setup,
    inputs: &Inputs<'_>,
    workspace: &mut Workspace,
    record: &mut impl Record,
) -> (Outcomes, PathSums) {
    let counting: f64 = setup.segments.iter().filter(|s| s.counts_toward_target).map(|s| s.share).sum();
    workspace.cohorts.resize_with(setup.segments.len(), Cohorts::new);
    workspace.segments.clear();
    let mut acquisition = Lanes::ZERO;
    for (segment, cohorts) in setup.segments.iter().zip(&mut workspace.cohorts) {
        cohorts.start(segment, inputs, setup.months);
        let cash = Cash::new(segment, inputs);
        let weight = if segment.counts_toward_target { segment.share / counting } else { 0.0 };
        acquisition += cash.acquisition * weight;
        workspace.segments.push(SegmentState {
            demand: Demand::new(segment, inputs),
            uptake: Uptake::new(segment, inputs),
            leavers: Leavers::new(segment, inputs),
            cash,
            price_response: segment.input(inputs, Key::PriceResponse),
            subscribers: Lanes::ZERO,
            next_change: 0,
            weight,
        });
    }
    let mut tracker = Tracker::new(setup, inputs, acquisition);
    let is_noisy = !inputs.shocks.is_empty() && inputs.noise.is_empty();
    let mut noise = is_noisy.then(|| Noise::new(&setup.segments[0], inputs));
    let mut month = Month::NOTHING;
    let [cash_flow, cumulative] = tracker.cash_series();
    let mut series = [Lanes::ZERO; SERIES_COUNT];
    [series[6], series[7]] = [cash_flow, cumulative];
    record.month(0, &series);
    workspace.flows.clear();
    workspace.flows.push(cash_flow);
    for t in 1..=setup.months {
        let multipliers = Multipliers::of_month(setup, inputs, t);
        let epsilon = match &mut noise {
            Some(noise) => Some(noise.next_month(inputs.shocks[t])),
            None => inputs.noise.get(t).copied(),
        };
        let boost = match (epsilon, multipliers.uptake) {
            (Some(epsilon), Some(multiplier)) => Some(epsilon * multiplier),
            (epsilon, multiplier) => epsilon.or(multiplier),
        };
        let discount = tracker.next_discount();
        let shared = Shared { t, multipliers, boost };
        month = Month::NOTHING;
        let states = workspace.segments.iter_mut().zip(&mut workspace.cohorts).zip(&setup.segments);
        for (i, ((state, cohorts), segment)) in states.enumerate() {
            let own = state.month(cohorts, segment, &shared, &mut month);
            for (sum, x) in series.iter_mut().zip(&own.series[..6]) {
                *sum = if i == 0 { *x } else { *sum + *x };
            }
            if i < setup.named_segments {
                record.segment(t, i, &own, discount);
            }
        }
        series[1] = month.paying;
        tracker.month(t, &month);
        [series[6], series[7]] = tracker.cash_series();
        workspace.flows.push(series[6]);
        record.month(t, &series);
    }
    tracker.settle(&month)
}

impl SegmentState {
    /// Month t of this segment, added to the sums over all segments; returns its own.
    #[inline(always)]
    fn month(
        &mut self,
        cohorts: &mut Cohorts,
        setup: &SegmentSetup,
        shared: &Shared,
        month: &mut Month,
    ) -> SegmentMonth {
        let t = shared.t;
        let demand_kept = self.next_price(setup, t);
        let possible = self.demand.next_month();
        let possible = shared.multipliers.market.map_or(possible, |m| possible * m);
        let price_step = demand_kept.map(|kept| 1.0 - self.price_response * (1.0 - kept));

        let before = self.subscribers;
        let kept = cohorts.survive(t, before, shared.multipliers.churn, price_step);
        let returning = self.leavers.next_month(kept.churned, demand_kept);
        let gone = self.leavers.lapsed + self.leavers.lost;
        let untapped = (possible - kept.survivors - returning - gone).or_zero();
        let first = self.uptake.first_adoptions(possible, untapped, shared.boost);
        let additions = returning + first;
        self.subscribers = kept.survivors + additions;
        cohorts.join(t, additions);

        let paying = self.subscribers - cohorts.on_trial(t);
        let paying = paying.lt(1e-9 * self.subscribers).select(Lanes::ZERO, paying);
        let unit = self.cash.next_month(t, self.demand.price);
        let serving_per_head = shared.multipliers.serving.map_or(unit.serving, |m| unit.serving * m);
        let serving = serving_per_head * self.subscribers;
        // V_t = p_t (1 − e) P_t + (a − v_t − s) S_t − C N_t
        let variable =
            unit.net_price * paying + (unit.other * self.subscribers - serving) - self.cash.acquisition * additions;
        let margin = unit.margin();
        let net_price = if t > setup.free_months { unit.net_price } else { Lanes::ZERO };
        let earned = cohorts.survival(t - 1) * (net_price + (unit.other - unit.serving));

        if setup.counts_toward_target {
            month.paying += paying;
            month.first_adoptions += first;
            month.possible += possible;
            month.active += self.demand.active;
            month.counting_cash += variable;
            month.margin += self.weight * margin;
            month.ltv += self.weight * earned;
        } else {
            month.other_cash += variable;
        }
        let revenue = self.demand.price * paying;
        let leavers = before - kept.survivors;
        let series = [self.subscribers, paying, additions, leavers, revenue, serving, variable];
        SegmentMonth { series, margin, earned }
    }

    /// The list price of month t; d_t where it changes.
    #[inline(always)]
    fn next_price(&mut self, setup: &SegmentSetup, t: usize) -> Option<Lanes> {
        let change = setup.price_changes.get(self.next_change)?;
        if change.month != t {
            return None;
        }
        self.next_change += 1;
        Some(self.demand.change_price(change.to))
    }
}
