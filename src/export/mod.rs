//! Results as bytes, into any writer: CSV, JSON, Parquet and Excel workbooks; and results read back from their folder.

#[cfg(feature = "export")]
mod folder;
#[cfg(feature = "export")]
mod json;
#[cfg(feature = "export")]
mod parquet;
#[cfg(feature = "export")]
mod workbook;

use std::io::{Read, Write};

#[cfg(feature = "export")]
pub use folder::{FolderError, read_results};
#[cfg(feature = "export")]
pub use json::{write_json, write_json_tables};
#[cfg(feature = "export")]
pub use parquet::{ParquetColumns, write_parquet};
#[cfg(feature = "export")]
pub use workbook::write_workbook;

use crate::table::{Cell, Table, spec};
use crate::words::{self, number_text};

/// Writes a table as CSV: missing is an empty cell, infinity `inf`. A text that a spreadsheet would take for a formula has an
/// apostrophe before it.
///
/// # Errors
/// Where the writer fails.
pub fn write_csv(table: &Table, writer: impl Write) -> csv::Result<()> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(writer);
    csv.write_record(&table.columns)?;
    for row in &table.rows {
        csv.write_record(row.iter().map(cell_text))?;
    }
    csv.flush()?;
    Ok(())
}

/// Reads a table back from its CSV: the very table that was written.
///
/// # Errors
/// Where the file is no CSV, or a number is none.
pub fn read_csv(name: &str, reader: impl Read) -> csv::Result<Table> {
    let mut csv = csv::Reader::from_reader(reader);
    let columns: Vec<String> = csv.headers()?.iter().map(str::to_owned).collect();
    let is_text: Vec<bool> = columns.iter().map(|column| spec::is_text(name, column)).collect();
    let mut table = Table::new(name, columns);
    for record in csv.records() {
        let record = record?;
        let cells = record.iter().zip(&is_text).map(|(cell, text)| match cell {
            "" => Ok(Cell::Missing),
            cell if *text => {
                let inside = cell.strip_prefix('\'').filter(|inside| looks_like_formula(inside));
                Ok(Cell::Text(words::shown(inside.unwrap_or(cell)).into_owned()))
            }
            cell => number(cell).map(Cell::Number).ok_or_else(|| {
                let (line, cell) = (record.position().map_or(0, csv::Position::line), words::shown(cell));
                csv::Error::from(std::io::Error::other(format!("line {line}: `{cell}` is not a number of results")))
            }),
        });
        table.push(cells.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(table)
}

/// A number as results have them: finite and of a size that can be, or infinite.
fn number(cell: &str) -> Option<f64> {
    let x: f64 = cell.parse().ok()?;
    (x.abs() <= crate::results::LARGEST_NUMBER || x.is_infinite()).then_some(x)
}

/// Whether a spreadsheet that opens the file would take the text for a formula.
fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err()
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if looks_like_formula(text) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Number(x) => number_text(*x),
        Cell::Missing => String::new(),
    }
}
