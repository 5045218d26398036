//! The judge: a program, records and a clock in; findings and duties out.
//!
//! Pure: no input or output, no wall clock, no randomness, no order of a hash map. What is said
//! here is written in `docs/semantics.md`.
//!
//! Invariant: after any sequence of changes the findings equal those of a fresh engine that was
//! given the same records and the same clock at once.

mod amount;
mod conditions;
mod curve;
mod deciding;
mod defence;
mod determination;
mod duty;
mod duty_finding;
mod duty_verdict;
mod engine;
mod fact;
mod fulfilment;
mod further;
mod instances;
mod keyed;
mod late;
mod leg;
mod limit;
mod linking;
mod matching;
mod meeting;
mod moments;
mod near_in_time;
mod output;
mod prohibition;
mod reads;
mod report;
mod response;
mod session;
mod share;
mod spanning;
mod state;
mod store;
mod told;
mod track;
mod watching;
mod world;
mod zones;

pub use engine::{Change, Engine};
pub use share::{Bundle, bundles, is_procedural};
pub use told::Difference;
