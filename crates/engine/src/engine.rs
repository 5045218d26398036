//! The engine: takes changes, judges what they touch, and tells what became different.
//!
//! Invariant: the sum of all differences is the set of findings.

use crate::{
    fact::Fact,
    keyed::{Around, Keyed, Unkeyed},
    late::Late,
    reads::Reads,
    store::{IncidentId, Store},
    told::{Difference, Judged, Sink, replace_all},
    world::{Product, World},
    zones::Zones,
};
use casus_model::{
    Cause, Columns, Finding, Instant, Name, Program, Record,
    program::{ActId, Body, RuleId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What may happen to an engine.
#[derive(Clone, Debug)]
pub enum Change {
    /// Records come in, of any kind: reports, corrections, withdrawals, decisions of people.
    Records(Vec<Record>),
    /// The same, of records that are alike.
    Columns(Box<Columns>),
    /// The clock advances; an earlier instant changes nothing.
    Clock(Instant),
}

/// A program with evidence and a clock.
#[derive(Debug)]
pub struct Engine {
    program: Arc<Program>,
    zones: Zones,
    reads: Vec<Reads>,
    store: Store,
    keyed: Keyed,
    /// Records that are known only after the clock.
    held: BTreeMap<Instant, Vec<Record>>,
    late: Late,
    now: Instant,
    products: Vec<Product>,
    judged: Vec<Judged>,
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
        let reads: Vec<Reads> = rules().map(|rule| Reads::new(&program, rule)).collect();
        Engine {
            zones: Zones::new(&program.zones),
            keyed: Keyed::new(&program, &reads),
            reads,
            store: Store::default(),
            held: BTreeMap::new(),
            late: Late::default(),
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

    /// Lets go of what nothing can change any more that comes within the horizon, where the
    /// agreement has one; the findings made of it stay. What would reach back behind that is late
    /// from now on, whenever it says that it became known.
    pub fn retire(&mut self) {
        let Some(horizon_ms) = self.program.horizon_ms.filter(|_| self.now > Instant::MIN) else {
            return;
        };
        self.keyed.retire(self.now.plus_ms(-horizon_ms), &self.program.calendar);
        self.late.forget(self.now);
    }

    /// How many rows are held.
    pub fn rows(&self) -> usize {
        self.keyed.rows()
    }

    /// How many changes of incidents were left out of some rules: they belong to no one partition,
    /// and older facts were let go of, without which all cannot be judged anew.
    pub fn unplaced(&self) -> u64 {
        self.late.unplaced
    }

    /// How many records came after the horizon and are not judged.
    pub fn late(&self) -> u64 {
        self.late.count
    }

    /// The content that counts of the report with this id; none of a row that was not brought.
    pub fn record(&self, id: &str) -> Option<&Record> {
        self.store.report_named(id).map(|report| report.record())
    }

    /// Whether there is a report with this id.
    pub fn holds(&mut self, id: &str) -> bool {
        self.store.report_named(id).is_some() || self.keyed.holds(id)
    }

    /// Lays the reports with these ids where `record` finds them; no finding changes by it.
    pub fn bring(&mut self, ids: &[Name]) {
        let mut touched = Touched::default();
        for id in ids {
            let changed = self.promote(id);
            self.refresh(&changed, &mut touched);
        }
        let cause = Cause::Clock(self.now);
        self.judge(touched, &mut Sink { cause: &cause, tell: None });
    }

    /// Every version of every record that was taken in, in no order that means anything.
    pub fn into_records(mut self) -> Vec<Record> {
        let (rows, _) = self.keyed.give_up();
        let held = self.held.into_values().flatten();
        let late = self.late.into_records();
        self.store.into_records().chain(held).chain(rows).chain(late).collect()
    }

    /// All findings, in the order of the text, then of time.
    pub fn findings(&self) -> Vec<&Finding> {
        let mut all = Vec::new();
        for judged in &self.judged {
            let from = all.len();
            all.extend(judged.findings.values().chain(judged.standing.values()));
            all.extend(judged.by_part.values());
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

    /// Takes in rows before the clock is known; those that have to come as records are given back.
    /// They are judged at the next change; what turns out to be known only after the clock is held
    /// back then.
    pub fn preload(&mut self, columns: &Columns) -> Vec<Record> {
        let columns = self.late.sift_columns(&self.program, columns);
        let (keyed, around) = self.parted();
        keyed.load(&columns, around)
    }

    /// What is judged by partitions, and what it is judged with.
    fn parted(&mut self) -> (&mut Keyed, Around<'_>) {
        let Engine { program, store, zones, products, now, keyed, .. } = self;
        (keyed, Around { program, store, zones, products, now: *now })
    }

    /// The records of rows; those that are known only after the clock are held back.
    fn take_columns(&mut self, columns: &Columns) -> Vec<Record> {
        if columns.known.iter().any(|&known| known > self.now) {
            let all = (0..columns.len()).filter_map(|row| columns.record(row)).collect();
            return self.late.sift(&self.program, all);
        }
        self.preload(columns)
    }

    /// Takes rows and records at a clock, and tells what became different; an earlier instant
    /// leaves the clock where it is.
    pub fn apply_together(
        &mut self,
        now: Instant,
        columns: Option<&Columns>,
        records: Vec<Record>,
    ) -> Vec<Difference> {
        let mut differences = Vec::new();
        self.together(now, columns, records, Some(&mut differences));
        differences
    }

    fn change(&mut self, change: Change, tell: Option<&mut Vec<Difference>>) {
        let now = self.now;
        match change {
            Change::Records(records) => self.together(now, None, records, tell),
            Change::Columns(columns) => self.together(now, Some(&columns), Vec::new(), tell),
            Change::Clock(now) => self.together(now, None, Vec::new(), tell),
        }
    }

    fn together(
        &mut self,
        now: Instant,
        columns: Option<&Columns>,
        mut records: Vec<Record>,
        tell: Option<&mut Vec<Difference>>,
    ) {
        let mut touched = Touched::default();
        records = self.late.sift(&self.program, records);
        if now > self.now {
            self.now = now;
            touched.clock = true;
            let (keyed, around) = self.parted();
            for late in keyed.known_after(now, around) {
                self.held.entry(late.known).or_default().push(late);
            }
            let later = self.held.split_off(&now.plus_ms(1));
            records.extend(std::mem::replace(&mut self.held, later).into_values().flatten());
        }
        let mut newest = None;
        if let Some(columns) = columns {
            let rows = (0..columns.len()).filter_map(|row| columns.row(row));
            let last = rows.map(|row| (row.known, row.id)).max();
            newest = last.map(|(known, id)| (known, Name::from(id)));
            records.extend(self.take_columns(columns));
        }
        for late in records.extract_if(.., |record| record.known > self.now) {
            self.held.entry(late.known).or_default().push(late);
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

    /// Moves a row that has this name into the store; the incident that it is there.
    fn promote(&mut self, name: &str) -> Vec<IncidentId> {
        let (keyed, around) = self.parted();
        let record = keyed.promote(name, around);
        record.map(|record| self.store.add(record, &self.program)).unwrap_or_default()
    }

    fn take(&mut self, record: Record, touched: &mut Touched) {
        let mut changed = self.promote(&record.id);
        changed.extend(self.promote(record.incident()));
        let id = record.id.clone();
        let before = self.store.report_named(&id).map(|report| (report.act, report.procedure));
        changed.extend(self.store.add(record, &self.program));
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
        self.refresh(&changed, touched);
        touched.incidents.extend(changed);
    }

    /// Puts the facts of incidents into their partitions.
    fn refresh(&mut self, incidents: &[IncidentId], touched: &mut Touched) {
        for &incident in incidents {
            let (keyed, around) = self.parted();
            match keyed.refresh(incident, around) {
                Err(Unkeyed) if self.late.retired.is_some() => self.late.unplaced += 1,
                Err(Unkeyed) => self.give_up_keys(touched),
                Ok(()) => {}
            }
        }
    }

    /// Judges in the plain way what was judged by partitions.
    fn give_up_keys(&mut self, touched: &mut Touched) {
        let (records, rules) = self.keyed.give_up();
        for record in records {
            for incident in self.store.add(record, &self.program) {
                let members = self.store.members(incident);
                touched.acts.extend(members.filter_map(|(_, one)| one.act));
                touched.incidents.insert(incident);
            }
        }
        for rule in rules {
            if let Some(judged) = self.judged.get_mut(rule.index()) {
                judged.ever = false;
                judged.findings.extend(judged.by_part.drain());
            }
        }
    }

    fn judge(&mut self, mut touched: Touched, sink: &mut Sink<'_>) {
        let program = Arc::clone(&self.program);
        for stratum in &program.strata {
            for &rule in stratum {
                self.judge_rule(&program, rule, &mut touched, sink);
            }
        }
    }

    /// Judges the partitions of a rule that have changed.
    fn judge_parts(&mut self, rule_id: RuleId, sink: &mut Sink<'_>) {
        let (keyed, around) = self.parted();
        let changed = keyed.judge(rule_id, around);
        let Some(judged) = self.judged.get_mut(rule_id.index()) else { return };
        let mut before: BTreeMap<Name, Finding> = BTreeMap::new();
        let mut after = Vec::new();
        for (gone, finding) in changed {
            let gone = gone.and_then(|name| judged.by_part.remove_entry(&name));
            before.extend(gone);
            after.extend(finding);
        }
        for finding in after {
            let id = finding.id.clone();
            if sink.tell.is_some() {
                match before.remove(&id).or_else(|| judged.by_part.remove(&id)) {
                    Some(same) if same == finding => {}
                    was => sink.tell(was, Some(&finding)),
                }
            }
            judged.by_part.insert(id, finding);
        }
        for gone in before.into_values() {
            sink.tell(Some(gone), None);
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
        if self.keyed.has(rule_id) {
            if self.keyed.is_due(rule_id, self.now) {
                self.judge_parts(rule_id, sink);
            }
            return;
        }
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
