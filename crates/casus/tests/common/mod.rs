//! Runs the binary and takes what it says apart.
//!
//! Invariant: every run is on its own, without the environment's wishes about colour.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// What one run gave.
pub struct Outcome {
    /// The exit code.
    pub exit: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Outcome {
    fn of(output: Output) -> Outcome {
        Outcome {
            exit: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
    /// Every line of standard output as JSON.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
    /// The lines of one kind.
    pub fn of_kind(&self, kind: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["kind"] == kind).collect()
    }
}

/// What is left after all changes: findings by id.
pub fn sum(changes: &[Value]) -> BTreeMap<String, Value> {
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

/// The command, ready to be given arguments.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casus"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.current_dir(pact()).stdin(Stdio::null());
    command
}

/// Runs the binary in the folder of the test agreement.
pub fn casus(arguments: &[&str]) -> Outcome {
    Outcome::of(command(arguments).output().unwrap())
}

/// The same, with something on standard input.
pub fn casus_with(arguments: &[&str], input: &[u8]) -> Outcome {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    Outcome::of(child.wait_with_output().unwrap())
}

/// The folder of the test agreement.
pub fn pact() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pact")
}

/// The arguments that run the test agreement on its evidence at its clock.
pub const RUN: [&str; 6] =
    ["run", "pact.md", "--evidence", "night.jsonl", "--now", "2026-03-06 12:00"];

/// These, and more.
pub fn and<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    first.iter().chain(more).copied().collect()
}

/// An empty folder of this name for one test.
pub fn fresh(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
