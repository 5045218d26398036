//! What is on the disk, after whatever happened. Only reads.
//!
//! The checkpoint is believed for its signature, its tiles at the edge for their root, each group
//! of the journal for the note behind it. The first group that does not hold ends the log, if
//! nothing shows that it was acknowledged; else the log is damaged.
//!
//! Invariant: the state that is found depends on the bytes alone, and is one that was signed.

use super::{
    CHECKPOINT,
    journal::{self, FIRST, acknowledged, journal_path},
    read, read_bundle, read_tile,
};
use crate::{
    checkpoint::{Checkpoint, open_checkpoint},
    disk::Disk,
    edge::Edge,
    error::Error,
    hash::{Hash, leaf_hash},
    keys::Verifier,
    store::Signed,
    tile::TileId,
    tree::Nodes,
};

/// The last valid state.
pub(crate) struct Recovered {
    pub newest: Signed,
    /// The size that the file `checkpoint` says.
    pub published: u64,
    pub edge: Edge,
    /// The entries from `first` on.
    pub window: Vec<Vec<u8>>,
    pub first: u64,
    /// The bytes of the journal, and how many of them are whole groups.
    pub journal_bytes: u64,
    pub journal_valid: u64,
}

/// Finds the last valid state.
pub(crate) fn recover(disk: &dyn Disk, log: &Verifier) -> Result<Recovered, Error> {
    let (checkpoint, note) = published(disk, log)?;
    let size = checkpoint.head.size;
    let edge = Edge::load(&Tiles(disk), size)?;
    if edge.head() != checkpoint.head {
        return Err(Error::damaged(
            "tile",
            "the tiles at the edge have another root than was signed",
        ));
    }
    let window = window(disk, &edge)?;
    let mut found = Recovered {
        newest: Signed { head: checkpoint.head, note },
        published: size,
        edge,
        first: size - size % 256,
        window,
        journal_bytes: 0,
        journal_valid: 0,
    };
    replay(disk, log, &mut found)?;
    if let Some(told) = acknowledged(disk)?.filter(|told| *told > found.newest.head.size) {
        let what = format!("{told} entries were acknowledged, got {}", found.newest.head.size);
        return Err(Error::damaged(&journal_path(size), what));
    }
    Ok(found)
}

fn published(disk: &dyn Disk, log: &Verifier) -> Result<(Checkpoint, Vec<u8>), Error> {
    let bytes = disk.read(CHECKPOINT).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => Error::Absent,
        _ => Error::disk("reading", CHECKPOINT, cause),
    })?;
    let (checkpoint, _) = open_checkpoint(&bytes, log)
        .map_err(|error| Error::damaged(CHECKPOINT, error.to_string()))?;
    Ok((checkpoint, bytes))
}

/// The entries of the partial bundle, which hash to the leaves at the edge.
fn window(disk: &dyn Disk, edge: &Edge) -> Result<Vec<Vec<u8>>, Error> {
    let size = edge.size();
    let Some(tile) = TileId::within(0, size / 256, size) else { return Ok(Vec::new()) };
    let entries = read_bundle(disk, tile)?;
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    if edge.hashes(tile).as_ref() != Some(&leaves) {
        return Err(Error::damaged(&tile.bundle_path(), "its entries have other hashes"));
    }
    Ok(entries)
}

/// Takes one group of the journal after the other, as long as they hold.
fn replay(disk: &dyn Disk, log: &Verifier, found: &mut Recovered) -> Result<(), Error> {
    let path = journal_path(found.published);
    let bytes = read(disk, &path)?;
    let mut rest = bytes
        .strip_prefix(FIRST)
        .ok_or_else(|| Error::damaged(&path, "it does not begin as a journal does"))?;
    while let Some(next) = journal::group(rest) {
        let (size, mark) = (found.edge.size(), found.edge.mark());
        if next.first != size {
            break;
        }
        next.entries.iter().for_each(|entry| found.edge.push(leaf_hash(entry)));
        let head = found.edge.head();
        match open_checkpoint(next.note, log) {
            Ok((checkpoint, _)) if checkpoint.head == head => {
                found.newest = Signed { head, note: next.note.to_vec() };
                found.window.extend(next.entries);
                rest = next.rest;
            }
            _ => {
                found.edge.revert(&mark);
                break;
            }
        }
    }
    let size = found.edge.size();
    if journal::is_followed(rest, size, log) {
        let what = format!("the group at entry {size} does not hold, and others follow it");
        return Err(Error::damaged(&path, what));
    }
    found.journal_bytes = bytes.len() as u64;
    found.journal_valid = (bytes.len() - rest.len()) as u64;
    Ok(())
}

/// The tiles on a disk.
pub(crate) struct Tiles<'d>(pub &'d dyn Disk);

impl Nodes for Tiles<'_> {
    fn hashes(&self, tile: TileId) -> Result<Vec<Hash>, Error> {
        read_tile(self.0, tile)
    }
}
