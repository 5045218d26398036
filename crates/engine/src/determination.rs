//! Determinations: what is found from facts, for each key.
//!
//! Invariant: an established occurrence lies within a possible one.

use crate::{
    amount::Asked,
    deciding::Decided,
    defence::Subject,
    fact::{Fact, Kind},
    matching::AtHand,
    output::{Draft, plainly},
    prohibition::Outcome,
    spanning::{KeyValue, Relative, at_hand},
    state::{party_of, take_key},
    world::World,
};
use casus_model::{
    Instant, Name, Occurred, Reason, Tri, Verdict,
    program::{Condition, Determination, Groups, Key, Pattern},
};
use std::{collections::BTreeMap, sync::Arc};

/// What one occurrence comes to.
pub(crate) struct Made {
    pub(crate) found: Outcome,
    /// What people made of it: adopted or refused.
    pub(crate) answered: Option<Arc<Fact>>,
    /// The duty of the body that decides.
    pub(crate) duty: Option<(casus_model::Finding, Vec<Arc<Fact>>)>,
}

/// One occurrence of what is to be found.
pub(crate) struct Occurrence {
    pub(crate) answer: Tri,
    pub(crate) reason: Reason,
    pub(crate) time: Occurred,
    pub(crate) start_edge: (Instant, Instant),
    pub(crate) to: Option<Instant>,
    /// The fact that it is, where the head is a fact.
    pub(crate) head: Option<Arc<Fact>>,
    pub(crate) behind: Vec<Arc<Fact>>,
    pub(crate) subject: String,
}

/// Takes an occurrence in; what several groups say of one fact is one, the stronger of them.
fn meet(all: &mut Vec<Occurrence>, by_head: &mut BTreeMap<(Kind, Name), usize>, one: Occurrence) {
    let Some(head) = &one.head else { return all.push(one) };
    let at = *by_head.entry((head.kind, head.id.clone())).or_insert(all.len());
    match all.get_mut(at) {
        None => all.push(one),
        Some(known) if one.answer > known.answer => {
            (known.answer, known.reason) = (one.answer, one.reason);
        }
        Some(_) => {}
    }
}

impl World<'_> {
    /// All findings of a determination; each with its facts (found, adopted).
    pub(crate) fn determinations(&self, determination: &Determination) -> Vec<Made> {
        let mut outcomes = Vec::new();
        let groups: Vec<&Groups> = vec![&determination.when];
        for values in self.domain(&determination.keys, &groups) {
            for occurrence in self.occurrences(determination, &values) {
                outcomes.push(self.found(determination, &values, occurrence));
            }
        }
        outcomes
    }

    fn occurrences(&self, determination: &Determination, values: &[KeyValue]) -> Vec<Occurrence> {
        let mut all: Vec<Occurrence> = Vec::new();
        let mut by_head: BTreeMap<(Kind, Name), usize> = BTreeMap::new();
        for (group, conditions) in determination.when.iter().enumerate() {
            let Some((head, rest)) = conditions.split_first() else { continue };
            match head {
                Condition::Fact { pattern, .. } => {
                    let keys = &determination.keys;
                    let mut each = Vec::new();
                    for (fact, answer) in self.members(pattern, keys, Relative::key(values)).iter()
                    {
                        let reason = self.doubt_of(fact, pattern, values);
                        each.extend(self.at_fact(group, rest, values, fact, (*answer, reason)));
                    }
                    match &determination.link {
                        Some(link) => all.extend(self.belonging(group, link, each)),
                        None => each.into_iter().for_each(|one| meet(&mut all, &mut by_head, one)),
                    }
                }
                head => all.extend(self.over_time(group, head, rest, determination, values)),
            }
        }
        all
    }

    /// Why it is not known whether the fact is meant.
    pub(crate) fn doubt_of(&self, fact: &Fact, pattern: &Pattern, values: &[KeyValue]) -> Reason {
        let at = at_hand(Relative::key(values));
        let (clause, why) = self.clause(fact, pattern, at);
        let unknown = |value: &&KeyValue| self.has(fact, value) == Tri::Unknown;
        let is_party = |value: &&KeyValue| matches!(value, KeyValue::Party(_));
        if self.status(fact) == Tri::Unknown {
            self.status_reason(fact)
        } else if clause == Tri::Unknown {
            why
        } else if self.by(fact, &pattern.by, at) == Tri::Unknown
            || values.iter().filter(is_party).any(|value| unknown(&value))
        {
            Reason::AttributionUndetermined
        } else {
            match values.iter().find(unknown) {
                Some(KeyValue::Zone(..)) => Reason::PlaceUncertain,
                _ => Reason::CategoryUnknown,
            }
        }
    }

    fn at_fact(
        &self,
        group: usize,
        rest: &[Condition],
        values: &[KeyValue],
        fact: &Arc<Fact>,
        (matched, doubt): (Tri, Reason),
    ) -> Option<Occurrence> {
        let at = AtHand { it: Some(fact), ..at_hand(Relative::key(values)) };
        let mut answer =
            rest.iter().fold(matched, |all, condition| all.and(self.holds_at(condition, fact, at)));
        answer = answer.and(self.applies(fact.time.start, at).0);
        answer = answer.and(self.excepted(fact, at).negate());
        if answer.is_no() {
            return None;
        }
        let reason = match answer {
            Tri::Yes => Reason::Established,
            _ if matched == Tri::Unknown => doubt,
            _ => Reason::StateUncertain,
        };
        Some(Occurrence {
            answer,
            reason,
            time: fact.time,
            start_edge: fact.start_edge,
            to: Some(fact.time.end.1),
            head: Some(Arc::clone(fact)),
            behind: vec![Arc::clone(fact)],
            subject: format!("{group}@{}", fact.id),
        })
    }

    fn over_time(
        &self,
        group: usize,
        head: &Condition,
        rest: &[Condition],
        determination: &Determination,
        values: &[KeyValue],
    ) -> Vec<Occurrence> {
        let relative = Relative::key(values);
        let keys = &determination.keys;
        let mut spans = self.spans_by(head, keys, relative, None);
        if let Condition::Amount { left, right, .. } = head {
            spans = spans.and(&self.since_first([left, right], relative));
        }
        let spans = rest
            .iter()
            .fold(spans, |all, condition| all.and(&self.spans(condition, relative, None)));
        if spans.upper.is_empty() {
            return Vec::new();
        }
        let spans = spans.and(&self.application(relative)).up_to(self.now);
        let mut all = Vec::new();
        for (begin, end) in spans.upper.iter() {
            let sure = spans.lower.first_in(begin, end);
            let crossing = (begin, sure.unwrap_or(begin));
            let behind = self.behind(head, keys, relative, crossing.1);
            let first = |edge: fn(&Fact) -> Instant| behind.iter().map(|fact| edge(fact)).min();
            let start_edge = (
                first(|fact| fact.time.start.0).unwrap_or(crossing.0),
                first(|fact| fact.time.start.1).unwrap_or(crossing.1),
            );
            all.push(Occurrence {
                answer: Tri::from_bounds(sure.is_some(), true),
                reason: match sure {
                    Some(_) => Reason::Established,
                    None => Reason::NumberUncertain,
                },
                time: Occurred { start: crossing, end: crossing },
                start_edge,
                to: (end <= self.now).then_some(end),
                head: None,
                behind,
                subject: format!("{group}@{begin}"),
            });
        }
        all
    }

    /// The facts of the head that count at the crossing.
    fn behind(
        &self,
        head: &Condition,
        keys: &[Key],
        relative: Relative<'_>,
        at: Instant,
    ) -> Vec<Arc<Fact>> {
        let calendar = &self.program.calendar;
        let pattern = match head {
            Condition::Count { pattern, .. } | Condition::Lasting { pattern, .. } => pattern,
            Condition::Seen { pattern, gap, .. } => {
                return self.sighted(&self.members(pattern, keys, relative), *gap, at);
            }
            Condition::Amount { left, right, .. } => {
                let asked = Asked::By(relative);
                let both = [self.tallies(left, asked), self.tallies(right, asked)];
                let shares = both.into_iter().flatten().flat_map(|(_, shares)| shares);
                let there = shares.filter(|share| share.upper.0 <= at && at < share.upper.1);
                return there.map(|share| share.fact).collect();
            }
            _ => return Vec::new(),
        };
        let leaves = |fact: &Fact| match head {
            Condition::Count { window, .. } => self.window_end(fact.time.start.1, *window),
            Condition::Lasting { gap, .. } => calendar.shift(fact.time.end.1, *gap, 1),
            _ => at,
        };
        let counts = |fact: &Fact| fact.time.start.0 <= at && at < leaves(fact);
        let members = self.members(pattern, keys, relative);
        let facts = members.iter().map(|(fact, _)| fact);
        facts.filter(|fact| counts(fact)).map(Arc::clone).collect()
    }

    fn found(
        &self,
        determination: &Determination,
        values: &[KeyValue],
        occurrence: Occurrence,
    ) -> Made {
        let mut draft = Draft::new(occurrence.subject.clone(), Verdict::Found, occurrence.reason);
        self.name_key(&mut draft, values);
        let mut records: Vec<Name> =
            occurrence.behind.iter().flat_map(|fact| fact.records.iter().cloned()).collect();
        crate::output::sort(&mut records);
        let id = self.finding_id(draft.party, &draft.key, &draft.subject);
        let mut found = self.found_fact(values, &occurrence, &id, &records);
        let decided = determination.decided.as_ref().map(|decision| {
            let head = occurrence.head.as_ref().filter(|_| !has_zone(values));
            let about = Subject {
                incident: head.and_then(|fact| fact.incident),
                finding: &id,
                trigger: None,
                records: &records,
                claimant: None,
            };
            self.question(determination, decision, &found, &about, draft.party)
        });
        if occurrence.answer.is_yes() {
            (draft.verdict, draft.reason) = match &decided {
                None => (Verdict::Found, Reason::Established),
                Some(decided) => decided.verdict(),
            };
            draft.clock_cause = decided.as_ref().and_then(|decided| decided.silent);
        } else {
            draft.verdict = Verdict::PossiblyFound;
        }
        draft.from = occurrence.time.start;
        draft.to = occurrence.to;
        draft.records = records;
        draft.questions = plainly(occurrence.answer);
        let key = draft.key.clone();
        let finding = self.finding(draft);
        found.reason = finding.reason;
        let answered = decided.as_ref().and_then(|one| answer(self.rule_id, &found, one));
        let owed = decided.as_ref().zip(determination.decided.as_ref());
        let owed = owed.filter(|_| determination.failing.is_none());
        let existence = (occurrence.answer, occurrence.reason);
        let duty = owed.and_then(|(decided, decision)| {
            self.decision_owed(decided, decision, &found, key, existence)
        });
        Made { found: (finding, Some(Arc::new(found))), answered, duty }
    }

    fn found_fact(
        &self,
        values: &[KeyValue],
        occurrence: &Occurrence,
        id: &Name,
        records: &[Name],
    ) -> Fact {
        let mut fact = match &occurrence.head {
            Some(head) => Fact::clone(head),
            None => {
                let mut fact = Fact::derived(
                    id.clone(),
                    Kind::Found(self.rule_id),
                    occurrence.answer,
                    occurrence.time,
                );
                let behind = || occurrence.behind.iter();
                fact.settled = behind().map(|one| one.settled).max().unwrap_or(Instant::MIN);
                fact.receipt = behind().map(|one| one.receipt).max().unwrap_or(Instant::MIN);
                fact
            }
        };
        let parties = self.parties_of(&fact);
        if has_zone(values) {
            fact.incident = None;
            fact.grounds = Arc::from([]);
            fact.zones.clear();
        }
        take_key(&mut fact, values);
        if party_of(values).is_none() && occurrence.head.is_some() {
            fact.parties = parties;
        }
        fact.id = id.clone();
        fact.kind = Kind::Found(self.rule_id);
        fact.status = occurrence.answer;
        fact.start_edge = occurrence.start_edge;
        fact.act_low = 100;
        fact.attribution_low = 100;
        fact.records = records.iter().cloned().collect();
        fact
    }
}

/// A fact of a zone has no incident behind it.
fn has_zone(values: &[KeyValue]) -> bool {
    values.iter().any(|value| matches!(value, KeyValue::Zone(..)))
}

fn answer(
    rule: casus_model::program::RuleId,
    found: &Fact,
    decided: &Decided,
) -> Option<Arc<Fact>> {
    let (kind, time) = match (decided.adopted, decided.refused) {
        (Some(time), _) => (Kind::Adopted(rule), time),
        (None, time) => (Kind::Refused(rule), time?),
    };
    let mut fact = found.clone();
    fact.kind = kind;
    fact.time = Occurred { start: time, end: time };
    Some(Arc::new(fact))
}
