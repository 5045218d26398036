//! Checks of proofs: what a stranger runs, with nothing but hashes in hand.
//!
//! The algorithms are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
//!
//! Invariant: a proof is used whole; a hash too many fails like a wrong one.

use crate::{
    checkpoint::Head,
    hash::{Hash, empty_root, node_hash},
};
use std::fmt;

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The entry lies beyond the tree.
    Beyond {
        /// Its index.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The later tree is the smaller one.
    Shrunk {
        /// The earlier size.
        from: u64,
        /// The later size.
        to: u64,
    },
    /// There are too few hashes, or too many.
    Length,
    /// The hashes lead to another root than that of the checkpoint.
    Root,
    /// The hashes lead to another root than that of the earlier checkpoint.
    EarlierRoot,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProofError::Beyond { index, size } => {
                write!(f, "entry {index} is beyond a log of {size} entries")
            }
            ProofError::Shrunk { from, to } => {
                write!(f, "a log of {from} entries cannot become one of {to}")
            }
            ProofError::Length => write!(f, "it has too few hashes or too many"),
            ProofError::Root => write!(f, "it leads to another root"),
            ProofError::EarlierRoot => write!(f, "it leads to another earlier root"),
        }
    }
}

impl std::error::Error for ProofError {}

/// Whether the entry with this leaf hash is the one at `index` of the log with this head.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    head: &Head,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if index >= head.size {
        return Err(ProofError::Beyond { index, size: head.size });
    }
    let (mut node, mut last, mut hash) = (index, head.size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            let up = if node == 0 { 0 } else { node.trailing_zeros() };
            (node, last) = (node >> up, last >> up);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, hash == head.root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Whether the log with the later head begins with everything that the earlier had.
pub fn verify_consistency(from: &Head, to: &Head, proof: &[Hash]) -> Result<(), ProofError> {
    if from.size > to.size {
        return Err(ProofError::Shrunk { from: from.size, to: to.size });
    }
    if from.size == to.size || from.size == 0 {
        let earlier = if from.size == 0 { empty_root() } else { to.root };
        return match (proof.is_empty(), from.root == earlier) {
            _ if to.size == 0 && to.root != empty_root() => Err(ProofError::Root),
            (true, true) => Ok(()),
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::EarlierRoot),
        };
    }
    let (mut node, mut last) = (from.size - 1, to.size - 1);
    let up = node.trailing_ones();
    (node, last) = (node >> up, last >> up);
    let mut rest = proof.iter();
    let mut earlier = match from.size.is_power_of_two() {
        true => from.root,
        false => *rest.next().ok_or(ProofError::Length)?,
    };
    let mut later = earlier;
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            earlier = node_hash(sibling, &earlier);
            later = node_hash(sibling, &later);
            let up = if node == 0 { 0 } else { node.trailing_zeros() };
            (node, last) = (node >> up, last >> up);
        } else {
            later = node_hash(&later, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, earlier == from.root, later == to.root) {
        (0, true, true) => Ok(()),
        (0, false, _) => Err(ProofError::EarlierRoot),
        (0, true, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}
