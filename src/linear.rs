//! Small matrices, row by row: Cholesky's factor and what is solved with it.

/// The lower triangle L of L Lᵀ, row by row, with every pivot as `checked` has it.
pub(crate) fn lower_factor(matrix: &[Vec<f64>], checked: impl Fn(f64) -> Option<f64>) -> Option<Vec<Vec<f64>>> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (i, source) in matrix.iter().enumerate() {
        let mut row = vec![0.0; i + 1];
        for j in 0..=i {
            let partner: &[f64] = if j == i { &row } else { &factor[j] };
            let dot: f64 = (0..j).map(|k| row[k] * partner[k]).sum();
            let rest = source[j] - dot;
            row[j] = if j < i { rest / factor[j][j] } else { libm::sqrt(checked(rest)?) };
        }
        factor.push(row);
    }
    Some(factor)
}

/// The solution x of L Lᵀ x = b, where L is lower triangular.
pub(crate) fn solved(lower: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut x = forward(lower, b);
    for i in (0..lower.len()).rev() {
        let known: f64 = (i + 1..lower.len()).map(|k| lower[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    x
}

/// The solution x of L x = b, where L is lower triangular.
pub(crate) fn forward(lower: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut x: Vec<f64> = Vec::with_capacity(b.len());
    for (i, row) in lower.iter().enumerate() {
        let known: f64 = row[..i].iter().zip(&x).map(|(a, y)| a * y).sum();
        x.push((b[i] - known) / row[i]);
    }
    x
}

/// The factor of a matrix that is safely positive definite; none of another.
pub(crate) fn factor_of(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    lower_factor(matrix, |pivot| Some(pivot).filter(|pivot| *pivot > 0.0 && pivot.is_finite()))
}

/// The inverse of the matrix whose factor is `lower`.
pub(crate) fn inverse(lower: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = lower.len();
    let unit = |i: usize| (0..n).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    (0..n).map(|i| solved(lower, &unit(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_undoes_its_matrix() {
        let matrix = vec![vec![4.0, 1.0, 0.5], vec![1.0, 3.0, -1.0], vec![0.5, -1.0, 2.0]];
        let lower = factor_of(&matrix).unwrap();
        let inverse = inverse(&lower);
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| matrix[i][k] * inverse[k][j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
        assert_eq!(forward(&lower, &[2.0, 1.0, 0.0])[0], 1.0);
        assert!(factor_of(&[vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
    }
}
