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
