//! An agreement, its evidence and a clock, judged.
//!
//! Invariant: nothing that became known after the clock, or after `--as-of`, is judged; how much
//! was held back is always said.

use crate::{
    agreement::{self, Agreement},
    arguments::Matter,
    clock,
    evidence::{self, Evidence, PROCEDURAL},
    exit::Failure,
    terminal::Terminal,
};
use casus_engine::{Change, Engine};
use casus_ingest::Accounting;
use casus_model::{
    Calendar, Finding, Instant, Program, Record, Standing,
    program::{Provision, Rule},
};
use serde::Serialize;
use std::sync::Arc;

/// A case.
pub struct Case {
    /// The agreement.
    pub agreement: Agreement,
    /// What it was judged on.
    pub basis: Basis,
    /// What people did, and the corrections and withdrawals; only where it is asked for.
    pub trail: Vec<Record>,
}

/// How much of the evidence is kept beside the judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing.
    Nothing,
    /// What `Case::trail` is for.
    Trail,
}

/// What a case was judged on.
#[derive(Debug)]
pub struct Basis {
    /// Where every row went.
    pub accounting: Accounting,
    /// The clock.
    pub clock: Instant,
    /// Where the clock comes from.
    pub clock_from: ClockFrom,
    /// What became known after this was left out.
    pub as_of: Option<Instant>,
    /// How many records were held back.
    pub held_back: usize,
    /// How many records came after the horizon.
    pub late: u64,
}

/// Where the clock comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockFrom {
    /// From `--now`.
    Argument,
    /// It is when the newest of the evidence became known.
    Evidence,
}

impl Case {
    /// Reads and judges what is asked for; the judge, after judging.
    ///
    /// # Errors
    /// Where the agreement is not valid, or the evidence or an instant cannot be read.
    pub fn judged(
        asked: &Matter,
        keep: Keep,
        terminal: &mut Terminal,
    ) -> Result<(Case, Engine), Failure> {
        let agreement = agreement::load(&asked.agreement, terminal)?;
        let mut engine = Engine::new(Arc::clone(&agreement.program));
        let (mut case, records) =
            Case::gathered(agreement, asked, keep, Some(&mut engine), terminal)?;
        settle(&mut engine, records, case.basis.clock);
        case.basis.held_back += engine.held_back();
        Ok((case, engine))
    }

    /// Reads what is asked for; the records that are to be judged. What an engine can take at once
    /// it is given.
    ///
    /// # Errors
    /// Where the evidence or an instant cannot be read.
    pub fn gathered(
        agreement: Agreement,
        asked: &Matter,
        keep: Keep,
        engine: Option<&mut Engine>,
        terminal: &mut Terminal,
    ) -> Result<(Case, Vec<Record>), Failure> {
        let calendar = &agreement.program.calendar;
        let now = asked.now.as_deref().map(|text| instant("--now", text, calendar)).transpose()?;
        let as_of = asked.as_of.as_deref();
        let as_of = as_of.map(|text| instant("--as-of", text, calendar)).transpose()?;
        let program = Arc::clone(&agreement.program);
        let Evidence { mut records, accounting, newest, late } =
            evidence::read(asked, &program, engine, (as_of, now), terminal)?;
        let read = records.len();
        if let Some(as_of) = as_of {
            records.retain(|record| record.known <= as_of);
        }
        let held_back = read - records.len();
        let (clock, clock_from) = match (now, newest.or(as_of)) {
            (Some(now), _) => (now, ClockFrom::Argument),
            (None, Some(newest)) => (newest, ClockFrom::Evidence),
            (None, None) => {
                return Err(Failure::usage("there is no evidence, and so no clock")
                    .help("give the clock, as `--now \"2026-03-22 06:00\"`"));
            }
        };
        let is_kept = |record: &&Record| keep == Keep::Trail && is_trail(record, clock);
        let trail = records.iter().filter(is_kept).cloned().collect();
        let basis = Basis { accounting, clock, clock_from, as_of, held_back, late };
        Ok((Case { agreement, basis, trail }, records))
    }

    /// The agreement's program.
    pub fn program(&self) -> &Program {
        &self.agreement.program
    }

    /// The agreement's calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.agreement.program.calendar
    }

    /// The rule of a finding.
    pub fn rule(&self, finding: &Finding) -> Option<&Rule> {
        rule(self.program(), finding)
    }

    /// The paragraph of a finding.
    pub fn provision(&self, finding: &Finding) -> Option<&Provision> {
        self.rule(finding).and_then(|rule| rule.provision.of(self.program()))
    }

    /// An instant in the agreement's calendar.
    pub fn local(&self, at: Instant) -> String {
        clock::local(at, self.calendar())
    }

    /// An uncertain instant in the agreement's calendar.
    pub fn between(&self, span: (Instant, Instant)) -> String {
        clock::between(span, self.calendar())
    }
}

/// The rule of a finding.
pub fn rule<'a>(program: &'a Program, finding: &Finding) -> Option<&'a Rule> {
    program.rule(&finding.provision).and_then(|rule| rule.of(program))
}

/// Whether a record is an act of people on another, or changes what was told before.
pub fn is_trail(record: &Record, clock: Instant) -> bool {
    let changes = record.version > 1 || record.standing == Standing::Withdrawn;
    record.known <= clock && (changes || PROCEDURAL.contains(&record.act.as_str()))
}

/// Those of the names that stand in a sentence as whole words.
pub fn named_in<'a>(sentence: &str, names: Vec<&'a str>) -> Vec<&'a str> {
    let is_word = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    let stands = |name: &&str| {
        sentence.match_indices(*name).any(|(at, _)| {
            let before = sentence.get(..at).and_then(|text| text.chars().next_back());
            let after = sentence.get(at + name.len()..).and_then(|text| text.chars().next());
            !is_word(before) && !is_word(after)
        })
    };
    names.into_iter().filter(stands).collect()
}

/// An engine that has judged these records at this clock.
pub fn judge(program: Arc<Program>, records: Vec<Record>, clock: Instant) -> Engine {
    let mut engine = Engine::new(program);
    settle(&mut engine, records, clock);
    engine
}

/// Sets the clock, and then takes the records: so every record is judged once.
fn settle(engine: &mut Engine, records: Vec<Record>, clock: Instant) {
    engine.load(Change::Clock(clock));
    engine.load(Change::Records(records));
}

fn instant(option: &str, text: &str, calendar: &Calendar) -> Result<Instant, Failure> {
    let told = |message: String| Failure::usage(format!("{option}: {message}"));
    let help = "the zone of local times is the one that the agreement names";
    clock::parse(text, calendar).map_err(|message| told(message).help(help))
}
