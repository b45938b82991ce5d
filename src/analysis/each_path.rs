//! The break-even as a distribution: for each path the value of an input at which its NPV is zero.

use super::AnalysisError;
use super::bracket::Bracket;
use super::solve::Solve;
use crate::aggregate::{Proportion, Quantiles};
use crate::engine::{Bounds, Options, Threads};
use crate::scenario::changed_month;
use crate::scenario::keys::{Key, Takes, Trait};

/// Where each path breaks even, inside a bracket.
#[derive(Clone, Debug)]
pub struct EachPath {
    /// The input and its bracket.
    pub bracket: Bracket,
    /// The share of paths that break even at no value.
    pub none: Proportion,
    /// … at the lower end of the bracket.
    pub at_low: Proportion,
    /// … at its upper end.
    pub at_high: Proportion,
    /// The share of paths on which NPV crosses zero more than once.
    pub several_crossings: Proportion,
    /// Quantiles of the lowest value at which a path breaks even; infinite for those that have none.
    pub lowest: Quantiles,
    /// … of the highest; −infinite for those that have none.
    pub highest: Quantiles,
}

/// Which of a path's values is its break-even.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The lowest at which it breaks even: it needs at least so much.
    Lowest,
    /// The highest: it can bear at most so much.
    Highest,
}

impl EachPath {
    /// Which side is of interest: an input of which less is better is borne up to a value, any other is needed from one on.
    #[must_use]
    pub fn side(&self) -> Side {
        let (low, high) = (self.at_low.count, self.at_high.count);
        // Where as many break even at both ends, what the input is decides.
        if low > high || low == high && self.bracket.key.is(Trait::LessIsBetter) { Side::Highest } else { Side::Lowest }
    }

    /// The quantile at `p` of the break-even; infinite, or −infinite, where so many have none.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        let quantiles = match self.side() {
            Side::Lowest => &self.lowest,
            Side::Highest => &self.highest,
        };
        quantiles.iter().find(|point| point.0 >= p - 1e-9).map_or(f64::NAN, |point| point.1.value)
    }
}

impl Solve {
    /// Finds where each path breaks even. Of the values that lie closer together than a thirty-second of the bracket some may
    /// be missed, but around the highest point of a path.
    ///
    /// # Errors
    /// Where the input is not drawn on each path, the run is interrupted, or threads cannot be started.
    pub fn each_path(&self, options: &Options<'_>) -> Result<EachPath, AnalysisError> {
        self.check_each_path()?;
        let Bracket { low, high, .. } = &self.bracket;
        let input = self.bracket.input();
        // The scenario with the input as a number, in which it has a column of its own.
        let scenario = self.bracket.at(&self.scenario, *high)?;
        let Some(column) = scenario.column_of(input) else {
            return Err(AnalysisError::Asked(format!("`{input}` is no input")));
        };
        let bracket = Bounds { column, low: *low, high: *high };
        let found = Threads::new(options)?.thresholds(&self.first, bracket, self.paths)?;
        let [none, at_low, at_high, several_crossings] = found.shares();
        let [lowest, highest] = found.quantiles();
        let bracket = self.bracket.clone();
        Ok(EachPath { bracket, none, at_low, at_high, several_crossings, lowest, highest })
    }

    /// Whether the input can be solved for on each path.
    ///
    /// # Errors
    /// Where it is the same on every path.
    pub fn check_each_path(&self) -> Result<(), AnalysisError> {
        let (input, key) = (self.bracket.input(), self.bracket.key);
        let is_change = changed_month(input).is_some();
        if key.spec().takes == Takes::Input && !is_change && self.bracket.inputs.len() == 1 {
            return Ok(());
        }
        let why = if is_change {
            "a scheduled price is the same in all"
        } else if self.bracket.inputs.len() > 1 {
            "several inputs move together"
        } else if key == Key::Target {
            "no NPV depends on it"
        } else {
            "it takes whole numbers"
        };
        let message = format!("`{input}` cannot be solved for on each path: {why} (--until solves for it on average)");
        Err(AnalysisError::Asked(message))
    }
}
