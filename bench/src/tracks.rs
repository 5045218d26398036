//! Positions of things that move over a sea of fences, and the agreement that asks who was inside.
//!
//! Invariant: however many positions are drawn, memory holds the things that move and the fences.

pub mod plain;

use crate::{
    files,
    random::Random,
    shapes::{CORNER, EXTENT, Point, Zone, geojson, zones},
};
use std::{cmp::Reverse, collections::BinaryHeap, path::Path};

/// 2026-03-01 00:00 UTC, in seconds since 1970.
pub const BEGIN: i64 = 1_772_323_200;
/// About how long things are followed.
const DAY_S: f64 = 86_400.0;
/// How far apart two sightings of one stay may be.
pub const GAP_S: i64 = 600;
/// How long a stay lasts at least, from its first sighting to its last.
pub const LEAST_S: i64 = 60;
/// Millionths of a degree in a metre, along a meridian.
const PER_METRE: f64 = 9.0;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// How many positions.
    pub positions: u64,
    /// Of how many things.
    pub movers: usize,
    /// Over how many fences.
    pub fences: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// One position.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Which thing.
    pub mover: usize,
    /// When, in seconds since 1970.
    pub at_s: i64,
    /// Where.
    pub at: Point,
}

/// The fences and the positions, in the order of their time.
pub fn sea(sizes: &Sizes) -> (Vec<Zone>, Positions) {
    let fences = zones("fence", sizes.fences, &mut Random::new(sizes.seed));
    let positions = Positions::new(sizes, &fences);
    (fences, positions)
}

/// A thing that moves.
#[derive(Debug)]
struct Mover {
    east: f64,
    north: f64,
    way: Way,
    /// Millionths of a degree in a second.
    speed: f64,
    /// Seconds between two reports, in the mean.
    pace_s: f64,
    last_s: i64,
}

#[derive(Debug)]
enum Way {
    Still,
    /// Back and forth between two places.
    Beat {
        to: Point,
        then: Point,
    },
    /// From place to place.
    Voyage {
        to: Point,
    },
}

/// All positions, one after the other.
#[derive(Debug)]
pub struct Positions {
    random: Random,
    movers: Vec<Mover>,
    next: BinaryHeap<Reverse<(i64, usize)>>,
    left: u64,
}

impl Positions {
    fn new(sizes: &Sizes, fences: &[Zone]) -> Positions {
        let mut random = Random::new(sizes.seed ^ 0x7ac5);
        let pace_s = DAY_S * 0.9 * sizes.movers as f64 / sizes.positions.max(1) as f64;
        let mut mover = || Mover::new(pace_s, fences, &mut random);
        let movers: Vec<Mover> = (0..sizes.movers).map(|_| mover()).collect();
        let first =
            |at| Reverse((BEGIN + random.between(0, pace_s.clamp(1.0, DAY_S).round() as i64), at));
        let next = (0..movers.len()).map(first).collect();
        Positions { random, movers, next, left: sizes.positions }
    }
}

impl Iterator for Positions {
    type Item = Position;

    fn next(&mut self) -> Option<Position> {
        self.left = self.left.checked_sub(1)?;
        let Reverse((at_s, at)) = self.next.pop()?;
        let mover = self.movers.get_mut(at)?;
        mover.advance(at_s, &mut self.random);
        let here = Point { x: mover.east.round() as i64, y: mover.north.round() as i64 };
        let after_s = at_s + mover.pause_s(&mut self.random);
        self.next.push(Reverse((after_s, at)));
        Some(Position { mover: at, at_s, at: here })
    }
}

fn anywhere(random: &mut Random) -> Point {
    Point { x: CORNER.x + random.between(0, EXTENT), y: CORNER.y + random.between(0, EXTENT) }
}

impl Mover {
    fn new(pace_s: f64, fences: &[Zone], random: &mut Random) -> Mover {
        let fence = fences.get(random.below(fences.len()));
        let near = |random: &mut Random| match fence {
            Some(fence) => fence.near(random),
            None => anywhere(random),
        };
        let kind = random.unit();
        let (here, way) = match (kind, fence) {
            (..0.06, Some(fence)) => (fence.on_edge(random), Way::Still),
            (..0.2, _) => (near(random), Way::Still),
            (..0.55, _) => (near(random), Way::Beat { to: near(random), then: near(random) }),
            _ => (anywhere(random), Way::Voyage { to: anywhere(random) }),
        };
        Mover {
            east: here.x as f64,
            north: here.y as f64,
            way,
            speed: random.range(1.0, 22.0) * PER_METRE,
            pace_s: pace_s * random.range(0.5, 1.5),
            last_s: BEGIN,
        }
    }

    fn advance(&mut self, now_s: i64, random: &mut Random) {
        let mut left = self.speed * (now_s - self.last_s) as f64;
        self.last_s = now_s;
        loop {
            let to = match self.way {
                Way::Still => return,
                Way::Beat { to, .. } | Way::Voyage { to } => to,
            };
            let (east, north) = (to.x as f64 - self.east, to.y as f64 - self.north);
            let far = east.hypot(north);
            if far > left {
                self.east += east * left / far;
                self.north += north * left / far;
                return;
            }
            // A way of no length would never end.
            left -= far.max(1.0);
            (self.east, self.north) = (to.x as f64, to.y as f64);
            match &mut self.way {
                Way::Still => return,
                Way::Beat { to, then } => std::mem::swap(to, then),
                Way::Voyage { to } => *to = anywhere(random),
            }
            if left <= 0.0 {
                return;
            }
        }
    }

    /// Seconds until the next report: mostly regular, at times silence, at times exactly the bounds
    /// that the agreement names. These come so often a day, not so often a report.
    fn pause_s(&self, random: &mut Random) -> i64 {
        let often = (self.pace_s / 172.8).min(1.0);
        match random.unit() / often {
            ..0.02 => GAP_S,
            ..0.03 => GAP_S + 1,
            ..0.05 => LEAST_S,
            ..0.055 => LEAST_S - 1,
            ..0.09 => random.between(GAP_S - 60, 2400),
            _ => ((self.pace_s * random.range(0.6, 1.4)).round() as i64).max(1),
        }
    }
}

/// What a file of an agreement may hold: where there are more fences, they are several families.
pub const FAMILY: usize = 20_000;

/// Writes the agreement, its fences and the profile.
///
/// # Errors
/// Where they cannot be written.
pub fn write(fences: &[Zone], folder: &Path) -> Result<(), String> {
    for (at, family) in fences.chunks(FAMILY).enumerate() {
        let path = folder.join(format!("fences{}.geojson", nth(at, "-")));
        files::write(&path, |out| geojson(family, out))?;
    }
    files::text(&folder.join("agreement.md"), &agreement(fences.len().div_ceil(FAMILY)))?;
    files::profile(folder, PROFILE)
}

/// Nothing for the first, else its number.
fn nth(at: usize, before: &str) -> String {
    if at == 0 { String::new() } else { format!("{before}{}", at + 1) }
}

fn agreement(families: usize) -> String {
    let declared = (0..families).map(|at| {
        let (name, file) = (nth(at, " "), nth(at, "-"));
        format!("zones fence{name} from fences{file}.geojson named by \"name\"\n")
    });
    let rules = (0..families).map(|at| {
        let name = nth(at, " ");
        format!(
            "{} finding incursion{name} of item, fence{name}\n    \
             when position in same fence{name}, same item seen for 1 minute, gap at most 10 \
             minutes\n",
            at + 1
        )
    });
    format!(
        "# Who stays inside a fence\n\n\
         All of it is invented: the sea, its fences, and everything that moves on it.\n\n\
         ```casus\nagreement Bench Tracks version 1\n\nact position\n{}```\n\n\
         A thing stays inside a fence from its first sighting there to its last, if these are at\n\
         least a minute apart. Who is seen there again within ten minutes has not left.\n\n\
         ```casus\n{}```\n",
        declared.collect::<String>(),
        rules.collect::<String>()
    )
}

/// How the columns are read, but for what `files::profile` adds.
pub const PROFILE: &str = r#"name = "bench-tracks"
title = "Invented positions of invented things"

[id]
columns = ["id", "t"]

[[act]]
fixed = "position"

[object]
kind = { fixed = "thing" }
item = "id"

[[place]]
lon = "lon"
lat = "lat"

[track]
mover = "ship"
"#;
