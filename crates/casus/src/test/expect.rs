//! Whether a finding is what a scenario expects.
//!
//! Invariant: what an expectation does not name, it does not ask for.

use casus_model::{Finding, Verdict, program::Expectation};

/// Whether this is one of the findings that are expected.
pub fn meets(finding: &Finding, expected: &Expectation) -> bool {
    finding.provision == expected.label
        && finding.verdict == expected.verdict
        && expected.reason.is_none_or(|reason| finding.reason == reason)
        && expected.party.as_ref().is_none_or(|party| concerns(finding, party))
        && expected.keys.iter().all(|key| is_of(finding, key))
        && expected.due.is_none_or(|due| {
            finding.duty.as_ref().and_then(|duty| duty.due).is_some_and(|both| both.1 == due)
        })
}

/// Whether so many findings are as many as are expected.
pub fn is_met(expected: &Expectation, got: usize) -> bool {
    match expected.count {
        None => got > 0,
        Some(count) => got == count as usize,
    }
}

fn concerns(finding: &Finding, party: &str) -> bool {
    match &finding.party {
        Some(named) => **named == *party,
        None => {
            finding.verdict == Verdict::PossiblyBreached
                && finding.candidates.iter().any(|one| **one == *party)
        }
    }
}

fn is_of(finding: &Finding, key: &str) -> bool {
    let step = finding.duty.as_ref().and_then(|duty| duty.step.as_ref());
    finding.key.iter().chain(step).any(|one| **one == *key)
}
