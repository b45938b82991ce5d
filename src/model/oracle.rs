//! The model once more, plainly: one path, one number at a time, in the order of the written equations, with no shortcut.
//!
//! Slow and easy to check: the oracle of the version over lanes.

use super::{SERIES_COUNT, Setup};
use crate::scenario::keys::Key;
use crate::scenario::{Event, NewPrice};

/// Everything of one path: series by month, outcomes, and where everyone is.
pub(crate) struct Path {
    pub(crate) series: Vec<[f64; SERIES_COUNT]>,
    pub(crate) outcomes: Vec<f64>,
    /// By month: ever subscribed, active, lapsed, lost, gone over the price, possible.
    pub(crate) people: Vec<[f64; 6]>,
}

/// One input of one lane of a segment.
fn input(setup: &Setup, segment: usize, inputs: &[f64], key: Key) -> f64 {
    inputs[setup.segments[segment].columns[key as usize]]
}

fn willing(price: f64, median: f64, steepness: f64) -> f64 {
    if price == 0.0 { 1.0 } else { 1.0 / (1.0 + (price / median).powf(steepness)) }
}

/// A segment's state, month by month.
#[derive(Default)]
struct State {
    s: f64,
    b: f64,
    l: f64,
    /// N_s and K_s by month.
    n: Vec<f64>,
    k: Vec<f64>,
    alive: Vec<bool>,
}

/// `shocks` holds x_0 and then z_1 … z_T, or nothing.
#[allow(clippy::too_many_lines, reason = "it follows the written model from top to bottom")]
pub(crate) fn scalar(setup: &Setup, inputs: &[f64], starts: &[f64], shocks: &[f64]) -> Path {
    let months = setup.months;
    let get = |segment, key| input(setup, segment, inputs, key);
    let (invested, fixed) = (get(0, Key::Investment), get(0, Key::MonthlyFixed));
    let ki = setup.investment_months;
    let rate = get(0, Key::AnnualDiscountRate);
    let discount = |t: usize| (1.0 + rate).powf(-(t as f64) / 12.0);
    let counting: f64 = setup.segments.iter().filter(|s| s.counts_toward_target).map(|s| s.share).sum();
    let mut states: Vec<State> = setup
        .segments
        .iter()
        .map(|_| State { n: vec![0.0], k: vec![1.0], alive: vec![true], ..State::default() })
        .collect();
    let first = if ki > 0 { -invested / ki as f64 } else { 0.0 };
    let mut path = Path {
        series: vec![[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, first, first]],
        outcomes: Vec::new(),
        people: vec![[0.0; 6]],
    };
    let mut people = [0.0; 6];
    let (mut cum, mut npv, mut lowest, mut x) = (first, first, first, shocks.first().copied().unwrap_or(0.0));
    let (mut peak, mut ever, mut sum_v, mut sum_other, mut sum_u, mut ltv) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let mut reached = [f64::INFINITY; 4];
    for t in 1..=months {
        let on = |i: usize| {
            let (e, d) = (starts[i], setup.events[i].duration_months as f64);
            let now = t as f64;
            e <= now && (d == 0.0 || now < e + d)
        };
        let product = |f: fn(&Event) -> f64| -> f64 {
            setup.events.iter().enumerate().filter(|(i, _)| on(*i)).map(|(_, e)| f(e)).product()
        };
        let (churn_x, demand_x, serving_x) =
            (product(|e| e.churn_multiplier), product(|e| e.uptake_multiplier), product(|e| e.serving_cost_multiplier));
        let market_x = product(|e| e.market_multiplier);
        let (sigma, theta) = (get(0, Key::AnnualVolatility) / 12f64.sqrt(), get(0, Key::Persistence));
        let noise = shocks.get(t).map_or(1.0, |z| {
            x = theta * x + (1.0 - theta * theta).sqrt() * z;
            (sigma * x - sigma * sigma / 2.0).exp()
        });
        let mut row = [0.0; SERIES_COUNT];
        let (mut v_counting, mut v_other, mut u, mut new_ltv, mut paying_all, mut possible_all) =
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        let mut adopted_now = 0.0;
        for (i, segment) in setup.segments.iter().enumerate() {
            let get = |key| get(i, key);
            let state = &mut states[i];
            let price_at = |t: usize| {
                let launch = get(Key::PriceMonthly);
                let change = segment.price_changes.iter().rev().find(|c| c.month <= t);
                change.map_or(launch, |c| match c.to {
                    NewPrice::Monthly(price) => price,
                    NewPrice::Times(factor) => launch * factor,
                })
            };
            let (mu, phi) = (get(Key::MonthlyChurn), get(Key::ChurnSpread));
            let survival = |age: usize| {
                let mut g = 1.0;
                for j in 1..=age {
                    let older = (j - 1) as f64 * phi;
                    g *= ((1.0 - mu) * (1.0 - phi) + older) / ((1.0 - phi) + older);
                }
                let f = segment.free_months;
                if f >= 1 && age >= f { g * get(Key::TrialConversion) } else { g }
            };
            let w = |price| willing(price, get(Key::MedianPrice), get(Key::Steepness));
            let active = get(Key::ActiveUsers) * segment.share * (1.0 + get(Key::AnnualGrowth)).powf(t as f64 / 12.0);
            let (p, before) = (price_at(t), price_at(t - 1));
            let changes = segment.price_changes.iter().any(|c| c.month == t);
            let d = if changes && w(before) > 0.0 { (w(p) / w(before)).min(1.0) } else { 1.0 };
            let m = market_x * active * (1.0 - get(Key::RefusalRate)) * w(p) * get(Key::FollowThrough);
            let k_before = state.k[t - 1];
            let natural: f64 =
                (1..t).filter(|&s| state.alive[s]).map(|s| k_before * state.n[s] / state.k[s] * survival(t - s)).sum();
            let b = if state.s == 0.0 { 1.0 } else { (1.0 - churn_x * (1.0 - natural / state.s)).max(0.0) };
            let step = 1.0 - get(Key::PriceResponse) * (1.0 - d);
            let survivors = state.s * b * step;
            let mut k = if natural == 0.0 { k_before } else { k_before * survivors / natural };
            if survivors == 0.0 {
                state.alive.iter_mut().for_each(|alive| *alive = false);
                k = 1.0;
            }
            let churned = (state.s * (1.0 - b)).max(0.0);
            let returning = get(Key::MonthlyReturn) * d * state.b;
            let over_price = (state.s * b - survivors) + (1.0 - d) * (state.b + state.l);
            state.b = d * state.b - returning + get(Key::WinBack) * churned;
            state.l = d * state.l + (1.0 - get(Key::WinBack)) * churned;
            let untapped = (m - survivors - returning - state.b - state.l).max(0.0);
            let hazard = if m == 0.0 {
                0.0
            } else {
                get(Key::AnnualInnovation) / 12.0 + get(Key::AnnualImitation) / 12.0 * (1.0 - untapped / m)
            };
            let adopted = (hazard * noise * demand_x).min(1.0) * untapped;
            let n = returning + adopted;
            let leavers = state.s - survivors;
            state.s = survivors + n;
            state.n.push(n);
            state.k.push(k);
            state.alive.push(true);
            let on_trial: f64 = (0..segment.free_months.min(t))
                .filter(|j| state.alive[t - j])
                .map(|j| k * state.n[t - j] / state.k[t - j] * survival(j))
                .sum();
            let mut paying = state.s - on_trial;
            if paying < 1e-9 * state.s {
                paying = 0.0;
            }
            let v0 = if segment.serves_by_tokens {
                get(Key::RequestsPerDay) * (365.25 / 12.0) * get(Key::TokensPerRequest) * get(Key::UsdPerMillionTokens)
                    / 1e6
            } else {
                get(Key::CostPerSubscriber)
            };
            let kh = segment.efficiency_ramp_months as f64;
            let ramp = if kh == 0.0 { 1.0 } else { (t as f64 / kh).min(1.0) };
            let plain =
                v0 * (1.0 - get(Key::AnnualDecline)).powf(t as f64 / 12.0) * (1.0 - get(Key::EfficiencyGain) * ramp);
            let serving = plain * serving_x;
            let (e, a, s) = (get(Key::FeeRate), get(Key::Ancillary), get(Key::Support));
            let variable = p * (1.0 - e) * paying + (a - serving - s) * state.s - get(Key::Acquisition) * n;
            let add = [state.s, 0.0, n, leavers, p * paying, serving * state.s];
            add.iter().zip(&mut row).for_each(|(x, sum)| *sum += x);
            for (sum, x) in people.iter_mut().zip([adopted, 0.0, 0.0, 0.0, over_price, 0.0]) {
                *sum += x;
            }
            if segment.counts_toward_target {
                let weight = segment.share / counting;
                paying_all += paying;
                possible_all += m;
                v_counting += variable;
                let margin = p * (1.0 - e) + a - plain - s;
                u += weight * margin;
                let earned = if t > segment.free_months { p * (1.0 - e) } else { 0.0 };
                new_ltv += weight * survival(t - 1) * (earned + a - plain - s);
                adopted_now += adopted;
            } else {
                v_other += variable;
            }
        }
        people[1] = states.iter().map(|s| s.s).sum();
        people[2] = states.iter().map(|s| s.b).sum();
        people[3] = states.iter().map(|s| s.l).sum();
        people[5] = possible_all;
        let instalment = if t < ki { invested / ki as f64 } else { 0.0 };
        let operating = v_counting + v_other - fixed;
        let cash = operating - instalment;
        cum += cash;
        npv += discount(t) * cash;
        lowest = f64::min(lowest, cum);
        sum_v += discount(t) * v_counting;
        sum_other += discount(t) * v_other;
        sum_u += discount(t) * u;
        ltv += discount(t) * new_ltv;
        peak = f64::max(peak, paying_all);

        ever += adopted_now;
        [row[1], row[6], row[7]] = [paying_all, cash, cum];
        path.series.push(row);
        path.people.push(people);
        let slack = -1e-9 * invested.max(1.0);
        let now = [
            t >= 1.max(ki.saturating_sub(1)) && cum >= slack,
            t >= 1.max(ki.saturating_sub(1)) && npv >= slack,
            operating >= -1e-9 * fixed.abs().max(1.0),
            paying_all >= setup.target * (1.0 - 1e-9),
        ];
        for (first, yes) in reached.iter_mut().zip(now) {
            *first = if yes { first.min(t as f64) } else { *first };
        }
        if t == months {
            let sum_d: f64 = (1..=months).map(discount).sum();
            let sum_i: f64 = (0..ki).map(discount).sum::<f64>() / ki as f64;
            let to_recoup = (invested * sum_i + fixed * sum_d - sum_other).max(0.0);
            let over = |n: f64, d: f64| if d > 0.0 { n / d } else { f64::INFINITY };
            let acquisition: f64 = (0..setup.segments.len())
                .filter(|&i| setup.segments[i].counts_toward_target)
                .map(|i| setup.segments[i].share / counting * get(i, Key::Acquisition))
                .sum();
            let ratio = match (acquisition == 0.0, ltv > 0.0) {
                (false, _) => ltv / acquisition,
                (true, true) => f64::INFINITY,
                (true, false) => 0.0,
            };
            let active: f64 = setup
                .segments
                .iter()
                .enumerate()
                .filter(|(_, s)| s.counts_toward_target)
                .map(|(i, s)| {
                    get(i, Key::ActiveUsers) * s.share * (1.0 + get(i, Key::AnnualGrowth)).powf(t as f64 / 12.0)
                })
                .sum();
            path.outcomes = vec![
                npv,
                reached[0],
                reached[1],
                reached[2],
                reached[3],
                peak,
                paying_all,
                possible_all,
                ever,
                if active == 0.0 { 0.0 } else { paying_all / active },
                (-lowest).max(0.0),
                invested,
                (sum_v + sum_other - fixed * sum_d) / sum_i,
                over(to_recoup, sum_u),
                over(peak * to_recoup, sum_v),
                ltv,
                ratio,
                u,
                return_rate(&path.series.iter().map(|row| row[6]).collect::<Vec<_>>()),
                if invested > 0.0 { (cum + invested) / invested } else { f64::INFINITY },
            ];
        }
    }
    path
}

/// The yearly rate at which the flows are worth nothing, by halving; infinite unless money is laid out first, paid back later, and
/// never owed in between.
fn return_rate(flows: &[f64]) -> f64 {
    let paid: Vec<f64> = flows.iter().copied().filter(|flow| *flow != 0.0).collect();
    let (Some(first), Some(last)) = (paid.first(), paid.last()) else { return f64::INFINITY };
    if *first > 0.0 || *last < 0.0 {
        return f64::INFINITY;
    }
    let monthly = |year: f64| (1.0 + year).powf(-1.0 / 12.0);
    let outstanding = |q: f64| -> Vec<f64> {
        let add = |(t, sum): &mut (i32, f64), flow: &f64| {
            *sum += flow * q.powi(*t);
            *t += 1;
            Some(*sum)
        };
        flows.iter().scan((0, 0.0), add).collect()
    };
    let worth = |q: f64| outstanding(q)[flows.len() - 1];
    let (mut low, mut high) = (monthly(1e4), monthly(-0.9999));
    if worth(low) > 0.0 || worth(high) < 0.0 {
        return f64::INFINITY;
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if worth(middle) < 0.0 { low = middle } else { high = middle }
    }
    let mut lowest = 0.0_f64;
    let owed = outstanding(low).into_iter().any(|sum| {
        lowest = lowest.min(sum);
        sum > -1e-9 * lowest
    });
    if owed { f64::INFINITY } else { low.powi(-12) - 1.0 }
}
