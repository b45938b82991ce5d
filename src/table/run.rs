//! The tables of a run.

use super::spec::common::{
    DATE, KEY, MONTH, OUTCOME, P05, P25, P50, P75, P95, SEGMENT, SHARE_HIGH, SHARE_LOW, SHARE_SE, UNIT, VALUE_HIGH,
    VALUE_LOW, VALUE_SE,
};
use super::spec::{Column, OF_ROW, TEXT, TableSpec, column};
use super::{Cell, Table, estimate, proportion};
use crate::aggregate::{Estimate, Summary};
use crate::analysis::{Band, Profile};
use crate::plan::Plan;
use crate::scenario::keys::Key;
use crate::scenario::{NewPrice, PriceChange, Scenario};

/// Every table of a run, in the order in which they are written.
#[must_use]
pub fn tables(scenario: &Scenario, plan: &Plan, summary: &Summary, profiles: &[Profile]) -> Vec<Table> {
    vec![
        outcomes(scenario, summary),
        probabilities(summary),
        monthly(scenario, summary),
        timing(scenario, summary),
        quantiles(summary),
        histogram(summary),
        inputs(scenario, plan),
        input_quantiles(scenario, plan),
        curves(scenario, profiles),
        unit_economics(scenario, profiles),
    ]
}

/// Its tables, in the order in which they are written.
pub(super) const TABLES: &[TableSpec] = &[
    SUMMARY,
    PROBABILITIES,
    MONTHLY,
    TIMING,
    QUANTILES,
    HISTOGRAM,
    INPUTS,
    INPUT_QUANTILES,
    CURVES,
    UNIT_ECONOMICS,
    PATHS,
];

pub(super) const SUMMARY: TableSpec = TableSpec {
    name: "summary",
    row: "an outcome of a path, over all paths",
    columns: &[
        SEGMENT,
        OUTCOME,
        UNIT,
        column(
            "mean",
            OF_ROW,
            "mean over paths; empty where some paths never get there; of an IRR over those that have one, as in the next columns",
        ),
        column("mean_se", OF_ROW, "its standard error: the simulation's own, from replicates"),
        column("mean_ci95_low", OF_ROW, "lower end of its 95% interval"),
        column("mean_ci95_high", OF_ROW, "upper end of its 95% interval"),
        column("sd", OF_ROW, "standard deviation: the spread of outcomes"),
        column("min", OF_ROW, "lowest of the paths"),
        P05,
        column("p10", OF_ROW, "10% of the paths have no more"),
        P25,
        P50,
        P75,
        column("p90", OF_ROW, "90% of the paths have no more"),
        P95,
        column("max", OF_ROW, "highest of the paths"),
        column(
            "reached_share",
            "share",
            "share of paths that have such a number: a month that is reached, a sum that suffices",
        ),
        column("reached_share_se", "share", "its standard error"),
    ],
    of_comparisons: false,
};

fn outcomes(scenario: &Scenario, summary: &Summary) -> Table {
    let mut table = SUMMARY.table();
    for outcome in &summary.outcomes {
        // A quantile among the months that are never reached does not exist.
        let q = |i: usize| Cell::from(outcome.quantiles[i]);
        let [mean, se, low, high] = outcome.mean.as_ref().map_or([const { Cell::Missing }; 4], estimate);
        table.push([
            segment_name(scenario, outcome.segment),
            outcome.name.into(),
            outcome.unit.into(),
            mean,
            se,
            low,
            high,
            outcome.sd.into(),
            outcome.min.into(),
            q(0),
            q(1),
            q(2),
            q(3),
            q(4),
            q(5),
            q(6),
            outcome.max.into(),
            outcome.reached.probability.into(),
            outcome.reached.se.into(),
        ]);
    }
    table
}

pub(super) const PROBABILITIES: TableSpec = TableSpec {
    name: "probabilities",
    row: "a yes-or-no question about a path",
    columns: &[
        column("event", TEXT, "a yes-or-no question about a path"),
        column("probability", "share", "share of paths on which the answer is yes"),
        SHARE_SE,
        SHARE_LOW,
        SHARE_HIGH,
        column("count", "1", "number of paths on which the answer is yes"),
    ],
    of_comparisons: true,
};

pub(super) fn probabilities(summary: &Summary) -> Table {
    let mut table = PROBABILITIES.table();
    for p in &summary.probabilities {
        let [probability, se, low, high] = proportion(p);
        table.push([p.name.into(), probability, se, low, high, Cell::from(p.count as f64)]);
    }
    table
}

/// A segment's name; `all` is the sum.
fn segment_name(scenario: &Scenario, segment: Option<usize>) -> Cell {
    segment.and_then(|i| scenario.segments().get(i)).map_or("all", |segment| segment.name.as_str()).into()
}

fn date(scenario: &Scenario, month: usize) -> Cell {
    scenario.start().map_or(Cell::Missing, |start| Cell::Text(start.of_month(month)))
}

pub(super) const MONTHLY: TableSpec = TableSpec {
    name: "monthly",
    row: "a month of a series",
    columns: &[
        MONTH,
        DATE,
        SEGMENT,
        column("series", TEXT, "what is counted in each month"),
        UNIT,
        column("mean", OF_ROW, "mean over paths"),
        column("mean_se", OF_ROW, "its standard error"),
        P05,
        P25,
        P50,
        P75,
        P95,
    ],
    of_comparisons: true,
};

pub(super) fn monthly(scenario: &Scenario, summary: &Summary) -> Table {
    let mut table = MONTHLY.table();
    for row in &summary.monthly {
        let Estimate { value, se, .. } = row.mean;
        let [p05, p25, p50, p75, p95] = row.quantiles.map(Cell::from);
        table.push([
            row.month.into(),
            date(scenario, row.month),
            segment_name(scenario, row.segment),
            row.series.into(),
            row.unit.into(),
            value.into(),
            se.into(),
            p05,
            p25,
            p50,
            p75,
            p95,
        ]);
    }
    table
}

pub(super) const TIMING: TableSpec = TableSpec {
    name: "timing",
    row: "a month of an outcome that is a month",
    columns: &[
        OUTCOME,
        MONTH,
        DATE,
        column("share", "share", "share of paths that reach it by that month"),
        SHARE_SE,
        SHARE_LOW,
        SHARE_HIGH,
    ],
    of_comparisons: false,
};

fn timing(scenario: &Scenario, summary: &Summary) -> Table {
    let mut table = TIMING.table();
    for (outcome, months) in &summary.timing {
        for (i, p) in months.iter().enumerate() {
            let [share, se, low, high] = proportion(p);
            table.push([(*outcome).into(), (i + 1).into(), date(scenario, i + 1), share, se, low, high]);
        }
    }
    table
}

pub(super) const QUANTILES: TableSpec = TableSpec {
    name: "quantiles",
    row: "a quantile of an outcome that is no month",
    columns: &[
        OUTCOME,
        UNIT,
        column(
            "probability",
            "share",
            "share of paths with no more than the row's value; of an IRR the share of those that have one",
        ),
        column("value", OF_ROW, "the quantile"),
        VALUE_SE,
        VALUE_LOW,
        VALUE_HIGH,
    ],
    of_comparisons: false,
};

fn quantiles(summary: &Summary) -> Table {
    let mut table = QUANTILES.table();
    for curve in &summary.curves {
        for (p, quantile) in &curve.points {
            let [value, se, low, high] = estimate(quantile);
            table.push([curve.outcome.into(), curve.unit.into(), (*p).into(), value, se, low, high]);
        }
    }
    table
}

pub(super) const HISTOGRAM: TableSpec = TableSpec {
    name: "histogram",
    row: "a bin of NPV; the outermost reach as far as the paths do",
    columns: &[
        OUTCOME,
        UNIT,
        column("low", OF_ROW, "lower end of the bin; that of the first is the lowest path"),
        column("high", OF_ROW, "upper end of the bin; that of the last is the highest path"),
        column("share", "share", "share of paths in the bin"),
    ],
    of_comparisons: false,
};

fn histogram(summary: &Summary) -> Table {
    let mut table = HISTOGRAM.table();
    for bin in &summary.npv_histogram {
        table.push(["npv".into(), "$".into(), bin.low.into(), bin.high.into(), bin.share.into()]);
    }
    table
}

/// Levels of the quantiles of an input, close enough to see its shape.
const INPUT_LEVELS: usize = 40;

pub(super) const INPUT_QUANTILES: TableSpec = TableSpec {
    name: "input-quantiles",
    row: "a quantile of an uncertain input",
    columns: &[
        KEY,
        UNIT,
        column("probability", "share", "share of the distribution at or below the row's value"),
        column("value", OF_ROW, "the quantile"),
    ],
    of_comparisons: false,
};

/// The shape of every uncertain input.
fn input_quantiles(scenario: &Scenario, plan: &Plan) -> Table {
    let mut table = INPUT_QUANTILES.table();
    for (name, key, value) in scenario.ledger() {
        let implied = plan.implied_investment().is_some() && key == Key::Investment;
        if value.dist.constant_value().is_some() || implied {
            continue;
        }
        for i in 0..=INPUT_LEVELS {
            // The ends of many distributions are infinite.
            let p = (i as f64 / INPUT_LEVELS as f64).clamp(0.005, 0.995);
            table.push([name.as_str().into(), key.spec().unit.into(), p.into(), value.dist.quantile(p).into()]);
        }
    }
    table
}

fn spread(of: &Band) -> [Cell; 4] {
    let [p05, p50, p95] = of.quantiles.map(Cell::from);
    [of.mean.into(), p05, p50, p95]
}

/// Segments as those tables have them that are about a subscriber, not about sums.
const SEGMENT_OF_TARGET: Column =
    column("segment", TEXT, "a segment of the market; `all` for those that count toward the target");

pub(super) const CURVES: TableSpec = TableSpec {
    name: "curves",
    row: "an age of `retention`, a month of `uptake`, without noise and events",
    columns: &[
        SEGMENT_OF_TARGET,
        column(
            "curve",
            TEXT,
            "retention (share of a cohort still there at that age) or uptake (share of possible subscribers who ever subscribed)",
        ),
        MONTH,
        UNIT,
        column("mean", OF_ROW, "mean over paths"),
        P05,
        P50,
        P95,
    ],
    of_comparisons: false,
};

fn curves(scenario: &Scenario, profiles: &[Profile]) -> Table {
    let mut table = CURVES.table();
    for profile in profiles {
        for (name, months) in [("retention", &profile.retention), ("uptake", &profile.uptake)] {
            for (month, of) in months.iter().enumerate() {
                let mut row = vec![segment_name(scenario, profile.segment), name.into(), month.into(), "share".into()];
                row.extend(spread(of));
                table.push(row);
            }
        }
    }
    table
}

pub(super) const UNIT_ECONOMICS: TableSpec = TableSpec {
    name: "unit-economics",
    row: "what a subscriber brings or costs a month; `ltv` is the value of one",
    columns: &[
        SEGMENT_OF_TARGET,
        column("component", TEXT, "what a subscriber pays or costs"),
        UNIT,
        column("mean", OF_ROW, "mean over paths"),
        P05,
        P50,
        P95,
    ],
    of_comparisons: false,
};

fn unit_economics(scenario: &Scenario, profiles: &[Profile]) -> Table {
    let mut table = UNIT_ECONOMICS.table();
    for profile in profiles {
        for (name, of) in &profile.components {
            let mut row = vec![segment_name(scenario, profile.segment), (*name).into(), "$/subscriber/month".into()];
            row.extend(spread(of));
            table.push(row);
        }
        let mut row = vec![segment_name(scenario, profile.segment), "ltv".into(), "$".into()];
        row.extend(spread(&profile.ltv));
        table.push(row);
    }
    table
}

pub(super) const INPUTS: TableSpec = TableSpec {
    name: "inputs",
    row: "an input",
    columns: &[
        KEY,
        UNIT,
        column("distribution", TEXT, "its value or distribution as written"),
        column("mean", OF_ROW, "mean of its distribution"),
        column("p05", OF_ROW, "5% of its distribution is no more"),
        column("p50", OF_ROW, "its median"),
        column("p95", OF_ROW, "95% of its distribution is no more"),
        column("source", TEXT, "where it comes from; `default` where the file does not give it"),
        column("grade", TEXT, "A official, B reputable press, C secondary, X assumption"),
        column("date", TEXT, "date of the source"),
        column("file", TEXT, "the file that gives it"),
        column("note", TEXT, "the file's remark"),
    ],
    of_comparisons: false,
};

pub(crate) fn inputs(scenario: &Scenario, plan: &Plan) -> Table {
    let mut table = INPUTS.table();
    for (name, key, value) in scenario.ledger() {
        let implied = plan.implied_investment().filter(|_| key == Key::Investment);
        let statistic = |x: f64| Cell::from(implied.unwrap_or(x));
        table.push([
            name.as_str().into(),
            key.spec().unit.into(),
            value.written.to_string().as_str().into(),
            statistic(value.dist.mean()),
            statistic(value.dist.quantile(0.05)),
            statistic(value.dist.quantile(0.5)),
            statistic(value.dist.quantile(0.95)),
            if value.given { scenario.said_by(value).into() } else { "default".into() },
            scenario.grade_of(value).map(crate::scenario::Grade::letter).into(),
            value.source.as_ref().and_then(|s| scenario.sources().get(s)?.date.as_deref()).into(),
            if value.given { scenario.file_stem(value.file).as_str().into() } else { Cell::Missing },
            value.note.as_deref().into(),
        ]);
    }
    let segments = scenario.segments().iter().filter_map(|s| Some((s.name.as_str(), s.price_changes.as_deref()?)));
    let all = (!scenario.price_changes().is_empty()).then_some(("", scenario.price_changes()));
    for (segment, changes) in all.into_iter().chain(segments) {
        let prefix = if segment.is_empty() { String::new() } else { format!("segments.{segment}.") };
        for PriceChange { month, to } in changes {
            let mut row = vec![Cell::Missing; table.columns.len()];
            row[0] = Cell::Text(format!("{prefix}price.changes (month {month})"));
            let (unit, number) = match to {
                NewPrice::Monthly(price) => (Key::PriceMonthly.spec().unit, *price),
                NewPrice::Times(factor) => ("times the launch price", *factor),
            };
            row[1] = unit.into();
            row[2] = Cell::Text(to.written());
            row[3..7].fill(Cell::from(number));
            table.rows.push(row);
        }
    }
    table
}

/// A row of `--keep-paths`, which is written as it is simulated.
const PATHS: TableSpec = TableSpec {
    name: "paths",
    row: "a path",
    columns: &[
        column("path", "1", "number of the path, from 0"),
        column("INPUT", "unit of the input", "what the path drew for the input"),
        column("OUTCOME", "unit of the outcome", "the path's outcome; empty (null) where it has none"),
    ],
    of_comparisons: false,
};
