//! The reports of a record as they stand: what the sources said, with what people did to it.
//!
//! Invariant: an act of a person never changes what a source said. It stands over it as a further
//! version, and goes where the act is taken back.

use crate::{
    act::{Act, Plea, Signed},
    entry::Class,
    state::{Filed, State},
};
use casus_ingest::parse_record;
use casus_model::{Grade, Instant, Name, Record, Standing};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many people of a body have to say the same before a member's adoption counts.
pub const ADOPTERS: usize = 2;

/// What is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The first so many entries of the log; none: all.
    pub size: Option<u64>,
    /// What became known later is left out.
    pub as_of: Option<Instant>,
    /// Who looks.
    pub class: Class,
}

/// What a person says anew of a report.
enum Amendment {
    Content(Box<Record>, u32),
    Withdrawn(u32),
    Incident(Name),
    Grade(Grade),
}

impl State {
    /// The reports that a view has, those that people made included.
    pub fn records(&self, view: &View) -> Vec<Record> {
        let seen = |filed: &&Filed| {
            filed.class <= view.class && view.as_of.is_none_or(|as_of| filed.record.known <= as_of)
        };
        let in_time = |at: Instant| view.as_of.is_none_or(|as_of| at <= as_of);
        let mut records: Vec<Record> =
            self.filed.iter().filter(seen).map(|filed| filed.record.clone()).collect();
        let acts: Vec<&(u64, Signed)> =
            self.acts.iter().filter(|(_, one)| in_time(one.at)).collect();
        for (report, amendments) in self.amendments(&acts) {
            let base = self.versions(&report).filter(seen).map(|filed| &filed.record);
            let base = base.max_by_key(|record| (record.version, record.known));
            records.extend(base.and_then(|base| amended(base, &amendments)));
        }
        records.extend(acts.iter().filter_map(|(position, signed)| pleaded(*position, signed)));
        records.extend(adopted(&acts));
        records
    }

    /// What people say anew, by report, in the order of the log.
    fn amendments(&self, acts: &[&(u64, Signed)]) -> BTreeMap<Name, Vec<(Instant, Amendment)>> {
        let undone: BTreeSet<u64> = acts
            .iter()
            .filter_map(|(_, one)| match one.act {
                Act::Split { merge, .. } => Some(merge),
                _ => None,
            })
            .collect();
        let mut all: BTreeMap<Name, Vec<(Instant, Amendment)>> = BTreeMap::new();
        let mut add = |report: &Name, at, amendment| {
            all.entry(report.clone()).or_default().push((at, amendment));
        };
        let mut incidents: HashMap<Name, Name> = HashMap::new();
        for (position, Signed { act, at, .. }) in acts {
            match act {
                Act::Correct { record, over, .. } => {
                    if let Ok(record) = parse_record(record) {
                        add(&record.id.clone(), *at, Amendment::Content(Box::new(record), *over));
                    }
                }
                Act::Withdraw { report, over, .. } => add(report, *at, Amendment::Withdrawn(*over)),
                Act::Grade { report, grade, .. } => add(report, *at, Amendment::Grade(*grade)),
                Act::Merge { reports, .. } if !undone.contains(position) => {
                    let Some(first) = reports.first() else { continue };
                    let own = self.versions(first).last().map(|one| one.record.incident().clone());
                    let own = own.unwrap_or_else(|| first.clone());
                    let incident = incidents.get(first).cloned().unwrap_or(own);
                    for report in reports.iter().skip(1) {
                        incidents.insert(report.clone(), incident.clone());
                        add(report, *at, Amendment::Incident(incident.clone()));
                    }
                }
                _ => {}
            }
        }
        all
    }
}

/// A report with what people say of it; none where they say nothing of this version.
fn amended(base: &Record, amendments: &[(Instant, Amendment)]) -> Option<Record> {
    let mut record = base.clone();
    for (at, amendment) in amendments {
        match amendment {
            // What a source said later is not what they had before them.
            Amendment::Content(_, over) | Amendment::Withdrawn(over) if *over != base.version => {
                continue;
            }
            Amendment::Content(content, _) => {
                let (incident, known) = (record.incident.clone(), record.known);
                record = (**content).clone();
                record.incident = record.incident.or(incident);
                record.known = known;
            }
            Amendment::Withdrawn(_) => record.standing = Standing::Withdrawn,
            Amendment::Incident(incident) => record.incident = Some(incident.clone()),
            Amendment::Grade(grade) => record.grade = *grade,
        }
        record.version = base.version + 1;
        record.known = record.known.max(*at);
    }
    (record.version != base.version).then_some(record)
}

/// The report that a plea is.
fn pleaded(position: u64, signed: &Signed) -> Option<Record> {
    let Act::Plead { plea, defence, about, on_behalf_of, .. } = &signed.act else { return None };
    let act = match plea {
        Plea::Claim => "claim",
        Plea::Acceptance => "acceptance",
        Plea::Rejection => "rejection",
    };
    procedural(position, signed.at, act, (on_behalf_of, defence, std::slice::from_ref(about)))
}

/// The adoptions that enough people stand behind, each at the time of the last of them.
fn adopted(acts: &[&(u64, Signed)]) -> Vec<Record> {
    let mut by_what: BTreeMap<(&Name, &[Name], &Name), BTreeSet<&str>> = BTreeMap::new();
    let mut all = Vec::new();
    for (position, Signed { act, by, at, .. }) in acts {
        let Act::Adopt { provision, about, on_behalf_of, .. } = act else { continue };
        let people = by_what.entry((provision, about, on_behalf_of)).or_default();
        if people.insert(by) && people.len() == ADOPTERS {
            all.extend(procedural(*position, *at, "adoption", (on_behalf_of, provision, about)));
        }
    }
    all
}

fn procedural(
    position: u64,
    at: Instant,
    act: &str,
    (actor, kind, about): (&Name, &Name, &[Name]),
) -> Option<Record> {
    let about: Vec<&str> = about.iter().map(|one| &**one).collect();
    let line = json!({
        "id": format!("act-{position}"),
        "act": act,
        "actor": { "name": &**actor, "confidence": "confirmed" },
        "object": { "kind": &**kind },
        "about": about,
        "time": at,
        "known": at,
        "source": &**actor,
        "grade": "A1",
    });
    parse_record(&line.to_string()).ok()
}
