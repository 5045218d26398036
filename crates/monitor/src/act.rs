//! What people do to a record, each act signed by its author.
//!
//! Invariant: what is signed is what is written and read: the text of the note, to the byte. An act
//! names the record that it is for, so that it cannot be carried into another.

use crate::{
    entry::Class,
    error::Error,
    people::{Person, Role},
};
use casus_ingest::Accounting;
use casus_ledger::{Hash, Note, Signer, Verifier};
use casus_model::{Grade, Instant, Name};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// A content that lies beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its SHA-256 digest, in base64.
    pub sha256: String,
    /// How long it is.
    pub bytes: u64,
}

impl Kept {
    /// What a content would be kept as.
    pub fn of(content: &[u8]) -> Kept {
        let sha256 = Hash(Sha256::digest(content).into()).to_string();
        Kept { sha256, bytes: content.len() as u64 }
    }
}

/// An act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Act {
    /// Takes a person in, or says anew what a person may do.
    Person(Person),
    /// Puts an agreement in force for the judging, or another wording of it.
    Agreement {
        /// The text.
        text: Kept,
        /// Its annexes, by name.
        annexes: BTreeMap<String, Kept>,
        /// Which version of Casus checked it.
        casus: String,
    },
    /// Puts a file of evidence in; its reports follow as entries of their own.
    Source {
        /// What it was called.
        name: String,
        /// The file as it came.
        content: Kept,
        /// The name of the profile by which it was read.
        profile: Option<String>,
        /// The text of that profile, where it is not one of Casus's own.
        profile_text: Option<Kept>,
        /// How many entries follow.
        reports: u64,
        /// Who may see them.
        class: Class,
        /// Where every row went.
        accounting: Accounting,
    },
    /// Says anew what a report says.
    Correct {
        /// The report as it should be, in one line of JSON.
        record: String,
        /// Over which version.
        over: u32,
        /// Why.
        reason: String,
    },
    /// Takes a report back.
    Withdraw {
        /// Which.
        report: Name,
        /// Over which version.
        over: u32,
        /// Why.
        reason: String,
    },
    /// Says that reports are of one incident.
    Merge {
        /// The reports; they are of the incident of the first.
        reports: Vec<Name>,
        /// Why.
        reason: String,
    },
    /// Takes a merge back.
    Split {
        /// Where the merge stands.
        merge: u64,
        /// Why.
        reason: String,
    },
    /// Says how good a report is.
    Grade {
        /// Which.
        report: Name,
        /// How good.
        grade: Grade,
        /// Why.
        reason: String,
    },
    /// Says that somebody looked at a report and has nothing against it.
    Confirm {
        /// Which.
        report: Name,
        /// Why.
        reason: String,
    },
    /// Claims, accepts or rejects that an exception holds.
    Plead {
        /// `claim`, `acceptance` or `rejection`.
        plea: Plea,
        /// Which exception.
        defence: Name,
        /// Of which report or incident.
        about: Name,
        /// For which party or office.
        on_behalf_of: Name,
        /// Why.
        reason: String,
    },
    /// Adopts a step of a ladder, or a finding that people decide.
    Adopt {
        /// The label of the provision; of a step, with its name behind a blank.
        provision: Name,
        /// The finding, report or incident that it is for; empty: any.
        about: Vec<Name>,
        /// For which member of the body.
        on_behalf_of: Name,
        /// Why.
        reason: String,
    },
    /// Keeps what was found at a place of the log.
    Findings {
        /// The first so many entries were judged.
        size: u64,
        /// What became known later was left out.
        as_of: Option<Instant>,
        /// The clock.
        clock: Instant,
        /// Who may see the reports that were judged.
        class: Class,
        /// The findings, as lines of JSON.
        lines: Kept,
        /// Which version of Casus found them.
        casus: String,
    },
}

/// What is said of an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plea {
    /// It is claimed.
    Claim,
    /// It is accepted.
    Acceptance,
    /// It is rejected.
    Rejection,
}

impl Act {
    /// The roles of which one is needed for it.
    pub fn roles(&self) -> &'static [Role] {
        match self {
            Act::Person(_) | Act::Agreement { .. } => &[Role::Keeper],
            Act::Source { .. } | Act::Correct { .. } | Act::Withdraw { .. } | Act::Merge { .. } => {
                &[Role::Analyst, Role::Reviewer]
            }
            Act::Split { .. } => &[Role::Analyst, Role::Reviewer],
            Act::Grade { .. } | Act::Confirm { .. } => &[Role::Reviewer],
            Act::Plead { .. } | Act::Adopt { .. } => &[Role::Member],
            Act::Findings { .. } => &[Role::Keeper, Role::Analyst, Role::Reviewer],
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Line<'l> {
    record: std::borrow::Cow<'l, str>,
    by: std::borrow::Cow<'l, str>,
    at: Instant,
    does: Act,
}

/// A signed act.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// The signed note, as it stands in the log.
    pub note: String,
    /// The record that it is for.
    pub record: String,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: Instant,
    /// What.
    pub act: Act,
}

impl Signed {
    /// Signs an act for a record.
    ///
    /// # Errors
    /// Where it cannot be written as JSON, which no act is known to bring about.
    pub fn sign(act: Act, record: &str, key: &Signer, at: Instant) -> Result<Signed, Error> {
        let line = Line { record: record.into(), by: key.name().into(), at, does: act };
        let told = |error: serde_json::Error| Error::refused(error.to_string(), "leave it out");
        let text = serde_json::to_string(&line).map_err(told)? + "\n";
        let signatures = vec![key.sign(&text, 0)];
        let note = Note { text, signatures }.encode();
        let note = String::from_utf8_lossy(&note).into_owned();
        let by = key.name().to_owned();
        Ok(Signed { note, record: record.to_owned(), by, at, act: line.does })
    }

    /// Reads a signed act. That it was signed is said by `verify`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(note: &str) -> Result<Signed, String> {
        let parsed = Note::parse(note.as_bytes()).map_err(|error| error.to_string())?;
        let line: Line<'_> =
            serde_json::from_str(&parsed.text).map_err(|error| error.to_string())?;
        let (record, by) = (line.record.into_owned(), line.by.into_owned());
        Ok(Signed { note: note.to_owned(), record, by, at: line.at, act: line.does })
    }

    /// Whether this key signed it.
    ///
    /// # Errors
    /// Where it did not.
    pub fn verify(&self, key: &Verifier) -> Result<(), String> {
        let note = Note::parse(self.note.as_bytes()).map_err(|error| error.to_string())?;
        note.signed_by(key).map(|_| ()).map_err(|error| error.to_string())
    }
}
