//! Questions that people decide, what their silence means, and what a power does.
//!
//! Invariant: a decision is read from records alone; the clock decides only where the text says so.

use crate::{
    defence::{Adoption, Subject},
    duty::{Bearer, Instance},
    duty_finding::doubt,
    duty_verdict::Terms,
    fact::{Fact, Kind},
    matching::AtHand,
    moments::When,
    report::Procedure,
    spanning::{After, Both, Relative, StateSpans},
    state::first_from,
    world::World,
};
use casus_model::{
    Finding, Instant, Name, Reason, Spans, Tri, Verdict,
    program::{ActorId, Decision, Determination, Power},
};
use std::sync::Arc;

/// How far a question has come.
pub(crate) struct Decided {
    /// When it was adopted, also by silence.
    pub adopted: Option<(Instant, Instant)>,
    /// When it was refused, also by silence.
    pub refused: Option<(Instant, Instant)>,
    by_vote: bool,
    /// When the clock decided it.
    pub silent: Option<Instant>,
    due: Option<When>,
    /// When people decided it, either way.
    done: (Instant, Instant),
    yes: Adoption,
    no: Adoption,
}

impl Decided {
    /// What is said of a question that surely stands.
    pub(crate) fn verdict(&self) -> (Verdict, Reason) {
        match (self.adopted, self.silent) {
            (Some(_), Some(_)) => (Verdict::Found, Reason::SilenceDecided),
            (Some(_), None) => (Verdict::Found, Reason::Accepted),
            (None, _) if self.by_vote => (Verdict::Lapsed, Reason::Refused),
            (None, Some(_)) => (Verdict::Lapsed, Reason::SilenceDecided),
            (None, None) => (Verdict::Found, Reason::JudgementAwaited),
        }
    }
}

impl World<'_> {
    /// An adoption of a step.
    pub(crate) fn adopted_step(
        &self,
        decision: &Decision,
        object: &str,
        since: Instant,
        about: &Subject<'_>,
    ) -> Adoption {
        self.adoption(decision, (Procedure::Adoption, object), since, about, None)
    }

    /// How far the question of a determination has come.
    pub(crate) fn question(
        &self,
        determination: &Determination,
        decision: &Decision,
        found: &Fact,
        about: &Subject<'_>,
        party: Option<ActorId>,
    ) -> Decided {
        let at = AtHand { it: Some(found), ..AtHand::default() };
        let due = decision.due.as_ref().map(|moment| self.moment(moment, at));
        let closes = due.map_or(Instant::MAX, |due| due.certain);
        let since = found.time.start.0;
        let said = |procedure: Procedure| {
            self.adoption(decision, (procedure, &self.rule.label), since, about, party)
        };
        let (yes, no) = (said(Procedure::Adoption), said(Procedure::Rejection));
        let bound = determination.failing.is_some();
        let in_time = |at: &(Instant, Instant)| !bound || at.1 <= closes;
        let adopted = yes.at.filter(in_time);
        let refused = no.at.filter(in_time);
        let refused = refused.filter(|no| adopted.is_none_or(|yes| no.1 < yes.1));
        let adopted = adopted.filter(|_| refused.is_none());
        let done = adopted.or(refused).unwrap_or((Instant::MAX, Instant::MAX));
        let closed = closes.plus_ms(self.lateness_ms());
        let silent = bound && done.1 == Instant::MAX && closes < Instant::MAX && self.now > closed;
        let by_silence = determination.failing.filter(|_| silent);
        let default = |adopted: bool| {
            let due = due.filter(|_| by_silence == Some(adopted));
            due.map(When::bounds)
        };
        Decided {
            adopted: adopted.or(default(true)),
            refused: refused.or(default(false)),
            by_vote: refused.is_some(),
            silent: silent.then_some(closed),
            due,
            done,
            yes,
            no,
        }
    }

    /// The duty of a body to decide by a deadline.
    pub(crate) fn decision_owed(
        &self,
        decided: &Decided,
        decision: &Decision,
        found: &Fact,
        mut key: Vec<Name>,
        existence: (Tri, Reason),
    ) -> Option<(Finding, Vec<Arc<Fact>>)> {
        let due = decided.due?;
        key.push(Name::from("decision"));
        let said = if decided.by_vote { &decided.no } else { &decided.yes };
        let members = u32::try_from(said.members.len()).unwrap_or(u32::MAX);
        let names = said.members.iter().map(|&member| self.actor_name(member));
        let mut records = found.records.to_vec();
        records.extend(said.records.iter().cloned());
        let instance = Instance {
            bearer: Bearer { party: Some(decision.office), all: vec![decision.office] },
            trigger: Some(found),
            item: None,
            key,
            subject: format!("{}|decision", found.id),
            opened: found.time.start,
            start: None,
            due: Some(due),
            done: decided.done,
            progress: (members.min(decision.needed), decision.needed),
            existence,
            who: Tri::Yes,
            records,
            settled: Instant::MIN,
            receipt: Instant::MIN,
            is_start: false,
            step: None,
            adopted: Some((names.collect(), decision.needed)),
        };
        let terms =
            Terms { opened: instance.opened, due: Some(due), done: instance.done, soft: false };
        let ruling = doubt(self.weigh(&terms), existence, Tri::No);
        Some(self.settle(&instance, ruling, Tri::No, existence.0))
    }

    /// When a power is in effect, for each key.
    pub(crate) fn in_effect(
        &self,
        determination: &Determination,
        power: &Power,
        facts: &[Arc<Fact>],
    ) -> Vec<StateSpans> {
        let kind = match determination.decided {
            Some(_) => Kind::Adopted(self.rule_id),
            None => Kind::Found(self.rule_id),
        };
        let calendar = &self.program.calendar;
        let later = |at: Instant| match (power.notice, at) {
            (None, at) | (_, at @ (Instant::MIN | Instant::MAX)) => at,
            (Some(span), at) => calendar.shift(at, span, 1),
        };
        let mut all = Vec::new();
        for values in self.domain(&determination.keys, &[&determination.when]) {
            let (mut lower, mut upper) = (Vec::new(), Vec::new());
            for fact in facts.iter().filter(|fact| fact.kind == kind) {
                let has = values.iter().fold(fact.status, |all, one| all.and(self.has(fact, one)));
                let start = (later(fact.time.start.0), later(fact.time.start.1));
                let after = Some(After { lower: start.1, upper: start.0 });
                let ends = self.group_spans(&power.ends, Relative::key(&values), after, false);
                let end = |spans: &Spans, from| first_from(spans, from).unwrap_or(Instant::MAX);
                if has.is_yes() {
                    lower.push((start.1, end(&ends.upper, start.1)));
                }
                if has.is_possible() {
                    upper.push((start.0, end(&ends.lower, start.0)));
                }
            }
            let spans = Both { lower: Spans::union_of(lower), upper: Spans::union_of(upper) };
            all.push(StateSpans { values, spans: spans.up_to(self.now) });
        }
        all
    }
}
