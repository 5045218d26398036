//! What is found in a record, and what differs.
//!
//! Invariant: a page or lines of a record are those of a run over the same reports.

use super::{class, key};
use crate::{
    agreement::Agreement,
    arguments::record::{Diff, Findings},
    case::{Basis, Case, ClockFrom, is_trail},
    clock,
    evidence::undeclared,
    exit::{Exit, Failure},
    explain::explain_in,
    run::{lines, page},
    terminal::{Terminal, clean},
    words,
};
use casus_engine::Engine;
use casus_model::{Calendar, Finding, Instant, Record, finding::Cause};
use casus_monitor::{Act, Changed, Judged, Monitor, View};
use serde::Serialize;
use std::io::Write;

/// Judges a record.
pub fn findings(asked: &Findings, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut monitor = match asked.keep {
        true => Monitor::open(&asked.record)?,
        false => Monitor::view(&asked.record)?,
    };
    let calendar = monitor.calendar(&View { size: asked.size, ..View::default() })?;
    let as_of = instant("--as-of", asked.as_of.as_deref(), &calendar)?;
    let now = instant("--now", asked.now.as_deref(), &calendar)?;
    let view = View { size: asked.size, as_of, class: class(asked.release) };
    let judged = monitor.judge(&view, now)?;
    let size = judged.size;
    let withheld = judged.withheld;
    let (case, engine) = case(judged, as_of, now.is_some());
    if withheld > 0 {
        terminal.say(&format!("{withheld} reports are sealed, and not here"))?;
    }
    if let Some(id) = &asked.explain {
        return explain_in(&case, engine, id, asked.author.json, terminal);
    }
    let all = engine.findings();
    if asked.keep {
        keep(asked, &mut monitor, (&case, &all), size, terminal)?;
    }
    if asked.author.json {
        lines::write(&case, &all, &mut terminal.out)?;
        return Ok(Exit::Fine);
    }
    let next = |id: Option<&str>| match id {
        None => "\nThere is no finding at all.".to_owned(),
        Some(id) => {
            let record = page::quoted(&asked.record.to_string_lossy());
            format!("\nnext: casus findings {record} --explain {id}")
        }
    };
    page::write(&case, &all, &next, terminal)?;
    Ok(Exit::Fine)
}

/// A view as a case.
fn case(judged: Judged, as_of: Option<Instant>, is_asked: bool) -> (Case, Engine) {
    let Judged { document, program, clock, records, accounting, engine, .. } = judged;
    let accounting = undeclared(accounting, &records, &program);
    let clock_from = if is_asked { ClockFrom::Argument } else { ClockFrom::Evidence };
    let held_back = engine.held_back();
    let is_late = |one: &&Record| program.is_late(one.time.end.1, one.known);
    let late = records.iter().filter(is_late).count() as u64;
    let basis = Basis { accounting, clock, clock_from, as_of, held_back, late };
    let trail = records.into_iter().filter(|record| is_trail(record, clock)).collect();
    (Case { agreement: Agreement { document, program }, basis, trail }, engine)
}

fn keep(
    asked: &Findings,
    monitor: &mut Monitor,
    (case, all): (&Case, &[&Finding]),
    size: u64,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let at = super::at(asked.author.at.as_deref())?;
    let key = key(&asked.record, &asked.author, monitor)?;
    let mut text = Vec::new();
    lines::write(case, all, &mut text)?;
    let act = Act::Findings {
        size,
        as_of: case.basis.as_of,
        clock: case.basis.clock,
        class: class(asked.release),
        lines: monitor.keep(&text)?,
        casus: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let position = monitor.act(act, &key, at)?;
    terminal.say(&format!("kept in entry {position}, signed by {}", key.name()))?;
    Ok(())
}

fn instant(
    option: &str,
    text: Option<&str>,
    calendar: &Calendar,
) -> Result<Option<Instant>, Failure> {
    let told = |message: String| Failure::usage(format!("{option}: {message}"));
    text.map(|text| clock::parse(text, calendar).map_err(told)).transpose()
}

#[derive(Serialize)]
struct ChangedLine<'c> {
    kind: &'static str,
    before: Option<&'c Finding>,
    after: Option<&'c Finding>,
    cause: &'c Cause,
    entry: Option<u64>,
}

/// Says what differs between two times.
pub fn diff(asked: &Diff, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let monitor = Monitor::view(&asked.record)?;
    let calendar = monitor.calendar(&View::default())?;
    let from = side(&asked.from, asked, &calendar)?;
    let to = side(&asked.to, asked, &calendar)?;
    let clocks = (from.as_of, to.as_of);
    let newest = |view: &View| monitor.judge(view, None).map(|judged| judged.clock);
    let first = clocks.0.map_or_else(|| newest(&from), Ok)?;
    let second = clocks.1.map_or_else(|| newest(&to), Ok)?;
    let changed = monitor.difference((&from, first), (&to, second))?;
    for one in &changed {
        match asked.json {
            true => {
                let Changed { before, after, cause, position } = one;
                let (before, after) = (before.as_ref(), after.as_ref());
                let kind = "difference";
                let line = ChangedLine { kind, before, after, cause, entry: *position };
                lines::put(&line, &mut terminal.out)?;
            }
            false => writeln!(terminal.out, "{}", told(one, &calendar))?,
        }
    }
    if !asked.json && changed.is_empty() {
        terminal.say("nothing differs")?;
    }
    Ok(Exit::Fine)
}

/// One side of a comparison: an instant, or a number of entries.
fn side(text: &str, asked: &Diff, calendar: &Calendar) -> Result<View, Failure> {
    let class = class(asked.release);
    if let Some(size) = text.strip_prefix('#') {
        let size = size.parse().map_err(|_| {
            Failure::usage(format!("`{text}` is no number of entries")).help("write it as `#120`")
        })?;
        return Ok(View { size: Some(size), as_of: None, class });
    }
    let as_of = clock::parse(text, calendar).map_err(|message| {
        Failure::usage(message).help("or the number of entries that the log had, as `#120`")
    })?;
    Ok(View { size: None, as_of: Some(as_of), class })
}

fn told(one: &Changed, calendar: &Calendar) -> String {
    let verdict = |finding: &Finding| words::verdict(finding.verdict);
    let Some(finding) = one.after.as_ref().or(one.before.as_ref()) else { return String::new() };
    let what = match (&one.before, &one.after) {
        (None, Some(after)) => format!("new: {}", verdict(after)),
        (Some(before), None) => format!("gone: {}", verdict(before)),
        (Some(before), Some(after)) if before.verdict != after.verdict => {
            format!("{}, was {}", verdict(after), verdict(before))
        }
        _ => format!("{}, with other grounds or times", verdict(finding)),
    };
    let who = words::who(finding).unwrap_or_default();
    let when = clock::between(finding.from, calendar);
    let because = match (&one.cause, one.position) {
        (Cause::Record(id), Some(entry)) => format!("because of report {id} (entry {entry})"),
        (Cause::Record(id), None) => format!("because of report {id}"),
        (Cause::Clock(at), _) => format!("because it was {}", clock::local(*at, calendar)),
        (Cause::Rule(rule), _) => format!("because of rule {rule}"),
    };
    clean(&format!("{} {who}  {what}  {when}  {because}", finding.provision))
}
