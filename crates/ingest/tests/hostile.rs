//! Input that means harm, or that was harmed on the way.
//!
//! Invariant: whatever the bytes, reading ends with an accounting that adds up or with an error
//! that says what is wrong.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::{Limits, Problem};
use common::{take, take_text};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use std::io::{Read, Write};

const VIINA: &str = "datetime,lon,lat,place_name,event_type,headline\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn rows(n: u32) -> String {
    let row = |i| format!("2024-01-01 12:{:02}:00,30.5,50.4,x,artillery,report {i}\n", i % 60);
    VIINA.to_owned() + &(0..n).map(row).collect::<String>()
}

#[test]
fn a_bomb_is_stopped() {
    let bomb = gzip(&vec![b'a'; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let taken = take(&bomb[..], "bomb.csv.gz", Some("viina"), &Limits::default());
    let said = "`bomb.csv.gz`: more than the limit `unpacked_ratio` of 250";
    assert_eq!(taken.said(), said);
    let bomb = zstd::encode_all(&vec![b','; 64 << 20][..], 1).unwrap();
    let taken = take(&bomb[..], "bomb", Some("viina"), &Limits::default());
    assert_eq!(taken.said(), "`bomb`: more than the limit `fields` of 1024");
    let text = VIINA.to_owned() + &"\n".repeat(64 << 20);
    let bomb = zstd::encode_all(text.as_bytes(), 1).unwrap();
    let taken = take(&bomb[..], "bomb", Some("viina"), &Limits::default());
    assert_eq!(taken.said(), "`bomb`: more than the limit `unpacked_ratio` of 250");
}

#[test]
fn the_sizes_of_a_source_are_limited() {
    let limits = Limits { file_bytes: 1000, ..Limits::default() };
    let taken = take(rows(100).as_bytes(), "x", Some("viina"), &limits);
    assert_eq!(taken.said(), "`x`: more than the limit `file_bytes` of 1000");
    let limits = Limits { rows: 3, ..Limits::default() };
    let taken = take(rows(9).as_bytes(), "x", Some("viina"), &limits);
    let said = "`x`: row 4: more than the limit `rows` of 3; until then 3 read = 3 accepted + 0 \
                duplicate + 0 unclassified + 0 rejected";
    assert_eq!(taken.said(), said);
}

#[test]
fn a_line_of_a_hundred_megabytes_is_refused() {
    let long = || std::io::repeat(b'x').take(100 << 20);
    let said = "`x`: row 1: more than the limit `row_bytes` of 16777216";
    let csv = take(VIINA.as_bytes().chain(long()), "x", Some("viina"), &Limits::default());
    assert_eq!(csv.said(), said);
    let lines = take(b"{\"id\":\"".chain(long()), "x", None, &Limits::default());
    assert_eq!(lines.said(), said);
    let document = take(b"{\"features\":[{\"a\":\"".chain(long()), "x", None, &Limits::default());
    assert_eq!(document.said(), said);
    let quoted = take(b"id,act,time\n\"".chain(long()), "x", None, &Limits::default());
    assert_eq!(quoted.said(), said);
}

#[test]
fn a_field_that_is_too_long_costs_only_its_row() {
    let limits = Limits { field_bytes: 100, ..Limits::default() };
    let text = format!("{}2024-01-01,30,50,x,uav,{}\n", rows(1), "z".repeat(101));
    let taken = take(text.as_bytes(), "x", Some("viina"), &limits);
    assert_eq!(taken.reasons(), "2 headline: more than the limit `field_bytes` of 100");
    assert_eq!(taken.records.len(), 1);
}

#[test]
fn too_many_columns_are_refused() {
    let taken = take_text(&("a,".repeat(5_000) + "\n"), None);
    assert_eq!(taken.said(), "`test`: more than the limit `fields` of 1024");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{{\"id\":{}1{}}}\n{{\"id\":2}}\n", "[".repeat(500), "]".repeat(500));
    let taken = take_text(&deep, None);
    let reasons = "1 -: more than the limit `nesting` of 32\n\
                   2 -: invalid type: integer `2`, expected text at line 1 column 7";
    assert_eq!(taken.reasons(), reasons);
    let deep = format!("{{\"features\":[{}", "[".repeat(100_000));
    let said = "`test`: row 1: more than the limit `nesting` of 32";
    assert_eq!(take_text(&deep, None).said(), said);
}

#[test]
fn a_truncated_file_gives_what_was_read_and_says_so() {
    let text = rows(20_000);
    for (packing, bytes) in
        [("gzip", gzip(text.as_bytes())), ("zstd", zstd::encode_all(text.as_bytes(), 1).unwrap())]
    {
        let half = &bytes[..bytes.len() / 2];
        let taken = take(half, "x.csv", Some("viina"), &Limits::default());
        let error = taken.outcome.as_ref().unwrap_err();
        assert!(matches!(*error.problem, Problem::Truncated { .. }), "{error}");
        assert!(error.to_string().starts_with(&format!("`x.csv`: the {packing} data end too")));
        assert!(error.so_far.accepted > 1_000, "{error}");
        assert_eq!(error.so_far.accepted as usize, taken.records.len());
    }
    let mut damaged = gzip(text.as_bytes());
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let taken = take(&damaged[..], "x.csv", Some("viina"), &Limits::default());
    assert!(taken.said().contains("gzip data"), "{}", taken.said());
}

#[test]
fn impossible_values_are_rejected_with_their_reason() {
    let text = format!(
        "{VIINA}\
         2024-02-30 10:00:00,30,50,x,uav,a\n\
         2024-02-03 10:00:00,NaN,50,x,uav,a\n\
         2024-02-03 10:00:00,30,91,x,uav,a\n\
         2024-02-03 10:00:00,30,inf,x,uav,a\n\
         2024-02-03 10:00:00,\"30,5\",50,x,uav,a\n\
         2024-02-03 10:00:00,30,50,x,uav\n\
         2024-02-03 10:00:00,30,50,x,uav,\u{202e}kept\n"
    );
    let taken = take_text(&text, Some("viina"));
    let range = "expected a longitude from -180 to 180 and a latitude from -90 to 90, got";
    let reasons = format!(
        "1 datetime: expected a time as `%Y-%m-%d %H:%M:%S` or `%Y-%m-%d`, got \
         `2024-02-30 10:00:00`\n\
         2 lon, lat: {range} `NaN`, `50`\n\
         3 lon, lat: {range} `30`, `91`\n\
         4 lon, lat: {range} `30`, `inf`\n\
         5 lon: expected a number, got `30,5`\n\
         6 -: expected 6 fields, got 5"
    );
    assert_eq!(taken.reasons(), reasons);
    assert_eq!(taken.rejects[1].line, Some(3));
    assert_eq!(taken.records[0].text.as_deref(), Some("\u{202e}kept"));
}

#[test]
fn bytes_that_are_not_text() {
    let mut bytes = rows(1).into_bytes();
    bytes.extend(b"2024-01-01,30,50,x,uav,\xff\xfe\n2024-01-01,30,50,\xc3,\xa9,x\n");
    bytes.extend(b"2024-01-01,30,50,x,uav,good\n");
    let taken = take(&bytes[..], "x", Some("viina"), &Limits::default());
    let reasons = "2 -: expected UTF-8, got other bytes\n3 -: expected UTF-8, got other bytes";
    assert_eq!(taken.reasons(), reasons);
    assert_eq!(taken.records.len(), 2);
}

#[test]
fn hidden_signs_in_names_are_rejected() {
    let line = |id: &str| {
        format!(
            "{{\"id\":\"{id}\",\"act\":\"x\",\"time\":\"2024-01-01T00:00:00Z\",\
             \"known\":\"2024-01-01T00:00:00Z\",\"source\":\"s\"}}\n"
        )
    };
    let text = line("a\u{202e}b") + &line("a\\u0000b") + &line("a\u{2067}") + &line("добре");
    let taken = take_text(&text, None);
    let reasons = "1 id: a name may not hold the hidden sign U+202E\n\
                   2 id: a name may not hold the hidden sign U+0000\n\
                   3 id: a name may not hold the hidden sign U+2067";
    assert_eq!(taken.reasons(), reasons);
    assert_eq!(taken.records.len(), 1);
}

#[test]
fn a_missing_column_is_named_with_what_was_found() {
    let taken = take_text("datetime,lon,latt,event_type,headline\n", Some("viina"));
    assert_eq!(
        taken.said(),
        "`test`: profile `viina` needs the column `lat`; found `datetime`, `lon`, `latt`, \
         `event_type`, `headline`; is it `latt`?"
    );
    let taken = take_text(VIINA, None);
    assert_eq!(
        taken.said(),
        "`test`: profile `casus-csv` needs the column `id`; found `datetime`, `lon`, `lat`, \
         `place_name`, `event_type`, `headline`; these are the columns of the profile `viina`"
    );
    let taken = take_text("id,act,time,graed\n", None);
    assert_eq!(
        taken.said(),
        "`test`: the column `graed` has no meaning in a `casus-csv` file; did you mean `grade`?"
    );
}

#[test]
fn white_space_without_end_is_not_nothing() {
    let text = "\n".repeat(1 << 17) + "{}";
    assert_eq!(take_text(&text, None).said(), "`test`: begins with 65536 bytes of white space");
}

#[test]
fn nothing_is_read_from_nothing() {
    for text in ["", "\n\n", "\u{feff}"] {
        let said = "0 read = 0 accepted + 0 duplicate + 0 unclassified + 0 rejected";
        assert_eq!(take_text(text, None).said(), said);
    }
    let packed = gzip(b"");
    let taken = take(&packed[..packed.len() - 4], "x.gz", None, &Limits::default());
    assert_eq!(taken.said(), "`x.gz`: the gzip data end too early");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        start in 0usize..10,
        profile in 0usize..10,
    ) {
        let starts: [&[u8]; 10] = [
            b"",
            b"{\"type\":\"FeatureCollection\",\"features\":[",
            b"id,act,time\n",
            b"datetime,lon,lat,place_name,event_type,headline\n",
            &[0x1f, 0x8b, 8, 0],
            &[0x28, 0xb5, 0x2f, 0xfd],
            b"{\"id\":\"a\",\"act\":\"b\",",
            b"\\s:a,c:1*0D\\!AIVDM,1,1,,A,",
            b"{\"now\":1,\"aircraft\":[",
            b"MSG,3,1,1,AE0000,1,2026/03/01,10:00:00.000,2026/03/01,10:00:00.250,",
        ];
        let names = [None, Some("viina"), Some("firms"), Some("acled"), Some("ucdp-ged"),
            Some("casus-csv"), Some("ais"), Some("sbs"), Some("readsb"), Some("opensky-states")];
        let source = starts[start].chain(&bytes[..]);
        let taken = take(source, "x", names[profile], &Limits::default());
        if let Ok(count) = &taken.outcome {
            prop_assert!(count.adds_up());
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-z0-9,\"{}\\[\\]:\n;. -]{0,200}", start in 0usize..3) {
        let start = ["", "{\"id\":\"a\",\"places\":[", "id,act,time,lon,lat,quantities\n"][start];
        let taken = take_text(&format!("{start}{text}"), None);
        prop_assert!(taken.outcome.is_ok_and(|count| count.adds_up()) || taken.records.is_empty());
    }
}
