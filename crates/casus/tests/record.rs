//! A record on the command line, from its opening to its hand-over.
//!
//! Invariant: what a record says of reports is what a run over the same reports says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{RUN, and, casus, casus_with, command, fresh, pact};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

/// A new record of the test agreement.
fn record(name: &str) -> String {
    let path = fresh(name).join("record").to_str().unwrap().to_owned();
    let done = casus(&["init", &path, "--name", "pact.example/log", "--agreement", "pact.md"]);
    assert_eq!((done.exit, done.err.contains("next: casus add")), (0, true), "{}", done.err);
    assert!(done.out.contains("pact.example/log+"), "{}", done.out);
    path
}

fn night(record: &str) -> u64 {
    let done = casus(&["add", record, "night.jsonl", "--json"]);
    assert_eq!(done.exit, 0, "{}", done.err);
    done.of_kind("receipt")[0]["position"].as_u64().unwrap()
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

#[test]
fn a_record_says_what_a_run_says() {
    let record = record("as-run");
    night(&record);
    let run = casus(&and(&RUN, &["--json"]));
    let clock = RUN[5];
    let said = casus(&["findings", &record, "--now", clock, "--json"]);
    assert_eq!((said.exit, said.err.as_str()), (0, ""));
    assert_eq!(said.out, run.out);
    // One of them on its page.
    let id = run.of_kind("finding")[0]["id"].as_str().unwrap().to_owned();
    let page = casus(&["findings", &record, "--now", clock, "--explain", &id]);
    assert_eq!(page.exit, 0, "{}", page.err);
    assert_eq!(page.out, casus(&and(&["explain"], &and(&RUN[1..], &[&id]))).out);
}

#[test]
fn the_same_file_twice_gives_the_first_receipt() {
    let record = record("twice");
    let first = night(&record);
    let again = casus(&["add", &record, "night.jsonl"]);
    assert_eq!(again.exit, 0, "{}", again.err);
    assert!(again.out.contains(&format!("already, since entry {first}")), "{}", again.out);
    let verified = casus(&["verify", &record, "--json"]).lines().remove(0);
    assert_eq!(verified["sound"], true);
}

#[test]
fn rows_that_are_rejected_keep_a_strict_file_out() {
    let record = record("strict");
    let size = || casus(&["verify", &record, "--json"]).lines().remove(0)["entries"].clone();
    let before = size();
    let bad = casus_with(&["add", &record, "-", "--strict"], b"{\"id\":\"x\"}\n");
    assert_eq!(bad.exit, 4, "{}", bad.err);
    assert!(bad.err.contains("row 1"), "{}", bad.err);
    assert_eq!(size(), before);
}

#[test]
fn a_withdrawal_is_signed_and_its_effect_is_told() {
    let record = record("withdrawn");
    night(&record);
    let clock = "2026-03-06T12:00:00Z";
    let found = casus(&["findings", &record, "--now", clock, "--json"]);
    let finding = found.of_kind("finding").into_iter().find(|one| one["verdict"] == "breached");
    let finding = finding.unwrap();
    let report = finding["records"][0].as_str().unwrap().to_owned();
    let size = casus(&["verify", &record, "--json"]).lines().remove(0)["entries"].to_string();
    let why = ["--reason", "the post took it back", "--at", "2026-03-06T11:30:00Z"];
    let done = casus(&and(&["withdraw", &record, &report], &why));
    assert_eq!(done.exit, 0, "{}", done.err);
    assert!(done.out.contains("signed by keeper"), "{}", done.out);
    let now = casus(&["findings", &record, "--now", clock, "--json"]);
    let is_same =
        |one: &serde_json::Value| one["id"] == finding["id"] && one["verdict"] == "breached";
    assert!(!now.of_kind("finding").iter().any(is_same));
    let differs = casus(&["diff", &record, &format!("#{size}"), "2026-03-06T12:00:00Z"]);
    assert_eq!(differs.exit, 0, "{}", differs.err);
    assert!(differs.out.contains(&format!("because of report {report}")), "{}", differs.out);
    // The old place of the log still says what it said.
    let before = casus(&["findings", &record, "--now", clock, "--size", &size, "--json"]);
    assert_eq!(before.out, found.out);
}

#[test]
fn nobody_acts_without_a_role_and_a_key() {
    let record = record("roles");
    night(&record);
    let done = casus(&["people", &record, "anna", "--role", "member", "--speaks-for", "NO"]);
    assert_eq!(done.exit, 0, "{}", done.err);
    assert!(done.err.contains("anna.key"), "{}", done.err);
    let refused = casus(&["withdraw", &record, "n1", "--reason", "x", "--as", "anna"]);
    assert_ne!(refused.exit, 0);
    let refused = casus(&["people", &record, "ben", "--role", "member", "--as", "anna"]);
    assert_eq!(refused.exit, 6, "{}", refused.err);
    assert!(refused.err.contains("keeper"), "{}", refused.err);
    let nobody = casus(&["people", &record, "ben", "--as", "carl"]);
    assert_eq!(nobody.exit, 6);
    assert!(nobody.err.contains("its people are"), "{}", nobody.err);
    let listed = casus(&["people", &record]);
    assert!(listed.out.contains("speaks for NO"), "{}", listed.out);
    assert!(!listed.out.contains("ben"), "{}", listed.out);
}

#[test]
fn a_stranger_verifies_a_proof_and_an_archive() {
    let record = record("stranger");
    night(&record);
    let folder = Path::new(&record).parent().unwrap().to_owned();
    let text = fs::read_to_string(pact().join("night.jsonl")).unwrap();
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let report = first["id"].as_str().unwrap();
    let proof = folder.join("one.tlog-proof");
    let proof = proof.to_str().unwrap();
    assert_eq!(casus(&["proof", &record, report, "-o", proof]).exit, 0);
    let tar = folder.join("record.tar");
    let tar = tar.to_str().unwrap();
    assert_eq!(casus(&["archive", &record, "-o", tar]).exit, 0);
    let bytes = fs::read(tar).unwrap();
    assert_eq!(casus(&["archive", &record, "-o", tar]).exit, 0);
    assert_eq!(fs::read(tar).unwrap(), bytes, "the same record gives the same bytes");
    let elsewhere = folder.join("elsewhere");
    tar::Archive::new(bytes.as_slice()).unpack(&elsewhere).unwrap();
    assert!(!elsewhere.join("keys").exists());
    let elsewhere = elsewhere.to_str().unwrap();
    assert_eq!(casus(&["verify", elsewhere]).exit, 0);
    let verified = casus(&["verify", elsewhere, "--proof", proof]);
    assert_eq!(verified.exit, 0, "{}", verified.err);
    assert!(verified.out.contains(report), "{}", verified.out);
    // A proof with one letter of the entry changed.
    let text = fs::read_to_string(proof).unwrap();
    let at = text.find("extra ").unwrap() + 30;
    let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    fs::write(proof, [&text[..at], other, &text[at + 1..]].concat()).unwrap();
    assert_ne!(casus(&["verify", elsewhere, "--proof", proof]).exit, 0);
}

#[test]
fn an_altered_byte_is_found() {
    let record = record("altered");
    night(&record);
    let folder = Path::new(&record).join("log");
    let entries = casus(&["verify", &record, "--json"]).lines().remove(0)["entries"].to_string();
    let bundle = folder.join("tile/entries/000.p").join(&entries);
    let hashes = folder.join("tile/0/000.p").join(&entries);
    for path in [bundle, hashes, folder.join("checkpoint")] {
        let bytes = fs::read(&path).unwrap();
        let mut other = bytes.clone();
        let at = other.len() / 2;
        other[at] ^= 1;
        fs::write(&path, other).unwrap();
        let done = casus(&["verify", &record]);
        assert_eq!(done.exit, 6, "{}", path.display());
        assert!(done.out.contains("NOT sound"), "{}", done.out);
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(casus(&["verify", &record]).exit, 0);
}

/// A record that is put back to an older state is sound by itself; who saw the newer one knows.
#[test]
fn a_record_that_was_put_back_or_forked_is_found_by_who_saw_it_before() {
    let record = record("rollback");
    let folder = Path::new(&record).parent().unwrap().to_owned();
    let old = folder.join("old");
    copy(Path::new(&record), &old);
    night(&record);
    let memory = folder.join("witness");
    let memory = memory.to_str().unwrap();
    let signed = casus(&["witness", &record, "--memory", memory, "--json"]);
    assert_eq!(signed.exit, 0, "{}", signed.err);
    let key = signed.of_kind("cosignature")[0]["witness"].as_str().unwrap().to_owned();
    let verified = casus(&["verify", &record, "--witness", &key]);
    assert_eq!(verified.exit, 0, "{}", verified.out);
    let seen = folder.join("seen");
    fs::copy(Path::new(&record).join("log/checkpoint"), &seen).unwrap();
    let (old, seen) = (old.to_str().unwrap(), seen.to_str().unwrap());
    // Put back: sound by itself.
    assert_eq!(casus(&["verify", old]).exit, 0);
    let since = casus(&["verify", old, "--since", seen]);
    assert_eq!(since.exit, 6);
    assert!(since.out.contains("put back"), "{}", since.out);
    assert_eq!(casus(&["verify", old, "--witness", &key]).exit, 6);
    let refused = casus(&["witness", old, "--memory", memory]);
    assert_eq!(refused.exit, 6, "{}", refused.out);
    // A fork: another history of at least the same length, signed with the same key.
    let mut other = String::new();
    for line in fs::read_to_string(pact().join("night.jsonl")).unwrap().lines() {
        other += &line.replace("\"A1\"", "\"B1\"");
        other.push('\n');
    }
    let added = casus_with(&["add", old, "-"], other.as_bytes());
    assert_eq!(added.exit, 0, "{}", added.err);
    assert_eq!(casus(&["verify", old]).exit, 0);
    assert_eq!(casus(&["verify", old, "--since", seen]).exit, 6);
    assert_eq!(casus(&["witness", old, "--memory", memory]).exit, 6);
}

/// How often the binary is killed; a documented run has 1,000.
fn kills() -> u64 {
    std::env::var("CASUS_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

/// Receipts that were printed stand for reports that are there, whenever the process is killed.
#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let record = record("killed");
    let folder = Path::new(&record).parent().unwrap().to_owned();
    let line = |file: u64, row: u64| {
        format!(
            "{{\"id\":\"k{file}-{row}\",\"act\":\"fire\",\"time\":\"2026-03-05T01:00:00Z\",\
             \"known\":\"2026-03-05T02:00:00Z\",\"source\":\"Post\",\"grade\":\"A1\"}}\n"
        )
    };
    let mut moment = 7_919_u64;
    let mut acknowledged: Vec<(u64, u64)> = Vec::new();
    for round in 0..kills() {
        let files: Vec<String> = (0..40)
            .map(|file| {
                let number = round * 40 + file;
                let path = folder.join(format!("{number}.jsonl"));
                let rows = 1 + number * 7 % 50;
                fs::write(&path, (0..rows).map(|row| line(number, row)).collect::<String>())
                    .unwrap();
                path.to_str().unwrap().to_owned()
            })
            .collect();
        let mut arguments = vec!["add", record.as_str(), "--json"];
        arguments.extend(files.iter().map(String::as_str));
        let mut child = command(&arguments);
        child.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = child.spawn().unwrap();
        let out = child.stdout.take().unwrap();
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let until = Instant::now() + Duration::from_micros((moment >> 33) % 400_000);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(until.saturating_duration_since(Instant::now()));
            let _ = child.kill();
            child.wait().unwrap();
        });
        for line in BufReader::new(out).lines() {
            let Ok(line) = line else { break };
            let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
            let position = line["position"].as_u64().unwrap();
            acknowledged.push((position, line["reports"].as_u64().unwrap()));
        }
        killer.join().unwrap();
        let done = casus(&["verify", &record, "--json"]);
        let verified = done.lines().remove(0);
        let faults: Vec<&str> =
            verified["faults"].as_array().unwrap().iter().filter_map(|one| one.as_str()).collect();
        // A file that nobody was told of may be there in part, and is completed the next time.
        assert!(faults.iter().all(|one| one.contains("add it again")), "{faults:?}");
        let entries = verified["entries"].as_u64().unwrap();
        for (position, reports) in &acknowledged {
            assert!(position + reports < entries, "round {round}: {position} of {entries}");
        }
        let again = casus(&arguments);
        assert_eq!(again.exit, 0, "{}", again.err);
    }
    let verified = casus(&["verify", &record, "--json"]).lines().remove(0);
    assert_eq!(verified["sound"], true, "{verified}");
    let rows: u64 = (0..kills() * 40).map(|number| 1 + number * 7 % 50).sum();
    let found = casus(&["findings", &record, "--json"]);
    assert_eq!(found.of_kind("evidence")[0]["read"], rows);
}
