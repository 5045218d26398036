//! The built-in profiles on real data, which are never part of this repository.
//!
//! Invariant: every count here was measured on the data by other means first.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::Limits;
use casus_model::{Record, Standing, geometry::Shape, time::DAY_MS};
use common::{Taken, shared, take};
use std::{collections::BTreeMap, fs::File};

fn take_shared(path: &str, profile: &str) -> Option<Taken> {
    let file = shared(path)?;
    Some(take(File::open(file).unwrap(), path, Some(profile), &Limits::default()))
}

fn acts(records: &[Record]) -> BTreeMap<&str, usize> {
    let mut acts = BTreeMap::new();
    for record in records {
        *acts.entry(record.act.as_str()).or_default() += 1;
    }
    acts
}

#[test]
fn viina() {
    let Some(taken) = take_shared("viina/viina_incidents_2023-2025.csv.zst", "viina") else {
        return;
    };
    let count = taken.outcome.as_ref().unwrap();
    assert_eq!((count.read, count.duplicate, count.rejected), (191_675, 26_962, 0));
    assert_eq!((count.accepted, count.unclassified), (91_389, 73_324));
    let values: Vec<_> = count.unclassified_values.keys().collect();
    assert_eq!(values, ["event_type: ", "event_type: loc"]);
    assert_eq!(count.accepted as usize, taken.records.len());
    for record in &taken.records {
        assert_eq!(record.actor, None);
        assert_eq!(record.grade.to_string(), "F6");
        assert_eq!(record.standing, Standing::Asserted);
        assert!(record.time.is_moment() && record.known == record.time.end.1);
        assert_eq!(record.places.len(), 1);
        assert_eq!(record.places[0].error_m, 2_000.0);
    }
    let wide = |r: &&Record| r.time.end.1.0 - r.time.start.0.0 > DAY_MS / 2;
    assert_eq!(taken.records.iter().filter(wide).count(), 56_532);
    assert_eq!(acts(&taken.records).len(), 19);
}

#[test]
fn ucdp_ged() {
    let path = "ucdp_ged_car/GEDEvent_v23_1_CAR.geojson.zst";
    let Some(taken) = take_shared(path, "ucdp-ged") else { return };
    assert_eq!(
        taken.said(),
        "1848 read = 1848 accepted + 0 duplicate + 0 unclassified + 0 rejected"
    );
    assert_eq!(taken.outcome.as_ref().unwrap().widened, 20);
    let mut radii: BTreeMap<String, usize> = BTreeMap::new();
    for record in &taken.records {
        assert_eq!(record.actor, None);
        let radius = record.places.first().map_or("none".to_owned(), |p| p.error_m.to_string());
        *radii.entry(radius).or_default() += 1;
    }
    let radii: Vec<_> = radii.iter().map(|(radius, n)| (radius.as_str(), *n)).collect();
    let expected = [
        ("1000", 1214),
        ("200000", 54),
        ("25000", 374),
        ("300000", 28),
        ("60000", 149),
        ("none", 29),
    ];
    assert_eq!(radii, expected);
    let expected =
        [("non-state violence", 371), ("one-sided violence", 1076), ("state-based violence", 401)];
    assert_eq!(acts(&taken.records).into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn firms_with_three_columns() {
    for (year, rows) in [("2022", 133_979), ("2023", 98_287)] {
        let path = format!("firms/ukr_fire_data_{year}.csv.zst");
        let Some(taken) = take_shared(&path, "firms") else { return };
        let count = taken.outcome.as_ref().unwrap();
        assert_eq!((count.read, count.unclassified, count.rejected), (rows, 0, 0));
        let record = &taken.records[0];
        assert_eq!(record.time.end.1.0 - record.time.start.0.0, DAY_MS - 1);
    }
}

#[test]
fn firms_in_full() {
    let path = "firms/firms_viirs_n20_full_schema_sample.csv";
    let Some(taken) = take_shared(path, "firms") else { return };
    let count = taken.outcome.as_ref().unwrap();
    assert_eq!((count.read, count.accepted), (12, 12), "{}", taken.reasons());
    let record = &taken.records[0];
    assert_eq!(record.act.as_str(), "thermal anomaly");
    assert_eq!(record.actor, None);
    assert_eq!(record.time.start.0.to_string(), "2025-08-11T00:45:00Z");
    let Shape::Point(at) = record.places[0].shape else { panic!("a point") };
    assert_eq!((at.lon, at.lat), (37.21014, 48.26382));
}
