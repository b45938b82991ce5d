//! Tables and the record of a run as bytes: CSV and JSON, into any writer.

mod json;
mod record;

use std::io::Write;

pub use json::{write_json, write_json_list};
pub use record::{CompareRecord, PrecisionRecord, RunRecord, SolveRecord, SweepRecord, VaryRecord, write_record};

use crate::table::{Cell, Table};
use crate::words::number_text;

/// Writes a table as CSV: missing is an empty cell, infinity `inf`.
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

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(x) => number_text(*x),
        Cell::Missing => String::new(),
    }
}
