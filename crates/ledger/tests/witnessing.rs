//! What only a witness, or a checkpoint kept elsewhere, can see: a rollback, and a fork that the
//! log's own key signed.
//!
//! Invariant: each test shows first that the altered log is clean to whoever has nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

mod support;

use casus_ledger::{
    Directory, Error, Kind, Ledger, Refusal, Request, Signer, Witness,
    disk::simulated::{Fault, Kind as Failure, SimulatedDisk},
    fsck, verify_consistency,
};
use support::{create, entries, log, open, slices};

fn witness_key() -> Signer {
    Signer::from_seed("witness.example/w", Kind::Cosignature, &[9; 32]).unwrap()
}

fn witness(disk: &SimulatedDisk) -> Witness {
    Witness::open(Box::new(disk.clone()), witness_key()).unwrap()
}

fn request(ledger: &Ledger<Directory>, old: u64) -> Request {
    let reader = ledger.reader();
    let proof = reader.consistency(old).unwrap();
    Request { old, proof, checkpoint: reader.newest().note.clone() }
}

fn grow(ledger: &mut Ledger<Directory>, first: usize, count: usize) {
    ledger.append(&slices(&entries(first, count))).unwrap();
    ledger.publish().unwrap();
}

#[test]
fn a_log_that_grows_is_cosigned_and_keeps_what_was_cosigned() {
    let (disk, memory) = (SimulatedDisk::new(1), SimulatedDisk::new(2));
    let mut ledger = create(&disk).unwrap();
    let witness = witness(&memory);
    let mut old = 0;
    for (at, count) in [3, 300, 1].into_iter().enumerate() {
        grow(&mut ledger, at * 1000, count);
        let request = request(&ledger, old);
        assert_eq!(Request::parse(&request.encode()).unwrap(), request);
        let line = witness.cosign(&request, &log(), 1000 + at as u64).unwrap();
        old = ledger.reader().newest().head.size;
        ledger.add_cosignature(&line, witness.verifier()).unwrap();
    }
    let keys = [witness.verifier().clone()];
    let report = fsck(&disk, &log(), &keys);
    assert_eq!((report.problems, report.cosigned[0].at_s), (Vec::new(), 1002));
    drop(ledger);
    let mut ledger = open(&disk).unwrap();
    assert_eq!(fsck(&disk, &log(), &keys).cosigned.len(), 1);
    grow(&mut ledger, 9000, 1);
    assert_eq!(fsck(&disk, &log(), &keys).problems, []);
    assert!(disk.files().iter().any(|(path, _)| path == "cosigned"));
    let stranger = Signer::from_seed("witness.example/w", Kind::Cosignature, &[8; 32]).unwrap();
    let text = "another text\n";
    let line = stranger.sign(text, 1).line();
    assert!(ledger.add_cosignature(&line, stranger.verifier()).is_err());
}

#[test]
fn a_rollback_is_clean_alone_and_seen_by_a_witness() {
    let (disk, memory) = (SimulatedDisk::new(1), SimulatedDisk::new(2));
    let mut ledger = create(&disk).unwrap();
    grow(&mut ledger, 0, 10);
    drop(ledger);
    let older = disk.copy();
    let mut ledger = open(&disk).unwrap();
    grow(&mut ledger, 10, 10);
    let exported = ledger.reader().newest().head;
    witness(&memory).cosign(&request(&ledger, 0), &log(), 1).unwrap();
    drop(ledger);

    older.restart();
    assert_eq!(fsck(&older, &log(), &[]).problems, [], "nothing else knows better");
    let rolled = open(&older).unwrap();
    let refused = witness(&memory).cosign(&request(&rolled, 0), &log(), 2).unwrap_err();
    assert!(matches!(refused, Refusal::Rollback { seen: 20, offered: 10, .. }), "{refused}");
    // With an exported checkpoint: there is no proof from 20 entries to 10.
    let now = rolled.reader().newest().head;
    assert!(verify_consistency(&exported, &now, &[]).is_err());
    assert!(rolled.reader().consistency(20).is_err());
}

#[test]
fn a_fork_that_the_log_signed_is_clean_alone_and_seen_by_a_witness() {
    let (disk, memory) = (SimulatedDisk::new(1), SimulatedDisk::new(2));
    let mut ledger = create(&disk).unwrap();
    grow(&mut ledger, 0, 10);
    drop(ledger);
    let other = disk.copy();
    other.restart();
    let (mut one, mut two) = (open(&disk).unwrap(), open(&other).unwrap());
    grow(&mut one, 10, 10);
    grow(&mut two, 500, 10);
    assert_eq!(fsck(&other, &log(), &[]).problems, []);
    let witness = witness(&memory);
    witness.cosign(&request(&one, 0), &log(), 1).unwrap();
    let refused = witness.cosign(&request(&two, 20), &log(), 2).unwrap_err();
    assert!(matches!(refused, Refusal::Fork { size: 20, .. }), "{refused}");
    grow(&mut two, 600, 5);
    let refused = witness.cosign(&request(&two, 20), &log(), 3).unwrap_err();
    assert!(matches!(refused, Refusal::Unproven { seen: 20, offered: 25, .. }), "{refused}");
    let seen = witness.latest(&log()).unwrap().unwrap();
    assert_eq!(seen.0, one.reader().newest().head, "a refusal changes nothing");
}

#[test]
fn a_cosigned_checkpoint_that_stayed_betrays_a_rollback_of_the_rest() {
    let (disk, memory) = (SimulatedDisk::new(1), SimulatedDisk::new(2));
    let mut ledger = create(&disk).unwrap();
    grow(&mut ledger, 0, 10);
    let older = disk.copy();
    grow(&mut ledger, 10, 10);
    let line = witness(&memory).cosign(&request(&ledger, 0), &log(), 1).unwrap();
    ledger.add_cosignature(&line, witness_key().verifier()).unwrap();
    let kept = disk.files().into_iter().find(|(path, _)| path == "cosigned").unwrap().1;
    older.tamper("cosigned", Some(kept));
    let report = fsck(&older, &log(), &[]);
    assert_eq!(report.problems.len(), 1);
    assert!(report.problems[0].what.contains("rolled back"));
}

#[test]
fn a_witness_says_where_it_stands_and_takes_no_other_key() {
    let (disk, memory) = (SimulatedDisk::new(1), SimulatedDisk::new(2));
    let mut ledger = create(&disk).unwrap();
    grow(&mut ledger, 0, 10);
    let keeper = witness(&memory);
    let refused = keeper.cosign(&request(&ledger, 5), &log(), 1).unwrap_err();
    assert!(matches!(refused, Refusal::Elsewhere { seen: 0 }));
    keeper.cosign(&request(&ledger, 0), &log(), 1).unwrap();
    grow(&mut ledger, 10, 10);
    let refused = keeper.cosign(&request(&ledger, 5), &log(), 1).unwrap_err();
    assert!(matches!(refused, Refusal::Elsewhere { seen: 10 }));
    let other = support::key_of(2);
    let refused = keeper.cosign(&request(&ledger, 10), other.verifier(), 1).unwrap_err();
    assert!(matches!(refused, Refusal::Failed(Error::Unsigned { .. })));
    let twice = Witness::open(Box::new(memory.clone()), witness_key());
    assert!(matches!(twice, Err(Error::Locked)));
    assert!(Witness::open(Box::new(SimulatedDisk::new(3)), support::key()).is_err());
}

/// Whatever fails, a cosignature that left is remembered.
#[test]
fn no_fault_makes_a_witness_forget() {
    let disk = SimulatedDisk::new(1);
    let mut ledger = create(&disk).unwrap();
    grow(&mut ledger, 0, 10);
    let first = request(&ledger, 0);
    grow(&mut ledger, 10, 10);
    let second = request(&ledger, 10);
    for kind in [Failure::Crash, Failure::Io, Failure::Full, Failure::Short] {
        for (at, seed) in (1..40).flat_map(|at| (0..64).map(move |seed| (at, seed))) {
            let memory = SimulatedDisk::new(seed);
            memory.plan(Some(Fault { at, kind, is_lasting: false }));
            let mut told = 0;
            if let Ok(keeper) = Witness::open(Box::new(memory.clone()), witness_key()) {
                for (request, size) in [(&first, 10), (&second, 20)] {
                    if keeper.cosign(request, &log(), 1).is_ok() {
                        told = size;
                    }
                }
            }
            memory.lose_power(seed);
            let seen = witness(&memory).latest(&log()).unwrap().map_or(0, |(head, _)| head.size);
            assert!(seen >= told, "{kind:?} at {at}, seed {seed}: {seen} of {told}");
        }
    }
}
