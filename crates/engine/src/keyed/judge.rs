//! The judging of partitions, and what became different.
//!
//! Invariant: a finding is made anew only where something that it says may have changed.

use super::{
    Around, Keyed,
    partition::{Bounds, Entry, Form, Part, Stretch, Who},
    rule::{KeyedRule, PartKey},
    table::Table,
};
use crate::{
    fact::{Fact, Kind},
    matching::AtHand,
    output::{Draft, plainly},
    spanning::{Both, KeyValue, Members},
    store::Store,
    world::World,
};
use casus_model::{
    Finding, Instant, Name, Occurred, Reason, Span, Spans, Tri, Verdict,
    program::{ActorId, Body, Key, Order, RuleId, ZoneId},
};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// A finding that goes, or one that comes in its place or anew.
pub(crate) type Changed = (Option<Name>, Option<Finding>);

/// A stretch with what stands behind it.
struct Said {
    stretch: Stretch,
    behind: Vec<Entry>,
    /// Whether it is not known if the fact itself is meant.
    doubted: bool,
}

impl Keyed {
    /// Judges what has changed of a rule.
    pub(crate) fn judge(&mut self, rule: RuleId, around: Around<'_>) -> Vec<Changed> {
        let mut changed = Vec::new();
        let at = self.of_rule.get(rule.index()).copied().flatten();
        let Some(keyed) = at.and_then(|at| self.rules.get_mut(at as usize)) else {
            return changed;
        };
        let Some(world) = around.world(rule) else { return changed };
        let application = keyed.application.get_or_insert_with(|| {
            let (lower, upper) = world.window();
            Both { lower, upper }
        });
        let application = application.clone();
        for number in keyed.due(around.now) {
            let Some((key, mut part)) = take_part(keyed, number) else { continue };
            part.dirty = false;
            part.sort();
            let (said, next) = match (keyed.form, part.wide) {
                (Form::Beside { negated, within }, _) => {
                    beside(&world, keyed, &part, (negated, within))
                }
                (_, 0) => plain(&world, keyed, &part, &application)
                    .unwrap_or_else(|| general(&world, keyed, &part, &application)),
                (_, _) => general(&world, keyed, &part, &application),
            };
            let values = values(keyed, key, &self.table);
            let told = std::mem::take(&mut part.told);
            part.told = compare(&world, &self.table, &values, told, said, &mut changed);
            if let Some(next) = next {
                keyed.at(next, number);
            }
            if let Some((_, place)) = keyed.part(number) {
                *place = part;
            }
        }
        changed
    }
}

fn take_part(keyed: &mut KeyedRule, number: u32) -> Option<(PartKey, Part)> {
    keyed.part(number).map(|(key, part)| (key, std::mem::take(part)))
}

/// The values of a key, in the order of the rule.
fn values(keyed: &KeyedRule, key: PartKey, table: &Table) -> Vec<KeyValue> {
    let value = |one: &Key| match one {
        Key::Party => Some(KeyValue::Party(ActorId(key.party))),
        Key::Family(family) => Some(KeyValue::Zone(*family, ZoneId(key.zone))),
        Key::Item => table.items.get(key.item as usize).cloned().map(KeyValue::Item),
        Key::Recipient => None,
    };
    keyed.keys.iter().filter_map(value).collect()
}

/// What plain entries say, and at which instant that may change by itself.
fn plain(
    world: &World<'_>,
    keyed: &KeyedRule,
    part: &Part,
    application: &Both,
) -> Option<(Vec<Said>, Option<Instant>)> {
    let calendar = &world.program.calendar;
    let (form, width_ms) = (keyed.form, keyed.width_ms.unwrap_or_default());
    let of = |surely| form.spans(&part.entries, calendar, Bounds { width_ms, surely });
    let spans = of(false)?;
    let sure = if width_ms > 0 { Some(of(true)?) } else { None };
    let edges = [Some(&spans), sure.as_ref(), Some(&application.lower), Some(&application.upper)];
    let next = edges.into_iter().flatten().filter_map(|one| next_edge(one, world.now)).min();
    let always = application.lower == Spans::all();
    let both = match (always, sure) {
        (true, None) => None,
        (true, Some(lower)) => Some(Both { lower, upper: spans.clone() }),
        (false, sure) => {
            let lower = sure.unwrap_or_else(|| spans.clone());
            let past = Both { lower, upper: spans.clone() };
            Some(past.and(application).up_to(world.now))
        }
    };
    let upper = both.as_ref().map_or(&spans, |both| &both.upper);
    let mut all = Vec::new();
    for (begin, end) in upper.iter().filter(|(begin, _)| *begin <= world.now) {
        let sure = match &both {
            None => Some(begin),
            Some(both) => both.lower.first_in(begin, end).filter(|sure| *sure <= world.now),
        };
        let crossing = (begin, sure.unwrap_or(begin));
        let behind = form.behind(&part.entries, calendar, width_ms, crossing.1);
        all.push(said(world, crossing, sure.is_some(), end, behind));
    }
    Some((all, next))
}

/// What any entries say, as facts.
fn general(
    world: &World<'_>,
    keyed: &KeyedRule,
    part: &Part,
    application: &Both,
) -> (Vec<Said>, Option<Instant>) {
    let calendar = &world.program.calendar;
    let members: Members = part
        .entries
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let wide = keyed.wide(*entry);
            let late = entry.early.plus_ms(keyed.width_ms.unwrap_or_default());
            let plain = casus_model::Occurred::within(entry.early, late);
            let time = wide.map_or(plain, |wide| wide.time);
            let mut fact = Fact::derived(Name::from(""), Kind::Incident, Tri::Yes, time);
            fact.incident = u32::try_from(at).ok();
            (Arc::new(fact), wide.map_or(Tri::Yes, |wide| wide.answer))
        })
        .collect();
    let both = match keyed.form {
        Form::Count(least, window) => world.count(&members, least, window),
        Form::Lasting(span, gap) => world.lasting(&members, span, gap),
        Form::Seen(span, gap) => world.seen(&members, span, gap),
        Form::Beside { .. } => Both::none(),
    };
    let edges = [&both.lower, &both.upper, &application.lower, &application.upper];
    let next = edges.into_iter().filter_map(|spans| next_edge(spans, world.now)).min();
    let both = both.and(application).up_to(world.now);
    let mut all = Vec::new();
    for (begin, end) in both.upper.iter() {
        let sure = both.lower.first_in(begin, end);
        let crossing = (begin, sure.unwrap_or(begin));
        let at = crossing.1;
        let facts: Vec<Arc<Fact>> = match keyed.form {
            Form::Seen(_, gap) => world.sighted(&members, gap, at),
            form => {
                let leaves = |fact: &Fact| match form {
                    Form::Count(_, window) => world.window_end(fact.time.start.1, window),
                    Form::Lasting(_, gap) | Form::Seen(_, gap) => {
                        calendar.shift(fact.time.end.1, gap, 1)
                    }
                    Form::Beside { .. } => at,
                };
                let counts = |fact: &&Arc<Fact>| fact.time.start.0 <= at && at < leaves(fact);
                members.iter().map(|(fact, _)| fact).filter(counts).cloned().collect()
            }
        };
        let entry = |fact: &Arc<Fact>| part.entries.get(fact.incident? as usize).copied();
        let behind = facts.iter().filter_map(entry).collect();
        all.push(said(world, crossing, sure.is_some(), end, behind));
    }
    (all, next)
}

fn next_edge(spans: &Spans, now: Instant) -> Option<Instant> {
    let edges = spans.iter().rev().flat_map(|(from, to)| [to, from]);
    edges.take_while(|&edge| edge > now).filter(|&edge| edge < Instant::MAX).last()
}

fn said(
    world: &World<'_>,
    begin: (Instant, Instant),
    sure: bool,
    end: Instant,
    behind: Vec<Entry>,
) -> Said {
    let mut digest = DefaultHasher::new();
    for entry in &behind {
        entry.who.hash(&mut digest);
        if let Err(incident) = entry.who.split() {
            for (member, report) in world.store.members(incident) {
                (member, report.known(), report.record().version).hash(&mut digest);
            }
        }
    }
    let to = (end <= world.now).then_some(end);
    let stretch = Stretch { begin, sure, to, behind: digest.finish(), fact: None };
    Said { stretch, behind, doubted: false }
}

/// Facts that marks go before, or do not.
fn beside(
    world: &World<'_>,
    keyed: &KeyedRule,
    part: &Part,
    (negated, within): (bool, Span),
) -> (Vec<Said>, Option<Instant>) {
    let calendar = &world.program.calendar;
    let width_ms = keyed.width_ms.unwrap_or_default();
    let read = |entry: &Entry| match keyed.wide(*entry) {
        Some(wide) => (wide.time, wide.answer),
        None => (Occurred::within(entry.early, entry.early.plus_ms(width_ms)), Tri::Yes),
    };
    let widest = part.marks.iter().map(|mark| {
        let (early, late) = read(mark).0.start;
        late.0 - early.0
    });
    let widest = if part.wide == 0 { width_ms } else { widest.max().unwrap_or_default() };
    let mut all = Vec::new();
    for entry in &part.entries {
        let (time, matched) = read(entry);
        let from = calendar.shift(time.start.0, within, -1).plus_ms(-widest);
        let first = part.marks.partition_point(|mark| mark.early < from);
        let near = part.marks.get(first..).unwrap_or_default().iter();
        let near = near.take_while(|mark| mark.early <= time.start.1);
        let mut there = Tri::No;
        for mark in near {
            if mark.who == entry.who || there.is_yes() {
                continue;
            }
            let (of_mark, answer) = read(mark);
            let order = Order::AtMostBefore(within);
            there = there.or(answer.and(world.stands_in_time(order, of_mark, time)));
        }
        let applies = world.applies(time.start, AtHand::default()).0;
        let answer = matched.and(there.negate_if(negated)).and(applies);
        if !answer.is_possible() {
            continue;
        }
        let mut one = said(world, time.start, answer.is_yes(), time.end.1, vec![*entry]);
        one.stretch.to = Some(time.end.1);
        one.stretch.fact = Some(entry.who);
        one.doubted = matched == Tri::Unknown;
        all.push(one);
    }
    (all, None)
}

/// What is said now, with what becomes of that which was told before.
fn compare(
    world: &World<'_>,
    table: &Table,
    values: &[KeyValue],
    told: Vec<(Stretch, Name)>,
    said: Vec<Said>,
    changed: &mut Vec<Changed>,
) -> Vec<(Stretch, Name)> {
    let place = |one: &Stretch| (one.begin.0, one.fact);
    let mut said = said;
    said.sort_by_key(|one| place(&one.stretch));
    let mut before = told.into_iter().peekable();
    let mut now = Vec::with_capacity(said.len());
    for said in said {
        let stretch = said.stretch.clone();
        while let Some((_, name)) = before.next_if(|(old, _)| place(old) < place(&stretch)) {
            changed.push((Some(name), None));
        }
        match before.next_if(|(old, _)| place(old) == place(&stretch)) {
            Some((old, name)) if old == stretch => now.push((old, name)),
            was => {
                changed.extend(was.map(|(_, name)| (Some(name), None)));
                let finding = finding(world, table, values, &said);
                now.push((stretch, finding.id.clone()));
                changed.push((None, Some(finding)));
            }
        }
    }
    changed.extend(before.map(|(_, name)| (Some(name), None)));
    now
}

fn finding(
    world: &World<'_>,
    table: &Table,
    values: &[KeyValue],
    Said { stretch, behind, doubted }: &Said,
) -> Finding {
    let (verdict, reason) = match (stretch.sure, stretch.fact) {
        (true, _) => (Verdict::Found, Reason::Established),
        (false, None) => (Verdict::PossiblyFound, Reason::NumberUncertain),
        (false, Some(who)) if *doubted => {
            (Verdict::PossiblyFound, doubt(world, table, values, who))
        }
        (false, Some(_)) => (Verdict::PossiblyFound, Reason::StateUncertain),
    };
    let subject = match stretch.fact {
        None => format!("0@{}", stretch.begin.0),
        Some(who) => match who.split() {
            Ok(row) => format!("0@{}", table.id(row)),
            Err(incident) => {
                let name = world.store.incident(incident).map(|incident| incident.name.clone());
                format!("0@{}", name.unwrap_or_else(|| Name::from("")))
            }
        },
    };
    let mut draft = Draft::new(subject, verdict, reason);
    world.name_key(&mut draft, values);
    draft.from = stretch.begin;
    draft.to = stretch.to;
    draft.questions = plainly(Tri::from_bounds(stretch.sure, true));
    let mut newest: Option<(Instant, Name)> = None;
    for entry in behind {
        match entry.who.split() {
            Ok(row) => {
                let name = Name::from(table.id(row));
                newest = newest.max(Some((table.known(row), name.clone())));
                draft.records.push(name);
            }
            Err(incident) => {
                let fact = world.incident_fact(incident, &world.rule.standard, false);
                for name in fact.iter().flat_map(|fact| fact.records.iter()) {
                    let known = world.store.report_named(name).map(|report| report.known());
                    newest = newest.max(known.map(|known| (known, name.clone())));
                    draft.records.push(name.clone());
                }
            }
        }
    }
    world.finding_of(draft, newest)
}

/// Why it is not known whether a fact is meant.
fn doubt(world: &World<'_>, table: &Table, values: &[KeyValue], who: Who) -> Reason {
    let Body::Finding(finding) = &world.rule.body else { return Reason::StateUncertain };
    let head = finding.when.iter().flatten().find_map(|one| one.patterns().first().copied());
    let Some(pattern) = head else { return Reason::StateUncertain };
    let mut store = Store::default();
    let of = |world: &World<'_>, incident| {
        let fact = world.incident_fact(incident, &world.rule.standard, false);
        fact.map_or(Reason::StateUncertain, |fact| world.doubt_of(&fact, pattern, values))
    };
    match who.split() {
        Err(incident) => of(world, incident),
        Ok(row) => {
            if let Some(record) = table.record(row) {
                store.add(record, world.program);
            }
            let beside = World::new(
                world.program,
                &store,
                world.zones,
                world.products,
                world.now,
                world.rule_id,
            );
            beside.map_or(Reason::StateUncertain, |world| of(&world, 0))
        }
    }
}
