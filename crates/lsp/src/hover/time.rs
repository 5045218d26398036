//! The date that words of time come to, where it is fixed; else what it hangs on.
//!
//! Invariant: a date is told only where no evidence could change it.

use crate::{
    spot::{Spot, What},
    store::Reading,
};
use casus_model::{
    Calendar, Instant, Span,
    program::{Anchor, Body, Edge, Moment, Pattern, Program, RuleId, What as Fact},
};
use casus_syntax::{
    ast::BlockKind,
    lexeme::{Class, Lexeme, Terminal},
};

/// A date in a sentence, in the agreement's calendar and in UTC.
pub fn date(reading: &Reading, spot: &Spot<'_>) -> Option<String> {
    let words = &spot.sentence.words;
    let is = |at: usize, terminal| {
        words.get(at).filter(|word| word.is(terminal, &|_| false)).map(|word| word.text.as_str())
    };
    let at = (spot.at.saturating_sub(2)..=spot.at + 2).find(|at| {
        let near = spot.at.abs_diff(*at);
        let joined =
            near < 2 || words.get(at.wrapping_sub(1)).is_some_and(|word| word.is_word("on"));
        is(*at, Terminal::Date).is_some() && joined
    })?;
    let day = is(at, Terminal::Date)?;
    let before = at.checked_sub(2).filter(|_| words.get(at - 1).is_some_and(|w| w.is_word("on")));
    let time = is(at + 1, Terminal::Time).or_else(|| is(before?, Terminal::Time));
    let calendar = calendar(reading)?;
    let utc = time.is_some() && words.get(at + 2).is_some_and(|word| word.is_word("UTC"));
    let written_in = if utc { Calendar::utc() } else { calendar.clone() };
    let instant = written_in.instant(format!("{day}T{}", time.unwrap_or("00:00")).parse().ok()?);
    let local = calendar.local(instant).date();
    let rest = if calendar.is_working_day(local) { "" } else { "; no working day" };
    Some(match time {
        Some(_) => format!("{}{rest}.", said(&calendar, instant)),
        None => format!(
            "{}{rest}; it begins {}.",
            local.strftime("%A %-d %B %Y"),
            said(&calendar, instant)
        ),
    })
}

/// The agreement's calendar, as it stands or as it stood; else by the zone that is named.
fn calendar(reading: &Reading) -> Option<Calendar> {
    if let Some(program) = &reading.program {
        return Some(program.calendar.clone());
    }
    let rules = reading.sentences.iter().filter(|sentence| sentence.kind == BlockKind::Rules);
    let pairs = rules.flat_map(|sentence| sentence.words.iter().zip(sentence.words.iter().skip(1)));
    let named = pairs.filter(|(word, _)| word.is_word("calendar")).map(|(_, zone)| &zone.text);
    let found = named.filter_map(|zone| Calendar::new(zone, Vec::new(), Default::default())).next();
    Some(found.unwrap_or_else(Calendar::utc))
}

/// An instant, local and in UTC.
fn said(calendar: &Calendar, at: Instant) -> String {
    let local = calendar.local(at).strftime("%A %-d %B %Y, %H:%M");
    match calendar.zone_name() {
        "UTC" => format!("**{local}** UTC"),
        zone => format!("**{local}** in {zone}, which is {at}"),
    }
}

/// When the clause that the words stand in begins, ends or falls due.
pub fn clause(reading: &Reading, spot: &Spot<'_>) -> Vec<String> {
    if spot.sentence.kind != BlockKind::Rules || matches!(spot.what, What::Label { own: true, .. })
    {
        return Vec::new();
    }
    let Some(program) = reading.program.as_deref() else { return Vec::new() };
    let words = &spot.sentence.words;
    let line = words.iter().take(spot.at).rposition(|word| word.class == Class::NewLine);
    let head = line.and_then(|line| words.get(line + 1)).map_or("", |word| word.text.as_str());
    let label = words.first().map_or("", |word| word.text.as_str());
    if label == "agreement" && head == "in" {
        let at = program.commencement.iter().map(|at| told("In force from", program, at));
        return at.collect();
    }
    let Some(rule) = program.rule(label).and_then(|id| id.of(program)) else { return Vec::new() };
    let duty = match &rule.body {
        Body::Must(duty) => Some(duty),
        _ => None,
    };
    let one = match head {
        "from" => rule.from.as_ref().map(|at| told("It applies from", program, at)),
        "until" => rule.until.as_ref().map(|at| told("It applies until", program, at)),
        "start" => {
            duty.and_then(|duty| duty.start.as_ref()).map(|at| told("To begin by", program, at))
        }
        "due" => duty.and_then(|duty| duty.due.as_ref()).map(|at| told("Due", program, at)),
        "step" => step(program, &rule.body, words.get(line.map_or(0, |line| line + 2))),
        _ => None,
    };
    one.into_iter().collect()
}

/// When a step falls due.
fn step(program: &Program, body: &Body, name: Option<&Lexeme>) -> Option<String> {
    let Body::Response(response) = body else { return None };
    let step =
        response.steps.iter().find(|step| name.is_some_and(|name| name.text == *step.name))?;
    let clock = fixed(program, &response.clock);
    let due =
        clock.map(|clock| said(&program.calendar, program.calendar.deadline(clock, step.due)));
    Some(due.map_or_else(
        || {
            let from = hanging(program, &response.clock);
            format!("Due {}, counted from {from}. No fixed date.", span(program, step.due))
        },
        |due| format!("Due {due}."),
    ))
}

fn told(what: &str, program: &Program, moment: &Moment) -> String {
    match fixed(program, moment) {
        Some(at) => format!("{what} {}.", said(&program.calendar, at)),
        None => format!(
            "{what}: {}. No fixed date; it hangs on the evidence.",
            hanging(program, moment)
        ),
    }
}

/// The instant of a moment that hangs on no fact.
fn fixed(program: &Program, moment: &Moment) -> Option<Instant> {
    settled(program, moment, program.commencement.as_ref())
}

/// The same, with what the entry into force is; none while that itself is asked for.
fn settled(program: &Program, moment: &Moment, force: Option<&Moment>) -> Option<Instant> {
    let calendar = &program.calendar;
    let base = |of: &Anchor| match of {
        Anchor::Commencement => settled(program, force?, None),
        _ => None,
    };
    let all = |moments: &[Moment]| -> Option<Vec<Instant>> {
        moments.iter().map(|moment| settled(program, moment, force)).collect()
    };
    match moment {
        Moment::At(at) => Some(*at),
        Moment::Of(of) => base(of),
        Moment::Deadline(of, span) => Some(calendar.deadline(base(of)?, *span)),
        Moment::Lead(of, span) => Some(calendar.lead(base(of)?, *span)),
        Moment::After(of, span) => Some(calendar.shift(base(of)?, *span, 1)),
        Moment::Earlier(of, span) => Some(calendar.shift(base(of)?, *span, -1)),
        Moment::EarliestOf(moments) => all(moments)?.into_iter().min(),
        Moment::LatestOf(moments) => all(moments)?.into_iter().max(),
        _ => None,
    }
}

/// What a moment hangs on, in words.
fn hanging(program: &Program, moment: &Moment) -> String {
    let both = |moments: &[Moment]| -> String {
        let all = moments.iter().map(|moment| match fixed(program, moment) {
            Some(at) => said(&program.calendar, at),
            None => hanging(program, moment),
        });
        all.collect::<Vec<_>>().join(", or ")
    };
    match moment {
        Moment::Of(of) => anchored(program, of),
        Moment::Deadline(of, long) => {
            format!("{} after {}", span(program, *long), anchored(program, of))
        }
        Moment::Lead(of, long) => {
            format!("at least {} before {}", span(program, *long), anchored(program, of))
        }
        Moment::After(of, long) => {
            format!("{} after {}", plain(*long), anchored(program, of))
        }
        Moment::Earlier(of, long) => {
            format!("{} before {}", plain(*long), anchored(program, of))
        }
        Moment::Clock { anchor, days, time } => {
            let day = match days {
                0 => "on the day of".to_owned(),
                1 => "on the day after".to_owned(),
                -1 => "on the day before".to_owned(),
                many => format!("{many} days from"),
            };
            let time = time.strftime("%H:%M");
            format!("{time} {day} {}", anchored(program, anchor))
        }
        Moment::EarliestOf(moments) => format!("the earlier of {}", both(moments)),
        Moment::LatestOf(moments) => format!("the later of {}", both(moments)),
        Moment::Extended { of, .. } => format!("{}, with extensions", both(&[(**of).clone()])),
        Moment::Paused { of, .. } => format!("{}, and pauses", both(&[(**of).clone()])),
        _ => "what the sentence names".to_owned(),
    }
}

fn anchored(program: &Program, anchor: &Anchor) -> String {
    let (what, edge) = match anchor {
        Anchor::It(edge) => ("the fact that it is about".to_owned(), edge),
        Anchor::Fact(pattern, edge) => (fact(program, pattern), edge),
        _ => return "the agreement's entry into force".to_owned(),
    };
    match edge {
        Edge::Start => format!("the start of {what}"),
        Edge::End => format!("the end of {what}"),
        Edge::Receipt => format!("the receipt of {what}"),
        _ => what,
    }
}

/// A kind of fact by the names in it.
fn fact(program: &Program, pattern: &Pattern) -> String {
    let label = |id: &RuleId| id.of(program).map_or("", |rule| &*rule.label).to_owned();
    let named = |id: &RuleId| match id.of(program).map(|rule| &rule.body) {
        Some(Body::State(state)) => format!("{} ({})", state.name, label(id)),
        Some(Body::Finding(finding)) => format!("{} ({})", finding.name, label(id)),
        _ => label(id),
    };
    match &pattern.what {
        Fact::Act(acts) => {
            let acts = acts.iter().filter_map(|id| id.of(program)).map(|act| act.name.to_string());
            format!("the first {}", acts.collect::<Vec<_>>().join(" or "))
        }
        Fact::Breach(id) => format!("a breach of {}", label(id)),
        Fact::Met(id) => format!("{} being met", label(id)),
        Fact::Missed(id) => format!("{} being missed", label(id)),
        Fact::Begin(id) => format!("the begin of {}", named(id)),
        Fact::End(id) => format!("the end of {}", named(id)),
        Fact::Found(id) => format!("the finding {}", named(id)),
        _ => "the fact that the sentence names".to_owned(),
    }
}

/// A length of time and how it is counted.
fn span(program: &Program, long: Span) -> String {
    match long {
        Span::Exact(_) => plain(long),
        _ => {
            let zone = program.calendar.zone_name();
            format!("{} (to the midnight that ends the last day, {zone})", plain(long))
        }
    }
}

fn plain(long: Span) -> String {
    let of = |many: u64, one: &str| match many {
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    };
    match long {
        Span::Exact(ms) if ms % 3_600_000 == 0 => of(ms.unsigned_abs() / 3_600_000, "hour"),
        Span::Exact(ms) if ms % 60_000 == 0 => of(ms.unsigned_abs() / 60_000, "minute"),
        Span::Exact(ms) => of(ms.unsigned_abs() / 1_000, "second"),
        Span::Days(many) => of(many.into(), "day"),
        Span::WorkingDays(many) => of(many.into(), "working day"),
        Span::Months(many) => of(many.into(), "month"),
    }
}
