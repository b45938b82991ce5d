//! What a study is worth by its size: sizes that rise, the best of them, and the largest that still pays.

use super::asked::{Cost, StudyOf};
use super::payoffs::at_least_nothing;
use super::study::{LARGEST_STUDY, Study};
use crate::aggregate::Estimate;

/// What a study is worth by its size.
#[derive(Clone, Debug, PartialEq)]
pub struct Studied {
    /// The study as it was asked about.
    pub of: StudyOf,
    /// The unit of its input.
    pub unit: &'static str,
    /// What it is worth at some sizes, rising; the one asked about is among them.
    pub sizes: Vec<(u64, Estimate)>,
    /// With a cost: the size at which worth less cost is largest, to two digits. None where it does not pay at any size.
    pub best: Option<u64>,
    /// With a cost: the largest size at which the study still pays, to two digits; none where it does not pay at any size.
    pub pays_up_to: Option<u64>,
}

impl Studied {
    /// What it is worth at a size that was looked at.
    #[must_use]
    pub fn at(&self, n: u64) -> Option<Estimate> {
        self.sizes.iter().find(|size| size.0 == n).map(|size| size.1)
    }
}

/// What a study is worth at many sizes, and at which it pays, where `known` is what the input itself is worth. None where it is
/// interrupted.
pub(super) fn studied(
    of: &StudyOf,
    unit: &'static str,
    cost: Option<Cost>,
    known: f64,
    worth: impl Fn(u64) -> Option<Estimate>,
) -> Option<Studied> {
    let most = match of.study {
        Study::Survey => 100_000,
        Study::Measurement { .. } => 1000,
    };
    let most = most.max(of.n.saturating_mul(10)).min(LARGEST_STUDY);
    let mut sizes: Vec<(u64, Estimate)> = Vec::new();
    for n in rungs(1, most).chain([of.n, most]) {
        sizes.push((n, worth(n)?));
    }
    let mut studied = Studied { of: of.clone(), unit, sizes, best: None, pays_up_to: None };
    if let Some(cost) = cost {
        let net = |size: &(u64, Estimate)| size.1.value - cost.of(size.0);
        // The smallest of several that are as good.
        let best_of = |sizes: &[(u64, Estimate)]| sizes.iter().rev().max_by(|a, b| net(a).total_cmp(&net(b))).copied();
        // On until it pays no more, or forever where more people cost nothing.
        let mut last = most;
        while last < LARGEST_STUDY && studied.sizes.iter().filter(|size| size.0 == last).any(|size| net(size) > 0.0) {
            let next = last.saturating_mul(10).min(LARGEST_STUDY);
            for n in rungs(last + 1, next).chain([next]) {
                studied.sizes.push((n, worth(n)?));
            }
            last = next;
        }
        studied.sort();
        // Twice closer around the best, to the digits that are said.
        for steps in [8.0, 40.0] {
            let best = best_of(&studied.sizes)?.0;
            for k in -6..=6 {
                let n = two_digits(best as f64 * libm::pow(10.0, f64::from(k) / steps));
                if (1..=LARGEST_STUDY).contains(&n) && studied.at(n).is_none() {
                    studied.sizes.push((n, worth(n)?));
                }
            }
        }
        studied.settle(known);
        let best = best_of(&studied.sizes)?;
        if net(&best) > 0.0 {
            studied.best = Some(best.0);
            let last = *studied.sizes.iter().rev().find(|size| size.0 >= best.0 && net(size) > 0.0)?;
            let next = studied.sizes.iter().find(|size| size.0 > last.0).copied();
            let mut ends = (last.0, next.map_or(last.0, |next| next.0));
            while let Some(middle) = Some(two_digits(libm::sqrt(ends.0 as f64 * ends.1 as f64)))
                .filter(|middle| (ends.0 + 1..ends.1).contains(middle))
            {
                let value = worth(middle)?;
                studied.sizes.push((middle, value));
                if value.value.min(known) > cost.of(middle) { ends.0 = middle } else { ends.1 = middle }
            }
            studied.pays_up_to = Some(ends.0);
        }
    }
    studied.settle(known);
    Some(studied)
}

impl Studied {
    fn sort(&mut self) {
        self.sizes.sort_by_key(|size| size.0);
        self.sizes.dedup_by_key(|size| size.0);
    }

    /// Sorts the sizes. A larger study is worth no less, and none more than the input itself: where the simulation's noise says
    /// otherwise, neighbours take their mean.
    fn settle(&mut self, known: f64) {
        self.sort();
        // Sums of neighbours that take their mean, and how many they are.
        let mut pools: Vec<(f64, usize)> = Vec::new();
        for (_, worth) in &self.sizes {
            pools.push((worth.value, 1));
            while let [.., before, last] = pools.as_mut_slice()
                && before.0 / before.1 as f64 > last.0 / last.1 as f64
            {
                *before = (before.0 + last.0, before.1 + last.1);
                pools.pop();
            }
        }
        let settled = pools.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count));
        for ((_, worth), value) in self.sizes.iter_mut().zip(settled) {
            let value = value.min(known);
            *worth = worth.se.map_or(Estimate::exact(value), |se| at_least_nothing(Estimate::of_replicates(value, se)));
        }
    }
}

/// 1, 2, 3, 5, 7, 10, 14, 20, … within two bounds.
fn rungs(least: u64, most: u64) -> impl Iterator<Item = u64> {
    let decade = |power: u32| [10, 14, 20, 30, 50, 70].map(|k| k * 10_u64.pow(power));
    [1, 2, 3, 5, 7].into_iter().chain((0..9).flat_map(decade)).filter(move |n| (least..=most).contains(n))
}

/// A size to two digits.
fn two_digits(x: f64) -> u64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(x.max(1.0))) - 1.0).max(1.0);
    ((x / power).round() * power) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(cost: Option<Cost>, worth: impl Fn(u64) -> f64) -> Studied {
        let of = StudyOf { input: "market.refusal_rate".to_owned(), study: Study::Survey, n: 1000 };
        studied(&of, "share", cost, 1000.0, |n| Some(Estimate::exact(worth(n)))).unwrap()
    }

    #[test]
    fn the_best_size_and_the_last_that_pays_are_found() {
        // Worth 1000 · n / (n + 100), at a cost of 100 + n: best where 1e5 / (n + 100)² = 1, at n = 216. It pays as long as
        // 1000 n > (100 + n)², up to n = 787.
        let worth = |n: u64| 1000.0 * n as f64 / (n as f64 + 100.0);
        let found = study(Some(Cost { fixed: 100.0, per: 1.0 }), worth);
        let (best, last) = (found.best.unwrap(), found.pays_up_to.unwrap());
        assert!((200..=230).contains(&best), "{best}");
        assert!((780..=790).contains(&last), "{last}");
        assert!(found.sizes.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(found.at(1000).is_some(), "the size that was asked about is there");
        // Too dear at every size; for nothing at every size.
        assert_eq!(study(Some(Cost { fixed: 2000.0, per: 1.0 }), worth).best, None);
        assert_eq!(study(Some(Cost { fixed: 10.0, per: 0.0 }), worth).pays_up_to, Some(LARGEST_STUDY));
        assert_eq!(study(None, worth).best, None);
        // Where more people cost nothing and tell nothing more, the smallest size is best.
        let flat = study(Some(Cost { fixed: 10.0, per: 0.0 }), |n| n.min(100) as f64);
        assert_eq!(flat.best, Some(100));
        // A size that is no round one does not end the search: 10 · n is worth more than 1 · n up to the known 1000.
        let of = StudyOf { input: "market.refusal_rate".to_owned(), study: Study::Survey, n: 12_345 };
        let cost = Some(Cost { fixed: 0.0, per: 1e-4 });
        let found = studied(&of, "share", cost, 1000.0, |n| Some(Estimate::exact(worth(n)))).unwrap();
        // 1000 is reached in the end, so it pays up to 10 million.
        assert!((9_900_000..=10_100_000).contains(&found.pays_up_to.unwrap()), "{:?}", found.pays_up_to);
    }

    #[test]
    fn noise_does_not_make_a_larger_study_worth_less() {
        let found = study(None, |n| 900.0 + if n % 20 == 0 { 30.0 } else { 0.0 } + n as f64 / 100.0);
        assert!(found.sizes.windows(2).all(|pair| pair[0].1.value <= pair[1].1.value), "{:?}", found.sizes);
        assert!(found.sizes.iter().all(|size| size.1.value <= 1000.0));
        // 5 stands as it is; 20 is above 30, 50 and 70, so all take their mean.
        assert_eq!(found.at(5).unwrap().value, 900.05);
        assert!([20, 30, 50, 70].iter().all(|n| (found.at(*n).unwrap().value - 907.925).abs() < 1e-9));
    }
}
