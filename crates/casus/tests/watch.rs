//! Evidence as it arrives: the changes, and that they add up.
//!
//! Invariant: whatever the way in, the sum of the changes is what a run says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{and, casus, casus_with, command, fresh, pact, sum};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

const AGREEMENT: &str = "# Test\n\n```casus\nagreement Test version 1\n\nact position\n\
zones area from zones.geojson named by \"name\"\n1 finding seen of item, area\n    \
when at least 1 position in same area, same item within 30 seconds\n```\n";

const ZONES: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
"properties":{"name":"North"},"geometry":{"type":"Polygon","coordinates":
[[[30,50],[31,50],[31,51],[30,51],[30,50]]]}}]}"#;

const PROFILE: &str = r#"
name = "positions"
title = "Positions"
[id]
columns = ["id", "t"]
[[act]]
fixed = "position"
[object]
kind = { fixed = "ship" }
item = "id"
[[place]]
lon = "lon"
lat = "lat"
[track]
mover = "ship"
[time]
column = "t"
format = ["epoch s"]
zone = "UTC"
resolution = "millisecond"
[known]
column = "t"
format = ["epoch s"]
[source]
name = { fixed = "radar" }
[grade]
fixed = "A1"
"#;

#[test]
fn the_changes_add_up_to_what_a_run_says() {
    let watched = ["watch", "pact.md", "--evidence", "night.jsonl", "--until-end", "--json"];
    let done = casus(&watched);
    assert_eq!(done.exit, 0, "{}", done.err);
    let found = sum(&done.of_kind("change"));
    let run = casus(&["run", "pact.md", "--evidence", "night.jsonl", "--json"]);
    let findings = run.of_kind("finding");
    assert!(findings.len() > 5);
    for finding in &findings {
        let same = &found[finding["id"].as_str().unwrap()];
        for field in ["verdict", "reason", "party", "records", "from", "questions"] {
            assert_eq!(same[field], finding[field], "{field} of {}", finding["id"]);
        }
    }
    // What is merely owed has a duty line alone.
    let duties = run.of_kind("duty");
    let told = findings.iter().chain(&duties).map(|one| one["id"].as_str().unwrap());
    let told: BTreeSet<&str> = told.collect();
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), told);
    let read = run.of_kind("evidence")[0]["read"].as_u64().unwrap();
    assert!(done.err.contains(&format!("evidence  {read} read")), "{}", done.err);
}

#[test]
fn a_bad_line_is_told_and_the_others_count() {
    let night = std::fs::read_to_string(pact().join("night.jsonl")).unwrap();
    let input = format!("{{\"id\": 7\n{night}");
    let watched = ["watch", "pact.md", "--json"];
    let done = casus_with(&watched, input.as_bytes());
    assert_eq!(done.exit, 0, "{}", done.err);
    assert!(done.err.contains("line 1"), "{}", done.err);
    let whole = casus_with(&watched, night.as_bytes());
    assert_eq!(sum(&done.of_kind("change")), sum(&whole.of_kind("change")));
}

#[test]
fn people_read_sentences() {
    let done = casus(&["watch", "pact.md", "--evidence", "night.jsonl", "--until-end"]);
    assert!(done.out.lines().any(|line| line.contains("breached")), "{}", done.out);
    assert!(!done.out.contains("not in force"), "{}", done.out);
}

#[test]
fn a_file_is_followed_as_it_grows() {
    let folder = fresh("growing");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("grows.jsonl");
    let night = std::fs::read_to_string(pact().join("night.jsonl")).unwrap();
    let (first, rest) = night.split_at(night.find('\n').unwrap() + 1);
    std::fs::write(&path, first).unwrap();
    let named = path.to_str().unwrap();
    let mut process = command(&and(&["watch", "pact.md", "--json", "--evidence"], &[named]));
    let mut process = process.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let opened: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(opened["kind"], "change");
    // In two pieces, the second of which begins within a line.
    let (half, other) = rest.split_at(rest.len() / 2);
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(half.as_bytes()).unwrap();
    file.flush().unwrap();
    file.write_all(other.as_bytes()).unwrap();
    drop(file);
    // However much was judged together, the sum becomes that of the whole night.
    let whole = casus(&["watch", "pact.md", "--evidence", "night.jsonl", "--until-end", "--json"]);
    let whole = sum(&whole.of_kind("change"));
    let mut changes = vec![opened];
    while sum(&changes) != whole {
        changes.push(serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap());
    }
    process.kill().unwrap();
    process.wait().unwrap();
}

/// Positions with a header, each answered before the next one is written.
#[test]
fn a_lone_line_is_answered_at_once_and_many_lines_add_up_to_the_same() {
    let folder = fresh("alone");
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    std::fs::write(path("agreement.md"), AGREEMENT).unwrap();
    std::fs::write(path("zones.geojson"), ZONES).unwrap();
    std::fs::write(path("profile.toml"), PROFILE).unwrap();
    let row = |at: i64| format!("s1,{},30.5,50.5\n", 1_772_323_200 + 60 * at);
    let header = "id,t,lon,lat\n";
    let evidence = format!("{}=-", path("profile.toml"));
    let watched = ["watch", &path("agreement.md"), "--json", "--evidence", &evidence];
    let mut process = command(&watched);
    let process = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = process.spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut input = process.stdin.take().unwrap();
    input.write_all(header.as_bytes()).unwrap();
    let mut changes: Vec<Value> = Vec::new();
    for at in 0..4 {
        input.write_all(row(at).as_bytes()).unwrap();
        let is_new = |change: &Value| change["change"] == "new";
        let count = changes.iter().filter(|change| is_new(change)).count();
        while changes.iter().filter(|change| is_new(change)).count() == count {
            changes.push(serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap());
        }
    }
    drop(input);
    assert!(lines.next().is_none());
    process.wait().unwrap();
    let rows: String = (0..4).map(row).collect();
    let together = casus_with(&watched, format!("{header}{rows}").as_bytes());
    assert_eq!(sum(&together.of_kind("change")), sum(&changes));
}

#[test]
fn what_comes_after_the_horizon_is_told() {
    let folder = fresh("horizon");
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let agreement = AGREEMENT.replace("version 1\n", "version 1\n    horizon 1 hour\n");
    std::fs::write(path("agreement.md"), agreement).unwrap();
    std::fs::write(path("zones.geojson"), ZONES).unwrap();
    let record = |id: &str, known: &str| {
        format!(
            "{{\"id\":\"{id}\",\"act\":\"position\",\
             \"object\":{{\"kind\":\"ship\",\"item\":\"s\"}},\
             \"places\":[{{\"point\":[30.5,50.5]}}],\"time\":\"2026-03-01T00:00:00Z\",\
             \"known\":\"{known}\",\"source\":\"radar\",\"grade\":\"A1\"}}\n"
        )
    };
    let rows = record("in-time", "2026-03-01T01:00:00Z") + &record("late", "2026-03-01T02:00:00Z");
    let told = "1 report came after the horizon and is not judged";
    let watched = casus_with(&["watch", &path("agreement.md"), "--json"], rows.as_bytes());
    assert!(watched.err.contains(told), "{}", watched.err);
    std::fs::write(path("rows.jsonl"), rows).unwrap();
    let run = |more: &[&str]| {
        casus(&and(&["run", &path("agreement.md"), "-e", &path("rows.jsonl")], more))
    };
    assert!(run(&[]).out.contains(told), "{}", run(&[]).out);
    let json = run(&["--json"]);
    assert_eq!(json.of_kind("evidence")[0]["late"], 1);
    let found = &json.of_kind("finding")[0];
    assert_eq!(found["records"], serde_json::json!(["in-time"]));
    let left: Vec<Value> = sum(&watched.of_kind("change")).into_values().collect();
    assert_eq!(left[0]["records"], found["records"]);
}
