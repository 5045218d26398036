//! Local dates and clock times into bounds of instants.
//!
//! Invariant: what is told less exactly gives wider bounds, never a guess within them: a bare date
//! is its whole local day, and a clock time that a shift of the clock makes unclear is all that it
//! can be.

use casus_model::{
    Instant,
    time::{DAY_MS, HOUR_MS, SECOND_MS},
};
use jiff::{
    civil::{Date, Time},
    fmt::strtime::BrokenDownTime,
    tz::TimeZone,
};
use std::collections::HashMap;

/// Days held ready at once; beyond, they are reckoned anew.
const MOST_DAYS: usize = 100_000;

/// Earliest and latest, both included.
pub(crate) type Bounds = (Instant, Instant);

/// Where the clocks are that were read.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    /// In one zone of the bundled database.
    At(TimeZone),
    /// Nobody knows: the bounds hold for every zone there is.
    Any,
}

impl Zone {
    /// A zone by its IANA name, or `any`.
    pub fn named(name: &str) -> Option<Zone> {
        match name {
            "any" => Some(Zone::Any),
            _ => TimeZone::get(name).ok().map(Zone::At),
        }
    }
}

/// What was told, before a zone gives it an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Told {
    /// A day.
    Day(Date),
    /// A day and a clock time.
    Clock(Date, Time),
    /// An instant.
    Exact(Instant),
}

/// Reads text in the first of the formats that fits.
pub(crate) fn told(text: &str, formats: &[String]) -> Option<Told> {
    formats.iter().find_map(|format| told_as(text, format))
}

fn told_as(text: &str, format: &str) -> Option<Told> {
    if format == "rfc3339" {
        return Instant::parse(text).map(Told::Exact);
    }
    if let Some(seconds_of) = epoch(format) {
        return since_1970(text, seconds_of).map(Told::Exact);
    }
    let parts = BrokenDownTime::parse(format, text).ok()?;
    if parts.timestamp().is_some() || parts.offset().is_some() {
        return Some(Told::Exact(Instant(parts.to_timestamp().ok()?.as_millisecond())));
    }
    let date = parts.to_date().ok()?;
    if parts.hour().is_none() {
        return Some(Told::Day(date));
    }
    parts.to_time().ok().map(|time| Told::Clock(date, time))
}

/// How many milliseconds a unit of the formats `epoch s` and `epoch ms` has.
fn epoch(format: &str) -> Option<i64> {
    match format {
        "epoch s" => Some(SECOND_MS),
        "epoch ms" => Some(1),
        _ => None,
    }
}

/// A count since 1970 in UTC, with or without a fraction, cut to the millisecond.
pub(crate) fn since_1970(text: &str, unit_ms: i64) -> Option<Instant> {
    // Whole numbers of up to eleven digits are times of the calendar in either unit.
    if (1..=11).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<i64>().ok().map(|count| Instant(count * unit_ms));
    }
    let count = crate::native::decimal(text)?.checked_mul(unit_ms.into())?.floor();
    let at = i64::try_from(count).ok()?;
    // What is no time of the calendar is no time.
    jiff::Timestamp::from_millisecond(at).ok().map(|_| Instant(at))
}

/// Reads a clock time in the first of the formats that fits. Digits alone are padded to four, so
/// that `45` is a quarter to one.
pub(crate) fn clock(text: &str, formats: &[String]) -> Option<Time> {
    let bare = text.len() < 4 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let padded = bare.then(|| format!("{text:0>4}"));
    let text = padded.as_deref().unwrap_or(text);
    formats.iter().find_map(|format| {
        let parts = BrokenDownTime::parse(format, text).ok()?;
        parts.hour()?;
        parts.to_time().ok()
    })
}

/// Whether what a format writes can be read back as a day, or as a clock time.
pub(crate) fn format_is_known(format: &str, of_clock: bool) -> bool {
    if format == "rfc3339" || epoch(format).is_some() {
        return !of_clock;
    }
    let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let Ok(text) = jiff::fmt::strtime::format(format, &sample) else { return false };
    match of_clock {
        true => clock(&text, &[format.to_owned()]).is_some(),
        false => told_as(&text, format).is_some(),
    }
}

/// Turns local times into instants, and remembers the days.
#[derive(Debug)]
pub(crate) struct Clockwork {
    zone: Zone,
    days: HashMap<Date, Day>,
}

#[derive(Clone, Copy, Debug)]
struct Day {
    begins: i64,
    /// Behind its last millisecond.
    ends: i64,
    /// Whether the clock does not shift within it.
    even: bool,
}

impl Clockwork {
    pub fn new(zone: Zone) -> Clockwork {
        Clockwork { zone, days: HashMap::new() }
    }

    /// The bounds of what was told; `resolution_ms` is the length of its last unit.
    pub fn bounds(&mut self, told: Told, resolution_ms: i64) -> Option<Bounds> {
        let last = (resolution_ms - 1).max(0);
        match told {
            Told::Exact(at) => Some((at, at.plus_ms(last))),
            Told::Day(date) => self.day(date),
            Told::Clock(date, time) => {
                self.clock(date, time).map(|(from, to)| (from, to.plus_ms(last)))
            }
        }
    }

    /// The local day.
    pub fn day(&mut self, date: Date) -> Option<Bounds> {
        let day = self.known_day(date)?;
        Some((Instant(day.begins), Instant(day.ends - 1)))
    }

    /// The local days from the first to the last.
    pub fn days(&mut self, first: Date, last: Date) -> Option<Bounds> {
        Some((self.day(first)?.0, self.day(last)?.1))
    }

    fn known_day(&mut self, date: Date) -> Option<Day> {
        if let Some(day) = self.days.get(&date) {
            return Some(*day);
        }
        if self.days.len() >= MOST_DAYS {
            self.days.clear();
        }
        let day = self.reckon_day(date)?;
        self.days.insert(date, day);
        Some(day)
    }

    fn reckon_day(&self, date: Date) -> Option<Day> {
        let next = date.tomorrow().ok()?;
        let zone = match &self.zone {
            Zone::At(zone) => zone,
            Zone::Any => {
                let midnight = instant_in(&TimeZone::UTC, date, Time::midnight())?.0;
                let (begins, ends) = (midnight - 14 * HOUR_MS, midnight + DAY_MS + 12 * HOUR_MS);
                return Some(Day { begins, ends, even: false });
            }
        };
        let (begins, _) = instant_in(zone, date, Time::midnight())?;
        let (ends, _) = instant_in(zone, next, Time::midnight())?;
        Some(Day { begins, ends, even: ends - begins == DAY_MS })
    }

    fn clock(&mut self, date: Date, time: Time) -> Option<Bounds> {
        let day = self.known_day(date)?;
        let since_midnight = i64::from(time.hour()) * HOUR_MS
            + i64::from(time.minute()) * 60 * SECOND_MS
            + i64::from(time.second()) * SECOND_MS
            + i64::from(time.millisecond());
        let zone = match &self.zone {
            Zone::Any => {
                let (from, to) = (day.begins + since_midnight, day.ends - DAY_MS + since_midnight);
                return Some((Instant(from), Instant(to)));
            }
            Zone::At(zone) => zone,
        };
        if day.even {
            let at = Instant(day.begins + since_midnight);
            return Some((at, at));
        }
        let (from, to) = instant_in(zone, date, time)?;
        Some((Instant(from), Instant(to)))
    }
}

/// The first and the last instant that the local time can mean.
fn instant_in(zone: &TimeZone, date: Date, time: Time) -> Option<(i64, i64)> {
    let local = date.to_datetime(time);
    let first = zone.to_ambiguous_timestamp(local).earlier().ok()?;
    let last = zone.to_ambiguous_timestamp(local).later().ok()?;
    Some((first.as_millisecond(), last.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kyiv(text: &str) -> String {
        let mut clockwork = Clockwork::new(Zone::named("Europe/Kyiv").unwrap());
        let formats = ["%Y-%m-%d %H:%M".to_owned(), "%Y-%m-%d".to_owned()];
        let (from, to) = clockwork.bounds(told(text, &formats).unwrap(), 60_000).unwrap();
        format!("{from} {to}")
    }

    #[test]
    fn a_date_is_its_local_day() {
        assert_eq!(kyiv("2024-01-15"), "2024-01-14T22:00:00Z 2024-01-15T21:59:59.999Z");
        // The clock moves forward: 23 hours.
        assert_eq!(kyiv("2024-03-31"), "2024-03-30T22:00:00Z 2024-03-31T20:59:59.999Z");
    }

    #[test]
    fn an_hour_that_comes_twice_is_both() {
        assert_eq!(kyiv("2024-10-27 03:30"), "2024-10-27T00:30:00Z 2024-10-27T01:30:59.999Z");
        assert_eq!(kyiv("2024-10-27 04:30"), "2024-10-27T02:30:00Z 2024-10-27T02:30:59.999Z");
    }

    #[test]
    fn in_any_zone_a_day_is_fifty_hours() {
        let mut clockwork = Clockwork::new(Zone::Any);
        let (from, to) = clockwork.day(Date::constant(2024, 1, 15)).unwrap();
        assert_eq!(format!("{from} {to}"), "2024-01-14T10:00:00Z 2024-01-16T11:59:59.999Z");
    }

    #[test]
    fn a_clock_without_leading_zeros() {
        let formats = ["%H:%M:%S".to_owned(), "%H%M".to_owned()];
        assert_eq!(clock("45", &formats), Some(Time::constant(0, 45, 0, 0)));
        assert_eq!(clock("1305", &formats), Some(Time::constant(13, 5, 0, 0)));
        assert_eq!(clock("00:45:10", &formats), Some(Time::constant(0, 45, 10, 0)));
        assert_eq!(clock("2561", &formats), None);
    }
}
