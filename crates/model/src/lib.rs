//! The values that every crate speaks. Nothing here reads a file, a clock or the network.
//!
//! Invariant: this crate depends on no other crate of the workspace.

pub mod approach;
pub mod calendar;
pub mod canonical;
pub mod columns;
pub mod evidence;
pub mod extent;
pub mod finding;
pub mod geometry;
pub mod grade;
pub mod name;
pub mod plain;
pub mod program;
pub mod quantity;
pub mod seam;
pub mod side;
pub mod spans;
pub mod time;
pub mod tri;

pub use calendar::{Calendar, Period, Span};
pub use columns::Columns;
pub use evidence::{Attribution, Object, Place, Record, Source, Standing};
pub use finding::{Cause, Finding, Reason, Verdict};
pub use grade::{Confidence, Credibility, Grade, Reliability};
pub use name::Name;
pub use program::Program;
pub use quantity::{Quantity, Range};
pub use spans::Spans;
pub use time::{Instant, Occurred};
pub use tri::Tri;
