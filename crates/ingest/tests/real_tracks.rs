//! Real tracks, which are never part of this repository.
//!
//! Invariant: every count here was measured on the data by other means first, or stands in the
//! data themselves as another decoder's word.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use casus_ingest::{Limits, Profile};
use casus_model::{Record, geometry::Shape};
use common::{Taken, shared, take_with};
use serde_json::Value;
use std::{
    collections::{BTreeSet, HashSet},
    fs::{self, File},
    io::Read,
};

fn take_shared(path: &str, profile: Option<&Profile>) -> Option<Taken> {
    let file = shared(path)?;
    Some(take_with(File::open(file).unwrap(), path, profile, &Limits::default()))
}

fn take_as(path: &str, profile: &str) -> Option<Taken> {
    take_shared(path, Some(&Profile::builtin(profile).unwrap()))
}

fn item(record: &Record) -> Option<String> {
    record.object.as_ref()?.item.as_ref().map(ToString::to_string)
}

fn reasons(taken: &Taken) -> Vec<(&str, u64)> {
    let count = taken.outcome.as_ref().unwrap();
    count.doubts.iter().map(|(reason, rows)| (reason.as_str(), *rows)).collect()
}

#[test]
fn marinecadastre() {
    let path = "ais/marinecadastre_2022-01-03_99999.csv.zst";
    let Some(taken) = take_as(path, "marinecadastre") else { return };
    let said = "99999 read = 99998 accepted + 1 duplicate + 0 unclassified + 0 rejected";
    assert_eq!(taken.said(), said);
    let expected = [
        ("impossible speed", 66),
        ("jump", 50),
        ("near such a fault", 210),
        ("two places at once", 54),
    ];
    assert_eq!(reasons(&taken), expected);
    let doubtful = taken.records.iter().filter(|record| record.grade.to_string() == "F4").count();
    assert_eq!((doubtful, taken.outcome.as_ref().unwrap().doubtful), (314, 314));
    let speeds = |record: &Record| record.quantities.iter().any(|(name, _)| &**name == "speed");
    assert_eq!(taken.records.iter().filter(|record| !speeds(record)).count(), 173);
    let items: HashSet<_> = taken.records.iter().filter_map(item).collect();
    assert_eq!(items.len(), 10_631);
}

#[test]
fn aircraft_states() {
    let all = [
        ("switzerland", 139_098, 139_098, 0, vec![]),
        (
            "aircraft_carrier",
            9_024,
            7_335,
            1_815,
            vec![("impossible speed", 10), ("near such a fault", 1_809)],
        ),
        (
            "inflight_refuelling",
            10_397,
            10_396,
            602,
            vec![("impossible speed", 2), ("near such a fault", 600)],
        ),
        ("border_control", 1_465, 1_465, 0, vec![]),
        ("calfire", 9_955, 9_955, 6, vec![("impossible speed", 2), ("near such a fault", 4)]),
    ];
    for (name, read, accepted, doubtful, expected) in all {
        let path = format!("adsb/{name}.json.gz");
        let Some(taken) = take_as(&path, "traffic") else { return };
        let count = taken.outcome.as_ref().unwrap();
        assert_eq!((count.read, count.accepted, count.doubtful), (read, accepted, doubtful));
        assert_eq!(count.unclassified, read - accepted, "{name}");
        assert_eq!(reasons(&taken), expected, "{name}");
    }
}

/// What decoders must agree on: the number, the place to a millionth of a degree, and speed and
/// course in tenths.
type Fix = (String, i64, i64, Option<i64>, Option<i64>);

fn near(number: f64, parts: f64) -> i64 {
    (number * parts).round() as i64
}

fn fix(record: &Record, parts: f64) -> Fix {
    let Shape::Point(at) = record.places[0].shape else { panic!("a point") };
    let tenths = |wanted: &str| {
        let found = record.quantities.iter().find(|(name, _)| &**name == wanted);
        found.map(|(_, amount)| near(amount.range.best.to_string().parse().unwrap(), 10.0))
    };
    // gpsd writes the coarse ones to a tenth of a degree.
    let parts = if record.places[0].error_m > 100.0 { 10.0 } else { parts };
    let (lon, lat) = (near(at.lon, parts), near(at.lat, parts));
    (item(record).unwrap(), lon, lat, tenths("speed"), tenths("course"))
}

/// The positions of a file that another decoder wrote.
fn twins(path: &str, parts: f64) -> Option<BTreeSet<Fix>> {
    let text = fs::read_to_string(shared(path)?).unwrap();
    let all = text.lines().filter_map(|line| {
        let value: Value = serde_json::from_str(line).unwrap();
        let kind = value["type"].as_u64()?;
        let (lon, lat) = (value["lon"].as_f64()?, value["lat"].as_f64()?);
        let is_read =
            matches!(kind, 1..=3 | 18 | 19 | 27) && lon.abs() <= 180.0 && lat.abs() <= 90.0;
        let tenths = |name: &str, most: f64| {
            value[name].as_f64().filter(|number| *number < most).map(|number| near(number, 10.0))
        };
        let parts = if kind == 27 { 10.0 } else { parts };
        let (fast, round) = if kind == 27 { (62.5, 359.5) } else { (102.15, 359.95) };
        let mmsi = format!("{:09}", value["mmsi"].as_u64()?);
        let (speed, course) = (tenths("speed", fast), tenths("course", round));
        is_read.then(|| (mmsi, near(lon, parts), near(lat, parts), speed, course))
    });
    Some(all.collect())
}

/// The profile of sentences, where they have no time.
fn untimed() -> Profile {
    let text = Profile::builtin_text("ais").unwrap();
    let base = "base_from = \"2010-01-01T00:00:00Z\"\nbase_to = \"2010-12-31T00:00:00Z\"\n";
    Profile::parse("untimed.toml", &text.replace("reader =", &format!("{base}reader ="))).unwrap()
}

#[test]
fn sentences_say_what_gpsd_and_libais_read_in_them() {
    let files = [
        ("ais/gpsd_sample.aivdm", "ais/gpsd_sample.aivdm.js.chk", 1e6, 11),
        ("ais/libais_typeexamples.nmea", "ais/libais_typeexamples.json", 1e3, 3),
        ("ais/libais_tagblock.nmea", "ais/libais_tagblock.json", 1e3, 3),
    ];
    for (path, twin, parts, count) in files {
        let Some(taken) = take_shared(path, Some(&untimed())) else { return };
        let Some(expected) = twins(twin, parts) else { return };
        let found: BTreeSet<Fix> = taken.records.iter().map(|one| fix(one, parts)).collect();
        assert_eq!(found.len(), count, "{path}");
        assert_eq!(found, expected, "{path}");
    }
}

#[test]
fn sentences_from_many_hands() {
    let path = "ais/pyais_nmea_data_sample.txt";
    let Some(taken) = take_shared(path, Some(&untimed())) else { return };
    let said = "898 read = 749 accepted + 9 duplicate + 120 unclassified + 20 rejected";
    assert_eq!(taken.said(), said);
    // What another decoder makes of them: 758 positions, and these sums of the different ones.
    let all: BTreeSet<Fix> = taken.records.iter().map(|record| fix(record, 1e3)).collect();
    let sum = |of: &dyn Fn(&Fix) -> i64| all.iter().map(of).sum::<i64>();
    let places = (sum(&|fix| fix.1), sum(&|fix| fix.2));
    let moves = (sum(&|fix| fix.3.unwrap_or(0)), sum(&|fix| fix.4.unwrap_or(0)));
    assert_eq!((all.len(), places, moves), (672, (15_073_018, 24_975_119), (80_519, 1_253_696)));
    assert_eq!(sum(&|fix| fix.0.parse().unwrap()), 215_025_184_953);
    let path = "ais/pyais_mixed.txt";
    let Some(taken) = take_shared(path, Some(&untimed())) else { return };
    let said = "28 read = 8 accepted + 0 duplicate + 15 unclassified + 5 rejected";
    assert_eq!(taken.said(), said);
    let path = "ais/libais_test.aivdm";
    let Some(taken) = take_shared(path, None) else { return };
    let said = "310 read = 28 accepted + 0 duplicate + 269 unclassified + 13 rejected";
    assert_eq!(taken.said(), said);
}

#[test]
fn tag_blocks_say_who_heard_it_and_when() {
    let Some(mut taken) = take_shared("ais/libais_tagblock.nmea", None) else { return };
    taken.records.sort_by_key(|record| record.known);
    let said = |record: &Record| {
        format!("{} {} {}", record.source.name, record.time.start.0, record.known)
    };
    let all: Vec<String> = taken.records.iter().map(said).collect();
    let expected = [
        "rORBCOMM007 2014-12-10T00:32:41Z 2014-12-10T00:32:41.999Z",
        "rORBCOMM007 2014-12-10T00:35:21Z 2014-12-10T00:35:22.999Z",
        "rORBCOMM104 2014-12-10T00:41:51Z 2014-12-10T00:41:53.999Z",
    ];
    assert_eq!(all, expected);
}

#[test]
fn a_trace_of_readsb() {
    let path = "adsb/readsb_trace_full_ac671b.json.gz";
    let Some(taken) = take_shared(path, None) else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(shared(path).unwrap()).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let points = whole["trace"].as_array().unwrap();
    assert_eq!(taken.records.len(), points.len(), "{}", taken.reasons());
    let mut expected = BTreeSet::new();
    for point in points {
        let at = |index: usize| point[index].as_f64();
        let tenths = |index: usize| at(index).map(|number| near(number, 10.0));
        let (lat, lon) = (at(1).unwrap(), at(2).unwrap());
        let (lon, lat) = (near(lon, 1e6), near(lat, 1e6));
        expected.insert(("ac671b".to_owned(), lon, lat, tenths(4), tenths(5)));
    }
    let exact = |record: &Record| {
        let Shape::Point(at) = record.places[0].shape else { panic!("a point") };
        let (item, _, _, speed, course) = fix(record, 1e6);
        (item, near(at.lon, 1e6), near(at.lat, 1e6), speed, course)
    };
    assert_eq!(taken.records.iter().map(exact).collect::<BTreeSet<Fix>>(), expected);
    let said = "2500 read = 2500 accepted + 0 duplicate + 0 unclassified + 0 rejected";
    assert_eq!((taken.said().as_str(), reasons(&taken)), (said, vec![]));
    let first = taken.records.iter().min_by_key(|record| record.time.start.0).unwrap();
    assert_eq!(first.time.start.0.to_string(), "2025-02-04T21:13:42.619Z");
}

#[test]
fn frames_that_another_decoder_read() {
    let path = "adsb/rs1090_full_flight_short.jsonl.zst";
    let text = Profile::builtin_text("traffic").unwrap();
    let text = text.replace("epoch ms", "epoch s").replace("\"latitude\"", "\"latitude?\"");
    let text = text.replace("\"longitude\"", "\"longitude?\"");
    let profile = Profile::parse("frames.toml", &text).unwrap();
    let Some(taken) = take_shared(path, Some(&profile)) else { return };
    let said = "57793 read = 8281 accepted + 691 duplicate + 48821 unclassified + 0 rejected";
    assert_eq!((taken.said().as_str(), reasons(&taken)), (said, vec![]));
}
