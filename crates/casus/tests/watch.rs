//! Evidence as it arrives: the changes, and that they add up.
//!
//! Invariant: whatever the way in, the sum of the changes is what a run says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{and, casus, casus_with, command, fresh, pact};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

/// What is left after all changes: findings by id.
fn sum(changes: &[Value]) -> BTreeMap<String, Value> {
    let mut findings = BTreeMap::new();
    for change in changes {
        let (before, after) = (&change["before"], &change["after"]);
        if let Some(id) = before["id"].as_str() {
            let was = findings.remove(id);
            assert_eq!(was.as_ref(), Some(before), "a change begins where the last one ended");
        }
        if let Some(id) = after["id"].as_str() {
            findings.insert(id.to_owned(), after.clone());
        }
    }
    findings
}

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
    // The last line of the night changes something: wait for it.
    let whole = casus(&["watch", "pact.md", "--evidence", "night.jsonl", "--until-end", "--json"]);
    let last = whole.of_kind("change").last().unwrap().clone();
    // In two pieces, the second of which begins within a line.
    let (half, other) = rest.split_at(rest.len() / 2);
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(half.as_bytes()).unwrap();
    file.flush().unwrap();
    file.write_all(other.as_bytes()).unwrap();
    drop(file);
    let found = lines.any(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap() == last);
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(found, "the last change came through");
}
