//! Sections 7.7 to 7.9, 7.12, 7.13: from the clock of an instance to its finding.
//!
//! Invariant: what a defence excuses keeps its place and time.

use super::{
    Asking, Outcome, clause,
    defence::Accused,
    duties::Case,
    fact::Fact,
    finding::Draft,
    moments::When,
    verdict::{Done, Timing},
    watching,
};
use casus_model::{
    Instant, Name, Occurred, Reason, Tri, Verdict,
    finding::{Clock, Questions},
    program::{ActId, ActorId, Pattern, What},
};
use std::collections::BTreeSet;

/// What the facts of an instance are made of (7.13).
pub struct Basis<'a> {
    pub trigger: Option<&'a Fact>,
    pub item: Option<Name>,
    pub actors: &'a [ActorId],
    pub due: Option<When>,
    pub soft: bool,
}

impl Asking<'_> {
    /// 7.6 to 7.13
    pub fn conclude(
        &self,
        case: &Case<'_>,
        done: Done,
        exception: Tri,
        start: &str,
        outcome: &mut Outcome,
    ) {
        let timing =
            Timing { opened: case.opened, due: case.due, done: done.at, soft: case.duty.soft };
        let mut verdict = case.instead.unwrap_or_else(|| self.timed(&timing));
        if start == "start" && verdict.1 == Reason::DeadlineMissed {
            verdict.1 = Reason::StartMissed;
        }
        if verdict.0 == Verdict::Breached && self.access_denied(case) {
            verdict = (Verdict::Undeterminable, Reason::AccessDenied);
        }
        let doubtful = matches!(verdict.0, Verdict::Breached | Verdict::MetLate);
        if doubtful && !case.duty.soft {
            if case.existence.tri == Tri::Unknown {
                verdict = (Verdict::PossiblyBreached, case.existence.reason);
            } else if exception == Tri::Unknown {
                verdict = (Verdict::PossiblyBreached, Reason::ExceptionUncertain);
            }
        }
        let mut draft = self.draft(case, verdict, start);
        let id = self.finding_id(draft.party, &draft.key, &draft.subject);
        let mut names: BTreeSet<Name> =
            case.trigger.as_ref().map(|fact| fact.names.clone()).unwrap_or_default();
        names.insert(id.clone());
        let since = case.due.map_or(Instant::MAX, |due| due.certain);
        if case.instead.is_none() && case.due.is_some() {
            let (bearers, charged) = (case.bearer.as_slice(), case.actors.as_slice());
            let accused = Accused { names: &names, bearers, charged, since };
            draft.defence = self.defence(&accused);
        }
        if matches!(verdict.0, Verdict::Breached | Verdict::PossiblyBreached) {
            let excused = self.excused(verdict, draft.defence.as_ref());
            draft.verdict = self.waived(excused, &names);
        }
        let by_due =
            matches!(verdict.0, Verdict::Breached | Verdict::PossiblyBreached | Verdict::MetLate)
                || verdict.1 == Reason::TargetMissed;
        if let (true, Some(due)) = (by_due, case.due) {
            draft.from = due.pair();
        }
        draft.clock = self.tick(draft.verdict.1, &timing);
        draft.to = Some(done.at.1).filter(|at| *at < Instant::MAX);
        draft.records.extend(done.records.iter().cloned());
        draft.questions.exception = exception;
        draft.questions.act = Tri::from_bounds(done.at.1 < Instant::MAX, done.at.0 < Instant::MAX);
        if let Some(clock) = &mut draft.duty {
            clock.done = (done.at.1 < Instant::MAX).then_some(done.at);
            clock.progress = done.progress;
        }
        let (verdict, records) = (draft.verdict, draft.records.clone());
        if case.instead.is_none() {
            let basis = Basis {
                trigger: case.trigger.as_deref(),
                item: case.item.map(|item| item.item.clone()),
                actors: &case.actors,
                due: case.due,
                soft: case.duty.soft,
            };
            self.derive(&basis, &id, verdict, &done, &records, outcome);
        }
        outcome.findings.push(self.finish(draft));
    }

    /// The finding of an instance before its clock is read.
    fn draft(&self, case: &Case<'_>, verdict: (Verdict, Reason), start: &str) -> Draft {
        let mut key: Vec<Name> = case.item.iter().map(|item| item.item.clone()).collect();
        let local = |at: Instant| self.world.program.calendar.local(at).date().to_string();
        key.extend(case.dated.map(|at| Name::from(local(at))));
        key.extend((!start.is_empty()).then(|| Name::from(start)));
        let subject = [
            case.trigger.as_ref().map(|fact| fact.id.to_string()).unwrap_or_default(),
            case.item.map(|item| item.item.to_string()).unwrap_or_default(),
            case.period.map(|(begin, _)| begin.to_string()).unwrap_or_default(),
            start.to_owned(),
            case.opener.as_ref().map(|opener| opener.id.to_string()).unwrap_or_default(),
        ]
        .join("|");
        let here = case.at(case.trigger.as_deref());
        let begin = case.duty.start.as_ref().map(|start| self.moment(start, &here).certain);
        let certain = |at: &Instant| *at < Instant::MAX;
        Draft {
            party: case.bearer,
            candidates: if case.bearer.is_some() { Vec::new() } else { case.actors.clone() },
            key,
            from: case.opened,
            records: case.trigger.as_ref().map(|fact| fact.records.clone()).unwrap_or_default(),
            questions: Questions {
                act: Tri::No,
                clause: Tri::Yes,
                who: self.who_asked(case),
                exception: Tri::No,
                consequence: case.existence.tri,
            },
            duty: Some(Clock {
                opened: case.opened,
                start: begin.filter(certain),
                due: case.due.filter(|due| certain(&due.certain)).map(|due| due.pair()),
                done: None,
                progress: (0, 1),
                step: None,
                adopted: None,
            }),
            ..Draft::new(verdict.0, verdict.1, subject)
        }
    }

    /// 12.3: of a trigger by `Same`, whether it is the bearer's.
    fn who_asked(&self, case: &Case<'_>) -> Tri {
        use casus_model::program::{By, Opening};
        let (Opening::Each(pattern, _) | Opening::First(pattern, _)) = &case.duty.opening else {
            return Tri::Yes;
        };
        match &case.trigger {
            Some(trigger) if pattern.by == By::Same && case.instead.is_none() => {
                self.any_party(trigger, &case.actors)
            }
            _ => Tri::Yes,
        }
    }

    /// 7.7
    fn access_denied(&self, case: &Case<'_>) -> bool {
        let end = case.due.map_or(Instant::MAX, |due| due.certain);
        let own = case.item.map(|item| item.item.clone());
        let item = own.or_else(|| case.trigger.as_ref().and_then(|fact| fact.item.clone()));
        self.facts.iter().any(|fact| {
            let theirs = case.actors.iter().any(|actor| self.party(fact, *actor).is_yes());
            let other_item = match (&fact.item, &item) {
                (Some(own), Some(asked)) => own != asked,
                _ => false,
            };
            let touches = fact.time.start.0 <= end && fact.time.end.1 >= case.opened.0;
            let hinders = self.hinders(fact, &case.duty.deeds);
            fact.status.is_yes() && hinders && !theirs && !other_item && touches
        })
    }

    /// Whether a fact is surely of an act that hinders one of the acts of these deeds.
    fn hinders(&self, fact: &Fact, deeds: &[Pattern]) -> bool {
        let program = self.world.program;
        let acts: Vec<ActId> = deeds
            .iter()
            .flat_map(|deed| match &deed.what {
                What::Act(acts) => acts.clone(),
                _ => Vec::new(),
            })
            .collect();
        let one = |name: &Name| {
            let hindered = watching::hindered(program, name);
            hindered
                .iter()
                .any(|one| acts.iter().any(|act| watching::above(program, act).contains(one)))
        };
        let reports = fact.grounds.iter().map(|report| Tri::from(one(&report.content.act)));
        fact.derived.is_none() && clause::join(&reports.collect::<Vec<_>>()).is_yes()
    }

    /// 7.13
    pub fn derive(
        &self,
        basis: &Basis<'_>,
        id: &Name,
        verdict: (Verdict, Reason),
        done: &Done,
        records: &[Name],
        outcome: &mut Outcome,
    ) {
        let fact = |what: What, at: (Instant, Instant), status: Tri| {
            let mut fact = match basis.trigger {
                Some(trigger) => trigger.behind(what, id.clone(), status),
                None => Fact::bare(what, id.clone(), status, at),
            };
            fact.time = Occurred { start: at, end: at };
            fact.start_edge = at;
            fact.reason = verdict.1;
            (fact.act_low, fact.attribution_low) = (100, 100);
            (fact.receipt, fact.settled) = (Instant::MIN, Instant::MIN);
            fact.parties = vec![Tri::No; self.world.program.actors.len()];
            for actor in basis.actors {
                if let Some(part) = fact.parties.get_mut(actor.index()) {
                    *part = Tri::Yes;
                }
            }
            fact.item = basis.item.clone().or(fact.item);
            fact.names.extend(self.names_of(id, records));
            fact.records = records.to_vec();
            fact
        };
        if done.at.1 < Instant::MAX {
            let mut met = fact(What::Met(self.id), done.at, Tri::Yes);
            let counted = done.counted.iter();
            met.receipt = counted.clone().map(|one| one.receipt).max().unwrap_or(Instant::MIN);
            met.settled = counted.map(|one| one.settled).max().unwrap_or(Instant::MIN);
            outcome.derived.push(met);
        }
        let status = match verdict {
            _ if basis.soft => return,
            (Verdict::Breached, _) | (Verdict::MetLate, Reason::DoneLate) => Tri::Yes,
            (Verdict::PossiblyBreached, _) | (Verdict::Excused, Reason::Claimed) => Tri::Unknown,
            _ => return,
        };
        let Some(due) = basis.due else { return };
        outcome.derived.push(fact(What::Missed(self.id), due.pair(), status));
        outcome.derived.push(fact(What::Breach(self.id), due.pair(), status));
    }
}
