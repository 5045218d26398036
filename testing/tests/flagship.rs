//! The flagship example: its tests, its planted stories, and that the order of arrival is nothing.
//!
//! Invariant: every row of the table in `examples/guarantee/README.md` has an assertion here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

mod field;

use casus_engine::{Change, Engine};
use casus_model::{Finding, Instant, Program, Reason, Reason::*, Record, Verdict, Verdict::*};
use casus_testing::flagship;
use field::{agreement, bytes, example, judge, of};
use std::{fs, sync::Arc};

const BODY: &str = "Special Commission";

fn clock() -> Instant {
    Instant::parse(flagship::CLOCK).unwrap()
}

fn flagship_program() -> Arc<Program> {
    agreement(&example("guarantee")).0
}

fn at_the_end() -> Engine {
    let path = example("guarantee").join("evidence.jsonl");
    judge(&flagship_program(), field::records(&path, None).0, clock())
}

/// Whether there is exactly one finding that fits: rule, party, key, verdict, reason, and a record
/// that it rests on (none: whatever).
fn one(
    engine: &Engine,
    (label, party, key): (&str, &str, &[&str]),
    (verdict, reason): (Verdict, Reason),
    record: &str,
) {
    let fits = |finding: &&&Finding| {
        finding.party.as_deref().unwrap_or("") == party
            && finding.key.iter().map(|part| &**part).eq(key.iter().copied())
            && (record.is_empty() || finding.records.iter().any(|id| **id == *record))
    };
    let findings = of(engine, label);
    let found: Vec<_> = findings.iter().filter(fits).collect();
    let said: Vec<_> = found.iter().map(|finding| (finding.verdict, finding.reason)).collect();
    assert_eq!(said, [(verdict, reason)], "{label} {party} {key:?} {record}: {findings:#?}");
}

/// No finding of the rule rests on the record.
fn none(engine: &Engine, label: &str, record: &str) {
    let rests = |finding: &&&Finding| finding.records.iter().any(|id| **id == *record);
    assert_eq!(of(engine, label).iter().find(rests), None);
}

#[test]
fn the_committed_evidence_is_what_the_generator_makes() {
    let committed = fs::read_to_string(example("guarantee").join("evidence.jsonl")).unwrap();
    assert!(
        committed == flagship::evidence(),
        "run `cargo run -p casus-testing --bin flagship-evidence`"
    );
}

#[test]
fn prohibitions() {
    let engine = at_the_end();
    let e = &engine;
    one(e, ("3.1", "RU", &[]), (PossiblyBreached, ActUnconfirmed), "echo-1");
    one(e, ("3.1", "UA", &[]), (Breached, Established), "pair-2");
    one(e, ("3.1", "UA", &[]), (Excused, Accepted), "defence-UA");
    one(e, ("3.1", "RU", &[]), (Breached, Established), "defence-RU");
    one(e, ("3.1", "RU", &[]), (Breached, Established), "defence-late");
    one(e, ("3.1", "UA", &[]), (Breached, Claimed), "strike-UA");
    one(e, ("3.1", "RU", &[]), (Breached, Established), "ladder-2");
    one(e, ("3.1", "UA", &[]), (PossiblyBreached, JudgementAwaited), "volunteers");
    one(e, ("3.1", "RU", &[]), (PossiblyBreached, PlaceUncertain), "edge");
    one(e, ("3.1", "", &[]), (PossiblyBreached, AttributionUndetermined), "unnamed");
    none(e, "3.1", "moved");
    none(e, "3.1", "taken-back");
    none(e, "3.1", "other-1");
    one(e, ("3.2", "UA", &[]), (Breached, Established), "flight-UA-1");
    none(e, "3.2", "flight-RU-1");
    one(e, ("3.2", "RU", &[]), (PossiblyBreached, PlaceUncertain), "flight-RU-2");
    none(e, "3.2", "flight-RU-3");
    one(e, ("3.2", "UA", &[]), (Excused, Claimed), "medical-UA");
    one(e, ("3.3", "UA", &[]), (Breached, Established), "turned-UA");
    one(e, ("3.3", "RU", &[]), (PossiblyBreached, PlaceUncertain), "boarded-RU");
    one(e, ("3.4", "", &[]), (PossiblyBreached, AttributionUndetermined), "dark-north");
    one(e, ("3.4", "UA", &[]), (Breached, Established), "dark-south");
    one(e, ("4.2", "UA", &[]), (Breached, Established), "hold-UA");
    one(e, ("4.2", "RU", &[]), (PossiblyBreached, CategoryUnknown), "hold-RU");
    one(e, ("7.1", "GB", &[]), (Breached, Established), "deploy-advance");
    one(e, ("7.2", "GB", &[]), (Breached, Established), "deploy-advance");
    one(e, ("7.2", "FR", &[]), (Met, WatchedThroughout), "");
    one(e, ("7.4", "GB", &[]), (Breached, Established), "stray-beech");
    one(e, ("7.4", "FR", &[]), (PossiblyBreached, PlaceUncertain), "stray-aspen");
    one(e, ("7.5", "FR", &[]), (Met, WatchedThroughout), "");
    one(e, ("7.5", "GB", &[]), (Met, WatchedThroughout), "");
    one(e, ("10.2", "UA", &[]), (Met, WatchedThroughout), "");
    one(e, ("10.2", "RU", &[]), (Met, WatchedThroughout), "");
}

#[test]
fn duties() {
    let engine = at_the_end();
    let e = &engine;
    one(e, ("2.3", "US", &[]), (Pending, NotYetDue), "");
    one(e, ("4.1", "UA", &["start"]), (Met, Done), "");
    one(e, ("4.1", "UA", &[]), (MetLate, DoneLate), "");
    one(e, ("4.1", "RU", &["start"]), (MetLate, DoneLate), "");
    one(e, ("4.1", "RU", &[]), (Breached, DeadlineMissed), "");
    one(e, ("5.1", BODY, &["Depot Larch", "2026-03-01"]), (Undeterminable, AccessDenied), "");
    one(e, ("5.1", BODY, &["Depot Maple", "2026-03-01"]), (MetLate, DoneLate), "");
    one(e, ("5.1", BODY, &["Depot Hazel", "2026-03-01"]), (Met, Done), "");
    one(e, ("5.2", "UA", &[]), (Met, Done), "request-hazel");
    one(e, ("5.2", "UA", &[]), (MetLate, DoneLate), "request-maple");
    one(e, ("5.2", "RU", &[]), (Met, Done), "request-rowan");
    one(e, ("5.2", "RU", &[]), (Breached, DeadlineMissed), "request-larch");
    one(e, ("5.2", "UA", &[]), (Lapsed, GroundsWithdrawn), "request-dropped");
    one(e, ("5.3", BODY, &["2026-03-08"]), (Breached, DeadlineMissed), "");
    one(e, ("5.3", BODY, &["2026-03-13"]), (MetLate, DoneLate), "");
    one(e, ("5.4", "RU", &[]), (Met, Done), "exercise-RU");
    assert_eq!(of(e, "5.4").iter().filter(|finding| finding.verdict == MetLate).count(), 1);
    one(e, ("6.2", "GB", &["2026-03-02"]), (Met, Done), "");
    one(e, ("6.2", "GB", &["2026-03-09"]), (Breached, DeadlineMissed), "");
    one(e, ("7.6", "FR", &["2026-03-09"]), (Breached, DeadlineMissed), "");
    one(e, ("7.6", "GB", &["2026-03-09"]), (Met, Done), "");
    one(e, ("8.9", "US", &[]), (MetLate, DoneLate), "call-UA");
    one(e, ("8.9", "FR", &[]), (MetLate, DoneLate), "call-RU");
    one(e, ("8.9", "GB", &[]), (Lapsed, GroundsWithdrawn), "call-dropped");
    one(e, ("9.1", "", &["Lot 1"]), (Met, Done), "");
    one(e, ("9.1", "", &["Lot 2"]), (MetLate, DoneLate), "");
    one(e, ("9.2", "", &["Lot 3"]), (Breached, DeadlineMissed), "");
    one(e, ("9.3", "UA", &[]), (Met, Done), "lot-1");
    one(e, ("9.3", "UA", &[]), (Breached, DeadlineMissed), "lot-2");
    one(e, ("10.1", "UA", &[]), (Met, Done), "");
    one(e, ("10.1", "RU", &[]), (Met, Done), "");
    one(e, ("11.1", "FR", &[]), (Met, Done), "");
    one(e, ("11.1", "GB", &[]), (MetLate, DoneLate), "");
    one(e, ("11.2", "Prosperity Fund", &[]), (Pending, NotYetDue), "");
}

#[test]
fn limits() {
    let engine = at_the_end();
    let e = &engine;
    one(e, ("4.3", "UA", &[]), (Met, Done), "");
    one(e, ("4.3", "RU", &[]), (Breached, AboveLimit), "tanks-RU-2-in");
    one(e, ("7.3", "", &[]), (Breached, AboveLimit), "ceiling-in");
    one(e, ("9.4", "GB", &["2026-03-02"]), (Met, Done), "");
    one(e, ("9.4", "GB", &["2026-03-09"]), (Breached, BelowFloor), "");
    let hours = |label: &str| {
        let finding = of(e, label).into_iter().find(|finding| finding.verdict == Breached);
        finding.map(|finding| (finding.to.unwrap().0 - finding.from.0.0) / 3_600_000)
    };
    assert_eq!((hours("4.3"), hours("7.3")), (Some(48), Some(48)));
}

#[test]
fn ladders() {
    let engine = at_the_end();
    let e = &engine;
    one(e, ("8.4", "RU", &["RU", "Sector North"]), (Found, Established), "ladder-0-late");
    one(e, ("8.5", BODY, &["warning"]), (MetLate, AnchorCorrected), "ladder-1");
    one(e, ("8.5", BODY, &["warning", "decision"]), (Met, Done), "ladder-1");
    one(e, ("8.5", "FR", &["coalition"]), (Met, Done), "ladder-1");
    one(e, ("8.5", "GB", &["coalition"]), (Breached, DeadlineMissed), "ladder-1");
    one(e, ("8.5", BODY, &["coalition", "decision"]), (Met, Done), "ladder-1");
    one(e, ("8.5", "US", &["backstop"]), (Undeterminable, JudgementAwaited), "ladder-1");
    one(e, ("8.5", BODY, &["backstop", "decision"]), (Breached, DeadlineMissed), "ladder-1");
    one(e, ("8.4", "UA", &["UA", "Sector South"]), (Found, Established), "strike-UA");
    one(e, ("8.6", BODY, &["warning"]), (Met, Done), "strike-UA");
    one(e, ("8.6", "FR", &["consultation"]), (Met, Done), "strike-UA");
    one(e, ("8.6", "GB", &["consultation"]), (Met, Done), "strike-UA");
    one(e, ("8.8", "", &[]), (Found, JudgementAwaited), "strike-UA");
    one(e, ("8.7", "", &[]), (Found, Established), "");
    one(e, ("8.1", "", &["Sector North"]), (PossiblyFound, StateUncertain), "");
    let unsaid = of(e, "8.4").into_iter().filter(|finding| &*finding.records[0] == "fire-050");
    assert!(unsaid.count() > 0);
}

/// What was known on the morning of the 12th, an hour before word of the earlier breach came.
#[test]
fn a_late_report_moves_the_clocks() {
    let before = Instant::parse("2026-03-12T08:00:00+02:00").unwrap();
    let mut engine = judge(&flagship_program(), flagship::records(), before);
    one(&engine, ("8.5", BODY, &["warning"]), (Met, Done), "ladder-1");
    let due = |engine: &Engine| {
        let of_warning = |finding: &&Finding| {
            finding.key.iter().map(|part| &**part).eq(["warning"])
                && finding.records.iter().any(|id| &**id == "ladder-1")
        };
        let found = of(engine, "8.5").into_iter().find(of_warning).unwrap();
        found.duty.as_ref().unwrap().due.unwrap().1
    };
    let first = due(&engine);
    engine.apply(Change::Clock(clock()));
    one(&engine, ("8.5", BODY, &["warning"]), (MetLate, AnchorCorrected), "ladder-1");
    assert_eq!(first.0 - due(&engine).0, 150 * 60_000);
}

/// A correction and a withdrawal change what is found, from the moment they are known.
#[test]
fn corrections_change_what_is_found() {
    let before = Instant::parse("2026-03-08T08:00:00+02:00").unwrap();
    let engine = judge(&flagship_program(), flagship::records(), before);
    one(&engine, ("3.1", "UA", &[]), (Breached, Established), "moved");
    one(&engine, ("3.1", "RU", &[]), (Breached, Established), "unnamed");
    one(&engine, ("3.1", "UA", &[]), (Breached, Established), "taken-back");
}

#[test]
fn the_order_of_arrival_is_nothing() {
    let program = flagship_program();
    let mut records = flagship::records();
    let expected = bytes(&judge(&program, records.clone(), clock()));
    let orders = std::env::var("CASUS_ORDERS").ok().and_then(|text| text.parse().ok());
    let mut state = 0x00c0_ffee_u64;
    let mut draw = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for order in 0..orders.unwrap_or(1_000) {
        for at in (1..records.len()).rev() {
            records.swap(at, draw(at + 1));
        }
        let mut engine = Engine::new(Arc::clone(&program));
        let (parts, tick) = (1 + draw(4), draw(5));
        for (at, part) in records.chunks(records.len().div_ceil(parts)).enumerate() {
            if at == tick {
                engine.apply(Change::Clock(clock()));
            }
            engine.apply(Change::Records(part.to_vec()));
        }
        engine.apply(Change::Clock(clock()));
        assert!(bytes(&engine) == expected, "order {order} gives other findings");
    }
}

/// The blocks beside the text say what they expect; this holds them to it without the command.
#[test]
fn the_tests_beside_the_text_hold() {
    let (program, scenarios) = agreement(&example("guarantee"));
    assert!(scenarios.len() > 50);
    for scenario in &scenarios {
        let records: Vec<Record> = scenario.records.clone();
        let engine = judge(&program, records, scenario.at);
        for expect in &scenario.expect {
            let findings = of(&engine, &expect.label);
            let count = findings.iter().filter(|finding| expect.fits(finding)).count();
            assert!(expect.is_met(count), "line {}: {count} fit; {findings:#?}", expect.line);
        }
    }
}
