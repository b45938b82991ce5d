//! The value of an input at which each single path breaks even: sixteen roots at a time.
//!
//! A path is drawn once. Its NPV is worked out with the input at values across the bracket; where it changes sign, a bracketing
//! secant (Illinois) closes in, in each lane on a bracket of its own. NPV need not be monotone in the input: a price acts on
//! demand too. Around the highest of the values a path that breaks even at none of them is looked at more closely.

use super::groups::{Drawing, Group};
use super::options::{PATHS_PER_BLOCK, RunError};
use super::stages::Simulate;
use super::threads::Threads;
use crate::aggregate::{PathThresholds, Thresholds};
use crate::lanes::{LANES, Lanes, Level};
use crate::model::{Forget, Outcome, Workspace};
use crate::plan::Plan;

/// Parts of the bracket at whose ends NPV is worked out.
const PARTS: usize = 32;
/// The most steps of a secant.
const STEPS: usize = 60;
/// A root is found to within so much of the bracket.
const TOLERANCE: f64 = 1e-10;
/// Steps toward a highest point: each takes 38% off.
const GOLDEN_STEPS: usize = 10;

/// An input and where to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Where the input stands among the columns of the plan.
    pub(crate) column: usize,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// Sixteen paths with an input that is looked for.
struct Search<'s, 'g, 'a> {
    plan: &'a Plan,
    level: Level,
    column: usize,
    group: &'s mut Group<'g, 'a>,
    workspace: &'s mut Workspace,
}

impl Search<'_, '_, '_> {
    /// NPV with the input at `x`.
    fn npv(&mut self, x: Lanes) -> Lanes {
        self.group.replace(0, self.column, x);
        let (setup, inputs) = (&self.plan.setup, self.group.inputs());
        self.level.run(Simulate { setup, inputs, workspace: self.workspace, record: Forget }).get(Outcome::Npv)
    }

    /// Where NPV crosses zero in each lane between `a` and `b`, at which it is `fa` and `fb`, of different signs; what comes out of
    /// a lane whose signs are alike means nothing.
    fn root(&mut self, (mut a, mut fa): (Lanes, Lanes), (mut b, mut fb): (Lanes, Lanes), tolerance: f64) -> Lanes {
        let crosses: [bool; LANES] = std::array::from_fn(|lane| (fa.0[lane] < 0.0) != (fb.0[lane] < 0.0));
        // Which end stood still in the last step, lane by lane.
        let mut stood = [0_i8; LANES];
        for _ in 0..STEPS {
            let mut x = a;
            let mut open = false;
            for lane in 0..LANES {
                let (a, b, fa, fb) = (a.0[lane], b.0[lane], fa.0[lane], fb.0[lane]);
                if !crosses[lane] || (b - a).abs() <= tolerance {
                    continue;
                }
                open = true;
                let secant = (fb * a - fa * b) / (fb - fa);
                // Never nearer to an end than the tolerance, so that the last step closes the bracket from the other side.
                let margin = 0.5 * tolerance;
                x.0[lane] = if secant.is_finite() { secant.clamp(a + margin, b - margin) } else { f64::midpoint(a, b) };
            }
            if !open {
                break;
            }
            let y = self.npv(x);
            for lane in 0..LANES {
                if !crosses[lane] || (b.0[lane] - a.0[lane]).abs() <= tolerance {
                    continue;
                }
                if y.0[lane] == 0.0 {
                    (a.0[lane], b.0[lane]) = (x.0[lane], x.0[lane]);
                } else if (y.0[lane] < 0.0) == (fb.0[lane] < 0.0) {
                    (b.0[lane], fb.0[lane]) = (x.0[lane], y.0[lane]);
                    if stood[lane] == -1 {
                        fa.0[lane] *= 0.5;
                    }
                    stood[lane] = -1;
                } else {
                    (a.0[lane], fa.0[lane]) = (x.0[lane], y.0[lane]);
                    if stood[lane] == 1 {
                        fb.0[lane] *= 0.5;
                    }
                    stood[lane] = 1;
                }
            }
        }
        Lanes(std::array::from_fn(|lane| f64::midpoint(a.0[lane], b.0[lane])))
    }

    /// All that is looked for on sixteen paths.
    fn find(&mut self, grid: &[f64]) -> PathThresholds {
        let tolerance = (grid[grid.len() - 1] - grid[0]) * TOLERANCE;
        let mut points: Vec<(Lanes, Lanes)> = Vec::with_capacity(grid.len() + 1);
        for x in grid {
            let x = Lanes::splat(*x);
            points.push((x, self.npv(x)));
        }
        self.look_around_the_highest(&mut points);
        let even = |i: usize, lane: usize| points[i].1.0[lane] >= 0.0;
        let last = points.len() - 1;
        let mut crossings = Lanes::ZERO;
        // For each lane between which points the first rise and the last fall lie.
        let (mut rise, mut fall) = ([None; LANES], [None; LANES]);
        for lane in 0..LANES {
            for i in 1..=last {
                if even(i, lane) != even(i - 1, lane) {
                    crossings.0[lane] += 1.0;
                    if even(i, lane) {
                        rise[lane] = rise[lane].or(Some(i));
                    } else {
                        fall[lane] = Some(i);
                    }
                }
            }
        }
        let flag = |i: usize| Lanes(std::array::from_fn(|lane| if even(i, lane) { 1.0 } else { 0.0 }));
        let (at_low, at_high) = (flag(0), flag(last));
        let rises = self.roots_between(&points, &rise, tolerance);
        let falls = self.roots_between(&points, &fall, tolerance);
        let mut found = PathThresholds {
            lowest: Lanes::splat(f64::INFINITY),
            highest: Lanes::splat(f64::NEG_INFINITY),
            crossings,
            at_low,
            at_high,
        };
        for lane in 0..LANES {
            if at_low.0[lane] > 0.0 {
                found.lowest.0[lane] = grid[0];
            } else if rise[lane].is_some() {
                found.lowest.0[lane] = rises.0[lane];
            }
            if at_high.0[lane] > 0.0 {
                found.highest.0[lane] = grid[grid.len() - 1];
            } else if fall[lane].is_some() {
                found.highest.0[lane] = falls.0[lane];
            }
        }
        found
    }

    /// The roots between points i − 1 and i, with an i for each lane.
    fn roots_between(&mut self, points: &[(Lanes, Lanes)], places: &[Option<usize>; LANES], tolerance: f64) -> Lanes {
        if places.iter().all(Option::is_none) {
            return Lanes::ZERO;
        }
        let number = |lane: usize, back: usize| places[lane].map(|i| points[i - back]);
        let x =
            |back: usize| Lanes(std::array::from_fn(|lane| number(lane, back).map_or(0.0, |point| point.0.0[lane])));
        let y =
            |back: usize| Lanes(std::array::from_fn(|lane| number(lane, back).map_or(0.0, |point| point.1.0[lane])));
        self.root((x(1), y(1)), (x(0), y(0)), tolerance)
    }

    /// In lanes that break even at no point, and are highest at an inner one: looks for a higher one beside it by golden sections,
    /// and puts it among the points.
    fn look_around_the_highest(&mut self, points: &mut Vec<(Lanes, Lanes)>) {
        const GOLDEN: f64 = 0.618_033_988_749_894_8;
        let last = points.len() - 1;
        let mut best = [0; LANES];
        for lane in 0..LANES {
            let higher = |best: usize, i: usize| if points[i].1.0[lane] > points[best].1.0[lane] { i } else { best };
            best[lane] = (0..=last).fold(0, higher);
        }
        let hopeful = |lane: usize| best[lane] > 0 && best[lane] < last && points[best[lane]].1.0[lane] < 0.0;
        if !(0..LANES).any(hopeful) {
            return;
        }
        let at = |i: usize, lane: usize| points[i.min(last)].0.0[lane];
        let mut a = Lanes(std::array::from_fn(|lane| at(best[lane].saturating_sub(1), lane)));
        let mut b = Lanes(std::array::from_fn(|lane| at(best[lane] + 1, lane)));
        let mut left = b - (b - a) * GOLDEN;
        let mut right = a + (b - a) * GOLDEN;
        let (mut at_left, mut at_right) = (self.npv(left), self.npv(right));
        let mut highest = (Lanes::ZERO, Lanes::splat(f64::NEG_INFINITY));
        for _ in 0..GOLDEN_STEPS {
            let mut next = Lanes::ZERO;
            let mut leftward = [false; LANES];
            for lane in 0..LANES {
                leftward[lane] = at_left.0[lane] > at_right.0[lane];
                if leftward[lane] {
                    (b.0[lane], right.0[lane], at_right.0[lane]) = (right.0[lane], left.0[lane], at_left.0[lane]);
                    left.0[lane] = b.0[lane] - GOLDEN * (b.0[lane] - a.0[lane]);
                    next.0[lane] = left.0[lane];
                } else {
                    (a.0[lane], left.0[lane], at_left.0[lane]) = (left.0[lane], right.0[lane], at_right.0[lane]);
                    right.0[lane] = a.0[lane] + GOLDEN * (b.0[lane] - a.0[lane]);
                    next.0[lane] = right.0[lane];
                }
            }
            let y = self.npv(next);
            for lane in 0..LANES {
                if leftward[lane] { at_left.0[lane] = y.0[lane] } else { at_right.0[lane] = y.0[lane] }
            }
        }
        for lane in 0..LANES {
            let is_left = at_left.0[lane] > at_right.0[lane];
            highest.0.0[lane] = if is_left { left.0[lane] } else { right.0[lane] };
            highest.1.0[lane] = at_left.0[lane].max(at_right.0[lane]);
        }
        let above: [bool; LANES] = std::array::from_fn(|lane| hopeful(lane) && highest.1.0[lane] >= 0.0);
        // A point more in every lane: where it is not the one found, it repeats the last, which changes nothing.
        let mut moved = points.clone();
        moved.push(points[last]);
        for lane in (0..LANES).filter(|lane| above[*lane]) {
            let place = (0..=last).find(|i| points[*i].0.0[lane] > highest.0.0[lane]).unwrap_or(last);
            for i in (place..=last).rev() {
                (moved[i + 1].0.0[lane], moved[i + 1].1.0[lane]) = (points[i].0.0[lane], points[i].1.0[lane]);
            }
            (moved[place].0.0[lane], moved[place].1.0[lane]) = (highest.0.0[lane], highest.1.0[lane]);
        }
        *points = moved;
    }
}

impl Threads<'_> {
    /// Finds for each of `paths` paths where it breaks even inside the bracket.
    pub(crate) fn thresholds(&self, plan: &Plan, bracket: Bounds, paths: u64) -> Result<Thresholds, RunError> {
        let Bounds { column, low, high } = bracket;
        let at = |i: usize| if i == PARTS { high } else { low + (high - low) * i as f64 / PARTS as f64 };
        let grid: Vec<f64> = (0..=PARTS).map(at).collect();
        let level = self.options.level;
        self.options.expect(paths);
        let done = self.fold(
            0..paths.div_ceil(PATHS_PER_BLOCK),
            paths,
            1,
            || (Thresholds::new(paths), Drawing::new(plan, paths), Workspace::default()),
            |(all, drawing, workspace), some| {
                drawing.groups(level, some, |group| {
                    let count = group.count;
                    let mut search = Search { plan, level, column, group, workspace };
                    all.add(&search.find(&grid), count);
                });
            },
            |(all, ..), (part, ..)| all.merge(part),
        )?;
        Ok(done.0)
    }
}
