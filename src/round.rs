//! Round numbers, for the edges of bins and the ticks of axes.

/// The nearest of 1, 2, 2.5, 5 times a power of ten that is not below `x` (but for rounding).
pub(crate) fn step_above(x: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(x)));
    let steps = [1.0, 2.0, 2.5, 5.0].map(|k| k * power);
    steps.into_iter().find(|&step| step >= x * 0.999_999).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    #[test]
    fn steps_are_round_and_not_below() {
        assert_eq!([0.9, 1.0, 1.1, 2.2, 2.6, 7.0, 7e8].map(super::step_above), [1.0, 1.0, 2.0, 2.5, 5.0, 10.0, 1e9]);
    }
}
