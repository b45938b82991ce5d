//! Reports: one HTML page that says what was found, from what, and how to find it again. Nothing on it comes from elsewhere.

mod answer;
mod page;

pub(crate) use answer::{KEY_OUTCOMES, segments, sentences};

use crate::chart::{self, Chart, ChartError, CompareMaterial, Material, Style};
use crate::export::{CompareRecord, RunRecord};
use crate::scenario::Scenario;
use crate::table::Table;

/// Sizes of the charts, in pixels: for a desktop and for a phone.
const SIZES: [(f64, f64); 2] = [(960.0, 470.0), (480.0, 430.0)];

/// A scenario with its result.
#[derive(Debug)]
pub struct Part<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The record of its run.
    pub record: RunRecord,
    /// The tables of its run.
    pub tables: Vec<Table>,
}

/// What the scenarios of a report have been compared to.
#[derive(Debug)]
pub struct SideBySide {
    /// The record of the comparison.
    pub record: CompareRecord,
    /// Its tables.
    pub tables: Vec<Table>,
}

/// A chart, drawn for both sizes.
struct Figure {
    wide: Chart,
    narrow: Chart,
}

/// The report as HTML; `command` is what made it.
///
/// # Errors
/// Where a chart cannot be drawn.
pub fn html(parts: &[Part<'_>], side_by_side: Option<&SideBySide>, command: &str) -> Result<String, ChartError> {
    let charts = parts.iter().map(figures_of).collect::<Result<Vec<_>, _>>()?;
    let together = side_by_side.map_or_else(|| Ok(Vec::new()), figures_together)?;
    Ok(page::page(parts, &charts, &together, command))
}

fn figures_of(part: &Part<'_>) -> Result<Vec<Figure>, ChartError> {
    let styles = SIZES.map(|(width, height)| Style::inline(width, height));
    let [wide, narrow] = styles.each_ref().map(|style| Material { record: &part.record, tables: &part.tables, style });
    pairs(chart::charts(&wide), chart::charts(&narrow))
}

fn figures_together(found: &SideBySide) -> Result<Vec<Figure>, ChartError> {
    let styles = SIZES.map(|(width, height)| Style::inline(width, height));
    let [wide, narrow] =
        styles.each_ref().map(|style| CompareMaterial { record: &found.record, tables: &found.tables, style });
    pairs(chart::compare_charts(&wide), chart::compare_charts(&narrow))
}

fn pairs(
    wide: impl Iterator<Item = Result<Chart, ChartError>>,
    narrow: impl Iterator<Item = Result<Chart, ChartError>>,
) -> Result<Vec<Figure>, ChartError> {
    wide.zip(narrow).map(|(wide, narrow)| Ok(Figure { wide: wide?, narrow: narrow? })).collect()
}
