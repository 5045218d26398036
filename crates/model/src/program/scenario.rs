//! The tests that stand beside the text: a few facts and what they must lead to.
//!
//! Invariant: a scenario holds everything its outcome depends on, its clock included.

use crate::{evidence::Record, finding::Reason, finding::Verdict, name::Name, time::Instant};

/// One `casus-test` block.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The line of its block in the file, from 1.
    pub line: u32,
    /// The paragraph it stands beside.
    pub label: Name,
    /// The clock.
    pub at: Instant,
    /// The facts.
    pub records: Vec<Record>,
    /// What is expected.
    pub expect: Vec<Expectation>,
}

/// `expect 3.1 breached by RU, once`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The line in the file, from 1.
    pub line: u32,
    /// The rule.
    pub label: Name,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, where the text names one.
    pub reason: Option<Reason>,
    /// The party, where the text names one.
    pub party: Option<Name>,
    /// Key values (a zone, an item, a step, a day), all of which the finding has.
    pub keys: Vec<Name>,
    /// How many such findings: exactly so many; none: at least one. Zero says `never`.
    pub count: Option<u32>,
    /// The due instant, where the text names one.
    pub due: Option<Instant>,
}
