//! A chart as a notebook shows it: SVG, and PNG where that is asked for.

use breakeven::chart::{self, Style, Theme};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::BreakevenError;

/// A chart.
#[pyclass(frozen, module = "breakeven")]
#[derive(Debug)]
pub(crate) struct Chart {
    chart: chart::Chart,
    style: Style,
}

impl Chart {
    pub(crate) fn new(chart: chart::Chart, style: Style) -> Self {
        Self { chart, style }
    }

    /// The look of a chart by the theme's name and the width in pixels.
    pub(crate) fn style(theme: &str, width: i64) -> PyResult<Style> {
        let known = Theme::ALL.into_iter().find(|known| known.name() == theme).ok_or_else(|| {
            let names: Vec<&str> = Theme::ALL.into_iter().map(Theme::name).collect();
            PyValueError::new_err(format!("theme `{theme}`: expected {}", names.join(", ")))
        })?;
        let (least, most) = Style::WIDTHS;
        let width = u32::try_from(width).ok().filter(|width| (least..=most).contains(width));
        let width = width.ok_or_else(|| PyValueError::new_err(format!("width: expected {least} to {most} pixels")))?;
        Ok(Style::new(known, width, 1.0))
    }
}

#[pymethods]
impl Chart {
    /// Its name, which is its file's.
    #[getter]
    fn name(&self) -> &str {
        &self.chart.name
    }

    /// The finding, in a sentence.
    #[getter]
    fn headline(&self) -> &str {
        &self.chart.headline
    }

    /// What is drawn, and in which unit.
    #[getter]
    fn subtitle(&self) -> &str {
        &self.chart.subtitle
    }

    /// The drawing as SVG.
    #[getter]
    fn svg(&self) -> String {
        self.chart.svg(&self.style)
    }

    /// The drawing as PNG.
    #[getter]
    fn png<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let png = py.detach(|| chart::png(&self.svg(), &self.style));
        png.map(|png| PyBytes::new(py, &png)).map_err(|error| BreakevenError::new_err(error.to_string()))
    }

    fn _repr_svg_(&self) -> String {
        self.svg()
    }

    fn __repr__(&self) -> String {
        format!("<Chart {}: {}>", self.chart.name, self.chart.headline)
    }
}
