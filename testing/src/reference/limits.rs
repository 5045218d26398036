//! Section 8: limits on amounts.
//!
//! Invariant: amounts are integers, in thousandths of the base unit.

use super::{
    Asking, Here, Outcome, Pair,
    amounts::Bounds,
    duties::shares,
    fact::Fact,
    finding::{Draft, questions},
};
use casus_model::{
    Instant, Name, Period, Reason, Spans, Tri, Verdict,
    geometry::Shape,
    program::{ActorId, Compare, Keep, Over, Pattern, What},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::rc::Rc;

/// More than any limit: an amount that nobody told.
const UNBOUNDED: i128 = 1 << 100;

/// A fact with its match and its amount.
struct Item {
    fact: Rc<Fact>,
    /// Of a stock: but for its places.
    answer: Tri,
    whole: Tri,
    low: i128,
    high: i128,
}

/// How long a fact weighs, surely and possibly.
struct Weight {
    fact: Rc<Fact>,
    lower: Option<(Instant, Instant, i128)>,
    upper: Option<(Instant, Instant, i128)>,
}

/// Whose limit it is.
struct Whose {
    party: Option<ActorId>,
    actors: Vec<ActorId>,
}

fn thousandths(amount: Decimal, up: bool) -> i128 {
    let scaled = amount.saturating_mul(Decimal::ONE_THOUSAND);
    let whole = if up { scaled.ceil() } else { scaled.floor() };
    whole.to_i128().unwrap_or(UNBOUNDED)
}

/// The least sum that is over a cap; the least sum that reaches a floor.
fn cap(keep: &Keep) -> Option<i128> {
    match keep.compare {
        Compare::AtMost | Compare::Equal => Some(thousandths(keep.value, false) + 1),
        Compare::LessThan => Some(thousandths(keep.value, true)),
        Compare::AtLeast | Compare::MoreThan => None,
    }
}
fn floor(keep: &Keep) -> Option<i128> {
    match keep.compare {
        Compare::AtLeast | Compare::Equal => Some(thousandths(keep.value, true)),
        Compare::MoreThan => Some(thousandths(keep.value, false) + 1),
        Compare::AtMost | Compare::LessThan => None,
    }
}

impl Asking<'_> {
    /// 8.1 to 8.6
    pub fn limit(&self, keep: &Keep) -> Outcome {
        let mut outcome = Outcome::default();
        for (party, actors) in shares(&keep.bearers) {
            let whose = Whose { party, actors };
            let items = self.counted_items(keep, &whose);
            let before = outcome.findings.len();
            let weights = self.weights(keep, &items);
            if let Some(least) = cap(keep) {
                self.capped(&whose, &weights, least, &mut outcome);
            }
            match (floor(keep), keep.over) {
                (Some(least), Over::Each(period)) => {
                    self.period_floor(keep, &whose, &items, period, least, &mut outcome);
                }
                (Some(least), _) => {
                    self.running_floor(keep, &whose, &items, &weights, least, &mut outcome);
                }
                (None, _) => {}
            }
            if outcome.findings.len() == before {
                let from = self.from();
                let (verdict, act) = if from.possible > self.world.now {
                    ((Verdict::NotInForce, Reason::OutsideApplication), Tri::No)
                } else if items.iter().all(|item| item.whole.is_no()) {
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

    /// 8.1: the facts that count, but (of a stock) for where they are.
    fn counted_items(&self, keep: &Keep, whose: &Whose) -> Vec<Item> {
        let mut pattern = keep.pattern.clone();
        if keep.over == Over::Stock {
            pattern.places.clear();
        }
        let one = |fact: &Rc<Fact>| {
            let by = |actor: &ActorId, pattern: &Pattern| {
                let here = Here { bearer: Some(*actor), ..Here::default() };
                self.matches(fact, pattern, &here, None).and(self.party(fact, *actor))
            };
            let here = Here { bearer: whose.party, ..Here::default() };
            let except = self.groups_at(&self.rule.except, fact, &here, Tri::No);
            let done = |pattern: &Pattern| {
                let each = whose.actors.iter().map(|actor| by(actor, pattern));
                each.max().unwrap_or(Tri::No)
            };
            let (low, high) = amount(fact, keep.measure.as_ref());
            let whole = done(&keep.pattern).and(except.negate());
            // A report of a holding ends the one before it even where it is itself excepted.
            let answer = if keep.over == Over::Stock { done(&pattern) } else { whole };
            Item { fact: fact.clone(), answer, whole, low, high }
        };
        self.facts.iter().map(one).filter(|item| item.answer.is_possible()).collect()
    }

    /// 8.2
    fn weights(&self, keep: &Keep, items: &[Item]) -> Vec<Weight> {
        match keep.over {
            Over::Rolling(span) => items
                .iter()
                .map(|item| {
                    let start = item.fact.time.start;
                    item.weigh(
                        (start.1, self.later(start.0, span)),
                        (start.0, self.later(start.1, span)),
                        item.answer,
                    )
                })
                .collect(),
            Over::Each(period) => {
                let each = items.iter().flat_map(|item| self.in_periods(item, period));
                each.collect()
            }
            Over::Stock => items.iter().map(|item| self.held(item, items)).collect(),
        }
    }

    fn in_periods(&self, item: &Item, period: Period) -> Vec<Weight> {
        let start = item.fact.time.start;
        let calendar = &self.world.program.calendar;
        let mut weights = Vec::new();
        let mut at = start.0;
        while at <= start.1 {
            let (begin, end) = calendar.period(at, period);
            let sure = start.0 >= begin && start.1 < end;
            let lower = if sure { (start.1, end) } else { (end, end) };
            weights.push(item.weigh(lower, (start.0.max(begin), end), item.answer));
            if end <= at {
                break;
            }
            at = end;
        }
        weights
    }

    /// 8.2 `Stock`: it holds until the next of the same holding.
    fn held(&self, item: &Item, items: &[Item]) -> Weight {
        let same = |other: &&Item| {
            holding(&other.fact) == holding(&item.fact) && item.fact.order() < other.fact.order()
        };
        let later = items.iter().filter(same);
        let possible = later.clone().map(|other| other.fact.time.start.0);
        let sure = later.filter(|other| other.answer.is_yes()).map(|other| other.fact.time.start.1);
        let start = item.fact.time.start;
        item.weigh(
            (start.1, possible.min().unwrap_or(Instant::MAX)),
            (start.0, sure.min().unwrap_or(Instant::MAX)),
            item.whole,
        )
    }

    /// 8.3
    fn capped(&self, whose: &Whose, weights: &[Weight], least: i128, outcome: &mut Outcome) {
        let lower: Vec<_> = weights.iter().filter_map(|one| one.lower).collect();
        let upper: Vec<_> = weights.iter().filter_map(|one| one.upper).collect();
        let over =
            Pair { lower: Spans::covered(&lower, least), upper: Spans::covered(&upper, least) };
        self.crossings(whose, weights, &over, (Reason::AboveLimit, ""), outcome);
    }

    /// 8.3, 8.4: within 4.3 and `while`, up to now, a finding for each possible stretch.
    fn crossings(
        &self,
        whose: &Whose,
        weights: &[Weight],
        violated: &Pair,
        (reason, prefix): (Reason, &str),
        outcome: &mut Outcome,
    ) {
        let here = Here::default();
        let pair =
            violated.and(&self.in_force()).and(&self.during_spans(&here)).within(&self.until_now());
        for (begin, end) in pair.upper.iter() {
            let sure = pair.lower.iter().map(|one| one.0).find(|at| *at >= begin && *at < end);
            let verdict = match sure {
                Some(_) => (Verdict::Breached, reason),
                None => (Verdict::PossiblyBreached, Reason::NumberUncertain),
            };
            let crossing = sure.unwrap_or(begin);
            let behind: Vec<&Rc<Fact>> = weights
                .iter()
                .filter(|one| one.upper.is_some_and(|(a, b, _)| a <= crossing && crossing < b))
                .map(|one| &one.fact)
                .collect();
            let draft = Draft {
                from: (begin, crossing),
                to: Some(end).filter(|end| *end <= self.world.now),
                ..self.of(whose, verdict, format!("{prefix}{begin}"))
            };
            self.push_breach(whose, draft, (begin, crossing), &behind, outcome);
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

    /// 8.4 `Stock`, `Rolling`
    fn running_floor(
        &self,
        keep: &Keep,
        whose: &Whose,
        items: &[Item],
        weights: &[Weight],
        least: i128,
        outcome: &mut Outcome,
    ) {
        let lower: Vec<_> = weights.iter().filter_map(|one| one.lower).collect();
        let upper: Vec<_> = weights.iter().filter_map(|one| one.upper).collect();
        let shifted = |at: Instant| match keep.over {
            Over::Rolling(span) => self.later(at, span),
            _ => at,
        };
        let surely = items.iter().filter(|item| item.whole.is_yes());
        let sure = surely.map(|item| item.fact.time.start.1).min();
        let possible = items.iter().filter(|item| item.whole.is_possible());
        let possible = possible.map(|item| item.fact.time.start.0).min();
        let sure = sure.map_or(Instant::MAX, shifted);
        let possible = possible.map_or(Instant::MAX, shifted);
        let under = Pair {
            lower: Spans::covered(&upper, least).not().and(&Spans::of(sure, Instant::MAX)),
            upper: Spans::covered(&lower, least).not().and(&Spans::of(possible, Instant::MAX)),
        };
        self.crossings(whose, weights, &under, (Reason::BelowFloor, "floor "), outcome);
    }

    /// 8.4 `Each`
    fn period_floor(
        &self,
        keep: &Keep,
        whose: &Whose,
        items: &[Item],
        period: Period,
        least: i128,
        outcome: &mut Outcome,
    ) {
        let here = Here::default();
        let (calendar, now) = (&self.world.program.calendar, self.world.now);
        let from = self.from().certain;
        let until = self.until().possible;
        let first = items.iter().map(|item| item.fact.time.start.0).min();
        let first = if from == Instant::MIN { first } else { Some(from) };
        let Some(mut at) = first.filter(|at| *at < Instant::MAX) else { return };
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
            let may =
                |item: &&Item| item.fact.time.start.1 >= begin && item.fact.time.start.0 < end;
            let inside = items.iter().filter(may);
            let surely = |item: &&Item| {
                let start = item.fact.time.start;
                item.answer.is_yes() && start.0 >= begin && start.1 < end
            };
            let upper: i128 = inside.clone().map(|item| item.high).sum();
            let lower: i128 = inside.clone().filter(surely).map(|item| item.low).sum();
            let looked = || {
                let watched = self.watched(std::slice::from_ref(&keep.pattern), &[]);
                Spans::of(begin, end).and(&watched.not()).is_empty()
            };
            let verdict = if upper < least {
                match inside.clone().next().is_some() || looked() {
                    true if during.is_yes() => (Verdict::Breached, Reason::BelowFloor),
                    true => (Verdict::PossiblyBreached, Reason::StateUncertain),
                    false => (Verdict::Undeterminable, Reason::NoEvidence),
                }
            } else if lower < least {
                (Verdict::PossiblyBreached, Reason::NumberUncertain)
            } else {
                (Verdict::Met, Reason::Done)
            };
            let behind: Vec<&Rc<Fact>> = inside.map(|item| &item.fact).collect();
            let draft = Draft {
                key: vec![Name::from(calendar.local(begin).date().to_string())],
                from: (begin, begin),
                to: Some(end),
                ..self.of(whose, verdict, begin.to_string())
            };
            self.push_breach(whose, draft, (end, end), &behind, outcome);
        }
    }

    /// Every instant up to now, now included.
    pub fn until_now(&self) -> Spans {
        Spans::of(Instant::MIN, self.world.now.plus_ms(1))
    }
}

impl Item {
    fn weigh(&self, lower: (Instant, Instant), upper: (Instant, Instant), answer: Tri) -> Weight {
        Weight {
            fact: self.fact.clone(),
            lower: answer.is_yes().then_some((lower.0, lower.1, self.low)),
            upper: answer.is_possible().then_some((upper.0, upper.1, self.high)),
        }
    }
}

/// 8.1
fn amount(fact: &Fact, measure: Option<&Name>) -> (i128, i128) {
    let wanted = measure.map_or("number", |name| &**name);
    let told = fact.quantities.iter().find(|(name, _)| &**name == wanted);
    let bounds: Option<Bounds> = told.map(|(_, bounds)| *bounds);
    match (bounds, measure) {
        (Some((low, high)), _) => (thousandths(low, false), thousandths(high, true)),
        (None, None) => (1000, 1000),
        (None, Some(_)) => (0, UNBOUNDED),
    }
}

/// 8.2: which holding a report is about.
fn holding(fact: &Fact) -> (u8, Name) {
    if let Some(item) = &fact.item {
        return (0, item.clone());
    }
    let mut places = fact.grounds.iter().flat_map(|report| &report.content.places);
    let name = places.find_map(|place| match &place.shape {
        Shape::Named(name) => Some(name.clone()),
        _ => None,
    });
    name.map_or_else(|| (2, fact.id.clone()), |name| (1, name))
}
