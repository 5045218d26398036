//! How large zones are and how long lines, for people to read.
//!
//! Areas are of the WGS 84 ellipsoid, added up in strips of latitude; edges are straight in
//! longitude and latitude, as everywhere. Invariant: nothing is judged by what is measured here,
//! and what lies in two parts of a zone is counted once.

use crate::geometry::{Point, Polygon, Region, distance_m, edges, ring_edges};
use crate::side::{Hand, side_of};
use std::f64::consts::PI;

/// Half the greatest axis of WGS 84, in metres.
const AXIS_M: f64 = 6_378_137.0;
/// The square of its eccentricity.
const ECCENTRICITY: f64 = 0.006_694_379_990_141_317;
/// The least length of a degree of latitude, in metres, and a little less.
const DEGREE_M: f64 = 110_500.0;
/// Strips times edges at most, so that a measure takes a moment and no more.
const WORK: usize = 20_000_000;

/// The geodesic length of paths, in metres.
pub fn length_m(paths: &[Vec<Point>]) -> f64 {
    paths.iter().flat_map(|path| edges(path)).map(|(a, b)| distance_m(a, b)).sum()
}

/// The area of a region in square metres, to about one part in a thousand; none where it is
/// empty or not bounded.
pub fn area_m2(region: &Region) -> Option<f64> {
    let (south, north, parts) = bounds(region)?;
    let strips = (WORK / parts.max(1)).clamp(64, 2_000);
    let height = (north - south) / strips as f64;
    let strip = |at: usize| {
        let row = Row::at(south + (at as f64 + 0.5) * height);
        let width: f64 = row.held(region).iter().map(|(west, east)| east - west).sum();
        width * row.lon_m * height * row.lat_m
    };
    let area: f64 = (0..strips).map(strip).sum();
    (area.is_finite() && area > 0.0).then_some(area)
}

/// The southern and northern end of a region, and how many points it has.
fn bounds(region: &Region) -> Option<(f64, f64, usize)> {
    let of = |points: &mut dyn Iterator<Item = &Point>, more: f64| {
        let first = (f64::INFINITY, f64::NEG_INFINITY, 0);
        let (south, north, count) =
            points.fold(first, |(s, n, c), p| (s.min(p.lat), n.max(p.lat), c + 1));
        let (south, north) = ((south - more).max(-90.0), (north + more).min(90.0));
        (count > 0 && south < north).then_some((south, north, count))
    };
    match region {
        Region::Polygons(all) => of(&mut all.iter().flat_map(|one| &one.0).flatten(), 0.0),
        Region::Within { of: paths, distance_m }
        | Region::Band { of: paths, width_m: distance_m, .. } => {
            of(&mut paths.iter().flatten(), distance_m / DEGREE_M)
        }
        Region::AnyOf(regions) => {
            let all = regions.iter().filter_map(bounds);
            all.reduce(|(s, n, c), (south, north, count)| (s.min(south), n.max(north), c + count))
        }
        Region::Without(of, without) => {
            let (south, north, count) = bounds(of)?;
            Some((south, north, count + bounds(without).map_or(0, |(.., count)| count)))
        }
    }
}

/// Parts of a row, from west to east, in degrees; none touches another.
type Parts = Vec<(f64, f64)>;

/// A row of one latitude.
struct Row {
    lat: f64,
    /// Metres of a degree of longitude there.
    lon_m: f64,
    /// Metres of a degree of latitude there.
    lat_m: f64,
}

impl Row {
    fn at(lat: f64) -> Row {
        let (sine, cosine) = lat.to_radians().sin_cos();
        let bend = 1.0 - ECCENTRICITY * sine * sine;
        let across = AXIS_M / bend.sqrt();
        let along = AXIS_M * (1.0 - ECCENTRICITY) / bend.powf(1.5);
        Row { lat, lon_m: across * cosine * PI / 180.0, lat_m: along * PI / 180.0 }
    }

    /// What a region holds of the row.
    fn held(&self, region: &Region) -> Parts {
        match region {
            Region::Polygons(all) => joined(all.iter().flat_map(|one| self.crossed(one)).collect()),
            Region::Within { of, distance_m } => {
                let near = |path: &Vec<Point>| -> Parts {
                    match path.as_slice() {
                        [only] => self.near(*only, *only, *distance_m).into_iter().collect(),
                        path => {
                            edges(path).filter_map(|(a, b)| self.near(a, b, *distance_m)).collect()
                        }
                    }
                };
                joined(of.iter().flat_map(near).collect())
            }
            Region::Band { of, width_m, side } => self.beside(of, *width_m, *side),
            Region::AnyOf(regions) => {
                joined(regions.iter().flat_map(|one| self.held(one)).collect())
            }
            Region::Without(of, without) => cut(&self.held(of), &self.held(without)),
        }
    }

    /// What a band on one side holds of the row, found by halving the parts of the whole band.
    fn beside(&self, of: &std::sync::Arc<[Vec<Point>]>, width_m: f64, side: Hand) -> Parts {
        const STEPS: usize = 64;
        let whole = Region::Within { of: of.clone(), distance_m: width_m };
        let mut out = Parts::new();
        for (west, east) in self.held(&whole) {
            let step = (east - west) / STEPS as f64;
            for at in 0..STEPS {
                let from = west + step * at as f64;
                let middle = Point { lon: from + step / 2.0, lat: self.lat };
                if side_of(middle, of).is_none_or(|found| found == side) {
                    out.push((from, from + step));
                }
            }
        }
        joined(out)
    }

    /// What a polygon holds of the row: between each odd crossing and the next.
    fn crossed(&self, polygon: &Polygon) -> Parts {
        let crossing = |(a, b): (Point, Point)| {
            let crosses = (a.lat > self.lat) != (b.lat > self.lat);
            let part = (self.lat - a.lat) / (b.lat - a.lat);
            crosses.then_some(a.lon + part * (b.lon - a.lon))
        };
        let rings = polygon.0.iter().flat_map(|ring| ring_edges(ring));
        let mut all: Vec<f64> = rings.filter_map(crossing).collect();
        all.sort_by(f64::total_cmp);
        all.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect()
    }

    /// What lies within a distance of a segment, on a plane that touches the row.
    fn near(&self, a: Point, b: Point, most_m: f64) -> Option<(f64, f64)> {
        let flat = |p: Point| (p.lon * self.lon_m, (p.lat - self.lat) * self.lat_m);
        let ((ax, ay), (bx, by)) = (flat(a), flat(b));
        let disk = |x: f64, y: f64| {
            let half = (most_m * most_m - y * y).max(0.0).sqrt();
            (y.abs() <= most_m).then_some((x - half, x + half))
        };
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx.hypot(dy);
        // Along the segment from 0 to its length, and across it at most so far, both linear in x.
        let along = between(dx / length, -(ax * dx + ay * dy) / length, 0.0, length);
        let across = between(dy / length, (ay * dx - ax * dy) / length, -most_m, most_m);
        let strip = along.zip(across).filter(|_| length > 0.0).and_then(|(one, two)| {
            let (west, east) = (one.0.max(two.0), one.1.min(two.1));
            (west <= east).then_some((west, east))
        });
        let all = [disk(ax, ay), disk(bx, by), strip].into_iter().flatten();
        let whole = all.reduce(|one, two| (one.0.min(two.0), one.1.max(two.1)))?;
        (self.lon_m > 1.0).then(|| (whole.0 / self.lon_m, whole.1 / self.lon_m))
    }
}

/// Where `slope * x + level` lies between two bounds.
fn between(slope: f64, level: f64, least: f64, most: f64) -> Option<(f64, f64)> {
    if slope.abs() < 1e-12 {
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        return (least <= level && level <= most).then_some(all);
    }
    let (one, two) = ((least - level) / slope, (most - level) / slope);
    Some((one.min(two), one.max(two)))
}

/// The parts in order, those that touch as one.
fn joined(mut parts: Parts) -> Parts {
    parts.sort_by(|one, two| one.0.total_cmp(&two.0));
    let mut out: Parts = Vec::with_capacity(parts.len());
    for (west, east) in parts {
        match out.last_mut() {
            Some(last) if west <= last.1 => last.1 = last.1.max(east),
            _ => out.push((west, east)),
        }
    }
    out
}

/// The first parts without the second.
fn cut(of: &Parts, without: &Parts) -> Parts {
    let mut out = Vec::new();
    for (start, east) in of.iter().copied() {
        let mut west = start;
        for (from, to) in without.iter().copied().filter(|(from, to)| *to > start && *from < east) {
            if from > west {
                out.push((west, from));
            }
            west = west.max(to);
        }
        if west < east {
            out.push((west, east));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use geographiclib_rs::{Geodesic, PolygonArea, Winding};

    fn p(lon: f64, lat: f64) -> Point {
        Point::new(lon, lat).unwrap()
    }
    fn region(rings: &[&[(f64, f64)]]) -> Region {
        let ring = |list: &&[(f64, f64)]| list.iter().map(|&(lon, lat)| p(lon, lat)).collect();
        Region::Polygons(vec![Polygon(rings.iter().map(ring).collect())].into())
    }
    /// The same by the library of geodesics, on edges cut so short that they are straight enough.
    fn geodesic_m2(ring: &[(f64, f64)]) -> f64 {
        let geodesic = Geodesic::wgs84();
        let mut area = PolygonArea::new(&geodesic, Winding::CounterClockwise);
        let closed = ring.iter().zip(ring.iter().cycle().skip(1));
        for (a, b) in closed {
            for part in 0..500 {
                let part = f64::from(part) / 500.0;
                area.add_point(a.1 + part * (b.1 - a.1), a.0 + part * (b.0 - a.0));
            }
        }
        area.compute(true).1.abs()
    }
    fn near(found: Option<f64>, wanted: f64) {
        let found = found.unwrap();
        assert!((found / wanted - 1.0).abs() < 0.002, "{found} is not {wanted}");
    }

    #[test]
    fn areas_are_those_of_the_library() {
        let shapes: [&[(f64, f64)]; 3] = [
            &[(30.0, 50.0), (31.0, 50.0), (31.0, 51.0), (30.0, 51.0)],
            &[(-5.0, -1.0), (7.0, 0.5), (3.0, 9.0), (1.0, 2.0), (-4.0, 8.0)],
            &[(10.0, 70.0), (40.0, 71.0), (25.0, 80.0)],
        ];
        for ring in shapes {
            near(area_m2(&region(&[ring])), geodesic_m2(ring));
        }
    }

    #[test]
    fn holes_and_what_is_without_are_not_counted_and_what_is_twice_is_once() {
        let outer: &[(f64, f64)] = &[(30.0, 50.0), (31.0, 50.0), (31.0, 51.0), (30.0, 51.0)];
        let inner: &[(f64, f64)] = &[(30.2, 50.2), (30.7, 50.2), (30.7, 50.7), (30.2, 50.7)];
        let east: &[(f64, f64)] = &[(30.5, 50.0), (31.5, 50.0), (31.5, 51.0), (30.5, 51.0)];
        let (whole, hole) = (geodesic_m2(outer), geodesic_m2(inner));
        near(area_m2(&region(&[outer, inner])), whole - hole);
        let of = |ring: &[(f64, f64)]| region(&[ring]);
        let without = Region::Without(Box::new(of(outer)), Box::new(of(inner)));
        near(area_m2(&without), whole - hole);
        near(area_m2(&Region::AnyOf(vec![of(outer), of(inner), of(outer)])), whole);
        near(area_m2(&Region::AnyOf(vec![of(outer), of(east)])), whole * 1.5);
        assert_eq!(area_m2(&Region::AnyOf(Vec::new())), None);
        assert_eq!(area_m2(&Region::Without(Box::new(of(inner)), Box::new(of(outer)))), None);
    }

    #[test]
    fn a_band_is_as_wide_as_it_says() {
        let around =
            |path: Vec<Point>| Region::Within { of: vec![path].into(), distance_m: 10_000.0 };
        near(area_m2(&around(vec![p(30.0, 50.0)])), PI * 1e8);
        for end in [p(30.0, 51.0), p(31.0, 50.0), p(30.5, 50.4)] {
            let length = distance_m(p(30.0, 50.0), end);
            near(area_m2(&around(vec![p(30.0, 50.0), end])), PI * 1e8 + length * 20_000.0);
            let there_and_back = vec![p(30.0, 50.0), end, p(30.0, 50.0)];
            near(area_m2(&around(there_and_back)), PI * 1e8 + length * 20_000.0);
        }
    }

    #[test]
    fn a_line_is_as_long_as_its_parts() {
        let path = vec![p(30.0, 50.0), p(30.0, 51.0), p(30.0, 50.0)];
        let length = length_m(&[path, vec![p(1.0, 1.0)]]);
        assert!((length - 2.0 * 111_238.7).abs() < 2.0, "{length}");
    }
}
