//! Declarations, uses, other names: where a thing stands, and what it may be called.
//!
//! Invariant: after a renaming the agreement says what it said.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{MAP, PACT, Session, URI, piece};
use serde_json::{Value, json};

/// The pieces that a definition leads to, each with the text before it on its line.
fn definition(session: &mut Session, marked: &str) -> Vec<String> {
    let found = session.ask("definition", marked, json!({})).unwrap();
    let found = found.as_array().unwrap();
    let text = |one: &Value| {
        assert_eq!(one["uri"], URI);
        let line = usize::try_from(one["range"]["start"]["line"].as_u64().unwrap()).unwrap();
        format!(
            "{}@{}",
            session.piece(&one["range"]),
            session.text.lines().nth(line).unwrap().trim()
        )
    };
    found.iter().map(text).collect()
}

#[test]
fn a_name_leads_to_its_declaration() {
    let mut session = Session::open();
    let cases = [
        ("signature by Се¦вер\n", "Север@party Север \"Северная сторона 🧭\""),
        ("in Пол¦оса", "Полоса@zone Полоса is North Sector and South Sector"),
        ("must not sh¦oot", "shoot@act fire of weapon by Sides, verb shoot, places origin, target"),
        ("shel¦ling of gun", "shelling@act shelling, sniping are fire"),
        (
            "Near at tar¦get\n    from",
            "target@act fire of weapon by Sides, verb shoot, places origin, target",
        ),
        ("begin of Sig¦ned\n    until", "Signed@1.2 state Signed"),
        ("expect 2.3 met for Lot¦ 1", "Lot 1@list Pair of weapon is Lot 1, Lot 2"),
        ("item \"Lot¦ 1\"", "Lot 1@list Pair of weapon is Lot 1, Lot 2"),
        ("breach of 2.¦1 within", "2.1@2.1 each of Sides must not shoot any weapon"),
        ("expect 2.¦3 met", "2.3@2.3 Север must withdraw"),
        (
            "about ё¦1",
            "ё1@ё1: shelling of gun by Север in North Sector at target on 2026-03-02 10:00, \
             grade B1",
        ),
    ];
    for (marked, wanted) in cases {
        assert_eq!(definition(&mut session, marked), [wanted], "{marked}");
    }
}

#[test]
fn a_paragraph_and_its_rules_lead_to_each_other() {
    let mut session = Session::open();
    let beside = definition(&mut session, "\n¦2.1 each of");
    assert_eq!(beside.len(), 1);
    assert!(beside[0].contains("Никто не стреляет 🔫 в полосе."), "{beside:?}");
    assert_eq!(
        definition(&mut session, "Никто не стре¦ляет"),
        ["2.1@2.1 each of Sides must not shoot any weapon"]
    );
    assert_eq!(
        definition(&mut session, "Пары отво¦дятся"),
        ["2.3@2.3 Север must withdraw", "2.4@2.4 South must withdraw tank"]
    );
    assert_eq!(definition(&mut session, "# Па¦кт"), Vec::<String>::new());
    assert_eq!(definition(&mut session, "each of Sides mu¦st"), Vec::<String>::new());
}

#[test]
fn a_file_and_its_features_are_found() {
    let mut session = Session::open();
    let mut at = |marked: &str| session.ask("definition", marked, json!({})).unwrap()[0].clone();
    let file = at("from map.geo¦json feature \"south\"");
    assert_eq!(file["uri"], "file:///pact/map.geojson");
    assert_eq!(file["range"]["start"], json!({ "line": 0, "character": 0 }));
    for (marked, inside) in [
        ("feature \"север¦ 🛰\"", "\"ключ\": \"север 🛰\""),
        ("feature \"sou¦th\"", "\"name\": \"south\""),
        ("feature \"ли¦ния\"", "\"id\": \"линия\""),
    ] {
        let feature = at(marked);
        let text = piece(MAP, &feature["range"]);
        assert!(text.starts_with("{\"type\": \"Feature\"") && text.contains(inside), "{text}");
        assert!(text.ends_with("}}"), "{text}");
    }
    assert_eq!(at("list Stock of weapon from sto¦ck.csv")["uri"], "file:///pact/stock.csv");
}

#[test]
fn uses_are_found_with_and_without_the_declaration() {
    let mut session = Session::open();
    let mut uses = |marked: &str, declared: bool| {
        let more = json!({ "context": { "includeDeclaration": declared } });
        let found = session.ask("references", marked, more).unwrap();
        let found: Vec<Value> = found.as_array().cloned().unwrap_or_default();
        found.iter().map(|one| session.piece(&one["range"])).collect::<Vec<_>>()
    };
    assert_eq!(uses("category gu¦n", true), vec!["gun"; 5]);
    assert_eq!(uses("category gu¦n", false).len(), 3, "one is an addition to `weapon`");
    assert_eq!(uses("breach of 2.¦1 within", true), vec!["2.1"; 4]);
    assert_eq!(uses("breach of 2.¦1 within", false), vec!["2.1"; 3]);
    assert_eq!(uses("Lot¦ 1, Lot 2", true), vec!["Lot 1"; 3]);
    assert_eq!(uses("about ё¦1", true), vec!["ё1"; 2]);
    assert_eq!(uses("map.geo¦json feature \"south\"", true), vec!["map.geojson"; 3]);
    assert_eq!(uses("# Па¦кт", true), Vec::<String>::new());
}

fn rename(session: &mut Session, marked: &str, name: &str) -> Result<String, String> {
    session.ask("prepareRename", marked, json!({}))?;
    let edit = session.ask("rename", marked, json!({ "newName": name }))?;
    Ok(session.edited(&edit["changes"][URI]))
}

#[test]
fn a_name_is_changed_everywhere_but_in_prose() {
    let mut session = Session::open();
    let text = PACT.replace("# Пакт", "# South South Sector Lot 1 Signed").to_owned();
    session.show(&text);
    let prose = text.lines().next().unwrap().to_owned();
    let cases = [
        ("by Се¦вер\n", "Север", "Южная Сторона"),
        ("zone South¦ Sector from", "South Sector", "Юг 🧭"),
        ("zone South¦ Sector from", "South Sector", "Юг 2"),
        ("begin of Sig¦ned\n    until", "Signed", "Вступление в силу"),
        ("Lot¦ 1, Lot 2", "Lot 1", "Пара"),
        ("act fi¦re", "fire", "огонь"),
    ];
    for (marked, old, new) in cases {
        let changed = match rename(&mut session, marked, new) {
            Ok(changed) => changed,
            Err(why) => {
                assert!(new.contains('🧭') && why.contains("has no meaning"), "{new}: {why}");
                continue;
            }
        };
        assert_eq!(changed.lines().next().unwrap(), prose);
        assert_eq!(session.show(&changed), Vec::<Value>::new(), "{changed}");
        // Back again, it is the text that it was.
        let back = marked.replace('¦', "").replacen(old, &format!("{new}¦"), 1);
        assert_eq!(rename(&mut session, &back, old).unwrap(), text, "{new}");
        session.show(&text);
    }
    let changed = rename(&mut session, "about ё¦1", "выстрел").unwrap();
    assert_eq!(changed, text.replace("ё1", "выстрел"));
}

#[test]
fn a_name_that_cannot_be_is_refused_with_the_reason() {
    let mut session = Session::open();
    let cases = [
        ("party So¦uth", "must", "`must` is a keyword"),
        ("party So¦uth", "side of it", "`of` is a keyword"),
        ("party So¦uth", "Север", "declared already, on line 11"),
        ("party So¦uth", "Sides", "declared already"),
        ("party So¦uth", "number", "known already"),
        ("party So¦uth", "", "one or more words"),
        ("party So¦uth", " Юг", "single spaces"),
        ("party So¦uth", "Юг\nЗапад", "single spaces"),
        ("party So¦uth", "7 Юг", "7"),
        ("party So¦uth", "Юг, Запад", "has no place here"),
        ("party So¦uth", "Юг.", "has no meaning"),
        ("party So¦uth", "a b c d e f g h i", "more than"),
        ("party So¦uth", "Юг -- да", "is not a name"),
        ("party So¦uth", "Юг \"Запад\"", "is not a name"),
        ("party So¦uth", "Юг", "`stock.csv`: row 2: `South` is no declared party"),
        ("about ё¦1", "два слова", "a handle is one"),
        ("about ё¦1", "gun", "declared already"),
        ("each of Sides mu¦st", "x", "is a keyword"),
        ("\n¦2.1 each of", "x", "the number of a paragraph"),
        ("map.geo¦json feature \"south\"", "x", "is a file"),
        ("feature \"sou¦th\"", "x", "is called so in `map.geojson`"),
        ("Никто не стре¦ляет", "x", "prose is not renamed"),
        ("2026-12-31 12¦:00", "x", "this is no name"),
    ];
    for (marked, name, why) in cases {
        let refused = rename(&mut session, marked, name).unwrap_err();
        assert!(refused.contains(why), "{marked} {name}: {refused}");
    }
}

#[test]
fn a_name_that_would_swallow_its_neighbour_is_refused() {
    let mut session = Session::open();
    // A verb `pull` before `gun` would be read as the category `pull gun`.
    let text = PACT
        .replace("must withdraw tank", "must withdraw gun")
        .replace("category tank\n", "category tank\ncategory pull gun\n");
    session.show(&text);
    let refused = rename(&mut session, "verb with¦draw", "pull").unwrap_err();
    assert!(refused.contains("would be read otherwise"), "{refused}");
}

#[test]
fn a_client_that_takes_versions_gets_them() {
    let capabilities = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
    let mut session = Session::with(&capabilities, &Value::Null);
    session.show(PACT);
    let edit = session.ask("rename", "party Се¦вер", json!({ "newName": "Юг" })).unwrap();
    assert_eq!(edit["documentChanges"][0]["textDocument"], json!({ "uri": URI, "version": 1 }));
    let changed = session.edited(&edit["documentChanges"][0]["edits"]);
    assert!(
        changed.contains("party Юг \"Северная") && changed.contains("zone North Sector"),
        "{changed}"
    );
}
