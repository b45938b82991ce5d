//! A table, handed over by the Arrow C stream interface: numbers are doubles, what is missing is null.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{DataType, Field, Schema};
use breakeven::table::{self, spec};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyList};

use crate::BreakevenError;

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    name: String,
    cells: ArrayRef,
}

/// A table: hand it to pandas, polars, `DuckDB` or pyarrow as it is.
#[pyclass(frozen, module = "breakeven")]
#[derive(Clone, Debug)]
pub(crate) struct Table {
    name: String,
    columns: Vec<Column>,
}

impl Column {
    /// Numbers; of those that may be missing infinity is none: a month that never comes.
    pub(crate) fn numbers(name: String, numbers: Vec<f64>, may_be_missing: bool) -> Self {
        let cells: Float64Array = if may_be_missing && numbers.iter().any(|x| x.is_infinite()) {
            numbers.into_iter().map(|x| Some(x).filter(|x| x.is_finite())).collect()
        } else {
            numbers.into()
        };
        Self { name, cells: Arc::new(cells) }
    }
}

impl Table {
    pub(crate) fn new(name: &str, columns: Vec<Column>) -> Self {
        Self { name: name.to_owned(), columns }
    }

    /// A table of results.
    pub(crate) fn of(table: &table::Table) -> Self {
        let column = |(i, name): (usize, &String)| {
            let cells: ArrayRef = if spec::is_text(&table.name, name) {
                Arc::new(table.rows.iter().map(|row| row[i].text()).collect::<StringArray>())
            } else {
                Arc::new(table.rows.iter().map(|row| row[i].number()).collect::<Float64Array>())
            };
            Column { name: name.clone(), cells }
        };
        Self { name: table.name.clone(), columns: table.columns.iter().enumerate().map(column).collect() }
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    fn column(&self, name: &str) -> PyResult<&Column> {
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| {
            PyKeyError::new_err(format!("`{}` has no column `{name}`: {}", self.name, self.names().join(", ")))
        })
    }

    fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }
}

#[pymethods]
impl Table {
    /// Its name, which is its file's.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The names of its columns.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.names()
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    /// The doubles of a column as bytes; none where it has texts. What is missing is NaN.
    fn doubles<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let Some(numbers) = self.column(name)?.cells.as_any().downcast_ref::<Float64Array>() else { return Ok(None) };
        let bytes = PyBytes::new_with(py, numbers.len() * size_of::<f64>(), |bytes| {
            for (i, place) in bytes.as_chunks_mut::<{ size_of::<f64>() }>().0.iter_mut().enumerate() {
                *place = if numbers.is_null(i) { f64::NAN } else { numbers.value(i) }.to_ne_bytes();
            }
            Ok(())
        });
        bytes.map(Some)
    }

    /// The cells of a column as Python's own: `str`, `float`, or `None` where one is missing.
    fn cells<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let cells = &self.column(name)?.cells;
        if let Some(numbers) = cells.as_any().downcast_ref::<Float64Array>() {
            return PyList::new(py, numbers);
        }
        match cells.as_any().downcast_ref::<StringArray>() {
            Some(texts) => PyList::new(py, texts),
            None => Ok(PyList::empty(py)),
        }
    }

    /// The Arrow `PyCapsule` interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer may ask for other types, and takes these where it is not obeyed: so the interface has it.
        let _ = requested_schema;
        let fields = self.columns.iter().map(|column| Field::new(&column.name, column.cells.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let arrays = self.columns.iter().map(|column| Arc::clone(&column.cells)).collect();
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays);
        let batch = batch.map_err(|error| BreakevenError::new_err(error.to_string()))?;
        let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __repr__(&self) -> String {
        format!("<Table {}: {} rows, {}>", self.name, self.rows(), self.names().join(", "))
    }

    /// Whether the cells of a column are texts.
    fn is_text(&self, name: &str) -> PyResult<bool> {
        Ok(*self.column(name)?.cells.data_type() == DataType::Utf8)
    }
}
