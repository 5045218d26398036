//! Moments: when a rule begins, when a duty is due, as a possible and a certain instant.
//!
//! Invariant: `possible ≤ certain`; `Instant::MAX` means not yet, `Instant::MIN` always.

use crate::{conditions::is_same, fact::Fact, matching::AtHand, spanning::Relative, world::World};
use casus_model::{
    Instant, Reason, Spans, Tri,
    program::{Anchor, Edge, Key, Moment, Order, Pattern},
};
use std::sync::Arc;

/// A moment as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct When {
    pub possible: Instant,
    pub certain: Instant,
    /// Since when the facts that it hangs on have been known as they are.
    pub settled: Instant,
}

impl When {
    pub(crate) const NOT_YET: When =
        When { possible: Instant::MAX, certain: Instant::MAX, settled: Instant::MIN };
    pub(crate) const ALWAYS: When =
        When { possible: Instant::MIN, certain: Instant::MIN, settled: Instant::MIN };

    pub(crate) fn of(bounds: (Instant, Instant), settled: Instant) -> When {
        When { possible: bounds.0, certain: bounds.1, settled }
    }
    pub(crate) fn bounds(self) -> (Instant, Instant) {
        (self.possible, self.certain)
    }
    fn map(self, change: impl Fn(Instant) -> Instant) -> When {
        let each = |at| if at == Instant::MAX || at == Instant::MIN { at } else { change(at) };
        When { possible: each(self.possible), certain: each(self.certain), ..self }
    }
}

impl World<'_> {
    /// The moment, with the fact and the bearer at hand.
    pub(crate) fn moment(&self, moment: &Moment, at: AtHand<'_>) -> When {
        let calendar = self.program.calendar_of(at.bearer);
        match moment {
            Moment::At(instant) => When::of((*instant, *instant), Instant::MIN),
            Moment::Of(anchor) => self.anchor(anchor, at),
            Moment::Deadline(anchor, span) => {
                self.anchor(anchor, at).map(|t| calendar.deadline(t, *span))
            }
            Moment::Lead(anchor, span) => {
                let lead = self.anchor(anchor, at).map(|t| calendar.lead(t, *span));
                When { settled: Instant::MIN, ..lead }
            }
            Moment::After(anchor, span) => {
                self.anchor(anchor, at).map(|t| calendar.shift(t, *span, 1))
            }
            Moment::Earlier(anchor, span) => {
                self.anchor(anchor, at).map(|t| calendar.shift(t, *span, -1))
            }
            Moment::Clock { anchor, days, time } => self.anchor(anchor, at).map(|t| {
                let span = casus_model::Span::Days(days.unsigned_abs());
                let date = calendar.shifted_date(t, span, days.signum());
                calendar.instant(date.to_datetime(*time))
            }),
            Moment::EarliestOf(list) => self.pick(list, at, Instant::min, When::NOT_YET),
            Moment::LatestOf(list) => self.pick(list, at, Instant::max, When::ALWAYS),
            Moment::Extended { of, by, pattern, same, order } => {
                let facts = self.standing_so(pattern, same, order, at);
                let move_on = |t: Instant| match t {
                    Instant::MIN | Instant::MAX => t,
                    t => calendar.shift(t, *by, 1),
                };
                let when = self.moment(of, at);
                let sure = facts.iter().filter(|(_, answer)| answer.is_yes());
                let sure = sure.map(|(fact, _)| fact.time.start.1);
                let maybe = facts.iter().map(|(fact, _)| fact.time.start.0);
                let possible = extended(when.possible, sure, move_on);
                let certain = extended(when.certain, maybe, move_on);
                When { possible, certain, ..when }
            }
            Moment::Paused { of, test, most } => {
                let relative = Relative { key: at.key, fact: at.it, bearer: at.bearer };
                let held = self.state_spans(test, relative);
                let opened = at.it.map_or_else(|| self.from().bounds(), |it| it.time.start);
                let begun = self.runs_from(of, at);
                let from = (opened.0.max(begun.possible), opened.1.max(begun.certain));
                let last = |t: Instant| match (t, most) {
                    (Instant::MIN | Instant::MAX, _) | (_, None) => Instant::MAX,
                    (t, Some(most)) => calendar.shift(t, *most, 1),
                };
                let paused = |t: Instant, held: &Spans, from: Instant| {
                    let held = held.and(&Spans::of(from, self.now.plus_ms(1)));
                    resumed(t, &held).min(last(t)).max(t)
                };
                let when = self.moment(of, at);
                let possible = paused(when.possible, &held.lower, from.1);
                let certain = paused(when.certain, &held.upper, from.0);
                When { possible, certain, ..when }
            }
        }
    }

    /// When the time of a deadline begins to run: at what it is counted from.
    fn runs_from(&self, moment: &Moment, at: AtHand<'_>) -> When {
        match moment {
            Moment::Deadline(anchor, _) | Moment::After(anchor, _) => self.anchor(anchor, at),
            Moment::Extended { of, .. } | Moment::Paused { of, .. } => self.runs_from(of, at),
            _ => When::ALWAYS,
        }
    }

    /// The facts that may match and stand so to `it`, but for `it` itself.
    fn standing_so(
        &self,
        pattern: &Pattern,
        same: &[Key],
        order: &[Order],
        at: AtHand<'_>,
    ) -> Vec<(Arc<Fact>, Tri)> {
        let relative = Relative { key: at.key, fact: at.it, bearer: at.bearer };
        let mut found = Vec::new();
        for fact in self.gathered(pattern).iter() {
            let stands = match at.it {
                Some(it) if is_same(fact, it) => Tri::No,
                Some(it) => self.stands_all(order, fact, it),
                None => Tri::Yes,
            };
            let shared = stands.and(self.belongs(fact, same, relative));
            let answer =
                if shared.is_no() { shared } else { shared.and(self.matches(fact, pattern, at)) };
            if answer.is_possible() {
                found.push((Arc::clone(fact), answer));
            }
        }
        found
    }

    fn pick(
        &self,
        list: &[Moment],
        at: AtHand<'_>,
        choose: impl Fn(Instant, Instant) -> Instant,
        start: When,
    ) -> When {
        list.iter().map(|one| self.moment(one, at)).fold(start, |so_far, one| When {
            possible: choose(so_far.possible, one.possible),
            certain: choose(so_far.certain, one.certain),
            settled: so_far.settled.max(one.settled),
        })
    }

    fn anchor(&self, anchor: &Anchor, at: AtHand<'_>) -> When {
        match anchor {
            Anchor::Commencement => self.commencement(),
            Anchor::It(edge) => at.it.map_or(When::NOT_YET, |it| edge_of(it, *edge)),
            Anchor::Fact(pattern, edge) => {
                let mut when = When::NOT_YET;
                for fact in self.gathered(pattern).iter() {
                    let answer = self.matches(fact, pattern, at);
                    let of_fact = edge_of(fact, *edge);
                    if answer.is_possible() {
                        when.possible = when.possible.min(of_fact.possible);
                    }
                    if answer.is_yes() && of_fact.certain < when.certain {
                        when.certain = of_fact.certain;
                        when.settled = of_fact.settled;
                    }
                }
                when
            }
        }
    }

    /// When the agreement begins to apply.
    pub(crate) fn commencement(&self) -> When {
        match &self.program.commencement {
            Some(moment) => self.moment(moment, AtHand::default()),
            None => When::ALWAYS,
        }
    }

    /// When the rule begins to apply.
    pub(crate) fn from(&self) -> When {
        *self.from_cell.get_or_init(|| match &self.rule.from {
            Some(moment) => self.moment(moment, AtHand::default()),
            None => self.commencement(),
        })
    }

    /// When the rule ceases to apply.
    pub(crate) fn until(&self) -> When {
        *self.until_cell.get_or_init(|| match &self.rule.until {
            Some(moment) => self.moment(moment, AtHand::default()),
            None => When::NOT_YET,
        })
    }

    /// Whether the rule applies to something that began in `start`, with the reason if not known.
    pub(crate) fn applies(&self, start: (Instant, Instant), at: AtHand<'_>) -> (Tri, Reason) {
        let from = self.from();
        let begun = Tri::from_bounds(start.0 >= from.certain, start.1 >= from.possible);
        let (rest, why) = self.applies_from(start, at);
        (begun.and(rest), if begun == Tri::Unknown { Reason::TimeUncertain } else { why })
    }

    /// The same of a rule that has begun to apply.
    pub(crate) fn applies_from(&self, start: (Instant, Instant), at: AtHand<'_>) -> (Tri, Reason) {
        let until = self.until();
        let over = Tri::from_bounds(start.0 >= until.certain, start.1 >= until.possible);
        let during = self.during(start, at);
        let reason =
            if over == Tri::Unknown { Reason::TimeUncertain } else { Reason::StateUncertain };
        (over.negate().and(during), reason)
    }

    /// The instants at which the rule's own window is open: surely, and possibly.
    pub(crate) fn window(&self) -> (Spans, Spans) {
        let (from, until) = (self.from(), self.until());
        (Spans::of(from.certain, until.possible), Spans::of(from.possible, until.certain))
    }
}

/// Moved on by each of these that comes before it is reached.
fn extended(
    mut end: Instant,
    at: impl Iterator<Item = Instant>,
    move_on: impl Fn(Instant) -> Instant,
) -> Instant {
    let mut at: Vec<Instant> = at.collect();
    at.sort_unstable();
    for one in at {
        if one > end {
            break;
        }
        end = move_on(end);
    }
    end
}

/// Moved on by as long as the stretches before it last.
fn resumed(mut end: Instant, held: &Spans) -> Instant {
    for (from, to) in held.iter() {
        if end == Instant::MIN || end == Instant::MAX || from >= end {
            break;
        }
        if from == Instant::MIN {
            return Instant::MAX;
        }
        end = end.plus_ms(to.0.saturating_sub(from.0));
    }
    end
}

fn edge_of(fact: &crate::fact::Fact, edge: Edge) -> When {
    let bounds = match edge {
        Edge::Itself => fact.time.start,
        Edge::Start => fact.start_edge,
        Edge::End => fact.time.end,
        Edge::Receipt => (fact.receipt, fact.receipt),
    };
    When::of(bounds, fact.settled)
}
