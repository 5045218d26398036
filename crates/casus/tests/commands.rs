//! Every command with every exit code, on a small invented agreement.
//!
//! Invariant: data on standard output, talk on standard error.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{RUN, and, casus, casus_with, command, fresh, pact};
use std::{fs, io::Read, process::Stdio};

#[test]
fn check_says_what_is_declared() {
    let done = casus(&["check", "pact.md"]);
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
    for part in ["Pact, version 2", "NO, SO", "3 rules", "1 of 1 parameter: Claim Time"] {
        assert!(done.out.contains(part), "{part} in {}", done.out);
    }
    let line = casus(&["check", "pact.md", "--json"]).lines().remove(0);
    assert_eq!(line["kind"], "agreement");
    assert_eq!(line["valid"], true);
    assert_eq!(line["invented"][0], "Claim Time");
}

#[test]
fn check_shows_where_an_agreement_is_wrong() {
    let folder = fresh("wrong");
    let file = folder.join("wrong.md");
    let text = fs::read_to_string(pact().join("pact.md")).unwrap();
    fs::write(&file, text.replace("in Strip at target\n    from", "in Stripe at target\n    from"))
        .unwrap();
    fs::copy(pact().join("strip.geojson"), folder.join("strip.geojson")).unwrap();
    let name = file.to_str().unwrap();
    let done = casus(&["check", name]);
    assert_eq!((done.exit, done.out.as_str()), (3, ""));
    assert!(done.err.contains("wrong.md:37"), "{}", done.err);
    assert!(done.err.contains("Stripe") && done.err.contains("^^^^^^"), "{}", done.err);
    let lines = casus(&["check", name, "--json"]);
    let errors = lines.of_kind("diagnostic");
    let error = errors.iter().find(|one| one["severity"] == "error").unwrap();
    assert_eq!((&error["line"], &error["column"]), (&37.into(), &8.into()));
    assert_eq!(lines.of_kind("agreement")[0]["valid"], false);
    let run = casus(&["run", name, "-e", "night.jsonl"]);
    assert_eq!((run.exit, run.out.as_str()), (3, ""));
    assert!(run.err.contains("is not valid"), "{}", run.err);
    assert_eq!(casus(&["test", name]).exit, 3);
}

#[test]
fn annexes_stay_in_the_folder() {
    let folder = fresh("annexes");
    let text = fs::read_to_string(pact().join("pact.md")).unwrap();
    fs::write(folder.join("pact.md"), &text).unwrap();
    let file = folder.join("pact.md");
    let done = casus(&["check", file.to_str().unwrap()]);
    assert_eq!(done.exit, 3);
    assert!(done.err.contains("it is not there"), "{}", done.err);
    #[cfg(unix)]
    {
        let outside = pact().join("strip.geojson");
        std::os::unix::fs::symlink(outside, folder.join("strip.geojson")).unwrap();
        let done = casus(&["check", file.to_str().unwrap()]);
        assert_eq!(done.exit, 3);
        assert!(done.err.contains("leads out of the agreement's folder"), "{}", done.err);
    }
}

#[test]
fn test_passes_and_fails() {
    let done = casus(&["test", "."]);
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
    assert!(done.out.contains("ok    2.1"), "{}", done.out);
    let folder = fresh("failing");
    let text = fs::read_to_string(pact().join("pact.md")).unwrap();
    let text = text.replace("breached by NO, once, established", "breached by SO, once");
    fs::write(folder.join("pact.md"), text).unwrap();
    fs::copy(pact().join("strip.geojson"), folder.join("strip.geojson")).unwrap();
    let name = folder.to_str().unwrap();
    let done = casus(&["test", name]);
    assert_eq!(done.exit, 1);
    for part in ["FAIL  2.1", "expect 2.1 breached by SO", "expected 1, got 0", "breached by NO"] {
        assert!(done.out.contains(part), "{part} in {}", done.out);
    }
    let line = &casus(&["test", name, "--json"]).of_kind("scenario")[0];
    assert_eq!(line["passed"], false);
    assert_eq!(line["expectations"][0]["got"], 0);
    let findings = line["expectations"][0]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|one| one["party"] == "NO" && one["verdict"] == "breached"));
    assert_eq!(casus(&["test", "nowhere"]).exit, 2);
}

#[test]
fn fmt_lays_out_and_checks() {
    let folder = fresh("fmt");
    let file = folder.join("loose.md");
    let loose = "# T\n\n```casus\nparty   NO\nparty SO\n```\n";
    fs::write(&file, loose).unwrap();
    let name = file.to_str().unwrap();
    let done = casus(&["fmt", "--check", name]);
    assert_eq!((done.exit, done.out.as_str()), (1, ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), loose);
    assert_eq!(casus(&["fmt", name]).exit, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), loose.replace("party   NO", "party NO"));
    assert_eq!(casus(&["fmt", "--check", name]).exit, 0);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let piped = casus_with(&["fmt", "-"], loose.as_bytes());
    assert_eq!((piped.exit, piped.out), (0, loose.replace("party   NO", "party NO")));
    let line = &casus(&["fmt", "--check", "--json", name]).lines()[0];
    assert_eq!((&line["kind"], &line["changed"]), (&"format".into(), &false.into()));
}

#[test]
fn run_fits_one_screen() {
    let done = casus(&RUN);
    assert_eq!(done.exit, 0);
    assert!(done.err.contains("row 12") && done.err.contains("`time`"), "{}", done.err);
    assert!(done.out.lines().count() <= 45, "{}", done.out);
    for line in done.out.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    for part in [
        "12 read = 9 accepted + 1 duplicate + 1 unclassified + 1 rejected",
        "`act: dreaming` 1",
        "all times are of Europe/Kyiv",
        "2  NO 1, SO 1",
        "not established who is responsible",
        "casus explain",
    ] {
        assert!(done.out.contains(part), "{part} in {}", done.out);
    }
    assert!(!done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'));
    let coloured = casus(&and(&RUN, &["--color", "always"]));
    assert!(coloured.out.contains('\u{1b}'));
}

#[test]
fn a_large_agreement_fits_one_screen_too() {
    let folder = pact().join("../../../../examples/guarantee");
    let file = |name: &str| folder.join(name).display().to_string();
    let (agreement, evidence) = (file("agreement.md"), file("evidence.jsonl"));
    let done = casus(&["run", &agreement, "-e", &evidence, "--now", "2026-03-22 06:00"]);
    assert_eq!(done.exit, 0, "{}", done.err);
    assert!(done.out.lines().count() <= 45, "{}", done.out);
    assert!(done.out.lines().all(|line| line.chars().count() <= 100), "{}", done.out);
    assert!(done.out.contains("Due next") && done.out.contains("Steps proposed"));
}

#[test]
fn the_clock_comes_from_the_evidence_unless_it_is_given() {
    let done = casus(&["run", "pact.md", "-e", "night.jsonl"]);
    assert!(done.out.contains("2026-03-03 14:30, when the newest evidence"), "{}", done.out);
    let early = casus(&and(
        &["run", "pact.md", "-e", "night.jsonl", "--json", "--now"],
        &["2026-03-01T12:00:00Z"],
    ));
    let line = &early.lines()[0];
    assert_eq!((&line["clock_from"], &line["held_back"]), (&"argument".into(), &7.into()));
    let as_of = casus(&and(&RUN, &["--json", "--as-of", "2026-03-01 14:00"]));
    let line = &as_of.lines()[0];
    assert_eq!((&line["held_back"], &line["accepted"]), (&7.into(), &9.into()));
    assert_eq!(line["as_of"], "2026-03-01T12:00:00Z");
    assert!(as_of.of_kind("finding").iter().all(|one| one["records"][0] != "r3"));
}

#[test]
fn fail_on_and_strict_set_the_exit_code() {
    assert_eq!(casus(&and(&RUN, &["--fail-on", "breached"])).exit, 1);
    assert_eq!(casus(&and(&RUN, &["--fail-on", "waived,met-late"])).exit, 0);
    let wrong = casus(&and(&RUN, &["--fail-on", "breeched"]));
    assert_eq!(wrong.exit, 2);
    assert!(wrong.err.contains("did you mean `breached`?"), "{}", wrong.err);
    let strict = casus(&and(&RUN, &["--strict"]));
    assert_eq!((strict.exit, strict.out.as_str()), (4, ""));
    assert!(strict.err.contains("1 rows were rejected"), "{}", strict.err);
}

#[test]
fn rejects_go_to_a_file() {
    let file = fresh("rejects").join("rejects.csv");
    let done = casus(&and(&RUN, &["--rejects", file.to_str().unwrap()]));
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
    let text = fs::read_to_string(file).unwrap();
    assert!(text.starts_with("file,row,line,column,reason,text"), "{text}");
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn wrong_names_are_guessed() {
    for (arguments, exit, help) in [
        (["run", "pct.md", "-e", "night.jsonl"], 2, "did you mean `pact.md`?"),
        (["run", "pact.md", "-e", "nigth.jsonl"], 4, "did you mean `night.jsonl`?"),
        (["run", "pact.md", "-e", "vina=night.jsonl"], 2, "did you mean `viina`?"),
        (["run", "pact.md", "-e", "viina=night.jsonl"], 4, "none of the 12 rows"),
        (["run", "pact.md", "-e", "mine.toml=night.jsonl"], 2, "no profile `mine.toml`"),
        (["run", "pact.md", "--evidense", "night.jsonl"], 2, "--evidence"),
    ] {
        let done = casus(&arguments);
        assert_eq!((done.exit, done.out.as_str()), (exit, ""), "{arguments:?} {}", done.err);
        assert!(done.err.contains(help), "{help} in {}", done.err);
    }
    let done = casus(&and(&RUN, &["--limits", "row=4"]));
    assert_eq!(done.exit, 2);
    assert!(done.err.contains("did you mean `rows`?"), "{}", done.err);
    let done = casus(&and(&RUN, &["--limits", "rows=4"]));
    assert_eq!(done.exit, 4);
    assert!(done.err.contains("limit `rows`"), "{}", done.err);
    assert_eq!(casus(&["run", "pact.md", "-e", "night.jsonl", "--now", "noon"]).exit, 2);
}

#[test]
fn evidence_may_come_from_standard_input_and_in_several_files() {
    let bytes = fs::read(pact().join("night.jsonl")).unwrap();
    let piped = casus_with(&["run", "pact.md", "-e", "-", "--json"], &bytes);
    let read = casus(&["run", "pact.md", "-e", "night.jsonl", "--json"]);
    assert_eq!((piped.exit, piped.out.as_str()), (0, read.out.as_str()));
    let twice = casus(&["run", "pact.md", "-e", "night.jsonl", "-e", "night.jsonl", "--json"]);
    assert_eq!(twice.lines()[0]["duplicate"], 12);
    assert_eq!(twice.of_kind("finding"), read.of_kind("finding"));
    let dream = bytes.split(|byte| *byte == b'\n').find(|line| line.starts_with(b"{\"id\":\"u1"));
    let other = casus_with(&["run", "pact.md", "-e", "-", "--json"], dream.unwrap());
    assert_eq!((other.exit, &other.lines()[0]["unclassified"]), (0, &1.into()));
    assert_eq!(other.lines()[0]["clock"], "2026-03-03T12:30:00Z");
    let none = casus_with(&["run", "pact.md", "-e", "-"], b"");
    assert_eq!(none.exit, 2);
    assert!(none.err.contains("no clock"), "{}", none.err);
    let none = casus_with(&["run", "pact.md", "-e", "-", "--now", "2026-03-06 12:00"], b"");
    assert_eq!(none.exit, 0);
    assert!(none.out.contains("0 read"), "{}", none.out);
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let mut child = command(&and(&RUN, &["--json"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{err}");
    assert!(!err.contains("error"), "{err}");
}

#[test]
fn completions_help_and_version() {
    let done = casus(&["completions", "bash"]);
    assert_eq!(done.exit, 0);
    assert!(done.out.contains("explain"));
    assert!(casus(&["--version"]).out.starts_with("casus "));
    assert_eq!(casus(&["--help"]).exit, 0);
    assert_eq!(casus(&[]).exit, 2);
}

#[test]
fn the_manual_names_every_option() {
    let manual = pact().join("../../../../docs/cli.md");
    let manual = fs::read_to_string(manual).unwrap();
    for name in ["check", "test", "fmt", "run", "explain", "completions"] {
        assert!(manual.contains(&format!("## casus {name}")), "{name}");
        let help = casus(&[name, "--help"]).out;
        for word in help.split([' ', '\n', ',', '[', ']']).filter(|word| word.starts_with("--")) {
            assert!(manual.contains(word), "{name} {word}");
        }
    }
}

#[test]
fn a_waiver_in_the_evidence_counts_though_nobody_declares_it() {
    let folder = fresh("waiver");
    let file = folder.join("pact.md");
    let terms = "agreement Waiver version 1\nparties NO, SO\nact fire by NO\n";
    let rules = format!("{terms}1 NO must not fire\n    waivable by SO\n");
    fs::write(&file, format!("# Waiver\n\n```casus\n{rules}```\n")).unwrap();
    let record = |id: &str, act: &str, by: &str, more: &str| {
        format!(
            r#"{{"id":"{id}","act":"{act}","actor":{{"name":"{by}","confidence":"confirmed"}},
            {more}"time":"2026-03-02T10:00:00Z","known":"2026-03-02T10:00:00Z",
            "source":"post","grade":"A1"}}"#
        )
        .replace('\n', "")
    };
    let fire = record("f", "fire", "NO", "");
    let waiver = record("w", "waiver", "SO", r#""object":{"kind":"1"},"about":["f"],"#);
    let arguments = ["run", file.to_str().unwrap(), "-e", "-", "--json", "--now"];
    let arguments = and(&arguments, &["2026-03-06 12:00"]);
    let done = casus_with(&arguments, format!("{fire}\n{waiver}\n").as_bytes());
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
    assert_eq!(done.lines()[0]["unclassified"], 0);
    assert_eq!(done.of_kind("finding")[0]["verdict"], "waived");
}
