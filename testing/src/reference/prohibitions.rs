//! Section 6: prohibitions.
//!
//! Invariant: each bearer of a prohibition has a finding or a standing.

use super::{
    Asking, Here, Outcome,
    clause::Answer,
    defence::Accused,
    fact::Fact,
    finding::{Draft, standing_questions},
    watching,
};
use casus_model::{
    Instant, Name, Reason, Spans, Tri, Verdict,
    finding::Questions,
    program::{ActorId, Bearers, Body, Condition, Order, Pattern, Permit, Share, What},
};
use std::collections::BTreeSet;

/// What a bearer is asked: whether it did it, and whether it was such an act, as seen by it.
#[derive(Clone)]
struct Asked<'p> {
    bearer: ActorId,
    who: Tri,
    deed: &'p Pattern,
    clause: Answer,
}

/// Who a finding is about.
struct Blamed<'p> {
    party: Option<ActorId>,
    candidates: Vec<ActorId>,
    who: Tri,
    clause: Answer,
    asked: Vec<Asked<'p>>,
}

impl Blamed<'_> {
    fn all(&self) -> Vec<ActorId> {
        self.party.iter().chain(&self.candidates).copied().collect()
    }
}

/// The first of the greatest by some measure.
fn greatest<T, K: Ord>(of: impl Iterator<Item = T>, by: impl Fn(&T) -> K) -> Option<T> {
    of.fold(None, |best, one| match best {
        Some(best) if by(&best) >= by(&one) => Some(best),
        _ => Some(one),
    })
}

impl Asking<'_> {
    /// 6.1 to 6.7
    pub fn prohibition(&self, bearers: &Bearers, deeds: &[Pattern]) -> Outcome {
        let mut outcome = Outcome::default();
        let mut named: BTreeSet<ActorId> = BTreeSet::new();
        for fact in self.facts.clone() {
            for blamed in self.blamed(&fact, bearers, deeds) {
                if self.accuse(&fact, &blamed, &mut outcome) {
                    named.extend(blamed.all());
                }
            }
        }
        self.standings(bearers, deeds, &named, &mut outcome);
        outcome
    }

    /// 6.1: the bearers that surely did it, each; or the candidates.
    fn blamed<'p>(&self, fact: &Fact, bearers: &Bearers, deeds: &'p [Pattern]) -> Vec<Blamed<'p>> {
        let ask = |bearer: &ActorId| {
            let (deed, clause) = self.best_clause(fact, deeds, Some(*bearer))?;
            Some(Asked { bearer: *bearer, who: self.party(fact, *bearer), deed, clause })
        };
        let asked: Vec<Asked<'p>> = bearers.actors.iter().filter_map(ask).collect();
        let may = |one: &&Asked<'p>| one.clause.tri.and(one.who).is_possible();
        let may: Vec<Asked<'p>> = asked.iter().filter(may).cloned().collect();
        if bearers.mode == Share::Together {
            let weight = |one: &&Asked<'_>| (one.clause.tri.and(one.who), one.who);
            let Some(most) = greatest(may.iter(), weight) else { return Vec::new() };
            let (who, clause) = (most.who, most.clause);
            let candidates = bearers.actors.clone();
            return vec![Blamed { party: None, candidates, who, clause, asked: may.clone() }];
        }
        let one = |asked: &Asked<'p>| Blamed {
            party: Some(asked.bearer),
            candidates: Vec::new(),
            who: asked.who,
            clause: asked.clause,
            asked: vec![asked.clone()],
        };
        let sure: Vec<_> = may.iter().filter(|one| one.who.is_yes()).map(one).collect();
        if !sure.is_empty() {
            return sure;
        }
        if let [only] = may.as_slice() {
            return vec![one(only)];
        }
        let Some(most) = greatest(may.iter(), |one| one.clause.tri) else { return Vec::new() };
        vec![Blamed {
            party: None,
            candidates: may.iter().map(|one| one.bearer).collect(),
            who: Tri::Unknown,
            clause: most.clause,
            asked: may.clone(),
        }]
    }

    /// 6.1: the greatest clause over the deeds, the first of equals.
    pub fn best_clause<'p>(
        &self,
        fact: &Fact,
        deeds: &'p [Pattern],
        bearer: Option<ActorId>,
    ) -> Option<(&'p Pattern, Answer)> {
        let mut best: Option<(&Pattern, Answer)> = None;
        for deed in deeds {
            let answer = self.clause(fact, deed, bearer, None);
            if best.as_ref().is_none_or(|(_, so_far)| answer.tri > so_far.tri) {
                best = Some((deed, answer));
            }
        }
        best
    }

    /// 6.3 to 6.6; whether there is a finding.
    fn accuse(&self, fact: &Fact, blamed: &Blamed<'_>, outcome: &mut Outcome) -> bool {
        let (accused, clause) = (blamed.all(), blamed.clause);
        let exception = self.exception(fact, blamed.party);
        let here = Here { bearer: blamed.party, ..Here::at(fact) };
        let applies = self.reaches(fact, &here);
        let total = Answer::all(&[
            Answer::new(blamed.who, self.who_reason(fact, blamed)),
            Answer::new(fact.status, fact.reason),
            clause,
            Answer::new(exception.negate(), self.exception_reason(fact, blamed.party)),
            applies,
        ]);
        let verdict = match total.tri {
            Tri::No => return false,
            Tri::Yes => (Verdict::Breached, Reason::Established),
            Tri::Unknown => (Verdict::PossiblyBreached, total.reason),
        };
        let subject = fact.id.to_string();
        let id = self.finding_id(blamed.party, &[], &subject);
        let mut names = fact.names.clone();
        names.insert(id.clone());
        let since = fact.time.start.1;
        let charged = blamed.all();
        let charged = charged.as_slice();
        let claim = self.defence(&Accused { names: &names, bearers: &[], charged, since });
        let verdict = self.excused(verdict, claim.as_ref());
        let verdict = self.waived(verdict, &names);
        let (records, against) = self.evidence(fact, &blamed.asked);
        // 6.6
        let breach = match verdict {
            (Verdict::Breached, _) => Some(Tri::Yes),
            (_, Reason::Accepted) => None,
            _ => Some(Tri::Unknown),
        };
        if let Some(status) = breach {
            let mut breach = fact.behind(What::Breach(self.id), id, status);
            breach.parties = self.parts(fact, &accused);
            breach.records.clone_from(&records);
            breach.reason = verdict.1;
            outcome.derived.push(breach);
        }
        outcome.findings.push(self.finish(Draft {
            party: blamed.party,
            candidates: blamed.candidates.clone(),
            from: fact.time.start,
            to: Some(fact.time.end.1),
            records,
            against,
            questions: Questions {
                act: fact.status,
                clause: clause.tri,
                who: blamed.who,
                exception,
                consequence: applies.tri,
            },
            defence: claim,
            ..Draft::new(verdict.0, verdict.1, subject)
        }));
        true
    }

    /// Each actor's part in a fact, for these alone; everybody else has none.
    fn parts(&self, fact: &Fact, of: &[ActorId]) -> Vec<Tri> {
        let all = (0_u32..).map(ActorId).zip(&self.world.program.actors);
        let part = |id: ActorId| if of.contains(&id) { self.party(fact, id) } else { Tri::No };
        all.map(|(id, _)| part(id)).collect()
    }

    /// 6.3: all that is missing is diligence.
    fn who_reason(&self, fact: &Fact, blamed: &Blamed<'_>) -> Reason {
        let program = self.world.program;
        let diligent = |party: ActorId| {
            let mut named = fact.grounds.iter().filter_map(|r| r.content.actor.as_ref()).peekable();
            named.peek().is_some()
                && named.all(|said| {
                    let actor = program.actor(&said.name).and_then(|actor| actor.of(program));
                    said.confidence.low >= self.standard.attribution
                        && actor.is_some_and(|a| a.answered.iter().any(|one| one.by == party))
                })
        };
        if blamed.party.is_some_and(diligent) {
            Reason::JudgementAwaited
        } else {
            Reason::AttributionUndetermined
        }
    }

    /// 6.2
    fn exception(&self, fact: &Fact, party: Option<ActorId>) -> Tri {
        let here = Here { bearer: party, ..Here::default() };
        self.excepted(fact, &here).max(self.any_permit(fact))
    }

    /// 6.2: the greatest over the permits that override this rule.
    fn any_permit(&self, fact: &Fact) -> Tri {
        let permits = self.world.program.strata.iter().flatten().filter_map(|id| {
            let asking = Asking::new(self.world, *id)?;
            match &asking.rule.body {
                Body::May(permit) if permit.despite.contains(&self.id) => {
                    Some(asking.permits(permit, fact).and(self.permitted(permit, fact)))
                }
                _ => None,
            }
        });
        permits.max().unwrap_or(Tri::No)
    }

    /// 6.3: why it is unknown whether an exception holds.
    fn exception_reason(&self, fact: &Fact, party: Option<ActorId>) -> Reason {
        let here = Here { bearer: party, ..Here::default() };
        let except = self.groups_at(&self.rule.except, fact, &here, Tri::No);
        let by_except = except == Tri::Unknown && !self.rule.shown;
        if by_except || self.any_permit(fact) == Tri::Unknown {
            return Reason::ExceptionUncertain;
        }
        let conditions = self.rule.when.iter().flatten();
        let mut unknown =
            conditions.filter(|one| self.condition_at(one, fact, &here) == Tri::Unknown);
        let far =
            |order: &[Order]| order.iter().any(|one| matches!(one, Order::Near(_) | Order::Far(_)));
        match unknown.next() {
            None => Reason::ExceptionUncertain,
            Some(
                Condition::Fact { order, .. }
                | Condition::Sequence { order, .. }
                | Condition::Latest { order, .. },
            ) if far(order) => Reason::PlaceUncertain,
            Some(
                Condition::Count { .. }
                | Condition::Among { .. }
                | Condition::Cumulated { .. }
                | Condition::Amount { .. },
            ) => Reason::NumberUncertain,
            Some(_) => Reason::StateUncertain,
        }
    }

    /// 6.2: whether a permit's bearers did its deeds, as the prohibition sees the fact.
    fn permitted(&self, permit: &Permit, fact: &Fact) -> Tri {
        let deed = |bearer: &ActorId| {
            let clause = self.best_clause(fact, &permit.deeds, Some(*bearer));
            clause.map_or(Tri::No, |(_, answer)| answer.tri).and(self.party(fact, *bearer))
        };
        permit.bearers.actors.iter().map(deed).max().unwrap_or(Tri::No)
    }

    /// 6.2: whether the permit's own conditions hold for the fact.
    fn permits(&self, permit: &Permit, fact: &Fact) -> Tri {
        let here = Here::default();
        let excepted = self.excepted(fact, &here);
        self.reaches(fact, &Here::at(fact)).tri.and(excepted.negate()).and(self.groups_at(
            &permit.when,
            fact,
            &here,
            Tri::Yes,
        ))
    }

    /// 6.8: whether the rule applies to an act that may go on.
    fn reaches(&self, fact: &Fact, here: &Here<'_>) -> Answer {
        let ((a, b), (c, d)) = (fact.time.start, fact.time.end);
        let (from, until) = (self.from(), self.until());
        let sure = a >= from.certain || c > from.certain;
        let never = b < from.possible && d <= from.possible;
        let over = Tri::from_bounds(a >= until.certain, b >= until.possible);
        Answer::all(&[
            Answer::new(Tri::from_bounds(sure, !never), Reason::TimeUncertain),
            Answer::new(over.negate(), Reason::TimeUncertain),
            Answer::new(self.during((a, b), here), Reason::StateUncertain),
        ])
    }

    /// 6.5: the records for a finding, and those against it.
    fn evidence(&self, fact: &Fact, asked: &[Asked<'_>]) -> (Vec<Name>, Vec<Name>) {
        let supports = |report: &super::reports::Report| {
            asked.iter().any(|one| {
                let clause = self.report_clause(report, one.deed, Some(one.bearer), None);
                let who = self.report_party(report, one.bearer).unwrap_or(Tri::Unknown);
                clause.tri.is_possible() && who.is_possible()
            })
        };
        let only = fact.grounds.len() == 1;
        let grounds = fact.grounds.iter().filter(|report| only || supports(report));
        let records: Vec<Name> = if fact.derived.is_some() {
            fact.records.clone()
        } else {
            grounds.flat_map(|report| report.records()).collect()
        };
        let live = fact.live.iter().flat_map(|report| report.records());
        let against = live.filter(|id| !records.contains(id)).collect();
        (records, against)
    }

    /// 6.7
    fn standings(
        &self,
        bearers: &Bearers,
        deeds: &[Pattern],
        named: &BTreeSet<ActorId>,
        outcome: &mut Outcome,
    ) {
        let (from, now) = (self.from(), self.world.now);
        let lateness = self.world.program.lateness_ms;
        let end = self.until().possible.min(now.plus_ms(-lateness));
        let watched = self.watched(deeds, &[]);
        let looked = Spans::of(from.certain, end);
        let verdict = |here: &Here<'_>| {
            if from.possible > now {
                (Verdict::NotInForce, Reason::OutsideApplication)
            } else if self.during((now, now), here).is_no() {
                (self.outside((now, now), here), Reason::OutsideApplication)
            } else if !looked.is_empty() && looked.and(&watched.not()).is_empty() {
                (Verdict::Met, Reason::WatchedThroughout)
            } else if self.watching_hindered(deeds, from.certain, end) {
                (Verdict::Undeterminable, Reason::AccessDenied)
            } else {
                (Verdict::Undeterminable, Reason::NoEvidence)
            }
        };
        let draft = |party: Option<ActorId>, candidates: Vec<ActorId>| {
            let (verdict, reason) = verdict(&Here { bearer: party, ..Here::default() });
            Draft {
                party,
                candidates,
                from: from.pair(),
                questions: standing_questions(),
                ..Draft::new(verdict, reason, "standing".to_owned())
            }
        };
        if bearers.mode != Share::Together {
            for bearer in bearers.actors.iter().filter(|bearer| !named.contains(bearer)) {
                outcome.findings.push(self.finish(draft(Some(*bearer), Vec::new())));
            }
        } else if !bearers.actors.iter().any(|bearer| named.contains(bearer)) {
            outcome.findings.push(self.finish(draft(None, bearers.actors.clone())));
        }
    }

    /// 6.7: whether a record hinders an act that watches one of the deeds.
    fn watching_hindered(&self, deeds: &[Pattern], from: Instant, end: Instant) -> bool {
        let program = self.world.program;
        let watching = |act: &casus_model::program::Act| {
            deeds.iter().any(|deed| match &deed.what {
                What::Act(acts) => acts.iter().any(|one| watching::watches(program, act, &[*one])),
                _ => false,
            })
        };
        let watchers: Vec<_> = program.acts.iter().filter(|act| watching(act)).collect();
        self.facts.iter().any(|fact| {
            let touches = fact.time.start.0 <= end && fact.time.end.1 >= from;
            let hinders = |name: &Name| {
                let above = |hindered| watchers.iter().any(|act| act.above.contains(hindered));
                watching::hindered(program, name).iter().any(above)
            };
            let all = fact.grounds.iter().all(|report| hinders(&report.content.act));
            fact.derived.is_none() && fact.status.is_yes() && all && touches
        })
    }
}
