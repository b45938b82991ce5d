//! The tables of drivers, read back: which of what is uncertain is behind the variance.

use super::{DriversRecord, Results};
use crate::aggregate::Estimate;
use crate::words;

/// Inputs that decide are named until they have so much of the variance together, but no more than four.
const MOST_OF_IT: (f64, usize) = (0.7, 4);
/// A share whose interval reaches further says nothing.
pub(crate) const SAYS_NOTHING: f64 = 0.25;

/// What is behind the variance of a number.
pub(crate) struct Driving<'r> {
    pub(crate) record: &'r DriversRecord,
    /// Shapley effects, the largest first.
    pub(crate) variance: Vec<(&'r str, Estimate)>,
}

impl<'r> Driving<'r> {
    pub(crate) fn new(results: &'r Results, record: &'r DriversRecord) -> Self {
        let mut variance = Vec::new();
        for row in results.rows("variance") {
            variance.extend(row.text("input").zip(row.estimate("shapley")));
        }
        Self { record, variance }
    }

    /// Whether the shares say something: where one may be off by a quarter they do not.
    pub(crate) fn is_ranked(&self) -> bool {
        let wide = |share: &Estimate| share.interval.is_none_or(|(low, high)| 0.5 * (high - low) > SAYS_NOTHING);
        self.record.sd > 0.0 && !self.variance.is_empty() && !self.variance.iter().any(|(_, share)| wide(share))
    }

    /// What has most of the variance, and how much of it together.
    pub(crate) fn deciding(&self) -> (Vec<&'r str>, f64) {
        let (mut names, mut together) = (Vec::new(), 0.0);
        for (name, share) in &self.variance {
            if names.len() == MOST_OF_IT.1 || together >= MOST_OF_IT.0 {
                break;
            }
            names.push(*name);
            together += share.value;
        }
        (names, together)
    }

    /// What is asked about, as it is said: `mean NPV`, `the probability of payback`.
    pub(crate) fn what(&self) -> String {
        if self.record.is_probability {
            format!("the probability of {}", words::event(&self.record.of))
        } else {
            format!("mean {}", words::outcome(&self.record.of))
        }
    }

    /// What varies: `NPV`, `payback`.
    pub(crate) fn varies(&self) -> String {
        if self.record.is_probability { words::event(&self.record.of) } else { words::outcome(&self.record.of) }
    }

    /// The level that was to be reached.
    pub(crate) fn level(&self) -> String {
        let DriversRecord { level, unit, is_probability, .. } = self.record;
        if *is_probability { words::percent_tick(*level) } else { words::amount(*level, unit) }
    }

    /// A change of it with its error.
    pub(crate) fn change(&self, x: &Estimate) -> String {
        let half = x.interval.map(|(low, high)| 0.5 * (high - low)).filter(|half| *half > 1e-9 * x.value.abs());
        words::change_in_unit(x.value, half, &self.record.unit)
    }
}

/// An input in a sentence, with its article.
pub(crate) fn the(name: &str) -> String {
    format!("the {}", crate::scenario::called(name))
}
