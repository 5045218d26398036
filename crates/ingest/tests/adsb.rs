//! Positions of aircraft as receivers and networks write them.
//!
//! Invariant: every fixture here is invented.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::{Limits, Profile, write_record};
use common::{Taken, take_text, take_with};

fn corpus(name: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/read_aircraft/");
    std::fs::read_to_string(format!("{root}{name}")).unwrap()
}

fn lines(taken: &Taken) -> Vec<String> {
    let cut = |line: String| line.split_once(",\"object\"").unwrap().1.to_owned();
    let mut lines: Vec<String> = taken.records.iter().map(|r| cut(write_record(r))).collect();
    lines.sort();
    lines
}

#[test]
fn aircraft_json() {
    let taken = take_text(&corpus("aircraft.json"), None);
    assert_eq!(taken.said(), "6 read = 4 accepted + 0 duplicate + 2 unclassified + 0 rejected");
    let all = lines(&taken);
    let first = r#":{"kind":"aircraft","item":"ae0000"},"places":[{"point":[30.5,50.5],"error_m":10.0,"altitude_m":[165.76,565.76]}],"time":{"from":"2023-11-14T22:13:19.15Z","to":"2023-11-14T22:13:19.35Z"},"known":"2023-11-14T22:13:20.5Z","quantities":{"speed":{"best":125.5,"unit":"kn"},"course":90.5},"source":{"name":"test","origin":"ae0000"},"grade":"F4","text":"TEST1"}"#;
    assert_eq!(all[0], first);
    assert!(
        all[2].contains(r#""item":"ae0002"},"places":[{"point":[30.5,50.5],"error_m":18520.0"#)
    );
    assert!(
        all[3].contains(r#""item":"~ae0001"},"places":[{"point":[30.5,50.5],"error_m":1000.0"#)
    );
    let count = taken.outcome.unwrap();
    assert_eq!(count.doubts.into_iter().collect::<Vec<_>>(), [("jump".to_owned(), 2)]);
    let late = r#"{"aircraft":[{"hex":"a","lat":1,"lon":1,"seen_pos":1}],"now":5}"#;
    let readsb = Profile::builtin("readsb").unwrap();
    let taken = take_with(late.as_bytes(), "x", Some(&readsb), &Limits::default());
    assert_eq!(taken.reasons(), "1 now: expected `now` before the rows, in seconds since 1970");
    let taken = take_with(&b"{\"a\":1}"[..], "x", Some(&readsb), &Limits::default());
    let reason = "1 -: expected rows in an array `aircraft`, `trace` or `states`";
    assert_eq!(taken.reasons(), reason);
}

#[test]
fn a_trace() {
    let all = lines(&take_text(&corpus("trace.json"), None));
    let expected = [
        r#":{"kind":"aircraft","item":"ae0000"},"places":[{"point":[30.5,50.51],"error_m":30.0}],"time":{"from":"2023-11-14T22:13:29.21Z","to":"2023-11-14T22:13:29.219Z"},"known":"2023-11-14T22:13:29.219Z","source":{"name":"test","origin":"ae0000"},"grade":"F6","text":"TEST"}"#,
        r#":{"kind":"aircraft","item":"ae0000"},"places":[{"point":[30.5,50.5],"error_m":185.0,"altitude_m":[10109.86,10509.86]}],"time":{"from":"2023-11-14T22:13:20.25Z","to":"2023-11-14T22:13:20.259Z"},"known":"2023-11-14T22:13:20.259Z","quantities":{"speed":{"best":478.6,"unit":"kn"},"course":327.8},"source":{"name":"test","origin":"ae0000"},"grade":"F6"}"#,
    ];
    assert_eq!(all, expected);
}

#[test]
fn state_vectors() {
    let taken = take_text(&corpus("states.json"), None);
    let expected = r#":{"kind":"aircraft","item":"ae0000"},"places":[{"point":[30.5,50.5],"error_m":185.0,"altitude_m":[1000.0,1400.0]}],"time":{"from":"2023-11-14T22:13:29Z","to":"2023-11-14T22:13:29.999Z"},"known":"2023-11-14T22:13:30.999Z","quantities":{"speed":{"best":900,"unit":"km/h"},"course":90.5},"source":{"name":"test","origin":"ae0000"},"grade":"F6","text":"TEST"}"#;
    assert_eq!(lines(&taken), [expected]);
    assert_eq!(taken.said(), "2 read = 1 accepted + 0 duplicate + 1 unclassified + 0 rejected");
}

#[test]
fn lines_of_a_base_station() {
    let utc = Profile::builtin("sbs").unwrap().with_zone("UTC").unwrap();
    let text = corpus("lines.sbs");
    let taken = take_with(text.as_bytes(), "logs/port.sbs", Some(&utc), &Limits::default());
    assert_eq!(taken.said(), "5 read = 2 accepted + 0 duplicate + 2 unclassified + 1 rejected");
    assert_eq!(taken.reasons(), "5 address: expected an ICAO address, got nothing");
    let expected = [
        r#":{"kind":"aircraft","item":"ae0000"},"places":[{"point":[30.5,50.5],"error_m":185.0,"altitude_m":[-325.68,935.28]}],"time":"2026-03-01T10:00:00Z","known":"2026-03-01T10:00:00.25Z","source":{"name":"port.sbs","origin":"ae0000"},"grade":"F4"}"#,
        r#":{"kind":"aircraft","item":"ae0000"},"places":[{"point":[30.5,51.5],"error_m":185.0}],"time":"2026-03-01T10:00:10Z","known":"2026-03-01T10:00:10.25Z","quantities":{"speed":{"best":12,"unit":"kn"},"course":90},"source":{"name":"port.sbs","origin":"ae0000"},"grade":"F4","text":"TEST"}"#,
    ];
    assert_eq!(lines(&taken), expected);
    // Without a zone nothing is said of speeds.
    let taken = take_text(&text, None);
    assert_eq!(taken.outcome.unwrap().doubtful, 0);
    let bad = "MSG,3,1,1,a,1,2026/13/01,10:00:00.000,,,,,,,1,1,,,0,0,0,0\n\
               MSG,3,1,1,a,1,2026/03/01,10:00:00.000,2026/03/01,10:00:00.250,,,,,x,1,,,0,0,0,0\n\
               MSG,3\nABC,1\n";
    let taken = take_with(bad.as_bytes(), "x", Some(&utc), &Limits::default());
    assert_eq!(
        taken.reasons(),
        "1 generated: expected a time as `2026/03/01` and `10:00:00.000`, got `2026/13/01 \
         10:00:00.000`\n\
         2 latitude: expected a number, got `x`\n\
         3 -: expected 22 fields, got 2\n\
         4 type: expected `MSG`, `SEL`, `ID`, `AIR`, `STA`, `CLK`, got `ABC`"
    );
    let said = Profile::builtin("ais").unwrap().with_zone("UTC").unwrap_err().to_string();
    assert_eq!(said, "profile `ais`: its times are all of UTC");
}
