//! The hashes of RFC 6962, section 2.1.
//!
//! Invariant: a leaf and a node never hash alike, whatever bytes they hold: 0x00 stands before the
//! one and 0x01 before the other.

use crate::error::Error;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 value. Its text is standard base64 with padding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// From base64, of exactly 32 bytes.
    pub fn parse(text: &str) -> Result<Hash, Error> {
        let bytes = STANDARD
            .decode(text)
            .map_err(|error| Error::malformed("hash", format!("`{text}`: {error}")))?;
        let bytes: [u8; 32] = bytes
            .try_into()
            .map_err(|_| Error::malformed("hash", format!("`{text}` has not 32 bytes")))?;
        Ok(Hash(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The hash of an entry as a leaf.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// The hash of two subtrees side by side.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let hasher = Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0);
    Hash(hasher.finalize().into())
}

/// The root of the log without an entry.
pub fn empty_root() -> Hash {
    Hash(Sha256::new().finalize().into())
}

/// The root of a full tree over these hashes, whose count is a power of two; none for no hash.
pub(crate) fn fold(hashes: &[Hash]) -> Option<Hash> {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node_hash(left, right),
                rest => rest.first().copied().unwrap_or_else(empty_root),
            })
            .collect();
    }
    row.first().copied()
}
