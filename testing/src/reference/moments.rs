//! Section 4: moments, and when a rule applies.
//!
//! Invariant: `Instant::MIN` (always) and `Instant::MAX` (not yet) stay what they are.

use super::{Asking, Here, Pair, clause::Answer, fact::Fact};
use casus_model::{
    Instant, Reason, Span, Spans, Tri, Verdict,
    program::{ActorId, Anchor, Edge, Moment, Pattern, StateTest},
};
use std::rc::Rc;

/// A moment: possible, certain, and when what it hangs on was settled (7.6).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct When {
    pub possible: Instant,
    pub certain: Instant,
    pub settled: Instant,
}

impl When {
    fn new(pair: (Instant, Instant), settled: Instant) -> When {
        When { possible: pair.0, certain: pair.1, settled }
    }
    pub fn pair(&self) -> (Instant, Instant) {
        (self.possible, self.certain)
    }
    fn map(self, change: impl Fn(Instant) -> Instant) -> When {
        let keep = |at: Instant| if fixed(at) { at } else { change(at) };
        When { possible: keep(self.possible), certain: keep(self.certain), ..self }
    }
}

fn fixed(at: Instant) -> bool {
    at == Instant::MIN || at == Instant::MAX
}

/// One edge of a fact.
fn edge(fact: &Fact, edge: Edge) -> (Instant, Instant) {
    match edge {
        Edge::Itself => fact.time.start,
        Edge::Start => fact.start_edge,
        Edge::End => fact.time.end,
        Edge::Receipt => (fact.receipt, fact.receipt),
    }
}

impl Asking<'_> {
    /// `Calendar::deadline`, but for always and not yet.
    pub fn deadline(&self, at: Instant, span: Span) -> Instant {
        self.deadline_for(None, at, span)
    }
    /// 15.1: by the calendar of a bearer.
    pub fn deadline_for(&self, bearer: Option<ActorId>, at: Instant, span: Span) -> Instant {
        if fixed(at) { at } else { self.world.program.calendar_of(bearer).deadline(at, span) }
    }
    /// `Calendar::shift` forwards, but for always and not yet.
    pub fn later(&self, at: Instant, span: Span) -> Instant {
        if fixed(at) { at } else { self.world.program.calendar.shift(at, span, 1) }
    }
    /// `Calendar::shift` backwards, but for always and not yet.
    pub fn earlier(&self, at: Instant, span: Span) -> Instant {
        if fixed(at) { at } else { self.world.program.calendar.shift(at, span, -1) }
    }

    /// 4.1
    pub fn moment(&self, moment: &Moment, here: &Here<'_>) -> When {
        let calendar = self.world.program.calendar_of(here.bearer);
        let many = |list: &[Moment]| -> Vec<When> {
            list.iter().map(|one| self.moment(one, here)).collect()
        };
        match moment {
            Moment::At(at) => When::new((*at, *at), Instant::MIN),
            Moment::Of(anchor) => self.anchor(anchor, here),
            Moment::Deadline(anchor, span) => {
                self.anchor(anchor, here).map(|at| calendar.deadline(at, *span))
            }
            Moment::Lead(anchor, span) => {
                let lead = self.anchor(anchor, here).map(|at| calendar.lead(at, *span));
                When { settled: Instant::MIN, ..lead }
            }
            Moment::After(anchor, span) => {
                self.anchor(anchor, here).map(|at| calendar.shift(at, *span, 1))
            }
            Moment::Earlier(anchor, span) => {
                self.anchor(anchor, here).map(|at| calendar.shift(at, *span, -1))
            }
            Moment::Clock { anchor, days, time } => self.anchor(anchor, here).map(|at| {
                let date = calendar.local(at).date();
                let by = jiff::Span::new().try_days(i64::from(*days));
                let date = by.and_then(|by| date.checked_add(by)).unwrap_or(date);
                calendar.instant(date.to_datetime(*time))
            }),
            Moment::EarliestOf(list) => many(list).into_iter().fold(
                When::new((Instant::MAX, Instant::MAX), Instant::MIN),
                |a, b| When {
                    possible: a.possible.min(b.possible),
                    certain: a.certain.min(b.certain),
                    settled: a.settled.max(b.settled),
                },
            ),
            Moment::LatestOf(list) => many(list).into_iter().fold(
                When::new((Instant::MIN, Instant::MIN), Instant::MIN),
                |a, b| When {
                    possible: a.possible.max(b.possible),
                    certain: a.certain.max(b.certain),
                    settled: a.settled.max(b.settled),
                },
            ),
            Moment::Extended { of, by, .. } => {
                let facts = self.standing_so(moment, here);
                self.extended(self.moment(of, here), *by, facts, here)
            }
            Moment::Paused { of, test, most } => self.paused(of, test, *most, here),
        }
    }

    /// 15.2
    fn extended(
        &self,
        when: When,
        by: Span,
        mut facts: Vec<(&Rc<Fact>, Tri)>,
        here: &Here<'_>,
    ) -> When {
        let calendar = self.world.program.calendar_of(here.bearer);
        let later = |at| if fixed(at) { at } else { calendar.shift(at, by, 1) };
        let (mut possible, mut certain) = when.pair();
        facts.sort_by_key(|(fact, _)| fact.time.start.1);
        for (fact, answer) in &facts {
            if answer.is_yes() && fact.time.start.1 <= possible {
                possible = later(possible);
            }
        }
        facts.sort_by_key(|(fact, _)| fact.time.start.0);
        for (fact, _) in &facts {
            if fact.time.start.0 <= certain {
                certain = later(certain);
            }
        }
        When { possible, certain, ..when }
    }

    /// 15.3
    fn paused(&self, of: &Moment, test: &StateTest, most: Option<Span>, here: &Here<'_>) -> When {
        let when = self.moment(of, here);
        let held = self.state_spans(test, here);
        let opened = here.it.map_or_else(|| self.from().pair(), |it| it.time.start);
        let counted = self.counted_from(of, here);
        let from = (opened.0.max(counted.0), opened.1.max(counted.1));
        let calendar = self.world.program.calendar_of(here.bearer);
        let one = |end: Instant, held: &Spans, from: Instant| {
            if fixed(end) {
                return end;
            }
            let so_far = Spans::of(from, self.world.now.plus_ms(1));
            let longest = most.map_or(Instant::MAX, |most| calendar.shift(end, most, 1));
            resumed(end, &held.and(&so_far)).min(longest)
        };
        let possible = one(when.possible, &held.lower, from.1);
        let certain = one(when.certain, &held.upper, from.0);
        When { possible, certain, ..when }
    }

    /// 15.3: what a deadline is counted from.
    fn counted_from(&self, moment: &Moment, here: &Here<'_>) -> (Instant, Instant) {
        let mut moment = moment;
        while let Moment::Extended { of, .. } | Moment::Paused { of, .. } = moment {
            moment = of;
        }
        match moment {
            Moment::Deadline(anchor, _) | Moment::After(anchor, _) => {
                self.anchor(anchor, here).pair()
            }
            _ => (Instant::MIN, Instant::MIN),
        }
    }

    /// 15.2: the facts, other than `it`, that possibly match, share the keys and stand so.
    fn standing_so(&self, extended: &Moment, here: &Here<'_>) -> Vec<(&Rc<Fact>, Tri)> {
        let Moment::Extended { pattern, same, order, .. } = extended else { return Vec::new() };
        let others = self.facts.iter().filter(|fact| here.it.is_none_or(|it| !fact.same_as(it)));
        let one = |fact: &Rc<Fact>| {
            let stands = here.it.map_or(Tri::Yes, |it| self.stands(order, fact, it));
            stands.and(self.keyed(fact, pattern, same, here))
        };
        let each = others.map(|fact| (fact, one(fact)));
        each.filter(|(_, answer)| answer.is_possible()).collect()
    }

    /// 4.2
    fn anchor(&self, anchor: &Anchor, here: &Here<'_>) -> When {
        match anchor {
            Anchor::It(which) => match here.it {
                Some(it) => When::new(edge(it, *which), it.settled),
                None => When::new((Instant::MAX, Instant::MAX), Instant::MIN),
            },
            Anchor::Fact(pattern, which) => self.first_edge(pattern, *which, here),
            Anchor::Commencement => self.commencement(),
        }
    }

    fn commencement(&self) -> When {
        match &self.world.program.commencement {
            Some(moment) => self.moment(moment, &Here::default()),
            None => When::new((Instant::MIN, Instant::MIN), Instant::MIN),
        }
    }

    fn first_edge(&self, pattern: &Pattern, which: Edge, here: &Here<'_>) -> When {
        let mut when = When::new((Instant::MAX, Instant::MAX), Instant::MIN);
        for fact in &self.facts {
            let answer = self.matches(fact, pattern, here, None);
            let (lower, upper) = edge(fact, which);
            if answer.is_possible() {
                when.possible = when.possible.min(lower);
            }
            if answer.is_yes() && upper < when.certain {
                when.certain = upper;
                when.settled = fact.settled;
            }
        }
        when
    }

    /// 4.3: `from` of the rule.
    pub fn from(&self) -> When {
        match &self.rule.from {
            Some(moment) => self.moment(moment, &Here::default()),
            None => self.commencement(),
        }
    }
    /// 4.3: `until` of the rule.
    pub fn until(&self) -> When {
        match &self.rule.until {
            Some(moment) => self.moment(moment, &Here::default()),
            None => When::new((Instant::MAX, Instant::MAX), Instant::MIN),
        }
    }
    /// 4.3 as spans.
    pub fn in_force(&self) -> Pair {
        let (from, until) = (self.from(), self.until());
        Pair {
            lower: Spans::of(from.certain, until.possible),
            upper: Spans::of(from.possible, until.certain),
        }
    }
    /// 4.3 and 4.4 at a time.
    pub fn applies(&self, (a, b): (Instant, Instant), here: &Here<'_>) -> Answer {
        let (from, until) = (self.from(), self.until());
        let begun = Tri::from_bounds(a >= from.certain, b >= from.possible);
        let over = Tri::from_bounds(a >= until.certain, b >= until.possible);
        Answer::all(&[
            Answer::new(begun, Reason::TimeUncertain),
            Answer::new(over.negate(), Reason::TimeUncertain),
            Answer::new(self.during((a, b), here), Reason::StateUncertain),
        ])
    }
    /// 4.4: the `while` tests at a time.
    pub fn during(&self, time: (Instant, Instant), here: &Here<'_>) -> Tri {
        self.during_spans(here).at(time)
    }
    /// 4.4: the `while` tests as spans.
    pub fn during_spans(&self, here: &Here<'_>) -> Pair {
        let tests = self.rule.during.iter();
        let during =
            tests.fold(Pair::all(), |so_far, test| so_far.and(&self.state_spans(test, here)));
        during.and(&self.suspended_spans(here).not())
    }
    /// 17.5: when the rule is suspended.
    fn suspended_spans(&self, here: &Here<'_>) -> Pair {
        let tests = self.rule.suspended.iter();
        tests.fold(Pair::none(), |so_far, test| so_far.or(&self.state_spans(test, here)))
    }
    /// 17.5: suspended, or else not in force.
    pub fn outside(&self, time: (Instant, Instant), here: &Here<'_>) -> Verdict {
        match self.suspended_spans(here).at(time) {
            Tri::Yes => Verdict::Suspended,
            _ => Verdict::NotInForce,
        }
    }
}

/// 15.3: the time that stretches take before the end is reached is added to it.
fn resumed(end: Instant, held: &Spans) -> Instant {
    let mut end = end;
    for (from, to) in held.iter().filter(|(from, to)| from < to) {
        if from < end {
            end = if from == Instant::MIN || to == Instant::MAX {
                Instant::MAX
            } else {
                end.plus_ms(to.0 - from.0)
            };
        }
    }
    end
}

impl Pair {
    pub fn all() -> Pair {
        Pair { lower: Spans::all(), upper: Spans::all() }
    }
    pub fn none() -> Pair {
        Pair { lower: Spans::none(), upper: Spans::none() }
    }
    pub fn and(&self, other: &Pair) -> Pair {
        Pair { lower: self.lower.and(&other.lower), upper: self.upper.and(&other.upper) }
    }
    pub fn or(&self, other: &Pair) -> Pair {
        Pair { lower: self.lower.or(&other.lower), upper: self.upper.or(&other.upper) }
    }
    /// The complement, sides exchanged.
    pub fn not(&self) -> Pair {
        Pair { lower: self.upper.not(), upper: self.lower.not() }
    }
    /// What lies in one set on both sides.
    pub fn within(&self, set: &Spans) -> Pair {
        Pair { lower: self.lower.and(set), upper: self.upper.and(set) }
    }
    /// 5.6: spans at a time.
    pub fn at(&self, (a, b): (Instant, Instant)) -> Tri {
        Tri::from_bounds(self.lower.contains_all(a, b), self.upper.contains_any(a, b))
    }
}
