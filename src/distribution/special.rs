//! Special functions behind the quantile functions: normal, incomplete beta, incomplete gamma, and their
//! inverses. Scalar, from `libm` only, so that every machine gives the same bits.

use libm::{erfc, exp, lgamma, log, log1p, sqrt};

/// The smallest and the largest uniform number that a quantile function is asked for: 2⁻⁵³ from the ends.
pub(crate) const U_MIN: f64 = 1.110_223_024_625_156_5e-16;
/// −Φ⁻¹([`U_MIN`]): the largest normal score.
pub(crate) const Z_MAX: f64 = 8.209_536_151_601_386;

/// Φ(z), exact in the lower tail.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// φ(z).
pub(crate) fn normal_pdf(z: f64) -> f64 {
    const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
    INV_SQRT_TAU * exp(-0.5 * z * z)
}

/// Φ⁻¹(u) for 0 < u < 1: Wichura, algorithm AS 241 (PPND16), relative accuracy about 1e-16.
pub(crate) fn normal_quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &A, &B);
    }
    let tail = if q < 0.0 { u } else { 1.0 - u };
    let z = normal_tail_quantile(tail);
    if q < 0.0 { -z } else { z }
}

/// The z with 1 − Φ(z) = `tail`, for a tail below 0.075 as small as a number can be.
pub(crate) fn normal_tail_quantile(tail: f64) -> f64 {
    let r = sqrt(-log(tail));
    if r <= 5.0 { ratio(r - 1.6, &C, &D) } else { ratio(r - 5.0, &E, &F) }
}

/// Numerator over denominator, lowest power first.
fn ratio(x: f64, numerator: &[f64; 8], denominator: &[f64; 8]) -> f64 {
    let horner = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    horner(numerator) / horner(denominator)
}

const A: [f64; 8] = [
    3.387_132_872_796_366_6,
    133.141_667_891_784_38,
    1_971.590_950_306_551_4,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854_5,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_9,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

/// ln B(a, b).
fn ln_beta(a: f64, b: f64) -> f64 {
    lgamma(a) + lgamma(b) - lgamma(a + b)
}

/// The beta distribution on [0, 1] with its normalising constant, so that many quantiles share it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UnitBeta {
    pub(super) a: f64,
    pub(super) b: f64,
    ln_beta: f64,
}

impl UnitBeta {
    pub(crate) fn new(a: f64, b: f64) -> Self {
        Self { a, b, ln_beta: ln_beta(a, b) }
    }

    pub(crate) fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    fn swapped(&self) -> Self {
        Self { a: self.b, b: self.a, ln_beta: self.ln_beta }
    }

    /// x · f(x), the density with respect to ln x.
    fn density_of_ln(&self, x: f64) -> f64 {
        exp(self.a * log(x) + (self.b - 1.0) * log1p(-x) - self.ln_beta)
    }

    /// The regularised incomplete beta function I_x(a, b).
    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        if x >= 1.0 {
            return 1.0;
        }
        let front = exp(self.a * log(x) + self.b * log1p(-x) - self.ln_beta);
        if x < (self.a + 1.0) / (self.a + self.b + 2.0) {
            front * beta_fraction(self.a, self.b, x) / self.a
        } else {
            1.0 - front * beta_fraction(self.b, self.a, 1.0 - x) / self.b
        }
    }

    /// How far from its end, 0 or (`upper`) 1, the point lies that leaves a share `tail` on that side.
    pub(crate) fn distance_from_end(&self, tail: f64, upper: bool) -> f64 {
        exp(self.ln_distance_from_end(tail, upper, None))
    }

    /// The logarithm of that, looked for from `near` on where a place near it is known.
    pub(crate) fn ln_distance_from_end(&self, tail: f64, upper: bool, near: Option<f64>) -> f64 {
        if upper { self.swapped().ln_lower_quantile(tail, near) } else { self.ln_lower_quantile(tail, near) }
    }

    /// From a point at some distance from its end, 0 or (`upper`) 1, a step of Newton's method to where a share `tail` is left.
    pub(crate) fn step_to(&self, distance: f64, tail: f64, upper: bool) -> f64 {
        let own = if upper { self.swapped() } else { *self };
        (tail - own.cdf(distance)) * distance / own.density_of_ln(distance)
    }

    /// Newton's method on ln I against ln x, where the lower tail is a straight line of slope a.
    fn ln_lower_quantile(&self, p: f64, near: Option<f64>) -> f64 {
        let start = (log(p * self.a) + self.ln_beta) / self.a;
        let mean = log(self.mean());
        solve_increasing(-745.0 / self.a.min(1.0), 0.0, near.unwrap_or(start.min(mean)), |ln_x| {
            let x = exp(ln_x);
            if x >= 1.0 {
                return OFF_TOP;
            }
            let cdf = self.cdf(x);
            if cdf <= 0.0 { OFF_BOTTOM } else { (log(cdf / p), self.density_of_ln(x) / cdf) }
        })
    }
}

/// Continued fraction of the incomplete beta function, by the modified Lentz method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let keep = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / keep(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..20_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep(1.0 + even * d);
        c = keep(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep(1.0 + odd * d);
        c = keep(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 2e-16 {
            break;
        }
    }
    h
}

/// The gamma distribution with scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UnitGamma {
    shape: f64,
    ln_gamma: f64,
}

impl UnitGamma {
    pub(crate) fn new(shape: f64) -> Self {
        Self { shape, ln_gamma: lgamma(shape) }
    }

    /// P(shape, x) and 1 − P, each with its own relative accuracy.
    fn cdf_and_tail(&self, x: f64) -> (f64, f64) {
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        let k = self.shape;
        let front = exp(k * log(x) - x - self.ln_gamma);
        if x < k + 1.0 {
            let (mut term, mut sum, mut n) = (1.0 / k, 1.0 / k, k);
            for _ in 0..20_000 {
                n += 1.0;
                term *= x / n;
                sum += term;
                if term < sum * 1e-17 {
                    break;
                }
            }
            (front * sum, 1.0 - front * sum)
        } else {
            let mut b = x + 1.0 - k;
            let mut c = 1e300;
            let mut d = 1.0 / b;
            let mut h = d;
            for i in 1..20_000 {
                let i = f64::from(i);
                let a = -i * (i - k);
                b += 2.0;
                d = 1.0 / (a * d + b);
                c = b + a / c;
                let step = d * c;
                h *= step;
                if (step - 1.0).abs() < 2e-16 {
                    break;
                }
            }
            (1.0 - front * h, front * h)
        }
    }

    /// x · f(x).
    fn density_of_ln(&self, x: f64) -> f64 {
        exp(self.shape * log(x) - x - self.ln_gamma)
    }

    /// From a point a step of Newton's method to where a share `tail` lies below it, or (`upper`) above.
    pub(crate) fn step_to(&self, x: f64, tail: f64, upper: bool) -> f64 {
        let (below, above) = self.cdf_and_tail(x);
        let missing = if upper { above - tail } else { tail - below };
        missing * x / self.density_of_ln(x)
    }

    pub(crate) fn tail_quantile(&self, tail: f64, upper: bool) -> f64 {
        let k = self.shape;
        // Wilson and Hilferty's cube for the middle, the power law for the lower tail.
        let z = if tail < 0.07 { normal_tail_quantile(tail) } else { -normal_quantile(tail) };
        let cube = 1.0 - 1.0 / (9.0 * k) + if upper { z } else { -z } / (3.0 * sqrt(k));
        let cube_start = if cube > 0.1 { log(k) + 3.0 * log(cube) } else { f64::NEG_INFINITY };
        let power_start = (log(tail * k) + self.ln_gamma) / k;
        let (low, high) = (-745.0 / k.min(1.0), log(k + 60.0 * sqrt(k) + 800.0));
        let ln_x = if upper {
            solve_increasing(low, high, cube_start.max(low), |ln_x| {
                let x = exp(ln_x);
                let (_, above) = self.cdf_and_tail(x);
                if above <= 0.0 { OFF_TOP } else { (log(tail / above), self.density_of_ln(x) / above) }
            })
        } else {
            let start = if cube_start.is_finite() && k > 1.0 { cube_start } else { power_start };
            solve_increasing(low, high, start, |ln_x| {
                let x = exp(ln_x);
                let (below, _) = self.cdf_and_tail(x);
                if below <= 0.0 { OFF_BOTTOM } else { (log(below / tail), self.density_of_ln(x) / below) }
            })
        };
        exp(ln_x)
    }
}

/// What a function returns to [`solve_increasing`] where it cannot be evaluated: only the side is known.
const OFF_BOTTOM: (f64, f64) = (f64::NEG_INFINITY, f64::NAN);
const OFF_TOP: (f64, f64) = (f64::INFINITY, f64::NAN);

/// A step of Newton's method after which there is nothing more to gain.
const NEAR: f64 = 1e-9;

/// The zero of an increasing function in [low, high] by Newton's method, halving where Newton leaves the
/// bracket. `f` gives value and slope.
fn solve_increasing(mut low: f64, mut high: f64, start: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = if start > low && start < high { start } else { 0.5 * (low + high) };
    for _ in 0..200 {
        let (value, slope) = f(x);
        if value > 0.0 {
            high = x;
        } else if value < 0.0 {
            low = x;
        } else {
            return x;
        }
        let newton = x - value / slope;
        // So near, the next step would be below rounding: Newton's error is that of this step squared.
        if (newton - x).abs() <= NEAR {
            return newton.clamp(low, high);
        }
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let step = (next - x).abs();
        x = next;
        if step <= 1e-15 * x.abs().max(1e-3) {
            break;
        }
    }
    x
}
