//! What the tests lean on: the naive reference evaluator, and random agreements with evidence.
//!
//! Invariant: nothing here shares code with the engine; both are written from `docs/semantics.md`.

pub mod arbitrary;
pub mod flagship;
pub mod operators;
pub mod reference;
