//! A flow within this process, and what one engine says of the same.
//!
//! Invariant: both are given the same changes in the same order.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use casus_engine::{Difference, Engine};
use casus_flow::{Change, Editions, Error, Fatal, Flow, Layout, Revision, Sum, meet};
use casus_model::{Finding, Name, Program};
use proptest::{prelude::*, test_runner::TestRunner};
use std::{collections::BTreeMap, sync::Arc};

pub struct Panic;

impl Fatal for Panic {
    fn end(&self, error: &Error) -> ! {
        panic!("{error}")
    }
}

/// Editions by their place in a list.
pub struct Listed(pub Vec<Arc<Program>>);

impl Editions for Listed {
    fn program(&self, bytes: &[u8]) -> Result<Arc<Program>, String> {
        let place = bytes.first().map(|&at| usize::from(at));
        let program = place.and_then(|at| self.0.get(at));
        program.cloned().ok_or_else(|| "there is no such edition".to_owned())
    }
}

pub fn edition(at: u8) -> Change {
    Change::Edition(Arc::from([at]))
}

pub fn flow(programs: Vec<Arc<Program>>, threads: usize) -> Flow {
    let layout = Layout::threads(threads).unwrap();
    let first = Arc::clone(programs.first().unwrap());
    Flow::start(meet(layout, first, Arc::new(Panic)).unwrap(), Arc::new(Listed(programs))).unwrap()
}

/// Sends all changes before asking for any revision.
pub fn revisions(programs: Vec<Arc<Program>>, threads: usize, changes: &[Change]) -> Vec<Revision> {
    let mut flow = flow(programs, threads);
    for (at, change) in changes.iter().enumerate() {
        assert_eq!(flow.send(change.clone()).unwrap(), at as u64);
    }
    flow.finish().unwrap()
}

pub fn sum(revisions: &[Revision]) -> Sum {
    let mut sum = Sum::default();
    revisions.iter().for_each(|one| sum.add(one).unwrap());
    sum
}

pub fn findings(sum: &Sum, program: &Program) -> Vec<Finding> {
    sum.findings(program).into_iter().cloned().collect()
}

pub fn said(engine: &Engine) -> Vec<Finding> {
    engine.findings().into_iter().cloned().collect()
}

/// The same differences, in an order that does not depend on who told them.
pub fn by_name(differences: Vec<Difference>) -> BTreeMap<Name, Difference> {
    let id = |one: &Difference| one.after.as_ref().or(one.before.as_ref()).unwrap().id.clone();
    let count = differences.len();
    let all: BTreeMap<_, _> = differences.into_iter().map(|one| (id(&one), one)).collect();
    assert_eq!(all.len(), count, "two differences of one finding");
    all
}

/// Holds a property to as many cases as are asked for by `CASUS_CASES`.
pub fn hold<S: Strategy>(
    usual: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let cases = std::env::var("CASUS_CASES").ok().and_then(|text| text.parse().ok());
    let config = ProptestConfig {
        cases: cases.unwrap_or(usual),
        max_shrink_iters: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if let Err(failure) = TestRunner::new(config).run(strategy, test) {
        panic!("{failure}");
    }
}
