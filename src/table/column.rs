//! What each column of the tables is: its kind, its unit, its meaning. The data dictionary.

use super::{Cell, Table};
use crate::aggregate::CaseSummary;
use crate::scenario::keys::KEYS;

/// A column as the dictionary has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The tables that have it, as one text.
    pub tables: &'static str,
    /// Its name; `OUTCOME`, `EVENT` and `INPUT` stand for what is inserted there.
    pub name: &'static str,
    /// `text`, or the unit of its numbers; `unit` where the row's own column `unit` says it.
    pub unit: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

const fn column(tables: &'static str, name: &'static str, unit: &'static str, meaning: &'static str) -> Column {
    Column { tables, name, unit, meaning }
}

/// Every column of every table.
pub const COLUMNS: &[Column] = &[
    column(
        "summary, monthly, curves, unit-economics, paths",
        "segment",
        "text",
        "a segment of the market; `all` for their sum, in curves and unit-economics for those that count toward the target",
    ),
    column(
        "summary, quantiles, histogram, timing, differences, contributions",
        "outcome",
        "text",
        "an outcome of a path",
    ),
    column("most", "unit", "text", "the unit of the row's numbers"),
    column(
        "summary, monthly, curves, unit-economics",
        "mean",
        "unit",
        "mean over paths; empty where some paths have no such number",
    ),
    column("summary, monthly", "mean_se", "unit", "its standard error: the simulation's own, from replicates"),
    column("summary", "mean_ci95_low", "unit", "lower end of its 95% interval"),
    column("summary", "mean_ci95_high", "unit", "upper end of its 95% interval"),
    column("summary", "sd", "unit", "standard deviation: the spread of outcomes"),
    column("summary", "min", "unit", "lowest of all paths"),
    column(
        "summary, monthly, inputs, curves, unit-economics",
        "p05",
        "unit",
        "5% of the paths have no more (inputs: of the distribution)",
    ),
    column("summary", "p10", "unit", "10% of the paths have no more"),
    column("summary, monthly", "p25", "unit", "25% of the paths have no more"),
    column("summary, monthly, inputs, curves, unit-economics", "p50", "unit", "the median"),
    column("summary, monthly", "p75", "unit", "75% of the paths have no more"),
    column("summary", "p90", "unit", "90% of the paths have no more"),
    column(
        "summary, monthly, inputs, curves, unit-economics",
        "p95",
        "unit",
        "95% of the paths have no more (inputs: of the distribution)",
    ),
    column("summary", "max", "unit", "highest of all paths"),
    column(
        "summary",
        "reached_share",
        "share",
        "share of paths that have such a number: a month that is reached, a sum that suffices",
    ),
    column("summary", "reached_share_se", "share", "its standard error"),
    column("probabilities", "event", "text", "a yes-or-no question about a path"),
    column("probabilities", "count", "1", "number of paths on which the answer is yes"),
    column("probabilities", "probability", "share", "share of paths on which the answer is yes"),
    column(
        "quantiles, input-quantiles, break-even",
        "probability",
        "share",
        "share of paths with no more than the row's value",
    ),
    column(
        "probabilities, timing, quantiles, shares, break-even",
        "standard_error",
        "unit",
        "standard error of the row's share or value",
    ),
    column(
        "probabilities, timing, quantiles, shares, break-even, crossings",
        "ci95_low",
        "unit",
        "lower end of its 95% interval",
    ),
    column(
        "probabilities, timing, quantiles, shares, break-even, crossings",
        "ci95_high",
        "unit",
        "upper end of its 95% interval",
    ),
    column("monthly, timing, curves", "month", "months", "month since launch; 0 is launch"),
    column("monthly, timing, inputs", "date", "text", "calendar month; for inputs the date of the source"),
    column("monthly", "series", "text", "what is counted in each month"),
    column("timing, shares", "share", "share", "timing: share of paths by that month; shares: of all paths"),
    column("histogram", "low", "unit", "lower end of the bin; that of the first is the lowest path"),
    column("histogram", "high", "unit", "upper end of the bin; that of the last is the highest path"),
    column("histogram", "share", "share", "share of paths in the bin"),
    column("quantiles, input-quantiles", "value", "unit", "the quantile"),
    column("inputs, input-quantiles", "key", "text", "the input's name in the scenario file"),
    column("inputs", "distribution", "text", "its value or distribution as written"),
    column("inputs", "mean", "unit", "mean of its distribution"),
    column("inputs", "source", "text", "where it comes from; `default` where the file does not give it"),
    column("inputs", "grade", "text", "A official, B reputable press, C secondary, X assumption"),
    column("inputs", "file", "text", "the file that gives it"),
    column("inputs", "note", "text", "the file's remark"),
    column(
        "curves",
        "curve",
        "text",
        "retention (share of a cohort still there at that age) or uptake (share of possible subscribers who ever subscribed)",
    ),
    column("unit-economics", "component", "text", "what a subscriber pays or costs"),
    column(
        "sweep, best, curve, crossings, break-even",
        "INPUT",
        "unit of the input",
        "the value of the input that is varied or solved for",
    ),
    column("sweep, curve", "OUTCOME_mean", "unit of the outcome", "mean of the outcome at that value"),
    column("sweep, curve", "OUTCOME_mean_se", "unit of the outcome", "its standard error"),
    column("curve", "OUTCOME_mean_ci95_low", "unit of the outcome", "lower end of its 95% interval"),
    column("curve", "OUTCOME_mean_ci95_high", "unit of the outcome", "upper end of its 95% interval"),
    column("sweep", "OUTCOME_p05", "unit of the outcome", "5% of the paths have no more"),
    column("sweep", "OUTCOME_p50", "unit of the outcome", "the median"),
    column("sweep", "OUTCOME_p95", "unit of the outcome", "95% of the paths have no more"),
    column("sweep, curve", "EVENT", "share", "share of paths on which the event happens"),
    column("sweep, curve", "EVENT_se", "share", "its standard error"),
    column("sweep, curve", "EVENT_ci95_low", "share", "lower end of its 95% interval"),
    column("sweep, curve", "EVENT_ci95_high", "share", "upper end of its 95% interval"),
    column("best", "measure", "text", "what is to be as high as possible"),
    column("best", "is_best", "0 or 1", "whether the row's point is the best"),
    column("best", "share_best", "share", "share of paths on which this point is the best; ties share"),
    column("best", "value", "unit", "the measure there"),
    column("best", "difference", "unit", "value less that of the best point, on the same paths"),
    column("best", "difference_se", "unit", "its standard error"),
    column(
        "best",
        "difference_ci95_low",
        "unit",
        "lower end of the 95% interval of how far it is behind the truly best",
    ),
    column("best", "difference_ci95_high", "unit", "upper end of that interval; 0 where the point may be the best"),
    column(
        "best",
        "regret",
        "unit",
        "what foresight would add: mean of each path's best less value; a little too small at the best point, which was picked by the same paths",
    ),
    column("best", "regret_se", "unit", "its standard error"),
    column("best", "regret_ci95_low", "unit", "lower end of its 95% interval"),
    column("best", "regret_ci95_high", "unit", "upper end of its 95% interval"),
    column("crossings", "reached_above", "0 or 1", "1 where the level is reached above the value, 0 below"),
    column("shares", "breaks_even", "text", "where between the ends a path breaks even"),
    column("break-even", "side", "text", "the lowest or the highest value at which a path breaks even"),
    column("differences, contributions, probabilities, monthly", "scenario", "text", "the scenario"),
    column("differences, contributions", "first", "text", "the scenario it is compared with"),
    column("differences", "mean", "unit", "mean of the scenario"),
    column("differences", "first_mean", "unit", "mean of the first scenario"),
    column("differences", "difference", "unit", "mean of the differences path by path"),
    column("differences", "difference_se", "unit", "its standard error"),
    column("differences", "difference_ci95_low", "unit", "lower end of its 95% interval"),
    column("differences", "difference_ci95_high", "unit", "upper end of its 95% interval"),
    column("differences", "difference_p05", "unit", "5% of the paths differ by no more"),
    column("differences", "difference_p50", "unit", "the median difference"),
    column("differences", "difference_p95", "unit", "95% of the paths differ by no more"),
    column("differences", "share_better", "share", "share of paths that are better in the scenario"),
    column("differences", "share_better_se", "share", "its standard error"),
    column("differences", "share_better_ci95_low", "share", "lower end of its 95% interval"),
    column("differences", "share_better_ci95_high", "share", "upper end of its 95% interval"),
    column("differences", "share_equal", "share", "share of paths that are as good in both"),
    column("contributions", "change", "text", "the input or inputs that differ"),
    column("contributions", "from", "text", "as in the first scenario"),
    column("contributions", "to", "text", "as in the scenario"),
    column("contributions", "contribution", "unit", "its part of the difference of means (Shapley's value)"),
    column("contributions", "contribution_se", "unit", "its standard error"),
    column("contributions", "contribution_ci95_low", "unit", "lower end of its 95% interval"),
    column("contributions", "contribution_ci95_high", "unit", "upper end of its 95% interval"),
    column("paths", "path", "1", "number of the path, from 0"),
    column("paths", "OUTCOME", "unit of the outcome", "the path's outcome; empty (null) where it has none"),
    column("paths", "INPUT", "unit of the input", "what the path drew for the input"),
];

/// The dictionary as a table itself.
#[must_use]
pub fn dictionary() -> Table {
    let mut table = Table::new("columns", ["column", "tables", "unit", "meaning"]);
    for Column { tables, name, unit, meaning } in COLUMNS {
        table.push([*name, *tables, *unit, *meaning].map(Cell::from));
    }
    table
}

/// Whether a column of a table holds text.
#[must_use]
pub fn is_text(table: &str, name: &str) -> bool {
    describe(table, name).is_some_and(|column| column.unit == "text")
}

/// The entry of a column of a table; a name that was made from an outcome, an event or an input has the entry of its pattern.
#[must_use]
pub fn describe(table: &str, name: &str) -> Option<&'static Column> {
    let of_table = |column: &&Column| column.tables == "most" || column.tables.split(", ").any(|t| t == table);
    let candidates = || COLUMNS.iter().filter(of_table);
    let exact = candidates().find(|column| column.name == name);
    let made = |column: &&Column, pattern: &str, word: &str| column.name.replace(pattern, word) == name;
    let of = |pattern: &'static str, word: &str| {
        candidates().find(|column| column.name.contains(pattern) && made(column, pattern, word))
    };
    let outcome = || CaseSummary::outcomes().find_map(|(word, _)| of("OUTCOME", word));
    let event = || CaseSummary::questions().find_map(|word| of("EVENT", word));
    let is_input = name.contains("price.changes.")
        || KEYS.iter().any(|spec| name == spec.name || name.ends_with(&format!(".{}", spec.name)));
    let input = || candidates().find(|column| column.name == "INPUT" && is_input);
    exact.or_else(outcome).or_else(event).or_else(input)
}
