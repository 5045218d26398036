//! Differences gathered, ordered and added up.
//!
//! Invariant: of one revision and one finding there is at most one difference, and its `before` is
//! what stood.

use crate::error::Error;
use casus_engine::Difference;
use casus_model::{Cause, Finding, Instant, Name, Program};
use std::collections::BTreeMap;

/// What one change brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The number of the change, from 0: the time of the dataflow.
    pub number: u64,
    /// The clock after it.
    pub clock: Instant,
    /// How many records are held back since they are known only after the clock.
    pub held_back: usize,
    /// What became different, in the order of the text, then of time.
    pub differences: Vec<Difference>,
}

/// All revisions so far, added up: the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum(BTreeMap<Name, Finding>);

impl Sum {
    /// Adds what one change brought about.
    ///
    /// # Errors
    /// Where it takes away what does not stand, or adds what stands already.
    pub fn add(&mut self, revision: &Revision) -> Result<(), Error> {
        for Difference { before, after, .. } in &revision.differences {
            let told = |finding: &Finding| Error::Contradiction { finding: finding.id.to_string() };
            if let Some(before) = before
                && self.0.remove(&before.id).as_ref() != Some(before)
            {
                return Err(told(before));
            }
            if let Some(after) = after
                && self.0.insert(after.id.clone(), after.clone()).is_some()
            {
                return Err(told(after));
            }
        }
        Ok(())
    }

    /// The findings, in the order of the text, then of time, as an engine gives them.
    pub fn findings(&self, program: &Program) -> Vec<&Finding> {
        let places = places(program);
        let mut all: Vec<&Finding> = self.0.values().collect();
        all.sort_by(|a, b| order(&places, a).cmp(&order(&places, b)));
        all
    }
}

type Places<'p> = BTreeMap<&'p str, usize>;
type Order<'f> = (usize, (Instant, Instant), &'f Option<Name>, &'f [Name], &'f Name);

fn places(program: &Program) -> Places<'_> {
    program.rules.iter().enumerate().map(|(at, rule)| (rule.label.as_str(), at)).collect()
}

fn order<'f>(places: &Places<'_>, finding: &'f Finding) -> Order<'f> {
    // What a rule said that is no more comes last.
    let place = places.get(finding.provision.as_str()).copied().unwrap_or(usize::MAX);
    (place, finding.from, &finding.party, &finding.key, &finding.id)
}

/// What several workers told of one revision, as one: what one takes away and another adds, as
/// where a rule moves from worker to worker, is no difference.
///
/// # Errors
/// Where they do not add up to one finding before and one after.
pub(crate) fn gathered(
    told: Vec<Difference>,
    cause: Option<&Cause>,
    program: &Program,
) -> Result<Vec<Difference>, Error> {
    let mut both: BTreeMap<Name, (Vec<Finding>, Vec<Finding>)> = BTreeMap::new();
    let mut causes: BTreeMap<Name, Cause> = BTreeMap::new();
    for Difference { before, after, cause } in told {
        if let Some(gone) = before {
            if after.is_none() {
                causes.insert(gone.id.clone(), cause);
            }
            put(&mut both, gone, false);
        }
        if let Some(new) = after {
            put(&mut both, new, true);
        }
    }
    let mut differences = Vec::new();
    for (id, (mut gone, mut new)) in both {
        let (before, after) = (gone.pop(), new.pop());
        if !gone.is_empty() || !new.is_empty() {
            return Err(Error::Contradiction { finding: id.to_string() });
        }
        let cause = match (&after, &before) {
            (Some(after), _) => after.cause.clone(),
            (None, Some(_)) => match cause.cloned().or_else(|| causes.remove(&id)) {
                Some(cause) => cause,
                None => Cause::Rule(id),
            },
            (None, None) => continue,
        };
        differences.push(Difference { before, after, cause });
    }
    let places = places(program);
    let key = |one: &Difference| one.after.clone().or_else(|| one.before.clone());
    differences.sort_by_cached_key(|one| {
        let finding = key(one);
        finding.as_ref().map(|finding| {
            let (place, from, party, key, id) = order(&places, finding);
            (place, from, party.clone(), key.to_vec(), id.clone())
        })
    });
    Ok(differences)
}

/// Adds a finding on one side, or takes an equal one from the other.
fn put(both: &mut BTreeMap<Name, (Vec<Finding>, Vec<Finding>)>, finding: Finding, is_new: bool) {
    let (gone, new) = both.entry(finding.id.clone()).or_default();
    let (own, other) = if is_new { (new, gone) } else { (gone, new) };
    match other.iter().position(|one| *one == finding) {
        Some(at) => {
            other.remove(at);
        }
        None => own.push(finding),
    }
}
