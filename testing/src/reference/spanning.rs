//! Sections 5.3 to 5.7: conditions as spans.
//!
//! Invariant: a condition is read for the key at hand, and else relative to the fact at hand.

use super::{Asking, Here, Pair, Value, fact::Fact, sums::Asked};
use casus_model::{
    Instant, Span, Spans, Tri,
    program::{ActorId, Condition, Groups, Key, Pattern, RuleId, StateOf, StateTest, Window},
};

impl Asking<'_> {
    /// 5.7: groups as spans; none at all is `empty`.
    pub fn groups_spans(&self, groups: &Groups, here: &Here<'_>, empty: Pair) -> Pair {
        if groups.is_empty() {
            return empty;
        }
        let each = groups.iter().map(|group| self.all_spans(group, here));
        each.fold(Pair::none(), |so_far, one| so_far.or(&one))
    }

    /// All conditions as spans.
    pub fn all_spans(&self, conditions: &[Condition], here: &Here<'_>) -> Pair {
        let each = conditions.iter().map(|one| self.condition_spans(one, here));
        each.fold(Pair::all(), |so_far, one| so_far.and(&one))
    }

    /// 5.3, 5.4, 5.6
    pub fn condition_spans(&self, condition: &Condition, here: &Here<'_>) -> Pair {
        match condition {
            Condition::Fact { negated, pattern, same, .. } => {
                let pair = self.has_happened(pattern, same, here);
                if *negated { pair.not() } else { pair }
            }
            Condition::Count { least, pattern, same, window } => {
                self.counted(*least, pattern, same, *window, here)
            }
            Condition::Among { negated, least, actors, pattern, same } => {
                let pair = self.among(*least, actors, pattern, same, here);
                if *negated { pair.not() } else { pair }
            }
            Condition::Cumulated { pattern, same, compare, ms } => {
                self.cumulated(pattern, same, *compare, *ms, here)
            }
            Condition::Sequence { steps, .. } => first_of(&self.sequence(steps, None, here), here),
            Condition::Latest { negated, pattern, same, as_of, order } => {
                let mut pair = self.latest(pattern, same, order, here);
                if let Some(moment) = as_of {
                    let answer = pair.at(self.moment(moment, here).pair());
                    let all = |holds| if holds { Spans::all() } else { Spans::none() };
                    pair = Pair { lower: all(answer.is_yes()), upper: all(answer.is_possible()) };
                }
                if *negated { pair.not() } else { pair }
            }
            Condition::Lasting { pattern, same, span, gap } => {
                self.lasting(pattern, same, *span, *gap, here)
            }
            Condition::Seen { pattern, same, span, gap } => {
                self.seen(pattern, same, *span, *gap, here)
            }
            Condition::Quiet { pattern, same, span } => self.quiet(pattern, same, *span, here),
            Condition::Amount { left, compare, right } => {
                let asked = Asked::Condition(here);
                let (left, right) = (self.sum(left, asked), self.sum(right, asked));
                self.failing(&left, *compare, &right).not()
            }
            Condition::State(test) => self.state_spans(test, here),
        }
    }

    /// 5.5: a match with the keys of a span condition.
    pub fn keyed(&self, fact: &Fact, pattern: &Pattern, same: &[Key], here: &Here<'_>) -> Tri {
        let shared = |key: &Key| match (value_of(here.key, *key), here.it) {
            (Some(value), _) => self.has(fact, value),
            (None, Some(it)) => self.share(it, fact, *key),
            (None, None) => Tri::Yes,
        };
        let matched = self.matches(fact, pattern, here, None);
        same.iter().map(shared).fold(matched, Tri::and)
    }

    /// Every fact with its keyed match.
    pub fn each_keyed<'s>(
        &'s self,
        pattern: &'s Pattern,
        same: &'s [Key],
        here: &'s Here<'_>,
    ) -> impl Iterator<Item = (&'s Fact, Tri)> + 's {
        self.facts.iter().map(move |fact| (&**fact, self.keyed(fact, pattern, same, here)))
    }

    /// 5.3
    fn has_happened(&self, pattern: &Pattern, same: &[Key], here: &Here<'_>) -> Pair {
        first_of(&self.each_keyed(pattern, same, here).collect::<Vec<_>>(), here)
    }

    /// 5.4, 14.2: when a fact that began then leaves the window.
    pub fn leaves(&self, at: Instant, window: Window) -> Instant {
        match window {
            Window::Rolling(span) => self.later(at, span),
            Window::Each(period) => self.world.program.calendar.period(at, period).1,
            Window::Ever => Instant::MAX,
        }
    }

    /// 5.4 `Count`
    fn counted(
        &self,
        least: u32,
        pattern: &Pattern,
        same: &[Key],
        window: Window,
        here: &Here<'_>,
    ) -> Pair {
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for (fact, answer) in self.each_keyed(pattern, same, here) {
            let start = fact.time.start;
            if answer.is_yes() {
                lower.push((start.1, self.leaves(start.0, window), 1));
            }
            if answer.is_possible() {
                upper.push((start.0, self.leaves(start.1, window), 1));
            }
        }
        let least = i128::from(least);
        Pair { lower: Spans::covered(&lower, least), upper: Spans::covered(&upper, least) }
    }

    /// 5.4 `Lasting`
    fn lasting(
        &self,
        pattern: &Pattern,
        same: &[Key],
        span: Span,
        gap: Span,
        here: &Here<'_>,
    ) -> Pair {
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for (fact, answer) in self.each_keyed(pattern, same, here) {
            if answer.is_yes() {
                lower.push((fact.time.start.1, self.later(fact.time.end.0, gap)));
            }
            if answer.is_possible() {
                upper.push((fact.time.start.0, self.later(fact.time.end.1, gap)));
            }
        }
        let late = |stretches: Vec<_>| self.shortened(&Spans::union_of(stretches), span);
        Pair { lower: late(lower), upper: late(upper) }
    }

    /// Of each stretch `[a, b)` what is left is `[a + span, b)`.
    fn shortened(&self, spans: &Spans, span: Span) -> Spans {
        spans
            .iter()
            .fold(Spans::none(), |so_far, (a, b)| so_far.or(&Spans::of(self.later(a, span), b)))
    }

    /// 5.4 `Quiet`
    fn quiet(&self, pattern: &Pattern, same: &[Key], span: Span, here: &Here<'_>) -> Pair {
        let (mut sure, mut possible) = (Vec::new(), Vec::new());
        for (fact, answer) in self.each_keyed(pattern, same, here) {
            let time = fact.time;
            if answer.is_yes() {
                sure.push((time.start.1, self.later(time.end.0, span)));
            }
            if answer.is_possible() {
                possible.push((time.start.0, self.later(time.end.1, span)));
            }
        }
        let from = self.from();
        let closed = self.world.now.plus_ms(-self.world.program.lateness_ms).plus_ms(1);
        let watched = self.shortened(&self.watched_pattern(pattern, here.key), span);
        let lower = Spans::of(self.later(from.certain, span), closed);
        let upper = Spans::of(self.later(from.possible, span), Instant::MAX);
        Pair {
            lower: lower.and(&Spans::union_of(possible).not()).and(&watched),
            upper: upper.and(&Spans::union_of(sure).not()),
        }
    }

    /// 5.6, 14.6: the spans of a state: one's own, another party's, or this one's.
    pub fn state_spans(&self, test: &StateTest, here: &Here<'_>) -> Pair {
        let pair = match test.whose {
            StateOf::Own => self.state_of(test.state, here),
            StateOf::Of(party) => self.state_of_party(test.state, party, here),
            StateOf::In(family, zone) => {
                self.state_of_value(test.state, Value::Zone(family, zone), here)
            }
            StateOf::Anyone => {
                let states = self.world.states.iter();
                let of_it = states.filter(|(rule, _, _)| *rule == test.state);
                of_it.fold(Pair::none(), |any, (_, _, pair)| any.or(pair))
            }
            StateOf::Bearer => {
                let own = here.key.iter().find_map(|value| match value {
                    Value::Party(party) => Some(*party),
                    _ => None,
                });
                let party = here.bearer.filter(|bearer| self.parties().contains(bearer));
                let own = own.filter(|one| self.parties().contains(one));
                match own.or(party) {
                    Some(party) => self.state_of_party(test.state, party, here),
                    None => self.state_of(test.state, here),
                }
            }
            StateOf::Other => {
                let one = |party: ActorId| {
                    let other = self.is_another(party, here);
                    let pair = self.state_of_party(test.state, party, here);
                    Pair {
                        lower: if other.is_yes() { pair.lower } else { Spans::none() },
                        upper: if other.is_possible() { pair.upper } else { Spans::none() },
                    }
                };
                let each = self.parties().into_iter().map(one);
                each.fold(Pair::none(), |so_far, one| so_far.or(&one))
            }
        };
        if test.negated { pair.not() } else { pair }
    }

    /// Whether a party is another one than that of the key, the bearer or the fact at hand.
    fn is_another(&self, party: ActorId, here: &Here<'_>) -> Tri {
        match (value_of(here.key, Key::Party), here.bearer, here.it) {
            (Some(own), _, _) => Tri::from(*own != Value::Party(party)),
            (None, Some(own), _) => Tri::from(own != party),
            (None, None, Some(it)) => {
                let others = self.parties().into_iter().filter(|one| *one != party);
                others.map(|one| self.party(it, one)).max().unwrap_or(Tri::No)
            }
            (None, None, None) => Tri::Unknown,
        }
    }

    fn state_of_party(&self, state: RuleId, party: ActorId, here: &Here<'_>) -> Pair {
        self.state_of_value(state, Value::Party(party), here)
    }

    fn state_of_value(&self, state: RuleId, own: Value, here: &Here<'_>) -> Pair {
        let mut key = self.key_of_states(here);
        key.retain(|value| value.key() != own.key());
        key.push(own);
        self.state_of_key(state, &key, here)
    }

    fn state_of(&self, state: RuleId, here: &Here<'_>) -> Pair {
        self.state_of_key(state, &self.key_of_states(here), here)
    }

    /// 5.6: states are of parties; a bearer that is an office does not say whose is meant.
    fn key_of_states(&self, here: &Here<'_>) -> Vec<Value> {
        let parties = self.parties();
        let mut key: Vec<Value> = here.key.to_vec();
        key.retain(|value| !matches!(value, Value::Party(one) if !parties.contains(one)));
        key
    }

    fn state_of_key(&self, state: RuleId, key: &[Value], here: &Here<'_>) -> Pair {
        let mut weighted: Vec<(Tri, &Pair)> = Vec::new();
        for (rule, values, pair) in &self.world.states {
            if *rule != state {
                continue;
            }
            let fits = values.iter().map(|value| match (value_of(key, value.key()), here.it) {
                (Some(own), _) => Tri::from(own == value),
                (None, Some(it)) => self.has(it, value),
                (None, None) => Tri::Yes,
            });
            weighted.push((fits.min().unwrap_or(Tri::Yes), pair));
        }
        let fitting = weighted.iter().filter(|(fits, _)| fits.is_possible());
        let upper = fitting.clone().fold(Spans::none(), |so_far, (_, pair)| so_far.or(&pair.upper));
        let mut sure = weighted.iter().filter(|(fits, _)| fits.is_yes()).map(|(_, pair)| pair);
        let lower = if here.it.is_some() {
            sure.fold(Spans::none(), |so_far, pair| so_far.or(&pair.lower))
        } else {
            let first = sure.next().map(|pair| pair.lower.clone()).unwrap_or_default();
            sure.fold(first, |so_far, pair| so_far.and(&pair.lower))
        };
        Pair { lower, upper }
    }
}

/// 5.3: from the first of these facts on.
fn first_of(facts: &[(&Fact, Tri)], here: &Here<'_>) -> Pair {
    let (mut lower, mut upper) = (Instant::MAX, Instant::MAX);
    for (fact, answer) in facts {
        let start = fact.time.start;
        if answer.is_yes() && here.after.is_none_or(|after| start.1 > after.1) {
            lower = lower.min(start.1);
        }
        if answer.is_possible() && here.after.is_none_or(|after| start.0 > after.0) {
            upper = upper.min(start.0);
        }
    }
    Pair { lower: Spans::of(lower, Instant::MAX), upper: Spans::of(upper, Instant::MAX) }
}

/// The value of a key among values.
pub fn value_of(values: &[Value], key: Key) -> Option<&Value> {
    values.iter().find(|value| value.key() == key)
}
