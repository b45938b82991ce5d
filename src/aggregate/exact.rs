//! Sums without rounding: 256-bit fixed point, so that any order and any split give the same bits.

use serde::{Deserialize, Serialize};

/// The lowest bit stands for 2⁻¹⁰⁴: finer parts of a number are cut off, the same way wherever it is added.
const FRACTION_BITS: i32 = 104;

/// A sum of numbers up to 2¹⁵⁰ in size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExactSum {
    /// Two's complement, lowest word first.
    words: [u64; 4],
}

impl ExactSum {
    /// Adds a finite number.
    pub(crate) fn add(&mut self, x: f64) {
        let bits = x.to_bits();
        let exponent = ((bits >> 52) & 0x7ff) as i32;
        let fraction = bits & 0x000f_ffff_ffff_ffff;
        let (mantissa, exponent) =
            if exponent == 0 { (fraction, 1) } else { (fraction | 0x0010_0000_0000_0000, exponent) };
        // x = mantissa · 2^(exponent − 1075); `shift` is where its lowest bit belongs.
        let shift = exponent - 1075 + FRACTION_BITS;
        if shift <= -53 {
            return;
        }
        let (mantissa, shift) = if shift < 0 { (mantissa >> -shift, 0) } else { (mantissa, shift as u32) };
        let (word, bit) = ((shift / 64) as usize, shift % 64);
        let wide = u128::from(mantissa) << bit;
        let mut term = [0; 4];
        for (i, part) in [wide as u64, (wide >> 64) as u64].into_iter().enumerate() {
            if let Some(slot) = term.get_mut(word + i) {
                *slot = part;
            }
        }
        let sum = Self { words: term };
        if x < 0.0 { self.merge(&sum.negated()) } else { self.merge(&sum) }
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: &Self) {
        let mut carry = false;
        for (a, b) in self.words.iter_mut().zip(other.words) {
            let (sum, over) = a.overflowing_add(b);
            let (sum, over_again) = sum.overflowing_add(u64::from(carry));
            *a = sum;
            carry = over || over_again;
        }
    }

    fn negated(self) -> Self {
        let mut out = Self { words: self.words.map(|w| !w) };
        out.merge(&Self { words: [1, 0, 0, 0] });
        out
    }

    /// The sum, rounded once.
    pub(crate) fn value(&self) -> f64 {
        let negative = self.words[3] >> 63 == 1;
        let words = if negative { self.negated().words } else { self.words };
        let Some(top) = (0..4).rev().find(|&i| words[i] != 0) else { return 0.0 };
        // The upper 64 significant bits; what lies below only decides a tie.
        let shift = words[top].leading_zeros();
        let below = if top > 0 { words[top - 1] } else { 0 };
        let mut significant = words[top] << shift;
        if shift > 0 {
            significant |= below >> (64 - shift);
        }
        let sticky = below << shift != 0 || words[..top.saturating_sub(1)].iter().any(|&w| w != 0);
        significant |= u64::from(sticky);
        let exponent = 64 * top as i32 - shift as i32 - FRACTION_BITS;
        let size = significant as f64 * libm::exp2(f64::from(exponent));
        if negative { -size } else { size }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum_of(numbers: impl IntoIterator<Item = f64>) -> ExactSum {
        let mut sum = ExactSum::default();
        numbers.into_iter().for_each(|x| sum.add(x));
        sum
    }

    #[test]
    fn numbers_come_back_as_they_went_in() {
        for x in [0.0, 1.0, -1.0, 0.1, -12_345.678, 1e30, -1e-15, 3.5e-10, 1e44, 4_503_599_627_370_497.0] {
            assert_eq!(sum_of([x]).value(), x);
        }
    }

    #[test]
    fn a_sum_is_rounded_once_and_ties_go_to_even() {
        let whole = 9_007_199_254_740_992.0; // 2^53
        let small = libm::exp2(-60.0);
        assert_eq!(sum_of([whole, 1.0]).value(), whole);
        assert_eq!(sum_of([whole, 1.0, small]).value(), whole + 2.0);
        assert_eq!(sum_of([whole, 1.0, -small]).value(), whole);
        assert_eq!(sum_of([whole, 3.0]).value(), whole + 4.0);
        assert_eq!(sum_of([-whole, -1.0, -small]).value(), -whole - 2.0);
    }

    #[test]
    fn large_terms_cancel_without_a_trace() {
        assert_eq!(sum_of([1e30, 0.1, -1e30]).value(), 0.1);
        assert_eq!(sum_of([-0.3, 0.3]), ExactSum::default());
    }

    #[test]
    fn order_does_not_matter() {
        let numbers: Vec<f64> =
            (0..1000).map(|i| libm::sin(f64::from(i)) * libm::pow(10.0, f64::from(i % 25))).collect();
        let forward = sum_of(numbers.iter().copied());
        let mut halves = sum_of(numbers[500..].iter().rev().copied());
        halves.merge(&sum_of(numbers[..500].iter().copied()));
        assert_eq!(forward, halves);
    }
}
