//! A leg: what lies between two successive positions of one thing, as a report of its own.
//!
//! Invariant: a leg says nothing that its two positions do not say.

use crate::report::{Leg, Report};
use casus_model::{
    Attribution, Confidence, Grade, Instant, Name, Object, Occurred, Place, Program, Quantity,
    Range, Record, Source, Standing,
    geometry::{Point, Shape, distance_m},
    program::{ActId, Joins},
    quantity::Dimension,
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Where a report puts a thing, if it is a position of one: at one point, and not improbable.
pub(crate) fn position(report: &Report) -> Option<(&Name, &Place, Point)> {
    let record = report.record();
    let possible = Confidence::from(record.grade.credibility).high > Confidence::IMPROBABLE.high;
    let [place] = record.places.as_slice() else { return None };
    let Shape::Point(point) = &place.shape else { return None };
    let item = record.object.as_ref()?.item.as_ref()?;
    (report.live && possible).then_some((item, place, *point))
}

/// The leg of this act from one position to the next; none where they lie too far apart, or are
/// two accounts of one.
pub(crate) fn leg(
    program: &Program,
    (act, joins): (ActId, Joins),
    first: &Report,
    second: &Report,
) -> Option<Report> {
    let (item, from, start) = position(first)?;
    let (_, to, end) = position(second)?;
    let (one, other) = (first.record(), second.record());
    let end_time = (other.time.end.0, other.time.end.1.max(one.time.start.1));
    let time = Occurred { start: one.time.start, end: end_time };
    let until = program.calendar.shift(time.start.0, joins.gap, 1);
    if one.incident() == other.incident() || time.end.1 > until {
        return None;
    }
    let name = &act.of(program)?.name;
    let (reliability, credibility) = (
        one.grade.reliability.max(other.grade.reliability),
        one.grade.credibility.max(other.grade.credibility),
    );
    let shape = match start == end {
        true => Shape::Point(start),
        false => Shape::Line(Arc::from([start, end])),
    };
    let place = Place {
        role: Name::from(""),
        shape,
        error_m: from.error_m.max(to.error_m),
        altitude_m: from.altitude_m.zip(to.altitude_m).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))),
    };
    let record = Record {
        id: Name::from(format!("{name} {} → {}", one.id, other.id)),
        version: 1,
        standing: Standing::Asserted,
        incident: None,
        act: name.clone(),
        actor: same_actor(one, other),
        object: Some(thing(one, other, item)),
        recipient: one.recipient.clone().filter(|to| other.recipient.as_ref() == Some(to)),
        about: Vec::new(),
        places: vec![place],
        time,
        known: first.known().max(second.known()),
        quantities: moved(
            program,
            (one, other),
            time,
            (distance_m(start, end), from.error_m + to.error_m),
        ),
        source: Source { name: one.source.name.clone(), origin: None },
        grade: Grade { reliability, credibility },
        text: None,
    };
    let mut report = Report::new(record, program);
    report.first_known = first.first_known.max(second.first_known);
    report.settled = first.settled.max(second.settled);
    report.leg = Some(Leg { records: [one.id.clone(), other.id.clone()], way: (start, end) });
    Some(report)
}

/// Who both name, as surely as the less sure of them.
fn same_actor(one: &Record, other: &Record) -> Option<Attribution> {
    let (a, b) = (one.actor.as_ref()?, other.actor.as_ref()?);
    let confidence = Confidence {
        low: a.confidence.low.min(b.confidence.low),
        high: a.confidence.high.min(b.confidence.high),
    };
    (a.name == b.name).then(|| Attribution { name: a.name.clone(), confidence })
}

/// The thing, with what both say of it.
fn thing(one: &Record, other: &Record, item: &Name) -> Object {
    let empty = || (Name::from(""), Vec::new());
    let (kind, measures) = match (&one.object, &other.object) {
        (Some(a), Some(b)) => {
            let kind = if a.kind == b.kind { a.kind.clone() } else { Name::from("") };
            let both = a.measures.iter().filter(|one| b.measures.contains(one));
            (kind, both.cloned().collect())
        }
        _ => empty(),
    };
    Object { kind, item: Some(item.clone()), measures }
}

/// How far and how fast it went, as far as the agreement measures that.
fn moved(
    program: &Program,
    (one, other): (&Record, &Record),
    time: Occurred,
    (distance_m, error_m): (f64, f64),
) -> Vec<(Name, Quantity)> {
    let thousandths = |metres: f64| (metres * 1000.0).clamp(0.0, 1e15);
    let low = thousandths(distance_m - error_m).floor() as i128;
    let high = thousandths(distance_m + error_m).ceil() as i128;
    let ms = |from: Instant, to: Instant| i128::from(to.0) - i128::from(from.0);
    let longest = ms(time.start.0, time.end.1);
    let shortest = ms(one.time.end.1, other.time.start.0);
    let mut all = Vec::new();
    let mut add = |name: &str, dimension: Dimension, unit: &str, low: i128, high: i128| {
        let declared = |measure: &casus_model::program::Measure| {
            &*measure.name == name && measure.dimension == Some(dimension)
        };
        if program.measures.iter().any(declared) {
            let decimal = |value: i128| Decimal::from_i128_with_scale(value, 3);
            let (low, high) = (decimal(low), decimal(high));
            let range = Range { low, best: low, high };
            all.push((Name::from(name), Quantity { range, unit: Name::from(unit) }));
        }
    };
    add("distance", Dimension::Length, "m", low, high);
    // A thousandth of a metre in a millisecond is 3.6 km/h, and so 3600 of their thousandths.
    if shortest > 0 && longest > 0 {
        let fastest = (high * 3600 + shortest - 1) / shortest;
        add("speed", Dimension::Speed, "km/h", low * 3600 / longest, fastest);
    }
    all
}
