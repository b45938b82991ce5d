//! The minimum of a smooth function of few parameters, and of a sum of squares, with the curvature there.

use crate::linear::{factor_of, inverse, solved};

/// Steps until it is given up.
const STEPS: usize = 200;
/// Relative to 1: parameters are logarithms.
const TINY: f64 = 1e-11;
/// The step of a numerical derivative: the cube root of the rounding for first ones, the fourth for second ones.
const FIRST: f64 = 6e-6;
const SECOND: f64 = 1e-4;

/// Where the minimum is, and the covariance that follows from its curvature.
#[derive(Clone, Debug)]
pub(super) struct Minimum {
    pub(super) at: Vec<f64>,
    pub(super) covariance: Vec<Vec<f64>>,
}

/// The least squares of `residuals`, by Levenberg's and Marquardt's method; the covariance is s² (JᵀJ)⁻¹.
pub(super) fn least_squares(residuals: impl Fn(&[f64]) -> Vec<f64>, start: &[f64]) -> Option<Minimum> {
    let (mut at, mut damping) = (start.to_vec(), 1e-3);
    let n = at.len();
    let squares = |r: &[f64]| r.iter().map(|x| x * x).sum::<f64>();
    let jacobian = |at: &[f64]| -> Vec<Vec<f64>> {
        let column = |i: usize| {
            let moved = |by: f64| {
                let mut at = at.to_vec();
                at[i] += by;
                residuals(&at)
            };
            moved(FIRST).iter().zip(moved(-FIRST)).map(|(a, b)| (a - b) / (2.0 * FIRST)).collect()
        };
        (0..n).map(column).collect()
    };
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let gram =
        |j: &[Vec<f64>]| -> Vec<Vec<f64>> { j.iter().map(|a| j.iter().map(|b| product(a, b)).collect()).collect() };
    let mut now = residuals(&at);
    for _ in 0..STEPS {
        let j = jacobian(&at);
        let mut matrix = gram(&j);
        for i in 0..n {
            matrix[i][i] *= 1.0 + damping;
        }
        let downhill: Vec<f64> = j.iter().map(|column| -product(column, &now)).collect();
        let step = solved(&factor_of(&matrix)?, &downhill);
        let next: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + s).collect();
        let there = residuals(&next);
        let size = step.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
        if squares(&there) <= squares(&now) {
            (at, now, damping) = (next, there, damping * 0.1);
        } else {
            damping *= 10.0;
        }
        if size < TINY || damping > 1e12 {
            let degrees = now.len().checked_sub(n).filter(|left| *left > 0)?;
            let variance = squares(&now) / degrees as f64;
            let lower = factor_of(&gram(&jacobian(&at)))?;
            let scaled = inverse(&lower).into_iter().map(|row| row.into_iter().map(|x| variance * x).collect());
            return Some(Minimum { at, covariance: scaled.collect() });
        }
    }
    None
}

/// The maximum of a log likelihood, by damped Newton steps; the covariance is the inverse of the observed information.
pub(super) fn most_likely(log: impl Fn(&[f64]) -> f64, start: &[f64]) -> Option<Minimum> {
    let (mut at, n) = (start.to_vec(), start.len());
    let shifted = |at: &[f64], moves: &[(usize, f64)]| {
        let mut at = at.to_vec();
        for (i, by) in moves {
            at[*i] += by;
        }
        log(&at)
    };
    let gradient = |at: &[f64]| -> Vec<f64> {
        (0..n).map(|i| (shifted(at, &[(i, FIRST)]) - shifted(at, &[(i, -FIRST)])) / (2.0 * FIRST)).collect()
    };
    let information = |at: &[f64]| -> Vec<Vec<f64>> {
        let second = |i: usize, j: usize| {
            let s = SECOND;
            let sum = shifted(at, &[(i, s), (j, s)]) + shifted(at, &[(i, -s), (j, -s)])
                - shifted(at, &[(i, s), (j, -s)])
                - shifted(at, &[(i, -s), (j, s)]);
            -sum / (4.0 * s * s)
        };
        (0..n).map(|i| (0..n).map(|j| second(i, j)).collect()).collect()
    };
    let mut damping = 0.0;
    let mut now = log(&at);
    for _ in 0..STEPS {
        let (slope, mut matrix) = (gradient(&at), information(&at));
        for i in 0..n {
            matrix[i][i] += damping * (1.0 + matrix[i][i].abs());
        }
        let Some(lower) = factor_of(&matrix) else {
            damping = if damping == 0.0 { 1e-3 } else { damping * 4.0 };
            if damping > 1e9 {
                return None;
            }
            continue;
        };
        let step: Vec<f64> = solved(&lower, &slope).into_iter().map(|s| s.clamp(-1.0, 1.0)).collect();
        let next: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + s).collect();
        let there = log(&next);
        let size = step.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
        if there >= now || size < 1e-9 {
            (at, now) = if there >= now { (next, there) } else { (at, now) };
            if size < 1e-9 {
                return Some(Minimum { covariance: inverse(&factor_of(&information(&at))?), at });
            }
            damping *= 0.25;
            if damping < 1e-9 {
                damping = 0.0;
            }
        } else {
            damping = if damping == 0.0 { 1e-3 } else { damping * 4.0 };
        }
    }
    None
}
