//! The evidence as it is known: reports, and the incidents they are about.
//!
//! Invariant: an incident's members are sorted by report id; nothing depends on arrival.

use crate::{
    report::{Procedure, Report},
    track::Tracks,
};
use casus_model::{Name, Program, Record, program::ActId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A number for an incident, given in the order of arrival: never compared, only looked up.
pub(crate) type IncidentId = u32;

/// All reports on one event.
#[derive(Debug)]
pub(crate) struct Incident {
    pub name: Name,
    pub members: Vec<u32>,
    /// Of a leg: its act.
    pub leg: Option<ActId>,
}

/// Reports and incidents with the indexes that the judging reads.
#[derive(Debug, Default)]
pub(crate) struct Store {
    reports: Vec<Report>,
    by_id: HashMap<Name, u32>,
    incidents: Vec<Incident>,
    by_name: HashMap<Name, IncidentId>,
    by_act: BTreeMap<ActId, BTreeSet<IncidentId>>,
    by_procedure: BTreeMap<Procedure, BTreeSet<IncidentId>>,
    tracks: Tracks,
}

/// The numbers of a leg.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Laid {
    pub incident: IncidentId,
    report: u32,
}

/// Puts a value at its number, which is that of an old one or the next.
fn put<T>(list: &mut Vec<T>, at: u32, value: T) {
    match list.get_mut(at as usize) {
        Some(old) => *old = value,
        None => list.push(value),
    }
}

impl Store {
    /// Takes one record in; the incidents that it changes, legs included.
    pub(crate) fn add(&mut self, record: Record, program: &Program) -> Vec<IncidentId> {
        let id = record.id.clone();
        let mut changed = self.add_report(record, program);
        if !changed.is_empty()
            && let Some(&at) = self.by_id.get(&id)
        {
            let mut tracks = std::mem::take(&mut self.tracks);
            changed.extend(tracks.relay(self, at, program));
            self.tracks = tracks;
        }
        changed
    }

    /// Puts a leg in as an incident of its own, in its old place if it had one.
    pub(crate) fn lay(&mut self, leg: Report, act: ActId, old: Option<Laid>) -> Laid {
        let next = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let laid = old.unwrap_or_else(|| Laid {
            incident: next(self.incidents.len()),
            report: next(self.reports.len()),
        });
        let name = leg.id().clone();
        let incident = Incident { name, members: vec![laid.report], leg: Some(act) };
        put(&mut self.incidents, laid.incident, incident);
        put(&mut self.reports, laid.report, leg);
        self.by_act.entry(act).or_default().insert(laid.incident);
        laid
    }

    /// Takes a leg out: an incident without a report is none.
    pub(crate) fn lift(&mut self, laid: Laid) {
        let Some(incident) = self.incidents.get_mut(laid.incident as usize) else { return };
        incident.members.clear();
        if let Some(list) = incident.leg.and_then(|act| self.by_act.get_mut(&act)) {
            list.remove(&laid.incident);
        }
    }

    fn add_report(&mut self, record: Record, program: &Program) -> Vec<IncidentId> {
        let Some(&at) = self.by_id.get(&record.id) else {
            let at = u32::try_from(self.reports.len()).unwrap_or(u32::MAX);
            self.by_id.insert(record.id.clone(), at);
            self.reports.push(Report::new(record, program));
            return self.join(at).into_iter().collect();
        };
        let Some(report) = self.reports.get_mut(at as usize) else { return Vec::new() };
        let before = report.record().incident().clone();
        let index_before = (report.act, report.procedure);
        if !report.add(record, program) {
            return Vec::new();
        }
        let mut changed: Vec<IncidentId> = self.by_name.get(&before).copied().into_iter().collect();
        let report = self.reports.get(at as usize);
        let after = report.map(|report| report.record().incident().clone());
        let index_after = report.map(|report| (report.act, report.procedure));
        if after.as_ref() != Some(&before) || index_after != Some(index_before) {
            self.leave(at, &before);
            changed.extend(self.join(at));
        }
        changed
    }

    /// All versions of all reports.
    pub(crate) fn into_records(self) -> impl Iterator<Item = Record> {
        // Legs are laid anew between the positions.
        let told = self.reports.into_iter().filter(|report| report.leg.is_none());
        told.flat_map(Report::into_versions)
    }

    fn join(&mut self, at: u32) -> Option<IncidentId> {
        let report = self.reports.get(at as usize)?;
        let name = report.record().incident().clone();
        let next = u32::try_from(self.incidents.len()).unwrap_or(u32::MAX);
        let incident_id = *self.by_name.entry(name.clone()).or_insert(next);
        if incident_id == next {
            self.incidents.push(Incident { name, members: Vec::new(), leg: None });
        }
        let (reports, id) = (&self.reports, report.id());
        let incident = self.incidents.get_mut(incident_id as usize)?;
        let id_of = |other: &u32| reports.get(*other as usize).map(Report::id);
        let place = incident.members.partition_point(|other| id_of(other) < Some(id));
        incident.members.insert(place, at);
        if let Some(act) = report.act {
            self.by_act.entry(act).or_default().insert(incident_id);
        }
        if let Some(procedure) = report.procedure {
            self.by_procedure.entry(procedure).or_default().insert(incident_id);
        }
        Some(incident_id)
    }

    fn leave(&mut self, at: u32, name: &Name) {
        let Some(&incident_id) = self.by_name.get(name) else { return };
        let Some(incident) = self.incidents.get_mut(incident_id as usize) else { return };
        incident.members.retain(|&member| member != at);
        let rest = incident.members.clone();
        for list in self.by_act.values_mut() {
            list.remove(&incident_id);
        }
        for list in self.by_procedure.values_mut() {
            list.remove(&incident_id);
        }
        for member in rest {
            let Some(report) = self.reports.get(member as usize) else { continue };
            if let Some(act) = report.act {
                self.by_act.entry(act).or_default().insert(incident_id);
            }
            if let Some(procedure) = report.procedure {
                self.by_procedure.entry(procedure).or_default().insert(incident_id);
            }
        }
    }

    pub(crate) fn incident(&self, id: IncidentId) -> Option<&Incident> {
        self.incidents.get(id as usize)
    }

    /// The report with this id.
    pub(crate) fn report_named(&self, id: &str) -> Option<&Report> {
        self.by_id.get(id).and_then(|&at| self.reports.get(at as usize))
    }

    /// Whether a report or an incident has this name.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        !self.reports.is_empty()
            && (self.by_id.contains_key(name) || self.by_name.contains_key(name))
    }

    /// A report by its number.
    pub(crate) fn report(&self, at: u32) -> Option<&Report> {
        self.reports.get(at as usize)
    }

    /// The reports of an incident, sorted by id.
    pub(crate) fn members(&self, id: IncidentId) -> impl Iterator<Item = (u32, &Report)> {
        let members = self.incident(id).map_or(&[][..], |incident| &incident.members);
        members.iter().filter_map(|&at| self.report(at).map(|report| (at, report)))
    }

    /// The incidents that have a report of this act.
    pub(crate) fn of_act(&self, act: ActId) -> impl Iterator<Item = IncidentId> + '_ {
        self.by_act.get(&act).into_iter().flatten().copied()
    }

    /// The live reports of a procedural act.
    pub(crate) fn procedural(&self, procedure: Procedure) -> impl Iterator<Item = &Report> {
        let incidents = self.by_procedure.get(&procedure).into_iter().flatten();
        let members = incidents.flat_map(|&id| self.members(id)).map(|(_, report)| report);
        members.filter(move |one| one.live && one.procedure == Some(procedure))
    }
}
