//! Every diagnostic is raised by its first example and not by its second, and stands in the manual.
//!
//! Invariant: the manual is exactly what the registry renders.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use casus_check::{Annexes, Checked, Code, Example, check, codes};
use casus_syntax::{Document, Severity, parse};
use std::fmt::Write as _;

struct Folder(Example);

impl Annexes for Folder {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        match self.0.annex {
            Some((file, _)) if file != name => Err("there is no such file".to_owned()),
            Some((_, content)) if content.starts_with("(a file of more") => {
                Ok(vec![b' '; (64 << 20) + 1])
            }
            Some((_, content)) => Ok(content.as_bytes().to_vec()),
            None => Err("there is no such file".to_owned()),
        }
    }
}

fn run(example: &Example) -> (Document, Checked) {
    let document = parse(&example.markdown());
    let checked = check(&document, &Folder(*example));
    (document, checked)
}

fn told(document: &Document, checked: &Checked) -> String {
    let mut out = String::new();
    for one in document.diagnostics.iter().chain(&checked.diagnostics) {
        let words = one.span.of(&document.source);
        let help = one.help.as_deref().unwrap_or("");
        let _ = writeln!(
            out,
            "  {} {}:{} {words:?} {} / {help}",
            one.code, one.line, one.column, one.message
        );
    }
    out
}

#[test]
fn every_code_is_raised_by_its_first_example() {
    let mut missing = String::new();
    for code in codes() {
        let (document, checked) = run(&code.raises);
        if !checked.diagnostics.iter().any(|one| one.code == code.code) {
            let _ = writeln!(
                missing,
                "{} is not raised:\n{}{}",
                code.code,
                document.source,
                told(&document, &checked)
            );
        }
        if code.severity == Severity::Error {
            assert!(checked.program.is_none(), "{} leaves a program", code.code);
        }
    }
    assert!(missing.is_empty(), "{missing}");
}

#[test]
fn no_second_example_has_an_error_or_its_own_code() {
    let mut wrong = String::new();
    for code in codes() {
        let (document, checked) = run(&code.passes);
        let own = checked.diagnostics.iter().any(|one| one.code == code.code);
        if own || checked.program.is_none() {
            let _ =
                writeln!(wrong, "{}:\n{}{}", code.code, document.source, told(&document, &checked));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn codes_are_unique_and_in_order() {
    let all: Vec<&str> = codes().iter().map(|code| code.code).collect();
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
}

#[test]
fn messages_keep_the_house_style() {
    for code in codes() {
        let (_, checked) = run(&code.raises);
        for one in &checked.diagnostics {
            assert!(!one.message.ends_with('.'), "{}: {}", one.code, one.message);
            let first = one.message.chars().next();
            assert!(!first.is_some_and(char::is_uppercase), "{}: {}", one.code, one.message);
        }
    }
}

fn example(out: &mut String, title: &str, example: &Example) {
    let _ = write!(out, "{title}\n\n");
    let fence = if example.text.contains("```") { "````markdown" } else { "```casus" };
    let close = fence.trim_end_matches(char::is_alphabetic);
    let _ = write!(out, "{fence}\n{}\n{close}\n\n", example.text.trim_matches('\n'));
    if let Some((file, content)) = example.annex {
        let _ = write!(out, "with `{file}`:\n\n```text\n{}\n```\n\n", content.trim_matches('\n'));
    }
}

fn manual() -> String {
    let mut out = String::from(
        "# Diagnostics of the checker\n\nWhat the checker says of a text that could be read: its \
         names, units, places, rules and tests.\nThis page is made from the registry of codes.\n\n",
    );
    for Code { code, severity, title, explanation, raises, passes, .. } in codes() {
        let _ = write!(out, "## {code}: {title}\n\n*{}.* {explanation}\n\n", severity.as_str());
        example(&mut out, "Raised by:", raises);
        example(&mut out, "Not raised by:", passes);
    }
    format!("{}\n", out.trim_end())
}

#[test]
fn the_manual_lists_every_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language/diagnostics-check.md");
    let expected = manual();
    if std::env::var_os("CASUS_BLESS").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == expected, "docs/language/diagnostics-check.md is out of date: CASUS_BLESS=1");
}
