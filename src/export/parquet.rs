//! Tables as Parquet, for pandas, polars, DuckDB, R: numbers are doubles, what is missing is null.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::table::{Table, spec};

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

fn open<W: Write + Send>(
    writer: W,
    columns: impl Iterator<Item = (String, bool)>,
) -> Result<SerializedFileWriter<W>, ParquetError> {
    let field = |(name, is_text): (String, bool)| {
        let (physical, converted) =
            if is_text { (Physical::BYTE_ARRAY, ConvertedType::UTF8) } else { (Physical::DOUBLE, ConvertedType::NONE) };
        let field = Type::primitive_type_builder(&name, physical).with_repetition(Repetition::OPTIONAL);
        field.with_converted_type(converted).build().map(Arc::new)
    };
    let fields = columns.map(field).collect::<Result<Vec<_>, _>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(fields).build()?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    SerializedFileWriter::new(writer, schema, Arc::new(properties))
}

/// Which cells are there, as Parquet has it: 1 or 0.
fn levels<T>(cells: &[Option<T>]) -> Vec<i16> {
    cells.iter().map(|cell| i16::from(cell.is_some())).collect()
}

/// Writes a table; infinity is a number here.
///
/// # Errors
/// Where the writer fails.
pub fn write_parquet(table: &Table, writer: impl Write + Send) -> io::Result<()> {
    write_table(table, writer).map_err(failed)
}

fn write_table(table: &Table, writer: impl Write + Send) -> Result<(), ParquetError> {
    let columns = table.columns.iter().map(|name| (name.clone(), spec::is_text(&table.name, name)));
    let mut file = open(writer, columns)?;
    let mut group = file.next_row_group()?;
    for (i, name) in table.columns.iter().enumerate() {
        let Some(mut written) = group.next_column()? else { break };
        if spec::is_text(&table.name, name) {
            let cells: Vec<Option<&str>> = table.rows.iter().map(|row| row[i].text()).collect();
            let texts: Vec<ByteArray> = cells.iter().flatten().map(|text| ByteArray::from(*text)).collect();
            written.typed::<ByteArrayType>().write_batch(&texts, Some(&levels(&cells)), None)?;
        } else {
            let cells: Vec<Option<f64>> = table.rows.iter().map(|row| row[i].number()).collect();
            let numbers: Vec<f64> = cells.iter().flatten().copied().collect();
            written.typed::<DoubleType>().write_batch(&numbers, Some(&levels(&cells)), None)?;
        }
        written.close()?;
    }
    group.close()?;
    file.close()?;
    Ok(())
}

/// A Parquet file of numbers that come some rows at a time.
pub struct ParquetColumns<W: Write + Send> {
    file: SerializedFileWriter<W>,
    never: Vec<bool>,
}

impl<W: Write + Send> std::fmt::Debug for ParquetColumns<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetColumns").field("columns", &self.never.len()).finish_non_exhaustive()
    }
}

impl<W: Write + Send> ParquetColumns<W> {
    /// Columns by name; in those that are marked infinity is null: a month that never comes is no number.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn new(writer: W, columns: impl IntoIterator<Item = (String, bool)>) -> io::Result<Self> {
        let columns: Vec<(String, bool)> = columns.into_iter().collect();
        let never = columns.iter().map(|column| column.1).collect();
        let file = open(writer, columns.into_iter().map(|(name, _)| (name, false))).map_err(failed)?;
        Ok(Self { file, never })
    }

    /// Adds rows, column by column.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn add(&mut self, columns: &[&[f64]]) -> io::Result<()> {
        self.add_group(columns).map_err(failed)
    }

    fn add_group(&mut self, columns: &[&[f64]]) -> Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        for (numbers, never) in columns.iter().zip(&self.never) {
            let Some(mut written) = group.next_column()? else { break };
            let is_there = |x: &f64| !(*never && x.is_infinite());
            let levels: Vec<i16> = numbers.iter().map(|x| i16::from(is_there(x))).collect();
            let there: Vec<f64> = numbers.iter().copied().filter(is_there).collect();
            written.typed::<DoubleType>().write_batch(&there, Some(&levels), None)?;
            written.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes what remains.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn finish(self) -> io::Result<()> {
        self.file.close().map(drop).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    use super::*;
    use crate::table::Cell;

    #[test]
    fn what_is_written_is_read_back() {
        let mut table = Table::new("summary", ["outcome", "mean"]);
        table.push([Cell::from("npv"), Cell::from(-1.5)]);
        table.push([Cell::from("payback_month"), Cell::Missing]);
        table.push([Cell::from("ltv_cac"), Cell::from(f64::INFINITY)]);
        let file = tempfile::tempfile().unwrap();
        write_parquet(&table, file.try_clone().unwrap()).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!((rows[0].get_string(0).unwrap().as_str(), rows[0].get_double(1).unwrap()), ("npv", -1.5));
        assert!(rows[1].get_double(1).is_err(), "missing is null");
        assert_eq!(rows[2].get_double(1).unwrap(), f64::INFINITY);
    }
}
