//! Records as rows that are alike, and how a property is held.
//!
//! Invariant: a row is the record that it was made of.
#![allow(clippy::unwrap_used, clippy::panic)]

use casus_engine::Engine;
use casus_model::{
    Columns, Finding, Name, Record,
    columns::{Like, NO_ITEM, Row},
    geometry::{Point, Shape},
};
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
pub fn columns(source: u64, records: &[Record]) -> (Columns, Vec<Record>) {
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

/// The findings, by id.
pub fn said(engine: &Engine) -> BTreeMap<Name, Finding> {
    engine.findings().into_iter().map(|one| (one.id.clone(), one.clone())).collect()
}

/// Strategies this deep need more room than a test is given.
pub fn hold<S: Strategy>(
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
