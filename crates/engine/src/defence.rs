//! Defences and adoptions: what people claimed, accepted, rejected, adopted.
//!
//! Invariant: people decide; what they decided is read, never inferred.

use crate::{
    report::{Procedure, Report},
    store::IncidentId,
    world::World,
};
use casus_model::{
    Confidence, Instant, Name, Reason, Verdict,
    finding::{Claim, ClaimStatus},
    program::{ActorId, ActorKind, Decision, Defence},
};

/// What a claim or an adoption may be about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'s> {
    pub incident: Option<IncidentId>,
    pub finding: &'s Name,
    /// The fact that a duty hangs on: an incident, or a finding.
    pub trigger: Option<&'s Name>,
    pub records: &'s [Name],
    /// For what is about nothing: it counts if this actor made it.
    pub claimant: Option<ActorId>,
}

/// An adoption by the members of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Adoption {
    /// Who has adopted, in the order of their acts.
    pub members: Vec<ActorId>,
    /// When the number needed was reached.
    pub at: Option<(Instant, Instant)>,
    /// The records of it.
    pub records: Vec<Name>,
    /// All records that fit, second acts of a member included.
    pub fitting: Vec<Name>,
}

impl World<'_> {
    fn is_about(&self, report: &Report, subject: &Subject<'_>) -> bool {
        report.record().about.iter().any(|name| self.is_named(name, subject))
    }

    /// Whether a name in `about` means the subject.
    pub(crate) fn is_named(&self, name: &Name, subject: &Subject<'_>) -> bool {
        let incident = subject.incident.and_then(|id| self.store.incident(id));
        name == subject.finding
            || subject.trigger == Some(name)
            || incident.is_some_and(|incident| incident.name == *name)
            || subject.records.contains(name)
            || self.names_record_of(name, subject)
    }

    /// Whether the name is that of a report of the subject's incident, or of the incident of one
    /// of the subject's records.
    fn names_record_of(&self, name: &Name, subject: &Subject<'_>) -> bool {
        let of_incident = subject.incident.is_some_and(|incident| {
            self.store.members(incident).any(|(_, report)| report.id() == name)
        });
        of_incident
            || subject.records.iter().any(|record| {
                self.store.report_named(record).is_some_and(|one| one.record().incident() == name)
            })
    }

    /// How far the defence has come; the act or deadline it concerns was at `time`.
    pub(crate) fn claim(
        &self,
        defence: &Defence,
        time: (Instant, Instant),
        subject: &Subject<'_>,
        charged: &[ActorId],
    ) -> Claim {
        let calendar = &self.program.calendar;
        let of = |procedure: Procedure| {
            self.store.procedural(procedure).filter(move |report| {
                let record = report.record();
                let names_it =
                    record.object.as_ref().is_some_and(|object| object.kind == defence.name);
                let about = match (record.about.is_empty(), subject.claimant) {
                    (true, Some(claimant)) => report.actor == Some(Some(claimant)),
                    _ => self.is_about(report, subject),
                };
                // Who is charged may claim, and does not decide.
                let own = report.actor.map(|actor| self.is_charged(actor, charged));
                let may = own.is_none_or(|own| own == (procedure == Procedure::Claim));
                names_it && about && may && is_credible(report)
            })
        };
        let decided = |procedure: Procedure| {
            of(procedure).map(|one| (one.record().time.start.0, one.id().clone())).max()
        };
        let (accepted, rejected) = (decided(Procedure::Acceptance), decided(Procedure::Rejection));
        let limit = |at: Instant| match (defence.claimed_within, at) {
            (None, _) | (_, Instant::MAX) => Instant::MAX,
            (Some(span), at) => calendar.shift(at, span, 1),
        };
        let in_time = |one: &Report| one.record().time.start.0 <= limit(time.1);
        let status = if accepted.is_some() && accepted >= rejected {
            ClaimStatus::Accepted
        } else if rejected.is_some() {
            ClaimStatus::Rejected
        } else if of(Procedure::Claim).any(in_time) {
            ClaimStatus::Claimed
        } else if self.now <= limit(time.1).plus_ms(self.lateness_ms()) {
            ClaimStatus::Open
        } else {
            ClaimStatus::NotClaimed
        };
        Claim { name: defence.name.clone(), status }
    }

    /// Whether an actor is one of those charged, or one that they answer for.
    fn is_charged(&self, actor: Option<ActorId>, charged: &[ActorId]) -> bool {
        let Some(actor) = actor else { return false };
        let answered = actor.of(self.program).map_or(&[][..], |actor| &actor.answered);
        charged.contains(&actor) || answered.iter().any(|answer| charged.contains(&answer.by))
    }

    /// The verdict, waived where it is a breach that somebody may waive and has waived.
    pub(crate) fn waived(
        &self,
        (verdict, reason): (Verdict, Reason),
        subject: &Subject<'_>,
    ) -> (Verdict, Reason) {
        if !matches!(verdict, Verdict::Breached | Verdict::PossiblyBreached)
            || self.rule.waivable.is_empty()
        {
            return (verdict, reason);
        }
        let paragraph = self.rule.label.split(' ').next().unwrap_or_default();
        let waived = self.store.procedural(Procedure::Waiver).any(|report| {
            let record = report.record();
            record.object.as_ref().is_some_and(|object| *object.kind == *paragraph)
                && report.actor.flatten().is_some_and(|one| self.rule.waivable.contains(&one))
                && self.is_about(report, subject)
                && is_credible(report)
        });
        match waived {
            true => (Verdict::Waived, Reason::WaivedByRight),
            false => (verdict, reason),
        }
    }

    /// Who of the body has adopted (or rejected) `object` since `since`.
    pub(crate) fn adoption(
        &self,
        decision: &Decision,
        (procedure, object): (Procedure, &str),
        since: Instant,
        subject: &Subject<'_>,
        party: Option<ActorId>,
    ) -> Adoption {
        let mut adoption = Adoption::default();
        let mut acts = Vec::new();
        let recused = party.filter(|_| decision.without_party);
        for report in self.adoptions_of(decision, procedure, object) {
            if recused.is_some() && report.actor.flatten() == recused {
                continue;
            }
            let record = report.record();
            let about = record.about.is_empty() || self.is_about(report, subject);
            if about
                && record.time.start.1 >= since
                && let Some(Some(member)) = report.actor
            {
                acts.push((record.time.start, report.id().clone(), member));
            }
        }
        acts.sort_by(|a, b| (a.0.1, &a.1).cmp(&(b.0.1, &b.1)));
        for (time, id, member) in acts {
            adoption.fitting.push(id.clone());
            if adoption.members.contains(&member) {
                continue;
            }
            adoption.members.push(member);
            adoption.records.push(id);
            if adoption.members.len() == decision.needed as usize {
                adoption.at = Some(time);
            }
        }
        adoption
    }

    /// The credible adoptions of `object` by members of the body.
    pub(crate) fn adoptions_of(
        &self,
        decision: &Decision,
        procedure: Procedure,
        object: &str,
    ) -> Vec<&Report> {
        let office = decision.office.of(self.program);
        let members = match office.map(|office| &office.kind) {
            Some(ActorKind::Office { members, .. }) => members.as_slice(),
            _ => std::slice::from_ref(&decision.office),
        };
        let adoptions = self.store.procedural(procedure).filter(|report| {
            let named = report.record().object.as_ref().is_some_and(|one| *one.kind == *object);
            let by_member = report.actor.flatten().is_some_and(|actor| members.contains(&actor));
            named && by_member && is_credible(report)
        });
        adoptions.collect()
    }
}

fn is_credible(report: &Report) -> bool {
    Confidence::from(report.record().grade.credibility) != Confidence::IMPROBABLE
}
