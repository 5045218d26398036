//! The record of a monitoring: reports, acts of people and the agreement's own text in one log, and
//! what is found from them, as it was known at any instant or any place of the log.
//!
//! Invariant: whatever is said here is made from the entries of the log and what they name by
//! digest, and is the same again after everything else was deleted.

mod act;
mod agreement;
mod archive;
mod entry;
mod error;
mod intake;
mod judge;
mod monitor;
mod people;
mod records;
mod sealed;
mod state;

pub use act::{Act, Kept, Plea, Signed};
pub use agreement::Text;
pub use archive::archive;
pub use casus_ledger::{Signer, Verifier};
pub use entry::{Class, Entry, Opening};
pub use error::Error;
pub use intake::{Receipt, Source};
pub use judge::{Changed, Judged};
pub use monitor::{Monitor, Report};
pub use people::{Person, Role};
pub use records::{ADOPTERS, View};
pub use state::{Filed, State};
