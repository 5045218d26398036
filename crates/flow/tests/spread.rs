//! The judging spread over workers, against one engine.
//!
//! Invariant: whatever the agreement, the evidence, the order of arrival and the number of workers,
//! each revision tells the same differences, and their sum is the same findings.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use casus_engine::Engine;
use casus_flow::Change;
use casus_model::Record;
use casus_testing::arbitrary::{self, Case};
use common::{by_name, findings, flow, hold, revisions, said, sum};
use proptest::{collection::vec, prelude::*, sample::Index};
use std::sync::Arc;

/// A random order of arrival in random batches, with the clock between them.
fn changes(case: &Case, steps: &[(Vec<Index>, Option<i64>)]) -> Vec<Change> {
    let mut left = case.records.clone();
    let mut changes = Vec::new();
    for (picks, tick) in steps {
        let mut batch: Vec<Record> = Vec::new();
        for pick in picks.iter().take(left.len()) {
            batch.push(left.swap_remove(pick.index(left.len())));
        }
        changes.push(Change::Records(batch));
        let tick = tick.map(|step| arbitrary::vocabulary::instant(step).min(case.now));
        changes.extend(tick.map(Change::Clock));
    }
    changes.push(Change::Records(left));
    changes.push(Change::Clock(case.now));
    changes
}

fn steps() -> impl Strategy<Value = Vec<(Vec<Index>, Option<i64>)>> {
    vec((vec(any::<Index>(), 0..=6), proptest::option::of(0_i64..48)), 0..=6)
}

/// One engine is given the same changes one by one.
fn alone(engine: &mut Engine, change: &Change) -> Vec<casus_engine::Difference> {
    engine.apply(match change.clone() {
        Change::Records(records) => casus_engine::Change::Records(records),
        Change::Clock(now) => casus_engine::Change::Clock(now),
        Change::Edition(_) => panic!("one engine has one edition"),
    })
}

#[test]
fn any_number_of_workers_says_the_same() {
    hold(400, &(arbitrary::case(6, 20), steps()), |(case, steps)| {
        let changes = changes(&case, &steps);
        for threads in 1..=3 {
            let told = revisions(vec![Arc::clone(&case.program)], threads, &changes);
            prop_assert_eq!(told.len(), changes.len());
            let mut engine = Engine::new(Arc::clone(&case.program));
            for (change, revision) in changes.iter().zip(&told) {
                let want = by_name(alone(&mut engine, change));
                let got = by_name(revision.differences.clone());
                prop_assert_eq!(got, want, "of {} workers, at {:?}", threads, change);
                prop_assert_eq!(revision.clock, engine.now());
                prop_assert_eq!(revision.held_back, engine.held_back());
            }
            prop_assert_eq!(findings(&sum(&told), &case.program), said(&engine));
        }
        Ok(())
    });
}

#[test]
fn what_is_judged_at_once_is_the_same() {
    hold(300, &arbitrary::case(5, 20), |case| {
        let mut engine = Engine::new(Arc::clone(&case.program));
        engine.load(casus_engine::Change::Clock(case.now));
        engine.load(casus_engine::Change::Records(case.records.clone()));
        for threads in [1, 3] {
            let flow = flow(vec![Arc::clone(&case.program)], threads);
            let (sum, held_back) = flow.judge(case.now, case.records.clone()).unwrap();
            prop_assert_eq!(held_back, engine.held_back());
            prop_assert_eq!(findings(&sum, &case.program), said(&engine));
        }
        Ok(())
    });
}
