//! The most that is taken from one source, and the error that names what was exceeded.
//!
//! Invariant: every buffer of this crate that grows with the input grows under one of these.

use std::fmt;

/// The most of everything. `Limits::default()` suits files of a mission's size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a source as it lies on disk, packed or not.
    pub file_bytes: u64,
    /// Bytes of a source after unpacking.
    pub unpacked_bytes: u64,
    /// How many times larger a source may become by unpacking, once it is above one mebibyte.
    pub unpacked_ratio: u64,
    /// Bytes of one row, line or feature.
    pub row_bytes: u64,
    /// Fields in one row, and columns in a header.
    pub fields: u64,
    /// Bytes of one field.
    pub field_bytes: u64,
    /// Levels of brackets in JSON.
    pub nesting: u64,
    /// Vertices of one geometry.
    pub vertices: u64,
    /// Rows read by one intake, over all its sources.
    pub rows: u64,
    /// Bytes of a Parquet file, which is held whole, and of those of its pages that are held.
    pub whole_bytes: u64,
    /// Bytes of one page of a Parquet file.
    pub page_bytes: u64,
    /// Row groups of a Parquet file.
    pub row_groups: u64,
    /// Bytes of one sentence with all around it.
    pub sentence_bytes: u64,
    /// Messages of several sentences, and groups of sentences, that are held at once.
    pub unfinished: u64,
    /// Sentences for which a message waits for its next part.
    pub wait_sentences: u64,
    /// Seconds without a frame after which the counter of a recording is not followed.
    pub silence_s: u64,
    /// Things that move whose last position is remembered.
    pub tracked: u64,
    /// Knots that a ship can make.
    pub ship_kn: u64,
    /// Knots that an aircraft can make over the ground.
    pub aircraft_kn: u64,
    /// Kilometres from which an impossible speed is a jump.
    pub jump_km: u64,
    /// Seconds after an impossible report in which those of the same thing are doubtful.
    pub settle_s: u64,
    /// Seconds by which a position may be later than it was known.
    pub clock_s: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 4 << 30,
            unpacked_bytes: 16 << 30,
            unpacked_ratio: 250,
            row_bytes: 16 << 20,
            fields: 1_024,
            field_bytes: 1 << 20,
            nesting: 32,
            vertices: 100_000,
            rows: 50_000_000,
            whole_bytes: 512 << 20,
            page_bytes: 64 << 20,
            row_groups: 10_000,
            sentence_bytes: 1_024,
            unfinished: 256,
            wait_sentences: 200,
            silence_s: 21_600,
            tracked: 100_000,
            ship_kn: 100,
            aircraft_kn: 2_000,
            jump_km: 50,
            settle_s: 600,
            clock_s: 5,
        }
    }
}

/// A limit that the input exceeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitExceeded {
    /// The name of the limit, as the field of [`Limits`].
    pub limit: &'static str,
    /// Its value.
    pub most: u64,
    /// The data row, from 1, where it is known.
    pub row: Option<u64>,
    /// The column, where it is known.
    pub column: Option<String>,
}

impl LimitExceeded {
    /// A limit exceeded by the source as a whole, or by a row that is named later.
    pub fn new(limit: &'static str, most: u64) -> LimitExceeded {
        LimitExceeded { limit, most, row: None, column: None }
    }
    /// The same, in this data row.
    #[must_use]
    pub fn in_row(self, row: u64) -> LimitExceeded {
        LimitExceeded { row: Some(row), ..self }
    }
    /// The same, in this column.
    #[must_use]
    pub fn in_column(self, column: &str) -> LimitExceeded {
        LimitExceeded { column: Some(column.to_owned()), ..self }
    }
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LimitExceeded { limit, most, row, column } = self;
        if let Some(row) = row {
            write!(f, "row {row}: ")?;
        }
        if let Some(column) = column {
            write!(f, "column `{column}`: ")?;
        }
        write!(f, "more than the limit `{limit}` of {most}")
    }
}

impl std::error::Error for LimitExceeded {}

impl From<LimitExceeded> for std::io::Error {
    fn from(limit: LimitExceeded) -> std::io::Error {
        std::io::Error::other(limit)
    }
}
