//! Reads deadlines, moments, durations and amounts.
//!
//! Invariant: a date or time that does not exist is told of and read as one that does, so that
//! the rest of its line is read too.

use super::{Parser, Read, Stop};
use crate::ast::{
    Anchor, AnchorOf, Date, DateTime, DayOf, Deadline, DeadlineKind, Duration, Edge, Kind, Kinds,
    Moment, MomentKind, Period, Quantity, Scale, Text, Time, Unit, Value,
};
use crate::diagnostic::Diagnostic;
use crate::lexeme::{self, Terminal};

const UNITS: [(&str, Unit); 16] = [
    ("seconds", Unit::Second),
    ("second", Unit::Second),
    ("minutes", Unit::Minute),
    ("minute", Unit::Minute),
    ("hours", Unit::Hour),
    ("hour", Unit::Hour),
    ("days", Unit::Day),
    ("day", Unit::Day),
    ("working days", Unit::WorkingDay),
    ("working day", Unit::WorkingDay),
    ("weeks", Unit::Week),
    ("week", Unit::Week),
    ("months", Unit::Month),
    ("month", Unit::Month),
    ("years", Unit::Year),
    ("year", Unit::Year),
];

const PERIODS: [(&str, Period); 5] = [
    ("day", Period::Day),
    ("week", Period::Week),
    ("month", Period::Month),
    ("quarter", Period::Quarter),
    ("year", Period::Year),
];

const PARAMETER: Kinds = Kinds::of(&[Kind::Parameter]);

impl Parser<'_> {
    pub(super) fn date(&mut self) -> Read<Date> {
        let lexeme = self.take(Terminal::Date)?;
        let span = lexeme.span;
        let (year, month, day) = lexeme::date(&lexeme.text).unwrap_or_else(|| {
            let message = format!("there is no day `{}`", lexeme.text);
            let help = "write year-month-day, as 2026-03-01";
            self.told.push(Diagnostic::error("S030", span, message).help(help));
            self.damaged = true;
            (1, 1, 1)
        });
        Ok(Date { year, month, day, span })
    }

    pub(super) fn time(&mut self) -> Read<Time> {
        let lexeme = self.take(Terminal::Time)?;
        let span = lexeme.span;
        let (hour, minute, second) = lexeme::time(&lexeme.text).unwrap_or_else(|| {
            let message = format!("there is no time of day `{}`", lexeme.text);
            let help = "a day goes from 00:00 to 23:59:59; its end is 00:00 of the next day";
            self.told.push(Diagnostic::error("S031", span, message).help(help));
            self.damaged = true;
            (0, 0, 0)
        });
        Ok(Time { hour, minute, second, span })
    }

    pub(super) fn optional_time(&mut self) -> Read<Option<Time>> {
        if self.sees_terminal(Terminal::Time) { self.time().map(Some) } else { Ok(None) }
    }

    /// `DATE [TIME]`.
    pub(super) fn date_time(&mut self) -> Read<DateTime> {
        Ok(DateTime { date: self.date()?, time: self.optional_time()?, utc: false })
    }

    /// `DATE TIME [UTC]`.
    pub(super) fn instant(&mut self) -> Read<DateTime> {
        let (date, time) = (self.date()?, self.time()?);
        Ok(DateTime { date, time: Some(time), utc: self.eat("UTC") })
    }

    /// `DATE [TIME [UTC]]`.
    pub(super) fn when(&mut self) -> Read<DateTime> {
        let when = self.date_time()?;
        Ok(DateTime { utc: when.time.is_some() && self.eat("UTC"), ..when })
    }

    pub(super) fn deadline(&mut self) -> Read<Deadline> {
        let start = self.here();
        let kind = if self.eat("within") {
            let duration = self.duration()?;
            self.need("of")?;
            DeadlineKind::Within(duration, self.anchor()?)
        } else if self.eat("at least") {
            let duration = self.duration()?;
            self.need("before")?;
            DeadlineKind::AtLeastBefore(duration, self.anchor()?)
        } else {
            self.need("by")?;
            DeadlineKind::By(self.moment()?)
        };
        Ok(Deadline { kind, span: self.since(start) })
    }

    pub(super) fn moment(&mut self) -> Read<Moment> {
        let start = self.here();
        let kind = if self.sees_terminal(Terminal::Date) {
            MomentKind::Date(self.date()?, self.optional_time()?)
        } else if self.sees_terminal(Terminal::Time) {
            self.clock()?
        } else if self.sees_duration() {
            let duration = self.duration()?;
            if self.eat("after") {
                MomentKind::After(duration, self.anchor()?)
            } else {
                self.need("before")?;
                MomentKind::Before(duration, self.anchor()?)
            }
        } else if self.eat("earlier") {
            let (one, two) = self.either()?;
            MomentKind::EarlierOf(Box::new(one), Box::new(two))
        } else if self.eat("later") {
            let (one, two) = self.either()?;
            MomentKind::LaterOf(Box::new(one), Box::new(two))
        } else {
            MomentKind::Anchor(self.anchor()?)
        };
        Ok(Moment { kind, span: self.since(start) })
    }

    /// `TIME on …`.
    fn clock(&mut self) -> Read<MomentKind> {
        let time = self.time()?;
        self.need("on")?;
        if !self.eat("the day") {
            return Ok(MomentKind::TimeOnDate(time, self.date()?));
        }
        let days = [("of", DayOf::Of), ("after", DayOf::After), ("before", DayOf::Before)];
        let day = self.choose(&days).ok_or(Stop)?;
        Ok(MomentKind::TimeOnDay(time, day, self.anchor()?))
    }

    /// `of MOMENT or MOMENT`.
    fn either(&mut self) -> Read<(Moment, Moment)> {
        if self.moments >= self.limits.moments {
            let span = self.since(self.here());
            let message = format!("moments are nested deeper than {}", self.limits.moments);
            self.told.push(Diagnostic::error("S005", span, message).help("name one as a state"));
            self.expected.clear();
            return Err(Stop);
        }
        self.need("of")?;
        self.moments += 1;
        let both = self.both();
        self.moments -= 1;
        both
    }

    fn both(&mut self) -> Read<(Moment, Moment)> {
        let one = self.moment()?;
        self.need("or")?;
        Ok((one, self.moment()?))
    }

    pub(super) fn anchor(&mut self) -> Read<Anchor> {
        let start = self.here();
        let state = Kinds::of(&[Kind::State]);
        let edge = if self.eat("start of") {
            Edge::Start
        } else if !self.named(2, state) && self.eat("end of") {
            Edge::End
        } else if self.eat("receipt of") {
            Edge::Receipt
        } else {
            Edge::Itself
        };
        let it = self.here();
        let of = if self.eat("it") {
            AnchorOf::It(self.since(it))
        } else {
            AnchorOf::Thing(Box::new(self.thing()?))
        };
        Ok(Anchor { edge, of, span: self.since(start) })
    }

    fn sees_duration(&mut self) -> bool {
        self.sees_terminal(Terminal::Number) || self.sees_terminal(Terminal::Named(PARAMETER))
    }

    pub(super) fn duration(&mut self) -> Read<Duration> {
        if self.sees_terminal(Terminal::Named(PARAMETER)) {
            return self.name(PARAMETER).map(Duration::Parameter);
        }
        let number = self.number()?;
        Ok(Duration::Exact(number, self.choose(&UNITS).ok_or(Stop)?))
    }

    pub(super) fn period(&mut self) -> Read<Period> {
        self.choose(&PERIODS).ok_or(Stop)
    }

    pub(super) fn value(&mut self) -> Read<Value> {
        if self.sees_terminal(Terminal::Named(PARAMETER)) {
            return self.name(PARAMETER).map(Value::Parameter);
        }
        self.quantity().map(Value::Quantity)
    }

    pub(super) fn quantity(&mut self) -> Read<Quantity> {
        let start = self.here();
        let number = self.number()?;
        let scales = [
            ("thousand", Scale::Thousand),
            ("million", Scale::Million),
            ("billion", Scale::Billion),
        ];
        let scale = self.choose(&scales);
        let unit = if self.sees_terminal(Terminal::Unit) { Some(self.unit()?) } else { None };
        Ok(Quantity { number, scale, unit, span: self.since(start) })
    }

    pub(super) fn unit(&mut self) -> Read<Text> {
        self.text_of(Terminal::Unit)
    }

    /// Whether a unit of time stands so many words ahead.
    pub(super) fn unit_ahead(&self, ahead: usize) -> bool {
        UNITS.iter().any(|(unit, _)| self.ahead(ahead, unit))
    }
}
