//! Which point is the best: on average, on each path, and what it would be worth to know the path beforehand.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::aggregate::{Estimate, Means};
use crate::lanes::LANES;

/// What a point is judged by; more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Mean NPV.
    Npv,
    /// The probability of payback.
    Payback,
}

impl Measure {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Npv, Self::Payback];

    /// The outcome or event.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Npv => "npv",
            Self::Payback => "payback",
        }
    }

    /// The unit of its values.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Npv => "$",
            Self::Payback => "share",
        }
    }
}

/// The points of a sweep judged by one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// By what.
    pub measure: Measure,
    /// The point that is best on average; the first, where several are.
    pub point: usize,
    /// One row per point.
    pub rows: Vec<BestRow>,
    /// The mean over paths of the best that any point does: what could be had if the path were known beforehand.
    pub foresight: Estimate,
}

/// A point against the best one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestRow {
    /// The mean of the measure.
    pub value: Estimate,
    /// … less that of the best point, paired path by path: 0 at the best point, nowhere above.
    pub difference: Estimate,
    /// The share of paths on which no point does better; points that do equally well share a path evenly.
    pub share_best: f64,
    /// What is lost on average against choosing the best point on each path.
    pub regret: Estimate,
}

/// For each path the best value of any point so far, and which points have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Foresight {
    best: Vec<f64>,
    /// For each path its set of best points: a place in `sets`.
    set: Vec<u32>,
    /// Sets of points that share a path: each is another one with a point added. The first is empty.
    sets: Vec<(u32, u32)>,
}

impl Foresight {
    pub(super) fn new(paths: usize) -> Self {
        Self { best: vec![f64::NEG_INFINITY; paths], set: vec![0; paths], sets: vec![(0, 0)] }
    }

    /// Whether it can be that of so many paths after so many points: every set is made of an earlier one and a point.
    pub(super) fn fits(&self, paths: usize, points: usize) -> bool {
        let sets = self.sets.iter().enumerate();
        let made = |(i, (others, point)): (usize, &(u32, u32))| {
            if i == 0 { (*others, *point) == (0, 0) } else { (*others as usize) < i && (*point as usize) < points }
        };
        self.best.len() == paths
            && self.set.len() == paths
            && !self.sets.is_empty()
            && sets.into_iter().all(made)
            && self.set.iter().all(|set| (*set as usize) < self.sets.len() && (points == 0 || *set > 0))
    }

    /// Takes in the values of all paths at some points, the first of which is number `first`.
    pub(super) fn add(&mut self, first: usize, points: &[Vec<f64>]) {
        let numbered = self.sets.iter().enumerate().skip(1);
        let mut known: HashMap<(u32, u32), u32> = numbered.map(|(i, set)| (*set, i as u32)).collect();
        for (point, values) in (first as u32..).zip(points) {
            for ((best, set), value) in self.best.iter_mut().zip(&mut self.set).zip(values) {
                if value < best {
                    continue;
                }
                let others = if value > best { 0 } else { *set };
                *best = *value;
                *set = *known.entry((others, point)).or_insert_with(|| {
                    self.sets.push((others, point));
                    self.sets.len() as u32 - 1
                });
            }
        }
    }

    /// For each of `points` the share of paths on which it is the best.
    fn shares(&self, points: usize) -> Vec<f64> {
        let mut paths = vec![0_u64; self.sets.len()];
        self.set.iter().for_each(|set| paths[*set as usize] += 1);
        let mut shares = vec![0.0; points];
        for (set, count) in paths.into_iter().enumerate().filter(|(set, count)| *set > 0 && *count > 0) {
            let members: Vec<usize> = self.members(set).collect();
            for point in &members {
                shares[*point] += count as f64 / (members.len() * self.set.len()) as f64;
            }
        }
        shares
    }

    fn members(&self, set: usize) -> impl Iterator<Item = usize> {
        let parent = |set: &usize| Some(self.sets[*set].0 as usize).filter(|parent| *parent > 0);
        std::iter::successors(Some(set), parent).map(|set| self.sets[set].1 as usize)
    }

    /// The verdict over all points, by the means of the measure at each.
    pub(super) fn verdict(&self, measure: Measure, means: &[Means]) -> Best {
        let first_of_most =
            |best: usize, (i, means_of): (usize, &Means)| if means_of.value > means[best].value { i } else { best };
        let best = means.iter().enumerate().fold(0, first_of_most);
        let foresight = Means::of_numbers(&self.best);
        let shares = self.shares(means.len());
        let rows = means.iter().zip(shares).map(|(mean, share_best)| BestRow {
            value: mean.estimate(),
            difference: mean.plus(-1.0, &means[best]).estimate(),
            share_best,
            regret: regret(&foresight, mean),
        });
        Best { measure, point: best, rows: rows.collect(), foresight: foresight.estimate() }
    }
}

/// What foresight is worth; what is less than the rounding of both is nothing.
fn regret(foresight: &Means, mean: &Means) -> Estimate {
    let regret = foresight.plus(-1.0, mean);
    let rounding = 1e-13 * foresight.value.abs().max(mean.value.abs());
    if regret.value > rounding {
        return regret.estimate();
    }
    let nothing = Means { value: 0.0, by_replicate: regret.by_replicate.map(|_| [0.0; LANES]) };
    nothing.estimate()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_do_equally_well_share_a_path() {
        let mut seen = Foresight::new(4);
        seen.add(0, &[vec![1.0, 0.0, 5.0, 0.0], vec![1.0, 0.0, 6.0, 0.0]]);
        let mut at_once = Foresight::new(4);
        at_once.add(0, &[vec![1.0, 0.0, 5.0, 0.0], vec![1.0, 0.0, 6.0, 0.0], vec![1.0, 2.0, 6.0, 0.0]]);
        seen.add(2, &[vec![1.0, 2.0, 6.0, 0.0]]);
        assert_eq!(seen, at_once, "points may come a few at a time");
        // Path 0 and 3: all three. Path 1: the last. Path 2: the last two.
        let third = 2.0 / 3.0;
        let expected = [third / 4.0, (third + 0.5) / 4.0, (third + 1.0 + 0.5) / 4.0];
        for (share, expected) in seen.shares(3).iter().zip(expected) {
            assert!((share - expected).abs() < 1e-15);
        }
        assert_eq!(seen.best, [1.0, 2.0, 6.0, 0.0]);
    }
}
