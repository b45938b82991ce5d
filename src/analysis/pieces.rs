//! Curves of straight pieces through noisy means, with as many knots as are worth their noise.

/// How many knots a curve may have.
const KNOTS: [usize; 6] = [1, 2, 3, 5, 9, 17];

/// A curve of straight pieces through means at rising places, by least squares: with as many knots as Mallows's criterion finds worth
/// their noise. `noise` is the variance of a single number around its mean.
pub(super) fn smooth(places: &[f64], counts: &[f64], means: &[f64], noise: f64) -> Vec<f64> {
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
    fn a_knot_without_numbers_leaves_the_others_as_they_are() {
        // Knots at all four places; no numbers at the second. The others are met exactly.
        let found = pieces(&[0.0, 1.0, 2.0, 3.0], &[5.0, 0.0, 2.0, 1.0], &[1.0, 9.0, 4.0, 2.0], 4);
        assert_eq!(found, [1.0, 0.0, 4.0, 2.0]);
    }
}
