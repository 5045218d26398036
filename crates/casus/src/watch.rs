//! `casus watch`: evidence as it arrives, and what becomes different with each line of it.
//!
//! Invariant: the sum of all changes is what a run on the same evidence at the same clock says.

mod arrive;
mod feed;
mod lines;
#[cfg(feature = "nats")]
mod stream;

use crate::{
    agreement,
    arguments::{ClockBy, Watch},
    evidence::{self, Source},
    exit::{Exit, Failure},
    terminal::{Terminal, clean},
    words,
};
use arrive::Arriving;
use casus_engine::{Change, Difference, Engine};
use casus_ingest::{Accounting, Evidence, Intake, Profile, Reject};
use casus_model::{Columns, Instant, Program, Record, columns::Like};
use feed::Fed;
use std::{
    cell::RefCell,
    io::Write,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// How long nothing may arrive before the clock is looked at again.
const TICK: Duration = Duration::from_secs(1);
/// So many records are judged at once.
const TOGETHER: usize = 8_192;
/// So many rows are held, beyond twice those that have to be, until old ones are let go of.
const ROOM: usize = 1 << 16;

/// Follows a source of evidence until it ends.
///
/// # Errors
/// Where the agreement is not valid, the source cannot be read, or a change cannot be written.
pub fn watch(asked: &Watch, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let agreement = agreement::load(&asked.agreement, terminal)?;
    let program = Arc::clone(&agreement.program);
    let mut limits = evidence::limits(&asked.limits)?;
    let most = usize::try_from(limits.row_bytes).unwrap_or(usize::MAX);
    let (source, fed) = match &asked.stream {
        Some(stream) => {
            let profile = asked.profile.as_deref().map(evidence::profile_named).transpose()?;
            (Source { path: stream.into(), profile }, messages(asked)?)
        }
        None => {
            let source = evidence::source(&asked.evidence)?;
            let fed = feed::follow(&source.path, asked.until_end, most)?;
            (source, fed)
        }
    };
    // What goes on has no size.
    (limits.file_bytes, limits.unpacked_bytes) = (u64::MAX, u64::MAX);
    let watching = Watching {
        engine: Engine::new(Arc::clone(&program)),
        program,
        name: source.path.display().to_string(),
        json: asked.json,
        clock: asked.clock,
        most,
        waiting: Vec::new(),
        swept: 0,
        aside: 0,
        terminal,
        failed: None,
    };
    match &asked.stream {
        Some(_) => watching.messages(&fed, Intake::new(limits), source.profile.as_ref()),
        None => watching.lines(fed, Intake::new(limits).following(), source.profile.as_ref()),
    }
}

/// Messages of a stream of NATS.
#[cfg(feature = "nats")]
fn messages(asked: &Watch) -> Result<Receiver<Fed>, Failure> {
    stream::follow(asked)
}

/// Messages of a stream of NATS, which this binary cannot take.
#[cfg(not(feature = "nats"))]
fn messages(_: &Watch) -> Result<Receiver<Fed>, Failure> {
    Err(Failure::usage("this `casus` was built without NATS")
        .help("build it with `cargo build --release --package casus --features nats`"))
}

/// An engine at work.
struct Watching<'t> {
    engine: Engine,
    program: Arc<Program>,
    name: String,
    json: bool,
    clock: ClockBy,
    /// How long a line may be.
    most: usize,
    /// What was read and is not yet judged.
    waiting: Vec<Record>,
    /// How many rows were left when old ones were last let go of.
    swept: usize,
    /// How many records were of acts that the agreement does not declare.
    aside: u64,
    terminal: &'t mut Terminal,
    /// Why nothing can be told any more.
    failed: Option<Failure>,
}

impl Watching<'_> {
    /// Follows lines: all that have come are judged together.
    fn lines(
        self,
        fed: Receiver<Fed>,
        mut intake: Intake,
        profile: Option<&Profile>,
    ) -> Result<Exit, Failure> {
        let name = self.name.clone();
        let watching = RefCell::new(self);
        let arriving = Arriving::new(fed, &watching);
        let mut take = |told: Evidence<'_>| watching.borrow_mut().take(told);
        let mut reject = |reject: Reject| watching.borrow_mut().reject("line", &reject);
        let outcome = intake.read_together(arriving, &name, profile, &mut take, &mut reject);
        let mut watching = watching.into_inner();
        watching.pause();
        if let Some(failure) = watching.failed.take() {
            return Err(failure);
        }
        if let Err(error) = outcome {
            return Err(broken_off(error.to_string()));
        }
        watching.end(intake.total())
    }

    /// Follows messages: each is a source of its own, and is judged by itself.
    fn messages(
        mut self,
        fed: &Receiver<Fed>,
        #[cfg_attr(not(feature = "nats"), allow(unused_mut))] mut intake: Intake,
        profile: Option<&Profile>,
    ) -> Result<Exit, Failure> {
        loop {
            match fed.recv_timeout(TICK) {
                Ok(Fed::Lines(_) | Fed::TooLong(_)) => {}
                #[cfg(feature = "nats")]
                Ok(Fed::Message(number, bytes, done)) => {
                    self.message(number, &bytes, &mut intake, profile);
                    done();
                }
                #[cfg(feature = "nats")]
                Ok(Fed::Said(told)) => self.say(&told),
                Ok(Fed::Failed(why)) => return Err(broken_off(why)),
                Err(RecvTimeoutError::Timeout) => self.tick(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if let Some(failure) = self.failed.take() {
                return Err(failure);
            }
        }
        let _ = profile;
        self.end(intake.total())
    }

    #[cfg(feature = "nats")]
    fn message(
        &mut self,
        number: u64,
        bytes: &[u8],
        intake: &mut Intake,
        profile: Option<&Profile>,
    ) {
        let name = self.name.clone();
        let (mut records, mut rejects) = (Vec::new(), Vec::new());
        let mut take = |record: Record| records.push(record);
        let mut reject = |reject: Reject| rejects.push(reject);
        let outcome = intake.read(bytes, &name, profile, &mut take, &mut reject);
        rejects.iter().for_each(|one| self.reject(&format!("message {number}, line"), one));
        if let Err(error) = outcome {
            self.say(&format!("rejected: message {number}: {error}"));
        }
        records.into_iter().for_each(|one| self.take(Evidence::Record(Box::new(one))));
        self.pause();
    }

    /// Takes what was read; rows in columns are judged at once, with all that waits.
    fn take(&mut self, told: Evidence<'_>) {
        match told {
            Evidence::Record(record) => {
                self.aside += u64::from(!evidence::is_declared(&record, &self.program));
                self.waiting.push(*record);
                if self.waiting.len() >= TOGETHER {
                    self.judge(None);
                }
            }
            Evidence::Columns(columns) => {
                let declared = |like: &Like| evidence::is_declared(&like.record, &self.program);
                let declared: Vec<bool> = columns.likes.iter().map(declared).collect();
                let aside = |like: &&u32| declared.get(**like as usize) == Some(&false);
                self.aside += columns.like.iter().filter(aside).count() as u64;
                self.judge(Some(columns));
            }
        }
    }

    /// Judges what waits, and writes what became different. Of a row by itself the clock goes
    /// first: what it alone brings about is not laid on the row.
    fn judge(&mut self, columns: Option<&Columns>) {
        let records = std::mem::take(&mut self.waiting);
        let rows = columns.into_iter().flat_map(|columns| &columns.known);
        let known = rows.copied().chain(records.iter().map(|record| record.known));
        let Some(newest) = known.max() else { return };
        let now = match self.clock {
            ClockBy::Evidence => newest,
            ClockBy::Machine => machine_clock(),
        };
        if records.len() + columns.map_or(0, Columns::len) == 1 {
            self.advance(now);
        }
        let differences = self.engine.apply_together(now, columns, records);
        self.tell(&differences);
        if self.engine.rows() >= 2 * self.swept + ROOM {
            self.engine.retire();
            self.swept = self.engine.rows();
        }
    }

    fn advance(&mut self, to: Instant) {
        if to > self.engine.now() {
            let differences = self.engine.apply(Change::Clock(to));
            self.tell(&differences);
        }
    }

    /// Nothing more has come: judges what waits and lets everything be seen. Whether nothing can be
    /// told any more.
    fn pause(&mut self) -> bool {
        self.judge(None);
        let flushed = self.terminal.out.flush();
        self.hold(flushed.map_err(Failure::from));
        self.failed.is_some()
    }

    /// Looks at the clock, where that of the machine counts.
    fn tick(&mut self) {
        if self.clock == ClockBy::Machine {
            self.advance(machine_clock());
        }
        let flushed = self.terminal.out.flush();
        self.hold(flushed.map_err(Failure::from));
    }

    fn tell(&mut self, differences: &[Difference]) {
        let now = self.engine.now();
        for difference in differences {
            let told = match self.json {
                true => lines::json(difference, now, &mut self.terminal.out).map_err(Failure::from),
                false => lines::plain(difference, now, &self.program.calendar, self.terminal),
            };
            self.hold(told);
        }
    }

    fn reject(&mut self, what: &str, Reject { row, line, column, reason, .. }: &Reject) {
        let column = column.as_ref().map(|column| format!(", column `{column}`"));
        let (at, column) = (line.unwrap_or(*row), column.unwrap_or_default());
        self.say(&format!("rejected: {}, {what} {at}{column}: {reason}", self.name));
    }

    fn too_long(&mut self, row: u64) {
        let (name, most) = (&self.name, self.most);
        self.say(&format!("rejected: {name}, line {row}: longer than {most} bytes"));
    }

    fn say(&mut self, told: &str) {
        let said = self.terminal.say(&clean(told));
        self.hold(said.map_err(Failure::from));
    }

    fn hold(&mut self, outcome: Result<(), Failure>) {
        if let (Err(failure), None) = (outcome, &self.failed) {
            self.failed = Some(failure);
        }
    }

    fn end(self, total: &Accounting) -> Result<Exit, Failure> {
        let of = |count: u64| words::number(count);
        let accepted = total.accepted.saturating_sub(self.aside);
        let told = format!(
            "evidence  {} read = {} accepted + {} duplicate + {} unclassified + {} rejected",
            of(total.read),
            of(accepted),
            of(total.duplicate),
            of(total.unclassified + self.aside),
            of(total.rejected)
        );
        self.terminal.out.flush()?;
        self.terminal.say(&told)?;
        let unplaced = self.engine.unplaced();
        let unplaced = (unplaced > 0).then(|| {
            format!(
                "{} reports fit no one key of some rules, and are left out of them: older ones \
                 were let go of",
                of(unplaced)
            )
        });
        for told in words::late(self.engine.late()).into_iter().chain(unplaced) {
            self.terminal.say(&told)?;
        }
        Ok(Exit::Fine)
    }
}

/// The source has ended before its time.
fn broken_off(why: String) -> Failure {
    Failure::evidence(why).help("what was read before counts; begin again with the repaired source")
}

/// The clock of the machine; nothing else in Casus looks at it.
fn machine_clock() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
