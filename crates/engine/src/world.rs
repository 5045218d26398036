//! What the judging of one rule can see: the program, the evidence, what earlier rules made of it,
//! and the clock.
//!
//! Invariant: facts are handed out in the order of `Fact::order`.

use crate::{
    fact::{Fact, Kind, Parties, join},
    moments::When,
    near_in_time::Spread,
    report::Report,
    spanning::{Buckets, StateSpans},
    store::{IncidentId, Store},
    zones::Zones,
};
use casus_model::{
    Confidence, Instant, Name, Occurred, Program, Reason, Tri,
    program::{ActId, ActorId, ActorKind, Key, Rule, RuleId, Standard, What},
};
use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};

/// What one rule has produced.
#[derive(Debug, Default)]
pub(crate) struct Product {
    pub facts: BTreeMap<(Name, Kind), Arc<Fact>>,
    pub states: Vec<StateSpans>,
}

/// The address of a pattern, and the keys that its facts are sorted by.
type PatternKeys = (usize, Vec<Key>);

/// The view of one rule.
pub(crate) struct World<'a> {
    pub program: &'a Program,
    pub store: &'a Store,
    pub zones: &'a Zones,
    /// By rule.
    pub products: &'a [Product],
    pub now: Instant,
    pub rule_id: RuleId,
    pub rule: &'a Rule,
    /// Facts by the address of the program's pattern that asked for them.
    pub cache: RefCell<HashMap<usize, Rc<Vec<Arc<Fact>>>>>,
    /// The same, by their keys.
    pub by_key: RefCell<HashMap<PatternKeys, Rc<Buckets>>>,
    /// How far their times reach, by the same address.
    pub spreads: RefCell<HashMap<usize, Spread>>,
    pub from_cell: OnceCell<When>,
    pub until_cell: OnceCell<When>,
    /// The rules that permit what this one forbids.
    pub permits: OnceCell<Vec<World<'a>>>,
}

impl<'a> World<'a> {
    /// The view of a rule, nothing looked up yet; none for an unknown rule.
    pub(crate) fn new(
        program: &'a Program,
        store: &'a Store,
        zones: &'a Zones,
        products: &'a [Product],
        now: Instant,
        rule_id: RuleId,
    ) -> Option<World<'a>> {
        Some(World {
            program,
            store,
            zones,
            products,
            now,
            rule_id,
            rule: rule_id.of(program)?,
            cache: RefCell::default(),
            by_key: RefCell::default(),
            spreads: RefCell::default(),
            from_cell: OnceCell::new(),
            until_cell: OnceCell::new(),
            permits: OnceCell::new(),
        })
    }

    /// The same view for another rule.
    pub(crate) fn for_rule(&self, rule_id: RuleId) -> Option<World<'a>> {
        World::new(self.program, self.store, self.zones, self.products, self.now, rule_id)
    }

    pub(crate) fn lateness_ms(&self) -> i64 {
        self.program.lateness_ms
    }

    /// The actors whose kind is `Party`.
    pub(crate) fn parties(&self) -> impl Iterator<Item = ActorId> + 'a {
        let actors = self.program.actors.iter().enumerate();
        let parties = actors.filter(|(_, actor)| actor.kind == ActorKind::Party);
        parties.map(|(at, _)| ActorId(at as u32))
    }

    pub(crate) fn is_party(&self, actor: ActorId) -> bool {
        actor.of(self.program).is_some_and(|actor| actor.kind == ActorKind::Party)
    }

    pub(crate) fn actor_name(&self, actor: ActorId) -> Name {
        actor.of(self.program).map_or_else(|| Name::from(""), |actor| actor.name.clone())
    }

    /// All facts that may be of this kind.
    pub(crate) fn facts(&self, what: &What) -> Vec<Arc<Fact>> {
        let mut facts = match what {
            What::Act(acts) => self.incident_facts(acts, false),
            What::Breach(rule) => self.derived(*rule, Kind::Breach(*rule)),
            What::Found(rule) => self.derived(*rule, Kind::Found(*rule)),
            What::Adopted(rule) => self.derived(*rule, Kind::Adopted(*rule)),
            What::Refused(rule) => self.derived(*rule, Kind::Refused(*rule)),
            What::Met(rule) => self.derived(*rule, Kind::Met(*rule)),
            What::Missed(rule) => self.derived(*rule, Kind::Missed(*rule)),
            What::Begin(rule) => self.derived(*rule, Kind::Begin(*rule)),
            What::End(rule) => self.derived(*rule, Kind::End(*rule)),
            What::AnyOf(all) => all.iter().flat_map(|one| self.facts(one)).collect(),
        };
        facts.sort_by(|a, b| a.order().cmp(&b.order()));
        facts
    }

    /// The incidents whose reports were all withdrawn and may have been of this kind.
    pub(crate) fn withdrawn(&self, what: &What) -> Vec<Arc<Fact>> {
        let What::Act(acts) = what else { return Vec::new() };
        let mut facts = self.incident_facts(acts, true);
        facts.sort_by(|a, b| a.order().cmp(&b.order()));
        facts
    }

    fn derived(&self, rule: RuleId, kind: Kind) -> Vec<Arc<Fact>> {
        let facts = self.products.get(rule.index()).map(|product| product.facts.values());
        facts.into_iter().flatten().filter(|fact| fact.kind == kind).cloned().collect()
    }

    fn incident_facts(&self, acts: &[ActId], withdrawn: bool) -> Vec<Arc<Fact>> {
        let incidents = self.incidents_of(acts).into_iter();
        incidents
            .filter_map(|incident| self.incident_fact(incident, &self.rule.standard, withdrawn))
            .map(Arc::new)
            .collect()
    }

    /// The incidents with a report of one of the acts, of a case of one, or of a wider act.
    pub(crate) fn incidents_of(&self, acts: &[ActId]) -> Vec<IncidentId> {
        let mut incidents: Vec<IncidentId> = Vec::new();
        for at in related_acts(self.program, acts) {
            incidents.extend(self.store.of_act(at));
        }
        incidents.sort_unstable();
        incidents.dedup();
        incidents
    }

    /// The incident as a fact under a standard; none where nothing may have happened.
    pub(crate) fn incident_fact(
        &self,
        incident: IncidentId,
        standard: &Standard,
        withdrawn: bool,
    ) -> Option<Fact> {
        let any_live = self.store.members(incident).any(|(_, report)| report.live);
        if any_live == withdrawn {
            return None;
        }
        let mut counted: Vec<(u32, &Report)> = self
            .store
            .members(incident)
            .filter(|(_, report)| report.live || withdrawn && report.has_content())
            .collect();
        let corroborated = corroborated(&counted);
        let happened = |report: &Report| report.happened(standard, corroborated);
        let status = counted.iter().map(|(_, one)| happened(one).0).max()?;
        if status.is_no() {
            return None;
        }
        counted.retain(|(_, report)| happened(report).0 == status);
        let act_low = counted.iter().map(|(_, one)| happened(one).1).max().unwrap_or(0);
        let attributions = counted
            .iter()
            .filter_map(|(_, one)| one.record().actor.as_ref().map(|a| a.confidence.low));
        let attribution_low = attributions.max().unwrap_or(0);
        let time = joint_time(&counted);
        let name = self.store.incident(incident)?.name.clone();
        let mut fact = Fact::derived(name, Kind::Incident, status, time);
        fact.reason = Reason::ActUnconfirmed;
        fact.parties = self.responsible(&counted, standard);
        fact.item =
            only(counted.iter().map(|(_, one)| {
                one.record().object.as_ref().and_then(|object| object.item.as_ref())
            }));
        fact.recipient = only(counted.iter().map(|(_, one)| one.record().recipient.as_ref()));
        fact.receipt = counted.iter().map(|(_, one)| one.first_known).min().unwrap_or(Instant::MAX);
        fact.settled = counted.iter().map(|(_, one)| one.settled).min().unwrap_or(Instant::MAX);
        fact.act_low = act_low;
        fact.attribution_low = attribution_low;
        fact.grounds = counted.iter().map(|(at, _)| *at).collect();
        fact.incident = Some(incident);
        fact.records = counted.iter().flat_map(|(_, one)| one.records().to_vec()).collect();
        Some(fact)
    }

    fn responsible(&self, counted: &[(u32, &Report)], standard: &Standard) -> Parties {
        let naming: Vec<&Report> =
            counted.iter().map(|(_, one)| *one).filter(|one| one.actor.is_some()).collect();
        if naming.is_empty() {
            return Parties::anybody();
        }
        let each: Vec<Parties> =
            naming.iter().map(|report| self.responsible_by(report, standard)).collect();
        let mut actors: Vec<ActorId> =
            each.iter().flat_map(|one| one.these.iter().map(|(actor, _)| *actor)).collect();
        actors.sort_unstable();
        actors.dedup();
        let joined = |actor: ActorId| join(each.iter().map(|one| one.of(actor))).0;
        Parties {
            these: actors.into_iter().map(|actor| (actor, joined(actor))).collect(),
            rest: join(each.iter().map(|one| one.rest)).0,
        }
    }

    /// Whether a report leaves it possible that one of these is responsible.
    pub(crate) fn may_be_by(&self, report: &Report, parties: &[ActorId]) -> bool {
        if report.actor.is_none() {
            return true;
        }
        let said = self.responsible_by(report, &self.rule.standard);
        parties.iter().any(|&party| said.of(party).is_possible())
    }

    fn responsible_by(&self, report: &Report, standard: &Standard) -> Parties {
        let record = report.record();
        let Some(Some(actor_id)) = report.actor else { return Parties::anybody() };
        let Some(actor) = actor_id.of(self.program) else { return Parties::anybody() };
        let confidence = record.actor.as_ref().map_or(Confidence::UNKNOWN, |one| one.confidence);
        let attributed = match confidence {
            Confidence { high, .. } if high <= 5 => Tri::No,
            Confidence { low, .. } if low >= standard.attribution => Tri::Yes,
            _ => Tri::Unknown,
        };
        let mut these = vec![(actor_id, attributed)];
        for answer in &actor.answered {
            let covers = answer.under.as_ref().is_none_or(|list| list.contains(&self.rule_id));
            let (earliest, latest) = record.time.start;
            if !covers || answer.from.is_some_and(|from| from > latest) {
                continue;
            }
            let sure = answer.strictly && answer.from.is_none_or(|from| from <= earliest);
            let liable = if sure { attributed } else { attributed.and(Tri::Unknown) };
            match these.iter_mut().find(|(one, _)| *one == answer.by) {
                Some((_, so_far)) => *so_far = so_far.or(liable),
                None => these.push((answer.by, liable)),
            }
        }
        Parties { these, rest: Tri::No }
    }
}

/// The acts that a report may be of to concern one of these: themselves, cases of them, and the
/// wider acts that they are cases of.
pub(crate) fn related_acts(program: &Program, acts: &[ActId]) -> Vec<ActId> {
    let above = |act: ActId| act.of(program).map_or(&[][..], |act| &act.above);
    let all = (0..program.acts.len()).map(|at| ActId(at as u32));
    all.filter(|&act| {
        acts.iter().any(|listed| above(act).contains(listed) || above(*listed).contains(&act))
    })
    .collect()
}

/// The acts whose reports are positions between which legs of these acts lie.
pub(crate) fn joined_acts(program: &Program, acts: &[ActId]) -> Vec<ActId> {
    let joins = acts.iter().filter_map(|act| act.of(program)?.joins);
    let of: Vec<ActId> = joins.map(|joins| joins.of).collect();
    related_acts(program, &of)
}

/// Whether two credible reports of different lineage stand beside each other.
pub(crate) fn corroborated(counted: &[(u32, &Report)]) -> bool {
    let mut lineages = counted
        .iter()
        .map(|(_, one)| one)
        .filter(|one| one.corroborates())
        .map(|one| one.record().source.lineage());
    let Some(first) = lineages.next() else { return false };
    lineages.any(|other| other != first)
}

/// What all accounts of the time agree on, or all that any of them says.
fn joint_time(counted: &[(u32, &Report)]) -> Occurred {
    let mut times = counted.iter().map(|(_, one)| one.record().time);
    let Some(first) = times.next() else { return Occurred::at(Instant::MIN) };
    let met = times.clone().try_fold(first, |so_far, next| so_far.meet(&next));
    met.unwrap_or_else(|| times.fold(first, |so_far, next| so_far.hull(&next)))
}

/// The only value that is named, or none.
fn only<'n>(mut values: impl Iterator<Item = Option<&'n Name>>) -> Option<Name> {
    let first = values.by_ref().flatten().next()?;
    values.flatten().all(|other| other == first).then(|| first.clone())
}
