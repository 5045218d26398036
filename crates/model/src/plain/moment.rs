//! Moments, spans and periods in plain words.

use super::Plain;
use crate::{
    calendar::{Period, Span},
    program::{Anchor, Edge, Moment},
    time::{DAY_MS, HOUR_MS, Instant},
};

impl Plain<'_> {
    /// A moment.
    pub(super) fn moment(self, moment: &Moment) -> String {
        match moment {
            Moment::At(at) => self.instant(*at),
            Moment::Of(anchor) => self.anchor(anchor),
            Moment::Deadline(anchor, span) => {
                format!("the end of {} from {}", self.span(*span), self.anchor(anchor))
            }
            Moment::Lead(anchor, span) => {
                format!("{} before {} at the latest", self.span(*span), self.anchor(anchor))
            }
            Moment::After(anchor, span) => {
                format!("{} after {}", self.span(*span), self.anchor(anchor))
            }
            Moment::Earlier(anchor, span) => {
                format!("{} before {}", self.span(*span), self.anchor(anchor))
            }
            Moment::Clock { anchor, days, time } => {
                let day = match days {
                    0 => "the day of".to_owned(),
                    1 => "the day after".to_owned(),
                    -1 => "the day before".to_owned(),
                    days if *days > 0 => format!("{days} days after"),
                    days => format!("{} days before", days.unsigned_abs()),
                };
                let clock = time.strftime("%H:%M");
                format!("{clock} by the local clock on {day} {}", self.anchor(anchor))
            }
            Moment::EarliestOf(all) => format!("the earlier of {}", self.moments(all)),
            Moment::LatestOf(all) => format!("the later of {}", self.moments(all)),
            Moment::Extended { of, by, pattern, same, order } => {
                let on = self.related(pattern, same, order);
                format!("{}, put off by {} on each {on}", self.moment(of), self.span(*by))
            }
            Moment::Paused { of, test, most } => {
                let most = most.map(|most| format!(", {} at most", self.span(most)));
                let (of, most) = (self.moment(of), most.unwrap_or_default());
                format!("{of}, and later by as long as {}{most}", self.state(test))
            }
        }
    }

    fn moments(self, all: &[Moment]) -> String {
        let all: Vec<String> = all.iter().map(|one| self.moment(one)).collect();
        super::joined(&all, "and")
    }

    /// What a moment hangs on.
    pub(super) fn anchor(self, anchor: &Anchor) -> String {
        match anchor {
            Anchor::It(edge) => edged(*edge, "it"),
            Anchor::Fact(pattern, edge) => {
                edged(*edge, &format!("the first {}", self.pattern(pattern)))
            }
            Anchor::Commencement => "the commencement of the agreement".to_owned(),
        }
    }

    /// An instant by the agreement's clock.
    pub(super) fn instant(self, at: Instant) -> String {
        self.program.calendar.local(at).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// A stretch of time, with how it is counted.
    pub(super) fn span(self, span: Span) -> String {
        match span {
            Span::Exact(ms) => exact(ms),
            Span::Days(days) => format!("{days} {}", many(days, "calendar day")),
            Span::WorkingDays(days) => format!("{days} {}", many(days, "working day")),
            Span::Months(months) if months % 12 == 0 && months > 0 => {
                format!("{} {}", months / 12, many(months / 12, "calendar year"))
            }
            Span::Months(months) => format!("{months} {}", many(months, "calendar month")),
        }
    }
}

/// A period of the calendar.
pub(super) fn period(period: Period) -> &'static str {
    match period {
        Period::Day => "day",
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

fn edged(edge: Edge, what: &str) -> String {
    match edge {
        Edge::Itself => what.to_owned(),
        Edge::Start => format!("the beginning of {what}"),
        Edge::End => format!("the end of {what}"),
        Edge::Receipt => format!("the time at which {what} became known"),
    }
}

fn exact(ms: i64) -> String {
    let units = [(DAY_MS, "day"), (HOUR_MS, "hour"), (60_000, "minute"), (1_000, "second")];
    // Hours are what the text says; only long round stretches are easier to read in days.
    let fits = |unit: i64| ms % unit == 0 && (unit != DAY_MS || ms > 10 * DAY_MS);
    match units.into_iter().find(|(unit, _)| fits(*unit)) {
        Some((unit, word)) => format!("{} {}", ms / unit, many(ms / unit, word)),
        None => format!("{ms} milliseconds"),
    }
}

fn many(count: impl Into<i64>, word: &str) -> String {
    match count.into() {
        1 => word.to_owned(),
        _ => format!("{word}s"),
    }
}
