//! The log as others use it: append, read, prove.
//!
//! Invariant: no entry and no proof is given out that the newest checkpoint does not bear.

use crate::{
    bundle::Bundle,
    checkpoint::{Checkpoint, Head, open_checkpoint},
    error::Error,
    hash::{Hash, leaf_hash},
    keys::{Signer, Verifier},
    limits,
    note::{Note, Signature},
    proof::{verify_consistency, verify_inclusion},
    store::{Group, Signed, Store},
    tile::TileId,
    tree::{Nodes, Tree},
};
use std::ops::Range;

/// A log that is written to by one writer.
pub struct Ledger<S> {
    store: S,
    key: Signer,
}

impl<S: Store> Ledger<S> {
    /// Over a store that was opened for writing, with the log's own key.
    pub fn new(store: S, key: Signer) -> Result<Ledger<S>, Error> {
        open_checkpoint(&store.newest().note, key.verifier())?;
        Ok(Ledger { store, key })
    }

    /// Appends a group of entries. When this returns they are durable, under a signed checkpoint.
    /// Gives their places. Errors: limits, which leave everything as it was; the disk, after which
    /// the log has to be opened anew, and the group is there whole or not at all.
    pub fn append(&mut self, entries: &[&[u8]]) -> Result<Range<u64>, Error> {
        check(entries)?;
        let before = self.store.newest().head;
        let after = before.size + entries.len() as u64;
        if after > limits::LOG_ENTRIES {
            return Err(Error::Group { what: "the log is full" });
        }
        let key = &self.key;
        let sign = |head: &Head| {
            // A head of another size than was asked for would be a mistake of ours: stop here.
            assert!(head.size == after, "a head of {} is signed for {after}", head.size);
            Ok(sign_head(key, head))
        };
        let fence = self.store.fence();
        self.store.commit(Group { entries, expected: before.size, fence }, &sign)?;
        Ok(before.size..after)
    }

    /// Puts everything where strangers read it: tiles, bundles, the file `checkpoint`.
    pub fn publish(&mut self) -> Result<(), Error> {
        self.store.publish()
    }

    /// Keeps a witness's cosignature under the newest checkpoint, which is published for it.
    /// Errors: a signature that is not of this witness over this checkpoint.
    pub fn add_cosignature(&mut self, line: &str, witness: &Verifier) -> Result<(), Error> {
        self.store.publish()?;
        let mut note = Note::parse(&self.store.newest().note)?;
        let signature = Signature::parse(line.trim_end_matches('\n'))?;
        note.signatures.retain(|one| (&one.name, one.id) != (&signature.name, signature.id));
        note.signatures.push(signature);
        note.signed_by(witness)?;
        note.signed_by(self.key.verifier())?;
        self.store.countersign(&note.encode())
    }

    /// For reading.
    pub fn reader(&self) -> Reader<'_> {
        Reader { store: &self.store }
    }

    /// The public key of the log.
    pub fn verifier(&self) -> &Verifier {
        self.key.verifier()
    }

    /// The store, for what only this kind of store can do.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Publishes, and lets the store go.
    pub fn close(mut self) -> Result<(), Error> {
        self.store.publish()
    }
}

/// The checkpoint over a head, signed by the log's key, whose name is the origin.
pub(crate) fn sign_head(key: &Signer, head: &Head) -> Vec<u8> {
    let origin = key.name().to_owned();
    let text = Checkpoint { origin, head: *head, extensions: Vec::new() }.text();
    let signatures = vec![key.sign(&text, 0)];
    Note { text, signatures }.encode()
}

fn check(entries: &[&[u8]]) -> Result<(), Error> {
    if entries.is_empty() {
        return Err(Error::Group { what: "it has no entry" });
    }
    if entries.len() > limits::GROUP_ENTRIES {
        return Err(Error::Group { what: "it has too many entries" });
    }
    let long = entries.iter().position(|entry| entry.len() > limits::ENTRY_BYTES);
    if let Some((place, entry)) = long.and_then(|place| Some((place, entries.get(place)?))) {
        return Err(Error::EntryTooLarge { place, bytes: entry.len() });
    }
    if entries.iter().map(|entry| entry.len()).sum::<usize>() > limits::GROUP_BYTES {
        return Err(Error::Group { what: "it has too many bytes" });
    }
    Ok(())
}

/// A log that is read.
#[derive(Clone, Copy)]
pub struct Reader<'s> {
    store: &'s dyn Store,
}

impl<'s> Reader<'s> {
    /// Over any store.
    pub fn new(store: &'s dyn Store) -> Reader<'s> {
        Reader { store }
    }

    /// The newest head, with the note that says it.
    pub fn newest(&self) -> &'s Signed {
        self.store.newest()
    }

    /// Entries, each of which hashes to its leaf.
    pub fn entries(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error> {
        let size = self.newest().head.size;
        if range.end > size || range.start > range.end {
            return Err(Error::Beyond { asked: range.end.max(range.start), size });
        }
        let entries = self.store.entries(range.clone())?;
        let mut leaves: Option<(TileId, Vec<Hash>)> = None;
        for (index, entry) in range.zip(&entries) {
            let tile = TileId::within(0, index / 256, size);
            let tile = tile.ok_or(Error::Beyond { asked: index, size })?;
            if leaves.as_ref().is_none_or(|(at, _)| *at != tile) {
                leaves = Some((tile, self.store.tile(tile)?));
            }
            let leaf = leaves.as_ref().and_then(|(_, all)| all.get((index % 256) as usize));
            if leaf != Some(&leaf_hash(entry)) {
                let what = format!("entry {index} does not hash to its leaf");
                return Err(Error::damaged(&tile.bundle_path(), what));
            }
        }
        Ok(entries)
    }

    /// One entry.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Error> {
        let end = index.saturating_add(1);
        let entry = self.entries(index..end)?.into_iter().next();
        entry.ok_or(Error::Beyond { asked: index, size: self.newest().head.size })
    }

    /// The root that the log had at a size.
    pub fn root(&self, size: u64) -> Result<Hash, Error> {
        self.tree().root(size)
    }

    /// A proof of an entry under the newest checkpoint, for a file of its own.
    pub fn prove(&self, index: u64) -> Result<Bundle, Error> {
        let Signed { head, note } = self.newest();
        let hashes = self.inclusion(index, head.size)?;
        verify_inclusion(&leaf_hash(&self.entry(index)?), index, head, &hashes)?;
        Ok(Bundle { extra: None, index, hashes, checkpoint: note.clone() })
    }

    /// The hashes that prove an entry in the log as it was at a size.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, Error> {
        self.tree().inclusion(index, size)
    }

    /// The hashes that prove that the newest log begins with what it was at a size.
    pub fn consistency(&self, from: u64) -> Result<Vec<Hash>, Error> {
        let head = self.newest().head;
        let proof = self.tree().consistency(from, head.size)?;
        let earlier = Head { size: from, root: self.tree().root(from)? };
        verify_consistency(&earlier, &head, &proof)?;
        Ok(proof)
    }

    fn tree(&self) -> Tree<'_> {
        Tree::new(self, self.newest().head.size)
    }
}

impl Nodes for Reader<'_> {
    fn hashes(&self, tile: TileId) -> Result<Vec<Hash>, Error> {
        self.store.tile(tile)
    }
}
