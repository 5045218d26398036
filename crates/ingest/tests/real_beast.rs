//! Real frames of aircraft, which are never part of this repository.
//!
//! Invariant: every place here was read by another decoder: in the data themselves, or, where this
//! is said, by one that was run on them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use casus_ingest::Limits;
use casus_model::{Record, geometry::Shape};
use common::{Taken, beast, beast_profile, shared, take_with};
use serde_json::Value;
use std::{collections::BTreeMap, fs::File, io::BufRead};

fn place(record: &Record) -> (f64, f64) {
    let Shape::Point(at) = record.places[0].shape else { panic!("a point") };
    (at.lon, at.lat)
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// The frames that another decoder wrote beside what it read in them, and these as a recording.
fn flight() -> Option<(Vec<Value>, Vec<u8>)> {
    let file = File::open(shared("adsb/rs1090_full_flight_short.jsonl.zst")?).unwrap();
    let lines = std::io::BufReader::new(zstd::Decoder::new(file).unwrap()).lines();
    let told: Vec<Value> =
        lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    let mut recording = Vec::new();
    for one in &told {
        let ticks = (one["timestamp"].as_f64().unwrap() - BEGIN_S) * 12e6;
        recording.extend(beast(ticks.round() as u64, &hex(one["frame"].as_str().unwrap())));
    }
    Some((told, recording))
}

/// The second before the first frame, so that no counter is zero.
const BEGIN_S: f64 = 1_720_248_189.0;

fn take(recording: &[u8], more: &str) -> Taken {
    let profile = beast_profile("2024-07-06T06:43:09.525Z", more);
    take_with(recording, "flight.beast", Some(&profile), &Limits::default())
}

/// Where, and the height in feet.
type Told = (f64, f64, Option<i64>);

#[test]
fn frames_say_what_another_decoder_read_in_them() {
    let Some((told, recording)) = flight() else { return };
    let ms = |one: &Value| (one["timestamp"].as_f64().unwrap() * 1e3).floor() as i64;
    let mut expected: BTreeMap<i64, Vec<Told>> = BTreeMap::new();
    for one in &told {
        if let (Some(lon), Some(lat)) = (one["longitude"].as_f64(), one["latitude"].as_f64()) {
            let feet = one["altitude"].as_i64();
            expected.entry(ms(one)).or_default().push((lon, lat, feet));
        }
    }
    // The flight begins on the ground, near the place that is declared.
    let taken = take(&recording, "near = [2.55, 49.01]");
    let said = "57793 read = 7820 accepted + 504 duplicate + 49469 unclassified + 0 rejected";
    assert_eq!(taken.said(), said);
    // The same frame of two receivers within a millisecond is one record.
    assert_eq!(expected.values().flatten().count(), 7_820 + 504);
    for record in &taken.records {
        let at = record.time.start.0.0;
        let near = expected.range(at - 1..=at + 1).flat_map(|(_, all)| all);
        let (lon, lat) = place(record);
        let middle = record.places[0].altitude_m.map(|(low, high)| (low + high) / 2.0);
        let same = |one: &&Told| {
            (one.0 - lon).abs() < 1e-9
                && (one.1 - lat).abs() < 1e-9
                && one.2.map(|feet| (feet as f64 * 0.304_8).round()) == middle.map(f64::round)
        };
        assert!(near.clone().any(|one| same(&one)), "{at} {lon} {lat} {middle:?}");
    }
    assert_eq!(taken.outcome.unwrap().doubtful, 0);
}

#[test]
fn without_a_place_nearby_the_ground_before_the_flight_is_not_told() {
    let Some((_, recording)) = flight() else { return };
    let taken = take(&recording, "");
    // 1,349 before it takes off, and 6 in the air until one of the other kind comes.
    let said = "57793 read = 6557 accepted + 412 duplicate + 50824 unclassified + 0 rejected";
    assert_eq!(taken.said(), said);
    let count = taken.outcome.unwrap();
    let halves = count.unclassified_values["position: told only together with another"];
    assert_eq!((halves, count.doubtful), (1_349 + 6, 0));
}

#[test]
fn a_recording_of_dump1090() {
    let Some(file) = shared("adsb/dump1090_beast_sample.bin") else { return };
    let recording = std::fs::read(file).unwrap();
    let taken = take(&recording, "");
    assert_eq!(taken.said(), "239 read = 3 accepted + 0 duplicate + 236 unclassified + 0 rejected");
    // What pyModeS 3.6.1 reads in the same frames.
    let expected = [
        (1.231_515_066_964_285_6, 43.644_212_625_794_49),
        (1.231_253_487_723_213_4, 43.646_028_163_069_38),
        (1.229_638_387_990_552_4, 43.656_646_728_515_625),
    ];
    for (record, (lon, lat)) in taken.records.iter().zip(expected) {
        let found = place(record);
        assert!((found.0 - lon).abs().max((found.1 - lat).abs()) < 1e-9, "{found:?}");
        assert_eq!(record.object.as_ref().unwrap().item.as_deref(), Some("48520a"));
        // 38,000 feet by pressure, and the code of accuracy 9.
        assert_eq!(record.places[0].error_m, 30.0);
        let (low, high) = record.places[0].altitude_m.unwrap();
        assert!(((low + high) / 2.0 - 11_582.4).abs() < 1e-6, "{low} {high}");
    }
}
