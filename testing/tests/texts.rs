//! Small agreements, as text, against answers worked out by hand from `docs/semantics.md`.
//!
//! Invariant: every expectation here was read off the page, never off a run; both evaluators are
//! held to it.
#![allow(clippy::unwrap_used)]

use casus_check::{Annexes, check};
use casus_engine::{Change, Engine};
use casus_model::{Finding, Instant, Record};
use casus_testing::reference;
use std::sync::Arc;

/// No files.
struct Nothing;

impl Annexes for Nothing {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        Err(format!("`{name}` is not here"))
    }
}

const WORDS: &str = "\
agreement Edge version 1
parties North, South
group Sides is North, South
office Commission of Sides, quorum 2
act fire by Sides
act crossing by Sides, verb cross
act request by Sides
act answer, verb answer
act notice
act calm by Sides
";

/// Both evaluators, on each test; the expectations of all hold.
fn holds(rules: &str, tests: &str) {
    let text = format!("```casus\n{WORDS}{rules}\n```\n\n```casus-test\n{tests}\n```\n");
    let document = casus_syntax::parse(&text);
    assert!(document.diagnostics.is_empty(), "{:#?}", document.diagnostics);
    let checked = check(&document, &Nothing);
    assert!(checked.program.is_some(), "{:#?}", checked.diagnostics);
    let program = Arc::new(checked.program.unwrap());
    for scenario in &checked.scenarios {
        let findings = both(&program, &scenario.records, scenario.at);
        for expected in &scenario.expect {
            let fit = findings.iter().filter(|one| expected.fits(one)).count();
            assert!(expected.is_met(fit), "{fit} fit {expected:?} of {findings:#?}");
        }
    }
}

fn both(program: &Arc<casus_model::Program>, records: &[Record], at: Instant) -> Vec<Finding> {
    let findings = reference::evaluate(program, records, at, at);
    let mut engine = Engine::new(program.clone());
    engine.apply(Change::Records(records.to_vec()));
    engine.apply(Change::Clock(at));
    let said: Vec<Finding> = engine.findings().into_iter().cloned().collect();
    assert_eq!(said, findings, "the engine and the reference");
    findings
}

#[test]
fn an_act_that_goes_on_past_the_beginning_of_a_prohibition() {
    let rules = "1 each of Sides must not fire\n    from 2026-03-01\n    until 2026-03-05";
    let test = |when: &str, expected: &str| {
        let clock = "at 2026-03-09 00:00";
        holds(rules, &format!("{clock}\n    fire by North on {when}\nexpect 1 {expected}"));
    };
    test("2026-02-28 10:00 until 2026-03-01 00:01", "breached by North, once");
    test("2026-02-28 10:00 until 2026-03-01 00:00", "undeterminable by North, no evidence");
    test("2026-02-28 10:00 to 2026-03-01 02:00", "possibly breached by North, time uncertain");
    test("2026-02-28 10:00 to 2026-03-01 02:00 until 2026-03-01 03:00", "breached by North");
    test("2026-03-04 10:00 until 2026-03-06 00:00", "breached by North, once");
    test("2026-03-05 00:00 until 2026-03-06 00:00", "breached, never");
}

#[test]
fn a_permit_reaches_as_far_back_as_its_prohibition() {
    let rules = "1 each of Sides must not cross\n    from 2026-03-01\n\
                 2 each of Sides may cross\n    despite 1\n    from 2026-03-01";
    let fact = "    crossing by North on 2026-02-28 10:00 until 2026-03-01 10:00";
    holds(rules, &format!("at 2026-03-09 00:00\n{fact}\nexpect 1 breached, never"));
}

#[test]
fn a_duty_on_what_another_party_does() {
    let rules = "1 each of Sides must answer\n    on each request by other party\n    \
                 due within 1 day of it\n\
                 2 together Sides must answer\n    on each request by other party\n    \
                 due within 1 day of it";
    let test = |fact: &str, expected: &[&str]| {
        let expected: Vec<String> = expected.iter().map(|one| format!("expect {one}")).collect();
        holds(rules, &format!("at 2026-03-09 00:00\n    {fact}\n{}", expected.join("\n")));
    };
    test(
        "request by North on 2026-03-02",
        &["1 breached by South, once", "1 breached by North, never", "2 breached, never"],
    );
    test(
        "request on 2026-03-02",
        &[
            "1 possibly breached by South, state uncertain",
            "1 possibly breached by North, state uncertain",
            "2 possibly breached, once",
        ],
    );
    // An office is no party, and another than each of the bearers all the same.
    test("request by Commission on 2026-03-02", &["1 breached by South", "2 breached, once"]);
}

#[test]
fn the_exception_of_a_duty_is_the_bearers_own() {
    let rules = "1 each of Sides must answer\n    on each request\n    \
                 except notice same party before it\n    except calm by same party\n    \
                 due within 1 day of it\n\
                 2 each of Sides must answer\n    except notice same party\n    \
                 while Loud\n    due by 2026-03-05\n\
                 3 state Loud of party\n    when fire by same party";
    let test = |facts: &[&str], expected: &[&str]| {
        let facts: Vec<String> = facts.iter().map(|one| format!("    {one}")).collect();
        let expected: Vec<String> = expected.iter().map(|one| format!("expect {one}")).collect();
        let (facts, expected) = (facts.join("\n"), expected.join("\n"));
        holds(rules, &format!("at 2026-03-09 00:00\n{facts}\n{expected}"));
    };
    test(
        &[
            "fire by North, South on 2026-03-01",
            "notice by North on 2026-03-01",
            "request by South on 2026-03-02",
        ],
        &["1 breached by South, once", "1 breached by North, never", "2 breached by South, once"],
    );
    test(&["notice by North on 2026-03-01"], &["2 breached by North, never"]);
    test(
        &["fire by South on 2026-03-01"],
        &[
            "2 breached by South, once",
            "2 not in force by North, once, outside application",
            "2 breached by North, never",
        ],
    );
}

#[test]
fn the_begin_of_a_state_is_answered_by_the_fact_that_began_it() {
    let rules = "1 state Alarm\n    when fire\n    ends when calm\n\
                 2 South must answer\n    on each begin of Alarm\n    due within 1 day of it\n\
                 3 North must answer\n    on end of Alarm\n    due within 1 day of it";
    let test = |facts: &[&str], expected: &str| {
        let facts: Vec<String> = facts.iter().map(|one| format!("    {one}")).collect();
        let clock = "at 2026-03-09 00:00";
        holds(rules, &format!("{clock}\n{}\nexpect {expected}", facts.join("\n")));
    };
    let fire = "f1: fire by North on 2026-03-02 10:00";
    let again = "f2: fire by North on 2026-03-02 11:00";
    test(&[fire, again, "answer by South about f1 on 2026-03-02 12:00"], "2 met by South, done");
    // The second shot began nothing.
    let other = "answer by South about f2 on 2026-03-02 12:00";
    test(&[fire, again, other], "2 breached by South, deadline missed");
    let calm = "f3: calm by South on 2026-03-03 10:00";
    test(&[fire, calm, "answer by North about f3 on 2026-03-03 12:00"], "3 met by North, done");
    test(&[fire, calm, "answer by North about f1 on 2026-03-03 12:00"], "3 breached by North");
    // A report that moves the begin after the answer.
    let late = [
        "f1: fire by North on 2026-03-05 10:00",
        "correction of f1: fire by North on 2026-03-02 10:00, known 2026-03-08 00:00",
        "answer by South on 2026-03-05 12:00",
    ];
    test(&late, "2 met late by South, once, anchor corrected");
}

#[test]
fn a_bearer_that_is_no_party_has_exceptions_too() {
    let rules = "1 Commission must answer\n    except notice by same party\n    due by 2026-03-05";
    let test = |by: &str, expected: &str| {
        let fact = format!("    notice by {by} on 2026-03-02");
        holds(rules, &format!("at 2026-03-09 00:00\n{fact}\nexpect {expected}"));
    };
    test("Commission", "1 breached, never");
    test("North", "1 breached by Commission, once");
}

#[test]
fn a_state_of_parties_is_not_asked_for_an_office() {
    let rules = "1 state Calm of party\n    when calm by same party\n\
                 2 Commission must answer\n    on each fire\n    due within 1 day of it\n    \
                 while Calm";
    // The duty is the Commission's; the state is that of whoever fired.
    holds(
        rules,
        "at 2026-03-20 00:00\n    calm by North on 2026-03-02 10:00\n    \
         fire by North on 2026-03-05 10:00\n    fire by South on 2026-03-06 10:00\n\
         expect 2 breached by Commission, once",
    );
}
