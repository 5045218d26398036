//! Parquet files as the delimited text that they could have been exported to.
//!
//! Invariant: the library that reads them decodes only pages that `pages` has measured, within the
//! limits; where it panics all the same, the source ends with an error.
//!
//! Known hole: what the library takes by other numbers in a file than those measured is not
//! limited, and memory that cannot be had ends the program. None of the damaged files of the tests
//! does that.

mod cells;
mod pages;

use crate::{LimitExceeded, Limits, Problem};
use ::parquet::{
    errors::ParquetError,
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
    record::{Row, reader::RowIter},
    schema::types::Type,
};
use bytes::Bytes;
use cells::Cell;
use std::{
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// What the errors call it.
pub(crate) const PARQUET: &str = "Parquet";

/// The rows of a file, to be read as comma-separated text with a header.
pub(crate) struct Table {
    rows: RowIter<'static>,
    cells: Vec<Cell>,
    text: Vec<u8>,
    /// How much of the text has been given.
    given: usize,
    most_row: u64,
}

impl Table {
    /// Opens a file, all of which is held.
    pub fn open(source: impl Read, limits: &Limits) -> Result<Table, Problem> {
        let mut whole = Vec::new();
        let most = limits.whole_bytes;
        source
            .take(most.saturating_add(1))
            .read_to_end(&mut whole)
            .map_err(|error| Problem::from_io(error, None))?;
        if whole.len() as u64 > most {
            return Err(LimitExceeded::new("whole_bytes", most).into());
        }
        let whole = Bytes::from(whole);
        let reader = guarded(|| SerializedFileReader::new(whole.clone())).map_err(damaged)?;
        guarded(|| Ok(Table::of(reader, &whole, limits))).map_err(damaged)?
    }

    fn of(
        reader: SerializedFileReader<Bytes>,
        whole: &[u8],
        limits: &Limits,
    ) -> Result<Table, Problem> {
        let metadata = reader.metadata();
        if metadata.num_row_groups() as u64 > limits.row_groups {
            return Err(LimitExceeded::new("row_groups", limits.row_groups).into());
        }
        let root = metadata.file_metadata().schema_descr().root_schema();
        let flat = |field: &&Arc<Type>| field.is_primitive() && cells::is_single(field);
        let fields: Vec<Arc<Type>> = root.get_fields().iter().filter(flat).cloned().collect();
        if fields.len() as u64 > limits.fields {
            return Err(LimitExceeded::new("fields", limits.fields).into());
        }
        if fields.is_empty() {
            let reason = "a Parquet file without a column of single values";
            return Err(Problem::Format(reason.to_owned()));
        }
        let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        for group in metadata.row_groups() {
            let read = group.columns().iter().filter(|column| {
                let path = column.column_path().parts();
                path.len() == 1 && path.iter().all(|name| names.contains(&name.as_str()))
            });
            pages::measure(read, whole, limits)?;
        }
        let cells: Vec<Cell> = fields.iter().map(|field| Cell::of(field)).collect();
        let mut text = Vec::new();
        write_row(&mut text, names.into_iter().map(str::to_owned)).map_err(corrupt)?;
        let projection = Type::group_type_builder(root.name()).with_fields(fields).build();
        let rows = RowIter::from_file_into(Box::new(reader));
        let rows = rows.project(Some(projection.map_err(damaged)?)).map_err(damaged)?;
        Ok(Table { rows, cells, text, given: 0, most_row: limits.row_bytes })
    }

    /// For each column of times, its name and the format in which it is given.
    pub fn times(&self) -> Vec<(String, &'static str)> {
        let told = |cell: &Cell| Some((cell.name.clone(), cell.format()?));
        self.cells.iter().filter_map(told).collect()
    }

    fn more(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let rows = &mut self.rows;
        let next = guarded(|| rows.next().transpose()).map_err(|error| io_error(&error))?;
        let Some(row) = next else { return Ok(()) };
        if cells::size(&row) > self.most_row {
            return Err(LimitExceeded::new("row_bytes", self.most_row).into());
        }
        let cells = &self.cells;
        let texts = guarded(|| Ok(self::texts(&row, cells))).map_err(|error| io_error(&error))?;
        write_row(&mut self.text, texts.into_iter())
    }
}

impl Read for Table {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.text.len() {
            self.more()?;
        }
        let mut left = self.text.get(self.given..).unwrap_or_default();
        let read = left.read(into)?;
        self.given += read;
        Ok(read)
    }
}

fn texts(row: &Row, cells: &[Cell]) -> Vec<Vec<u8>> {
    let fields = row.get_column_iter().map(|(_, field)| field);
    fields.zip(cells).map(|(field, cell)| cell.text(field)).collect()
}

fn write_row(to: &mut Vec<u8>, fields: impl Iterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(fields).map_err(io::Error::other)?;
    writer.flush()
}

/// Calls the library. A panic of it, which damaged bytes can bring about, is an error.
fn guarded<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err(ParquetError::General("their reader gave up on them".to_owned())))
}

fn damaged(error: ParquetError) -> Problem {
    Problem::Corrupt { packing: PARQUET, detail: error.to_string() }
}

fn corrupt(error: io::Error) -> Problem {
    Problem::from_io(error, Some(PARQUET))
}

fn io_error(error: &ParquetError) -> io::Error {
    io::Error::other(error.to_string())
}
