//! Tables: typed rows with named columns, the only thing that files and charts are made from.

use crate::aggregate::{Estimate, Proportion, Summary};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::scenario::keys::Key;

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A name or a remark.
    Text(String),
    /// A number; infinity is one.
    Number(f64),
    /// There is no such number.
    Missing,
}

/// A table with its name and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The file's stem.
    pub name: &'static str,
    /// The columns' names.
    pub columns: Vec<&'static str>,
    /// As many cells a row as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl From<f64> for Cell {
    fn from(x: f64) -> Self {
        // Adding 0 turns −0 into 0.
        Self::Number(x + 0.0)
    }
}

impl From<Option<f64>> for Cell {
    fn from(x: Option<f64>) -> Self {
        x.map_or(Self::Missing, Self::from)
    }
}

impl From<usize> for Cell {
    fn from(x: usize) -> Self {
        Self::Number(x as f64)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Missing } else { Self::Text(text.to_owned()) }
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Missing, Self::from)
    }
}

impl Cell {
    /// The number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(x) = self { Some(*x) } else { None }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl Table {
    fn new(name: &'static str, columns: &[&'static str]) -> Self {
        Self { name, columns: columns.to_vec(), rows: Vec::new() }
    }

    fn push<const N: usize>(&mut self, row: [Cell; N]) {
        debug_assert_eq!(N, self.columns.len(), "{}", self.name);
        self.rows.push(row.into());
    }

    /// The cell of `row` under `column`.
    #[must_use]
    pub fn cell<'t>(&self, row: &'t [Cell], column: &str) -> Option<&'t Cell> {
        row.get(self.columns.iter().position(|c| *c == column)?)
    }

    /// The number of `row` under `column`.
    #[must_use]
    pub fn number(&self, row: &[Cell], column: &str) -> Option<f64> {
        self.cell(row, column)?.number()
    }

    /// The rows of all segments together whose cell under `column` is `text`.
    pub fn rows_where<'t>(&'t self, column: &str, text: &'t str) -> impl Iterator<Item = &'t [Cell]> {
        let at = self.columns.iter().position(|c| *c == column);
        let segment = self.columns.iter().position(|c| *c == "segment");
        let of_all = move |row: &Vec<Cell>| segment.is_none_or(|at| row[at].text() == Some("all"));
        let matches = move |row: &Vec<Cell>| at.and_then(|at| row[at].text()) == Some(text) && of_all(row);
        self.rows.iter().filter(move |row| matches(row)).map(Vec::as_slice)
    }
}

/// A probability and half the width of its 95% interval, from the table of probabilities.
#[must_use]
pub fn probability(table: &Table, event: &str) -> Option<(f64, Option<f64>)> {
    let row = table.rows_where("event", event).next()?;
    let half = || Some(0.5 * (table.number(row, "ci95_high")? - table.number(row, "ci95_low")?));
    Some((table.number(row, "probability")?, table.number(row, "standard_error").and_then(|_| half())))
}

/// Every table of a run, in the order in which they are written.
#[must_use]
pub fn tables(scenario: &Scenario, plan: &Plan, summary: &Summary) -> Vec<Table> {
    vec![
        outcomes(scenario, summary),
        probabilities(summary),
        monthly(scenario, summary),
        timing(scenario, summary),
        quantiles(summary),
        histogram(summary),
        inputs(scenario, plan),
    ]
}

fn outcomes(scenario: &Scenario, summary: &Summary) -> Table {
    let mut table = Table::new(
        "summary",
        &[
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

fn probabilities(summary: &Summary) -> Table {
    let columns = ["event", "probability", "standard_error", "ci95_low", "ci95_high"];
    let mut table = Table::new("probabilities", &columns);
    for p in &summary.probabilities {
        let [probability, se, low, high] = proportion(p);
        table.push([p.name.into(), probability, se, low, high]);
    }
    table
}

fn estimate(x: &Estimate) -> [Cell; 4] {
    [x.value.into(), x.se.into(), x.interval.map(|i| i.0).into(), x.interval.map(|i| i.1).into()]
}

fn proportion(p: &Proportion) -> [Cell; 4] {
    [p.probability.into(), p.se.into(), p.low.into(), p.high.into()]
}

/// A segment's name; `all` is the sum.
fn segment_name(scenario: &Scenario, segment: Option<usize>) -> Cell {
    segment.and_then(|i| scenario.segments.get(i)).map_or("all", |segment| segment.name.as_str()).into()
}

fn date(scenario: &Scenario, month: usize) -> Cell {
    scenario.start.map_or(Cell::Missing, |start| Cell::Text(start.of_month(month)))
}

fn monthly(scenario: &Scenario, summary: &Summary) -> Table {
    let columns = ["month", "date", "segment", "series", "unit", "mean", "mean_se", "p05", "p25", "p50", "p75", "p95"];
    let mut table = Table::new("monthly", &columns);
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
    let mut table = Table::new("timing", &columns);
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
    let mut table = Table::new("quantiles", &columns);
    for curve in &summary.curves {
        for (p, quantile) in &curve.points {
            let [value, se, low, high] = estimate(quantile);
            table.push([curve.outcome.into(), curve.unit.into(), (*p).into(), value, se, low, high]);
        }
    }
    table
}

fn histogram(summary: &Summary) -> Table {
    let mut table = Table::new("histogram", &["outcome", "unit", "low", "high", "share"]);
    for bin in &summary.npv_histogram {
        table.push(["npv".into(), "$".into(), bin.low.into(), bin.high.into(), bin.share.into()]);
    }
    table
}

fn inputs(scenario: &Scenario, plan: &Plan) -> Table {
    let columns =
        ["key", "unit", "distribution", "mean", "p05", "p50", "p95", "source", "grade", "date", "file", "note"];
    let mut table = Table::new("inputs", &columns);
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
            if value.given { value.source.as_deref().into() } else { "default".into() },
            scenario.grade_of(value).map(crate::scenario::Grade::letter).into(),
            value.source.as_ref().and_then(|s| scenario.sources.get(s)?.date.as_deref()).into(),
            if value.given { scenario.file_stem(value.file).as_str().into() } else { Cell::Missing },
            value.note.as_deref().into(),
        ]);
    }
    let segments = scenario.segments.iter().filter_map(|s| Some((s.name.as_str(), s.price_changes.as_ref()?)));
    let all = (!scenario.price_changes.is_empty()).then_some(("", &scenario.price_changes));
    for (segment, changes) in all.into_iter().chain(segments) {
        let prefix = if segment.is_empty() { String::new() } else { format!("segments.{segment}.") };
        for (month, price) in changes {
            let mut row = vec![Cell::Missing; table.columns.len()];
            row[0] = Cell::Text(format!("{prefix}price.changes (month {month})"));
            row[1] = Key::PriceMonthly.spec().unit.into();
            row[2] = Cell::Text(number_text(*price));
            row[3..7].fill(Cell::from(*price));
            table.rows.push(row);
        }
    }
    table
}

/// The shortest text that reads back to the same number; plain digits where they are not too many.
#[must_use]
pub fn number_text(x: f64) -> String {
    let size = x.abs();
    if x.is_infinite() {
        return if x > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    if size >= 1e16 || size < 1e-5 && size > 0.0 { format!("{x:e}") } else { format!("{x}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_to_the_same_bits() {
        for x in [0.1, 1.0 / 3.0, 14e6, 1e15, 1e16, 1.5e-7, -2.5, f64::MAX, f64::MIN_POSITIVE, 4_086_827_592.338_128_6]
        {
            assert_eq!(number_text(x).parse::<f64>().unwrap(), x);
        }
        assert_eq!(number_text(f64::INFINITY), "inf");
        assert_eq!(number_text(14e6), "14000000");
        assert_eq!(Cell::from(-0.0), Cell::from(0.0));
    }
}
