//! What may go wrong between workers, and what to do about it.
//!
//! Invariant: every message says what to do, in `Error::help`.

use crate::bytes::Malformed;
use std::{fmt, io};

/// Takes an error after which this process cannot go on, and ends it. Links and workers meet such
/// errors in threads of their own, from which nobody can be told by a value.
pub trait Fatal: Send + Sync {
    /// Says what happened, and ends the process. Several threads may come here at once.
    fn end(&self, error: &Error) -> !;
}

/// Why the workers cannot go on.
#[derive(Debug)]
pub enum Error {
    /// The processes and threads that are asked for cannot be.
    Layout {
        /// What is wrong.
        message: String,
        /// What to do.
        help: &'static str,
    },
    /// This process cannot be reached by the others.
    Listen {
        /// Its address.
        address: String,
        /// Why.
        cause: io::Error,
    },
    /// Another process was not there in time.
    Absent {
        /// Which one.
        process: usize,
        /// Its address.
        address: String,
        /// What came of the last attempt, if there was one.
        cause: Option<io::Error>,
    },
    /// The processes do not fit each other: another agreement, another version, another layout.
    Misfit {
        /// In which way.
        message: String,
    },
    /// A process was lost on the way.
    Lost {
        /// Which one.
        process: usize,
        /// How that was noticed.
        cause: String,
    },
    /// What a process sent cannot be read.
    Malformed(Malformed),
    /// What came back does not fit what stood before.
    Contradiction {
        /// The finding that it is about.
        finding: String,
    },
    /// An edition of the agreement cannot be used.
    Edition(String),
    /// The threads that the flow needs could not be begun.
    Threads(String),
    /// A worker of this process stopped before its time.
    Stopped,
}

impl Error {
    /// What to do.
    pub fn help(&self) -> &'static str {
        match self {
            Error::Layout { help, .. } => help,
            Error::Listen { .. } => {
                "the line of `--process` in the file of hosts has to be an address of this \
                 machine, with a port that nothing else uses"
            }
            Error::Absent { .. } => {
                "start every process with the same file of hosts and its own `--process`; see \
                 whether a firewall is between them"
            }
            Error::Misfit { .. } => {
                "give every process the same program, the same files of the agreement, the same \
                 hosts and the same `--threads`, and a `--process` of its own"
            }
            Error::Lost { .. }
            | Error::Malformed(_)
            | Error::Contradiction { .. }
            | Error::Stopped => {
                "start all processes again with the same evidence; it gives the same findings, \
                 and nothing was decided that could be lost"
            }
            Error::Edition(_) => "correct it with `casus check`; what is in force stays in force",
            Error::Threads(_) => "ask for fewer threads",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Layout { message, .. } | Error::Misfit { message } => f.write_str(message),
            Error::Listen { address, cause } => write!(f, "cannot listen at `{address}`: {cause}"),
            Error::Absent { process, address, cause } => {
                write!(f, "process {process} at `{address}` was not there in time")?;
                cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            Error::Lost { process, cause } => write!(f, "process {process} was lost: {cause}"),
            Error::Malformed(found) => write!(f, "a process sent what cannot be read: {found}"),
            Error::Contradiction { finding } => {
                write!(f, "the workers contradict each other about the finding `{finding}`")
            }
            Error::Edition(message) => write!(f, "the new edition cannot be used: {message}"),
            Error::Threads(message) => write!(f, "the threads cannot be started: {message}"),
            Error::Stopped => f.write_str("a worker of this process stopped before its time"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Listen { cause, .. } | Error::Absent { cause: Some(cause), .. } => Some(cause),
            Error::Malformed(found) => Some(found),
            _ => None,
        }
    }
}

impl From<Malformed> for Error {
    fn from(found: Malformed) -> Error {
        Error::Malformed(found)
    }
}
