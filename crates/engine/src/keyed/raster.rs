//! Zones drawn onto a grid of cells, so that most points need no edge to be looked at.
//!
//! Invariant: a cell that is marked *inside* lies inside with all of the margin around it, a cell
//! without mark lies outside with all of it; only the others are measured.

use casus_model::{
    geometry::{Point, Region, edges},
    program::Zone,
};

/// So many cells at most.
const MOST_CELLS: f64 = 500_000.0;
/// Degrees; smaller cells are not worth their memory.
const LEAST_CELL: f64 = 0.005;
/// Degrees added on all sides against rounding.
const ROUNDING: f64 = 1e-7;
/// Fewer metres than any degree of latitude has.
const LEAST_DEGREE_M: f64 = 110_000.0;

/// The grid.
#[derive(Debug)]
pub(crate) struct Raster {
    west: f64,
    south: f64,
    size: f64,
    columns: usize,
    rows: usize,
    /// By cell: where its marks begin; one more at the end.
    begins: Vec<u32>,
    marks: Vec<Mark>,
    /// Zones whose reach is not known: to be measured everywhere.
    everywhere: Vec<u32>,
}

/// A zone in a cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(u32);

impl Mark {
    fn new(zone: u32, inside: bool) -> Mark {
        Mark(zone << 1 | u32::from(inside))
    }
    /// The zone.
    pub fn zone(self) -> u32 {
        self.0 >> 1
    }
    /// Whether all of the cell is inside.
    pub fn inside(self) -> bool {
        self.0 & 1 == 1
    }
}

/// West, south, east, north, in degrees.
type Box4 = (f64, f64, f64, f64);

impl Raster {
    /// Draws the zones for places known to `error_m` metres. `holds` says whether a point is in a
    /// zone.
    pub fn new(zones: &[(u32, &Zone)], error_m: f64, holds: impl Fn(u32, Point) -> bool) -> Raster {
        let boxes: Vec<Option<Box4>> = zones.iter().map(|(_, zone)| reach(zone, error_m)).collect();
        let all = boxes
            .iter()
            .flatten()
            .copied()
            .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)));
        let (west, south, east, north) = all.unwrap_or((0.0, 0.0, 0.0, 0.0));
        let area = (east - west) * (north - south);
        let size = LEAST_CELL.max((area / MOST_CELLS).sqrt());
        let count = |length: f64| whole(length / size) + 1;
        let (columns, rows) = (count(east - west), count(north - south));
        let mut raster = Raster {
            west,
            south,
            size,
            columns,
            rows,
            begins: Vec::new(),
            marks: Vec::new(),
            everywhere: Vec::new(),
        };
        let mut marks: Vec<(u32, Mark)> = Vec::new();
        for ((id, zone), reach) in zones.iter().zip(boxes) {
            match reach {
                Some(reach) => {
                    raster.draw(*id, zone, reach, error_m, &holds, &mut marks);
                }
                None => raster.everywhere.push(*id),
            }
        }
        raster.sort(marks);
        raster
    }

    fn draw(
        &self,
        id: u32,
        zone: &Zone,
        (west, south, east, north): Box4,
        error_m: f64,
        holds: &impl Fn(u32, Point) -> bool,
        marks: &mut Vec<(u32, Mark)>,
    ) {
        let (first, last) = (self.column(west), self.column(east));
        let (low, high) = (self.row(south), self.row(north));
        let width = last - first + 1;
        let lines = lines_of(zone);
        let mut edge = vec![lines.is_none(); width * (high - low + 1)];
        let margin = margins(error_m, south, north);
        for (a, b) in lines.into_iter().flatten() {
            let from = self.row(a.lat.min(b.lat) - margin.1);
            let to = self.row(a.lat.max(b.lat) + margin.1);
            for row in from.max(low)..=to.min(high) {
                let (x, y) = self.within_row(row, a, b, margin);
                let (x, y) = (self.column(x).max(first), self.column(y).min(last));
                let at = (row - low) * width;
                if x <= y
                    && let Some(cells) = edge.get_mut(at + x - first..=at + y - first)
                {
                    cells.fill(true);
                }
            }
        }
        for row in low..=high {
            let mut inside = None;
            for column in first..=last {
                let cell = cell_number(row * self.columns + column);
                let at = (row - low) * width + column - first;
                if edge.get(at).copied().unwrap_or(true) {
                    inside = None;
                    marks.push((cell, Mark::new(id, false)));
                } else if *inside.get_or_insert_with(|| holds(id, self.centre(row, column))) {
                    marks.push((cell, Mark::new(id, true)));
                }
            }
        }
    }

    /// From where to where an edge runs within a row of cells, in degrees of longitude.
    fn within_row(&self, row: usize, a: Point, b: Point, margin: (f64, f64)) -> (f64, f64) {
        let bottom = self.south + row as f64 * self.size - margin.1;
        let top = bottom + self.size + 2.0 * margin.1;
        let at = |lat: f64| {
            let part = ((lat - a.lat) / (b.lat - a.lat)).clamp(0.0, 1.0);
            a.lon + part * (b.lon - a.lon)
        };
        let (x, y) = match (a.lat - b.lat).abs() < ROUNDING {
            true => (a.lon, b.lon),
            false => (at(bottom), at(top)),
        };
        (x.min(y) - margin.0, x.max(y) + margin.0)
    }

    fn sort(&mut self, mut marks: Vec<(u32, Mark)>) {
        marks.sort_by_key(|(cell, mark)| (*cell, mark.zone()));
        let cells = self.columns * self.rows;
        self.begins = Vec::with_capacity(cells + 1);
        let mut at = 0;
        for cell in 0..cells {
            self.begins.push(cell_number(at));
            while marks.get(at).is_some_and(|(one, _)| *one as usize == cell) {
                at += 1;
            }
        }
        self.begins.push(cell_number(at));
        self.marks = marks.into_iter().map(|(_, mark)| mark).collect();
    }

    /// The zones that a point may be in.
    pub fn at(&self, p: Point) -> &[Mark] {
        let (x, y) = ((p.lon - self.west) / self.size, (p.lat - self.south) / self.size);
        if x < 0.0 || y < 0.0 || self.begins.is_empty() {
            return &[];
        }
        let (column, row) = (whole(x), whole(y));
        if column >= self.columns || row >= self.rows {
            return &[];
        }
        let cell = row * self.columns + column;
        let from = self.begins.get(cell).copied().unwrap_or_default() as usize;
        let to = self.begins.get(cell + 1).copied().unwrap_or_default() as usize;
        self.marks.get(from..to).unwrap_or_default()
    }

    /// The zones that have to be measured wherever the point is.
    pub fn everywhere(&self) -> &[u32] {
        &self.everywhere
    }

    fn column(&self, lon: f64) -> usize {
        whole((lon - self.west) / self.size).min(self.columns - 1)
    }

    fn row(&self, lat: f64) -> usize {
        whole((lat - self.south) / self.size).min(self.rows - 1)
    }

    fn centre(&self, row: usize, column: usize) -> Point {
        let half = self.size / 2.0;
        Point {
            lon: self.west + column as f64 * self.size + half,
            lat: self.south + row as f64 * self.size + half,
        }
    }
}

#[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)] // saturates, and below 0 is 0
fn whole(x: f64) -> usize {
    x as usize
}

fn cell_number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// How many degrees of longitude and latitude an error may reach.
fn margins(error_m: f64, south: f64, north: f64) -> (f64, f64) {
    let lat = error_m / LEAST_DEGREE_M + ROUNDING;
    let farthest = (south.abs().max(north.abs()) + lat).min(89.0);
    (lat / farthest.to_radians().cos() + ROUNDING, lat)
}

/// The edges between inside and outside, where that is what bounds the zone.
fn lines_of(zone: &Zone) -> Option<Vec<(Point, Point)>> {
    let plain = zone.later.is_empty() && zone.floor_m.is_none() && zone.ceiling_m.is_none();
    if !plain || !is_drawn(&zone.region) {
        return None;
    }
    let rings = zone.region.polygons().into_iter().flat_map(|polygon| &polygon.0);
    let close = |ring: &Vec<Point>| {
        let closing = ring.last().copied().zip(ring.first().copied());
        edges(ring).chain(closing).collect::<Vec<_>>()
    };
    Some(rings.flat_map(close).collect())
}

fn is_drawn(region: &Region) -> bool {
    match region {
        Region::Polygons(_) => true,
        Region::AnyOf(all) => all.iter().all(is_drawn),
        Region::Within { .. } | Region::Band { .. } | Region::Without(..) => false,
    }
}

/// A box that holds the zone in all its versions and the error around it; none where it is not
/// known, or reaches around the Earth.
fn reach(zone: &Zone, error_m: f64) -> Option<Box4> {
    let regions = std::iter::once(&zone.region).chain(zone.later.iter().map(|(_, one)| one));
    let mut all: Option<Box4> = None;
    for region in regions {
        let one = extent(region)?;
        let margin = margins(error_m, one.1, one.3);
        let one = (one.0 - margin.0, one.1 - margin.1, one.2 + margin.0, one.3 + margin.1);
        all = Some(all.map_or(one, |all| {
            (all.0.min(one.0), all.1.min(one.1), all.2.max(one.2), all.3.max(one.3))
        }));
    }
    all.filter(|one| one.0 > -180.0 && one.2 < 180.0 && one.1 > -88.0 && one.3 < 88.0)
}

fn extent(region: &Region) -> Option<Box4> {
    if is_drawn(region) {
        let rings = region.polygons().into_iter().flat_map(|polygon| &polygon.0);
        return rings
            .flatten()
            .map(|p| (p.lon, p.lat, p.lon, p.lat))
            .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)));
    }
    if let Region::Without(of, _) = region {
        return extent(of);
    }
    let (centre, radius_m) = region.disk()?;
    let north = centre.lat.abs() + radius_m / LEAST_DEGREE_M;
    let margin = margins(radius_m, -north, north);
    let (lon, lat) = (centre.lon, centre.lat);
    Some((lon - margin.0, lat - margin.1, lon + margin.0, lat + margin.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zones::{
        Zones,
        tests::{Numbers, star},
    };
    use casus_model::{Name, Tri, geometry::Polygon};

    fn zone(region: Region) -> Zone {
        let (later, includes) = (Vec::new(), Vec::new());
        Zone { name: Name::from(""), region, later, floor_m: None, ceiling_m: None, includes }
    }

    #[test]
    fn the_grid_answers_as_the_zones_do() {
        let mut numbers = Numbers(3);
        for round in 0..12 {
            let mut zones: Vec<Zone> = Vec::new();
            for at in 0..30 {
                let size = 0.02 + 0.4 * numbers.next();
                let (lon, lat) = (30.0 + 2.0 * numbers.next(), 50.0 + numbers.next());
                let ring = star(&mut numbers, lon, lat, size);
                let polygons = vec![Polygon(vec![ring.clone()])].into();
                let region = Region::Polygons(polygons);
                let near = Region::Within { of: vec![ring].into(), distance_m: 3_000.0 };
                zones.push(zone(match at % 10 {
                    8 => near,
                    9 => Region::Without(Box::new(region), Box::new(near)),
                    _ => region,
                }));
            }
            let answers = Zones::new(&zones);
            let numbered: Vec<(u32, &Zone)> = (0..).zip(&zones).collect();
            for error_m in [0.0, 300.0, 20_000.0] {
                let raster = Raster::new(&numbered, error_m, |zone, point| {
                    answers.holds_point(zone as usize, point, 0.0).is_yes()
                });
                let corners = zones.iter().filter_map(|zone| match &zone.region {
                    Region::Polygons(all) => Some((all[0].0[0][0], all[0].0[0][1])),
                    _ => None,
                });
                // On corners, on edges, and anywhere.
                let edges = corners.flat_map(|(a, b)| {
                    [a, Point { lon: (a.lon + b.lon) / 2.0, lat: (a.lat + b.lat) / 2.0 }]
                });
                let mut points: Vec<Point> = edges.collect();
                points.extend((0..400).map(|_| Point {
                    lon: 29.0 + 4.0 * numbers.next(),
                    lat: 49.0 + 3.0 * numbers.next(),
                }));
                for p in points {
                    for (id, _) in &numbered {
                        let want = answers.holds_point(*id as usize, p, error_m);
                        let mark = raster.at(p).iter().find(|mark| mark.zone() == *id);
                        let got = match mark {
                            None if raster.everywhere().contains(id) => want,
                            None => Tri::No,
                            Some(mark) if mark.inside() => Tri::Yes,
                            Some(_) => want,
                        };
                        assert_eq!(got, want, "round {round}, zone {id}: {p:?} ± {error_m}");
                    }
                }
            }
        }
    }
}
