//! Laws of merging, and sums that break plain arithmetic.

use super::*;
use crate::lanes::{LANES, Lanes};
use crate::model::{Outcomes, Record};

/// Some block of paths: any numbers do, as long as each path has its own.
fn some_paths(frame: &Frame, first: u64) -> Aggregate {
    let mut aggregate = Aggregate::empty(frame);
    let mut block = Block::new(frame);
    let number = |i: usize, t: usize| {
        Lanes(std::array::from_fn(|lane| libm::sin((first as f64 + lane as f64) * 1.3 + i as f64 + t as f64) * 1e6))
    };
    for t in 0..=frame.months {
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

/// Everything that is said of an aggregate.
fn said(mut aggregate: Aggregate, frame: &Frame) -> String {
    aggregate.unsorted().into_iter().for_each(Spread::sort);
    format!("{:?}", aggregate.summary(frame, false))
}

#[test]
fn empty_is_the_identity_and_the_order_of_merging_leaves_no_trace() {
    for paths in [48, 5000, 2_000_000] {
        let frame = Frame::new(2, 1e6, paths, 0, vec![3.0; SERIES_COUNT * 3], &[5.0; OUTCOME_COUNT]);
        let part = |i: u64| some_paths(&frame, i * 16);
        let merged = |order: [u64; 3]| {
            let mut sum = Aggregate::empty(&frame);
            for i in order {
                sum.merge(part(i));
            }
            sum
        };
        let forward = said(merged([0, 1, 2]), &frame);
        assert_eq!(forward, said(merged([2, 0, 1]), &frame));
        let mut last_two = part(1);
        last_two.merge(Aggregate::empty(&frame));
        last_two.merge(part(2));
        let mut grouped = part(0);
        grouped.merge(last_two);
        assert_eq!(forward, said(grouped, &frame), "{paths}");
    }
}

#[test]
fn nist_numacc4_keeps_its_standard_deviation() {
    // NIST StRD, NumAcc4: 1,001 numbers; mean 10,000,000.2 and standard deviation 0.1, both exact.
    let pivot = 10_000_000.2;
    let mut moments = Moments::default();
    for i in 0..1001_u32 {
        let x = if i == 0 {
            pivot
        } else if i % 2 == 1 {
            10_000_000.1
        } else {
            10_000_000.3
        };
        let difference: f64 = x - pivot;
        moments.sum.add(difference);
        moments.squares.add(difference * difference);
    }
    let (mean, sd) = moments.mean_and_sd(pivot, 1001);
    assert_eq!(mean, pivot);
    // The numbers themselves are only within 1e-9 of the ones meant, so the spread of 0.1 is good to 1e-8.
    assert!((sd.unwrap() - 0.1).abs() < 1e-8, "{sd:?}");
}
