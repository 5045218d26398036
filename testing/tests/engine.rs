//! The engine against the reference evaluator, on random agreements and evidence.
//!
//! Invariant: whatever the agreement, the evidence and the order of arrival, both say the same.
//! The number of cases is `CASUS_CASES` (a small one by default). In how many cases each operator
//! of the language stood is written to the file `CASUS_OPERATORS`, where that is set.
#![allow(clippy::unwrap_used, clippy::panic)]

use casus_engine::{Change, Engine};
use casus_model::{Finding, Instant, Name, Program, Record};
use casus_testing::{arbitrary, arbitrary::Case, operators::tally, reference};
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::TestRunner};
use std::{collections::BTreeMap, path::Path};

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

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    /// So many of the records that are left, picked by these.
    Arrive(Vec<Index>),
    /// The clock moves to this step of the grid.
    Tick(i64),
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => vec(any::<Index>(), 1..=6).prop_map(Step::Arrive),
        2 => (0_i64..48).prop_map(Step::Tick),
    ];
    vec(step, 0..=12)
}

/// Takes the differences of one change into a set of findings; each must fit what stood there.
fn fold(
    standing: &mut BTreeMap<Name, Finding>,
    engine: &mut Engine,
    change: Change,
) -> Result<(), TestCaseError> {
    for difference in engine.apply(change) {
        prop_assert!(difference.before != difference.after, "nothing changed: {difference:?}");
        if let Some(before) = &difference.before {
            let stood = standing.remove(&before.id);
            prop_assert_eq!(stood.as_ref(), Some(before), "took away what did not stand");
        }
        if let Some(after) = difference.after {
            let stood = standing.insert(after.id.clone(), after);
            prop_assert_eq!(stood, None, "added what already stood");
        }
    }
    let findings: BTreeMap<Name, Finding> =
        engine.findings().into_iter().map(|one| (one.id.clone(), one.clone())).collect();
    prop_assert_eq!(&*standing, &findings, "the differences do not add up");
    Ok(())
}

/// Plays a history to its end: every record arrives, and the clock reaches the case's. Wherever
/// the clock moves, the findings are compared with those from scratch.
fn play(case: &Case, history: &[Step]) -> Result<Engine, TestCaseError> {
    let mut engine = Engine::new(case.program.clone());
    let mut standing = BTreeMap::new();
    let mut left = case.records.clone();
    let mut arrived: Vec<Record> = Vec::new();
    for step in history {
        let change = match step {
            Step::Arrive(picks) => {
                let mut batch = Vec::new();
                for pick in picks.iter().take(left.len()) {
                    batch.push(left.swap_remove(pick.index(left.len())));
                }
                arrived.extend(batch.iter().cloned());
                Change::Records(batch)
            }
            Step::Tick(step) => Change::Clock(arbitrary::vocabulary::instant(*step).min(case.now)),
        };
        fold(&mut standing, &mut engine, change)?;
        if matches!(step, Step::Tick(_)) {
            let want = expected(&case.program, &arrived, engine.now());
            same(&said(&engine), &want, case)?;
        }
    }
    left.reverse();
    fold(&mut standing, &mut engine, Change::Records(left))?;
    fold(&mut standing, &mut engine, Change::Clock(case.now))?;
    Ok(engine)
}

/// Holds both to as many cases as are asked for; then writes down what was met in them.
fn hold<S: Strategy>(strategy: &S, both: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let done = TestRunner::new(config()).run(strategy, both);
    if let Some(path) = std::env::var_os("CASUS_OPERATORS") {
        tally::write(Path::new(&path)).unwrap();
    }
    if let Err(failure) = done {
        panic!("{failure}");
    }
}

/// One case, judged by both.
fn judged(case: &Case) -> Result<(), TestCaseError> {
    let want = expected(&case.program, &case.records, case.now);
    same(&said(&engine(case)), &want, case)?;
    tally::count(&case.program);
    Ok(())
}

/// Whole findings, field by field.
#[test]
fn the_engine_says_what_the_page_says() {
    hold(&arbitrary::case(4, 14), |case| judged(&case));
}

/// Larger, and rarer to fail small.
#[test]
fn also_of_larger_ones() {
    hold(&arbitrary::case(6, 25), |case| judged(&case));
}

/// In any order, in any batches, with the clock between them; and the differences add up.
#[test]
fn the_order_of_arrival_does_not_enter() {
    hold(&(arbitrary::case(5, 18), history()), |(case, history)| {
        let want = expected(&case.program, &case.records, case.now);
        let engine = play(&case, &history)?;
        same(&said(&engine), &want, &case)?;
        tally::count(&case.program);
        Ok(())
    });
}
