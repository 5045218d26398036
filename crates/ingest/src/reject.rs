//! Rows that were not taken, and why; and the file that lists them.
//!
//! Invariant: a reject names its row, and quotes at most 200 characters of it.

use serde::Serialize;
use std::{borrow::Cow, io, io::Write};

/// Characters of the offending text that are kept.
pub(crate) const QUOTED: usize = 200;

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The name of the source.
    pub file: String,
    /// The data row, from 1; the header is not counted.
    pub row: u64,
    /// The line of the source in which the row begins, from 1, where it is known.
    pub line: Option<u64>,
    /// The column or field at fault, where it is one.
    pub column: Option<String>,
    /// What was expected, against what was found.
    pub reason: String,
    /// The offending text, shortened.
    pub text: String,
}

/// A fault of one row, before it is known which.
#[derive(Debug)]
pub(crate) struct Fault {
    pub column: Option<String>,
    pub reason: String,
    pub text: String,
}

impl Fault {
    pub fn new(column: &str, reason: impl Into<String>, text: &str) -> Fault {
        let column = (!column.is_empty()).then(|| column.to_owned());
        Fault { column, reason: reason.into(), text: shortened(text, QUOTED).into_owned() }
    }
    pub fn row(reason: impl Into<String>, text: &str) -> Fault {
        Fault::new("", reason, text)
    }
    pub fn at(self, file: &str, row: u64, line: Option<u64>) -> Reject {
        let Fault { column, reason, text } = self;
        Reject { file: file.to_owned(), row, line, column, reason, text }
    }
}

/// The text, or its beginning and `…`.
pub(crate) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Writes rejects to a file, as CSV with a header or as JSON Lines.
#[derive(Debug)]
pub struct RejectWriter<W: Write>(Sink<W>);

#[derive(Debug)]
enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Lines(W),
}

impl<W: Write> RejectWriter<W> {
    /// Writes CSV.
    ///
    /// # Errors
    /// Where the header cannot be written.
    pub fn csv(to: W) -> io::Result<RejectWriter<W>> {
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(["file", "row", "line", "column", "reason", "text"])?;
        Ok(RejectWriter(Sink::Csv(Box::new(writer))))
    }
    /// Writes JSON Lines.
    pub fn json_lines(to: W) -> RejectWriter<W> {
        RejectWriter(Sink::Lines(to))
    }
    /// CSV where the name of the file ends in `.csv`, else JSON Lines.
    ///
    /// # Errors
    /// Where the header cannot be written.
    pub fn for_name(name: &str, to: W) -> io::Result<RejectWriter<W>> {
        let is_csv = name.to_ascii_lowercase().ends_with(".csv");
        if is_csv { RejectWriter::csv(to) } else { Ok(RejectWriter::json_lines(to)) }
    }
    /// Adds one reject.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        match &mut self.0 {
            Sink::Csv(writer) => {
                let row = reject.row.to_string();
                let line = reject.line.map(|line| line.to_string()).unwrap_or_default();
                let column = reject.column.as_deref().unwrap_or_default();
                let text = harmless(&reject.text);
                let fields = [&reject.file, &row, &line, column, &reject.reason, &text];
                Ok(writer.write_record(fields)?)
            }
            Sink::Lines(to) => {
                serde_json::to_writer(&mut *to, reject)?;
                to.write_all(b"\n")
            }
        }
    }
    /// Writes out what is still held back.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Sink::Csv(writer) => writer.flush(),
            Sink::Lines(to) => to.flush(),
        }
    }
}

/// Text that a spreadsheet will not run as a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
