//! Real tracks, which are never part of this repository.
//!
//! Invariant: every count here was measured on the data by other means first, or stands in the
//! data themselves as another decoder's word.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::{Limits, Profile};
use casus_model::Record;
use common::{Taken, shared, take_with};
use std::{collections::HashSet, fs::File};

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
