//! A difference split over the changes that make it, exactly: Shapley's value.
//!
//! Each change gets the mean of what it adds over all orders in which the changes could be made. The parts add up to the
//! difference; changes that play the same role get the same; where effects simply add, each gets its own.

use crate::aggregate::Means;

/// The part of each of `k` changes, from the value of every set of changes made: set s has change i where bit i of s is set.
///
/// ```
/// use breakeven::{aggregate::Means, analysis::contributions};
/// let mean = |value| Means { value, by_replicate: None };
/// // Alone the changes add 1 and 2, together 5: the 2 that they only bring together is shared.
/// let parts = contributions(&[mean(10.0), mean(11.0), mean(12.0), mean(15.0)]);
/// assert_eq!([parts[0].value, parts[1].value], [2.0, 3.0]);
/// ```
#[must_use]
pub fn contributions(values: &[Means]) -> Vec<Means> {
    let k = values.len().ilog2() as usize;
    let weight = |size: usize| {
        // s! (k − s − 1)! / k!: one part in k of all sets of that size.
        let sets = (0..size).fold(1.0, |sets, i| sets * (k - 1 - i) as f64 / (i + 1) as f64);
        1.0 / (k as f64 * sets)
    };
    let part = |change: usize| {
        let without = (0..values.len()).filter(|set| set >> change & 1 == 0);
        without.fold(Means::ZERO, |sum, set| {
            let w = weight(set.count_ones() as usize);
            sum.plus(w, &values[set | 1 << change]).plus(-w, &values[set])
        })
    };
    (0..k).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(f: impl Fn(usize) -> f64, k: u32) -> Vec<Means> {
        (0..1 << k).map(|set| Means { value: f(set), by_replicate: None }).collect()
    }

    fn parts(f: impl Fn(usize) -> f64, k: u32) -> Vec<f64> {
        contributions(&values(f, k)).iter().map(|part| part.value).collect()
    }

    #[test]
    fn where_effects_add_each_change_gets_its_own() {
        let own = [3.0, -7.0, 0.5, 11.0];
        let found = parts(|set| (0..4).filter(|i| set >> i & 1 == 1).map(|i| own[i]).sum(), 4);
        for (part, own) in found.iter().zip(own) {
            assert!((part - own).abs() < 1e-12);
        }
    }

    #[test]
    fn parts_add_up_and_equal_roles_get_equal_parts() {
        // Changes 0 and 1 are worth something only together; 2 scales what there is.
        let f = |set: usize| f64::from(u8::from(set & 3 == 3)) * 10.0 * (1.0 + 0.5 * ((set >> 2) & 1) as f64);
        let found = parts(f, 3);
        assert!((found.iter().sum::<f64>() - (f(7) - f(0))).abs() < 1e-12);
        assert_eq!(found[0], found[1]);
        // By hand: the third adds 5 where both others came before it, in a third of the orders.
        assert!((found[2] - 5.0 / 3.0).abs() < 1e-12);
        assert_eq!(parts(|set| set as f64 * 4.0, 1), [4.0]);
    }
}
