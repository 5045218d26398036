//! What must be kept: amounts against amounts, at every instant or period by period.
//!
//! Invariant: a surely violated limit is also a possibly violated one.

use crate::{
    amount::{Asked, MOST_PERIODS, Share, Tallies},
    curve::{Curve, Ends},
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
    program::{Amount, Compare, Counted, Keep, Over, Pattern},
};
use std::sync::Arc;

/// A side of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// The left must not be above the right (or not reach it).
    Cap(Compare),
    /// The left must not be below the right (or not only reach it).
    Floor(Compare),
}

impl Side {
    /// The sides of a limit.
    fn of(keep: &Keep) -> Vec<Side> {
        match keep.compare {
            Compare::AtMost | Compare::LessThan => vec![Side::Cap(keep.compare)],
            Compare::AtLeast | Compare::MoreThan => vec![Side::Floor(keep.compare)],
            Compare::Equal => vec![Side::Cap(Compare::AtMost), Side::Floor(Compare::AtLeast)],
        }
    }
    fn compare(self) -> Compare {
        let (Side::Cap(compare) | Side::Floor(compare)) = self;
        compare
    }
    fn reason(self) -> Reason {
        match self {
            Side::Cap(_) => Reason::AboveLimit,
            Side::Floor(_) => Reason::BelowFloor,
        }
    }
    /// The period by which it is judged; none: at every instant.
    fn period(self, keep: &Keep) -> Option<Period> {
        let inner = |amount: &Amount| {
            let terms = amount.terms.iter();
            let bent = terms.filter(|term| term.minus || term.share_of.is_some());
            let bent: Vec<_> = bent.cloned().collect();
            Amount { terms: bent }.counted().any(|one| of_period(one).is_some())
        };
        let only_grows =
            !inner(&keep.left) && !keep.right.counted().any(|one| of_period(one).is_some());
        match self {
            Side::Cap(_) if only_grows => None,
            _ => keep.counted().find_map(of_period),
        }
    }
}

/// One limit of one bearer: both sides, and what they are made of.
struct Kept<'k> {
    keep: &'k Keep,
    bearer: &'k Bearer,
    left: Tallies<'k>,
    right: Tallies<'k>,
    curves: (Curve, Curve),
}

impl Kept<'_> {
    fn tallies(&self) -> impl Iterator<Item = &(&Counted, Vec<Share>)> {
        self.left.iter().chain(&self.right)
    }
    fn shares(&self) -> impl Iterator<Item = &Share> + Clone {
        self.left.iter().chain(&self.right).flat_map(|(_, shares)| shares)
    }
    /// Those taken over each period.
    fn by_period(&self) -> impl Iterator<Item = &Share> + Clone {
        let each = self.left.iter().chain(&self.right);
        each.filter(|(counted, _)| of_period(counted).is_some()).flat_map(|(_, shares)| shares)
    }
}

impl World<'_> {
    /// All findings of a limit.
    pub(crate) fn limits(&self, keep: &Keep) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for bearer in Bearer::of(&keep.bearers) {
            let asked = Asked::Of(&bearer);
            let (left, right) = (self.tallies(&keep.left, asked), self.tallies(&keep.right, asked));
            let curves =
                (self.curve(&keep.left, &left, asked), self.curve(&keep.right, &right, asked));
            let kept = Kept { keep, bearer: &bearer, left, right, curves };
            let before = outcomes.len();
            let mut silent = false;
            for side in Side::of(keep) {
                silent |= self.begins(&kept, side).1 == Instant::MAX;
                match side.period(keep) {
                    Some(period) => self.by_periods(&kept, side, period, &mut outcomes),
                    None => self.violations(&kept, side, &mut outcomes),
                }
            }
            if outcomes.len() == before {
                outcomes.push((self.kept(&bearer, silent), None));
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

    /// When there is first something to judge a side by, surely and possibly.
    fn begins(&self, kept: &Kept<'_>, side: Side) -> (Instant, Instant) {
        let of = |shares: &mut dyn Iterator<Item = &Share>| {
            let mut first = (Instant::MAX, Instant::MAX);
            for share in shares {
                first.1 = first.1.min(share.fact.time.start.0);
                if share.sure {
                    first.0 = first.0.min(share.fact.time.start.1);
                }
            }
            first
        };
        let stocks = kept.left.iter().filter(|(counted, _)| counted.over == Over::Stock);
        let stocks: Vec<_> = stocks.map(|(_, shares)| of(&mut shares.iter())).collect();
        if matches!(side, Side::Floor(_)) && !stocks.is_empty() {
            let last = |edge: fn(&(Instant, Instant)) -> Instant| stocks.iter().map(edge).max();
            return (
                last(|one| one.0).unwrap_or(Instant::MAX),
                last(|one| one.1).unwrap_or(Instant::MAX),
            );
        }
        let meant = kept.tallies().filter(|(counted, _)| counted.over != Over::During);
        of(&mut meant.flat_map(|(_, shares)| shares))
    }

    /// The same, after the longest window.
    fn judged_from(&self, kept: &Kept<'_>, side: Side) -> (Spans, Spans) {
        let calendar = &self.program.calendar;
        let spans: Vec<_> = kept
            .keep
            .counted()
            .filter_map(|counted| match counted.over {
                Over::Rolling(span) if matches!(side, Side::Floor(_)) => Some(span),
                _ => None,
            })
            .collect();
        let late = |at: Instant| match at {
            Instant::MAX => at,
            at => spans.iter().map(|span| calendar.shift(at, *span, 1)).max().unwrap_or(at),
        };
        let (sure, possible) = self.begins(kept, side);
        (Spans::of(late(sure), Instant::MAX), Spans::of(late(possible), Instant::MAX))
    }

    fn violations(&self, kept: &Kept<'_>, side: Side, outcomes: &mut Vec<Outcome>) {
        let (left, right) = &kept.curves;
        let violated = left.violations(side.compare(), right);
        let (lower, upper) = self.judged_from(kept, side);
        let violated = violated.and(&Both { lower, upper });
        let (lower, upper) = self.window();
        let relative = Relative { key: &[], fact: None, bearer: kept.bearer.party };
        let applies = Both { lower, upper }.and(&self.during_spans(relative));
        let violated = violated.and(&applies).up_to(self.now);
        for (begin, end) in violated.upper.iter() {
            let sure = violated.lower.iter().map(|(at, _)| at).find(|&at| at >= begin && at < end);
            let crossing = (begin, sure.unwrap_or(begin));
            let (verdict, reason) = match sure {
                Some(_) => (Verdict::Breached, side.reason()),
                None => (Verdict::PossiblyBreached, Reason::NumberUncertain),
            };
            let prefix = if matches!(side, Side::Floor(_)) { "floor " } else { "" };
            let mut draft = Draft::new(format!("{prefix}{begin}"), verdict, reason);
            name_bearer(&mut draft, kept.bearer);
            let there = kept.shares().filter(|share| holds(share, crossing.1));
            draft.from = crossing;
            draft.to = (end <= self.now).then_some(end);
            draft.records = records_of(there.clone());
            draft.questions = plainly(Tri::from_bounds(sure.is_some(), true));
            let finding = self.finding(draft);
            let there = there.map(|share| &*share.fact);
            let breach = self.limit_breach(kept.bearer, &finding, crossing, there);
            outcomes.push((finding, Some(breach)));
        }
    }

    fn by_periods(&self, kept: &Kept<'_>, side: Side, period: Period, outcomes: &mut Vec<Outcome>) {
        let calendar = &self.program.calendar;
        let (from, until) = (self.from().certain, self.until().possible);
        let first = match from {
            Instant::MAX => return,
            Instant::MIN => {
                let starts = kept.by_period().map(|share| share.fact.time.start.0);
                starts.filter(|at| *at > Instant::MIN && *at < Instant::MAX).min()
            }
            from => Some(from),
        };
        let Some(first) = first else { return };
        let counted = kept.keep.counted().filter(|one| of_period(one).is_some());
        let deeds: Vec<Pattern> = counted.map(|one| one.pattern.clone()).collect();
        let watched = self.watched(&deeds, None);
        let (mut begin, mut end) = calendar.period(first, period);
        for _ in 0..MOST_PERIODS {
            let closed = end <= until && end.plus_ms(self.lateness_ms()) <= self.now;
            if !closed || end <= begin {
                break;
            }
            let at = AtHand { bearer: kept.bearer.party, ..AtHand::default() };
            let during = self.during((begin, begin), at);
            if begin >= from && during.is_possible() {
                let looked = watched.contains_all(begin, end.plus_ms(-1));
                outcomes.push(self.by_one_period(kept, side, (begin, end), looked, during));
            }
            (begin, end) = calendar.period(end, period);
        }
    }

    fn by_one_period(
        &self,
        kept: &Kept<'_>,
        side: Side,
        (begin, end): (Instant, Instant),
        looked: bool,
        during: Tri,
    ) -> Outcome {
        let last = end.plus_ms(-1);
        let ends = |curve: &Curve| -> Ends { curve.at(last) };
        let (sure, possible) = ends(&kept.curves.0).violates(side.compare(), ends(&kept.curves.1));
        let within = kept.by_period().any(|share| holds(share, last));
        let looked = looked || within || matches!(side, Side::Cap(_));
        let (verdict, reason) = match (sure, possible, looked) {
            (true, _, true) if during.is_yes() => (Verdict::Breached, side.reason()),
            (true, _, true) => (Verdict::PossiblyBreached, Reason::StateUncertain),
            (true, _, false) => (Verdict::Undeterminable, Reason::NoEvidence),
            (false, true, _) => (Verdict::PossiblyBreached, Reason::NumberUncertain),
            (false, false, _) => (Verdict::Met, Reason::Done),
        };
        let act = match verdict {
            Verdict::Breached | Verdict::Met => Tri::Yes,
            _ => Tri::Unknown,
        };
        let prefix = if matches!(side, Side::Cap(_)) { "cap " } else { "" };
        let mut draft = Draft::new(format!("{prefix}{begin}"), verdict, reason);
        name_bearer(&mut draft, kept.bearer);
        let there = kept.shares().filter(|share| holds(share, last));
        draft.key = vec![Name::from(self.program.calendar.local(begin).date().to_string())];
        draft.from = (begin, begin);
        draft.to = Some(end);
        draft.records = records_of(there.clone());
        draft.questions = plainly(act);
        let finding = self.finding(draft);
        let is_breach = matches!(verdict, Verdict::Breached | Verdict::PossiblyBreached);
        let breach = is_breach.then(|| {
            let there = there.map(|share| &*share.fact);
            self.limit_breach(kept.bearer, &finding, (end, end), there)
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

/// The period that an amount is taken over, unless it is that of a moment.
fn of_period(counted: &Counted) -> Option<Period> {
    match (&counted.over, &counted.as_of) {
        (Over::Each(period), None) => Some(*period),
        _ => None,
    }
}

fn holds(share: &Share, at: Instant) -> bool {
    share.upper.0 <= at && at < share.upper.1
}

fn records_of<'s>(shares: impl Iterator<Item = &'s Share>) -> Vec<Name> {
    shares.flat_map(|share| share.fact.records.iter().cloned()).collect()
}

fn name_bearer(draft: &mut Draft, bearer: &Bearer) {
    draft.party = bearer.party;
    if bearer.party.is_none() {
        draft.candidates = bearer.all.clone();
    }
}
