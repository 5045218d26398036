//! The manual and the schema against the code.
//!
//! Invariant: what `docs/evidence.md` lists is what the crate knows.
#![allow(clippy::unwrap_used)]

use casus_ingest::{Limits, Profile, parse_record};
use std::{collections::BTreeSet, fs};

fn document(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/");
    fs::read_to_string(format!("{root}{path}")).unwrap()
}

#[test]
fn every_act_of_every_profile_is_listed_in_its_order() {
    let manual = document("evidence.md");
    for name in Profile::names() {
        let profile = Profile::builtin(name).unwrap();
        let row = manual.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap();
        let acts: Vec<_> = profile.acts().iter().map(|act| format!("`{act}`")).collect();
        assert!(row.ends_with(&format!("| {} |", acts.join(", "))) || acts.is_empty(), "{name}");
    }
}

#[test]
fn the_profile_of_the_manual_loads() {
    let manual = document("evidence.md");
    let text = manual.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    Profile::parse("manual", text.unwrap()).unwrap();
}

#[test]
fn the_record_of_the_manual_reads() {
    let manual = document("evidence.md");
    let line = manual.lines().find(|line| line.starts_with("{\"id\":")).unwrap();
    parse_record(line).unwrap();
}

#[test]
fn the_schema_has_the_fields_of_the_record() {
    let schema: serde_json::Value =
        serde_json::from_str(&document("schema/record.schema.json")).unwrap();
    let listed: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().cloned().collect();
    let said = parse_record("{\"nonsense\":1}").unwrap_err();
    let known = said.split('`').skip(3).step_by(2).map(str::to_owned);
    let only_geojson = ["role", "error_m", "altitude_m"];
    let known: BTreeSet<_> = known.filter(|name| !only_geojson.contains(&name.as_str())).collect();
    assert_eq!(listed, known);
}

#[test]
fn every_limit_is_listed() {
    let manual = document("evidence.md");
    let limits = format!("{:?}", Limits::default());
    for part in limits.trim_start_matches("Limits { ").split(", ") {
        let name = part.split(':').next().unwrap();
        assert!(manual.contains(&format!("| `{name}`:")), "{name}");
    }
}
