//! What a cell of a Parquet file is as text.
//!
//! Invariant: one value has one text, the one that an export to CSV would give it; no value is the
//! empty text.

use ::parquet::{
    basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical},
    record::{Field, Row},
    schema::types::Type,
};
use jiff::Timestamp;

/// A column.
pub(super) struct Cell {
    pub name: String,
    time: Option<Time>,
}

/// What a number that stands for a time counts.
#[derive(Clone, Copy)]
struct Time {
    /// Nanoseconds in one.
    unit: i128,
    /// Whether it is of UTC, and not of some clock on a wall.
    utc: bool,
    date: bool,
}

const MILLI: i128 = 1_000_000;
const DAY: i128 = 86_400_000 * MILLI;

/// Whether there is one value to a row, or none.
pub(super) fn is_single(field: &Type) -> bool {
    let basis = field.get_basic_info();
    basis.has_repetition() && basis.repetition() != Repetition::REPEATED
}

/// How many bytes the texts of a row hold.
pub(super) fn size(row: &Row) -> u64 {
    let of = |field: &Field| match field {
        Field::Str(text) => text.len(),
        Field::Bytes(bytes) => bytes.len(),
        _ => 8,
    };
    row.get_column_iter().map(|(_, field)| of(field) as u64).sum()
}

impl Cell {
    pub fn of(field: &Type) -> Cell {
        Cell { name: field.name().to_owned(), time: time_of(field) }
    }

    /// The format of its times, if it holds such.
    pub fn format(&self) -> Option<&'static str> {
        let Time { utc, date, .. } = self.time?;
        Some(match (date, utc) {
            (true, _) => "%Y-%m-%d",
            (false, true) => "rfc3339",
            (false, false) => "%Y-%m-%dT%H:%M:%S%.f",
        })
    }

    pub fn text(&self, field: &Field) -> Vec<u8> {
        let number = match field {
            Field::Bytes(bytes) => return bytes.data().to_vec(),
            Field::Str(text) => return text.clone().into_bytes(),
            Field::Long(number) | Field::TimestampMillis(number) => Some(*number),
            Field::TimestampMicros(number) => Some(*number),
            Field::Date(days) => Some(i64::from(*days)),
            _ => None,
        };
        if let (Some(number), Some(time)) = (number, self.time) {
            return time.text(number).into_bytes();
        }
        let text = match field {
            Field::Null => String::new(),
            Field::Float(number) if number.is_nan() => String::new(),
            Field::Double(number) if number.is_nan() => String::new(),
            Field::Float(number) => number.to_string(),
            Field::Double(number) => number.to_string(),
            Field::TimeMillis(ms) => clock(i64::from(*ms).saturating_mul(1_000)),
            Field::TimeMicros(us) => clock(*us),
            other => other.to_string(),
        };
        text.into_bytes()
    }
}

impl Time {
    /// As RFC 3339, without an offset where there is none; the bare number where there is no such
    /// date.
    fn text(self, number: i64) -> String {
        let at = Timestamp::from_nanosecond(i128::from(number) * self.unit);
        let Ok(at) = at.map(|at| at.to_string()) else { return number.to_string() };
        let day = at.split_once('T').map_or(&*at, |(day, _)| day);
        match self {
            Time { date: true, .. } => day.to_owned(),
            Time { utc: true, .. } => at,
            _ => at.trim_end_matches('Z').to_owned(),
        }
    }
}

fn time_of(field: &Type) -> Option<Time> {
    let basis = field.get_basic_info();
    let time = |unit, utc| Some(Time { unit, utc, date: false });
    match basis.logical_type_ref() {
        Some(LogicalType::Timestamp(stamp)) => {
            let unit = match stamp.unit {
                TimeUnit::MILLIS => MILLI,
                TimeUnit::MICROS => 1_000,
                TimeUnit::NANOS => 1,
            };
            return time(unit, stamp.is_adjusted_to_u_t_c);
        }
        Some(LogicalType::Date) => return Some(Time { unit: DAY, utc: false, date: true }),
        _ => {}
    }
    match basis.converted_type() {
        ConvertedType::TIMESTAMP_MILLIS => time(MILLI, true),
        ConvertedType::TIMESTAMP_MICROS => time(1_000, true),
        ConvertedType::DATE => Some(Time { unit: DAY, utc: false, date: true }),
        // The old form of times, which names no zone; the library gives milliseconds.
        _ if field.get_physical_type() == Physical::INT96 => time(MILLI, false),
        _ => None,
    }
}

/// A time of day.
fn clock(us: i64) -> String {
    let (seconds, rest) = (us.div_euclid(1_000_000), us.rem_euclid(1_000_000));
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{rest:06}", seconds % 60)
}
