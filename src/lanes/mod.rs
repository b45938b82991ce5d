//! Sixteen paths side by side: the number type in which the model is written.
//!
//! The compiler turns each operation into vector instructions of whatever width the enclosing function
//! was compiled for ([`Level`]). Multiply and add stay two roundings (never fused), so that every
//! width gives the same bits; that is what lets two machines print the same file.

mod level;
mod math;
mod single;

pub use level::Level;
pub(crate) use level::Work;

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

/// Paths that go through a month together; also the number of interleaved replicates of a run.
pub const LANES: usize = 16;

/// How many of the first `paths` paths go through one lane: path i goes through lane i mod [`LANES`].
pub(crate) const fn paths_of_lane(paths: u64, lane: usize) -> u64 {
    (paths + (LANES - 1 - lane) as u64) / LANES as u64
}

/// One number for each of [`LANES`] neighbouring paths.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lanes(pub [f64; LANES]);

/// A yes or no for each of [`LANES`] paths, as all-ones or all-zeros words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(crate) struct Mask([u64; LANES]);

impl Lanes {
    pub(crate) const ZERO: Self = Self([0.0; LANES]);
    pub(crate) const ONE: Self = Self([1.0; LANES]);

    /// The same number on every path.
    #[inline(always)]
    #[must_use]
    pub const fn splat(value: f64) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    pub(crate) fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let mut out = self.0;
        for x in &mut out {
            *x = f(*x);
        }
        Self(out)
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut out = self.0;
        for (x, y) in out.iter_mut().zip(other.0) {
            *x = f(*x, y);
        }
        Self(out)
    }

    #[inline(always)]
    fn compare(self, other: Self, f: impl Fn(f64, f64) -> bool) -> Mask {
        let mut out = [0; LANES];
        for i in 0..LANES {
            out[i] = if f(self.0[i], other.0[i]) { u64::MAX } else { 0 };
        }
        Mask(out)
    }

    /// The larger of two numbers, path by path; the second where either is not a number.
    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }

    /// The smaller of two numbers, path by path (neither may be NaN).
    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }

    /// `self` where it is positive, else 0.
    #[inline(always)]
    pub(crate) fn or_zero(self) -> Self {
        self.max(Self::ZERO)
    }

    #[inline(always)]
    pub(crate) fn sqrt(self) -> Self {
        self.map(f64::sqrt)
    }

    #[inline(always)]
    pub(crate) fn lt(self, other: Self) -> Mask {
        self.compare(other, |a, b| a < b)
    }

    #[inline(always)]
    pub(crate) fn ge(self, other: Self) -> Mask {
        self.compare(other, |a, b| a >= b)
    }

    #[inline(always)]
    pub(crate) fn le(self, other: Self) -> Mask {
        other.ge(self)
    }

    #[inline(always)]
    pub(crate) fn is(self, value: f64) -> Mask {
        self.compare(Self::splat(value), |a, b| a == b)
    }
}

impl Mask {
    /// `yes` where the mask is set, else `no`.
    #[inline(always)]
    pub(crate) fn select(self, yes: Lanes, no: Lanes) -> Lanes {
        let mut out = no.0;
        for i in 0..LANES {
            out[i] = if self.0[i] == 0 { no.0[i] } else { yes.0[i] };
        }
        Lanes(out)
    }

    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.0.iter().fold(0, |acc, &word| acc | word) != 0
    }

    pub(crate) const NONE: Self = Self([0; LANES]);

    #[inline(always)]
    pub(crate) fn not(self) -> Self {
        let mut out = self.0;
        for word in &mut out {
            *word = !*word;
        }
        Self(out)
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        let mut out = self.0;
        for (a, b) in out.iter_mut().zip(other.0) {
            *a |= b;
        }
        Self(out)
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        let mut out = self.0;
        for (a, b) in out.iter_mut().zip(other.0) {
            *a &= b;
        }
        Self(out)
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:tt) => {
        impl $trait for Lanes {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.zip(other, |a, b| a $op b)
            }
        }
        impl $trait<f64> for Lanes {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: f64) -> Self {
                self.map(|a| a $op other)
            }
        }
        impl $trait<Lanes> for f64 {
            type Output = Lanes;
            #[inline(always)]
            fn $method(self, other: Lanes) -> Lanes {
                other.map(|b| self $op b)
            }
        }
    };
}
operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);
operator!(Div, div, /);

impl Neg for Lanes {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|a| -a)
    }
}

impl AddAssign for Lanes {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl MulAssign for Lanes {
    #[inline(always)]
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}

#[cfg(test)]
mod tests;
