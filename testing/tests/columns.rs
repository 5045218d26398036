//! Evidence in columns against the same evidence as records.
//!
//! Invariant: whether records come one by one, in columns, before the clock is known or after it,
//! the findings are those of the reference.
#![allow(clippy::unwrap_used, clippy::panic)]

mod alike;

use alike::{columns, hold, said};
use casus_engine::{Change, Engine};
use casus_model::{Finding, Name};
use casus_testing::{arbitrary, arbitrary::Case, reference};
use proptest::prelude::*;
use std::collections::BTreeMap;

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
