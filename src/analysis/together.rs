//! What it is worth to know several inputs together: a policy from curves of each and products of each pair.

use super::cells::Cells;
use super::payoffs::{FOLDS, Payoffs, best_of, fold_of, worth};
use crate::aggregate::Estimate;
use crate::lanes::LANES;

/// An input's own terms: itself, and how far it is beyond each of fifteen knots. As many pieces as the curve of an input alone has.
const OWN: usize = 16;
/// No more terms than about so many, which bounds the time: with more inputs their curves have fewer knots.
const MOST_TERMS: usize = 128;
/// Where the knots are, in sixteenths of the cells: each in the middle of what those before leave.
const SIXTEENTHS: [usize; OWN - 1] = [8, 4, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15];
/// In these steps an input's terms are added.
const STEPS: [std::ops::Range<usize>; 5] = [0..1, 1..2, 2..4, 4..8, 8..16];

/// What the fitted options gain is a sum of such terms, the coarsest first: a constant, the inputs, products of each pair, and bends
/// of their curves.
struct Terms {
    /// By input, by cell: the terms of that input alone.
    own: Vec<Vec<[f64; OWN]>>,
    cells: Vec<Cells>,
    /// Steps of each input's own terms.
    steps: usize,
    /// After how many terms a fit may end.
    sizes: Vec<usize>,
}

impl Terms {
    fn new(drawn: &[&[f64]]) -> Self {
        let cells: Vec<Cells> = drawn.iter().map(|column| Cells::new(column)).collect();
        let own = |cells: &Cells| {
            let n = cells.of_path.len() as f64;
            let at = |cell: &u16| cells.places[usize::from(*cell)];
            let mean = cells.of_path.iter().map(at).sum::<f64>() / n;
            let variance = cells.of_path.iter().map(|cell| (at(cell) - mean) * (at(cell) - mean)).sum::<f64>() / n;
            // In standard deviations from the mean, so that products are of the size of the other terms.
            let scale = if variance > 0.0 { libm::sqrt(variance) } else { 1.0 };
            let places: Vec<f64> = cells.places.iter().map(|x| (x - mean) / scale).collect();
            places.iter().map(|x| bends(&places, *x)).collect()
        };
        let inputs = cells.len();
        let (mut steps, mut sizes) = (1, vec![1, 1 + inputs, 1 + inputs + inputs * (inputs - 1) / 2]);
        while let Some(step) = STEPS.get(steps) {
            let size = sizes[sizes.len() - 1] + inputs * step.len();
            if size > MOST_TERMS {
                break;
            }
            sizes.push(size);
            steps += 1;
        }
        Self { own: cells.iter().map(own).collect(), cells, steps, sizes }
    }

    /// How many there are.
    fn size(&self) -> usize {
        self.sizes[self.sizes.len() - 1]
    }

    fn of_path(&self, path: usize, out: &mut Vec<f64>) {
        let own = |i: usize| &self.own[i][usize::from(self.cells[i].of_path[path])];
        out.clear();
        out.push(1.0);
        for (step, terms) in STEPS.into_iter().enumerate().take(self.steps) {
            for i in 0..self.cells.len() {
                out.extend_from_slice(&own(i)[terms.clone()]);
            }
            if step == 0 {
                out.extend(
                    (0..self.cells.len()).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| own(i)[0] * own(j)[0]),
                );
            }
        }
    }
}

/// The input itself, and how far it is beyond each knot.
fn bends(places: &[f64], x: f64) -> [f64; OWN] {
    let last = places.len() - 1;
    std::array::from_fn(|i| if i == 0 { x } else { (x - places[SIXTEENTHS[i - 1] * last / OWN]).max(0.0) })
}

/// What knowing all of these is worth.
pub(super) fn together(payoffs: &Payoffs, drawn: &[&[f64]]) -> Estimate {
    let terms = Terms::new(drawn);
    let size = terms.size();
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
        others.fit(&terms.sizes)
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
