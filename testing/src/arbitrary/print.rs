//! How a failing case prints itself.
//!
//! Invariant: whatever differs between two cases is printed.

use super::Case;
use casus_model::{Place, Quantity, Record, Standing, geometry::Shape};
use std::fmt::{Formatter, Result};

/// The agreement, a line a rule, and the evidence, a line a record.
pub fn case(case: &Case, f: &mut Formatter<'_>) -> Result {
    let program = &case.program;
    writeln!(
        f,
        "calendar {} lateness {} ms, horizon {:?} ms, commencement {:?}",
        program.calendar.zone_name(),
        program.lateness_ms,
        program.horizon_ms,
        program.commencement
    )?;
    for (of, own) in &program.calendars {
        writeln!(f, "calendar of {of:?} {}", own.zone_name())?;
    }
    writeln!(f, "Militia answered {:?}", program.actors[3].answered)?;
    for rule in &program.rules {
        writeln!(f, "{} {:?}", rule.label, rule.body)?;
        if rule.from.is_some() || rule.until.is_some() || !rule.during.is_empty() {
            writeln!(f, "  from {:?} until {:?} while {:?}", rule.from, rule.until, rule.during)?;
        }
        if !rule.except.is_empty() || !rule.when.is_empty() || rule.unless.is_some() {
            let (except, shown) = (&rule.except, rule.shown);
            writeln!(f, "  when {:?} except {except:?} shown {shown}", rule.when)?;
            writeln!(f, "  unless {:?}", rule.unless)?;
        }
        if !rule.suspended.is_empty() || !rule.waivable.is_empty() {
            let (suspended, waivable) = (&rule.suspended, &rule.waivable);
            writeln!(f, "  suspended {suspended:?} waivable {waivable:?}")?;
        }
        writeln!(f, "  {:?}", rule.standard)?;
    }
    writeln!(f, "strata {:?}", program.strata)?;
    case.records.iter().try_for_each(|one| record(one, f))?;
    writeln!(f, "now {}", case.now)
}

fn quantity((name, quantity): &(casus_model::Name, Quantity)) -> String {
    format!("{name} {}-{} {}", quantity.range.low, quantity.range.high, quantity.unit)
}

fn place(place: &Place) -> String {
    let shape = match &place.shape {
        Shape::Named(name) => name.to_string(),
        Shape::Point(point) => format!("({} {})", point.lon, point.lat),
        other => format!("{other:?}"),
    };
    format!("{}@{shape}±{}{:?}", place.role, place.error_m, place.altitude_m)
}

fn record(record: &Record, f: &mut Formatter<'_>) -> Result {
    let back = if record.standing == Standing::Withdrawn { " WITHDRAWN" } else { "" };
    write!(f, "{} v{}{back}", record.id, record.version)?;
    if let Some(incident) = &record.incident {
        write!(f, " of {incident}")?;
    }
    write!(f, ": {}", record.act)?;
    if let Some(actor) = &record.actor {
        write!(f, " by {} ({})", actor.name, actor.confidence)?;
    }
    if let Some(object) = &record.object {
        let measures: Vec<String> = object.measures.iter().map(quantity).collect();
        write!(f, " with `{}` {:?} {measures:?}", object.kind, object.item)?;
    }
    if let Some(recipient) = &record.recipient {
        write!(f, " to {recipient}")?;
    }
    if !record.about.is_empty() {
        write!(f, " about {:?}", record.about)?;
    }
    for one in &record.places {
        write!(f, " {}", place(one))?;
    }
    let quantities: Vec<String> = record.quantities.iter().map(quantity).collect();
    let (start, end) = (record.time.start, record.time.end);
    write!(f, " {quantities:?} on {:?}", start)?;
    if start != end {
        write!(f, "..{end:?}")?;
    }
    writeln!(
        f,
        " known {} from {}/{:?} {}",
        record.known, record.source.name, record.source.origin, record.grade
    )
}
