//! Pages of HTML: a report says what was found, from what, and how to find it again; an explorer simulates what its reader changes.
//! Nothing on them comes from elsewhere.

mod explore;
mod page;

use crate::chart::{self, Chart, ChartError, Style};
use crate::findings::{self, Block};
use crate::results::{Kind, Results};
use crate::scenario::Scenario;
pub use explore::{Explored, explorer};
use page::Drawn;

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
        matches!(self.results.record.kind, Kind::Run(_))
    }
}

/// A chart, drawn for both sizes.
struct Figure {
    wide: Chart,
    narrow: Chart,
}

/// The report as HTML; `command` is what made it, `checked` what was checked of the program where it was made: what is to be
/// said of that, and grids.
///
/// # Errors
/// Where a chart cannot be drawn.
pub fn html(parts: &[Part], command: &str, checked: &[Block]) -> Result<String, ChartError> {
    let parts = parts.iter().map(drawn).collect::<Result<Vec<_>, _>>()?;
    Ok(page::page(&parts, command, checked))
}

fn drawn(part: &Part) -> Result<Drawn<'_>, ChartError> {
    let Part { results, .. } = part;
    Ok(Drawn { part, blocks: findings::of(results), figures: figures_of(results)? })
}

fn figures_of(results: &Results) -> Result<Vec<Figure>, ChartError> {
    let [wide, narrow] = SIZES.map(|(width, height)| Style::inline(width, height));
    let pairs = chart::charts(results, &wide).into_iter().zip(chart::charts(results, &narrow));
    pairs.map(|(wide, narrow)| Ok(Figure { wide: wide.draw()?, narrow: narrow.draw()? })).collect()
}
