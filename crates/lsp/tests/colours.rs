//! The grammar that colours the blocks in an editor, written from the keywords of the language.
//!
//! Invariant: a keyword is in the grammar exactly where it is in the language.
#![allow(clippy::unwrap_used, clippy::panic)]

use casus_syntax::KEYWORDS;
use serde_json::{Value, json};
use std::path::Path;

/// Before a word, and after one: no letter, digit or sign that would make it part of another.
const BEFORE: &str = r"(?<![\p{L}\p{N}_'’./&+°-])";
const AFTER: &str = r"(?![\p{L}\p{N}°]|[-./'’_&+:](?=[\p{L}\p{N}]))";

/// What a rule demands, apart from the other keywords.
const MODAL: [&str; 4] = ["must not", "must", "should", "may"];

fn words(all: &[&str]) -> String {
    let mut all: Vec<&str> = all.to_vec();
    // The longest first, since the first that fits is taken.
    all.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let all: Vec<String> = all.iter().map(|word| word.replace(' ', "[ \\t]+")).collect();
    format!("{BEFORE}(?:{}){AFTER}", all.join("|"))
}

fn grammar() -> Value {
    let others: Vec<&str> = KEYWORDS.iter().copied().filter(|word| !MODAL.contains(word)).collect();
    let one = |name: &str, pattern: &str| json!({ "name": name, "match": pattern });
    json!({
        "comment": "Written by `cargo xtask bless` from the keywords of the language.",
        "scopeName": "source.casus",
        "patterns": [
            one("comment.line.double-dash.casus", "--.*$"),
            one("string.quoted.double.casus", "\"[^\"]*\""),
            one("invalid.illegal.casus", "\".*$"),
            one(
                "entity.name.section.casus",
                r"^(?:[0-9]+(?:\.[0-9]+)*|[A-Z](?:\.[0-9]+)+)[a-z]?(?=\s)",
            ),
            one("constant.numeric.date.casus", &format!(r"{BEFORE}\d{{4}}-\d{{2}}-\d{{2}}{AFTER}")),
            one("constant.numeric.time.casus", &format!(r"{BEFORE}\d{{1,2}}(?::\d{{2}}){{1,2}}{AFTER}")),
            one("constant.numeric.place.casus", &format!(r"{BEFORE}\d+(?:\.\d+)?[NSEW]{AFTER}")),
            one("constant.numeric.casus", &format!(r"{BEFORE}\d+(?:\.\d+)*[a-z]?{AFTER}")),
            one("constant.language.grade.casus", &format!("{BEFORE}[A-F][1-6]{AFTER}")),
            one("keyword.control.modal.casus", &words(&MODAL)),
            one("keyword.other.casus", &words(&others)),
            one("punctuation.separator.casus", "[,:]"),
        ],
    })
}

#[test]
fn the_grammar_of_the_editor_has_the_keywords_of_the_language() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../editors/vscode/syntaxes/casus.tmLanguage.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&grammar()).unwrap());
    if std::env::var_os("CASUS_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "run `cargo xtask bless` to write {}", path.display());
    for word in MODAL {
        assert!(KEYWORDS.contains(&word), "`{word}` is no keyword any more");
    }
}
