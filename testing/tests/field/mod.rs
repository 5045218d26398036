//! What the tests of the examples and of the real data share.
//!
//! Invariant: a test whose data are absent says so aloud, and fails where `CASUS_REQUIRE_DATA` is
//! 1.
#![allow(dead_code, clippy::unwrap_used, clippy::print_stderr)]

use casus_check::{Annexes, check};
use casus_engine::{Change, Engine};
use casus_ingest::{Accounting, Limits, Profile, read};
use casus_model::{Finding, Instant, Program, Record, program::Scenario};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

/// A folder of this repository's `examples`.
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name)
}

/// A file of the shared data, or none, said aloud.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CASUS_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
        PathBuf::from,
    );
    let file = root.join("data").join(path);
    if file.exists() {
        return Some(file);
    }
    let required = std::env::var("CASUS_REQUIRE_DATA").is_ok_and(|value| value == "1");
    assert!(!required, "`{path}` is required and not here");
    eprintln!("SKIPPED: `{path}` is not here; set CASUS_SHARED to the folder that holds `data`");
    None
}

struct Folder<'a>(&'a Path);

impl Annexes for Folder<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// The agreement in a folder, which must be without any complaint.
pub fn agreement(folder: &Path) -> (Arc<Program>, Vec<Scenario>) {
    let text = fs::read_to_string(folder.join("agreement.md")).unwrap();
    let document = casus_syntax::parse(&text);
    assert!(document.diagnostics.is_empty(), "{:#?}", document.diagnostics);
    let checked = check(&document, &Folder(folder));
    assert!(checked.diagnostics.is_empty(), "{:#?}", checked.diagnostics);
    (Arc::new(checked.program.unwrap()), checked.scenarios)
}

struct Sheet<'a>(&'a str);

impl Annexes for Sheet<'_> {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.as_bytes().to_vec())
    }
}

/// An agreement from its text, with one annex file under whatever name.
pub fn program_with(text: &str, annex: &str) -> Arc<Program> {
    let document = casus_syntax::parse(text);
    assert!(document.diagnostics.is_empty(), "{:#?}", document.diagnostics);
    let checked = check(&document, &Sheet(annex));
    assert!(checked.diagnostics.is_empty(), "{:#?}", checked.diagnostics);
    Arc::new(checked.program.unwrap())
}

/// The engine with all records, at a clock.
pub fn judge(program: &Arc<Program>, records: Vec<Record>, clock: Instant) -> Engine {
    let mut engine = Engine::new(Arc::clone(program));
    engine.apply(Change::Clock(clock));
    engine.apply(Change::Records(records));
    engine
}

/// The findings as bytes.
pub fn bytes(engine: &Engine) -> String {
    serde_json::to_string(&engine.findings()).unwrap()
}

/// The findings of one rule.
pub fn of<'e>(engine: &'e Engine, label: &str) -> Vec<&'e Finding> {
    engine.findings().into_iter().filter(|finding| *finding.provision == *label).collect()
}

/// Every record of a file, and its accounting.
pub fn records(path: &Path, profile: Option<&str>) -> (Vec<Record>, Accounting) {
    let profile = profile.map(|name| Profile::builtin(name).unwrap());
    let (mut records, file) = (Vec::new(), File::open(path).unwrap());
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let limits = Limits::default();
    let mut keep = |record| records.push(record);
    let count = read(file, &name, profile.as_ref(), &limits, &mut keep, &mut |_| {}).unwrap();
    (records, count)
}
