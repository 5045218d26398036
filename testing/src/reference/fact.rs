//! Sections 2.3 to 2.6: the fact that an incident is under a standard; and 3.11, derived facts.
//!
//! Invariant: a fact says nothing that its reports (or the finding behind it) do not say.

use super::{
    amounts,
    reports::{Incident, Report},
};
use casus_model::{
    Instant, Name, Occurred, Program, Reason, Reliability, Tri,
    program::{ActorId, Standard, What, ZoneId},
};
use rust_decimal::Decimal;
use std::{collections::BTreeSet, rc::Rc};

/// Something that (possibly) happened, as a rule sees it.
#[derive(Clone, Debug)]
pub struct Fact {
    /// None for an incident.
    pub derived: Option<What>,
    /// The incident's name, or the finding's id.
    pub id: Name,
    /// 2.4
    pub status: Tri,
    /// Why the status is unknown.
    pub reason: Reason,
    /// When it happened.
    pub time: Occurred,
    /// `Edge::Start`.
    pub start_edge: (Instant, Instant),
    /// 2.6
    pub receipt: Instant,
    /// 2.6
    pub settled: Instant,
    /// R: the grounds of the incident (or of the one behind).
    pub grounds: Vec<Rc<Report>>,
    /// All live reports of the incident.
    pub live: Vec<Rc<Report>>,
    /// Of a derived fact: each actor's part, by `ActorId`.
    pub parties: Vec<Tri>,
    /// 2.6
    pub item: Option<Name>,
    /// 2.6
    pub recipient: Option<Name>,
    /// 2.6
    pub about: Vec<Name>,
    /// 2.6, in base units.
    pub quantities: Vec<(Name, (Decimal, Decimal))>,
    /// Of a fact of a key: its zone.
    pub zones: Vec<ZoneId>,
    /// 2.6
    pub act_low: u8,
    /// 2.6
    pub attribution_low: u8,
    /// Every name by which `about` may name it.
    pub names: BTreeSet<Name>,
    /// Ids of the records behind it.
    pub records: Vec<Name>,
}

impl Fact {
    /// Whether two are one and the same.
    pub fn same_as(&self, other: &Fact) -> bool {
        self.derived == other.derived && self.id == other.id
    }
    /// The order of facts in time where one has to come first.
    pub fn order(&self) -> (Instant, Instant, Name) {
        (self.time.start.1, self.time.start.0, self.id.clone())
    }
    /// Whether one of the names is one of its names.
    pub fn named_in(&self, about: &[Name]) -> bool {
        about.iter().any(|name| self.names.contains(name))
    }
    /// A derived fact without anything but its time.
    pub fn bare(what: What, id: Name, status: Tri, start: (Instant, Instant)) -> Fact {
        Fact {
            derived: Some(what),
            names: BTreeSet::from([id.clone()]),
            id,
            status,
            reason: Reason::StateUncertain,
            time: Occurred { start, end: start },
            start_edge: start,
            receipt: Instant::MIN,
            settled: Instant::MIN,
            grounds: Vec::new(),
            live: Vec::new(),
            parties: Vec::new(),
            item: None,
            recipient: None,
            about: Vec::new(),
            quantities: Vec::new(),
            zones: Vec::new(),
            act_low: 100,
            attribution_low: 100,
            records: Vec::new(),
        }
    }
    /// A derived fact with all that the fact behind it has (3.11).
    pub fn behind(&self, what: What, id: Name, status: Tri) -> Fact {
        let mut fact = self.clone();
        if self.derived.is_some() {
            fact.names.remove(&self.id);
        }
        fact.names.insert(id.clone());
        (fact.derived, fact.id, fact.status, fact.about) = (Some(what), id, status, Vec::new());
        fact
    }
    /// 3.11: as a rule with this standard sees a derived fact.
    pub fn seen_under(&self, standard: &Standard) -> Fact {
        let mut fact = self.clone();
        if self.act_low < standard.act && fact.status.is_yes() {
            (fact.status, fact.reason) = (Tri::Unknown, Reason::StateUncertain);
        }
        if self.attribution_low < standard.attribution {
            fact.parties.iter_mut().for_each(|party| *party = (*party).min(Tri::Unknown));
        }
        fact
    }
}

/// 2.3
pub fn act(report: &Report, standard: &Standard) -> Tri {
    let source_good = standard.source.is_none_or(|worst| {
        let reliability = report.content.grade.reliability;
        reliability != Reliability::F && reliability <= worst
    });
    let confidence = report.confidence;
    if confidence.low >= standard.act && source_good {
        Tri::Yes
    } else if confidence.high <= 5 {
        Tri::No
    } else {
        Tri::Unknown
    }
}

/// The single value of a list, none where there is none or several (2.6).
fn only(values: impl Iterator<Item = Name>) -> Option<Name> {
    let values: BTreeSet<Name> = values.collect();
    if values.len() == 1 { values.into_iter().next() } else { None }
}

/// 2.3 to 2.6: the fact of an incident, from these of its reports.
pub fn of_incident(
    program: &Program,
    incident: &Incident,
    reports: &[Rc<Report>],
    standard: &Standard,
) -> Option<Fact> {
    let with = |answer: Tri| -> Vec<Rc<Report>> {
        reports.iter().filter(|report| act(report, standard) == answer).cloned().collect()
    };
    let (grounds, status) = match (with(Tri::Yes), with(Tri::Unknown)) {
        (yes, _) if !yes.is_empty() => (yes, Tri::Yes),
        (_, unknown) if !unknown.is_empty() => (unknown, Tri::Unknown),
        _ => return None,
    };
    let time = joint_time(&grounds)?;
    let ids = incident.reports.iter().map(|report| report.content.id.clone());
    let ids = ids.chain(incident.empty.iter().cloned());
    let ends = grounds.iter().filter_map(|report| report.leg.as_ref());
    let ids = ids.chain(ends.flat_map(|ends| ends.of.clone()).flat_map(|(id, of)| [id, of]));
    let mut about: Vec<Name> = grounds.iter().flat_map(|r| r.content.about.clone()).collect();
    about.sort_unstable();
    about.dedup();
    let actors = grounds.iter().filter_map(|report| report.content.actor.as_ref());
    Some(Fact {
        derived: None,
        id: incident.name.clone(),
        status,
        reason: Reason::ActUnconfirmed,
        time,
        start_edge: time.start,
        receipt: grounds.iter().map(|report| report.first_known).min()?,
        settled: grounds.iter().map(|report| report.settled).min()?,
        live: reports.to_vec(),
        parties: Vec::new(),
        item: only(grounds.iter().filter_map(|r| r.content.object.as_ref()?.item.clone())),
        recipient: only(grounds.iter().filter_map(|r| r.content.recipient.clone())),
        about,
        quantities: amounts::joint(program, &grounds),
        zones: Vec::new(),
        act_low: grounds.iter().map(|report| report.confidence.low).max()?,
        attribution_low: actors.map(|actor| actor.confidence.low).max().unwrap_or(0),
        names: std::iter::once(incident.name.clone()).chain(ids).collect(),
        records: grounds.iter().flat_map(|report| report.records()).collect(),
        grounds,
    })
}

/// 2.6: the meet of the times, or the hull where that is empty.
fn joint_time(grounds: &[Rc<Report>]) -> Option<Occurred> {
    let mut times = grounds.iter().map(|report| report.content.time);
    let first = times.next()?;
    let meet = times.clone().try_fold(first, |all, one| all.meet(&one));
    Some(meet.unwrap_or_else(|| times.fold(first, |all, one| all.hull(&one))))
}

/// The part of one actor in a list by `ActorId`.
pub fn part(parties: &[Tri], actor: ActorId) -> Tri {
    parties.get(actor.index()).copied().unwrap_or(Tri::Unknown)
}
