//! Whether a ring of positions is the edge of an area.
//!
//! Invariant: a ring that is accepted has at least three different points, an area, no edge that
//! crosses another and none over the antimeridian; it does not repeat its first point.

use casus_model::geometry::{Point, Ring};

/// How many pairs of edges of one ring are compared before it is refused.
const COMPARED: usize = 60_000_000;

/// What is wrong with a ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    /// Fewer than four positions, the last of them the first again.
    Short(usize),
    /// All its points lie on one line.
    Flat,
    /// Two edges cross; near this point.
    Crosses(Point),
    /// An edge spans more than half of the globe.
    Antimeridian(Point),
    /// Too many edges lie side by side to compare them all.
    Intricate,
}

/// A ring made of positions, and whether its end had to be joined to its beginning.
pub(crate) fn ring(mut points: Vec<Point>) -> Result<(Ring, bool), Fault> {
    let given = points.len();
    let open = points.first() != points.last();
    if !open {
        points.pop();
    }
    points.dedup();
    if given < 4 && !(open && points.len() == 3) || points.len() < 3 {
        return Err(Fault::Short(given));
    }
    if let Some(at) = long_edge(&points, true) {
        return Err(Fault::Antimeridian(at));
    }
    if area(&points) == 0.0 {
        return crossing(&points).map_or(Err(Fault::Flat), Err);
    }
    match crossing(&points) {
        Some(fault) => Err(fault),
        None => Ok((points, open)),
    }
}

/// The beginning of an edge that spans more than half of the globe.
pub(crate) fn long_edge(points: &[Point], closed: bool) -> Option<Point> {
    let next = points.iter().skip(1).chain(points.first().filter(|_| closed));
    let mut edges = points.iter().zip(next);
    edges.find(|(a, b)| (a.lon - b.lon).abs() > 180.0).map(|(a, _)| *a)
}

/// Twice the area in square degrees, without its sign.
fn area(points: &[Point]) -> f64 {
    let next = points.iter().skip(1).chain(points.first());
    let turns = points.iter().zip(next).map(|(a, b)| a.lon * b.lat - b.lon * a.lat);
    let sum: f64 = turns.sum();
    if sum.abs() < 1e-14 { 0.0 } else { sum.abs() }
}

/// One edge, with its extent along the axis of the sweep and across it.
struct Edge {
    a: Point,
    b: Point,
    along: (f64, f64),
    across: (f64, f64),
}

/// The first pair of edges that cross, found by a sweep along the longer axis.
fn crossing(points: &[Point]) -> Option<Fault> {
    let extent = |of: fn(&Point) -> f64| {
        let low = points.iter().map(of).fold(f64::INFINITY, f64::min);
        points.iter().map(of).fold(f64::NEG_INFINITY, f64::max) - low
    };
    let wide = extent(|p| p.lon) >= extent(|p| p.lat);
    let mut edges: Vec<Edge> = Vec::with_capacity(points.len());
    for (a, b) in points.iter().zip(points.iter().skip(1).chain(points.first())) {
        let lon = (a.lon.min(b.lon), a.lon.max(b.lon));
        let lat = (a.lat.min(b.lat), a.lat.max(b.lat));
        let (along, across) = if wide { (lon, lat) } else { (lat, lon) };
        edges.push(Edge { a: *a, b: *b, along, across });
    }
    edges.sort_by(|one, two| one.along.0.total_cmp(&two.along.0));
    let mut active: Vec<&Edge> = Vec::new();
    let mut compared = 0_usize;
    for edge in &edges {
        active.retain(|other| other.along.1 >= edge.along.0);
        compared = compared.saturating_add(active.len());
        if compared > COMPARED {
            return Some(Fault::Intricate);
        }
        let near =
            |other: &&&Edge| other.across.0 <= edge.across.1 && other.across.1 >= edge.across.0;
        if active.iter().filter(near).any(|other| cross(edge, other)) {
            return Some(Fault::Crosses(edge.a));
        }
        active.push(edge);
    }
    None
}

/// Whether two edges cross, each ending on both sides of the other; to touch is not to cross.
fn cross(one: &Edge, two: &Edge) -> bool {
    let turn = |p: Point, q: Point, r: Point| {
        (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon)
    };
    let (t1, t2) = (turn(one.a, one.b, two.a), turn(one.a, one.b, two.b));
    let (t3, t4) = (turn(two.a, two.b, one.a), turn(two.a, two.b, one.b));
    t1 * t2 < 0.0 && t3 * t4 < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(list: &[(f64, f64)]) -> Vec<Point> {
        list.iter().map(|&(lon, lat)| Point { lon, lat }).collect()
    }

    #[test]
    fn a_square_is_an_area_however_it_is_wound() {
        let mut square = points(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]);
        assert_eq!(ring(square.clone()).map(|(r, open)| (r.len(), open)), Ok((4, false)));
        square.reverse();
        assert_eq!(ring(square.clone()).map(|(r, open)| (r.len(), open)), Ok((4, false)));
        square.pop();
        assert_eq!(ring(square).map(|(r, open)| (r.len(), open)), Ok((4, true)));
    }

    #[test]
    fn what_is_no_area_is_refused() {
        let bow = points(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]);
        assert!(matches!(ring(bow), Err(Fault::Crosses(_))));
        let flat = points(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 0.0)]);
        assert_eq!(ring(flat), Err(Fault::Flat));
        let short = points(&[(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)]);
        assert_eq!(ring(short), Err(Fault::Short(3)));
        let date = points(&[(179.0, 0.0), (-179.0, 0.0), (-179.0, 1.0), (179.0, 0.0)]);
        assert!(matches!(ring(date), Err(Fault::Antimeridian(_))));
        assert_eq!(ring(Vec::new()), Err(Fault::Short(0)));
    }

    #[test]
    fn a_hundred_thousand_vertices_take_no_time() {
        let count = 100_000;
        let round = (0..count).map(|n| {
            let angle = f64::from(n) / f64::from(count) * std::f64::consts::TAU;
            let far = 5.0 + 0.01 * f64::from(n % 2);
            Point { lon: 30.0 + far * angle.cos(), lat: 50.0 + far * angle.sin() }
        });
        assert!(ring(round.collect()).is_ok());
    }
}
