//! Charts: from a run's record and tables to SVG, and from SVG to PNG. One theme, one file per kind of chart.
//!
//! A headline states the finding, computed from the table; lines and bands are labelled where they end; the footer says
//! what was run. Same tables in, same bytes out.

mod canvas;
mod fan;
mod histogram;
mod page;
mod raster;
mod scale;
mod share;
mod theme;

use crate::export::RunRecord;
use crate::table::Table;
pub use raster::png;

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw a chart: {0}")]
pub struct ChartError(String);

impl<E: std::error::Error + Send + Sync> From<plotters::drawing::DrawingAreaErrorKind<E>> for ChartError {
    fn from(error: plotters::drawing::DrawingAreaErrorKind<E>) -> Self {
        Self(error.to_string())
    }
}

/// A finished chart.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The file's stem.
    pub name: &'static str,
    /// The drawing.
    pub svg: String,
}

/// What charts are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The record of the run.
    pub record: &'a RunRecord,
    /// Its tables.
    pub tables: &'a [Table],
}

impl<'a> Material<'a> {
    fn table(&self, name: &str) -> Result<&'a Table, ChartError> {
        let found = self.tables.iter().find(|table| table.name == name);
        found.ok_or_else(|| ChartError(format!("there is no table {name}")))
    }

    /// Probability and standard error of an event.
    fn probability(&self, event: &str) -> Result<(f64, Option<f64>), ChartError> {
        let found = crate::table::probability(self.table("probabilities")?, event);
        found.ok_or_else(|| ChartError(format!("probabilities.csv has no event {event}")))
    }

    /// A number of an outcome; infinite or missing ones are None.
    fn summary(&self, outcome: &str, column: &str) -> Result<Option<f64>, ChartError> {
        let table = self.table("summary")?;
        let row = table.rows_where("outcome", outcome).next();
        Ok(row.and_then(|row| table.number(row, column)).filter(|x| x.is_finite()))
    }

    /// Median of an outcome; infinite or missing ones are None.
    fn median(&self, outcome: &str) -> Result<Option<f64>, ChartError> {
        self.summary(outcome, "p50")
    }

    /// The quantile curve of an outcome: probability and value.
    fn curve(&self, outcome: &str) -> Result<Vec<(f64, f64)>, ChartError> {
        let table = self.table("quantiles")?;
        let point = |row: &[_]| Some((table.number(row, "probability")?, table.number(row, "value")?));
        Ok(table.rows_where("outcome", outcome).filter_map(point).collect())
    }
}

/// One kind of chart.
type Drawing = fn(&Material<'_>) -> Result<String, ChartError>;

/// Draws every chart of a run.
///
/// # Errors
/// Where a table or a column is missing.
pub fn charts(material: &Material<'_>) -> Result<Vec<Chart>, ChartError> {
    let drawings: [(&'static str, Drawing); 6] = [
        ("paying-subscribers", fan::paying_subscribers),
        ("cumulative-cash", fan::cumulative_cash),
        ("npv", histogram::npv),
        ("payback", share::payback),
        ("required-peak", share::required_peak),
        ("affordable-investment", share::affordable_investment),
    ];
    drawings.into_iter().map(|(name, draw)| Ok(Chart { name, svg: draw(material)? })).collect()
}
