//! Payoffs along one input: sums by cell of it, smooth curves through them, and what policies earn that are found on some replicates
//! and measured on others.

use super::cells::Cells;
use super::payoffs::{FOLDS, Payoffs, best_of, fold_of, worth};
use super::pieces::smooth;
use super::study::{Finding, Study};
use crate::aggregate::Estimate;
use crate::lanes::LANES;

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
