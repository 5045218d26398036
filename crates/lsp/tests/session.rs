//! Sessions: their beginning and end, what is refused, how changes of a text are followed.
//!
//! Invariant: every request has one answer, whatever it says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use casus_lsp::Server;
use common::{Folder, PACT, Session, URI, position};
use proptest::prelude::*;
use serde_json::{Value, json};

fn take(server: &mut Server, message: Value) -> Vec<Value> {
    server.take(message, &Folder(Default::default()))
}

fn code(answers: &[Value]) -> i64 {
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers[0]["error"]["code"].as_i64().unwrap()
}

#[test]
fn a_session_has_a_beginning_and_an_end() {
    let mut server = Server::default();
    let hover = json!({ "id": 1, "method": "textDocument/hover", "params": {} });
    assert_eq!(code(&take(&mut server, hover.clone())), -32002);
    let begin = json!({ "id": "a", "method": "initialize", "params": { "capabilities": {} } });
    let answer = take(&mut server, begin.clone()).remove(0);
    assert_eq!(answer["id"], "a");
    assert_eq!(answer["result"]["capabilities"]["positionEncoding"], "utf-16");
    for known in ["hoverProvider", "definitionProvider", "referencesProvider", "renameProvider"] {
        assert!(!answer["result"]["capabilities"][known].is_null(), "{known}");
    }
    assert_eq!(code(&take(&mut server, begin)), -32600);
    assert_eq!(code(&take(&mut server, hover.clone())), -32602);
    let shutdown = json!({ "id": 2, "method": "shutdown" });
    assert_eq!(take(&mut server, shutdown)[0]["result"], Value::Null);
    assert_eq!(code(&take(&mut server, hover)), -32600);
    assert!(!server.is_done() && server.was_shut_down());
    assert_eq!(take(&mut server, json!({ "method": "exit" })), Vec::<Value>::new());
    assert!(server.is_done() && server.was_shut_down());
}

#[test]
fn an_end_without_shutdown_is_told_apart() {
    let mut session = Session::open();
    session.tell("exit", Value::Null);
    assert!(session.server.is_done() && !session.server.was_shut_down());
}

#[test]
fn what_is_no_request_is_refused() {
    let mut session = Session::open();
    for wrong in
        [json!([]), json!(7), json!({}), json!({ "id": 1 }), json!({ "id": [], "method": "x" })]
    {
        assert_eq!(code(&take(&mut session.server, wrong.clone())), -32600, "{wrong}");
    }
    let unknown = |method: &str| json!({ "id": 3, "method": method });
    for method in ["textDocument/hoover", "$/unknown", ""] {
        assert_eq!(code(&take(&mut session.server, unknown(method))), -32601);
    }
    let given = json!({ "id": 3, "method": "textDocument/hover", "params": { "position": 7 } });
    assert_eq!(code(&take(&mut session.server, given)), -32602);
    for silent in [
        json!({ "method": "$/cancelRequest", "params": { "id": 9 } }),
        json!({ "method": "$/nothing" }),
        json!({ "method": "textDocument/didOpen", "params": 5 }),
        json!({ "method": "textDocument/didChange", "params": { "textDocument": null } }),
        json!({ "id": 4, "result": null }),
    ] {
        assert_eq!(take(&mut session.server, silent), Vec::<Value>::new());
    }
    // The session goes on.
    assert!(!session.ask("hover", "party So¦uth", json!({})).unwrap().is_null());
}

#[test]
fn a_document_that_is_not_open_has_no_answers() {
    let mut session = Session::open();
    let place = json!({ "line": 0, "character": 0 });
    let given = json!({
        "textDocument": { "uri": "file:///other.md" }, "position": place, "newName": "x",
        "context": { "includeDeclaration": true },
        "options": { "tabSize": 4, "insertSpaces": true },
    });
    for method in [
        "hover",
        "completion",
        "definition",
        "references",
        "prepareRename",
        "rename",
        "formatting",
        "documentSymbol",
        "foldingRange",
    ] {
        let answer = session.ask_plain(&format!("textDocument/{method}"), given.clone());
        assert_eq!(answer, Ok(Value::Null), "{method}");
    }
}

#[test]
fn the_way_of_counting_is_agreed_on() {
    let offer = |kinds: &[&str]| json!({ "general": { "positionEncodings": kinds } });
    let line = "party Север \"Северная сторона 🧭\"\nparty ";
    for (offered, units) in
        [(vec!["utf-16"], 34), (vec!["utf-16", "utf-8"], 56), (vec!["utf-32"], 33), (vec![], 34)]
    {
        let mut session = Session::with(&offer(&offered), &Value::Null);
        session.show(&PACT.replace(
            "party Север \"Северная сторона 🧭\"",
            "party Север \"Северная сторона 🧭\" Север",
        ));
        let number = PACT[..PACT.find(line).unwrap()].matches('\n').count();
        let given = json!({
            "textDocument": { "uri": URI }, "position": { "line": number, "character": units + 1 }
        });
        let hover = session.ask_plain("textDocument/hover", given).unwrap();
        assert_eq!(hover["range"]["start"]["character"], units, "{offered:?} {hover}");
    }
}

#[test]
fn changes_are_followed_where_they_are_meant() {
    let mut session = Session::open();
    let start = session.at("category ¦gun\n");
    let mut end = start.clone();
    end["character"] = json!(end["character"].as_u64().unwrap() + 3);
    // Two changes of one message: the second is counted in the text after the first.
    session.change(json!([
        { "range": { "start": start, "end": end }, "text": "пушка 🎯\n" },
        { "range": { "start": { "line": 0, "character": 10 },
                     "end": { "line": 0, "character": 14 } },
          "text": "войны" },
    ]));
    session.text =
        PACT.replacen("category gun", "category пушка 🎯\n", 1).replacen("мира", "войны", 1);
    let wrong = session.wrong();
    assert!(wrong.iter().any(|one| session.piece(&one["range"]) == "🎯"), "{wrong:?}");
    let symbols = session
        .ask_plain("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }))
        .unwrap();
    assert_eq!(symbols[0]["name"], "Пакт 🕊 войны");
}

#[test]
fn a_document_that_grows_too_large_is_put_aside_and_comes_back() {
    let mut session = Session::open();
    let place = position(PACT, PACT.len());
    let range = json!({ "start": place, "end": place });
    let large = "я".repeat(9 << 20);
    let given = json!({
        "textDocument": { "uri": URI, "version": 9 },
        "contentChanges": [{ "range": range, "text": large }],
    });
    let told = session.tell("textDocument/didChange", given);
    assert_eq!(told[0]["method"], "window/showMessage", "{told:?}");
    assert_eq!(session.wrong(), Vec::<Value>::new());
    assert_eq!(session.ask("hover", "party So¦uth", json!({})), Ok(Value::Null));
    assert_eq!(session.show(PACT), Vec::<Value>::new());
    assert!(!session.ask("hover", "party So¦uth", json!({})).unwrap().is_null());
}

#[test]
fn no_more_documents_are_open_than_allowed() {
    let mut session = Session::open();
    let mut told = Vec::new();
    for at in 0..256 {
        let uri = format!("file:///pact/{at}.md");
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": "x" });
        told.extend(session.tell("textDocument/didOpen", json!({ "textDocument": document })));
    }
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["method"], "window/showMessage");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_change_and_any_place_have_an_answer(
        changes in prop::collection::vec(
            (0_u32..130, 0_u32..60, 0_u32..130, 0_u32..60, 0..12_usize), 1..6
        ),
        places in prop::collection::vec((0_u32..140, 0_u32..80), 1..8),
    ) {
        let pieces = ["", "\n", "\r\n", "🕊", "ё ", "casus", "```casus\n",
                      "```", "\"", "--", " 3.1 ", "act "];
        let mut session = Session::open();
        for (line, character, to_line, to_character, at) in changes {
            session.change(json!([{ "text": pieces[at], "range": {
                "start": { "line": line, "character": character },
                "end": { "line": to_line.min(line + 3), "character": to_character },
            } }]));
        }
        session.wrong();
        for (line, character) in places {
            let given = json!({
                "textDocument": { "uri": URI }, "newName": "Новое имя",
                "position": { "line": line, "character": character },
                "context": { "includeDeclaration": true },
                "options": { "tabSize": 4, "insertSpaces": true },
            });
            for method in ["hover", "completion", "definition", "references", "prepareRename",
                           "rename", "formatting", "documentSymbol", "foldingRange"] {
                let _ = session.ask_plain(&format!("textDocument/{method}"), given.clone());
            }
        }
    }
}
