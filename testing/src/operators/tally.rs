//! In how many cases each operator was met, over all tests of one process.
//!
//! Invariant: what is counted is a name of the list; every name of the list has a number, if only
//! zero.

use casus_model::Program;
use std::{
    collections::BTreeMap,
    fs, io,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A count for each operator.
type Counts = BTreeMap<&'static str, u64>;

static COUNTS: Mutex<Counts> = Mutex::new(BTreeMap::new());

fn counts() -> MutexGuard<'static, Counts> {
    // A test that failed while it counted spoils no count.
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    if counts.is_empty() {
        counts.extend(super::all().into_iter().map(|name| (name, 0)));
    }
    counts
}

/// Counts a case whose program was judged by both evaluators.
///
/// # Panics
/// Where the walk met what is not on the list, which is a defect of one of them.
pub fn count(program: &Program) {
    let mut counts = counts();
    for name in super::of(program) {
        let count = counts.get_mut(name);
        assert!(count.is_some(), "`{name}` is not on the list of operators");
        count.into_iter().for_each(|count| *count += 1);
    }
}

/// Writes what was counted so far, a line each: the count, a tab, the operator.
///
/// # Errors
/// Where the file cannot be written.
pub fn write(path: &Path) -> io::Result<()> {
    // The lock is held until all is written: of several writers the last has the most.
    let counts = counts();
    let lines: String = counts.iter().map(|(name, count)| format!("{count}\t{name}\n")).collect();
    fs::write(path, lines)
}
