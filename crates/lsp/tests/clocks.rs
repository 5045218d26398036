//! Lines with sides and versions, instruments, and deadlines that move: found and explained.
//!
//! Invariant: what a sentence names can be followed to where it is declared, whatever it is.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Session;
use serde_json::{Value, json};

const TEXT: &str = r#"# Ridge

```casus
agreement Ridge version 1
    calendar UTC
    calendar of South Europe/Vienna, rest days Friday
parties North, South
group Sides is North, South
act march by Sides
act storm by Sides
act report by Sides
line Ridge Line from map.geojson feature "линия", with sides Upper Slope, Lower Slope
line Ridge Line from map.geojson feature "линия", from 2026-05-01
zone Upper Strip within 3 km of Ridge Line on Upper Slope
1 each of Sides must not march across Ridge Line into Lower Slope
2 each of Sides must not march in Upper Strip
3 each of Sides must report
    on each march same party
    due within 2 days of it
    extended by 1 day on storm about it
    paused while Stormy, for at most 3 days
4 state Stormy
    when storm
the instrument Ridge Treaty of 1, 2
    while not Stormy
```
"#;

fn open() -> Session {
    let mut session = Session::with(&json!({}), &Value::Null);
    assert_eq!(session.show(TEXT), Vec::<Value>::new());
    session
}

fn hover(session: &mut Session, marked: &str) -> String {
    let found = session.ask("hover", marked, json!({})).unwrap();
    found["contents"]["value"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned()
}

/// The line, from 0, that a definition leads to.
fn leads_to(session: &mut Session, marked: &str) -> u64 {
    let found = session.ask("definition", marked, json!({})).unwrap();
    found[0]["range"]["start"]["line"].as_u64().unwrap()
}

fn line(text: &str) -> u64 {
    TEXT.lines().position(|line| line.starts_with(text)).unwrap() as u64
}

#[test]
fn a_side_leads_to_its_line() {
    let mut session = open();
    let declared = line("line Ridge Line from map.geojson feature \"линия\", with");
    assert_eq!(leads_to(&mut session, "into Lower Sl¦ope"), declared);
    assert_eq!(leads_to(&mut session, "on Upper Sl¦ope"), declared);
    assert_eq!(leads_to(&mut session, "paused while Stor¦my"), line("4 state"));
    assert_eq!(leads_to(&mut session, "Treaty of ¦1"), line("1 each"));
}

#[test]
fn what_is_meant_is_said() {
    let mut session = open();
    let side = hover(&mut session, "into Lower Sl¦ope");
    assert!(side.contains("On the right of Ridge Line, as it is drawn."), "{side}");
    let line = hover(&mut session, "of Ridge Li¦ne on");
    assert!(line.contains("From 2026-05-01 00:00 on another one"), "{line}");
    let zone = hover(&mut session, "in Upper St¦rip");
    assert!(zone.contains("km² on the ground"), "{zone}");
    let clause = hover(&mut session, "ext¦ended by");
    assert!(clause.contains("the deadline moves by so much"), "{clause}");
}

#[test]
fn sides_and_clauses_are_offered() {
    let mut session = open();
    let offered = session.ask("completion", "Ridge Line into ¦Lower", json!({})).unwrap();
    let items = offered["items"].as_array().or(offered.as_array()).unwrap();
    let labels: Vec<&str> = items.iter().filter_map(|one| one["label"].as_str()).collect();
    assert!(labels.contains(&"Upper Slope") && labels.contains(&"Lower Slope"), "{labels:?}");
    let offered = session.ask("completion", "    ¦paused while", json!({})).unwrap();
    let items = offered["items"].as_array().or(offered.as_array()).unwrap();
    let labels: Vec<&str> = items.iter().filter_map(|one| one["label"].as_str()).collect();
    assert!(labels.contains(&"extended by") && labels.contains(&"paused while"), "{labels:?}");
}
