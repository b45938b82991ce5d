//! The one definition of a quantile: whatever holds numbers in order, kept or counted, answers the same question here.

/// Numbers in order, infinity last.
pub(super) trait Ranked {
    /// How many there are.
    fn len(&self) -> u64;

    /// The number of a rank, from 0.
    fn ranked(&self, rank: u64) -> f64;

    /// The quantile at `p` by numpy's linear definition: at rank (n − 1)·p. There must be numbers.
    fn quantile(&self, p: f64) -> f64 {
        let rank = (self.len() - 1) as f64 * p;
        let below = rank.floor();
        let low = self.ranked(below as u64);
        let fraction = rank - below;
        if fraction == 0.0 || low.is_infinite() {
            return low;
        }
        let high = self.ranked(below as u64 + 1);
        if high.is_infinite() { high } else { low + (high - low) * fraction }
    }

    /// The number at or below that rank: for months, between two of which there is none.
    fn quantile_below(&self, p: f64) -> f64 {
        self.ranked(((self.len() - 1) as f64 * p).floor() as u64)
    }
}

/// Numbers that are sorted.
impl Ranked for [f64] {
    fn len(&self) -> u64 {
        <[f64]>::len(self) as u64
    }

    fn ranked(&self, rank: u64) -> f64 {
        self[(rank as usize).min(<[f64]>::len(self) - 1)]
    }
}

/// How many paths get there in each month, from month 0; the rest of `paths` never do.
#[derive(Debug)]
pub(super) struct Months<'a> {
    pub(super) counts: &'a [u64],
    pub(super) paths: u64,
}

impl Ranked for Months<'_> {
    fn len(&self) -> u64 {
        self.paths
    }

    fn ranked(&self, rank: u64) -> f64 {
        let mut upto = 0;
        let month = self.counts.iter().position(|count| {
            upto += count;
            rank < upto
        });
        month.map_or(f64::INFINITY, |month| month as f64)
    }
}

/// A number as a whole number of the same order, infinity last; the same again leads back.
const fn key(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Numbers as whole numbers of the same order, which are sorted in half the time.
pub(super) fn keys<'n>(numbers: impl Iterator<Item = &'n f64>) -> Vec<i64> {
    numbers.map(|x| key(x.to_bits().cast_signed())).collect()
}

/// The numbers of such keys.
pub(super) fn numbers(keys: &[i64]) -> Vec<f64> {
    keys.iter().map(|x| f64::from_bits(key(*x).cast_unsigned())).collect()
}

/// Sorted numbers.
pub(super) fn sorted<'n>(of: impl Iterator<Item = &'n f64>) -> Vec<f64> {
    let mut keys = keys(of);
    keys.sort_unstable();
    numbers(&keys)
}

/// Numbers of which those of some ranks stand where they would if all were in order: as much as a few quantiles take.
pub(super) fn placed<'n>(of: impl Iterator<Item = &'n f64>, ranks: impl IntoIterator<Item = usize>) -> Vec<f64> {
    let mut keys = keys(of);
    let mut ranks: Vec<usize> = ranks.into_iter().filter(|rank| *rank < keys.len()).collect();
    ranks.sort_unstable();
    ranks.dedup();
    place(&mut keys, &ranks, 0);
    numbers(&keys)
}

/// Puts the keys of some ranks in their places, the middle one first: the others then lie in one of the two parts. `before` is how many
/// keys there are before these.
fn place(keys: &mut [i64], ranks: &[usize], before: usize) {
    let Some(&middle) = ranks.get(ranks.len() / 2) else { return };
    let (below, _, above) = keys.select_nth_unstable(middle - before);
    place(below, &ranks[..ranks.len() / 2], before);
    place(above, &ranks[ranks.len() / 2 + 1..], middle + 1);
}

/// The ranks that the quantiles at some levels are taken from, of so many numbers.
pub(super) fn ranks_of(levels: &[f64], count: usize) -> impl Iterator<Item = usize> {
    levels.iter().flat_map(move |p| {
        let below = (count.saturating_sub(1) as f64 * p).floor() as usize;
        [below, below + 1]
    })
}

/// Numbers in order, infinity last.
pub(crate) fn sorted_numbers(of: &[f64]) -> Vec<f64> {
    sorted(of.iter())
}

/// The quantile at `p` of numbers in order; there must be some.
pub(crate) fn quantile_of(ordered: &[f64], p: f64) -> f64 {
    ordered.quantile(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linear_definition_of_numpy_with_infinity_last() {
        // numpy.quantile([1, 2, 4, inf], 0.5) = 3
        let numbers: &[f64] = &[1.0, 2.0, 4.0, f64::INFINITY];
        assert_eq!([0.5, 0.25, 0.9].map(|p| numbers.quantile(p)), [3.0, 1.75, f64::INFINITY]);
    }

    #[test]
    fn no_rank_lies_beyond_the_last_number() {
        let numbers: &[f64] = &[1.0, 2.0, 4.0];
        assert_eq!([0, 1, 2, 3, 9].map(|rank| numbers.ranked(rank)), [1.0, 2.0, 4.0, 4.0, 4.0]);
    }

    #[test]
    fn whole_numbers_sort_as_the_numbers_do() {
        let mixed = [3.0, f64::INFINITY, -0.0, -2.5e-300, 1e300, -7.0, 0.0, f64::NEG_INFINITY, 3.0];
        let mut expected = mixed;
        expected.sort_unstable_by(f64::total_cmp);
        assert_eq!(sorted(mixed.iter()).iter().map(|x| x.to_bits()).collect::<Vec<_>>(), expected.map(f64::to_bits));
    }

    #[test]
    fn numbers_that_are_placed_have_the_quantiles_of_numbers_in_order() {
        for n in [1, 2, 3, 7, 100, 4096] {
            let mixed: Vec<f64> = (0..n).map(|i| libm::sin(f64::from(i) * 1.7) + f64::from(i % 5)).collect();
            let (levels, ordered) = ([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0], sorted(mixed.iter()));
            let some = placed(mixed.iter(), ranks_of(&levels, mixed.len()));
            for p in levels {
                assert_eq!(some.as_slice().quantile(p), ordered.as_slice().quantile(p), "{p} of {n}");
            }
        }
    }

    #[test]
    fn a_quantile_of_months_is_a_month_that_was_there() {
        // Of four paths three get there in month 1 and one in month 3; of five the last never does.
        let of = |paths, p| Months { counts: &[0, 3, 0, 1], paths }.quantile_below(p);
        assert_eq!([0.0, 0.5, 0.95, 1.0].map(|p| of(4, p)), [1.0, 1.0, 1.0, 3.0]);
        assert_eq!([0.75, 0.8, 1.0].map(|p| of(5, p)), [3.0, 3.0, f64::INFINITY]);
    }
}
