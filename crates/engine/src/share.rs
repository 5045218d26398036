//! A share of an agreement: which rules must be judged together, what they read, and an engine
//! that judges no others.
//!
//! Invariant: what an engine says of its share equals what an engine of all rules says of these
//! rules, given every incident that has a record of an act the share reads, and every record of
//! people's decisions.

use crate::{
    engine::Engine,
    reads::Reads,
    report::Procedure,
    world::{joined_acts, related_acts},
};
use casus_model::{
    Program,
    program::{ActId, Body, RuleId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Rules that read each other, directly or through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its rules.
    pub rules: BTreeSet<RuleId>,
    /// The acts whose records they may read.
    pub acts: BTreeSet<ActId>,
    /// An estimate of the work of judging them, without a unit.
    pub weight: u64,
}

/// All rules in bundles, by the first rule of each. No rule of one reads anything of another.
pub fn bundles(program: &Program) -> Vec<Bundle> {
    let count = program.rules.len();
    let reads: Vec<Reads> = (0..count).map(|at| Reads::new(program, RuleId(at as u32))).collect();
    let mut first: Vec<usize> = (0..count).collect();
    for (at, one) in reads.iter().enumerate() {
        for other in &one.rules {
            let (a, b) = (root(&first, at), root(&first, other.index()));
            if let Some(above) = first.get_mut(a.max(b)) {
                *above = a.min(b);
            }
        }
    }
    // Silence is read by every rule: who looked, and who was kept from looking.
    let looking: Vec<ActId> = (0..program.acts.len())
        .map(|at| ActId(at as u32))
        .filter(|id| {
            id.of(program).is_some_and(|act| !act.watches.is_empty() || !act.hinders.is_empty())
        })
        .collect();
    let looking = related_acts(program, &looking);
    let mut bundles: BTreeMap<usize, Bundle> = BTreeMap::new();
    for (at, one) in reads.iter().enumerate() {
        let bundle = bundles.entry(root(&first, at)).or_insert_with(|| Bundle {
            rules: BTreeSet::new(),
            acts: looking.iter().copied().collect(),
            weight: 0,
        });
        let id = RuleId(at as u32);
        bundle.rules.insert(id);
        let read: Vec<ActId> = one.main.iter().chain(&one.aside).copied().collect();
        bundle.acts.extend(joined_acts(program, &read));
        bundle.acts.extend(read);
        bundle.weight += weight(program, id, one);
    }
    bundles.into_values().collect()
}

/// The first of those that are joined with this one.
fn root(first: &[usize], mut at: usize) -> usize {
    while let Some(&above) = first.get(at)
        && above != at
    {
        at = above;
    }
    at
}

/// A prohibition is judged incident by incident; any other rule as a whole, and again whenever
/// something that it reads changes.
fn weight(program: &Program, id: RuleId, reads: &Reads) -> u64 {
    let acts = reads.main.len() + reads.aside.len();
    let each = match id.of(program).map(|rule| &rule.body) {
        Some(Body::May(_)) | None => 0,
        Some(Body::MustNot { .. }) => 2,
        Some(Body::Must(_) | Body::Response(_)) => 3,
        Some(Body::Keep(_) | Body::Finding(_) | Body::State(_)) => 4,
    };
    1 + each * (1 + acts as u64)
}

/// Whether an act is one of people on the record of others: a claim, an adoption and so on. Every
/// rule may read records of these.
pub fn is_procedural(act: &str) -> bool {
    Procedure::of(act).is_some()
}

impl Engine {
    /// An engine that judges these rules alone; they have to be whole bundles.
    pub fn sharing(program: &Program, rules: &BTreeSet<RuleId>) -> Engine {
        let own = |stratum: &Vec<RuleId>| -> Vec<RuleId> {
            stratum.iter().copied().filter(|rule| rules.contains(rule)).collect()
        };
        let strata = program.strata.iter().map(own).collect();
        Engine::new(Arc::new(Program { strata, ..program.clone() }))
    }
}
