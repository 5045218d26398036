//! Lines of the BaseStation format, as receivers write them to port 30003.
//!
//! Invariant: a line is read by itself; what other lines say of the same aircraft is not added.

use super::{
    adsb::pressure_m,
    plan::TrackPlan,
    sighting::{Heard, Sighting},
};
use crate::{
    moment::{self, Bounds, Clockwork, Zone},
    native::decimal,
    profile::map::NO_POSITION,
    reject::Fault,
};
use casus_model::Occurred;

/// Kinds of lines.
pub(crate) const KINDS: [&str; 6] = ["MSG", "SEL", "ID", "AIR", "STA", "CLK"];

/// Reads lines.
pub(crate) struct Sbs<'p> {
    plan: &'p TrackPlan,
    clockwork: Clockwork,
    formats: [String; 1],
}

impl<'p> Sbs<'p> {
    pub fn new(plan: &'p TrackPlan) -> Sbs<'p> {
        let zone = plan.zone.as_deref().and_then(Zone::named).unwrap_or(Zone::Any);
        let formats = ["%Y/%m/%d %H:%M:%S%.f".to_owned()];
        Sbs { plan, clockwork: Clockwork::new(zone), formats }
    }

    /// Reads one line.
    pub fn line(&mut self, text: &str) -> Result<Heard, Fault> {
        let fields: Vec<&str> = text.trim().split(',').map(str::trim).collect();
        let at = |index: usize| fields.get(index).copied().unwrap_or_default();
        let kind = at(0);
        if !KINDS.contains(&kind) {
            let got = crate::reject::shortened(kind, 20);
            let kinds = KINDS.map(|kind| format!("`{kind}`")).join(", ");
            return Err(Fault::new("type", format!("expected {kinds}, got `{got}`"), text));
        }
        if kind != "MSG" {
            return Ok(Heard::Other("line", kind.to_owned()));
        }
        if !(16..=22).contains(&fields.len()) {
            let reason = format!("expected 22 fields, got {}", fields.len());
            return Err(Fault::row(reason, text));
        }
        let (lat, lon) = (at(14), at(15));
        if lat.is_empty() && lon.is_empty() {
            let message = crate::reject::shortened(at(1), 20);
            return match message.is_empty() {
                true => Ok(Heard::Other(NO_POSITION.0, NO_POSITION.1.to_owned())),
                false => Ok(Heard::Other("message", format!("MSG {message} without a position"))),
            };
        }
        let item = at(4);
        if item.is_empty() {
            return Err(Fault::new("address", "expected an ICAO address, got nothing", text));
        }
        let time = self.time("generated", at(6), at(7))?;
        let known = self.time("logged", at(8), at(9))?;
        let altitude = number("altitude", at(11))?.map(serde_json::Value::from);
        let amount = |name: &str, text: &str| match text {
            "" => Ok(None),
            text => decimal(text).map(Some).ok_or_else(|| no_number(name, text)),
        };
        Ok(Heard::Position(Box::new(Sighting {
            item: item.to_ascii_lowercase(),
            lon: number("longitude", lon)?.ok_or_else(|| no_number("longitude", lon))?,
            lat: number("latitude", lat)?.ok_or_else(|| no_number("latitude", lat))?,
            error_m: self.plan.error_m.untold,
            altitude_m: altitude.and_then(|feet| pressure_m(&feet, 0.304_8)),
            speed: amount("speed", at(12))?.map(|speed| (speed, "kn")),
            course: amount("track", at(13))?,
            time: Occurred::within(time.0, time.1),
            known: Some(known.1),
            receiver: None,
            name: Some(at(10)).filter(|name| !name.is_empty()).map(str::to_owned),
            doubt: None,
        })))
    }

    fn time(&mut self, name: &str, date: &str, clock: &str) -> Result<Bounds, Fault> {
        let text = format!("{date} {clock}");
        let told = moment::told(&text, &self.formats);
        told.and_then(|told| self.clockwork.bounds(told, 1)).ok_or_else(|| {
            let got = crate::reject::shortened(&text, 40);
            let reason = format!("expected a time as `2026/03/01` and `10:00:00.000`, got `{got}`");
            Fault::new(name, reason, &text)
        })
    }
}

fn number(name: &str, text: &str) -> Result<Option<f64>, Fault> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| no_number(name, text)),
    }
}

fn no_number(name: &str, text: &str) -> Fault {
    let got = crate::reject::shortened(text, 40);
    Fault::new(name, format!("expected a number, got `{got}`"), text)
}
