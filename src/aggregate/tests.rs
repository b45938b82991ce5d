//! Laws of merging, and sums that break plain arithmetic.

use super::*;
use crate::lanes::Lanes;
use crate::model::{OUTCOME_COUNT, OUTCOMES, Outcome, SERIES_COUNT};
use crate::model::{Outcomes, Record};

/// Some block of paths: any numbers do, as long as each path has its own.
fn some_paths(frame: &Frame, first: u64) -> Aggregate {
    let mut aggregate = Aggregate::empty(frame);
    let mut block = Block::new(frame);
    let number = |i: usize, t: usize| {
        Lanes(std::array::from_fn(|lane| libm::sin((first as f64 + lane as f64) * 1.3 + i as f64 + t as f64) * 1e6))
    };
    for t in 0..=frame.shape.months {
        let series = std::array::from_fn(|i| number(i, t));
        block.recorder(frame, &mut aggregate, first, LANES).month(t, &series);
    }
    let outcomes = std::array::from_fn(|i| match OUTCOMES[i].kind {
        OutcomeKind::Month => Lanes(std::array::from_fn(|lane| if lane % 3 == 0 { f64::INFINITY } else { 1.0 })),
        _ => number(i, 7),
    });
    block.add_outcomes(frame, &mut aggregate, first, LANES, &Outcomes(outcomes));
    block.flush(&mut aggregate);
    aggregate
}

/// The first 48 of them.
pub(super) fn three_blocks(frame: &Frame) -> Aggregate {
    let mut all = Aggregate::empty(frame);
    (0..3).for_each(|block| all.merge(some_paths(frame, block * 16)));
    all
}

/// Everything that is said of an aggregate.
pub(super) fn summary_of(aggregate: &Aggregate, frame: &Frame) -> Summary {
    let digests = (0..aggregate.outcome_count()).map(|i| aggregate.digest(frame, i)).collect();
    aggregate.summary(frame, digests, false)
}

/// … as a text.
fn said(aggregate: &Aggregate, frame: &Frame) -> String {
    format!("{:?}", summary_of(aggregate, frame))
}

/// The frame of a run of so many paths, all of which lie where `some_paths` puts them.
pub(super) fn frame_of(paths: u64) -> Frame {
    let first = Frame::of_pilot(Shape { months: 2, target: 1e6, paths, segments: 0 }, Wanted::Everything);
    let pilot = some_paths(&first, 0);
    let windows = if Frame::keeps_months(paths) {
        Vec::new()
    } else {
        pilot.months_kept().into_iter().map(Windows::around).collect()
    };
    first.of_run(paths, Wanted::Everything, &pilot, windows)
}

#[test]
fn empty_is_the_identity_and_the_order_of_merging_leaves_no_trace() {
    for paths in [48, 5000, 2_000_000] {
        let frame = frame_of(paths);
        let part = |i: u64| some_paths(&frame, i * 16);
        let merged = |order: [u64; 3]| {
            let mut sum = Aggregate::empty(&frame);
            for i in order {
                sum.merge(part(i));
            }
            sum
        };
        let forward = said(&merged([0, 1, 2]), &frame);
        assert_eq!(forward, said(&merged([2, 0, 1]), &frame));
        let mut last_two = part(1);
        last_two.merge(Aggregate::empty(&frame));
        last_two.merge(part(2));
        let mut grouped = part(0);
        grouped.merge(last_two);
        assert_eq!(forward, said(&grouped, &frame), "{paths}");
    }
}

#[test]
fn what_stands_in_the_lanes_beyond_the_last_path_leaves_no_trace() {
    let frame = Frame::of_pilot(Shape { months: 1, target: 1e6, paths: 3, segments: 0 }, Wanted::Everything);
    let mut numbers = Lanes::splat(f64::INFINITY);
    numbers.0[..3].copy_from_slice(&[1.0, 2.0, 6.0]);
    numbers.0[9] = f64::NAN;
    let (mut aggregate, mut block) = (Aggregate::empty(&frame), Block::new(&frame));
    for t in 0..=1 {
        block.recorder(&frame, &mut aggregate, 0, 3).month(t, &[numbers; SERIES_COUNT]);
    }
    block.add_outcomes(&frame, &mut aggregate, 0, 3, &Outcomes([numbers.min(Lanes::ONE); OUTCOME_COUNT]));
    block.flush(&mut aggregate);
    let summary = summary_of(&aggregate, &frame);
    assert!(summary.monthly.iter().all(|month| month.mean.value == 3.0 && month.quantiles[2] == 2.0));
    let npv = summary.outcome("npv").unwrap();
    assert_eq!((npv.mean.unwrap().value, npv.max), (1.0, Some(1.0)));
    assert_eq!(aggregate.overflow(), None);
}

#[test]
fn the_first_path_that_leaves_the_numbers_is_named() {
    let frame = frame_of(48);
    let mut aggregate = Aggregate::empty(&frame);
    let mut block = Block::new(&frame);
    let fine = Outcomes([Lanes::ONE; OUTCOME_COUNT]);
    let mut beyond = fine;
    beyond.0[Outcome::Npv as usize].0[5] = -1e30;
    block.add_outcomes(&frame, &mut aggregate, 0, 16, &fine);
    assert_eq!(aggregate.overflow, None);
    block.add_outcomes(&frame, &mut aggregate, 16, 5, &beyond);
    assert_eq!(aggregate.overflow, None, "lane 5 is no path");
    for first in [16, 32] {
        block.add_outcomes(&frame, &mut aggregate, first, 16, &beyond);
        assert_eq!(aggregate.overflow, Some(21));
    }
}

#[test]
fn ratios_beyond_all_measure_are_infinite_and_leave_the_sums_alone() {
    let frame = Frame::of_pilot(Shape { months: 1, target: 1e6, paths: 16, segments: 0 }, Wanted::Everything);
    let (mut aggregate, mut block) = (Aggregate::empty(&frame), Block::new(&frame));
    let mut outcomes = Outcomes([Lanes::ONE; OUTCOME_COUNT]);
    outcomes.0[Outcome::BreakEvenSubscribers as usize].0[4] = 1e30;
    outcomes.0[Outcome::LtvCac as usize].0[5] = -1e30;
    block.add_outcomes(&frame, &mut aggregate, 0, 16, &outcomes);
    block.flush(&mut aggregate);
    let summary = summary_of(&aggregate, &frame);
    let (needed, ratio) = (summary.outcome("break_even_subscribers").unwrap(), summary.outcome("ltv_cac").unwrap());
    assert_eq!((needed.mean.unwrap().value, needed.reached.probability), (f64::INFINITY, 15.0 / 16.0));
    assert_eq!((ratio.min, ratio.sd), (Some(-1e17), Some(2.5e16)));
}

#[test]
fn nist_numacc4_keeps_its_standard_deviation() {
    // NIST StRD, NumAcc4: 1,001 numbers; mean 10,000,000.2 and standard deviation 0.1, both exact.
    let alternating = (0..1000).map(|i| if i % 2 == 0 { 10_000_000.1 } else { 10_000_000.3 });
    let numbers: Vec<f64> = std::iter::once(10_000_000.2).chain(alternating).collect();
    let (mean, sd) = mean_and_sd_of(&numbers);
    assert!((mean - 10_000_000.2).abs() < 2e-9, "{mean}");
    // The numbers themselves are only within 1e-9 of the ones meant, so the spread of 0.1 is good to 1e-8.
    assert!((sd - 0.1).abs() < 1e-8, "{sd}");
}

#[test]
fn an_aggregate_that_cannot_be_that_of_the_run_is_refused() {
    type Change = fn(&mut Aggregate);
    const NPV: usize = Outcome::Npv as usize;
    const PAYBACK: usize = Outcome::PaybackMonth as usize;
    let anywhere: [Change; 14] = [
        |all| all.paths += 1,
        |all| all.answers[0][0] = 49,
        |all| all.answers[2] = [u64::MAX; LANES],
        |all| all.outcomes.truncate(1),
        |all| all.outcomes[0].finite[0] = 49,
        |all| all.months.truncate(1),
        |all| all.fans.truncate(1),
        |all| all.overflow = Some(u64::MAX),
        |all| all.outcomes[NPV].spread = OutcomeSpread::Unwanted,
        |all| all.outcomes[NPV].spread = OutcomeSpread::Months(vec![[0; LANES]; 3]),
        |all| all.outcomes[PAYBACK].spread = OutcomeSpread::Months(vec![[0; LANES]; 4]),
        |all| all.outcomes[PAYBACK].spread = OutcomeSpread::Months(vec![[2; LANES]; 3]),
        |all| all.outcomes[PAYBACK].spread = OutcomeSpread::Months(vec![[u64::MAX; LANES]; 3]),
        |all| all.outcomes[PAYBACK].spread = OutcomeSpread::Numbers(Spread::Kept(vec![1.0; 48])),
    ];
    let of_kept: [Change; 6] = [
        |all| all.outcomes[NPV].spread = OutcomeSpread::Numbers(Spread::Kept(vec![1.0; 64])),
        |all| all.outcomes[NPV].spread = OutcomeSpread::Numbers(Spread::Kept([vec![1.0; 48], vec![f64::NAN]].concat())),
        |all| all.outcomes[NPV].spread = OutcomeSpread::Numbers(Spread::Kept(vec![f64::INFINITY; 48])),
        |all| all.outcomes[NPV].spread = OutcomeSpread::Numbers(Spread::counted()),
        |all| all.fans[0] = Fan::Kept(vec![1.0; 49]),
        |all| all.fans[0] = Fan::Counted(vec![0; Fan::BIN_COUNT]),
    ];
    let of_counted: [Change; 4] = [
        |all| all.outcomes[NPV].spread = OutcomeSpread::Numbers(Spread::Kept(vec![1.0; 48])),
        |all| all.fans[0] = Fan::Kept(vec![1.0; 48]),
        |all| all.fans[0] = Fan::Counted(vec![0; Fan::BIN_COUNT - 1]),
        |all| all.fans[0] = Fan::Counted(vec![1; Fan::BIN_COUNT]),
    ];
    for (paths, more) in [(48, &of_kept[..]), (2_000_000, &of_counted[..])] {
        let frame = frame_of(paths);
        let whole = || three_blocks(&frame);
        assert!(whole().fits(&frame, 48) && !whole().fits(&frame, 47));
        for (i, change) in anywhere.iter().chain(more).enumerate() {
            let mut forged = whole();
            change(&mut forged);
            assert!(!forged.fits(&frame, 48), "{paths} paths, forgery {i}");
        }
        let mut late = whole();
        late.overflow = Some(paths - 1);
        assert!(late.fits(&frame, 48));
        // A ratio may be infinite where an NPV may not.
        if paths == 48 {
            let mut ratio = whole();
            let spread = OutcomeSpread::Numbers(Spread::Kept(vec![f64::INFINITY; 48]));
            ratio.outcomes[Outcome::BreakEvenSubscribers as usize].spread = spread;
            assert!(ratio.fits(&frame, 48));
        }
    }
}

#[test]
fn precision_is_half_the_interval_that_the_run_states() {
    let frame = frame_of(48);
    let all = three_blocks(&frame);
    let summary = summary_of(&all, &frame);
    let npv = summary.outcome("npv").unwrap();
    let (low, high) = npv.mean.unwrap().interval.unwrap();
    let half = |goal: &str| all.precision(&frame, &goal.parse().unwrap()).half_width;
    assert_eq!(half("npv=5"), 0.5 * (high - low));
    assert_eq!(half("npv=1%"), 0.5 * (high - low) / npv.sd.unwrap());
    let target = all.probability("target_reached").unwrap();
    assert_eq!(half("target_reached=0.01"), 0.5 * (target.high - target.low));
    // Where all paths are alike any precision is reached.
    let (mut alike, mut block) = (Aggregate::empty(&frame), Block::new(&frame));
    for first in [0, 16, 32] {
        block.add_outcomes(&frame, &mut alike, first, LANES, &Outcomes([Lanes::ONE; OUTCOME_COUNT]));
    }
    block.flush(&mut alike);
    assert_eq!(alike.precision(&frame, &"npv=1%".parse().unwrap()).half_width, 0.0);
    assert!(alike.precision(&frame, &"npv=1%".parse().unwrap()).is_met());
}

#[test]
fn kept_numbers_become_counts_beyond_a_million_paths_and_not_before() {
    let grown = |paths: u64| {
        let frame = Frame::of_pilot(Shape { months: 2, target: 1e6, paths: 48, segments: 0 }, Wanted::Everything);
        let mut all = some_paths(&frame, 0);
        all.grow(&frame.of_run(paths, Wanted::Everything, &all, Vec::new()));
        matches!(all.outcomes[Outcome::Npv as usize].spread, OutcomeSpread::Numbers(Spread::Counted(_)))
    };
    assert_eq!([KEPT_OUTCOMES, KEPT_OUTCOMES + 1].map(grown), [false, true]);
}
