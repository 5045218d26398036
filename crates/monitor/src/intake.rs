//! Files of evidence into the log.
//!
//! Invariant: a file that is put in twice is there once, and a file that was cut short is completed,
//! not begun anew.

use crate::{
    act::{Act, Kept, Signed},
    entry::{Class, Entry},
    error::Error,
    monitor::Monitor,
    state::{InLog, Sealed, State},
};
use casus_ingest::{Accounting, Intake, Limits, Profile, Reject, parse_record, write_record};
use casus_ledger::{Hash, Salt, Signer, commit};
use casus_model::{Instant, Record};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
};

/// A file of evidence.
pub struct Source<'s> {
    /// What it is called.
    pub name: &'s str,
    /// What is in it.
    pub content: &'s [u8],
    /// How it is read.
    pub profile: Option<&'s Profile>,
    /// The name of the profile, and its text where it is not one of Casus's own.
    pub profile_text: (Option<&'s str>, Option<&'s [u8]>),
    /// Who may see its reports.
    pub class: Class,
    /// What is too much.
    pub limits: Limits,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Receipt {
    /// Where the act stands that put it in.
    pub position: u64,
    /// How many reports of it are in the log.
    pub reports: u64,
    /// Whether all of it was there before.
    pub again: bool,
    /// Where every row went.
    pub accounting: Accounting,
}

#[derive(Serialize, Deserialize)]
struct Line {
    salt: String,
    record: String,
}

impl Monitor {
    /// Puts a file of evidence in, under a key. What its rows became is durable when this returns.
    ///
    /// # Errors
    /// Where it cannot be read to its end, its author may not put it in, or the disk refuses.
    pub fn add(
        &mut self,
        source: &Source<'_>,
        key: &Signer,
        at: Instant,
        reject: &mut impl FnMut(Reject),
    ) -> Result<Receipt, Error> {
        let content = self.keep(source.content)?;
        let (profile, text) = source.profile_text;
        let profile_text = text.map(|text| self.keep(text)).transpose()?;
        let profile = (profile.map(str::to_owned), profile_text);
        let same = |one: &&InLog| {
            (&one.content, &one.profile, one.class) == (&content, &profile, source.class)
        };
        let before = self.state().sources.iter().find(same).cloned();
        if let Some(done) = before.as_ref().filter(|one| one.there == one.reports) {
            return Ok(Receipt {
                position: done.position,
                reports: done.reports,
                again: true,
                accounting: done.accounting.clone(),
            });
        }
        let own = before.as_ref().map(|one| one.position);
        let (mut records, mut accounting) = read(source, reject)?;
        let read = records.len();
        records.retain(|record| !is_filed(self.state(), record, own));
        let twice = (read - records.len()) as u64;
        accounting.accepted -= twice;
        accounting.duplicate += twice;
        let reports = records.len() as u64;
        let position = own.unwrap_or(self.size());
        let mut entries = Vec::with_capacity(records.len() + 1);
        if before.is_none() {
            let (profile, profile_text) = profile;
            let act = Act::Source {
                name: source.name.to_owned(),
                content,
                profile,
                profile_text,
                reports,
                class: source.class,
                accounting: accounting.clone(),
            };
            entries.push(self.permitted(act, key, at)?);
        }
        let there = before.as_ref().map_or(0, |one| one.there);
        let rest = records.iter().skip(usize::try_from(there).unwrap_or(usize::MAX));
        let sealed = match source.class {
            Class::Public => {
                for record in rest {
                    let record = Box::new(record.clone());
                    entries.push(Entry::Report { source: position, record }.encode()?);
                }
                Sealed::new()
            }
            _ => self.seal(position, rest, &mut entries)?,
        };
        if !entries.is_empty() {
            self.append(&entries, &sealed)?;
        }
        self.publish()?;
        Ok(Receipt { position, reports, again: false, accounting })
    }

    fn permitted(&self, act: Act, key: &Signer, at: Instant) -> Result<Vec<u8>, Error> {
        let signed = Signed::sign(act, self.state().name(), key, at)?;
        let told = |why| Error::refused(why, "see `casus people`, and ask a keeper of the record");
        self.state().permits(&signed).map_err(told)?;
        Entry::Act(Box::new(signed)).encode()
    }

    /// Keeps reports beside the log, durably, and commits to each.
    fn seal<'r>(
        &self,
        position: u64,
        records: impl Iterator<Item = &'r Record>,
        entries: &mut Vec<Vec<u8>>,
    ) -> Result<Sealed, Error> {
        let folder = self.folder.join("sealed");
        let path = folder.join(format!("{position}-{}.jsonl", self.size()));
        let told = |cause| Error::file(&path, cause);
        fs::create_dir_all(&folder).map_err(told)?;
        let mut sealed = Sealed::new();
        let mut text = Vec::new();
        for record in records {
            let (salt, content) = (Salt::generate()?, write_record(record));
            let commitment = commit(&salt, content.as_bytes());
            entries.push(Entry::Sealed { source: position, commitment }.encode()?);
            let line = Line { salt: Hash(salt.0).to_string(), record: content };
            serde_json::to_writer(&mut text, &line).map_err(|error| told(error.into()))?;
            text.push(b'\n');
            sealed.insert(commitment, record.clone());
        }
        let mut file = File::create(&path).map_err(told)?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(told)?;
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(told)?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(told)?;
        Ok(sealed)
    }
}

fn read(
    source: &Source<'_>,
    reject: &mut impl FnMut(Reject),
) -> Result<(Vec<Record>, Accounting), Error> {
    let mut records = Vec::new();
    let mut intake = Intake::new(source.limits.clone());
    let accounting = intake
        .read(source.content, source.name, source.profile, &mut |one| records.push(one), reject)
        .map_err(|error| Error::Evidence(error.to_string()))?;
    Ok((records, accounting))
}

/// Whether a report stands in the log as it is, from another source.
fn is_filed(state: &State, record: &Record, own: Option<u64>) -> bool {
    state.versions(&record.id).any(|one| Some(one.source) != own && one.record == *record)
}

/// The sealed reports that are here, each only if its commitment is that of what stands there.
pub(crate) fn sealed(folder: &Path) -> Result<Sealed, Error> {
    let mut sealed = Sealed::new();
    let folder = folder.join("sealed");
    let Ok(files) = fs::read_dir(&folder) else { return Ok(sealed) };
    for file in files {
        let path = file.map_err(|cause| Error::file(&folder, cause))?.path();
        let told = |cause| Error::file(&path, cause);
        for line in BufReader::new(File::open(&path).map_err(told)?).lines() {
            let line = line.map_err(told)?;
            // A line that was cut short belongs to a source that was never acknowledged.
            let Ok(line) = serde_json::from_str::<Line>(&line) else { continue };
            let salt = Salt(Hash::parse(&line.salt)?.0);
            if let Ok(record) = parse_record(&line.record) {
                sealed.insert(commit(&salt, line.record.as_bytes()), record);
            }
        }
    }
    Ok(sealed)
}

impl State {
    /// All contents that entries name.
    pub(crate) fn kept(&self) -> Vec<&Kept> {
        let mut all = Vec::new();
        for (_, text) in &self.agreements {
            all.push(&text.text);
            all.extend(text.annexes.values());
        }
        for source in self.sources.iter().filter(|one| one.class == Class::Public) {
            all.push(&source.content);
            all.extend(&source.profile.1);
        }
        for (_, signed) in &self.acts {
            if let Act::Findings { lines, .. } = &signed.act {
                all.push(lines);
            }
        }
        all
    }
}
