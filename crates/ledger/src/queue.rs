//! Many threads that append at once, and one commit for all that wait.
//!
//! Whoever comes first leads: takes everything that waits, commits it as one group, and tells the
//! others their places. While it commits, the next group gathers.
//!
//! Invariant: a thread is told a place only after the group of its entry is durable.

use crate::{
    error::Error,
    ledger::{Ledger, Reader},
    limits,
    store::Store,
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

/// A log that many threads append to.
pub struct Queue<S> {
    ledger: Mutex<Ledger<S>>,
    waiting: Mutex<Waiting>,
    moved: Condvar,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    /// Tickets with their entries, in the order of their coming.
    entries: VecDeque<(u64, Vec<u8>)>,
    /// Places of tickets that were committed, or why they were not.
    done: BTreeMap<u64, Result<u64, Arc<Error>>>,
    is_led: bool,
    /// A thread stopped while it led: nobody knows what became of its group.
    is_stopped: bool,
}

impl<S: Store> Queue<S> {
    /// Over a log that is open for writing.
    pub fn new(ledger: Ledger<S>) -> Queue<S> {
        Queue {
            ledger: Mutex::new(ledger),
            waiting: Mutex::new(Waiting::default()),
            moved: Condvar::new(),
        }
    }

    /// Appends an entry together with those of other threads, and gives its place once it is
    /// durable. All entries of a group have the same fate.
    pub fn append(&self, entry: Vec<u8>) -> Result<u64, Arc<Error>> {
        if entry.len() > limits::ENTRY_BYTES {
            return Err(Arc::new(Error::EntryTooLarge { place: 0, bytes: entry.len() }));
        }
        let mut waiting = held(&self.waiting);
        let ticket = waiting.next;
        waiting.next += 1;
        waiting.entries.push_back((ticket, entry));
        loop {
            if let Some(result) = waiting.done.remove(&ticket) {
                return result;
            }
            if waiting.is_stopped {
                return Err(Arc::new(Error::Poisoned));
            }
            if waiting.is_led {
                waiting = self.moved.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            waiting.is_led = true;
            let group = waiting.take();
            drop(waiting);
            let mut lead = Lead { waiting: &self.waiting, moved: &self.moved, results: None };
            lead.results = Some(self.commit(group));
            drop(lead);
            waiting = held(&self.waiting);
        }
    }

    fn commit(&self, group: Vec<(u64, Vec<u8>)>) -> Results {
        let entries: Vec<&[u8]> = group.iter().map(|(_, entry)| entry.as_slice()).collect();
        let tickets = group.iter().map(|(ticket, _)| *ticket);
        match held(&self.ledger).append(&entries) {
            Ok(places) => tickets.zip(places.map(Ok)).collect(),
            Err(error) => {
                let error = Arc::new(error);
                tickets.map(|ticket| (ticket, Err(error.clone()))).collect()
            }
        }
    }

    /// Reads while nobody commits.
    pub fn read<T>(&self, look: impl FnOnce(Reader<'_>) -> T) -> T {
        look(held(&self.ledger).reader())
    }

    /// The log alone again.
    pub fn into_ledger(self) -> Ledger<S> {
        self.ledger.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tickets with what became of them.
type Results = Vec<(u64, Result<u64, Arc<Error>>)>;

/// The turn of the thread that commits. However it ends, the others are told.
struct Lead<'q> {
    waiting: &'q Mutex<Waiting>,
    moved: &'q Condvar,
    /// None if the thread stopped in the midst.
    results: Option<Results>,
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut waiting = held(self.waiting);
        match self.results.take() {
            Some(results) => waiting.done.extend(results),
            None => waiting.is_stopped = true,
        }
        waiting.is_led = false;
        self.moved.notify_all();
    }
}

impl Waiting {
    /// As many as fit into a group, the first first.
    fn take(&mut self) -> Vec<(u64, Vec<u8>)> {
        let (mut group, mut bytes) = (Vec::new(), 0);
        while let Some((ticket, entry)) = self.entries.pop_front() {
            bytes += entry.len();
            if group.len() == limits::GROUP_ENTRIES || bytes > limits::GROUP_BYTES {
                self.entries.push_front((ticket, entry));
                break;
            }
            group.push((ticket, entry));
        }
        group
    }
}

/// What a thread that stopped left is told by `is_stopped`.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
