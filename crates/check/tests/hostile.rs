//! Whatever the text and whatever its annex files, checking comes back.
//!
//! Invariant: a text without a program has an error that says why.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use casus_check::{Annexes, Checked, check, codes};
use casus_syntax::{Severity, parse};
use std::{collections::BTreeSet, time::Instant};

struct One(Vec<u8>);

impl Annexes for One {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.clone())
    }
}

fn run(text: &str, annex: &[u8]) -> Checked {
    let document = parse(text);
    let checked = check(&document, &One(annex.to_vec()));
    let told = document.diagnostics.iter().chain(&checked.diagnostics);
    let failed = told.clone().any(|one| one.severity == Severity::Error);
    assert_eq!(checked.program.is_none(), failed, "{text}");
    for one in &checked.diagnostics {
        assert!(text.get(one.span.start..one.span.end).is_some(), "{} {:?}", one.code, one.span);
    }
    if let Some(program) = &checked.program {
        assert_eq!(program.strata.iter().flatten().count(), program.rules.len());
    }
    checked
}

/// A small generator of numbers that only depend on where it began.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }
}

/// Pieces of agreements: the lines of every example of the registry.
fn pieces() -> Vec<String> {
    let mut all = BTreeSet::new();
    for code in codes() {
        for text in [code.raises.text, code.passes.text] {
            all.extend(text.lines().map(str::to_owned));
        }
    }
    all.into_iter().collect()
}

#[test]
fn shuffled_agreements_come_back() {
    let pieces = pieces();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let annexes: [&[u8]; 4] = [
        b"item,calibre\n1,2\n",
        b"{\"type\":\"Polygon\",\"coordinates\":[[[30,50],[31,50],[31,51],[30,50]]]}",
        b"{\"type\":\"LineString\",\"coordinates\":[[30,50],[31,50]]}",
        b"\xff\xfe",
    ];
    for round in 0..3_000 {
        let mut text = String::from("```casus\nagreement A version 1\n");
        for _ in 0..dice.roll(14) {
            text.push_str(&pieces[dice.roll(pieces.len())]);
            text.push('\n');
        }
        text.push_str("```\n");
        run(&text, annexes[round % annexes.len()]);
    }
}

#[test]
fn broken_agreements_come_back() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/guarantee/agreement.md");
    let source = std::fs::read_to_string(folder).unwrap();
    let words: Vec<&str> = source.split_inclusive([' ', '\n']).collect();
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for _ in 0..40 {
        let mut broken: Vec<&str> = words.clone();
        for _ in 0..=dice.roll(30) {
            let at = dice.roll(broken.len());
            match dice.roll(3) {
                0 => drop(broken.remove(at)),
                1 => broken.insert(at, words[dice.roll(words.len())]),
                _ => broken[at] = words[dice.roll(words.len())],
            }
        }
        run(&broken.concat(), b"{}");
    }
}

const ZONE: &str = "```casus\nagreement A version 1\nparty RU\nact fire\nzone Z from z.geojson\n\
    1 RU must not fire\n    in Z\n```\n";

fn zone(annex: &str) -> (String, bool) {
    let checked = run(ZONE, annex.as_bytes());
    let told: Vec<String> =
        checked.diagnostics.iter().map(|one| format!("{} {}", one.code, one.message)).collect();
    (told.join("\n"), checked.program.is_some())
}

#[test]
fn hostile_shapes_are_told_by_file_and_feature() {
    let polygon = |rings: &str| format!("{{\"type\":\"Polygon\",\"coordinates\":{rings}}}");
    let cases = [
        ("", "C032 `z.geojson`: not JSON"),
        ("[]", "C032 `z.geojson`: no GeoJSON"),
        ("{\"type\":\"FeatureCollection\"}", "C032 `z.geojson`: a `FeatureCollection` without"),
        ("{\"type\":\"FeatureCollection\",\"features\":[]}", "C039 `z.geojson` has no feature"),
        ("{\"type\":\"Feature\",\"geometry\":null}", "C039 feature 1 of `z.geojson`: it has no"),
        ("{\"type\":\"Cake\",\"coordinates\":[]}", "C032 feature 1 of `z.geojson`"),
        (&polygon("[]"), "C039 feature 1 of `z.geojson`: a polygon without rings"),
        (&polygon("[[]]"), "C039 feature 1 of `z.geojson`: its outer ring is empty"),
        (&polygon("[[[1]]]"), "C032 feature 1 of `z.geojson`"),
        (&polygon("[[[30,50],[31,50],[31,1e999],[30,50]]]"), "C032 `z.geojson`: not JSON"),
        (&polygon("[[[30,50],[31,50],[32,50],[30,50]]]"), "C034 feature 1 of `z.geojson`"),
        (&polygon("[[[50,130],[51,130],[51,131],[50,130]]]"), "C033 feature 1 of `z.geojson`"),
        (
            &polygon("[[[30,50],[31,50],[31,51],[30,50]],[[5,5],[6,5],[6,6],[5,5]]]"),
            "C034 feature 1 of `z.geojson`: a hole of it lies outside",
        ),
        (
            "{\"type\":\"Feature\",\"crs\":{\"properties\":{\"name\":\"EPSG:3857\"}}}",
            "C033 `z.geojson`: the coordinates are in `EPSG:3857`",
        ),
        (
            "{\"type\":\"MultiPoint\",\"coordinates\":[[30,50]]}",
            "C039 expected a `Polygon` in `z.geojson`, got `MultiPoint`",
        ),
    ];
    for (annex, expected) in cases {
        let (told, good) = zone(annex);
        assert!(told.starts_with(expected) && !good, "{annex}\n{told}\nexpected {expected}");
    }
    let deep = "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(200);
    assert!(zone(&deep).0.starts_with("C032"));
}

#[test]
fn large_shapes_are_checked_or_refused_soon() {
    let begun = Instant::now();
    // A comb whose teeth all lie side by side: every edge near every other along one axis.
    let comb: Vec<String> = (0..40_000)
        .map(|n| format!("[{},{}]", f64::from(n) * 1e-4, if n % 2 == 0 { 40 } else { 41 }))
        .collect();
    let text = format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[{},[4,39],[0,39],[0,40]]]}}",
        comb.join(",")
    );
    let (told, good) = zone(&text);
    assert!(good, "{told}");
    assert!(begun.elapsed().as_secs() < 60);
}

#[test]
fn long_chains_of_declarations_are_refused() {
    let mut text = String::from("```casus\nagreement A version 1\n");
    for at in (0..5_000).rev() {
        text.push_str(&format!("group g{at} is g{}\n", at + 1));
    }
    text.push_str("party g5000\n```\n");
    let checked = run(&text, b"");
    assert!(checked.diagnostics.iter().any(|one| one.code == "C018"));
}
