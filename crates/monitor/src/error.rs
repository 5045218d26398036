//! What can go wrong with a record.
//!
//! Invariant: a refusal leaves the log as it was.

use std::{fmt, io};

/// Why something could not be done.
#[derive(Debug)]
pub enum Error {
    /// The log refused, or is damaged.
    Ledger(casus_ledger::Error),
    /// A file beside the log.
    File {
        /// Which file.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// What was asked for cannot be done.
    Refused {
        /// Why.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// An entry of the log cannot be read as one: it was made by a later Casus, or by none.
    Entry {
        /// Its place.
        position: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A file of evidence cannot be read to its end.
    Evidence(String),
}

impl Error {
    /// A refusal.
    pub fn refused(message: impl Into<String>, help: impl Into<String>) -> Error {
        Error::Refused { message: message.into(), help: help.into() }
    }
    pub(crate) fn file(path: &std::path::Path, cause: io::Error) -> Error {
        Error::File { path: path.display().to_string(), cause }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Ledger(error) => error.fmt(f),
            Error::File { path, cause } => write!(f, "`{path}`: {cause}"),
            Error::Refused { message, .. } | Error::Evidence(message) => f.write_str(message),
            Error::Entry { position, what } => write!(f, "entry {position} of the log: {what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Ledger(error) => Some(error),
            Error::File { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

impl From<casus_ledger::Error> for Error {
    fn from(error: casus_ledger::Error) -> Error {
        Error::Ledger(error)
    }
}
