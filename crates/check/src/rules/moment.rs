//! Moments, deadlines and anchors.
//!
//! Invariant: a date alone is the midnight that begins it, and in `due by` the midnight that
//! ends it; `it` stands only where a fact is at hand.

use crate::{amount, checker::Checker, registry};
use casus_model::program::{Anchor, By, Edge, Moment};
use casus_syntax::ast::{self, AnchorOf, DayOf, Deadline, DeadlineKind, MomentKind};

/// What a moment stands in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// A fact is at hand: `it`.
    pub(super) it: bool,
    /// A date alone ends with its day.
    pub(super) ends_day: bool,
}

impl Around {
    /// A fact is at hand, or not.
    pub(super) fn it(it: bool) -> Around {
        Around { it, ends_day: false }
    }
}

impl Checker<'_> {
    /// A deadline.
    pub(super) fn deadline(&mut self, deadline: &Deadline, it: bool) -> Option<Moment> {
        match &deadline.kind {
            DeadlineKind::Within(duration, anchor) => {
                let (span, anchor) = (self.stretch(duration), self.anchor(anchor, it));
                Some(Moment::Deadline(anchor?, span?))
            }
            DeadlineKind::AtLeastBefore(duration, anchor) => {
                let (span, anchor) = (self.stretch(duration), self.anchor(anchor, it));
                Some(Moment::Lead(anchor?, span?))
            }
            DeadlineKind::By(moment) => self.moment(moment, Around { it, ends_day: true }),
        }
    }

    /// A moment.
    pub(super) fn moment(&mut self, moment: &ast::Moment, around: Around) -> Option<Moment> {
        match &moment.kind {
            MomentKind::Date(date, Some(time)) => Some(Moment::At(self.local(*date, *time))),
            MomentKind::Date(date, None) => {
                let day = amount::date(*date);
                let day = match around.ends_day {
                    true => day.tomorrow().unwrap_or(jiff::civil::Date::MAX),
                    false => day,
                };
                Some(Moment::At(self.out.calendar.midnight(day)))
            }
            MomentKind::TimeOnDate(time, date) => Some(Moment::At(self.local(*date, *time))),
            MomentKind::TimeOnDay(time, day, anchor) => {
                let days = match day {
                    DayOf::Of => 0,
                    DayOf::After => 1,
                    DayOf::Before => -1,
                };
                let anchor = self.anchor(anchor, around.it)?;
                Some(Moment::Clock { anchor, days, time: amount::time(*time) })
            }
            MomentKind::After(duration, anchor) => {
                let (span, anchor) = (self.stretch(duration), self.anchor(anchor, around.it));
                Some(Moment::After(anchor?, span?))
            }
            MomentKind::Before(duration, anchor) => {
                let (span, anchor) = (self.stretch(duration), self.anchor(anchor, around.it));
                Some(Moment::Earlier(anchor?, span?))
            }
            MomentKind::Anchor(anchor) => Some(Moment::Of(self.anchor(anchor, around.it)?)),
            MomentKind::EarlierOf(one, two) => {
                let both = [self.moment(one, around), self.moment(two, around)];
                Some(Moment::EarliestOf(both.into_iter().collect::<Option<_>>()?))
            }
            MomentKind::LaterOf(one, two) => {
                let both = [self.moment(one, around), self.moment(two, around)];
                Some(Moment::LatestOf(both.into_iter().collect::<Option<_>>()?))
            }
        }
    }

    fn anchor(&mut self, anchor: &ast::Anchor, it: bool) -> Option<Anchor> {
        let edge = match anchor.edge {
            ast::Edge::Itself => Edge::Itself,
            ast::Edge::Start => Edge::Start,
            ast::Edge::End => Edge::End,
            ast::Edge::Receipt => Edge::Receipt,
        };
        match &anchor.of {
            AnchorOf::It(_) if it => Some(Anchor::It(edge)),
            AnchorOf::It(span) => {
                let message = "there is no fact here that `it` could be";
                let help = "give the duty an `on`, or name the fact: `within 3 days of signature`";
                self.tell_help(&registry::IT_UNBOUND, *span, message, help);
                None
            }
            AnchorOf::Thing(thing) => {
                let (pattern, same) = self.thing(thing)?;
                if !same.is_empty() || pattern.by == By::Other {
                    let words = self.text(thing.span);
                    let message = format!("`{words}` has nothing here to be the same as");
                    let help = "a moment hangs on the first fact of a kind: name who and where";
                    self.tell_help(&registry::SAME_UNBOUND, thing.span, message, help);
                    return None;
                }
                Some(Anchor::Fact(Box::new(pattern), edge))
            }
        }
    }
}
