//! How long single changes take in the process itself: corrections of a file of reports, or its rows
//! one by one.
//!
//! `cargo run --release -p casus-testing --example latency -- corrections|rows FOLDER COUNT`, where
//! the folder holds `agreement.md`, `profile.toml` and `evidence.csv`, as `cargo xtask bench` makes
//! them. Times are of the clock on the wall, of one thread.
//!
//! Invariant: what is measured is a change from its call until its differences are there.
#![allow(clippy::unwrap_used)]

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

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, folder, count] = arguments.as_slice() else {
        writeln!(std::io::stderr(), "latency corrections|rows FOLDER COUNT").unwrap();
        return;
    };
    let (folder, count) = (Path::new(folder), count.parse::<usize>().unwrap());
    let text = fs::read_to_string(folder.join("agreement.md")).unwrap();
    let checked = check(&casus_syntax::parse(&text), &Beside(folder.to_owned()));
    let mut engine = Engine::new(Arc::new(checked.program.unwrap()));
    let profile = fs::read_to_string(folder.join("profile.toml")).unwrap();
    let profile = Profile::parse("profile.toml", &profile).unwrap();
    let (mut some, mut newest, mut columns): (Vec<Record>, _, Vec<Columns>) =
        (Vec::new(), Instant::MIN, Vec::new());
    let mut rest = Vec::new();
    let mut intake = Intake::new(Limits::default());
    let mut words = Columns::default();
    let mut at = 0_usize;
    let mut take = |evidence: Evidence<'_>| match evidence {
        Evidence::Record(record) => rest.push(*record),
        Evidence::Columns(one) => {
            if what == "rows" && at < count {
                words = Columns::of_source(one.source);
                words.positions = one.positions;
                words.likes.clone_from(&one.likes);
                words.items.clone_from(&one.items);
            }
            newest = one.known.iter().copied().fold(newest, Instant::max);
            for row in 0..one.len() {
                at += 1;
                // Every so many-th, so that they lie all over the time.
                if what == "corrections" && at % 97 == 0 && some.len() < count {
                    some.extend(one.record(row));
                }
                if what == "rows" && at <= count {
                    columns.push(alone(one, row));
                }
            }
            if what == "corrections" {
                rest.extend(engine.preload(one));
            }
        }
    };
    let evidence = File::open(folder.join("evidence.csv")).unwrap();
    intake.read_together(evidence, "evidence.csv", Some(&profile), &mut take, &mut |_| {}).unwrap();
    let mut times = Vec::with_capacity(count);
    let mut changed = 0;
    let mut apply = |engine: &mut Engine, change: Change| {
        let begun = Clock::now();
        let differences = engine.apply(change);
        times.push(begun.elapsed().as_nanos());
        changed += differences.len();
    };
    if what == "corrections" {
        engine.load(Change::Clock(newest));
        engine.load(Change::Records(rest));
        for (at, mut record) in some.into_iter().enumerate() {
            record.version = 2;
            record.known = newest;
            match at % 3 {
                0 => record.standing = Standing::Withdrawn,
                1 => record.time = shifted(record.time, 3_600_000),
                _ => record.time = shifted(record.time, -7_200_000),
            }
            apply(&mut engine, Change::Records(vec![record]));
        }
    } else {
        // Without the tick of a clock for each, which is another change.
        engine.load(Change::Clock(newest));
        engine.load(Change::Columns(words));
        for one in columns {
            apply(&mut engine, Change::Columns(one));
        }
    }
    times.sort_unstable();
    let part = |per_mille: usize| times[(times.len() * per_mille / 1000).min(times.len() - 1)];
    let mean = times.iter().sum::<u128>() / times.len() as u128;
    writeln!(
        std::io::stdout(),
        "{} changes, {changed} differences: mean {mean} ns, p50 {} ns, p90 {} ns, p99 {} ns",
        times.len(),
        part(500),
        part(900),
        part(990)
    )
    .unwrap();
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
