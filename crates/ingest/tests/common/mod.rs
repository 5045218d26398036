//! What the tests of this crate share.
//!
//! Invariant: a test whose data are absent says so aloud.
#![allow(dead_code, clippy::print_stderr, clippy::unwrap_used)]

use casus_ingest::{Accounting, IngestError, Limits, Profile, Reject, read};
use casus_model::Record;
use std::{io::Read, path::PathBuf};

/// A file of the shared data, or none, said aloud.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CASUS_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let file = root.join("data").join(path);
    if file.exists() {
        return Some(file);
    }
    let required = std::env::var("CASUS_REQUIRE_DATA").is_ok_and(|value| value == "1");
    assert!(!required, "`{path}` is not here, and CASUS_REQUIRE_DATA says that it must be");
    eprintln!("SKIPPED: `{path}` is not here; set CASUS_SHARED to the folder that holds `data`");
    None
}

/// Everything that reading gives.
#[derive(Debug)]
pub struct Taken {
    pub outcome: Result<Accounting, IngestError>,
    pub records: Vec<Record>,
    pub rejects: Vec<Reject>,
}

impl Taken {
    /// The accounting in words, or the error.
    pub fn said(&self) -> String {
        match &self.outcome {
            Ok(count) => count.to_string(),
            Err(error) => error.to_string(),
        }
    }
    /// Row, column and reason of each reject, one a line.
    pub fn reasons(&self) -> String {
        let one =
            |r: &Reject| format!("{} {}: {}", r.row, r.column.as_deref().unwrap_or("-"), r.reason);
        self.rejects.iter().map(one).collect::<Vec<_>>().join("\n")
    }
}

pub fn take(source: impl Read, name: &str, profile: Option<&str>, limits: &Limits) -> Taken {
    let profile = profile.map(|name| Profile::builtin(name).unwrap());
    take_with(source, name, profile.as_ref(), limits)
}

pub fn take_with(
    source: impl Read,
    name: &str,
    profile: Option<&Profile>,
    limits: &Limits,
) -> Taken {
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let outcome =
        read(source, name, profile, limits, &mut |record| records.push(record), &mut |reject| {
            rejects.push(reject)
        });
    Taken { outcome, records, rejects }
}

pub fn take_text(text: &str, profile: Option<&str>) -> Taken {
    take(text.as_bytes(), "test", profile, &Limits::default())
}

/// A frame of the Beast format around a message of 2, 7 or 14 bytes.
pub fn beast(counter: u64, message: &[u8]) -> Vec<u8> {
    let kind = match message.len() {
        2 => b'1',
        7 => b'2',
        _ => b'3',
    };
    let mut frame = vec![0x1a, kind];
    let counter = counter.to_be_bytes();
    for &byte in counter.iter().skip(2).chain(&[0x40]).chain(message) {
        frame.extend(std::iter::repeat_n(byte, if byte == 0x1a { 2 } else { 1 }));
    }
    frame
}

/// The profile of such frames, the first of which was received at this instant.
pub fn beast_profile(first: &str, more: &str) -> Profile {
    let text = Profile::builtin_text("beast").unwrap();
    let base = format!("base_from = \"{first}\"\nbase_to = \"{first}\"\n{more}\nreader =");
    Profile::parse("own.toml", &text.replace("reader =", &base)).unwrap()
}
