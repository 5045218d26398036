//! The finding on one instance of a duty, and the facts that follow from it.
//!
//! Invariant: a duty of which it is not established that it is owed is never surely breached.

use crate::{
    defence::Subject,
    duty::Instance,
    duty_verdict::{Ruling, Terms},
    fact::{Fact, Kind, Parties},
    matching::AtHand,
    moments::When,
    output::{Draft, excuse},
    spanning::Relative,
    world::World,
};
use casus_model::{
    Finding, Instant, Occurred, Reason, Tri, Verdict,
    finding::{Clock, Questions},
    program::{Body, Duty, Pattern},
};
use std::sync::Arc;

impl World<'_> {
    pub(crate) fn judge_duty(
        &self,
        duty: &Duty,
        instance: &Instance<'_>,
    ) -> Option<(Finding, Vec<Arc<Fact>>)> {
        let deadline = instance.due.map(|due| due.certain).filter(|&at| at < Instant::MAX);
        let looked_at = deadline.map_or(self.now, |at| at.min(self.now));
        let own = instance.bearer.key();
        let at = AtHand { bearer: instance.bearer.party, key: &own, ..AtHand::default() };
        let exception = match instance.trigger {
            Some(fact) => self.excepted(fact, at),
            None => self.excepted_spans(Relative::key(&own)).at((looked_at, looked_at)),
        };
        if exception.is_yes() {
            return None;
        }
        let applies = match instance.trigger {
            Some(_) => Tri::Yes,
            None => self.during((looked_at, looked_at), at),
        };
        if applies.is_no() {
            let outside = self.outside((looked_at, looked_at), at);
            let ruling = (outside, Reason::OutsideApplication, None);
            let finding = self.instance_finding(instance, ruling, exception, None);
            return Some((finding, Vec::new()));
        }
        let terms = Terms {
            opened: instance.opened,
            due: instance.due,
            done: instance.done,
            soft: duty.soft,
        };
        let ruling = self.weigh(&terms);
        let ruling = match ruling {
            (verdict, Reason::DeadlineMissed, clock) if instance.is_start => {
                (verdict, Reason::StartMissed, clock)
            }
            ruling => ruling,
        };
        let ruling = self.hindered(&duty.deeds, instance, ruling);
        let existence = match (instance.existence.0, applies) {
            (Tri::Yes, Tri::Unknown) => (Tri::Unknown, Reason::StateUncertain),
            _ => instance.existence,
        };
        let ruling = if duty.soft { ruling } else { doubt(ruling, existence, exception) };
        Some(self.settle(instance, ruling, exception, existence.0))
    }

    fn hindered(&self, deeds: &[Pattern], instance: &Instance<'_>, ruling: Ruling) -> Ruling {
        let Some(due) = instance.due.filter(|_| ruling.0 == Verdict::Breached) else {
            return ruling;
        };
        let hindered = self.hindrances(deeds).iter().any(|fact| {
            !instance.bearer.all.iter().any(|&one| self.party(fact, one).is_yes())
                && match (&fact.item, instance.about_item()) {
                    (Some(a), Some(b)) => a == b,
                    _ => true,
                }
                && Self::touches(fact, instance.opened.0, due.certain)
        });
        match hindered {
            true => (Verdict::Undeterminable, Reason::AccessDenied, None),
            false => ruling,
        }
    }

    /// Reads the defence, and makes the finding and its facts.
    pub(crate) fn settle(
        &self,
        instance: &Instance<'_>,
        ruling: Ruling,
        exception: Tri,
        existence: Tri,
    ) -> (Finding, Vec<Arc<Fact>>) {
        let id = self.finding_id(instance.bearer.party, &instance.key, &instance.subject);
        let breach =
            matches!(ruling.0, Verdict::Breached | Verdict::PossiblyBreached | Verdict::MetLate);
        let claim = self.rule.unless.as_ref().zip(instance.due).map(|(defence, due)| {
            let about = Subject {
                incident: instance.trigger.and_then(|fact| fact.incident),
                finding: &id,
                trigger: instance.trigger.map(|fact| &fact.id),
                records: instance.trigger.map_or(&[][..], |fact| &fact.records),
                claimant: instance.bearer.party,
            };
            self.claim(defence, due.bounds(), &about, &instance.bearer.all)
        });
        let shown = self.rule.unless.as_ref().is_some_and(|defence| defence.shown);
        let (verdict, reason) = excuse(ruling.0, ruling.1, claim.as_ref(), shown);
        let about = Subject {
            incident: instance.trigger.and_then(|fact| fact.incident),
            finding: &id,
            trigger: instance.trigger.map(|fact| &fact.id),
            records: instance.trigger.map_or(&[][..], |fact| &fact.records),
            claimant: None,
        };
        let (verdict, reason) = self.waived((verdict, reason), &about);
        let from_due = breach || ruling.1 == Reason::TargetMissed;
        let mut finding = self.instance_finding(
            instance,
            (verdict, reason, ruling.2.filter(|_| reason == ruling.1)),
            exception,
            Some((from_due, existence)),
        );
        finding.defence = claim;
        let facts = self.facts_of(instance, &finding);
        (finding, facts)
    }

    pub(crate) fn instance_finding(
        &self,
        instance: &Instance<'_>,
        (verdict, reason, clock): Ruling,
        exception: Tri,
        settled: Option<(bool, Tri)>,
    ) -> Finding {
        let mut draft = Draft::new(instance.subject.clone(), verdict, reason);
        draft.party = instance.bearer.party;
        if draft.party.is_none() {
            draft.candidates = instance.bearer.all.clone();
        }
        draft.key = instance.key.clone();
        let from_due = settled.is_some_and(|(from_due, _)| from_due);
        draft.from = match instance.due {
            Some(due) if from_due => due.bounds(),
            _ => instance.opened,
        };
        let is_done = instance.done.1 < Instant::MAX;
        draft.to = is_done.then_some(instance.done.1);
        draft.records = instance.records.clone();
        draft.clock_cause = clock;
        draft.questions = Questions {
            act: Tri::from_bounds(is_done, instance.done.0 < Instant::MAX),
            clause: Tri::Yes,
            who: instance.who,
            exception,
            consequence: settled.map_or(Tri::No, |(_, existence)| existence),
        };
        draft.duty = Some(Clock {
            opened: instance.opened,
            start: instance.start,
            due: instance.due.filter(|due| due.certain < Instant::MAX).map(When::bounds),
            done: is_done.then_some(instance.done),
            progress: instance.progress,
            step: instance.step.clone(),
            adopted: instance.adopted.clone(),
        });
        self.finding(draft)
    }

    fn facts_of(&self, instance: &Instance<'_>, finding: &Finding) -> Vec<Arc<Fact>> {
        let item = instance.about_item().cloned();
        let is_soft = matches!(&self.rule.body, Body::Must(duty) if duty.soft);
        let make = |kind: Kind, status: Tri, time: (Instant, Instant)| {
            let time = Occurred { start: time, end: time };
            let mut fact = Fact::derived(finding.id.clone(), kind, status, time);
            fact.parties = Parties::surely(&instance.bearer.all);
            fact.item = item.clone();
            if let Some(trigger) = instance.trigger {
                fact.incident = trigger.incident;
                fact.grounds = Arc::clone(&trigger.grounds);
                fact.zones = trigger.zones.clone();
                fact.recipient = trigger.recipient.clone();
            }
            fact.records = finding.records.iter().cloned().collect();
            fact
        };
        let mut facts = Vec::new();
        if instance.done.1 < Instant::MAX {
            let mut met = make(Kind::Met(self.rule_id), Tri::Yes, instance.done);
            met.settled = instance.settled;
            met.receipt = instance.receipt;
            facts.push(Arc::new(met));
        }
        let missed = match (finding.verdict, finding.reason) {
            _ if is_soft => None,
            (Verdict::Breached, _) | (Verdict::MetLate, Reason::DoneLate) => Some(Tri::Yes),
            (Verdict::PossiblyBreached, _) | (Verdict::Excused, Reason::Claimed) => {
                Some(Tri::Unknown)
            }
            _ => None,
        };
        if let (Some(status), Some(due)) = (missed, instance.due) {
            for kind in [Kind::Missed(self.rule_id), Kind::Breach(self.rule_id)] {
                let mut fact = make(kind, status, due.bounds());
                fact.reason = finding.reason;
                facts.push(Arc::new(fact));
            }
        }
        facts
    }
}

/// Doubt about whether the duty is owed makes a breach possible only.
pub(crate) fn doubt(ruling: Ruling, existence: (Tri, Reason), exception: Tri) -> Ruling {
    if !matches!(ruling.0, Verdict::Breached | Verdict::MetLate) {
        return ruling;
    }
    if existence.0 == Tri::Unknown {
        (Verdict::PossiblyBreached, existence.1, None)
    } else if exception == Tri::Unknown {
        (Verdict::PossiblyBreached, Reason::ExceptionUncertain, None)
    } else {
        ruling
    }
}
