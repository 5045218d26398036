//! Coordinates into shapes.
//!
//! Invariant: every shape has only finite coordinates in range, lines of at least two points and
//! rings of at least three, and no more vertices than the limit.

use casus_model::geometry::{Point, Polygon, Ring, Shape};
use serde_json::Value;

/// A position as it is written: longitude first.
pub(crate) type Position = Vec<f64>;

/// A point, or what is wrong with it.
pub(crate) fn point(lon: f64, lat: f64) -> Result<Point, String> {
    Point::new(lon, lat).ok_or_else(|| {
        format!(
            "expected a longitude from -180 to 180 and a latitude from -90 to 90, got \
             `{lon}`, `{lat}`"
        )
    })
}

fn position(at: &Position) -> Result<Point, String> {
    match at.as_slice() {
        // A third number is a height; shapes here lie on the ground.
        [lon, lat] | [lon, lat, _] => point(*lon, *lat),
        _ => Err(format!("expected a longitude and a latitude, got {} numbers", at.len())),
    }
}

fn positions(all: &[Position], most: u64) -> Result<Vec<Point>, String> {
    if all.len() as u64 > most {
        return Err(format!("more than the limit `vertices` of {most}"));
    }
    all.iter().map(position).collect()
}

/// A line.
pub(crate) fn line(all: &[Position], most: u64) -> Result<Shape, String> {
    if all.len() < 2 {
        return Err(format!("expected a line of at least two points, got {}", all.len()));
    }
    Ok(Shape::Line(positions(all, most)?.into()))
}

fn ring(all: &[Position], most: u64) -> Result<Ring, String> {
    let mut points = positions(all, most)?;
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    if points.len() < 3 {
        return Err(format!("expected a ring of at least three points, got {}", points.len()));
    }
    Ok(points)
}

/// An area: polygons, each an outer ring and its holes.
pub(crate) fn area(all: &[Vec<Vec<Position>>], most: u64) -> Result<Shape, String> {
    let vertices: u64 = all.iter().flatten().map(|ring| ring.len() as u64).sum();
    if vertices > most {
        return Err(format!("more than the limit `vertices` of {most}"));
    }
    let polygon = |rings: &Vec<Vec<Position>>| {
        if rings.is_empty() {
            return Err("expected a polygon of at least one ring, got none".to_owned());
        }
        Ok(Polygon(rings.iter().map(|one| ring(one, most)).collect::<Result<_, _>>()?))
    };
    if all.is_empty() {
        return Err("expected an area of at least one polygon, got none".to_owned());
    }
    let polygons: Vec<Polygon> = all.iter().map(polygon).collect::<Result<_, String>>()?;
    Ok(Shape::Area(polygons.into()))
}

/// The shape of a GeoJSON geometry; none for `null`.
pub(crate) fn of_geojson(value: &Value, most: u64) -> Result<Option<Shape>, String> {
    let Value::Object(members) = value else {
        return match value {
            Value::Null => Ok(None),
            _ => Err("expected a GeoJSON geometry".to_owned()),
        };
    };
    let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
    let coordinates = members.get("coordinates").unwrap_or(&Value::Null);
    let shape = match kind {
        "Point" => {
            let at: Position = read(coordinates)?;
            Shape::Point(position(&at)?)
        }
        "LineString" => line(&read::<Vec<Position>>(coordinates)?, most)?,
        "Polygon" => area(&[read::<Vec<Vec<Position>>>(coordinates)?], most)?,
        "MultiPolygon" => area(&read::<Vec<Vec<Vec<Position>>>>(coordinates)?, most)?,
        other => {
            return Err(format!(
                "expected a `Point`, `LineString`, `Polygon` or `MultiPolygon`, got `{other}`"
            ));
        }
    };
    Ok(Some(shape))
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| format!("coordinates: {error}"))
}
