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

use crate::results::{Kind, Record, Results, SolveRecord, SweepRecord, VaryRecord};
use crate::table::{SHARE_COLUMNS, Table};
use crate::words::Frequency;
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

/// What the charts of a sweep are drawn from.
type SweepMaterial<'a> = Material<'a, SweepRecord>;
/// What the charts of a solution are drawn from.
type SolveMaterial<'a> = Material<'a, SolveRecord>;

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

/// Every chart of results.
#[must_use]
pub fn charts<'r>(results: &'r Results, style: &'r Style) -> Vec<Sketch<'r>> {
    match &results.record.kind {
        Kind::Run { .. } => run_charts(Material::new(results, &(), style)),
        Kind::Sweep(sweep) => sweep_charts(Material::new(results, sweep, style)),
        Kind::Solve(solve) => solve_charts(Material::new(results, solve, style)),
        Kind::Discover(rules) => discover::sketches(Material::new(results, rules, style)),
        Kind::Drivers(found) => drivers::sketches(Material::new(results, found, style)),
        Kind::Voi(found) => voi::sketches(Material::new(results, found, style)),
        Kind::Compare => compare_charts(Material::new(results, &(), style)),
        Kind::Condition(found) => condition::sketches(Material::new(results, found, style)),
        Kind::Score(found) => score::sketches(Material::new(results, found, style)),
        // They are drawn from the results of each sweep.
        Kind::SideBySide => Vec::new(),
    }
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
}

impl Material<'_> {
    /// How often the answer to a question is yes.
    fn frequency(&self, question: &str) -> Result<Frequency, ChartError> {
        self.table("probabilities")?;
        let row = self.results.row("probabilities", "event", question);
        let found = row.and_then(|row| row.frequency_in(SHARE_COLUMNS, self.paths()));
        found.ok_or_else(|| ChartError(format!("probabilities.csv has no question {question}")))
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
type Drawing = fn(&Material<'_>) -> Result<Picture, ChartError>;

/// Every chart of a run.
fn run_charts(material: Material<'_>) -> Vec<Sketch<'_>> {
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

/// The values of the inputs at a point, and some numbers there.
type PointNumbers = (Vec<f64>, Vec<f64>);

impl<'a> SweepMaterial<'a> {
    /// The input that is varied, where it is one.
    fn only_axis(&self) -> Result<&'a VaryRecord, ChartError> {
        match &self.details.vary[..] {
            [only] => Ok(only),
            _ => Err(ChartError("more than one input is varied".to_owned())),
        }
    }

    /// For each point the values of the inputs, and some columns; a point that lacks a number is left out.
    fn numbers(&self, columns: &[&str]) -> Result<Vec<PointNumbers>, ChartError> {
        let table = self.table("sweep")?;
        let all = |row: &[_], names: &[&str]| -> Option<Vec<f64>> {
            names.iter().map(|name| table.number(row, name).filter(|x| x.is_finite())).collect()
        };
        let inputs: Vec<&str> = self.details.vary.iter().map(|vary| vary.input.as_str()).collect();
        Ok(table.rows.iter().filter_map(|row| Some((all(row, &inputs)?, all(row, columns)?))).collect())
    }
}

/// One kind of chart of a sweep.
type SweepDrawing = fn(&SweepMaterial<'_>) -> Result<Picture, ChartError>;

/// Every chart of a sweep: curves over one input, maps over two.
fn sweep_charts(material: SweepMaterial<'_>) -> Vec<Sketch<'_>> {
    let curves: &[(&str, SweepDrawing)] =
        &[("npv", sweep::npv), ("probability", sweep::probability), ("peak-subscribers", sweep::peak_subscribers)];
    let maps: &[(&str, SweepDrawing)] = &[("npv", heat::npv), ("payback", heat::payback)];
    let drawings = if material.details.vary.len() == 1 { curves } else { maps };
    drawings.iter().map(|&(name, draw)| Sketch::new(name, move || draw(&material))).collect()
}

/// Every chart of a solution.
fn solve_charts(material: SolveMaterial<'_>) -> Vec<Sketch<'_>> {
    type Drawing = fn(&SolveMaterial<'_>) -> Result<Picture, ChartError>;
    let drawings: [(&str, Drawing, bool); 2] = [
        ("curve", solve::curve, material.details.until.is_some()),
        ("break-even", solve::break_even, material.details.each_path),
    ];
    let wanted = drawings.into_iter().filter(|drawing| drawing.2);
    wanted.map(|(name, draw, _)| Sketch::new(name, move || draw(&material))).collect()
}

/// Every chart of a comparison: fans over each other, and for each scenario but the first why it differs.
fn compare_charts(material: Material<'_>) -> Vec<Sketch<'_>> {
    let mut out = vec![Sketch::new("scenarios", move || scenarios::side_by_side(&material))];
    for (name, series) in [("paying-subscribers", compare::Series::Paying), ("cumulative-cash", compare::Series::Cash)]
    {
        out.push(Sketch::new(name, move || compare::fans(&material, series)));
    }
    for other in material.record.scenarios.iter().skip(1) {
        for outcome in ["npv", "payback"] {
            let name = format!("why-{outcome}-{}", other.name);
            out.push(Sketch::new(name, move || waterfall::waterfall(&material, other, outcome)));
        }
    }
    out
}
