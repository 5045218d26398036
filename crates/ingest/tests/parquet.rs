//! Parquet files, which say what the same rows say as CSV.
//!
//! Invariant: every file here is invented, and was written by another library than reads it.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use casus_ingest::{Limits, write_record};
use common::{Taken, take, take_text};

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/parquet/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn read(name: &str, profile: Option<&str>, limits: &Limits) -> Taken {
    take(&file(name)[..], "x.parquet", profile, limits)
}

/// The records but for their ids, in the order of their times.
fn lines(taken: &Taken) -> Vec<String> {
    let mut all: Vec<_> = taken.records.iter().collect();
    all.sort_by_key(|record| record.time.start.0);
    let cut = |line: String| line.split_once(",\"act\"").unwrap().1.to_owned();
    all.into_iter().map(|record| cut(write_record(record))).collect()
}

const SHIPS: &str = "MMSI,LAT,LON,SOG,COG,VesselName,BaseDateTime\n\
    338000001,33.5,-117.25,12.3,360,INVENTED,2026-03-01T10:00:00\n\
    338000002,34.25,-118,,,,2026-03-01T10:00:10\n\
    338000001,33.501,-117.25,102.3,90.5,\"A, \"\"B\"\"\",2026-03-01T10:00:20\n";

#[test]
fn ships_are_those_of_the_same_csv() {
    let csv = take_text(SHIPS, Some("marinecadastre"));
    let said = "3 read = 3 accepted + 0 duplicate + 0 unclassified + 0 rejected";
    let expected = lines(&csv);
    assert_eq!((csv.said().as_str(), expected.len()), (said, 3));
    for name in ["local.snappy", "utc.zstd", "text.plain", "old.plain"] {
        let taken = read(&format!("{name}.parquet"), Some("marinecadastre"), &Limits::default());
        assert_eq!((taken.said().as_str(), lines(&taken)), (said, expected.clone()), "{name}");
    }
}

#[test]
fn a_row_of_the_same_texts_has_the_same_id() {
    let path = "text.plain.parquet";
    let mut taken = read(path, Some("marinecadastre"), &Limits::default());
    let mut csv = take_text(SHIPS, Some("marinecadastre"));
    for all in [&mut taken.records, &mut csv.records] {
        all.sort_by_key(|record| record.time.start.0);
    }
    assert_eq!(taken.records, csv.records);
}

#[test]
fn native_columns_of_many_types() {
    let taken = read("native.snappy.parquet", None, &Limits::default());
    let expected = [
        r#":"shelling","places":[{"point":[30.5,50.0],"error_m":12.5}],"time":"2026-03-01T10:00:00Z","known":"2026-03-01T10:00:00Z","source":"desk","grade":"F6"}"#,
        r#":"shelling","places":[{"point":[30.25,51.0]}],"time":"2026-03-01T10:00:00Z","known":"2026-03-01T10:00:00Z","source":"desk","grade":"F6"}"#,
    ];
    assert_eq!(lines(&taken), expected, "{}", taken.reasons());
    assert_eq!(taken.records.iter().map(|one| one.version).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn what_is_not_read_is_said() {
    let ships = |name: &str, limits: &Limits| read(name, Some("marinecadastre"), limits).said();
    let said = ships("delta.plain.parquet", &Limits::default());
    assert!(said.contains("pages in the encoding 7, which is not read"), "{said}");
    let said = read("text.plain.parquet", Some("traffic"), &Limits::default()).said();
    assert!(said.contains("needs the column"), "{said}");
    let cases = [
        (Limits { whole_bytes: 1_000, ..Limits::default() }, "`whole_bytes` of 1000"),
        (Limits { page_bytes: 20, ..Limits::default() }, "`page_bytes` of 20"),
        (Limits { row_groups: 1, ..Limits::default() }, "`row_groups` of 1"),
        (Limits { fields: 6, ..Limits::default() }, "`fields` of 6"),
        (Limits { rows: 2, ..Limits::default() }, "row 3: more than the limit `rows` of 2"),
        (Limits { row_bytes: 30, ..Limits::default() }, "`row_bytes` of 30"),
    ];
    for (limits, expected) in cases {
        let said = ships("utc.zstd.parquet", &limits);
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn a_file_that_is_cut_off_is_an_error() {
    let whole = file("utc.zstd.parquet");
    for length in 4..whole.len() {
        let taken = take(&whole[..length], "x", Some("marinecadastre"), &Limits::default());
        assert!(taken.said().contains("the Parquet data are damaged"), "{length} {}", taken.said());
    }
}

/// Damaged files end with an error or with fewer rows. What panics in the library stays in it.
#[test]
fn damaged_files_do_no_harm() {
    let limits = Limits { whole_bytes: 1 << 24, page_bytes: 1 << 20, ..Limits::default() };
    let limits = Limits { rows: 1_000, ..limits };
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let all = ["local.snappy", "utc.zstd", "text.plain", "old.plain", "delta.plain"];
    let mut errors = 0;
    for name in all {
        let whole = file(&format!("{name}.parquet"));
        for _ in 0..DAMAGES {
            let mut bytes = whole.clone();
            for _ in 0..=random(4) {
                let at = 4 + random(bytes.len() - 4);
                bytes[at] = [0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1, random(256) as u8][random(7)];
            }
            let taken = take(&bytes[..], "x", Some("marinecadastre"), &limits);
            match taken.outcome {
                Ok(count) => assert!(count.adds_up()),
                Err(_) => errors += 1,
            }
        }
    }
    assert!(errors > DAMAGES, "{errors}");
}

/// Damaged copies of each file.
const DAMAGES: usize = 4_000;
