//! Section 12: ids, causes and what was known.
//!
//! Invariant: every finding of every rule is made here.

use super::{Asking, Value};
use casus_model::{
    Finding, Instant, Name, Reason, Tri, Verdict,
    canonical::Canonical,
    finding::{Cause, Claim, Clock, Questions},
    program::ActorId,
};
use std::collections::BTreeSet;

/// A finding before it has its id, its cause and its knowledge.
pub struct Draft {
    pub party: Option<ActorId>,
    pub candidates: Vec<ActorId>,
    pub key: Vec<Name>,
    pub subject: String,
    pub verdict: (Verdict, Reason),
    pub from: (Instant, Instant),
    pub to: Option<Instant>,
    pub records: Vec<Name>,
    pub against: Vec<Name>,
    /// When the clock brought it about.
    pub clock: Option<Instant>,
    pub questions: Questions,
    pub defence: Option<Claim>,
    pub duty: Option<Clock>,
}

impl Draft {
    /// One with nothing but a verdict.
    pub fn new(verdict: Verdict, reason: Reason, subject: String) -> Draft {
        Draft {
            party: None,
            candidates: Vec::new(),
            key: Vec::new(),
            subject,
            verdict: (verdict, reason),
            from: (Instant::MIN, Instant::MIN),
            to: None,
            records: Vec::new(),
            against: Vec::new(),
            clock: None,
            questions: questions(Tri::Yes),
            defence: None,
            duty: None,
        }
    }
}

/// 12.3 "Others": act is the status.
pub fn questions(act: Tri) -> Questions {
    Questions { act, clause: Tri::Yes, who: Tri::Yes, exception: Tri::No, consequence: Tri::Yes }
}

/// 12.3: of a standing.
pub fn standing_questions() -> Questions {
    Questions {
        act: Tri::No,
        clause: Tri::No,
        who: Tri::No,
        exception: Tri::No,
        consequence: Tri::Yes,
    }
}

impl Asking<'_> {
    /// The name of an actor.
    pub fn actor_name(&self, actor: ActorId) -> Option<Name> {
        actor.of(self.world.program).map(|actor| actor.name.clone())
    }

    /// 10.3: key values by name.
    pub fn key_names(&self, values: &[Value]) -> Vec<Name> {
        let name = |value: &Value| match value {
            Value::Party(party) => self.actor_name(*party),
            Value::Zone(_, zone) => zone.of(self.world.program).map(|zone| zone.name.clone()),
            Value::Item(name) | Value::Recipient(name) => Some(name.clone()),
        };
        values.iter().filter_map(name).collect()
    }

    /// 12.1
    pub fn finding_id(&self, party: Option<ActorId>, key: &[Name], subject: &str) -> Name {
        let party = party.and_then(|party| self.actor_name(party));
        let mut canonical = Canonical::new()
            .field(&*self.world.program.name)
            .field(&*self.rule.label)
            .field(party.as_deref().unwrap_or(""));
        for value in key {
            canonical = canonical.field(&**value);
        }
        let digest = canonical.field(subject).hex(10);
        Name::from(format!("{}-{digest}", self.rule.label))
    }

    /// 12.2: knowledge of the effective version of a report.
    pub fn known(&self, id: &Name) -> Option<Instant> {
        let mut reports = self.world.incidents.iter().flat_map(|incident| &incident.reports);
        reports.find(|report| report.content.id == *id).map(|report| report.known)
    }

    /// 12.1, 12.2
    pub fn finish(&self, draft: Draft) -> Finding {
        let id = self.finding_id(draft.party, &draft.key, &draft.subject);
        let sorted = |names: Vec<Name>| -> Vec<Name> {
            names.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
        };
        let (records, against) = (sorted(draft.records), sorted(draft.against));
        let newest = records.iter().filter_map(|id| Some((self.known(id)?, id.clone()))).max();
        let cause = match (draft.clock, &newest) {
            (Some(clock), _) => Cause::Clock(clock),
            (None, Some((_, record))) => Cause::Record(record.clone()),
            (None, None) => Cause::Rule(self.rule.label.clone()),
        };
        let mut candidates = draft.candidates;
        candidates.sort_unstable();
        Finding {
            id,
            provision: self.rule.label.clone(),
            party: draft.party.and_then(|party| self.actor_name(party)),
            candidates: candidates.into_iter().filter_map(|one| self.actor_name(one)).collect(),
            key: draft.key,
            verdict: draft.verdict.0,
            reason: draft.verdict.1,
            from: draft.from,
            to: draft.to,
            known: newest.map(|(known, _)| known),
            records,
            against,
            cause,
            questions: draft.questions,
            defence: draft.defence,
            duty: draft.duty,
        }
    }

    /// The names by which `about` may name a finding: its id, its records, their incidents.
    pub fn names_of(&self, id: &Name, records: &[Name]) -> BTreeSet<Name> {
        let mut names: BTreeSet<Name> = records.iter().cloned().collect();
        names.insert(id.clone());
        for incident in &self.world.incidents {
            if incident.reports.iter().any(|report| records.contains(&report.content.id)) {
                names.insert(incident.name.clone());
            }
        }
        names
    }
}
