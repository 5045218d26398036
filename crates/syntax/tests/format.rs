//! The canonical layout: what it makes of a block, and what it never does.
//!
//! Invariant: laying out twice is laying out once, and the sentences stay the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use casus_syntax::token::TokenKind;
use casus_syntax::{format, parse};
use proptest::prelude::*;

#[test]
fn a_block_is_laid_out() {
    let text = "Prose  stays.\n\n```casus\n\nparty   UA \"Ukraine\"   -- one\nparty RU--two\n\n\n\
                act fire  ,verb shoot\n3.1 UA must  not shoot   \n  -- why\n  from 2026-01-01\n\
                \tproof act at least 80%    -- three\n\n```\n";
    let expected = "Prose  stays.\n\n```casus\nparty UA \"Ukraine\"  -- one\nparty RU            \
                    -- two\n\nact fire, verb shoot\n3.1 UA must not shoot\n    -- why\n    from \
                    2026-01-01\n    proof act at least 80%  -- three\n```\n";
    // A comment keeps its own words, its blanks included.
    let expected = expected.replace("-- two", "--two");
    assert_eq!(format(text), expected);
}

#[test]
fn a_block_with_errors_stays_as_it_is() {
    let text = "```casus\nparty   UA  of\n```\n\n```casus\nparty   RU\n```\n";
    assert_eq!(format(text), "```casus\nparty   UA  of\n```\n\n```casus\nparty RU\n```\n");
}

#[test]
fn other_ends_of_lines_stay() {
    let text = include_str!("sample.md").replace('\n', "\r\n");
    let document = parse(&text);
    assert_eq!(document.diagnostics.len(), 0);
    assert_eq!(document.items.len(), parse(include_str!("sample.md")).items.len());
    let laid_out = format(&text);
    assert_eq!(laid_out, format(include_str!("sample.md")).replace('\n', "\r\n"));
    assert_eq!(format(&laid_out), laid_out);
}

#[test]
fn a_file_outside_its_blocks_is_untouched() {
    let text =
        "\u{feff}# A  \n\n* x   \n\n```rust\nlet   x;\n```\n> ```casus\n> party   UA\n> ```\n";
    assert_eq!(format(text), text);
}

fn comments(text: &str) -> Vec<String> {
    let document = parse(text);
    let comments = document.tokens.iter().filter(|token| token.kind == TokenKind::Comment);
    let mut comments: Vec<String> =
        comments.map(|token| token.span.of(text).trim_end().to_owned()).collect();
    comments.sort();
    comments
}

fn sentences(text: &str) -> Vec<String> {
    let document = parse(text);
    let words = casus_syntax::sentence::sentences(&document);
    words
        .iter()
        .map(|s| s.words.iter().map(|w| format!("{:?} {}\n", w.class, w.text)).collect())
        .collect()
}

/// Disturbs the blanks and comments of a text without changing its sentences.
fn disturbed(text: &str, changes: &[(u8, prop::sample::Index)]) -> String {
    let document = parse(text);
    let mut after = vec![String::new(); document.tokens.len()];
    for (how, at) in changes {
        let at = at.index(document.tokens.len());
        let next = document.tokens.get(at + 1).map(|token| token.kind);
        match (document.tokens[at].kind, how) {
            (TokenKind::Blank, 0) => after[at].push_str("  "),
            (TokenKind::Blank, 1) => after[at].push('\t'),
            (TokenKind::LineEnd, 2) => after[at].push('\n'),
            (TokenKind::LineEnd, 3) => after[at].push_str("-- at the edge\n"),
            (TokenKind::LineEnd, 4) => after[at].push_str("   --  indented  \n"),
            (TokenKind::Word, 5) if next == Some(TokenKind::LineEnd) => {
                after[at].push_str("-- trailing");
            }
            _ => {}
        }
    }
    let parts = document.tokens.iter().zip(after);
    parts.map(|(token, more)| format!("{}{more}", token.span.of(text))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, cases: 40, ..ProptestConfig::default()
    })]

    #[test]
    fn layout_keeps_sentences_and_comments(
        changes in prop::collection::vec((0_u8..6, any::<prop::sample::Index>()), 0..200),
    ) {
        let text = disturbed(include_str!("sample.md"), &changes);
        let once = format(&text);
        prop_assert_eq!(&format(&once), &once);
        prop_assert_eq!(comments(&once), comments(&text));
        prop_assert_eq!(sentences(&once), sentences(&text));
        prop_assert_eq!(parse(&once).diagnostics, Vec::new());
    }

    #[test]
    fn layout_of_anything_is_stable(text in "(```casus\n)?[ -~\n\t`>é\u{200b}-]{0,200}(\n```\n)?") {
        let once = format(&text);
        prop_assert_eq!(&format(&once), &once);
    }
}
