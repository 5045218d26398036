//! How a command ends: the exit codes, and what is said when it cannot go on.
//!
//! Invariant: every failure says what to do next, unless its message already does.

use std::{fmt, io};

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Fine = 0,
    /// There is what `--fail-on` asked for, a scenario failed, or a file is not laid out.
    Findings = 1,
    /// The arguments cannot be followed.
    Usage = 2,
    /// The agreement is not valid.
    Agreement = 3,
    /// Evidence could not be read, or `--strict` was given and rows were rejected.
    Evidence = 4,
    /// The processes of a run do not fit each other, or one of them was lost.
    Processes = 5,
    /// A record refuses, cannot be opened, or is not sound.
    Record = 6,
}

/// Why a command stops.
#[derive(Debug)]
pub enum Failure {
    /// Something to tell the user.
    Told {
        /// The exit code.
        exit: Exit,
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// All is said already.
    Silent(Exit),
}

impl Failure {
    /// The arguments cannot be followed.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::Told { exit: Exit::Usage, message: message.into(), help: None }
    }
    /// The evidence cannot be used.
    pub fn evidence(message: impl Into<String>) -> Failure {
        Failure::Told { exit: Exit::Evidence, message: message.into(), help: None }
    }
    /// With what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Failure {
        if let Failure::Told { help, .. } = &mut self {
            *help = Some(text.into());
        }
        self
    }
}

impl From<io::Error> for Failure {
    /// A reader who has seen enough is no failure.
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::Silent(Exit::Fine);
        }
        Failure::usage(format!("cannot write: {error}"))
            .help("free some space, or write somewhere else")
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        Failure::from(io::Error::from(error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Told { message, .. } => f.write_str(message),
            Failure::Silent(_) => Ok(()),
        }
    }
}
