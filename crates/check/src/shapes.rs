//! GeoJSON into features with polygons and paths.
//!
//! Invariant: whatever the bytes, either features come back or a problem that says what is wrong;
//! a problem of one feature is no problem of another.

use crate::{registry, registry::Code, ring, ring::Fault};
use casus_model::geometry::{Point, Polygon, Side, ring_side};
use geojson::Value as Shape;
use serde_json::Value;

/// Features of one file.
const FEATURES: usize = 20_000;
/// Vertices of one file.
const VERTICES: usize = 1_000_000;

/// One thing that is wrong with a file or a feature of it.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) code: &'static Code,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Problem {
    fn new(code: &'static Code, message: impl Into<String>) -> Problem {
        Problem { code, message: message.into(), help: None }
    }
    fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }
}

/// One feature.
#[derive(Clone, Debug, Default)]
pub(crate) struct Feature {
    /// Its place in the file, from 1.
    pub(crate) number: usize,
    /// Its id.
    pub(crate) id: Option<String>,
    /// Its properties that are text or numbers, by name.
    pub(crate) properties: Vec<(String, String)>,
    /// Its areas.
    pub(crate) polygons: Vec<Polygon>,
    /// Its lines.
    pub(crate) paths: Vec<Vec<Point>>,
    /// Kinds of geometry in it.
    pub(crate) kinds: Vec<&'static str>,
    /// What is wrong with it.
    pub(crate) problems: Vec<Problem>,
}

impl Feature {
    /// What it is called: its id, its `name`, or its number.
    pub(crate) fn called(&self) -> String {
        let name = self.property("name").or(self.id.as_deref());
        name.map_or_else(
            || format!("feature {}", self.number),
            |name| format!("feature {} (`{name}`)", self.number),
        )
    }
    /// A property.
    pub(crate) fn property(&self, key: &str) -> Option<&str> {
        self.properties.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
    /// Whether it goes by this name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.id.as_deref() == Some(name) || self.properties.iter().any(|(_, value)| value == name)
    }
}

/// Reads a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Feature>, Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let file: Value = serde_json::from_slice(bytes)
        .map_err(|why| Problem::new(&registry::NOT_GEOJSON, format!("not JSON: {why}")))?;
    refuse_other_system(&file)?;
    let kind = file.get("type").and_then(Value::as_str).unwrap_or("");
    let features = match kind {
        "FeatureCollection" => {
            let list = file.get("features").and_then(Value::as_array).ok_or_else(|| {
                Problem::new(&registry::NOT_GEOJSON, "a `FeatureCollection` without `features`")
            })?;
            if list.len() > FEATURES {
                let message = format!("{} features, more than {FEATURES}", list.len());
                return Err(Problem::new(&registry::TOO_BIG, message));
            }
            list.iter().enumerate().map(|(at, one)| feature(one, at + 1)).collect()
        }
        "Feature" => vec![feature(&file, 1)],
        "" => {
            let message = "no GeoJSON: it has no `type`";
            return Err(Problem::new(&registry::NOT_GEOJSON, message));
        }
        _ => {
            let mut only = Feature { number: 1, ..Feature::default() };
            geometry(&file, &mut only);
            vec![only]
        }
    };
    limited(features)
}

/// The features, unless they have too many vertices.
fn limited(features: Vec<Feature>) -> Result<Vec<Feature>, Problem> {
    let of = |one: &Feature| {
        let areas: usize = one.polygons.iter().flat_map(|p| &p.0).map(Vec::len).sum();
        areas + one.paths.iter().map(Vec::len).sum::<usize>()
    };
    let vertices: usize = features.iter().map(of).sum();
    if vertices > VERTICES {
        let message = format!("{vertices} vertices, more than {VERTICES}");
        return Err(Problem::new(&registry::TOO_BIG, message)
            .help("simplify the shapes, or give each its own file"));
    }
    Ok(features)
}

/// An old file may name a reference system; only WGS 84 longitude and latitude is read.
fn refuse_other_system(file: &Value) -> Result<(), Problem> {
    let Some(named) = file.get("crs").filter(|crs| !crs.is_null()) else { return Ok(()) };
    let name = named.pointer("/properties/name").and_then(Value::as_str).unwrap_or("unnamed");
    if name.contains("CRS84") || name.ends_with(":4326") {
        return Ok(());
    }
    let message = format!("the coordinates are in `{name}`, expected WGS 84");
    Err(Problem::new(&registry::NOT_WGS84, message).help(REPROJECT))
}

const REPROJECT: &str = "export the file again in EPSG:4326 (longitude, latitude in degrees)";

fn feature(value: &Value, number: usize) -> Feature {
    let mut out = Feature { number, ..Feature::default() };
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    out.id = value.get("id").and_then(text);
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        let known = properties.iter().filter_map(|(key, one)| Some((key.clone(), text(one)?)));
        out.properties = known.collect();
    }
    match value.get("geometry") {
        Some(Value::Null) | None => {
            out.problems.push(Problem::new(&registry::NO_SHAPE, "it has no geometry"));
        }
        Some(shape) => geometry(shape, &mut out),
    }
    out
}

fn geometry(value: &Value, out: &mut Feature) {
    match geojson::Geometry::from_json_value(value.clone()) {
        Ok(read) => shape(read.value, out),
        Err(why) => out.problems.push(Problem::new(&registry::NOT_GEOJSON, why.to_string())),
    }
}

fn shape(value: Shape, out: &mut Feature) {
    out.kinds.push(value.type_name());
    match value {
        Shape::Polygon(rings) => polygon(rings, out),
        Shape::MultiPolygon(list) => list.into_iter().for_each(|rings| polygon(rings, out)),
        Shape::LineString(positions) => path(&positions, out),
        Shape::MultiLineString(list) => list.iter().for_each(|one| path(one, out)),
        Shape::GeometryCollection(list) => list.into_iter().for_each(|one| shape(one.value, out)),
        Shape::Point(position) => spot(&position, out),
        Shape::MultiPoint(list) => list.iter().for_each(|one| spot(one, out)),
    }
}

/// A path of one point: something to measure a distance from.
fn spot(position: &[f64], out: &mut Feature) {
    match point(position) {
        Ok(point) => out.paths.push(vec![point]),
        Err(problem) => out.problems.push(problem),
    }
}

fn polygon(rings: Vec<Vec<Vec<f64>>>, out: &mut Feature) {
    let mut done = Vec::with_capacity(rings.len());
    for (at, positions) in rings.iter().enumerate() {
        let which = if at == 0 { "its outer ring".to_owned() } else { format!("its hole {at}") };
        let made = points(positions)
            .and_then(|list| ring::ring(list).map_err(|fault| fault_of(fault, &which)));
        match made {
            Ok((ring, joined)) => {
                if joined {
                    let message = format!("{which} does not end where it began; it was closed");
                    out.problems.push(Problem::new(&registry::RING_OPEN, message));
                }
                done.push(ring);
            }
            Err(problem) => out.problems.push(problem),
        }
    }
    if done.len() < rings.len() || done.is_empty() {
        if rings.is_empty() {
            out.problems.push(Problem::new(&registry::NO_SHAPE, "a polygon without rings"));
        }
        return;
    }
    let outside = done.split_first().is_some_and(|(outer, holes)| {
        let lies_out = |hole: &Vec<Point>| hole.iter().all(|p| ring_side(*p, outer) == Side::Out);
        holes.iter().any(lies_out)
    });
    if outside {
        let message = "a hole of it lies outside its outer ring";
        out.problems.push(Problem::new(&registry::RING_BAD, message));
    }
    out.polygons.push(Polygon(done));
}

fn path(positions: &[Vec<f64>], out: &mut Feature) {
    match points(positions) {
        Ok(list) if list.len() < 2 => {
            let message = format!("a line of {} positions, expected at least 2", list.len());
            out.problems.push(Problem::new(&registry::RING_BAD, message));
        }
        Ok(list) => match ring::long_edge(&list, false) {
            Some(at) => out.problems.push(fault_of(Fault::Antimeridian(at), "a line of it")),
            None => out.paths.push(list),
        },
        Err(problem) => out.problems.push(problem),
    }
}

fn fault_of(fault: Fault, which: &str) -> Problem {
    let at = |p: Point| format!("longitude {}, latitude {}", p.lon, p.lat);
    match fault {
        Fault::Short(0) => Problem::new(&registry::NO_SHAPE, format!("{which} is empty")),
        Fault::Short(count) => Problem::new(
            &registry::RING_BAD,
            format!("{which} has {count} positions, expected at least 4"),
        ),
        Fault::Flat => Problem::new(&registry::RING_BAD, format!("{which} encloses no area")),
        Fault::Crosses(p) => {
            Problem::new(&registry::RING_CROSSES, format!("{which} crosses itself near {}", at(p)))
                .help("repair the polygon where it was drawn; which part is inside is not guessed")
        }
        Fault::Antimeridian(p) => {
            let message = format!("{which} crosses the antimeridian after {}", at(p));
            Problem::new(&registry::ANTIMERIDIAN, message)
                .help("cut the shape at longitude 180 into two parts")
        }
        Fault::Intricate => {
            Problem::new(&registry::TOO_BIG, format!("{which} is too intricate to be checked"))
                .help("simplify the shape")
        }
    }
}

fn points(positions: &[Vec<f64>]) -> Result<Vec<Point>, Problem> {
    positions.iter().map(|one| point(one)).collect()
}

fn point(position: &[f64]) -> Result<Point, Problem> {
    let [lon, lat, ..] = position else {
        let message = format!("a position of {} numbers, expected 2", position.len());
        return Err(Problem::new(&registry::NOT_GEOJSON, message));
    };
    Point::new(*lon, *lat).ok_or_else(|| {
        let message =
            format!("the position {lon}, {lat} is no longitude and latitude in WGS 84 degrees");
        let problem = Problem::new(&registry::NOT_WGS84, message);
        if lon.abs() > 1_000.0 || lat.abs() > 1_000.0 {
            problem.help(format!("these look like projected metres; {REPROJECT}"))
        } else if lat.abs() <= 180.0 && lon.abs() <= 90.0 {
            problem.help("the longitude comes first, then the latitude")
        } else {
            problem.help(REPROJECT)
        }
    })
}
