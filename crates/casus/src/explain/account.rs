//! The records for a finding and against it, each in a few lines.
//!
//! Invariant: each account says when it happened, who tells it and from whom, how good it is, and
//! when it became known.

use super::Subject;
use crate::{case::Case, terminal::cut, words};
use casus_ingest::write_record;
use casus_model::{
    Name, Place, Quantity, Record, Standing,
    geometry::{Point, Shape, disk_around},
};
use serde::Serialize;
use serde_json::Value;

/// One record, told.
#[derive(Debug, Serialize)]
pub struct Account {
    /// `for` or `against`.
    pub side: &'static str,
    /// The record's id.
    pub id: Name,
    /// When, what, who, where.
    pub what: String,
    /// Who tells it, how good it is, when it became known.
    pub source: String,
    /// Corrections, withdrawals, and accounts of the same origin.
    pub notes: Vec<String>,
    /// The record's own words.
    pub text: Option<String>,
    /// The record itself.
    pub record: Option<Value>,
}

/// How many accounts are told of each side.
pub const MOST: usize = 12;

/// The records of a finding.
pub fn accounts(subject: Subject<'_>) -> Vec<Account> {
    let finding = subject.finding;
    let side = |side: &'static str, ids: &[Name]| -> Vec<Account> {
        let records = ids.iter().take(MOST).filter_map(|id| subject.engine.record(id));
        records.map(|record| account(subject, side, record, ids)).collect()
    };
    let mut all = side("for", &finding.records);
    all.extend(side("against", &finding.against));
    all
}

fn account(subject: Subject<'_>, side: &'static str, record: &Record, beside: &[Name]) -> Account {
    let case = subject.case;
    let known = case.local(record.known);
    let origin = match &record.source.origin {
        Some(origin) => format!("{}, which repeats {origin}", record.source.name),
        None => record.source.name.to_string(),
    };
    let grade = words::grade(record.grade);
    Account {
        side,
        id: record.id.clone(),
        what: what(case, record),
        source: format!("told by {origin}; {grade}; known {known}"),
        notes: notes(subject, record, beside),
        text: record.text.as_ref().map(|text| cut(text, 240)),
        record: serde_json::from_str(&write_record(record)).ok(),
    }
}

/// When, what, who, where and how much.
fn what(case: &Case, record: &Record) -> String {
    let time = record.time;
    let mut text = case.between(time.start);
    if !time.is_moment() {
        text.push_str(&format!(" until {}", case.between(time.end)));
    }
    text.push_str(&format!(": {}", record.act));
    if let Some(object) = &record.object {
        text.push_str(&format!(" of {}", object.kind));
        if let Some(item) = &object.item {
            text.push_str(&format!(" {item}"));
        }
        for (measure, amount) in &object.measures {
            text.push_str(&format!(", {measure} {}", quantity(amount)));
        }
    }
    match &record.actor {
        Some(actor) => text.push_str(&format!(", by {} ({})", actor.name, actor.confidence)),
        None => text.push_str(", by nobody named"),
    }
    if let Some(recipient) = &record.recipient {
        text.push_str(&format!(", to {recipient}"));
    }
    for one in &record.places {
        text.push_str(&format!(", {}", place(one)));
    }
    for (measure, amount) in &record.quantities {
        text.push_str(&format!(", {measure} {}", quantity(amount)));
    }
    text
}

fn quantity(amount: &Quantity) -> String {
    let range = amount.range;
    let number = match range.low == range.high {
        true => range.low.to_string(),
        false => format!("{} to {}", range.low, range.high),
    };
    format!("{number} {}", amount.unit).trim_end().to_owned()
}

/// A place, its role and how well it is known.
pub fn place(place: &Place) -> String {
    let role = if place.role.is_empty() { String::new() } else { format!(" as {}", place.role) };
    let error = if place.error_m > 0.0 {
        format!(", give or take {}", distance(place.error_m))
    } else {
        String::new()
    };
    let of = |points: &[Point]| disk_around(points.iter()).map(|disk| degrees(disk.0));
    let text = match &place.shape {
        Shape::Point(point) => format!("at {}", degrees(*point)),
        Shape::Line(path) => {
            format!("on a path about {}", of(path).unwrap_or_default())
        }
        Shape::Area(polygons) => {
            let points: Vec<Point> =
                polygons.iter().flat_map(|one| one.0.iter().flatten()).copied().collect();
            format!("in an area about {}", of(&points).unwrap_or_default())
        }
        Shape::Named(name) => format!("in {name}"),
    };
    format!("{text}{role}{error}")
}

fn degrees(point: Point) -> String {
    let north = if point.lat < 0.0 { "S" } else { "N" };
    let east = if point.lon < 0.0 { "W" } else { "E" };
    format!("{:.4}{north} {:.4}{east}", point.lat.abs(), point.lon.abs())
}

/// Metres, or kilometres from a thousand on.
pub fn distance(metres: f64) -> String {
    match metres {
        m if m >= 1_000.0 => format!("{} km", (m / 100.0).round() / 10.0),
        m => format!("{} m", m.round()),
    }
}

fn notes(subject: Subject<'_>, record: &Record, beside: &[Name]) -> Vec<String> {
    let case = subject.case;
    let mut notes = Vec::new();
    let mut versions: Vec<&Record> = case.trail.iter().filter(|one| one.id == record.id).collect();
    versions.sort_by_key(|one| (one.version, one.known));
    versions.dedup();
    for one in versions.iter().filter(|one| one.version > 1 || one.standing == Standing::Withdrawn)
    {
        let known = case.local(one.known);
        notes.push(match one.standing {
            Standing::Withdrawn => format!("the source took it back, known {known}"),
            Standing::Asserted => format!("version {} corrects it, known {known}", one.version),
        });
    }
    let others = beside.iter().filter(|id| **id != record.id);
    let others = others.filter_map(|id| subject.engine.record(id));
    let same = |other: &&Record| {
        other.incident() == record.incident() && other.source.lineage() == record.source.lineage()
    };
    let same: Vec<&str> = others.filter(same).map(|other| other.id.as_str()).take(6).collect();
    if !same.is_empty() {
        let list = words::list(&same, "and");
        notes.push(format!("of the same origin as {list}: they do not confirm each other"));
    }
    notes
}
