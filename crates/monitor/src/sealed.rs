//! What the log only commits to: restricted reports and the files that they came from.
//!
//! ```text
//! sealed/POSITION.jsonl   a header, then one report a line, each with its salt
//! sealed/POSITION.file    the file as it came
//! ```
//!
//! Invariant: a line is taken for what an entry commits to only if its salt and its bytes hash to
//! that; of the rest the log says nothing, not even a digest that could be guessed at.

use crate::{act::Kept, error::Error};
use casus_ingest::{Accounting, parse_record, write_record};
use casus_ledger::{Hash, Salt, commit};
use casus_model::Record;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
};

/// What a restricted file was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub name: String,
    pub content: Kept,
    pub profile: Option<String>,
    pub profile_text: Option<Kept>,
    pub accounting: Accounting,
}

/// The sealed contents that are here, by what commits to them.
#[derive(Debug, Default)]
pub(crate) struct Sealed {
    pub records: HashMap<Hash, Record>,
    pub headers: HashMap<String, Header>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    salt: String,
    content: String,
}

/// A text with a salt, and what commits to both.
struct Bound {
    line: Line,
    commitment: Hash,
}

fn bind(content: String) -> Result<Bound, Error> {
    let salt = Salt::generate()?;
    let commitment = commit(&salt, content.as_bytes());
    Ok(Bound { line: Line { salt: Hash(salt.0).to_string(), content }, commitment })
}

impl Sealed {
    /// Everything in the folder of a record.
    pub fn load(folder: &Path) -> Result<Sealed, Error> {
        let mut sealed = Sealed::default();
        let folder = folder.join("sealed");
        let Ok(files) = fs::read_dir(&folder) else { return Ok(sealed) };
        for file in files {
            let path = file.map_err(|cause| Error::file(&folder, cause))?.path();
            if path.extension().is_some_and(|ending| ending == "jsonl") {
                sealed.read(&path)?;
            }
        }
        Ok(sealed)
    }

    fn read(&mut self, path: &Path) -> Result<(), Error> {
        let told = |cause| Error::file(path, cause);
        for line in BufReader::new(File::open(path).map_err(told)?).lines() {
            let line = line.map_err(told)?;
            // A line that was cut short belongs to a source that was never acknowledged.
            let Ok(Line { salt, content }) = serde_json::from_str(&line) else { continue };
            let commitment = commit(&Salt(Hash::parse(&salt)?.0), content.as_bytes());
            if let Ok(header) = serde_json::from_str(&content) {
                self.headers.insert(commitment.to_string(), header);
            } else if let Ok(record) = parse_record(&content) {
                self.records.insert(commitment, record);
            }
        }
        Ok(())
    }

    /// Seals a file and its reports, durably. Gives what commits to the file, and to each report.
    pub fn write(
        &mut self,
        folder: &Path,
        position: u64,
        (header, content): (&Header, &[u8]),
        records: &[Record],
    ) -> Result<(Hash, Vec<Hash>), Error> {
        let folder = folder.join("sealed");
        let told = |cause| Error::file(&folder, cause);
        let text = serde_json::to_string(header).map_err(|error| told(error.into()))?;
        let top = bind(text)?;
        let mut lines = vec![top.line];
        let mut commitments = Vec::with_capacity(records.len());
        for record in records {
            let bound = bind(write_record(record))?;
            self.records.insert(bound.commitment, record.clone());
            commitments.push(bound.commitment);
            lines.push(bound.line);
        }
        self.headers.insert(top.commitment.to_string(), header.clone());
        let mut out = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut out, &line).map_err(|error| told(error.into()))?;
            out.push(b'\n');
        }
        fs::create_dir_all(&folder).map_err(told)?;
        durably(&folder.join(format!("{position}.jsonl")), &out)?;
        durably(&folder.join(format!("{position}.file")), content)?;
        for folder in [Some(folder.as_path()), folder.parent()].into_iter().flatten() {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(told)?;
        }
        Ok((top.commitment, commitments))
    }
}

fn durably(path: &Path, content: &[u8]) -> Result<(), Error> {
    let written = || {
        let mut file = File::create(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    written().map_err(|cause| Error::file(path, cause))
}
