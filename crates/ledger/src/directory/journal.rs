//! The bytes of the journal: a first line, then groups.
//!
//! ```text
//! group    = "GRP1"  first entry: u64  entries: u32  bytes: u32  bundle  note bytes: u32  note
//! ```
//!
//! Numbers have their high byte first; the bundle is that of tlog-tiles; the note is the signed
//! checkpoint after the group. A group needs no checksum: the note's signature covers its root.
//!
//! Invariant: a journal is only ever appended to, and a new one replaces it by its name.

use crate::{
    checkpoint::open_checkpoint,
    disk::{Disk, File, read_exact},
    error::Error,
    keys::Verifier,
    limits,
    store::Group,
    tile::{bundle_bytes, bundle_entries},
};
use sha2::{Digest as _, Sha256};
use std::io;

/// How a journal begins.
pub(super) const FIRST: &[u8] = b"casus ledger journal 1\n";
/// Where the acknowledged size is noted.
pub(crate) const ACKNOWLEDGED: &str = "acknowledged";

const MARK: &[u8; 4] = b"GRP1";
const START: usize = 20;

/// The journal after a checkpoint of this size.
pub(crate) fn journal_path(size: u64) -> String {
    format!("journal.{size}")
}

/// A group up to its note.
pub(super) fn start_part(group: &Group<'_>) -> Vec<u8> {
    let bundle = bundle_bytes(group.entries);
    let mut out = Vec::with_capacity(START + bundle.len());
    out.extend(MARK);
    out.extend(group.expected.to_be_bytes());
    out.extend((group.entries.len() as u32).to_be_bytes());
    out.extend((bundle.len() as u32).to_be_bytes());
    out.extend(bundle);
    out
}

/// A group from its note on.
pub(super) fn note_part(note: &[u8]) -> Vec<u8> {
    [&(note.len() as u32).to_be_bytes(), note].concat()
}

/// Reads back the entries of a group whose first part has this length.
pub(super) fn read_entries(
    file: &mut dyn File,
    offset: u64,
    length: usize,
) -> io::Result<Vec<Vec<u8>>> {
    let bytes = read_exact(file, offset, length)?;
    bytes.get(START..).and_then(bundle_entries).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// A group as it lies in the journal.
pub(super) struct Found<'j> {
    pub first: u64,
    pub entries: Vec<Vec<u8>>,
    pub note: &'j [u8],
    pub rest: &'j [u8],
}

/// The group at the beginning of these bytes, if they can be read as one.
pub(super) fn group(bytes: &[u8]) -> Option<Found<'_>> {
    let rest = bytes.strip_prefix(MARK)?;
    let (first, rest) = rest.split_first_chunk::<8>()?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (bundle, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let (note, rest) = rest.split_at_checked(length).filter(|_| length <= limits::NOTE_BYTES)?;
    let entries = bundle_entries(bundle)?;
    let count = u32::from_be_bytes(*count) as usize;
    let is_group = !entries.is_empty() && entries.len() == count;
    is_group.then(|| Found { first: u64::from_be_bytes(*first), entries, note, rest })
}

/// Whether these bytes hold a group that follows a later one than the group at `size`: then that
/// one was acknowledged, and whatever is wrong with it is damage. A group that was torn has
/// nothing behind it, because the next is written only after its sync.
pub(super) fn is_followed(bytes: &[u8], size: u64, log: &Verifier) -> bool {
    let mut places = bytes.windows(MARK.len()).enumerate().filter(|(_, part)| *part == MARK);
    places.any(|(at, _)| {
        let found = bytes.get(at..).and_then(group).filter(|found| found.first > size);
        found.is_some_and(|found| {
            let after = found.first.checked_add(found.entries.len() as u64);
            let opened = open_checkpoint(found.note, log);
            opened.is_ok_and(|(checkpoint, _)| Some(checkpoint.head.size) == after)
        })
    })
}

/// The bytes of the acknowledged size: the size and eight bytes of its hash.
pub(super) fn acknowledgement(size: u64) -> [u8; 16] {
    let mut out = [0; 16];
    let hash = Sha256::digest(size.to_be_bytes());
    let bytes = size.to_be_bytes().into_iter().chain(hash);
    out.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    out
}

/// The acknowledged size, if it was noted and the note is whole.
pub(crate) fn acknowledged(disk: &dyn Disk) -> Result<Option<u64>, Error> {
    let bytes = match disk.read(ACKNOWLEDGED) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Error::disk("reading", ACKNOWLEDGED, cause)),
    };
    let size = bytes.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes));
    Ok(size.filter(|size| acknowledgement(*size).as_slice() == bytes))
}
