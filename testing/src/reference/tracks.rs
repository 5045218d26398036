//! Section 18: legs between the positions of one thing, and how near things come that move.
//!
//! Invariant: legs are made from all reports at once; nothing is remembered.

use super::reports::{Incident, Report};
use casus_model::{
    Attribution, Calendar, Confidence, Grade, Instant, Name, Object, Occurred, Place, Program,
    Quantity, Range, Record, Source, Standing, Tri,
    approach::{along, closest_m},
    geometry::{Point, Shape, distance_m},
    program::{Act, Joins},
    quantity::Dimension,
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, rc::Rc};

/// A leg's ends (18.2).
#[derive(Clone, Debug)]
pub struct Ends {
    /// The ids of the two positions, each with its incident.
    pub of: [(Name, Name); 2],
    /// Where they are.
    pub way: (Point, Point),
}

/// 18.1, 18.2: the incidents of all legs.
pub fn legs(program: &Program, incidents: &[Incident]) -> Vec<Incident> {
    let mut all = Vec::new();
    for act in &program.acts {
        let Some(joins) = act.joins else { continue };
        let mut tracks: BTreeMap<Name, Vec<&Report>> = BTreeMap::new();
        for report in incidents.iter().flat_map(|incident| &incident.reports) {
            if is_position(program, joins, report)
                && let Some(item) = report.content.object.as_ref().and_then(|it| it.item.clone())
            {
                tracks.entry(item).or_default().push(report);
            }
        }
        for mut track in tracks.into_values() {
            track.sort_by_key(|one| (one.content.time.start, one.content.id.clone()));
            let pairs = track.iter().zip(track.iter().skip(1));
            let made = pairs.filter_map(|(one, two)| leg(program, act, joins, one, two));
            all.extend(made.map(|leg| Incident {
                name: leg.content.id.clone(),
                reports: vec![Rc::new(leg)],
                empty: Vec::new(),
            }));
        }
    }
    all
}

/// 18.1
fn is_position(program: &Program, joins: Joins, report: &Report) -> bool {
    let act = program.acts.iter().find(|act| act.name == report.content.act);
    act.is_some_and(|act| act.above.contains(&joins.of))
        && !report.withdrawn
        && Confidence::from(report.content.grade.credibility) != Confidence::IMPROBABLE
        && point(&report.content).is_some()
}

/// The only place of a record, if it is a point.
fn point(record: &Record) -> Option<(&Place, Point)> {
    match record.places.as_slice() {
        [place] => match place.shape {
            Shape::Point(point) => Some((place, point)),
            _ => None,
        },
        _ => None,
    }
}

/// 18.2
fn leg(program: &Program, act: &Act, joins: Joins, one: &Report, two: &Report) -> Option<Report> {
    let (a, b) = (&one.content, &two.content);
    if a.incident() == b.incident() {
        return None;
    }
    let time =
        Occurred { start: a.time.start, end: (b.time.end.0, a.time.start.1.max(b.time.end.1)) };
    if time.end.1 > latest(&program.calendar, time.start.0, joins) {
        return None;
    }
    let ((from, start), (to, end)) = (point(a)?, point(b)?);
    let line = if start == end { Shape::Point(start) } else { Shape::Line([start, end].into()) };
    let altitude_m = match (from.altitude_m, to.altitude_m) {
        (Some((low, high)), Some((other_low, other_high))) => {
            Some((low.min(other_low), high.max(other_high)))
        }
        _ => None,
    };
    let content = Record {
        id: Name::from(format!("{} {} → {}", act.name, a.id, b.id)),
        version: 1,
        standing: Standing::Asserted,
        incident: None,
        act: act.name.clone(),
        actor: actor(a, b),
        object: object(a, b),
        recipient: if a.recipient == b.recipient { a.recipient.clone() } else { None },
        about: Vec::new(),
        places: vec![Place {
            role: Name::from(""),
            shape: line,
            error_m: if from.error_m > to.error_m { from.error_m } else { to.error_m },
            altitude_m,
        }],
        time,
        known: one.known.max(two.known),
        quantities: quantities(program, a, b, time),
        source: Source { name: a.source.name.clone(), origin: None },
        grade: Grade {
            reliability: a.grade.reliability.max(b.grade.reliability),
            credibility: a.grade.credibility.max(b.grade.credibility),
        },
        text: None,
    };
    let ends = [a, b].map(|record| (record.id.clone(), record.incident().clone()));
    Some(Report {
        confidence: Confidence::from(content.grade.credibility),
        withdrawn: false,
        known: content.known,
        first_known: one.first_known.max(two.first_known),
        settled: one.settled.max(two.settled),
        leg: Some(Ends { of: ends, way: (start, end) }),
        content,
    })
}

fn latest(calendar: &Calendar, from: Instant, joins: Joins) -> Instant {
    calendar.shift(from, joins.gap, 1)
}

fn actor(a: &Record, b: &Record) -> Option<Attribution> {
    match (&a.actor, &b.actor) {
        (Some(one), Some(two)) if one.name == two.name => Some(Attribution {
            name: one.name.clone(),
            confidence: Confidence {
                low: one.confidence.low.min(two.confidence.low),
                high: one.confidence.high.min(two.confidence.high),
            },
        }),
        _ => None,
    }
}

fn object(a: &Record, b: &Record) -> Option<Object> {
    let (one, two) = (a.object.as_ref()?, b.object.as_ref()?);
    let mut measures = one.measures.clone();
    measures.retain(|measure| two.measures.contains(measure));
    let kind = if one.kind == two.kind { one.kind.clone() } else { Name::from("") };
    Some(Object { kind, item: one.item.clone(), measures })
}

/// 18.3
fn quantities(program: &Program, a: &Record, b: &Record, time: Occurred) -> Vec<(Name, Quantity)> {
    let measured = |name: &str, dimension: Dimension| {
        program.measures.iter().any(|one| &*one.name == name && one.dimension == Some(dimension))
    };
    let exactly = |name: &str, low: i128, high: i128, unit: &str| {
        let low = Decimal::from_i128_with_scale(low, 3);
        let range = Range { low, best: low, high: Decimal::from_i128_with_scale(high, 3) };
        (Name::from(name), Quantity { range, unit: Name::from(unit) })
    };
    let (Some((from, start)), Some((to, end))) = (point(a), point(b)) else { return Vec::new() };
    let (way, error) = (distance_m(start, end), from.error_m + to.error_m);
    let most = 1_000_000_000_000_000.0;
    let shortest_mm = ((way - error) * 1000.0).max(0.0).min(most).floor() as i128;
    let longest_mm = ((way + error) * 1000.0).max(0.0).min(most).ceil() as i128;
    let mut all = Vec::new();
    if measured("distance", Dimension::Length) {
        all.push(exactly("distance", shortest_mm, longest_mm, "m"));
    }
    let slow = i128::from(time.end.1.0) - i128::from(time.start.0.0);
    let quick = i128::from(b.time.start.0.0) - i128::from(a.time.end.1.0);
    if measured("speed", Dimension::Speed) && quick > 0 && slow > 0 {
        let low = (shortest_mm * 3600).div_euclid(slow);
        let high = -(-(longest_mm * 3600)).div_euclid(quick);
        all.push(exactly("speed", low, high, "km/h"));
    }
    all
}

/// 18.4: whether two places, of which a leg is one, come so near, or stay so far; none where
/// neither is of a leg.
pub fn moving(
    one: (&Report, &Place),
    other: (&Report, &Place),
    near: bool,
    still: Tri,
    ask: impl Fn(f64, f64) -> Tri,
) -> Option<Tri> {
    if one.0.leg.is_none() && other.0.leg.is_none() {
        return None;
    }
    let (a, b) = (one.0.content.time, other.0.content.time);
    if a.end.1 < b.start.0 || b.end.1 < a.start.0 {
        return Some(Tri::No);
    }
    if near && still == Tri::No {
        return Some(Tri::No);
    }
    let both = a.start.1 <= b.end.0 && b.start.1 <= a.end.0;
    let paths =
        way(one).zip(way(other)).filter(|_| both && a.start.1 <= a.end.0 && b.start.1 <= b.end.0);
    let Some((p, q)) = paths else { return Some(Tri::Unknown) };
    let from = centre(a.start).max(centre(b.start));
    let to = centre(a.end).min(centre(b.end));
    let there = |time: Occurred, way: (Point, Point), at: i64| {
        let (begin, end) = (centre(time.start), centre(time.end));
        if begin == end {
            return way.0;
        }
        along(way.0, way.1, (at - begin) as f64 / (end - begin) as f64)
    };
    let mine = (there(a, p, from), there(a, p, to));
    let theirs = (there(b, q, from), there(b, q, to));
    let widest = [a.start, a.end, b.start, b.end].map(|edge| edge.1.0 - centre(edge));
    let off = widest.into_iter().max().unwrap_or(0) as f64;
    let speed = |time: Occurred, way: (Point, Point)| match distance_m(way.0, way.1) {
        0.0 => 0.0,
        metres => metres / (time.end.0.0 - time.start.1.0) as f64,
    };
    let open = 2.0 * off * (speed(a, p) + speed(b, q));
    Some(ask(closest_m(mine, theirs), one.1.error_m + other.1.error_m + open))
}

/// The middle of what a time may be, in whole milliseconds, rounded to the earlier.
fn centre(edge: (Instant, Instant)) -> i64 {
    edge.0.0 + (edge.1.0 - edge.0.0) / 2
}

/// The way of what is at one place at a time; one that goes somewhere takes some time.
fn way((report, place): (&Report, &Place)) -> Option<(Point, Point)> {
    let time = report.content.time;
    let way = match (&report.leg, &place.shape) {
        (Some(ends), _) => ends.way,
        (None, Shape::Point(point)) => (*point, *point),
        (None, _) => return None,
    };
    (way.0 == way.1 || time.start.1 < time.end.0).then_some(way)
}
