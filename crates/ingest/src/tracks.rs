//! Positions of things that move: what may be doubted of them.
//!
//! Invariant: a doubt lowers the credibility of a record and is counted; it never removes a record
//! and never changes what it says.

pub(crate) mod doubt;
