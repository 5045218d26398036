//! What a rule has said so far, and what becomes different of it.
//!
//! Invariant: whatever takes the place of something else is told with it.

use crate::{
    fact::{Fact, Kind},
    store::IncidentId,
    world::Product,
};
use casus_model::{Cause, Finding, Name, program::RuleId};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

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

/// The findings of one rule.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub findings: BTreeMap<Name, Finding>,
    /// Those that were judged by partitions.
    pub by_part: hashbrown::HashMap<Name, Finding>,
    /// Of a prohibition: the findings on each incident.
    pub by_incident: HashMap<IncidentId, Vec<Name>>,
    /// Of a prohibition: how many findings name whom.
    pub named: HashMap<Name, usize>,
    /// Of a prohibition: the standing of those whom no finding names.
    pub standing: BTreeMap<Name, Finding>,
    pub ever: bool,
}

/// Where differences go, if anybody asks.
pub(crate) struct Sink<'d> {
    pub cause: &'d Cause,
    pub tell: Option<&'d mut Vec<Difference>>,
}

impl Sink<'_> {
    pub fn tell(&mut self, before: Option<Finding>, after: Option<&Finding>) {
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
pub(crate) fn replace_all(
    old: &mut BTreeMap<Name, Finding>,
    new: Vec<Finding>,
    sink: &mut Sink<'_>,
) {
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
pub(crate) type FactChanges = Vec<(Name, Option<Arc<Fact>>)>;

impl Judged {
    /// Puts the new findings on one incident in the place of the old.
    pub fn replace(
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
    pub fn take_each(&mut self, rule: RuleId, facts: FactChanges) -> bool {
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
    pub fn take_all(
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
