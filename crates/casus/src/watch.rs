//! `casus watch`: evidence as it arrives, and what becomes different with each line of it.
//!
//! Invariant: the sum of all changes is what a run on the same evidence at the same clock says.

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
use casus_engine::{Change, Engine};
use casus_ingest::{Intake, Profile, Reject};
use casus_model::{Instant, Program, Record};
use feed::Fed;
use std::{
    io::Write,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// How long nothing may arrive before the clock is looked at again.
const TICK: Duration = Duration::from_secs(1);

/// Follows a source of evidence until it ends.
///
/// # Errors
/// Where the agreement is not valid, the source cannot be read, or a change cannot be written.
pub fn watch(asked: &Watch, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let agreement = agreement::load(&asked.agreement, terminal)?;
    let program = Arc::clone(&agreement.program);
    let limits = evidence::limits(&asked.limits)?;
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
    let mut watching = Watching {
        engine: Engine::new(Arc::clone(&program)),
        program,
        intake: Intake::new(limits),
        name: source.path.display().to_string(),
        profile: source.profile,
        json: asked.json,
        aside: 0,
    };
    loop {
        match fed.recv_timeout(TICK) {
            Ok(Fed::Line(row, bytes)) => {
                watching.take(&format!("line {row}"), &bytes, asked.clock, terminal)?;
            }
            Ok(Fed::TooLong(row)) => {
                let name = &watching.name;
                let told = format!("rejected: {name}, line {row}: longer than {most} bytes");
                terminal.say(&clean(&told))?;
            }
            #[cfg(feature = "nats")]
            Ok(Fed::Message(number, bytes, done)) => {
                watching.take(&format!("message {number}"), &bytes, asked.clock, terminal)?;
                done();
            }
            #[cfg(feature = "nats")]
            Ok(Fed::Said(told)) => terminal.say(&clean(&told))?,
            Ok(Fed::Failed(why)) => {
                return Err(Failure::evidence(why)
                    .help("what was read before counts; begin again with the repaired source"));
            }
            Err(RecvTimeoutError::Timeout) => {
                if asked.clock == ClockBy::Machine {
                    watching.advance(machine_clock(), terminal)?;
                }
                terminal.out.flush()?;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    watching.end(terminal)?;
    Ok(Exit::Fine)
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
struct Watching {
    engine: Engine,
    program: Arc<Program>,
    intake: Intake,
    name: String,
    profile: Option<Profile>,
    json: bool,
    /// How many records were of acts that the agreement does not declare.
    aside: u64,
}

impl Watching {
    /// Judges the records of a line or of a message, and writes what became different.
    fn take(
        &mut self,
        which: &str,
        bytes: &[u8],
        clock: ClockBy,
        terminal: &mut Terminal,
    ) -> Result<(), Failure> {
        let mut records: Vec<Record> = Vec::new();
        let mut rejects: Vec<Reject> = Vec::new();
        let mut take = |record: Record| records.push(record);
        let mut reject = |reject: Reject| rejects.push(reject);
        let profile = self.profile.as_ref();
        let outcome = self.intake.read(bytes, &self.name, profile, &mut take, &mut reject);
        for Reject { row, column, reason, .. } in rejects {
            let column = column.map(|column| format!(", column `{column}`")).unwrap_or_default();
            // A line is one row, a message may hold several.
            let row = if row > 1 { format!(", row {row}") } else { String::new() };
            let told = format!("rejected: {}, {which}{row}{column}: {reason}", self.name);
            terminal.say(&clean(&told))?;
        }
        if let Err(error) = outcome {
            terminal.say(&clean(&format!("rejected: {which}: {error}")))?;
        }
        for record in records {
            if !evidence::is_declared(&record, &self.program) {
                self.aside += 1;
            }
            // The clock goes first: what it alone brings about is not laid on the record.
            self.advance(
                match clock {
                    ClockBy::Evidence => record.known,
                    ClockBy::Machine => machine_clock(),
                },
                terminal,
            )?;
            self.apply(Change::Records(vec![record]), terminal)?;
        }
        terminal.out.flush()?;
        Ok(())
    }

    fn advance(&mut self, to: Instant, terminal: &mut Terminal) -> Result<(), Failure> {
        if to > self.engine.now() { self.apply(Change::Clock(to), terminal) } else { Ok(()) }
    }

    fn apply(&mut self, change: Change, terminal: &mut Terminal) -> Result<(), Failure> {
        let differences = self.engine.apply(change);
        let now = self.engine.now();
        for difference in &differences {
            match self.json {
                true => lines::json(difference, now, &mut terminal.out)?,
                false => lines::plain(difference, now, &self.program.calendar, terminal)?,
            }
        }
        Ok(())
    }

    fn end(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let total = self.intake.total();
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
        terminal.out.flush()?;
        terminal.say(&told)?;
        Ok(())
    }
}

/// The clock of the machine; nothing else in Casus looks at it.
fn machine_clock() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
