//! Instants as people write and read them, in the agreement's calendar.
//!
//! Invariant: what `local` writes, `parse` reads back to the same second, except within the hour
//! that a clock repeats.

use casus_model::{Calendar, Instant};
use jiff::civil;

/// Reads RFC 3339, or a local date and time.
///
/// # Errors
/// What was expected.
pub fn parse(text: &str, calendar: &Calendar) -> Result<Instant, String> {
    let text = text.trim();
    if let Some(at) = Instant::parse(text) {
        return Ok(at);
    }
    let has_time = text.contains(':');
    let local: Option<civil::DateTime> = text.parse().ok();
    match local.filter(|_| has_time) {
        Some(local) => Ok(calendar.instant(local)),
        None => Err(format!(
            "expected an instant as `2026-03-22 06:00` (in {}) or `2026-03-22T06:00:00Z`, \
             got `{text}`",
            calendar.zone_name()
        )),
    }
}

/// The local date and time, to the minute, or to the second where that says more.
pub fn local(at: Instant, calendar: &Calendar) -> String {
    if at <= far_past() {
        return "always".to_owned();
    }
    if at >= far_future() {
        return "not yet".to_owned();
    }
    let local = calendar.local(at);
    let (date, time) = (local.date(), local.time());
    let minutes = format!("{date} {:02}:{:02}", time.hour(), time.minute());
    match time.second() {
        0 => minutes,
        second => format!("{minutes}:{second:02}"),
    }
}

/// One instant, or the two between which it lies.
pub fn between(span: (Instant, Instant), calendar: &Calendar) -> String {
    let (from, to) = (local(span.0, calendar), local(span.1, calendar));
    if span.0 == span.1 || from == to {
        return from;
    }
    match (from.split_once(' '), to.split_once(' ')) {
        (Some((day, _)), Some((same, time))) if day == same => format!("{from} to {time}"),
        _ => format!("{from} to {to}"),
    }
}

/// Whether it is an instant that somebody could name.
pub fn is_plain(at: Instant) -> bool {
    far_past() < at && at < far_future()
}

fn far_past() -> Instant {
    Instant(-60_000_000_000_000)
}

fn far_future() -> Instant {
    Instant(250_000_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_read_back() {
        let calendar = Calendar::new("Europe/Kyiv", Vec::new(), [].into()).unwrap();
        let at = parse("2026-03-22 06:00", &calendar).unwrap();
        assert_eq!(at, Instant::parse("2026-03-22T04:00:00Z").unwrap());
        assert_eq!(local(at, &calendar), "2026-03-22 06:00");
        assert_eq!(parse("2026-03-22T06:00:05", &calendar).unwrap(), at.plus_ms(5_000));
        assert!(parse("2026-03-22", &calendar).is_err());
        assert!(parse("yesterday", &calendar).unwrap_err().contains("Europe/Kyiv"));
    }

    #[test]
    fn one_day_is_said_once() {
        let calendar = Calendar::utc();
        let at = parse("2026-03-22 06:00", &calendar).unwrap();
        let span = (at, at.plus_ms(3_600_000));
        assert_eq!(between(span, &calendar), "2026-03-22 06:00 to 07:00");
        assert_eq!(between((Instant::MIN, at), &calendar), "always to 2026-03-22 06:00");
    }
}
