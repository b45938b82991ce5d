//! Normal numbers in single precision, for the monthly shocks: what is an error of 10⁻⁶ to a noise of some percent, and twice as
//! many lanes to an instruction.

use super::{LANES, Lanes};

/// The bits of √½.
const SQRT_HALF: u32 = 0x3f35_04f3;

/// √2 · erf⁻¹(x) / x by w = −ln(1 − x²) on \[0, 6.25\], about w = 3.125: interpolates at Chebyshev's points, to 1.2e-7.
const CENTRE: [f32; 10] = [
    -6.524_336e-9,
    -1.206_033_8e-8,
    6.021_288_7e-7,
    -2.159_689_6e-6,
    -1.964_003_8e-5,
    2.648_489_7e-4,
    -1.047_505e-3,
    -8.533_819e-3,
    0.339_634_96,
    2.338_620_9,
];

/// The same by √w on \[2.5, 4.7\], about 3.6: to 1e-7.
const TAIL: [f32; 9] = [
    6.313_815_6e-5,
    -2.456_551_3e-4,
    4.514_481e-4,
    -6.588_901e-4,
    1.134_356e-3,
    -2.381_701e-3,
    3.844_009_1e-3,
    1.425_479_4,
    4.859_596_2,
];

/// 2 artanh(s) / s by s² for ln(1 + f), s = f / (2 + f), 1 + f in [√½, √2): likewise.
const LN: [f32; 3] = [0.412_949_1, 0.666_522_7, 2.000_000_2];

impl Lanes {
    /// Φ⁻¹((v + ½) / 2³²) of sixteen words v, to 1e-6 of it or of 1: the two tails mirror each other bit by bit.
    #[inline(always)]
    pub(crate) fn normals_of_words(words: &[u32; LANES]) -> Self {
        // The distance t from the nearer end, 1 in the middle; then 1 − x² = t (2 − t) for x = 1 − t.
        let nearer = words.map(|v| v ^ (((v as i32) >> 31) as u32));
        let t = nearer.map(|v| (v as i32 as f32 + 0.5) * (1.0 / 2_147_483_648.0));
        let mut w = [0.0; LANES];
        for (w, t) in w.iter_mut().zip(t) {
            *w = -ln(t * (2.0 - t));
        }
        let mut p = polynomial(&CENTRE, w.map(|w| w - 3.125));
        if w.iter().any(|w| *w > 6.25) {
            let tail = polynomial(&TAIL, w.map(|w| w.sqrt() - 3.6));
            for i in 0..LANES {
                p[i] = if w[i] > 6.25 { tail[i] } else { p[i] };
            }
        }
        let mut out = [0.0; LANES];
        for i in 0..LANES {
            // The highest bit says on which side; of a float it says the sign.
            let size = p[i] * (1.0 - t[i]);
            out[i] = f64::from(f32::from_bits(size.to_bits() | (!words[i] & 0x8000_0000)));
        }
        Self(out)
    }
}

/// The natural logarithm of a positive number that is not subnormal.
#[inline(always)]
fn ln(x: f32) -> f32 {
    let bits = x.to_bits().wrapping_add(0x3f80_0000 - SQRT_HALF);
    let f = f32::from_bits((bits & 0x007f_ffff) + SQRT_HALF) - 1.0;
    let k = ((bits >> 23) as i32 - 127) as f32;
    let s = f / (2.0 + f);
    let z = s * s;
    k * std::f32::consts::LN_2 + s * ((LN[0] * z + LN[1]) * z + LN[2])
}

/// A polynomial by its coefficients, the highest first.
#[inline(always)]
fn polynomial<const N: usize>(coefficients: &[f32; N], x: [f32; LANES]) -> [f32; LANES] {
    let mut sums = [coefficients[0]; LANES];
    for c in &coefficients[1..] {
        for (sum, x) in sums.iter_mut().zip(x) {
            *sum = *sum * x + *c;
        }
    }
    sums
}
