//! The engine: takes changes, judges what they touch, and tells what became different.
//!
//! Invariant: the sum of all differences is the set of findings.

use crate::{
    fact::{Fact, Kind},
    reads::Reads,
    store::{IncidentId, Store},
    world::{Product, World},
    zones::Zones,
};
use casus_model::{
    Cause, Finding, Instant, Name, Program, Record,
    program::{ActId, Body, RuleId},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// What may happen to an engine.
#[derive(Clone, Debug)]
pub enum Change {
    /// Records come in, of any kind: reports, corrections, withdrawals, decisions of people.
    Records(Vec<Record>),
    /// The clock advances; an earlier instant changes nothing.
    Clock(Instant),
}

/// What became different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The finding as it was.
    pub before: Option<Finding>,
    /// The finding as it is.
    pub after: Option<Finding>,
    /// Why: the finding's own cause, or what took it away.
    pub cause: Cause,
}

/// A program with evidence and a clock.
#[derive(Debug)]
pub struct Engine {
    program: Arc<Program>,
    zones: Zones,
    reads: Vec<Reads>,
    store: Store,
    /// Records that are known only after the clock.
    held: BTreeMap<Instant, Vec<Record>>,
    now: Instant,
    products: Vec<Product>,
    judged: Vec<Judged>,
}

/// The findings of one rule.
#[derive(Debug, Default)]
struct Judged {
    findings: BTreeMap<Name, Finding>,
    /// Of a prohibition: the findings on each incident.
    by_incident: HashMap<IncidentId, Vec<Name>>,
    /// Of a prohibition: how many findings name whom.
    named: HashMap<Name, usize>,
    /// Of a prohibition: the standing of those whom no finding names.
    standing: BTreeMap<Name, Finding>,
    ever: bool,
}

/// What one change has touched so far.
#[derive(Debug, Default)]
struct Touched {
    incidents: BTreeSet<IncidentId>,
    acts: BTreeSet<ActId>,
    procedures: bool,
    clock: bool,
    rules: BTreeSet<RuleId>,
}

/// Everything a rule yields when judged as a whole.
#[derive(Default)]
struct Yield {
    findings: Vec<Finding>,
    facts: Vec<Arc<Fact>>,
    states: Vec<crate::spanning::StateSpans>,
}

impl Engine {
    /// An engine without evidence, its clock before all time.
    pub fn new(program: Arc<Program>) -> Engine {
        let rules = || (0..program.rules.len()).map(|at| RuleId(at as u32));
        Engine {
            zones: Zones::new(&program.zones),
            reads: rules().map(|rule| Reads::new(&program, rule)).collect(),
            store: Store::default(),
            held: BTreeMap::new(),
            now: Instant::MIN,
            products: rules().map(|_| Product::default()).collect(),
            judged: rules().map(|_| Judged::default()).collect(),
            program,
        }
    }

    /// The program that is judged by.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The clock.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How many records are held back because they are known only after the clock.
    pub fn held_back(&self) -> usize {
        self.held.values().map(Vec::len).sum()
    }

    /// The content that counts of the report with this id.
    pub fn record(&self, id: &str) -> Option<&Record> {
        self.store.report_named(id).map(|report| report.record())
    }

    /// All findings, in the order of the text, then of time.
    pub fn findings(&self) -> Vec<&Finding> {
        let mut all = Vec::new();
        for judged in &self.judged {
            let from = all.len();
            all.extend(judged.findings.values().chain(judged.standing.values()));
            if let Some(own) = all.get_mut(from..) {
                own.sort_by(|a: &&Finding, b: &&Finding| {
                    (a.from, &a.party, &a.key, &a.id).cmp(&(b.from, &b.party, &b.key, &b.id))
                });
            }
        }
        all
    }

    /// Takes a change and tells what became different.
    pub fn apply(&mut self, change: Change) -> Vec<Difference> {
        let mut differences = Vec::new();
        self.change(change, Some(&mut differences));
        differences
    }

    /// Takes a change and tells nothing: for what is loaded at once.
    pub fn load(&mut self, change: Change) {
        self.change(change, None);
    }

    fn change(&mut self, change: Change, tell: Option<&mut Vec<Difference>>) {
        let mut touched = Touched::default();
        let mut newest = None;
        let mut records = Vec::new();
        match change {
            Change::Records(list) => {
                records = list;
                for late in records.extract_if(.., |record| record.known > self.now) {
                    self.held.entry(late.known).or_default().push(late);
                }
            }
            Change::Clock(now) if now > self.now => {
                self.now = now;
                touched.clock = true;
                let later = self.held.split_off(&now.plus_ms(1));
                records.extend(std::mem::replace(&mut self.held, later).into_values().flatten());
            }
            Change::Clock(_) => {}
        }
        for record in records {
            let key = (record.known, record.id.clone());
            newest = newest.max(Some(key));
            self.take(record, &mut touched);
        }
        let cause = match newest {
            Some((_, id)) => Cause::Record(id),
            None => Cause::Clock(self.now),
        };
        self.judge(touched, &mut Sink { cause: &cause, tell });
    }

    fn take(&mut self, record: Record, touched: &mut Touched) {
        let id = record.id.clone();
        let before = self.store.report_named(&id).map(|report| (report.act, report.procedure));
        let changed = self.store.add(record, &self.program);
        if changed.is_empty() {
            return;
        }
        let after = self.store.report_named(&id).map(|report| (report.act, report.procedure));
        for (act, procedure) in before.into_iter().chain(after) {
            touched.acts.extend(act);
            touched.procedures |= procedure.is_some();
        }
        for &incident in &changed {
            touched.acts.extend(self.store.incident(incident).and_then(|one| one.leg));
            touched.acts.extend(self.store.members(incident).filter_map(|(_, one)| one.act));
        }
        touched.incidents.extend(changed);
    }

    fn judge(&mut self, mut touched: Touched, sink: &mut Sink<'_>) {
        let program = Arc::clone(&self.program);
        for stratum in &program.strata {
            for &rule in stratum {
                self.judge_rule(&program, rule, &mut touched, sink);
            }
        }
    }

    fn judge_rule(
        &mut self,
        program: &Program,
        rule_id: RuleId,
        touched: &mut Touched,
        sink: &mut Sink<'_>,
    ) {
        let at = rule_id.index();
        let (Some(rule), Some(reads)) = (rule_id.of(program), self.reads.get(at)) else { return };
        let first = self.judged.get(at).is_some_and(|judged| !judged.ever);
        let aside = !reads.aside.is_disjoint(&touched.acts)
            || !reads.rules.is_disjoint(&touched.rules)
            || reads.procedures && touched.procedures;
        let main = !reads.main.is_disjoint(&touched.acts);
        let world =
            World::new(program, &self.store, &self.zones, &self.products, self.now, rule_id);
        let (Some(world), Some(judged)) = (world, self.judged.get_mut(at)) else { return };
        judged.ever = true;
        let changed = if let Body::MustNot { bearers, deeds } = &rule.body {
            let all = aside || reads.clock && touched.clock;
            let incidents: BTreeSet<IncidentId> = match (all, main) {
                (true, _) => {
                    let known = judged.by_incident.keys().copied();
                    let acts: Vec<ActId> = reads.main.iter().copied().collect();
                    known.chain(world.incidents_of(&acts)).collect()
                }
                (false, true) => touched.incidents.clone(),
                (false, false) => BTreeSet::new(),
            };
            let mut facts = Vec::new();
            for &incident in &incidents {
                let outcomes = world.prohibited(bearers, deeds, incident);
                judged.replace(incident, outcomes, sink, &mut facts);
            }
            let standing = world.standing(bearers, deeds, |actor| {
                judged.named.contains_key(&world.actor_name(actor))
            });
            replace_all(&mut judged.standing, standing, sink);
            self.products.get_mut(at).is_some_and(|product| product.take_each(rule_id, facts))
        } else if first || aside || touched.clock {
            let all = world.yielded();
            replace_all(&mut judged.findings, all.findings, sink);
            let product = self.products.get_mut(at);
            let changed = product.is_some_and(|product| product.take_all(all.facts, all.states));
            changed || matches!(rule.body, Body::May(_))
        } else {
            false
        };
        if changed {
            touched.rules.insert(rule_id);
        }
    }
}

impl World<'_> {
    /// Judges the rule as a whole.
    fn yielded(&self) -> Yield {
        let mut all = Yield::default();
        match &self.rule.body {
            Body::MustNot { .. } | Body::May(_) => {}
            Body::Must(duty) => {
                for (finding, facts) in self.duties(duty) {
                    all.findings.push(finding);
                    all.facts.extend(facts);
                }
            }
            Body::Response(response) => {
                for (finding, facts) in self.responses(response) {
                    all.findings.push(finding);
                    all.facts.extend(facts);
                }
            }
            Body::Keep(keep) => {
                for (finding, fact) in self.limits(keep) {
                    all.findings.push(finding);
                    all.facts.extend(fact);
                }
            }
            Body::Finding(determination) => {
                for made in self.determinations(determination) {
                    let (finding, found) = made.found;
                    all.findings.push(finding);
                    all.facts.extend(found);
                    all.facts.extend(made.answered);
                    if let Some((finding, facts)) = made.duty {
                        all.findings.push(finding);
                        all.facts.extend(facts);
                    }
                }
                if let Some(power) = &determination.power {
                    all.states = self.in_effect(determination, power, &all.facts);
                }
            }
            Body::State(state) => {
                let stated = self.states(state);
                all.findings = stated.findings;
                all.facts = stated.facts;
                all.states = stated.states;
            }
        }
        all
    }
}

/// Where differences go, if anybody asks.
struct Sink<'d> {
    cause: &'d Cause,
    tell: Option<&'d mut Vec<Difference>>,
}

impl Sink<'_> {
    fn tell(&mut self, before: Option<Finding>, after: Option<&Finding>) {
        let Some(differences) = &mut self.tell else { return };
        let after = after.cloned();
        let cause = match &after {
            Some(after) => after.cause.clone(),
            None => self.cause.clone(),
        };
        differences.push(Difference { before, after, cause });
    }
}

/// Puts new findings in the place of all old ones.
fn replace_all(old: &mut BTreeMap<Name, Finding>, new: Vec<Finding>, sink: &mut Sink<'_>) {
    let mut before = std::mem::take(old);
    for finding in new {
        let id = finding.id.clone();
        match before.remove(&id) {
            Some(same) if same == finding => {}
            was => sink.tell(was, Some(&finding)),
        }
        old.insert(id, finding);
    }
    for gone in before.into_values() {
        sink.tell(Some(gone), None);
    }
}

/// The facts of a prohibition that go and those that come, by id.
type FactChanges = Vec<(Name, Option<Arc<Fact>>)>;

impl Judged {
    /// Puts the new findings on one incident in the place of the old.
    fn replace(
        &mut self,
        incident: IncidentId,
        outcomes: Vec<crate::prohibition::Outcome>,
        sink: &mut Sink<'_>,
        facts: &mut FactChanges,
    ) {
        let old = self.by_incident.remove(&incident).unwrap_or_default();
        if old.is_empty() && outcomes.is_empty() {
            return;
        }
        let mut before: BTreeMap<Name, Finding> = BTreeMap::new();
        for id in old {
            if let Some(finding) = self.findings.remove(&id) {
                self.count(&finding, false);
                before.insert(id, finding);
            }
        }
        let mut ids = Vec::with_capacity(outcomes.len());
        for (finding, breach) in outcomes {
            let id = finding.id.clone();
            match before.remove(&id) {
                Some(same) if same == finding => {}
                was => sink.tell(was, Some(&finding)),
            }
            facts.push((id.clone(), breach));
            self.count(&finding, true);
            self.findings.insert(id.clone(), finding);
            ids.push(id);
        }
        for (id, gone) in before {
            facts.push((id, None));
            sink.tell(Some(gone), None);
        }
        if !ids.is_empty() {
            self.by_incident.insert(incident, ids);
        }
    }

    fn count(&mut self, finding: &Finding, add: bool) {
        for name in finding.party.iter().chain(&finding.candidates) {
            let count = self.named.entry(name.clone()).or_default();
            *count = if add { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                self.named.remove(name);
            }
        }
    }
}

impl Product {
    /// Takes the breaches of single incidents; whether anything changed.
    fn take_each(&mut self, rule: RuleId, facts: FactChanges) -> bool {
        let mut changed = false;
        for (id, fact) in facts {
            let key = (id, Kind::Breach(rule));
            match fact {
                Some(fact) => {
                    changed |= self.facts.get(&key) != Some(&fact);
                    self.facts.insert(key, fact);
                }
                None => changed |= self.facts.remove(&key).is_some(),
            }
        }
        changed
    }

    /// Takes everything anew; whether anything changed.
    fn take_all(
        &mut self,
        facts: Vec<Arc<Fact>>,
        states: Vec<crate::spanning::StateSpans>,
    ) -> bool {
        let keyed = facts.into_iter().map(|fact| ((fact.id.clone(), fact.kind), fact));
        let facts: BTreeMap<_, _> = keyed.collect();
        let changed = facts != self.facts || states != self.states;
        self.facts = facts;
        self.states = states;
        changed
    }
}
