//! Findings put together: their ids, what they rest on, and what caused them.
//!
//! Invariant: a finding's id, cause and order depend on its content alone.

use crate::world::World;
use casus_model::{
    Cause, Finding, Instant, Name, Reason, Tri, Verdict,
    canonical::Canonical,
    finding::{Claim, ClaimStatus, Clock, Questions},
    program::ActorId,
};

/// The parts of a finding that are not derived from the others.
pub(crate) struct Draft {
    pub party: Option<ActorId>,
    pub candidates: Vec<ActorId>,
    pub key: Vec<Name>,
    pub subject: String,
    pub verdict: Verdict,
    pub reason: Reason,
    pub from: (Instant, Instant),
    pub to: Option<Instant>,
    pub records: Vec<Name>,
    pub against: Vec<Name>,
    /// When the clock alone brings it about.
    pub clock_cause: Option<Instant>,
    pub questions: Questions,
    pub defence: Option<Claim>,
    pub duty: Option<Clock>,
}

impl Draft {
    pub(crate) fn new(subject: String, verdict: Verdict, reason: Reason) -> Draft {
        Draft {
            party: None,
            candidates: Vec::new(),
            key: Vec::new(),
            subject,
            verdict,
            reason,
            from: (Instant::MIN, Instant::MIN),
            to: None,
            records: Vec::new(),
            against: Vec::new(),
            clock_cause: None,
            questions: plainly(Tri::Yes),
            defence: None,
            duty: None,
        }
    }
}

/// All questions answered yes, but for the act; no exception.
pub(crate) fn plainly(act: Tri) -> Questions {
    Questions { act, clause: Tri::Yes, who: Tri::Yes, exception: Tri::No, consequence: Tri::Yes }
}

impl World<'_> {
    /// The id of a finding.
    pub(crate) fn finding_id(&self, party: Option<ActorId>, key: &[Name], subject: &str) -> Name {
        let party = party.map_or_else(|| Name::from(""), |party| self.actor_name(party));
        let mut canonical = Canonical::new()
            .field(self.program.name.as_bytes())
            .field(self.rule.label.as_bytes())
            .field(party.as_bytes());
        for value in key {
            canonical = canonical.field(value.as_bytes());
        }
        let digest = canonical.field(subject.as_bytes()).hex(10);
        Name::from(format!("{}-{digest}", self.rule.label))
    }

    /// Puts a finding together.
    pub(crate) fn finding(&self, draft: Draft) -> Finding {
        let known = |id: &Name| Some((self.store.report_named(id)?.known(), id.clone()));
        let newest = draft.records.iter().filter_map(known).max();
        self.finding_of(draft, newest)
    }

    /// Puts a finding together whose newest record is known.
    pub(crate) fn finding_of(&self, mut draft: Draft, newest: Option<(Instant, Name)>) -> Finding {
        sort(&mut draft.records);
        sort(&mut draft.against);
        let known = newest.as_ref().map(|(known, _)| *known);
        let cause = match (draft.clock_cause, newest) {
            (Some(at), _) => Cause::Clock(at),
            (None, Some((_, id))) => Cause::Record(id),
            (None, None) => Cause::Rule(self.rule.label.clone()),
        };
        draft.candidates.sort_unstable();
        Finding {
            id: self.finding_id(draft.party, &draft.key, &draft.subject),
            provision: self.rule.label.clone(),
            party: draft.party.map(|party| self.actor_name(party)),
            candidates: draft.candidates.iter().map(|&one| self.actor_name(one)).collect(),
            key: draft.key,
            verdict: draft.verdict,
            reason: draft.reason,
            from: draft.from,
            to: draft.to,
            known,
            records: draft.records,
            against: draft.against,
            cause,
            questions: draft.questions,
            defence: draft.defence,
            duty: draft.duty,
        }
    }
}

/// What a defence does to a breach: the verdict and reason, if it changes them.
pub(crate) fn excuse(
    verdict: Verdict,
    reason: Reason,
    claim: Option<&Claim>,
    shown: bool,
) -> (Verdict, Reason) {
    let breach = matches!(verdict, Verdict::Breached | Verdict::PossiblyBreached);
    match claim.map(|claim| claim.status) {
        Some(ClaimStatus::Accepted) if breach => (Verdict::Excused, Reason::Accepted),
        Some(ClaimStatus::Claimed) if breach && !shown => (Verdict::Excused, Reason::Claimed),
        Some(ClaimStatus::Claimed) if verdict == Verdict::Breached => (verdict, Reason::Claimed),
        _ => (verdict, reason),
    }
}

/// Sorted, each once.
pub(crate) fn sort(names: &mut Vec<Name>) {
    names.sort_unstable();
    names.dedup();
}
