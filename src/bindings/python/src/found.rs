//! What a command has found: record, tables, findings, charts, and the folder that the command line would write.

use breakeven::cli::{Caller, Found};
use breakeven::engine::PathTable;
use breakeven::{chart, findings};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;

use crate::BreakevenError;
use crate::call::{away, raised};
use crate::chart::Chart;
use crate::table::{Column, Table};

/// What a command has found. The package gives it its names: see `breakeven.Result`.
#[pyclass(frozen, module = "breakeven", subclass)]
#[derive(Clone, Debug)]
pub(crate) struct Result {
    found: Found,
}

impl From<Found> for Result {
    fn from(found: Found) -> Self {
        Self { found }
    }
}

#[pymethods]
impl Result {
    /// The record as JSON: what was done, to which scenarios, and how.
    fn record_json(&self) -> PyResult<String> {
        let mut text = Vec::new();
        self.found.results.record.write(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// What the results say, as JSON: blocks of a heading, sentences, a grid and remarks.
    fn findings_json(&self) -> PyResult<String> {
        serde_json::to_string(&findings::of(&self.found.results))
            .map_err(|error| BreakevenError::new_err(error.to_string()))
    }

    /// What the results say, as the terminal shows it.
    fn words(&self) -> String {
        self.found.words()
    }

    /// The names of all tables.
    fn table_names(&self) -> Vec<String> {
        self.found.results.tables.iter().map(|table| table.name.clone()).collect()
    }

    /// A table by its name.
    fn table(&self, name: &str) -> PyResult<Table> {
        let found = self.found.results.table(name).map(Table::of);
        found.ok_or_else(|| {
            PyKeyError::new_err(format!("there is no table `{name}`: {}", self.table_names().join(", ")))
        })
    }

    /// Every path, where they were kept.
    fn kept_paths(&self) -> Option<Table> {
        let tables = self.found.paths.as_ref()?;
        let described = tables.first()?.path_columns();
        let count = tables.iter().map(PathTable::paths).sum();
        let mut columns: Vec<Vec<f64>> = described.iter().map(|_| Vec::with_capacity(count)).collect();
        for table in tables.iter() {
            let (number, rest) = columns.split_first_mut()?;
            number.extend((table.first_path..).take(table.paths()).map(|path| path as f64));
            rest.iter_mut().zip(table.columns()).for_each(|(column, more)| column.extend(more));
        }
        let named = described.into_iter().zip(columns);
        let columns = named.map(|(is, numbers)| Column::numbers(is.name, numbers, is.may_be_missing));
        Some(Table::new("paths", columns.collect()))
    }

    /// The names of all charts.
    fn chart_names(&self) -> Vec<String> {
        let style = chart::Style::default();
        chart::charts(&self.found.results, &style).iter().map(|sketch| sketch.name().to_owned()).collect()
    }

    /// Draws a chart.
    #[pyo3(signature = (name, theme, width))]
    fn chart(&self, py: Python<'_>, name: &str, theme: &str, width: i64) -> PyResult<Chart> {
        let style = Chart::style(theme, width)?;
        let sketches = chart::charts(&self.found.results, &style);
        let Some(sketch) = sketches.into_iter().find(|sketch| sketch.name() == name) else {
            let message = format!("there is no chart `{name}`: {}", self.chart_names().join(", "));
            return Err(PyKeyError::new_err(message));
        };
        let drawn = py.detach(|| sketch.draw()).map_err(|error| BreakevenError::new_err(error.to_string()))?;
        Ok(Chart::new(drawn, style))
    }

    /// Writes the folder that the command line would write; returns its place.
    fn write(&self, py: Python<'_>, arguments: Vec<String>) -> PyResult<String> {
        let caller = Caller::default();
        let place = away(py, &caller, || self.found.write(&arguments, &caller.cancel))?;
        Ok(place.map_err(|failure| raised(&failure))?.display().to_string())
    }
}
