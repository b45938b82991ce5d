//! The tables of a scenario that is conditioned on actual numbers: those of a run after them, and what they changed.

use super::spec::common::{MONTH, SEGMENT, UNIT};
use super::spec::{Column, OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table, tables};
use crate::aggregate::OutcomeSummary;
use crate::analysis::{Conditioned, Conditioning, Learned, Profile, Scored, Seen};
use crate::data::Observation;
use crate::scenario::Scenario;

/// Every table, in the order in which they are written.
#[must_use]
pub fn condition_tables(conditioning: &Conditioning, found: &Conditioned, profiles: &[Profile]) -> Vec<Table> {
    let mut out = vec![moved(found), learned(found), observed(conditioning, found)];
    // Quantiles of the inputs are those that the file says; `learned` has what has become of them.
    let of_run = tables(&found.scenario, &found.plan, &found.after, profiles);
    out.extend(of_run.into_iter().filter(|table| table.name != super::run::INPUT_QUANTILES.name));
    out
}

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[MOVED, LEARNED, OBSERVED];

pub(super) const MOVED: TableSpec = TableSpec {
    name: "moved",
    row: "an event, or the mean of an outcome",
    columns: &[
        column("of", TEXT, "an event, or an outcome"),
        UNIT,
        column("before", OF_ROW, "its probability, or mean, before the actual numbers"),
        column("before_se", OF_ROW, "its standard error"),
        column("before_ci95_low", OF_ROW, "lower end of its 95% interval"),
        column("before_ci95_high", OF_ROW, "upper end of its 95% interval"),
        column("after", OF_ROW, "the same after them"),
        column("after_se", OF_ROW, "its standard error"),
        column("after_ci95_low", OF_ROW, "lower end of its 95% interval"),
        column("after_ci95_high", OF_ROW, "upper end of its 95% interval"),
    ],
    of_comparisons: false,
};

fn moved(found: &Conditioned) -> Table {
    let mut table = MOVED.table();
    let mut push = |of: &str, unit: &str, before: [Cell; 4], after: [Cell; 4]| {
        let mut row = vec![Cell::from(of), Cell::from(unit)];
        row.extend(before.into_iter().chain(after));
        table.push(row);
    };
    for (before, after) in found.before.probabilities.iter().zip(&found.after.probabilities) {
        push(before.name, "share", super::estimate(&before.estimate()), super::estimate(&after.estimate()));
    }
    // What only some paths have is not of the same ones before and after.
    let compared = |outcome: &OutcomeSummary| outcome.segment.is_none() && outcome.is_compared();
    for (before, after) in found.before.outcomes.iter().zip(&found.after.outcomes).filter(|row| compared(row.0)) {
        if let (Some(old), Some(new)) = (&before.mean, &after.mean) {
            push(before.name, before.unit, super::estimate(old), super::estimate(new));
        }
    }
    table
}

pub(super) const LEARNED: TableSpec = TableSpec {
    name: "learned",
    row: "an uncertain input or an event",
    columns: &[
        column("input", TEXT, "the input, or events.NAME"),
        UNIT,
        column("prior_p05", OF_ROW, "5% quantile before the actual numbers; of an event its month, empty for never"),
        column("prior_p50", OF_ROW, "median before them"),
        column("prior_p95", OF_ROW, "95% quantile before them"),
        column("posterior_p05", OF_ROW, "5% quantile after them"),
        column("posterior_p50", OF_ROW, "median after them"),
        column("posterior_p95", OF_ROW, "95% quantile after them"),
        column("prior_mean", OF_ROW, "mean before them"),
        column("prior_sd", OF_ROW, "standard deviation before them"),
        column("posterior_mean", OF_ROW, "mean after them"),
        column("posterior_mean_se", OF_ROW, "its standard error"),
        column("posterior_sd", OF_ROW, "standard deviation after them"),
        column("sd_ratio", "1", "standard deviation after over before: 1 where nothing was learned"),
        column("prior_begun", "share", "probability that the event has started by the last month used, before"),
        column("posterior_begun", "share", "the same after"),
    ],
    of_comparisons: false,
};

fn learned(found: &Conditioned) -> Table {
    let mut table = LEARNED.table();
    for learned in &found.learned {
        let Learned { name, unit, prior, posterior, before, after, begun } = learned;
        let mut row = vec![Cell::from(name.as_str()), Cell::from(*unit)];
        row.extend(prior.iter().chain(posterior).map(|x| Cell::from(Some(*x).filter(|x| x.is_finite()))));
        row.extend([before.map(|before| before.0), before.map(|before| before.1)].map(Cell::from));
        let after = [after.map(|x| x.0.value), after.and_then(|x| x.0.se), after.map(|x| x.1), learned.sd_ratio()];
        row.extend(after.map(Cell::from));
        row.extend([begun.map(|begun| begun.0), begun.map(|begun| begun.1)].map(Cell::from));
        table.push(row);
    }
    table
}

/// An actual number: where it belongs, what it is, and its error.
pub(super) const SERIES: Column = column("series", TEXT, "a monthly series, as in monthly.csv");
pub(super) const VALUE: Column = column("value", OF_ROW, "what was observed");
pub(super) const SD: Column = column("sd", OF_ROW, "standard deviation of its error, where it has one in its own unit");

/// Its cells: month, segment, series, unit, value, sd.
pub(super) fn number(seen: &Observation, scenario: &Scenario) -> Vec<Cell> {
    let segment = seen.segment.map_or("all", |at| scenario.segments()[at].name.as_str());
    let texts = [segment, seen.name, seen.unit].map(Cell::from);
    std::iter::once(Cell::from(seen.month)).chain(texts).chain([seen.value.into(), seen.sd.into()]).collect()
}

/// Where it fell in its forecast: PIT, whether the intervals of 50% and 90% hold it, CRPS.
pub(super) fn fell(seen: &Observation, scored: Option<&Scored>) -> [Cell; 4] {
    let within = scored.map(|scored| scored.holds(seen.value).map(|held| f64::from(u8::from(held))));
    [
        scored.map(|scored| scored.pit).into(),
        within.map(|within| within[0]).into(),
        within.map(|within| within[1]).into(),
        scored.map(|scored| scored.crps).into(),
    ]
}

pub(super) const PIT: Column = column(
    "pit",
    "share",
    "of a number that was not learned from: the share of its forecast, error included, that lies below it",
);
pub(super) const IN_50: Column = column("in_50", "1", "1 where it lies in the forecast's interval of 50%, else 0");
pub(super) const IN_90: Column = column("in_90", "1", "1 where it lies in that of 90%, else 0");
pub(super) const CRPS: Column =
    column("crps", OF_ROW, "continuous ranked probability score: 0 would be certain and right");

pub(super) const OBSERVED: TableSpec = TableSpec {
    name: "observed",
    row: "an actual number",
    columns: &[
        MONTH,
        SEGMENT,
        SERIES,
        UNIT,
        VALUE,
        SD,
        column("use", TEXT, "`learned from`, or `held out`"),
        column("prior_p05", OF_ROW, "5% quantile of the forecast before the actual numbers"),
        column("prior_p50", OF_ROW, "its median"),
        column("prior_p95", OF_ROW, "its 95% quantile"),
        column("posterior_p05", OF_ROW, "5% quantile after them"),
        column("posterior_p50", OF_ROW, "median after them"),
        column("posterior_p95", OF_ROW, "95% quantile after them"),
        PIT,
        IN_50,
        IN_90,
        CRPS,
    ],
    of_comparisons: false,
};

fn observed(conditioning: &Conditioning, found: &Conditioned) -> Table {
    let mut table = OBSERVED.table();
    let used = found.seen.iter().filter(|seen| !seen.held_out).count();
    for (i, Seen { observation, held_out, prior, posterior }) in found.seen.iter().enumerate() {
        let mut row = number(observation, conditioning.scenario());
        row.push(Cell::from(if *held_out { "held out" } else { "learned from" }));
        row.extend(prior.iter().chain(posterior).map(|x| Cell::from(*x)));
        let scored = found.score.as_ref().filter(|_| *held_out).and_then(|score| score.scored.get(i - used));
        row.extend(fell(observation, scored));
        table.push(row);
    }
    table
}
