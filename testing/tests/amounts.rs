//! Amounts, worked out by hand from section 13 of the semantics; both evaluators must say so.
//!
//! Invariant: each text is a small agreement with its tests; every expectation of a test is met.
#![allow(clippy::unwrap_used)]

use casus_check::{Annexes, check};
use casus_engine::{Change, Engine};
use casus_model::Finding;
use casus_testing::reference;
use std::sync::Arc;

/// There are no files.
struct Nothing;

impl Annexes for Nothing {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        Err(format!("there is no {name}"))
    }
}

/// What all of these agreements declare.
const TERMS: &str = "
agreement Hand version 1
    calendar Europe/Vienna, rest days Saturday, Sunday
parties A, B
group Sides is A, B
category tank
category gun is small gun, big gun
category soldier
measure sum in EUR
act holding by Sides, stock
act treaty activity of tank
act entry of soldier by Sides
act exit of soldier by Sides
act truck by Sides
act payment by Sides
act visit by Sides
act delivery of gun by Sides
act signature
table Worth of category
    gun 2
    big gun 5
";

/// The lines without what all but the first are indented by.
fn flush(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = text.lines().skip(1).map(indent).min().unwrap_or(0);
    let cut = |line: &str| line.get(least.min(indent(line))..).unwrap_or_default().to_owned();
    text.lines().map(cut).collect::<Vec<_>>().join("\n")
}

/// Checks the agreement and holds both evaluators to its tests.
fn hold(rules: &str, test: &str) {
    let (rules, test) = (flush(rules), flush(test));
    let text = format!("```casus\n{TERMS}{rules}\n```\n\n```casus-test\n{test}\n```\n");
    let document = casus_syntax::parse(&text);
    let checked = check(&document, &Nothing);
    let said = document.diagnostics.iter().chain(&checked.diagnostics);
    let wrong: Vec<&str> =
        said.filter(|one| !one.message.contains("never used")).map(|one| &*one.message).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let program = Arc::new(checked.program.unwrap());
    assert!(!checked.scenarios.is_empty());
    for scenario in &checked.scenarios {
        let mut engine = Engine::new(program.clone());
        engine.apply(Change::Records(scenario.records.clone()));
        engine.apply(Change::Clock(scenario.at));
        let engine: Vec<Finding> = engine.findings().into_iter().cloned().collect();
        let reference = reference::evaluate(&program, &scenario.records, scenario.at, scenario.at);
        assert_eq!(engine, reference);
        for expected in &scenario.expect {
            let count = engine.iter().filter(|finding| expected.fits(finding)).count();
            assert!(expected.is_met(count), "{count} fit {expected:?}\n{engine:#?}");
        }
    }
}

#[test]
fn a_calendar_month_is_no_rolling_window() {
    hold(
        "
         1 A must keep number of entry in each month at most 35 thousand
         2 A must keep number of entry within 30 days at most 35 thousand
         3 A must keep number of entry so far at most number of exit so far plus 30 thousand",
        "
        at 2026-03-20 00:00
            entry of soldier by A on 2026-01-31 12:00, number 20000
            entry of soldier by A on 2026-02-01 12:00, number 20000
            exit of soldier by A on 2026-02-03 12:00, number 10000
        expect 1 met by A, once
        expect 2 breached by A, once, above limit
        expect 3 breached by A, once, above limit",
    );
}

#[test]
fn what_both_agreed_ends_at_its_time() {
    hold(
        "
         1 A must keep number of tank at most 75, adjusted by treaty activity",
        "
        at 2026-03-20 00:00
            treaty activity of tank on 2026-03-05 until 2026-03-10 00:00, number 20
            holding of tank by A on 2026-03-06 12:00, item \"x\", number 95
            holding of tank by A on 2026-03-09 23:59, item \"x\", number 75
        expect 1 met by A, once
        at 2026-03-20 00:00
            treaty activity of tank on 2026-03-05 until 2026-03-10 00:00, number 20
            holding of tank by A on 2026-03-06 12:00, item \"x\", number 95
            holding of tank by A on 2026-03-10 00:01, item \"x\", number 75
        expect 1 breached by A, once, above limit
        at 2026-03-20 00:00
            treaty activity of tank on 2026-03-05 until 2026-03-10 00:00, number 10 to 20
            holding of tank by A on 2026-03-06 12:00, item \"x\", number 90
            holding of tank by A on 2026-03-09 23:59, item \"x\", number 75
        expect 1 possibly breached by A, once, number uncertain",
    );
}

#[test]
fn a_baseline_at_a_moment_that_is_not_exactly_known() {
    hold(
        "
         1 A must keep number of tank at most number of tank as of signature
            from 2026-03-02",
        "
        at 2026-03-20 00:00
            holding of tank by A on 2026-03-01 00:00, item \"x\", number 10
            signature on 2026-03-01
            holding of tank by A on 2026-03-01 12:00, item \"x\", number 20
        expect 1 possibly breached by A, once, number uncertain
        expect 1 breached by A, never
        at 2026-03-03 00:00
            holding of tank by A on 2026-02-01 00:00, item \"x\", number 10
            holding of tank by A on 2026-03-02 00:00, item \"y\", number 20
        expect 1 met by A, once",
    );
}

#[test]
fn six_hundred_and_twenty_trucks_with_forty_of_fuel_in_two_floors() {
    hold(
        "
         1 A must keep number of truck in each day at least 600
         2 A must keep number of different item of truck in each day at least 2",
        "
        at 2026-03-03 00:00
            truck by A on 2026-03-02 10:00, item \"fuel\", number 40
            truck by A on 2026-03-02 10:00, item \"food\", number 580
        expect 1 met by A for 2026-03-02, once
        expect 2 met by A for 2026-03-02, once
        at 2026-03-03 00:00
            truck by A on 2026-03-02 10:00, number 40
            truck by A on 2026-03-02 11:00, item \"food\", number 500
        expect 1 breached by A for 2026-03-02, once, below floor
        expect 2 possibly breached by A for 2026-03-02, once, number uncertain",
    );
}

#[test]
fn a_thing_of_an_unknown_kind_weighs_either_way() {
    hold(
        "
         1 A must keep number of delivery of gun weighted by Worth so far at most 10
         2 A must keep number of delivery of big gun weighted by Worth so far at most 9",
        "
        at 2026-03-03 00:00
            delivery of small gun by A on 2026-03-01 10:00, number 5
        expect 1 met by A, once
        at 2026-03-03 00:00
            delivery of gun by A on 2026-03-01 10:00, number 2
            delivery of big gun by A on 2026-03-01 11:00
        expect 1 possibly breached by A, once, number uncertain
        expect 2 possibly breached by A, once, number uncertain
        at 2026-03-03 00:00
            delivery of big gun by A on 2026-03-01 10:00, number 2
            delivery of small gun by A on 2026-03-01 10:00
        expect 1 breached by A, once, above limit
        expect 2 breached by A, once, above limit",
    );
}

#[test]
fn progress_that_is_coupled() {
    hold(
        "
         1 A must keep number of exit so far as share of 200
            minus number of exit by B so far as share of 50
            at most 10 %",
        "
        at 2026-03-20 00:00
            exit of soldier by A on 2026-03-01 10:00, number 20
            exit of soldier by B on 2026-03-02 10:00, number 5
            exit of soldier by A on 2026-03-03 10:00, number 20
        expect 1 met by A, once
        at 2026-03-20 00:00
            exit of soldier by A on 2026-03-01 10:00, number 21
            exit of soldier by B on 2026-03-02 10:00, number 5
        expect 1 breached by A, once, above limit",
    );
}

#[test]
fn a_share_of_nothing_is_unknown() {
    hold(
        "
         1 A must keep total sum of payment so far as share of total sum of payment by B so far
            at least 50 %",
        "
        at 2026-03-20 00:00
            payment by A on 2026-03-01 10:00, sum 10 EUR
        expect 1 possibly breached by A, once, number uncertain
        at 2026-03-20 00:00
            payment by B on 2026-03-01 10:00, sum 10 EUR
        expect 1 breached by A, once, below floor
        at 2026-03-20 00:00
            payment by B on 2026-03-01 10:00, sum 10 EUR
            payment by A on 2026-03-01 10:00
        expect 1 possibly breached by A, once, number uncertain",
    );
}

#[test]
fn a_stock_that_nobody_reported_is_not_nothing() {
    hold(
        "
         1 A must keep number of tank at least number of tank by other party
         2 A must keep number of tank at most number of tank by other party",
        "
        at 2026-03-20 00:00
            holding of tank by B on 2026-03-01 10:00, item \"y\", number 10
        expect 1 undeterminable by A, once, no evidence
        expect 2 met by A, once
        at 2026-03-20 00:00
            holding of tank by B on 2026-03-01 10:00, item \"y\", number 10
            holding of tank by A on 2026-03-02 10:00, item \"x\", number 0
        expect 1 breached by A, once, below floor",
    );
}

#[test]
fn whoever_it_was_counts_possibly_for_all() {
    hold(
        "
         1 together A, B must keep number of visit within 24 hours at most 1
         2 A must keep number of visit within 24 hours
            at most number of visit by other party within 24 hours",
        "
        at 2026-03-20 00:00
            visit by A on 2026-03-01 10:00
            visit on 2026-03-01 11:00
        expect 1 possibly breached, once
        expect 2 breached by A, once, above limit
        at 2026-03-20 00:00
            visit by B on 2026-03-01 09:00
            visit on 2026-03-01 11:00, number 2
        expect 2 possibly breached by A, once, number uncertain",
    );
}

#[test]
fn a_day_that_is_not_known_counts_possibly_in_both_periods() {
    hold(
        "
         1 A must keep number of truck in each week at least 2 times number of visit in each week
            from 2026-03-02",
        "
        at 2026-03-17 00:00
            visit by A on 2026-03-03 10:00
            visit by A on 2026-03-10 10:00
            truck by A on 2026-03-08 10:00 until 2026-03-09 10:00, number 2
        expect 1 met by A for 2026-03-02, once
        expect 1 breached by A for 2026-03-09, once, below floor",
    );
}

#[test]
fn an_amount_that_changes_a_duty() {
    hold(
        "
         1 finding change of party
            when number of holding of tank by same party
            at least 110 % of number of holding of tank by same party as of 2026-03-02
         2 each of Sides must visit
            on each change by same party
            due within 5 working days of it",
        "
        at 2026-03-20 00:00
            holding of tank by A on 2026-03-01 10:00, item \"x\", number 100
            holding of tank by B on 2026-03-01 10:00, item \"y\", number 100
            holding of tank by A on 2026-03-04 10:00, item \"x\", number 109
            holding of tank by B on 2026-03-04 10:00, item \"y\", number 110
        expect 1 found by B, once
        expect 1 found by A, never
        expect 2 breached by B, once, due 2026-03-12 00:00
        expect 2 breached by A, never",
    );
}
