//! An engine that lets go of what is beyond the horizon, against one that keeps all.
//!
//! Invariant: evidence that comes in the order of knowledge gives the same findings at each step.
#![allow(clippy::unwrap_used, clippy::panic)]

mod alike;

use alike::{columns, hold, said};
use casus_engine::{Change, Engine};
use casus_model::{Name, Record, time::HOUR_MS};
use casus_testing::{arbitrary, arbitrary::Case, reference};
use proptest::{prelude::*, sample::select};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Reports that nothing ties to older ones but what they are of, in the order of knowledge.
fn in_order(mut case: Case, horizon_ms: i64) -> Case {
    Arc::make_mut(&mut case.program).horizon_ms = Some(horizon_ms);
    let mut times = HashMap::new();
    for record in &mut case.records {
        record.incident = None;
        record.time = *times.entry(record.id.clone()).or_insert(record.time);
    }
    let apart = |record: &Record| case.program.is_late(record.time.start.0, record.known);
    let late = |record: &Record| case.program.is_late(record.time.end.1, record.known);
    let mut records = std::mem::take(&mut case.records);
    // What begins beyond the horizon and ends within is left out here.
    records.retain(|record| record.known <= case.now && (late(record) || !apart(record)));
    records.sort_by_key(|record| record.known);
    Case { records, ..case }
}

fn agree(case: &Case, each: usize) -> Result<(), TestCaseError> {
    let (mut keeps, mut lets_go) =
        (Engine::new(case.program.clone()), Engine::new(case.program.clone()));
    for (at, record) in case.records.iter().enumerate() {
        for engine in [&mut keeps, &mut lets_go] {
            engine.load(Change::Clock(record.known));
            match columns(at as u64 + 1, std::slice::from_ref(record)) {
                (_, rest) if !rest.is_empty() => engine.load(Change::Records(rest)),
                (columns, _) => engine.load(Change::Columns(Box::new(columns))),
            }
        }
        if at % each == 0 {
            lets_go.retire();
        }
        if lets_go.unplaced() > 0 {
            return Ok(());
        }
        same(&lets_go, &said(&keeps), case)?;
    }
    let now = case.now.max(keeps.now());
    keeps.load(Change::Clock(now));
    lets_go.load(Change::Clock(now));
    lets_go.retire();
    prop_assert_eq!(lets_go.late(), keeps.late());
    let want = reference::evaluate(&case.program, &case.records, now, now);
    let want: BTreeMap<Name, _> = want.into_iter().map(|one| (one.id.clone(), one)).collect();
    same(&keeps, &want, case)?;
    same(&lets_go, &want, case)
}

fn same(
    engine: &Engine,
    want: &BTreeMap<Name, casus_model::Finding>,
    case: &Case,
) -> Result<(), TestCaseError> {
    let got = said(engine);
    if got == *want {
        return Ok(());
    }
    let more: Vec<_> = got.iter().filter(|(id, one)| want.get(*id) != Some(*one)).collect();
    let less: Vec<_> = want.iter().filter(|(id, one)| got.get(*id) != Some(*one)).collect();
    Err(TestCaseError::fail(format!(
        "at {}\ngot {more:#?}\nwant {less:#?}\n{case:?}",
        engine.now()
    )))
}

#[test]
fn letting_go_changes_no_finding() {
    let horizon = || select(vec![0, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS]);
    hold(
        move || (arbitrary::keyed_case(3, 40), horizon(), 1_usize..4, any::<bool>()),
        |(mut case, horizon_ms, each, soon)| {
            if soon {
                // Mostly as it is with positions: known when it was.
                for (at, record) in case.records.iter_mut().enumerate() {
                    let lag_ms = if at % 5 == 0 { 3 * HOUR_MS } else { 0 };
                    record.known = record.time.end.1.plus_ms(lag_ms);
                }
            }
            agree(&in_order(case, horizon_ms), each)
        },
    );
}

/// What comes back from behind the horizon is counted and changes nothing.
#[test]
fn rows_are_let_go_of() {
    let gone = Arc::new(AtomicUsize::new(0));
    let sum = Arc::clone(&gone);
    hold(
        || arbitrary::keyed_case(3, 40),
        move |case| {
            let case = in_order(case, 6 * HOUR_MS);
            let mut engine = Engine::new(case.program.clone());
            for (at, record) in case.records.iter().enumerate() {
                engine.load(Change::Clock(record.known));
                let (columns, rest) = columns(at as u64 + 1, std::slice::from_ref(record));
                engine.load(Change::Columns(Box::new(columns)));
                engine.load(Change::Records(rest));
            }
            engine.load(Change::Clock(case.now.plus_ms(100_000 * HOUR_MS)));
            let (before, rows, late) = (said(&engine), engine.rows(), engine.late());
            engine.retire();
            sum.fetch_add(rows - engine.rows(), Ordering::Relaxed);
            engine.load(Change::Records(case.records.clone()));
            prop_assert_eq!(engine.late() - late, case.records.len() as u64);
            same(&engine, &before, &case)
        },
    );
    let gone = gone.load(Ordering::Relaxed);
    assert!(gone > 100, "{gone} rows were let go of");
}
