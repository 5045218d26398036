//! What can go wrong with a log, and with what is read of one.
//!
//! Invariant: every error says where, and none of them is about what an entry means.

use crate::proof::ProofError;
use std::{fmt, io};

/// Why something could not be done.
#[derive(Debug)]
pub enum Error {
    /// The disk refused.
    Disk {
        /// The call, and the file that it was about.
        call: String,
        /// What it said.
        cause: io::Error,
    },
    /// A step of an earlier commit failed. What is on the disk is known only after opening anew.
    Poisoned,
    /// Somebody else writes to this log.
    Locked,
    /// The log was opened for reading.
    ReadOnly,
    /// The log has another size than the writer thought; nothing was written.
    Stale {
        /// What the writer thought.
        expected: u64,
        /// What it is.
        found: u64,
    },
    /// Another writer has taken over; nothing was written.
    Fenced,
    /// An entry is longer than an entry can be; nothing was written.
    EntryTooLarge {
        /// Its place in the group, from 0.
        place: usize,
        /// Its bytes.
        bytes: usize,
    },
    /// A group has no entry, or too many, or too many bytes; nothing was written.
    Group {
        /// What is wrong with it.
        what: &'static str,
    },
    /// There is a log already.
    Exists,
    /// There is no log.
    Absent,
    /// What lies on the disk is not what was signed.
    Damaged {
        /// The file.
        place: String,
        /// What is wrong with it.
        what: String,
    },
    /// A text or a file cannot be read as what it should be.
    Malformed {
        /// What it should be.
        kind: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A note has no signature of the key that it needs, or a wrong one.
    Unsigned {
        /// The name of the key.
        name: String,
        /// What is wrong.
        what: &'static str,
    },
    /// There are fewer cosignatures of known witnesses than are asked for.
    Quorum {
        /// As many are there.
        found: usize,
        /// As many are asked for.
        asked: usize,
    },
    /// A proof does not hold.
    Proof(ProofError),
    /// The log has no such entry, or never had such a size.
    Beyond {
        /// What was asked for.
        asked: u64,
        /// The size of the log.
        size: u64,
    },
    /// The system gives no random bytes.
    Random(String),
}

impl Error {
    pub(crate) fn disk(call: &str, path: &str, cause: io::Error) -> Error {
        Error::Disk { call: format!("{call} `{path}`"), cause }
    }

    pub(crate) fn damaged(place: &str, what: impl Into<String>) -> Error {
        Error::Damaged { place: place.to_owned(), what: what.into() }
    }

    pub(crate) fn malformed(kind: &'static str, what: impl Into<String>) -> Error {
        Error::Malformed { kind, what: what.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Disk { call, cause } => write!(f, "the disk failed at {call}: {cause}"),
            Error::Poisoned => write!(
                f,
                "an earlier write failed, so nothing more is written; close the log and open it \
                 again to see what is on the disk"
            ),
            Error::Locked => write!(f, "another process or thread has this log open for writing"),
            Error::ReadOnly => write!(f, "the log is open for reading only"),
            Error::Stale { expected, found } => {
                write!(f, "expected a log of {expected} entries, got {found}; nothing was written")
            }
            Error::Fenced => write!(f, "another writer has taken over; nothing was written"),
            Error::EntryTooLarge { place, bytes } => write!(
                f,
                "entry {place} of the group has {bytes} bytes, at most {} are allowed; keep it as \
                 an attachment and log its digest",
                crate::limits::ENTRY_BYTES
            ),
            Error::Group { what } => write!(f, "the group cannot be committed: {what}"),
            Error::Exists => write!(f, "there is a log here already"),
            Error::Absent => write!(f, "there is no log here: no file `checkpoint`"),
            Error::Damaged { place, what } => write!(f, "`{place}` is damaged: {what}"),
            Error::Malformed { kind, what } => write!(f, "this is no {kind}: {what}"),
            Error::Unsigned { name, what } => write!(f, "no signature of `{name}`: {what}"),
            Error::Quorum { found, asked } => {
                write!(f, "expected cosignatures of {asked} known witnesses, got {found}")
            }
            Error::Proof(error) => write!(f, "the proof does not hold: {error}"),
            Error::Beyond { asked, size } => {
                write!(f, "the log has {size} entries, got a question about {asked}")
            }
            Error::Random(cause) => write!(f, "the system gives no random bytes: {cause}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Disk { cause, .. } => Some(cause),
            Error::Proof(error) => Some(error),
            _ => None,
        }
    }
}

impl From<ProofError> for Error {
    fn from(error: ProofError) -> Error {
        Error::Proof(error)
    }
}
