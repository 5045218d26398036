//! Puts what stands in the journal where strangers read it: tiles, bundles, `checkpoint`.
//!
//! The order: tiles and bundles, sync, their names, sync; the next journal and the checkpoint
//! under a name of its own, sync, names, sync; the checkpoint's real name, sync. Whatever happens
//! between two steps, the old checkpoint with the old journal says the same entries.
//!
//! Invariant: no file that the present checkpoint needs is written to or taken away.

use super::{
    CHECKPOINT, CHECKPOINT_NEW, COSIGNED, COSIGNED_NEW, Directory, Writing,
    journal::{FIRST, journal_path},
    read_bundle, read_tile,
};
use crate::{
    checkpoint::Head,
    disk::{Disk, File, parent, write_all},
    error::Error,
    hash::empty_root,
    keys::Signer,
    ledger::sign_head,
    tile::{FULL, TileId, bundle_bytes, tile_bytes},
};
use std::{collections::BTreeSet, io};

const JOURNAL_NEW: &str = "journal.new";

/// Writes a log without an entry.
pub(super) fn found(disk: &dyn Disk, key: &Signer) -> Result<(), Error> {
    let names = disk.list("").map_err(|cause| Error::disk("listing", "", cause))?;
    if names.iter().any(|name| name == CHECKPOINT || name == "tile/") {
        return Err(Error::Exists);
    }
    let note = sign_head(key, &Head { size: 0, root: empty_root() });
    replace(disk, JOURNAL_NEW, &journal_path(0), FIRST)?;
    replace(disk, CHECKPOINT_NEW, CHECKPOINT, &note)?;
    Ok(())
}

impl Directory {
    /// Makes what was found the state that is written to. The checkpoint is written again, because
    /// the name that was read may not be durable.
    pub(super) fn begin(&mut self, lock: Box<dyn Send>, is_clean: bool) -> Result<(), Error> {
        if !is_clean {
            self.write_tiles()?;
            replace(self.disk.as_ref(), JOURNAL_NEW, &journal_path(self.newest.head.size), FIRST)?;
        }
        replace(self.disk.as_ref(), CHECKPOINT_NEW, CHECKPOINT, &self.newest.note)?;
        let before = std::mem::replace(&mut self.published, self.newest.head.size);
        let path = journal_path(self.published);
        let journal =
            self.disk.open(&path).map_err(|cause| Error::disk("opening", &path, cause))?;
        let end = FIRST.len() as u64;
        self.writing = Some(Writing { journal, end, acknowledged: None, _lock: lock });
        self.clear(before)
    }

    pub(super) fn publish_all(&mut self) -> Result<(), Error> {
        self.usable()?;
        if self.writing.is_none() {
            return Err(Error::ReadOnly);
        }
        if self.published == self.newest.head.size {
            return Ok(());
        }
        let result = self.publish_steps();
        self.poisoned |= result.is_err();
        result
    }

    fn publish_steps(&mut self) -> Result<(), Error> {
        self.write_tiles()?;
        let disk = self.disk.as_ref();
        let journal = replace(disk, JOURNAL_NEW, &journal_path(self.newest.head.size), FIRST)?;
        replace(disk, CHECKPOINT_NEW, CHECKPOINT, &self.newest.note)?;
        if let Some(writing) = &mut self.writing {
            (writing.journal, writing.end) = (journal, FIRST.len() as u64);
        }
        let before = std::mem::replace(&mut self.published, self.newest.head.size);
        self.clear(before)
    }

    /// Writes every tile and bundle that grew since the checkpoint, makes them durable, and reads
    /// them back.
    fn write_tiles(&self) -> Result<(), Error> {
        let (disk, grown) = (self.disk.as_ref(), self.edge.grown(self.published));
        let (mut files, mut names) = (Vec::new(), BTreeSet::new());
        for tile in &grown {
            let hashes = self.edge.hashes(*tile);
            let hashes =
                hashes.ok_or_else(|| Error::damaged(&tile.path(), "it is not in memory"))?;
            files.push(written(disk, &tile.path(), &tile_bytes(&hashes), &mut names)?);
            if tile.level == 0 {
                let bytes = bundle_bytes(self.in_window(*tile));
                files.push(written(disk, &tile.bundle_path(), &bytes, &mut names)?);
            }
        }
        disk.sync_all(files).map_err(|cause| Error::disk("syncing", "tile", cause))?;
        for name in names.iter().rev() {
            disk.sync_directory(name).map_err(|cause| Error::disk("syncing", name, cause))?;
        }
        for tile in grown {
            let is_same = Some(read_tile(disk, tile)?) == self.edge.hashes(tile)
                && (tile.level > 0 || read_bundle(disk, tile)? == self.in_window(tile));
            if !is_same {
                return Err(Error::damaged(&tile.path(), "it gave back other bytes than written"));
            }
        }
        Ok(())
    }

    /// The entries of a bundle that is in memory.
    fn in_window(&self, tile: TileId) -> &[Vec<u8>] {
        let from = tile.first().saturating_sub(self.first) as usize;
        self.window.get(from..from + usize::from(tile.width)).unwrap_or_default()
    }

    /// Lets go of what the new checkpoint does not need: full tiles in memory, older journals,
    /// partial tiles that became full.
    fn clear(&mut self, before: u64) -> Result<(), Error> {
        let size = self.published;
        self.edge.settle();
        let first = size - size % u64::from(FULL);
        self.window.drain(..((first - self.first) as usize).min(self.window.len()));
        self.first = first;
        let disk = self.disk.as_ref();
        let names = disk.list("").map_err(|cause| Error::disk("listing", "", cause))?;
        let own = journal_path(size);
        for name in names.iter().filter(|name| name.starts_with("journal.") && **name != own) {
            disk.remove(name).map_err(|cause| Error::disk("removing", name, cause))?;
        }
        for level in 0..8 {
            let index = (before >> (u32::from(level) * 8)) / u64::from(FULL);
            let is_full = TileId::within(level, index, size).is_some_and(|tile| tile.width == FULL);
            if is_full {
                let partial = TileId { level, index, width: 1 };
                remove_all(disk, parent(&partial.path()))?;
                if level == 0 {
                    remove_all(disk, parent(&partial.bundle_path()))?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn countersign_note(&mut self, note: &[u8]) -> Result<(), Error> {
        self.usable()?;
        let disk = self.disk.as_ref();
        let result = replace(disk, COSIGNED_NEW, COSIGNED, note)
            .and_then(|_| replace(disk, CHECKPOINT_NEW, CHECKPOINT, note));
        self.poisoned |= result.is_err();
        result?;
        self.newest.note = note.to_vec();
        Ok(())
    }
}

/// Writes a file whose names are to be made durable later.
fn written(
    disk: &dyn Disk,
    path: &str,
    bytes: &[u8],
    names: &mut BTreeSet<String>,
) -> Result<Box<dyn File>, Error> {
    let mut file = disk.create(path).map_err(|cause| Error::disk("making", path, cause))?;
    write_all(file.as_mut(), 0, bytes).map_err(|cause| Error::disk("writing", path, cause))?;
    let mut name = path;
    while !name.is_empty() {
        name = parent(name);
        names.insert(name.to_owned());
    }
    Ok(file)
}

/// Puts a whole file in the place of another, durably: old or new, never a part.
pub(crate) fn replace(
    disk: &dyn Disk,
    new: &str,
    path: &str,
    bytes: &[u8],
) -> Result<Box<dyn File>, Error> {
    // After a power loss in the midst of a rename both names may be those of one file: it is not
    // written to through the other name.
    match disk.remove(new) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
        removed => removed.map_err(|cause| Error::disk("removing", new, cause))?,
    }
    let mut file = disk.create(new).map_err(|cause| Error::disk("making", new, cause))?;
    write_all(file.as_mut(), 0, bytes).map_err(|cause| Error::disk("writing", new, cause))?;
    file.sync().map_err(|cause| Error::disk("syncing", new, cause))?;
    disk.rename(new, path).map_err(|cause| Error::disk("renaming to", path, cause))?;
    let place = parent(path);
    disk.sync_directory(place).map_err(|cause| Error::disk("syncing", place, cause))?;
    Ok(file)
}

/// Takes the files of a directory away, and the directory, if it is there.
fn remove_all(disk: &dyn Disk, path: &str) -> Result<(), Error> {
    let failed = |cause| Error::disk("removing", path, cause);
    let names = match disk.list(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        names => names.map_err(failed)?,
    };
    for name in names {
        disk.remove(&format!("{path}/{name}")).map_err(failed)?;
    }
    disk.remove(path).map_err(failed)
}
