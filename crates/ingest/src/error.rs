//! What can stop the reading of a whole source.
//!
//! Invariant: a problem of one row is a `Reject`, never one of these, unless the place where the
//! next row begins is lost with it.

use crate::{Accounting, LimitExceeded};
use std::{fmt, io};

/// A source that could not be read to its end.
#[derive(Debug)]
pub struct IngestError {
    /// The name of the source.
    pub file: String,
    /// What went wrong.
    pub problem: Box<Problem>,
    /// What was read of it before; those records have been handed over.
    pub so_far: Box<Accounting>,
}

/// What went wrong with a source.
#[derive(Debug)]
pub enum Problem {
    /// The source itself could not be read.
    Read(io::Error),
    /// A packed source ends too early.
    Truncated {
        /// `gzip` or `zstd`.
        packing: &'static str,
    },
    /// A packed source cannot be unpacked.
    Corrupt {
        /// `gzip` or `zstd`.
        packing: &'static str,
        /// What the unpacker says.
        detail: String,
    },
    /// The source exceeds a limit.
    Limit(LimitExceeded),
    /// The source is in no format that is read here, or not in the one that it seems to be in.
    Format(String),
    /// A column that the profile needs is not in the header.
    MissingColumn {
        /// The name of the profile.
        profile: String,
        /// The column that it needs.
        column: String,
        /// The columns that were found.
        found: Vec<String>,
        /// What to do: a column spelt much the same, or another profile that fits.
        help: Option<String>,
    },
    /// A column of a `casus-csv` file that has no meaning there.
    UnknownColumn {
        /// The column.
        column: String,
        /// What to do.
        help: Option<String>,
    },
}

impl From<LimitExceeded> for Problem {
    fn from(limit: LimitExceeded) -> Problem {
        Problem::Limit(limit)
    }
}

impl Problem {
    /// Sorts an error of the reading chain; `packing` is what the source is packed with.
    pub(crate) fn from_io(error: io::Error, packing: Option<&'static str>) -> Problem {
        let limit = error.get_ref().and_then(|inner| inner.downcast_ref::<LimitExceeded>());
        if let Some(limit) = limit {
            return Problem::Limit(limit.clone());
        }
        match (packing, error.kind()) {
            (Some(packing), io::ErrorKind::UnexpectedEof) => Problem::Truncated { packing },
            (Some(packing), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
            | (Some(packing), io::ErrorKind::Other) => {
                Problem::Corrupt { packing, detail: error.to_string() }
            }
            _ => Problem::Read(error),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Read(error) => write!(f, "cannot be read: {error}"),
            Problem::Truncated { packing } => write!(f, "the {packing} data end too early"),
            Problem::Corrupt { packing, detail } => {
                write!(f, "the {packing} data are damaged: {detail}")
            }
            Problem::Limit(limit) => write!(f, "{limit}"),
            Problem::Format(what) => f.write_str(what),
            Problem::MissingColumn { profile, column, found, help } => {
                write!(f, "profile `{profile}` needs the column `{column}`; found ")?;
                list(f, found)?;
                help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
            }
            Problem::UnknownColumn { column, help } => {
                write!(f, "the column `{column}` has no meaning in a `casus-csv` file")?;
                help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, names: &[String]) -> fmt::Result {
    const SHOWN: usize = 24;
    for (i, name) in names.iter().take(SHOWN).enumerate() {
        write!(f, "{}`{name}`", if i == 0 { "" } else { ", " })?;
    }
    match names.len() {
        0 => f.write_str("no column"),
        n if n > SHOWN => write!(f, " and {} more", n - SHOWN),
        _ => Ok(()),
    }
}

impl fmt::Display for IngestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.file, self.problem)?;
        if self.so_far.read > 0 {
            write!(f, "; until then {}", self.so_far)?;
        }
        Ok(())
    }
}

impl std::error::Error for IngestError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.problem {
            Problem::Read(error) => Some(error),
            Problem::Limit(limit) => Some(limit),
            _ => None,
        }
    }
}
