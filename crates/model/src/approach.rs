//! Two things that move at the same time, each evenly along a straight line: how near they come.
//!
//! Invariant: never less than the distance of the two lines, but for the rounding of distances.

use crate::geometry::{Point, distance_m};

/// Where something is that goes evenly from one point to another, after this part of the way.
pub fn along(from: Point, to: Point, part: f64) -> Point {
    let between = |a: f64, b: f64| a + part * (b - a);
    Point { lon: between(from.lon, to.lon), lat: between(from.lat, to.lat) }
}

/// The least distance in metres of two things that go from their first to their second point in
/// the same time; the moment is found on a plane.
pub fn closest_m(one: (Point, Point), other: (Point, Point)) -> f64 {
    let lats = [one.0.lat, one.1.lat, other.0.lat, other.1.lat];
    let squeeze = (lats.iter().sum::<f64>() / 4.0).to_radians().cos();
    let offset = |a: Point, b: Point| ((a.lon - b.lon) * squeeze, a.lat - b.lat);
    let (x, y) = offset(one.0, other.0);
    let (end_x, end_y) = offset(one.1, other.1);
    let (vx, vy) = (end_x - x, end_y - y);
    let square = vx * vx + vy * vy;
    let part = if square > 0.0 { (-(x * vx + y * vy) / square).clamp(0.0, 1.0) } else { 0.0 };
    distance_m(along(one.0, one.1, part), along(other.0, other.1, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lon: f64, lat: f64) -> Point {
        Point { lon, lat }
    }

    #[test]
    fn ships_whose_tracks_cross_at_different_times_stay_apart() {
        let one = (point(10.0, 47.0), point(10.1, 47.0));
        let behind = (point(10.0, 46.9), point(10.0, 47.1));
        assert!(closest_m(one, behind) > 3000.0);
        let meeting = (point(10.1, 47.0), point(10.0, 47.0));
        assert!(closest_m(one, meeting) < 1.0);
    }

    #[test]
    fn what_goes_side_by_side_keeps_its_distance() {
        let one = (point(10.0, 47.0), point(10.1, 47.0));
        let beside = (point(10.0, 47.01), point(10.1, 47.01));
        assert!((closest_m(one, beside) - distance_m(one.0, beside.0)).abs() < 1.0);
    }
}
