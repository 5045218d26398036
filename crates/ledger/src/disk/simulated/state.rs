//! What the simulated disk holds, in the system's memory and durably, and how calls change it.
//!
//! Invariant: what is durable changes by a sync, by a sync that fails, and by a power loss only.

use super::{Fault, Kind};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

/// The disk writes whole sectors, if it writes.
const SECTOR: usize = 512;

/// What a name stands for: a file by its number, or a directory.
type Entry = Option<usize>;

#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) calls: u64,
    pub(super) fault: Option<Fault>,
    pub(super) is_crashed: bool,
    /// Whether a planned fault has changed what a call did.
    pub(super) is_struck: bool,
    /// Counts the processes.
    pub(super) generation: u64,
    inodes: Vec<Inode>,
    /// Names as the process sees them.
    names: BTreeMap<String, Entry>,
    /// Names that a power loss keeps.
    durable: BTreeMap<String, Entry>,
    /// What each name stood for since its directory was synced, in order; none is gone.
    changes: BTreeMap<String, Vec<Option<Entry>>>,
    locks: BTreeSet<String>,
    random: Random,
}

#[derive(Clone, Debug, Default)]
struct Inode {
    bytes: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Emptied,
    Written(usize, Vec<u8>),
}

/// What is to be done at a call.
enum Turn {
    All,
    /// The error; whether the process is gone with it.
    Fail(io::Error, bool),
    Short,
}

/// Which calls a full disk refuses, and which may be short.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    Look,
    Read,
    Write,
    Change,
}

impl State {
    pub(super) fn new(seed: u64) -> State {
        State {
            calls: 0,
            fault: None,
            is_crashed: false,
            is_struck: false,
            generation: 0,
            inodes: Vec::new(),
            names: BTreeMap::new(),
            durable: BTreeMap::new(),
            changes: BTreeMap::new(),
            locks: BTreeSet::new(),
            random: Random(seed),
        }
    }

    fn turn(&mut self, call: Call) -> Turn {
        if self.is_crashed {
            return Turn::Fail(gone(), false);
        }
        self.calls += 1;
        let now =
            |fault: &Fault| self.calls == fault.at || (fault.is_lasting && self.calls > fault.at);
        let turn = match self.fault.filter(now).map(|fault| fault.kind) {
            Some(Kind::Crash) => {
                self.is_crashed = true;
                Turn::Fail(gone(), true)
            }
            Some(Kind::Io) => Turn::Fail(io::Error::other("simulated error of the device"), false),
            Some(Kind::Full) if matches!(call, Call::Write | Call::Change) => {
                Turn::Fail(io::ErrorKind::StorageFull.into(), false)
            }
            Some(Kind::Short) if matches!(call, Call::Read | Call::Write) => Turn::Short,
            _ => Turn::All,
        };
        self.is_struck |= !matches!(turn, Turn::All);
        turn
    }

    /// For a call that has an effect or none: whether it has one, and what it says.
    fn whole(&mut self, call: Call) -> (bool, io::Result<()>) {
        match self.turn(call) {
            Turn::Fail(error, is_gone) => (is_gone && self.random.coin(), Err(error)),
            _ => (true, Ok(())),
        }
    }

    fn valid(&self, generation: u64) -> io::Result<()> {
        if generation == self.generation { Ok(()) } else { Err(gone()) }
    }

    fn name(&mut self, path: &str, entry: Option<Entry>) {
        match entry {
            Some(entry) => self.names.insert(path.to_owned(), entry),
            None => self.names.remove(path),
        };
        self.changes.entry(path.to_owned()).or_default().push(entry);
    }

    fn make_parents(&mut self, path: &str) {
        for (at, _) in path.match_indices('/') {
            let parent = path.get(..at).unwrap_or_default();
            if !self.names.contains_key(parent) {
                self.name(parent, Some(None));
            }
        }
    }

    fn find(&self, path: &str) -> io::Result<usize> {
        let found = self.names.get(path).copied().flatten();
        found.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn create(&mut self, path: &str) -> io::Result<usize> {
        let (is_done, result) = self.whole(Call::Change);
        let mut inode = 0;
        if is_done {
            self.make_parents(path);
            inode = match self.find(path) {
                Ok(inode) => inode,
                Err(_) => {
                    self.inodes.push(Inode::default());
                    let inode = self.inodes.len() - 1;
                    self.name(path, Some(Some(inode)));
                    inode
                }
            };
            if let Some(found) = self.inodes.get_mut(inode).filter(|one| !one.bytes.is_empty()) {
                found.change(Change::Emptied);
            }
        }
        result.map(|()| inode)
    }

    pub(super) fn open(&mut self, path: &str) -> io::Result<usize> {
        self.whole(Call::Look).1?;
        self.find(path)
    }

    pub(super) fn read(&mut self, path: &str) -> io::Result<Vec<u8>> {
        self.whole(Call::Look).1?;
        let inode = self.find(path)?;
        Ok(self.inodes.get(inode).map(|inode| inode.bytes.clone()).unwrap_or_default())
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let (is_done, result) = self.whole(Call::Change);
        if is_done {
            let inode = self.find(from)?;
            self.make_parents(to);
            self.name(to, Some(Some(inode)));
            self.name(from, None);
        }
        result
    }

    pub(super) fn remove(&mut self, path: &str) -> io::Result<()> {
        let (is_done, result) = self.whole(Call::Look);
        if is_done {
            if !self.names.contains_key(path) {
                return Err(io::ErrorKind::NotFound.into());
            }
            let below = format!("{path}/");
            if self.names.keys().any(|name| name.starts_with(&below)) {
                return Err(io::ErrorKind::DirectoryNotEmpty.into());
            }
            self.name(path, None);
        }
        result
    }

    pub(super) fn list(&mut self, path: &str) -> io::Result<Vec<String>> {
        self.whole(Call::Look).1?;
        if !path.is_empty() && self.names.get(path) != Some(&None) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let own = self.names.iter().filter(|(name, _)| super::super::parent(name) == path);
        let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let named = own.map(|(name, entry)| match entry {
            None => last(name) + "/",
            Some(_) => last(name),
        });
        Ok(named.collect())
    }

    pub(super) fn sync_directory(&mut self, path: &str) -> io::Result<()> {
        let (is_done, result) = self.whole(Call::Change);
        let is_failed = result.is_err();
        let own = |name: &String| super::super::parent(name) == path;
        let paths: Vec<String> = self.changes.keys().filter(|name| own(name)).cloned().collect();
        for path in paths {
            if !is_done || (is_failed && self.random.coin()) {
                continue;
            }
            if let Some(last) = self.changes.remove(&path).and_then(|all| all.last().copied()) {
                keep(&mut self.durable, &path, last);
            }
        }
        result
    }

    pub(super) fn lock(&mut self, path: &str) -> io::Result<u64> {
        self.whole(Call::Look).1?;
        if !self.locks.insert(path.to_owned()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(self.generation)
    }

    pub(super) fn unlock(&mut self, path: &str, generation: u64) {
        if generation == self.generation {
            self.locks.remove(path);
        }
    }

    pub(super) fn read_at(
        &mut self,
        generation: u64,
        inode: usize,
        offset: u64,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        self.valid(generation)?;
        let most = match self.turn(Call::Read) {
            Turn::All => buffer.len(),
            Turn::Short => buffer.len().div_ceil(2),
            Turn::Fail(error, _) => return Err(error),
        };
        let bytes = self.inodes.get(inode).and_then(|inode| inode.bytes.get(offset as usize..));
        let bytes = bytes.unwrap_or_default();
        let pairs = buffer.iter_mut().zip(bytes).take(most);
        Ok(pairs.map(|(to, from)| *to = *from).count())
    }

    pub(super) fn write_at(
        &mut self,
        generation: u64,
        inode: usize,
        offset: u64,
        bytes: &[u8],
    ) -> io::Result<usize> {
        self.valid(generation)?;
        let (count, error) = match self.turn(Call::Write) {
            Turn::All => (bytes.len(), None),
            Turn::Short => (bytes.len().div_ceil(2), None),
            Turn::Fail(error, _) => (self.random.below(bytes.len() + 1), Some(error)),
        };
        if let Some(inode) = self.inodes.get_mut(inode).filter(|_| count > 0) {
            let part = bytes.get(..count).unwrap_or_default();
            inode.change(Change::Written(offset as usize, part.to_vec()));
        }
        error.map_or(Ok(count), Err)
    }

    pub(super) fn sync(&mut self, generation: u64, inode: usize) -> io::Result<()> {
        self.valid(generation)?;
        let (is_done, result) = match self.turn(Call::Write) {
            Turn::Fail(error, is_gone) => (is_gone && self.random.coin(), Err(error)),
            _ => (true, Ok(())),
        };
        let is_crashed = self.is_crashed;
        if let Some(inode) = self.inodes.get_mut(inode) {
            match is_done {
                true => inode.keep_all(),
                false if is_crashed => {}
                // Some pages are written, the others are taken for clean.
                false => inode.keep_some(&mut self.random),
            }
        }
        result
    }

    pub(super) fn restart(&mut self) {
        self.generation += 1;
        self.is_crashed = false;
        (self.calls, self.fault) = (0, None);
        self.locks.clear();
    }

    pub(super) fn lose_power(&mut self, seed: u64) {
        let mut random = Random(seed);
        for (path, states) in std::mem::take(&mut self.changes) {
            let kept = random.below(states.len() + 1);
            if let Some(entry) = kept.checked_sub(1).and_then(|at| states.get(at)) {
                keep(&mut self.durable, &path, *entry);
            }
        }
        // What lies in a directory that is not there is not there.
        let all = self.durable.clone();
        let is_there =
            |path: &str| path.match_indices('/').all(|(at, _)| all.get(&path[..at]) == Some(&None));
        self.durable.retain(|path, _| is_there(path));
        self.names = self.durable.clone();
        for inode in &mut self.inodes {
            inode.keep_some(&mut random);
            inode.bytes = inode.durable.clone();
        }
    }

    pub(super) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let files = self.names.iter().filter_map(|(path, entry)| {
            let inode = self.inodes.get((*entry)?)?;
            Some((path.clone(), inode.bytes.clone()))
        });
        files.collect()
    }

    pub(super) fn tamper(&mut self, path: &str, bytes: Option<Vec<u8>>) {
        let entry = bytes.map(|bytes| {
            let (durable, unsynced) = (bytes.clone(), Vec::new());
            self.inodes.push(Inode { bytes, durable, unsynced });
            self.make_parents(path);
            Some(self.inodes.len() - 1)
        });
        self.name(path, entry);
        for (path, states) in std::mem::take(&mut self.changes) {
            if let Some(last) = states.last() {
                keep(&mut self.durable, &path, *last);
            }
        }
    }
}

fn gone() -> io::Error {
    io::Error::other("the simulated process is gone")
}

fn keep(durable: &mut BTreeMap<String, Entry>, path: &str, entry: Option<Entry>) {
    match entry {
        Some(entry) => durable.insert(path.to_owned(), entry),
        None => durable.remove(path),
    };
}

impl Inode {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.bytes);
        self.unsynced.push(change);
    }

    fn keep_all(&mut self) {
        for change in self.unsynced.drain(..) {
            change.apply(&mut self.durable);
        }
    }

    /// Any part of what was not synced, in any order.
    fn keep_some(&mut self, random: &mut Random) {
        let mut pieces: Vec<Change> = self.unsynced.drain(..).flat_map(Change::pieces).collect();
        if pieces.is_empty() {
            return;
        }
        let length = self.bytes.len();
        let share = random.below(5);
        for at in (1..pieces.len()).rev() {
            if random.below(3) == 0 {
                pieces.swap(at, random.below(at + 1));
            }
        }
        for piece in pieces {
            let is_kept = random.below(4) < share;
            match piece {
                Change::Written(offset, bytes) if is_kept && random.below(8) == 0 => {
                    let torn = bytes.iter().take(random.below(bytes.len())).copied().collect();
                    Change::Written(offset, torn).apply(&mut self.durable);
                }
                piece if is_kept => piece.apply(&mut self.durable),
                _ => {}
            }
        }
        // The length may be durable where the bytes are not.
        if self.durable.len() < length && random.coin() {
            let junk = if random.coin() { 0 } else { 0xa5 };
            self.durable.resize(length, junk);
        }
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Emptied => bytes.clear(),
            Change::Written(offset, part) => {
                let end = offset + part.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes.splice(*offset..end, part.iter().copied());
            }
        }
    }

    /// Cut where the sectors end.
    fn pieces(self) -> Vec<Change> {
        let Change::Written(mut offset, bytes) = self else { return vec![self] };
        let (mut rest, mut out) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            let (part, more) = rest.split_at(rest.len().min(SECTOR - offset % SECTOR));
            out.push(Change::Written(offset, part.to_vec()));
            (offset, rest) = (offset + part.len(), more);
        }
        out
    }
}

/// Random numbers by a seed: splitmix64.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than a bound, which is at least 1.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}
