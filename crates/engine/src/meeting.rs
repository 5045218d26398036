//! How near two reports come to each other where at least one is of something that moves.
//!
//! Invariant: a distance is told only where both surely are at one time; what their clocks leave
//! open is told with it.

use crate::report::Report;
use casus_model::{
    Instant, Place, Tri,
    approach::{along, closest_m},
    geometry::{Point, Shape, distance_m, within},
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
    /// The least distance in metres while both are, and what their clocks leave open of it.
    Closest(f64, f64),
    /// It is not known whether, or where, they are at the same time.
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
    let surely = a.start.1.max(b.start.1) <= a.end.0.min(b.end.0);
    let ways = way(one).zip(way(other)).filter(|_| surely);
    let Some((mine, theirs)) = ways else { return Meeting::Unclear };
    let (from, to) = (mine.from.max(theirs.from), mine.to.min(theirs.to));
    let part = |way: &Way| (way.at(from), way.at(to));
    // Each is so far off its place at a time, and the time that they share may be so much longer.
    let open_ms = mine.doubt_ms.max(theirs.doubt_ms) as f64;
    let open_m = 2.0 * open_ms * (mine.speed + theirs.speed);
    Meeting::Closest(closest_m(part(&mine), part(&theirs)), open_m)
}

/// An even movement from one point to another, or a stay at one, in milliseconds.
struct Way {
    from: i64,
    to: i64,
    /// How far its begin or its end may be off.
    doubt_ms: i64,
    /// At most so many metres a millisecond.
    speed: f64,
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

/// The way of a report that is at one place at a time.
fn way((report, place): (&Report, &Place)) -> Option<Way> {
    let points = match (&report.leg, &place.shape) {
        (Some(leg), _) => leg.way,
        (None, Shape::Point(point)) => (*point, *point),
        _ => return None,
    };
    let time = report.record().time;
    let middle = |(early, late): (Instant, Instant)| {
        let wide = late.0 - early.0;
        (early.0 + wide / 2, wide - wide / 2)
    };
    let ((from, begin), (to, end)) = (middle(time.start), middle(time.end));
    let shortest = time.end.0.0 - time.start.1.0;
    let speed = match points.0 == points.1 {
        true => 0.0,
        false if shortest > 0 => distance_m(points.0, points.1) / shortest as f64,
        false => return None,
    };
    Some(Way { from, to, doubt_ms: begin.max(end), speed, points })
}
