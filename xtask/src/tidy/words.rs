//! Words that stand nowhere: notes of unfinished work, places of one machine, abbreviations.
//!
//! Invariant: the lists are short, and what is allowed stands beside what is not.

use super::{
    Problem,
    files::Files,
    scan::{Kind, Token, tokens},
};

/// Notes of unfinished work. They are put together here so that this file passes.
const NOTES: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

/// Places that exist on one machine only, and hosts that only a tool should name.
const PLACES: [&str; 7] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "target"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("pypi", ".org"),
];

/// Abbreviations, and names that say nothing. `id` is the only short form that is used.
const SHORT: [&str; 14] = [
    "cfg", "ctx", "mgr", "tmp", "info", "util", "utils", "helper", "helpers", "misc", "impls",
    "msg", "param", "params",
];

/// The word behind one of these is a name that we gave.
const DECLARES: [&str; 10] =
    ["fn", "struct", "enum", "trait", "mod", "type", "const", "static", "let", "mut"];

/// Where the crates of the lock file come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Everything about words.
pub fn check(files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in files.texts() {
        if path.ends_with("Cargo.lock") {
            problems.extend(foreign_crates(path, text));
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            problems.extend(line_problems(path, at + 1, line));
        }
        if path.ends_with(".rs") {
            problems.extend(names(path, text));
        }
    }
    problems
}

fn line_problems(path: &str, number: usize, line: &str) -> Vec<Problem> {
    let notes = NOTES.iter().filter(|note| has_word(line, note)).map(|note| {
        let what = format!("`{note}` on the main line");
        let remedy = "do it, or say plainly what the code does not do";
        Problem::new(path, number, what, remedy)
    });
    let places = PLACES.iter().filter(|place| line.contains(*place)).map(|place| {
        let what = format!("`{place}` exists on one machine only");
        Problem::new(path, number, what, "name it relative to the workspace, or leave it out")
    });
    notes.chain(places).collect()
}

fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// Names that are declared here, ignored tests, and what is left undone.
fn names(path: &str, text: &str) -> Vec<Problem> {
    let all: Vec<Token<'_>> =
        tokens(text).into_iter().filter(|token| token.kind != Kind::Comment).collect();
    let mut problems = Vec::new();
    let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs"));
    if let Some(short) = stem.and_then(short_part) {
        problems.push(Problem::new(path, 1, format!("`{short}` in the file's name"), SPELL_OUT));
    }
    for (at, token) in all.iter().enumerate() {
        let next = |step: usize| all.get(at + step).map_or("", |token| token.text);
        let before = |step: usize| at.checked_sub(step).and_then(|at| all.get(at));
        if matches!(token.text, "unimplemented" | "todo") && next(1) == "!" {
            let what = format!("`{}!` on the main line", token.text);
            problems.push(Problem::new(path, token.line, what, "write it, or take it out"));
        }
        if token.text == "ignore" && before(1).is_some_and(|t| t.text == "[") {
            let remedy = "make it pass on every machine, or delete it";
            problems.push(Problem::new(path, token.line, "an ignored test", remedy));
        }
        let declared = before(1).is_some_and(|t| DECLARES.contains(&t.text) || t.text == "pub");
        if let Some(short) = short_part(token.text).filter(|_| declared) {
            let what = format!("`{short}` in the name `{}`", token.text);
            problems.push(Problem::new(path, token.line, what, SPELL_OUT));
        }
    }
    problems
}

const SPELL_OUT: &str = "call it by the word of `docs/glossary.md`, spelled out";

/// The part of a name, in either case, that is on the list.
fn short_part(name: &str) -> Option<&'static str> {
    let mut spread = String::new();
    for sign in name.chars() {
        if sign.is_uppercase() {
            spread.push('_');
        }
        spread.extend(sign.to_lowercase());
    }
    let plain = name.to_lowercase();
    SHORT.into_iter().find(|short| {
        spread.split('_').any(|part| part == *short) || plain.split('_').any(|part| part == *short)
    })
}

/// Crates that come from elsewhere than the public registry.
fn foreign_crates(path: &str, text: &str) -> Vec<Problem> {
    let sources = text.lines().enumerate().filter_map(|(at, line)| {
        let source = line.strip_prefix("source = \"")?.trim_end_matches('"');
        (source != REGISTRY).then(|| {
            let what = format!("a crate from `{source}`");
            Problem::new(path, at + 1, what, "take it from the public registry")
        })
    });
    sources.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, text: &str) -> Vec<String> {
        check(&Files::of(&[(path, text)]))
            .iter()
            .map(|p| format!("{}: {}", p.line, p.what))
            .collect()
    }

    #[test]
    fn notes_and_machine_places_are_found_everywhere() {
        for note in NOTES {
            assert_eq!(said("a.md", &format!("x\n({note}: y)")).len(), 1, "{note}");
            assert_eq!(said("a.md", &format!("{note}S and _{note}")).len(), 0, "{note}");
        }
        for place in PLACES {
            assert_eq!(said("a.toml", &format!("x = \"{place}x\"")).len(), 1, "{place}");
        }
    }

    #[test]
    fn abbreviations_are_found_where_a_name_is_given() {
        let bad = "fn ctx() {} struct CheckCtx { pub tmp: u8 } mod util; let mut msg = 1;";
        assert_eq!(said("a.rs", bad).len(), 5);
        let good = "#[cfg(test)] mod tests; fn information(id: u8) { log.info(params, \"ctx\") }";
        assert_eq!(said("a.rs", good), Vec::<String>::new());
        assert_eq!(said("src/helper.rs", "").len(), 1);
    }

    #[test]
    fn undone_work_and_ignored_tests_are_found() {
        let ignored = concat!("#[igno", "re] fn a() {}");
        assert_eq!(said("a.rs", ignored).len(), 1);
        assert_eq!(said("a.rs", "unimplemented!()").len(), 1);
        assert_eq!(said("a.rs", "// unimplemented!() is banned\nlet ignore = [1];").len(), 0);
    }

    #[test]
    fn crates_from_elsewhere_are_found() {
        let lock = format!("source = \"{REGISTRY}\"\nsource = \"git+https://x.example/y\"\n");
        assert_eq!(said("Cargo.lock", &lock), ["2: a crate from `git+https://x.example/y`"]);
    }
}
