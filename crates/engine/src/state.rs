//! States: what holds over time, for each key.
//!
//! Invariant: a latched state that surely holds began surely and has not possibly ended.

use crate::{
    fact::{Fact, Kind, Parties},
    matching::AtHand,
    output::{Draft, plainly},
    spanning::{After, Both, KeyValue, Relative, StateSpans},
    world::World,
};
use casus_model::{
    Finding, Instant, Name, Occurred, Reason, Spans, Tri, Verdict,
    program::{Groups, Key, State},
};
use std::sync::Arc;

/// What a state's rule produces.
pub(crate) struct Stated {
    pub findings: Vec<Finding>,
    pub facts: Vec<Arc<Fact>>,
    pub states: Vec<StateSpans>,
}

/// So many times a state may begin and end.
const MOST_TURNS: usize = 100_000;

impl World<'_> {
    /// The state for every key.
    pub(crate) fn states(&self, state: &State) -> Stated {
        let mut stated = Stated { findings: Vec::new(), facts: Vec::new(), states: Vec::new() };
        let mut groups: Vec<&Groups> = vec![&state.when];
        groups.extend(&state.ends);
        for values in self.domain(&state.keys, &groups) {
            let relative = Relative::key(&values);
            let spans = match &state.ends {
                None => self.group_spans(&state.when, relative, None, true),
                Some(ends) => self.latched(&state.when, ends, relative),
            };
            let spans = spans.and(&self.application(relative)).up_to(self.now);
            stated.findings.extend(self.state_finding(&spans, &values));
            self.turns(&spans, &values, &mut stated.facts);
            stated.states.push(StateSpans { values, spans });
        }
        stated
    }

    /// Every combination of key values, in order.
    pub(crate) fn domain(&self, keys: &[Key], groups: &[&Groups]) -> Vec<Vec<KeyValue>> {
        let mut all: Vec<Vec<KeyValue>> = vec![Vec::new()];
        for key in keys {
            let values: Vec<KeyValue> = match key {
                Key::Party => self.parties().map(KeyValue::Party).collect(),
                Key::Family(family) => {
                    let zones = family.of(self.program).map_or(&[][..], |one| &one.zones);
                    zones.iter().map(|&zone| KeyValue::Zone(*family, zone)).collect()
                }
                Key::Item => {
                    self.named(groups, |fact| fact.item.as_ref()).map(KeyValue::Item).collect()
                }
                Key::Recipient => self
                    .named(groups, |fact| fact.recipient.as_ref())
                    .map(KeyValue::Recipient)
                    .collect(),
            };
            let extend = |values_so_far: &Vec<KeyValue>| {
                let next = |value: &KeyValue| {
                    let mut one = values_so_far.clone();
                    one.push(value.clone());
                    one
                };
                values.iter().map(next).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(extend).collect();
        }
        all
    }

    /// The names that occur in the facts that the conditions read, each once, sorted.
    fn named(
        &self,
        groups: &[&Groups],
        of: impl Fn(&Fact) -> Option<&Name>,
    ) -> impl Iterator<Item = Name> {
        let mut names = Vec::new();
        for pattern in crate::reads::patterns(groups) {
            let facts = self.gathered(pattern);
            let meant = facts.iter().filter(|fact| {
                of(fact).is_some() && self.matches(fact, pattern, AtHand::default()).is_possible()
            });
            names.extend(meant.filter_map(|fact| of(fact).cloned()));
        }
        crate::output::sort(&mut names);
        names.into_iter()
    }

    /// Both worlds of a latched state.
    fn latched(&self, when: &Groups, ends: &Groups, relative: Relative<'_>) -> Both {
        let strict = self.latch(when, ends, relative, true);
        let easy = self.latch(when, ends, relative, false);
        Both { lower: strict.and(&easy), upper: strict.or(&easy) }
    }

    fn latch(&self, when: &Groups, ends: &Groups, relative: Relative<'_>, strict: bool) -> Spans {
        let mut held = Vec::new();
        let mut cursor = Instant::MIN;
        for _ in 0..MOST_TURNS {
            let after = Some(After { lower: cursor, upper: cursor });
            let begins = self.group_spans(when, relative, after, true);
            let begins = if strict { begins.lower } else { begins.upper };
            let Some(begin) = first_from(&begins, cursor) else { break };
            let after = Some(After { lower: begin, upper: begin });
            let stops = self.group_spans(ends, relative, after, false);
            let stops = if strict { stops.upper } else { stops.lower };
            match first_from(&stops, begin) {
                None => {
                    held.push((begin, Instant::MAX));
                    break;
                }
                Some(end) if end == begin => match first_from(&stops.not(), begin) {
                    Some(next) if next < Instant::MAX => cursor = next,
                    _ => break,
                },
                Some(end) => {
                    held.push((begin, end));
                    cursor = end;
                }
            }
        }
        Spans::union_of(held)
    }

    fn state_finding(&self, spans: &Both, values: &[KeyValue]) -> Option<Finding> {
        let (begin, _) = stretch_at(&spans.upper, self.now)?;
        let sure = stretch_at(&spans.lower, self.now).map(|(at, _)| at);
        let (verdict, reason) = match sure {
            Some(_) => (Verdict::Found, Reason::Established),
            None => (Verdict::PossiblyFound, Reason::StateUncertain),
        };
        let mut draft = Draft::new("state".to_owned(), verdict, reason);
        self.name_key(&mut draft, values);
        draft.from = (begin, sure.unwrap_or(begin));
        draft.questions = plainly(Tri::from_bounds(sure.is_some(), true));
        Some(self.finding(draft))
    }

    /// Writes key values into a finding, by name.
    pub(crate) fn name_key(&self, draft: &mut Draft, values: &[KeyValue]) {
        draft.key = values.iter().map(|value| self.value_name(value)).collect();
        draft.party = party_of(values);
    }

    pub(crate) fn value_name(&self, value: &KeyValue) -> Name {
        match value {
            KeyValue::Party(party) => self.actor_name(*party),
            KeyValue::Zone(_, zone) => {
                zone.of(self.program).map_or_else(|| Name::from(""), |zone| zone.name.clone())
            }
            KeyValue::Item(name) | KeyValue::Recipient(name) => name.clone(),
        }
    }

    fn turns(&self, spans: &Both, values: &[KeyValue], facts: &mut Vec<Arc<Fact>>) {
        for (begin, end) in spans.upper.iter() {
            let within: Vec<(Instant, Instant)> =
                spans.lower.iter().filter(|&(at, _)| at >= begin && at < end).collect();
            let status = Tri::from_bounds(!within.is_empty(), true);
            let began = (begin, within.first().map_or(begin, |stretch| stretch.0));
            facts.push(self.turn(Kind::Begin(self.rule_id), "begin", status, began, values));
            if end <= self.now {
                let ended = (within.last().map_or(end, |stretch| stretch.1), end);
                facts.push(self.turn(Kind::End(self.rule_id), "end", status, ended, values));
            }
        }
    }

    fn turn(
        &self,
        kind: Kind,
        word: &str,
        status: Tri,
        at: (Instant, Instant),
        values: &[KeyValue],
    ) -> Arc<Fact> {
        let names: Vec<String> =
            values.iter().map(|value| self.value_name(value).to_string()).collect();
        let id = format!("{} {word} {} {}", self.rule.label, names.join(", "), at.0);
        let time = Occurred { start: at, end: at };
        let mut fact = Fact::derived(Name::from(id), kind, status, time);
        take_key(&mut fact, values);
        Arc::new(fact)
    }
}

/// Gives a fact the values of its key; without a party in it, it may be anybody's.
pub(crate) fn take_key(fact: &mut Fact, values: &[KeyValue]) {
    fact.parties = match party_of(values) {
        Some(party) => Parties::surely(&[party]),
        None => Parties::anybody(),
    };
    for value in values {
        match value {
            KeyValue::Party(_) => {}
            KeyValue::Zone(_, zone) => fact.zones.push(*zone),
            KeyValue::Item(item) => fact.item = Some(item.clone()),
            KeyValue::Recipient(to) => fact.recipient = Some(to.clone()),
        }
    }
}

pub(crate) fn party_of(values: &[KeyValue]) -> Option<casus_model::program::ActorId> {
    values.iter().find_map(|value| match value {
        KeyValue::Party(party) => Some(*party),
        _ => None,
    })
}

/// The first instant at or after `from`.
pub(crate) fn first_from(spans: &Spans, from: Instant) -> Option<Instant> {
    spans.iter().find(|&(_, end)| end > from).map(|(begin, _)| begin.max(from))
}

fn stretch_at(spans: &Spans, at: Instant) -> Option<(Instant, Instant)> {
    spans.iter().find(|&(begin, end)| begin <= at && at < end)
}
