//! The agreements under `examples/` check without an error.
//!
//! Invariant: an example that is published is a program.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use casus_check::{Annexes, check};
use casus_syntax::{Severity, parse};
use std::path::PathBuf;

mod show;

struct Folder(PathBuf);

impl Annexes for Folder {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(name)).map_err(|why| why.to_string())
    }
}

#[test]
fn the_guarantee_is_a_program() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/guarantee"));
    let source = std::fs::read_to_string(folder.join("agreement.md")).unwrap();
    let document = parse(&source);
    let checked = check(&document, &Folder(folder));
    let all = document.diagnostics.iter().chain(&checked.diagnostics);
    let told: Vec<String> = all
        .clone()
        .map(|one| format!("{} {}: {} / {:?}", one.code, one.line, one.message, one.help))
        .collect();
    assert!(all.clone().all(|one| one.severity != Severity::Error), "{}", told.join("\n"));
    let program = checked.program.expect("a program");
    assert_eq!(program.rules.len(), program.strata.iter().flatten().count());
    assert_eq!(document.scenarios.len(), checked.scenarios.len());
    assert!(show::program(&program).contains("actor UA: party"));
}
