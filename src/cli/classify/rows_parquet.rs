//! Moods as Parquet.
//!
//! A Parquet file is readable only once its footer is written, so a run that is stopped would lose all. Rows are kept
//! as CSV beside it until the last is there; that file is what a later run goes on with.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::Field;
use parquet::schema::parser::parse_message_type;

use super::columns::{Columns, Kind, Value};
use super::entry::Entry;
use super::formats::Format;
use super::rows_csv::CsvRows;
use crate::cli::beside::{kept_beside, write_beside};

/// Rows of a row group; as many are in memory at a time.
const GROUP: usize = 1 << 14;

/// Keeps rows as CSV, and makes a Parquet file of them in the end.
pub struct ParquetRows {
    rows: CsvRows<File>,
    path: PathBuf,
}

impl ParquetRows {
    /// `rows` are kept in [`kept_beside`] `path`.
    pub fn new(rows: CsvRows<File>, path: &Path) -> ParquetRows {
        ParquetRows { rows, path: path.to_path_buf() }
    }

    /// Makes rows out of a finished file, to go on with it.
    ///
    /// # Errors
    /// When the file is none of ours.
    pub fn unpack(&mut self) -> anyhow::Result<()> {
        let reader = SerializedFileReader::new(File::open(&self.path)?)?;
        for row in reader.get_row_iter(None)? {
            let row = row?;
            let expected = self.rows.columns().iter().map(|column| column.name);
            anyhow::ensure!(row.get_column_iter().map(|(name, _)| name.as_str()).eq(expected), "it has other columns");
            let cells: Vec<String> = row.get_column_iter().map(|(_, field)| text(field)).collect();
            self.rows.rows(std::iter::once(cells.into_iter()))?;
        }
        Ok(())
    }
}

impl Format for ParquetRows {
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()> {
        self.rows.add(entry)
    }

    fn finish(self: Box<Self>) -> anyhow::Result<()> {
        let ParquetRows { mut rows, path } = *self;
        rows.rows(std::iter::empty::<std::iter::Empty<String>>())?;
        let kept = kept_beside(&path);
        let convert = |file: &mut File| convert(&File::open(&kept)?, rows.columns(), file);
        write_beside(&path, |file, _| convert(file)).with_context(|| {
            format!("cannot write {}; the rows are in {}, --resume tries again", path.display(), kept.display())
        })?;
        Ok(fs::remove_file(&kept)?)
    }

    /// What is there is kept for a run that goes on.
    fn stop(self: Box<Self>) -> anyhow::Result<()> {
        Ok(())
    }
}

/// A value as it stands in CSV.
fn text(field: &Field) -> String {
    let value = match field {
        Field::Bool(value) => Value::Bool(*value),
        Field::Int(value) => Value::Int(*value),
        Field::Float(value) => Value::Float(*value),
        Field::Double(value) => Value::Double(*value),
        Field::Str(text) => Value::Text(text.clone()),
        _ => Value::Null,
    };
    value.text()
}

fn convert(rows: &File, columns: &Columns, out: &mut File) -> anyhow::Result<()> {
    let column = |column: &super::columns::Column| {
        let kind = match column.kind {
            Kind::Text => return format!("optional binary {} (UTF8);", column.name),
            Kind::Bool => "boolean",
            Kind::Int => "int32",
            Kind::Float => "float",
            Kind::Double => "double",
        };
        format!("optional {kind} {};", column.name)
    };
    let schema: String = columns.iter().map(column).collect();
    let schema = Arc::new(parse_message_type(&format!("message moods {{ {schema} }}"))?);
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut writer = SerializedFileWriter::new(out, schema, properties)?;
    let mut records = csv::Reader::from_reader(rows).into_records();
    loop {
        let group: Vec<csv::StringRecord> = records.by_ref().take(GROUP).collect::<Result<_, _>>()?;
        if group.is_empty() {
            break;
        }
        let mut row_group = writer.next_row_group()?;
        for (index, column) in columns.iter().enumerate() {
            let value = |record: &csv::StringRecord| {
                let text = &record[index];
                Value::parse(column.kind, text).with_context(|| format!("“{text}” is no {}", column.name))
            };
            let values = group.iter().map(value).collect::<anyhow::Result<Vec<Value>>>()?;
            write_column(&mut row_group, column.kind, &values)?;
        }
        row_group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    kind: Kind,
    values: &[Value],
) -> Result<(), ParquetError> {
    match kind {
        Kind::Text => write::<ByteArrayType, W>(group, values, |value| match value {
            Value::Text(text) => Some(ByteArray::from(text.as_str())),
            _ => None,
        }),
        Kind::Bool => write::<BoolType, W>(group, values, |value| match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        }),
        Kind::Int => write::<Int32Type, W>(group, values, |value| match value {
            Value::Int(value) => Some(*value),
            _ => None,
        }),
        Kind::Float => write::<FloatType, W>(group, values, |value| match value {
            Value::Float(value) => Some(*value),
            _ => None,
        }),
        Kind::Double => write::<DoubleType, W>(group, values, |value| match value {
            Value::Double(value) => Some(*value),
            _ => None,
        }),
    }
}

/// Writes the next column: the values that are there, and for each row whether there is one.
fn write<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[Value],
    of: impl Fn(&Value) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let cells: Vec<Option<T::T>> = values.iter().map(of).collect();
    let there: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let cells: Vec<T::T> = cells.into_iter().flatten().collect();
    let missing = || ParquetError::General("there are more columns than the schema has".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(&cells, Some(&there), None)?;
    column.close()
}
