//! Ladders: steps with their clocks, which people adopt and owners take.
//!
//! Invariant: a step that nobody adopted is never a breach of its owner.

use crate::{
    defence::{Adoption, Subject},
    duty::{Bearer, Instance, Outcomes},
    duty_finding::doubt,
    duty_verdict::{Ruling, Terms},
    fact::Fact,
    fulfilment::Link,
    matching::AtHand,
    moments::When,
    output::Draft,
    report::Procedure,
    spanning::{After, Both, Relative},
    state::first_from,
    world::World,
};
use casus_model::{
    Instant, Name, Reason, Spans, Tri, Verdict,
    program::{Decision, Response, Step},
};
use std::collections::BTreeSet;

/// An answer to one fact.
struct Answered<'f> {
    fact: &'f Fact,
    existence: (Tri, Reason),
    exception: Tri,
    clock: When,
    /// Possible and certain end.
    ends: (Instant, Instant),
}

/// A step that is live.
struct Live<'s> {
    step: &'s Step,
    since: (Instant, Instant),
    due: When,
}

impl World<'_> {
    /// All findings of a response.
    pub(crate) fn responses(&self, response: &Response) -> Outcomes {
        let mut outcomes = Vec::new();
        let mut taken: BTreeSet<Name> = BTreeSet::new();
        for fact in self.gathered(&response.to).iter() {
            let Some(answered) = self.answered(response, fact) else { continue };
            for step in &response.steps {
                if let Some(live) = self.live(step, &answered) {
                    self.step(response, &answered, &live, &mut taken, &mut outcomes);
                }
            }
        }
        outcomes.extend(self.groundless(response, &taken));
        outcomes
    }

    fn answered<'f>(&self, response: &Response, fact: &'f Fact) -> Option<Answered<'f>> {
        let at = AtHand { it: Some(fact), ..AtHand::default() };
        let matched = self.matches(fact, &response.to, AtHand::default());
        let (applies, why) = self.applies(fact.time.start, at);
        let existence = matched.and(applies);
        let clock = self.moment(&response.clock, at);
        let exception = self.excepted(fact, AtHand::default());
        if existence.is_no() || exception.is_yes() || clock.possible == Instant::MAX {
            return None;
        }
        let reason = match (matched, fact.status) {
            (Tri::Unknown, Tri::Unknown) => fact.reason,
            (Tri::Unknown, _) => Reason::StateUncertain,
            _ => why,
        };
        let ends = self.group_spans(&response.ends, Relative::fact(fact), after(fact), false);
        let ends = first_of(&ends, clock, self.now);
        Some(Answered { fact, existence: (existence, reason), exception, clock, ends })
    }

    fn live<'s>(&self, step: &'s Step, answered: &Answered<'_>) -> Option<Live<'s>> {
        let fact = answered.fact;
        let since = if step.when.is_empty() {
            answered.clock.bounds()
        } else {
            let spans = step.when.iter().fold(Both::all(), |all, condition| {
                all.and(&self.spans(condition, Relative::fact(fact), after(fact)))
            });
            first_of(&spans, answered.clock, self.now)
        };
        if since.0 == Instant::MAX || since.0 >= answered.ends.1 {
            return None;
        }
        let calendar = &self.program.calendar;
        let deadline = |from: Instant, live: Instant| match from {
            Instant::MAX => Instant::MAX,
            from => calendar.deadline(from, step.due).max(live),
        };
        let bounds =
            (deadline(answered.clock.possible, since.0), deadline(answered.clock.certain, since.1));
        Some(Live { step, since, due: When::of(bounds, answered.clock.settled) })
    }

    fn step(
        &self,
        response: &Response,
        answered: &Answered<'_>,
        live: &Live<'_>,
        taken: &mut BTreeSet<Name>,
        outcomes: &mut Outcomes,
    ) {
        let fact = answered.fact;
        let adoption = response.decided.as_ref().map(|decision| {
            let about = Subject {
                incident: fact.incident,
                finding: &fact.id,
                trigger: None,
                records: &fact.records,
                claimant: None,
            };
            let object = format!("{} {}", self.rule.label, live.step.name);
            (decision, self.adopted_step(decision, &object, answered.clock.possible, &about))
        });
        if let Some((decision, adoption)) = &adoption {
            taken.extend(adoption.fitting.iter().cloned());
            let instance = self.decision(answered, live, decision, adoption);
            let ruling = self.weigh(&terms(&instance));
            let ruling = ended(ruling, &instance, answered, self.now);
            outcomes.push(self.settled(&instance, ruling, answered));
        }
        for bearer in Bearer::of(&live.step.owners) {
            let mut instance = blank(answered, live, bearer, "");
            let link = Link::Trigger(fact, &[]);
            let found = self.fulfilments(&live.step.deeds, &instance.bearer, link, None);
            instance.count(&found);
            instance.adopted = adoption.as_ref().map(|one| self.adopters(one));
            let mut ruling = self.weigh(&terms(&instance));
            let not_adopted = adoption.as_ref().is_some_and(|(_, one)| one.at.is_none());
            if not_adopted && instance.done.1 == Instant::MAX {
                let closed = live.due.certain.plus_ms(self.lateness_ms());
                let is_open = live.due.certain == Instant::MAX || self.now <= closed;
                let verdict = if is_open { Verdict::Pending } else { Verdict::Undeterminable };
                ruling = (verdict, Reason::JudgementAwaited, None);
            }
            let ruling = ended(ruling, &instance, answered, self.now);
            outcomes.push(self.settled(&instance, ruling, answered));
        }
    }

    fn settled(
        &self,
        instance: &Instance<'_>,
        ruling: Ruling,
        answered: &Answered<'_>,
    ) -> (casus_model::Finding, Vec<std::sync::Arc<Fact>>) {
        let ruling = doubt(ruling, answered.existence, answered.exception);
        self.settle(instance, ruling, answered.exception, answered.existence.0)
    }

    fn adopters(&self, (decision, adoption): &(&Decision, Adoption)) -> (Vec<Name>, u32) {
        let names = adoption.members.iter().map(|&member| self.actor_name(member));
        (names.collect(), decision.needed)
    }

    fn decision<'f>(
        &self,
        answered: &Answered<'f>,
        live: &Live<'_>,
        decision: &Decision,
        adoption: &Adoption,
    ) -> Instance<'f> {
        let office = Bearer { party: Some(decision.office), all: vec![decision.office] };
        let mut instance = blank(answered, live, office, "decision");
        let at = AtHand { it: Some(answered.fact), ..AtHand::default() };
        instance.due =
            Some(decision.due.as_ref().map_or(live.due, |moment| self.moment(moment, at)));
        instance.done = adoption.at.unwrap_or((Instant::MAX, Instant::MAX));
        let members = u32::try_from(adoption.members.len()).unwrap_or(u32::MAX);
        instance.progress = (members.min(decision.needed), decision.needed);
        instance.records.extend(adoption.records.iter().cloned());
        instance.adopted = Some(self.adopters(&(decision, adoption.clone())));
        instance
    }

    /// Adoptions of a step whose grounds are gone.
    fn groundless(&self, response: &Response, taken: &BTreeSet<Name>) -> Outcomes {
        let Some(decision) = &response.decided else { return Vec::new() };
        let mut outcomes = Vec::new();
        for step in &response.steps {
            let object = format!("{} {}", self.rule.label, step.name);
            let left: Vec<_> = self
                .adoptions_of(decision, Procedure::Adoption, &object)
                .into_iter()
                .filter(|report| !taken.contains(report.id()))
                .collect();
            let starts = || left.iter().map(|report| report.record().time.start);
            let (Some(early), Some(late)) =
                (starts().map(|at| at.0).min(), starts().map(|at| at.1).min())
            else {
                continue;
            };
            let reason = Reason::GroundsWithdrawn;
            let mut draft = Draft::new("adoption".to_owned(), Verdict::Lapsed, reason);
            draft.key = vec![step.name.clone()];
            draft.from = (early, late);
            draft.records = left.iter().map(|report| report.id().clone()).collect();
            outcomes.push((self.finding(draft), Vec::new()));
        }
        outcomes
    }
}

fn after(fact: &Fact) -> Option<After> {
    Some(After { lower: fact.time.start.1, upper: fact.time.start.0 })
}

/// The first instants up to now, possibly and surely, from the clock's start on.
fn first_of(spans: &Both, clock: When, now: Instant) -> (Instant, Instant) {
    let first = |spans: &Spans, from: Instant| {
        first_from(spans, from).filter(|&at| at <= now).unwrap_or(Instant::MAX)
    };
    (first(&spans.upper, clock.possible), first(&spans.lower, clock.certain))
}

fn terms(instance: &Instance<'_>) -> Terms {
    Terms { opened: instance.opened, due: instance.due, done: instance.done, soft: false }
}

fn ended(ruling: Ruling, instance: &Instance<'_>, answered: &Answered<'_>, now: Instant) -> Ruling {
    let due = instance.due.map_or(Instant::MAX, |due| due.possible);
    match instance.done.1 == Instant::MAX && answered.ends.1 <= now.min(due) {
        true => (Verdict::Lapsed, Reason::Ended, None),
        false => ruling,
    }
}

fn blank<'f>(answered: &Answered<'f>, live: &Live<'_>, bearer: Bearer, part: &str) -> Instance<'f> {
    let step = live.step.name.clone();
    let mut key = vec![step.clone()];
    if !part.is_empty() {
        key.push(Name::from(part));
    }
    Instance {
        bearer,
        trigger: Some(answered.fact),
        item: None,
        key,
        subject: format!("{}|{step}|{part}", answered.fact.id),
        opened: live.since,
        start: None,
        due: Some(live.due),
        done: (Instant::MAX, Instant::MAX),
        progress: (0, 1),
        existence: answered.existence,
        who: Tri::Yes,
        records: answered.fact.records.to_vec(),
        settled: Instant::MIN,
        receipt: Instant::MIN,
        is_start: false,
        step: Some(step),
        adopted: None,
    }
}
