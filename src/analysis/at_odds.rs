//! The message where hardly any future fits the actual numbers: which of them the scenario does not reach.

use super::posterior::FEWEST_EFFECTIVE;
use crate::aggregate::{quantile_of, sorted_numbers};
use crate::data::Observation;
use crate::sampler::normals;
use crate::words;

/// Observations that are named where none fits.
const MOST_NAMED: usize = 3;
/// What lies outside of these quantiles of the prior is at odds with it.
const FAR: [f64; 2] = [0.001, 0.999];

/// The message about observations with their forecast, which stands on the scale on which their error is normal. `error` is the relative
/// error of those that have none of their own; the `weighed` futures are worth `effective` independent ones.
pub(super) fn at_odds(used: &[Observation], error: f64, forecast: &[Vec<f64>], effective: f64, weighed: u64) -> String {
    let range = |seen: &Observation, forecast: &[f64]| {
        let noise = normals(1, "error of observations", forecast.len());
        let with_error: Vec<f64> = forecast
            .iter()
            .zip(&noise)
            .map(|(x, z)| match seen.sd {
                Some(sd) => x + sd * z,
                None => libm::exp(x + error * z),
            })
            .collect();
        let ordered = sorted_numbers(&with_error);
        FAR.map(|p| quantile_of(&ordered, p))
    };
    let outside: Vec<String> = used
        .iter()
        .zip(forecast)
        .filter_map(|(seen, forecast)| {
            let [low, high] = range(seen, forecast);
            (seen.value < low || seen.value > high).then(|| {
                format!(
                    "line {}: {} of month {} was {}, and 99.8% of the scenario's futures lie between {} and {}",
                    seen.line,
                    seen.name,
                    seen.month,
                    words::amount(seen.value, seen.unit),
                    words::amount(low, seen.unit),
                    words::amount(high, seen.unit)
                )
            })
        })
        .collect();
    let shown = outside.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = outside.len().saturating_sub(MOST_NAMED);
    let why = match outside.len() {
        0 => "each number by itself is possible, all of them together are not".to_owned(),
        _ if more > 0 => format!("{shown}; and {more} more"),
        _ => shown,
    };
    format!(
        "these numbers and the scenario are at odds: of {} futures, what fits is worth {} independent ones, and {} are the \
         least that says something ({why}). Widen the inputs that are wrong, or allow a larger --error",
        words::count(weighed),
        words::count(effective as u64),
        words::count(FEWEST_EFFECTIVE as u64)
    )
}
