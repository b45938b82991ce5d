//! Patient rule induction (Friedman and Fisher, 1999; Bryant and Lempert, 2010): boxes in which an event is more frequent.
//!
//! A box is a range for each of some inputs. From everything a twentieth of the points is peeled off again and again, where that
//! leaves the event most frequent; the box with the highest product of coverage and density is kept, and grown where that helps.

/// Points: inputs by column, and whether the event happens.
#[derive(Clone, Debug)]
pub(crate) struct Points {
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) happens: Vec<bool>,
    /// What a point without the event stands for: some are left out where they are many.
    pub(crate) weight: f64,
}

/// A range of one input; infinite where it is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Side {
    /// The input's column.
    pub(crate) input: usize,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// A box on the way of peeling: how much of the event is inside, and how frequent it is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Share of the event's paths inside.
    pub coverage: f64,
    /// Share of the paths inside with the event.
    pub density: f64,
    /// Share of all paths that are inside.
    pub mass: f64,
    /// Inputs that are restricted.
    pub inputs: usize,
}

/// What is peeled off at a time.
const PEEL: f64 = 0.05;
/// A box has at most so many inputs.
pub(crate) const MOST_INPUTS: usize = 4;
/// With fewer points of the event inside, peeling ends.
const FEWEST: usize = 20;

impl Points {
    /// How many of some points have the event.
    pub(crate) fn hits(&self, inside: &[usize]) -> usize {
        inside.iter().filter(|i| self.happens[**i]).count()
    }

    /// The points inside a box.
    pub(crate) fn inside(&self, sides: &[Side]) -> Vec<usize> {
        let is = |i: &usize| {
            sides.iter().all(|side| {
                let x = self.columns[side.input][*i];
                side.low <= x && x <= side.high
            })
        };
        (0..self.happens.len()).filter(is).collect()
    }

    fn count(&self, inside: &[usize]) -> Count {
        let hits = self.hits(inside);
        Count { hits, others: inside.len() - hits }
    }

    /// What all points weigh that are counted.
    fn mass(&self, count: Count) -> f64 {
        count.hits as f64 + self.weight * count.others as f64
    }

    fn density(&self, count: Count) -> f64 {
        let mass = self.mass(count);
        if mass > 0.0 { count.hits as f64 / mass } else { 0.0 }
    }

    fn step(&self, inside: Count, inputs: usize, all: Count) -> Step {
        Step {
            coverage: inside.hits as f64 / all.hits.max(1) as f64,
            density: self.density(inside),
            mass: self.mass(inside) / self.mass(all),
            inputs,
        }
    }
}

/// Points with the event, and without.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Count {
    hits: usize,
    others: usize,
}

impl Count {
    fn without(self, some: Self) -> Self {
        Self { hits: self.hits - some.hits, others: self.others - some.others }
    }
}

/// Both measures of a box in one.
fn worth(step: &Step) -> f64 {
    step.coverage * step.density
}

/// The box that is worth most among those that peeling passes, and the way; none where there are too few points of the event.
pub(crate) fn peel(points: &Points) -> Option<(Vec<Side>, Vec<Step>)> {
    let everything: Vec<usize> = (0..points.happens.len()).collect();
    let all = points.count(&everything);
    if all.hits < FEWEST {
        return None;
    }
    let mut inside = Inside::new(points, &everything);
    let mut sides: Vec<Side> = Vec::new();
    let mut way = vec![points.step(all, 0, all)];
    let mut best = (worth(&way[0]), Vec::new());
    while let Some(peel) = inside.best_peel(&sides) {
        restrict(&mut sides, inside.side(&peel));
        inside.remove(&peel);
        let step = points.step(inside.count, sides.len(), all);
        way.push(step);
        if worth(&step) > best.0 {
            best = (worth(&step), sides.clone());
        }
    }
    let mut sides = best.1;
    paste(points, &mut sides, all);
    Some((sides, way))
}

/// Narrows the range of an input.
fn restrict(sides: &mut Vec<Side>, new: Side) {
    match sides.iter_mut().find(|side| side.input == new.input) {
        Some(side) => (side.low, side.high) = (side.low.max(new.low), side.high.min(new.high)),
        None => sides.push(new),
    }
}

/// The points inside a box while it is peeled.
struct Inside<'a> {
    points: &'a Points,
    count: Count,
    /// The points in the order of each input. Sorted once: what is peeled off is taken out of every order.
    orders: Vec<Vec<usize>>,
}

/// The points at one end of one input's order.
struct Peel {
    input: usize,
    low: bool,
    points: usize,
    /// What is left.
    rest: Count,
}

impl<'a> Inside<'a> {
    fn new(points: &'a Points, everything: &[usize]) -> Self {
        let sorted = |column: &Vec<f64>| {
            let mut order = everything.to_vec();
            order.sort_unstable_by(|a, b| column[*a].total_cmp(&column[*b]));
            order
        };
        Self { points, count: points.count(everything), orders: points.columns.iter().map(sorted).collect() }
    }

    /// The point at a place, counted from the end that is peeled.
    fn at(&self, input: usize, low: bool, place: usize) -> usize {
        let order = &self.orders[input];
        if low { order[place] } else { order[order.len() - 1 - place] }
    }

    /// Restricts an input to what a peel leaves.
    fn side(&self, peel: &Peel) -> Side {
        let edge = self.points.columns[peel.input][self.at(peel.input, peel.low, peel.points)];
        let (low, high) = if peel.low { (edge, f64::INFINITY) } else { (f64::NEG_INFINITY, edge) };
        Side { input: peel.input, low, high }
    }

    /// The peel that leaves the event most frequent.
    fn best_peel(&self, sides: &[Side]) -> Option<Peel> {
        let full = sides.len() >= MOST_INPUTS;
        let mut best: Option<(f64, Peel)> = None;
        for input in 0..self.orders.len() {
            if full && sides.iter().all(|side| side.input != input) {
                continue;
            }
            for low in [true, false] {
                let Some(peel) = self.twentieth(input, low) else { continue };
                let density = self.points.density(peel.rest);
                if peel.rest.hits >= FEWEST && best.as_ref().is_none_or(|best| density > best.0) {
                    best = Some((density, peel));
                }
            }
        }
        let (density, peel) = best?;
        // Once the event always happens inside there is nothing left to gain.
        (self.count.others > 0 || density < 1.0).then_some(peel)
    }

    /// About a twentieth of the points at one end; none where that would be all of them.
    fn twentieth(&self, input: usize, low: bool) -> Option<Peel> {
        let column = &self.points.columns[input];
        let wanted = PEEL * self.points.mass(self.count);
        let of = self.orders[input].len();
        let mut gone = Count { hits: 0, others: 0 };
        let mut k = 0;
        while k < of {
            // Equal values stay together.
            let x = column[self.at(input, low, k)];
            let together = k > 0 && x == column[self.at(input, low, k - 1)];
            if self.points.mass(gone) >= wanted && !together {
                break;
            }
            if self.points.happens[self.at(input, low, k)] {
                gone.hits += 1;
            } else {
                gone.others += 1;
            }
            k += 1;
        }
        (k > 0 && k < of).then(|| Peel { input, low, points: k, rest: self.count.without(gone) })
    }

    /// Takes the points of a peel out.
    fn remove(&mut self, peel: &Peel) {
        let mut gone = vec![false; self.points.happens.len()];
        for place in 0..peel.points {
            gone[self.at(peel.input, peel.low, place)] = true;
        }
        for order in &mut self.orders {
            order.retain(|i| !gone[*i]);
        }
        self.count = peel.rest;
    }
}

/// Moves sides outward again as long as that is worth more.
fn paste(points: &Points, sides: &mut Vec<Side>, all: Count) {
    loop {
        let inside = points.inside(sides);
        let now = worth(&points.step(points.count(&inside), sides.len(), all));
        let room = ((inside.len() as f64 * PEEL).ceil() as usize).max(1);
        let mut best: Option<(f64, Vec<Side>)> = None;
        for k in 0..sides.len() {
            for low in [true, false] {
                let edge = if low { sides[k].low } else { sides[k].high };
                if edge.is_infinite() {
                    continue;
                }
                let mut open = sides.clone();
                if low {
                    open[k].low = f64::NEG_INFINITY;
                } else {
                    open[k].high = f64::INFINITY;
                }
                let column = &points.columns[sides[k].input];
                let mut outside: Vec<f64> = points
                    .inside(&open)
                    .into_iter()
                    .map(|i| column[i])
                    .filter(|x| if low { *x < edge } else { *x > edge })
                    .collect();
                outside.sort_unstable_by(f64::total_cmp);
                let next = if low { outside.len().checked_sub(room) } else { Some(room - 1) };
                // With all that is left the side is open.
                let grown = next.and_then(|at| outside.get(at).copied());
                let mut wider = open.clone();
                if let Some(edge) = grown {
                    if low { wider[k].low = edge } else { wider[k].high = edge }
                }
                wider.retain(|side| side.low.is_finite() || side.high.is_finite());
                let found = worth(&points.step(points.count(&points.inside(&wider)), wider.len(), all));
                if found > now && best.as_ref().is_none_or(|best| found > best.0) {
                    best = Some((found, wider));
                }
            }
        }
        match best {
            Some((_, wider)) => *sides = wider,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampler::uniforms;

    fn points(seed: u64, count: u64, inputs: usize, happens: impl Fn(&[f64], u64) -> bool) -> Points {
        let column = |input: usize| (0..count).map(|i| uniforms(seed, &format!("input {input}"), i)).collect();
        let columns: Vec<Vec<f64>> = (0..inputs).map(column).collect();
        let row = |i: u64| columns.iter().map(|column| column[i as usize]).collect::<Vec<f64>>();
        let happens = (0..count).map(|i| happens(&row(i), i)).collect();
        Points { columns, happens, weight: 1.0 }
    }

    #[test]
    fn a_planted_box_is_found_with_its_bounds() {
        for seed in 0..5 {
            let found = points(seed, 4000, 5, |x, i| {
                let inside = x[1] < 0.3 && x[3] > 0.6;
                uniforms(seed, "noise", i) < if inside { 0.9 } else { 0.03 }
            });
            let (mut sides, way) = peel(&found).unwrap();
            sides.sort_by_key(|side| side.input);
            let inputs: Vec<usize> = sides.iter().map(|side| side.input).collect();
            assert!(inputs.contains(&1) && inputs.contains(&3), "{sides:?}");
            let side = |input: usize| sides.iter().find(|side| side.input == input).unwrap();
            // Within 5% of the range.
            assert!((side(1).high - 0.3).abs() < 0.05 && (side(3).low - 0.6).abs() < 0.05, "{sides:?}");
            assert_eq!(way[0].coverage, 1.0);
            assert!(way.windows(2).all(|pair| pair[1].mass < pair[0].mass));
        }
    }

    #[test]
    fn a_weight_stands_for_points_that_are_left_out() {
        let whole = points(3, 4000, 3, |x, _| x[0] < 0.1 && x[2] > 0.5);
        let kept: Vec<usize> = (0..4000).filter(|i| whole.happens[*i] || i % 4 == 0).collect();
        let columns = whole.columns.iter().map(|column| kept.iter().map(|i| column[*i]).collect()).collect();
        let thinned = Points { columns, happens: kept.iter().map(|i| whole.happens[*i]).collect(), weight: 4.0 };
        let (a, b) = (peel(&whole).unwrap().1, peel(&thinned).unwrap().1);
        assert!((a[0].density - b[0].density).abs() < 0.01, "{} {}", a[0].density, b[0].density);
    }

    #[test]
    fn too_few_points_are_no_ground_for_a_rule() {
        assert!(peel(&points(1, 1000, 2, |x, _| x[0] < 0.01)).is_none());
    }

    #[test]
    fn sides_move_outward_as_far_as_the_event_goes() {
        // It happens from 40 to 89, of a hundred points, and on one of ten outside: on 55. A side within moves out, by a twentieth of
        // what is inside at a time. From 41 to 90 it always happens: 50/55. Three points more have one of it: 51/55 · 51/53, which is less.
        let column: Vec<f64> = (0..100).map(f64::from).collect();
        let happens = |x: f64| (40.0..90.0).contains(&x) || x % 10.0 == 0.0;
        let points =
            Points { happens: column.iter().map(|x| happens(*x)).collect(), columns: vec![column], weight: 1.0 };
        let all = points.count(&(0..100).collect::<Vec<usize>>());
        let mut sides = vec![Side { input: 0, low: 60.0, high: 79.0 }];
        paste(&points, &mut sides, all);
        assert_eq!((sides.len(), sides[0].low, sides[0].high), (1, 41.0, 90.0));
    }

    #[test]
    fn an_input_that_is_always_the_same_makes_no_rule() {
        let mut found = points(2, 4000, 2, |x, _| x[0] < 0.2);
        found.columns.push(vec![7.0; 4000]);
        let (sides, _) = peel(&found).unwrap();
        assert!(sides.iter().all(|side| side.input != 2) && sides.iter().any(|side| side.input == 0), "{sides:?}");
    }
}
