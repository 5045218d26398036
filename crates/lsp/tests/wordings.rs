//! A paragraph that is amended and one that is read in two ways: found, explained, offered.
//!
//! Invariant: every wording of a paragraph is found from each place that names it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Session;
use serde_json::{Value, json};

const TEXT: &str = r#"# Changes

1. Neither side fires.

```casus
agreement Changes version 1
parties North, South
group Sides is North, South
act fire by Sides
act raid by Sides
act report by Sides

1 each of Sides must not fire
```

2. From the tenth on neither side raids.

```casus
amend 1 from 2026-03-10
    each of Sides must not fire or raid
```

3. Whoever fires reports.

```casus
reading strict of 3
    each of Sides must report
    on each breach of 1 by same party
    due within 1 hour of it
reading mild of 3
    each of Sides must report
    on each fire by same party
    due within 24 hours of it
```

```casus-test
at 2026-04-01 00:00
    raid by South on 2026-03-10 00:00
expect 1 breached by South, once
expect reading mild of 3 pending by South, never
```
"#;

fn open() -> Session {
    let mut session = Session::with(&json!({}), &Value::Null);
    session.show(TEXT);
    session
}

/// The lines that an answer leads to, from 0.
fn lines(session: &mut Session, question: &str, marked: &str, more: Value) -> Vec<u64> {
    let found = session.ask(question, marked, more).unwrap();
    let line = |one: &Value| one["range"]["start"]["line"].as_u64().unwrap();
    found.as_array().unwrap().iter().map(line).collect()
}

/// The line, from 0, that begins with this text.
fn line(text: &str) -> u64 {
    TEXT.lines().position(|line| line.starts_with(text)).unwrap() as u64
}

#[test]
fn the_text_itself_is_without_a_mistake() {
    let mut session = Session::with(&json!({}), &Value::Null);
    let told = session.show(TEXT);
    assert_eq!(told, Vec::<Value>::new());
}

#[test]
fn a_label_leads_to_all_wordings() {
    let mut session = open();
    let first = [line("1 each of"), line("amend 1")];
    for marked in ["breach of ¦1 by", "expect ¦1 breached", "amend ¦1 from"] {
        assert_eq!(lines(&mut session, "definition", marked, json!({})), first, "{marked}");
    }
    let both = [line("reading strict"), line("reading mild")];
    assert_eq!(lines(&mut session, "definition", "mild of ¦3 pending", json!({})), both);
    let prose = lines(&mut session, "definition", "From the ten¦th", json!({}));
    assert_eq!(prose, [line("amend 1")]);
}

#[test]
fn references_tell_wordings_from_uses() {
    let mut session = open();
    let mut found = |declared: bool| {
        let more = json!({ "context": { "includeDeclaration": declared } });
        lines(&mut session, "references", "breach of ¦1 by", more)
    };
    let used = [line("    on each breach"), line("expect 1")];
    assert_eq!(found(false), used);
    assert_eq!(found(true).len(), used.len() + 2);
}

#[test]
fn hover_shows_each_wording_with_its_own_meaning() {
    let mut session = open();
    let mut page = |marked: &str| {
        let hover = session.ask("hover", marked, json!({})).unwrap();
        hover["contents"]["value"].as_str().unwrap_or("").to_owned()
    };
    let first = page("expect ¦1 breached");
    assert!(first.contains("Neither side fires.") && first.contains("neither side raids"));
    assert!(first.contains("amend 1 from 2026-03-10"), "{first}");
    let meanings: Vec<&str> = first.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(meanings.iter().any(|line| line.contains("raid")), "{first}");
    assert!(meanings.iter().any(|line| !line.contains("raid")), "{first}");
    assert!(page("reading mi¦ld of 3\n").contains("reading"), "{}", page("reading mi¦ld of 3\n"));
}

#[test]
fn a_reading_is_renamed_where_it_is_named() {
    let mut session = open();
    let edit = session.ask("rename", "reading mi¦ld of 3\n", json!({ "newName": "lenient" }));
    let edit = edit.unwrap();
    let changed = session.edited(&edit["changes"][common::URI]);
    assert_eq!(changed, TEXT.replace("reading mild", "reading lenient"));
}

#[test]
fn each_label_is_offered_once() {
    let mut session = open();
    let offered = session.ask("completion", "breach of ¦1 by", json!({})).unwrap();
    let labels: Vec<&str> = offered["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["label"].as_str().unwrap())
        .filter(|label| label.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert_eq!(labels, ["1", "3"]);
}

#[test]
fn the_outline_names_each_wording() {
    let mut session = open();
    let outline = session.ask("documentSymbol", "# Ch¦anges", json!({})).unwrap();
    let names: Vec<&str> = outline[0]["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    let wanted = ["1", "amend 1", "reading strict of 3", "reading mild of 3", "test 3"];
    assert_eq!(names[names.len() - wanted.len()..], wanted);
}

#[test]
fn the_layout_of_wordings_is_kept() {
    let mut session = open();
    let options = json!({ "options": { "tabSize": 4, "insertSpaces": true } });
    assert_eq!(session.ask("formatting", "# Ch¦anges", options).unwrap(), json!([]));
}
