//! What the records of a finding say together: how sure, who, where.
//!
//! Invariant: nothing is averaged; the best account is named beside the standard of the rule.

use super::Subject;
use casus_model::{Confidence, Record};
use std::collections::BTreeSet;

impl<'a> Subject<'a> {
    /// The records for the finding.
    pub fn records(self) -> Vec<&'a Record> {
        let ids = self.finding.records.iter();
        ids.filter_map(|id| self.engine.record(id)).collect()
    }

    /// The account that is surest to have happened.
    pub fn best(self) -> Option<&'a Record> {
        let sure = |record: &&Record| Confidence::from(record.grade.credibility).low;
        self.records().into_iter().max_by_key(sure)
    }

    /// How many accounts do not repeat one another.
    pub fn lineages(self) -> usize {
        let roots: BTreeSet<_> = self.records().iter().map(|one| one.source.lineage()).collect();
        roots.len()
    }

    /// Everybody whom the records name, with the surest attribution of each.
    pub fn named(self) -> Vec<(&'a str, Confidence)> {
        let mut named: Vec<(&str, Confidence)> = Vec::new();
        for actor in self.records().iter().filter_map(|record| record.actor.as_ref()) {
            match named.iter_mut().find(|(name, _)| *name == actor.name.as_str()) {
                Some(one) if one.1.low < actor.confidence.low => one.1 = actor.confidence,
                Some(_) => {}
                None => named.push((actor.name.as_str(), actor.confidence)),
            }
        }
        named
    }

    /// How far off the worst known place may be, in metres.
    pub fn worst_place_m(self) -> Option<f64> {
        let records = self.records();
        let errors = records.iter().flat_map(|record| &record.places).map(|place| place.error_m);
        errors.reduce(f64::max)
    }
}
