//! A record and its tables as one JSON document, for scripts.

use std::io::Write;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use crate::table::{Cell, Table};
use crate::words::number_text;

/// Writes a record and its tables as one JSON document: each table a list of rows by column; missing is null, infinity `"inf"`.
///
/// # Errors
/// Where the writer fails.
pub fn write_json(record: &impl Serialize, tables: &[Table], mut writer: impl Write) -> std::io::Result<()> {
    let document = Document { record, tables: Tables(tables) };
    serde_json::to_writer_pretty(&mut writer, &document)?;
    writer.write_all(b"\n")
}

/// Writes tables alone as one JSON document.
///
/// # Errors
/// Where the writer fails.
pub fn write_json_tables(tables: &[Table], mut writer: impl Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut writer, &Tables(tables))?;
    writer.write_all(b"\n")
}

/// The same for several records, as one list.
///
/// # Errors
/// Where the writer fails.
pub fn write_json_list<R: Serialize>(list: &[(&R, &[Table])], mut writer: impl Write) -> std::io::Result<()> {
    let documents: Vec<_> =
        list.iter().map(|(record, tables)| Document { record: *record, tables: Tables(tables) }).collect();
    serde_json::to_writer_pretty(&mut writer, &documents)?;
    writer.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a, R> {
    record: &'a R,
    #[serde(flatten)]
    tables: Tables<'a>,
}

struct Tables<'a>(&'a [Table]);
struct Rows<'a>(&'a Table);
struct Row<'a>(&'a Table, &'a [Cell]);

impl Serialize for Tables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for table in self.0 {
            map.serialize_entry(&table.name, &Rows(table))?;
        }
        map.end()
    }
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&Row(self.0, row))?;
        }
        rows.end()
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (column, cell) in self.0.columns.iter().zip(self.1) {
            match cell {
                Cell::Number(x) if x.is_finite() => map.serialize_entry(column, x)?,
                Cell::Number(x) => map.serialize_entry(column, &number_text(*x))?,
                Cell::Text(text) => map.serialize_entry(column, text)?,
                Cell::Missing => map.serialize_entry(column, &())?,
            }
        }
        map.end()
    }
}
