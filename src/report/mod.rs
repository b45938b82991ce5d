//! Reports: one HTML page that says what was found, from what, and how to find it again. Nothing on it comes from elsewhere.

mod page;

use crate::chart::{self, Chart, ChartError, Style};
use crate::results::{Kind, Results};
use crate::scenario::Scenario;

/// Sizes of the charts, in pixels: for a desktop and for a phone.
const SIZES: [(f64, f64); 2] = [(960.0, 470.0), (480.0, 430.0)];

/// Results, and the scenarios that they are of.
#[derive(Debug)]
pub struct Part {
    /// The results.
    pub results: Results,
    /// Their scenarios, in order.
    pub scenarios: Vec<Scenario>,
}

impl Part {
    /// Whether it is a run: the answer to what a scenario asks, with its assumptions.
    fn is_run(&self) -> bool {
        matches!(self.results.record.kind, Kind::Run { .. })
    }
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
pub fn html(parts: &[Part], command: &str) -> Result<String, ChartError> {
    let figures = parts.iter().map(|part| figures_of(&part.results)).collect::<Result<Vec<_>, _>>()?;
    let with_figures: Vec<_> = parts.iter().zip(figures).collect();
    Ok(page::page(&with_figures, command))
}

fn figures_of(results: &Results) -> Result<Vec<Figure>, ChartError> {
    let [wide, narrow] = SIZES.map(|(width, height)| Style::inline(width, height));
    let pairs = chart::charts(results, &wide).zip(chart::charts(results, &narrow));
    pairs.map(|(wide, narrow)| Ok(Figure { wide: wide?, narrow: narrow? })).collect()
}
