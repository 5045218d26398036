//! The cells of one row as a profile sees them, from delimited text or from JSON.
//!
//! Invariant: a cell that a profile needs is there, or the row is rejected.

use crate::{
    LimitExceeded, Limits, geometry,
    profile::{
        map::Cells,
        plan::{Column, Plan},
    },
    reject::Fault,
    rows,
};
use casus_model::geometry::Shape;
use serde_json::Value;

/// The fields of a row of delimited text.
pub(crate) struct RowCells<'r> {
    text: &'r str,
    ends: &'r [usize],
    slots: &'r [Option<usize>],
}

impl<'r> RowCells<'r> {
    /// `slots` gives the index of the field of each slot.
    pub fn new(text: &'r str, ends: &'r [usize], slots: &'r [Option<usize>]) -> RowCells<'r> {
        RowCells { text, ends, slots }
    }
}

impl Cells for RowCells<'_> {
    fn cell(&self, slot: usize) -> Option<&str> {
        let index = (*self.slots.get(slot)?)?;
        rows::field(self.text, self.ends, index)
    }
    fn shape(&self) -> Result<Option<Shape>, Fault> {
        Ok(None)
    }
}

/// The members of a JSON object, or the properties and the geometry of a feature.
pub(crate) struct ItemCells<'v> {
    cells: Vec<Option<String>>,
    geometry: Option<&'v Value>,
    vertices: u64,
}

impl<'v> ItemCells<'v> {
    pub fn new(value: &'v Value, plan: &Plan, limits: &Limits) -> Result<ItemCells<'v>, Fault> {
        let Value::Object(members) = value else {
            return Err(Fault::row("expected a JSON object", ""));
        };
        let is_feature = members.get("type").and_then(Value::as_str) == Some("Feature");
        let nothing = serde_json::Map::new();
        let inner = match members.get("properties") {
            Some(Value::Object(inner)) if is_feature => inner,
            _ if is_feature => &nothing,
            _ => members,
        };
        let cell = |column: &Column| {
            let exact = inner.get(&column.name);
            let found = exact.or_else(|| {
                let same = |name: &&String| name.eq_ignore_ascii_case(&column.name);
                inner.keys().find(same).and_then(|name| inner.get(name))
            });
            match found {
                None if !(column.optional || is_feature && names_position(plan, column)) => {
                    Err(Fault::new(&column.name, format!("`{}` is missing", column.name), ""))
                }
                found => Ok(found.map(cell_text)),
            }
        };
        let cells = plan.columns.iter().map(cell).collect::<Result<Vec<_>, _>>()?;
        for (cell, column) in cells.iter().zip(&plan.columns) {
            if cell.as_ref().is_some_and(|text| text.len() as u64 > limits.field_bytes) {
                let limit = LimitExceeded::new("field_bytes", limits.field_bytes);
                return Err(Fault::new(&column.name, limit.to_string(), ""));
            }
        }
        let geometry = if is_feature { members.get("geometry") } else { None };
        Ok(ItemCells { cells, geometry, vertices: limits.vertices })
    }
}

/// Whether a column only repeats what the geometry of a feature says.
fn names_position(plan: &Plan, column: &Column) -> bool {
    let same =
        |other: &Option<Column>| other.as_ref().is_some_and(|other| other.slot == column.slot);
    plan.places.iter().any(|place| place.geometry && (same(&place.lon) || same(&place.lat)))
}

/// A JSON value as the text of a cell; the members of a list are joined by `|`.
fn cell_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(cell_text).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

impl Cells for ItemCells<'_> {
    fn cell(&self, slot: usize) -> Option<&str> {
        self.cells.get(slot)?.as_deref()
    }
    fn shape(&self) -> Result<Option<Shape>, Fault> {
        let Some(geometry) = self.geometry else { return Ok(None) };
        geometry::of_geojson(geometry, self.vertices)
            .map_err(|reason| Fault::new("geometry", reason, &geometry.to_string()))
    }
}
