//! A small agreement, with records, judged by both evaluators.
//!
//! Invariant: no finding is given back on which the engine and the reference differ, in whatever
//! order the records arrived.
#![allow(dead_code, clippy::unwrap_used)]

use casus_check::{Annexes, check};
use casus_engine::{Change, Engine};
use casus_model::{Finding, Instant, Program, Reason, Record, Verdict, program::Scenario};
use casus_testing::reference;
use std::sync::Arc;

/// A folder in which every file holds the same text.
struct Folder(&'static str);

impl Annexes for Folder {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.as_bytes().to_vec())
    }
}

/// An agreement and its scenarios.
pub struct Agreement {
    /// What it says.
    pub program: Arc<Program>,
    /// Its scenarios.
    pub scenarios: Vec<Scenario>,
}

/// Party (or `?`), verdict and reason of a finding.
pub type Said<'a> = (&'a str, Verdict, Reason);

/// Reads rules and tests, and the text of every annex file.
pub fn agreement(rules: &str, tests: &str, annex: &'static str) -> Agreement {
    let tests = format!("```casus-test\n{}\n```\n", flush(tests));
    let tests = if tests.contains("at ") { &*tests } else { "" };
    let text = format!("```casus\n{}\n```\n\n{tests}", flush(rules));
    let document = casus_syntax::parse(&text);
    let checked = check(&document, &Folder(annex));
    let said = document.diagnostics.iter().chain(&checked.diagnostics);
    let wrong: Vec<&str> = said.map(|one| &*one.message).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{text}");
    Agreement { program: Arc::new(checked.program.unwrap()), scenarios: checked.scenarios }
}

/// What is wrong with these rules.
pub fn complaints(rules: &str) -> Vec<String> {
    let document = casus_syntax::parse(&format!("```casus\n{}\n```\n", flush(rules)));
    let checked = check(&document, &Folder(""));
    let said = document.diagnostics.iter().chain(&checked.diagnostics);
    said.map(|one| one.message.clone()).collect()
}

/// The lines without what all but the first are indented by.
fn flush(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = text.lines().skip(1).map(indent).min().unwrap_or(0);
    let cut = |line: &str| line.get(least.min(indent(line))..).unwrap_or_default().to_owned();
    text.lines().map(cut).collect::<Vec<_>>().join("\n")
}

impl Agreement {
    /// Holds both evaluators to every expectation; the findings of each scenario.
    pub fn hold(&self) -> Vec<Vec<Finding>> {
        assert!(!self.scenarios.is_empty());
        let judged = self.scenarios.iter().map(|scenario| {
            let findings = self.judge(&scenario.records, scenario.at);
            for expected in &scenario.expect {
                let count = findings.iter().filter(|finding| expected.fits(finding)).count();
                assert!(expected.is_met(count), "{count} fit {expected:?}\n{findings:#?}");
            }
            findings
        });
        judged.collect()
    }

    /// What both say of these records at this clock.
    pub fn judge(&self, records: &[Record], now: Instant) -> Vec<Finding> {
        let all: Vec<&[Record]> = vec![records];
        self.judge_in_turn(&all, now)
    }

    /// The same, where the records arrive in these batches.
    pub fn judge_in_turn(&self, batches: &[&[Record]], now: Instant) -> Vec<Finding> {
        let mut engine = Engine::new(Arc::clone(&self.program));
        for batch in batches {
            let known = batch.iter().map(|record| record.known).max().unwrap_or(now);
            engine.apply(Change::Records(batch.to_vec()));
            engine.apply(Change::Clock(known.max(engine.now()).min(now)));
        }
        engine.apply(Change::Clock(now));
        let engine: Vec<Finding> = engine.findings().into_iter().cloned().collect();
        let records = batches.concat();
        let reference = reference::evaluate(&self.program, &records, now, now);
        assert_eq!(engine, reference, "the engine and the reference");
        reference
    }
}

/// What is said under a label, in the order of the findings.
pub fn said<'a>(findings: &'a [Finding], label: &str) -> Vec<Said<'a>> {
    let own = findings.iter().filter(|one| &*one.provision == label);
    let party = |one: &'a Finding| one.party.as_deref().unwrap_or("?");
    own.map(|one| (party(one), one.verdict, one.reason)).collect()
}

/// The findings under a label that rest on records.
pub fn resting<'a>(findings: &'a [Finding], label: &str) -> Vec<&'a Finding> {
    let own = findings.iter().filter(|one| &*one.provision == label);
    own.filter(|one| !one.records.is_empty()).collect()
}
