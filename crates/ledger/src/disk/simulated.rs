//! A disk that fails where a test says, and forgets at a power loss what was not synced. For tests.
//!
//! Calls are counted from 1, reading ones too. At a call the process may be gone (`Crash`), the
//! call may fail (`Io`, `Full`) or do less than it was asked for (`Short`); once, or from then on.
//! A power loss keeps any part of what was not synced, in any order: writes are cut at 512 bytes
//! and torn within; what is lost in the midst reads as zeros or as old junk; each unsynced name is
//! what it was at any time since its directory was synced.
//!
//! A sync that fails has made some of the bytes durable and lets the others seem so: they are read
//! back, a later sync says that all is well, and the power loss takes them. So do real systems. A
//! directory whose sync fails can be synced again.
//!
//! Invariant: the same calls with the same seed have the same outcome.

mod state;

use super::{Disk, File};
use state::State;
use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What happens at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The process is gone; the call may have had an effect, or a part of one.
    Crash,
    /// The call fails with an error of the device.
    Io,
    /// The call fails because the disk is full; what is read or taken away does not.
    Full,
    /// A read or a write does less than all.
    Short,
}

/// When it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// At this call, from 1.
    pub at: u64,
    /// What.
    pub kind: Kind,
    /// And at each call after it.
    pub is_lasting: bool,
}

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

impl SimulatedDisk {
    /// An empty disk, whose outcomes come from this seed.
    pub fn new(seed: u64) -> SimulatedDisk {
        SimulatedDisk(Arc::new(Mutex::new(State::new(seed))))
    }

    /// Plans a fault, in the place of any that was planned; calls are counted from 1 again.
    pub fn plan(&self, fault: Option<Fault>) {
        let mut state = self.state();
        (state.calls, state.fault, state.is_struck) = (0, fault, false);
    }

    /// How many calls there were since the last plan.
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    /// Whether the process is gone.
    pub fn is_crashed(&self) -> bool {
        self.state().is_crashed
    }

    /// Whether the fault that was planned last has changed what a call did: it may never have come
    /// up, or at a call that it does not concern.
    pub fn is_struck(&self) -> bool {
        self.state().is_struck
    }

    /// Begins a new process on what the old one left in the system's memory. Its locks are free,
    /// its open files are no use, and no fault is planned.
    pub fn restart(&self) {
        self.state().restart();
    }

    /// The same after a loss of power, with an outcome by this seed.
    pub fn lose_power(&self, seed: u64) {
        let mut state = self.state();
        state.lose_power(seed);
        state.restart();
    }

    /// A disk of its own with all that this one holds, durable or not.
    pub fn copy(&self) -> SimulatedDisk {
        SimulatedDisk(Arc::new(Mutex::new(self.state().clone())))
    }

    /// The bytes of every file, by path: for tests that alter them.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.state().files()
    }

    /// Puts a durable file there, or takes it away: what a stranger does to a disk.
    pub fn tamper(&self, path: &str, bytes: Option<Vec<u8>>) {
        self.state().tamper(path, bytes);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, inode: usize, generation: u64) -> Box<dyn File> {
        Box::new(Open { disk: self.clone(), inode, generation })
    }
}

impl Disk for SimulatedDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn File>> {
        let mut state = self.state();
        let inode = state.create(path)?;
        Ok(self.file(inode, state.generation))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn File>> {
        let mut state = self.state();
        let inode = state.open(path)?;
        Ok(self.file(inode, state.generation))
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.state().read(path)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.state().rename(from, to)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.state().remove(path)
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.state().list(path)
    }

    fn sync_directory(&self, path: &str) -> io::Result<()> {
        self.state().sync_directory(path)
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Send>> {
        let mut state = self.state();
        let generation = state.lock(path)?;
        Ok(Box::new(Lock { disk: self.clone(), path: path.to_owned(), generation }))
    }
}

struct Lock {
    disk: SimulatedDisk,
    path: String,
    generation: u64,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.disk.state().unlock(&self.path, self.generation);
    }
}

struct Open {
    disk: SimulatedDisk,
    inode: usize,
    generation: u64,
}

impl File for Open {
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.disk.state().read_at(self.generation, self.inode, offset, buffer)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.disk.state().write_at(self.generation, self.inode, offset, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.state().sync(self.generation, self.inode)
    }
}
