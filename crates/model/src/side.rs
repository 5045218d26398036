//! The two sides of a line, bands on one of them, and crossings from one to the other.
//!
//! Left and right are those of somebody who follows the line as it is drawn. Beyond its ends the
//! line is thought to go on straight. Invariant: a side is certain only where every place within
//! the error lies on it, and the line itself belongs to both.

use crate::{
    geometry::{
        Point, edges, path_to_paths_m, paths_distance_m, segment_distance_m, segments_cross, within,
    },
    tri::Tri,
};

/// One side of a line, seen along its drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Hand {
    Left,
    Right,
}

impl Hand {
    /// The other one.
    pub fn other(self) -> Hand {
        match self {
            Hand::Left => Hand::Right,
            Hand::Right => Hand::Left,
        }
    }
    /// The hand of a turn, which is positive to the left; none for straight ahead.
    fn of(turn: f64) -> Option<Hand> {
        if turn > 0.0 { Some(Hand::Left) } else { (turn < 0.0).then_some(Hand::Right) }
    }
}

/// How far beyond its ends a line is thought to go on, in degrees.
const BEYOND_DEGREES: f64 = 3.0;

/// Positive where `r` lies to the left of `pq`.
fn turn(p: Point, q: Point, r: Point) -> f64 {
    (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon)
}

/// The side on which a point lies of the nearest of the paths; none on the line, on what is
/// thought to go on beyond its ends, and where there is no line.
pub fn side_of(p: Point, paths: &[Vec<Point>]) -> Option<Hand> {
    let far = |path: &&Vec<Point>| paths_distance_m(p, std::slice::from_ref(*path));
    let path = paths.iter().min_by(|a, b| far(a).total_cmp(&far(b)))?;
    let lines: Vec<(Point, Point)> = edges(path).filter(|(a, b)| a != b).collect();
    let near = |(a, b): &(Point, Point)| segment_distance_m(p, *a, *b);
    let nearest = lines.iter().map(near).fold(f64::INFINITY, f64::min);
    let at = lines.iter().position(|line| near(line) <= nearest)?;
    let (a, b) = *lines.get(at)?;
    // At a bend the outer side of it is nearer to the corner than to either line.
    let part = part_along(p, a, b);
    let before = at.checked_sub(1).and_then(|before| lines.get(before)).filter(|_| part <= 0.0);
    let after = lines.get(at + 1).filter(|_| part >= 1.0);
    let bend = match (before, after) {
        (Some((from, _)), _) => Hand::of(turn(*from, a, b)),
        (_, Some((_, to))) => Hand::of(turn(a, b, *to)),
        _ => None,
    };
    bend.map(Hand::other).or(Hand::of(turn(a, b, p)))
}

/// Where the foot of a point stands on the straight line through `ab`: 0 at `a`, 1 at `b`.
fn part_along(p: Point, a: Point, b: Point) -> f64 {
    let squeeze = p.lat.to_radians().cos();
    let (bx, by) = ((b.lon - a.lon) * squeeze, b.lat - a.lat);
    let (px, py) = ((p.lon - a.lon) * squeeze, p.lat - a.lat);
    (px * bx + py * by) / (bx * bx + by * by)
}

/// Distance in metres to the line and to what is thought to go on beyond its ends.
fn divide_m(p: Point, paths: &[Vec<Point>]) -> f64 {
    let ray = |from: Option<&Point>, end: Option<&Point>| {
        let (Some(from), Some(end)) = (from, end) else { return f64::INFINITY };
        let (x, y) = (end.lon - from.lon, end.lat - from.lat);
        let length = x.hypot(y);
        if length == 0.0 {
            return f64::INFINITY;
        }
        let part = BEYOND_DEGREES / length;
        let to = Point { lon: end.lon + x * part, lat: (end.lat + y * part).clamp(-90.0, 90.0) };
        segment_distance_m(p, *end, to)
    };
    let rays = paths.iter().map(|path| {
        let last = path.len().checked_sub(2).and_then(|at| path.get(at));
        ray(path.get(1), path.first()).min(ray(last, path.last()))
    });
    rays.fold(paths_distance_m(p, paths), f64::min)
}

/// Whether the unknown point within `error_m` of `p` lies on this side.
pub fn on_side(p: Point, error_m: f64, paths: &[Vec<Point>], side: Hand) -> Tri {
    let found = side_of(p, paths);
    if error_m > 0.0 && divide_m(p, paths) <= error_m {
        return Tri::Unknown;
    }
    Tri::from(found.is_none_or(|found| found == side))
}

/// Whether the unknown point within `error_m` of `p` lies in a band on one side of the paths.
pub fn in_band(p: Point, error_m: f64, paths: &[Vec<Point>], width_m: f64, side: Hand) -> Tri {
    let near = within(paths_distance_m(p, paths), error_m, width_m);
    if near.is_no() { near } else { near.and(on_side(p, error_m, paths, side)) }
}

/// Whether any part of a path lies in a band on one side of the paths.
pub fn path_in_band(
    path: &[Point],
    error_m: f64,
    paths: &[Vec<Point>],
    width_m: f64,
    side: Hand,
) -> Tri {
    let gap = path_to_paths_m(path, paths);
    let near = within(gap, error_m, width_m);
    let vertices =
        path.iter().fold(Tri::No, |any, &p| any.or(in_band(p, error_m, paths, width_m, side)));
    if near.is_no() || vertices.is_yes() {
        return near.and(vertices);
    }
    // The line belongs to both sides.
    if gap <= 0.0 && error_m <= 0.0 {
        return Tri::Yes;
    }
    let across = path.iter().all(|&p| on_side(p, error_m, paths, side).is_no());
    if across && gap > error_m { Tri::No } else { Tri::Unknown }
}

/// Whether a path crosses the line; where a side is named, into that side.
pub fn crosses(path: &[Point], error_m: f64, paths: &[Vec<Point>], into: Option<Hand>) -> Tri {
    if path_to_paths_m(path, paths) > error_m {
        return Tri::No;
    }
    let mut sure = Vec::new();
    let mut vague = error_m > 0.0;
    for (u, v) in edges(path) {
        for (c, d) in paths.iter().flat_map(|line| edges(line)) {
            if !segments_cross(u, v, c, d) {
                continue;
            }
            let proper = [turn(u, v, c), turn(u, v, d), turn(c, d, u), turn(c, d, v)];
            if proper.contains(&0.0) {
                vague = true;
                continue;
            }
            let clear = |end: Point| error_m <= 0.0 || segment_distance_m(end, u, v) > error_m;
            let left = |end: Point| error_m <= 0.0 || divide_m(end, paths) > error_m;
            match Hand::of(turn(c, d, v)) {
                Some(hand) if clear(c) && clear(d) && left(u) && left(v) => sure.push(hand),
                _ => vague = true,
            }
        }
    }
    let fits = |hand: &Hand| into.is_none_or(|into| into == *hand);
    if sure.iter().any(fits) {
        return Tri::Yes;
    }
    // A path that only touches the line may have crossed it.
    let touched = sure.is_empty() && path.iter().any(|&p| paths_distance_m(p, paths) == 0.0);
    if vague || touched { Tri::Unknown } else { Tri::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(lon: f64, lat: f64) -> Point {
        Point::new(lon, lat).unwrap()
    }
    /// Northwards, then east: a bend to the right.
    fn line() -> Vec<Vec<Point>> {
        vec![vec![p(10.0, 47.0), p(10.0, 48.0), p(11.0, 48.0)]]
    }

    #[test]
    fn west_of_a_line_that_goes_north_is_left() {
        assert_eq!(side_of(p(9.9, 47.5), &line()), Some(Hand::Left));
        assert_eq!(side_of(p(10.1, 47.5), &line()), Some(Hand::Right));
        assert_eq!(side_of(p(10.0, 47.5), &line()), None);
    }

    #[test]
    fn the_outer_side_of_a_bend_is_one_side() {
        for (lon, lat) in [(9.9, 48.1), (9.99, 48.2), (9.8, 48.01), (10.2, 48.1)] {
            assert_eq!(side_of(p(lon, lat), &line()), Some(Hand::Left), "{lon} {lat}");
        }
        assert_eq!(side_of(p(10.1, 47.9), &line()), Some(Hand::Right));
    }

    #[test]
    fn a_side_is_certain_only_beyond_the_error() {
        let at = |lon: f64, error: f64| on_side(p(lon, 47.5), error, &line(), Hand::Right);
        assert_eq!(at(10.02, 1_000.0), Tri::Yes);
        assert_eq!(at(10.01, 1_000.0), Tri::Unknown);
        assert_eq!(at(9.98, 1_000.0), Tri::No);
        assert_eq!(at(10.0, 0.0), Tri::Yes);
        // South of its begin the line goes on.
        assert_eq!(on_side(p(10.001, 46.5), 1_000.0, &line(), Hand::Right), Tri::Unknown);
        assert_eq!(on_side(p(10.1, 46.5), 1_000.0, &line(), Hand::Right), Tri::Yes);
    }

    #[test]
    fn a_band_on_one_side_ends_at_its_width() {
        let at = |lon: f64| in_band(p(lon, 47.5), 0.0, &line(), 2_000.0, Hand::Right);
        assert_eq!(at(10.02), Tri::Yes);
        assert_eq!(at(10.03), Tri::No);
        assert_eq!(at(9.98), Tri::No);
    }

    #[test]
    fn a_crossing_has_a_direction() {
        let east = [p(9.9, 47.5), p(10.1, 47.5)];
        assert_eq!(crosses(&east, 0.0, &line(), None), Tri::Yes);
        assert_eq!(crosses(&east, 0.0, &line(), Some(Hand::Right)), Tri::Yes);
        assert_eq!(crosses(&east, 0.0, &line(), Some(Hand::Left)), Tri::No);
        let beside = [p(9.9, 47.5), p(9.99, 47.5)];
        assert_eq!(crosses(&beside, 0.0, &line(), None), Tri::No);
        assert_eq!(crosses(&beside, 1_000.0, &line(), None), Tri::Unknown);
        let onto = [p(9.9, 47.5), p(10.0, 47.5)];
        assert_eq!(crosses(&onto, 0.0, &line(), None), Tri::Unknown);
        let there_and_back = [p(9.9, 47.5), p(10.1, 47.5), p(9.9, 47.6)];
        assert_eq!(crosses(&there_and_back, 0.0, &line(), Some(Hand::Left)), Tri::Yes);
    }
}
