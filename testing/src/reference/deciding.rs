//! Section 17: what people decide, what their silence means, and what a power does.
//!
//! Invariant: without a decision and without silence a question stays open.

use super::{
    Asking, Here, Outcome, Pair,
    clause::Answer,
    conclude::Basis,
    determinations::Adoption,
    fact::Fact,
    finding::Draft,
    moments::When,
    states::first_in,
    verdict::{Done, Timing},
};
use casus_model::{
    Instant, Name, Reason, Spans, Tri, Verdict,
    finding::{Clock, Questions},
    program::{ActorId, Decision, Determination, Power, What},
};

/// What became of a question.
pub struct Ruling {
    pub verdict: (Verdict, Reason),
    pub adopted: Option<(Instant, Instant)>,
    pub refused: Option<(Instant, Instant)>,
    /// When silence decided, where it did.
    pub closed: Option<Instant>,
    due: Option<When>,
    done: (Instant, Instant),
    votes: Option<Adoption>,
}

impl Asking<'_> {
    /// 17.2
    pub fn decided(
        &self,
        determination: &Determination,
        fact: &Fact,
        party: Option<ActorId>,
    ) -> Ruling {
        let never = (Instant::MAX, Instant::MAX);
        let Some(decision) = &determination.decided else {
            let verdict = (Verdict::Found, Reason::Established);
            return Ruling {
                verdict,
                adopted: None,
                refused: None,
                closed: None,
                due: None,
                done: never,
                votes: None,
            };
        };
        let due = decision.due.as_ref().map(|due| self.moment(due, &Here::at(fact)));
        let limit = due.map_or(Instant::MAX, |due| due.certain);
        let votes = |act| {
            let since = fact.time.start.0;
            self.adoption(decision, (act, &self.rule.label), &fact.names, since, party)
        };
        let (ayes, noes) = (votes("adoption"), votes("rejection"));
        let counts = |at: (Instant, Instant)| determination.failing.is_none() || at.1 <= limit;
        let aye = ayes.at.filter(|at| counts(*at));
        let no = noes.at.filter(|at| counts(*at));
        let refused = match (aye, no) {
            (Some(aye), Some(no)) => no.1 < aye.1,
            (None, Some(_)) => true,
            _ => false,
        };
        let over = limit.plus_ms(self.world.program.lateness_ms);
        let silent = aye.is_none()
            && !refused
            && determination.failing.is_some()
            && limit < Instant::MAX
            && self.world.now > over;
        let closed = silent.then_some(over);
        let by_silence = silent && determination.failing == Some(false);
        let refusal = if refused { no } else { due.filter(|_| by_silence).map(|due| due.pair()) };
        let ruling = |verdict, adopted, done, votes| Ruling {
            verdict,
            adopted,
            refused: refusal,
            closed,
            due,
            done,
            votes: Some(votes),
        };
        if refused {
            let done = no.unwrap_or(never);
            return ruling((Verdict::Lapsed, Reason::Refused), None, done, noes);
        }
        match (aye, silent, determination.failing) {
            (Some(aye), ..) => ruling((Verdict::Found, Reason::Accepted), Some(aye), aye, ayes),
            (None, true, Some(true)) => {
                let verdict = (Verdict::Found, Reason::SilenceDecided);
                ruling(verdict, due.map(|due| due.pair()), never, ayes)
            }
            (None, true, _) => ruling((Verdict::Lapsed, Reason::SilenceDecided), None, never, ayes),
            (None, false, _) => {
                ruling((Verdict::Found, Reason::JudgementAwaited), None, never, ayes)
            }
        }
    }

    /// 17.3: the body's duty to decide.
    pub fn owed_decision(
        &self,
        decision: &Decision,
        fact: &Fact,
        names: &[Name],
        existence: Answer,
        ruling: &Ruling,
        outcome: &mut Outcome,
    ) {
        let (Some(due), Some(votes)) = (ruling.due, &ruling.votes) else { return };
        let opened = fact.time.start;
        let timing = Timing { opened, due: Some(due), done: ruling.done, soft: false };
        let mut verdict = self.timed(&timing);
        let broken = matches!(verdict.0, Verdict::Breached | Verdict::MetLate);
        if broken && existence.tri == Tri::Unknown {
            verdict = (Verdict::PossiblyBreached, existence.reason);
        }
        let mut key = names.to_vec();
        key.push(Name::from("decision"));
        let subject = format!("{}|decision", fact.id);
        let id = self.finding_id(Some(decision.office), &key, &subject);
        let by_due =
            matches!(verdict.0, Verdict::Breached | Verdict::PossiblyBreached | Verdict::MetLate);
        let mut about = fact.names.clone();
        about.insert(id.clone());
        let verdict = self.waived(verdict, &about);
        let mut records = fact.records.clone();
        records.extend(votes.by.iter().map(|(_, one)| one.content.id.clone()));
        let count = u32::try_from(votes.by.len()).unwrap_or(u32::MAX).min(decision.needed);
        let done = Done {
            at: ruling.done,
            records: Vec::new(),
            counted: Vec::new(),
            progress: (count, decision.needed),
        };
        let office = [decision.office];
        let basis =
            Basis { trigger: Some(fact), item: None, actors: &office, due: Some(due), soft: false };
        self.derive(&basis, &id, verdict, &done, &records, outcome);
        let certain = |at: Instant| at < Instant::MAX;
        outcome.findings.push(self.finish(Draft {
            party: Some(decision.office),
            key,
            from: if by_due { due.pair() } else { opened },
            to: Some(ruling.done.1).filter(|at| certain(*at)),
            records,
            clock: self.tick(verdict.1, &timing),
            questions: Questions {
                act: Tri::from_bounds(certain(ruling.done.1), certain(ruling.done.0)),
                clause: Tri::Yes,
                who: Tri::Yes,
                exception: Tri::No,
                consequence: existence.tri,
            },
            duty: Some(Clock {
                opened,
                start: None,
                due: Some(due.pair()).filter(|due| certain(due.1)),
                done: Some(ruling.done).filter(|done| certain(done.1)),
                progress: done.progress,
                step: None,
                adopted: Some((
                    votes.by.iter().map(|(name, _)| name.clone()).collect(),
                    decision.needed,
                )),
            }),
            ..Draft::new(verdict.0, verdict.1, subject)
        }));
    }

    /// 17.5: when a power is in effect, for each key.
    pub fn in_effect(&self, rule: &Determination, power: &Power, outcome: &mut Outcome) {
        let what = match rule.decided {
            Some(_) => What::Adopted(self.id),
            None => What::Found(self.id),
        };
        let effects: Vec<Fact> = outcome
            .derived
            .iter()
            .filter(|fact| fact.derived == Some(what.clone()))
            .cloned()
            .collect();
        for key in self.keys(&rule.keys, &[&rule.when]) {
            let mut pair = Pair::none();
            for fact in &effects {
                let has = key.iter().map(|value| self.has(fact, value));
                let holds = has.fold(fact.status, Tri::and);
                let move_on = |at| power.notice.map_or(at, |span| self.later(at, span));
                let start = (move_on(fact.time.start.0), move_on(fact.time.start.1));
                let here = Here { after: Some(start), ..Here::of(&key) };
                let ends = self.groups_spans(&power.ends, &here, Pair::none());
                let until = |spans: &Spans, from| first_in(spans, from).unwrap_or(Instant::MAX);
                if holds.is_yes() {
                    pair.lower = pair.lower.or(&Spans::of(start.1, until(&ends.upper, start.1)));
                }
                if holds.is_possible() {
                    pair.upper = pair.upper.or(&Spans::of(start.0, until(&ends.lower, start.0)));
                }
            }
            outcome.states.push((key, pair.within(&self.until_now())));
        }
    }
}
