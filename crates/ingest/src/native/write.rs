//! A record as one line of JSON.
//!
//! Invariant: the members come in a fixed order and what is absent is left out, so that equal
//! records give equal bytes.

use casus_model::{
    Attribution, Confidence, Instant, Name, Object, Occurred, Place, Quantity, Record, Source,
    Standing,
    geometry::{Point, Polygon, Shape},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// Writes one record as one line of JSON, without the line end.
pub fn write_record(record: &Record) -> String {
    // Writing maps with text keys to a string has no way to fail.
    serde_json::to_string(&Line(record)).unwrap_or_default()
}

struct Line<'a>(&'a Record);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let r = self.0;
        let withdrawn = r.standing == Standing::Withdrawn;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("id", &r.id)?;
        if r.version != 1 {
            map.serialize_entry("version", &r.version)?;
        }
        if withdrawn {
            map.serialize_entry("standing", "withdrawn")?;
        }
        some(&mut map, "incident", r.incident.as_ref())?;
        if !(withdrawn && r.act.is_empty()) {
            map.serialize_entry("act", &r.act)?;
        }
        some(&mut map, "actor", r.actor.as_ref().map(Actor))?;
        some(&mut map, "object", r.object.as_ref().map(Thing))?;
        some(&mut map, "recipient", r.recipient.as_ref())?;
        some(&mut map, "about", (!r.about.is_empty()).then_some(&r.about))?;
        let places: Vec<Spot<'_>> = r.places.iter().map(Spot).collect();
        some(&mut map, "places", (!places.is_empty()).then_some(places))?;
        if !(withdrawn && r.time == Occurred::within(Instant::MIN, Instant::MAX)) {
            map.serialize_entry("time", &When(r.time))?;
        }
        map.serialize_entry("known", &r.known)?;
        some(&mut map, "quantities", amounts(&r.quantities))?;
        if !(withdrawn && r.source.name.is_empty() && r.source.origin.is_none()) {
            map.serialize_entry("source", &Teller(&r.source))?;
        }
        map.serialize_entry("grade", &r.grade)?;
        some(&mut map, "text", r.text.as_ref())?;
        map.end()
    }
}

fn some<M: SerializeMap, T: Serialize>(
    map: &mut M,
    key: &str,
    value: Option<T>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, &value))
}

struct Actor<'a>(&'a Attribution);

impl Serialize for Actor<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.confidence == Confidence::UNKNOWN {
            return self.0.name.serialize(to);
        }
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("confidence", &self.0.confidence)?;
        map.end()
    }
}

struct Teller<'a>(&'a Source);

impl Serialize for Teller<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Some(origin) = &self.0.origin else { return self.0.name.serialize(to) };
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("origin", origin)?;
        map.end()
    }
}

struct Thing<'a>(&'a Object);

impl Serialize for Thing<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("kind", &self.0.kind)?;
        some(&mut map, "item", self.0.item.as_ref())?;
        some(&mut map, "measures", amounts(&self.0.measures))?;
        map.end()
    }
}

struct Spot<'a>(&'a Place);

impl Serialize for Spot<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let place = self.0;
        let mut map = to.serialize_map(None)?;
        some(&mut map, "role", (!place.role.is_empty()).then_some(&place.role))?;
        match &place.shape {
            Shape::Point(at) => map.serialize_entry("point", &pair(at))?,
            Shape::Line(path) => map.serialize_entry("line", &pairs(path))?,
            Shape::Area(all) => {
                map.serialize_entry("area", &all.iter().map(rings).collect::<Vec<_>>())?;
            }
            Shape::Named(name) => map.serialize_entry("named", name)?,
        }
        some(&mut map, "error_m", (place.error_m != 0.0).then_some(place.error_m))?;
        some(&mut map, "altitude_m", place.altitude_m)?;
        map.end()
    }
}

fn pair(at: &Point) -> [f64; 2] {
    [at.lon, at.lat]
}

fn pairs(path: &[Point]) -> Vec<[f64; 2]> {
    path.iter().map(pair).collect()
}

/// The rings of a polygon, closed.
fn rings(polygon: &Polygon) -> Vec<Vec<[f64; 2]>> {
    let closed = |ring: &Vec<Point>| ring.iter().chain(ring.first()).map(pair).collect();
    polygon.0.iter().map(closed).collect()
}

struct When(Occurred);

impl Serialize for When {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Occurred { start, end } = self.0;
        if start == end && start.0 == start.1 {
            return start.0.serialize(to);
        }
        let mut map = to.serialize_map(Some(2))?;
        if start == end {
            map.serialize_entry("from", &start.0)?;
            map.serialize_entry("to", &start.1)?;
        } else {
            map.serialize_entry("began", &start)?;
            map.serialize_entry("ended", &end)?;
        }
        map.end()
    }
}

struct Amounts<'a>(&'a [(Name, Quantity)]);

fn amounts(all: &[(Name, Quantity)]) -> Option<Amounts<'_>> {
    (!all.is_empty()).then_some(Amounts(all))
}

impl Serialize for Amounts<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(measure, quantity)| (measure, Amount(quantity))))
    }
}

struct Amount<'a>(&'a Quantity);

impl Serialize for Amount<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Quantity { range, unit } = self.0;
        let is_exact = range.low == range.best && range.best == range.high;
        if is_exact && unit.is_empty() {
            return Exact(range.best).serialize(to);
        }
        let mut map = to.serialize_map(None)?;
        if !is_exact {
            map.serialize_entry("low", &Exact(range.low))?;
        }
        map.serialize_entry("best", &Exact(range.best))?;
        if !is_exact {
            map.serialize_entry("high", &Exact(range.high))?;
        }
        some(&mut map, "unit", (!unit.is_empty()).then_some(unit))?;
        map.end()
    }
}

/// A number; as text where a JSON number would lose digits.
struct Exact(Decimal);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let number = self.0.normalize();
        if let Some(whole) = number.to_i64().filter(|whole| Decimal::from(*whole) == number) {
            return to.serialize_i64(whole);
        }
        let text = number.to_string();
        match text.parse::<f64>() {
            Ok(near) if near.to_string() == text => to.serialize_f64(near),
            _ => to.serialize_str(&text),
        }
    }
}
