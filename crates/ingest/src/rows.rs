//! Rows of delimited text, one at a time.
//!
//! Invariant: a row is held in one buffer that never grows beyond the limit of a row.

use crate::{
    LimitExceeded, Limits,
    window::{Window, waited},
};
use std::io::{self, BufRead, Read};

/// Reads rows.
pub(crate) struct Rows<R> {
    source: Window<R>,
    delimiter: u8,
    core: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    most_bytes: usize,
    most_fields: usize,
}

/// One row: the bytes of all fields together, and where each ends.
pub(crate) struct Row<'a> {
    /// The line in which it begins.
    pub line: u64,
    pub bytes: &'a [u8],
    pub ends: &'a [usize],
}

impl<R: Read> Rows<R> {
    pub fn new(source: R, delimiter: u8, limits: &Limits) -> Rows<R> {
        let to_size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        Rows {
            source: Window::new(source),
            delimiter,
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; 4096],
            ends: vec![0; 64],
            most_bytes: to_size(limits.row_bytes),
            most_fields: to_size(limits.fields),
        }
    }

    /// The next row that is not empty; none at the end.
    pub fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        self.skip_line_ends()?;
        let line = self.core.line();
        let (mut length, mut fields, mut begun) = (0, 0, false);
        loop {
            let input = waited(&mut self.source, begun)?;
            let text = self.text.get_mut(length..).unwrap_or_default();
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let (state, read, written, ended) = self.core.read_record(input, text, ends);
            self.source.consume(read);
            begun |= read > 0;
            length += written;
            fields += ended;
            match state {
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::OutputFull => {
                    grow(&mut self.text, self.most_bytes, "row_bytes")?;
                }
                csv_core::ReadRecordResult::OutputEndsFull => {
                    grow(&mut self.ends, self.most_fields, "fields")?;
                }
                csv_core::ReadRecordResult::Record => break,
                csv_core::ReadRecordResult::End => return Ok(None),
            }
        }
        let bytes = self.text.get(..length).unwrap_or_default();
        let ends = self.ends.get(..fields).unwrap_or_default();
        Ok(Some(Row { line, bytes, ends }))
    }

    /// The next line, where it ends in one and holds no quote: its fields are what stands between
    /// the delimiters. With how many bytes it takes.
    pub fn plain_line(&mut self) -> io::Result<Option<(&[u8], usize)>> {
        let mut looked = 0;
        let end = loop {
            let left = self.source.left();
            let rest = left.get(looked..).unwrap_or_default();
            if let Some(end) = memchr::memchr(b'\n', rest) {
                break looked + end;
            }
            looked = left.len();
            // The end of the source, its faults and its limits are told in the plain way.
            if looked > self.most_bytes || !self.source.more()? {
                return Ok(None);
            }
        };
        let line = self.source.left().get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let odd = line.is_empty()
            || line.len() > self.most_bytes
            || memchr::memchr2(b'"', b'\r', line).is_some();
        Ok((!odd).then_some((line, end + 1)))
    }

    /// Passes over a line that `plain_line` gave.
    pub fn pass(&mut self, bytes: usize) {
        self.source.consume(bytes);
        self.core.set_line(self.core.line() + 1);
    }

    /// What stands between two fields.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Passes over the rest of a line end and over empty lines, so that the line number is right.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let input = self.source.fill_buf()?;
            let count = input.iter().take_while(|&&b| b == b'\n' || b == b'\r').count();
            if count == 0 {
                return Ok(());
            }
            let lines = input.iter().take(count).filter(|&&b| b == b'\n').count();
            self.core.set_line(self.core.line() + lines as u64);
            self.source.consume(count);
        }
    }
}

fn grow<T: Clone + Default>(held: &mut Vec<T>, most: usize, limit: &'static str) -> io::Result<()> {
    if held.len() >= most {
        return Err(LimitExceeded::new(limit, most as u64).into());
    }
    let length = held.len().saturating_mul(2).min(most);
    held.resize(length, T::default());
    Ok(())
}

impl<'a> Row<'a> {
    /// The row as text: all fields together; none where any field is not UTF-8.
    pub fn text(&self) -> Option<&'a str> {
        let text = std::str::from_utf8(self.bytes).ok()?;
        self.ends.iter().all(|&end| text.is_char_boundary(end)).then_some(text)
    }
}

/// One field of a row, by its index.
pub(crate) fn field<'a>(text: &'a str, ends: &[usize], index: usize) -> Option<&'a str> {
    let end = *ends.get(index)?;
    let start = if index == 0 { 0 } else { *ends.get(index - 1)? };
    text.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut rows = Rows::new(text.as_bytes(), b',', &Limits::default());
        let mut found = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let whole = row.text().unwrap();
            let fields = (0..row.ends.len()).map(|i| field(whole, row.ends, i).unwrap().to_owned());
            found.push((row.line, fields.collect()));
        }
        found
    }

    #[test]
    fn line_ends_inside_quotes_belong_to_the_field() {
        let rows = all("\"a\",\"b\"\r\n\"1\r\n2\",\"x\ry\"\r\n\r\n3,4");
        let expected = [(1, vec!["a", "b"]), (2, vec!["1\r\n2", "x\ry"]), (5, vec!["3", "4"])];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(line, row)| (line, row.into_iter().map(str::to_owned).collect::<Vec<_>>()))
            .collect();
        assert_eq!(rows, expected);
    }
}
