//! The tables of a run.

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

fn outcomes(scenario: &Scenario, summary: &Summary) -> Table {
    let mut table = Table::new(
        "summary",
        [
            "segment",
            "outcome",
            "unit",
            "mean",
            "mean_se",
            "mean_ci95_low",
            "mean_ci95_high",
            "sd",
            "min",
            "p05",
            "p10",
            "p25",
            "p50",
            "p75",
            "p90",
            "p95",
            "max",
            "reached_share",
            "reached_share_se",
        ],
    );
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

pub(super) fn probabilities(summary: &Summary) -> Table {
    let columns = ["event", "probability", "standard_error", "ci95_low", "ci95_high", "count"];
    let mut table = Table::new("probabilities", columns);
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

pub(super) fn monthly(scenario: &Scenario, summary: &Summary) -> Table {
    let columns = ["month", "date", "segment", "series", "unit", "mean", "mean_se", "p05", "p25", "p50", "p75", "p95"];
    let mut table = Table::new("monthly", columns);
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

fn timing(scenario: &Scenario, summary: &Summary) -> Table {
    let columns = ["outcome", "month", "date", "share", "standard_error", "ci95_low", "ci95_high"];
    let mut table = Table::new("timing", columns);
    for (outcome, months) in &summary.timing {
        for (i, p) in months.iter().enumerate() {
            let [share, se, low, high] = proportion(p);
            table.push([(*outcome).into(), (i + 1).into(), date(scenario, i + 1), share, se, low, high]);
        }
    }
    table
}

fn quantiles(summary: &Summary) -> Table {
    let columns = ["outcome", "unit", "probability", "value", "standard_error", "ci95_low", "ci95_high"];
    let mut table = Table::new("quantiles", columns);
    for curve in &summary.curves {
        for (p, quantile) in &curve.points {
            let [value, se, low, high] = estimate(quantile);
            table.push([curve.outcome.into(), curve.unit.into(), (*p).into(), value, se, low, high]);
        }
    }
    table
}

fn histogram(summary: &Summary) -> Table {
    let mut table = Table::new("histogram", ["outcome", "unit", "low", "high", "share"]);
    for bin in &summary.npv_histogram {
        table.push(["npv".into(), "$".into(), bin.low.into(), bin.high.into(), bin.share.into()]);
    }
    table
}

/// Levels of the quantiles of an input, close enough to see its shape.
const INPUT_LEVELS: usize = 40;

/// The shape of every uncertain input.
fn input_quantiles(scenario: &Scenario, plan: &Plan) -> Table {
    let mut table = Table::new("input-quantiles", ["key", "unit", "probability", "value"]);
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

fn curves(scenario: &Scenario, profiles: &[Profile]) -> Table {
    let mut table = Table::new("curves", ["segment", "curve", "month", "unit", "mean", "p05", "p50", "p95"]);
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

fn unit_economics(scenario: &Scenario, profiles: &[Profile]) -> Table {
    let mut table = Table::new("unit-economics", ["segment", "component", "unit", "mean", "p05", "p50", "p95"]);
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

fn inputs(scenario: &Scenario, plan: &Plan) -> Table {
    let columns =
        ["key", "unit", "distribution", "mean", "p05", "p50", "p95", "source", "grade", "date", "file", "note"];
    let mut table = Table::new("inputs", columns);
    for (name, key, value) in scenario.ledger() {
        let implied = plan.implied_investment().filter(|_| key == Key::Investment);
        let statistic = |x: f64| Cell::from(implied.unwrap_or(x));
        table.push([
            name.as_str().into(),
            key.spec().unit.into(),
            value.written.as_str().into(),
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
