//! The entries of the log: an opening, reports as they were filed, reports that are only committed
//! to, and signed acts of people.
//!
//! Invariant: an entry that is written reads back equal, and one that is not understood is an
//! error, never passed over.

use crate::{act::Signed, error::Error};
use casus_ingest::{parse_record, write_record};
use casus_ledger::Hash;
use casus_model::{Instant, Record};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Who may see a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Everybody.
    #[default]
    Public,
    /// The parties and offices of the agreement.
    Parties,
    /// Those who keep the record.
    Restricted,
}

/// The first entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Of what form the entries are.
    pub format: u32,
    /// What the record is called; also the origin of its checkpoints.
    pub name: String,
    /// When it was opened.
    pub at: Instant,
    /// Which version of Casus opened it.
    pub casus: String,
    /// Who keeps it first: the name and the public key.
    pub keeper: (String, String),
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The first.
    Opening(Opening),
    /// A report.
    Report {
        /// Where the act stands that put its source in.
        source: u64,
        /// The report.
        record: Box<Record>,
    },
    /// A report that stands elsewhere; here is only what binds to it.
    Sealed {
        /// Where the act stands that put its source in.
        source: u64,
        /// The digest of its salt and its bytes.
        commitment: Hash,
    },
    /// What a person did.
    Act(Box<Signed>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'l> {
    #[serde(borrow)]
    kind: Cow<'l, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<u64>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    record: Option<&'l RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commitment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opening: Option<Opening>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    note: Option<Cow<'l, str>>,
}

impl Line<'_> {
    fn of(kind: &'static str) -> Line<'static> {
        Line {
            kind: kind.into(),
            source: None,
            record: None,
            commitment: None,
            opening: None,
            note: None,
        }
    }
}

impl Entry {
    /// The bytes that go into the log: one JSON object.
    ///
    /// # Errors
    /// Where it cannot be written as JSON, which no entry is known to bring about.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        let told = |error: serde_json::Error| Error::refused(error.to_string(), "leave it out");
        let raw;
        let line = match self {
            Entry::Opening(opening) => {
                Line { opening: Some(opening.clone()), ..Line::of("opening") }
            }
            Entry::Report { source, record } => {
                raw = RawValue::from_string(write_record(record)).map_err(told)?;
                Line { source: Some(*source), record: Some(&raw), ..Line::of("report") }
            }
            Entry::Sealed { source, commitment } => Line {
                source: Some(*source),
                commitment: Some(commitment.to_string()),
                ..Line::of("sealed")
            },
            Entry::Act(signed) => {
                Line { note: Some(signed.note.clone().into()), ..Line::of("act") }
            }
        };
        serde_json::to_vec(&line).map_err(told)
    }

    /// Reads an entry back.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(position: u64, bytes: &[u8]) -> Result<Entry, Error> {
        let bad = |what: String| Error::Entry { position, what };
        let line: Line<'_> =
            serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
        let missing = |field: &str| bad(format!("it has no `{field}`"));
        match &*line.kind {
            "opening" => {
                let opening = line.opening.ok_or_else(|| missing("opening"))?;
                match opening.format {
                    1 => Ok(Entry::Opening(opening)),
                    other => Err(bad(format!("its form {other} is of a later Casus"))),
                }
            }
            "report" => {
                let record = line.record.ok_or_else(|| missing("record"))?;
                let record = parse_record(record.get()).map_err(bad)?;
                let source = line.source.ok_or_else(|| missing("source"))?;
                Ok(Entry::Report { source, record: Box::new(record) })
            }
            "sealed" => {
                let commitment = line.commitment.ok_or_else(|| missing("commitment"))?;
                let commitment =
                    Hash::parse(&commitment).map_err(|error| bad(error.to_string()))?;
                let source = line.source.ok_or_else(|| missing("source"))?;
                Ok(Entry::Sealed { source, commitment })
            }
            "act" => {
                let note = line.note.ok_or_else(|| missing("note"))?;
                let signed = Signed::parse(&note).map_err(bad)?;
                Ok(Entry::Act(Box::new(signed)))
            }
            other => Err(bad(format!("its kind `{other}` is of a later Casus"))),
        }
    }
}
