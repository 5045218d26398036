//! One position as a format tells it, and the record that it becomes.
//!
//! Invariant: two equal sightings become records with the same id.

use super::{doubt::Doubt, plan::TrackPlan};
use crate::{
    geometry,
    names::{Names, fault_of_name},
    native::write_record,
    reject::Fault,
};
use casus_model::{
    Grade, Instant, Name, Object, Occurred, Place, Quantity, Range, Record, Source, Standing,
    geometry::Shape,
};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Where one thing was.
#[derive(Debug)]
pub(crate) struct Sighting {
    /// Which thing.
    pub item: String,
    pub lon: f64,
    pub lat: f64,
    pub error_m: f64,
    pub altitude_m: Option<(f64, f64)>,
    /// With its unit.
    pub speed: Option<(Decimal, &'static str)>,
    /// In degrees.
    pub course: Option<Decimal>,
    pub time: Occurred,
    /// When it was received; without it, the end of the time.
    pub known: Option<Instant>,
    pub receiver: Option<String>,
    /// What the thing is called.
    pub name: Option<String>,
    /// What it says itself against itself.
    pub doubt: Option<Doubt>,
}

/// What one row of positions becomes.
pub(crate) enum Heard {
    Position(Box<Sighting>),
    /// No position of a kind that is read here: what, and which.
    Other(&'static str, String),
}

/// A row about which all is known.
pub(crate) struct Settled {
    pub row: u64,
    pub line: Option<u64>,
    pub heard: Result<Heard, Fault>,
}

impl Sighting {
    /// The record, what is doubted of it already, and the digest of its content.
    pub fn record(
        self,
        plan: &TrackPlan,
        file: &str,
        names: &mut Names,
    ) -> Result<(Record, BTreeSet<Doubt>, [u8; 16]), Fault> {
        let point = geometry::point(self.lon, self.lat)
            .map_err(|reason| Fault::new("position", reason, &self.item))?;
        let mut quantities = Vec::new();
        let mut add = |measure: &str, amount: Decimal, unit: &str| {
            let (range, unit) = (Range::exactly(amount), names.shared(unit));
            quantities.push((names.shared(measure), Quantity { range, unit }));
        };
        if let Some((speed, unit)) = self.speed {
            add("speed", speed, unit);
        }
        if let Some(course) = self.course {
            add("course", course, "");
        }
        let receiver = self.receiver.as_ref().or(plan.source.as_ref());
        let teller = receiver.map_or_else(|| file_name(file), String::as_str);
        let mut name = |field: &str, text: &str| match fault_of_name(text) {
            Some(reason) => Err(Fault::new(field, reason, text)),
            None => Ok(names.shared(text)),
        };
        let (kind, item) = (name("kind", &plan.kind)?, name("item", &self.item)?);
        // The thing tells it; whoever hears it repeats it.
        let source = Source { name: name("source", teller)?, origin: Some(item.clone()) };
        let place = Place {
            role: name("role", "")?,
            shape: Shape::Point(point),
            error_m: self.error_m,
            altitude_m: self.altitude_m,
        };
        let mut record = Record {
            id: Name::from(""),
            version: 1,
            standing: Standing::Asserted,
            incident: None,
            act: name("act", &plan.act)?,
            actor: None,
            object: Some(Object { kind, item: Some(item), measures: Vec::new() }),
            recipient: None,
            about: Vec::new(),
            places: vec![place],
            time: self.time,
            known: self.known.unwrap_or(self.time.end.1),
            quantities,
            source,
            grade: Grade::UNGRADED,
            text: self.name.map(Name::from),
        };
        let whole: [u8; 32] = Sha256::digest(write_record(&record)).into();
        let mut key = [0; 16];
        key.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
        let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        record.id = Name::from(format!("{}-{digits}", plan.name));
        Ok((record, self.doubt.into_iter().collect(), key))
    }
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    if name.is_empty() { "file" } else { name }
}
