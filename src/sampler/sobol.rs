//! Sobol points with Owen's scrambling: points that fill the unit cube evenly, and independent versions of them.
//!
//! Path i is point i div 16 of replicate i mod 16. All replicates take the same Sobol points (Joe and Kuo, "Constructing
//! Sobol sequences with better two-dimensional projections", 2008); each scrambles them by itself: every binary digit of a
//! coordinate is flipped, or not, by a hash of the digits above it (Owen, 1995; the hash is of the kind of Laine and Karras,
//! 2011, with 64 bits and four seeds). So one replicate's point set is as even as Sobol's, each of its points is uniform, and
//! the sixteen are independent.
//!
//! An input has a dimension of its own by its name, whatever else is drawn. What is in no list (inputs of segments, events) is
//! *padded*: the first dimension, its points in an order shuffled by a scrambling of the index (Burley, 2020), so that it is
//! even by itself and unrelated to the others.

use crate::lanes::{LANES, Lanes};
use crate::scenario::keys::Key;

use super::{lane_words, uniform_from_bits};

/// The dimension of each input: an append-only list, since a change of order is value-breaking. The first dimensions are the
/// best, so what decides how many subscribe comes first; among the first eight the order is the one of two dozen tried that
/// made the error of `target_reached` in the baseline smallest.
const DIMENSIONS: [Key; 30] = [
    Key::MonthlyChurn,
    Key::PriceMonthly,
    Key::AnnualInnovation,
    Key::FollowThrough,
    Key::ActiveUsers,
    Key::RefusalRate,
    Key::MedianPrice,
    Key::Steepness,
    Key::AnnualImitation,
    Key::AnnualGrowth,
    Key::WinBack,
    Key::TokensPerRequest,
    Key::RequestsPerDay,
    Key::UsdPerMillionTokens,
    Key::Acquisition,
    Key::Investment,
    Key::MonthlyFixed,
    Key::AnnualDecline,
    Key::ChurnSpread,
    Key::MonthlyReturn,
    Key::AnnualDiscountRate,
    Key::CostPerSubscriber,
    Key::Ancillary,
    Key::FeeRate,
    Key::TrialConversion,
    Key::Support,
    Key::EfficiencyGain,
    Key::PriceResponse,
    Key::AnnualVolatility,
    Key::Persistence,
];

/// Degree of the primitive polynomial, its inner coefficients, and the first direction numbers of dimensions 2 … 30 (Joe
/// and Kuo's file new-joe-kuo-6).
const DIRECTIONS: [(usize, u32, &[u32]); 29] = [
    (1, 0, &[1]),
    (2, 1, &[1, 3]),
    (3, 1, &[1, 3, 1]),
    (3, 2, &[1, 1, 1]),
    (4, 1, &[1, 1, 3, 3]),
    (4, 4, &[1, 3, 5, 13]),
    (5, 2, &[1, 1, 5, 5, 17]),
    (5, 4, &[1, 1, 5, 5, 5]),
    (5, 7, &[1, 1, 7, 11, 19]),
    (5, 11, &[1, 1, 5, 1, 1]),
    (5, 13, &[1, 1, 1, 3, 11]),
    (5, 14, &[1, 3, 5, 5, 31]),
    (6, 1, &[1, 3, 3, 9, 7, 49]),
    (6, 13, &[1, 1, 1, 15, 21, 21]),
    (6, 16, &[1, 3, 1, 13, 27, 49]),
    (6, 19, &[1, 1, 1, 15, 7, 5]),
    (6, 22, &[1, 3, 1, 15, 13, 25]),
    (6, 25, &[1, 1, 5, 5, 19, 61]),
    (7, 1, &[1, 3, 7, 11, 23, 15, 103]),
    (7, 4, &[1, 3, 7, 13, 13, 15, 69]),
    (7, 7, &[1, 1, 3, 13, 7, 35, 63]),
    (7, 8, &[1, 3, 5, 9, 1, 25, 53]),
    (7, 14, &[1, 3, 1, 13, 9, 35, 107]),
    (7, 19, &[1, 3, 1, 5, 27, 61, 31]),
    (7, 21, &[1, 1, 5, 11, 19, 41, 61]),
    (7, 28, &[1, 3, 5, 3, 3, 13, 69]),
    (7, 31, &[1, 1, 7, 13, 1, 19, 1]),
    (7, 32, &[1, 3, 7, 5, 13, 19, 59]),
    (7, 37, &[1, 1, 3, 9, 25, 29, 41]),
];

/// Digits of the index: enough for 4e9 paths in 16 replicates.
const INDEX_BITS: usize = 28;
/// Points of a batch whose low digits are looked up together.
const LOW_BITS: usize = 4;

/// One coordinate of the points of all replicates.
#[derive(Clone, Debug)]
pub(super) struct Coordinate {
    /// What each binary digit of the index contributes; the first digit of the coordinate is the lowest bit.
    directions: [u64; INDEX_BITS],
    /// The contributions of the lowest digits together.
    low: [u64; 1 << LOW_BITS],
    /// Shuffles the index, where this is padding.
    shuffle: Option<Seeds>,
    scramble: Seeds,
}

/// Four seeds of each replicate.
type Seeds = [[u64; LANES]; 4];

impl Coordinate {
    /// The coordinate of the input `name`, whose random words are `words`.
    pub(super) fn new(name: &str, words: [u64; 4]) -> Self {
        let dimension = Key::by_name(name).and_then(|key| DIMENSIONS.iter().position(|k| *k == key));
        let directions = directions(dimension.unwrap_or(0));
        let low = std::array::from_fn(|i| point(&directions, i as u64));
        let seeds = |purpose: u64| words.map(|word| lane_words(word, purpose));
        let shuffle = dimension.is_none().then(|| seeds(1));
        Self { directions, low, shuffle, scramble: seeds(0) }
    }

    /// The coordinates of the points of sixteen paths each, from point number `first` on.
    #[inline(always)]
    pub(super) fn fill(&self, first: u64, out: &mut [Lanes]) {
        if let Some(shuffle) = &self.shuffle {
            for (index, lanes) in (first..).zip(out) {
                // The index reversed has its most significant digit lowest, as scrambling wants it; padding is the first
                // dimension, in which the scrambled index reversed again is the point.
                let mut x = [(index << (64 - INDEX_BITS)).reverse_bits(); LANES];
                scramble(&mut x, shuffle);
                for x in &mut x {
                    *x = (*x << (64 - INDEX_BITS)).reverse_bits();
                }
                *lanes = self.finish(x);
            }
            return;
        }
        let mut high = None;
        for (index, lanes) in (first..).zip(out) {
            let (upper, lower) = (index >> LOW_BITS, index as usize & ((1 << LOW_BITS) - 1));
            let base = match high {
                Some((same, base)) if same == upper => base,
                _ => point(&self.directions, upper << LOW_BITS),
            };
            high = Some((upper, base));
            *lanes = self.finish([base ^ self.low[lower]; LANES]);
        }
    }

    #[inline(always)]
    fn finish(&self, mut x: [u64; LANES]) -> Lanes {
        scramble(&mut x, &self.scramble);
        let mut out = [0.0; LANES];
        for (u, x) in out.iter_mut().zip(x) {
            *u = uniform_from_bits(x.reverse_bits());
        }
        Lanes(out)
    }
}

/// The unscrambled coordinate of a point, its first digit in the lowest bit.
fn point(directions: &[u64; INDEX_BITS], index: u64) -> u64 {
    let digit = |(i, direction): (usize, &u64)| if (index >> i) & 1 == 1 { *direction } else { 0 };
    directions.iter().enumerate().map(digit).fold(0, |x, y| x ^ y)
}

/// Direction numbers of a dimension by Bratley and Fox's recurrence (Algorithm 659, 1988), as Joe and Kuo give it.
fn directions(dimension: usize) -> [u64; INDEX_BITS] {
    // m[i] / 2^(i+1) as 64 binary digits, the first of them the highest.
    let mut v = [0_u64; INDEX_BITS];
    match dimension.checked_sub(1).map(|i| DIRECTIONS[i]) {
        None => v.iter_mut().enumerate().for_each(|(i, v)| *v = 1 << (63 - i)),
        Some((degree, inner, first)) => {
            for i in 0..INDEX_BITS {
                v[i] = if let Some(m) = first.get(i) {
                    u64::from(*m) << (63 - i)
                } else {
                    let with = |k: usize| (inner >> (degree - 1 - k)) & 1 == 1;
                    let rest = (1..degree).filter(|k| with(*k)).map(|k| v[i - k]);
                    rest.fold(v[i - degree] ^ (v[i - degree] >> degree), |x, y| x ^ y)
                };
            }
        }
    }
    v.map(u64::reverse_bits)
}

/// A number in [0, 1) whose first binary digit is the lowest bit.
#[cfg(any(test, feature = "cli"))]
fn number(x: u64) -> f64 {
    x.reverse_bits() as f64 / 2_f64.powi(64)
}

/// The unscrambled coordinate of a point in one of the dimensions: what is published.
#[cfg(any(test, feature = "cli"))]
pub(crate) fn sobol_coordinate(dimension: usize, index: u64) -> f64 {
    number(point(&directions(dimension), index))
}

/// Flips each bit or not by a hash of the bits below it: nested uniform scrambling of numbers whose first digit is the lowest bit.
///
/// Each step moves information only upwards: adding, multiplying by an odd number, and x ^= x · (an even number). The
/// constants and the number of steps are chosen so that the flips at different nodes of the digit tree pass as independent
/// (test below).
#[inline(always)]
fn scramble(x: &mut [u64; LANES], [a, b, c, d]: &Seeds) {
    const C1: u64 = 0x9e37_79b9_7f4a_7c16;
    const C2: u64 = 0xd134_2543_de82_ef94;
    const C3: u64 = 0xbf58_476d_1ce4_e5b8;
    for i in 0..LANES {
        let mut y = x[i];
        y ^= y.wrapping_mul(C1);
        y = y.wrapping_add(a[i]).wrapping_mul(b[i] | 1);
        y ^= y.wrapping_mul(C2);
        y = y.wrapping_add(c[i]);
        y ^= y.wrapping_mul(C3);
        y = y.wrapping_mul(d[i] | 1);
        y ^= y.wrapping_mul(C1);
        x[i] = y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::{KEYS, Takes};

    fn words(seed: u64) -> [u64; 4] {
        std::array::from_fn(|i| super::super::mix(seed * 4 + i as u64 + 1))
    }

    #[test]
    fn points_before_scrambling_are_the_published_ones() {
        // Joe and Kuo's sequence in dimensions 1, 2, 3, 8, 21 as SciPy 1.17 computes it (natural order).
        let published: [(u64, [f64; 5]); 5] = [
            (1, [0.5, 0.5, 0.5, 0.5, 0.5]),
            (5, [0.625, 0.125, 0.875, 0.125, 0.375]),
            (37, [0.640_625, 0.921_875, 0.734_375, 0.015_625, 0.359_375]),
            (1000, [0.092_773_437_5, 0.161_132_812_5, 0.450_195_312_5, 0.639_648_437_5, 0.262_695_312_5]),
            (4095, [0.999_755_859_375, 0.066_650_390_625, 0.002_685_546_875, 0.156_005_859_375, 0.910_888_671_875]),
        ];
        for (index, coordinates) in published {
            let ours = [0, 1, 2, 7, 20].map(|dimension| number(point(&directions(dimension), index)));
            assert_eq!(ours, coordinates, "point {index}");
        }
    }

    #[test]
    fn every_dimension_starts_with_the_published_points() {
        let table = include_str!("../../tests/data/sobol.csv");
        let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(rows.len(), 10);
        for (k, row) in rows.into_iter().enumerate() {
            let published: Vec<f64> = row.split(',').map(|x| x.parse::<f64>().unwrap() / f64::from(1 << 30)).collect();
            assert_eq!(published.len(), DIMENSIONS.len());
            for (dimension, expected) in published.into_iter().enumerate() {
                assert_eq!(sobol_coordinate(dimension, 1 << k), expected, "point 2^{k}, dimension {}", dimension + 1);
            }
        }
    }

    #[test]
    fn every_input_has_a_dimension_of_its_own() {
        for spec in KEYS.iter().filter(|spec| spec.takes == Takes::Input) {
            assert_eq!(DIMENSIONS.iter().filter(|key| **key == spec.key).count(), 1, "{}", spec.name);
        }
    }

    #[test]
    fn each_replicate_of_a_coordinate_puts_one_point_in_each_cell() {
        for name in ["market.refusal_rate", "shocks.persistence", "segments.prime.price.monthly"] {
            let coordinate = Coordinate::new(name, words(7));
            for (bits, first) in [(0, 0), (3, 8), (5, 96), (10, 1024), (12, 0)] {
                let mut out = vec![Lanes::ZERO; 1 << bits];
                coordinate.fill(first, &mut out);
                for lane in 0..LANES {
                    let mut cells: Vec<usize> =
                        out.iter().map(|u| (u.0[lane] * f64::from(1 << bits)) as usize).collect();
                    cells.sort_unstable();
                    assert!(cells.iter().enumerate().all(|(i, cell)| i == *cell), "{name}, 2^{bits} points");
                }
            }
        }
    }

    #[test]
    fn flips_at_different_nodes_of_the_digit_tree_are_fair_and_independent() {
        const SEEDS: usize = 4096;
        const DEPTH: usize = 6;
        // flips[node] of each seed as ±1.
        let mut flips: Vec<Vec<f64>> = vec![Vec::new(); (1 << DEPTH) - 1];
        for group in 0..SEEDS / LANES {
            let seeds = words(group as u64).map(|word| lane_words(word, 0));
            for level in 0..DEPTH {
                for node in 0..1 << level {
                    let mut x = [node as u64; LANES];
                    scramble(&mut x, &seeds);
                    let flip = |x: u64| if (x >> level) & 1 == 1 { 1.0 } else { -1.0 };
                    flips[(1 << level) - 1 + node].extend(x.map(flip));
                }
            }
        }
        // Standard normal if independent: 5 is passed once in two million, and there are two thousand pairs.
        let score = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>() / (SEEDS as f64).sqrt();
        let one = vec![1.0; SEEDS];
        for (i, a) in flips.iter().enumerate() {
            assert!(score(a, &one).abs() < 5.0, "node {i}");
            for (j, b) in flips.iter().enumerate().skip(i + 1) {
                assert!(score(a, b).abs() < 5.0, "nodes {i} and {j}");
            }
        }
    }

    /// Relative error of the integral of Π exp(u_i / i) over the first eight dimensions, which is Π i (e^(1/i) − 1), as the
    /// root of its mean square over replicates.
    fn error_of_the_integral(points: usize, seeds: u64) -> f64 {
        let truth: f64 = (1..=8).map(|i| f64::from(i) * libm::expm1(1.0 / f64::from(i))).product();
        let mut squares = 0.0;
        for seed in 0..seeds {
            let coordinates: Vec<_> =
                (0..8).map(|i| Coordinate::new(DIMENSIONS[i].spec().name, words(seed * 8 + i as u64))).collect();
            let mut sum = Lanes::ZERO;
            let mut out = [Lanes::ZERO; 16];
            for first in (0..points as u64).step_by(16) {
                let mut exponent = [Lanes::ZERO; 16];
                for (i, coordinate) in coordinates.iter().enumerate() {
                    coordinate.fill(first, &mut out);
                    for (exponent, u) in exponent.iter_mut().zip(&out) {
                        *exponent += *u / (i + 1) as f64;
                    }
                }
                for x in exponent {
                    sum += x.exp();
                }
            }
            let error = (sum / points as f64 - truth) / truth;
            squares += (error * error).0.iter().sum::<f64>();
        }
        libm::sqrt(squares / (seeds as f64 * LANES as f64))
    }

    #[test]
    fn the_integral_of_a_product_of_exponentials_converges_as_it_should() {
        // Expected of such points: about 8e-6 at 2^12, 2e-7 at 2^16 (plain random numbers 5e-3, 1.6e-3).
        let (coarse, fine) = (error_of_the_integral(1 << 12, 4), error_of_the_integral(1 << 16, 1));
        assert!(coarse < 1.3e-5, "{coarse:e}");
        assert!(fine < 4e-7, "{fine:e}");
    }

    #[test]
    #[ignore = "a study: cargo test --release -- --ignored a_million"]
    fn a_million_points_integrate_to_nine_digits() {
        let error = error_of_the_integral(1 << 20, 1);
        assert!(error < 8e-9, "{error:e}");
    }
}
