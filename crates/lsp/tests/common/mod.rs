//! A session with the server in memory, and the agreement that the tests ask about.
//!
//! Invariant: positions are counted here by themselves, not by what is tested.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use casus_lsp::{Door, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The agreement's URI.
pub const URI: &str = "file:///pact/pact.md";

/// An agreement with letters of one, two and four bytes before everything that is asked about.
pub const PACT: &str = r#"# Пакт 🕊 мира

## Article 1. Terms

1. Слова этого договора 🕊 значат то, что здесь сказано.

```casus
agreement Пакт version 1
    calendar Europe/Kyiv, rest days Saturday, Sunday
    in force from 2026-03-01
party Север "Северная сторона 🧭"
party South
group Sides is Север, South
office Council of Север, South, quorum 1
South answers for Ополчение, strictly
category gun
category tank
category weapon is gun, tank
act signature by Sides
act fire of weapon by Sides, verb shoot, places origin, target
act shelling, sniping are fire
act watch by Council, watches fire
act withdrawal of weapon by Sides, verb withdraw
line Граница from map.geojson feature "линия"
zone North Sector from map.geojson feature "север 🛰"
zone South Sector from map.geojson feature "south"
zone Полоса is North Sector and South Sector
zone Near within 10 km of Граница
zones sector are North Sector, South Sector
list Stock of weapon from stock.csv
list Pair of weapon is Lot 1, Lot 2
table Depth of category
    tank 10 km
    gun 25 km
parameter Срок is 3 days, agreed
measure killed
defence self-defence
```

2. Договор подписан 🖊, когда его подписали обе стороны.

```casus
1.2 state Signed
    when signature by Север
    and signature by South
```

## Article 2. Fire

1. Никто не стреляет 🔫 в полосе.

```casus
2.1 each of Sides must not shoot any weapon
    in Полоса, Near at target
    from begin of Signed
    until 2026-12-31 12:00
    unless self-defence, claimed, shown by the party
```

```casus-test
at 2026-03-05 00:00
    signature by Север, South on 2026-03-01 12:00
    ё1: shelling of gun by Север in North Sector at target on 2026-03-02 10:00, grade B1
    claim of self-defence by Север about ё1 on 2026-03-02 11:00
expect 2.1 breached by Север, once
```

2. Кто нарушил, отвечает.

```casus
2.2 finding Grave of party
    when at least 2 breach of 2.1 within Срок
```

3. Пары отводятся.

```casus
2.3 Север must withdraw
    for each weapon of Pair
    due within Срок of begin of Signed
```

```casus
2.4 South must withdraw tank
    on each breach of 2.1
    due by 2026-04-05
```

```casus-test
at 2026-03-05 00:00
    signature by Север, South on 2026-03-01 12:00
    withdrawal of gun by Север on 2026-03-02 10:00, item "Lot 1"
expect 2.3 met for Lot 1
```
"#;

/// The annex with the shapes.
pub const MAP: &str = r#"{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "линия 🛤"}, "id": "линия",
  "geometry": {"type": "LineString", "coordinates": [[30, 50], [31, 50]]}},
 {"type": "Feature", "properties": {"ключ": "север 🛰"},
  "geometry": {"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}},
 {"type": "Feature", "properties": {"name": "south"},
  "geometry": {"type": "Polygon", "coordinates": [[[30, 49], [31, 49], [31, 50], [30, 50], [30, 49]]]}}
]}"#;

/// The annex with the things.
pub const STOCK: &str = "item,category,party\nG-1,gun,South\nG-2,gun,South\nT-1,tank,South\n";

/// Files by name.
pub struct Folder(pub BTreeMap<&'static str, String>);

impl Door for Folder {
    fn read(&self, agreement: &str, name: &str) -> Result<Vec<u8>, String> {
        assert!(agreement.starts_with("file:///"), "{agreement}");
        let found = self.0.get(name).ok_or_else(|| "it is not there".to_owned())?;
        Ok(found.clone().into_bytes())
    }
    fn names(&self, _: &str) -> Vec<String> {
        self.0.keys().map(|name| (*name).to_owned()).collect()
    }
}

/// A running session.
pub struct Session {
    pub server: Server,
    pub folder: Folder,
    /// The text of the document at `URI`.
    pub text: String,
    version: i32,
    id: i32,
}

impl Session {
    /// After `initialize`, with these capabilities of the client.
    pub fn with(capabilities: &Value, options: &Value) -> Session {
        let files = [("map.geojson", MAP.to_owned()), ("stock.csv", STOCK.to_owned())];
        let folder = Folder(files.into_iter().chain([("notes.txt", "x".to_owned())]).collect());
        let server = Server::default();
        let mut session = Session { server, folder, text: String::new(), version: 0, id: 0 };
        let given = json!({
            "processId": null, "rootUri": null, "capabilities": capabilities,
            "initializationOptions": options,
        });
        let done = session.ask_plain("initialize", given).unwrap();
        assert_eq!(done["serverInfo"]["name"], "casus");
        session.tell("initialized", json!({}));
        session
    }

    /// A session in which the agreement is open.
    pub fn open() -> Session {
        let mut session = Session::with(&json!({}), &Value::Null);
        let wrong = session.show(PACT);
        assert_eq!(wrong, Vec::<Value>::new());
        session
    }

    /// Opens the document, or gives it another text; what is wrong with it.
    pub fn show(&mut self, text: &str) -> Vec<Value> {
        let first = self.version == 0;
        self.version += 1;
        text.clone_into(&mut self.text);
        let version = self.version;
        if first {
            let document = json!({
                "uri": URI, "languageId": "markdown", "version": version, "text": text
            });
            self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        } else {
            self.change(json!([{ "text": text }]));
        }
        self.wrong()
    }

    /// Sends changes as they are.
    pub fn change(&mut self, changes: Value) {
        let document = json!({ "uri": URI, "version": self.version });
        let given = json!({ "textDocument": document, "contentChanges": changes });
        self.tell("textDocument/didChange", given);
    }

    /// What the server tells of the document when nothing is waiting.
    pub fn wrong(&mut self) -> Vec<Value> {
        let mut told = self.server.settle(&self.folder);
        assert_eq!(told.len(), 1, "{told:?}");
        let told = told.remove(0);
        assert_eq!(told["method"], "textDocument/publishDiagnostics");
        assert_eq!(told["params"]["uri"], URI);
        told["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// A notification; what it leads to at once.
    pub fn tell(&mut self, method: &str, given: Value) -> Vec<Value> {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": given });
        self.server.take(message, &self.folder)
    }

    /// A request; its result, or the message of its error.
    pub fn ask_plain(&mut self, method: &str, given: Value) -> Result<Value, String> {
        self.id += 1;
        let id = self.id;
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": given });
        let mut answers = self.server.take(message, &self.folder);
        assert_eq!(answers.len(), 1, "{answers:?}");
        let answer = answers.remove(0);
        assert_eq!(answer["id"], id);
        match answer.get("error") {
            Some(error) => Err(error["message"].as_str().unwrap().to_owned()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// A request about the place that `¦` marks in a piece of the text.
    pub fn ask(&mut self, method: &str, marked: &str, more: Value) -> Result<Value, String> {
        let mut given = json!({
            "textDocument": { "uri": URI }, "position": self.at(marked)
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            given[key] = value.clone();
        }
        self.ask_plain(&format!("textDocument/{method}"), given)
    }

    /// The position that `¦` marks in a piece of the text, in units of UTF-16.
    pub fn at(&self, marked: &str) -> Value {
        let (before, after) = marked.split_once('¦').unwrap_or((marked, ""));
        let piece = format!("{before}{after}");
        let start =
            self.text.find(&piece).unwrap_or_else(|| panic!("`{piece}` is not in the text"));
        position(&self.text, start + before.len())
    }

    /// The text of a range of the document.
    pub fn piece(&self, range: &Value) -> String {
        piece(&self.text, range)
    }

    /// The document with these edits.
    pub fn edited(&self, edits: &Value) -> String {
        let mut text = self.text.clone();
        let mut edits = edits.as_array().unwrap().clone();
        edits.sort_by_key(|edit| std::cmp::Reverse(offset(&self.text, &edit["range"]["start"])));
        for edit in edits {
            let from = offset(&self.text, &edit["range"]["start"]);
            let to = offset(&self.text, &edit["range"]["end"]);
            text.replace_range(from..to, edit["newText"].as_str().unwrap());
        }
        text
    }
}

/// A byte as line and units of UTF-16.
pub fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let last = before.rsplit('\n').next().unwrap();
    json!({ "line": line, "character": last.encode_utf16().count() })
}

/// And back.
pub fn offset(text: &str, position: &Value) -> usize {
    let (line, character) =
        (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
    let line = usize::try_from(line).unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = 0;
    let rest = text[start..].char_indices();
    let found = rest.clone().find(|(_, c)| {
        let here = units >= character;
        units += c.len_utf16() as u64;
        here
    });
    start + found.map_or(text.len() - start, |(at, _)| at)
}

/// What stands in a range.
pub fn piece(text: &str, range: &Value) -> String {
    text[offset(text, &range["start"])..offset(text, &range["end"])].to_owned()
}
