//! Payoffs along one input: sums by cell of it, smooth curves through them, and what policies earn that are found on some replicates
//! and measured on others.

use super::payoffs::{FOLDS, Payoffs, best_of, fold_of, worth};
use super::study::{Finding, Study};
use crate::aggregate::Estimate;
use crate::lanes::LANES;

/// The most cells of equal probability into which the range of an input is cut.
const MOST_CELLS: usize = 512;
/// Each has about so many paths. What is chosen is chosen for a cell, so one must be small beside what a choice hangs on.
const PATHS_PER_CELL: usize = 16;
/// The outermost ones are halved so often, since a choice may change in the tail.
const HALVED: u32 = 4;
/// How many knots a curve may have.
const KNOTS: [usize; 6] = [1, 2, 3, 5, 9, 17];

/// An input's range in cells.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// The cell of each path.
    pub(super) of_path: Vec<u16>,
    /// The mean of the input in each cell, rising. What never comes stands as far beyond the last month as that is from the first.
    pub(super) places: Vec<f64>,
    /// The lowest and the highest value in each.
    ends: Vec<(f64, f64)>,
}

impl Cells {
    pub(super) fn new(drawn: &[f64]) -> Self {
        let mut sorted = drawn.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let cells = (drawn.len() / PATHS_PER_CELL).clamp(1, MOST_CELLS);
        // Equal values fall into one cell.
        let mut starts: Vec<usize> = (0..cells).map(|i| i * drawn.len() / cells).collect();
        let size = drawn.len() / cells;
        starts.extend((1..=HALVED).flat_map(|k| [size >> k, drawn.len() - (size >> k).max(1)]));
        starts.sort_unstable();
        let mut edges: Vec<f64> = starts.into_iter().map(|start| sorted[start]).collect();
        edges.dedup();
        // What is infinite does not share a cell with what is not.
        if sorted.last().is_some_and(|x| x.is_infinite()) && edges.last().is_some_and(|edge| edge.is_finite()) {
            edges.push(f64::INFINITY);
        }
        let of_path: Vec<u16> =
            drawn.iter().map(|x| (edges.partition_point(|edge| edge <= x).max(1) - 1) as u16).collect();
        let mut ends = vec![(f64::INFINITY, f64::NEG_INFINITY); edges.len()];
        let mut means = vec![(0.0, 0.0); edges.len()];
        for (cell, x) in of_path.iter().zip(drawn) {
            let (low, high) = ends[usize::from(*cell)];
            ends[usize::from(*cell)] = (low.min(*x), high.max(*x));
            let (sum, count) = means[usize::from(*cell)];
            means[usize::from(*cell)] = (sum + x, count + 1.0);
        }
        let mut places: Vec<f64> = means.into_iter().map(|(sum, count)| sum / count).collect();
        if let Some(last) = places.iter().rposition(|x| x.is_finite()) {
            let beyond = 2.0 * places[last] - places[0] + 1.0;
            places.iter_mut().filter(|x| x.is_infinite()).for_each(|x| *x = beyond);
        } else {
            places.fill(0.0);
        }
        Self { of_path, places, ends }
    }
}

/// Payoffs along one input.
#[derive(Clone, Debug)]
pub struct Along {
    cells: Cells,
    paths: usize,
    options: usize,
    best: usize,
    /// Paths in each cell, by replicate.
    counts: Vec<[f64; LANES]>,
    /// By cell and option: what the option earns above the one that is best on average, summed by replicate.
    gains: Vec<[f64; LANES]>,
    /// By part of the replicates, by option and cell: what the others say that an option gains.
    fitted: Vec<Vec<Vec<f64>>>,
}

/// A stretch of an input on which one option is best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The lowest value of the paths in it.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// The option.
    pub option: usize,
    /// Share of the paths.
    pub share: f64,
    /// What the option earns there above the one that is best on average.
    pub gain: Estimate,
}

impl Along {
    pub(super) fn new(payoffs: &Payoffs, drawn: &[f64]) -> Self {
        let cells = Cells::new(drawn);
        let (options, best, paths) = (payoffs.options().len(), payoffs.best(), payoffs.paths());
        let mut counts = vec![[0.0; LANES]; cells.places.len()];
        for (path, cell) in cells.of_path.iter().enumerate() {
            counts[usize::from(*cell)][path % LANES] += 1.0;
        }
        let mut gains = vec![[0.0; LANES]; cells.places.len() * options];
        let mut squares = vec![[0.0; LANES]; options];
        for (d, option) in payoffs.options().iter().enumerate().filter(|(d, _)| *d != best) {
            let both = option.iter().zip(&payoffs.options()[best]).zip(&cells.of_path);
            for (path, ((own, other), cell)) in both.enumerate() {
                let gain = own - other;
                gains[usize::from(*cell) * options + d][path % LANES] += gain;
                squares[d][path % LANES] += gain * gain;
            }
        }
        let mut along = Self { cells, paths, options, best, counts, gains, fitted: Vec::new() };
        along.fitted = (0..FOLDS).map(|fold| along.fit(&squares, |replicate| fold_of(replicate) != fold)).collect();
        along
    }

    /// By option and cell: what the option gains, as a smooth curve through the means of some replicates.
    fn fit(&self, squares: &[[f64; LANES]], is_of: impl Fn(usize) -> bool) -> Vec<Vec<f64>> {
        let total = |sums: &[f64; LANES]| (0..LANES).filter(|l| is_of(*l)).map(|l| sums[l]).sum::<f64>();
        let counts: Vec<f64> = self.counts.iter().map(total).collect();
        let all: f64 = counts.iter().sum();
        let curve = |d: usize| {
            let cells = self.cells.places.len();
            if d == self.best {
                return vec![0.0; cells];
            }
            let mean = |cell: usize| {
                if counts[cell] > 0.0 { total(&self.gains[cell * self.options + d]) / counts[cell] } else { 0.0 }
            };
            let means: Vec<f64> = (0..cells).map(mean).collect();
            let explained: f64 = means.iter().zip(&counts).map(|(mean, n)| n * mean * mean).sum();
            let noise = (total(&squares[d]) - explained).max(0.0) / (all - cells as f64).max(1.0);
            smooth(&self.cells.places, &counts, &means, noise)
        };
        (0..self.options).map(curve).collect()
    }

    /// What the curves of a part of the replicates choose in each cell.
    fn choices(&self, fitted: &[Vec<f64>]) -> Vec<usize> {
        (0..self.cells.places.len()).map(|cell| best_of(fitted.iter().map(|curve| curve[cell]), self.best)).collect()
    }

    /// What it would be worth to know the input: E(max_d E(Y_d | X)) − max_d E(Y_d).
    #[must_use]
    pub fn value(&self) -> Estimate {
        let mut sums = [0.0; LANES];
        for (fold, fitted) in self.fitted.iter().enumerate() {
            for (cell, d) in self.choices(fitted).into_iter().enumerate() {
                self.add(&mut sums, fold, cell, d, 1.0);
            }
        }
        worth(sums, self.paths)
    }

    /// Adds what an option gains in a cell on the replicates of a part.
    fn add(&self, sums: &mut [f64; LANES], fold: usize, cell: usize, option: usize, chance: f64) {
        let gains = &self.gains[cell * self.options + option];
        for (replicate, sum) in sums.iter_mut().enumerate().filter(|(replicate, _)| fold_of(*replicate) == fold) {
            *sum += chance * gains[replicate];
        }
    }

    /// What a study of the input would be worth: E(max_d E(Y_d | S)) − max_d E(Y_d), where S is what the study finds with `n`
    /// people or measurements.
    ///
    /// Given a result S each cell of the input weighs as much as its probability times the likelihood of S there; the option that
    /// then gains most is chosen. What that earns is known in each cell from the payoffs and the chance of each result.
    #[must_use]
    pub fn study(&self, study: Study, n: u64) -> Estimate {
        let results = study.results(n, &self.cells.places);
        let mut sums = [0.0; LANES];
        let mut chances = vec![0.0; self.cells.places.len() * self.options];
        for (fold, fitted) in self.fitted.iter().enumerate() {
            let known = |counts: &[f64; LANES]| (0..LANES).filter(|l| fold_of(*l) != fold).map(|l| counts[l]).sum();
            let prior: Vec<f64> = self.counts.iter().map(known).collect();
            chances.fill(0.0);
            for Finding { first, likelihood } in &results {
                let cells = *first..first + likelihood.len();
                let gain = |curve: &Vec<f64>| {
                    let weighed = prior[cells.clone()].iter().zip(likelihood).zip(&curve[cells.clone()]);
                    weighed.map(|((n, chance), gain)| n * chance * gain).sum::<f64>()
                };
                let chosen = best_of(fitted.iter().map(gain), self.best);
                if chosen != self.best {
                    for (cell, chance) in cells.clone().zip(likelihood) {
                        chances[cell * self.options + chosen] += chance;
                    }
                }
            }
            for (i, chance) in chances.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
                self.add(&mut sums, fold, i / self.options, i % self.options, *chance);
            }
        }
        worth(sums, self.paths)
    }

    /// Which option is best where, in at most twenty-odd parts of the range; gains are measured on replicates on which the option
    /// was not chosen.
    #[must_use]
    pub fn stretches(&self) -> Vec<Stretch> {
        const PARTS: usize = 20;
        let cells = self.cells.places.len();
        let mean = |d: usize, cell: usize| self.fitted.iter().map(|fitted| fitted[d][cell]).sum::<f64>();
        let choice = |cell: usize| best_of((0..self.options).map(|d| mean(d, cell)), self.best);
        let mut out = Vec::new();
        let mut from = 0;
        while from < cells {
            // A part ends where a twentieth of the range does, or where another option is better.
            let option = choice(from);
            let part = from * PARTS / cells;
            let to =
                (from..cells).take_while(|cell| cell * PARTS / cells == part && choice(*cell) == option).count() + from;
            out.push(self.stretch(from..to, option));
            from = to;
        }
        out
    }

    fn stretch(&self, cells: std::ops::Range<usize>, option: usize) -> Stretch {
        let (mut sums, mut counts) = ([0.0; LANES], [0.0; LANES]);
        for cell in cells.clone() {
            for replicate in 0..LANES {
                sums[replicate] += self.gains[cell * self.options + option][replicate];
                counts[replicate] += self.counts[cell][replicate];
            }
        }
        let count: f64 = counts.iter().sum();
        let mean = sums.iter().sum::<f64>() / count;
        let pulls = sums.iter().zip(&counts).map(|(sum, n)| (sum - mean * n) / count);
        let replicates = LANES as f64;
        let se = libm::sqrt(pulls.map(|pull| pull * pull).sum::<f64>() * replicates / (replicates - 1.0));
        Stretch {
            low: self.cells.ends[cells.start].0,
            high: self.cells.ends[cells.end - 1].1,
            option,
            share: count / self.paths as f64,
            gain: Estimate::of_replicates(mean, se),
        }
    }
}

/// A curve of straight pieces through means at rising places, by least squares: with as many knots as Mallows's criterion finds worth
/// their noise. `noise` is the variance of a single number around its mean.
fn smooth(places: &[f64], counts: &[f64], means: &[f64], noise: f64) -> Vec<f64> {
    let mut best: Option<(f64, Vec<f64>)> = None;
    // An input with few values has a height for each.
    let own = (places.len() <= KNOTS[KNOTS.len() - 1]).then_some(places.len());
    for knots in KNOTS.into_iter().filter(|knots| *knots <= places.len()).chain(own) {
        let curve = pieces(places, counts, means, knots);
        let left: f64 = curve.iter().zip(means).zip(counts).map(|((c, m), n)| n * (c - m) * (c - m)).sum();
        let criterion = left + 2.0 * noise * knots as f64;
        if best.as_ref().is_none_or(|(least, _)| criterion < *least) {
            best = Some((criterion, curve));
        }
    }
    best.map_or_else(|| vec![0.0; places.len()], |best| best.1)
}

/// The curve of straight pieces between `knots` of the places that has the least squares.
fn pieces(places: &[f64], counts: &[f64], means: &[f64], knots: usize) -> Vec<f64> {
    let last = places.len() - 1;
    let knot = |i: usize| if knots == 1 { 0 } else { i * last / (knots - 1) };
    // How much of the knot before and of the one after is in each place.
    let mut parts = vec![(0, 0.0); places.len()];
    for i in 0..knots.saturating_sub(1) {
        let (from, to) = (knot(i), knot(i + 1));
        for place in from..=to {
            parts[place] = (i, (places[place] - places[from]) / (places[to] - places[from]));
        }
    }
    // The normal equations have three diagonals.
    let (mut diagonal, mut beside, mut right) = (vec![0.0; knots], vec![0.0; knots], vec![0.0; knots]);
    for (((i, after), n), mean) in parts.iter().zip(counts).zip(means) {
        let before = 1.0 - after;
        diagonal[*i] += n * before * before;
        right[*i] += n * before * mean;
        if *after > 0.0 {
            diagonal[i + 1] += n * after * after;
            right[i + 1] += n * after * mean;
            beside[*i] += n * before * after;
        }
    }
    for i in 1..knots {
        let factor = if diagonal[i - 1] > 0.0 { beside[i - 1] / diagonal[i - 1] } else { 0.0 };
        diagonal[i] -= factor * beside[i - 1];
        right[i] -= factor * right[i - 1];
    }
    let mut heights = vec![0.0; knots];
    for i in (0..knots).rev() {
        let after = if i + 1 < knots { beside[i] * heights[i + 1] } else { 0.0 };
        heights[i] = if diagonal[i] > 0.0 { (right[i] - after) / diagonal[i] } else { 0.0 };
    }
    let at = |(i, after): &(usize, f64)| {
        (1.0 - after) * heights[*i] + if *after > 0.0 { after * heights[i + 1] } else { 0.0 }
    };
    parts.iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_straight_pieces_is_found_again_and_noise_gets_no_knots() {
        let places: Vec<f64> = (0..65).map(|i| f64::from(i) * 0.25 - 3.0).collect();
        let bent: Vec<f64> = places.iter().map(|x| 2.0 + if *x > 5.0 { x - 5.0 } else { 0.0 }).collect();
        let counts = vec![10.0; places.len()];
        let found = smooth(&places, &counts, &bent, 1e-6);
        for (found, exact) in found.iter().zip(&bent) {
            assert!((found - exact).abs() < 1e-9, "{found} for {exact}");
        }
        // Means of ten numbers with variance 1 lie about 0.3 off: no curve.
        let noise: Vec<f64> = (0..65).map(|i| if i % 2 == 0 { 0.3 } else { -0.3 }).collect();
        let flat = smooth(&places, &counts, &noise, 1.0);
        assert!(flat.windows(2).all(|pair| pair[0] == pair[1]), "{flat:?}");
    }

    #[test]
    fn what_never_comes_has_a_cell_of_its_own() {
        let drawn: Vec<f64> = (0..4096).map(|i| if i % 3 == 0 { f64::from(i % 24) } else { f64::INFINITY }).collect();
        let cells = Cells::new(&drawn);
        let last = cells.places.len() - 1;
        assert!(cells.places.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", cells.places);
        assert!(drawn.iter().zip(&cells.of_path).all(|(x, cell)| x.is_infinite() == (usize::from(*cell) == last)));
    }
}
