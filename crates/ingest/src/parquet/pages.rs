//! The pages of a Parquet file, measured before anything of them is decoded.
//!
//! Invariant: no page passes that says of itself more than the limits allow, and none in an
//! encoding whose reader takes memory by a number in the page.
//!
//! The headers of pages are structs in the compact protocol of Thrift; only their sizes are read.

use super::PARQUET;
use crate::{LimitExceeded, Limits, Problem};
use ::parquet::file::metadata::ColumnChunkMetaData;

/// Structs and lists within each other, in a header.
const MOST_DEPTH: u8 = 8;
/// Plain, dictionary (two numbers), run lengths, packed differences, split bytes.
const ENCODINGS: [i64; 6] = [0, 2, 3, 5, 8, 9];

/// What a header says.
#[derive(Default)]
struct Header {
    /// Bytes of the page as it is decoded, and as it lies in the file.
    unpacked: i64,
    packed: i64,
    encoding: Option<i64>,
    /// Values of a dictionary, which are all held.
    entries: i64,
}

/// Measures all the pages of one row group.
pub(super) fn measure<'m>(
    columns: impl Iterator<Item = &'m ColumnChunkMetaData>,
    whole: &[u8],
    limits: &Limits,
) -> Result<(), Problem> {
    // Of each column a dictionary and a page are held at once.
    let mut held = 0_u64;
    for column in columns {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let range = usize::try_from(start).ok().zip(usize::try_from(column.compressed_size()).ok());
        let chunk = range.and_then(|(start, length)| whole.get(start..)?.get(..length));
        let mut rest = chunk.ok_or_else(|| corrupt("a column lies outside of the file"))?;
        let mut greatest = [0_u64; 2];
        while !rest.is_empty() {
            let mut bytes = Thrift { rest };
            let header = bytes.header().ok_or_else(|| corrupt("a page has no header"))?;
            let packed = usize::try_from(header.packed).ok();
            let behind = packed.and_then(|packed| bytes.rest.get(packed..));
            rest = behind.ok_or_else(|| corrupt("a page is longer than its column"))?;
            let size = header.size(limits)?;
            let is_entries = usize::from(header.entries > 0);
            if let Some(most) = greatest.get_mut(is_entries) {
                *most = size.max(*most);
            }
        }
        held = greatest.iter().fold(held, |sum, most| sum.saturating_add(*most));
    }
    match held > limits.whole_bytes {
        true => Err(LimitExceeded::new("whole_bytes", limits.whole_bytes).into()),
        false => Ok(()),
    }
}

fn corrupt(what: &str) -> Problem {
    Problem::Corrupt { packing: PARQUET, detail: what.to_owned() }
}

impl Header {
    fn size(&self, limits: &Limits) -> Result<u64, Problem> {
        let negative = || corrupt("a page has a size below zero");
        let size = u64::try_from(self.unpacked).map_err(|_| negative())?;
        let entries = u64::try_from(self.entries).map_err(|_| negative())?;
        if size > limits.page_bytes {
            return Err(LimitExceeded::new("page_bytes", limits.page_bytes).into());
        }
        if entries > size {
            return Err(corrupt("a dictionary has more entries than bytes"));
        }
        match self.encoding {
            Some(other) if !ENCODINGS.contains(&other) => {
                let reason = format!(
                    "Parquet pages in the encoding {other}, which is not read; write plain or \
                     dictionary pages"
                );
                Err(Problem::Format(reason))
            }
            _ => Ok(size),
        }
    }
}

/// Bytes in the compact protocol.
struct Thrift<'b> {
    rest: &'b [u8],
}

impl Thrift<'_> {
    /// The header of a page.
    fn header(&mut self) -> Option<Header> {
        let mut header = Header::default();
        self.fields(&mut |bytes, field, kind| {
            match (field, kind) {
                (2, 5) => header.unpacked = bytes.number()?,
                (3, 5) => header.packed = bytes.number()?,
                // The header of a data page, a dictionary or a data page of the second version.
                (5 | 7 | 8, 12) => bytes.fields(&mut |bytes, inner, kind| {
                    match (field, inner, kind) {
                        (7, 1, 5) => header.entries = bytes.number()?,
                        (5 | 7, 2, 5) | (8, 4, 5) => header.encoding = Some(bytes.number()?),
                        _ => bytes.pass(kind, 1)?,
                    }
                    Some(())
                })?,
                _ => bytes.pass(kind, 0)?,
            }
            Some(())
        })?;
        Some(header)
    }

    /// Visits the fields of a struct, each of which the visitor takes, with its number and kind.
    fn fields(&mut self, visit: &mut dyn FnMut(&mut Self, i64, u8) -> Option<()>) -> Option<()> {
        let mut field = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            field = match head >> 4 {
                0 => self.number()?,
                more => field.checked_add(i64::from(more))?,
            };
            visit(self, field, head & 0xf)?;
        }
    }

    /// Passes over a value.
    fn pass(&mut self, kind: u8, depth: u8) -> Option<()> {
        if depth > MOST_DEPTH {
            return None;
        }
        match kind {
            1 | 2 => {}
            3 => self.skip(1)?,
            4..=6 => {
                self.number()?;
            }
            7 => self.skip(8)?,
            8 => {
                let length = self.unsigned()?;
                self.skip(length)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.unsigned()?,
                    few => u64::from(few),
                };
                let kind = head & 0xf;
                for _ in 0..count {
                    // A truth within a list takes a byte, unlike one in a struct.
                    if matches!(kind, 1 | 2) { self.skip(1)? } else { self.pass(kind, depth + 1)? }
                }
            }
            12 => self.fields(&mut |bytes, _, kind| bytes.pass(kind, depth + 1))?,
            _ => return None,
        }
        Some(())
    }

    fn skip(&mut self, bytes: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A signed number, whose last bit is its sign.
    fn number(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        let half = i64::try_from(number >> 1).ok()?;
        Some(if number & 1 == 0 { half } else { -half - 1 })
    }
}
