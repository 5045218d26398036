//! Records that have to go together: those of one report, and those of one incident.
//!
//! An incident is judged by all its reports, also by those of an act that no rule reads: they
//! speak against the others. And a report may move to another incident, which it then joins.
//!
//! Invariant: two records that share a report or an incident, directly or through others, are of
//! one group; which group a record is of does not depend on the order of arrival.

use crate::workers::Workers;
use casus_model::{Name, Record};
use std::collections::HashMap;

/// Records that go together.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Those that were sent, where they are kept.
    pub sent: Vec<Record>,
    /// Those that came since.
    pub fresh: Vec<Record>,
    /// Who may read any of them.
    pub wanted: Workers,
    /// Who was sent all of `sent`.
    pub held: Workers,
}

/// All groups.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    by_report: HashMap<Name, u32>,
    by_incident: HashMap<Name, u32>,
    /// The group that each was joined to; its own number where it was not.
    joined: Vec<u32>,
    groups: Vec<Group>,
    /// Those with something fresh, in the order of arrival.
    stirred: Vec<u32>,
}

impl Groups {
    /// Takes a record in, for these workers.
    pub(crate) fn add(&mut self, record: Record, wanted: Workers) {
        let of_report = self.by_report.get(&record.id).copied();
        let of_incident = self.by_incident.get(record.incident()).copied();
        let at = match (of_report, of_incident) {
            (Some(one), Some(other)) => self.join(one, other),
            (Some(one), None) | (None, Some(one)) => self.root(one),
            (None, None) => self.begin(),
        };
        if of_report.is_none() {
            self.by_report.insert(record.id.clone(), at);
        }
        if of_incident.is_none() {
            self.by_incident.insert(record.incident().clone(), at);
        }
        if let Some(group) = self.groups.get_mut(at as usize) {
            group.wanted = group.wanted.and(wanted);
            group.fresh.push(record);
        }
        self.stirred.push(at);
    }

    /// The groups that have something to be sent.
    pub(crate) fn stirred(&mut self, mut each: impl FnMut(&mut Group)) {
        for at in std::mem::take(&mut self.stirred) {
            let at = self.root(at);
            let group = self.groups.get_mut(at as usize);
            if let Some(group) = group.filter(|group| !group.fresh.is_empty()) {
                each(group);
            }
        }
    }

    /// All groups.
    pub(crate) fn all(&mut self, each: impl FnMut(&mut Group)) {
        self.groups.iter_mut().filter(|group| !group.sent.is_empty()).for_each(each);
    }

    fn begin(&mut self) -> u32 {
        let at = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.groups.push(Group::default());
        self.joined.push(at);
        at
    }

    fn root(&self, mut at: u32) -> u32 {
        while let Some(&above) = self.joined.get(at as usize)
            && above != at
        {
            at = above;
        }
        at
    }

    /// Joins two groups, the smaller to the larger, so that no way to the root grows long.
    fn join(&mut self, one: u32, other: u32) -> u32 {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return one;
        }
        let size = |at: u32| {
            self.groups.get(at as usize).map_or(0, |group| group.sent.len() + group.fresh.len())
        };
        let (kept, gone) = if size(one) >= size(other) { (one, other) } else { (other, one) };
        let gone_group = self.groups.get_mut(gone as usize).map(std::mem::take);
        if let (Some(gone), Some(kept)) = (gone_group, self.groups.get_mut(kept as usize)) {
            kept.wanted = kept.wanted.and(gone.wanted);
            kept.held = match (kept.sent.is_empty(), gone.sent.is_empty()) {
                (true, _) => gone.held,
                (_, true) => kept.held,
                _ => kept.held.meet(gone.held),
            };
            kept.sent.extend(gone.sent);
            kept.fresh.extend(gone.fresh);
        }
        if let Some(above) = self.joined.get_mut(gone as usize) {
            *above = kept;
        }
        kept
    }
}
