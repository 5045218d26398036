//! Diagnostics: what is told when, with what, and what is not.
//!
//! Invariant: what is told is what `casus check` says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{PACT, Session, URI};
use serde_json::{Value, json};

#[test]
fn a_mistake_is_told_where_it_is_and_goes_when_it_is_mended() {
    let mut session = Session::open();
    let wrong =
        session.show(&PACT.replace("in Полоса, Near at target", "in Полосa, Near at target"));
    let one = wrong.iter().find(|one| one["severity"] == 1).unwrap();
    assert_eq!(session.piece(&one["range"]), "Полосa");
    assert_eq!((&one["code"], &one["source"]), (&json!("S020"), &json!("casus")));
    assert!(one["message"].as_str().unwrap().contains("did you mean `Полоса`?"), "{one}");
    assert_eq!(one["codeDescription"], Value::Null);
    assert_eq!(session.show(PACT), Vec::<Value>::new());
}

#[test]
fn what_stands_elsewhere_is_pointed_at() {
    let mut session = Session::open();
    let cases = [
        ("party South\n", "party South\nparty South\n", "South"),
        ("category tank\n", "category tank\ncategory tank\n", "tank"),
        ("2.2 finding", "2.1 finding", "2.1"),
        ("defence self-defence", "defence self-defence, shelling", "shelling"),
    ];
    for (old, new, name) in cases {
        let wrong = session.show(&PACT.replacen(old, new, 1));
        let related = wrong.iter().find(|one| !one["relatedInformation"].is_null());
        let related = related.unwrap_or_else(|| panic!("{name}: {wrong:?}"));
        let first = &related["relatedInformation"][0];
        assert_eq!(first["location"]["uri"], URI);
        assert_eq!(session.piece(&first["location"]["range"]), name);
        assert_eq!(session.piece(&related["range"]), name);
        assert!(first["location"]["range"] != related["range"], "{related}");
    }
}

#[test]
fn a_code_leads_to_the_manual_where_it_is_known() {
    let options = json!({ "manual": "https://example.org/language/" });
    let mut session = Session::with(&json!({}), &options);
    let wrong = session.show(
        &PACT.replace("in Полоса, Near at", "in Nowhere, Near at").replace("killed", "Lot 1"),
    );
    let href = |code: &str| {
        let one =
            wrong.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("{wrong:?}"));
        one["codeDescription"]["href"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        href("S020"),
        "https://example.org/language/diagnostics.md#s020-nothing-is-declared-by-this-name"
    );
    let mut session = Session::with(&json!({}), &json!({ "manual": "not a \u{7f} place" }));
    let wrong = session.show(&PACT.replace("in Полоса, Near at", "in Nowhere, Near at"));
    assert_eq!(wrong[0]["codeDescription"], Value::Null);
}

#[test]
fn annexes_are_read_and_read_again() {
    let mut session = Session::open();
    let map = session.folder.0.remove("map.geojson").unwrap();
    session.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let wrong = session.wrong();
    let missing = wrong.iter().find(|one| session.piece(&one["range"]) == "map.geojson");
    assert!(missing.unwrap()["message"].as_str().unwrap().contains("it is not there"), "{wrong:?}");
    session.folder.0.insert("map.geojson", map);
    session.tell("textDocument/didSave", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(session.wrong(), Vec::<Value>::new());
}

#[test]
fn what_is_closed_is_clean_and_prose_is_no_agreement() {
    let mut session = Session::open();
    assert_eq!(session.show("# A page\n\nWithout any block.\n"), Vec::<Value>::new());
    assert!(!session.show("```casus\nparty A\n").is_empty());
    let told = session.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(told[0]["params"]["diagnostics"], json!([]));
    assert_eq!(session.server.settle(&session.folder), Vec::<Value>::new());
}
