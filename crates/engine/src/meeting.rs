//! How near two reports come to each other where at least one is of something that moves.
//!
//! Invariant: a distance is told only where both times are exact and both ways are known.

use crate::report::Report;
use casus_model::{
    Place, Tri,
    approach::{along, closest_m},
    geometry::{Point, Shape, within},
};

/// What is asked of a distance, in metres.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Apart {
    /// At most so much.
    Near(f64),
    /// At least so much.
    Far(f64),
}

impl Apart {
    /// Of a distance with its error.
    pub(crate) fn of(self, gap_m: f64, error_m: f64) -> Tri {
        match self {
            Apart::Near(metres) => within(gap_m, error_m, metres),
            Apart::Far(metres) => {
                Tri::from_bounds(gap_m - error_m >= metres, gap_m + error_m >= metres)
            }
        }
    }
}

/// How two reports meet.
pub(crate) enum Meeting {
    /// Nothing moves: what counts is where they are.
    Still,
    /// There is no time at which both are.
    Never,
    /// The least distance in metres while both are.
    Closest(f64),
    /// It is not known when or where they are at the same time.
    Unclear,
}

pub(crate) fn meeting(one: (&Report, &Place), other: (&Report, &Place)) -> Meeting {
    if one.0.leg.is_none() && other.0.leg.is_none() {
        return Meeting::Still;
    }
    let (a, b) = (one.0.record().time, other.0.record().time);
    if a.end.1 < b.start.0 || b.end.1 < a.start.0 {
        return Meeting::Never;
    }
    let (Some(mine), Some(theirs)) = (way(one), way(other)) else { return Meeting::Unclear };
    let (from, to) = (mine.from.max(theirs.from), mine.to.min(theirs.to));
    let part = |way: &Way| (way.at(from), way.at(to));
    Meeting::Closest(closest_m(part(&mine), part(&theirs)))
}

/// An even movement from one point to another, or a stay at one, in milliseconds.
struct Way {
    from: i64,
    to: i64,
    points: (Point, Point),
}

impl Way {
    fn at(&self, ms: i64) -> Point {
        if self.to == self.from {
            return self.points.0;
        }
        along(self.points.0, self.points.1, (ms - self.from) as f64 / (self.to - self.from) as f64)
    }
}

/// The way of a report, where its time is exact and it is at one place at a time.
fn way((report, place): (&Report, &Place)) -> Option<Way> {
    let time = report.record().time;
    if time.start.0 != time.start.1 || time.end.0 != time.end.1 {
        return None;
    }
    let points = match (&report.leg, &place.shape) {
        (Some(leg), _) => leg.way,
        (None, Shape::Point(point)) => (*point, *point),
        _ => return None,
    };
    let (from, to) = (time.start.0.0, time.end.0.0);
    (from < to || points.0 == points.1).then_some(Way { from, to, points })
}
