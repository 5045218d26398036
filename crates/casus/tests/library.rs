//! `casus test` on several files: a library of patterns.
//!
//! Invariant: a page that cannot say something yet is never taken for one that passed, nor for one
//! that failed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{casus, fresh};
use std::{fs, path::Path};

/// Writes an agreement of one prohibition and one test of it.
fn page(folder: &Path, name: &str, title: &str, prose: &str, expected: &str) {
    let rules = "agreement Page version 1\nparty A\nact fire by A\n1 A must not fire";
    let test = "at 2026-03-05 00:00\n    fire by A on 2026-03-02 10:00";
    let expect = format!("expect 1 {expected}\nexpect 1 met, never");
    let text = format!(
        "# {title}\n\n{prose}\n\n```casus\n{rules}\n```\n\n\
         ```casus-test\n{test}\n{expect}\n```\n"
    );
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

fn library(name: &str) -> String {
    let folder = fresh(name);
    page(&folder.join("a"), "p10.md", "P10 Tenth", "Prose.", "breached by A, once");
    page(&folder.join("b"), "p2.md", "P2 Second", "Prose.", "breached by A, once");
    let partly = "Not yet: the other half of it,\nwhich is hard.";
    page(&folder.join("b"), "p3.md", "P3 Third", partly, "breached by A, once");
    let prose = "# P1 First\n\nProse.\n\nNot yet: nothing of it.\n";
    fs::write(folder.join("b/p1.md"), prose).unwrap();
    fs::write(folder.join("README.md"), "# Library\n\nA page that is not yet one.\n").unwrap();
    folder.to_str().unwrap().to_owned()
}

#[test]
fn several_files_have_a_line_each() {
    let name = library("library");
    let done = casus(&["test", &name]);
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
    let wanted = "
title      scenarios  verdicts
P1 First           0         0  not yet
    nothing of it.
P2 Second          1         2  pass
P3 Third           1         2  not yet
    the other half of it, which is hard.
P10 Tenth          1         2  pass

4 files, 6 verdicts checked: 2 passed, 0 failed, 2 not yet
";
    assert_eq!(done.out, wanted);
    let all = casus(&["test", "--all", &name]);
    assert_eq!(all.out.lines().filter(|line| line.starts_with("ok    1")).count(), 3);
    assert!(all.out.ends_with(wanted), "{}", all.out);
}

#[test]
fn the_lines_of_a_library_as_json() {
    let name = library("library-json");
    let lines = casus(&["test", "--json", &name]).of_kind("file");
    let of = |field: &str| lines.iter().map(|line| line[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("title"), ["P1 First", "P2 Second", "P3 Third", "P10 Tenth"]);
    assert_eq!(of("verdicts"), [0, 2, 2, 2]);
    assert_eq!(of("outcome"), ["not-yet", "pass", "not-yet", "pass"]);
    assert_eq!(lines[2]["not_yet"], "the other half of it, which is hard.");
    assert!(lines[1].get("not_yet").is_none());
}

#[test]
fn what_fails_is_shown_and_counted_also_of_a_page_that_is_not_yet_whole() {
    let name = library("library-failing");
    let folder = Path::new(&name);
    page(folder, "p4.md", "P4 Fourth", "Not yet: half.", "breached by A, twice");
    page(folder, "p5.md", "P5 Fifth", "Prose.", "breached by A, never");
    fs::write(
        folder.join("p6.md"),
        "# P6 Sixth\n\n```casus\nagreement Page version 1\nparty A\n```\n",
    )
    .unwrap();
    let done = casus(&["test", &name]);
    assert_eq!(done.exit, 1);
    assert_eq!(done.out.matches("FAIL  1").count(), 2, "{}", done.out);
    assert!(!done.out.contains("ok    "), "{}", done.out);
    assert!(done.out.contains("P6 Sixth           0         0  no tests"), "{}", done.out);
    let end = "7 files, 10 verdicts checked: 2 passed, 2 failed, 2 not yet, 1 without tests\n";
    assert!(done.out.ends_with(end), "{}", done.out);
    fs::write(folder.join("p7.md"), "# P7 Seventh\n\n```casus\nparty\n```\n").unwrap();
    let done = casus(&["test", &name]);
    assert_eq!(done.exit, 3);
    assert!(done.out.contains("FAIL, not valid"), "{}", done.out);
    assert!(done.out.contains("2 passed, 3 failed, 2 not yet, 1 without tests"), "{}", done.out);
}

#[test]
fn one_file_shows_its_scenarios() {
    let folder = fresh("library-of-one");
    page(&folder, "p1.md", "P1 First", "Not yet: half.", "breached by A, once");
    let done = casus(&["test", folder.to_str().unwrap()]);
    assert_eq!(done.exit, 0);
    assert!(done.out.starts_with("ok    1"), "{}", done.out);
    assert!(done.out.contains("scenarios  passed  failed"), "{}", done.out);
    assert!(done.out.ends_with("\nnot yet: half.\n"), "{}", done.out);
}
