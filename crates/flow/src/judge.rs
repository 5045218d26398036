//! One worker's engine, revision by revision.
//!
//! Invariant: what it tells of a revision, added to what it told before, is what its engine says.

use crate::{error::Error, flow::Editions, parcel::Content, plan::Plan};
use casus_engine::{Change, Difference, Engine};
use casus_model::{Cause, Finding, Instant, Name, Program};
use std::{collections::BTreeMap, sync::Arc};

/// A worker's share of the judging.
pub(crate) struct Judge {
    engine: Engine,
    worker: usize,
    workers: usize,
    editions: Arc<dyn Editions>,
}

impl Judge {
    pub(crate) fn new(
        program: &Program,
        worker: usize,
        workers: usize,
        editions: Arc<dyn Editions>,
    ) -> Judge {
        Judge { engine: share(program, worker, workers), worker, workers, editions }
    }

    /// Takes all parts of one revision.
    ///
    /// # Errors
    /// Where an edition cannot be used.
    pub(crate) fn revise(&mut self, parts: Vec<Content>) -> Result<Vec<Difference>, Error> {
        let (mut records, mut clock, mut edition) = (Vec::new(), None, None);
        for part in parts {
            match part {
                Content::Records(list) if records.is_empty() => records = list,
                Content::Records(list) => records.extend(list),
                Content::Clock(at) => clock = clock.max(Some(at)),
                Content::Edition(bytes) => edition = Some(bytes),
            }
        }
        let mut told = Vec::new();
        if let Some(bytes) = edition {
            let program = self.editions.program(&bytes).map_err(Error::Edition)?;
            let new = share(&program, self.worker, self.workers);
            told = self.replace(new, std::mem::take(&mut records));
        } else if !records.is_empty() || clock.is_none() {
            told = self.engine.apply(Change::Records(records));
        }
        if let Some(at) = clock {
            told.extend(self.engine.apply(Change::Clock(at)));
        }
        Ok(told)
    }

    /// Puts a new engine in the place of the old one: it is given the records that this worker
    /// holds, and those that come with the edition.
    fn replace(&mut self, new: Engine, records: Vec<casus_model::Record>) -> Vec<Difference> {
        let now = self.engine.now();
        let before = said(&self.engine);
        let old = std::mem::replace(&mut self.engine, new);
        let mut all = old.into_records();
        all.extend(records);
        if now > Instant::MIN {
            self.engine.load(Change::Clock(now));
        }
        self.engine.load(Change::Records(all));
        apart(before, said(&self.engine))
    }
}

fn share(program: &Program, worker: usize, workers: usize) -> Engine {
    Engine::sharing(program, &Plan::new(program, workers).rules_of(worker))
}

fn said(engine: &Engine) -> BTreeMap<Name, Finding> {
    engine.findings().into_iter().map(|one| (one.id.clone(), one.clone())).collect()
}

/// What is different: what vanishes does so because of its rule.
fn apart(mut before: BTreeMap<Name, Finding>, after: BTreeMap<Name, Finding>) -> Vec<Difference> {
    let mut told = Vec::new();
    for (id, finding) in after {
        match before.remove(&id) {
            Some(same) if same == finding => {}
            was => {
                let cause = finding.cause.clone();
                told.push(Difference { before: was, after: Some(finding), cause });
            }
        }
    }
    told.extend(before.into_values().map(|gone| {
        let cause = Cause::Rule(gone.provision.clone());
        Difference { before: Some(gone), after: None, cause }
    }));
    told
}
