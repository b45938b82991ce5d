//! Exponential, logarithm and normal quantile over lanes, from plain arithmetic only.
//!
//! The system's own functions differ between C libraries and processors; these do not. Tested against
//! `libm` to 2 units in the last place (`exp`, `ln`) and against Wichura's AS 241 (`normal_quantile`); `rough_exp` to 2e-13.

use super::{LANES, Lanes};

/// Adding and subtracting it rounds to the nearest whole number without a function call.
const ROUNDER: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52
/// The bits of √½.
const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;

/// Taylor's coefficients of (e^r − 1 − r) / r² to degree 13 of e^r: on |r| ≤ ln(2)/2 the remainder is below 5e-18.
const TAYLOR: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
];

/// (e^r − 1 − r) / r² on the same range: interpolates at Chebyshev's points.
const ROUGH_EXP: [f64; 8] = [
    2.761_757_684_835_413_27e-6,
    2.486_788_345_352_180_38e-5,
    1.984_122_458_154_410_49e-4,
    1.388_883_909_064_137_94e-3,
    8.333_333_344_209_506_65e-3,
    4.166_666_678_633_755_46e-2,
    1.666_666_666_666_258_33e-1,
    4.999_999_999_995_507_08e-1,
];

impl Lanes {
    /// e^x. Below −708 the result is 0 (no subnormal numbers), above 709 infinity.
    #[inline(always)]
    pub(crate) fn exp(self) -> Self {
        let x = self.max(Self::splat(-708.0)).min(Self::splat(709.0));
        let (power, r) = x.power_and_rest();
        let p = polynomial(&TAYLOR, r);
        let e = 1.0 + (r + r * r * p);
        let out = self.lt(Self::splat(-708.0)).select(Self::ZERO, e * power);
        Self::splat(709.0).lt(self).select(Self::splat(f64::INFINITY), out)
    }

    /// e^x to 2e-13 of it, for |x| up to 708: a month's noise, in two thirds of the time.
    #[inline(always)]
    pub(crate) fn rough_exp(self) -> Self {
        let x = self.max(Self::splat(-708.0)).min(Self::splat(708.0));
        let (power, r) = x.power_and_rest();
        let p = polynomial(&ROUGH_EXP, r);
        (1.0 + (r + r * r * p)) * power
    }

    /// 2^n and r of x = n ln(2) + r with |r| ≤ ln(2)/2.
    #[inline(always)]
    fn power_and_rest(self) -> (Self, Self) {
        let shifted = self * std::f64::consts::LOG2_E + ROUNDER;
        let n = shifted - ROUNDER;
        let r = (self - n * LN2_HIGH) - n * LN2_LOW;
        // The low bits of `shifted` hold n: moved into the exponent field they are 2^n.
        let power = shifted.map(|s| f64::from_bits(s.to_bits().wrapping_add(1023) << 52));
        (power, r)
    }

    /// The natural logarithm of a number that is 0 (−∞), positive and not subnormal, or ∞.
    #[inline(always)]
    pub(crate) fn ln(self) -> Self {
        let (k, f) = self.exponent_and_rest();
        // fdlibm's e_log: s = f / (2 + f), ln(1 + f) = f - f²/2 + s (f²/2 + R(s²)).
        let s = f / (2.0 + f);
        let z = s * s;
        let r = z
            * (6.666_666_666_666_735_130e-1
                + z * (3.999_999_999_940_941_908e-1
                    + z * (2.857_142_874_366_239_149e-1
                        + z * (2.222_219_843_214_978_396e-1
                            + z * (1.818_357_216_161_805_012e-1
                                + z * (1.531_383_769_920_937_332e-1 + z * 1.479_819_860_511_658_591e-1))))));
        let half = 0.5 * f * f;
        let ln = k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f);
        let ln = self.is(0.0).select(Self::splat(f64::NEG_INFINITY), ln);
        self.is(f64::INFINITY).select(self, ln)
    }

    /// x^y for x ≥ 0; 0^0 is 1.
    #[inline(always)]
    pub(crate) fn pow(self, y: Self) -> Self {
        let power = (y * self.ln()).exp();
        y.is(0.0).select(Self::ONE, power)
    }

    /// Φ⁻¹(u) for u in [2⁻⁵³, 1 − 2⁻⁵³], after Giles, "Approximating the erfinv function" (2010).
    #[inline(always)]
    pub(crate) fn normal_quantile(self) -> Self {
        let w = -(4.0 * self * (1.0 - self)).ln();
        let mut p = polynomial(&CENTRE, w - 3.125);
        let tail = w.ge(Self::splat(6.25));
        if tail.any() {
            p = tail.select(w.giles_tail(), p);
        }
        (2.0 * self - 1.0) * p * std::f64::consts::SQRT_2
    }

    /// Giles's polynomials for w from 6.25 on.
    #[inline(always)]
    fn giles_tail(self) -> Self {
        let root = self.or_zero().sqrt();
        let near = polynomial(&TAIL, root - 3.25);
        let far = polynomial(&FAR_TAIL, root - 5.0);
        self.ge(Self::splat(16.0)).select(far, near)
    }

    /// k and f of x = 2^k (1 + f) with 1 + f in [√½, √2).
    #[inline(always)]
    fn exponent_and_rest(self) -> (Self, Self) {
        let mut exponent = [0.0; LANES];
        let mut mantissa = [0.0; LANES];
        for i in 0..LANES {
            // The bits of √½ come off before the exponent is cut out. Only logical shifts, and the exponent made a
            // number by planting it in the mantissa of 2^52: both are vector instructions at every level.
            let bits = self.0[i].to_bits().wrapping_add(0x3ff0_0000_0000_0000 - SQRT_HALF);
            mantissa[i] = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) + SQRT_HALF);
            exponent[i] = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0);
        }
        (Self(exponent), Self(mantissa) - 1.0)
    }
}

/// A polynomial by its coefficients, the highest first: even and odd powers apart, so that two chains of operations run side
/// by side and the processor does not wait for the end of each.
#[inline(always)]
fn polynomial<const N: usize>(coefficients: &[f64; N], x: Lanes) -> Lanes {
    let square = x * x;
    let mut sums = [Lanes::splat(coefficients[0]), Lanes::splat(coefficients[1])];
    for (i, c) in coefficients.iter().enumerate().skip(2) {
        sums[i % 2] = sums[i % 2] * square + *c;
    }
    // The last coefficient is that of x⁰.
    let [even, odd] = if N % 2 == 1 { sums } else { [sums[1], sums[0]] };
    even + x * odd
}

const CENTRE: [f64; 23] = [
    -3.644_412_064_017_819_7e-21,
    -1.685_059_138_182_016_6e-19,
    1.285_848_071_525_640_0e-18,
    1.115_787_767_802_518_1e-17,
    -1.333_171_662_854_620_9e-16,
    2.097_276_787_596_856e-17,
    6.637_638_134_358_324e-15,
    -4.054_566_272_975_207e-14,
    -8.151_934_197_605_472e-14,
    2.633_509_315_308_232_3e-12,
    -1.297_513_325_345_353_2e-11,
    -5.415_412_054_294_628e-11,
    1.051_212_273_321_532_3e-9,
    -4.112_633_980_346_984e-9,
    -2.907_036_995_788_200_5e-8,
    4.234_787_782_793_240_4e-7,
    -1.365_469_200_083_467_9e-6,
    -1.388_252_336_278_646_9e-5,
    0.000_186_734_208_034_057_14,
    -0.000_740_702_534_166_267_0,
    -0.006_033_670_871_430_149,
    0.240_158_182_425_589_62,
    1.653_654_562_683_102_7,
];

const TAIL: [f64; 19] = [
    2.213_737_692_177_578_7e-9,
    9.075_656_193_888_539e-8,
    -2.751_740_629_706_454_5e-7,
    1.823_962_921_438_922_8e-8,
    1.502_740_396_890_982_8e-6,
    -4.013_867_526_981_546e-6,
    2.923_444_908_995_544_6e-6,
    1.247_530_448_167_178_8e-5,
    -4.731_822_900_905_573_4e-5,
    6.828_485_145_957_318e-5,
    2.403_111_038_709_789_4e-5,
    -0.000_355_037_520_362_847_5,
    0.000_953_289_379_737_380_5,
    -0.001_688_275_556_023_504_7,
    0.002_491_442_096_107_850_7,
    -0.003_751_208_507_569_241,
    0.005_370_914_553_590_064,
    1.005_258_967_694_159_2,
    3.083_885_610_492_220_8,
];

const FAR_TAIL: [f64; 17] = [
    -2.710_992_061_643_857_3e-11,
    -2.555_641_816_996_525_2e-10,
    1.507_657_269_350_054_8e-9,
    -3.789_465_440_126_737e-9,
    7.615_701_208_078_339e-9,
    -1.496_002_662_714_924e-8,
    2.914_795_345_090_108e-8,
    -6.771_199_775_845_234e-8,
    2.290_048_222_802_665_5e-7,
    -9.929_827_294_231_7e-7,
    4.526_062_597_223_153_7e-6,
    -1.968_177_810_553_167_1e-5,
    7.599_527_703_001_776e-5,
    -0.000_215_030_119_300_444_77,
    -0.000_138_719_318_336_231_22,
    1.010_300_464_864_534_4,
    4.849_906_401_408_584,
];
