//! Where a log is kept: what every such place has to do, whether a directory or a database.
//!
//! Invariant: `commit` returns only when the entries and the note over them are durable together.

use crate::{checkpoint::Head, error::Error, hash::Hash, tile::TileId};
use std::ops::Range;

/// Which opening of the log a writer has. A store that many can open counts it up, and takes
/// nothing from a writer with an older one. A directory has a lock instead, and checks the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fence(pub u64);

/// Entries that are committed together.
#[derive(Clone, Copy, Debug)]
pub struct Group<'g> {
    /// One or more, each within the limits.
    pub entries: &'g [&'g [u8]],
    /// The size of the log before them.
    pub expected: u64,
    /// Who commits.
    pub fence: Fence,
}

/// A head with the note that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Size and root.
    pub head: Head,
    /// The signed checkpoint.
    pub note: Vec<u8>,
}

/// Makes the note over a head.
pub type Sign<'s> = dyn Fn(&Head) -> Result<Vec<u8>, Error> + 's;

/// A place where one log is kept.
pub trait Store {
    /// The newest head that is durable.
    fn newest(&self) -> &Signed;

    /// The hashes of a tile of the newest head, as many as its width.
    fn tile(&self, tile: TileId) -> Result<Vec<Hash>, Error>;

    /// Entries of the newest head.
    fn entries(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error>;

    /// What this opening of the store is.
    fn fence(&self) -> Fence;

    /// Writes the entries, reads them back, computes the head from what it read, has it signed,
    /// and makes entries and note durable. Errors: `Stale` and `Fenced` wrote nothing; after any
    /// other the store refuses everything until it is opened anew.
    fn commit(&mut self, group: Group<'_>, sign: &Sign<'_>) -> Result<(), Error>;

    /// Puts the newest head where strangers read it: tiles, bundles and the file `checkpoint`.
    fn publish(&mut self) -> Result<(), Error>;

    /// Keeps the published checkpoint with more signatures. The text has to be that of the newest
    /// head, and published.
    fn countersign(&mut self, note: &[u8]) -> Result<(), Error>;
}
