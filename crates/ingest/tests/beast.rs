//! Recordings of frames in the Beast format.
//!
//! Invariant: every fixture here is invented.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use casus_ingest::{Limits, Profile, write_record};
use common::{Taken, beast, beast_profile, take_with};
use proptest::prelude::*;

const FIRST: &str = "2026-03-01T10:00:00Z";

fn corpus(name: &str) -> Vec<u8> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/read_beast/");
    std::fs::read(format!("{root}{name}")).unwrap()
}

fn take(bytes: &[u8], first: &str, more: &str) -> Taken {
    take_with(bytes, "x.beast", Some(&beast_profile(first, more)), &Limits::default())
}

/// What is told of each thing, in the order of their times, but for who tells it.
fn lines(taken: &Taken) -> Vec<String> {
    let mut all: Vec<_> = taken.records.iter().collect();
    all.sort_by_key(|record| record.time.start.0);
    let cut = |line: String| {
        let told = line.split_once("\"item\":").unwrap().1;
        let (told, rest) = told.split_once(",\"known\"").unwrap();
        let measures = rest.split_once(",\"quantities\":").map(|(_, rest)| rest);
        let measures = measures.map(|rest| rest.split_once(",\"source\"").unwrap().0);
        format!("{told} {}", measures.unwrap_or_default())
    };
    all.into_iter().map(|record| cut(write_record(record))).collect()
}

#[test]
fn frames_become_positions() {
    let taken = take(&corpus("flight.beast"), FIRST, "");
    assert_eq!(taken.said(), "20 read = 6 accepted + 0 duplicate + 9 unclassified + 5 rejected");
    let expected = [
        r#""ae0000"},"places":[{"point":[30.501016152871614,50.500007241459215],"error_m":185.2,"altitude_m":[9275.52,12670.080000000002]}],"time":"2026-03-01T10:00:00.6Z" "#,
        r#""ae0000"},"places":[{"point":[30.503034089740936,50.49998474121094],"error_m":10.0,"altitude_m":[9282.378,12678.462]}],"time":"2026-03-01T10:00:01.6Z" "#,
        r#""ae0000"},"places":[{"point":[30.550009237753386,50.500007241459215],"error_m":10.0,"altitude_m":[10803.28,11203.28]}],"time":"2026-03-01T10:00:20Z" "#,
        r#""ae0000"},"places":[{"point":[30.551008927194687,50.499996185302734],"error_m":10.0}],"time":"2026-03-01T10:00:20.4Z" {"speed":{"best":2.5,"unit":"kn"},"course":90}"#,
        r#""~ae0001"},"places":[{"point":[30.700032002217057,50.60000144829184],"error_m":185.2,"altitude_m":[-51.360000000000014,1270.56]}],"time":"2026-03-01T10:00:20.9Z" "#,
        r#""~ae0002"},"places":[{"point":[30.800022434543905,50.60000144829184],"error_m":1000.0,"altitude_m":[-51.360000000000014,1270.56]}],"time":"2026-03-01T10:00:21.4Z" "#,
    ];
    assert_eq!(lines(&taken), expected);
    let reasons = "\
        15 parity: expected the parity `0d3e94`, got `033314`\n\
        16 time: the frame has no time: expected a counter of the receiver\n\
        17 time: the counter went back by 12 s: expected one recording of one receiver\n\
        18 -: expected a frame, got 5 bytes that are none\n\
        19 -: expected a frame of 14 bytes, got 6";
    assert_eq!(taken.reasons(), reasons);
    let count = taken.outcome.unwrap().unclassified_values;
    let all: Vec<_> = count.iter().map(|(value, rows)| format!("{value} {rows}")).collect();
    let expected = [
        "frame: Mode A or C 1",
        "frame: kind 0x34 1",
        "message: DF 11 1",
        "message: DF 20 1",
        "message: type code 19 without a position 1",
        "message: type code 31 without a position 1",
        "position: told only together with another 3",
    ];
    assert_eq!(all, expected);
}

#[test]
fn the_counter_may_be_the_time_of_day() {
    let clock = "clock = \"gps\"";
    let taken = take(&corpus("day.beast"), "2026-03-01T23:59:59.5Z", clock);
    let times: Vec<String> = taken.records.iter().map(|one| one.time.start.0.to_string()).collect();
    assert_eq!(times, ["2026-03-02T00:00:00.25Z", "2026-03-02T00:00:03Z"]);
    assert!(taken.records.iter().all(|one| one.places[0].error_m == 18_520.0));
    let taken = take(&corpus("day.beast"), FIRST, clock);
    let first = "1 time: expected the first frame between `base_from` and `base_to`, got \
                 2026-03-01T23:59:59.5Z";
    assert!(taken.records.is_empty() && taken.reasons().starts_with(first), "{}", taken.reasons());
}

#[test]
fn on_the_ground_a_place_nearby_is_needed() {
    let taken = take(&corpus("ground.beast"), FIRST, "near = [30.0, 50.0]");
    let expected = [
        r#""ae0000"},"places":[{"point":[30.551008927194687,50.499996185302734],"error_m":25.0}],"time":"2026-03-01T10:00:00Z" {"speed":{"best":0.125,"unit":"kn"},"course":180}"#,
        r#""ae0000"},"places":[{"point":[30.55099281104836,50.49999560339976],"error_m":7.5}],"time":"2026-03-01T10:00:00Z" {"speed":{"best":0,"unit":"kn"},"course":0}"#,
    ];
    assert_eq!(lines(&taken), expected);
    let taken = take(&corpus("ground.beast"), FIRST, "");
    assert_eq!(taken.said(), "6 read = 0 accepted + 0 duplicate + 5 unclassified + 1 rejected");
    assert_eq!(taken.reasons(), "6 -: expected a frame, got the end");
}

#[test]
fn a_place_is_used_only_as_long_as_it_tells_the_zone() {
    // The thing was last seen after 20 s; by itself this frame tells a place in a zone.
    let message =
        [0x8d, 0xae, 0x00, 0x00, 0x58, 0xb9, 0x91, 0xaa, 0xaa, 0x70, 0x85, 0xc7, 0x40, 0x4d];
    let later = |seconds: u64| {
        let mut flight = corpus("flight.beast");
        flight.extend(beast(0x1a00_0000_0000 + seconds * 12_000_000, &message));
        take(&flight, FIRST, "").records.len()
    };
    assert_eq!([60, 300, 400, 6_000].map(later), [7, 7, 6, 6]);
}

#[test]
fn a_recording_without_a_day_says_what_to_do() {
    let said = "`x.beast`: a recording in the Beast format names no day: set `base_from` and \
                `base_to`, between which its first frame was received, in a copy of the profile \
                `beast`, and read it under that copy";
    for profile in [None, Some(Profile::builtin("beast").unwrap())] {
        let bytes = corpus("flight.beast");
        let taken = take_with(&bytes[..], "x.beast", profile.as_ref(), &Limits::default());
        assert!(taken.said().starts_with(said), "{}", taken.said());
    }
    let other = Profile::builtin("traffic").unwrap();
    let taken = take_with(&corpus("flight.beast")[..], "x", Some(&other), &Limits::default());
    assert!(taken.said().contains("a copy of the profile `beast`"), "{}", taken.said());
}

#[test]
fn what_only_frames_have_is_refused_elsewhere() {
    let text = Profile::builtin_text("beast").unwrap();
    let fault = |from: &str, to: &str| {
        Profile::parse("own", &text.replace(from, to)).unwrap_err().to_string()
    };
    let said = fault("reader = \"beast\"", "reader = \"sbs\"\nnear = [1, 2]");
    assert_eq!(said, "profile `own`: `near`: only the reader `beast` has it");
    let said = fault("reader =", "near = [181, 2]\nreader =");
    assert!(said.starts_with("profile `own`: `near`: "), "{said}");
    let days = "clock = \"gps\"\nbase_from = \"2026-03-01T00:00:00Z\"\n\
                base_to = \"2026-03-02T00:00:00Z\"\nreader =";
    let said = fault("reader =", days);
    assert!(said.contains("`base_from` and `base_to` less than 24 hours apart"), "{said}");
}

#[test]
fn limits_hold() {
    let limits = Limits { rows: 3, ..Limits::default() };
    let profile = beast_profile(FIRST, "");
    let taken = take_with(&corpus("flight.beast")[..], "x", Some(&profile), &limits);
    assert!(taken.said().contains("row 4: more than the limit `rows` of 3"), "{}", taken.said());
    // Where there is room for one thing only, another one drives it out.
    let half = |thing: u8, odd: u8| sealed([0, 0, 0, thing, 0, 0, odd << 2, 0, 0, 0, 0], 11);
    let three = [beast(1, &half(1, 0)), beast(2, &half(2, 0)), beast(3, &half(1, 1))].concat();
    let taken = [1, 2].map(|tracked| {
        let limits = Limits { tracked, ..Limits::default() };
        take_with(&three[..], "x", Some(&profile), &limits).records.len()
    });
    assert_eq!(taken, [0, 1]);
    let limits = Limits { silence_s: 10, ..Limits::default() };
    // What comes 19 s later is not believed, and what comes 8 s later is.
    let taken = take_with(&corpus("flight.beast")[..], "x", Some(&profile), &limits);
    assert_eq!(taken.records.len(), 3);
    // A recording that never begins a frame is one reject, however long.
    let taken = take(&vec![b'x'; 1 << 20], FIRST, "");
    assert_eq!(taken.reasons(), "1 -: expected a frame, got 1048576 bytes that are none");
}

proptest! {
    #[test]
    fn no_recording_makes_it_panic(
        parts in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..40),
                (any::<u64>(), any::<[u8; 14]>()).prop_map(|(at, bytes)| beast(at, &bytes)),
                (0_u64..1 << 40, any::<[u8; 11]>(), 0..32_u8).prop_map(|(at, bytes, code)| {
                    beast(at, &sealed(bytes, code))
                }),
            ],
            0..40,
        ),
        clock in prop_oneof![Just(""), Just("clock = \"gps\""), Just("near = [30, 50]")],
    ) {
        let taken = take(&parts.concat(), FIRST, clock);
        let count = taken.outcome.unwrap();
        prop_assert!(count.adds_up());
        prop_assert_eq!(count.accepted, taken.records.len() as u64);
    }
}

/// A squitter with this type code and the right parity.
fn sealed(bytes: [u8; 11], code: u8) -> [u8; 14] {
    let mut message = [0; 14];
    message[..11].copy_from_slice(&bytes);
    message[0] = 0x8d | bytes[0] & 0x1f;
    message[4] = code << 3 | bytes[4] & 7;
    let parity = message[..11].iter().fold(0_u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte) << 16, |sum, _| {
            if sum & 0x80_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1ff_f409 }
        })
    });
    message[11..].copy_from_slice(&parity.to_be_bytes()[1..]);
    message
}
