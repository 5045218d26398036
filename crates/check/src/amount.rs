//! Numbers, quantities, lengths, durations and dates as the model has them.
//!
//! Invariant: what comes out is in base units; a calendar unit never becomes an exact length.

use crate::{checker::Checker, registry};
use casus_model::{
    Calendar, Instant, Period, Span as Stretch,
    program::{Compare, Measure},
    quantity::{Dimension, unit},
    time::{HOUR_MS, MINUTE_MS, SECOND_MS},
};
use casus_syntax::{
    Span,
    ast::{self, Duration, Name, Number, Quantity, Unit},
};
use jiff::civil;
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// An amount in base units.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Amount {
    pub(crate) value: Decimal,
    /// None: a unit of its own.
    pub(crate) dimension: Option<Dimension>,
    pub(crate) unit: String,
}

/// What a parameter stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// An amount.
    Amount(Amount),
    /// An amount, and others from later instants on.
    Dated(Amount, Vec<(Instant, Amount)>),
    /// A stretch of time.
    Time(Stretch),
    /// Its declaration could not be read.
    Broken,
}

impl Amount {
    /// As a message calls its kind.
    pub(crate) fn kind(&self) -> String {
        kind_of(self.dimension, &self.unit)
    }
}

/// As a message calls a kind of amount.
pub(crate) fn kind_of(dimension: Option<Dimension>, unit: &str) -> String {
    match dimension {
        Some(Dimension::Length) => "a length".to_owned(),
        Some(Dimension::Mass) => "a mass".to_owned(),
        Some(Dimension::Speed) => "a speed".to_owned(),
        Some(Dimension::Time) => "a time".to_owned(),
        Some(Dimension::Share) => "a share in per cent".to_owned(),
        Some(Dimension::Count) => "a plain number".to_owned(),
        None => format!("an amount in `{unit}`"),
    }
}

/// A comparison.
pub(crate) fn compare(compare: ast::Compare) -> Compare {
    match compare {
        ast::Compare::AtLeast => Compare::AtLeast,
        ast::Compare::AtMost => Compare::AtMost,
        ast::Compare::MoreThan => Compare::MoreThan,
        ast::Compare::LessThan => Compare::LessThan,
        ast::Compare::EqualTo => Compare::Equal,
    }
}

/// A period of the calendar.
pub(crate) fn period(period: ast::Period) -> Period {
    match period {
        ast::Period::Day => Period::Day,
        ast::Period::Week => Period::Week,
        ast::Period::Month => Period::Month,
        ast::Period::Quarter => Period::Quarter,
        ast::Period::Year => Period::Year,
    }
}

/// A local time of day.
pub(crate) fn time(time: ast::Time) -> civil::Time {
    civil::Time::new(time.hour, time.minute, time.second, 0).unwrap_or(civil::Time::midnight())
}

/// A local date.
pub(crate) fn date(date: ast::Date) -> civil::Date {
    civil::Date::new(date.year, date.month, date.day).unwrap_or(civil::Date::ZERO)
}

impl Checker<'_> {
    /// A number.
    pub(crate) fn number(&mut self, number: &Number) -> Option<Decimal> {
        let read = Decimal::from_str_exact(&number.text).ok();
        if read.is_none() {
            let message = format!("`{}` has more digits than can be kept", number.text);
            self.tell(&registry::NUMBER_RANGE, number.span, message);
        }
        read
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn whole(&mut self, number: &Number, least: u32, most: u32) -> Option<u32> {
        let value = self.number(number)?;
        let whole = if value.fract().is_zero() { value.to_u32() } else { None };
        let good = whole.filter(|whole| (least..=most).contains(whole));
        if good.is_none() {
            let range = match most {
                u32::MAX => format!("of at least {least}"),
                _ => format!("from {least} to {most}"),
            };
            let message = format!("expected a whole number {range}, got `{}`", number.text);
            self.tell(&registry::NUMBER_RANGE, number.span, message);
        }
        good
    }

    /// An amount in base units.
    pub(crate) fn amount(&mut self, quantity: &Quantity) -> Option<Amount> {
        let mut value = self.scaled(quantity)?;
        let symbol = quantity.unit.as_ref().map_or("", |unit| unit.text.as_str());
        let dimension = match unit(symbol) {
            Some((dimension, size)) => {
                value = self.times(value, size, quantity.span)?;
                Some(dimension)
            }
            None => None,
        };
        Some(Amount { value, dimension, unit: symbol.to_owned() })
    }

    /// The number of an amount, in the unit as written.
    pub(crate) fn scaled(&mut self, quantity: &Quantity) -> Option<Decimal> {
        let value = self.number(&quantity.number)?;
        let scale = match quantity.scale {
            Some(ast::Scale::Thousand) => Decimal::new(1_000, 0),
            Some(ast::Scale::Million) => Decimal::new(1_000_000, 0),
            Some(ast::Scale::Billion) => Decimal::new(1_000_000_000, 0),
            None => return Some(value),
        };
        self.times(value, scale, quantity.span)
    }

    fn times(&mut self, value: Decimal, factor: Decimal, span: Span) -> Option<Decimal> {
        let product = value.checked_mul(factor);
        if product.is_none() {
            self.tell(&registry::NUMBER_RANGE, span, "the amount has more digits than can be kept");
        }
        product
    }

    /// A value or the parameter that stands for it.
    pub(crate) fn value(&mut self, value: &ast::Value) -> Option<(Amount, Span)> {
        match value {
            ast::Value::Quantity(quantity) => Some((self.amount(quantity)?, quantity.span)),
            ast::Value::Parameter(name) => match self.parameter(name)? {
                Value::Amount(amount) => Some((amount, name.span)),
                Value::Time(_) => {
                    self.wrong_parameter(name, "an amount", "a length of time");
                    None
                }
                Value::Dated(..) => {
                    self.wrong_parameter(name, "one amount", "an amount that changes");
                    None
                }
                Value::Broken => None,
            },
        }
    }

    fn wrong_parameter(&mut self, name: &Name, expected: &str, got: &str) {
        let message = format!("expected {expected}, got `{}`, which is {got}", name.text);
        self.tell(&registry::WRONG_PARAMETER, name.span, message);
    }

    /// The value of a parameter, where there is one of this name.
    pub(crate) fn parameter_at(&self, name: &Name) -> Option<&Value> {
        self.names.parameters.get(&*name.text).and_then(|entry| self.values.get(entry.id))
    }

    /// The value of a parameter, which is used here.
    pub(crate) fn parameter(&mut self, name: &Name) -> Option<Value> {
        let at = self.find(|names| &names.parameters, name, "a parameter")?;
        self.used.parameters.insert(at);
        self.values.get(at).cloned()
    }

    /// A length in metres.
    pub(crate) fn length(&mut self, length: &ast::Length) -> Option<f64> {
        let (amount, span) = self.value(length)?;
        if amount.dimension != Some(Dimension::Length) {
            let message = format!("expected a length, got {}", amount.kind());
            self.tell_help(&registry::WRONG_DIMENSION, span, message, "write it as `15 km`");
            return None;
        }
        amount.value.to_f64()
    }

    /// An amount of a measure, in its base unit.
    pub(crate) fn measured(&mut self, measure: usize, value: &ast::Value) -> Option<Decimal> {
        let (amount, span) = self.value(value)?;
        let measure = self.measure(measure)?.clone();
        self.fits(&measure, &amount, span).then_some(amount.value)
    }

    /// Whether an amount is of the measure's kind; tells where it is not.
    pub(crate) fn fits(&mut self, measure: &Measure, amount: &Amount, span: Span) -> bool {
        let same_unit = || *measure.unit == *amount.unit;
        let good =
            measure.dimension == amount.dimension && (measure.dimension.is_some() || same_unit());
        if !good {
            let expected = kind_of(measure.dimension, &measure.unit);
            let message = format!("`{}` is {expected}, got {}", measure.name, amount.kind());
            let help = match measure.unit.is_empty() {
                true => format!("compare `{}` with a number without a unit", measure.name),
                false => format!("`{}` is declared in `{}`", measure.name, measure.unit),
            };
            self.tell_help(&registry::WRONG_DIMENSION, span, message, help);
        }
        good
    }

    /// A stretch of time.
    pub(crate) fn stretch(&mut self, duration: &Duration) -> Option<Stretch> {
        match duration {
            Duration::Exact(number, unit) => self.stretch_of(number, *unit),
            Duration::Parameter(name) => match self.parameter(name)? {
                Value::Time(stretch) => Some(stretch),
                Value::Amount(amount) => {
                    let kind = amount.kind();
                    self.wrong_parameter(name, "a length of time", &kind);
                    None
                }
                Value::Dated(first, _) => {
                    let kind = first.kind();
                    self.wrong_parameter(name, "a length of time", &kind);
                    None
                }
                Value::Broken => None,
            },
        }
    }

    fn stretch_of(&mut self, number: &Number, unit: Unit) -> Option<Stretch> {
        const MOST: u32 = 100_000;
        let times = match unit {
            Unit::Second => return self.exact(number, SECOND_MS),
            Unit::Minute => return self.exact(number, MINUTE_MS),
            Unit::Hour => return self.exact(number, HOUR_MS),
            Unit::Week => 7,
            Unit::Year => 12,
            Unit::Day | Unit::WorkingDay | Unit::Month => 1,
        };
        if number.text.contains('.') && self.number(number).is_some_and(|n| !n.fract().is_zero()) {
            let message = format!("`{}` of a calendar unit is not whole", number.text);
            let help = "calendar days, weeks, months and years are whole; write hours instead";
            self.tell_help(&registry::CALENDAR_FRACTION, number.span, message, help);
            return None;
        }
        let count = self.whole(number, 0, MOST)?.saturating_mul(times);
        Some(match unit {
            Unit::WorkingDay => Stretch::WorkingDays(count),
            Unit::Month | Unit::Year => Stretch::Months(count),
            _ => Stretch::Days(count),
        })
    }

    fn exact(&mut self, number: &Number, unit_ms: i64) -> Option<Stretch> {
        const MOST_MS: i64 = 4_000 * 366 * 24 * HOUR_MS;
        let value = self.number(number)?.checked_mul(Decimal::from(unit_ms));
        let ms = value.filter(|ms| ms.fract().is_zero()).and_then(|ms| ms.to_i64());
        let ms = ms.filter(|ms| (0..=MOST_MS).contains(ms));
        if ms.is_none() {
            let message = format!("`{}` is no length of time that can be kept", number.text);
            self.tell(&registry::NUMBER_RANGE, number.span, message);
        }
        ms.map(Stretch::Exact)
    }

    /// The instant of a local date and time; a time that the clocks skip is told.
    pub(crate) fn local(&mut self, day: ast::Date, clock: ast::Time) -> Instant {
        let local = date(day).to_datetime(time(clock));
        let at = self.out.calendar.instant(local);
        if self.out.calendar.local(at) != local {
            let zone = self.out.calendar.zone_name();
            let message = format!("`{local}` does not exist in `{zone}`: the clocks skip it");
            let help = "the clock is read as if it had not yet moved";
            self.tell_help(&registry::NO_SUCH_TIME, day.span.to(clock.span), message, help);
        }
        at
    }

    /// The first and the last instant of a day, or the one instant of a time on it.
    pub(crate) fn day_or_time(&mut self, when: ast::DateTime) -> (Instant, Instant) {
        match when.time {
            Some(clock) if when.utc => {
                let at = Calendar::utc().instant(date(when.date).to_datetime(time(clock)));
                (at, at)
            }
            Some(clock) => {
                let at = self.local(when.date, clock);
                (at, at)
            }
            None => {
                let day = date(when.date);
                let next = day.tomorrow().unwrap_or(civil::Date::MAX);
                let end = self.out.calendar.midnight(next).plus_ms(-1);
                (self.out.calendar.midnight(day), end)
            }
        }
    }
}
