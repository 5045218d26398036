//! A rule whose findings depend on the facts of one key alone, and the facts by key.
//!
//! Invariant: a partition that is not dirty has told what its entries say at its clock.

use super::partition::{Entry, Form, Part, Who, Wide};
use crate::{spanning::Both, store::IncidentId, world::related_acts};
use casus_model::{
    Instant, Program,
    program::{
        ActId, ActorId, Body, By, Condition, Determination, FamilyId, Key, Moment, Order, Pattern,
        PlaceTest, RuleId, What, ZoneId,
    },
};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The key of a partition: whichever of party, zone and item the rule is keyed by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PartKey {
    pub party: u32,
    pub zone: u32,
    pub item: u32,
}

/// An entry on its way to a partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    part: u32,
    who: Who,
    early: Instant,
}

/// Which pattern of the rule a fact is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// The one that is asked for.
    Facts,
    /// What stands beside it.
    Marks,
}

/// A place in a partition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub lane: Lane,
    pub key: PartKey,
    /// The place of the zone in the family.
    pub local: u32,
}

/// So many partitions at most are looked up by their place.
const MOST_SLOTS: usize = 1 << 16;
const NO_PART: u32 = u32::MAX;

/// The rule.
#[derive(Debug)]
pub(crate) struct KeyedRule {
    pub rule: RuleId,
    pub keys: Vec<Key>,
    pub pattern: Pattern,
    /// What must not (or must) stand beside a fact.
    pub marks: Option<Pattern>,
    pub form: Form,
    /// The acts that its facts may be of.
    pub acts: BTreeSet<ActId>,
    /// When the rule applies.
    pub application: Option<Both>,
    /// How wide the moments of plain entries are; none: there is no entry yet.
    pub width_ms: Option<i64>,
    /// By party and place in the family: the partition, where these are few.
    pub(super) slots: Vec<u32>,
    /// How many of these there are to be; 0: none.
    most_slots: usize,
    family_len: usize,
    pub(super) index: HashMap<PartKey, u32>,
    /// By item: the partition that was last looked up.
    pub(super) recent: Vec<(PartKey, u32)>,
    /// Plain entries that are not yet in their partitions.
    pub(super) pending: Vec<Pending>,
    pub(super) names: Vec<PartKey>,
    pub(super) parts: Vec<Part>,
    pub(super) dirty: Vec<u32>,
    pub(super) timers: BTreeMap<Instant, Vec<u32>>,
    pub(super) wides: Vec<Wide>,
    /// Which of `wides` no entry has.
    pub(super) free: Vec<u32>,
    pub(super) by_incident: HashMap<IncidentId, Vec<(u32, Instant)>>,
}

impl KeyedRule {
    /// The rule, if it is of this kind.
    pub fn new(program: &Program, rule_id: RuleId) -> Option<KeyedRule> {
        let rule = rule_id.of(program)?;
        let Body::Finding(finding) = &rule.body else { return None };
        let fixed = |moment: &Option<Moment>| matches!(moment, None | Some(Moment::At(_)));
        let plain = rule.during.is_empty()
            && rule.suspended.is_empty()
            && rule.waivable.is_empty()
            && rule.when.is_empty()
            && rule.except.is_empty()
            && rule.unless.is_none()
            && fixed(&rule.from)
            && fixed(&rule.until)
            && fixed(&program.commencement);
        let (pattern, form, marks) = head(finding)?;
        let of = |pattern: &Pattern| match &pattern.what {
            What::Act(acts) => Some(related_acts(program, acts)),
            _ => None,
        };
        let mut acts: BTreeSet<ActId> = of(pattern)?.into_iter().collect();
        if let Some(marks) = &marks {
            acts.extend(of(marks)?);
        }
        let families = finding.keys.iter().filter(|key| matches!(key, Key::Family(_))).count();
        let keyed = families <= 1 && !finding.keys.contains(&Key::Recipient);
        let simple = |pattern: &Pattern| {
            pattern.places.iter().all(|one| matches!(one, PlaceTest::Zone { .. }))
                && matches!(pattern.by, By::Anyone | By::OneOf(_))
        };
        let simple = simple(pattern) && marks.as_ref().is_none_or(simple);
        (plain && keyed && simple).then(|| KeyedRule {
            rule: rule_id,
            keys: finding.keys.clone(),
            pattern: pattern.clone(),
            marks,
            form,
            acts,
            application: None,
            width_ms: None,
            slots: Vec::new(),
            most_slots: 0,
            family_len: 0,
            index: HashMap::new(),
            recent: Vec::new(),
            pending: Vec::new(),
            names: Vec::new(),
            parts: Vec::new(),
            dirty: Vec::new(),
            timers: BTreeMap::new(),
            wides: Vec::new(),
            free: Vec::new(),
            by_incident: HashMap::new(),
        })
    }

    /// The patterns of its facts.
    pub fn patterns(&self) -> impl Iterator<Item = (Lane, &Pattern)> {
        let marks = self.marks.iter().map(|marks| (Lane::Marks, marks));
        std::iter::once((Lane::Facts, &self.pattern)).chain(marks)
    }

    /// Whether facts have to belong to one partition alone.
    pub fn single(&self) -> bool {
        self.marks.is_some()
    }

    /// The family that it is keyed by.
    pub fn family(&self) -> Option<FamilyId> {
        self.keys.iter().find_map(|key| match key {
            Key::Family(family) => Some(*family),
            _ => None,
        })
    }

    /// Whether it is keyed by item.
    pub fn by_item(&self) -> bool {
        self.keys.contains(&Key::Item)
    }

    /// The key of these values.
    pub fn key(&self, party: ActorId, zone: ZoneId, item: u32) -> PartKey {
        let mut key = PartKey::default();
        for one in &self.keys {
            match one {
                Key::Party => key.party = party.0,
                Key::Family(_) => key.zone = zone.0,
                Key::Item => key.item = item,
                Key::Recipient => {}
            }
        }
        key
    }

    /// Looks partitions up by their place, where there are few parties and zones.
    pub fn with_slots(&mut self, parties: usize, family_len: usize) {
        let count = parties.max(1) * family_len.max(1);
        if !self.by_item() && count <= MOST_SLOTS {
            self.family_len = family_len.max(1);
            self.most_slots = count;
        }
    }

    /// The partition of a key; `local` is the place of its zone in the family.
    fn number(&mut self, key: PartKey, local: u32) -> u32 {
        let next = u32::try_from(self.parts.len()).unwrap_or(NO_PART);
        if self.slots.len() < self.most_slots {
            self.slots.resize(self.most_slots, NO_PART);
        }
        let slot = key.party as usize * self.family_len + local as usize;
        let at = match self.slots.get_mut(slot) {
            Some(at) => {
                if *at == NO_PART {
                    *at = next;
                }
                *at
            }
            None => self.indexed(key, next),
        };
        if at == next {
            self.parts.push(Part::default());
            self.names.push(key);
        }
        at
    }

    /// The partition of a key by the index. A thing is mostly where it was just now.
    fn indexed(&mut self, key: PartKey, next: u32) -> u32 {
        let item = key.item as usize;
        if let Some((last, at)) = self.recent.get(item)
            && (*last, *at != NO_PART) == (key, true)
        {
            return *at;
        }
        let at = *self.index.entry(key).or_insert(next);
        if self.by_item() {
            if self.recent.len() <= item {
                self.recent.resize(item + 1, (PartKey::default(), NO_PART));
            }
            if let Some(place) = self.recent.get_mut(item) {
                *place = (key, at);
            }
        }
        at
    }

    /// Takes a fact into the partition of a key.
    pub fn add(&mut self, at: At, who: Who, fact: Wide) -> (u32, Instant) {
        let early = fact.time.start.0;
        let part = self.number(at.key, at.local);
        let width_ms = fact.time.start.1.0 - early.0;
        let plain = fact.answer.is_yes()
            && fact.time.is_moment()
            && *self.width_ms.get_or_insert(width_ms) == width_ms;
        if plain && at.lane == Lane::Facts {
            self.pending.push(Pending { part, who, early });
            return (part, early);
        }
        let wide = if plain { 0 } else { self.widen(fact) };
        if let Some(one) = self.parts.get_mut(part as usize) {
            one.add(at.lane, Entry { early, who, wide });
        }
        self.touch(part);
        (part, early)
    }

    /// Remembers what is not plain about a fact; its number from 1 on.
    fn widen(&mut self, fact: Wide) -> u32 {
        if let Some(at) = self.free.pop()
            && let Some(place) = self.wides.get_mut(at as usize)
        {
            *place = fact;
            return at + 1;
        }
        self.wides.push(fact);
        u32::try_from(self.wides.len()).unwrap_or(u32::MAX)
    }

    /// Puts the entries that wait into their partitions.
    fn settle(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.len() > self.parts.len() {
            let mut counts = vec![0; self.parts.len()];
            for one in &pending {
                if let Some(count) = counts.get_mut(one.part as usize) {
                    *count += 1;
                }
            }
            for (part, count) in self.parts.iter_mut().zip(counts) {
                part.reserve(count);
            }
        }
        for Pending { part, who, early } in pending {
            if let Some(one) = self.parts.get_mut(part as usize) {
                one.add(Lane::Facts, Entry { early, who, wide: 0 });
            }
            self.touch(part);
        }
    }

    /// The partition has to be judged again.
    fn touch(&mut self, at: u32) {
        if let Some(part) = self.parts.get_mut(at as usize).filter(|part| !part.dirty) {
            part.dirty = true;
            self.dirty.push(at);
        }
    }

    /// Takes a row's fact out of the partition of a key.
    pub fn remove(&mut self, at: At, early: Instant, who: Who) {
        let part = self.number(at.key, at.local);
        self.remove_at(part, early, who);
    }

    fn remove_at(&mut self, at: u32, early: Instant, who: Who) {
        self.settle();
        let part = self.parts.get_mut(at as usize);
        for gone in part.map(|part| part.remove(early, who)).into_iter().flatten() {
            self.free.extend(gone.and_then(|entry| entry.wide.checked_sub(1)));
        }
        self.touch(at);
    }

    /// Takes the facts of an incident in, in the place of those that it had.
    pub fn replace(&mut self, incident: IncidentId, facts: Vec<(At, Wide)>) {
        for (at, early) in self.by_incident.remove(&incident).unwrap_or_default() {
            self.remove_at(at, early, Who::incident(incident));
        }
        let who = Who::incident(incident);
        let added: Vec<(u32, Instant)> =
            facts.into_iter().map(|(at, fact)| self.add(at, who, fact)).collect();
        if !added.is_empty() {
            self.by_incident.insert(incident, added);
        }
    }

    /// Whether a partition has to be judged at this clock.
    pub fn is_due(&self, now: Instant) -> bool {
        let timed = self.timers.first_key_value().is_some_and(|(at, _)| *at <= now);
        timed || !self.dirty.is_empty() || !self.pending.is_empty()
    }

    /// The partitions that have to be judged at this clock.
    pub fn due(&mut self, now: Instant) -> Vec<u32> {
        self.settle();
        let later = self.timers.split_off(&now.plus_ms(1));
        let timed = std::mem::replace(&mut self.timers, later);
        let mut due = std::mem::take(&mut self.dirty);
        due.extend(timed.into_values().flatten());
        due.sort_unstable();
        due.dedup();
        due
    }

    /// A partition, with the name of its key.
    pub fn part(&mut self, at: u32) -> Option<(PartKey, &mut Part)> {
        let key = *self.names.get(at as usize)?;
        self.parts.get_mut(at as usize).map(|part| (key, part))
    }

    /// Judges a partition again when the clock reaches an instant.
    pub fn at(&mut self, instant: Instant, part: u32) {
        self.timers.entry(instant).or_default().push(part);
    }

    /// What is not plain about an entry.
    pub fn wide(&self, entry: Entry) -> Option<&Wide> {
        entry.wide.checked_sub(1).and_then(|at| self.wides.get(at as usize))
    }
}

/// What a determination asks for, if it hangs on one condition over time, or on a fact that one
/// other kind of fact goes before or does not.
fn head(finding: &Determination) -> Option<(&Pattern, Form, Option<Pattern>)> {
    let bare = finding.link.is_none()
        && finding.decided.is_none()
        && finding.failing.is_none()
        && finding.power.is_none();
    let [group] = finding.when.as_slice() else { return None };
    let found = match group.as_slice() {
        [Condition::Count { least, pattern, window, .. }] if *least > 0 => {
            (pattern, Form::Count(*least, *window), None)
        }
        [Condition::Lasting { pattern, span, gap, .. }] => {
            (pattern, Form::Lasting(*span, *gap), None)
        }
        [Condition::Seen { pattern, span, gap, .. }] => (pattern, Form::Seen(*span, *gap), None),
        [
            Condition::Fact { negated: false, pattern, .. },
            Condition::Fact { negated, pattern: marks, same, order },
        ] => {
            let [Order::AtMostBefore(span)] = order.as_slice() else { return None };
            let mut keys = same.clone();
            let mut marks = marks.clone();
            if marks.by == By::Same {
                keys.push(Key::Party);
                marks.by = By::Anyone;
            }
            let alike = |a: &[Key], b: &[Key]| a.iter().all(|key| b.contains(key));
            let whole = !keys.is_empty() && alike(&keys, &finding.keys);
            if !whole || !alike(&finding.keys, &keys) {
                return None;
            }
            (pattern, Form::Beside { negated: *negated, within: *span }, Some(marks))
        }
        _ => return None,
    };
    bare.then_some(found)
}
