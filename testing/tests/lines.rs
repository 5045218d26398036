//! A line of one's own, where several may have done it: each is asked by its own.
//!
//! Invariant: every expected value here was read off the page, never off a run.
#![allow(clippy::unwrap_used)]

use casus_engine::{Change, Engine};
use casus_model::{
    Calendar, Finding, Grade, Instant, Name, Occurred, Place, Reason, Record, Source, Standing,
    Verdict,
    geometry::{Point, Shape},
    program::*,
};
use casus_testing::{arbitrary::vocabulary, reference};

const RU: ActorId = ActorId(0);
const UA: ActorId = ActorId(1);

/// `must not fire within 15 km from own Contact`; the line of RU lies at 50.2, that of all others
/// at 50.0.
fn judged(mode: Share, actors: [ActorId; 2], by: &str, latitude: f64) -> Vec<Finding> {
    let at = Instant::parse("2026-03-01T00:00:00Z").unwrap();
    let place = PlaceTest::Line {
        line: LineId(0),
        own: true,
        distance: Distance::Metres(15_000.0),
        roles: Vec::new(),
        beyond: false,
    };
    let deed = Pattern {
        what: What::Act(vec![ActId(2)]),
        by: By::Anyone,
        object: None,
        to: Vec::new(),
        places: vec![place],
        tests: Vec::new(),
    };
    let bearers = Bearers { mode, actors: actors.to_vec() };
    let mut program = vocabulary::program(Calendar::utc(), 0, Vec::new());
    program.strata.push(vec![RuleId(0)]);
    let body = Body::MustNot { bearers, deeds: vec![deed] };
    program.rules.push(Rule::of(Name::from("1.0"), body));
    let shape = Shape::Point(Point { lon: 30.5, lat: latitude });
    let confidence = casus_model::Confidence::CONFIRMED;
    let actor = casus_model::Attribution { name: Name::from(by), confidence };
    let record = Record {
        id: Name::from("r"),
        version: 1,
        standing: Standing::Asserted,
        incident: None,
        act: Name::from("inspection"),
        actor: Some(actor).filter(|_| !by.is_empty()),
        object: None,
        recipient: None,
        about: Vec::new(),
        places: vec![Place { role: Name::from(""), shape, error_m: 0.0, altitude_m: None }],
        time: Occurred::at(at),
        known: at,
        quantities: Vec::new(),
        source: Source { name: Name::from("observer"), origin: None },
        grade: Grade::parse("A1").unwrap(),
        text: None,
    };
    let records = [record];
    let findings = reference::evaluate(&program, &records, at, at);
    let mut engine = Engine::new(program.into());
    engine.apply(Change::Clock(at));
    engine.apply(Change::Records(records.to_vec()));
    let said: Vec<Finding> = engine.findings().into_iter().cloned().collect();
    assert_eq!(said, findings, "the engine and the reference");
    findings.into_iter().filter(|one| one.verdict != Verdict::Undeterminable).collect()
}

fn said(findings: &[Finding]) -> Vec<(Option<&str>, usize, Verdict, Reason)> {
    let one = |one: &Finding| (one.candidates.len(), one.verdict, one.reason);
    let with = |finding| {
        let (count, verdict, reason) = one(finding);
        (finding.party.as_deref(), count, verdict, reason)
    };
    findings.iter().map(with).collect()
}

#[test]
fn whose_line_it_broke_says_who_may_have_broken_it() {
    let possibly = (Verdict::PossiblyBreached, Reason::AttributionUndetermined);
    for actors in [[RU, UA], [UA, RU]] {
        // On the line of RU, 22 km from that of UA: nobody but RU can have broken its promise.
        let findings = judged(Share::Each, actors, "", 50.2);
        assert_eq!(said(&findings), [(Some("RU"), 0, possibly.0, possibly.1)]);
        // On that of everybody else.
        let findings = judged(Share::Each, actors, "", 50.0);
        assert_eq!(said(&findings), [(Some("UA"), 0, possibly.0, possibly.1)]);
        // Near both.
        let findings = judged(Share::Each, actors, "", 50.1);
        assert_eq!(said(&findings), [(None, 2, possibly.0, possibly.1)]);
        // Far from both.
        assert!(judged(Share::Each, actors, "", 50.4).is_empty());
    }
}

#[test]
fn together_they_are_asked_one_by_one() {
    for actors in [[RU, UA], [UA, RU]] {
        // RU did it, near the line of UA and far from its own.
        assert!(judged(Share::Together, actors, "RU", 50.0).is_empty());
        let findings = judged(Share::Together, actors, "UA", 50.0);
        assert_eq!(said(&findings), [(None, 2, Verdict::Breached, Reason::Established)]);
    }
}
