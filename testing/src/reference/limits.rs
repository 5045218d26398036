//! Section 8: limits on amounts.
//!
//! Invariant: a limit is judged side by side: as a cap, as a floor, or as both.

use super::{
    Asking, Here, Outcome, Pair,
    duties::shares,
    fact::Fact,
    finding::{Draft, questions},
    sums::{Asked, Sum, Told, Weight, fails},
};
use casus_model::{
    Instant, Name, Period, Reason, Spans, Tri, Verdict,
    program::{ActorId, Compare, Counted, Keep, Over, Pattern, What},
};
use std::rc::Rc;

/// Whose limit it is.
struct Whose {
    party: Option<ActorId>,
    actors: Vec<ActorId>,
}

/// One side of a limit, with both amounts.
struct Side<'s, 'p> {
    keep: &'p Keep,
    compare: Compare,
    left: &'s Sum<'p>,
    right: &'s Sum<'p>,
}

/// The period of an amount that is taken over each, unless it is that of a moment.
fn period_of(counted: &Counted) -> Option<Period> {
    match (&counted.over, &counted.as_of) {
        (Over::Each(period), None) => Some(*period),
        _ => None,
    }
}

impl<'p> Side<'_, 'p> {
    fn cap(&self) -> bool {
        matches!(self.compare, Compare::AtMost | Compare::LessThan)
    }
    fn told(&self) -> impl Iterator<Item = &Told<'p>> {
        self.left.told.iter().chain(&self.right.told)
    }
    /// 8.4: the period by which it is judged.
    fn period(&self) -> Option<Period> {
        let period = self.keep.counted().find_map(period_of)?;
        let mut left_grows = true;
        for term in &self.keep.left.terms {
            let alone = casus_model::program::Amount { terms: vec![term.clone()] };
            let plain = !term.minus && term.share_of.is_none();
            if !plain && alone.counted().any(|one| period_of(one).is_some()) {
                left_grows = false;
            }
        }
        let on_the_right = self.keep.right.counted().any(|one| period_of(one).is_some());
        if self.cap() && left_grows && !on_the_right { None } else { Some(period) }
    }
    /// 8.3: its first facts, surely and possibly.
    fn first(&self) -> (Instant, Instant) {
        let first = |weights: &[&Weight]| {
            let sure = weights.iter().filter(|one| one.sure).map(|one| one.fact.time.start.1);
            let possible =
                weights.iter().filter(|one| one.possible).map(|one| one.fact.time.start.0);
            (sure.min().unwrap_or(Instant::MAX), possible.min().unwrap_or(Instant::MAX))
        };
        let stocks: Vec<(Instant, Instant)> = self
            .left
            .told
            .iter()
            .filter(|told| told.counted.over == Over::Stock)
            .map(|told| first(&told.items.iter().collect::<Vec<_>>()))
            .collect();
        if !self.cap()
            && let (Some(sure), Some(possible)) =
                (stocks.iter().map(|one| one.0).max(), stocks.iter().map(|one| one.1).max())
        {
            return (sure, possible);
        }
        let all = self.told().filter(|told| told.counted.over != Over::During);
        first(&all.flat_map(|told| &told.items).collect::<Vec<_>>())
    }
    /// Everything that may count at an instant.
    fn behind(&self, at: Instant) -> Vec<&Rc<Fact>> {
        let all = self.told().flat_map(|told| &told.items);
        let there = all.filter(|one| one.upper.is_some_and(|(a, b, _)| a <= at && at < b));
        there.map(|one| &one.fact).collect()
    }
}

impl Asking<'_> {
    /// 8.1 to 8.6
    pub fn limit(&self, keep: &Keep) -> Outcome {
        let mut outcome = Outcome::default();
        for (party, actors) in shares(&keep.bearers) {
            let whose = Whose { party, actors };
            let asked = Asked::Limit(&whose.actors, whose.party);
            let (left, right) = (self.sum(&keep.left, asked), self.sum(&keep.right, asked));
            let compares = match keep.compare {
                Compare::Equal => vec![Compare::AtMost, Compare::AtLeast],
                one => vec![one],
            };
            let before = outcome.findings.len();
            let mut silent = false;
            for compare in compares {
                let side = Side { keep, compare, left: &left, right: &right };
                silent |= side.first().1 == Instant::MAX;
                match side.period() {
                    Some(period) => self.by_period(&whose, &side, period, &mut outcome),
                    None => self.always(&whose, &side, &mut outcome),
                }
            }
            if outcome.findings.len() == before {
                let from = self.from();
                let (verdict, act) = if from.possible > self.world.now {
                    ((Verdict::NotInForce, Reason::OutsideApplication), Tri::No)
                } else if silent {
                    ((Verdict::Undeterminable, Reason::NoEvidence), Tri::Unknown)
                } else {
                    ((Verdict::Met, Reason::Done), Tri::Yes)
                };
                let draft = Draft {
                    from: from.pair(),
                    questions: questions(act),
                    ..self.of(&whose, verdict, "standing".to_owned())
                };
                outcome.findings.push(self.finish(draft));
            }
        }
        outcome
    }

    fn of(&self, whose: &Whose, verdict: (Verdict, Reason), subject: String) -> Draft {
        let shared = if whose.party.is_some() { Vec::new() } else { whose.actors.clone() };
        Draft {
            party: whose.party,
            candidates: shared,
            ..Draft::new(verdict.0, verdict.1, subject)
        }
    }

    /// 8.3: at every instant within 4.3 and `while`, up to now, a finding for each stretch.
    fn always(&self, whose: &Whose, side: &Side<'_, '_>, outcome: &mut Outcome) {
        let (mut sure, mut possible) = side.first();
        if !side.cap() {
            let late = |at: Instant| {
                let mut latest = at;
                for counted in side.keep.counted() {
                    if let Over::Rolling(span) = counted.over {
                        latest = latest.max(self.later(at, span));
                    }
                }
                latest
            };
            (sure, possible) = (late(sure), late(possible));
        }
        let judged =
            Pair { lower: Spans::of(sure, Instant::MAX), upper: Spans::of(possible, Instant::MAX) };
        let here = Here { bearer: whose.party, ..Here::default() };
        let pair = self
            .failing(side.left, side.compare, side.right)
            .and(&judged)
            .and(&self.in_force())
            .and(&self.during_spans(&here))
            .within(&self.until_now());
        let (reason, prefix) = match side.cap() {
            true => (Reason::AboveLimit, ""),
            false => (Reason::BelowFloor, "floor "),
        };
        for (begin, end) in pair.upper.iter() {
            let sure = pair.lower.iter().map(|one| one.0).find(|at| *at >= begin && *at < end);
            let verdict = match sure {
                Some(_) => (Verdict::Breached, reason),
                None => (Verdict::PossiblyBreached, Reason::NumberUncertain),
            };
            let crossing = sure.unwrap_or(begin);
            let draft = Draft {
                from: (begin, crossing),
                to: Some(end).filter(|end| *end <= self.world.now),
                ..self.of(whose, verdict, format!("{prefix}{begin}"))
            };
            self.push_breach(whose, draft, (begin, crossing), &side.behind(crossing), outcome);
        }
    }

    /// 8.4
    fn by_period(&self, whose: &Whose, side: &Side<'_, '_>, period: Period, outcome: &mut Outcome) {
        let here = Here { bearer: whose.party, ..Here::default() };
        let (calendar, now) = (&self.world.program.calendar, self.world.now);
        let from = self.from().certain;
        let until = self.until().possible;
        let periodic: Vec<&Told<'_>> =
            side.told().filter(|told| period_of(told.counted).is_some()).collect();
        let inside = || periodic.iter().flat_map(|told| &told.items);
        let starts = inside().map(|one| one.fact.time.start.0);
        let first = starts.filter(|at| *at > Instant::MIN && *at < Instant::MAX).min();
        let first = if from == Instant::MIN { first } else { Some(from) };
        let Some(mut at) = first.filter(|at| *at < Instant::MAX) else { return };
        let deeds: Vec<Pattern> =
            periodic.iter().map(|told| told.counted.pattern.clone()).collect();
        for _ in 0..100_000 {
            let (begin, end) = calendar.period(at, period);
            let closed = end.plus_ms(self.world.program.lateness_ms) <= now;
            if end > until || !closed || end <= at {
                return;
            }
            at = end;
            let during = self.during((begin, begin), &here);
            if begin < from || during.is_no() {
                continue;
            }
            let last = end.plus_ms(-1);
            let (sure, possible) = fails(side.left.at(last), side.compare, side.right.at(last));
            let may = |one: &&Weight| one.fact.time.start.1 >= begin && one.fact.time.start.0 < end;
            let looked = || {
                let watched = self.watched(&deeds, &[]);
                Spans::of(begin, end).and(&watched.not()).is_empty()
            };
            let reason = if side.cap() { Reason::AboveLimit } else { Reason::BelowFloor };
            let verdict = if sure {
                match side.cap() || inside().any(|one| may(&one)) || looked() {
                    true if during.is_yes() => (Verdict::Breached, reason),
                    true => (Verdict::PossiblyBreached, Reason::StateUncertain),
                    false => (Verdict::Undeterminable, Reason::NoEvidence),
                }
            } else if possible {
                (Verdict::PossiblyBreached, Reason::NumberUncertain)
            } else {
                (Verdict::Met, Reason::Done)
            };
            let prefix = if side.cap() { "cap " } else { "" };
            let draft = Draft {
                key: vec![Name::from(calendar.local(begin).date().to_string())],
                from: (begin, begin),
                to: Some(end),
                ..self.of(whose, verdict, format!("{prefix}{begin}"))
            };
            self.push_breach(whose, draft, (end, end), &side.behind(last), outcome);
        }
    }

    /// 8.6: a finding with its derived breach.
    fn push_breach(
        &self,
        whose: &Whose,
        mut draft: Draft,
        at: (Instant, Instant),
        behind: &[&Rc<Fact>],
        outcome: &mut Outcome,
    ) {
        let (status, act) = match draft.verdict.0 {
            Verdict::Breached => (Some(Tri::Yes), Tri::Yes),
            Verdict::PossiblyBreached => (Some(Tri::Unknown), Tri::Unknown),
            Verdict::Met => (None, Tri::Yes),
            _ => (None, Tri::Unknown),
        };
        draft.questions = questions(act);
        draft.records = behind.iter().flat_map(|fact| fact.records.clone()).collect();
        let verdict = draft.verdict;
        let finding = self.finish(draft);
        if let Some(status) = status {
            let mut fact = Fact::bare(What::Breach(self.id), finding.id.clone(), status, at);
            fact.parties = vec![Tri::No; self.world.program.actors.len()];
            for actor in &whose.actors {
                if let Some(part) = fact.parties.get_mut(actor.index()) {
                    *part = Tri::Yes;
                }
            }
            fact.reason = verdict.1;
            let (receipts, settled) =
                (behind.iter().map(|one| one.receipt), behind.iter().map(|one| one.settled));
            fact.receipt = receipts.max().unwrap_or(Instant::MIN);
            fact.settled = settled.max().unwrap_or(Instant::MIN);
            fact.names = self.names_of(&finding.id, &finding.records);
            fact.records.clone_from(&finding.records);
            outcome.derived.push(fact);
        }
        outcome.findings.push(finding);
    }

    /// Every instant up to now, now included.
    pub fn until_now(&self) -> Spans {
        Spans::of(Instant::MIN, self.world.now.plus_ms(1))
    }
}
