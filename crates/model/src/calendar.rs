//! Calendars: local days, working days and spans of calendar time.
//!
//! Invariant: moving an instant is monotone and total; out of range it saturates, and `MIN` and
//! `MAX` stay.

use crate::time::{Instant, SECOND_MS};
use jiff::{civil, tz::TimeZone};
use std::collections::BTreeSet;

/// The calendar of an agreement.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone_name: String,
    zone: TimeZone,
    rest_days: Vec<civil::Weekday>,
    holidays: BTreeSet<civil::Date>,
}

/// A length of time: exact, or counted on a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    /// Exactly so many milliseconds (seconds, minutes, hours).
    Exact(i64),
    /// So many calendar days; the deadline ends at the local midnight that ends the day.
    Days(u32),
    /// So many working days, the same.
    WorkingDays(u32),
    /// So many calendar months, the same.
    Months(u32),
}

/// A period of the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Calendar {
    /// A calendar by its IANA zone name; none where the bundled database does not know it.
    pub fn new(
        zone_name: &str,
        rest_days: Vec<civil::Weekday>,
        holidays: BTreeSet<civil::Date>,
    ) -> Option<Calendar> {
        let zone = TimeZone::get(zone_name).ok()?;
        Some(Calendar { zone_name: zone_name.to_owned(), zone, rest_days, holidays })
    }
    /// UTC without rest days.
    pub fn utc() -> Calendar {
        Calendar {
            zone_name: "UTC".to_owned(),
            zone: TimeZone::UTC,
            rest_days: Vec::new(),
            holidays: BTreeSet::new(),
        }
    }
    /// The IANA name of the zone.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }
    /// The local date and time of an instant.
    pub fn local(&self, at: Instant) -> civil::DateTime {
        let clamped = at.0.clamp(-60_000_000_000_000, 250_000_000_000_000);
        jiff::Timestamp::from_millisecond(clamped)
            .map_or(civil::DateTime::ZERO, |stamp| self.zone.to_datetime(stamp))
    }
    /// The instant of a local date and time. In a gap of daylight saving time the clock is read
    /// as if it had not yet moved; of two equal local times the first is meant.
    pub fn instant(&self, local: civil::DateTime) -> Instant {
        match self.zone.to_ambiguous_timestamp(local).compatible() {
            Ok(stamp) => Instant(stamp.as_millisecond()),
            Err(_) => Instant::MAX,
        }
    }
    /// The local midnight that begins the day of `date`.
    pub fn midnight(&self, date: civil::Date) -> Instant {
        self.instant(date.to_datetime(civil::Time::midnight()))
    }
    /// Whether the date is neither a rest day nor a holiday.
    pub fn is_working_day(&self, date: civil::Date) -> bool {
        !self.rest_days.contains(&date.weekday()) && !self.holidays.contains(&date)
    }
    /// The deadline `span` after `at`: exact, or the midnight that ends the last calendar day.
    pub fn deadline(&self, at: Instant, span: Span) -> Instant {
        match span {
            _ if is_no_date(at) => at,
            Span::Exact(ms) => at.plus_ms(ms),
            _ => self.midnight(next_day(self.shifted_date(at, span, 1))),
        }
    }
    /// The latest instant that lies `span` before `at`: exact, or the midnight that begins the
    /// day so many calendar days earlier.
    pub fn lead(&self, at: Instant, span: Span) -> Instant {
        match span {
            _ if is_no_date(at) => at,
            Span::Exact(ms) => at.plus_ms(-ms),
            _ => self.midnight(self.shifted_date(at, span, -1)),
        }
    }
    /// The same local clock time `span` later (`sign` 1) or earlier (`sign` -1).
    #[inline]
    pub fn shift(&self, at: Instant, span: Span, sign: i32) -> Instant {
        match span {
            _ if is_no_date(at) => at,
            Span::Exact(ms) => at.plus_ms(ms.saturating_mul(i64::from(sign))),
            _ => {
                let time = self.local(at).time();
                self.instant(self.shifted_date(at, span, sign).to_datetime(time))
            }
        }
    }
    /// The local date `span` after or before the date of `at` (an exact span counts as no day).
    pub fn shifted_date(&self, at: Instant, span: Span, sign: i32) -> civil::Date {
        let date = self.local(at).date();
        let moved = match span {
            Span::Exact(_) => return date,
            Span::Days(n) => jiff::Span::new().try_days(i64::from(n) * i64::from(sign)),
            Span::Months(n) => jiff::Span::new().try_months(i64::from(n) * i64::from(sign)),
            Span::WorkingDays(n) => return self.working_days_from(date, n, sign),
        };
        moved.and_then(|by| date.checked_add(by)).unwrap_or(if sign < 0 {
            civil::Date::MIN
        } else {
            civil::Date::MAX
        })
    }
    fn working_days_from(&self, from: civil::Date, count: u32, sign: i32) -> civil::Date {
        let (mut date, mut left) = (from, count);
        while left > 0 {
            let next = if sign < 0 { date.yesterday() } else { date.tomorrow() };
            let Ok(next) = next else { return date };
            date = next;
            if self.is_working_day(date) {
                left -= 1;
            }
        }
        date
    }
    /// The period that contains `at`, as `[from, to)`.
    pub fn period(&self, at: Instant, period: Period) -> (Instant, Instant) {
        let date = self.local(at).date();
        let first = period_start(date, period);
        (self.midnight(first), self.midnight(period_next(first, period)))
    }
}

/// Always and not yet stay what they are, however long one waits.
fn is_no_date(at: Instant) -> bool {
    at == Instant::MIN || at == Instant::MAX
}

fn next_day(date: civil::Date) -> civil::Date {
    date.tomorrow().unwrap_or(civil::Date::MAX)
}

fn period_start(date: civil::Date, period: Period) -> civil::Date {
    let back = |days: i64| {
        jiff::Span::new().try_days(days).and_then(|by| date.checked_sub(by)).unwrap_or(date)
    };
    match period {
        Period::Day => date,
        Period::Week => back(i64::from(date.weekday().to_monday_zero_offset())),
        Period::Month => date.first_of_month(),
        Period::Quarter => {
            let month = (date.month() - 1) / 3 * 3 + 1;
            civil::Date::new(date.year(), month, 1).unwrap_or(date)
        }
        Period::Year => date.first_of_year(),
    }
}

fn period_next(first: civil::Date, period: Period) -> civil::Date {
    let step = jiff::Span::new();
    let step = match period {
        Period::Day => step.try_days(1),
        Period::Week => step.try_days(7),
        Period::Month => step.try_months(1),
        Period::Quarter => step.try_months(3),
        Period::Year => step.try_years(1),
    };
    step.and_then(|by| first.checked_add(by)).unwrap_or(civil::Date::MAX)
}

/// The milliseconds of `count` units of exact time, by the unit's word.
pub fn exact_ms(count: i64, unit: &str) -> Option<i64> {
    let one = match unit {
        "second" | "seconds" => SECOND_MS,
        "minute" | "minutes" => 60 * SECOND_MS,
        "hour" | "hours" => 3600 * SECOND_MS,
        _ => return None,
    };
    count.checked_mul(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kyiv() -> Calendar {
        Calendar::new(
            "Europe/Kyiv",
            vec![civil::Weekday::Saturday, civil::Weekday::Sunday],
            [].into(),
        )
        .unwrap()
    }
    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn days_end_at_local_midnight_across_daylight_saving() {
        // 2026-03-29 is the day on which the clock in Kyiv moves forward.
        let signed = at("2026-03-28T15:00:00+02:00");
        assert_eq!(kyiv().deadline(signed, Span::Days(1)), at("2026-03-30T00:00:00+03:00"));
        assert_eq!(
            kyiv().deadline(signed, Span::Exact(86_400_000)),
            at("2026-03-29T16:00:00+03:00")
        );
    }

    #[test]
    fn working_days_pass_over_the_week_end() {
        let friday = at("2026-03-06T10:00:00+02:00");
        assert_eq!(kyiv().deadline(friday, Span::WorkingDays(1)), at("2026-03-10T00:00:00+02:00"));
    }

    #[test]
    fn periods_are_local() {
        let (from, to) = kyiv().period(at("2026-03-31T22:30:00Z"), Period::Month);
        assert_eq!((from, to), (at("2026-04-01T00:00:00+03:00"), at("2026-05-01T00:00:00+03:00")));
    }
}
