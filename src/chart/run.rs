//! Charts of a run, and what they read from its tables.

use super::canvas::Picture;
use super::{ChartError, Material, Shows, Sketch, curve, fan, histogram, ledger, margin, share};
use crate::results::RunRecord;
use crate::table::SHARE_COLUMNS;
use crate::words::Frequency;

/// One kind of chart.
type Drawing = fn(&Material<'_>) -> Result<Picture, ChartError>;

impl Shows for RunRecord {
    fn sketches(material: Material<'_, Self>) -> Vec<Sketch<'_>> {
        sketches(material.plain())
    }
}

/// Every chart of a run.
pub(super) fn sketches(material: Material<'_>) -> Vec<Sketch<'_>> {
    let drawings: [(&'static str, Drawing); 10] = [
        ("paying-subscribers", fan::paying_subscribers),
        ("cumulative-cash", fan::cumulative_cash),
        ("npv", histogram::npv),
        ("payback", share::payback),
        ("required-peak", share::required_peak),
        ("affordable-investment", share::affordable_investment),
        ("unit-economics", margin::unit_economics),
        ("retention", curve::retention),
        ("uptake", curve::uptake),
        ("inputs", ledger::inputs),
    ];
    // A picture of what is uncertain is none where nothing is.
    let certain = material.table("input-quantiles").is_ok_and(|table| table.rows.is_empty());
    let certain = certain || material.results.table("learned").is_some();
    let wanted = drawings.into_iter().filter(move |(name, _)| !(certain && *name == "inputs"));
    wanted.map(|(name, draw)| Sketch::new(name, move || draw(&material))).collect()
}

impl Material<'_> {
    /// How often the answer to a question is yes.
    pub(super) fn frequency(&self, question: &str) -> Result<Frequency, ChartError> {
        self.table("probabilities")?;
        let row = self.results.row("probabilities", "event", question);
        let found = row.and_then(|row| row.frequency_in(SHARE_COLUMNS, self.paths()));
        found.ok_or_else(|| ChartError(format!("probabilities.csv has no question {question}")))
    }

    /// A number of an outcome; infinite or missing ones are None.
    pub(super) fn summary(&self, outcome: &str, column: &str) -> Result<Option<f64>, ChartError> {
        let table = self.table("summary")?;
        let row = table.rows_where("outcome", outcome).next();
        Ok(row.and_then(|row| table.number(row, column)).filter(|x| x.is_finite()))
    }

    /// Median of an outcome; infinite or missing ones are None.
    pub(super) fn median(&self, outcome: &str) -> Result<Option<f64>, ChartError> {
        self.summary(outcome, "p50")
    }

    /// The quantile curve of an outcome: probability and value.
    pub(super) fn curve(&self, outcome: &str) -> Result<Vec<(f64, f64)>, ChartError> {
        let table = self.table("quantiles")?;
        let point = |row: &[_]| Some((table.number(row, "probability")?, table.number(row, "value")?));
        Ok(table.rows_where("outcome", outcome).filter_map(point).collect())
    }
}
