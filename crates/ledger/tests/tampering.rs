//! A stranger with the disk in hand: every bit, every file, every entry.
//!
//! Invariant: `fsck` says that something is wrong after every one of these changes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

mod support;

use casus_ledger::{bundle_bytes, disk::simulated::SimulatedDisk, fsck, leaf_hash};
use support::{create, entries, log, slices};

/// Neither is read for what it says: one is a hint, the other a name to lock.
const IDLE: [&str; 2] = ["acknowledged", "lock"];
const SIZE: usize = 200;

/// A log of 200 entries; published, or all of it in the journal.
fn written(is_published: bool) -> SimulatedDisk {
    let disk = SimulatedDisk::new(1);
    let mut ledger = create(&disk).unwrap();
    for group in entries(0, SIZE).chunks(40) {
        ledger.append(&slices(group)).unwrap();
    }
    if is_published {
        ledger.publish().unwrap();
    }
    drop(ledger);
    assert_eq!(fsck(&disk, &log(), &[]).problems, []);
    disk
}

fn files(disk: &SimulatedDisk) -> Vec<(String, Vec<u8>)> {
    disk.files().into_iter().filter(|(path, _)| !IDLE.contains(&path.as_str())).collect()
}

/// Whether it is noticed that a file is another.
fn is_noticed(disk: &SimulatedDisk, path: &str, bytes: Option<Vec<u8>>, before: &[u8]) -> bool {
    disk.tamper(path, bytes);
    let report = fsck(disk, &log(), &[]);
    disk.tamper(path, Some(before.to_vec()));
    !report.problems.is_empty()
}

#[test]
fn every_flipped_bit_is_noticed() {
    let mut flipped = 0;
    for is_published in [true, false] {
        let disk = written(is_published);
        for (path, bytes) in files(&disk) {
            for bit in 0..bytes.len() * 8 {
                let mut other = bytes.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(is_noticed(&disk, &path, Some(other), &bytes), "{path}, bit {bit}");
                flipped += 1;
            }
        }
        assert_eq!(fsck(&disk, &log(), &[]).problems, []);
    }
    println!("{flipped} bits");
}

#[test]
fn every_deletion_swap_and_truncation_of_files_is_noticed() {
    for is_published in [true, false] {
        let disk = written(is_published);
        let files = files(&disk);
        for (at, (path, bytes)) in files.iter().enumerate() {
            assert!(is_noticed(&disk, path, None, bytes), "{path} is gone");
            for length in 0..bytes.len() {
                let short = bytes[..length].to_vec();
                assert!(is_noticed(&disk, path, Some(short), bytes), "{path} to {length}");
            }
            let twice = [bytes.as_slice(), bytes].concat();
            let is_tail = path.starts_with("journal.");
            assert!(is_tail || is_noticed(&disk, path, Some(twice), bytes), "{path} twice");
            for (other, theirs) in &files[at + 1..] {
                disk.tamper(other, Some(bytes.clone()));
                let noticed = is_noticed(&disk, path, Some(theirs.clone()), bytes);
                disk.tamper(other, Some(theirs.clone()));
                assert!(noticed, "{path} for {other}");
            }
        }
    }
}

/// The same done with care: the bundle and its tile are changed together.
#[test]
fn every_entry_deleted_swapped_doubled_or_changed_is_noticed() {
    let disk = written(true);
    let all = entries(0, SIZE);
    let paths = ["tile/entries/000.p/200", "tile/0/000.p/200"];
    let before: Vec<Vec<u8>> =
        paths.map(|path| disk.files().into_iter().find(|(own, _)| own == path).unwrap().1).into();
    let noticed = |changed: &[Vec<u8>]| {
        let leaves: Vec<u8> = changed.iter().flat_map(|entry| leaf_hash(entry).0).collect();
        disk.tamper(paths[0], Some(bundle_bytes(changed)));
        disk.tamper(paths[1], Some(leaves));
        let noticed = !fsck(&disk, &log(), &[]).problems.is_empty();
        paths.iter().zip(&before).for_each(|(path, bytes)| disk.tamper(path, Some(bytes.clone())));
        noticed
    };
    for at in 0..SIZE {
        let mut gone = all.clone();
        gone.remove(at);
        assert!(noticed(&gone), "{at} is gone");
        let mut doubled = all.clone();
        doubled.insert(at, all[at].clone());
        assert!(noticed(&doubled), "{at} twice");
        doubled.pop();
        assert!(at + 1 == SIZE || noticed(&doubled), "{at} twice, and the last is gone");
        let mut changed = all.clone();
        changed[at].push(b'!');
        assert!(noticed(&changed), "{at} is changed");
        for other in at + 1..SIZE {
            let mut swapped = all.clone();
            swapped.swap(at, other);
            assert!(noticed(&swapped), "{at} for {other}");
        }
    }
    assert_eq!(fsck(&disk, &log(), &[]).problems, []);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let disk = SimulatedDisk::new(1);
    let mut ledger = create(&disk).unwrap();
    ledger.append(&slices(&entries(0, 600))).unwrap();
    ledger.publish().unwrap();
    drop(ledger);
    let find = |path: &str| disk.files().into_iter().find(|(own, _)| own == path).unwrap().1;
    let mut bundle = find("tile/entries/001");
    bundle[5] ^= 1;
    disk.tamper("tile/entries/001", Some(bundle));
    let mut tile = find("tile/1/000.p/2");
    tile[0] ^= 1;
    disk.tamper("tile/1/000.p/2", Some(tile));
    disk.tamper("tile/0/000", None);
    let said: Vec<String> =
        fsck(&disk, &log(), &[]).problems.iter().map(ToString::to_string).collect();
    let expected = [
        "tile/0/000: it is missing",
        "tile/entries/001: entry 256 does not hash to its leaf",
        "tile/0/001: hash 0 is not that of what is under it",
        "tile/1/000.p/2: hash 0 is not that of what is under it",
        "checkpoint: the entries have another root than was signed",
        "tile: the tiles at the edge have another root than was signed",
    ];
    assert_eq!(said, expected);
}
