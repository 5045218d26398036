//! A record that is being put together.
//!
//! Invariant: what is not said stays absent, as in a real report.

use casus_model::{
    Attribution, Confidence, Grade, Instant, Name, Object, Occurred, Place, Quantity, Range,
    Record, Source, Standing,
    geometry::{Point, Shape},
    time::MINUTE_MS,
};
use rust_decimal::Decimal;

/// A record that is being put together.
#[derive(Clone, Debug)]
pub(super) struct Draft(Record);

impl Draft {
    /// An act at an exact time, known half an hour later, from an ungraded source without a name.
    pub fn new(id: impl Into<Name>, act: &str, at: Instant) -> Draft {
        Draft(Record {
            id: id.into(),
            version: 1,
            standing: Standing::Asserted,
            incident: None,
            act: act.into(),
            actor: None,
            object: None,
            recipient: None,
            about: Vec::new(),
            places: Vec::new(),
            time: Occurred::at(at),
            known: at.plus_ms(30 * MINUTE_MS),
            quantities: Vec::new(),
            source: Source { name: "Operations Room".into(), origin: None },
            grade: Grade::UNGRADED,
            text: None,
        })
    }

    /// What a party or an office says of its own act, on record: nobody doubts it.
    pub fn on_record(id: impl Into<Name>, act: &str, by: &str, at: Instant) -> Draft {
        Draft::new(id, act, at).by(by, Confidence::CONFIRMED).grade("A1").source("Depositary")
    }

    pub fn by(mut self, actor: &str, confidence: Confidence) -> Draft {
        self.0.actor = Some(Attribution { name: actor.into(), confidence });
        self
    }
    pub fn nobody(mut self) -> Draft {
        self.0.actor = None;
        self
    }
    pub fn of(mut self, kind: &str) -> Draft {
        let item = self.0.object.take().and_then(|object| object.item);
        self.0.object = Some(Object { kind: kind.into(), item, measures: Vec::new() });
        self
    }
    pub fn item(mut self, item: &str) -> Draft {
        if let Some(object) = &mut self.0.object {
            object.item = Some(item.into());
        }
        self
    }
    pub fn calibre_mm(mut self, calibre: i64) -> Draft {
        if let Some(object) = &mut self.0.object {
            object.measures.push(("calibre".into(), exactly(calibre, "mm")));
        }
        self
    }
    pub fn to(mut self, recipient: &str) -> Draft {
        self.0.recipient = Some(recipient.into());
        self
    }
    pub fn about(mut self, subject: &str) -> Draft {
        self.0.about.push(subject.into());
        self
    }
    pub fn incident(mut self, incident: &str) -> Draft {
        self.0.incident = Some(incident.into());
        self
    }
    /// A point with an error, in one role.
    pub fn at(mut self, role: &str, lon: f64, lat: f64, error_m: f64) -> Draft {
        if let Some(point) = Point::new(lon, lat) {
            let shape = Shape::Point(point);
            self.0.places.push(Place { role: role.into(), shape, error_m, altitude_m: None });
        }
        self
    }
    /// A named place.
    pub fn within(mut self, zone: &str) -> Draft {
        let shape = Shape::Named(zone.into());
        self.0.places.push(Place { role: "".into(), shape, error_m: 0.0, altitude_m: None });
        self
    }
    /// The altitude of the places so far, in metres.
    pub fn altitude_m(mut self, low: f64, high: f64) -> Draft {
        self.0.places.iter_mut().for_each(|place| place.altitude_m = Some((low, high)));
        self
    }
    /// Somewhere else after all.
    pub fn nowhere(mut self) -> Draft {
        self.0.places.clear();
        self
    }
    pub fn until(mut self, end: Instant) -> Draft {
        self.0.time = Occurred::lasting(self.0.time.start.0, end, 0);
        self.0.known = end.plus_ms(30 * MINUTE_MS);
        self
    }
    /// The time is known to so many minutes.
    pub fn give_or_take(mut self, minutes: i64) -> Draft {
        let middle = self.0.time.start.0;
        let by = |sign: i64| middle.plus_ms(sign * minutes * MINUTE_MS);
        self.0.time = Occurred::within(by(-1), by(1));
        self
    }
    pub fn known(mut self, known: Instant) -> Draft {
        self.0.known = known;
        self
    }
    pub fn counting(mut self, measure: &str, amount: i64, unit: &str) -> Draft {
        self.0.quantities.push((measure.into(), exactly(amount, unit)));
        self
    }
    pub fn between(mut self, measure: &str, low: i64, best: i64, high: i64) -> Draft {
        if let Some(range) = Range::new(low.into(), best.into(), high.into()) {
            self.0.quantities.push((measure.into(), Quantity { range, unit: "".into() }));
        }
        self
    }
    pub fn source(mut self, name: &str) -> Draft {
        self.0.source = Source { name: name.into(), origin: None };
        self
    }
    pub fn repeating(mut self, origin: &str) -> Draft {
        self.0.source.origin = Some(origin.into());
        self
    }
    pub fn grade(mut self, grade: &str) -> Draft {
        self.0.grade = Grade::parse(grade).unwrap_or(Grade::UNGRADED);
        self
    }
    pub fn text(mut self, text: &str) -> Draft {
        self.0.text = Some(text.into());
        self
    }
    /// A later account of the same report.
    pub fn corrected(&self, known: Instant) -> Draft {
        let mut next = self.clone();
        next.0.version += 1;
        next.0.known = known;
        next
    }
    /// The report taken back.
    pub fn withdrawn(&self, known: Instant) -> Draft {
        let mut next = self.corrected(known);
        next.0.standing = Standing::Withdrawn;
        next
    }
    /// Another report of the same content.
    pub fn again(record: Record, id: &str) -> Draft {
        Draft(Record { id: id.into(), ..record })
    }
    pub fn record(self) -> Record {
        self.0
    }
}

fn exactly(amount: i64, unit: &str) -> Quantity {
    Quantity { range: Range::exactly(Decimal::from(amount)), unit: unit.into() }
}
