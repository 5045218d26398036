//! Real events whose places are known to very different precision.
//!
//! Invariant: the centroid of a district or a province never passes for the place of an act, even
//! if everything else about the act is beyond doubt.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

mod field;

use casus_model::{Attribution, Confidence, Grade, Instant, Reason, Verdict};
use field::{judge, program_with, records, shared};
use serde_json::{Value, json};
use std::{collections::HashMap, fmt::Write, fs::File, ops::Range};

const LON: Range<i32> = 14..28;
const LAT: Range<i32> = 2..12;

/// One rule for each square degree: some 110 km wide, where a district is known to 60 km.
fn grid() -> (String, String) {
    let mut text = "```casus\nagreement Grid version 1\nparty A\nact killing by A, verb kill\nact \
                    state-based violence, non-state violence, one-sided violence are killing\n"
        .to_owned();
    let mut features = Vec::new();
    for (number, (lon, lat)) in LON.flat_map(|lon| LAT.map(move |lat| (lon, lat))).enumerate() {
        let ring = [[lon, lat], [lon + 1, lat], [lon + 1, lat + 1], [lon, lat + 1], [lon, lat]];
        let geometry = json!({"type": "Polygon", "coordinates": [ring]});
        let id = format!("cell {number}");
        features.push(json!({"type": "Feature", "id": id, "properties": {}, "geometry": geometry}));
        writeln!(text, "zone Cell {number} from grid.geojson feature \"{id}\"").unwrap();
        writeln!(text, "{} A must not kill in Cell {number}", number + 1).unwrap();
    }
    text.push_str("```\n");
    (text, json!({"type": "FeatureCollection", "features": features}).to_string())
}

/// The precision code of each event, by the id of its record.
fn precisions(path: &std::path::Path) -> HashMap<String, i64> {
    let unpacked = zstd::decode_all(File::open(path).unwrap()).unwrap();
    let file: Value = serde_json::from_slice(&unpacked).unwrap();
    let code = |feature: &Value| {
        let of = &feature["properties"];
        (format!("ucdp-{}", of["id"]), of["where_prec"].as_i64().unwrap())
    };
    file["features"].as_array().unwrap().iter().map(code).collect()
}

#[test]
fn a_centroid_never_proves_a_breach_of_a_zone() {
    let Some(path) = shared("ucdp_ged_car/GEDEvent_v23_1_CAR.geojson.zst") else { return };
    let precision = precisions(&path);
    let (mut records, count) = records(&path, Some("ucdp-ged"));
    assert_eq!(count.accepted, 1_848);
    for record in &mut records {
        record.grade = Grade::parse("A1").unwrap();
        record.actor = Some(Attribution { name: "A".into(), confidence: Confidence::CONFIRMED });
    }
    let (text, annex) = grid();
    let clock = Instant::parse("2023-01-01T00:00:00Z").unwrap();
    let engine = judge(&program_with(&text, &annex), records, clock);

    let mut told: HashMap<(i64, Verdict), usize> = HashMap::new();
    for finding in engine.findings() {
        for id in &finding.records {
            let code = precision[id.as_str()];
            *told.entry((code, finding.verdict)).or_default() += 1;
            if code >= 3 {
                let expected = (Verdict::PossiblyBreached, Reason::PlaceUncertain);
                assert_eq!((finding.verdict, finding.reason), expected, "{code}: {finding:#?}");
            }
        }
    }
    let mut rows: Vec<_> = told.iter().collect();
    rows.sort();
    for ((code, verdict), findings) in rows {
        eprintln!("where_prec {code}: {findings} {verdict:?}");
    }
    assert!(told[&(1, Verdict::Breached)] > 1_000);
    assert!(told[&(2, Verdict::Breached)] > 0);
    assert!((3..=5).all(|code| told[&(code, Verdict::PossiblyBreached)] > 0));
}
