//! Tiles and entry bundles: their names and their bytes, as C2SP tlog-tiles has them.
//!
//! Invariant: a path has one tile and a tile has one path.

use crate::{error::Error, hash::Hash, limits};

/// As many hashes has a full tile, and as many entries a full bundle.
pub const FULL: u16 = 256;

/// A tile: `width` hashes of the tree's level `8 * level`, from `256 * index` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// From 0, at the leaves.
    pub level: u8,
    /// From 0, at the left.
    pub index: u64,
    /// From 1 to 256; less than 256 is a partial tile.
    pub width: u16,
}

impl TileId {
    /// The tile at this level and index in a tree of this many entries; none if it would be empty.
    pub fn within(level: u8, index: u64, size: u64) -> Option<TileId> {
        let all = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
        let width = all.saturating_sub(index.checked_mul(u64::from(FULL))?).min(u64::from(FULL));
        let width = u16::try_from(width).ok().filter(|width| *width > 0)?;
        Some(TileId { level, index, width })
    }

    /// Where its hashes lie: `tile/0/x001/234`, `tile/0/x001/234.p/7`.
    pub fn path(&self) -> String {
        path(&self.level.to_string(), self.index, self.width)
    }

    /// Where the entries under it lie, of a tile of level 0.
    pub fn bundle_path(&self) -> String {
        path("entries", self.index, self.width)
    }

    /// The index of its first entry, for a tile of level 0.
    pub fn first(&self) -> u64 {
        self.index * u64::from(FULL)
    }
}

fn path(level: &str, index: u64, width: u16) -> String {
    let mut parts = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        parts.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    parts.reverse();
    let partial = if width < FULL { format!(".p/{width}") } else { String::new() };
    format!("tile/{level}/{}{partial}", parts.join("/"))
}

/// The bytes of a tile.
pub(crate) fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes in the bytes of a tile, exactly as many as its width.
pub(crate) fn tile_hashes(tile: TileId, bytes: &[u8]) -> Result<Vec<Hash>, Error> {
    let (whole, rest) = bytes.as_chunks::<32>();
    if whole.len() != usize::from(tile.width) || !rest.is_empty() {
        let (got, width) = (bytes.len(), usize::from(tile.width) * 32);
        return Err(Error::damaged(&tile.path(), format!("expected {width} bytes, got {got}")));
    }
    Ok(whole.iter().map(|bytes| Hash(*bytes)).collect())
}

/// The bytes of a bundle: each entry after its length in 16 bits, the high byte first. An entry
/// that is too long for that is refused before it comes here; its rest would be cut off.
pub fn bundle_bytes<E: AsRef<[u8]>>(entries: &[E]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
        out.extend(length.to_be_bytes());
        out.extend(entry.iter().take(limits::ENTRY_BYTES));
    }
    out
}

/// The entries in the bytes of a bundle, all bytes used; none if a length leads out of them.
pub fn bundle_entries(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry.to_vec());
        bytes = rest;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let tile = |level, index, width| TileId { level, index, width }.path();
        assert_eq!(tile(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile(3, 0, 1), "tile/3/000.p/1");
        assert_eq!(TileId { level: 0, index: 999, width: 2 }.bundle_path(), "tile/entries/999.p/2");
    }

    #[test]
    fn a_tree_of_70_000_has_the_tiles_that_the_specification_counts() {
        let within = |level, index| TileId::within(level, index, 70_000).map(|tile| tile.width);
        assert_eq!(within(0, 272), Some(256));
        assert_eq!(within(0, 273), Some(112));
        assert_eq!(within(0, 274), None);
        assert_eq!((within(1, 0), within(1, 1)), (Some(256), Some(17)));
        assert_eq!((within(2, 0), within(3, 0)), (Some(1), None));
    }

    #[test]
    fn bundles_read_back() {
        let entries = vec![Vec::new(), vec![7; 65_535], b"x".to_vec()];
        let bytes = bundle_bytes(&entries);
        assert_eq!(bundle_entries(&bytes), Some(entries));
        assert_eq!(bundle_entries(&bytes[..bytes.len() - 1]), None);
        assert_eq!(bundle_entries(&[0]), None);
    }
}
