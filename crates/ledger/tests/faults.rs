//! The disk fails at every call, in every way, once and for ever, also while the log recovers.
//!
//! Each time: what was acknowledged is there, no head that was shown is contradicted, nothing is
//! damaged, and the log goes on. `CASUS_LEDGER_SEEDS` says how many random lives are tried, and
//! `CASUS_LEDGER_FIRST` from which on.
//!
//! Invariant: an outcome that is found wrong comes again with the numbers in the message.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

mod support;

use casus_ledger::{
    Error,
    disk::simulated::{Fault, Kind},
};
use support::{Life, Step, create, entries, open, slices};

const KINDS: [Kind; 4] = [Kind::Crash, Kind::Io, Kind::Full, Kind::Short];

/// So many outcomes has the loss of power, which is what a crash is about; the other faults are
/// met by what is read and written after them, and have a few.
fn power(fault: Fault) -> u64 {
    if fault.kind == Kind::Crash { 64 } else { 8 }
}

/// A short life with a full tile, a partial one that grows, and an opening that has to publish.
const LIFE: [Step; 9] = [
    Step::Append(2),
    Step::Append(1),
    Step::Publish,
    Step::Append(254),
    Step::Append(1),
    Step::Reopen,
    Step::Append(3),
    Step::Publish,
    Step::Append(2),
];

fn faults(at: u64) -> impl Iterator<Item = Fault> {
    KINDS
        .into_iter()
        .flat_map(move |kind| [false, true].map(|is_lasting| Fault { at, kind, is_lasting }))
}

/// Whether a fault changed nothing, or is one that is tried anyway: a process is gone but once.
fn is_idle(fault: Fault, life: &Life) -> bool {
    !life.is_struck || (fault.kind == Kind::Crash && fault.is_lasting)
}

/// The outcomes of what a life came to: the process ends, or the power is lost in so many ways.
fn outcomes(life: &Life, count: u64, what: &str) -> u64 {
    for outcome in 0..=count {
        let run = || {
            let mut life = life.copy();
            match outcome.checked_sub(1) {
                None => life.disk.restart(),
                Some(seed) => life.disk.lose_power(seed),
            }
            life.check();
        };
        let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        assert!(held.is_ok(), "{what}, outcome {outcome}");
    }
    count + 1
}

#[test]
fn no_fault_of_the_disk_loses_what_was_acknowledged() {
    let mut whole = Life::new(0);
    let (calls, is_done) = whole.live_with(None, &LIFE);
    assert!(is_done && calls > 100, "{calls}");
    let mut tried = 0;
    for fault in (1..=calls).flat_map(faults) {
        let mut life = Life::new(fault.at);
        life.live_with(Some(fault), &LIFE);
        if is_idle(fault, &life) {
            continue;
        }
        tried += outcomes(&life, power(fault), &format!("{fault:?}"));
    }
    println!("{calls} calls, {tried} outcomes");
}

#[test]
fn no_fault_while_recovering_loses_what_was_acknowledged() {
    // A life that ends with two groups in the journal, the last of them unfinished.
    let mut before = Life::new(0);
    before.live_with(None, &LIFE[..5]);
    let (calls, _) = before.copy().live_with(None, &[Step::Append(3)]);
    let unfinished = Fault { at: calls, kind: Kind::Crash, is_lasting: true };
    let opening = before.copy().live_with(None, &[]).0;
    let mut torn = before.copy();
    torn.live_with(Some(Fault { at: opening + 4, ..unfinished }), &[Step::Append(3)]);
    let mut tried = 0;
    for first in 0..4 {
        let start = torn.copy();
        start.disk.lose_power(first);
        let (calls, is_done) = start.copy().live_with(None, &[]);
        assert!(is_done && calls > 10, "{calls}");
        for fault in (1..=calls).flat_map(faults) {
            let mut life = start.copy();
            life.live_with(Some(fault), &[]);
            if is_idle(fault, &life) {
                continue;
            }
            tried += outcomes(&life, power(fault), &format!("{first}, then {fault:?}"));
        }
    }
    println!("{tried} outcomes");
}

/// Random numbers by a seed (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}

fn one_life(seed: u64) {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut life = Life::new(seed);
    for _ in 0..3 + random.below(3) {
        let steps: Vec<Step> = (0..1 + random.below(6))
            .map(|_| match random.below(8) {
                0 => Step::Reopen,
                1 | 2 => Step::Publish,
                3 => Step::Append(200 + random.below(120) as usize),
                _ => Step::Append(1 + random.below(9) as usize),
            })
            .collect();
        let fault = Fault {
            at: 1 + random.below(90),
            kind: KINDS[random.below(4) as usize],
            is_lasting: random.below(2) == 0,
        };
        life.live_with(Some(fault), &steps);
        match random.below(4) {
            0 => life.disk.restart(),
            _ => life.disk.lose_power(random.below(1 << 30)),
        }
        if !life.is_made && open(&life.disk).is_ok() {
            life.is_made = true;
        }
    }
    life.check();
}

#[test]
fn random_lives_lose_nothing() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("CASUS_LEDGER_FIRST").unwrap_or(0);
    let seeds = number("CASUS_LEDGER_SEEDS").unwrap_or(1000);
    for seed in first..first + seeds {
        let held = std::panic::catch_unwind(|| one_life(seed));
        assert!(held.is_ok(), "seed {seed}");
    }
    println!("{seeds} seeds");
}

#[test]
fn after_a_failed_sync_nothing_is_written_until_the_log_is_opened_anew() {
    let mut life = Life::new(7);
    life.live(&[Step::Append(1)]).unwrap();
    let mut ledger = open(&life.disk).unwrap();
    let before = ledger.reader().newest().clone();
    // The calls of an append: write, read, write, sync.
    life.disk.plan(Some(Fault { at: 4, kind: Kind::Io, is_lasting: false }));
    let group = entries(1, 2);
    assert!(matches!(ledger.append(&slices(&group)), Err(Error::Disk { .. })));
    let calls = life.disk.calls();
    assert!(matches!(ledger.append(&slices(&group)), Err(Error::Poisoned)));
    assert!(matches!(ledger.publish(), Err(Error::Poisoned)));
    assert_eq!((life.disk.calls(), calls), (4, 4), "nothing was tried again");
    assert_eq!(*ledger.reader().newest(), before);
    drop(ledger);
    life.disk.plan(None);
    assert!(open(&life.disk).is_ok());
}

#[test]
fn a_group_costs_one_sync() {
    let life = Life::new(0);
    let mut ledger = create(&life.disk).unwrap();
    ledger.append(&[b"the first makes a file for the hint"]).unwrap();
    for count in [1, 16, 1000] {
        life.disk.plan(None);
        ledger.append(&slices(&entries(0, count))).unwrap();
        // Write, read, write, sync, and the hint.
        assert_eq!(life.disk.calls(), 5);
    }
}

/// A power loss in the midst of a rename left `checkpoint` and `checkpoint.new` as two names of one
/// file, and the next process emptied it through the one that it took for its own.
#[test]
fn a_file_is_not_written_to_through_a_name_that_a_rename_left_behind() {
    let mut before = Life::new(0);
    before.live_with(None, &LIFE[..3]);
    let (calls, _) = before.copy().live_with(None, &LIFE[3..]);
    let mut tried = 0;
    for (at, seed) in (1..=calls).flat_map(|at| (0..16).map(move |seed| (at, seed))) {
        let mut life = before.copy();
        life.live_with(Some(Fault { at, kind: Kind::Crash, is_lasting: true }), &LIFE[3..]);
        life.disk.lose_power(seed);
        let files = life.disk.files();
        let bytes = |path: &str| files.iter().find(|(own, _)| own == path).map(|(_, bytes)| bytes);
        if bytes("checkpoint.new").is_none_or(|new| bytes("checkpoint") != Some(new)) {
            continue;
        }
        let calls = life.copy().live_with(None, &[]).0;
        for at in 1..=calls {
            let mut life = life.copy();
            life.live_with(Some(Fault { at, kind: Kind::Crash, is_lasting: true }), &[]);
            tried += outcomes(&life, 4, &format!("after {seed}, a crash at {at}"));
        }
    }
    assert!(tried > 100, "{tried}");
}
