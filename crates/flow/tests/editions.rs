//! Another edition of the agreement while the flow runs.
//!
//! Invariant: after it, the sum of all differences is what the new edition says of all records,
//! whichever rules were added, changed, removed or moved to another worker.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use casus_engine::{Change as Alone, Engine};
use casus_flow::{Change, Error};
use casus_model::{Cause, Program};
use casus_testing::arbitrary;
use common::{edition, findings, flow, hold, revisions, said, sum};
use proptest::{collection::vec, prelude::*, sample::Index, strategy::ValueTree};
use std::sync::Arc;

fn from_the_beginning(program: &Arc<Program>, changes: &[Change]) -> Engine {
    let mut engine = Engine::new(Arc::clone(program));
    for change in changes {
        match change.clone() {
            Change::Records(records) => engine.load(Alone::Records(records)),
            Change::Clock(now) => engine.load(Alone::Clock(now)),
            Change::Edition(_) => {}
        }
    }
    // What stands without any change is said with the first.
    engine.load(Alone::Records(Vec::new()));
    engine
}

/// All rules are new.
#[test]
fn another_agreement_says_what_it_would_have_said() {
    let others = vec(arbitrary::program(6), 1..=2);
    let given = (arbitrary::case(6, 20), others, vec(any::<Index>(), 2));
    hold(120, &given, |(case, others, places)| {
        let cut = case.records.len() / 2;
        let mut changes = vec![
            Change::Records(case.records[..cut].to_vec()),
            Change::Clock(case.now),
            Change::Records(case.records[cut..].to_vec()),
        ];
        let mut programs = vec![Arc::clone(&case.program)];
        for (other, place) in others.iter().zip(&places) {
            let number = u8::try_from(programs.len()).unwrap();
            programs.push(Arc::clone(other));
            changes.insert(place.index(changes.len() + 1), edition(number));
        }
        // Whichever comes last is in force.
        let last = changes.iter().rev().find_map(|change| match change {
            Change::Edition(bytes) => Some(usize::from(bytes[0])),
            _ => None,
        });
        let program = &programs[last.unwrap()];
        let want = said(&from_the_beginning(program, &changes));
        for threads in 1..=3 {
            let told = revisions(programs.clone(), threads, &changes);
            prop_assert_eq!(findings(&sum(&told), program), want.clone(), "{} workers", threads);
        }
        Ok(())
    });
}

/// One rule goes and comes back: the others do not stir.
#[test]
fn a_rule_that_is_taken_out_takes_its_findings_and_no_others() {
    hold(120, &(arbitrary::case(6, 20), any::<Index>()), |(case, place)| {
        // A rule that no other reads, so that the rest stays a program.
        let bundles = casus_engine::bundles(&case.program);
        let alone: Vec<_> = bundles.iter().filter(|one| one.rules.len() == 1).collect();
        if alone.is_empty() {
            return Ok(());
        }
        let rule = *place.get(&alone).rules.first().unwrap();
        let mut less = Program::clone(&case.program);
        less.strata.iter_mut().for_each(|stratum| stratum.retain(|one| *one != rule));
        let label = &case.program.rules[rule.index()].label;
        let programs = vec![Arc::clone(&case.program), Arc::new(less)];
        let changes = [
            Change::Clock(case.now),
            Change::Records(case.records.clone()),
            edition(1),
            edition(0),
        ];
        for threads in 1..=3 {
            let told = revisions(programs.clone(), threads, &changes);
            for difference in &told[2].differences {
                let before = difference.before.as_ref().unwrap();
                prop_assert_eq!(&before.provision, label);
                prop_assert_eq!(&difference.after, &None);
                prop_assert_eq!(&difference.cause, &Cause::Rule(label.clone()));
            }
            for difference in &told[3].differences {
                prop_assert_eq!(&difference.before, &None);
                prop_assert_eq!(&difference.after.as_ref().unwrap().provision, label);
            }
            prop_assert_eq!(told[2].differences.len(), told[3].differences.len());
            let engine = from_the_beginning(&case.program, &changes);
            prop_assert_eq!(findings(&sum(&told), &case.program), said(&engine));
        }
        Ok(())
    });
}

#[test]
fn an_edition_that_is_not_valid_changes_nothing() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let case = arbitrary::case(3, 10).new_tree(&mut runner).unwrap().current();
    let mut flow = flow(vec![Arc::clone(&case.program)], 2);
    flow.send(Change::Clock(case.now)).unwrap();
    assert!(matches!(flow.send(edition(9)), Err(Error::Edition(_))));
    flow.send(Change::Records(case.records.clone())).unwrap();
    let told = flow.finish().unwrap();
    assert_eq!(told.len(), 2);
    let engine = from_the_beginning(
        &case.program,
        &[Change::Clock(case.now), Change::Records(case.records)],
    );
    assert_eq!(findings(&sum(&told), &case.program), said(&engine));
}
