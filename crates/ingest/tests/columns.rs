//! Rows that are read together against the same rows read one by one.
//!
//! Invariant: a quote around a field changes nothing but the way in which its row is read.
#![allow(clippy::unwrap_used, clippy::panic)]

use casus_ingest::{Accounting, Evidence, Intake, Limits, Profile};
use casus_model::Record;
use proptest::{collection::vec, prelude::*, sample::select};
use std::{
    cell::RefCell,
    collections::HashSet,
    io::{self, Read},
};

const REPORTS: &str = r#"
name = "reports"
title = "Reports"
version = "version?"
[id]
columns = ["id"]
[[act]]
column = "type"
values = [["a", "shelling"], ["b", "raid"]]
[actor]
name = { column = "side" }
[object]
kind = { fixed = "gun" }
item = "item"
[[place]]
lon = "lon"
lat = "lat"
precision = { column = "exact", codes = { 1 = 100, 2 = 5000, 3 = "unknown" } }
[time]
column = "t"
format = ["epoch s", "rfc3339", "%Y-%m-%d"]
zone = "Europe/Kyiv"
[known]
rule = "end of time"
[source]
name = { fixed = "desk" }
"#;

const POSITIONS: &str = r#"
name = "positions"
title = "Positions"
[id]
columns = ["item", "t"]
[[act]]
fixed = "position"
[object]
kind = { fixed = "ship" }
item = "item"
[[place]]
lon = "lon"
lat = "lat"
error_m = 50
[track]
mover = "ship"
[time]
column = "t"
format = ["epoch s"]
zone = "UTC"
[known]
rule = "end of time"
[source]
name = { fixed = "radar" }
[grade]
fixed = "A1"
"#;

/// As `REPORTS`, with a place by its name.
fn named() -> String {
    let points = "lon = \"lon\"\nlat = \"lat\"\n";
    assert!(REPORTS.contains(points));
    REPORTS.replace(points, "named = \"side\"\n")
}

const HEADER: [&str; 8] = ["id", "type", "side", "item", "lon", "lat", "exact", "t"];

fn cell(column: usize) -> BoxedStrategy<String> {
    let of = |texts: &'static [&'static str]| select(texts).prop_map(str::to_owned).boxed();
    match column {
        0 => (0..30_u8).prop_map(|n| format!("r{n}")).boxed(),
        1 => of(&["a", "a", "a", "b", "c", ""]),
        2 => of(&["North", "South", "", " North "]),
        3 => of(&["s1", "s2", "s3", ""]),
        4 => of(&["30.5", "30.51", "31", "200", "x", ""]),
        5 => of(&["50.5", "50.51", "-12.25", ""]),
        6 => of(&["1", "2", "3", "4"]),
        _ => prop_oneof![
            4 => (0..40_i64).prop_map(|n| (1_772_323_200 + 60 * n).to_string()),
            1 => select(&["2026-03-01", "2026-03-01T10:00:00Z", "soon"][..])
                .prop_map(str::to_owned),
        ]
        .boxed(),
    }
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    vec((0..HEADER.len()).map(cell).collect::<Vec<_>>(), 0..40)
}

fn text(rows: &[Vec<String>], quoted: bool) -> String {
    let mut text = HEADER.join(",") + "\n";
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| if quoted { format!("\"{cell}\"") } else { cell.clone() })
            .collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

/// The records, how many of them came together, and where every row went.
fn read(profile: &str, text: &str) -> (Vec<Record>, usize, Accounting) {
    let profile = Profile::parse("test.toml", profile).unwrap();
    let mut intake = Intake::new(Limits::default());
    let (mut records, mut together) = (Vec::new(), 0);
    let mut taken = |evidence: Evidence<'_>| match evidence {
        Evidence::Record(record) => records.push(*record),
        Evidence::Columns(columns) => {
            together += columns.len();
            records.extend((0..columns.len()).map(|row| columns.record(row).unwrap()));
        }
    };
    let count = intake
        .read_together(text.as_bytes(), "test.csv", Some(&profile), &mut taken, &mut |_| {})
        .unwrap();
    records.sort_by(|a, b| (&a.id, a.time, a.known).cmp(&(&b.id, b.time, b.known)));
    (records, together, count)
}

/// A source that goes on: it pauses behind those lines that are said, and else gives one at a time.
struct Pausing<'t> {
    lines: Vec<&'t [u8]>,
    pauses: Vec<bool>,
}

impl Read for Pausing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(line) = self.lines.first_mut().filter(|line| !line.is_empty()) else {
            if self.lines.is_empty() {
                return Ok(0);
            }
            self.lines.remove(0);
            let pauses = self.pauses.pop() == Some(true);
            return if pauses { Err(io::ErrorKind::WouldBlock.into()) } else { self.read(into) };
        };
        line.read(into)
    }
}

/// The records of a source that goes on, and where every row went.
fn follow(profile: &str, text: &str, pauses: Vec<bool>) -> (Vec<Record>, Accounting) {
    let profile = Profile::parse("test.toml", profile).unwrap();
    let mut records = Vec::new();
    let mut taken = |evidence: Evidence<'_>| match evidence {
        Evidence::Record(record) => records.push(*record),
        Evidence::Columns(columns) => {
            records.extend((0..columns.len()).map(|row| columns.record(row).unwrap()));
        }
    };
    let lines = text.split_inclusive('\n').map(str::as_bytes).collect();
    let source = Pausing { lines, pauses };
    let mut intake = Intake::new(Limits::default()).following();
    let count =
        intake.read_together(source, "test.csv", Some(&profile), &mut taken, &mut |_| {}).unwrap();
    records.sort_by(|a, b| (&a.id, a.time, a.known).cmp(&(&b.id, b.time, b.known)));
    (records, count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn rows_read_together_are_what_they_are_alone(rows in rows()) {
        let (alike, _, count) = read(REPORTS, &text(&rows, false));
        let (alone, together, plain) = read(REPORTS, &text(&rows, true));
        prop_assert_eq!(together, 0);
        prop_assert_eq!(alike, alone);
        prop_assert_eq!(count, plain);
    }

    #[test]
    fn so_are_rows_of_places_by_name(rows in rows()) {
        let (alike, _, count) = read(&named(), &text(&rows, false));
        let (alone, together, plain) = read(&named(), &text(&rows, true));
        prop_assert_eq!(together, 0);
        prop_assert_eq!(alike, alone);
        prop_assert_eq!(count, plain);
    }

    #[test]
    fn where_a_source_pauses_does_not_enter(
        rows in rows(),
        pauses in vec(any::<bool>(), 0..40),
        quoted: bool,
        profile in select(&[REPORTS, POSITIONS][..]),
    ) {
        let text = text(&rows, quoted);
        let (paused, count) = follow(profile, &text, pauses);
        let (whole, same) = follow(profile, &text, Vec::new());
        prop_assert_eq!(&paused, &whole);
        prop_assert_eq!(&count, &same);
        if profile == REPORTS {
            let (read, _, as_read) = read(profile, &text);
            prop_assert_eq!(paused, read);
            prop_assert_eq!(count, as_read);
        }
    }

    /// Of positions a copy that does not follow at once is accepted again, and says nothing new.
    #[test]
    fn so_are_positions_and_what_is_doubted_of_them(rows in rows()) {
        let (alike, _, count) = read(POSITIONS, &text(&rows, false));
        let (alone, _, plain) = read(POSITIONS, &text(&rows, true));
        prop_assert_eq!(count.rejected, plain.rejected);
        prop_assert_eq!(count.unclassified, plain.unclassified);
        prop_assert!(count.adds_up());
        // Without copies everything is the same, doubts included.
        let told: HashSet<_> = rows.iter().map(|row| (&row[3], &row[7])).collect();
        if told.len() == rows.len() {
            prop_assert_eq!(alike, alone);
            prop_assert_eq!(count.doubts, plain.doubts);
        }
    }
}

#[test]
fn most_rows_of_a_plain_table_come_together() {
    let row = |n: usize| format!("r{n},a,North,s{},30.5,50.5,1,{}\n", n % 7, 1_772_323_200 + n);
    let body: String = (0..20_000).map(row).collect();
    for profile in [REPORTS, &named()] {
        let (records, together, count) = read(profile, &(HEADER.join(",") + "\n" + &body));
        assert_eq!((records.len(), together), (20_000, 20_000));
        assert_eq!(count.accepted, 20_000);
    }
}

#[test]
fn before_a_source_pauses_all_is_handed_over() {
    let told = RefCell::new(0);
    let mut parts = vec!["item,t,lon,lat\ns1,1772323200,30,50\n", "s1,1772323260,30,50\n", ""];
    let source = Asking(|| {
        let part = parts.remove(0);
        // Asked again after a pause, it has everything that was given so far.
        assert_eq!(*told.borrow() + parts.len(), 2);
        part
    });
    let mut taken = |evidence: Evidence<'_>| match evidence {
        Evidence::Record(_) => *told.borrow_mut() += 1,
        Evidence::Columns(columns) => *told.borrow_mut() += columns.len(),
    };
    let profile = Profile::parse("test.toml", POSITIONS).unwrap();
    let mut intake = Intake::new(Limits::default()).following();
    let source = Pauses { source, given: "", pauses: true, is_over: false };
    intake.read_together(source, "x", Some(&profile), &mut taken, &mut |_| {}).unwrap();
    assert_eq!(*told.borrow(), 2);
}

/// Asks for more.
struct Asking<F>(F);

/// Pauses before each part but the first.
struct Pauses<F> {
    source: Asking<F>,
    given: &'static str,
    pauses: bool,
    is_over: bool,
}

impl<F: FnMut() -> &'static str> Read for Pauses<F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given.is_empty() {
            if self.is_over {
                return Ok(0);
            }
            self.pauses = !self.pauses;
            if self.pauses {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.given = (self.source.0)();
            self.is_over = self.given.is_empty();
        }
        let read = self.given.as_bytes().read(into)?;
        self.given = &self.given[read..];
        Ok(read)
    }
}
