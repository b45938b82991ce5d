//! The model over lanes against the plain scalar version, and laws that hold whatever the numbers.

use proptest::prelude::*;

use super::oracle::{Path, scalar};
use super::*;
use crate::lanes::LANES;

/// Keeps every month of every lane.
struct Keep(Vec<[Lanes; SERIES_COUNT]>);

impl Record for Keep {
    fn month(&mut self, t: usize, series: &[Lanes; SERIES_COUNT]) {
        assert_eq!(t, self.0.len());
        self.0.push(*series);
    }

    fn segment(&mut self, _: usize, _: usize, _: &SegmentMonth, _: Lanes) {}
}

/// A model with two segments (or one), price steps and events, and the inputs of sixteen different paths.
#[derive(Clone, Debug)]
struct Case {
    setup: Setup,
    columns: Vec<Lanes>,
    starts: Vec<Lanes>,
    shocks: Vec<Lanes>,
}

impl Case {
    fn run(&self) -> (Vec<[Lanes; SERIES_COUNT]>, Outcomes) {
        let mut keep = Keep(Vec::new());
        let inputs = Inputs { columns: &self.columns, event_starts: &self.starts, shocks: &self.shocks, noise: &[] };
        let mut workspace = Workspace::default();
        let (mut outcomes, _) = simulate(&self.setup, &inputs, &mut workspace, &mut keep);
        add_rate(&workspace, &mut outcomes);
        (keep.0, outcomes)
    }

    fn scalar(&self, lane: usize) -> Path {
        let of = |values: &[Lanes]| -> Vec<f64> { values.iter().map(|v| v.0[lane]).collect() };
        scalar(&self.setup, &of(&self.columns), &of(&self.starts), &of(&self.shocks))
    }

    fn set(&mut self, key: Key, f: impl Fn(f64) -> f64) {
        for segment in 0..self.setup.segments.len() {
            let column = self.setup.segments[segment].columns[key as usize];
            if segment == 0 || column != self.setup.segments[0].columns[key as usize] {
                self.columns[column] = self.columns[column].map(&f);
            }
        }
    }
}

/// Numbers of the size of standard normal ones for each month.
fn shocks(months: usize) -> Vec<Lanes> {
    let wave = |t: usize, lane: usize| 1.4 * libm::sin((t * LANES + lane) as f64 * 12.9898);
    (0..=months).map(|t| Lanes(std::array::from_fn(|lane| wave(t, lane)))).collect()
}

/// A range inside which a key is drawn for the tests.
#[allow(clippy::match_same_arms, reason = "in the order of the keys")]
fn test_range(key: Key) -> (f64, f64) {
    match key {
        Key::ActiveUsers => (1e6, 1e8),
        Key::AnnualGrowth => (-0.3, 0.3),
        Key::MedianPrice => (2.0, 20.0),
        Key::Steepness => (0.5, 6.0),
        Key::AnnualInnovation => (0.0, 3.0),
        Key::AnnualImitation => (0.0, 10.0),
        Key::ChurnSpread => (0.0, 0.6),
        Key::PriceMonthly => (0.0, 20.0),
        Key::FeeRate => (0.0, 0.3),
        Key::Ancillary => (-1.0, 3.0),
        Key::Investment => (0.0, 1e9),
        Key::MonthlyFixed => (0.0, 2e7),
        Key::Support | Key::CostPerSubscriber => (0.0, 2.0),
        Key::Acquisition => (0.0, 30.0),
        Key::RequestsPerDay => (0.0, 20.0),
        Key::TokensPerRequest => (0.0, 6000.0),
        Key::UsdPerMillionTokens => (0.0, 2.0),
        Key::AnnualDiscountRate => (0.0, 0.3),
        Key::AnnualVolatility => (0.0, 0.8),
        _ => (0.0, 0.95),
    }
}

prop_compose! {
    fn cases()(
        months in 1_usize..40,
        unit in prop::collection::vec(0.0_f64..1.0, KEY_COUNT * LANES * 2),
        two in any::<bool>(),
        noisy in any::<bool>(),
        free in 0_usize..4,
        instalments in 1_usize..14,
        ramp in 0_usize..20,
        tokens in any::<bool>(),
        changes in prop::collection::btree_map(1_usize..40, (any::<bool>(), 0.01_f64..25.0), 0..3),
        events in prop::collection::vec((0_usize..10, 0.0_f64..4.0, 0.0_f64..3.0, 0.0_f64..2.0, 0.0_f64..2.0), 0..3),
        starts in prop::collection::vec(1_u8..50, 3 * LANES),
        counts in any::<bool>(),
    ) -> Case {
        let segment = |share, counts_toward_target, columns| SegmentSetup {
            share,
            counts_toward_target,
            price_changes: changes.iter().map(|(month, (relative, x))| PriceChange {
                month: *month,
                to: if *relative { NewPrice::Times(x / 8.0) } else { NewPrice::Monthly(*x) },
            }).collect(),
            free_months: free.min(months),
            efficiency_ramp_months: ramp,
            serves_by_tokens: tokens,
            columns,
        };
        // The second segment has columns of its own, which makes every input differ.
        let own: [usize; KEY_COUNT] = std::array::from_fn(|i| i);
        let other = own.map(|i| i + KEY_COUNT);
        let mut segments = vec![segment(if two { 0.4 } else { 1.0 }, true, own)];
        if two {
            segments.push(segment(0.6, counts, other));
        }
        let columns = (0..2 * KEY_COUNT).map(|i| {
            let (low, high) = test_range(keys::KEYS[i % KEY_COUNT].key);
            Lanes(std::array::from_fn(|lane| low + (high - low) * unit[i * LANES + lane]))
        }).collect();
        let setup = Setup {
            months,
            target: 1e6,
            investment_months: instalments.min(months),
            named_segments: 0,
            segments,
            events: events.iter().enumerate().map(|(i, (duration, churn, uptake, market, serving))| Event {
                name: format!("{i}"),
                annual_probability: 0.5,
                duration_months: *duration,
                churn_multiplier: *churn,
                uptake_multiplier: *uptake,
                market_multiplier: *market,
                serving_cost_multiplier: *serving,
            }).collect(),
        };
        let starts = (0..setup.events.len())
            .map(|i| Lanes(std::array::from_fn(|lane| f64::from(starts[i * LANES + lane]))))
            .collect();
        Case { setup, columns, starts, shocks: if noisy { shocks(months) } else { Vec::new() } }
    }
}

use crate::scenario::{NewPrice, keys};

fn close(a: f64, b: f64, size: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * size.max(b.abs()).max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: prop::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn lanes_agree_with_the_plain_scalar_version(case in cases()) {
        let (series, outcomes) = case.run();
        for lane in 0..LANES {
            let path = case.scalar(lane);
            // Money is made of large sums that may cancel: compare it to what flows.
            let flow = path.series.iter().flatten().fold(0.0, |m: f64, x| m.max(x.abs()));
            for (t, expected) in path.series.iter().enumerate() {
                for i in 0..SERIES_COUNT {
                    let found = series[t][i].0[lane];
                    let size = if i >= 4 { flow } else { expected[0] };
                    prop_assert!(close(found, expected[i], size), "{} of month {t}: {found}, not {}", SERIES[i].name, expected[i]);
                }
            }
            for (i, expected) in path.outcomes.iter().enumerate() {
                let found = outcomes.0[i].0[lane];
                let size = if OUTCOMES[i].unit == "$" { flow } else { 0.0 };
                // A ratio of sums that nearly cancel may be off by more.
                let ratio = OUTCOMES[i].kind == OutcomeKind::MayBeInfinite && (found - expected).abs() <= 1e-6 * expected.abs();
                prop_assert!(ratio || close(found, *expected, size), "{}: {found}, not {expected}", OUTCOMES[i].name);
            }
        }
    }

    #[test]
    fn everyone_who_ever_subscribed_is_somewhere(case in cases()) {
        for lane in [0, 7] {
            let path = case.scalar(lane);
            let peak = path.people.iter().map(|p| p[1]).fold(1.0, f64::max);
            for (t, [ever, active, lapsed, lost, over_price, _]) in path.people.iter().enumerate() {
                let placed = active + lapsed + lost + over_price;
                prop_assert!((ever - placed).abs() <= 1e-9 * peak.max(*ever), "month {t}: {ever} ever, {placed} placed");
                prop_assert!([active, lapsed, lost].into_iter().all(|x| *x >= -1e-9 * peak));
            }
        }
    }

    #[test]
    fn subscribers_stay_within_the_possible_and_nothing_is_negative(case in cases()) {
        let (series, outcomes) = case.run();
        for lane in 0..LANES {
            let path = case.scalar(lane);
            for t in 1..series.len() {
                let at = |i: usize| series[t][i].0[lane];
                let survivors = series[t - 1][0].0[lane] - at(3);
                let [ever, _, lapsed, lost, _, possible] = path.people[t];
                if case.setup.segments.len() == 1 {
                    // Those who return do so even where a shrinking market has no room for first adopters.
                    let returning = at(2) - (ever - path.people[t - 1][0]);
                    let room = (survivors + returning).max(possible - lapsed - lost);
                    prop_assert!(at(0) <= room + 1e-9 * room.abs() + 1e-6, "month {t}");
                }
                prop_assert!([0, 1, 2, 4, 5].into_iter().all(|i| at(i) >= -1e-9 * outcomes.get(Outcome::PeakSubscribers).0[lane].max(1.0)));
                prop_assert!(at(1) <= at(0) * (1.0 + 1e-12) + 1e-9);
            }
        }
    }

    #[test]
    fn a_higher_cost_never_raises_npv(case in cases(), key in prop::sample::select(vec![
        Key::Investment, Key::MonthlyFixed, Key::Support, Key::Acquisition, Key::FeeRate,
    ])) {
        let mut dearer = case.clone();
        dearer.set(key, |x| if key == Key::FeeRate { (x * 1.5).min(1.0) } else { x * 1.5 + 0.01 });
        let (before, after) = (case.run().1.get(Outcome::Npv), dearer.run().1.get(Outcome::Npv));
        for lane in 0..LANES {
            prop_assert!(after.0[lane] <= before.0[lane] + 1e-6 * before.0[lane].abs().max(1.0));
        }
    }

    #[test]
    fn refusal_and_churn_never_help_where_subscribers_cost_nothing_to_win_and_always_bring_something(
        case in cases(),
        key in prop::sample::select(vec![Key::RefusalRate, Key::MonthlyChurn]),
    ) {
        let mut case = case;
        // The law's conditions: no acquisition cost, no free month, margins never below zero; and no returns or price
        // rises, which make leaving early an advantage.
        for segment in &mut case.setup.segments {
            segment.free_months = 0;
            segment.price_changes.clear();
        }
        case.setup.events.clear();
        case.starts.clear();
        for k in [Key::Acquisition, Key::Support, Key::CostPerSubscriber, Key::RequestsPerDay, Key::WinBack, Key::MonthlyReturn] {
            case.set(k, |_| 0.0);
        }
        case.set(Key::Ancillary, f64::abs);
        case.set(Key::AnnualGrowth, f64::abs);
        let mut worse = case.clone();
        worse.set(key, |x| x + (1.0 - x) * 0.2);
        let (before, after) = (case.run().1.get(Outcome::Npv), worse.run().1.get(Outcome::Npv));
        for lane in 0..LANES {
            prop_assert!(after.0[lane] <= before.0[lane] + 1e-6 * before.0[lane].abs().max(1.0));
        }
    }

    #[test]
    fn people_scale_with_the_audience_and_the_required_peak_is_where_npv_is_zero(case in cases()) {
        let mut case = case;
        case.setup.segments.truncate(1);
        case.setup.segments[0].share = 1.0;
        let (series, outcomes) = case.run();
        let (needed, peak) = (outcomes.get(Outcome::RequiredPeakSubscribers), outcomes.get(Outcome::PeakSubscribers));
        let mut scaled = case.clone();
        let scale: Vec<f64> = (0..LANES)
            .map(|lane| {
                let works = needed.0[lane].is_finite() && needed.0[lane] > 0.0 && peak.0[lane] > 0.0;
                if works { needed.0[lane] / peak.0[lane] } else { 2.0 }
            })
            .collect();
        let users = Key::ActiveUsers as usize;
        for lane in 0..LANES {
            scaled.columns[users].0[lane] *= scale[lane];
        }
        let (scaled_series, scaled_outcomes) = scaled.run();
        for lane in 0..LANES {
            for t in 0..series.len() {
                for i in 0..4 {
                    let (a, b) = (series[t][i].0[lane] * scale[lane], scaled_series[t][i].0[lane]);
                    prop_assert!(close(b, a, scaled_series[t][0].0[lane]), "month {t}: {b}, not {a}");
                }
            }
            if scale[lane] != 2.0 {
                let npv = scaled_outcomes.get(Outcome::Npv).0[lane];
                let flow = scaled_outcomes.get(Outcome::PeakFunding).0[lane] + case.columns[Key::MonthlyFixed as usize].0[lane] * 40.0;
                prop_assert!(npv.abs() <= 1e-7 * flow.max(1.0), "npv {npv} of {flow}");
            }
        }
    }

    #[test]
    fn a_higher_discount_never_helps_where_money_only_comes_back(case in cases()) {
        let mut case = case;
        // The law's conditions: the investment is paid at once, and every later cash flow is at least 0.
        case.setup.investment_months = 1;
        for key in [Key::MonthlyFixed, Key::Acquisition, Key::Support, Key::CostPerSubscriber, Key::RequestsPerDay] {
            case.set(key, |_| 0.0);
        }
        case.set(Key::Ancillary, f64::abs);
        let mut dearer = case.clone();
        dearer.set(Key::AnnualDiscountRate, |r| r + 0.05);
        let (before, after) = (case.run().1.get(Outcome::Npv), dearer.run().1.get(Outcome::Npv));
        for lane in 0..LANES {
            prop_assert!(after.0[lane] <= before.0[lane] + 1e-9 * before.0[lane].abs().max(1.0));
        }
    }
}

#[test]
fn an_implied_investment_is_what_the_target_would_repay() {
    let sums = outcome::PathSums {
        investment_weight: Lanes::splat(0.5),
        fixed: Lanes::splat(30.0),
        margin: Lanes::splat(4.0),
        counting_cash: Lanes::splat(600.0),
        other_cash: Lanes::splat(7.0),
        peak: Lanes::splat(50.0),
    };
    // (100 · 4 + 7 − 30) / 0.5, and with 600 · 100 / 50 of a ramp.
    assert_eq!(implied_investment(ImpliedBy::Target, 100.0, &sums), 754.0);
    assert_eq!(implied_investment(ImpliedBy::TargetRamp, 100.0, &sums), 2354.0);
}
