//! Which worker judges which rules, and which workers may read the records of which acts.
//!
//! Invariant: a plan follows from the program and the number of workers alone, so every process
//! makes the same; each rule is judged by one worker, with all rules that it reads.

use crate::workers::Workers;
use casus_engine::{Bundle, bundles, is_procedural};
use casus_model::{Program, program::RuleId};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Who judges what.
#[derive(Debug)]
pub(crate) struct Plan {
    /// By worker.
    rules: Vec<BTreeSet<RuleId>>,
    /// By the name of the act.
    readers: BTreeMap<String, Workers>,
    /// All that have a rule.
    busy: Workers,
}

impl Plan {
    /// The heaviest bundle goes first, each to the worker that has least so far.
    pub(crate) fn new(program: &Program, workers: usize) -> Plan {
        let mut all: Vec<Bundle> = bundles(program);
        all.sort_by_key(|bundle| (Reverse(bundle.weight), bundle.rules.first().copied()));
        let mut loads = vec![(0_u64, BTreeSet::new()); workers.max(1)];
        let mut readers: BTreeMap<String, Workers> = BTreeMap::new();
        let mut busy = Workers::default();
        for bundle in all {
            let least = loads.iter_mut().enumerate().min_by_key(|(at, (load, _))| (*load, *at));
            let Some((worker, (load, rules))) = least else { continue };
            *load += bundle.weight;
            rules.extend(bundle.rules);
            busy = busy.and(Workers::one(worker));
            for act in bundle.acts.iter().filter_map(|act| act.of(program)) {
                let known = readers.entry(act.name.to_string()).or_default();
                *known = known.and(Workers::one(worker));
            }
        }
        let rules = loads.into_iter().map(|(_, rules)| rules).collect();
        Plan { rules, readers, busy }
    }

    /// The rules that a worker judges.
    pub(crate) fn rules_of(&self, worker: usize) -> BTreeSet<RuleId> {
        self.rules.get(worker).cloned().unwrap_or_default()
    }

    /// The workers whose rules may read a record of this act.
    pub(crate) fn readers_of(&self, act: &str) -> Workers {
        match is_procedural(act) {
            true => self.busy,
            false => self.readers.get(act).copied().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use casus_testing::arbitrary;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn each_rule_has_one_worker_who_is_sent_what_it_may_read(program in arbitrary::program(9)) {
            for workers in 1..=4 {
                let plan = Plan::new(&program, workers);
                let mut count = 0;
                for worker in 0..workers {
                    let rules = plan.rules_of(worker);
                    count += rules.len();
                    let reads = |act: &str| plan.readers_of(act).iter().any(|one| one == worker);
                    let looks = program.acts.iter().filter(|act| !act.watches.is_empty());
                    let looks: Vec<&str> = looks.map(|act| act.name.as_str()).collect();
                    prop_assert!(!looks.is_empty());
                    // What people decide, and who looked, bears on every rule.
                    for act in ["claim", "acceptance", "rejection", "adoption", "waiver"] {
                        prop_assert_eq!(reads(act), !rules.is_empty());
                    }
                    prop_assert!(looks.iter().all(|act| reads(act) || rules.is_empty()));
                }
                prop_assert_eq!(count, program.rules.len());
            }
        }
    }
}
