//! Content that is too large for an entry, or must not stand in one: files called by their digest.
//!
//! They lie beside the log under `attachments/` and are no part of it; an entry that names the
//! digest binds to the content, and the content may be withheld or taken away.
//!
//! Invariant: the bytes that are given out have the digest that was asked for.

use crate::{
    directory::{read, replace},
    disk::Disk,
    error::Error,
    hash::Hash,
    limits,
};
use sha2::{Digest as _, Sha256};

/// The attachments in the directory of a log.
#[derive(Clone, Copy)]
pub struct Attachments<'d> {
    disk: &'d dyn Disk,
}

impl<'d> Attachments<'d> {
    /// On the disk of the log.
    pub fn new(disk: &'d dyn Disk) -> Attachments<'d> {
        Attachments { disk }
    }

    /// Keeps a content durably and gives its SHA-256 digest. Keeping it twice is keeping it once.
    pub fn put(&self, content: &[u8]) -> Result<Hash, Error> {
        if content.len() > limits::ATTACHMENT_BYTES {
            return Err(Error::Group { what: "the attachment has too many bytes" });
        }
        let digest = Hash(Sha256::digest(content).into());
        let path = path(&digest);
        // Also where it is there already: nobody knows whether it is durable.
        replace(self.disk, &format!("{path}.new"), &path, content)?;
        for place in ["attachments", ""] {
            let synced = self.disk.sync_directory(place);
            synced.map_err(|cause| Error::disk("syncing", place, cause))?;
        }
        Ok(digest)
    }

    /// The content with this digest. Errors: `Damaged` if it is missing or another.
    pub fn get(&self, digest: &Hash) -> Result<Vec<u8>, Error> {
        let path = path(digest);
        let content = read(self.disk, &path)?;
        if Hash(Sha256::digest(&content).into()) != *digest {
            return Err(Error::damaged(&path, "its content has another digest"));
        }
        Ok(content)
    }
}

/// `attachments/ab/cdef…`, in hexadecimal digits.
fn path(digest: &Hash) -> String {
    let hex: String = digest.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let (first, rest) = hex.split_at(2);
    format!("attachments/{first}/{rest}")
}

/// Whether the file at a path has the content that the path says; none if it is no attachment.
pub(crate) fn check(disk: &dyn Disk, at: &str) -> Option<Result<(), Error>> {
    let hex: String = at.strip_prefix("attachments/")?.split('/').collect();
    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(|at| byte(at * 2)).collect();
    let digest = Hash(bytes?.try_into().ok().filter(|_| hex.len() == 64)?);
    Some(Attachments::new(disk).get(&digest).map(|_| ()))
}
