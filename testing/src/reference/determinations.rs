//! Sections 10.1 to 10.4: determinations.
//!
//! Invariant: what people decide is read from records; here it is only awaited.

use super::{
    Asking, Here, Outcome, Pair, Value,
    clause::Answer,
    fact::Fact,
    finding::{Draft, questions},
    reports::Report,
    sums::{Asked, Weight},
};
use casus_model::{
    Instant, Name, Occurred, Reason, Spans, Tri, Verdict,
    program::{ActorId, ActorKind, Condition, Decision, Determination, Groups, Key, Pattern, What},
};
use std::{collections::BTreeSet, rc::Rc};

/// An adoption (10.4).
pub struct Adoption {
    /// One record for each member, in order.
    pub by: Vec<(Name, Rc<Report>)>,
    /// The start of the one that reached the number needed.
    pub at: Option<(Instant, Instant)>,
    /// Every record that qualifies.
    pub all: Vec<Name>,
}

/// One occurrence of a determination (10.2).
pub struct Occurrence {
    pub status: Tri,
    pub reason: Reason,
    pub subject: String,
    pub fact: Fact,
    pub to: Option<Instant>,
}

/// 10.2: a fact that several groups have for their head occurs once.
fn join_groups(met: &mut Vec<Occurrence>, each: Vec<Occurrence>) {
    for one in each {
        match met.iter_mut().find(|known| known.fact.same_as(&one.fact)) {
            Some(known) if known.status < one.status => {
                known.status = one.status;
                known.reason = one.reason;
            }
            Some(_) => {}
            None => met.push(one),
        }
    }
}

impl Asking<'_> {
    /// 10.1: all combinations of key values.
    pub fn keys(&self, keys: &[Key], groups: &[&Groups]) -> Vec<Vec<Value>> {
        let patterns: Vec<&Pattern> = groups
            .iter()
            .flat_map(|groups| groups.iter().flatten())
            .flat_map(Condition::patterns)
            .collect();
        let read = |fact: &&Rc<Fact>| {
            let here = Here::default();
            patterns.iter().any(|pattern| self.matches(fact, pattern, &here, None).is_possible())
        };
        let names = |of: fn(&Fact) -> Option<Name>| -> BTreeSet<Name> {
            self.facts.iter().filter(read).filter_map(|fact| of(fact)).collect()
        };
        let mut all: Vec<Vec<Value>> = vec![Vec::new()];
        for key in keys {
            let values: Vec<Value> = match key {
                Key::Party => self.parties().into_iter().map(Value::Party).collect(),
                Key::Family(family) => {
                    let zones = self.zones(*family).into_iter();
                    zones.map(|zone| Value::Zone(*family, zone)).collect()
                }
                Key::Item => names(|f| f.item.clone()).into_iter().map(Value::Item).collect(),
                Key::Recipient => {
                    names(|f| f.recipient.clone()).into_iter().map(Value::Recipient).collect()
                }
            };
            let longer = |so_far: &Vec<Value>| {
                let so_far = so_far.clone();
                values.clone().into_iter().map(move |value| {
                    let mut key = so_far.clone();
                    key.push(value);
                    key
                })
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    /// 10.1 to 10.4
    pub fn determination(&self, determination: &Determination) -> Outcome {
        let mut outcome = Outcome::default();
        for key in self.keys(&determination.keys, &[&determination.when]) {
            // 10.2: of several groups that meet in one fact, the strongest.
            let mut met: Vec<Occurrence> = Vec::new();
            for (at, group) in determination.when.iter().enumerate() {
                let Some((head, rest)) = group.split_first() else { continue };
                let occurrences = match head {
                    Condition::Fact { negated: false, pattern, .. } => {
                        let each = self.by_fact(at, pattern, rest, &key);
                        match &determination.link {
                            Some(link) => self.linked(at, link, each),
                            None => {
                                join_groups(&mut met, each);
                                continue;
                            }
                        }
                    }
                    _ => self.by_spans(at, &with_keys(head, &determination.keys), rest, &key),
                };
                for occurrence in occurrences {
                    self.found(determination, &key, occurrence, &mut outcome);
                }
            }
            for occurrence in met {
                self.found(determination, &key, occurrence, &mut outcome);
            }
        }
        if let Some(power) = &determination.power {
            self.in_effect(determination, power, &mut outcome);
        }
        outcome
    }

    /// 10.2: the head is a fact.
    fn by_fact(
        &self,
        group: usize,
        pattern: &Pattern,
        rest: &[Condition],
        key: &[Value],
    ) -> Vec<Occurrence> {
        let here = Here::of(key);
        let mut occurrences = Vec::new();
        for fact in &self.facts {
            let clause = self.clause(fact, pattern, here.bearer, None);
            let by = self.by(fact, &pattern.by, &here);
            let has: Vec<(Tri, Reason)> =
                key.iter().map(|value| (self.has(fact, value), key_reason(value))).collect();
            let keyed = has.iter().map(|(answer, _)| *answer).min().unwrap_or(Tri::Yes);
            let matched = fact.status.and(clause.tri).and(by).and(keyed);
            let rest_met = self.all_at(rest, fact, &here);
            let applies = self.applies(fact.time.start, &Here { it: Some(fact), ..here }).tri;
            let except = self.excepted(fact, &here);
            let status = matched.and(rest_met).and(applies).and(except.negate());
            if status.is_no() {
                continue;
            }
            let unknown = |(answer, _): &&(Tri, Reason)| *answer == Tri::Unknown;
            let party = |(_, reason): &&(Tri, Reason)| *reason == Reason::AttributionUndetermined;
            let doubtful = has.iter().filter(unknown).find(party);
            let doubtful = doubtful.or_else(|| has.iter().find(unknown));
            let reason = if matched.is_yes() {
                Reason::StateUncertain
            } else if fact.status == Tri::Unknown {
                fact.reason
            } else if clause.tri == Tri::Unknown {
                clause.reason
            } else if by == Tri::Unknown {
                Reason::AttributionUndetermined
            } else {
                doubtful.map_or(Reason::AttributionUndetermined, |(_, reason)| *reason)
            };
            occurrences.push(Occurrence {
                status,
                reason,
                subject: format!("{group}@{}", fact.id),
                to: Some(fact.time.end.1),
                fact: (**fact).clone(),
            });
        }
        occurrences
    }

    /// 10.2: otherwise.
    fn by_spans(
        &self,
        group: usize,
        head: &Condition,
        rest: &[Condition],
        key: &[Value],
    ) -> Vec<Occurrence> {
        let here = Here::of(key);
        let pair = self.condition_spans(head, &here).and(&self.all_spans(rest, &here));
        let pair = match head {
            Condition::Amount { left, right, .. } => {
                pair.and(&self.since_first(left, right, &here))
            }
            _ => pair,
        };
        let pair = self.confined(pair, &here);
        let behind = self.head_stretches(head, &here);
        let mut occurrences = Vec::new();
        for (begin, end) in pair.upper.iter() {
            let sure = pair.lower.iter().map(|one| one.0).find(|at| *at >= begin && *at < end);
            let crossing = sure.unwrap_or(begin);
            let status = if sure.is_some() { Tri::Yes } else { Tri::Unknown };
            let held = |(_, spans): &&(Rc<Fact>, Spans)| spans.contains(crossing);
            let facts: Vec<&Rc<Fact>> = behind.iter().filter(held).map(|(fact, _)| fact).collect();
            let what = What::Found(self.id);
            let mut fact = Fact::bare(what, Name::from(""), status, (begin, crossing));
            fact.parties = vec![Tri::Unknown; self.world.program.actors.len()];
            let first = |edge: fn(&Fact) -> Instant| facts.iter().map(|fact| edge(fact)).min();
            if let (Some(a), Some(b)) = (first(|f| f.time.start.0), first(|f| f.time.start.1)) {
                fact.start_edge = (a, b);
            }
            let least = Instant::MIN;
            fact.settled = facts.iter().map(|one| one.settled).max().unwrap_or(least);
            fact.receipt = facts.iter().map(|one| one.receipt).max().unwrap_or(least);
            fact.records = facts.iter().flat_map(|one| one.records.clone()).collect();
            occurrences.push(Occurrence {
                status,
                reason: Reason::NumberUncertain,
                subject: format!("{group}@{begin}"),
                to: Some(end).filter(|end| *end <= self.world.now),
                fact,
            });
        }
        occurrences
    }

    /// 10.2, 10.5: within 4.3 and `while`, outside `except`, up to now.
    pub fn confined(&self, pair: Pair, here: &Here<'_>) -> Pair {
        pair.and(&self.in_force())
            .and(&self.during_spans(here))
            .and(&self.excepted_spans(here).not())
            .within(&self.until_now())
    }

    /// 10.2: the facts of a head that are not no, each with its upper stretch.
    fn head_stretches(&self, head: &Condition, here: &Here<'_>) -> Vec<(Rc<Fact>, Spans)> {
        if let Condition::Amount { left, right, .. } = head {
            let sums = [left, right].map(|side| self.sum(side, Asked::Condition(here)));
            let items = sums.iter().flat_map(|sum| &sum.told).flat_map(|told| &told.items);
            let stretch = |one: &Weight| one.upper.map(|(from, to, _)| Spans::of(from, to));
            return items.filter_map(|one| Some((one.fact.clone(), stretch(one)?))).collect();
        }
        if let Condition::Seen { pattern, same, gap, .. } = head {
            return self.sightings(pattern, same, *gap, here);
        }
        let (pattern, same) = match head {
            Condition::Count { pattern, same, .. } | Condition::Lasting { pattern, same, .. } => {
                (pattern, same)
            }
            _ => return Vec::new(),
        };
        let possible = |fact: &&Rc<Fact>| self.keyed(fact, pattern, same, here).is_possible();
        let stretch = |fact: &Rc<Fact>| {
            let time = fact.time;
            let until = match head {
                Condition::Count { window, .. } => self.leaves(time.start.1, *window),
                Condition::Lasting { gap, .. } => self.later(time.end.1, *gap),
                _ => time.start.0,
            };
            (fact.clone(), Spans::of(time.start.0, until))
        };
        self.facts.iter().filter(possible).map(stretch).collect()
    }

    /// 10.3
    fn found(
        &self,
        determination: &Determination,
        key: &[Value],
        occurrence: Occurrence,
        outcome: &mut Outcome,
    ) {
        let party = key.iter().find_map(|value| match value {
            Value::Party(party) => Some(*party),
            _ => None,
        });
        let names = self.key_names(key);
        let id = self.finding_id(party, &names, &occurrence.subject);
        let status = occurrence.status;
        let mut fact = occurrence.fact.behind(What::Found(self.id), id.clone(), status);
        if occurrence.fact.derived.is_none() {
            let all = (0_u32..).map(casus_model::program::ActorId).zip(&self.world.program.actors);
            fact.parties = all.map(|(actor, _)| self.party(&occurrence.fact, actor)).collect();
        }
        self.of_key(&mut fact, key);
        fact.names.extend(self.names_of(&id, &fact.records));
        let ruling = self.decided(determination, &fact, party);
        let verdict = match status {
            Tri::Yes => ruling.verdict,
            _ => (Verdict::PossiblyFound, occurrence.reason),
        };
        let clock = ruling.closed.filter(|_| verdict.1 == Reason::SilenceDecided);
        fact.reason = verdict.1;
        if let (Some(decision), None) = (&determination.decided, determination.failing) {
            let existence = Answer::new(status, occurrence.reason);
            self.owed_decision(decision, &fact, &names, existence, &ruling, outcome);
        }
        let answers =
            [(ruling.adopted, What::Adopted(self.id)), (ruling.refused, What::Refused(self.id))];
        for (at, what) in answers {
            let Some(at) = at else { continue };
            let mut body = fact.behind(what, id.clone(), status);
            body.time = Occurred { start: at, end: at };
            outcome.derived.push(body);
        }
        outcome.findings.push(self.finish(Draft {
            party,
            key: names,
            from: fact.time.start,
            to: occurrence.to,
            clock,
            records: fact.records.clone(),
            questions: questions(status),
            ..Draft::new(verdict.0, verdict.1, occurrence.subject)
        }));
        outcome.derived.push(fact);
    }

    /// 3.11: what a fact has from its key.
    pub fn of_key(&self, fact: &mut Fact, key: &[Value]) {
        if key.iter().any(|value| matches!(value, Value::Zone(..))) {
            fact.zones.clear();
        }
        for value in key {
            match value {
                Value::Party(party) => {
                    let all = (0_u32..).zip(&self.world.program.actors);
                    fact.parties = all.map(|(id, _)| Tri::from(id == party.0)).collect();
                }
                Value::Zone(_, zone) => {
                    fact.zones.push(*zone);
                    (fact.grounds, fact.live) = (Vec::new(), Vec::new());
                    fact.quantities.clear();
                    fact.names = BTreeSet::from([fact.id.clone()]);
                }
                Value::Item(item) => fact.item = Some(item.clone()),
                Value::Recipient(name) => fact.recipient = Some(name.clone()),
            }
        }
        (fact.act_low, fact.attribution_low) = (100, 100);
    }

    /// 10.4
    pub fn adoption(
        &self,
        decision: &Decision,
        (act, label): (&str, &str),
        names: &BTreeSet<Name>,
        since: Instant,
        party: Option<ActorId>,
    ) -> Adoption {
        let program = self.world.program;
        let members = match decision.office.of(program).map(|office| &office.kind) {
            Some(ActorKind::Office { members, .. }) => members.clone(),
            _ => Vec::new(),
        };
        let member = |report: &Report| {
            let actor = program.actor(&report.content.actor.as_ref()?.name)?;
            let recused = decision.without_party && party == Some(actor);
            (members.contains(&actor) && !recused).then(|| self.actor_name(actor))?
        };
        let mut said: Vec<(Name, Rc<Report>)> = Vec::new();
        for report in self.spoken(act) {
            let record = &report.content;
            let about = record.about.is_empty() || record.about.iter().any(|n| names.contains(n));
            let kind = record.object.as_ref().is_some_and(|object| &*object.kind == label);
            if let (true, true, true, Some(name)) =
                (about, kind, record.time.start.1 >= since, member(&report))
            {
                said.push((name, report));
            }
        }
        said.sort_by_key(|(_, one)| (one.content.time.start.1, one.content.id.clone()));
        let all = said.iter().map(|(_, report)| report.content.id.clone()).collect();
        let mut by: Vec<(Name, Rc<Report>)> = Vec::new();
        for (name, report) in said {
            if !by.iter().any(|(other, _)| *other == name) {
                by.push((name, report));
            }
        }
        let last = (decision.needed as usize).checked_sub(1).and_then(|at| by.get(at));
        let at = last.map(|(_, report)| report.content.time.start);
        Adoption { by, at, all }
    }
}

/// 10.1: a head reads every key of the rule.
fn with_keys(head: &Condition, keys: &[Key]) -> Condition {
    let mut head = head.clone();
    for same in head.same_mut() {
        *same = keys.to_vec();
    }
    head
}

/// Why it is unknown whether a fact has a key value.
fn key_reason(value: &Value) -> Reason {
    match value {
        Value::Party(_) => Reason::AttributionUndetermined,
        Value::Zone(..) => Reason::PlaceUncertain,
        Value::Item(_) | Value::Recipient(_) => Reason::CategoryUnknown,
    }
}
