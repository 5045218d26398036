//! Roots and proofs, out of tiles.
//!
//! Invariant: only tiles are asked for that a tree of this size has.

use crate::{
    error::Error,
    hash::{Hash, empty_root, fold, node_hash},
    tile::TileId,
};

/// Whoever has the hashes of tiles.
pub trait Nodes {
    /// The hashes of a tile, as many as its width.
    fn hashes(&self, tile: TileId) -> Result<Vec<Hash>, Error>;
}

/// A tree of a size, whose hashes somebody has.
#[derive(Clone, Copy)]
pub struct Tree<'n> {
    nodes: &'n dyn Nodes,
    size: u64,
}

impl<'n> Tree<'n> {
    /// The tree of this many entries. `nodes` has its tiles, at the widths of this size.
    pub fn new(nodes: &'n dyn Nodes, size: u64) -> Tree<'n> {
        Tree { nodes, size }
    }

    /// The root that the log had at a size.
    pub fn root(&self, size: u64) -> Result<Hash, Error> {
        self.within(size)?;
        if size == 0 { Ok(empty_root()) } else { self.range(0, size) }
    }

    /// The hashes that prove an entry in the tree of a size, from the leaf's sibling to the root's
    /// child (RFC 6962, section 2.1.1).
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, Error> {
        self.within(size)?;
        if index >= size {
            return Err(Error::Beyond { asked: index, size });
        }
        let (mut first, mut end, mut proof) = (0, size, Vec::new());
        while end - first > 1 {
            let middle = first + half(end - first);
            if index < middle {
                proof.push(self.range(middle, end)?);
                end = middle;
            } else {
                proof.push(self.range(first, middle)?);
                first = middle;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// The hashes that prove that the tree of `to` begins with the tree of `from` (RFC 6962,
    /// section 2.1.2). Nothing is needed from 0, or to the same size.
    pub fn consistency(&self, from: u64, to: u64) -> Result<Vec<Hash>, Error> {
        self.within(to)?;
        if from > to {
            return Err(Error::Beyond { asked: from, size: to });
        }
        if from == 0 || from == to {
            return Ok(Vec::new());
        }
        let (mut first, mut end, mut proof, mut whole) = (0, to, Vec::new(), true);
        while end > from {
            let middle = first + half(end - first);
            if from <= middle {
                proof.push(self.range(middle, end)?);
                end = middle;
            } else {
                proof.push(self.range(first, middle)?);
                first = middle;
                whole = false;
            }
        }
        if !whole {
            proof.push(self.range(first, end)?);
        }
        proof.reverse();
        Ok(proof)
    }

    fn within(&self, size: u64) -> Result<(), Error> {
        if size > self.size {
            return Err(Error::Beyond { asked: size, size: self.size });
        }
        Ok(())
    }

    /// The hash over the entries from `first` to before `end`; `first` is a multiple of the
    /// greatest power of two that is less than their number.
    fn range(&self, first: u64, end: u64) -> Result<Hash, Error> {
        let count = end - first;
        if count.is_power_of_two() {
            return self.node(count.trailing_zeros(), first / count);
        }
        let middle = first + half(count);
        Ok(node_hash(&self.range(first, middle)?, &self.range(middle, end)?))
    }

    /// The hash of a full subtree of 2^height entries.
    fn node(&self, height: u32, index: u64) -> Result<Hash, Error> {
        let (level, below) = ((height / 8) as u8, height % 8);
        let first = index << below;
        let tile = TileId::within(level, first / 256, self.size)
            .ok_or(Error::Beyond { asked: index, size: self.size })?;
        let hashes = self.nodes.hashes(tile)?;
        let (from, count) = ((first % 256) as usize, 1_usize << below);
        hashes
            .get(from..from + count)
            .and_then(fold)
            .ok_or_else(|| Error::damaged(&tile.path(), "it has too few hashes"))
    }
}

/// The greatest power of two that is less than a count of two or more.
fn half(count: u64) -> u64 {
    count.next_power_of_two() / 2
}
