//! What it is worth to know several inputs together: a policy from curves of each and products of each pair.

use super::along::Cells;
use super::payoffs::{FOLDS, Payoffs, best_of, fold_of, worth};
use crate::aggregate::Estimate;
use crate::lanes::LANES;

/// Knots of each input's curve.
const KNOTS: usize = 7;

/// What the fitted options gain is a sum of such terms.
struct Terms {
    /// By input, by cell: the terms of that input alone.
    alone: Vec<Vec<[f64; KNOTS - 1]>>,
    /// By input, by cell: where it is, in standard deviations from its mean.
    places: Vec<Vec<f64>>,
    cells: Vec<Cells>,
}

impl Terms {
    fn new(drawn: &[&[f64]]) -> Self {
        let cells: Vec<Cells> = drawn.iter().map(|column| Cells::new(column)).collect();
        let place = |cells: &Cells| {
            let n = cells.of_path.len() as f64;
            let at = |cell: &u16| cells.places[usize::from(*cell)];
            let mean = cells.of_path.iter().map(at).sum::<f64>() / n;
            let variance = cells.of_path.iter().map(|cell| (at(cell) - mean) * (at(cell) - mean)).sum::<f64>() / n;
            let scale = if variance > 0.0 { libm::sqrt(variance) } else { 1.0 };
            cells.places.iter().map(|x| (x - mean) / scale).collect()
        };
        let places: Vec<Vec<f64>> = cells.iter().map(place).collect();
        let alone = places.iter().map(|places| places.iter().map(|x| hats(places, *x)).collect()).collect();
        Self { alone, places, cells }
    }

    /// How many there are: one that is constant, those of each input alone, and a product for each pair.
    fn sizes(&self) -> [usize; 3] {
        let inputs = self.cells.len();
        let alone = 1 + inputs * (KNOTS - 1);
        [1, alone, alone + inputs * (inputs - 1) / 2]
    }

    fn of_path(&self, path: usize, out: &mut Vec<f64>) {
        out.clear();
        out.push(1.0);
        let cell = |i: usize| usize::from(self.cells[i].of_path[path]);
        for (i, alone) in self.alone.iter().enumerate() {
            out.extend(alone[cell(i)]);
        }
        for (i, places) in self.places.iter().enumerate() {
            for (j, others) in self.places.iter().enumerate().take(i) {
                out.push(places[cell(i)] * others[cell(j)]);
            }
        }
    }
}

/// The input itself, and how far it is beyond each inner knot.
fn hats(places: &[f64], x: f64) -> [f64; KNOTS - 1] {
    let last = places.len() - 1;
    std::array::from_fn(|i| if i == 0 { x } else { (x - places[i * last / (KNOTS - 1)]).max(0.0) })
}

/// What knowing all of these is worth.
pub(super) fn together(payoffs: &Payoffs, drawn: &[&[f64]]) -> Estimate {
    let terms = Terms::new(drawn);
    let [_, _, size] = terms.sizes();
    let (options, best) = (payoffs.options(), payoffs.best());
    // By part of the replicates: sums of products of terms with each other, with what each option gains, and of squares of gains.
    let mut sums = vec![Moments::new(size, options.len()); FOLDS];
    let (mut own, mut gains) = (Vec::new(), vec![0.0; options.len()]);
    for path in 0..payoffs.paths() {
        terms.of_path(path, &mut own);
        for (gain, option) in gains.iter_mut().zip(options) {
            *gain = option[path] - options[best][path];
        }
        sums[fold_of(path % LANES)].add(&own, &gains);
    }
    let policy = |fold: usize| {
        let mut others = Moments::new(size, options.len());
        (0..FOLDS).filter(|other| *other != fold).for_each(|other| others.merge(&sums[other]));
        others.fit(&terms.sizes())
    };
    let policies: Vec<Vec<Vec<f64>>> = (0..FOLDS).map(policy).collect();
    let mut earned = [0.0; LANES];
    for path in 0..payoffs.paths() {
        terms.of_path(path, &mut own);
        let replicate = path % LANES;
        let gain = |weights: &Vec<f64>| weights.iter().zip(&own).map(|(w, x)| w * x).sum::<f64>();
        let chosen = best_of(policies[fold_of(replicate)].iter().map(gain), best);
        earned[replicate] += options[chosen][path] - options[best][path];
    }
    worth(earned, payoffs.paths())
}

/// Sums of products, for least squares.
#[derive(Clone, Debug)]
struct Moments {
    size: usize,
    count: f64,
    /// Of each pair of terms: the lower triangle by rows.
    terms: Vec<f64>,
    /// By option, of each term with what it gains.
    gains: Vec<Vec<f64>>,
    squares: Vec<f64>,
}

impl Moments {
    fn new(size: usize, options: usize) -> Self {
        Self {
            size,
            count: 0.0,
            terms: vec![0.0; size * (size + 1) / 2],
            gains: vec![vec![0.0; size]; options],
            squares: vec![0.0; options],
        }
    }

    fn add(&mut self, terms: &[f64], gains: &[f64]) {
        self.count += 1.0;
        let mut at = 0;
        for (i, a) in terms.iter().enumerate() {
            for (sum, b) in self.terms[at..=at + i].iter_mut().zip(terms) {
                *sum += a * b;
            }
            at += i + 1;
        }
        for ((sums, square), gain) in self.gains.iter_mut().zip(&mut self.squares).zip(gains) {
            *square += gain * gain;
            for (sum, a) in sums.iter_mut().zip(terms) {
                *sum += a * gain;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        let sums = |all: &mut [f64], more: &[f64]| all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
        sums(&mut self.terms, &other.terms);
        sums(&mut self.squares, &other.squares);
        self.gains.iter_mut().zip(&other.gains).for_each(|(all, more)| sums(all, more));
    }

    /// By option: the weights of the terms by least squares, of the first few or of all of them, whichever is worth its noise
    /// (Mallows's criterion).
    fn fit(&self, sizes: &[usize]) -> Vec<Vec<f64>> {
        // The first rows of the root are the root of the first rows.
        let root = self.root();
        let row = |i: usize| &root[i * (i + 1) / 2..(i + 1) * (i + 2) / 2];
        let of_option = |(gains, squares): (&Vec<f64>, &f64)| {
            let mut solved = vec![0.0; self.size];
            for i in 0..self.size {
                let (before, own) = row(i).split_at(i);
                let known: f64 = before.iter().zip(&solved).map(|(l, x)| l * x).sum();
                solved[i] = if own[0] > 0.0 { (gains[i] - known) / own[0] } else { 0.0 };
            }
            // The squares that are left with the first so many terms.
            let left = |size: usize| (squares - solved[..size].iter().map(|x| x * x).sum::<f64>()).max(0.0);
            let noise = left(self.size) / (self.count - self.size as f64).max(1.0);
            let criterion = |size: usize| left(size) + 2.0 * noise * size as f64;
            let size = sizes.iter().copied().min_by(|a, b| criterion(*a).total_cmp(&criterion(*b))).unwrap_or(0);
            let mut weights = vec![0.0; self.size];
            for i in (0..size).rev() {
                let later: f64 = (i + 1..size).map(|k| row(k)[i] * weights[k]).sum();
                let own = row(i)[i];
                weights[i] = if own > 0.0 { (solved[i] - later) / own } else { 0.0 };
            }
            weights
        };
        self.gains.iter().zip(&self.squares).map(of_option).collect()
    }

    /// Cholesky's root of the terms' sums: a term that follows from those before has no part in it.
    fn root(&self) -> Vec<f64> {
        let mut root = self.terms.clone();
        let start = |i: usize| i * (i + 1) / 2;
        for i in 0..self.size {
            let diagonal = self.terms[start(i) + i];
            for j in 0..=i {
                let known: f64 = (0..j).map(|k| root[start(i) + k] * root[start(j) + k]).sum();
                let left = root[start(i) + j] - known;
                let own = root[start(j) + j];
                root[start(i) + j] = match (i == j, own > 0.0) {
                    (true, _) if left > 1e-9 * diagonal => libm::sqrt(left),
                    (false, true) => left / own,
                    _ => 0.0,
                };
            }
        }
        root
    }
}
