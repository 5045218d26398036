//! What must be kept: stocks, rolling amounts, amounts in each period; caps and floors.
//!
//! Invariant: a surely violated limit is also a possibly violated one.

use crate::{
    duty::Bearer,
    fact::{Fact, Kind, Parties},
    matching::AtHand,
    output::{Draft, plainly},
    prohibition::Outcome,
    spanning::{Both, Relative},
    world::World,
};
use casus_model::{
    Instant, Name, Occurred, Period, Reason, Spans, Tri, Verdict,
    program::{Compare, Keep, Over, Pattern},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::{collections::BTreeMap, sync::Arc};

/// More than any amount, in thousandths.
const UNBOUNDED: i128 = 1_000_000_000_000_000_000_000_000;
/// So many periods are judged at most.
const MOST_PERIODS: usize = 100_000;

/// One fact's part in the amount.
struct Part {
    fact: Arc<Fact>,
    answer: Tri,
    /// Thousandths.
    low: i128,
    high: i128,
    lower: (Instant, Instant),
    upper: (Instant, Instant),
}

/// A side of the limit: cap or floor, with the least sum that reaches it, in thousandths.
#[derive(Clone, Copy)]
enum Side {
    /// Violated from this sum on.
    Cap(i128),
    /// Violated below this sum.
    Floor(i128),
}

impl World<'_> {
    /// All findings of a limit.
    pub(crate) fn limits(&self, keep: &Keep) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for bearer in Bearer::of(&keep.bearers) {
            let parts = self.parts(keep, &bearer);
            let before = outcomes.len();
            for side in sides(keep) {
                match (side, keep.over) {
                    (Side::Floor(least), Over::Each(period)) => {
                        self.period_floors(keep, &bearer, &parts, period, least, &mut outcomes);
                    }
                    _ => self.violations(keep, &bearer, &parts, side, &mut outcomes),
                }
            }
            if outcomes.len() == before {
                outcomes.push((self.kept(&bearer, parts.is_empty()), None));
            }
        }
        outcomes
    }

    fn kept(&self, bearer: &Bearer, no_facts: bool) -> casus_model::Finding {
        let from = self.from();
        let (verdict, reason, act) = if from.possible > self.now {
            (Verdict::NotInForce, Reason::OutsideApplication, Tri::No)
        } else if no_facts {
            (Verdict::Undeterminable, Reason::NoEvidence, Tri::Unknown)
        } else {
            (Verdict::Met, Reason::Done, Tri::Yes)
        };
        let mut draft = Draft::new("standing".to_owned(), verdict, reason);
        name_bearer(&mut draft, bearer);
        draft.from = from.bounds();
        draft.questions = plainly(act);
        self.finding(draft)
    }

    /// The facts that count, each with its amount and its stretches.
    fn parts(&self, keep: &Keep, bearer: &Bearer) -> Vec<Part> {
        let anywhere = Pattern { places: Vec::new(), ..keep.pattern.clone() };
        let is_stock = keep.over == Over::Stock;
        let mut parts = Vec::new();
        let mut holdings: BTreeMap<Name, Vec<(usize, Tri)>> = BTreeMap::new();
        for fact in self.gathered(&keep.pattern).iter() {
            let by = |pattern: &Pattern| {
                bearer.all.iter().fold(Tri::No, |any, &one| {
                    let at = AtHand { bearer: Some(one), ..AtHand::default() };
                    any.or(self.party(fact, one).and(self.matches(fact, pattern, at)))
                })
            };
            let at = AtHand { bearer: bearer.party, ..AtHand::default() };
            let answer = by(if is_stock { &anywhere } else { &keep.pattern });
            if answer.is_no() {
                continue;
            }
            let except = self.groups_at(&self.rule.except, fact, at, Tri::No).negate();
            let (low, high) = self.amount(fact, keep.measure.as_ref());
            let counted = match is_stock {
                true => answer.and(by(&keep.pattern)).and(except),
                false => answer.and(except),
            };
            let [lower, upper] = match keep.over {
                Over::Rolling(span) => self.stretches(fact, span),
                Over::Stock | Over::Each(_) => {
                    [(fact.time.start.1, Instant::MAX), (fact.time.start.0, Instant::MAX)]
                }
            };
            if is_stock {
                let holding = self.holding(fact);
                holdings.entry(holding).or_default().push((parts.len(), answer));
            }
            let fact = Arc::clone(fact);
            parts.push(Part { fact, answer: counted, low, high, lower, upper });
        }
        for holding in holdings.values() {
            limit_tenures(&mut parts, holding);
        }
        if let Over::Each(period) = keep.over {
            parts = self.in_periods(parts, period);
        }
        parts.retain(|part| part.answer.is_possible());
        parts
    }

    /// A fact counts in each period that it may lie in.
    fn in_periods(&self, parts: Vec<Part>, period: Period) -> Vec<Part> {
        let calendar = &self.program.calendar;
        let mut all = Vec::new();
        for part in parts {
            let (early, late) = part.fact.time.start;
            let (mut begin, mut end) = calendar.period(early, period);
            for _ in 0..MOST_PERIODS {
                let surely = early >= begin && late < end;
                all.push(Part {
                    fact: Arc::clone(&part.fact),
                    answer: if surely { part.answer } else { part.answer.and(Tri::Unknown) },
                    lower: (late, end),
                    upper: (early.max(begin), end),
                    ..part
                });
                if late < end || end <= begin {
                    break;
                }
                (begin, end) = calendar.period(end, period);
            }
        }
        all
    }

    /// What is counted as one holding over time.
    fn holding(&self, fact: &Fact) -> Name {
        if let Some(item) = &fact.item {
            return Name::from(format!("item {item}"));
        }
        let mut reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        let named = reports.find_map(|report| {
            report.record().places.iter().find_map(|place| match &place.shape {
                casus_model::geometry::Shape::Named(name) => Some(name.clone()),
                _ => None,
            })
        });
        match named {
            Some(name) => Name::from(format!("place {name}")),
            None => Name::from(format!("incident {}", fact.id)),
        }
    }

    /// The fact's amount, low and high, in thousandths of the base unit.
    fn amount(&self, fact: &Fact, measure: Option<&Name>) -> (i128, i128) {
        let number = Name::from("number");
        let measure_name = measure.unwrap_or(&number);
        let reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        let ranges: Vec<_> = reports
            .filter_map(|report| {
                let all = &report.record().quantities;
                let found = all.iter().find(|(name, _)| name == measure_name);
                found.and_then(|(name, quantity)| self.in_base(name, quantity))
            })
            .collect();
        let lows = || ranges.iter().map(|range| range.low);
        let highs = || ranges.iter().map(|range| range.high);
        let (Some(low), Some(high)) = (lows().max(), highs().min()) else {
            return if measure.is_some() { (0, UNBOUNDED) } else { (1000, 1000) };
        };
        let (low, high) = match low <= high {
            true => (low, high),
            false => (lows().min().unwrap_or(low), highs().max().unwrap_or(high)),
        };
        (thousandths(low, false), thousandths(high, true))
    }

    fn violations(
        &self,
        keep: &Keep,
        bearer: &Bearer,
        parts: &[Part],
        side: Side,
        outcomes: &mut Vec<Outcome>,
    ) {
        let surely = parts.iter().filter(|part| part.answer.is_yes());
        let low: Vec<_> = surely.map(|part| (part.lower.0, part.lower.1, part.low)).collect();
        let high: Vec<_> =
            parts.iter().map(|part| (part.upper.0, part.upper.1, part.high)).collect();
        let violated = match side {
            Side::Cap(from) => {
                Both { lower: Spans::covered(&low, from), upper: Spans::covered(&high, from) }
            }
            Side::Floor(least) => {
                let (sure, possible) = self.since_first(keep, parts);
                Both {
                    lower: Spans::covered(&high, least).not().and(&sure),
                    upper: Spans::covered(&low, least).not().and(&possible),
                }
            }
        };
        let (lower, upper) = self.window();
        let applies = Both { lower, upper }.and(&self.during_spans(Relative::key(&[])));
        let violated = violated.and(&applies).up_to(self.now);
        for (begin, end) in violated.upper.iter() {
            let sure = violated.lower.iter().map(|(at, _)| at).find(|&at| at >= begin && at < end);
            let crossing = (begin, sure.unwrap_or(begin));
            let (verdict, reason) = match (sure, side) {
                (Some(_), Side::Cap(_)) => (Verdict::Breached, Reason::AboveLimit),
                (Some(_), Side::Floor(_)) => (Verdict::Breached, Reason::BelowFloor),
                (None, _) => (Verdict::PossiblyBreached, Reason::NumberUncertain),
            };
            let prefix = if matches!(side, Side::Floor(_)) { "floor " } else { "" };
            let mut draft = Draft::new(format!("{prefix}{begin}"), verdict, reason);
            name_bearer(&mut draft, bearer);
            draft.from = crossing;
            draft.to = (end <= self.now).then_some(end);
            draft.records = records_at(parts, crossing.1);
            draft.questions = plainly(Tri::from_bounds(sure.is_some(), true));
            let finding = self.finding(draft);
            let there = parts.iter().filter(|part| part.upper.0 <= crossing.1);
            let there = there.filter(|part| crossing.1 < part.upper.1).map(|part| &*part.fact);
            let breach = self.limit_breach(bearer, &finding, crossing, there);
            outcomes.push((finding, Some(breach)));
        }
    }

    fn since_first(&self, keep: &Keep, parts: &[Part]) -> (Spans, Spans) {
        let calendar = &self.program.calendar;
        let begin = |first: Option<Instant>| {
            let first = first.map(|at| match keep.over {
                Over::Rolling(span) => calendar.shift(at, span, 1),
                _ => at,
            });
            first.map_or(Spans::none(), |at| Spans::of(at, Instant::MAX))
        };
        let sure = parts.iter().filter(|part| part.answer.is_yes());
        let sure = sure.map(|part| part.fact.time.start.1).min();
        let possible = parts.iter().map(|part| part.fact.time.start.0).min();
        (begin(sure), begin(possible))
    }

    fn period_floors(
        &self,
        keep: &Keep,
        bearer: &Bearer,
        parts: &[Part],
        period: Period,
        least: i128,
        outcomes: &mut Vec<Outcome>,
    ) {
        let calendar = &self.program.calendar;
        let (from, until) = (self.from().certain, self.until().possible);
        let first = match from {
            Instant::MAX => return,
            Instant::MIN => parts.iter().map(|part| part.fact.time.start.0).min(),
            from => Some(from),
        };
        let Some(first) = first else { return };
        let watched = self.watched(std::slice::from_ref(&keep.pattern), None);
        let (mut begin, mut end) = calendar.period(first, period);
        for _ in 0..MOST_PERIODS {
            let closed = end <= until && end.plus_ms(self.lateness_ms()) <= self.now;
            if !closed || end <= begin {
                break;
            }
            let during = self.during((begin, begin), AtHand::default());
            if begin >= from && during.is_possible() {
                let within: Vec<&Part> = parts
                    .iter()
                    .filter(|part| part.upper.0 >= begin && part.upper.1 == end)
                    .collect();
                let looked = !within.is_empty() || watched.contains_all(begin, end.plus_ms(-1));
                outcomes.push(self.period_floor(
                    bearer,
                    &within,
                    (begin, end),
                    least,
                    looked,
                    during,
                ));
            }
            (begin, end) = calendar.period(end, period);
        }
    }

    fn period_floor(
        &self,
        bearer: &Bearer,
        within: &[&Part],
        (begin, end): (Instant, Instant),
        least: i128,
        looked: bool,
        during: Tri,
    ) -> Outcome {
        let surely = within.iter().filter(|part| part.answer.is_yes());
        let low = surely.fold(0, |sum: i128, part| sum.saturating_add(part.low));
        let high = within.iter().fold(0, |sum: i128, part| sum.saturating_add(part.high));
        let (verdict, reason) = match (high < least, low < least, looked) {
            (true, _, true) if during.is_yes() => (Verdict::Breached, Reason::BelowFloor),
            (true, _, true) => (Verdict::PossiblyBreached, Reason::StateUncertain),
            (true, _, false) => (Verdict::Undeterminable, Reason::NoEvidence),
            (false, true, _) => (Verdict::PossiblyBreached, Reason::NumberUncertain),
            (false, false, _) => (Verdict::Met, Reason::Done),
        };
        let act = match verdict {
            Verdict::Breached | Verdict::Met => Tri::Yes,
            _ => Tri::Unknown,
        };
        let mut draft = Draft::new(begin.to_string(), verdict, reason);
        name_bearer(&mut draft, bearer);
        draft.key = vec![Name::from(self.program.calendar.local(begin).date().to_string())];
        draft.from = (begin, begin);
        draft.to = Some(end);
        draft.records = within.iter().flat_map(|part| part.fact.records.iter().cloned()).collect();
        draft.questions = plainly(act);
        let finding = self.finding(draft);
        let is_breach = matches!(verdict, Verdict::Breached | Verdict::PossiblyBreached);
        let breach = is_breach.then(|| {
            self.limit_breach(bearer, &finding, (end, end), within.iter().map(|part| &*part.fact))
        });
        (finding, breach)
    }

    fn limit_breach<'f>(
        &self,
        bearer: &Bearer,
        finding: &casus_model::Finding,
        at: (Instant, Instant),
        behind: impl Iterator<Item = &'f Fact> + Clone,
    ) -> Arc<Fact> {
        let status = Tri::from_bounds(finding.verdict == Verdict::Breached, true);
        let time = Occurred { start: at, end: at };
        let mut fact = Fact::derived(finding.id.clone(), Kind::Breach(self.rule_id), status, time);
        fact.reason = finding.reason;
        fact.settled = behind.clone().map(|one| one.settled).max().unwrap_or(Instant::MIN);
        fact.receipt = behind.map(|one| one.receipt).max().unwrap_or(Instant::MIN);
        fact.parties = Parties::surely(&bearer.all);
        fact.records = finding.records.iter().cloned().collect();
        Arc::new(fact)
    }
}

/// Each report of a holding holds until the next one.
fn limit_tenures(parts: &mut [Part], holding: &[(usize, Tri)]) {
    let starts: Vec<((Instant, Instant), Tri)> = holding
        .iter()
        .filter_map(|&(at, answer)| parts.get(at).map(|part| (part.fact.time.start, answer)))
        .collect();
    for (place, &(at, _)) in holding.iter().enumerate() {
        let later = || starts.iter().skip(place + 1);
        let possible_end = later().map(|(start, _)| start.0).min();
        let sure_end =
            later().filter(|(_, answer)| answer.is_yes()).map(|(start, _)| start.1).min();
        if let Some(part) = parts.get_mut(at) {
            part.lower.1 = possible_end.unwrap_or(Instant::MAX);
            part.upper.1 = sure_end.unwrap_or(Instant::MAX);
        }
    }
}

fn records_at(parts: &[Part], at: Instant) -> Vec<Name> {
    let there = parts.iter().filter(|part| part.upper.0 <= at && at < part.upper.1);
    there.flat_map(|part| part.fact.records.iter().cloned()).collect()
}

fn name_bearer(draft: &mut Draft, bearer: &Bearer) {
    draft.party = bearer.party;
    if bearer.party.is_none() {
        draft.candidates = bearer.all.clone();
    }
}

/// The sides of the limit: the sums at which it is violated.
fn sides(keep: &Keep) -> Vec<Side> {
    let over = thousandths(keep.value, false).saturating_add(1);
    let reaching = thousandths(keep.value, true);
    match keep.compare {
        Compare::AtMost => vec![Side::Cap(over)],
        Compare::LessThan => vec![Side::Cap(reaching)],
        Compare::AtLeast => vec![Side::Floor(reaching)],
        Compare::MoreThan => vec![Side::Floor(over)],
        Compare::Equal => vec![Side::Cap(over), Side::Floor(reaching)],
    }
}

/// A decimal in thousandths, rounded down or up.
fn thousandths(value: Decimal, up: bool) -> i128 {
    let Some(scaled) = value.checked_mul(Decimal::ONE_THOUSAND) else {
        return if value.is_sign_negative() { -UNBOUNDED } else { UNBOUNDED };
    };
    let rounded = if up { scaled.ceil() } else { scaled.floor() };
    rounded.to_i128().unwrap_or(UNBOUNDED).clamp(-UNBOUNDED, UNBOUNDED)
}
