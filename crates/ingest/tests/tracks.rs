//! Positions of things that move, and what is doubted of them.
//!
//! Invariant: every fixture here is invented.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::write_record;
use casus_model::{Record, geometry::Shape};
use common::{Taken, take_text};

const SHIPS: &str = "MMSI,BaseDateTime,LAT,LON,SOG,COG,VesselName\n";

const STATES: &str = "time,icao24,lat,lon,lastposupdate\n";

fn ships(rows: &str) -> Taken {
    take_text(&format!("{SHIPS}{rows}"), Some("marinecadastre"))
}

fn doubts(taken: &Taken) -> Vec<(&str, u64)> {
    let count = taken.outcome.as_ref().unwrap();
    count.doubts.iter().map(|(reason, rows)| (reason.as_str(), *rows)).collect()
}

/// Time and grade of each record, in the order of time.
fn grades(taken: &Taken) -> Vec<String> {
    let mut all: Vec<&Record> = taken.records.iter().collect();
    all.sort_by_key(|record| record.time.start.0);
    let clock = |r: &Record| r.time.start.0.to_string()[11..16].to_owned();
    all.iter().map(|record| format!("{} {}", clock(record), record.grade)).collect()
}

#[test]
fn a_decoded_row_is_a_position_of_one_ship() {
    let taken = ships("338000001,2026-03-01T10:00:00,33.5,-117.25,12.3,360.0,INVENTED\n");
    let line = write_record(&taken.records[0]);
    let (id, rest) = line.split_once(",\"act\"").unwrap();
    assert!(id.starts_with("{\"id\":\"ais-"), "{id}");
    let expected = r#":"position report","object":{"kind":"ship","item":"338000001"},"places":[{"point":[-117.25,33.5],"error_m":100.0}],"time":{"from":"2026-03-01T10:00:00Z","to":"2026-03-01T10:00:00.999Z"},"known":"2026-03-01T10:00:00.999Z","quantities":{"speed":{"best":12.3,"unit":"kn"}},"source":{"name":"MarineCadastre","origin":"338000001"},"grade":"F6","text":"INVENTED"}"#;
    assert_eq!(rest, expected);
}

#[test]
fn aircraft_states_have_heights_and_speeds_that_can_be_compared() {
    let text = "time,icao24,lat,lon,velocity,heading,geoaltitude,baroaltitude,lastposupdate\n\
                1700000010,ae0000,50.5,30.5,250,90.5,10000,9800,1700000009.25\n\
                1700000011,ae0000,50.5,30.5,250,90.5,10000,9800,1700000009.25\n\
                1700000012,ae0000,,,,,,,1700000009.25\n\
                1700000030,ae0000,50.5,30.6,,,,1000,1700000029\n";
    let taken = take_text(text, Some("opensky"));
    assert_eq!(taken.said(), "4 read = 2 accepted + 1 duplicate + 1 unclassified + 0 rejected");
    let first = write_record(&taken.records[0]);
    assert!(first.contains(r#""error_m":185.0,"altitude_m":[9800.0,10200.0]"#), "{first}");
    assert!(first.contains(r#""time":"2023-11-14T22:13:29.25Z""#), "{first}");
    assert!(first.contains(r#""known":"2023-11-14T22:13:30Z""#), "{first}");
    assert!(first.contains(r#"{"speed":{"best":900,"unit":"km/h"},"course":90.5}"#), "{first}");
    let second = &taken.records[1];
    assert_eq!(second.places[0].altitude_m, Some((300.0, 1700.0)));
    assert_eq!(second.quantities, []);
    let count = taken.outcome.as_ref().unwrap();
    assert_eq!(count.unclassified_values["position: not told"], 1);
    let json = r#"[{"timestamp":1600120072000,"icao24":"ae0000","latitude":32.5,"longitude":-117.25,"groundspeed":125.5,"altitude":1000,"track":null},{"timestamp":1600120073000,"icao24":"ae0000","latitude":null,"longitude":null}]"#;
    let taken = take_text(json, Some("traffic"));
    assert_eq!(taken.said(), "2 read = 1 accepted + 0 duplicate + 1 unclassified + 0 rejected");
    let Shape::Point(at) = taken.records[0].places[0].shape else { panic!("a point") };
    assert_eq!((at.lon, at.lat), (-117.25, 32.5));
}

#[test]
fn a_quiet_voyage_is_not_doubted() {
    let taken = ships(
        "338000001,2026-03-01T10:00:00,33.5,-117.25,12,90,\n\
         338000002,2026-03-01T10:00:00,43.5,-70.25,12,90,\n\
         338000001,2026-03-01T10:10:00,33.5,-117.20,12,90,\n\
         338000001,2026-03-01T10:10:00,33.5,-117.2001,12,90,\n",
    );
    assert_eq!(grades(&taken), ["10:00 F6", "10:00 F6", "10:10 F6", "10:10 F6"]);
    assert_eq!(taken.outcome.unwrap().doubtful, 0);
}

#[test]
fn a_leg_that_no_ship_can_make_is_doubted_at_both_ends_and_for_a_while() {
    let taken = ships(
        "338000001,2026-03-01T09:00:00,33.5,-117.25,12,90,\n\
         338000001,2026-03-01T10:00:00,33.5,-117.25,12,90,\n\
         338000001,2026-03-01T10:05:00,33.8,-117.25,12,90,\n\
         338000001,2026-03-01T10:14:00,33.8,-117.25,12,90,\n\
         338000001,2026-03-01T10:16:00,33.8,-117.25,12,90,\n\
         338000001,2026-03-01T10:20:00,43.5,-70.25,12,90,\n",
    );
    let expected = ["09:00 F6", "10:00 F4", "10:05 F4", "10:14 F4", "10:16 F4", "10:20 F4"];
    assert_eq!(grades(&taken), expected);
    assert_eq!(doubts(&taken), [("impossible speed", 2), ("jump", 2), ("near such a fault", 1)]);
    assert_eq!(taken.outcome.as_ref().unwrap().doubtful, 5);
}

#[test]
fn a_leg_at_the_limit_of_speed_is_not_doubted() {
    // 100 kn for an hour, and 2 x 100 m of error and 1 s of resolution on top.
    let rows = |lat: &str| {
        ships(&format!(
            "338000001,2026-03-01T10:00:00,0,10,12,90,\n338000001,2026-03-01T11:00:00,{lat},10,,,\n"
        ))
    };
    assert_eq!(rows("1.676").outcome.unwrap().doubtful, 0);
    assert_eq!(rows("1.678").outcome.unwrap().doubtful, 2);
}

#[test]
fn one_number_in_two_places_and_a_clock_that_goes_back() {
    let taken = ships(
        "338000001,2026-03-01T10:00:00,33.5,-117.25,12,90,\n\
         338000001,2026-03-01T10:00:00,43.5,-70.25,12,90,\n",
    );
    assert_eq!(grades(&taken), ["10:00 F4", "10:00 F4"]);
    assert_eq!(doubts(&taken), [("two places at once", 2)]);
    let rows = "1700000010,ae0000,50.5,30.5,1700000009\n\
                1700000011,ae0000,50.5,30.5,1700000008\n\
                1700009000,ae0000,50.5,30.5,1700009000\n";
    let taken = take_text(&format!("{STATES}{rows}"), Some("opensky"));
    assert_eq!(grades(&taken), ["22:13 F4", "22:13 F4", "00:43 F6"]);
    assert_eq!(doubts(&taken), [("clock went back", 2)]);
}

#[test]
fn rows_out_of_order_are_no_clock_that_goes_back() {
    let taken = ships(
        "338000001,2026-03-01T10:00:00,33.5,-117.25,12,90,\n\
         338000001,2026-03-01T09:00:00,33.5,-117.25,12,90,\n\
         338000001,2026-03-01T09:55:00,33.8,-117.25,12,90,\n",
    );
    assert_eq!(taken.outcome.as_ref().unwrap().doubtful, 0);
}

#[test]
fn a_position_from_after_it_was_known_is_doubted() {
    let text = format!("{STATES}1700000010,ae0000,50.5,30.5,1700000016\n");
    assert_eq!(doubts(&take_text(&text, Some("opensky"))), [("time after it was known", 1)]);
    let text = format!("{STATES}1700000010,ae0000,50.5,30.5,1700000015\n");
    assert_eq!(doubts(&take_text(&text, Some("opensky"))), []);
}
