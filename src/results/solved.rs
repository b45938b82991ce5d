//! The tables of a solution, read back: where the level is reached, and where each path breaks even.

use super::{Results, SolveRecord};
use crate::aggregate::Estimate;
pub(crate) use crate::analysis::Crossing;
use crate::analysis::stretches;
use crate::table::{Row, SHARE_COLUMNS};
use crate::words::Frequency;

/// Where a level is reached.
pub(crate) struct Solved<'r> {
    /// The outcome or event.
    pub(crate) name: &'r str,
    /// Its level.
    pub(crate) level: f64,
    /// By value of the input the mean or the probability.
    pub(crate) curve: Vec<(f64, Estimate)>,
    pub(crate) crossings: Vec<Crossing>,
}

impl<'r> Solved<'r> {
    /// None where no level was looked for.
    pub(crate) fn new(results: &'r Results, record: &'r SolveRecord) -> Option<Self> {
        let (name, level) = (record.until.as_deref()?, record.level?);
        let column = if record.is_probability { name.to_owned() } else { format!("{name}_mean") };
        let input = &record.solve_for.input;
        let point = |row: Row<'_>| Some((row.number(input)?, row.estimate(&column)?));
        let crossing = |row: Row<'_>| {
            Some(Crossing {
                value: row.number(input)?,
                interval: [row.number("ci95_low"), row.number("ci95_high")],
                rising: row.number("reached_above")? > 0.0,
            })
        };
        let curve = results.rows("curve").filter_map(point).collect();
        Some(Self { name, level, curve, crossings: results.rows("crossings").filter_map(crossing).collect() })
    }

    /// The stretches of the bracket on which the level is reached.
    pub(crate) fn stretches(&self) -> Vec<[Option<Crossing>; 2]> {
        stretches(self.curve.first().is_some_and(|point| point.1.value >= self.level), &self.crossings)
    }

    /// The highest point of the curve.
    pub(crate) fn best(&self) -> (f64, Estimate) {
        let higher =
            |best: (f64, Estimate), point: &(f64, Estimate)| if point.1.value > best.1.value { *point } else { best };
        self.curve.iter().fold((f64::NAN, Estimate::exact(f64::NEG_INFINITY)), higher)
    }
}

/// Where each path breaks even.
pub(crate) struct BreakEvens<'r> {
    results: &'r Results,
    /// Whether a path needs so much, or bears so much.
    pub(crate) is_needed: bool,
    /// Probability and value, as far as they are known.
    pub(crate) quantiles: Vec<(f64, f64)>,
}

impl<'r> BreakEvens<'r> {
    /// None where they were not looked for.
    pub(crate) fn new(results: &'r Results, record: &'r SolveRecord) -> Option<Self> {
        let side = record.side.as_deref().filter(|_| record.each_path)?;
        let rows = results.rows("break-even").filter(|row| row.text("side") == Some(side));
        let point = |row: Row<'_>| Some((row.number("probability")?, row.number(&record.solve_for.input)?));
        Some(Self { results, is_needed: side != "highest", quantiles: rows.filter_map(point).collect() })
    }

    /// The quantile at `p`; infinite where so many break even nowhere.
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        self.quantiles.iter().find(|point| point.0 >= p - 1e-9).map_or(f64::NAN, |point| point.1)
    }

    /// A share of the paths: `none`, `at_low`, `at_high`, `several_crossings`.
    pub(crate) fn share(&self, what: &str) -> Frequency {
        let paths = self.results.record.simulation.paths;
        let [_, errors @ ..] = SHARE_COLUMNS;
        let [se, low, high] = errors;
        let row = self.results.row("shares", "breaks_even", what);
        row.and_then(|row| row.frequency_in(["share", se, low, high], paths))
            .unwrap_or_else(|| Frequency::of_share(0.0, paths))
    }
}
