//! The commit protocol, from top to bottom.
//!
//! A group of entries goes to the end of the journal; what is signed is computed from what the
//! journal then gives back; the signed checkpoint goes behind it; one sync makes both durable;
//! only then is anybody told. A step that fails is never tried again: the directory refuses
//! everything until it is opened anew and reads what is on the disk.
//!
//! Before the sync the signature exists only in this process and in bytes that nobody reads. A
//! power loss leaves the group whole, and then it counts, or not whole, and then it never was.
//!
//! Invariant: `newest` moves only after the sync has succeeded.

use super::{
    Directory, Writing,
    journal::{acknowledgement, note_part, read_entries, start_part},
};
use crate::{
    disk::write_all,
    edge::Edge,
    error::Error,
    hash::leaf_hash,
    limits,
    store::{Group, Sign, Signed},
};

impl Directory {
    pub(super) fn commit_group(&mut self, group: Group<'_>, sign: &Sign<'_>) -> Result<(), Error> {
        self.usable()?;
        self.check_turn(&group)?;
        if self.is_journal_full() {
            self.publish_all()?;
        }
        let writing = self.writing.as_mut().ok_or(Error::ReadOnly)?;
        let mark = self.edge.mark();
        // Until it is known that all went well.
        self.poisoned = true;
        match commit(writing, &mut self.edge, group, sign) {
            Ok((entries, newest)) => {
                self.window.extend(entries);
                self.newest = newest;
                // The group is durable; if the hint fails the next commit will, not this one.
                self.poisoned = note_acknowledged(self.disk.as_ref(), writing, group).is_err();
                Ok(())
            }
            Err(error) => {
                self.edge.revert(&mark);
                Err(error)
            }
        }
    }

    /// One writer, who knows how much there is.
    fn check_turn(&self, group: &Group<'_>) -> Result<(), Error> {
        let found = self.newest.head.size;
        if self.writing.is_none() {
            return Err(Error::ReadOnly);
        }
        if group.fence != crate::store::Store::fence(self) {
            return Err(Error::Fenced);
        }
        if group.expected != found {
            return Err(Error::Stale { expected: group.expected, found });
        }
        Ok(())
    }

    fn is_journal_full(&self) -> bool {
        let entries = self.newest.head.size - self.published;
        let bytes = self.writing.as_ref().map_or(0, |writing| writing.end);
        entries >= limits::JOURNAL_ENTRIES || bytes >= limits::JOURNAL_BYTES
    }
}

/// Write, read back, compute, sign, write, sync.
fn commit(
    writing: &mut Writing,
    edge: &mut Edge,
    group: Group<'_>,
    sign: &Sign<'_>,
) -> Result<(Vec<Vec<u8>>, Signed), Error> {
    let failed = |call| move |cause| Error::disk(call, "journal", cause);
    let file = writing.journal.as_mut();

    let start = start_part(&group);
    write_all(file, writing.end, &start).map_err(failed("writing"))?;

    let entries = read_entries(file, writing.end, start.len()).map_err(failed("reading"))?;
    let is_same = entries.iter().map(Vec::as_slice).eq(group.entries.iter().copied());
    if !is_same {
        return Err(Error::damaged("journal", "it gave back other bytes than were written"));
    }
    entries.iter().for_each(|entry| edge.push(leaf_hash(entry)));
    let head = edge.head();
    let note = sign(&head)?;

    let end = note_part(&note);
    write_all(file, writing.end + start.len() as u64, &end).map_err(failed("writing"))?;
    file.sync().map_err(failed("syncing"))?;

    writing.end += (start.len() + end.len()) as u64;
    Ok((entries, Signed { head, note }))
}

/// Notes how far somebody was told, so that damage to the last group does not look like a group
/// that was never finished. Not synced: what the sync of the group made durable is the truth.
fn note_acknowledged(
    disk: &dyn crate::disk::Disk,
    writing: &mut Writing,
    group: Group<'_>,
) -> Result<(), Error> {
    let path = super::journal::ACKNOWLEDGED;
    let failed = |call| move |cause| Error::disk(call, path, cause);
    if writing.acknowledged.is_none() {
        writing.acknowledged = Some(disk.create(path).map_err(failed("making"))?);
    }
    let size = group.expected + group.entries.len() as u64;
    match &mut writing.acknowledged {
        Some(file) => {
            write_all(file.as_mut(), 0, &acknowledgement(size)).map_err(failed("writing"))
        }
        None => Ok(()),
    }
}
