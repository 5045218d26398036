//! Every code against its examples, the page of the manual, and messages as text.
//!
//! Invariant: a code that the registry does not know cannot be raised by any example.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use casus_syntax::registry::{CODES, as_file, explain, page};
use casus_syntax::render::render_all;
use casus_syntax::{decode, parse};
use std::path::Path;

fn codes(example: &str) -> Vec<&'static str> {
    // One byte a letter: the letters of the example that ASCII does not have break UTF-8.
    let foreign: Vec<u8> = as_file(example).chars().map(|c| c as u8).collect();
    let encoded = decode(&foreign).err().filter(|_| example.contains('Ö'));
    let found = parse(&as_file(example)).diagnostics;
    encoded.into_iter().chain(found).map(|found| found.code).collect()
}

#[test]
fn every_code_is_raised_by_its_first_example_alone() {
    for code in CODES {
        let wrong = codes(code.wrong);
        assert!(wrong.contains(&code.code), "{}: {wrong:?}", code.code);
        assert_eq!(codes(code.right), Vec::<&str>::new(), "{}", code.code);
        assert!(wrong.iter().all(|code| explain(code).is_some()));
    }
}

#[test]
fn every_code_in_the_source_is_in_the_registry() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, _) in text.match_indices("\"S0") {
                let code = &text[at + 1..at + 5];
                assert!(explain(code).is_some(), "{code} in {}", path.display());
            }
        }
    }
}

#[test]
fn the_page_of_the_manual_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language/diagnostics.md");
    if std::env::var_os("CASUS_BLESS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page(), "run the test with CASUS_BLESS=1 to write {}", path.display());
}

#[test]
fn messages_show_the_line_and_what_to_do() {
    let text = "# A\n\n```casus\nparties UA, RU\ngroup Sides is UA, RO\nact fire\n3.1 each of \
                Sides must not fire\n    untill 2026-02-30\n    until 2026-02-30\n```\n";
    let expected = "\
error[S020]: nothing is declared as `RO`
 --> a.md:5:20
  |
5 | group Sides is UA, RO
  |                    ^^
  = help: did you mean `RU`?

error[S020]: nothing is declared as `untill`
 --> a.md:8:5
  |
8 |     untill 2026-02-30
  |     ^^^^^^
  = expected: `across`, `beyond`, `decided by`, `despite`, `due`, `ends when`, `except`, \
`extended by`, `failing that`, `for`, `from`, `in`, `link`, `on`, `outside`, `paused while`, \
`proof`, `repeat`, `start`, `suspended while`, `takes effect`, `unless`, `until`, `waivable by`, \
`when`, `while`, `within`
  = help: did you mean `until`?

error[S030]: there is no day `2026-02-30`
 --> a.md:9:11
  |
9 |     until 2026-02-30
  |           ^^^^^^^^^^
  = help: write year-month-day, as 2026-03-01
";
    assert_eq!(render_all("a.md", &parse(text)), expected);
}
