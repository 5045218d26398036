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

/// A record, and why it is doubtful, if it is.
pub(crate) type Judged = (Box<Record>, BTreeSet<Doubt>);

/// Holds the last position of each thing until the next one is known.
pub(crate) struct Tracker {
    held: HashMap<Name, Held>,
    most_held: u64,
    most_m_s: f64,
    jump_m: f64,
    settle_ms: i64,
    clock_ms: i64,
    order: u64,
}

struct Held {
    order: u64,
    record: Box<Record>,
    doubts: BTreeSet<Doubt>,
    /// From when and until when reports are near a fault.
    unsettled: Option<(Instant, Instant)>,
}

impl Tracker {
    pub fn new(mover: Mover, limits: &Limits) -> Tracker {
        let most_kn = match mover {
            Mover::Ship => limits.ship_kn,
            Mover::Aircraft => limits.aircraft_kn,
        };
        Tracker {
            held: HashMap::new(),
            most_held: limits.tracked,
            most_m_s: most_kn as f64 * MILE_M / 3_600.0,
            jump_m: limits.jump_km as f64 * 1_000.0,
            settle_ms: seconds(limits.settle_s),
            clock_ms: seconds(limits.clock_s),
            order: 0,
        }
    }

    /// Takes a record, and gives those about which all is known now.
    pub fn take(&mut self, record: Box<Record>, mut doubts: BTreeSet<Doubt>) -> Vec<Judged> {
        let item = record.object.as_ref().and_then(|object| object.item.clone());
        if record.time.start.0 > record.known.plus_ms(self.clock_ms) {
            doubts.insert(Doubt::AfterKnown);
        }
        let (Some(item), Some(_)) = (item, point(&record)) else {
            return vec![judged(record, doubts)];
        };
        let mut done = Vec::new();
        let last = self.held.remove(&item);
        if last.is_none() && self.held.len() as u64 >= self.most_held {
            done = self.rest();
        }
        let mut unsettled = last.as_ref().and_then(|last| last.unsettled);
        let meets = |(from, until)| record.time.start.0 <= until && record.time.end.1 >= from;
        if unsettled.is_some_and(meets) {
            doubts.insert(Doubt::Near);
        } else {
            unsettled = None;
        }
        if let Some(mut last) = last {
            if let Some(doubt) = self.between(&last.record, &record) {
                last.doubts.insert(doubt);
                doubts.insert(doubt);
                let earliest = last.record.time.start.0.min(record.time.start.0);
                let latest = last.record.time.end.1.max(record.time.end.1);
                let (before, after) = (-self.settle_ms, self.settle_ms);
                unsettled = Some((earliest.plus_ms(before), latest.plus_ms(after)));
            }
            done.push(judged(last.record, last.doubts));
        }
        self.order += 1;
        self.held.insert(item, Held { order: self.order, record, doubts, unsettled });
        done
    }

    /// All that is still held, in the order in which it came.
    pub fn rest(&mut self) -> Vec<Judged> {
        let mut all: Vec<Held> = self.held.drain().map(|(_, held)| held).collect();
        all.sort_by_key(|held| held.order);
        all.into_iter().map(|held| judged(held.record, held.doubts)).collect()
    }

    /// What is impossible between two reports, if anything. Errors of place and bounds of time
    /// speak for the thing. The order of rows is no clock: only where the report that became
    /// known later tells of an earlier time, a clock is wrong.
    fn between(&self, last: &Record, next: &Record) -> Option<Doubt> {
        if next.time.end.1 < last.time.start.0 && next.known >= last.known {
            return Some(Doubt::ClockBack);
        }
        let ((from, from_error_m), (to, to_error_m)) = (point(last)?, point(next)?);
        let far_m = distance_m(from, to) - from_error_m - to_error_m;
        let forth_ms = next.time.end.1.0.saturating_sub(last.time.start.0.0);
        let back_ms = last.time.end.1.0.saturating_sub(next.time.start.0.0);
        let long_s = forth_ms.max(back_ms) as f64 / 1_000.0;
        if far_m <= self.most_m_s * long_s {
            return None;
        }
        Some(match () {
            () if next.time.start.0 <= last.time.end.1 && last.time.start.0 <= next.time.end.1 => {
                Doubt::TwoPlaces
            }
            () if far_m > self.jump_m => Doubt::Jump,
            () => Doubt::Speed,
        })
    }
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(SECOND_MS)
}

/// The one point of a position, and how far the truth may lie from it.
fn point(record: &Record) -> Option<(Point, f64)> {
    match record.places.as_slice() {
        [place] => match place.shape {
            Shape::Point(at) => Some((at, place.error_m)),
            _ => None,
        },
        _ => None,
    }
}

fn judged(mut record: Box<Record>, doubts: BTreeSet<Doubt>) -> Judged {
    let credibility = &mut record.grade.credibility;
    if !doubts.is_empty() && *credibility != Credibility::Improbable {
        *credibility = Credibility::Doubtful;
    }
    (record, doubts)
}
