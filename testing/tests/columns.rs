//! Evidence in columns against the same evidence as records.
//!
//! Invariant: whether records come one by one, in columns, before the clock is known or after it,
//! the findings are those of the reference.
#![allow(clippy::unwrap_used, clippy::panic)]

use casus_engine::{Change, Engine};
use casus_model::{
    Columns, Finding, Name, Record,
    columns::{Like, NO_ITEM, Row},
    geometry::{Point, Shape},
};
use casus_testing::{arbitrary, arbitrary::Case, reference};
use proptest::{prelude::*, test_runner::TestRunner};
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

/// Those that may stand in columns, and the others.
fn columns(source: u64, records: &[Record]) -> (Columns, Vec<Record>) {
    let mut columns = Columns::of_source(source);
    let mut rest = Vec::new();
    for record in records {
        let Some(like) = Like::new(record.clone()) else {
            rest.push(record.clone());
            continue;
        };
        let known = columns.likes.iter().position(|one| *one == like);
        let at = known.unwrap_or_else(|| {
            columns.likes.push(like);
            columns.likes.len() - 1
        });
        let item = record.object.as_ref().and_then(|object| object.item.clone());
        let item = item.map_or(NO_ITEM, |item| {
            let known = columns.items.iter().position(|one| *one == item);
            let at = known.unwrap_or_else(|| {
                columns.items.push(item);
                columns.items.len() - 1
            });
            u32::try_from(at).unwrap()
        });
        let point = match record.places.first().map(|place| &place.shape) {
            Some(Shape::Point(point)) => *point,
            _ => Point { lon: 0.0, lat: 0.0 },
        };
        let row = Row {
            id: &record.id,
            like: u32::try_from(at).unwrap(),
            item,
            at: record.time.start.0,
            known: record.known,
            point,
        };
        columns.push(row);
        let last = columns.record(columns.len() - 1).unwrap();
        assert_eq!(last, *record, "a row is not what it was");
    }
    (columns, rest)
}

fn said(engine: &Engine) -> BTreeMap<Name, Finding> {
    engine.findings().into_iter().map(|one| (one.id.clone(), one.clone())).collect()
}

fn agree(case: &Case, cut: usize, way: u8) -> Result<(), TestCaseError> {
    let want: BTreeMap<Name, Finding> =
        reference::evaluate(&case.program, &case.records, case.now, case.now)
            .into_iter()
            .map(|one| (one.id.clone(), one))
            .collect();
    let mut engine = Engine::new(case.program.clone());
    let (first, second) = case.records.split_at(cut.min(case.records.len()));
    let ((one, rest), (two, others)) = (columns(1, first), columns(2, second));
    match way {
        // As the binary does: everything before the clock.
        0 => {
            let mut back = engine.preload(&one);
            back.extend(engine.preload(&two));
            back.extend(rest.into_iter().chain(others));
            engine.load(Change::Clock(case.now));
            engine.load(Change::Records(back));
        }
        // The clock first.
        1 => {
            engine.load(Change::Clock(case.now));
            engine.load(Change::Columns(Box::new(one)));
            engine.load(Change::Records(rest));
            engine.load(Change::Columns(Box::new(two)));
            engine.load(Change::Records(others));
        }
        // Half of it as records, and the clock in between.
        _ => {
            engine.load(Change::Records(second.to_vec()));
            engine.load(Change::Columns(Box::new(one)));
            engine.load(Change::Clock(case.now));
            engine.load(Change::Records(rest));
        }
    }
    let got = said(&engine);
    if got != want {
        let mut text = String::new();
        for (id, finding) in &got {
            if want.get(id) != Some(finding) {
                text += &format!("\ngot:  {finding:?}\nwant: {:?}\n", want.get(id));
            }
        }
        for (id, finding) in want.iter().filter(|(id, _)| !got.contains_key(*id)) {
            text += &format!("\nmissing {id}: {finding:?}\n");
        }
        return Err(TestCaseError::fail(format!("{text}\nway {way}\n{case:?}")));
    }
    Ok(())
}

/// Strategies this deep need more room than a test is given.
fn hold<S: Strategy>(
    strategy: impl Fn() -> S + Send + 'static,
    both: impl Fn(S::Value) -> Result<(), TestCaseError> + Send + 'static,
) {
    let run =
        move || TestRunner::new(config()).run(&strategy(), both).map_err(|one| one.to_string());
    let thread = std::thread::Builder::new().stack_size(1 << 28).spawn(run).unwrap();
    if let Err(failure) = thread.join().unwrap() {
        panic!("{failure}");
    }
}

#[test]
fn columns_say_what_records_say() {
    let strategy = || (arbitrary::keyed_case(4, 24), 0_usize..24, 0_u8..3);
    hold(strategy, |(case, cut, way)| agree(&case, cut, way));
}

/// Also one record at a time, each difference fitting what stood there.
#[test]
fn changes_one_by_one_add_up() {
    hold(
        || arbitrary::keyed_case(3, 16),
        |case| {
            let mut engine = Engine::new(case.program.clone());
            let mut standing: BTreeMap<Name, Finding> = BTreeMap::new();
            let mut changes: Vec<Change> = Vec::new();
            for (at, record) in case.records.iter().enumerate() {
                changes.push(match columns(at as u64 + 1, std::slice::from_ref(record)) {
                    (_, rest) if !rest.is_empty() => Change::Records(rest),
                    (columns, _) => Change::Columns(Box::new(columns)),
                });
                if at % 3 == 0 {
                    changes.push(Change::Clock(record.known.min(case.now)));
                }
            }
            changes.push(Change::Clock(case.now));
            for change in changes {
                for difference in engine.apply(change) {
                    if let Some(before) = difference.before {
                        prop_assert_eq!(standing.remove(&before.id), Some(before));
                    }
                    if let Some(after) = difference.after {
                        prop_assert_eq!(standing.insert(after.id.clone(), after), None);
                    }
                }
            }
            prop_assert_eq!(&standing, &said(&engine));
            agree(&case, 0, 1)
        },
    );
}
