//! Points, shapes and regions on the WGS 84 ellipsoid, and whether a place lies in a region.
//!
//! Edges are straight in longitude and latitude (RFC 7946); distances are geodesic. A point
//! exactly on an edge is inside. Known hole: shapes that cross the antimeridian are not handled.
//!
//! Invariant: `Region::holds` answers yes or no only where every place within the error agrees.

use crate::{
    name::Name,
    seam::{edges_distance_m, outline},
    side::{Hand, in_band, path_in_band},
    tri::Tri,
};
use geographiclib_rs::{Geodesic, InverseGeodesic};
use std::sync::{Arc, LazyLock};

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// Longitude and latitude in degrees, both finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees east, -180 to 180.
    pub lon: f64,
    /// Degrees north, -90 to 90.
    pub lat: f64,
}

impl Point {
    /// A point; none unless both are finite and in range.
    pub fn new(lon: f64, lat: f64) -> Option<Point> {
        let good = lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0;
        good.then_some(Point { lon, lat })
    }
}

/// A closed ring; the first point is not repeated at the end.
pub type Ring = Vec<Point>;

/// One polygon: its outer ring first, then its holes.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Polygon(pub Vec<Ring>);

/// The shape that a record gives for a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One point.
    Point(Point),
    /// A path, all of which was travelled or crossed.
    Line(Arc<[Point]>),
    /// Somewhere in this area.
    Area(Arc<[Polygon]>),
    /// A place by its declared name.
    Named(Name),
}

/// A region of a declared zone.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// The area of the polygons.
    Polygons(Arc<[Polygon]>),
    /// All within so many metres of the paths.
    Within {
        /// The paths.
        of: Arc<[Vec<Point>]>,
        /// Metres.
        distance_m: f64,
    },
    /// All within so many metres of the paths on one side of them.
    Band {
        /// The paths.
        of: Arc<[Vec<Point>]>,
        /// Metres.
        width_m: f64,
        /// On which side.
        side: Hand,
    },
    /// In any of them.
    AnyOf(Vec<Region>),
    /// In the first and not in the second.
    Without(Box<Region>, Box<Region>),
}

/// Geodesic distance in metres.
pub fn distance_m(a: Point, b: Point) -> f64 {
    if a == b {
        return 0.0;
    }
    WGS84.inverse(a.lat, a.lon, b.lat, b.lon)
}

/// The closest point to `p` on the segment `ab`, found on a plane that touches at `p`.
fn closest_on_segment(p: Point, a: Point, b: Point) -> Point {
    let squeeze = p.lat.to_radians().cos();
    let (bx, by) = ((b.lon - a.lon) * squeeze, b.lat - a.lat);
    let (px, py) = ((p.lon - a.lon) * squeeze, p.lat - a.lat);
    let length = bx * bx + by * by;
    if length == 0.0 {
        return a;
    }
    let part = ((px * bx + py * by) / length).clamp(0.0, 1.0);
    Point { lon: a.lon + part * (b.lon - a.lon), lat: a.lat + part * (b.lat - a.lat) }
}

/// Distance in metres from a point to a segment.
pub fn segment_distance_m(p: Point, a: Point, b: Point) -> f64 {
    distance_m(p, closest_on_segment(p, a, b))
}

/// Distance in metres from a point to the nearest of the paths; infinite where there are none.
pub fn paths_distance_m(p: Point, paths: &[Vec<Point>]) -> f64 {
    let of_path = |path: &Vec<Point>| match path.as_slice() {
        [only] => distance_m(p, *only),
        path => edges(path).map(|(a, b)| segment_distance_m(p, a, b)).fold(f64::INFINITY, f64::min),
    };
    paths.iter().map(of_path).fold(f64::INFINITY, f64::min)
}

/// The edges of an open path.
pub fn edges(path: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    path.iter().copied().zip(path.iter().copied().skip(1))
}

/// The edges of a closed ring.
pub fn ring_edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    edges(ring).chain(ring.last().copied().zip(ring.first().copied()))
}

/// Where a point lies against one ring: on it, or inside by the even-odd rule.
pub fn ring_side(p: Point, ring: &[Point]) -> Side {
    let mut inside = false;
    for (a, b) in ring_edges(ring) {
        let cross = (b.lon - a.lon) * (p.lat - a.lat) - (b.lat - a.lat) * (p.lon - a.lon);
        let in_box = p.lon >= a.lon.min(b.lon)
            && p.lon <= a.lon.max(b.lon)
            && p.lat >= a.lat.min(b.lat)
            && p.lat <= a.lat.max(b.lat);
        if cross == 0.0 && in_box {
            return Side::On;
        }
        if (a.lat > p.lat) != (b.lat > p.lat) && ((cross > 0.0) == (b.lat > a.lat)) {
            inside = !inside;
        }
    }
    if inside { Side::In } else { Side::Out }
}

/// Against a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Side {
    In,
    On,
    Out,
}

impl Polygon {
    /// Whether the point is in the polygon; on an edge, of a hole too, is inside.
    pub fn contains(&self, p: Point) -> bool {
        let mut rings = self.0.iter();
        let outer = rings.next().map_or(Side::Out, |ring| ring_side(p, ring));
        match outer {
            Side::Out => false,
            Side::On => true,
            Side::In => rings.all(|hole| ring_side(p, hole) != Side::In),
        }
    }
    /// Distance in metres from a point to the polygon's edges.
    pub fn edge_distance_m(&self, p: Point) -> f64 {
        let of_edge = |(a, b)| segment_distance_m(p, a, b);
        self.0.iter().flat_map(|r| ring_edges(r)).map(of_edge).fold(f64::INFINITY, f64::min)
    }
}

/// Whether two segments share a point.
pub fn segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let turn = |p: Point, q: Point, r: Point| {
        (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon)
    };
    let on = |p: Point, q: Point, r: Point| {
        r.lon >= p.lon.min(q.lon)
            && r.lon <= p.lon.max(q.lon)
            && r.lat >= p.lat.min(q.lat)
            && r.lat <= p.lat.max(q.lat)
    };
    let (t1, t2, t3, t4) = (turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b));
    if ((t1 > 0.0) != (t2 > 0.0)) && ((t3 > 0.0) != (t4 > 0.0)) && t1 * t2 * t3 * t4 != 0.0 {
        return true;
    }
    (t1 == 0.0 && on(a, b, c))
        || (t2 == 0.0 && on(a, b, d))
        || (t3 == 0.0 && on(c, d, a))
        || (t4 == 0.0 && on(c, d, b))
}

/// A disk that contains all the points: the centre of their box and the farthest of them.
pub fn disk_around<'a>(points: impl Iterator<Item = &'a Point> + Clone) -> Option<(Point, f64)> {
    let mut bounds: Option<[f64; 4]> = None;
    for p in points.clone() {
        let [w, s, e, n] = bounds.unwrap_or([p.lon, p.lat, p.lon, p.lat]);
        bounds = Some([w.min(p.lon), s.min(p.lat), e.max(p.lon), n.max(p.lat)]);
    }
    let [w, s, e, n] = bounds?;
    let centre = Point::new(f64::midpoint(w, e), f64::midpoint(s, n))?;
    let radius = points.map(|&p| distance_m(centre, p)).fold(0.0, f64::max);
    Some((centre, radius))
}

impl Region {
    /// Whether a place of this shape, known to `error_m` metres, lies in the region.
    ///
    /// A path is in it where any part of it is; an area stands for one unknown place within it
    /// (judged by the disk around it, which can only make the answer less certain). A named
    /// place is unknown here: names are looked up before.
    pub fn holds(&self, shape: &Shape, error_m: f64) -> Tri {
        match shape {
            Shape::Point(p) => self.holds_disk(*p, error_m),
            Shape::Area(polygons) => {
                match disk_around(polygons.iter().filter_map(|one| one.0.first()).flatten()) {
                    Some((centre, radius)) => self.holds_disk(centre, radius + error_m),
                    None => Tri::Unknown,
                }
            }
            Shape::Line(path) => self.holds_path(path, error_m),
            Shape::Named(_) => Tri::Unknown,
        }
    }

    /// Whether the unknown point within `error_m` metres of `p` lies in the region.
    pub fn holds_disk(&self, p: Point, error_m: f64) -> Tri {
        match self {
            Region::Polygons(polygons) => {
                let inside = polygons.iter().any(|one| one.contains(p));
                if error_m <= 0.0 {
                    return inside.into();
                }
                let edge = polygons.iter().map(|one| one.edge_distance_m(p));
                let edge = edge.fold(f64::INFINITY, f64::min);
                if inside && edge >= error_m || !inside && edge > error_m {
                    inside.into()
                } else {
                    self.held_together(p, error_m)
                }
            }
            Region::Within { of, distance_m } => {
                within(paths_distance_m(p, of), error_m, *distance_m)
            }
            Region::Band { of, width_m, side } => in_band(p, error_m, of, *width_m, *side),
            Region::AnyOf(regions) => {
                let each = regions.iter().map(|one| one.holds_disk(p, error_m));
                match each.fold(Tri::No, Tri::or) {
                    Tri::Unknown => self.held_together(p, error_m),
                    answer => answer,
                }
            }
            Region::Without(of, without) => {
                of.holds_disk(p, error_m).and(without.holds_disk(p, error_m).negate())
            }
        }
    }

    /// Yes where the place lies in one of the polygons, and farther than the error from their
    /// boundary together; else unknown.
    fn held_together(&self, p: Point, error_m: f64) -> Tri {
        let polygons = self.polygons();
        let inside = polygons.iter().any(|one| one.contains(p));
        let outline = if inside { outline(polygons.into_iter()) } else { None };
        let far = outline.is_some_and(|edges| edges_distance_m(p, &edges) >= error_m);
        if far { Tri::Yes } else { Tri::Unknown }
    }

    /// The polygons that the region is, or is a union of; those of bands and cuts are left out.
    pub fn polygons(&self) -> Vec<&Polygon> {
        match self {
            Region::Polygons(polygons) => polygons.iter().collect(),
            Region::AnyOf(regions) => regions.iter().flat_map(Region::polygons).collect(),
            Region::Within { .. } | Region::Band { .. } | Region::Without(..) => Vec::new(),
        }
    }

    fn holds_path(&self, path: &[Point], error_m: f64) -> Tri {
        let vertices = |region: &Region| {
            path.iter().fold(Tri::No, |so_far, &p| so_far.or(region.holds_disk(p, error_m)))
        };
        match self {
            Region::Polygons(polygons) => {
                let by_vertex = vertices(self);
                let crosses = by_vertex != Tri::Yes
                    && edges(path).any(|(a, b)| {
                        let rings = polygons.iter().flat_map(|one| &one.0);
                        rings.flat_map(|r| ring_edges(r)).any(|(c, d)| segments_cross(a, b, c, d))
                    });
                match crosses {
                    true if error_m <= 0.0 => Tri::Yes,
                    true => by_vertex.or(Tri::Unknown),
                    false => by_vertex,
                }
            }
            Region::Within { of, distance_m } => {
                within(path_to_paths_m(path, of), error_m, *distance_m)
            }
            Region::Band { of, width_m, side } => path_in_band(path, error_m, of, *width_m, *side),
            Region::AnyOf(regions) => {
                regions.iter().fold(Tri::No, |so_far, one| so_far.or(one.holds_path(path, error_m)))
            }
            Region::Without(of, without) => {
                let clear = without.holds_path(path, error_m).is_no();
                of.holds_path(path, error_m).and(if clear { Tri::Yes } else { Tri::Unknown })
            }
        }
    }

    /// A disk that contains the whole region.
    pub fn disk(&self) -> Option<(Point, f64)> {
        match self {
            Region::Polygons(polygons) => {
                disk_around(polygons.iter().filter_map(|one| one.0.first()).flatten())
            }
            Region::Within { of, distance_m } | Region::Band { of, width_m: distance_m, .. } => {
                disk_around(of.iter().flatten()).map(|(centre, r)| (centre, r + distance_m))
            }
            Region::AnyOf(regions) => {
                let disks: Vec<_> = regions.iter().filter_map(Region::disk).collect();
                let (centre, _) = disk_around(disks.iter().map(|(centre, _)| centre))?;
                let reach = disks.iter().map(|&(other, r)| distance_m(centre, other) + r);
                Some((centre, reach.fold(0.0, f64::max)))
            }
            Region::Without(of, _) => of.disk(),
        }
    }
}

/// Whether something at `distance_m ± error_m` is within `limit_m`.
pub fn within(distance_m: f64, error_m: f64, limit_m: f64) -> Tri {
    Tri::from_bounds(distance_m + error_m <= limit_m, distance_m - error_m <= limit_m)
}

/// Distance in metres between two sets of paths; zero where they cross.
pub fn path_to_paths_m(path: &[Point], paths: &[Vec<Point>]) -> f64 {
    let mut least = path.iter().map(|&p| paths_distance_m(p, paths)).fold(f64::INFINITY, f64::min);
    for other in paths {
        if edges(path).any(|(a, b)| edges(other).any(|(c, d)| segments_cross(a, b, c, d))) {
            return 0.0;
        }
        let own = [path.to_vec()];
        least = other.iter().map(|&p| paths_distance_m(p, &own)).fold(least, f64::min);
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(lon: f64, lat: f64) -> Point {
        Point::new(lon, lat).unwrap()
    }
    fn square() -> Region {
        let ring = vec![p(30.0, 50.0), p(31.0, 50.0), p(31.0, 51.0), p(30.0, 51.0)];
        Region::Polygons(vec![Polygon(vec![ring])].into())
    }

    #[test]
    fn on_an_edge_or_a_corner_is_inside() {
        for (lon, lat) in [(30.0, 50.5), (30.5, 50.0), (31.0, 51.0), (30.5, 51.0)] {
            assert_eq!(square().holds_disk(p(lon, lat), 0.0), Tri::Yes, "{lon} {lat}");
        }
        assert_eq!(square().holds_disk(p(29.999_999, 50.5), 0.0), Tri::No);
    }

    #[test]
    fn a_disk_that_touches_is_possibly_in() {
        assert_eq!(square().holds_disk(p(30.5, 50.5), 1_000.0), Tri::Yes);
        assert_eq!(square().holds_disk(p(30.001, 50.5), 1_000.0), Tri::Unknown);
        assert_eq!(square().holds_disk(p(29.999, 50.5), 1_000.0), Tri::Unknown);
        assert_eq!(square().holds_disk(p(29.0, 50.5), 1_000.0), Tri::No);
    }

    #[test]
    fn a_degree_of_latitude_is_about_111_km() {
        let d = distance_m(p(30.0, 50.0), p(30.0, 51.0));
        assert!((d - 111_238.7).abs() < 1.0, "{d}");
    }

    #[test]
    fn a_path_that_crosses_is_in() {
        let path: Arc<[Point]> = vec![p(29.0, 50.5), p(32.0, 50.5)].into();
        assert_eq!(square().holds(&Shape::Line(path), 0.0), Tri::Yes);
    }
}
