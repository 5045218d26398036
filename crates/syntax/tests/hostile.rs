//! Files that nobody should send: whatever they hold, a document comes back, quickly and whole.
//!
//! Invariant: the tokens of a document put together are its source.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use casus_syntax::ast::{Document, ItemKind};
use casus_syntax::{Limits, decode, parse, parse_with};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn assert_whole(document: &Document) {
    let mut at = 0;
    for token in &document.tokens {
        assert_eq!(token.span.start, at);
        assert!(token.span.end > at);
        assert!(document.source.is_char_boundary(token.span.end));
        at = token.span.end;
    }
    assert_eq!(at, document.source.len());
    assert!(document.reassembled() == document.source);
    for found in &document.diagnostics {
        assert!(document.source.get(found.span.start..found.span.end).is_some(), "{found:?}");
    }
}

fn codes(document: &Document) -> Vec<&'static str> {
    document.diagnostics.iter().map(|found| found.code).collect()
}

/// Reads the file and fails where that takes far longer than its size can explain.
fn read_quickly(text: &str) -> Document {
    let start = Instant::now();
    let document = parse(text);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_whole(&document);
    document
}

#[test]
fn a_file_that_is_too_large_is_refused_at_once() {
    let document = read_quickly(&"party UA\n".repeat(12_000_000));
    assert_eq!(codes(&document), ["S005"]);
}

#[test]
fn deep_nesting_is_refused_at_once() {
    for mark in ["> ", ">", "- ", "1. ", "* > "] {
        let document =
            read_quickly(&format!("{}x\n{}", mark.repeat(100_000), "\n".repeat(100_000)));
        assert_eq!(codes(&document), ["S006"], "{mark}");
    }
    let stairs: String = (0..2_000).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    assert_eq!(codes(&read_quickly(&format!("{stairs}{}", "\n".repeat(1_000_000)))), ["S006"]);
}

#[test]
fn repeated_pieces_take_time_in_proportion() {
    let pieces = [
        "```casus\n",
        "```casus\n```\n",
        "[",
        "![](",
        "`",
        "*a_",
        "<!--",
        "&",
        "\\",
        "|a|\n|-|\n",
        "[a]: b\n",
        "# a\n",
        "a\n\n```casus\nx y z\n```\n```casus\nx\n```\n",
        "\u{202e}",
        "\0",
        "1. a\n",
        "- a\n",
        "\r",
        "\t",
        "<a ",
        "~~~",
        "a\n===\n",
        "  ",
        "\"",
    ];
    for piece in pieces {
        read_quickly(&piece.repeat(400_000 / piece.len()));
    }
}

#[test]
fn repeated_pieces_of_a_block_take_time_in_proportion() {
    let pieces = [
        "party Name One\n",
        "party Name One, ",
        "act a, b\n",
        "x\n",
        "x ",
        ",\n",
        "    x\n",
        "-",
        "\"",
        ".",
        "\u{200b}",
        "3.1 x must y\n",
        "3.1 response to x\n    step a: b\n",
        "    step ",
        "category x is y, z with",
        "earlier of ",
        "a b c d e f g h\n",
        "party Depot 4\n",
        ":",
        "1:",
    ];
    for piece in pieces {
        let body = piece.repeat(400_000 / piece.len());
        read_quickly(&format!("```casus\n{body}\n```\n"));
        read_quickly(&format!("```casus-test\n{body}\n```\n"));
    }
    let names: String = (0..15_000).map(|n| format!("party Depot {n}\n")).collect();
    let uses: String = (0..4_000).map(|n| format!("group G{n} is Depit {n}, Depot 1\n")).collect();
    read_quickly(&format!("```casus\n{names}{uses}```\n"));
}

#[test]
fn a_block_of_a_large_section_does_not_copy_its_prose() {
    let text = "Some prose.\n\n```casus\nx\n```\n```casus\ny\n```\n\n".repeat(9_000);
    read_quickly(&text);
    let prose = "word ".repeat(100_000);
    let items = "x\n".repeat(15_000);
    read_quickly(&format!("# A\n\n{prose}\n\n```casus\n{items}```\n"));
}

#[test]
fn limits_are_told() {
    let limits = Limits { block_bytes: 20, items: 2, diagnostics: 3, ..Limits::default() };
    let read = |text: &str| parse_with(text, &limits);
    assert_eq!(codes(&read("```casus\nparty One Two Three Four Five\n```\n")), ["S005"]);
    assert_eq!(codes(&read("```casus\nparty A\nparty B\nparty C\n```\n")), ["S005"]);
    assert_eq!(codes(&read("```casus\n? ? ? ? ? ? ?\n```\n")).len(), 4);
    let limits = Limits { line_bytes: 10, ..Limits::default() };
    let long = parse_with("```casus\nparty One Two Three\nparty A\n```\n", &limits);
    assert_eq!(codes(&long), ["S005"]);
    assert!(long.blocks[0].damaged);
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let found = decode(b"ab\ncd\xff").unwrap_err();
    assert_eq!((found.code, found.line, found.column), ("S000", 2, 3));
    assert_eq!(found.message, "the file is not UTF-8: byte 0xff at offset 5");
}

#[test]
fn hidden_characters_are_named() {
    let document = parse("```casus\nparty U\u{202e}A\n```\n");
    assert_eq!(document.diagnostics[0].message, "the character U+202E is not seen by a reader");
}

#[test]
fn one_bad_line_costs_that_line_only() {
    let text = "```casus\nparties UA, RU\nact fire\n3.1 UA must not fire\n    from nowhere\n    \
                until 2026-01-01\nparty\n3.2 RU must not fire\n```\n";
    let document = parse(text);
    assert_eq!(codes(&document), ["S020", "S021"]);
    let [.., ItemKind::Norm(norm), ItemKind::Broken, ItemKind::Norm(_)] =
        &document.items.iter().map(|item| item.kind.clone()).collect::<Vec<_>>()[..]
    else {
        panic!("{:?}", document.items)
    };
    assert_eq!(norm.clauses.len(), 1);
    assert_eq!(document.items[2].sentence, "3.1 UA must not fire from nowhere until 2026-01-01");
}

#[test]
fn a_rule_knows_the_prose_beside_it() {
    let document = parse(include_str!("sample.md"));
    let beside = |label: &str| {
        let starts = |item: &&casus_syntax::ast::Item| item.sentence.starts_with(label);
        document.items.iter().find(starts).unwrap().beside.clone()
    };
    assert_eq!(&*beside("3.2 ").prose, "Nobody flies over the corridor.");
    assert_eq!(&*beside("3.2 ").heading_text, "Article 3. Ceasefire");
    assert_eq!(
        beside("3.2 ").span.unwrap().of(&document.source),
        "Nobody flies over the corridor."
    );
    assert_eq!(&*beside("9.1 ").prose, "Each finding is answered.");
    assert_eq!(document.headings[2].label.as_deref(), Some("3"));
    assert_eq!(document.scenarios[0].label.as_ref().unwrap().text, "3.4");
}

#[test]
fn blocks_inside_lists_and_quotes_are_read() {
    let quoted = "> ```casus\n> party UA\n> ```\n\n";
    let listed = "1. x\n\n   ```casus\n   party RU\n\n   act fire\n   ```\r\n";
    let text = &format!("{quoted}{listed}");
    let document = read_quickly(text);
    assert_eq!(document.diagnostics, Vec::new());
    assert_eq!(document.items.len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, cases: 600, ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_covered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        assert_whole(&parse(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn any_text_is_covered(
        open in "(> |- |1. )?(```casus(-test)?\r?\n)?",
        text in "\\PC{0,60}[\r\n\t >`,:\"\\-]{0,9}\\PC{0,9}",
    ) {
        assert_whole(&parse(&format!("{open}{text}")));
    }

    #[test]
    fn any_cut_of_the_sample_is_covered(
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        piece in "[ \n\t>`,:\"a3.%-]{0,6}",
    ) {
        let text = include_str!("sample.md");
        let (from, to) = (from.index(text.len()), to.index(text.len()));
        let (from, to) = (from.min(to), from.max(to));
        let cut = format!("{}{piece}{}", &text[..from], &text[to..]);
        assert_whole(&parse(&cut));
    }
}
