//! Test blocks in, scenarios out, as text.
//!
//! Invariant: what a fact does not say has the default that the language gives it.

#![allow(clippy::unwrap_used, clippy::panic)]

use casus_check::{Annexes, check};
use casus_model::{Place, Quantity, Record, geometry::Shape, program::Scenario};
use casus_syntax::parse;
use std::fmt::Write as _;

const TEXT: &str = r#"
```casus
agreement A version 1
    calendar Europe/Kyiv
parties RU, UA
group Sides is RU, UA
office Court of RU, UA, quorum 1
category gun
gun has calibre in mm
category weapon is gun
measure killed
measure sum in USD
act fire of weapon, verb shoot, places origin, target
act aid, verb pay
defence self-defence
zone North from north.geojson
1 each of Sides must not shoot
    in North at target
    unless self-defence
2 response to breach of 1, clocks from it
    step first: Court must pay to the party, due within 24 hours
    ends when no fire for 7 days
    each step decided by Court
```

```casus-test
"#;

struct North;

impl Annexes for North {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        let square = r#"{"type": "Polygon",
            "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}"#;
        Ok(square.as_bytes().to_vec())
    }
}

fn read(block: &str) -> Scenario {
    let document = parse(&format!("{TEXT}{block}```\n"));
    let checked = check(&document, &North);
    let all: Vec<String> = document
        .diagnostics
        .iter()
        .chain(&checked.diagnostics)
        .map(|one| format!("{} {}: {}", one.code, one.line, one.message))
        .collect();
    let [scenario] = checked.scenarios.as_slice() else { panic!("{}", all.join("\n")) };
    assert!(checked.program.is_some(), "{}", all.join("\n"));
    scenario.clone()
}

fn amounts(list: &[(casus_model::Name, Quantity)]) -> String {
    let show = |(name, one): &(casus_model::Name, Quantity)| {
        format!(" {name} {}..{}..{} {:?}", one.range.low, one.range.best, one.range.high, one.unit)
    };
    list.iter().map(show).collect()
}

fn place(one: &Place) -> String {
    let shape = match &one.shape {
        Shape::Named(name) => name.to_string(),
        Shape::Point(point) => format!("{}E {}N", point.lon, point.lat),
        other => format!("{other:?}"),
    };
    format!("\n  in {shape} as {:?} error {}", one.role, one.error_m)
}

fn record(one: &Record) -> String {
    let mut out = format!("{} v{} {:?} {}", one.id, one.version, one.standing, one.act);
    if let Some(object) = &one.object {
        let _ = write!(out, " of {:?}", object.kind);
        if let Some(item) = &object.item {
            let _ = write!(out, " item {item}");
        }
        out.push_str(&amounts(&object.measures));
    }
    if let Some(actor) = &one.actor {
        let _ = write!(out, " by {} {}", actor.name, actor.confidence);
    }
    if let Some(to) = &one.recipient {
        let _ = write!(out, " to {to}");
    }
    if let Some(incident) = &one.incident {
        let _ = write!(out, " incident {incident}");
    }
    if !one.about.is_empty() {
        let _ = write!(out, " about {:?}", one.about);
    }
    out.extend(one.places.iter().map(place));
    out.push_str(&amounts(&one.quantities));
    let time = one.time;
    let _ = write!(out, "\n  {} {}", time.start.0, time.start.1);
    if !time.is_moment() {
        let _ = write!(out, "\n  to {} {}", time.end.0, time.end.1);
    }
    let _ = write!(out, "\n  known {} {}", one.known, one.grade);
    if &*one.source.name != "test" || one.source.origin.is_some() {
        let _ = write!(out, " source {} {:?}", one.source.name, one.source.origin);
    }
    out
}

fn records(block: &str) -> String {
    let scenario = read(block);
    scenario.records.iter().map(|one| format!("\n{}", record(one))).collect()
}

#[test]
fn defaults_and_details() {
    let found = records(
        "at 2026-03-02 00:00
  fire on 2026-02-01
  F1: fire of gun with calibre 152 mm by RU to UA in North at target on 2026-02-01 10:00:05, \
     killed 3 to 5, grade C3, attribution 70 %, known 2026-02-02 10:00, \
     source \"patrol\" from \"press\"
  shoot by UA on 2026-02-01 until 2026-02-03 04:00, attribution unknown, item \"hull 7\", \
     at 50.5N 30.25E as origin, error 2 km, incident F1
  aid by RU on 2026-02-01 00:00, sum 2 million USD, incident other
",
    );
    let expected = r#"
fact-28 v1 Asserted fire
  2026-01-31T22:00:00Z 2026-02-01T21:59:59.999Z
  known 2026-02-01T21:59:59.999Z B2
F1 v1 Asserted fire of "gun" calibre 152..152..152 "mm" by RU 70 % to UA
  in North as "target" error 0 killed 3..3..5 ""
  2026-02-01T08:00:05Z 2026-02-01T08:00:05Z
  known 2026-02-02T08:00:00Z C3 source patrol Some("press")
fact-30 v1 Asserted fire of "" item hull 7 by UA unknown incident F1
  in 30.25E 50.5N as "origin" error 2000
  2026-01-31T22:00:00Z 2026-02-01T21:59:59.999Z
  to 2026-02-03T02:00:00Z 2026-02-03T02:00:00Z
  known 2026-02-03T02:00:00Z B2
fact-31 v1 Asserted aid by RU probable incident other sum 2000000..2000000..2000000 "USD"
  2026-01-31T22:00:00Z 2026-01-31T22:00:00Z
  known 2026-01-31T22:00:00Z B2
"#;
    assert_eq!(format!("{found}\n"), expected);
}

#[test]
fn several_actors_corrections_and_withdrawals() {
    let found = records(
        "at 2026-03-02 00:00
  F1: fire by Sides on 2026-02-01 10:00
  correction of F1: fire by UA on 2026-02-01 11:00, known 2026-02-03 00:00
  withdrawal of F1, known 2026-02-04 00:00
  F2: fire by RU on 2026-02-05 10:00
  correction of F2: fire by UA on 2026-02-05 10:00
  claim of self-defence by RU about F1, F2 on 2026-02-05 12:00
  adoption of 2 first by RU, UA on 2026-02-06 12:00
",
    );
    let expected = r#"
F1-RU v1 Asserted fire by RU probable
  2026-02-01T08:00:00Z 2026-02-01T08:00:00Z
  known 2026-02-01T08:00:00Z B2
F1-UA v1 Asserted fire by UA probable
  2026-02-01T08:00:00Z 2026-02-01T08:00:00Z
  known 2026-02-01T08:00:00Z B2
F1-UA v2 Asserted fire by UA probable
  2026-02-01T09:00:00Z 2026-02-01T09:00:00Z
  known 2026-02-02T22:00:00Z B2
F1-RU v2 Withdrawn fire by RU probable
  2026-02-01T08:00:00Z 2026-02-01T08:00:00Z
  known 2026-02-03T22:00:00Z B2
F1-UA v3 Withdrawn fire by UA probable
  2026-02-01T09:00:00Z 2026-02-01T09:00:00Z
  known 2026-02-03T22:00:00Z B2
F2 v1 Asserted fire by RU probable
  2026-02-05T08:00:00Z 2026-02-05T08:00:00Z
  known 2026-02-05T08:00:00Z B2
F2 v2 Asserted fire by UA probable
  2026-02-05T08:00:00Z 2026-02-05T08:00:00Z
  known 2026-02-05T08:00:00Z B2
fact-33 v1 Asserted claim of "self-defence" by RU probable about ["F1-RU", "F1-UA", "F2"]
  2026-02-05T10:00:00Z 2026-02-05T10:00:00Z
  known 2026-02-05T10:00:00Z B2
fact-34-RU v1 Asserted adoption of "2 first" by RU probable
  2026-02-06T10:00:00Z 2026-02-06T10:00:00Z
  known 2026-02-06T10:00:00Z B2
fact-34-UA v1 Asserted adoption of "2 first" by UA probable
  2026-02-06T10:00:00Z 2026-02-06T10:00:00Z
  known 2026-02-06T10:00:00Z B2
"#;
    assert_eq!(format!("{found}\n"), expected);
}

#[test]
fn expectations() {
    let scenario = read(
        "at 2026-03-02 00:00
  fire by RU on 2026-02-01 10:00
expect 1 breached by RU, twice
expect 1 possibly breached, act unconfirmed, never
expect 2 pending by Court for first, due 2026-03-03 00:00
",
    );
    assert_eq!(scenario.line, 27);
    assert_eq!(scenario.at.to_string(), "2026-03-01T22:00:00Z");
    let found: Vec<String> = scenario
        .expect
        .iter()
        .map(|one| {
            let due = one.due.map(|due| due.to_string());
            format!(
                "{} {} {:?} {:?} {:?} {:?} {:?} {due:?}",
                one.line, one.label, one.verdict, one.reason, one.party, one.keys, one.count
            )
        })
        .collect();
    let expected = [
        r#"29 1 Breached None Some("RU") [] Some(2) None"#,
        r#"30 1 PossiblyBreached Some(ActUnconfirmed) None [] Some(0) None"#,
        r#"31 2 Pending None Some("Court") ["first"] None Some("2026-03-02T22:00:00Z")"#,
    ];
    assert_eq!(found, expected);
}
