//! Conditions as sets of instants: surely, and possibly.
//!
//! Invariant: what surely holds possibly holds (`lower ⊆ upper`).

use crate::{
    fact::Fact,
    further::cumulated,
    matching::{AtHand, same_name},
    world::World,
};
use casus_model::{
    Instant, Name, Span, Spans, Tri,
    program::{
        ActorId, By, Condition, FamilyId, Groups, Key, Pattern, PlaceTest, RuleId, StateOf,
        StateTest, Window, ZoneId,
    },
};
use std::{collections::BTreeMap, rc::Rc, sync::Arc};

/// One value of a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyValue {
    Party(ActorId),
    Zone(FamilyId, ZoneId),
    Item(Name),
    Recipient(Name),
}

impl KeyValue {
    pub(crate) fn key(&self) -> Key {
        match self {
            KeyValue::Party(_) => Key::Party,
            KeyValue::Zone(family, _) => Key::Family(*family),
            KeyValue::Item(_) => Key::Item,
            KeyValue::Recipient(_) => Key::Recipient,
        }
    }
}

/// What a condition is relative to; a key value at hand goes before the fact's own.
#[derive(Clone, Copy)]
pub(crate) struct Relative<'f> {
    /// The key of a determination or state.
    pub key: &'f [KeyValue],
    /// The trigger of a duty, the finding that is answered, `it`.
    pub fact: Option<&'f Fact>,
    /// StateOf own line is meant where no party is in the key.
    pub bearer: Option<ActorId>,
}

impl<'f> Relative<'f> {
    /// Relative to a key alone.
    pub(crate) fn key(key: &'f [KeyValue]) -> Relative<'f> {
        Relative { key, fact: None, bearer: None }
    }
    /// Relative to a fact alone.
    pub(crate) fn fact(fact: &'f Fact) -> Relative<'f> {
        Relative { key: &[], fact: Some(fact), bearer: None }
    }
    fn value(&self, key: Key) -> Option<&'f KeyValue> {
        self.key.iter().find(|value| value.key() == key)
    }
}

/// Facts with how surely they are meant.
pub(crate) type Members = Vec<(Arc<Fact>, Tri)>;
/// Facts by the values of their keys.
pub(crate) type Buckets = BTreeMap<Vec<KeyValue>, Rc<Members>>;

/// Surely and possibly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Both {
    pub lower: Spans,
    pub upper: Spans,
}

impl Both {
    pub(crate) fn all() -> Both {
        Both { lower: Spans::all(), upper: Spans::all() }
    }
    pub(crate) fn none() -> Both {
        Both { lower: Spans::none(), upper: Spans::none() }
    }
    pub(crate) fn and(&self, other: &Both) -> Both {
        Both { lower: self.lower.and(&other.lower), upper: self.upper.and(&other.upper) }
    }
    pub(crate) fn or(&self, other: &Both) -> Both {
        Both { lower: self.lower.or(&other.lower), upper: self.upper.or(&other.upper) }
    }
    pub(crate) fn negate(&self) -> Both {
        Both { lower: self.upper.not(), upper: self.lower.not() }
    }
    pub(crate) fn negate_if(self, flag: bool) -> Both {
        if flag { self.negate() } else { self }
    }
    /// Whether it holds over a time that is not exactly known.
    pub(crate) fn at(&self, time: (Instant, Instant)) -> Tri {
        Tri::from_bounds(
            self.lower.contains_all(time.0, time.1),
            self.upper.contains_any(time.0, time.1),
        )
    }
    /// Up to and including the clock.
    pub(crate) fn up_to(&self, now: Instant) -> Both {
        let past = Spans::of(Instant::MIN, now.plus_ms(1));
        Both { lower: self.lower.and(&past), upper: self.upper.and(&past) }
    }
}

/// Reads only facts that begin after these instants (surely, possibly).
#[derive(Clone, Copy, Debug)]
pub(crate) struct After {
    pub lower: Instant,
    pub upper: Instant,
}

/// A state for one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateSpans {
    pub values: Vec<KeyValue>,
    pub spans: Both,
}

impl World<'_> {
    /// Whether the fact has this key value.
    pub(crate) fn has(&self, fact: &Fact, value: &KeyValue) -> Tri {
        match value {
            KeyValue::Party(party) => self.party(fact, *party),
            KeyValue::Zone(_, zone) => self.lies_in(fact, *zone),
            KeyValue::Item(item) => same_name(fact.item.as_ref(), Some(item)),
            KeyValue::Recipient(to) => same_name(fact.recipient.as_ref(), Some(to)),
        }
    }

    /// Whether a fact belongs to what the condition is relative to.
    pub(crate) fn belongs(&self, fact: &Fact, same: &[Key], relative: Relative<'_>) -> Tri {
        same.iter().fold(Tri::Yes, |so_far, key| {
            if so_far.is_no() {
                return so_far;
            }
            so_far.and(match (relative.value(*key), relative.fact) {
                (Some(value), _) => self.has(fact, value),
                (None, Some(it)) => self.share(it, fact, *key),
                (None, None) => Tri::Yes,
            })
        })
    }

    /// The facts of a pattern with their match and key.
    pub(crate) fn members(
        &self,
        pattern: &Pattern,
        same: &[Key],
        relative: Relative<'_>,
    ) -> Rc<Members> {
        // The buckets are those of parties; a bearer may be an office or a force.
        let is_listed = |value: &KeyValue| match value {
            KeyValue::Party(party) => self.parties().any(|one| one == *party),
            _ => true,
        };
        let values = shared_values(pattern, same, relative);
        if let Some(values) = values.filter(|values| values.iter().all(is_listed)) {
            let buckets = self.buckets(pattern, same);
            return buckets.get(&values).cloned().unwrap_or_default();
        }
        let at = at_hand(relative);
        let mut members = Vec::new();
        for fact in self.gathered(pattern).iter() {
            let mut answer = self.belongs(fact, same, relative);
            if answer.is_possible() {
                answer = answer.and(self.matches(fact, pattern, at));
            }
            if answer.is_possible() {
                members.push((Arc::clone(fact), answer));
            }
        }
        Rc::new(members)
    }

    /// The facts of a pattern by the values of their keys, sorted once.
    fn buckets(&self, pattern: &Pattern, same: &[Key]) -> Rc<Buckets> {
        let key = (std::ptr::from_ref(pattern) as usize, same.to_vec());
        if let Some(found) = self.by_key.borrow().get(&key) {
            return Rc::clone(found);
        }
        let mut open: BTreeMap<Vec<KeyValue>, Members> = BTreeMap::new();
        for fact in self.gathered(pattern).iter() {
            for (values, answer) in self.values_of(fact, same) {
                let at = at_hand(Relative::key(&values));
                let answer = answer.and(self.matches(fact, pattern, at));
                if answer.is_possible() {
                    open.entry(values).or_default().push((Arc::clone(fact), answer));
                }
            }
        }
        let buckets: Buckets = open.into_iter().map(|(key, list)| (key, Rc::new(list))).collect();
        let buckets = Rc::new(buckets);
        self.by_key.borrow_mut().insert(key, Rc::clone(&buckets));
        buckets
    }

    /// All values of party and zone keys that the fact may have.
    fn values_of(&self, fact: &Fact, same: &[Key]) -> Vec<(Vec<KeyValue>, Tri)> {
        let mut all = vec![(Vec::new(), Tri::Yes)];
        for key in same {
            let values: Vec<KeyValue> = match key {
                Key::Party => self.parties().map(KeyValue::Party).collect(),
                Key::Family(family) => {
                    let zones = family.of(self.program).map_or(&[][..], |one| &one.zones);
                    zones.iter().map(|&zone| KeyValue::Zone(*family, zone)).collect()
                }
                Key::Item | Key::Recipient => Vec::new(),
            };
            let possible: Vec<(KeyValue, Tri)> = values
                .into_iter()
                .map(|value| {
                    let answer = self.has(fact, &value);
                    (value, answer)
                })
                .filter(|(_, answer)| answer.is_possible())
                .collect();
            let extend = |(so_far, sure): &(Vec<KeyValue>, Tri)| {
                let next = |(value, answer): &(KeyValue, Tri)| {
                    let mut one = so_far.clone();
                    one.push(value.clone());
                    (one, sure.and(*answer))
                };
                possible.iter().map(next).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(extend).collect();
        }
        all
    }

    /// A condition as spans.
    pub(crate) fn spans(
        &self,
        condition: &Condition,
        relative: Relative<'_>,
        after: Option<After>,
    ) -> Both {
        match condition {
            Condition::Fact { same, .. }
            | Condition::Count { same, .. }
            | Condition::Among { same, .. }
            | Condition::Cumulated { same, .. }
            | Condition::Latest { same, .. }
            | Condition::Lasting { same, .. }
            | Condition::Seen { same, .. }
            | Condition::Quiet { same, .. } => self.spans_by(condition, same, relative, after),
            Condition::Amount { left, compare, right } => {
                self.compared(left, *compare, right, relative)
            }
            Condition::Sequence { steps, .. } => {
                has_happened(&self.sequence(steps, None, relative), after)
            }
            Condition::State(test) => self.state_spans(test, relative),
        }
    }

    /// A condition as spans, its facts sharing other keys than it names.
    pub(crate) fn spans_by(
        &self,
        condition: &Condition,
        same: &[Key],
        relative: Relative<'_>,
        after: Option<After>,
    ) -> Both {
        let members = |pattern: &Pattern| self.members(pattern, same, relative);
        match condition {
            Condition::Fact { negated, pattern, .. } => {
                has_happened(&members(pattern), after).negate_if(*negated)
            }
            Condition::Count { least, pattern, window, .. } => {
                self.count(&members(pattern), *least, *window)
            }
            Condition::Lasting { pattern, span, gap, .. } => {
                self.lasting(&members(pattern), *span, *gap)
            }
            Condition::Seen { pattern, span, gap, .. } => self.seen(&members(pattern), *span, *gap),
            Condition::Quiet { pattern, span, .. } => {
                self.quiet(&members(pattern), *span, pattern, relative)
            }
            Condition::Amount { .. } => self.spans(condition, relative, after),
            Condition::Among { negated, least, actors, pattern, .. } => {
                self.among(&members(pattern), actors, *least, after).negate_if(*negated)
            }
            Condition::Cumulated { pattern, compare, ms, .. } => {
                cumulated(&members(pattern), *compare, *ms)
            }
            Condition::Latest { negated, pattern, as_of, order, .. } => {
                let both = self.latest(pattern, same, order, relative);
                let both = match as_of {
                    Some(moment) => {
                        always(both.at(self.moment(moment, at_hand(relative)).bounds()))
                    }
                    None => both,
                };
                both.negate_if(*negated)
            }
            Condition::Sequence { steps, .. } => {
                has_happened(&self.sequence(steps, Some(same), relative), after)
            }
            Condition::State(test) => self.state_spans(test, relative),
        }
    }

    /// Groups of conditions as spans; no group at all is `empty`.
    pub(crate) fn group_spans(
        &self,
        groups: &Groups,
        relative: Relative<'_>,
        after: Option<After>,
        empty: bool,
    ) -> Both {
        if groups.is_empty() {
            return if empty { Both::all() } else { Both::none() };
        }
        groups.iter().fold(Both::none(), |so_far, group| {
            let all = group.iter().fold(Both::all(), |all, condition| {
                all.and(&self.spans(condition, relative, after))
            });
            so_far.or(&all)
        })
    }

    /// The stretches in which each fact counts towards a window: surely, and possibly.
    pub(crate) fn stretches(&self, fact: &Fact, window: Window) -> [(Instant, Instant); 2] {
        let (early, late) = fact.time.start;
        [(late, self.window_end(early, window)), (early, self.window_end(late, window))]
    }

    /// When a fact that began at this instant leaves the window.
    pub(crate) fn window_end(&self, at: Instant, window: Window) -> Instant {
        match window {
            Window::Rolling(span) => self.program.calendar.shift(at, span, 1),
            Window::Each(period) => self.program.calendar.period(at, period).1,
            Window::Ever => Instant::MAX,
        }
    }

    pub(crate) fn count(&self, members: &[(Arc<Fact>, Tri)], least: u32, window: Window) -> Both {
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for (fact, answer) in members {
            let [sure, possible] = self.stretches(fact, window);
            if answer.is_yes() {
                lower.push((sure.0, sure.1, 1));
            }
            upper.push((possible.0, possible.1, 1));
        }
        let least = i128::from(least);
        Both { lower: Spans::covered(&lower, least), upper: Spans::covered(&upper, least) }
    }

    pub(crate) fn lasting(&self, members: &[(Arc<Fact>, Tri)], span: Span, gap: Span) -> Both {
        let calendar = &self.program.calendar;
        let lasting = |stretches: Vec<(Instant, Instant)>| {
            let runs = Spans::union_of(stretches);
            Spans::union_of(runs.iter().map(|(a, b)| (calendar.shift(a, span, 1), b)))
        };
        let stretch = |start: Instant, end: Instant| (start, calendar.shift(end, gap, 1));
        let sure = members.iter().filter(|(_, answer)| answer.is_yes());
        let sure = sure.map(|(fact, _)| stretch(fact.time.start.1, fact.time.end.0)).collect();
        let possible = members.iter();
        let possible =
            possible.map(|(fact, _)| stretch(fact.time.start.0, fact.time.end.1)).collect();
        Both { lower: lasting(sure), upper: lasting(possible) }
    }

    fn quiet(
        &self,
        members: &[(Arc<Fact>, Tri)],
        span: Span,
        pattern: &Pattern,
        relative: Relative<'_>,
    ) -> Both {
        let calendar = &self.program.calendar;
        let from = self.from();
        let begin = |at: Instant| match at {
            Instant::MIN | Instant::MAX => at,
            at => calendar.shift(at, span, 1),
        };
        let settled = self.now.plus_ms(1 - self.lateness_ms());
        let possible = Spans::union_of(
            members.iter().map(|(f, _)| (f.time.start.0, calendar.shift(f.time.end.1, span, 1))),
        );
        let surely = members.iter().filter(|(_, answer)| answer.is_yes());
        let surely = Spans::union_of(
            surely.map(|(f, _)| (f.time.start.1, calendar.shift(f.time.end.0, span, 1))),
        );
        let watched = self.watched_pattern(pattern, relative);
        let looked = Spans::union_of(watched.iter().map(|(a, b)| (calendar.shift(a, span, 1), b)));
        let lower = Spans::of(begin(from.certain), settled).and(&possible.not()).and(&looked);
        let upper = Spans::of(begin(from.possible), Instant::MAX).and(&surely.not());
        Both { lower, upper }
    }

    /// A state's spans for the key or fact at hand.
    pub(crate) fn state_spans(&self, test: &StateTest, relative: Relative<'_>) -> Both {
        let whose = match test.whose {
            StateOf::Own => {
                return self.state_of(test.state, None, relative).negate_if(test.negated);
            }
            StateOf::In(family, zone) => {
                let given = KeyValue::Zone(family, zone);
                return self.state_of(test.state, Some(given), relative).negate_if(test.negated);
            }
            StateOf::Of(actor) => vec![(actor, Tri::Yes)],
            StateOf::Anyone => {
                let product = self.products.get(test.state.index());
                let states = product.map_or(&[][..], |product| &product.states).iter();
                let any = states.fold(Both::none(), |any, state| any.or(&state.spans));
                return any.negate_if(test.negated);
            }
            StateOf::Other => self.others(relative),
            StateOf::Bearer => match at_hand(relative).bearer.filter(|&one| self.is_party(one)) {
                Some(bearer) => vec![(bearer, Tri::Yes)],
                None => {
                    return self.state_of(test.state, None, relative).negate_if(test.negated);
                }
            },
        };
        let each = whose.into_iter().map(|(party, is)| {
            let both = self.state_of(test.state, Some(KeyValue::Party(party)), relative);
            both.and(&always(is))
        });
        each.fold(Both::none(), |any, one| any.or(&one)).negate_if(test.negated)
    }

    /// Each party, and whether it is another one than that at hand.
    fn others(&self, relative: Relative<'_>) -> Vec<(ActorId, Tri)> {
        let other = |q: ActorId| match (at_hand(relative).bearer, relative.fact) {
            (Some(own), _) => Tri::from(own != q),
            (None, Some(it)) => {
                let others = self.parties().filter(|&p| p != q);
                others.fold(Tri::No, |any, p| any.or(self.party(it, p)))
            }
            (None, None) => Tri::Unknown,
        };
        self.parties().map(|q| (q, other(q))).collect()
    }

    /// A state's spans for the key or fact at hand, but for this value where one is given.
    fn state_of(&self, state: RuleId, given: Option<KeyValue>, relative: Relative<'_>) -> Both {
        let product = self.products.get(state.index());
        let states = product.map_or(&[][..], |product| &product.states);
        let mut both = Both::none();
        let mut first = true;
        for state in states {
            // States are of parties; a bearer that is an office does not say whose is meant.
            let names_one =
                |value: &&KeyValue| !matches!(value, KeyValue::Party(one) if !self.is_party(*one));
            let given = |key: Key| match &given {
                Some(value) if value.key() == key => Some(value),
                _ => relative.value(key).filter(names_one),
            };
            let has = |value: &KeyValue| match (given(value.key()), relative.fact) {
                (Some(given), _) => Tri::from(given == value),
                (None, Some(fact)) => self.has(fact, value),
                (None, None) => Tri::Yes,
            };
            let has = state.values.iter().fold(Tri::Yes, |all, value| all.and(has(value)));
            if has.is_possible() {
                both.upper = both.upper.or(&state.spans.upper);
            }
            if has.is_yes() {
                both.lower = match relative.fact {
                    None if !first => both.lower.and(&state.spans.lower),
                    _ => both.lower.or(&state.spans.lower),
                };
                first = false;
            }
        }
        both
    }

    /// The rule's `while` over time.
    pub(crate) fn during_spans(&self, relative: Relative<'_>) -> Both {
        let during = self.rule.during.iter();
        let during =
            during.fold(Both::all(), |all, test| all.and(&self.state_spans(test, relative)));
        during.and(&self.suspended_spans(relative).negate())
    }

    /// When the rule is suspended.
    pub(crate) fn suspended_spans(&self, relative: Relative<'_>) -> Both {
        let tests = self.rule.suspended.iter();
        tests.fold(Both::none(), |any, test| any.or(&self.state_spans(test, relative)))
    }

    /// The rule's window, `while` and not `except`, over time.
    pub(crate) fn application(&self, relative: Relative<'_>) -> Both {
        let (lower, upper) = self.window();
        let except = self.excepted_spans(relative);
        Both { lower, upper }.and(&self.during_spans(relative)).and(&except.negate())
    }
}

/// Always, never, or possibly always.
fn always(answer: Tri) -> Both {
    let set = |holds: bool| if holds { Spans::all() } else { Spans::none() };
    Both { lower: set(answer.is_yes()), upper: set(answer.is_possible()) }
}

/// From the first fact on.
pub(crate) fn has_happened(members: &[(Arc<Fact>, Tri)], after: Option<After>) -> Both {
    let late = |at: Instant| after.is_none_or(|after| at > after.lower);
    let early = |at: Instant| after.is_none_or(|after| at > after.upper);
    let surely = members.iter().filter(|(_, answer)| answer.is_yes());
    let lower = surely.map(|(fact, _)| fact.time.start.1).filter(|&at| late(at)).min();
    let upper = members.iter().map(|(fact, _)| fact.time.start.0).filter(|&at| early(at)).min();
    let from =
        |first: Option<Instant>| first.map_or(Spans::none(), |at| Spans::of(at, Instant::MAX));
    Both { lower: from(lower), upper: from(upper) }
}

/// What is at hand when a pattern is read relative to a key or a fact.
pub(crate) fn at_hand(relative: Relative<'_>) -> AtHand<'_> {
    let bearer = match relative.value(Key::Party) {
        Some(KeyValue::Party(party)) => Some(*party),
        _ => relative.bearer,
    };
    AtHand { it: relative.fact, bearer, item: None, key: relative.key }
}

/// The values to look facts up by, where the keys are parties and zones, and all are at hand.
fn shared_values(pattern: &Pattern, same: &[Key], relative: Relative<'_>) -> Option<Vec<KeyValue>> {
    if relative.fact.is_some() {
        return None;
    }
    let own = pattern.places.iter().any(PlaceTest::of_own_line);
    let by_party = matches!(pattern.by, By::Same | By::Other) || own;
    let of = |key: &Key| match key {
        Key::Party | Key::Family(_) => relative.value(*key).cloned(),
        Key::Item | Key::Recipient => None,
    };
    if same.is_empty() || by_party && !same.contains(&Key::Party) {
        return None;
    }
    same.iter().map(of).collect()
}
