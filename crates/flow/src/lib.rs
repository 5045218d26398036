//! The engine carried from one thread to many hosts by timely dataflow.
//!
//! Rules that read each other stay together on one worker; records go to the workers whose rules
//! may read them; differences come back to worker 0, which orders them. Dataflow time is the
//! number of the revision, never the time of an event.
//!
//! Invariant: the sum of all revisions is what one engine says of the same changes, whatever the
//! number of threads and of processes.

mod bytes;
mod error;
mod flow;
mod groups;
mod judge;
mod layout;
mod link;
mod meet;
mod parcel;
mod plan;
mod router;
mod stages;
mod sum;
mod values;
mod workers;

pub use bytes::{Malformed, Reader, Wire, decode, encode};
pub use error::{Error, Fatal};
pub use flow::{Change, Editions, Fixed, Flow, serve};
pub use layout::Layout;
pub use meet::{Meeting, meet};
pub use sum::{Revision, Sum};
