//! How the times of a finding come about.
//!
//! Invariant: a due time is shown with the words that set it and the moment it is counted from.

use super::{Subject, clauses};
use crate::clock::is_plain;
use casus_model::{
    Cause, Instant, Span,
    program::{Anchor, Body, Edge, Moment},
};

/// The times, one to a line.
pub fn times(subject: Subject<'_>) -> Vec<String> {
    let Subject { case, finding, rule, .. } = subject;
    let mut told = Vec::new();
    if finding.duty.is_some() {
        duty(subject, &mut told);
    } else if is_plain(finding.from.0) {
        let to = finding.to.filter(|to| is_plain(*to) && *to != finding.from.1);
        let to = to.map(|to| format!(", until {} at the latest", case.local(to)));
        let what = match (&rule.body, finding.records.is_empty()) {
            (Body::State(_), _) => "it holds from",
            (_, true) => "the rule applies from",
            (_, false) => "it began",
        };
        let from = case.between(finding.from);
        told.push(format!("{what} {from}{}", to.unwrap_or_default()));
    }
    if let Some(known) = finding.known {
        told.push(format!("the newest record for it became known {}", case.local(known)));
    }
    told.push(match &finding.cause {
        Cause::Record(id) => format!("the record `{id}` brought it about"),
        Cause::Clock(at) => format!("the clock brought it about, at {}", case.local(*at)),
        Cause::Rule(_) => "it follows from the text alone".to_owned(),
    });
    told.push(format!("this is as the clock stands at {}", case.local(case.basis.clock)));
    told
}

fn duty(subject: Subject<'_>, told: &mut Vec<String>) {
    let Subject { case, finding, rule, .. } = subject;
    let Some(clock) = &finding.duty else { return };
    let is_start = finding.key.iter().any(|one| &**one == "start");
    let opened = match is_plain(clock.opened.1) {
        true => format!("opened {}", case.between(clock.opened)),
        false => "owed from the beginning".to_owned(),
    };
    let by = finding.records.first().filter(|_| clock.done.is_none());
    let by = by.map(|id| format!(", by what `{id}` reports"));
    told.push(format!("{opened}{}", by.unwrap_or_default()));
    let words: &[&str] = match (is_start, &rule.body) {
        (true, _) => &["start"],
        (_, Body::Response(_)) => &["step"],
        _ => &["due", "repeat"],
    };
    let clauses = clauses::opening(&case.agreement.document, rule, words);
    let step = clock.step.as_ref();
    let says = clauses.into_iter().find(|clause| match step {
        Some(step) => clause.starts_with(&format!("step {step}")),
        None => true,
    });
    let says = says.map_or_else(String::new, |clause| format!(" (`{clause}`)"));
    match clock.due {
        Some((possible, certain)) if is_plain(certain) => {
            let early = match possible == certain || !is_plain(possible) {
                true => String::new(),
                false => format!(", or as early as {}", case.local(possible)),
            };
            let zone = case.calendar().zone_name();
            told.push(format!("due {}{early}, {zone}{says}", case.local(certain)));
            told.extend(counted_from(subject, certain));
            told.extend(moved(subject, clock.opened.1, certain));
            let late = case.program().lateness_ms;
            if late > 0 && clock.done.is_none() {
                let until = certain.plus_ms(late);
                let passed = if case.basis.clock > until { ", which has passed" } else { "" };
                let until = case.local(until);
                told.push(format!("evidence that it was done counts until {until}{passed}"));
            }
        }
        Some(_) => told.push(format!("not due yet: what it hangs on has not happened{says}")),
        None => told.push("there is no time by which it is due".to_owned()),
    }
    if let Some(start) = clock.start.filter(|start| is_plain(*start)) {
        told.push(format!("it has to begin by {}", case.local(start)));
    }
    match clock.done {
        Some(done) => told.push(format!("done {}", case.between(done))),
        None => told.push("not done".to_owned()),
    }
    if clock.progress.1 > 1 {
        told.push(format!("{} of {} done", clock.progress.0, clock.progress.1));
    }
}

/// By how much extensions and pauses have moved a due time that hangs on the trigger.
fn moved(subject: Subject<'_>, opened: Instant, due: Instant) -> Option<String> {
    let Subject { case, rule, finding, .. } = subject;
    let Body::Must(duty) = &rule.body else { return None };
    let mut moment = duty.due.as_ref()?;
    if !matches!(moment, Moment::Extended { .. } | Moment::Paused { .. }) {
        return None;
    }
    while let Moment::Extended { of, .. } | Moment::Paused { of, .. } = moment {
        moment = of;
    }
    let plain = match moment {
        Moment::Deadline(Anchor::It(Edge::Itself), span) if is_plain(opened) => {
            let bearer = finding.party.as_ref().and_then(|party| case.program().actor(party));
            Some(case.program().calendar_of(bearer).deadline(opened, *span))
        }
        Moment::At(at) => Some(*at),
        _ => None,
    };
    Some(match plain {
        Some(plain) if plain == due => "no extension and no pause has moved it".to_owned(),
        Some(plain) => {
            let hours = due.0.saturating_sub(plain.0) / casus_model::time::HOUR_MS;
            let plain = case.local(plain);
            format!(
                "without extensions and pauses it was due {plain}; they moved it by {hours} hours"
            )
        }
        None => "extensions and pauses are counted in".to_owned(),
    })
}

/// What a due time is counted from, where the length of it can be counted back.
fn counted_from(subject: Subject<'_>, due: Instant) -> Option<String> {
    let Subject { case, rule, finding, .. } = subject;
    let Body::Must(duty) = &rule.body else { return None };
    let is_start = finding.key.iter().any(|one| &**one == "start");
    let moment = if is_start { duty.start.as_ref() } else { duty.due.as_ref() };
    let Some(Moment::Deadline(_, span)) = moment else { return None };
    match span {
        Span::Exact(ms) => Some(format!("counted from {}", case.local(due.plus_ms(-ms)))),
        Span::Days(days) => {
            let days = days.checked_add(1)?;
            let from = case.calendar().shifted_date(due, Span::Days(days), -1);
            Some(format!("counted from {from}; days end at the midnight after the last of them"))
        }
        _ => Some("days end at the midnight after the last of them".to_owned()),
    }
}
