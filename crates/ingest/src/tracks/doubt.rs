//! Whether one thing can have been where its reports say, one after another.
//!
//! Invariant: every record that goes in comes out once, at the latest when the source ends.

use crate::{Limits, profile::plan::Mover};
use casus_model::{
    Instant, Name, Record,
    geometry::{Point, Shape, distance_m},
    grade::Credibility,
    time::SECOND_MS,
};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

/// Metres in a nautical mile.
const MILE_M: f64 = 1_852.0;

/// Why a position is doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt {
    /// Reckoned, set by hand or old, by its own word.
    NotMeasured,
    /// It happened after it was known.
    AfterKnown,
    /// It became known after the report before it, and tells of an earlier time.
    ClockBack,
    /// It may have been at the same time as the report before it, too far from it.
    TwoPlaces,
    /// Faster than such a thing can be, and far.
    Jump,
    /// Faster than such a thing can be.
    Speed,
    /// Too soon after one of these.
    Near,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doubt::NotMeasured => "position not measured",
            Doubt::AfterKnown => "time after it was known",
            Doubt::ClockBack => "clock went back",
            Doubt::TwoPlaces => "two places at once",
            Doubt::Jump => "jump",
            Doubt::Speed => "impossible speed",
            Doubt::Near => "near such a fault",
        })
    }
}

/// Where and when a thing is said to have been.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sight {
    /// The earliest and the latest instant at which it was there.
    pub time: (Instant, Instant),
    pub known: Instant,
    pub point: Point,
    pub error_m: f64,
}

/// From when and until when reports are near a fault.
pub(crate) type Unsettled = Option<(Instant, Instant)>;

/// A record, and why it is doubtful, if it is.
pub(crate) type Judged = (Box<Record>, BTreeSet<Doubt>);

/// Holds the last position of each thing until the next one is known.
pub(crate) struct Tracker {
    held: HashMap<Name, Held>,
    bounds: Bounds,
    order: u64,
    /// Whether positions are given at once, so that only what came before doubts them.
    at_once: bool,
}

/// What things can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Of how many things the last position is held.
    pub most_held: u64,
    most_m_s: f64,
    jump_m: f64,
    settle_ms: i64,
    clock_ms: i64,
}

struct Held {
    order: u64,
    record: Box<Record>,
    doubts: BTreeSet<Doubt>,
    unsettled: Unsettled,
}

impl Bounds {
    pub fn new(mover: Mover, limits: &Limits) -> Bounds {
        let most_kn = match mover {
            Mover::Ship => limits.ship_kn,
            Mover::Aircraft => limits.aircraft_kn,
        };
        Bounds {
            most_held: limits.tracked,
            most_m_s: most_kn as f64 * MILE_M / 3_600.0,
            jump_m: limits.jump_km as f64 * 1_000.0,
            settle_ms: seconds(limits.settle_s),
            clock_ms: seconds(limits.clock_s),
        }
    }

    /// The most metres that a thing goes in this time.
    pub fn most_m(&self, ms: i64) -> f64 {
        self.most_m_s * (ms as f64 / 1_000.0)
    }

    /// Whether it happened after it was known.
    pub fn after_known(&self, start: Instant, known: Instant) -> bool {
        start > known.plus_ms(self.clock_ms)
    }

    /// What is to be doubted of a report after the last one of the same thing: of the one before
    /// it and of it, of it alone, and from when and until when reports are near a fault.
    pub fn after(
        &self,
        last: Option<(&Sight, Unsettled)>,
        next: &Sight,
    ) -> (Option<Doubt>, bool, Unsettled) {
        let Some((last, unsettled)) = last else { return (None, false, None) };
        let meets =
            |(from, until): &(Instant, Instant)| next.time.0 <= *until && next.time.1 >= *from;
        let near = unsettled.filter(meets);
        let fault = self.between(last, next);
        let unsettled = fault.map_or(near, |_| {
            let (earliest, latest) = (last.time.0.min(next.time.0), last.time.1.max(next.time.1));
            Some((earliest.plus_ms(-self.settle_ms), latest.plus_ms(self.settle_ms)))
        });
        (fault, near.is_some(), unsettled)
    }

    /// What is impossible between two reports, if anything. Errors of place and bounds of time
    /// speak for the thing. The order of rows is no clock: only where the report that became
    /// known later tells of an earlier time, a clock is wrong.
    fn between(&self, last: &Sight, next: &Sight) -> Option<Doubt> {
        if next.time.1 < last.time.0 && next.known >= last.known {
            return Some(Doubt::ClockBack);
        }
        let forth_ms = next.time.1.0.saturating_sub(last.time.0.0);
        let back_ms = last.time.1.0.saturating_sub(next.time.0.0);
        let most_m = self.most_m(forth_ms.max(back_ms));
        let errors_m = last.error_m + next.error_m;
        if at_most_m(last.point, next.point) - errors_m <= most_m {
            return None;
        }
        let far_m = distance_m(last.point, next.point) - errors_m;
        if far_m <= most_m {
            return None;
        }
        Some(match () {
            () if next.time.0 <= last.time.1 && last.time.0 <= next.time.1 => Doubt::TwoPlaces,
            () if far_m > self.jump_m => Doubt::Jump,
            () => Doubt::Speed,
        })
    }
}

/// More metres than lie between two points: no degree has more than these, and the way along a
/// parallel and a meridian is no shorter than the straight one.
fn at_most_m(a: Point, b: Point) -> f64 {
    const MOST_DEGREE_M: f64 = 111_700.0;
    ((a.lon - b.lon).abs() + (a.lat - b.lat).abs()) * MOST_DEGREE_M
}

impl Tracker {
    pub fn new(mover: Mover, limits: &Limits, at_once: bool) -> Tracker {
        Tracker { held: HashMap::new(), bounds: Bounds::new(mover, limits), order: 0, at_once }
    }

    /// What things can do.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether the last position of this thing is held here.
    pub fn holds(&self, item: &str) -> bool {
        !self.held.is_empty() && self.held.contains_key(item)
    }

    /// Takes the last position of a thing over from elsewhere.
    pub fn take_over(&mut self, item: Name, judged: Judged, unsettled: Unsettled) {
        let (record, doubts) = judged;
        self.order += 1;
        self.held.insert(item, Held { order: self.order, record, doubts, unsettled });
    }

    /// Takes a record, and gives those about which all is known now.
    pub fn take(&mut self, record: Box<Record>, mut doubts: BTreeSet<Doubt>) -> Vec<Judged> {
        let item = record.object.as_ref().and_then(|object| object.item.clone());
        if self.bounds.after_known(record.time.start.0, record.known) {
            doubts.insert(Doubt::AfterKnown);
        }
        let (Some(item), Some(next)) = (item, sight(&record)) else {
            return vec![judged(record, doubts)];
        };
        let mut done = Vec::new();
        let last = self.held.remove(&item);
        if last.is_none() && self.held.len() as u64 >= self.bounds.most_held {
            done = self.rest();
        }
        let before = last.as_ref().and_then(|last| Some((sight(&last.record)?, last.unsettled)));
        let before = before.as_ref().map(|(sight, unsettled)| (sight, *unsettled));
        let (fault, near, unsettled) = self.bounds.after(before, &next);
        doubts.extend(near.then_some(Doubt::Near));
        doubts.extend(fault);
        if self.at_once {
            done.push(judged(record.clone(), doubts.clone()));
        } else if let Some(mut last) = last {
            last.doubts.extend(fault);
            done.push(judged(last.record, last.doubts));
        }
        self.order += 1;
        self.held.insert(item, Held { order: self.order, record, doubts, unsettled });
        done
    }

    /// All that is still held and was not given, in the order in which it came.
    pub fn rest(&mut self) -> Vec<Judged> {
        let mut all: Vec<Held> = self.held.drain().map(|(_, held)| held).collect();
        all.retain(|_| !self.at_once);
        all.sort_by_key(|held| held.order);
        all.into_iter().map(|held| judged(held.record, held.doubts)).collect()
    }
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(SECOND_MS)
}

/// Where and when a position is, if it is one point.
fn sight(record: &Record) -> Option<Sight> {
    match record.places.as_slice() {
        [place] => match place.shape {
            Shape::Point(point) => Some(Sight {
                time: (record.time.start.0, record.time.end.1),
                known: record.known,
                point,
                error_m: place.error_m,
            }),
            _ => None,
        },
        _ => None,
    }
}

fn judged(mut record: Box<Record>, doubts: BTreeSet<Doubt>) -> Judged {
    if !doubts.is_empty() {
        lower(&mut record);
    }
    (record, doubts)
}

/// Makes a record doubtful, if it is not worse than that.
pub(crate) fn lower(record: &mut Record) {
    let credibility = &mut record.grade.credibility;
    if *credibility != Credibility::Improbable {
        *credibility = Credibility::Doubtful;
    }
}
