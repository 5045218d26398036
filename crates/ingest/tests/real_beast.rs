//! Real frames of aircraft, which are never part of this repository.
//!
//! Invariant: every place here was read by another decoder: in the data themselves, or, where this
//! is said, by one that was run on them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use casus_ingest::{Limits, Profile};
use casus_model::{Record, geometry::Shape};
use common::{Taken, beast, beast_profile, shared, take_with};
use serde_json::Value;
use std::{collections::BTreeMap, fs::File, io::BufRead};

/// When, in milliseconds, and where, to a hundred thousandth of a degree.
type Seen = (i64, i64, i64);

fn near(degrees: f64) -> i64 {
    (degrees * 1e5).round() as i64
}

fn place(record: &Record) -> (f64, f64) {
    let Shape::Point(at) = record.places[0].shape else { panic!("a point") };
    (at.lon, at.lat)
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
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

#[test]
fn frames_say_what_another_decoder_read_in_them() {
    let Some((told, recording)) = flight() else { return };
    // It lands where it never took off: the ground is near the airport that it leaves.
    let taken = take(&recording, "near = [2.55, 49.01]");
    let first_ms = (told[0]["timestamp"].as_f64().unwrap() * 1e3).floor();
    let mut expected: BTreeMap<i64, Vec<(f64, f64, Option<i64>)>> = BTreeMap::new();
    for one in &told {
        let (Some(lon), Some(lat)) = (one["longitude"].as_f64(), one["latitude"].as_f64()) else {
            continue;
        };
        let ms = (one["timestamp"].as_f64().unwrap() * 1e3 - first_ms).floor() as i64;
        expected.entry(ms).or_default().push((lon, lat, one["altitude"].as_i64()));
    }
    println!("{}", taken.said());
    println!("{:?}", taken.outcome.as_ref().unwrap());
    let base = taken.records.iter().map(|r| r.time.start.0.0).min().unwrap();
    let (mut far, mut none, mut worst) = (0, 0, 0.0_f64);
    for record in &taken.records {
        let ms = record.time.start.0.0 - 1_720_248_189_525;
        let all = (ms - 1..=ms + 1).flat_map(|ms| expected.get(&ms).into_iter().flatten());
        let (lon, lat) = place(record);
        let best = all.map(|one| (one.0 - lon).abs().max((one.1 - lat).abs())).reduce(f64::min);
        match best {
            None => none += 1,
            Some(d) => { worst = worst.max(d); if d > 1e-6 { far += 1; if far < 10 { println!("{ms} {lon} {lat} {d}"); } } }
        }
    }
    println!("{base} far {far} none {none} worst {worst} of {} expected {}", taken.records.len(), expected.values().flatten().count());
}
