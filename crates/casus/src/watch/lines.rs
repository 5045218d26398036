//! One change as a line: for programs as JSON, for people as a sentence.
//!
//! Invariant: a change of JSON holds the whole finding before and after; nothing is left out of it.

use crate::{
    clock,
    exit::Failure,
    run::{lines::put, tally::gravity},
    terminal::{Terminal, cut},
    words,
};
use casus_engine::Difference;
use casus_model::{Calendar, Cause, Finding, Instant, Verdict};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct ChangeLine<'a> {
    kind: &'static str,
    clock: Instant,
    change: &'static str,
    cause: &'a Cause,
    before: Option<&'a Finding>,
    after: Option<&'a Finding>,
}

fn called(difference: &Difference) -> &'static str {
    match (&difference.before, &difference.after) {
        (None, _) => "new",
        (Some(_), Some(_)) => "changed",
        (Some(_), None) => "gone",
    }
}

/// Writes a change for programs.
///
/// # Errors
/// Where it cannot be written.
pub fn json(difference: &Difference, now: Instant, out: &mut impl Write) -> io::Result<()> {
    let line = ChangeLine {
        kind: "change",
        clock: now,
        change: called(difference),
        cause: &difference.cause,
        before: difference.before.as_ref(),
        after: difference.after.as_ref(),
    };
    put(&line, out)
}

/// Writes a change for people: what was or is found, kept or broken. What is merely owed, or not
/// known for want of anybody who looked, is left to the JSON.
///
/// # Errors
/// Where it cannot be written.
pub fn plain(
    difference: &Difference,
    now: Instant,
    calendar: &Calendar,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let quiet = gravity(Verdict::Undeterminable);
    let grave = |finding: &Option<Finding>| {
        finding.as_ref().is_some_and(|finding| gravity(finding.verdict) < quiet)
    };
    if !grave(&difference.before) && !grave(&difference.after) {
        return Ok(());
    }
    let told = |finding: &Finding| {
        let verdict = words::verdict(finding.verdict);
        format!("{verdict}: {}", words::reason(finding.reason))
    };
    let Some(finding) = difference.after.as_ref().or(difference.before.as_ref()) else {
        return Ok(());
    };
    let who = words::who(finding).map_or_else(String::new, |who| format!("{who} "));
    let key = match finding.key.is_empty() {
        true => String::new(),
        false => format!(" ({})", finding.key.join(", ")),
    };
    let what = match (&difference.before, &difference.after) {
        (None, Some(after)) => told(after),
        (Some(before), Some(after)) => {
            format!("{}, before {}", told(after), words::verdict(before.verdict))
        }
        (Some(before), None) => format!("no longer {}", words::verdict(before.verdict)),
        (None, None) => return Ok(()),
    };
    let at = clock::local(now, calendar);
    let id = &finding.id;
    writeln!(terminal.out, "{}", cut(&format!("{at}  {id}  {who}{what}{key}"), 160))?;
    Ok(())
}
