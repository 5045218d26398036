//! What the entries of a log say, one after the other.
//!
//! Invariant: it is a function of the entries alone. An act that its author was not allowed to do
//! changes nothing, and is told.

use crate::{
    act::{Act, Kept, Signed},
    agreement::Text,
    entry::{Class, Entry, Opening},
    people::{Person, Role},
    sealed::Sealed,
};
use casus_ingest::Accounting;
use casus_ledger::Verifier;
use casus_model::{Name, Record};
use std::collections::{BTreeMap, HashMap};

/// A report in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Filed {
    /// Where it stands.
    pub position: u64,
    /// Where the act stands that put it in.
    pub source: u64,
    /// Who may see it.
    pub class: Class,
    /// What it says.
    pub record: Record,
}

/// A file of evidence in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct InLog {
    /// Where the act stands that put it in.
    pub position: u64,
    /// What it was called.
    pub name: String,
    /// The file.
    pub content: Kept,
    /// By which profile it was read.
    pub profile: (Option<String>, Option<Kept>),
    /// How many reports it has.
    pub reports: u64,
    /// How many of them are there.
    pub there: u64,
    /// Who may see them.
    pub class: Class,
    /// Where every row went.
    pub accounting: Accounting,
}

/// What a log says up to a place.
#[derive(Debug, Default)]
pub struct State {
    /// How many entries were read.
    pub size: u64,
    /// The first of them.
    pub opening: Option<Opening>,
    /// The people, by name.
    pub people: BTreeMap<String, Person>,
    /// The wordings of the agreement, each with its place.
    pub agreements: Vec<(u64, Text)>,
    /// The files of evidence.
    pub sources: Vec<InLog>,
    /// The reports.
    pub filed: Vec<Filed>,
    /// By report: which of `filed`.
    pub by_report: HashMap<Name, Vec<usize>>,
    /// The acts that were allowed, each with its place.
    pub acts: Vec<(u64, Signed)>,
    /// The acts that were not, each with its place.
    pub refused: Vec<(u64, String)>,
    /// How many sealed reports are not here.
    pub withheld: u64,
}

impl State {
    /// The name of the record.
    pub fn name(&self) -> &str {
        self.opening.as_ref().map_or("", |opening| &opening.name)
    }

    /// The newest versions of a report in the log, the last one last.
    pub fn versions(&self, report: &str) -> impl Iterator<Item = &Filed> {
        let all = self.by_report.get(report).into_iter().flatten();
        all.filter_map(|&at| self.filed.get(at))
    }

    /// Whether an act may be done.
    ///
    /// # Errors
    /// Why not.
    pub fn permits(&self, signed: &Signed) -> Result<(), String> {
        let by = &signed.by;
        if signed.record != self.name() {
            return Err(format!("it is for the record `{}`", signed.record));
        }
        let Some(person) = self.people.get(by) else {
            return Err(format!("`{by}` is nobody of this record"));
        };
        let key = Verifier::parse(&person.key).map_err(|error| error.to_string())?;
        signed.verify(&key)?;
        let needed = signed.act.roles();
        if !needed.iter().any(|role| person.roles.contains(role)) {
            let names: Vec<&str> = needed.iter().map(|role| role.name()).collect();
            return Err(format!("`{by}` would have to be {}", names.join(" or ")));
        }
        match &signed.act {
            Act::Plead { on_behalf_of, .. } | Act::Adopt { on_behalf_of, .. } => {
                let speaks = person.speaks_for.iter().any(|one| **one == **on_behalf_of);
                speaks
                    .then_some(())
                    .ok_or_else(|| format!("`{by}` does not speak for {on_behalf_of}"))
            }
            Act::Person(person) => match Verifier::parse(&person.key) {
                Ok(key) if key.name() == person.name => Ok(()),
                Ok(key) => Err(format!("the key is that of `{}`", key.name())),
                Err(error) => Err(error.to_string()),
            },
            _ => Ok(()),
        }
    }

    pub(crate) fn take(&mut self, entry: Entry, sealed: &Sealed) {
        let position = self.size;
        self.size += 1;
        match entry {
            Entry::Opening(opening) if position == 0 => {
                let (name, key) = opening.keeper.clone();
                let roles = vec![Role::Keeper, Role::Analyst, Role::Reviewer];
                let keeper = Person { name: name.clone(), key, roles, speaks_for: Vec::new() };
                self.people.insert(name, keeper);
                self.opening = Some(opening);
            }
            Entry::Opening(_) => {
                self.refused.push((position, "it opens a record that is open".to_owned()));
            }
            Entry::Report { source, record } => self.file(position, source, Some(*record)),
            Entry::Sealed { source, commitment } => {
                self.file(position, source, sealed.records.get(&commitment).cloned());
            }
            Entry::Act(signed) => match self.permits(&signed) {
                Ok(()) => self.act(position, *signed, sealed),
                Err(why) => self.refused.push((position, why)),
            },
        }
    }

    /// Takes a report in, if its source announced it.
    fn file(&mut self, position: u64, source: u64, record: Option<Record>) {
        let of = self.sources.iter_mut().rev().find(|one| one.position == source);
        let Some(of) = of.filter(|one| one.there < one.reports) else {
            return self
                .refused
                .push((position, format!("entry {source} announces no such report")));
        };
        of.there += 1;
        let Some(record) = record else {
            self.withheld += 1;
            return;
        };
        let class = of.class;
        self.by_report.entry(record.id.clone()).or_default().push(self.filed.len());
        self.filed.push(Filed { position, source, class, record });
    }

    fn act(&mut self, position: u64, signed: Signed, sealed: &Sealed) {
        match &signed.act {
            Act::Person(person) => {
                self.people.insert(person.name.clone(), person.clone());
            }
            Act::Agreement { text, annexes, .. } => {
                let text = Text { text: text.clone(), annexes: annexes.clone() };
                self.agreements.push((position, text));
            }
            Act::Source { name, content, profile, profile_text, reports, class, accounting } => {
                let mut source = InLog {
                    position,
                    name: name.clone(),
                    content: content.clone(),
                    profile: (profile.clone(), profile_text.clone()),
                    reports: *reports,
                    there: 0,
                    class: *class,
                    accounting: accounting.clone(),
                };
                if let Some(header) = sealed.headers.get(&content.sha256) {
                    source.name.clone_from(&header.name);
                    source.content.clone_from(&header.content);
                    source.profile = (header.profile.clone(), header.profile_text.clone());
                    source.accounting.clone_from(&header.accounting);
                }
                self.sources.push(source);
            }
            _ => {}
        }
        self.acts.push((position, signed));
    }
}
