//! How many entries a second become durable, beside plain SQLite with the same bytes.
//!
//! `cargo run --release -p casus-ledger --features sqlite --example load -- [directory] [seconds]`.
//! The directory has to be on the disk that is meant; both lie in it, and take turns.
//!
//! Invariant: what is counted was acknowledged, and both were given the same bytes.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement stops where it fails")]

use casus_ledger::{Directory, Kind, Ledger, Queue, Signer, disk::RealDisk, fsck};
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

const BYTES: usize = 300;
const ROUNDS: u32 = 4;

fn entry(n: u64) -> Vec<u8> {
    let mut bytes = format!("{{\"id\":{n},\"text\":\"").into_bytes();
    let mut state = n;
    while bytes.len() < BYTES {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.push(b'a' + (state >> 59) as u8 % 26);
    }
    bytes
}

/// Times of groups, in order of coming.
#[derive(Default)]
struct Times {
    entries: u64,
    all: Vec<Duration>,
}

impl Times {
    fn take(&mut self, count: usize, until: Duration, mut write: impl FnMut(&[Vec<u8>])) {
        let begun = Instant::now();
        while begun.elapsed() < until {
            let group: Vec<Vec<u8>> = (0..count as u64).map(|n| entry(self.entries + n)).collect();
            let start = Instant::now();
            write(&group);
            self.all.push(start.elapsed());
            self.entries += count as u64;
        }
    }

    /// Entries a second, and milliseconds of the middle and of the slowest hundredth.
    fn said(&mut self) -> (f64, f64, f64) {
        let total: Duration = self.all.iter().sum();
        self.all.sort();
        let at = |share: f64| {
            let last = self.all.len() - 1;
            self.all.get((last as f64 * share) as usize).unwrap().as_secs_f64() * 1000.0
        };
        (self.entries as f64 / total.as_secs_f64(), at(0.5), at(0.99))
    }
}

fn key() -> Signer {
    Signer::from_seed("load.example/log", Kind::Note, &[1; 32]).unwrap()
}

fn sqlite(path: &Path, mode: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", mode).unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection
        .execute_batch("create table entry (id integer primary key, bytes blob not null)")
        .unwrap();
    connection
}

fn insert(connection: &mut Connection, group: &[Vec<u8>]) {
    let transaction = connection.transaction().unwrap();
    {
        let mut statement =
            transaction.prepare_cached("insert into entry (bytes) values (?1)").unwrap();
        for entry in group {
            statement.execute([entry]).unwrap();
        }
    }
    transaction.commit().unwrap();
}

fn compare(folder: &Path, count: usize, seconds: f64) {
    let mut ledger = Ledger::create(&folder.join(format!("log-{count}")), key()).unwrap();
    let mut wal = sqlite(&folder.join(format!("wal-{count}.db")), "wal");
    let mut rollback = sqlite(&folder.join(format!("rollback-{count}.db")), "delete");
    let (mut ours, mut theirs, mut older) = (Times::default(), Times::default(), Times::default());
    let turn = Duration::from_secs_f64(seconds / f64::from(ROUNDS));
    for _ in 0..ROUNDS {
        ours.take(count, turn, |group| {
            let slices: Vec<&[u8]> = group.iter().map(Vec::as_slice).collect();
            ledger.append(&slices).unwrap();
        });
        theirs.take(count, turn, |group| insert(&mut wal, group));
        older.take(count, turn, |group| insert(&mut rollback, group));
    }
    ledger.close().unwrap();
    let base = theirs.said().0;
    for (name, times) in
        [("ledger", &mut ours), ("SQLite, WAL", &mut theirs), ("SQLite, rollback", &mut older)]
    {
        let (rate, middle, slow) = times.said();
        let share = rate / base;
        println!("| {count} | {name} | {rate:.0} | {middle:.2} | {slow:.2} | {share:.2} |");
    }
    let report = fsck(&RealDisk::new(&folder.join(format!("log-{count}"))), key().verifier(), &[]);
    assert!(report.problems.is_empty() && report.entries == ours.entries, "{report:?}");
}

/// Many threads, each of which waits for its one entry.
fn threads(folder: &Path, count: usize, seconds: f64) {
    let queue: Queue<Directory> =
        Queue::new(Ledger::create(&folder.join(format!("queue-{count}")), key()).unwrap());
    let (done, begun) = (AtomicU64::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                while begun.elapsed().as_secs_f64() < seconds {
                    queue.append(entry(done.fetch_add(1, Ordering::Relaxed))).unwrap();
                }
            });
        }
    });
    let rate = done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    println!("| {count} threads, one entry each | ledger | {rate:.0} | | | |");
    queue.into_ledger().close().unwrap();
}

/// Opening a log of many entries.
fn opening(folder: &Path, count: u64) {
    let path = folder.join("many");
    let mut ledger = Ledger::create(&path, key()).unwrap();
    let mut first = 0;
    while first < count {
        let group: Vec<Vec<u8>> = (first..first + 10_000).map(entry).collect();
        let slices: Vec<&[u8]> = group.iter().map(Vec::as_slice).collect();
        ledger.append(&slices).unwrap();
        first += 10_000;
    }
    ledger.close().unwrap();
    let start = Instant::now();
    let ledger = Ledger::open(&path, key()).unwrap();
    let opened = start.elapsed();
    let start = Instant::now();
    (0..1000).for_each(|n| drop(ledger.reader().prove(n * (count / 1000)).unwrap()));
    let proven = start.elapsed() / 1000;
    let start = Instant::now();
    assert!(fsck(&RealDisk::new(&path), key().verifier(), &[]).problems.is_empty());
    println!(
        "\n{count} entries: opened in {opened:.1?}, a proof in {proven:.1?}, fsck in {:.1?}",
        start.elapsed()
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "target/load".to_owned()));
    let seconds = arguments.next().map_or(8.0, |text| text.parse().unwrap());
    let many = arguments.next().map_or(100_000, |text| text.parse().unwrap());
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    println!("Entries of {BYTES} bytes; {seconds} seconds each, in {ROUNDS} turns.\n");
    println!("| group | | entries a second | p50 ms | p99 ms | of WAL |");
    println!("|---|---|---|---|---|---|");
    [1, 16, 256].into_iter().for_each(|count| compare(&folder, count, seconds));
    threads(&folder, 64, seconds.min(5.0));
    opening(&folder, many);
    std::fs::remove_dir_all(&folder).unwrap();
}
