//! The tests that stand beside the text: a few facts and what they must lead to.
//!
//! Invariant: a scenario holds everything its outcome depends on, its clock included.

use crate::{
    evidence::Record,
    finding::{Finding, Reason, Verdict},
    name::Name,
    time::Instant,
};

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
    /// The paragraph, of all its versions and readings (`3.1`); or one of them (`3.1 strict`).
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

impl Expectation {
    /// Whether a finding under this label is meant: of the rule, or of any of its wordings.
    pub fn means(&self, label: &str) -> bool {
        let rest = label.strip_prefix(&*self.label);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }
    /// Whether this is one of the findings that are expected: it has all that is named.
    pub fn fits(&self, finding: &Finding) -> bool {
        let step = finding.duty.as_ref().and_then(|duty| duty.step.as_ref());
        let of_key = |key: &Name| finding.key.iter().chain(step).any(|one| one == key);
        self.means(&finding.provision)
            && finding.verdict == self.verdict
            && self.reason.is_none_or(|reason| finding.reason == reason)
            && self.party.as_ref().is_none_or(|party| concerns(finding, party))
            && self.keys.iter().all(of_key)
            && self.due.is_none_or(|due| {
                finding.duty.as_ref().and_then(|duty| duty.due).is_some_and(|both| both.1 == due)
            })
    }
    /// Whether so many findings that fit are as many as are expected.
    pub fn is_met(&self, got: usize) -> bool {
        match self.count {
            None => got > 0,
            Some(count) => got == count as usize,
        }
    }
}

/// Where nobody is established, whoever may have done it counts.
fn concerns(finding: &Finding, party: &Name) -> bool {
    match &finding.party {
        Some(named) => named == party,
        None => finding.verdict == Verdict::PossiblyBreached && finding.candidates.contains(party),
    }
}
