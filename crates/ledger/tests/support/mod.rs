//! What the tests of the ledger share: keys, entries, and a life of a log that may be cut short.
//!
//! Invariant: `Life::told` holds every entry that was acknowledged, and no other.
#![allow(dead_code, clippy::unwrap_used, reason = "each test takes what it needs")]

use casus_ledger::{
    Directory, Error, Head, Kind, Ledger, Reader, Signer, Verifier,
    disk::simulated::{Fault, SimulatedDisk},
    fsck,
};

/// The key of a log, by a seed.
pub fn key_of(seed: u8) -> Signer {
    Signer::from_seed("casus.example/log", Kind::Note, &[seed; 32]).unwrap()
}

/// The key that most tests use.
pub fn key() -> Signer {
    key_of(1)
}

/// Its public half.
pub fn log() -> Verifier {
    key().verifier().clone()
}

/// Entries from a number on; each differs from every other.
pub fn entries(first: usize, count: usize) -> Vec<Vec<u8>> {
    let entry = |n: usize| {
        let mut bytes = format!("entry {n} ").into_bytes();
        bytes.extend(std::iter::repeat_n(n as u8, n % 40));
        bytes
    };
    (first..first + count).map(entry).collect()
}

/// The entries as `append` takes them.
pub fn slices(entries: &[Vec<u8>]) -> Vec<&[u8]> {
    entries.iter().map(Vec::as_slice).collect()
}

/// Opens a log on a simulated disk for writing.
pub fn open(disk: &SimulatedDisk) -> Result<Ledger<Directory>, Error> {
    Ledger::new(Directory::open(Box::new(disk.clone()), &log())?, key())
}

/// Makes a log on a simulated disk.
pub fn create(disk: &SimulatedDisk) -> Result<Ledger<Directory>, Error> {
    Ledger::new(Directory::create(Box::new(disk.clone()), &key())?, key())
}

/// One thing that is done with a log.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Append(usize),
    Publish,
    Reopen,
}

/// A log, and what somebody was told of it.
pub struct Life {
    pub disk: SimulatedDisk,
    /// Every entry that was acknowledged.
    pub told: Vec<Vec<u8>>,
    /// The group that was not, because something failed: it may be there whole, or not at all.
    pub open_group: Vec<Vec<u8>>,
    /// Every head that was shown.
    pub heads: Vec<Head>,
    pub is_made: bool,
    /// Whether the last fault changed what a call did.
    pub is_struck: bool,
}

impl Life {
    pub fn new(seed: u64) -> Life {
        let (told, open_group, heads) = (Vec::new(), Vec::new(), Vec::new());
        Life {
            disk: SimulatedDisk::new(seed),
            told,
            open_group,
            heads,
            is_made: false,
            is_struck: false,
        }
    }

    /// Goes through the steps until one fails.
    pub fn live(&mut self, steps: &[Step]) -> Result<(), Error> {
        let mut ledger = match self.is_made {
            true => open(&self.disk)?,
            false => create(&self.disk)?,
        };
        self.is_made = true;
        self.look(&ledger.reader())?;
        for step in steps {
            match *step {
                Step::Append(count) => {
                    self.open_group = entries(self.told.len(), count);
                    ledger.append(&slices(&self.open_group))?;
                    self.told.append(&mut self.open_group);
                    self.heads.push(ledger.reader().newest().head);
                }
                Step::Publish => ledger.publish()?,
                Step::Reopen => {
                    drop(ledger);
                    ledger = open(&self.disk)?;
                    self.look(&ledger.reader())?;
                }
            }
        }
        Ok(())
    }

    /// What an open log shows: everything that was told, and perhaps the group that was not.
    fn look(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        let head = reader.newest().head;
        let size = head.size as usize;
        let whole = self.told.len() + self.open_group.len();
        assert!(size == self.told.len() || size == whole, "{size} of {}", self.told.len());
        if size == whole {
            self.told.append(&mut self.open_group);
        }
        self.open_group.clear();
        assert_eq!(reader.entries(0..head.size)?, self.told);
        for earlier in &self.heads {
            assert_eq!(reader.root(earlier.size)?, earlier.root, "a fork of {earlier:?}");
        }
        self.heads.push(head);
        Ok(())
    }

    /// After whatever happened: all is there, nothing is damaged, and it goes on.
    pub fn check(&mut self) {
        if self.is_made {
            let report = fsck(&self.disk, &log(), &[]);
            assert_eq!(report.problems, [], "{:?}", self.disk.files());
        } else if let Err(Error::Absent) = open(&self.disk) {
            assert!(self.told.is_empty());
        } else {
            self.is_made = true;
        }
        let after = [Step::Append(2), Step::Reopen];
        self.live(&after).unwrap();
        let report = fsck(&self.disk, &log(), &[]);
        assert_eq!(report.problems, []);
        assert_eq!(report.entries, self.told.len() as u64);
    }

    /// The same, on a disk of its own, so that another outcome can be tried.
    pub fn copy(&self) -> Life {
        Life {
            disk: self.disk.copy(),
            told: self.told.clone(),
            open_group: self.open_group.clone(),
            heads: self.heads.clone(),
            is_made: self.is_made,
            is_struck: self.is_struck,
        }
    }

    /// Goes through the steps with a fault, and says at how many calls they came to an end.
    pub fn live_with(&mut self, fault: Option<Fault>, steps: &[Step]) -> (u64, bool) {
        self.disk.plan(fault);
        let result = self.live(steps);
        self.is_struck = self.disk.is_struck();
        let calls = self.disk.calls();
        self.disk.plan(None);
        (calls, result.is_ok())
    }
}
