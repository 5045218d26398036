//! Hostile bytes into records: formats, mapping profiles, limits and the accounting of every row.
//!
//! Invariant: nothing is dropped in silence. Of every source, rows read = accepted + duplicate +
//! unclassified + rejected; and no input, however hostile, makes this crate panic or allocate
//! beyond its [`Limits`]. Of Parquet this is as true as `parquet.rs` can make it of a library.

mod accounting;
mod bytes;
mod cells;
mod error;
mod format;
mod geometry;
mod intake;
mod json;
mod limits;
mod moment;
mod names;
mod native;
#[cfg(feature = "parquet")]
mod parquet;
mod profile;
mod reject;
mod rows;
mod seen;
mod sheet;
mod tracks;
mod window;

pub use accounting::Accounting;
pub use error::{IngestError, Problem};
pub use format::Format;
pub use intake::{Evidence, Intake, read};
pub use limits::{LimitExceeded, Limits};
pub use native::{parse_record, write_record};
pub use profile::{Profile, ProfileError};
pub use reject::{Reject, RejectWriter};
