//! The targets: bytes in, nothing out, an assertion where a reader breaks its word.
//!
//! Invariant: a target reads nothing but its bytes and what is written in this file.

use crate::annexes::MadeUp;
use casus_check::{Annexes, Checked, check};
use casus_engine::{Change, Engine};
use casus_ingest::{Limits, Profile, parse_record, read, write_record};
use casus_syntax::{Document, decode, parse};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A reader under test.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its function and of its folder in the corpus.
    pub name: &'static str,
    /// Folders, from the workspace, whose files are good beginnings too, and how they end.
    pub more: &'static [(&'static str, &'static str)],
    /// The function.
    pub run: fn(&[u8]),
}

/// Where agreements stand.
const AGREEMENTS: &[(&str, &str)] =
    &[("examples", ".md"), ("crates/syntax/tests", ".md"), ("fuzz/corpus/parse_agreement", ".md")];

/// Where small agreements with scenarios stand.
const JUDGED_PAGES: &[(&str, &str)] = &[("docs/language", ".md"), ("examples/patterns", ".md")];

/// All of them.
pub const TARGETS: [Target; 13] = [
    Target { name: "parse_agreement", more: AGREEMENTS, run: parse_agreement },
    Target { name: "check_agreement", more: AGREEMENTS, run: check_agreement },
    Target { name: "judge_agreement", more: JUDGED_PAGES, run: judge_agreement },
    Target { name: "format_agreement", more: AGREEMENTS, run: format_agreement },
    Target { name: "read_annex", more: &[("examples", ".geojson")], run: read_annex },
    Target { name: "read_csv", more: &[("examples", ".csv")], run: read_csv },
    Target { name: "read_jsonl", more: &[("examples", ".jsonl")], run: read_jsonl },
    Target { name: "read_sentences", more: &[], run: read_sentences },
    Target { name: "read_aircraft", more: &[], run: read_aircraft },
    Target { name: "read_beast", more: &[], run: read_beast },
    Target { name: "read_geojson", more: &[("examples", ".geojson")], run: read_geojson },
    Target { name: "read_native", more: &[("examples", ".jsonl")], run: read_native },
    Target {
        name: "load_profile",
        more: &[("crates/ingest/profiles", ".toml")],
        run: load_profile,
    },
];

/// A document comes back, whole, and everything it says points into it.
pub fn parse_agreement(bytes: &[u8]) {
    document(bytes);
}

/// A program comes back only without an error.
pub fn check_agreement(bytes: &[u8]) {
    if let Some(document) = document(bytes) {
        checked(&document, &Folder(SQUARE.as_bytes()));
    }
}

/// Rules of a program that is judged at most.
const RULES: usize = 64;
/// Scenarios of a text that are judged at most.
const SCENARIOS: usize = 8;
/// Records of a scenario that is judged at most.
const RECORDS: usize = 64;

/// How many scenarios `judge_agreement` has judged so far: a run that judged none has tried
/// nothing but the readers before the judge.
pub static JUDGED: AtomicU64 = AtomicU64::new(0);

/// A program of a bounded size judges its scenarios.
pub fn judge_agreement(bytes: &[u8]) {
    let Some(document) = document(bytes) else { return };
    let checked = checked(&document, &MadeUp::of(&document.source));
    let small = checked.program.filter(|program| program.rules.len() <= RULES);
    let Some(program) = small.map(Arc::new) else { return };
    let scenarios = checked.scenarios.into_iter().take(SCENARIOS);
    for scenario in scenarios.filter(|scenario| scenario.records.len() <= RECORDS) {
        let mut engine = Engine::new(Arc::clone(&program));
        engine.apply(Change::Records(scenario.records));
        engine.apply(Change::Clock(scenario.at));
        for finding in engine.findings() {
            assert!(finding.from.0 <= finding.from.1, "{finding:?}");
        }
        JUDGED.fetch_add(1, Ordering::Relaxed);
    }
}

/// Formatting changes no word, and formatting twice is formatting once.
pub fn format_agreement(bytes: &[u8]) {
    let Some(document) = document(bytes) else { return };
    let once = casus_syntax::format_document(&document);
    let again = parse(&once);
    assert_eq!(casus_syntax::format_document(&again), once, "formatting is not settled");
    let sentences = |document: &Document| -> Vec<String> {
        document.items.iter().map(|item| item.sentence.replace(' ', "")).collect()
    };
    assert_eq!(sentences(&document), sentences(&again), "formatting changed a sentence");
}

/// An annex file, read for every declaration that can name one.
pub fn read_annex(bytes: &[u8]) {
    checked(&parse(WITH_ANNEX), &Folder(bytes));
}

/// Delimited text: native columns, then every profile.
pub fn read_csv(bytes: &[u8]) {
    take(bytes, "x.csv", None);
    for name in Profile::names() {
        let profile = Profile::builtin(name).expect("a name of the list is built in");
        take(bytes, "x.csv", Some(&profile));
    }
}

/// JSON, one value a line: native, then every profile.
pub fn read_jsonl(bytes: &[u8]) {
    take(bytes, "x.jsonl", None);
    for name in Profile::names() {
        let profile = Profile::builtin(name).expect("a name of the list is built in");
        take(bytes, "x.jsonl", Some(&profile));
    }
}

/// AIS sentences, found by themselves and by their profile.
pub fn read_sentences(bytes: &[u8]) {
    take(bytes, "x", None);
    let profile = Profile::builtin("ais").expect("it is built in");
    take(bytes, "x", Some(&profile));
}

/// What receivers of aircraft and their networks write.
pub fn read_aircraft(bytes: &[u8]) {
    take(bytes, "x", None);
    for name in ["readsb", "opensky-states", "sbs"] {
        let profile = Profile::builtin(name).expect("it is built in");
        take(bytes, "x", Some(&profile));
    }
}

/// Recordings of frames: of no day, and of a declared one.
pub fn read_beast(bytes: &[u8]) {
    take(bytes, "x", None);
    let text = Profile::builtin_text("beast").expect("it is built in");
    let base = "base_from = \"2026-03-01T00:00:00Z\"\nbase_to = \"2026-03-01T23:59:59Z\"\n";
    for own in ["near = [30, 50]\n", "clock = \"gps\"\n"] {
        let text = text.replace("reader =", &format!("{base}{own}reader ="));
        let profile = Profile::parse("x.toml", &text).expect("it is built in but for its base");
        take(bytes, "x", Some(&profile));
    }
}

/// One JSON document.
pub fn read_geojson(bytes: &[u8]) {
    take(bytes, "x.geojson", None);
    let profile = Profile::builtin("ucdp-ged").expect("it is built in");
    take(bytes, "x.geojson", Some(&profile));
}

/// One record. What is read, written and read again is the same.
pub fn read_native(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(record) = parse_record(text) else { return };
    let line = write_record(&record);
    assert!(!line.contains('\n'), "a record of more than one line: {line}");
    assert_eq!(parse_record(&line).as_ref(), Ok(&record), "{line}");
}

/// A profile; one that loads can be applied to any rows.
pub fn load_profile(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(profile) = Profile::parse("x.toml", text) else { return };
    for sheet in SHEETS {
        take(sheet.as_bytes(), "x.csv", Some(&profile));
    }
}

/// The document of these bytes, its word kept; none where they are no text.
fn document(bytes: &[u8]) -> Option<Document> {
    let text = decode(bytes).ok()?;
    let document = parse(&text);
    let mut at = 0;
    for token in &document.tokens {
        assert_eq!(token.span.start, at, "a gap or an overlap");
        assert!(text.get(token.span.start..token.span.end).is_some(), "{:?}", token.span);
        at = token.span.end;
    }
    assert_eq!(at, text.len(), "the tokens do not cover the text");
    for found in &document.diagnostics {
        assert!(text.get(found.span.start..found.span.end).is_some(), "{found:?}");
    }
    Some(document)
}

fn checked(document: &Document, annexes: &dyn Annexes) -> Checked {
    let checked = check(document, annexes);
    let told = document.diagnostics.iter().chain(&checked.diagnostics);
    let wrong = told.filter(|found| found.severity == casus_syntax::Severity::Error).count();
    assert!(wrong == 0 || checked.program.is_none(), "a program from a text with errors");
    for found in &checked.diagnostics {
        assert!(document.source.get(found.span.start..found.span.end).is_some(), "{found:?}");
    }
    checked
}

/// Reads a source under small limits. Every row is accounted for.
fn take(bytes: &[u8], name: &str, profile: Option<&Profile>) {
    let limits = Limits { unpacked_bytes: 1 << 22, rows: 10_000, ..Limits::default() };
    let (mut records, mut rejects) = (0, 0);
    let done = read(bytes, name, profile, &limits, &mut |_| records += 1, &mut |_| rejects += 1);
    if let Ok(count) = done {
        assert!(count.adds_up(), "{count}");
        assert_eq!((count.accepted, count.rejected), (records, rejects), "{count}");
    }
}

/// A folder in which every file holds the same bytes.
struct Folder<'b>(&'b [u8]);

impl Annexes for Folder<'_> {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.to_owned())
    }
}

/// Something for a zone and a line to be.
const SQUARE: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"North"},"geometry":
{"type":"Polygon","coordinates":[[[30,50],[31,50],[31,51],[30,51],[30,50]]]}},
{"type":"Feature","properties":{"name":"Contact"},"geometry":
{"type":"LineString","coordinates":[[30,50],[31,51]]}}]}"#;

/// An agreement that reads every kind of annex file.
const WITH_ANNEX: &str = "\
# Annexes

## Article 1. Terms

```casus
agreement Annexes version 1
party UA
act fire by UA
category depot
line Contact from a.geojson feature \"Contact\"
zone Area from a.geojson feature \"North\"
zone Near within 15 km of Contact
zones sector from b.geojson named by \"name\"
list Depots of depot from a.csv
1.1 UA must not fire
    in Area, Near
```
";

/// Rows to apply a profile to.
const SHEETS: [&str; 2] = [
    "id,event_type,datetime,lon,lat,note\n1,shelling,2026-03-01 10:00,30.5,50.4,x\n",
    "event_id_cnty;sub_event_type;event_date;longitude;latitude\n7;Attack;01 March 2026;30;50\n",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    struct Asked(RefCell<Vec<String>>);

    impl Annexes for Asked {
        fn read(&self, name: &str) -> Result<Vec<u8>, String> {
            self.0.borrow_mut().push(name.to_owned());
            Ok(SQUARE.as_bytes().to_owned())
        }
    }

    #[test]
    fn the_agreement_with_annexes_reads_them() {
        let document = parse(WITH_ANNEX);
        assert_eq!(document.diagnostics, []);
        let asked = Asked(RefCell::default());
        let told = check(&document, &asked).diagnostics;
        assert_eq!(asked.0.into_inner(), ["a.geojson", "b.geojson", "a.csv"], "{told:?}");
    }
}
