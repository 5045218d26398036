//! A log in a directory of the file system, as others use it.
//!
//! Invariant: what was appended is read back and proven, by one thread or by many.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

mod support;

use casus_ledger::{
    Attachments, Bundle, Directory, Error, Fence, Group, Ledger, Policy, Queue, Reader, Signed,
    Store, disk::RealDisk, fsck, limits,
};
use std::{collections::BTreeSet, path::Path, sync::Mutex};
use support::{entries, key, log, slices};

fn clean(path: &Path, entries: u64) {
    let report = fsck(&RealDisk::new(path), &log(), &[]);
    assert_eq!((report.problems, report.entries), (Vec::new(), entries));
}

#[test]
fn what_was_appended_is_read_back_and_proven() {
    let folder = tempfile::tempdir().unwrap();
    let all = entries(0, 1000);
    let mut ledger = Ledger::create(folder.path(), key()).unwrap();
    for group in all.chunks(70) {
        ledger.append(&slices(group)).unwrap();
    }
    clean(folder.path(), 1000);
    drop(ledger);
    clean(folder.path(), 1000);
    let ledger = Ledger::open(folder.path(), key()).unwrap();
    assert_eq!(ledger.reader().entries(0..1000).unwrap(), all);
    let policy = Policy { log: log(), witnesses: Vec::new(), quorum: 0 };
    for index in [0, 255, 256, 999] {
        let file = ledger.reader().prove(index).unwrap().encode();
        let bundle = Bundle::parse(&file).unwrap();
        bundle.verify(&all[index as usize], &policy).unwrap();
        assert!(bundle.verify(b"another", &policy).is_err());
    }
    assert!(matches!(ledger.reader().prove(1000), Err(Error::Beyond { asked: 1000, .. })));
    ledger.close().unwrap();
    clean(folder.path(), 1000);
}

#[test]
fn two_writers_cannot_open_one_log() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::create(folder.path(), key()).unwrap();
    assert!(matches!(Ledger::open(folder.path(), key()), Err(Error::Locked)));
    drop(ledger);
    assert!(matches!(Ledger::create(folder.path(), key()), Err(Error::Exists)));
    assert!(Ledger::open(folder.path(), key()).is_ok());
    assert!(Ledger::open(folder.path(), support::key_of(2)).is_err());
    let other = tempfile::tempdir().unwrap();
    assert!(matches!(Ledger::open(other.path(), key()), Err(Error::Absent)));
}

#[test]
fn what_is_refused_writes_nothing_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path(), key()).unwrap();
    let (most, long) = (vec![1; limits::ENTRY_BYTES], vec![1; limits::ENTRY_BYTES + 1]);
    let refused = ledger.append(&[b"x", &long]).unwrap_err();
    assert!(matches!(refused, Error::EntryTooLarge { place: 1, bytes: 65_536 }));
    assert!(matches!(ledger.append(&[]), Err(Error::Group { .. })));
    let many = vec![b"".as_slice(); limits::GROUP_ENTRIES + 1];
    assert!(matches!(ledger.append(&many), Err(Error::Group { .. })));
    let heavy = vec![most.as_slice(); limits::GROUP_BYTES / most.len() + 1];
    assert!(matches!(ledger.append(&heavy), Err(Error::Group { .. })));
    assert_eq!(ledger.append(&[&most, b""]).unwrap(), 0..2);
    assert_eq!(ledger.reader().entry(0).unwrap(), most);
    drop(ledger);
    clean(folder.path(), 2);
}

#[test]
fn a_writer_that_thinks_otherwise_is_turned_away() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Box::new(RealDisk::new(folder.path()));
    let mut store = Directory::create(disk.clone(), &key()).unwrap();
    let before: Signed = store.newest().clone();
    let entries: &[&[u8]] = &[b"x"];
    let (sign, fence) = (|_: &_| Ok(Vec::new()), store.fence());
    let stale = store.commit(Group { entries, expected: 5, fence }, &sign);
    assert!(matches!(stale, Err(Error::Stale { expected: 5, found: 0 })));
    let fenced = store.commit(Group { entries, expected: 0, fence: Fence(0) }, &sign);
    assert!(matches!(fenced, Err(Error::Fenced)));
    let mut view = Directory::view(disk, &log()).unwrap();
    let reading = view.commit(Group { entries, expected: 0, fence }, &sign);
    assert!(matches!(reading, Err(Error::ReadOnly)));
    assert_eq!((store.newest(), Reader::new(&view).newest()), (&before, &before));
}

#[test]
fn many_threads_append_and_each_is_told_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::new(Ledger::create(folder.path(), key()).unwrap());
    let places = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (queue, places) = (&queue, &places);
            scope.spawn(move || {
                for n in 0..25 {
                    let entry = format!("{thread} {n}").into_bytes();
                    let place = queue.append(entry.clone()).unwrap();
                    assert_eq!(queue.read(|reader| reader.entry(place)).unwrap(), entry);
                    assert!(places.lock().unwrap().insert(place));
                }
            });
        }
    });
    assert_eq!(places.into_inner().unwrap(), (0..200).collect());
    assert!(queue.append(vec![0; limits::ENTRY_BYTES + 1]).is_err());
    queue.into_ledger().close().unwrap();
    clean(folder.path(), 200);
}

#[test]
fn attachments_have_the_digest_that_they_are_called_by() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path(), key()).unwrap();
    let disk = RealDisk::new(folder.path());
    let digest = Attachments::new(&disk).put(b"a picture").unwrap();
    assert_eq!(Attachments::new(&disk).put(b"a picture").unwrap(), digest);
    ledger.append(&[&digest.0]).unwrap();
    assert_eq!(Attachments::new(&disk).get(&digest).unwrap(), b"a picture");
    clean(folder.path(), 1);
    let hex: String = digest.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.path().join(format!("attachments/{}/{}", &hex[..2], &hex[2..]));
    std::fs::write(path, b"another").unwrap();
    assert!(Attachments::new(&disk).get(&digest).is_err());
    assert_eq!(fsck(&disk, &log(), &[]).problems.len(), 1);
}
