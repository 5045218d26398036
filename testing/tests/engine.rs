//! The engine against the reference evaluator, on random agreements and evidence.
//!
//! Invariant: whatever the agreement, the evidence and the order of arrival, both say the same.
//! The number of cases is `CASUS_CASES` (a small one by default).

use casus_engine::{Change, Engine};
use casus_model::{Finding, Instant, Program, Record};
use casus_testing::{arbitrary, arbitrary::Case, reference};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn config() -> ProptestConfig {
    let cases = std::env::var("CASUS_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(300),
        max_shrink_iters: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn engine(case: &Case) -> Engine {
    let mut engine = Engine::new(case.program.clone());
    engine.apply(Change::Clock(case.now));
    engine.apply(Change::Records(case.records.clone()));
    engine
}

fn said(engine: &Engine) -> Vec<Finding> {
    engine.findings().into_iter().cloned().collect()
}

/// Says where two lists of findings part, in a few lines.
fn same(got: &[Finding], want: &[Finding], case: &Case) -> Result<(), TestCaseError> {
    if got == want {
        return Ok(());
    }
    let id = |finding: &Finding| finding.id.clone();
    let theirs: BTreeMap<_, _> = got.iter().map(|one| (id(one), one)).collect();
    let ours: BTreeMap<_, _> = want.iter().map(|one| (id(one), one)).collect();
    let mut text = String::new();
    for (id, one) in &theirs {
        match ours.get(id) {
            None => text += &format!("\nonly the engine: {one:?}\n"),
            Some(other) if other != one => {
                text += &format!("\nengine:    {one:?}\nreference: {other:?}\n");
            }
            Some(_) => {}
        }
    }
    for (_, one) in ours.iter().filter(|(id, _)| !theirs.contains_key(*id)) {
        text += &format!("\nonly the reference: {one:?}\n");
    }
    if text.is_empty() {
        let ids = |all: &[Finding]| all.iter().map(id).collect::<Vec<_>>();
        text = format!("order: engine {:?}, reference {:?}", ids(got), ids(want));
    }
    Err(TestCaseError::fail(format!("{text}\n{case:?}")))
}

fn expected(program: &Program, records: &[Record], now: Instant) -> Vec<Finding> {
    reference::evaluate(program, records, now, now)
}

proptest! {
    #![proptest_config(config())]

    /// Whole findings, field by field.
    #[test]
    fn the_engine_says_what_the_page_says(case in arbitrary::case(4, 14)) {
        let want = expected(&case.program, &case.records, case.now);
        same(&said(&engine(&case)), &want, &case)?;
    }

    /// Larger, and rarer to fail small.
    #[test]
    fn also_of_larger_ones(case in arbitrary::case(6, 25)) {
        let want = expected(&case.program, &case.records, case.now);
        same(&said(&engine(&case)), &want, &case)?;
    }
}
