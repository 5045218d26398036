//! How long single changes take in the process itself: corrections of a file of reports, or its
//! rows one by one.
//!
//! `cargo run --release -p casus-testing --example latency -- corrections|rows FOLDER COUNT`, where
//! the folder holds `agreement.md`, `profile.toml` and `evidence.csv`, as `cargo xtask bench` makes
//! them. Times are of the clock on the wall, of one thread.
//!
//! Invariant: what is measured is a change from its call until its differences are there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use casus_check::{Annexes, check};
use casus_engine::{Change, Engine};
use casus_ingest::{Evidence, Intake, Limits, Profile};
use casus_model::{Columns, Instant, Record, Standing};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant as Clock,
};

struct Beside(PathBuf);

impl Annexes for Beside {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// What is going to happen, one change after the other.
struct Plan {
    engine: Engine,
    changes: Vec<Change>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, folder, count] = arguments.as_slice() else {
        tell(&mut std::io::stderr(), "latency corrections|rows FOLDER COUNT");
        return;
    };
    let folder = Path::new(folder);
    let count = count.parse::<usize>().unwrap();
    let Plan { mut engine, changes } = match what.as_str() {
        "corrections" => corrections(folder, count),
        _ => rows(folder, count),
    };
    let mut times = Vec::with_capacity(count);
    let mut changed = 0;
    for change in changes {
        let begun = Clock::now();
        let differences = engine.apply(change);
        times.push(begun.elapsed().as_nanos());
        changed += differences.len();
    }
    times.sort_unstable();
    let part = |per_mille: usize| times[(times.len() * per_mille / 1000).min(times.len() - 1)];
    let mean = times.iter().sum::<u128>() / times.len() as u128;
    let told = format!(
        "{} changes, {changed} differences: mean {mean} ns, p50 {} ns, p90 {} ns, p99 {} ns",
        times.len(),
        part(500),
        part(900),
        part(990)
    );
    tell(&mut std::io::stdout(), &told);
}

fn tell(to: &mut dyn Write, text: &str) {
    writeln!(to, "{text}").unwrap();
}

fn engine(folder: &Path) -> Engine {
    let text = fs::read_to_string(folder.join("agreement.md")).unwrap();
    let checked = check(&casus_syntax::parse(&text), &Beside(folder.to_owned()));
    Engine::new(Arc::new(checked.program.unwrap()))
}

fn read(folder: &Path, mut take: impl FnMut(Evidence<'_>)) {
    let profile = fs::read_to_string(folder.join("profile.toml")).unwrap();
    let profile = Profile::parse("profile.toml", &profile).unwrap();
    let evidence = File::open(folder.join("evidence.csv")).unwrap();
    let mut intake = Intake::new(Limits::default());
    let read =
        intake.read_together(evidence, "evidence.csv", Some(&profile), &mut take, &mut |_| {});
    read.unwrap();
}

/// All reports, then corrections and withdrawals of some of them, spread over the time.
fn corrections(folder: &Path, count: usize) -> Plan {
    let mut engine = engine(folder);
    let (mut some, mut rest, mut newest): (Vec<Record>, Vec<Record>, _) =
        (Vec::new(), Vec::new(), Instant::MIN);
    let mut at = 0_usize;
    read(folder, |evidence| match evidence {
        Evidence::Record(record) => rest.push(*record),
        Evidence::Columns(columns) => {
            newest = columns.known.iter().copied().fold(newest, Instant::max);
            for row in 0..columns.len() {
                at += 1;
                if at.is_multiple_of(97) && some.len() < count {
                    some.extend(columns.record(row));
                }
            }
            rest.extend(engine.preload(columns));
        }
    });
    engine.load(Change::Clock(newest));
    engine.load(Change::Records(rest));
    let corrected = |(at, mut record): (usize, Record)| {
        record.version = 2;
        record.known = newest;
        match at % 3 {
            0 => record.standing = Standing::Withdrawn,
            1 => record.time = shifted(record.time, 3_600_000),
            _ => record.time = shifted(record.time, -7_200_000),
        }
        Change::Records(vec![record])
    };
    let changes = some.into_iter().enumerate().map(corrected).collect();
    Plan { engine, changes }
}

/// The first rows, each by itself, without the tick of a clock, which is another change.
fn rows(folder: &Path, count: usize) -> Plan {
    let mut engine = engine(folder);
    let (mut words, mut changes, mut newest) = (Columns::default(), Vec::new(), Instant::MIN);
    read(folder, |evidence| {
        let Evidence::Columns(columns) = evidence else { return };
        if changes.len() >= count {
            return;
        }
        words = Columns::of_source(columns.source);
        words.positions = columns.positions;
        words.likes.clone_from(&columns.likes);
        words.items.clone_from(&columns.items);
        newest = columns.known.iter().copied().fold(newest, Instant::max);
        let rows = 0..columns.len().min(count - changes.len());
        changes.extend(rows.map(|row| Change::Columns(Box::new(alone(columns, row)))));
    });
    engine.load(Change::Clock(newest));
    engine.load(Change::Columns(Box::new(words)));
    Plan { engine, changes }
}

/// One row by itself; what it is like and names, the engine has been told before.
fn alone(columns: &Columns, row: usize) -> Columns {
    let mut one = Columns::of_source(columns.source);
    one.positions = columns.positions;
    one.push(columns.row(row).unwrap());
    one
}

fn shifted(time: casus_model::Occurred, ms: i64) -> casus_model::Occurred {
    let by = |(a, b): (Instant, Instant)| (a.plus_ms(ms), b.plus_ms(ms));
    casus_model::Occurred { start: by(time.start), end: by(time.end) }
}
