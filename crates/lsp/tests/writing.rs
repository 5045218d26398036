//! What is offered while a sentence is written, the layout, and the outline.
//!
//! Invariant: what is offered is read by the parser at its place.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{PACT, Session, URI};
use serde_json::{Value, json};

/// What is offered at `¦`, where a piece of the agreement is replaced by what is being written.
fn offered(session: &mut Session, old: &str, written: &str) -> Vec<(String, String)> {
    let (before, after) = written.split_once('¦').unwrap();
    let text = PACT.replacen(old, &format!("{before}{after}"), 1);
    assert!(PACT.contains(old), "`{old}` is not there");
    session.show(&text);
    let start = PACT.find(old).unwrap();
    let place = common::position(&session.text, start + before.len());
    let given = json!({ "textDocument": { "uri": URI }, "position": place });
    let list = session.ask_plain("textDocument/completion", given).unwrap();
    assert_eq!(list["isIncomplete"], false);
    let items = list["items"].as_array().unwrap();
    let one = |item: &Value| {
        let edit = &item["textEdit"];
        let end = common::offset(&session.text, &edit["range"]["end"]);
        assert_eq!(end, start + before.len(), "{item}");
        (item["label"].as_str().unwrap().to_owned(), session.piece(&edit["range"]))
    };
    items.iter().map(one).collect()
}

/// What is replaced, what is written for it, what is offered there, and some of what is not.
type Case<'c> = (&'c str, &'c str, &'c [&'c str], &'c [&'c str]);

const CLAUSE: &str = "    unless self-defence, claimed, shown by the party\n";

fn offers(cases: &[Case<'_>]) {
    let mut session = Session::open();
    for (old, written, there, absent) in cases {
        let found = offered(&mut session, old, written);
        let labels: Vec<&str> = found.iter().map(|(label, _)| label.as_str()).collect();
        for label in *there {
            assert!(labels.contains(label), "`{label}` for {written:?} in {labels:?}");
        }
        for label in *absent {
            assert!(!labels.contains(label), "`{label}` for {written:?} in {labels:?}");
        }
    }
}

#[test]
fn what_may_follow_in_a_rule_is_offered_and_nothing_else() {
    offers(&[
        (
            CLAUSE,
            "    ¦\n",
            &["unless", "proof", "from", "in"],
            &["act", "and", "breached", "Север"],
        ),
        (
            CLAUSE,
            "    from ¦\n",
            &["begin of", "Срок", "fire", "later"],
            &["Север", "must", "Signed"],
        ),
        (CLAUSE, "    from begin of ¦\n", &["Signed"], &["Grave", "fire", "begin of"]),
        (CLAUSE, "    in ¦\n", &["North Sector", "Полоса"], &["Граница", "Север", "sector"]),
        (CLAUSE, "    despite ¦\n", &["1.2", "2.1", "2.4"], &["Signed"]),
        (CLAUSE, "    in Полоса at any of ¦\n", &["origin", "target"], &["fire", "Полоса"]),
        (CLAUSE, "    unless ¦\n", &["self-defence"], &["fire"]),
        ("    when signature by Север\n", "    when breach of ¦\n", &["2.1"], &["Signed", "fire"]),
    ]);
}

#[test]
fn what_may_follow_in_a_declaration_is_offered_and_nothing_else() {
    offers(&[
        (
            "    when signature by Север\n",
            "    when fire\n    ¦\n",
            &["and", "or", "ends when"],
            &["must"],
        ),
        (
            "party South\n",
            "¦\n",
            &["party", "act", "zone"],
            &["expect", "must", "unless", "origin"],
        ),
        ("party South\n", "party South\nSouth ¦\n", &["answers for"], &["must"]),
        (
            "zone Near within 10 km of Граница",
            "zone Near within 10 km of ¦",
            &["Граница", "North Sector"],
            &["Север"],
        ),
        (
            "zone Near within 10 km of Граница",
            "zone Near from ¦",
            &["map.geojson", "stock.csv"],
            &["notes.txt"],
        ),
        (
            "zone Near within 10 km of Граница",
            "zone Near from map.geojson feature ¦",
            &["\"север 🛰\"", "\"south\""],
            &["south"],
        ),
        ("rest days Saturday, Sunday", "rest days ¦", &["Saturday"], &["fire"]),
        (", agreed", ", ¦", &["agreed", "invented", "reported"], &["Срок"]),
    ]);
}

#[test]
fn what_may_follow_in_a_test_is_offered_and_nothing_else() {
    offers(&[
        ("expect 2.1 breached by Север, once", "expect ¦", &["2.1", "2.3"], &["breached", "Север"]),
        (
            "expect 2.1 breached by Север, once",
            "expect 2.1 ¦",
            &["breached", "possibly found"],
            &["done late", "by"],
        ),
        (
            "expect 2.1 breached by Север, once",
            "expect 2.1 breached by ¦",
            &["Север", "South"],
            &["fire", "Signed"],
        ),
        (
            "expect 2.1 breached by Север, once",
            "expect 2.1 breached, ¦",
            &["once", "claimed", "deadline missed"],
            &["breached"],
        ),
        ("expect 2.1 breached by Север, once", "¦", &["expect", "at"], &["act", "Север"]),
        (", grade B1", ", grade ¦", &["B2"], &["fire"]),
        ("about ё1", "about ¦", &["ё1"], &["fire"]),
        ("gun by Север in North Sector", "gun by Север in ¦", &["North Sector"], &["Север"]),
    ]);
}

#[test]
fn what_is_typed_already_is_replaced() {
    let mut session = Session::open();
    let old = "expect 2.1 breached by Север, once";
    let cases = [
        (old, "expect 2.1 possibly br¦", "possibly breached", "possibly br"),
        (old, "expect 2.1 breached by Се¦", "Север", "Се"),
        (old, "exp¦", "expect", "exp"),
        ("    in Полоса, Near at target\n", "    in north se¦\n", "North Sector", "north se"),
        ("    in Полоса, Near at target\n", "    in North ¦\n", "North Sector", "North "),
        ("2.1 each of Sides must not shoot", "2.1 each of Sides must n¦", "must not", "must n"),
    ];
    for (old, written, label, replaced) in cases {
        let found = offered(&mut session, old, written);
        assert_eq!(found, [(label.to_owned(), replaced.to_owned())], "{written}");
    }
}

#[test]
fn nothing_is_offered_where_no_word_may_stand() {
    let mut session = Session::open();
    for (old, written) in [
        ("party South\n", "party ¦\n"),
        ("party South\n", "party South -- th¦\n"),
        ("party South\n", "party South \"th¦e\"\n"),
        ("Никто не стреляет", "Никто act ¦"),
        ("## Article 2. Fire", "## ¦"),
        ("party South\n", "nonsense ¦\n"),
    ] {
        assert_eq!(offered(&mut session, old, written), Vec::new(), "{written}");
    }
}

#[test]
fn what_is_offered_is_read() {
    let mut session = Session::open();
    let old = "    unless self-defence, claimed, shown by the party\n";
    let keywords = offered(&mut session, old, "    ¦\n");
    assert!(keywords.len() > 10);
    for (word, _) in keywords {
        let wrong = session.show(&PACT.replacen(old, &format!("    {word}\n"), 1));
        let about = |one: &Value| {
            let message = one["message"].as_str().unwrap_or("");
            one["code"] != "C016"
                && message.contains(&format!("`{word}`"))
                && !message.contains("expected")
        };
        assert!(!wrong.iter().any(about), "{word}: {wrong:?}");
    }
}

#[test]
fn the_layout_is_that_of_the_command() {
    let mut session = Session::open();
    let loose = PACT
        .replace("    calendar", "  calendar")
        .replace("party South\n", "party   South   -- юг 🧭\n\n\n")
        .replace("expect 2.3 met for", "expect   2.3 met   for");
    let wrong = session.show(&loose);
    assert_eq!(wrong, Vec::<Value>::new());
    let given = json!({
        "textDocument": { "uri": URI }, "options": { "tabSize": 4, "insertSpaces": true }
    });
    let edits = session.ask_plain("textDocument/formatting", given.clone()).unwrap();
    assert_eq!(session.edited(&edits), casus_syntax::format(&loose));
    assert_ne!(session.edited(&edits), loose);
    session.show(&session.edited(&edits));
    assert_eq!(session.ask_plain("textDocument/formatting", given.clone()), Ok(json!([])));
    // A block with a mistake stays as it is.
    let broken = loose.replace("category gun\n", "category  gun of of\n");
    session.show(&broken);
    let edits = session.ask_plain("textDocument/formatting", given).unwrap();
    let laid_out = session.edited(&edits);
    assert!(laid_out.contains("category  gun of of") && laid_out.contains("expect 2.3 met for"));
}

#[test]
fn the_outline_has_headings_with_what_they_hold() {
    let mut session = Session::open();
    let given = json!({ "textDocument": { "uri": URI } });
    let symbols = session.ask_plain("textDocument/documentSymbol", given.clone()).unwrap();
    let names = |symbol: &Value| -> Vec<String> {
        let held = symbol["children"].as_array().unwrap();
        held.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(symbols.as_array().unwrap().len(), 1);
    assert_eq!(symbols[0]["name"], "Пакт 🕊 мира");
    assert_eq!(names(&symbols[0]), ["Article 1. Terms", "Article 2. Fire"]);
    let terms = names(&symbols[0]["children"][0]);
    for name in ["Пакт", "Север", "Sides", "shelling, sniping", "North Sector", "Срок", "1.2"]
    {
        assert!(terms.iter().any(|one| one == name), "{name} in {terms:?}");
    }
    assert_eq!(
        names(&symbols[0]["children"][1]),
        ["2.1", "test 2.1", "2.2", "2.3", "2.4", "test 2.4"]
    );
    let rule = &symbols[0]["children"][1]["children"][0];
    assert!(rule["detail"].as_str().unwrap().starts_with("each of Sides must not"));
    assert_eq!(session.piece(&rule["selectionRange"]), "2.1");
    within(&session, &symbols[0]);
    let folds = session.ask_plain("textDocument/foldingRange", given).unwrap();
    let lines: Vec<(u64, u64)> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap()))
        .collect();
    let block = PACT[..PACT.find("```casus\n2.2").unwrap()].matches('\n').count() as u64;
    assert!(lines.contains(&(block, block + 3)), "{lines:?}");
    assert!(lines.iter().all(|(start, end)| start < end));
}

/// Each symbol lies within its holder, and its name within it.
fn within(session: &Session, symbol: &Value) {
    let bounds = |range: &Value| {
        let at = |end: &str| common::offset(&session.text, &range[end]);
        (at("start"), at("end"))
    };
    let (start, end) = bounds(&symbol["range"]);
    let chosen = bounds(&symbol["selectionRange"]);
    assert!(start <= chosen.0 && chosen.1 <= end, "{symbol}");
    for held in symbol["children"].as_array().into_iter().flatten() {
        let inner = bounds(&held["range"]);
        assert!(start <= inner.0 && inner.1 <= end, "{held}");
        within(session, held);
    }
}
