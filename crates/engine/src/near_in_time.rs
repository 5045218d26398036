//! Which facts can stand in an order of time to `it` at all: those that begin in a window.
//!
//! Invariant: who is left out stands surely not so; all others are asked.

use crate::{
    fact::{Fact, Kind},
    world::World,
};
use casus_model::{
    Instant,
    program::{Order, Pattern},
};
use std::{ops::Range, sync::Arc};

/// How far the times of some facts reach, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    /// The greatest doubt of a begin.
    doubt_ms: i64,
    /// The longest of them, from its latest begin to its latest end.
    longest_ms: i64,
    /// Each is an incident with one report that counts: its time is that of the report.
    single: bool,
}

impl World<'_> {
    /// The places, among the facts of a pattern, of those that may stand so to `it`.
    pub(crate) fn in_reach(
        &self,
        facts: &[Arc<Fact>],
        pattern: &Pattern,
        order: &[Order],
        it: &Fact,
    ) -> Range<usize> {
        let calendar = &self.program.calendar;
        let (t0, t1) = it.time.start;
        // The latest begin of a fact is not before the one, its earliest not after the other.
        let (mut from, mut to) = (Instant::MIN, Instant::MAX);
        let mut reach = |low: Instant, high: Instant| (from, to) = (from.max(low), to.min(high));
        for one in order {
            match *one {
                Order::Before => reach(Instant::MIN, t1),
                Order::After => reach(t0, Instant::MAX),
                Order::AtMostBefore(span) => reach(calendar.shift(t0, span, -1), t1),
                Order::AtMostAfter(span) => reach(t0, calendar.shift(t1, span, 1)),
                Order::Around(span) => {
                    reach(calendar.shift(t0, span, -1), calendar.shift(t1, span, 1));
                }
                Order::Near(_) | Order::Far(_) if self.is_leg(it) => {
                    let spread = self.spread(facts, pattern);
                    if spread.single {
                        reach(t0.plus_ms(-spread.longest_ms), it.time.end.1);
                    }
                }
                _ => {}
            }
        }
        let first = match from {
            Instant::MIN => 0,
            from => facts.partition_point(|fact| fact.time.start.1 < from),
        };
        let end = match to {
            Instant::MAX => facts.len(),
            to => {
                let last = to.plus_ms(self.spread(facts, pattern).doubt_ms);
                facts.partition_point(|fact| fact.time.start.1 <= last)
            }
        };
        first..end.max(first)
    }

    /// Whether the fact is a leg and nothing else.
    fn is_leg(&self, fact: &Fact) -> bool {
        let report = fact.grounds.first().and_then(|&at| self.store.report(at));
        fact.kind == Kind::Incident && report.is_some_and(|report| report.leg.is_some())
    }

    fn spread(&self, facts: &[Arc<Fact>], pattern: &Pattern) -> Spread {
        let key = std::ptr::from_ref(pattern) as usize;
        if let Some(found) = self.spreads.borrow().get(&key) {
            return *found;
        }
        let between = |from: Instant, to: Instant| to.0.saturating_sub(from.0).max(0);
        let greatest = |each: fn(&Fact) -> (Instant, Instant)| {
            let all = facts.iter().map(|fact| each(fact)).map(|(from, to)| between(from, to));
            all.max().unwrap_or(0)
        };
        let spread = Spread {
            doubt_ms: greatest(|fact| fact.time.start),
            longest_ms: greatest(|fact| (fact.time.start.1, fact.time.end.1)),
            single: facts.iter().all(|one| one.kind == Kind::Incident && one.grounds.len() == 1),
        };
        self.spreads.borrow_mut().insert(key, spread);
        spread
    }
}
