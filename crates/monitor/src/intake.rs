//! Files of evidence into the log.
//!
//! Invariant: a file that is put in twice is there once, and a file that was cut short is
//! completed, not begun anew.

use crate::{
    act::{Act, Kept, Signed},
    entry::{Class, Entry},
    error::Error,
    monitor::{GROUP_ENTRIES, Monitor},
    sealed::{Header, Sealed},
    state::{InLog, State},
};
use casus_ingest::{Accounting, Intake, Limits, Profile, Reject};
use casus_ledger::Signer;
use casus_model::{Instant, Record};
use serde::Serialize;

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
        let (profile, text) = source.profile_text;
        let is_public = source.class == Class::Public;
        let kept = |monitor: &Monitor, bytes: &[u8]| match is_public {
            true => monitor.keep(bytes),
            false => Ok(Kept::of(bytes)),
        };
        let mut header = Header {
            name: source.name.to_owned(),
            content: kept(self, source.content)?,
            profile: profile.map(str::to_owned),
            profile_text: text.map(|text| kept(self, text)).transpose()?,
            accounting: Accounting::default(),
        };
        let same = |one: &&InLog| {
            let profile =
                (&one.profile.0, &one.profile.1) == (&header.profile, &header.profile_text);
            profile && (&one.content, one.class) == (&header.content, source.class)
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
        let (mut records, accounting) = read(source, reject)?;
        header.accounting = accounting;
        let own = before.as_ref().map(|one| one.position);
        let read = records.len();
        records.retain(|record| !is_filed(self.state(), record, own));
        let twice = (read - records.len()) as u64;
        header.accounting.accepted -= twice;
        header.accounting.duplicate += twice;
        let there = before.as_ref().map_or(0, |one| one.there);
        let rest = records.get(usize::try_from(there).unwrap_or(usize::MAX)..).unwrap_or_default();
        let position = match is_public {
            true => self.add_public(&header, (own, records.len()), rest, (key, at))?,
            false => self.add_sealed(source, &header, &records, (key, at))?,
        };
        self.publish()?;
        let (reports, accounting) = (records.len() as u64, header.accounting);
        Ok(Receipt { position, reports, again: false, accounting })
    }

    /// Reads a file and puts nothing in.
    ///
    /// # Errors
    /// Where it cannot be read to its end.
    pub fn look(
        &self,
        source: &Source<'_>,
        reject: &mut impl FnMut(Reject),
    ) -> Result<Accounting, Error> {
        Ok(read(source, reject)?.1)
    }

    /// Appends a file's act, unless it is there, and the reports that are not.
    fn add_public(
        &mut self,
        header: &Header,
        (own, reports): (Option<u64>, usize),
        rest: &[Record],
        (key, at): (&Signer, Instant),
    ) -> Result<u64, Error> {
        let position = own.unwrap_or(self.size());
        let mut entries = Vec::with_capacity(rest.len() + 1);
        if own.is_none() {
            let Header { name, content, profile, profile_text, accounting } = header.clone();
            let (reports, class) = (reports as u64, Class::Public);
            let act =
                Act::Source { name, content, profile, profile_text, reports, class, accounting };
            entries.push(self.permitted(act, key, at)?);
        }
        for record in rest {
            let record = Box::new(record.clone());
            entries.push(Entry::Report { source: position, record }.encode()?);
        }
        if !entries.is_empty() {
            self.append(&entries, &Sealed::default())?;
        }
        Ok(position)
    }

    /// Seals a file whole.
    fn add_sealed(
        &mut self,
        source: &Source<'_>,
        header: &Header,
        records: &[Record],
        (key, at): (&Signer, Instant),
    ) -> Result<u64, Error> {
        let position = self.size();
        let act = |content: Kept| Act::Source {
            name: String::new(),
            content,
            profile: None,
            profile_text: None,
            reports: records.len() as u64,
            class: source.class,
            accounting: Accounting::default(),
        };
        if records.len() >= GROUP_ENTRIES {
            return Err(Error::refused(
                format!(
                    "a restricted file has {} reports, at most {}",
                    records.len(),
                    GROUP_ENTRIES - 1
                ),
                "split it: what is sealed goes into the log whole or not at all",
            ));
        }
        // Who may not put it in leaves nothing behind.
        self.permitted(act(Kept { sha256: String::new(), bytes: 0 }), key, at)?;
        let mut sealed = Sealed::default();
        let (top, commitments) =
            sealed.write(&self.folder, position, (header, source.content), records)?;
        let content = Kept { sha256: top.to_string(), bytes: 0 };
        let mut entries = vec![self.permitted(act(content), key, at)?];
        for commitment in commitments {
            entries.push(Entry::Sealed { source: position, commitment }.encode()?);
        }
        self.append(&entries, &sealed)?;
        Ok(position)
    }

    fn permitted(&self, act: Act, key: &Signer, at: Instant) -> Result<Vec<u8>, Error> {
        let signed = Signed::sign(act, self.state().name(), key, at)?;
        let told = |why| Error::refused(why, "see `casus people`, and ask a keeper of the record");
        self.state().permits(&signed).map_err(told)?;
        Entry::Act(Box::new(signed)).encode()
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
