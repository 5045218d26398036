//! What must not be done: one verdict for each incident and party, and the standing of the rest.
//!
//! Invariant: a finding is `Breached` only if all five questions are answered.

use crate::{
    defence::Subject,
    fact::{Fact, Kind, Parties},
    matching::AtHand,
    output::{Draft, excuse},
    report::Report,
    store::IncidentId,
    world::World,
};
use casus_model::{
    Finding, Name, Reason, Tri, Verdict,
    finding::Questions,
    program::{
        ActorId, Bearers, Body, Condition, Order, Pattern, Permit, PlaceTest, RuleId, Share,
    },
};
use std::sync::Arc;

/// A finding and the breach that it states to later rules.
pub(crate) type Outcome = (Finding, Option<Arc<Fact>>);

/// The best deed for one bearer, and whether it is responsible.
#[derive(Clone, Copy)]
struct Weighed<'p> {
    bearer: ActorId,
    who: Tri,
    clause: (Tri, Reason),
    deed: &'p Pattern,
}

/// Who one finding is about.
struct Accused<'p> {
    party: Option<ActorId>,
    candidates: Vec<ActorId>,
    /// Whose answers are the finding's.
    first: Weighed<'p>,
    all: Vec<Weighed<'p>>,
}

impl World<'_> {
    /// The findings on one incident.
    pub(crate) fn prohibited(
        &self,
        bearers: &Bearers,
        deeds: &[Pattern],
        incident: IncidentId,
    ) -> Vec<Outcome> {
        let Some(fact) = self.incident_fact(incident, &self.rule.standard, false) else {
            return Vec::new();
        };
        let accused = self.accused(bearers, deeds, &fact).into_iter();
        accused.filter_map(|accused| self.judge(&fact, accused)).collect()
    }

    /// The bearers that may have done it, each by its own line where a deed names one.
    fn weighed<'p>(
        &self,
        bearers: &Bearers,
        deeds: &'p [Pattern],
        fact: &Fact,
    ) -> Vec<Weighed<'p>> {
        let own = |deed: &Pattern| deed.places.iter().any(PlaceTest::of_own_line);
        let by_bearer = deeds.iter().any(own);
        let mut shared: Option<(Tri, Reason, &Pattern)> = None;
        let mut all = Vec::new();
        for &bearer in &bearers.actors {
            let who = self.party(fact, bearer);
            if who.is_no() {
                continue;
            }
            let best = match shared.filter(|_| !by_bearer) {
                Some(best) => Some(best),
                None => self.best_deed(deeds, fact, bearer),
            };
            shared = best;
            if let Some((clause, reason, deed)) = best.filter(|(clause, ..)| clause.is_possible()) {
                all.push(Weighed { bearer, who, clause: (clause, reason), deed });
            }
        }
        all
    }

    fn best_deed<'p>(
        &self,
        deeds: &'p [Pattern],
        fact: &Fact,
        bearer: ActorId,
    ) -> Option<(Tri, Reason, &'p Pattern)> {
        let at = AtHand { it: Some(fact), bearer: Some(bearer), ..AtHand::default() };
        let mut best: Option<(Tri, Reason, &Pattern)> = None;
        for deed in deeds {
            let (clause, reason) = self.clause(fact, deed, at);
            if best.is_none_or(|(so_far, ..)| clause > so_far) {
                best = Some((clause, reason, deed));
            }
        }
        best
    }

    fn accused<'p>(
        &self,
        bearers: &Bearers,
        deeds: &'p [Pattern],
        fact: &Fact,
    ) -> Vec<Accused<'p>> {
        let all = self.weighed(bearers, deeds, fact);
        if bearers.mode == Share::Together {
            let weight = |one: &Weighed<'_>| (one.clause.0.and(one.who), one.who);
            let candidates = bearers.actors.clone();
            let first = first_greatest(&all, weight);
            return first
                .map(|first| Accused { party: None, candidates, first, all })
                .into_iter()
                .collect();
        }
        let one = |only: &Weighed<'p>| Accused {
            party: Some(only.bearer),
            candidates: Vec::new(),
            first: *only,
            all: vec![*only],
        };
        if all.iter().any(|one| one.who.is_yes()) {
            return all.iter().filter(|one| one.who.is_yes()).map(one).collect();
        }
        match all.as_slice() {
            [only] => vec![one(only)],
            _ => {
                let candidates = all.iter().map(|one| one.bearer).collect();
                let first = first_greatest(&all, |one| one.clause.0);
                first
                    .map(|first| Accused { party: None, candidates, first, all })
                    .into_iter()
                    .collect()
            }
        }
    }

    fn judge(&self, fact: &Fact, accused: Accused<'_>) -> Option<Outcome> {
        let Weighed { who, clause: (clause, clause_reason), .. } = accused.first;
        let at = AtHand { it: Some(fact), bearer: accused.party, ..AtHand::default() };
        let (applies, applies_reason) = self.applies_on(fact, at);
        if applies.is_no() {
            return None;
        }
        let (exception, exception_reason) = self.exception(fact, at);
        let questions =
            Questions { act: fact.status, clause, who, exception, consequence: applies };
        let total = fact.status.and(clause).and(who).and(exception.negate()).and(applies);
        if total.is_no() {
            return None;
        }
        let (verdict, reason) = if total.is_yes() {
            (Verdict::Breached, Reason::Established)
        } else {
            let reasons = [
                (who, self.why_not_who(fact, &accused)),
                (fact.status, Reason::ActUnconfirmed),
                (clause, clause_reason),
                (exception, exception_reason),
                (applies, applies_reason),
            ];
            let first = reasons.into_iter().find(|(answer, _)| *answer == Tri::Unknown);
            (Verdict::PossiblyBreached, first.map_or(Reason::Conflicting, |(_, why)| why))
        };
        Some(self.pronounce(fact, accused, verdict, reason, questions))
    }

    /// Whether the rule applies to an act; one that goes on past its `from` is done under it too.
    fn applies_on(&self, fact: &Fact, at: AtHand<'_>) -> (Tri, Reason) {
        let from = self.from();
        let (applies, why) = self.applies_from(fact.time.start, at);
        let begun = Tri::from_bounds(
            fact.time.start.0 >= from.certain || fact.time.end.0 > from.certain,
            fact.time.start.1 >= from.possible || fact.time.end.1 > from.possible,
        );
        let why = if begun == Tri::Unknown { Reason::TimeUncertain } else { why };
        (begun.and(applies), why)
    }

    /// Diligence where the attribution stands and only people's judgement is missing.
    fn why_not_who(&self, fact: &Fact, accused: &Accused<'_>) -> Reason {
        let reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        let mut naming = reports.filter(|one| one.record().actor.is_some()).peekable();
        let answered = |actor: ActorId| {
            actor.of(self.program).is_some_and(|actor| {
                actor.answered.iter().any(|answer| Some(answer.by) == accused.party)
            })
        };
        let judged = naming.peek().is_some()
            && naming.all(|one| {
                let sure =
                    one.record().actor.as_ref().is_some_and(|actor| {
                        actor.confidence.low >= self.rule.standard.attribution
                    });
                sure && one.actor.flatten().is_some_and(answered)
            });
        if judged { Reason::JudgementAwaited } else { Reason::AttributionUndetermined }
    }

    /// Whether an exception or a permit holds for the act, and why that is not known.
    fn exception(&self, fact: &Fact, at: AtHand<'_>) -> (Tri, Reason) {
        let own = self.excepted(fact, at);
        let permitted =
            self.permits().iter().fold(Tri::No, |so_far, permit| match &permit.rule.body {
                Body::May(terms) if !own.is_yes() && !so_far.is_yes() => {
                    so_far.or(permit.permitted(terms, fact))
                }
                _ => so_far,
            });
        let by_permit = permitted == Tri::Unknown;
        let reason = match own.or(permitted) {
            Tri::Unknown if !by_permit => self.doubt_of_exception(fact, at),
            _ => Reason::ExceptionUncertain,
        };
        (own.or(permitted), reason)
    }

    /// Why the rule's own exception is not known: of its only cases, the first that is in doubt.
    fn doubt_of_exception(&self, fact: &Fact, at: AtHand<'_>) -> Reason {
        let except = self.groups_at(&self.rule.except, fact, at, Tri::No);
        if except == Tri::Unknown && !self.rule.shown {
            return Reason::ExceptionUncertain;
        }
        let mut cases = self.rule.when.iter().flatten();
        let first = cases.find(|one| self.holds_at(one, fact, at) == Tri::Unknown);
        let Some(first) = first else { return Reason::ExceptionUncertain };
        let orders: &[Order] = match first {
            Condition::Fact { order, .. }
            | Condition::Sequence { order, .. }
            | Condition::Latest { order, .. } => order,
            Condition::Count { .. }
            | Condition::Among { .. }
            | Condition::Cumulated { .. }
            | Condition::Amount { .. } => return Reason::NumberUncertain,
            Condition::Lasting { .. }
            | Condition::Seen { .. }
            | Condition::Quiet { .. }
            | Condition::State(_) => &[],
        };
        match orders.iter().any(|order| matches!(order, Order::Near(_) | Order::Far(_))) {
            true => Reason::PlaceUncertain,
            false => Reason::StateUncertain,
        }
    }

    /// Whether this rule permits the act.
    fn permitted(&self, permit: &Permit, fact: &Fact) -> Tri {
        let at = AtHand { it: Some(fact), ..AtHand::default() };
        let by_one = |one: ActorId| {
            let own = AtHand { bearer: Some(one), ..at };
            let deeds = permit.deeds.iter();
            let clause =
                deeds.fold(Tri::No, |so_far, deed| so_far.or(self.clause(fact, deed, own).0));
            self.party(fact, one).and(clause)
        };
        let actors = permit.bearers.actors.iter();
        let done = actors.fold(Tri::No, |so_far, &one| so_far.or(by_one(one)));
        if done.is_no() {
            return Tri::No;
        }
        let applies = self.applies_on(fact, at).0;
        let except = self.excepted(fact, at).negate();
        let when = self.groups_at(&permit.when, fact, at, Tri::Yes);
        done.and(applies).and(except).and(when)
    }

    fn pronounce(
        &self,
        fact: &Fact,
        accused: Accused<'_>,
        verdict: Verdict,
        reason: Reason,
        questions: Questions,
    ) -> Outcome {
        let subject = fact.id.to_string();
        let id = self.finding_id(accused.party, &[], &subject);
        let claim = self.rule.unless.as_ref().map(|defence| {
            let about = Subject {
                incident: fact.incident,
                finding: &id,
                trigger: None,
                records: &fact.records,
                claimant: None,
            };
            let charged = match accused.party {
                Some(party) => vec![party],
                None => accused.candidates.clone(),
            };
            (self.claim(defence, fact.time.start, &about, &charged), defence.shown)
        });
        let shown = claim.as_ref().is_some_and(|(_, shown)| *shown);
        let claim = claim.map(|(claim, _)| claim);
        let (verdict, reason) = excuse(verdict, reason, claim.as_ref(), shown);
        let about = Subject {
            incident: fact.incident,
            finding: &id,
            trigger: None,
            records: &fact.records,
            claimant: None,
        };
        let (verdict, reason) = self.waived((verdict, reason), &about);
        let (records, against) = self.for_and_against(fact, &accused);
        let mut draft = Draft::new(subject, verdict, reason);
        draft.party = accused.party;
        draft.candidates = accused.candidates.clone();
        draft.from = fact.time.start;
        draft.to = Some(fact.time.end.1);
        draft.records = records;
        draft.against = against;
        draft.questions = questions;
        draft.defence = claim;
        let finding = self.finding(draft);
        let breach = self.breach(fact, &accused, &finding);
        (finding, breach)
    }

    fn for_and_against(&self, fact: &Fact, accused: &Accused<'_>) -> (Vec<Name>, Vec<Name>) {
        let (mut records, mut against) = (Vec::new(), Vec::new());
        let Some(incident) = fact.incident else { return (records, against) };
        let supports = |report: &Report| {
            accused.all.iter().any(|one| {
                let at = AtHand { it: Some(fact), bearer: Some(one.bearer), ..AtHand::default() };
                self.report_clause(report, Kind::Incident, one.deed, at).0.is_possible()
                    && self.may_be_by(report, &[one.bearer])
            })
        };
        for (number, report) in self.store.members(incident).filter(|(_, one)| one.live) {
            let speaks_for =
                fact.grounds.contains(&number) && (fact.grounds.len() == 1 || supports(report));
            let list = if speaks_for { &mut records } else { &mut against };
            list.extend_from_slice(report.records());
        }
        (records, against)
    }

    fn breach(&self, fact: &Fact, accused: &Accused<'_>, finding: &Finding) -> Option<Arc<Fact>> {
        let status = match (finding.verdict, finding.reason) {
            (Verdict::Breached, _) => Tri::Yes,
            (Verdict::Excused, Reason::Accepted) => return None,
            _ => Tri::Unknown,
        };
        let mut breach = fact.clone();
        breach.id = finding.id.clone();
        breach.kind = Kind::Breach(self.rule_id);
        breach.status = status;
        breach.reason = finding.reason;
        let parties = accused.party.into_iter().chain(accused.candidates.iter().copied());
        let of = |actor: ActorId| (actor, self.party(fact, actor));
        breach.parties = Parties { these: parties.map(of).collect(), rest: Tri::No };
        breach.records = finding.records.iter().cloned().collect();
        Some(Arc::new(breach))
    }

    /// The findings on bearers against whom nothing is found.
    pub(crate) fn standing(
        &self,
        bearers: &Bearers,
        deeds: &[Pattern],
        is_named: impl Fn(ActorId) -> bool,
    ) -> Vec<Finding> {
        if bearers.mode == Share::Together && bearers.actors.iter().any(|&one| is_named(one)) {
            return Vec::new();
        }
        let clean: Vec<ActorId> =
            bearers.actors.iter().copied().filter(|&one| !is_named(one)).collect();
        if clean.is_empty() {
            return Vec::new();
        }
        let (from, until) = (self.from(), self.until());
        let settled = self.now.plus_ms(-self.lateness_ms());
        let end = until.possible.min(settled);
        let reads = |at: AtHand<'_>| {
            let time = (self.now, self.now);
            let outside = from.possible <= self.now && self.during(time, at).is_no();
            outside.then(|| (self.outside(time, at), Reason::OutsideApplication))
        };
        let (verdict, reason) = if from.possible > self.now {
            (Verdict::NotInForce, Reason::OutsideApplication)
        } else if from.certain < end
            && self.watched(deeds, None).contains_all(from.certain, end.plus_ms(-1))
        {
            (Verdict::Met, Reason::WatchedThroughout)
        } else if self
            .hindrances(&self.watching_patterns(deeds))
            .iter()
            .any(|fact| Self::touches(fact, from.certain, end))
        {
            (Verdict::Undeterminable, Reason::AccessDenied)
        } else {
            (Verdict::Undeterminable, Reason::NoEvidence)
        };
        let draft = |party: Option<ActorId>, candidates: Vec<ActorId>| {
            let outside = reads(AtHand { bearer: party, ..AtHand::default() });
            let (verdict, reason) = outside.unwrap_or((verdict, reason));
            let mut draft = Draft::new("standing".to_owned(), verdict, reason);
            draft.party = party;
            draft.candidates = candidates;
            draft.from = from.bounds();
            draft.questions = Questions {
                act: Tri::No,
                clause: Tri::No,
                who: Tri::No,
                exception: Tri::No,
                consequence: Tri::Yes,
            };
            self.finding(draft)
        };
        match bearers.mode {
            Share::Together => vec![draft(None, clean)],
            _ => clean.into_iter().map(|party| draft(Some(party), Vec::new())).collect(),
        }
    }
}

impl<'a> World<'a> {
    /// The rules that permit what this one forbids.
    fn permits(&self) -> &[World<'a>] {
        self.permits.get_or_init(|| {
            let rules = self.program.rules.iter().enumerate();
            let overriding = rules.filter(|(_, rule)| match &rule.body {
                Body::May(permit) => permit.despite.contains(&self.rule_id),
                _ => false,
            });
            overriding.filter_map(|(at, _)| self.for_rule(RuleId(at as u32))).collect()
        })
    }
}

/// The first of the greatest by a measure.
fn first_greatest<'p, K: Ord>(
    all: &[Weighed<'p>],
    by: impl Fn(&Weighed<'p>) -> K,
) -> Option<Weighed<'p>> {
    // `max_by_key` takes the last of equals.
    all.iter().rev().max_by_key(|one| by(one)).copied()
}
