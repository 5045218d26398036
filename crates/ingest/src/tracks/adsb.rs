//! Positions of aircraft out of the JSON of receivers and networks: `aircraft.json` and traces of
//! readsb and dump1090, and state vectors of OpenSky.
//!
//! Invariant: a position whose accuracy is told has that error; one that is told to be unknown has
//! the largest.

use super::{
    plan::TrackPlan,
    sighting::{Heard, Sighting},
};
use crate::{
    json::Heading, moment::since_1970, native::decimal, profile::map::NO_POSITION, reject::Fault,
};
use casus_model::{Instant, Occurred, time::SECOND_MS};
use rust_decimal::Decimal;
use serde_json::Value;

/// Metres in a foot.
const FOOT_M: f64 = 0.304_8;
/// Metres a second in km/h.
const KM_H: Decimal = Decimal::from_parts(36, 0, 0, false, 1);

/// What stands beside the rows of one document.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    number: u64,
    members: Value,
}

impl Beside {
    /// Keeps up with the document that a row is of.
    pub fn follow(&mut self, heading: &Heading<'_>) {
        if self.number != heading.number {
            let mut text = heading.members.trim_ascii_end().to_vec();
            while text.last() == Some(&b',') {
                text.pop();
            }
            text.push(b'}');
            self.members = serde_json::from_slice(&text).unwrap_or_default();
            self.number = heading.number;
        }
    }

    fn time(&self, name: &'static str) -> Result<Instant, Fault> {
        let value = self.members.get(name).unwrap_or(&Value::Null);
        instant(value).ok_or_else(|| {
            let reason = format!("expected `{name}` before the rows, in seconds since 1970");
            Fault::new(name, reason, &value.to_string())
        })
    }
}

/// One aircraft of an `aircraft.json`.
pub(crate) fn aircraft(row: &Value, beside: &Beside, plan: &TrackPlan) -> Result<Heard, Fault> {
    let item = text(row, "hex").ok_or_else(|| missing("hex", row))?;
    let known = beside.time("now")?;
    let at = |name: &str| row.get(name).unwrap_or(&Value::Null);
    let (Some(lon), Some(lat)) = (at("lon").as_f64(), at("lat").as_f64()) else {
        return Ok(not_told());
    };
    let ago = number(at("seen_pos")).ok_or_else(|| missing("seen_pos", row))?;
    let ago_ms = ago.checked_mul(SECOND_MS.into()).and_then(|ms| i64::try_from(ms.round()).ok());
    let ago_ms = ago_ms.filter(|ms| ms.abs() < 1 << 40);
    let ago_ms = ago_ms.ok_or_else(|| missing("seen_pos", row))?;
    let time = known.plus_ms(-ago_ms);
    let altitude_m =
        geometric_m(at("alt_geom"), FOOT_M).or_else(|| pressure_m(at("alt_baro"), FOOT_M));
    Ok(Heard::Position(Box::new(Sighting {
        item: item.to_ascii_lowercase(),
        lon,
        lat,
        error_m: error_m(row, plan),
        altitude_m,
        speed: number(at("gs")).map(|speed| (speed, "kn")),
        course: number(at("track")),
        // Told to a tenth of a second.
        time: Occurred::within(time.plus_ms(-100), time.plus_ms(100)),
        known: Some(known),
        receiver: None,
        name: text(row, "flight").map(str::to_owned),
        doubt: None,
    })))
}

/// One point of a trace.
pub(crate) fn trace(row: &Value, beside: &Beside, plan: &TrackPlan) -> Result<Heard, Fault> {
    let begin = beside.time("timestamp")?;
    let item = text(&beside.members, "icao").ok_or_else(|| missing("icao", &beside.members))?;
    let at = |index: usize| row.get(index).unwrap_or(&Value::Null);
    let (Some(lat), Some(lon)) = (at(1).as_f64(), at(2).as_f64()) else { return Ok(not_told()) };
    let since = instant(at(0)).ok_or_else(|| missing("0", row))?;
    let time = begin.plus_ms(since.0);
    // A bit of the flags says that the height beside them is no pressure.
    let is_geometric = at(6).as_u64().is_some_and(|flags| flags & 8 != 0);
    let height_m = if is_geometric { geometric_m } else { pressure_m };
    Ok(Heard::Position(Box::new(Sighting {
        item: item.to_ascii_lowercase(),
        lon,
        lat,
        error_m: error_m(at(8), plan),
        altitude_m: geometric_m(at(10), FOOT_M).or_else(|| height_m(at(3), FOOT_M)),
        speed: number(at(4)).map(|speed| (speed, "kn")),
        course: number(at(5)),
        time: Occurred::within(time, time.plus_ms(9)),
        known: None,
        receiver: None,
        name: text(at(8), "flight").map(str::to_owned),
        doubt: None,
    })))
}

/// One state vector.
pub(crate) fn state(row: &Value, beside: &Beside, plan: &TrackPlan) -> Result<Heard, Fault> {
    let known = beside.time("time")?;
    let at = |index: usize| row.get(index).unwrap_or(&Value::Null);
    let item = at(0).as_str().map(str::trim).filter(|item| !item.is_empty());
    let item = item.ok_or_else(|| missing("icao24", row))?;
    let (Some(lon), Some(lat)) = (at(5).as_f64(), at(6).as_f64()) else { return Ok(not_told()) };
    let time = instant(at(3)).ok_or_else(|| missing("time_position", row))?;
    // 2 is a position that ground stations reckoned.
    let is_mlat = at(16).as_u64() == Some(2);
    Ok(Heard::Position(Box::new(Sighting {
        item: item.to_ascii_lowercase(),
        lon,
        lat,
        error_m: if is_mlat { plan.error_m.mlat } else { plan.error_m.untold },
        altitude_m: geometric_m(at(13), 1.0).or_else(|| pressure_m(at(7), 1.0)),
        speed: number(at(9)).and_then(|m_s| m_s.checked_mul(KM_H)).map(|speed| (speed, "km/h")),
        course: number(at(10)),
        time: Occurred::within(time, time.plus_ms(SECOND_MS - 1)),
        known: Some(known.plus_ms(SECOND_MS - 1)),
        receiver: None,
        name: at(1).as_str().map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned),
        doubt: None,
    })))
}

/// Height above the ellipsoid, up to 110 m from the sea, and 90 m off by itself.
fn geometric_m(height: &Value, unit_m: f64) -> Option<(f64, f64)> {
    reach(height.as_f64()? * unit_m, 200.0)
}

/// Height by pressure.
pub(crate) fn pressure_m(height: &Value, unit_m: f64) -> Option<(f64, f64)> {
    let height_m = height.as_f64()? * unit_m;
    reach(height_m, 600.0 + height_m.abs() / 10.0)
}

/// Height above the ellipsoid, told in feet.
pub(crate) fn geometric_ft(feet: i32) -> Option<(f64, f64)> {
    geometric_m(&feet.into(), FOOT_M)
}

/// Height by pressure, told in feet.
pub(crate) fn pressure_ft(feet: i32) -> Option<(f64, f64)> {
    pressure_m(&feet.into(), FOOT_M)
}

fn reach(height_m: f64, reach_m: f64) -> Option<(f64, f64)> {
    height_m.is_finite().then_some((height_m - reach_m, height_m + reach_m))
}

/// The error by the code of accuracy, or else by the radius of containment.
fn error_m(row: &Value, plan: &TrackPlan) -> f64 {
    let at = |name: &str| row.get(name).unwrap_or(&Value::Null);
    let reckoned = at("mlat").as_array().is_some_and(|all| all.iter().any(|one| one == "lat"));
    if reckoned || at("type") == "mlat" {
        return plan.error_m.mlat;
    }
    let radius_m = at("rc").as_f64().filter(|metres| metres.is_finite() && *metres > 0.0);
    accuracy_m(at("nac_p").as_u64(), radius_m, plan)
}

/// The error by the code of accuracy (nac_p), or else by the radius of containment.
pub(crate) fn accuracy_m(code: Option<u64>, radius_m: Option<f64>, plan: &TrackPlan) -> f64 {
    match code {
        Some(11) => 3.0,
        Some(10) => 10.0,
        Some(9) => 30.0,
        Some(8) => 92.6,
        Some(7) => 185.2,
        Some(6) => 555.6,
        Some(5) => 926.0,
        Some(4) => 1_852.0,
        Some(3) => 3_704.0,
        Some(2) => 7_408.0,
        Some(1) => 18_520.0,
        Some(_) => radius_m.unwrap_or(plan.error_m.unknown),
        None => radius_m.unwrap_or(plan.error_m.untold),
    }
}

fn not_told() -> Heard {
    let (what, which) = NO_POSITION;
    Heard::Other(what, which.to_owned())
}

fn missing(name: &str, row: &Value) -> Fault {
    Fault::new(name, format!("`{name}` is missing or not readable"), &row.to_string())
}

fn text<'v>(row: &'v Value, name: &str) -> Option<&'v str> {
    row.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn number(value: &Value) -> Option<Decimal> {
    value.is_number().then(|| decimal(&value.to_string())).flatten()
}

fn instant(value: &Value) -> Option<Instant> {
    value.is_number().then(|| since_1970(&value.to_string(), SECOND_MS)).flatten()
}
