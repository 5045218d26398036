//! The native format: JSON Lines, one record a line.
//!
//! Invariant: what [`write_record`] writes, [`parse_record`] reads back as an equal record.

mod build;
mod read;
mod write;

pub(crate) use build::{Draft, build};
pub(crate) use read::{Amount, ObjectDraft, PlaceDraft, Teller, Text, When, Who, decimal};
pub use write::write_record;

use crate::{Limits, geometry, json, names::Names, names::with_guess, reject::Fault};
use casus_model::{Record, geometry::Shape};
use serde_json::Value;

/// Reads one record from one line of JSON.
///
/// # Errors
/// What was expected, against what was found.
pub fn parse_record(text: &str) -> Result<Record, String> {
    let mut names = Names::default();
    let limits = Limits::default();
    parse(text, &limits, &mut names).map_err(|fault| match fault.column {
        Some(field) => format!("`{field}`: {}", fault.reason),
        None => fault.reason,
    })
}

/// Reads one record from one line or from one GeoJSON feature.
pub(crate) fn parse(text: &str, limits: &Limits, names: &mut Names) -> Result<Record, Fault> {
    if json::nesting(text.as_bytes()) > limits.nesting {
        let reason = crate::LimitExceeded::new("nesting", limits.nesting).to_string();
        return Err(Fault::row(reason, text));
    }
    let fault = |error: serde_json::Error| Fault::row(with_guess(&error.to_string()), text);
    if is_feature(text) {
        return feature(text, limits, names);
    }
    let draft: Draft<'_> = serde_json::from_str(text).map_err(fault)?;
    if draft.role.is_some() || draft.error_m.is_some() || draft.altitude_m.is_some() {
        let reason = "`role`, `error_m` and `altitude_m` belong into one of `places`";
        return Err(Fault::row(reason, text));
    }
    build(draft, None, limits, names)
}

/// Whether the object is a GeoJSON feature: only such a one has `properties`.
fn is_feature(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Kind<'a> {
        #[serde(borrow, rename = "type")]
        kind: Option<std::borrow::Cow<'a, str>>,
    }
    // A record has no `type`, so the sign for it is looked for before the text is read for it.
    text.contains("\"Feature\"")
        && serde_json::from_str::<Kind<'_>>(text)
            .is_ok_and(|one| one.kind.as_deref() == Some("Feature"))
}

fn feature(text: &str, limits: &Limits, names: &mut Names) -> Result<Record, Fault> {
    #[derive(serde::Deserialize)]
    struct Feature<'a> {
        id: Option<Value>,
        #[serde(borrow)]
        properties: Option<Draft<'a>>,
        geometry: Option<Value>,
    }
    let fault = |error: serde_json::Error| Fault::row(with_guess(&error.to_string()), text);
    let feature: Feature<'_> = serde_json::from_str(text).map_err(fault)?;
    let mut draft = feature.properties.unwrap_or_default();
    if draft.id.is_none() {
        draft.id = match feature.id {
            Some(Value::String(id)) => Some(Text(id.into())),
            Some(Value::Number(id)) => Some(Text(id.to_string().into())),
            _ => None,
        };
    }
    let geometry = feature.geometry.unwrap_or(Value::Null);
    let shape: Option<Shape> = geometry::of_geojson(&geometry, limits.vertices)
        .map_err(|reason| Fault::new("geometry", reason, &geometry.to_string()))?;
    build(draft, shape, limits, names)
}
