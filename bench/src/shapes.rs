//! Invented zones on an invented sea, in whole millionths of a degree.
//!
//! Invariant: no two zones of one family overlap, and the only points with whole coordinates on an
//! edge are its two ends, or the edge goes straight north; so what is on an edge is the same in
//! whole numbers and in floating ones.

use crate::random::Random;
use std::{
    collections::HashMap,
    io::{self, Write},
};

/// South-west corner of the sea, in millionths of a degree.
pub const CORNER: Point = Point { x: -30_000_000, y: 30_000_000 };
/// How far it goes east and north.
pub const EXTENT: i64 = 3_000_000;

/// Longitude and latitude in millionths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Longitude.
    pub x: i64,
    /// Latitude.
    pub y: i64,
}

/// One polygon.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Its corners, anticlockwise, the first one not repeated. The first edge goes straight north.
    pub ring: Vec<Point>,
    /// South-west corner of the box around it.
    pub low: Point,
    /// North-east corner of the box around it.
    pub high: Point,
}

impl Zone {
    /// Whether it holds a point; the edge belongs to it. Exact.
    pub fn holds(&self, at: Point) -> bool {
        if at.x < self.low.x || at.x > self.high.x || at.y < self.low.y || at.y > self.high.y {
            return false;
        }
        let mut inside = false;
        let mut from = self.ring.last().copied().unwrap_or(self.low);
        for &to in &self.ring {
            let turn = (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x);
            let beside = at.x >= from.x.min(to.x) && at.x <= from.x.max(to.x);
            if turn == 0 && beside && at.y >= from.y.min(to.y) && at.y <= from.y.max(to.y) {
                return true;
            }
            if (from.y > at.y) != (to.y > at.y) && ((turn > 0) == (to.y > from.y)) {
                inside = !inside;
            }
            from = to;
        }
        inside
    }

    /// A point of its box.
    pub fn near(&self, random: &mut Random) -> Point {
        Point {
            x: random.between(self.low.x, self.high.x),
            y: random.between(self.low.y, self.high.y),
        }
    }

    /// A point that lies on its edge.
    pub fn on_edge(&self, random: &mut Random) -> Point {
        match (self.ring.first(), self.ring.get(1)) {
            (Some(a), Some(b)) if random.chance(0.5) => {
                Point { x: a.x, y: random.between(a.y, b.y) }
            }
            _ => self.ring.get(random.below(self.ring.len())).copied().unwrap_or(self.low),
        }
    }
}

/// So many zones of 50 to 200 corners, or fewer where a file could not hold that many; none lies
/// over another.
pub fn zones(called: &str, count: usize, random: &mut Random) -> Vec<Zone> {
    let side = (1..).find(|side| side * side >= count).unwrap_or(1);
    let cell = EXTENT as f64 / side as f64;
    let one = |at: usize| {
        let spot = |index: usize, random: &mut Random| {
            (index as f64 + 0.5 + random.range(-0.05, 0.05)) * cell
        };
        let east = spot(at % side, random);
        let north = spot(at / side, random);
        let corners = if count <= 7_000 { 50 + random.below(151) } else { 30 + random.below(19) };
        let ring = star((east, north), cell * random.range(0.3, 0.42), corners, random);
        let least = |of: fn(&Point) -> i64| ring.iter().map(of).min().unwrap_or_default();
        let most = |of: fn(&Point) -> i64| ring.iter().map(of).max().unwrap_or_default();
        let low = Point { x: least(|p| p.x), y: least(|p| p.y) };
        let high = Point { x: most(|p| p.x), y: most(|p| p.y) };
        Zone { name: format!("{called} {:05}", at + 1), ring, low, high }
    };
    (0..count).map(one).collect()
}

/// A star-shaped ring: corners in the order of their direction from the middle.
fn star(middle: (f64, f64), radius: f64, corners: usize, random: &mut Random) -> Vec<Point> {
    let waves = random.range(2.0, 6.0).floor();
    let phase = random.range(0.0, 6.0);
    let step = std::f64::consts::TAU / corners as f64;
    let mut ring: Vec<Point> = Vec::with_capacity(corners);
    for index in 0..corners {
        let turn = (index as f64 - 0.5 + random.range(-0.2, 0.2)) * step;
        let swell = 0.78 + 0.12 * (waves * turn + phase).sin() + random.range(-0.1, 0.1);
        let far = |share: f64| (radius * swell * share).round() as i64;
        let mut corner = Point {
            x: CORNER.x + middle.0 as i64 + far(turn.cos()),
            y: CORNER.y + middle.1 as i64 + far(turn.sin()),
        };
        match (index, ring.last().copied()) {
            (1, Some(before)) => corner.x = before.x,
            (_, Some(before)) => {
                let last = index + 1 == corners;
                let closes = |corner| !last || primitive(corner, ring.first().copied());
                // A step aside now and then, so that no corner stays right above another.
                for step in 1.. {
                    if primitive(corner, Some(before)) && closes(corner) {
                        break;
                    }
                    corner.y += 1;
                    corner.x += i64::from(step % 4 == 0);
                }
            }
            (_, None) => {}
        }
        ring.push(corner);
    }
    ring
}

/// Whether no point with whole coordinates lies between the two.
fn primitive(a: Point, b: Option<Point>) -> bool {
    let Some(b) = b else { return true };
    let (mut large, mut small) = ((a.x - b.x).abs(), (a.y - b.y).abs());
    while small != 0 {
        (large, small) = (small, large % small);
    }
    large == 1
}

/// Which zones may hold a point.
#[derive(Debug)]
pub struct Index {
    cell: i64,
    near: HashMap<(i64, i64), Vec<usize>>,
}

impl Index {
    /// Over these zones.
    pub fn new(zones: &[Zone]) -> Index {
        let widest = zones.iter().map(|zone| zone.high.x - zone.low.x).max();
        let cell = widest.unwrap_or(EXTENT).max(1);
        let mut near: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        for (at, zone) in zones.iter().enumerate() {
            for x in zone.low.x.div_euclid(cell)..=zone.high.x.div_euclid(cell) {
                for y in zone.low.y.div_euclid(cell)..=zone.high.y.div_euclid(cell) {
                    near.entry((x, y)).or_default().push(at);
                }
            }
        }
        Index { cell, near }
    }

    /// The zones that hold a point.
    pub fn holding<'a>(
        &'a self,
        zones: &'a [Zone],
        at: Point,
    ) -> impl Iterator<Item = usize> + use<'a> {
        let cell = (at.x.div_euclid(self.cell), at.y.div_euclid(self.cell));
        let near = self.near.get(&cell).map_or(&[][..], Vec::as_slice);
        near.iter().copied().filter(move |zone| zones.get(*zone).is_some_and(|z| z.holds(at)))
    }
}

/// Writes zones as GeoJSON.
///
/// # Errors
/// Where it cannot be written.
pub fn geojson(zones: &[Zone], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{{\"type\": \"FeatureCollection\", \"title\": \"Invented zones\",")?;
    writeln!(out, " \"features\": [")?;
    for (at, zone) in zones.iter().enumerate() {
        let name = &zone.name;
        write!(out, "  {{\"type\": \"Feature\", \"properties\": {{\"name\": \"{name}\"}}, ")?;
        write!(out, "\"geometry\": {{\"type\": \"Polygon\", \"coordinates\": [[")?;
        let closed = zone.ring.iter().chain(zone.ring.first());
        for (at, corner) in closed.enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}[{},{}]", Degrees(corner.x), Degrees(corner.y))?;
        }
        let comma = if at + 1 == zones.len() { "" } else { "," };
        writeln!(out, "]]}}}}{comma}")?;
    }
    writeln!(out, " ]}}")
}

/// Millionths of a degree, written as degrees.
pub struct Degrees(pub i64);

impl std::fmt::Display for Degrees {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let all = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:06}", all / 1_000_000, all % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_inside_and_what_is_beside_it_is_not() {
        let zones = zones("fence", 30, &mut Random::new(7));
        for zone in &zones {
            let (a, b) = (zone.ring[0], zone.ring[1]);
            assert_eq!(a.x, b.x);
            let half = Point { x: a.x, y: (a.y + b.y) / 2 };
            assert!(zone.holds(a) && zone.holds(half));
            assert!(zone.holds(Point { x: half.x - 1, ..half }));
            assert!(!zone.holds(Point { x: half.x + 1, ..half }));
            assert!(zone.ring.iter().all(|corner| zone.holds(*corner)));
        }
    }

    #[test]
    fn zones_do_not_overlap_and_the_index_finds_them() {
        let mut random = Random::new(7);
        let zones = zones("fence", 30, &mut random);
        let index = Index::new(&zones);
        let mut found = 0;
        for _ in 0..10_000 {
            let at = Point {
                x: CORNER.x + random.between(0, EXTENT),
                y: CORNER.y + random.between(0, EXTENT),
            };
            let plain: Vec<usize> = (0..zones.len()).filter(|z| zones[*z].holds(at)).collect();
            assert!(plain.len() < 2);
            assert_eq!(index.holding(&zones, at).collect::<Vec<_>>(), plain);
            found += plain.len();
        }
        assert!((2_000..5_000).contains(&found), "{found}");
    }

    #[test]
    fn degrees_are_written_in_full() {
        assert_eq!(Degrees(-30_000_001).to_string(), "-30.000001");
        assert_eq!(Degrees(-5).to_string(), "-0.000005");
    }
}
