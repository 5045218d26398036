//! The naive reference evaluator: `docs/semantics.md` said again, as plainly as possible.
//!
//! One file a section, in the order of that page. No index, no cache, nothing incremental: each
//! rule looks at every fact.
//!
//! Invariant: the findings are a function of the program, the records and the two instants.

mod amounts;
mod clause;
mod conclude;
mod conditions;
mod deciding;
mod defence;
mod determinations;
mod duties;
mod fact;
mod finding;
mod limits;
mod moments;
mod places;
mod prohibitions;
mod relations;
mod reports;
mod responses;
mod sessions;
mod spanning;
mod states;
mod sums;
mod tracks;
mod verdict;
mod watching;
mod who;

use casus_model::{
    Finding, Instant, Name, Program, Record, Spans,
    program::{ActorId, Body, FamilyId, Key, MeasureTest, Rule, RuleId, Standard, ZoneId},
};
use fact::Fact;
use reports::Incident;
use std::rc::Rc;

/// What stands when `records` are known as of `as_of` and the clock shows `now`.
pub fn evaluate(
    program: &Program,
    records: &[Record],
    as_of: Instant,
    now: Instant,
) -> Vec<Finding> {
    // 1.1a
    let is_late = |record: &Record| {
        let end = record.time.end.1;
        program.horizon_ms.is_some_and(|horizon| record.known > end.plus_ms(horizon))
    };
    let records: Vec<Record> = records.iter().filter(|one| !is_late(one)).cloned().collect();
    let mut incidents = reports::incidents(&records, as_of);
    incidents.extend(tracks::legs(program, &incidents));
    let mut world = World {
        program,
        now,
        incidents,
        derived: Vec::new(),
        states: Vec::new(),
        findings: Vec::new(),
    };
    for stratum in &program.strata {
        let outcomes: Vec<(RuleId, Outcome)> = stratum
            .iter()
            .filter_map(|id| Some((*id, Asking::new(&world, *id)?.judge())))
            .collect();
        for (id, outcome) in outcomes {
            world.derived.extend(outcome.derived);
            world.states.extend(outcome.states.into_iter().map(|(key, pair)| (id, key, pair)));
            world.findings.extend(outcome.findings.into_iter().map(|one| (id, one)));
        }
    }
    // 12.4
    let order = |(rule, finding): &(RuleId, Finding)| {
        let (party, key) = (finding.party.clone(), finding.key.clone());
        (*rule, finding.from, party, key, finding.id.clone())
    };
    world.findings.sort_by_key(order);
    world.findings.into_iter().map(|(_, finding)| finding).collect()
}

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Party(ActorId),
    Zone(FamilyId, ZoneId),
    Item(Name),
    Recipient(Name),
}

impl Value {
    fn key(&self) -> Key {
        match self {
            Value::Party(_) => Key::Party,
            Value::Zone(family, _) => Key::Family(*family),
            Value::Item(_) => Key::Item,
            Value::Recipient(_) => Key::Recipient,
        }
    }
}

/// A set of instants, twice: surely (lower) and possibly (upper).
#[derive(Clone, Debug, PartialEq)]
struct Pair {
    lower: Spans,
    upper: Spans,
}

/// All that is known, and what the earlier strata made of it.
struct World<'a> {
    program: &'a Program,
    now: Instant,
    incidents: Vec<Incident>,
    derived: Vec<Fact>,
    states: Vec<(RuleId, Vec<Value>, Pair)>,
    findings: Vec<(RuleId, Finding)>,
}

/// What judging one rule gives.
#[derive(Default)]
struct Outcome {
    findings: Vec<Finding>,
    derived: Vec<Fact>,
    states: Vec<(Vec<Value>, Pair)>,
}

/// One rule, looking at the world under its standard.
struct Asking<'w> {
    world: &'w World<'w>,
    id: RuleId,
    rule: &'w Rule,
    standard: Standard,
    facts: Vec<Rc<Fact>>,
}

/// What is at hand where a pattern, a moment or a condition is read.
#[derive(Clone, Copy, Default)]
struct Here<'x> {
    /// `it`
    it: Option<&'x Fact>,
    /// Whose duty (or key, or line).
    bearer: Option<ActorId>,
    /// The values of the rule's key.
    key: &'x [Value],
    /// `Fact` conditions read only facts that start after this (upper: .0, lower: .1).
    after: Option<(Instant, Instant)>,
}

impl<'x> Here<'x> {
    fn at(it: &'x Fact) -> Here<'x> {
        Here { it: Some(it), ..Here::default() }
    }
    fn of(key: &'x [Value]) -> Here<'x> {
        let party = key.iter().find_map(|value| match value {
            Value::Party(party) => Some(*party),
            _ => None,
        });
        Here { key, bearer: party, ..Here::default() }
    }
}

impl<'w> Asking<'w> {
    fn new(world: &'w World<'w>, id: RuleId) -> Option<Asking<'w>> {
        let rule = id.of(world.program)?;
        let standard = rule.standard;
        let facts = world.facts(&standard);
        Some(Asking { world, id, rule, standard, facts })
    }
    fn judge(&self) -> Outcome {
        match &self.rule.body {
            Body::MustNot { bearers, deeds } => self.prohibition(bearers, deeds),
            Body::Must(duty) => self.duty(duty),
            Body::Keep(keep) => self.limit(keep),
            Body::May(_) => Outcome::default(),
            Body::Finding(determination) => self.determination(determination),
            Body::State(state) => self.state(state),
            Body::Response(response) => self.response(response),
        }
    }
}

impl World<'_> {
    /// Every fact as a standard sees it.
    fn facts(&self, standard: &Standard) -> Vec<Rc<Fact>> {
        let of_incident =
            |one: &Incident| fact::of_incident(self.program, one, &one.live(), standard);
        let incidents = self.incidents.iter().filter_map(of_incident);
        let derived = self.derived.iter().map(|fact| fact.seen_under(standard));
        incidents.chain(derived).map(Rc::new).collect()
    }
    /// 2.1, 7.9: what the withdrawn incidents were, by their last contents.
    fn withdrawn(&self, standard: &Standard) -> Vec<Rc<Fact>> {
        let gone = self.incidents.iter().filter(|incident| incident.live().is_empty());
        let facts = gone.filter_map(|incident| {
            fact::of_incident(self.program, incident, &incident.reports, standard)
        });
        facts.map(Rc::new).collect()
    }
}
