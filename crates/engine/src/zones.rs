//! Zones made ready for many points: boxes and rows of edges, so that few edges are measured.
//!
//! Invariant: the answers equal those of `casus_model::geometry::Region` for every point.

use casus_model::{
    Instant, Tri,
    geometry::{Point, Polygon, Region, Shape, edges, ring_edges, segment_distance_m, within},
    program::Zone,
    seam::outline,
};

use std::{cell::RefCell, collections::HashMap};

/// Longitude, latitude and error, bit for bit.
type Place = [u64; 3];
/// An answer for each zone, once it is known.
type Answers = Box<[Option<Tri>]>;

/// All zones, with the answers for places that come up again and again.
#[derive(Debug)]
pub(crate) struct Zones {
    prepared: Vec<Prepared>,
    /// By zone: where its versions stand.
    first: Vec<usize>,
    told: RefCell<HashMap<Place, Answers>>,
}

/// So many answers are kept at most.
const MOST_TOLD: usize = 2_000_000;

impl Zones {
    pub(crate) fn new(zones: &[Zone]) -> Zones {
        let (mut prepared, mut first) = (Vec::new(), Vec::new());
        for zone in zones {
            first.push(prepared.len());
            let all = std::iter::once(&zone.region).chain(zone.later.iter().map(|(_, one)| one));
            prepared.extend(all.map(Prepared::new));
        }
        Zones { prepared, first, told: RefCell::default() }
    }

    /// Whether a place of this shape and error lies in the zone at that time; as `Region::holds`
    /// of each version that was in force then.
    pub(crate) fn holds(
        &self,
        zone: &Zone,
        index: usize,
        shape: &Shape,
        error_m: f64,
        time: (Instant, Instant),
    ) -> Tri {
        let Some(first) = self.first.get(index) else { return Tri::Unknown };
        if zone.later.is_empty() {
            return self.holds_version(*first, shape, error_m);
        }
        let versions = zone.regions(time);
        Tri::agreed(versions.map(|(at, _)| self.holds_version(first + at, shape, error_m)))
    }

    /// As `holds` for a point in a zone of one version, without remembering the answer.
    pub(crate) fn holds_point(&self, index: usize, p: Point, error_m: f64) -> Tri {
        let prepared = self.first.get(index).and_then(|&first| self.prepared.get(first));
        prepared.map_or(Tri::Unknown, |prepared| prepared.holds_disk(p, error_m))
    }

    fn holds_version(&self, zone: usize, shape: &Shape, error_m: f64) -> Tri {
        let Some(prepared) = self.prepared.get(zone) else { return Tri::Unknown };
        let Shape::Point(p) = shape else { return prepared.holds(shape, error_m) };
        let key = [p.lon.to_bits(), p.lat.to_bits(), error_m.to_bits()];
        let count = self.prepared.len();
        let mut told = self.told.borrow_mut();
        if let Some(answer) = told.get(&key).and_then(|answers| *answers.get(zone)?) {
            return answer;
        }
        let answer = prepared.holds_disk(*p, error_m);
        if told.len().saturating_mul(count) >= MOST_TOLD {
            told.clear();
        }
        let answers = told.entry(key).or_insert_with(|| vec![None; count].into());
        if let Some(place) = answers.get_mut(zone) {
            *place = Some(answer);
        }
        answer
    }
}

/// A region with its edges sorted into rows of latitude.
#[derive(Debug)]
pub(crate) enum Prepared {
    Polygons(Edges, Vec<Polygon>, Option<Outline>),
    Plain(Region),
    Within { edges: Edges, distance_m: f64, plain: Region },
    AnyOf(Vec<Prepared>, Region, Option<Outline>),
    Without(Box<Prepared>, Box<Prepared>, Region),
}

/// The boundary of polygons that share edges, and they themselves.
#[derive(Debug)]
pub(crate) struct Outline {
    edges: Edges,
    polygons: Vec<Polygon>,
}

impl Outline {
    fn of(region: &Region) -> Option<Outline> {
        let polygons = region.polygons();
        let list = outline(polygons.iter().copied())?;
        let list = list.into_iter().map(|(a, b)| Edge { ring: 0, a, b }).collect();
        let polygons = polygons.into_iter().cloned().collect();
        Some(Outline { edges: Edges::new(list), polygons })
    }

    /// Whether the place lies within, farther from the boundary than the error.
    fn holds(&self, p: Point, error_m: f64) -> Tri {
        let inside = self.polygons.iter().any(|one| one.contains(p));
        let far = inside && self.edges.distance_m(p, error_m) >= error_m;
        if far { Tri::Yes } else { Tri::Unknown }
    }
}

/// Edges in rows of equal height; an edge stands in each row that it touches.
#[derive(Debug)]
pub(crate) struct Edges {
    list: Vec<Edge>,
    rows: Vec<Vec<u32>>,
    south: f64,
    height: f64,
    west: f64,
    east: f64,
    north: f64,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    ring: u32,
    a: Point,
    b: Point,
}

/// Rows for a list of edges: enough that a row holds few of them.
const MOST_ROWS: usize = 512;
/// Fewer metres than any degree of latitude has, so that boxes are never too small.
const LEAST_DEGREE_M: f64 = 110_000.0;
/// Beyond this reach boxes are not used.
const FAR_M: f64 = 200_000.0;

impl Edges {
    fn new(list: Vec<Edge>) -> Edges {
        let ends = || list.iter().flat_map(|edge| [edge.a, edge.b]);
        let south = ends().map(|p| p.lat).fold(f64::INFINITY, f64::min);
        let north = ends().map(|p| p.lat).fold(f64::NEG_INFINITY, f64::max);
        let west = ends().map(|p| p.lon).fold(f64::INFINITY, f64::min);
        let east = ends().map(|p| p.lon).fold(f64::NEG_INFINITY, f64::max);
        let count = (list.len() / 2).clamp(1, MOST_ROWS);
        let height = ((north - south) / count as f64).max(1e-9);
        let mut edges =
            Edges { list, rows: vec![Vec::new(); count], south, height, west, east, north };
        for at in 0..edges.list.len() {
            let Some(edge) = edges.list.get(at).copied() else { continue };
            let (low, high) = (edge.a.lat.min(edge.b.lat), edge.a.lat.max(edge.b.lat));
            let rows = edges.row(low)..=edges.row(high);
            for row in edges.rows.get_mut(rows).into_iter().flatten() {
                row.push(at as u32);
            }
        }
        edges
    }

    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)] // clamped to the rows
    fn row(&self, lat: f64) -> usize {
        let row = ((lat - self.south) / self.height).floor();
        row.clamp(0.0, (self.rows.len() - 1) as f64) as usize
    }

    fn in_box(&self, p: Point, lat_margin: f64, lon_margin: f64) -> bool {
        p.lat >= self.south - lat_margin
            && p.lat <= self.north + lat_margin
            && p.lon >= self.west - lon_margin
            && p.lon <= self.east + lon_margin
    }

    fn at_rows(&self, from: f64, to: f64) -> impl Iterator<Item = &Edge> {
        let rows = self.rows.get(self.row(from)..=self.row(to)).into_iter().flatten();
        rows.flatten().filter_map(|&at| self.list.get(at as usize))
    }

    /// The least distance to an edge that may lie within `reach_m`; infinite if none does.
    fn distance_m(&self, p: Point, reach_m: f64) -> f64 {
        let of_edge = |edge: &Edge| segment_distance_m(p, edge.a, edge.b);
        let lat_margin = reach_m / LEAST_DEGREE_M;
        let narrowest = (p.lat.abs() + lat_margin).min(90.0).to_radians().cos();
        if reach_m > FAR_M || narrowest < 0.05 {
            return self.list.iter().map(of_edge).fold(f64::INFINITY, f64::min);
        }
        let lon_margin = lat_margin / narrowest;
        if !self.in_box(p, lat_margin, lon_margin) {
            return f64::INFINITY;
        }
        let near = |edge: &&Edge| {
            edge.a.lon.min(edge.b.lon) <= p.lon + lon_margin
                && edge.a.lon.max(edge.b.lon) >= p.lon - lon_margin
                && edge.a.lat.min(edge.b.lat) <= p.lat + lat_margin
                && edge.a.lat.max(edge.b.lat) >= p.lat - lat_margin
        };
        let rows = self.at_rows(p.lat - lat_margin, p.lat + lat_margin);
        rows.filter(near).map(of_edge).fold(f64::INFINITY, f64::min)
    }
}

impl Prepared {
    pub(crate) fn new(region: &Region) -> Prepared {
        match region {
            Region::Polygons(polygons) => {
                let mut list = Vec::new();
                let rings = polygons.iter().flat_map(|polygon| &polygon.0);
                for (ring, path) in rings.enumerate() {
                    list.extend(ring_edges(path).map(|(a, b)| Edge { ring: ring as u32, a, b }));
                }
                Prepared::Polygons(Edges::new(list), polygons.to_vec(), Outline::of(region))
            }
            Region::Within { of, distance_m } => {
                let single = of.iter().filter_map(|path| match path.as_slice() {
                    [only] => Some((*only, *only)),
                    _ => None,
                });
                let all = of.iter().flat_map(|path| edges(path)).chain(single);
                let list = all.map(|(a, b)| Edge { ring: 0, a, b }).collect();
                Prepared::Within {
                    edges: Edges::new(list),
                    distance_m: *distance_m,
                    plain: region.clone(),
                }
            }
            Region::Band { .. } => Prepared::Plain(region.clone()),
            Region::AnyOf(regions) => {
                let all = regions.iter().map(Prepared::new).collect();
                Prepared::AnyOf(all, region.clone(), Outline::of(region))
            }
            Region::Without(of, without) => Prepared::Without(
                Box::new(Prepared::new(of)),
                Box::new(Prepared::new(without)),
                region.clone(),
            ),
        }
    }

    /// As `Region::holds`.
    pub(crate) fn holds(&self, shape: &Shape, error_m: f64) -> Tri {
        match (shape, self) {
            (Shape::Point(p), _) => self.holds_disk(*p, error_m),
            (_, Prepared::Polygons(_, polygons, _)) => {
                Region::Polygons(polygons.as_slice().into()).holds(shape, error_m)
            }
            (
                _,
                Prepared::Plain(plain)
                | Prepared::Within { plain, .. }
                | Prepared::AnyOf(_, plain, _)
                | Prepared::Without(_, _, plain),
            ) => plain.holds(shape, error_m),
        }
    }

    /// As `Region::holds_disk`.
    pub(crate) fn holds_disk(&self, p: Point, error_m: f64) -> Tri {
        match self {
            Prepared::Polygons(edges, polygons, outline) => {
                let inside = edges.in_box(p, 0.0, 0.0) && contains(edges, polygons, p);
                if error_m <= 0.0 {
                    return inside.into();
                }
                let edge = edges.distance_m(p, error_m);
                if inside && edge >= error_m || !inside && edge > error_m {
                    inside.into()
                } else {
                    outline.as_ref().map_or(Tri::Unknown, |outline| outline.holds(p, error_m))
                }
            }
            Prepared::Within { edges, distance_m: limit, .. } => {
                within(edges.distance_m(p, limit + error_m), error_m, *limit)
            }
            Prepared::Plain(region) => region.holds_disk(p, error_m),
            Prepared::AnyOf(regions, _, outline) => {
                let each = regions.iter().map(|one| one.holds_disk(p, error_m));
                match (each.fold(Tri::No, Tri::or), outline) {
                    (Tri::Unknown, Some(outline)) => outline.holds(p, error_m),
                    (answer, _) => answer,
                }
            }
            Prepared::Without(of, without, _) => match of.holds_disk(p, error_m) {
                Tri::No => Tri::No,
                answer => answer.and(without.holds_disk(p, error_m).negate()),
            },
        }
    }
}

/// One flag for each ring; the first of them need no memory of their own.
#[derive(Default)]
struct Flags {
    first: u64,
    rest: Vec<bool>,
}

impl Flags {
    fn turn(&mut self, ring: usize) {
        if ring < 64 {
            self.first ^= 1 << ring;
            return;
        }
        let at = ring - 64;
        if self.rest.len() <= at {
            self.rest.resize(at + 1, false);
        }
        if let Some(flag) = self.rest.get_mut(at) {
            *flag = !*flag;
        }
    }
    fn get(&self, ring: usize) -> bool {
        match ring {
            ..64 => self.first >> ring & 1 == 1,
            _ => self.rest.get(ring - 64).copied().unwrap_or(false),
        }
    }
}

/// Even-odd over the edges of the point's row, ring by ring; on an edge is inside.
fn contains(edges: &Edges, polygons: &[Polygon], p: Point) -> bool {
    let mut inside = Flags::default();
    for edge in edges.at_rows(p.lat, p.lat) {
        let (a, b) = (edge.a, edge.b);
        let cross = (b.lon - a.lon) * (p.lat - a.lat) - (b.lat - a.lat) * (p.lon - a.lon);
        let in_box = p.lon >= a.lon.min(b.lon)
            && p.lon <= a.lon.max(b.lon)
            && p.lat >= a.lat.min(b.lat)
            && p.lat <= a.lat.max(b.lat);
        if cross == 0.0 && in_box {
            // On a ring: let the plain predicate say which ring's edge it is.
            return polygons.iter().any(|polygon| polygon.contains(p));
        }
        if (a.lat > p.lat) != (b.lat > p.lat) && ((cross > 0.0) == (b.lat > a.lat)) {
            inside.turn(edge.ring as usize);
        }
    }
    let mut ring = 0;
    polygons.iter().any(|polygon| {
        let flags = ring..ring + polygon.0.len();
        ring = flags.end;
        let mut flags = flags.map(|at| inside.get(at));
        flags.next().unwrap_or(false) && !flags.any(|in_hole| in_hole)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::Arc;

    /// A small generator of numbers in 0..1, the same on every run.
    pub(crate) struct Numbers(pub u64);
    impl Numbers {
        pub(crate) fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    pub(crate) fn star(numbers: &mut Numbers, lon: f64, lat: f64, size: f64) -> Vec<Point> {
        let count = 3 + (numbers.next() * 40.0) as usize;
        let angle = |at: usize| at as f64 / count as f64 * std::f64::consts::TAU;
        (0..count)
            .map(|at| {
                let radius = size * (0.3 + 0.7 * numbers.next());
                Point { lon: lon + radius * angle(at).cos(), lat: lat + radius * angle(at).sin() }
            })
            .collect()
    }

    #[test]
    fn prepared_zones_agree_with_plain_regions() {
        let mut numbers = Numbers(7);
        for round in 0..60 {
            let outer = star(&mut numbers, 30.0, 50.0, 1.0);
            let hole = star(&mut numbers, 30.0, 50.0, 0.2);
            let corner = outer[0];
            let polygons: Arc<[Polygon]> = vec![Polygon(vec![outer.clone(), hole])].into();
            let area = Region::Polygons(polygons);
            let buffer = Region::Within {
                of: vec![star(&mut numbers, 30.5, 50.0, 0.5)].into(),
                distance_m: 20_000.0,
            };
            let both = Region::AnyOf(vec![area.clone(), buffer.clone()]);
            let less = Region::Without(Box::new(area.clone()), Box::new(buffer.clone()));
            let cut = |west: f64, east: f64| {
                let at = |lon: f64, lat: f64| Point { lon, lat };
                let ring = vec![at(west, 49.5), at(east, 49.5), at(east, 50.5), at(west, 50.5)];
                Region::Polygons(vec![Polygon(vec![ring])].into())
            };
            let joined = Region::AnyOf(vec![cut(29.5, 30.0), cut(30.0, 30.6)]);
            for region in [area, buffer, both, less, joined] {
                let prepared = Prepared::new(&region);
                assert_eq!(prepared.holds_disk(corner, 0.0), region.holds_disk(corner, 0.0));
                for _ in 0..40 {
                    let p = Point {
                        lon: 28.5 + 3.0 * numbers.next(),
                        lat: 48.5 + 3.0 * numbers.next(),
                    };
                    for error in [0.0, 500.0, 10_000.0, 300_000.0] {
                        let (fast, plain) =
                            (prepared.holds_disk(p, error), region.holds_disk(p, error));
                        assert_eq!(fast, plain, "round {round}: {p:?} ± {error}");
                    }
                }
            }
        }
    }
}
