//! Every reader of hostile bytes as one pure function, and what it takes to run them for a while.
//!
//! Invariant: a target returns for every input; a panic in it is a defect of the crate it calls.
// A target is an assertion: it must panic where a reader breaks its word.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used)]

pub mod annexes;
pub mod corpus;
pub mod gentle;
pub mod mutate;
pub mod targets;

pub use targets::{TARGETS, Target};
