//! The right edge of the tree, in memory: all that is needed to append and to sign.
//!
//! Invariant: a tile leaves the memory only when it is full and lies on the disk (`settle`).

use crate::{
    checkpoint::Head,
    error::Error,
    hash::{Hash, empty_root, fold, node_hash},
    tile::{FULL, TileId},
    tree::Nodes,
};

const WIDE: u64 = FULL as u64;

/// The hashes of each level of tiles from the first tile that is not known to lie on the disk.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    size: u64,
    levels: Vec<Level>,
    /// The roots of the full subtrees that make up the tree, from the left: one for each bit of
    /// the size.
    peaks: Vec<Hash>,
}

#[derive(Clone, Debug, Default)]
struct Level {
    /// The place of the first hash in the level, a multiple of 256.
    first: u64,
    hashes: Vec<Hash>,
}

/// Where an edge was, to go back to.
#[derive(Clone, Debug)]
pub struct Mark {
    size: u64,
    lengths: Vec<usize>,
    peaks: Vec<Hash>,
}

impl Edge {
    /// The edge of a tree of this size, whose partial tiles somebody has.
    pub fn load(nodes: &dyn Nodes, size: u64) -> Result<Edge, Error> {
        let mut levels = Vec::new();
        for level in 0_u8..8 {
            let all = size >> (u32::from(level) * 8);
            if all == 0 {
                break;
            }
            let first = all - all % WIDE;
            let hashes = match TileId::within(level, first / WIDE, size) {
                Some(tile) => nodes.hashes(tile)?,
                None => Vec::new(),
            };
            levels.push(Level { first, hashes });
        }
        let mut edge = Edge { size, levels, peaks: Vec::new() };
        for height in (0..64).rev().filter(|height| size >> height & 1 == 1) {
            let peak = edge.subtree(height, (size >> height) - 1);
            let peak = peak.ok_or_else(|| Error::damaged("tile", "it has too few hashes"))?;
            edge.peaks.push(peak);
        }
        Ok(edge)
    }

    /// How many entries the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut carried = Some(leaf);
        let mut at = 0;
        while let Some(hash) = carried {
            if self.levels.len() == at {
                self.levels.push(Level::default());
            }
            carried = self.levels.get_mut(at).and_then(|level| level.push(hash));
            at += 1;
        }
        let mut peak = leaf;
        for _ in 0..self.size.trailing_ones() {
            peak = self.peaks.pop().map_or(peak, |left| node_hash(&left, &peak));
        }
        self.peaks.push(peak);
        self.size += 1;
    }

    /// The size and the root.
    pub fn head(&self) -> Head {
        let from_right = self.peaks.iter().rev().copied();
        let root = from_right.reduce(|right, left| node_hash(&left, &right));
        Head { size: self.size, root: root.unwrap_or_else(empty_root) }
    }

    /// The hash of a full subtree at the edge.
    fn subtree(&self, height: u32, index: u64) -> Option<Hash> {
        let below = height % 8;
        let level = self.levels.get((height / 8) as usize)?;
        let from = (index << below).checked_sub(level.first)? as usize;
        fold(level.hashes.get(from..from + (1 << below))?)
    }

    /// The hashes of a tile, if they are in memory.
    pub fn hashes(&self, tile: TileId) -> Option<Vec<Hash>> {
        let level = self.levels.get(usize::from(tile.level))?;
        let from = tile.first().checked_sub(level.first)? as usize;
        level.hashes.get(from..from + usize::from(tile.width)).map(<[Hash]>::to_vec)
    }

    /// The tiles that are new or wider than they were at an earlier size. All are in memory if
    /// nothing was settled since.
    pub fn grown(&self, since: u64) -> Vec<TileId> {
        let mut tiles = Vec::new();
        for level in 0_u8..8 {
            let (before, now) =
                (since >> (u32::from(level) * 8), self.size >> (u32::from(level) * 8));
            if now > before {
                let indexes = before / WIDE..now.div_ceil(WIDE);
                tiles.extend(indexes.filter_map(|index| TileId::within(level, index, self.size)));
            }
        }
        tiles
    }

    /// Lets go of the full tiles, which lie on the disk now.
    pub fn settle(&mut self) {
        for level in &mut self.levels {
            let full = level.hashes.len() - level.hashes.len() % usize::from(FULL);
            level.hashes.drain(..full);
            level.first += full as u64;
        }
    }

    /// Where the edge is.
    pub fn mark(&self) -> Mark {
        let lengths = self.levels.iter().map(|level| level.hashes.len()).collect();
        Mark { size: self.size, lengths, peaks: self.peaks.clone() }
    }

    /// Back to a mark that was made since the last `settle`.
    pub fn revert(&mut self, mark: &Mark) {
        self.levels.truncate(mark.lengths.len());
        for (level, length) in self.levels.iter_mut().zip(&mark.lengths) {
            level.hashes.truncate(*length);
        }
        self.size = mark.size;
        self.peaks.clone_from(&mark.peaks);
    }
}

impl Level {
    /// Takes a hash, and gives the hash of the tile that it made full.
    fn push(&mut self, hash: Hash) -> Option<Hash> {
        self.hashes.push(hash);
        let full = self.hashes.len().is_multiple_of(usize::from(FULL));
        let from = self.hashes.len().checked_sub(usize::from(FULL))?;
        if full { self.hashes.get(from..).and_then(fold) } else { None }
    }
}

impl Nodes for Edge {
    fn hashes(&self, tile: TileId) -> Result<Vec<Hash>, Error> {
        Edge::hashes(self, tile).ok_or_else(|| Error::damaged(&tile.path(), "it is not in memory"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hash::leaf_hash, tree::Tree};

    /// RFC 6962 in its own words.
    fn plain(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
                node_hash(&plain(left), &plain(right))
            }
        }
    }

    #[test]
    fn the_edge_has_the_root_that_the_definition_gives() {
        let leaves: Vec<Hash> = (0_u32..1000).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let mut edge = Edge::default();
        for size in 0..=leaves.len() {
            assert_eq!(edge.head(), Head { size: size as u64, root: plain(&leaves[..size]) });
            if let Some(leaf) = leaves.get(size) {
                edge.push(*leaf);
            }
        }
        let tree = Tree::new(&edge, 1000);
        assert_eq!(tree.root(777).unwrap(), plain(&leaves[..777]));
    }

    #[test]
    fn an_edge_goes_back_to_its_mark_and_forgets_what_is_full() {
        let leaf = |n: u32| leaf_hash(&n.to_be_bytes());
        let mut edge = Edge::default();
        (0..300).for_each(|n| edge.push(leaf(n)));
        let (mark, head) = (edge.mark(), edge.head());
        (300..70_000).for_each(|n| edge.push(leaf(n)));
        let far = edge.head();
        edge.revert(&mark);
        assert_eq!(edge.head(), head);
        edge.settle();
        (300..70_000).for_each(|n| edge.push(leaf(n)));
        assert_eq!(edge.head(), far);
        assert_eq!(edge.grown(300).len(), 273 + 2 + 1);
    }
}
