//! Results as one JSON document, for scripts.

use std::io::Write;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use crate::findings::{self, Block};
use crate::results::{Record, Results};
use crate::table::{Cell, Table};
use crate::words::number_text;

/// Writes results as one JSON document, the same for one and for many: `results` is a list, in which each has its `record`, its
/// `tables` by name (lists of rows by column; missing is null, infinity `"inf"`) and its `findings`.
///
/// # Errors
/// Where the writer fails.
pub fn write_json<'r>(all: impl IntoIterator<Item = &'r Results>, mut writer: impl Write) -> std::io::Result<()> {
    let each = |results: &'r Results| Document {
        record: &results.record,
        tables: Tables(&results.tables),
        findings: findings::of(results),
    };
    let documents = Documents { results: all.into_iter().map(each).collect() };
    serde_json::to_writer_pretty(&mut writer, &documents)?;
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

#[derive(Serialize)]
struct Documents<'a> {
    results: Vec<Document<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    record: &'a Record,
    tables: Tables<'a>,
    findings: Vec<Block>,
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
