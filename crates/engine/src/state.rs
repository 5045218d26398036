//! States: what holds over time, for each key.
//!
//! Invariant: a latched state that surely holds began surely and has not possibly ended.

use crate::{
    amount::Asked,
    fact::{Fact, Kind, Parties},
    matching::AtHand,
    output::{Draft, plainly},
    spanning::{After, Both, KeyValue, Relative, StateSpans},
    world::World,
};
use casus_model::{
    Finding, Instant, Name, Occurred, Reason, Spans, Tri, Verdict,
    program::{Condition, Groups, Key, State},
};
use std::{collections::BTreeMap, sync::Arc};

/// What a state's rule produces.
pub(crate) struct Stated {
    pub findings: Vec<Finding>,
    pub facts: Vec<Arc<Fact>>,
    pub states: Vec<StateSpans>,
}

/// Facts by the instants at which they may begin or end what a condition says.
type Edges = BTreeMap<Instant, Vec<Arc<Fact>>>;

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
            let edges = match spans.upper.is_empty() {
                true => Edges::new(),
                false => self.edges(&groups, relative),
            };
            self.turns(&spans, &values, &edges, &mut stated.facts);
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

    /// The facts that the conditions read, by the instants at which they may change an answer.
    fn edges(&self, groups: &[&Groups], relative: Relative<'_>) -> Edges {
        let calendar = &self.program.calendar;
        let mut edges = Edges::new();
        let mut mark = |fact: &Arc<Fact>, instants: &[Instant]| {
            for &at in instants {
                edges.entry(at).or_default().push(Arc::clone(fact));
            }
        };
        for condition in groups.iter().flat_map(|one| one.iter().flatten()) {
            let (pattern, same) = match condition {
                Condition::Amount { left, right, .. } => {
                    let asked = Asked::By(relative);
                    let both = [self.tallies(left, asked), self.tallies(right, asked)];
                    for share in both.into_iter().flatten().flat_map(|(_, shares)| shares) {
                        mark(&share.fact, &[share.upper.0, share.upper.1]);
                    }
                    continue;
                }
                Condition::State(_) => continue,
                Condition::Sequence { steps, .. } => match steps.last() {
                    Some(last) => (&last.pattern, &last.same),
                    None => continue,
                },
                Condition::Fact { pattern, same, .. }
                | Condition::Count { pattern, same, .. }
                | Condition::Among { pattern, same, .. }
                | Condition::Cumulated { pattern, same, .. }
                | Condition::Latest { pattern, same, .. }
                | Condition::Quiet { pattern, same, .. }
                | Condition::Lasting { pattern, same, .. }
                | Condition::Seen { pattern, same, .. } => (pattern, same),
            };
            for (fact, _) in self.members(pattern, same, relative).iter() {
                let ((early, late), (end, last)) = (fact.time.start, fact.time.end);
                let moved = |at: Instant, span| calendar.shift(at, span, 1);
                match condition {
                    Condition::Count { window, .. } => {
                        let leaves = |at| self.window_end(at, *window);
                        mark(fact, &[early, late, leaves(early), leaves(late)]);
                    }
                    Condition::Quiet { span, .. } => {
                        mark(fact, &[early, late, moved(end, *span), moved(last, *span)]);
                    }
                    Condition::Lasting { span, gap, .. } => {
                        mark(fact, &[moved(early, *span), moved(late, *span)]);
                        mark(fact, &[moved(end, *gap), moved(last, *gap)]);
                    }
                    Condition::Seen { span, .. } => {
                        mark(fact, &[moved(early, *span), moved(late, *span)]);
                        mark(fact, &[end.plus_ms(1), last.plus_ms(1)]);
                    }
                    _ => mark(fact, &[early, late]),
                }
            }
        }
        edges
    }

    fn turns(&self, spans: &Both, values: &[KeyValue], edges: &Edges, facts: &mut Vec<Arc<Fact>>) {
        for (begin, end) in spans.upper.iter() {
            let within: Vec<(Instant, Instant)> =
                spans.lower.iter().filter(|&(at, _)| at >= begin && at < end).collect();
            let status = Tri::from_bounds(!within.is_empty(), true);
            let began = (begin, within.first().map_or(begin, |stretch| stretch.0));
            let turn = (status, began, edges);
            facts.push(self.turn(Kind::Begin(self.rule_id), "begin", turn, values));
            if end <= self.now {
                let ended = (within.last().map_or(end, |stretch| stretch.1), end);
                let turn = (status, ended, edges);
                facts.push(self.turn(Kind::End(self.rule_id), "end", turn, values));
            }
        }
    }

    fn turn(
        &self,
        kind: Kind,
        word: &str,
        (status, at, edges): (Tri, (Instant, Instant), &Edges),
        values: &[KeyValue],
    ) -> Arc<Fact> {
        let names: Vec<String> =
            values.iter().map(|value| self.value_name(value).to_string()).collect();
        let id = format!("{} {word} {} {}", self.rule.label, names.join(", "), at.0);
        let time = Occurred { start: at, end: at };
        let mut fact = Fact::derived(Name::from(id), kind, status, time);
        take_key(&mut fact, values);
        let behind = || [at.0, at.1].into_iter().filter_map(|at| edges.get(&at)).flatten();
        fact.settled = behind().map(|one| one.settled).max().unwrap_or(Instant::MIN);
        fact.receipt = behind().map(|one| one.receipt).max().unwrap_or(Instant::MIN);
        let mut records: Vec<Name> = behind().flat_map(|one| one.records.iter().cloned()).collect();
        crate::output::sort(&mut records);
        fact.records = records.into();
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
