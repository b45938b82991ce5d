//! Charts: from results (a record and its tables) to SVG, and from SVG to PNG. One theme, one file per kind of chart.
//!
//! A headline states the finding, computed from the table; lines and bands are labelled where they end; the footer says
//! what was run. Same tables in, same bytes out.

mod canvas;
mod choice;
mod compare;
mod condition;
mod curve;
mod discover;
mod drivers;
mod fan;
mod fitted;
mod heat;
mod histogram;
mod ledger;
mod margin;
mod multiples;
mod page;
#[cfg(feature = "png")]
mod raster;
mod rows;
mod run;
mod scale;
mod scenarios;
mod score;
mod share;
mod solve;
mod study;
mod svg;
mod sweep;
mod theme;
mod voi;
mod waterfall;

use std::fmt;

use crate::results::{Record, Results, for_kind};
use crate::table::Table;
pub use canvas::Spot;
use canvas::{Page, Picture};
pub use fitted::{fitted, sampled};
pub use multiples::multiples;
#[cfg(feature = "png")]
pub use raster::png;
pub use theme::{Style, Theme, css_variables};

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw the chart {0}")]
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
    pub name: String,
    /// The finding, in a sentence.
    pub headline: String,
    /// What is drawn, and in which unit.
    pub subtitle: String,
    /// What was run.
    pub footer: String,
    /// The drawing: elements of SVG in chart units, without the root that a page or a file puts around them.
    pub elements: String,
    /// Width and height of the drawing, in chart units.
    pub size: (f64, f64),
    /// The columns of the table that stands behind the drawing.
    pub columns: Vec<String>,
    /// Its rows, and where on the chart each is.
    pub spots: Vec<Spot>,
}

impl Chart {
    /// The drawing as a file.
    #[must_use]
    pub fn svg(&self, style: &Style) -> String {
        svg::document(&self.elements, style.pixels(), self.size)
    }
}

/// What charts are drawn from, and how.
#[derive(Debug)]
struct Material<'a, D = ()> {
    /// The results.
    results: &'a Results,
    /// Their record.
    record: &'a Record,
    /// What only results of their kind have.
    details: &'a D,
    /// The look.
    style: &'a Style,
}

impl<D> Clone for Material<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Material<'_, D> {}

/// A chart that is not drawn yet: on any thread, in any order.
pub struct Sketch<'r> {
    name: String,
    draw: Box<dyn FnOnce() -> Result<Picture, ChartError> + Send + 'r>,
}

impl fmt::Debug for Sketch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sketch").field(&self.name).finish()
    }
}

impl<'r> Sketch<'r> {
    fn new(name: impl Into<String>, draw: impl FnOnce() -> Result<Picture, ChartError> + Send + 'r) -> Self {
        Self { name: name.into(), draw: Box::new(draw) }
    }

    /// The file's stem.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Draws it.
    ///
    /// # Errors
    /// Where a table or a column is missing.
    pub fn draw(self) -> Result<Chart, ChartError> {
        let Self { name, draw } = self;
        let Picture { elements, size, page, columns, spots } =
            draw().map_err(|ChartError(why)| ChartError(format!("`{name}`: {why}")))?;
        let Page { headline, subtitle, footer } = page;
        Ok(Chart { name, headline, subtitle, footer, elements, size, columns, spots })
    }
}

/// What results of a kind show: implemented for its record.
trait Shows: Sized {
    /// Every chart of them.
    fn sketches(material: Material<'_, Self>) -> Vec<Sketch<'_>>;
}

/// Every chart of results.
#[must_use]
pub fn charts<'r>(results: &'r Results, style: &'r Style) -> Vec<Sketch<'r>> {
    for_kind!(&results.record.kind, record => Shows::sketches(Material::new(results, record, style)))
}

impl<'a, D> Material<'a, D> {
    fn new(results: &'a Results, details: &'a D, style: &'a Style) -> Self {
        Self { results, record: &results.record, details, style }
    }

    fn table(&self, name: &str) -> Result<&'a Table, ChartError> {
        self.results.table(name).ok_or_else(|| ChartError(format!("there is no {name}.csv")))
    }

    fn paths(&self) -> u64 {
        self.record.simulation.paths
    }

    /// What results of any kind have.
    fn plain(&self) -> Material<'a> {
        Material::new(self.results, &(), self.style)
    }
}
