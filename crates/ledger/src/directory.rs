//! A log in a directory: static files for strangers, and a journal of what is not yet in them.
//!
//! ```text
//! checkpoint              the published checkpoint, of P entries
//! tile/…                  tiles and entry bundles of those P entries
//! journal.P               groups after them, each with the checkpoint that it led to
//! acknowledged            the size up to which somebody was told; a hint, never synced
//! cosigned                the newest checkpoint that a witness cosigned
//! lock                    held by the one writer
//! ```
//!
//! Invariant: `journal.P` is there whenever the checkpoint says P; it is durable before it.

mod commit;
mod journal;
mod publish;
mod recover;

pub(crate) use journal::journal_path;
pub(crate) use publish::replace;
pub(crate) use recover::{Recovered, Tiles, recover};

use crate::{
    disk::{Disk, File, RealDisk},
    edge::Edge,
    error::Error,
    hash::Hash,
    keys::{Signer, Verifier},
    ledger::Ledger,
    store::{Fence, Group, Sign, Signed, Store},
    tile::{FULL, TileId, bundle_entries, tile_hashes},
};
use std::{ops::Range, path::Path};

pub(crate) const CHECKPOINT: &str = "checkpoint";
pub(crate) const CHECKPOINT_NEW: &str = "checkpoint.new";
pub(crate) const COSIGNED: &str = "cosigned";
pub(crate) const COSIGNED_NEW: &str = "cosigned.new";
pub(crate) const LOCK: &str = "lock";

/// A log in a directory.
pub struct Directory {
    disk: Box<dyn Disk + Send>,
    /// The newest durable head.
    newest: Signed,
    /// The head that the file `checkpoint` says.
    published: u64,
    edge: Edge,
    /// The entries from `first` on, a multiple of 256 that is at most `published`.
    window: Vec<Vec<u8>>,
    first: u64,
    /// None for a reader.
    writing: Option<Writing>,
    /// A step of a commit failed.
    poisoned: bool,
}

/// What only the writer has.
struct Writing {
    journal: Box<dyn File>,
    /// Where the next group goes.
    end: u64,
    /// Where the acknowledged size is noted, once there is something to note.
    acknowledged: Option<Box<dyn File>>,
    _lock: Box<dyn Send>,
}

impl Directory {
    /// Makes a log without an entry. Errors: `Exists`, `Locked`, the disk.
    pub fn create(disk: Box<dyn Disk + Send>, key: &Signer) -> Result<Directory, Error> {
        let lock = locked(disk.as_ref())?;
        publish::found(disk.as_ref(), key)?;
        Directory::opened(disk, key.verifier(), lock)
    }

    /// Opens a log for writing: finds its last valid state, puts an unpublished rest into tiles,
    /// discards an unfinished group. Errors: `Locked`, `Absent`, `Damaged`, the disk.
    pub fn open(disk: Box<dyn Disk + Send>, log: &Verifier) -> Result<Directory, Error> {
        let lock = locked(disk.as_ref())?;
        Directory::opened(disk, log, lock)
    }

    /// Opens a log for reading, and writes nothing.
    pub fn view(disk: Box<dyn Disk + Send>, log: &Verifier) -> Result<Directory, Error> {
        let found = recover(disk.as_ref(), log)?;
        Ok(Directory::of(disk, found))
    }

    fn of(disk: Box<dyn Disk + Send>, found: Recovered) -> Directory {
        let Recovered { newest, published, edge, window, first, .. } = found;
        let (writing, poisoned) = (None, false);
        Directory { disk, newest, published, edge, window, first, writing, poisoned }
    }

    fn opened(
        disk: Box<dyn Disk + Send>,
        log: &Verifier,
        lock: Box<dyn Send>,
    ) -> Result<Directory, Error> {
        let found = recover(disk.as_ref(), log)?;
        let is_clean =
            found.journal_bytes == found.journal_valid && found.newest.head.size == found.published;
        let mut directory = Directory::of(disk, found);
        directory.begin(lock, is_clean)?;
        Ok(directory)
    }

    fn usable(&self) -> Result<(), Error> {
        if self.poisoned { Err(Error::Poisoned) } else { Ok(()) }
    }
}

fn locked(disk: &dyn Disk) -> Result<Box<dyn Send>, Error> {
    disk.lock(LOCK).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::WouldBlock => Error::Locked,
        _ => Error::disk("locking", LOCK, cause),
    })
}

impl Ledger<Directory> {
    /// Makes a log without an entry in a directory of the file system.
    pub fn create(path: &Path, key: Signer) -> Result<Ledger<Directory>, Error> {
        Ledger::new(Directory::create(Box::new(RealDisk::new(path)), &key)?, key)
    }

    /// Opens the log in a directory of the file system for writing.
    pub fn open(path: &Path, key: Signer) -> Result<Ledger<Directory>, Error> {
        Ledger::new(Directory::open(Box::new(RealDisk::new(path)), key.verifier())?, key)
    }
}

impl Store for Directory {
    fn newest(&self) -> &Signed {
        &self.newest
    }

    fn tile(&self, tile: TileId) -> Result<Vec<Hash>, Error> {
        self.usable()?;
        match self.edge.hashes(tile) {
            Some(hashes) => Ok(hashes),
            None => read_tile(self.disk.as_ref(), tile),
        }
    }

    fn entries(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error> {
        self.usable()?;
        let size = self.newest.head.size;
        let (mut out, mut index) = (Vec::new(), range.start);
        while index < range.end {
            let tile = TileId::within(0, index / u64::from(FULL), size);
            let tile = tile.ok_or(Error::Beyond { asked: index, size })?;
            let end = range.end.min(tile.first() + u64::from(tile.width));
            if let Some(at) = index.checked_sub(self.first) {
                let (at, count) = (at as usize, (end - index) as usize);
                out.extend(self.window.iter().skip(at).take(count).cloned());
            } else {
                let (at, count) = ((index - tile.first()) as usize, (end - index) as usize);
                let bundle = read_bundle(self.disk.as_ref(), tile)?;
                out.extend(bundle.into_iter().skip(at).take(count));
            }
            index = end;
        }
        Ok(out)
    }

    fn fence(&self) -> Fence {
        Fence(1)
    }

    fn commit(&mut self, group: Group<'_>, sign: &Sign<'_>) -> Result<(), Error> {
        self.commit_group(group, sign)
    }

    fn publish(&mut self) -> Result<(), Error> {
        self.publish_all()
    }

    fn countersign(&mut self, note: &[u8]) -> Result<(), Error> {
        self.countersign_note(note)
    }
}

/// The hashes of a tile on the disk.
pub(crate) fn read_tile(disk: &dyn Disk, tile: TileId) -> Result<Vec<Hash>, Error> {
    let path = tile.path();
    tile_hashes(tile, &read(disk, &path)?)
}

/// The entries of a bundle on the disk.
pub(crate) fn read_bundle(disk: &dyn Disk, tile: TileId) -> Result<Vec<Vec<u8>>, Error> {
    let path = tile.bundle_path();
    let entries = bundle_entries(&read(disk, &path)?)
        .ok_or_else(|| Error::damaged(&path, "a length leads beyond its end"))?;
    if entries.len() != usize::from(tile.width) {
        let what = format!("expected {} entries, got {}", tile.width, entries.len());
        return Err(Error::damaged(&path, what));
    }
    Ok(entries)
}

/// A file that has to be there.
pub(crate) fn read(disk: &dyn Disk, path: &str) -> Result<Vec<u8>, Error> {
    disk.read(path).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => Error::damaged(path, "it is missing"),
        _ => Error::disk("reading", path, cause),
    })
}
