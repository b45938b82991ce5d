//! Rank correlations: groups of inputs that move together, and whether what is asked can exist.
//!
//! A Gaussian copula with Pearson correlation 2·sin(πρ/6) has the Spearman correlation ρ on continuous
//! marginals. A set of pairs can exist when that matrix is positive definite.

use crate::linear::{lower_factor, solved};

/// Inputs that are drawn together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CorrelationGroup {
    /// Indices of the inputs, ascending.
    pub(crate) members: Vec<usize>,
    /// Row i: the weights of the independent scores in score i. Its product with its transpose is the matrix of Pearson's
    /// correlations.
    pub(crate) factor: Vec<Vec<f64>>,
    /// What each score is in the mean: not 0 where inputs that it is correlated with are given.
    pub(crate) shift: Vec<f64>,
}

/// Members of a group given the others: the score of row i is normal with the mean `mean[i]` + Σ_k `weights[i][k]` · z of
/// `kept[k]`, and the covariance of `factor` times its transpose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conditional {
    pub(crate) mean: Vec<f64>,
    /// Places in the group of the members that are known.
    pub(crate) kept: Vec<usize>,
    pub(crate) weights: Vec<Vec<f64>>,
    pub(crate) factor: Vec<Vec<f64>>,
}

/// Of so many conflicting pairs each is tried for a consistent value.
const MOST_TRIED: usize = 12;
/// Rounds of Jacobi's rotations; they converge quadratically, in fewer than ten.
const SWEEPS: usize = 30;

/// Why some correlations cannot hold together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conflict {
    /// Indices of the pairs that contradict each other.
    pub(crate) pairs: Vec<usize>,
    /// A pair and the nearest rank correlation that would be consistent with all others.
    pub(crate) nearest: Option<(usize, f64)>,
    /// Otherwise a factor on all of the conflicting pairs that is.
    pub(crate) factor: f64,
}

/// An asked rank correlation between inputs `a` and `b`.
pub(crate) type Pair = (usize, usize, f64);

fn pearson(rank: f64) -> f64 {
    2.0 * libm::sin(std::f64::consts::PI * rank / 6.0)
}

/// Groups of inputs that do not touch, each in ascending order.
pub(super) fn linked(pairs: &[Pair]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &(a, b, _) in pairs {
        let (touching, mut rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.contains(&a) || group.contains(&b));
        let mut joined: Vec<usize> = touching.concat();
        joined.extend([a, b]);
        joined.sort_unstable();
        joined.dedup();
        rest.push(joined);
        groups = rest;
    }
    groups.sort();
    groups
}

/// Splits the pairs into groups that do not touch, each with its factor.
pub(crate) fn correlation_groups(pairs: &[Pair]) -> Result<Vec<CorrelationGroup>, Conflict> {
    let factored = linked(pairs).into_iter().map(|members| {
        let matrix = matrix_of(&members, pairs);
        match cholesky(&matrix) {
            // Two inputs stay near the dimensions of the sampler that they have by themselves. Of more, what moves them all
            // together goes into one dimension: that is how they act, and evenly spread points are at their best there.
            // (One rule for both costs precision: with the principal axes for two as well the error of payback in `music-like` is
            // 1.5 times as large, with Cholesky's factor or the symmetric root for all that of the target 1.14 to 1.22 times.)
            Some(factor) if members.len() < 3 => Ok(CorrelationGroup::new(members, factor)),
            Some(_) => Ok(CorrelationGroup::new(members, principal_factor(matrix))),
            None => Err(explain(&members, pairs)),
        }
    });
    factored.collect()
}

impl CorrelationGroup {
    fn new(members: Vec<usize>, factor: Vec<Vec<f64>>) -> Self {
        Self { shift: vec![0.0; members.len()], members, factor }
    }

    /// The others of the group where the scores of some are known: a normal distribution with the mean Σ₂₁ Σ₁₁⁻¹ z and the
    /// covariance Σ₂₂ − Σ₂₁ Σ₁₁⁻¹ Σ₁₂ (Eaton, Multivariate Statistics, 1983, proposition 3.13).
    pub(crate) fn given(self, known: &[(usize, f64)]) -> Self {
        // One after another, each by the formula for a single one.
        known.iter().fold(self, |group, (member, score)| match group.members.iter().position(|m| m == member) {
            Some(at) => group.given_one(at, *score),
            None => group,
        })
    }

    /// The law of some members, by their places in the group, where the others are known.
    pub(crate) fn conditional(&self, drawn: &[usize]) -> Conditional {
        let kept: Vec<usize> = (0..self.members.len()).filter(|i| !drawn.contains(i)).collect();
        let covariance =
            |i: usize, j: usize| -> f64 { self.factor[i].iter().zip(&self.factor[j]).map(|(x, y)| x * y).sum() };
        let block = |rows: &[usize], columns: &[usize]| -> Vec<Vec<f64>> {
            rows.iter().map(|&i| columns.iter().map(|&j| covariance(i, j)).collect()).collect()
        };
        let of_kept = clamped_cholesky(&block(&kept, &kept));
        let weights: Vec<Vec<f64>> = block(drawn, &kept).iter().map(|row| solved(&of_kept, row)).collect();
        let between = block(&kept, drawn);
        let left = block(drawn, drawn).into_iter().zip(&weights).map(|(row, weights)| {
            let explained = |j: usize| weights.iter().zip(&between).map(|(weight, row)| weight * row[j]).sum::<f64>();
            row.into_iter().enumerate().map(|(j, x)| x - explained(j)).collect()
        });
        let factor = clamped_cholesky(&left.collect::<Vec<Vec<f64>>>());
        let mean = drawn.iter().zip(&weights).map(|(&i, weights)| {
            let of_kept: f64 = weights.iter().zip(&kept).map(|(weight, &j)| weight * self.shift[j]).sum();
            self.shift[i] - of_kept
        });
        Conditional { mean: mean.collect(), kept, weights, factor }
    }

    fn given_one(self, at: usize, score: f64) -> Self {
        let covariance =
            |i: usize, j: usize| -> f64 { self.factor[i].iter().zip(&self.factor[j]).map(|(x, y)| x * y).sum() };
        let (variance, surprise) = (covariance(at, at), score - self.shift[at]);
        let rest: Vec<usize> = (0..self.members.len()).filter(|i| *i != at).collect();
        let matrix: Vec<Vec<f64>> = rest
            .iter()
            .map(|&i| {
                let left = |j: usize| covariance(i, j) - covariance(i, at) * covariance(at, j) / variance;
                rest.iter().map(|&j| left(j)).collect()
            })
            .collect();
        Self {
            members: rest.iter().map(|&i| self.members[i]).collect(),
            shift: rest.iter().map(|&i| self.shift[i] + covariance(i, at) / variance * surprise).collect(),
            factor: principal_factor(matrix),
        }
    }
}

fn matrix_of(members: &[usize], pairs: &[Pair]) -> Vec<Vec<f64>> {
    let n = members.len();
    let mut matrix = vec![vec![0.0; n]; n];
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for &(a, b, rank) in pairs {
        let at = |x| members.iter().position(|&m| m == x);
        if let (Some(i), Some(j)) = (at(a), at(b)) {
            matrix[i][j] = pearson(rank);
            matrix[j][i] = matrix[i][j];
        }
    }
    matrix
}

/// None where the matrix is not (safely) positive definite.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    lower_factor(matrix, |pivot| Some(pivot).filter(|pivot| *pivot > 1e-9))
}

/// The factor of a matrix that is positive definite but for rounding.
fn clamped_cholesky(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    lower_factor(matrix, |pivot| Some(pivot.max(1e-12))).unwrap_or_default()
}

/// The matrix's eigenvectors by columns, each times the root of its eigenvalue, the largest first (Jacobi's rotations).
fn principal_factor(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        for p in 0..n {
            for q in p + 1..n {
                if matrix[p][q] == 0.0 {
                    continue;
                }
                // The rotation that makes the element at p, q zero.
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let tangent = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
                let cosine = 1.0 / libm::sqrt(tangent * tangent + 1.0);
                let sine = tangent * cosine;
                let turn = |a: f64, b: f64| (cosine * a - sine * b, sine * a + cosine * b);
                for row in &mut matrix {
                    (row[p], row[q]) = turn(row[p], row[q]);
                }
                for k in 0..n {
                    (matrix[p][k], matrix[q][k]) = turn(matrix[p][k], matrix[q][k]);
                }
                for row in &mut vectors {
                    (row[p], row[q]) = turn(row[p], row[q]);
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| matrix[b][b].total_cmp(&matrix[a][a]));
    vectors.iter().map(|row| order.iter().map(|&k| row[k] * libm::sqrt(matrix[k][k].max(0.0))).collect()).collect()
}

fn explain(members: &[usize], pairs: &[Pair]) -> Conflict {
    let inside: Vec<usize> = (0..pairs.len()).filter(|&p| members.contains(&pairs[p].0)).collect();
    let consistent = |changed: &[Pair]| cholesky(&matrix_of(members, changed)).is_some();
    // A pair takes part in the contradiction if dropping any of the others that do would resolve it:
    // strip pairs one by one as long as what is left still contradicts itself.
    let mut core = inside.clone();
    for &p in &inside {
        let without: Vec<Pair> = core.iter().filter(|&&q| q != p).map(|&q| pairs[q]).collect();
        if !consistent(&without) {
            core.retain(|&q| q != p);
        }
    }
    // … and every pair between the inputs that are left belongs to the story.
    let involved: Vec<usize> = core.iter().flat_map(|&p| [pairs[p].0, pairs[p].1]).collect();
    let core: Vec<usize> =
        inside.into_iter().filter(|&p| involved.contains(&pairs[p].0) && involved.contains(&pairs[p].1)).collect();
    let with = |p: usize, rank: f64| {
        let mut changed = pairs.to_vec();
        changed[p].2 = rank;
        consistent(&changed)
    };
    // The consistent values of one pair form an interval: take the nearest hundredth of it.
    let hundredths = |p: usize| (-99..=99).map(|k| f64::from(k) / 100.0).filter(move |&r| with(p, r));
    // Of many pairs none is the one to change, and trying takes time.
    let nearest = core
        .iter()
        .filter(|_| core.len() <= MOST_TRIED)
        .flat_map(|&p| hundredths(p).map(move |rank| (p, rank)))
        .min_by(|x, y| (x.1 - pairs[x.0].2).abs().total_cmp(&(y.1 - pairs[y.0].2).abs()));
    let shrunk = |factor: f64| {
        let mut changed = pairs.to_vec();
        for &p in &core {
            changed[p].2 *= factor;
        }
        consistent(&changed)
    };
    let factor = (0..100).rev().map(|k| f64::from(k) / 100.0).find(|&k| shrunk(k)).unwrap_or(0.0);
    Conflict { pairs: core, nearest, factor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_do_not_touch_stay_apart() {
        let groups = correlation_groups(&[(3, 1, 0.5), (7, 8, 0.2), (1, 2, -0.1)]).unwrap();
        let members: Vec<_> = groups.iter().map(|g| g.members.clone()).collect();
        assert_eq!(members, [vec![1, 2, 3], vec![7, 8]]);
    }

    #[test]
    fn what_is_given_shifts_and_narrows_the_others() {
        // Two scores with correlation r: the other is r z in the mean, with the variance 1 − r².
        let r = pearson(0.5);
        let group = correlation_groups(&[(4, 7, 0.5)]).unwrap().remove(0).given(&[(7, 2.0)]);
        assert_eq!((group.members, group.factor.len()), (vec![4], 1));
        assert!((group.shift[0] - 2.0 * r).abs() < 1e-14);
        assert!((group.factor[0][0].powi(2) - (1.0 - r * r)).abs() < 1e-14);

        // Of three that are all correlated alike, with two given: r / (1 + r) times their sum, the variance 1 − 2 r² / (1 + r).
        let pairs = [(0, 1, 0.5), (0, 2, 0.5), (1, 2, 0.5)];
        let group = correlation_groups(&pairs).unwrap().remove(0).given(&[(0, 1.0), (2, -0.25)]);
        assert_eq!(group.members, [1]);
        assert!((group.shift[0] - 0.75 * r / (1.0 + r)).abs() < 1e-14);
        assert!((group.factor[0][0].powi(2) - (1.0 - 2.0 * r * r / (1.0 + r))).abs() < 1e-14);

        let untouched = correlation_groups(&pairs).unwrap().remove(0);
        assert_eq!(untouched.clone().given(&[(9, 1.0)]), untouched);

        // The law given the others says the same.
        let law = untouched.conditional(&[1]);
        assert_eq!(law.kept, [0, 2]);
        assert!(law.weights[0].iter().all(|weight| (weight - r / (1.0 + r)).abs() < 1e-14));
        assert!((law.factor[0][0].powi(2) - (1.0 - 2.0 * r * r / (1.0 + r))).abs() < 1e-14);
        let of_two = untouched.conditional(&[0, 2]);
        // Given the one, two scores with correlation r to it and each other: r (1 − r) is left of their covariance.
        let covariance: f64 = of_two.factor[0].iter().zip(&of_two.factor[1]).map(|(x, y)| x * y).sum();
        assert!((covariance - r * (1.0 - r)).abs() < 1e-14);
        assert!((of_two.weights[1][0] - r).abs() < 1e-14);
    }

    #[test]
    fn the_factor_squared_is_the_matrix() {
        let pairs = [(0, 1, -0.4), (0, 2, 0.3), (1, 2, -0.3)];
        let group = &correlation_groups(&pairs).unwrap()[0];
        let dot =
            |i: usize, j: usize| -> f64 { group.factor[i].iter().zip(&group.factor[j]).map(|(x, y)| x * y).sum() };
        for &(a, b, rank) in &pairs {
            assert!((dot(a, b) - 2.0 * (std::f64::consts::PI * rank / 6.0).sin()).abs() < 1e-14);
            assert!((dot(a, a) - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn the_first_score_of_a_group_of_three_moves_them_all() {
        // All correlations ρ: the first eigenvalue is 1 + 2ρ, its vector (1, 1, 1) / √3.
        let group = &correlation_groups(&[(0, 1, 0.5), (0, 2, 0.5), (1, 2, 0.5)]).unwrap()[0];
        let expected = libm::sqrt((1.0 + 2.0 * pearson(0.5)) / 3.0);
        assert!(
            group.factor.iter().all(|row| (row[0].abs() - expected).abs() < 1e-14 && row[0] * group.factor[0][0] > 0.0)
        );
    }

    #[test]
    fn a_contradiction_names_its_pairs_and_the_nearest_value() {
        let pairs = [(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9), (2, 3, 0.1)];
        let conflict = correlation_groups(&pairs).unwrap_err();
        assert_eq!(conflict.pairs, [0, 1, 2]);
        let (pair, rank) = conflict.nearest.unwrap();
        let mut mended = pairs;
        mended[pair].2 = rank;
        assert!(correlation_groups(&mended).is_ok());
    }
}
