//! The functions over lanes against libm and AS 241, and the levels against each other.

use super::{LANES, Lanes, Level, Work};
use crate::distribution::special;

/// Distance in units in the last place of `b`.
fn ulps(a: f64, b: f64) -> f64 {
    if a == b {
        return 0.0;
    }
    (a - b).abs() / (b.abs().next_up() - b.abs())
}

fn grid(low: f64, high: f64, n: u32) -> impl Iterator<Item = f64> {
    (0..=n).map(move |i| low + (high - low) * f64::from(i) / f64::from(n))
}

#[test]
fn exp_is_within_2_ulp_of_libm() {
    for x in grid(-708.0, 709.0, 200_003).chain(grid(-1.0, 1.0, 100_003)) {
        let (ours, reference) = (Lanes::splat(x).exp().0[0], libm::exp(x));
        assert!(ulps(ours, reference) <= 2.0, "exp({x}) = {ours}, not {reference}");
    }
    let ends = [f64::NEG_INFINITY, -709.0, 710.0, f64::INFINITY].map(|x| Lanes::splat(x).exp().0[0]);
    assert_eq!(ends, [0.0, 0.0, f64::INFINITY, f64::INFINITY]);
}

#[test]
fn ln_is_within_2_ulp_of_libm() {
    for x in grid(1e-6, 3.0, 200_003).chain(grid(-300.0, 300.0, 100_003).map(|e| libm::pow(10.0, e))) {
        let (ours, reference) = (Lanes::splat(x).ln().0[0], libm::log(x));
        assert!(ulps(ours, reference) <= 2.0, "ln({x}) = {ours}, not {reference}");
    }
    assert_eq!(Lanes::ZERO.ln().0[0], f64::NEG_INFINITY);
    assert_eq!(Lanes::splat(f64::INFINITY).ln().0[0], f64::INFINITY);
}

#[test]
fn normal_quantile_agrees_with_as_241() {
    let tails = (1..160).map(|i| libm::exp2(-f64::from(i) / 3.0));
    let points = grid(0.0005, 0.9995, 100_003).chain(tails.clone()).chain(tails.map(|t| 1.0 - t));
    for u in points.map(|u| u.clamp(special::U_MIN, 1.0 - special::U_MIN)) {
        let (ours, reference) = (Lanes::splat(u).normal_quantile().0[0], special::normal_quantile(u));
        assert!((ours - reference).abs() <= 4e-15 * reference.abs().max(0.1), "at {u}: {ours}, not {reference}");
    }
}

#[test]
fn normal_numbers_in_single_precision_agree_with_as_241_and_mirror_each_other() {
    let powers = (0..32).flat_map(|bit| [1_u32 << bit, (1 << bit) - 1, 3 << bit >> 1]);
    for word in powers.chain((0..200_003).map(|i| i * 10_737)) {
        let reference = special::normal_quantile((f64::from(word) + 0.5) / 4_294_967_296.0);
        let [ours, mirrored] = [word, !word].map(|word| Lanes::normals_of_words(&[word; LANES]).0[0]);
        assert!((ours - reference).abs() <= 1e-6 * reference.abs().max(1.0), "of {word}: {ours}, not {reference}");
        assert_eq!(ours, -mirrored);
    }
}

#[test]
fn rough_exp_is_exact_to_13_digits() {
    for x in grid(-708.0, 708.0, 200_003).chain(grid(-1.0, 1.0, 100_003)) {
        let (ours, reference) = (Lanes::splat(x).rough_exp().0[0], libm::exp(x));
        assert!((ours / reference - 1.0).abs() <= 2e-13, "exp({x}) = {ours}, not {reference}");
    }
}

#[test]
fn every_level_gives_the_same_bits() {
    let inputs: Vec<Lanes> = (0..500)
        .map(|i| Lanes(std::array::from_fn(|lane| (f64::from(i) * 16.0 + lane as f64 + 0.5) / 8000.0)))
        .collect();
    let results: Vec<Vec<[u64; LANES]>> =
        Level::available().into_iter().map(|level| level.run(Everything(&inputs))).collect();
    assert!(results.iter().all(|r| *r == results[0]));
}

/// Each function over lanes, on each input.
struct Everything<'a>(&'a [Lanes]);

impl Work for Everything<'_> {
    type Output = Vec<[u64; LANES]>;
    #[inline(always)]
    fn run(self) -> Self::Output {
        let mut out = Vec::with_capacity(self.0.len());
        for x in self.0 {
            let shock = Lanes::normals_of_words(&x.0.map(|u| (u * 4_294_967_296.0) as u32));
            let y =
                (x.normal_quantile() + shock) * x.ln() + (*x / 0.3).exp() * x.pow(Lanes::splat(1.7)) + x.rough_exp();
            out.push(y.0.map(f64::to_bits));
        }
        out
    }
}
