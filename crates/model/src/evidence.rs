//! The evidence record: one report of one act, as one source told it.
//!
//! Invariant: a record is never changed. A correction is a record with the same id and a higher
//! version; a withdrawal is such a record whose standing is `Withdrawn`.

use crate::{
    geometry::Shape,
    grade::{Confidence, Grade},
    name::Name,
    quantity::Quantity,
    time::{Instant, Occurred},
};

/// One report of one act. What is not known is absent, never guessed.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Identifies the report; corrections keep it.
    pub id: Name,
    /// 1 for the first account, higher for each correction.
    pub version: u32,
    /// Whether the source stands by the report.
    pub standing: Standing,
    /// The incident that the report is about; none: an incident of its own, named by `id`.
    pub incident: Option<Name>,
    /// What was done: the name of a declared act, or of a procedural act.
    pub act: Name,
    /// Who did it, as far as anybody says.
    pub actor: Option<Attribution>,
    /// What it was done with, or what it is about (a weapon, a site, a step).
    pub object: Option<Object>,
    /// To whom it was done or addressed.
    pub recipient: Option<Name>,
    /// Incidents, records or findings that it answers or refers to.
    pub about: Vec<Name>,
    /// Where, by role; the role of a plain place is the empty name.
    pub places: Vec<Place>,
    /// When it happened.
    pub time: Occurred,
    /// When it became known to those who keep the record.
    pub known: Instant,
    /// Amounts by measure (`killed`, `number`, …).
    pub quantities: Vec<(Name, Quantity)>,
    /// Who tells it.
    pub source: Source,
    /// How good the source and the item are.
    pub grade: Grade,
    /// The report's own words.
    pub text: Option<Name>,
}

impl Record {
    /// The incident it belongs to.
    pub fn incident(&self) -> &Name {
        self.incident.as_ref().unwrap_or(&self.id)
    }
}

/// Whether the source stands by what it told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It does.
    Asserted,
    /// It took the report back.
    Withdrawn,
}

/// Who is said to have done it, and how sure that is (`UNKNOWN` where nobody judged it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// A declared actor.
    pub name: Name,
    /// How sure the attribution is, apart from whether the act happened.
    pub confidence: Confidence,
}

/// A thing: its category, which one it is, and what is measured of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// A declared category, site, step or label.
    pub kind: Name,
    /// Which one: a serial number, a hull, a lot, a site.
    pub item: Option<Name>,
    /// Its measures, as `calibre` 152 mm.
    pub measures: Vec<(Name, Quantity)>,
}

/// A place in one role.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// `origin`, `target`, `path` … as the act declares; empty for a plain place.
    pub role: Name,
    /// The shape on the ground.
    pub shape: Shape,
    /// How far the true place may lie from the shape, in metres.
    pub error_m: f64,
    /// Lowest and highest altitude above mean sea level in metres, where known.
    pub altitude_m: Option<(f64, f64)>,
}

/// Who tells it, and from whom they have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The outlet, sensor or observer.
    pub name: Name,
    /// The origin that it repeats, where known. Reports of one origin do not confirm each other.
    pub origin: Option<Name>,
}

impl Source {
    /// The root of the account: the origin, or the source itself.
    pub fn lineage(&self) -> &Name {
        self.origin.as_ref().unwrap_or(&self.name)
    }
}
