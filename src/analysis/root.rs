//! Where a function crosses zero inside a bracket.

/// What is asked of a root.
#[derive(Clone, Copy, Debug)]
pub(super) enum Grain {
    /// Any number, to within so much.
    Within(f64),
    /// A whole number: the nearest on the side where the function is not below zero.
    Whole,
}

/// Where `f` crosses zero between `a` and `b`, at which it is `fa` and `fb`, one below zero and the other not.
///
/// By the ITP method (Oliveira and Takahashi, 2020): as safe as halving the bracket, of which it never takes more than one more step,
/// and about as fast as the secant where the function is smooth. Of a step function it finds a step.
pub(super) fn root<E>(
    mut f: impl FnMut(f64) -> Result<f64, E>,
    (mut a, mut fa): (f64, f64),
    (mut b, mut fb): (f64, f64),
    grain: Grain,
) -> Result<f64, E> {
    // The function rises through zero, or its negative does.
    let sign = if fa < 0.0 { 1.0 } else { -1.0 };
    (fa, fb) = (sign * fa, sign * fb);
    if let Grain::Within(tolerance) = grain {
        let halvings = ((b - a) / (2.0 * tolerance)).log2().ceil().max(0.0);
        let mut reach = tolerance * 2.0_f64.powf(halvings + 1.0);
        let gentle = 0.2 / (b - a);
        while b - a > 2.0 * tolerance {
            let middle = f64::midpoint(a, b);
            let secant = (fb * a - fa * b) / (fb - fa);
            let toward = if middle < secant { -1.0 } else { 1.0 };
            let shift = gentle * (b - a) * (b - a);
            let truncated = if shift <= (middle - secant).abs() { secant + toward * shift } else { middle };
            let allowed = (reach - (b - a) / 2.0).max(0.0);
            let x = if (truncated - middle).abs() <= allowed { truncated } else { middle - toward * allowed };
            reach /= 2.0;
            if x <= a || x >= b {
                break;
            }
            let y = sign * f(x)?;
            if y == 0.0 {
                return Ok(x);
            }
            if y > 0.0 { (b, fb) = (x, y) } else { (a, fa) = (x, y) }
        }
        return Ok(f64::midpoint(a, b));
    }
    while b - a > 1.0 {
        let x = f64::midpoint(a, b).floor();
        // At zero it is not below zero either.
        if (f(x)? < 0.0) == (sign > 0.0) { a = x } else { b = x }
    }
    Ok(if sign > 0.0 { b } else { a })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn find(f: impl Fn(f64) -> f64, a: f64, b: f64, grain: Grain) -> (f64, usize) {
        let mut calls = 0;
        let count = |x| {
            calls += 1;
            Ok::<f64, Infallible>(f(x))
        };
        let found = root(count, (a, f(a)), (b, f(b)), grain).unwrap_or(f64::NAN);
        (found, calls)
    }

    #[test]
    fn smooth_functions_take_few_steps_and_steep_ones_never_more_than_halving() {
        let tolerance = 1e-10;
        for f in [|x: f64| x * x - 2.0, |x: f64| 2.0 - x * x] {
            let (x, calls) = find(f, 0.0, 2.0, Grain::Within(tolerance));
            assert!((x - std::f64::consts::SQRT_2).abs() < tolerance && calls <= 10, "{x}, {calls} calls");
        }
        let step = |x: f64| if x < 0.3 { -1e-6 } else { 1.0 };
        let (x, calls) = find(step, 0.0, 2.0, Grain::Within(tolerance));
        assert!((x - 0.3).abs() < 2.0 * tolerance && calls <= 36, "{x}, {calls} calls");
    }

    #[test]
    fn whole_numbers_are_on_the_side_that_works() {
        assert_eq!(find(|x| x - 3.5, 0.0, 12.0, Grain::Whole).0, 4.0);
        assert_eq!(find(|x| 3.5 - x, 0.0, 12.0, Grain::Whole).0, 3.0);
        assert_eq!(find(|x| x - 1.0, 0.0, 1.0, Grain::Whole).0, 1.0);
        // Where a whole number hits zero it is the answer, from either side.
        assert_eq!(find(|x| x - 3.0, 0.0, 12.0, Grain::Whole).0, 3.0);
        assert_eq!(find(|x| 3.0 - x, 0.0, 12.0, Grain::Whole).0, 3.0);
    }

    #[test]
    fn a_tolerance_below_what_numbers_can_tell_apart_ends() {
        let (x, calls) = find(|x| x * x - 2.0, 0.0, 2.0, Grain::Within(1e-30));
        assert!((x - std::f64::consts::SQRT_2).abs() < 1e-9 && calls < 200, "{x}, {calls} calls");
    }
}
