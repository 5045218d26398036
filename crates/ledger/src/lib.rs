//! An append-only Merkle log of opaque bytes, in formats that others can read.
//!
//! Hashing is that of RFC 6962; files lie as C2SP tlog-tiles has them; checkpoints are signed notes
//! (C2SP signed-note, tlog-checkpoint) that witnesses may cosign (tlog-cosignature); a proof is a
//! file of C2SP tlog-proof. What an entry means is nobody's business here.
//!
//! Begin with [`Ledger`] to write, [`Reader`] to read and prove, [`Bundle::verify`] to check what a
//! stranger was given, [`fsck`] to look at everything, [`Witness`] to watch another's log.
//!
//! Invariant: what was acknowledged was on the disk, under a signed checkpoint, before that.

mod attachments;
mod bundle;
mod checkpoint;
mod commitment;
mod directory;
pub mod disk;
mod edge;
mod error;

mod fsck;
mod hash;
mod key_file;
mod keys;
mod ledger;
pub mod limits;
mod note;
mod proof;
mod queue;
mod store;
mod tile;
mod tree;
mod witness;

pub use attachments::Attachments;
pub use bundle::{Bundle, Policy, Verified};
pub use checkpoint::{Checkpoint, Cosigned, Head, cosignatures, open_checkpoint};
pub use commitment::{Salt, commit};
pub use directory::Directory;
pub use edge::Edge;
pub use error::Error;

pub use fsck::{Problem, Report, fsck};
pub use hash::{Hash, empty_root, leaf_hash, node_hash};
pub use keys::{Kind, Signer, Verifier};
pub use ledger::{Ledger, Reader};
pub use note::{Note, Signature};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use queue::Queue;
pub use store::{Fence, Group, Sign, Signed, Store};
pub use tile::{TileId, bundle_bytes, bundle_entries};
pub use tree::{Nodes, Tree};
pub use witness::{Refusal, Request, Witness};
