//! Reads `docs/language/grammar.ebnf` and holds the hand-written parser to it.
//!
//! Invariant: every sentence of every document has exactly one derivation, and a changed sentence
//! is accepted by both or by neither.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod earley;

use casus_syntax::ast::{BlockKind, Kind, Kinds};
use casus_syntax::lexeme::{ACT, ACTOR, Class, Lexeme, Terminal};
use casus_syntax::sentence::{Sentence, accepts, sentences};
use casus_syntax::vocabulary::Vocabulary;
use earley::{Grammar, Symbol};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn grammar() -> Grammar {
    let text = std::fs::read_to_string(root().join("docs/language/grammar.ebnf")).unwrap();
    Grammar::read(&text)
}

fn documents() -> Vec<(PathBuf, String)> {
    let mut paths = vec![root().join("crates/syntax/tests/sample.md")];
    let mut folders = vec![root().join("examples"), root().join("docs/language")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let read = |path: PathBuf| std::fs::read_to_string(&path).ok().map(|text| (path, text));
    paths.into_iter().filter_map(read).collect()
}

fn kinds(terminal: &str) -> Option<Kinds> {
    Some(match terminal {
        "ACTOR" => ACTOR,
        "ACT" => ACT,
        "CATEGORY" => Kinds::of(&[Kind::Category]),
        "MEASURE" => Kinds::of(&[Kind::Measure]),
        "ZONE" => Kinds::of(&[Kind::Zone]),
        "FAMILY" => Kinds::of(&[Kind::Family]),
        "LINE" => Kinds::of(&[Kind::Line]),
        "LIST" => Kinds::of(&[Kind::List]),
        "TABLE" => Kinds::of(&[Kind::Table]),
        "PARAMETER" => Kinds::of(&[Kind::Parameter]),
        "STATE" => Kinds::of(&[Kind::State]),
        "FINDING" => Kinds::of(&[Kind::Finding]),
        "DEFENCE" => Kinds::of(&[Kind::Defence]),
        "ROLE" => Kinds::of(&[Kind::Role]),
        "SIDE" => Kinds::of(&[Kind::Side]),
        _ => return None,
    })
}

fn plain(terminal: &str) -> Option<Terminal> {
    Some(match terminal {
        "NL" => Terminal::NewLine,
        "LABEL" => Terminal::Label,
        "NUMBER" => Terminal::Number,
        "DATE" => Terminal::Date,
        "TIME" => Terminal::Time,
        "TEXT" => Terminal::Text,
        "FILE" => Terminal::File,
        "UNIT" => Terminal::Unit,
        "ZONENAME" => Terminal::ZoneName,
        "DAY" => Terminal::Day,
        "GRADE" => Terminal::Grade,
        "POINT" => Terminal::Point,
        "ID" => Terminal::Id,
        _ => return None,
    })
}

/// One input symbol: a word, or the left edge before one.
enum Input<'a> {
    Edge,
    Word(&'a Lexeme),
}

/// Whether a terminal of the grammar matches an input symbol.
fn fits(symbol: &Symbol, input: &Input<'_>, vocabulary: &Vocabulary) -> bool {
    let units = |unit: &str| vocabulary.is_unit(unit);
    match (symbol, input) {
        (Symbol::Terminal(name), Input::Edge) => name == "EDGE",
        (_, Input::Edge) => false,
        (Symbol::Keyword(word), Input::Word(lexeme)) => lexeme.is_word(word),
        (Symbol::Terminal(name), Input::Word(lexeme)) => match name.as_str() {
            "EDGE" => false,
            "OPENS" => lexeme.opens_name(),
            "CONTINUES" => lexeme.continues_name(),
            _ => {
                let terminal = kinds(name).map(Terminal::Named).or_else(|| plain(name));
                let terminal = terminal.unwrap_or_else(|| panic!("no terminal {name}"));
                lexeme.is(terminal, &units)
            }
        },
        (Symbol::Rule(_), _) => false,
    }
}

fn derivations(grammar: &Grammar, sentence: &Sentence, vocabulary: &Vocabulary) -> u64 {
    let mut inputs = Vec::new();
    for (at, word) in sentence.words.iter().enumerate() {
        if word.edge != (at == 0) {
            inputs.push(Input::Edge);
        }
        inputs.push(Input::Word(word));
    }
    let start = match sentence.kind {
        BlockKind::Rules => "item",
        BlockKind::Tests => "scenario",
    };
    let count = inputs.len();
    grammar.derivations(start, count, &|symbol, at| fits(symbol, &inputs[at], vocabulary))
}

fn said(sentence: &Sentence) -> String {
    let texts: Vec<&str> = sentence.words.iter().map(|word| word.text.as_str()).collect();
    texts.join(" ")
}

#[test]
fn every_sentence_has_exactly_one_derivation() {
    let grammar = grammar();
    let mut seen = BTreeSet::new();
    for (path, text) in documents() {
        let document = casus_syntax::parse(&text);
        // A page of diagnostics shows many agreements, wrong ones among them, in one file.
        if !document.is_sound() {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            assert!(name.is_some_and(|name| name.starts_with("diagnostics")), "{}", path.display());
            continue;
        }
        for sentence in sentences(&document) {
            let count = derivations(&grammar, &sentence, &document.vocabulary);
            let read = accepts(sentence.kind, &sentence.words, &document.vocabulary);
            let said = said(&sentence);
            assert_eq!(count > 0, read, "{}: grammar and parser: {said}", path.display());
            assert_eq!(count, 1, "{}: derivations of {said}", path.display());
            if path.ends_with("sample.md") {
                seen.extend(sentence.words.iter().map(|word| word.text.clone()));
            }
        }
    }
    // The sample holds every word of every keyword.
    let missing: Vec<&str> = casus_syntax::KEYWORDS
        .iter()
        .flat_map(|keyword| keyword.split(' '))
        .filter(|word| !seen.contains(*word))
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "words that the sample does not hold");
}

#[test]
fn the_keywords_are_those_of_the_grammar() {
    let literals = grammar().literals;
    let signs = [",", ":", "%"];
    let words: Vec<&str> =
        literals.iter().map(String::as_str).filter(|word| !signs.contains(word)).collect();
    assert_eq!(casus_syntax::KEYWORDS, words);
}

fn sample() -> (Vec<Sentence>, Vocabulary) {
    let document = casus_syntax::parse(include_str!("sample.md"));
    assert_eq!(document.diagnostics, Vec::new());
    (sentences(&document), document.vocabulary)
}

/// Keeps the left edge where it belongs: at the first word, and at each `expect` that had it.
fn edges(words: &mut [Lexeme]) {
    for (at, word) in words.iter_mut().enumerate() {
        word.edge = at == 0 || (word.edge && word.is_word("expect"));
    }
}

fn change(words: &mut Vec<Lexeme>, other: &Lexeme, how: u8, at: usize, to: usize) {
    let (at, to) = (at % words.len(), to % words.len());
    match how {
        0 => drop(words.remove(at)),
        1 => words.swap(at, to),
        2 => words.insert(to, words[at].clone()),
        3 => words[at] = other.clone(),
        _ => words.truncate(at + 1),
    }
    let joined =
        |pair: &[Lexeme]| pair[0].class == Class::NewLine && pair[1].class == Class::NewLine;
    while let Some(at) = words.windows(2).position(joined) {
        words.remove(at);
    }
    edges(words);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, cases: 4_000, ..ProptestConfig::default()
    })]

    #[test]
    fn a_changed_sentence_is_read_by_both_or_by_neither(
        which in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        changes in prop::collection::vec((0_u8..5, any::<usize>(), any::<usize>()), 1..3),
    ) {
        thread_local!(static SAMPLE: (Grammar, Vec<Sentence>, Vocabulary) = {
            let (sentences, vocabulary) = sample();
            (grammar(), sentences, vocabulary)
        });
        SAMPLE.with(|(grammar, sentences, vocabulary)| {
            let mut sentence = which.get(sentences).clone();
            for (how, at, to) in changes {
                if !sentence.words.is_empty() {
                    let other = from.get(&other.get(sentences).words).clone();
                    change(&mut sentence.words, &other, how, at, to);
                }
            }
            if sentence.words.is_empty() {
                return Ok(());
            }
            let count = derivations(grammar, &sentence, vocabulary);
            let read = accepts(sentence.kind, &sentence.words, vocabulary);
            prop_assert_eq!(count > 0, read, "{}", said(&sentence));
            prop_assert!(count <= 1, "{} derivations of {}", count, said(&sentence));
            Ok(())
        })?;
    }
}
