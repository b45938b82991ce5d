//! What was learned of an input or an event: its prior beside its posterior.

use crate::aggregate::{Estimate, Means, quantile_of, sorted_numbers};

/// The quantiles that are shown.
const LEVELS: [f64; 3] = [0.05, 0.5, 0.95];
/// Points at which a prior's spread is measured.
const POINTS: usize = 4096;

/// What was learned of an input or an event.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The input, or `events.NAME`.
    pub name: String,
    /// Its unit; `month` of an event's start.
    pub unit: &'static str,
    /// The prior's quantiles at 5, 50 and 95%; infinite for an event that never starts.
    pub prior: [f64; 3],
    /// The posterior's.
    pub posterior: [f64; 3],
    /// The mean and the standard deviation before; none of an event.
    pub before: Option<(f64, f64)>,
    /// … and after.
    pub after: Option<(Estimate, f64)>,
    /// The probability that an event has started by the last month observed, before and after; none of an input.
    pub begun: Option<(f64, f64)>,
}

impl Learned {
    /// The standard deviation after over that before.
    #[must_use]
    pub fn sd_ratio(&self) -> Option<f64> {
        Some(self.after?.1 / self.before?.1)
    }

    /// An input whose prior has these quantiles, with its draws of the posterior.
    pub(super) fn of_input(name: &str, unit: &'static str, prior: impl Fn(f64) -> f64, draws: &[f64]) -> Self {
        let points: Vec<f64> = (0..POINTS).map(|i| prior((i as f64 + 0.5) / POINTS as f64)).collect();
        let mean = Means::of_numbers(draws).estimate();
        Self {
            name: name.to_owned(),
            unit,
            prior: LEVELS.map(prior),
            posterior: quantiles(draws),
            before: Some(mean_and_sd(&points)),
            after: Some((mean, mean_and_sd(draws).1)),
            begun: None,
        }
    }

    /// An event of this probability a year, with the months in which it starts in the posterior, after `last` observed months of all the
    /// `months`.
    pub(super) fn of_event(name: String, annual: f64, starts: &[f64], last: usize, months: usize) -> Self {
        // The event has not started by month t with the probability (1 − p)^(t/12).
        let never_before = |t: f64| libm::pow(1.0 - annual, t / 12.0);
        let start = |p: f64| {
            let month = 12.0 * libm::log1p(-p) / libm::log1p(-annual);
            if annual == 0.0 { f64::INFINITY } else { month.ceil().max(1.0) }
        };
        let within = |month: f64| if month > months as f64 { f64::INFINITY } else { month };
        let begun = starts.iter().filter(|month| **month <= last as f64).count() as f64 / starts.len().max(1) as f64;
        Self {
            prior: LEVELS.map(start).map(within),
            posterior: quantiles(starts).map(within),
            name,
            unit: "month",
            before: None,
            after: None,
            begun: Some((1.0 - never_before(last as f64), begun)),
        }
    }
}

/// The quantiles that are shown of some numbers.
pub(super) fn quantiles(numbers: &[f64]) -> [f64; 3] {
    let ordered = sorted_numbers(numbers);
    LEVELS.map(|p| quantile_of(&ordered, p))
}

fn mean_and_sd(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len().max(2) as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, libm::sqrt(squares / (n - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_of_a_constant_rate_has_begun_by_a_month_with_the_odds_of_an_exponential_law() {
        // 19% a year: 1 − 0.81² in two years. It starts by month 2.92 with 5%, by 39.5 with 50% and by 170.6 with 95%.
        let starts = [3.0, 24.0, 25.0, f64::INFINITY, 60.0, 61.0, f64::INFINITY, 8.0];
        let of = |months| Learned::of_event("strike".to_owned(), 0.19, &starts, 24, months);
        let (before, after) = of(60).begun.unwrap();
        assert!((before - 0.3439).abs() < 1e-12 && after == 3.0 / 8.0, "{before} {after}");
        assert_eq!(of(60).prior, [3.0, 40.0, f64::INFINITY]);
        // The last month is one of them.
        assert_eq!((of(40).prior[1], of(39).prior[1]), (40.0, f64::INFINITY));
        // Between the fourth and the fifth of eight in order: 3, 8, 24, 25, 60, 61, …
        assert_eq!((of(60).posterior[1], of(40).posterior[1]), (42.5, f64::INFINITY));
        let never = Learned::of_event("never".to_owned(), 0.0, &[f64::INFINITY; 4], 24, 60);
        assert_eq!((never.prior, never.begun), ([f64::INFINITY; 3], Some((0.0, 0.0))));
    }

    #[test]
    fn an_input_is_learned_by_its_quantiles_means_and_sds() {
        let draws: Vec<f64> = (0..=100).map(f64::from).collect();
        let of = Learned::of_input("x", "$", |p| 200.0 * p, &draws);
        assert_eq!((of.prior, of.posterior), (LEVELS.map(|p| 200.0 * p), LEVELS.map(|p| 100.0 * p)));
        let ((prior, prior_sd), (mean, sd)) = (of.before.unwrap(), of.after.unwrap());
        assert!(
            (prior - 100.0).abs() < 1e-9 && (prior_sd - 200.0 / 12.0_f64.sqrt()).abs() < 1e-1,
            "{prior} {prior_sd}"
        );
        // 101 whole numbers: (101² − 1) / 12, of a sample 101 / 100 times that.
        assert!(mean.value == 50.0 && (sd - (850.0_f64 * 1.01).sqrt()).abs() < 1e-12, "{sd}");
        assert!((of.sd_ratio().unwrap() - sd / prior_sd).abs() < 1e-15);
        assert!(of.begun.is_none());
    }
}
