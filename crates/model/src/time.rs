//! Instants, and the interval in which something happened.
//!
//! Invariant: an `Occurred` always has start.0 ≤ start.1, end.0 ≤ end.1 and start.k ≤ end.k.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// The milliseconds in one second, minute, hour and day.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl Instant {
    /// The earliest instant that is ever used: before every event.
    pub const MIN: Instant = Instant(i64::MIN / 4);
    /// The latest instant that is ever used: after every event.
    pub const MAX: Instant = Instant(i64::MAX / 4);

    /// This instant moved by `ms`, kept within `MIN..=MAX`.
    #[must_use]
    #[inline]
    pub fn plus_ms(self, ms: i64) -> Instant {
        Instant(self.0.saturating_add(ms).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Reads an RFC 3339 timestamp (with an offset or `Z`).
    pub fn parse(text: &str) -> Option<Instant> {
        let stamp: jiff::Timestamp = text.parse().ok()?;
        Some(Instant(stamp.as_millisecond()))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with milliseconds only where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(stamp) => write!(f, "{stamp}"),
            Err(_) if self.0 < 0 => f.write_str("-infinity"),
            Err(_) => f.write_str("infinity"),
        }
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Instant::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("expected an RFC 3339 time, got `{text}`"))
        })
    }
}

/// When something happened. It began at one moment within `start` and ended at one moment within
/// `end`, all bounds included. A momentary act of uncertain time has `start == end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Occurred {
    /// Earliest and latest possible beginning.
    pub start: (Instant, Instant),
    /// Earliest and latest possible end.
    pub end: (Instant, Instant),
}

impl Occurred {
    /// One moment, exactly known.
    #[inline]
    pub fn at(moment: Instant) -> Occurred {
        Occurred::within(moment, moment)
    }
    /// One moment that lies somewhere from `earliest` to `latest`.
    #[inline]
    pub fn within(earliest: Instant, latest: Instant) -> Occurred {
        let span = (earliest.min(latest), earliest.max(latest));
        Occurred { start: span, end: span }
    }
    /// It went on from `from` to `to`, each known to `± precision_ms`.
    pub fn lasting(from: Instant, to: Instant, precision_ms: i64) -> Occurred {
        let around = |t: Instant| (t.plus_ms(-precision_ms), t.plus_ms(precision_ms));
        Occurred { start: around(from.min(to)), end: around(from.max(to)) }
    }
    /// Whether it is one moment (of whatever precision).
    #[inline]
    pub fn is_moment(&self) -> bool {
        self.start == self.end
    }
    /// The intersection of two accounts of one thing, or none where they contradict each other.
    pub fn meet(&self, other: &Occurred) -> Option<Occurred> {
        let cut = |a: (Instant, Instant), b: (Instant, Instant)| {
            let both = (a.0.max(b.0), a.1.min(b.1));
            (both.0 <= both.1).then_some(both)
        };
        let (start, end) = (cut(self.start, other.start)?, cut(self.end, other.end)?);
        (start.0 <= end.0 && start.1 <= end.1).then_some(Occurred { start, end })
    }
    /// The narrowest account that contains both.
    #[must_use]
    pub fn hull(&self, other: &Occurred) -> Occurred {
        let wide = |a: (Instant, Instant), b: (Instant, Instant)| (a.0.min(b.0), a.1.max(b.1));
        Occurred { start: wide(self.start, other.start), end: wide(self.end, other.end) }
    }
}
