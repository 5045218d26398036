//! Section 11: responses, their steps and decisions.
//!
//! Invariant: a step is taken by people; the evaluator only proposes it and keeps its clock.

use super::{
    Asking, Here, Outcome, Pair,
    clause::Answer,
    conclude::Basis,
    defence::Accused,
    determinations::Adoption,
    duties::shares,
    fact::Fact,
    finding::Draft,
    moments::When,
    states::first_in,
    verdict::{By, Done, Link, Timing, done},
};
use casus_model::{
    Instant, Name, Reason, Spans, Tri, Verdict,
    finding::{Clock, Questions},
    program::{ActorId, Decision, Groups, Response, Step},
};
use std::{collections::BTreeSet, rc::Rc};

/// One step of one response, live.
struct Live<'a> {
    fact: &'a Rc<Fact>,
    existence: Answer,
    exception: Tri,
    step: &'a Step,
    /// 11.2
    opened: (Instant, Instant),
    due: When,
    certain_end: Instant,
    adoption: Option<(&'a Decision, Adoption)>,
}

/// Whose instance of a step it is.
struct Part {
    party: Option<ActorId>,
    actors: Vec<ActorId>,
    decision: bool,
    due: When,
    done: Done,
}

impl Asking<'_> {
    /// 11.1 to 11.5
    pub fn response(&self, response: &Response) -> Outcome {
        let mut outcome = Outcome::default();
        let mut taken: BTreeSet<Name> = BTreeSet::new();
        for fact in &self.facts {
            let matched = self.matches(fact, &response.to, &Here::default(), None);
            let existence = self.existence(fact, matched, None);
            let exception = self.excepted(fact, &Here::default());
            if existence.tri.is_no() || exception.is_yes() {
                continue;
            }
            for step in &response.steps {
                if let Some(live) = self.live(response, step, fact, existence, exception) {
                    self.step(response, &live, &mut outcome);
                    taken.extend(live.adoption.iter().flat_map(|(_, one)| one.all.clone()));
                }
            }
        }
        if let Some(decision) = &response.decided {
            for step in &response.steps {
                self.leftover(step, decision, &taken, &mut outcome);
            }
        }
        outcome
    }

    /// First possible and first certain instant up to now; `MAX` for none.
    fn first_instants(&self, pair: &Pair, from: &When) -> (Instant, Instant) {
        let first = |spans: &Spans, from: Instant| {
            first_in(spans, from).filter(|at| *at <= self.world.now).unwrap_or(Instant::MAX)
        };
        (first(&pair.upper, from.possible), first(&pair.lower, from.certain))
    }

    /// 11.1, 11.2
    fn live<'a>(
        &self,
        response: &'a Response,
        step: &'a Step,
        fact: &'a Rc<Fact>,
        existence: Answer,
        exception: Tri,
    ) -> Option<Live<'a>> {
        let it = Here { after: Some(fact.time.start), ..Here::at(fact) };
        let begin = self.moment(&response.clock, &Here::at(fact));
        if begin.possible == Instant::MAX {
            return None;
        }
        let ends: &Groups = &response.ends;
        let ends = self.groups_spans(ends, &it, Pair::none());
        let certain_end = self.first_instants(&ends, &begin).1;
        let opened = if step.when.is_empty() {
            begin.pair()
        } else {
            self.first_instants(&self.all_spans(&step.when, &it), &begin)
        };
        if opened.0 == Instant::MAX || opened.0 >= certain_end {
            return None;
        }
        let due = When {
            possible: self.deadline(begin.possible, step.due).max(opened.0),
            certain: self.deadline(begin.certain, step.due).max(opened.1),
            settled: begin.settled,
        };
        let label = format!("{} {}", self.rule.label, step.name);
        let adoption = response.decided.as_ref().map(|decision| {
            (
                decision,
                self.adoption(decision, ("adoption", &label), &fact.names, begin.possible, None),
            )
        });
        Some(Live { fact, existence, exception, step, opened, due, certain_end, adoption })
    }

    /// 11.3, 11.4
    fn step(&self, response: &Response, live: &Live<'_>, outcome: &mut Outcome) {
        if let (Some(decision), Some((_, adoption))) = (&response.decided, &live.adoption) {
            let own = decision.due.as_ref().map(|due| self.moment(due, &Here::at(live.fact)));
            let count = u32::try_from(adoption.by.len()).unwrap_or(u32::MAX);
            let done = Done {
                at: adoption.at.unwrap_or((Instant::MAX, Instant::MAX)),
                records: adoption.by.iter().map(|(_, one)| one.content.id.clone()).collect(),
                counted: Vec::new(),
                progress: (count.min(decision.needed), decision.needed),
            };
            let part = Part {
                party: Some(decision.office),
                actors: vec![decision.office],
                decision: true,
                due: own.unwrap_or(live.due),
                done,
            };
            self.part(live, &part, outcome);
        }
        for (party, actors) in shares(&live.step.owners) {
            let link = Link {
                trigger: Some(live.fact),
                opened: live.opened,
                period: None,
                item: None,
                same: &[],
            };
            let fulfilments = self.fulfilments(&live.step.deeds, &actors, &link);
            let done = done(&fulfilments, 1, By::End);
            self.part(live, &Part { party, actors, decision: false, due: live.due, done }, outcome);
        }
    }

    /// The verdict of an instance before any defence.
    fn step_verdict(&self, live: &Live<'_>, part: &Part, timing: &Timing) -> (Verdict, Reason) {
        let (now, lateness) = (self.world.now, self.world.program.lateness_ms);
        let mut verdict = self.timed(timing);
        let undone = part.done.at.1 == Instant::MAX;
        let awaited = live.adoption.as_ref().is_some_and(|(_, one)| one.at.is_none());
        if !part.decision && awaited && undone {
            let open = now <= part.due.certain.plus_ms(lateness);
            let what = if open { Verdict::Pending } else { Verdict::Undeterminable };
            verdict = (what, Reason::JudgementAwaited);
        }
        if undone && live.certain_end <= now.min(part.due.possible) {
            verdict = (Verdict::Lapsed, Reason::Ended);
        }
        if matches!(verdict.0, Verdict::Breached | Verdict::MetLate) {
            if live.existence.tri == Tri::Unknown {
                verdict = (Verdict::PossiblyBreached, live.existence.reason);
            } else if live.exception == Tri::Unknown {
                verdict = (Verdict::PossiblyBreached, Reason::ExceptionUncertain);
            }
        }
        verdict
    }

    /// One instance of a step.
    fn part(&self, live: &Live<'_>, part: &Part, outcome: &mut Outcome) {
        let timing =
            Timing { opened: live.opened, due: Some(part.due), done: part.done.at, soft: false };
        let before = self.step_verdict(live, part, &timing);
        let word = if part.decision { "decision" } else { "" };
        let mut key = vec![live.step.name.clone()];
        key.extend(part.decision.then(|| Name::from(word)));
        let subject = format!("{}|{}|{word}", live.fact.id, live.step.name);
        let id = self.finding_id(part.party, &key, &subject);
        let mut names = live.fact.names.clone();
        names.insert(id.clone());
        let since = part.due.certain;
        let broken = matches!(before.0, Verdict::Breached | Verdict::PossiblyBreached);
        let (bearers, charged) = (part.party.as_slice(), part.actors.as_slice());
        let accused = Accused { names: &names, bearers, charged, since };
        let claim = self.defence(&accused);
        let verdict = if broken { self.excused(before, claim.as_ref()) } else { before };
        let verdict = self.waived(verdict, &names);
        let by_due =
            matches!(before.0, Verdict::Breached | Verdict::PossiblyBreached | Verdict::MetLate);
        let done = part.done.at;
        let mut records = live.fact.records.clone();
        records.extend(part.done.records.iter().cloned());
        let basis = Basis {
            trigger: Some(live.fact),
            item: None,
            actors: &part.actors,
            due: Some(part.due),
            soft: false,
        };
        self.derive(&basis, &id, verdict, &part.done, &records, outcome);
        outcome.findings.push(self.finish(Draft {
            party: part.party,
            candidates: if part.party.is_some() { Vec::new() } else { part.actors.clone() },
            key,
            from: if by_due { part.due.pair() } else { live.opened },
            to: Some(done.1).filter(|at| *at < Instant::MAX),
            records,
            clock: self.tick(verdict.1, &timing),
            questions: Questions {
                act: Tri::from_bounds(done.1 < Instant::MAX, done.0 < Instant::MAX),
                clause: Tri::Yes,
                who: Tri::Yes,
                exception: live.exception,
                consequence: live.existence.tri,
            },
            defence: claim,
            duty: Some(Clock {
                opened: live.opened,
                start: None,
                due: Some(part.due.pair()).filter(|due| due.1 < Instant::MAX),
                done: Some(done).filter(|done| done.1 < Instant::MAX),
                progress: part.done.progress,
                step: Some(live.step.name.clone()),
                adopted: live.adoption.as_ref().map(|(decision, adoption)| {
                    let members = adoption.by.iter().map(|(name, _)| name.clone());
                    (members.collect(), decision.needed)
                }),
            }),
            ..Draft::new(verdict.0, verdict.1, subject)
        }));
    }

    /// 11.5: adoptions of a step that no instance took in.
    fn leftover(
        &self,
        step: &Step,
        decision: &Decision,
        taken: &BTreeSet<Name>,
        outcome: &mut Outcome,
    ) {
        let label = format!("{} {}", self.rule.label, step.name);
        let about: BTreeSet<Name> = self
            .spoken("adoption")
            .iter()
            .flat_map(|report| report.content.about.clone())
            .collect();
        let all = self.adoption(decision, ("adoption", &label), &about, Instant::MIN, None).all;
        let left: Vec<Name> = all.into_iter().filter(|id| !taken.contains(id)).collect();
        let reports = self.spoken("adoption");
        let times = reports
            .iter()
            .filter(|report| left.contains(&report.content.id))
            .map(|report| report.content.time.start);
        let (Some(a), Some(b)) =
            (times.clone().map(|time| time.0).min(), times.map(|time| time.1).min())
        else {
            return;
        };
        let subject = "adoption".to_owned();
        outcome.findings.push(self.finish(Draft {
            key: vec![step.name.clone()],
            from: (a, b),
            records: left,
            ..Draft::new(Verdict::Lapsed, Reason::GroundsWithdrawn, subject)
        }));
    }
}
