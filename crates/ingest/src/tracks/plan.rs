//! A profile of a format of positions, as it is written in TOML.
//!
//! Invariant: after `prepare`, every name in it is one, every error is a length, and a base time is
//! whole or absent.

use crate::{moment::Zone, names::fault_of_name, profile::plan::Mover};
use casus_model::{Instant, time::DAY_MS};
use serde::Deserialize;

/// Which format.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Reader {
    /// NMEA 0183 sentences with AIS messages.
    #[serde(rename = "ais")]
    Ais,
    /// Lines of the BaseStation format.
    #[serde(rename = "sbs")]
    Sbs,
    /// `aircraft.json` and traces.
    #[serde(rename = "readsb")]
    Readsb,
    /// Frames of the Beast format.
    #[serde(rename = "beast")]
    Beast,
    /// State vectors as JSON.
    #[serde(rename = "opensky-states")]
    States,
}

impl Reader {
    /// The profile of the format, where none is asked for.
    pub fn profile(self) -> &'static str {
        match self {
            Reader::Ais => "ais",
            Reader::Sbs => "sbs",
            Reader::Readsb => "readsb",
            Reader::Beast => "beast",
            Reader::States => "opensky-states",
        }
    }
    /// What its things are.
    pub fn mover(self) -> Mover {
        match self {
            Reader::Ais => Mover::Ship,
            Reader::Sbs | Reader::Readsb | Reader::Beast | Reader::States => Mover::Aircraft,
        }
    }
}

/// The whole profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackPlan {
    pub name: String,
    #[serde(default)]
    pub title: String,
    /// What the reader of the profile should know; not used otherwise.
    #[serde(default, rename = "notes")]
    _notes: String,
    pub reader: Reader,
    pub act: String,
    /// The category of the thing.
    pub kind: String,
    /// Who tells it where the data name no receiver; without it, the file.
    pub source: Option<String>,
    /// Of local times.
    pub zone: Option<String>,
    /// Between when and when a report lies that has no time; of frames, the first one.
    pub base_from: Option<Instant>,
    pub base_to: Option<Instant>,
    /// Of frames: what their counter counts.
    pub clock: Option<Clock>,
    /// Of frames: the longitude and latitude near which a thing on the ground is.
    pub near: Option<[f64; 2]>,
    #[serde(default)]
    pub error_m: Errors,
}

/// What the counter of a frame counts.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Parts of a second, from when the receiver was switched on.
    #[default]
    #[serde(rename = "12 MHz")]
    Counter,
    /// The time of day, as a receiver has it from satellites.
    #[serde(rename = "gps")]
    Gps,
}

/// How far a position may be off, in metres.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Errors {
    /// Where it calls itself accurate.
    pub accurate: f64,
    /// Where it does not.
    pub inaccurate: f64,
    /// On top, where it is told coarsely.
    pub coarse: f64,
    /// Where no accuracy is told.
    pub untold: f64,
    /// Where the accuracy is told to be unknown.
    pub unknown: f64,
    /// Where ground stations reckoned it.
    pub mlat: f64,
}

impl Default for Errors {
    fn default() -> Errors {
        let (accurate, inaccurate, coarse) = (10.0, 100.0, 131.0);
        let (untold, unknown, mlat) = (185.0, 18_520.0, 1_000.0);
        Errors { accurate, inaccurate, coarse, untold, unknown, mlat }
    }
}

impl TrackPlan {
    /// Checks what the type alone does not.
    pub fn prepare(&self) -> Result<(), String> {
        let names = [("act", Some(&self.act)), ("kind", Some(&self.kind))];
        for (key, name) in names.into_iter().chain([("source", self.source.as_ref())]) {
            if let Some(name) = name
                && (name.is_empty() || fault_of_name(name).is_some())
            {
                return Err(format!("`{key}`: expected a name, got `{name}`"));
            }
        }
        let Errors { accurate, inaccurate, coarse, untold, unknown, mlat } = self.error_m;
        for error_m in [accurate, inaccurate, coarse, untold, unknown, mlat] {
            if !(error_m.is_finite() && error_m >= 0.0) {
                let reason = format!("expected an error of at least 0 metres, got `{error_m}`");
                return Err(format!("`error_m`: {reason}"));
            }
        }
        if let Some(zone) = self.zone.as_ref().filter(|zone| Zone::named(zone).is_none()) {
            return Err(format!("`zone`: expected an IANA time zone or `any`, got `{zone}`"));
        }
        match (self.base_from, self.base_to) {
            (Some(from), Some(to)) if from <= to => {}
            (None, None) => {}
            _ => {
                let expected = "expected both `base_from` and `base_to`, in order, or neither";
                return Err(expected.to_owned());
            }
        }
        self.check_frames()
    }

    /// What only frames have.
    fn check_frames(&self) -> Result<(), String> {
        let own = [("clock", self.clock.is_some()), ("near", self.near.is_some())];
        if let Some((key, _)) = own.iter().find(|(_, said)| *said && self.reader != Reader::Beast) {
            return Err(format!("`{key}`: only the reader `beast` has it"));
        }
        if let Some([lon, lat]) = self.near
            && let Err(reason) = crate::geometry::point(lon, lat)
        {
            return Err(format!("`near`: {reason}"));
        }
        let base = self.base_from.zip(self.base_to);
        let ms = base.map_or(0, |(from, to)| to.0.saturating_sub(from.0));
        match self.clock == Some(Clock::Gps) && ms >= DAY_MS {
            true => Err("`clock = \"gps\"` tells no day: expected `base_from` and `base_to` less \
                         than 24 hours apart"
                .to_owned()),
            false => Ok(()),
        }
    }
}
