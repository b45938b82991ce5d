//! Which point is the best: on average, on each path, and what it would be worth to know the path beforehand.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::aggregate::{Estimate, Means, two_sided};
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
    /// … less that of the best point, paired path by path: 0 at the best point, nowhere above. Its interval holds what the point
    /// is behind the truly best one: that the best was picked by its own mean, and from so many, is allowed for.
    pub difference: Estimate,
    /// The share of paths on which no point does better; points that do equally well share a path evenly.
    pub share_best: f64,
    /// What is lost on average against choosing the best point on each path. At the best point it is a little too small, by what
    /// picking it by the same paths has won: at most the error of the difference to the next.
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

    /// Whether it can be that of so many paths after some points: every set is made of an earlier one and a point, and has no more
    /// points than there are.
    pub(super) fn fits<T>(&self, paths: usize, points: &BTreeMap<usize, T>) -> bool {
        let mut sizes: Vec<usize> = Vec::with_capacity(self.sets.len());
        let made = |(i, (others, point)): (usize, &(u32, u32))| {
            let size = if i == 0 { Some(0) } else { sizes.get(*others as usize).map(|size| size + 1) };
            sizes.extend(size);
            size.is_some_and(|size| size <= points.len())
                && if i == 0 { (*others, *point) == (0, 0) } else { points.contains_key(&(*point as usize)) }
        };
        self.best.len() == paths
            && self.set.len() == paths
            && !self.sets.is_empty()
            && self.sets.iter().enumerate().all(made)
            && self.set.iter().all(|set| (*set as usize) < self.sets.len() && (points.is_empty() || *set > 0))
    }

    /// Takes in the values of all paths at some points, the first of which is number `first`.
    pub(super) fn add(&mut self, first: usize, points: &[Vec<f64>]) {
        let mut known = self.numbered();
        for (point, values) in (first as u32..).zip(points) {
            for ((best, set), value) in self.best.iter_mut().zip(&mut self.set).zip(values) {
                if value < best {
                    continue;
                }
                let others = if value > best { 0 } else { *set };
                *best = *value;
                *set = Self::with(&mut self.sets, &mut known, others, point);
            }
        }
    }

    /// Takes in what other points did on the same paths.
    pub(super) fn merge(&mut self, other: &Self) {
        // Where both do equally well, the others' points join the set.
        let mut known: HashMap<(u32, u32), u32> = self.numbered();
        let mut joined: HashMap<(u32, u32), u32> = HashMap::new();
        for path in 0..self.best.len() {
            let (best, theirs) = (other.best[path], other.set[path]);
            if theirs == 0 || best < self.best[path] {
                continue;
            }
            let ours = if best > self.best[path] { 0 } else { self.set[path] };
            self.best[path] = best;
            self.set[path] = *joined.entry((ours, theirs)).or_insert_with(|| {
                let members: Vec<usize> = other.members(theirs as usize).collect();
                members
                    .into_iter()
                    .rev()
                    .fold(ours, |set, point| Self::with(&mut self.sets, &mut known, set, point as u32))
            });
        }
    }

    /// The sets by what they are made of.
    fn numbered(&self) -> HashMap<(u32, u32), u32> {
        self.sets.iter().enumerate().skip(1).map(|(i, set)| (*set, i as u32)).collect()
    }

    /// The set with a point added.
    fn with(sets: &mut Vec<(u32, u32)>, known: &mut HashMap<(u32, u32), u32>, set: u32, point: u32) -> u32 {
        *known.entry((set, point)).or_insert_with(|| {
            sets.push((set, point));
            sets.len() as u32 - 1
        })
    }

    /// For each of `points` the share of paths on which it is the best.
    fn shares(&self, points: usize) -> Vec<f64> {
        let mut paths = vec![0_u64; self.sets.len()];
        self.set.iter().for_each(|set| paths[*set as usize] += 1);
        let used = paths.into_iter().enumerate().filter(|(set, count)| *set > 0 && *count > 0);
        let mut by_size: Vec<(usize, usize, u64)> =
            used.map(|(set, count)| (self.members(set).count(), set, count)).collect();
        by_size.sort_unstable();
        let (mut shares, mut counts) = (vec![0.0; points], vec![0_u64; points]);
        for sets in by_size.chunk_by(|a, b| a.0 == b.0) {
            // Sets of one size together, in whole numbers: the order in which points came leaves no trace.
            for (_, set, count) in sets {
                self.members(*set).for_each(|point| counts[point] += count);
            }
            let all = (sets[0].0 * self.set.len()) as f64;
            for (_, set, _) in sets {
                self.members(*set).for_each(|point| shares[point] += std::mem::take(&mut counts[point]) as f64 / all);
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
        let behind = behind_the_best(means, best);
        let rows = means.iter().zip(shares).zip(behind).map(|((mean, share_best), difference)| BestRow {
            value: mean.estimate(),
            difference,
            share_best,
            regret: regret(&foresight, mean),
        });
        Best { measure, point: best, rows: rows.collect(), foresight: foresight.estimate() }
    }
}

/// So many pairs of points are compared one by one; of more, the errors are bounded.
const MOST_PAIRS: usize = 1 << 20;

/// How far each point is behind the best, with intervals that hold at once for all how far each is behind the truly best
/// (multiple comparisons with the best: Edwards and Hsu, 1983). The best is compared with k − 1 others, each at 0.05 / (k − 1)
/// (Bonferroni); points that may be the best are those not clearly behind the one that seems to be.
fn behind_the_best(means: &[Means], best: usize) -> Vec<Estimate> {
    let difference = |i: usize, j: usize| means[i].plus(-1.0, &means[j]).estimate();
    let plain: Vec<Estimate> = (0..means.len()).map(|i| difference(i, best)).collect();
    if plain.len() < 2 || plain.iter().any(|estimate| estimate.se.is_none()) {
        return plain;
    }
    let se = |estimate: &Estimate| estimate.se.unwrap_or(0.0);
    let t = two_sided(0.05 / (plain.len() - 1) as f64);
    let may_be_best: Vec<usize> = (0..plain.len()).filter(|i| plain[*i].value + t * se(&plain[*i]) >= 0.0).collect();
    let widest = may_be_best.iter().map(|j| se(&plain[*j])).fold(0.0, f64::max);
    let lowest = may_be_best.iter().map(|j| plain[*j].value).fold(0.0, f64::min);
    let interval = |i: usize| -> (f64, f64) {
        if may_be_best.len() * plain.len() > MOST_PAIRS {
            // An error of a difference is at most the sum of those to a third point.
            let half = t * (se(&plain[i]) + widest);
            return (plain[i].value - half, plain[i].value - lowest + half);
        }
        let against = may_be_best.iter().filter(|j| **j != i).map(|j| difference(i, *j));
        let ends = against.map(|estimate| (estimate.value - t * se(&estimate), estimate.value + t * se(&estimate)));
        ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0.0, 0.0))
    };
    let adjusted = |(i, plain): (usize, &Estimate)| {
        let (low, high) = interval(i);
        // Nothing is ahead of the best, and what may be the best may be behind nothing.
        let high = if may_be_best.contains(&i) { 0.0 } else { high.min(0.0) };
        Estimate { interval: Some((low.min(0.0), high)), ..*plain }
    };
    plain.iter().enumerate().map(adjusted).collect()
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

    /// Sixteen replicates of each of `k` points, all of the same mean but for the first.
    fn noisy(k: usize, first: f64, seed: &mut u64) -> Vec<Means> {
        let mut normal = || {
            // The sum of twelve uniform numbers, less six.
            let mut uniform = || {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (*seed >> 11) as f64 / (1_u64 << 53) as f64
            };
            (0..12).map(|_| uniform()).sum::<f64>() - 6.0
        };
        (0..k)
            .map(|i| {
                let replicates: [f64; LANES] = std::array::from_fn(|_| normal() + if i == 0 { first } else { 0.0 });
                Means { value: replicates.iter().sum::<f64>() / LANES as f64, by_replicate: Some(replicates) }
            })
            .collect()
    }

    /// Values of `points` points on 40 paths, of which many are alike; by point.
    fn alike(points: usize) -> Vec<Vec<f64>> {
        (0..points).map(|point| (0..40).map(|path| f64::from(u8::from(point * 7 <= path * 2))).collect()).collect()
    }

    #[test]
    fn points_that_come_in_parts_share_paths_as_those_that_come_in_order() {
        let values = alike(12);
        let mut whole = Foresight::new(40);
        whole.add(0, &values);
        // By hand: on path 0 only point 0 is best, on paths 4 to 6 two points are, and so on.
        let members = |path: usize| (0..12).filter(|point| point * 7 <= path * 2).count() as f64;
        let shares = whole.shares(12);
        for (point, share) in shares.iter().enumerate() {
            let paths = (0..40).filter(|path| point * 7 <= path * 2);
            let expected: f64 = paths.map(|path| 1.0 / (40.0 * members(path))).sum();
            assert!((share - expected).abs() < 1e-15, "{point}: {share}, not {expected}");
        }
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut joined = Foresight::new(40);
            for part in order {
                let mut own = Foresight::new(40);
                own.add(part * 4, &values[part * 4..][..4]);
                joined.merge(&own);
            }
            joined.merge(&Foresight::new(40));
            assert_eq!((joined.shares(12), &joined.best), (shares.clone(), &whole.best));
            let points: BTreeMap<usize, char> = (0..12).zip("abcdefghijkl".chars()).collect();
            assert!(joined.fits(40, &points) && !joined.fits(41, &points));
        }
    }

    #[test]
    fn a_set_with_more_points_than_there_are_is_forged() {
        let points = BTreeMap::from([(0, "first"), (1, "second")]);
        let of = |sets: &[(u32, u32)]| Foresight { best: vec![0.0], set: vec![1], sets: sets.to_vec() };
        assert!(of(&[(0, 0), (0, 0), (1, 1)]).fits(1, &points));
        assert!(!of(&[(0, 0), (0, 0), (1, 1), (2, 0)]).fits(1, &points));
        assert!(!of(&[(0, 0), (0, 2)]).fits(1, &points), "there is no point 2");
        assert!(!of(&[(0, 0), (1, 1)]).fits(1, &points), "a set cannot be made of itself");
    }

    #[test]
    fn intervals_hold_the_distance_to_the_truly_best_for_all_points_at_once() {
        let mut seed = 1;
        // All alike; one a little better; one far better.
        for first in [0.0, 0.5, 5.0] {
            let (mut held, mut unadjusted) = (0, 0);
            for _ in 0..400 {
                let means = noisy(8, first, &mut seed);
                let best = (0..8).fold(0, |best, i| if means[i].value > means[best].value { i } else { best });
                let truth = |i: usize| if i == 0 { 0.0 } else { -first };
                let holds = |i: usize, estimate: &Estimate| {
                    let (low, high) = estimate.interval.unwrap();
                    low <= truth(i) && truth(i) <= high
                };
                let rows = behind_the_best(&means, best);
                held += u32::from(rows.iter().enumerate().all(|(i, row)| holds(i, row)));
                let plain: Vec<Estimate> = means.iter().map(|mean| mean.plus(-1.0, &means[best]).estimate()).collect();
                unadjusted += u32::from(plain.iter().enumerate().all(|(i, row)| holds(i, row)));
            }
            // At least 95%, less three standard errors of a share among 400.
            assert!(held >= 367, "{first}: {held} of 400");
            assert!(unadjusted < 367, "{first}: without the adjustment {unadjusted} of 400 hold");
        }
    }

    #[test]
    fn intervals_of_very_many_points_are_no_narrower_than_pair_by_pair() {
        let means = noisy(1100, 1.0, &mut 3);
        let best = (0..means.len()).fold(0, |best, i| if means[i].value > means[best].value { i } else { best });
        let rows = behind_the_best(&means, best);
        let t = two_sided(0.05 / 1099.0);
        let against = |i: usize, j: usize| {
            let estimate = means[i].plus(-1.0, &means[j]).estimate();
            (estimate.value, t * estimate.se.unwrap())
        };
        let may_be_best: Vec<usize> =
            (0..means.len()).filter(|i| *i == best || against(*i, best).0 + against(*i, best).1 >= 0.0).collect();
        assert!(may_be_best.len() > 1000, "or each pair is compared");
        for i in [best, 0, 5, 777] {
            let pairs: Vec<(f64, f64)> = may_be_best.iter().filter(|j| **j != i).map(|j| against(i, *j)).collect();
            let low = pairs.iter().map(|(value, half)| value - half).fold(f64::INFINITY, f64::min);
            let high = pairs.iter().map(|(value, half)| value + half).fold(f64::NEG_INFINITY, f64::max);
            let (found_low, found_high) = rows[i].interval.unwrap();
            assert!(found_low <= low.min(0.0) && found_high.max(0.0) >= high.min(0.0), "{i}: {found_low} {found_high}");
            assert!(found_low > 3.0 * low, "{i}: {found_low}, though {low} would do");
        }
    }

    #[test]
    fn of_two_points_the_interval_is_that_of_their_difference() {
        let means = noisy(2, 5.0, &mut 7);
        let (row, plain) = (behind_the_best(&means, 0)[1], means[1].plus(-1.0, &means[0]).estimate());
        let ((low, high), (plain_low, plain_high)) = (row.interval.unwrap(), plain.interval.unwrap());
        assert!((low - plain_low).abs() < 1e-12 && (high - plain_high).abs() < 1e-12, "{low} {high}");
        assert_eq!(behind_the_best(&means, 0)[0].interval, Some((0.0, 0.0)));
    }

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

    #[test]
    fn of_two_points_the_better_is_behind_nothing() {
        // Sixteen replicates each, -10 and 0 on average with errors of 1 and 0: t at 5% with 15 degrees of freedom is 2.131.
        let alternating: [f64; LANES] = std::array::from_fn(|i| if i % 2 == 0 { -10.0 } else { 10.0 })
            .map(|x: f64| x * 0.387_298_334_620_741_7 - 10.0);
        let means = [
            Means { value: 0.0, by_replicate: Some([0.0; LANES]) },
            Means { value: -10.0, by_replicate: Some(alternating) },
        ];
        let [first, second] = behind_the_best(&means, 0)[..] else { panic!("two points") };
        assert_eq!(second.value, -10.0);
        let (low, high) = second.interval.unwrap();
        assert!(
            (second.se.unwrap() - 1.0).abs() < 1e-12 && (low + 12.131).abs() < 1e-3 && (high + 7.869).abs() < 1e-3,
            "{second:?}"
        );
        assert_eq!((first.value, first.interval.unwrap().1), (0.0, 0.0));
    }

    #[test]
    fn a_regret_of_the_size_of_rounding_is_none() {
        let of = |value: f64| Means { value, by_replicate: Some([value; LANES]) };
        assert_eq!(regret(&of(1e9 + 1e-5), &of(1e9)).value, 0.0);
        assert_eq!(regret(&of(-1e9), &of(-1e9 - 1e-5)).value, 0.0);
        assert!((regret(&of(1e9 + 1.0), &of(1e9)).value - 1.0).abs() < 1e-6);
        assert!((regret(&of(2e-5), &of(1e-5)).value - 1e-5).abs() < 1e-18);
    }
}
