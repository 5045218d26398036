//! The agreement's name, version, calendar, and how late evidence may come.
//!
//! Invariant: a Program has one name and one version, both from the text.

use crate::{checker::Checker, registry, suggest};
use casus_model::{Calendar, Span as Stretch, time::DAY_MS};
use casus_syntax::{
    Span,
    ast::{Agreement, Date, Duration, ItemKind, Term, Text},
};
use jiff::civil::Weekday;

impl<'a> Checker<'a> {
    /// The agreement that the text declares.
    pub(crate) fn the_agreement(&self) -> Option<&'a Agreement> {
        self.items().find_map(|item| match &item.kind {
            ItemKind::Agreement(agreement) => Some(agreement),
            _ => None,
        })
    }

    pub(super) fn agreement(&mut self) {
        let items = self.each(|kind| match kind {
            ItemKind::Agreement(agreement) => Some(agreement),
            _ => None,
        });
        let agreements: Vec<&Agreement> = items.map(|(_, agreement)| agreement).collect();
        let Some((first, more)) = agreements.split_first() else {
            let help = "open a block with `agreement NAME version 1`";
            let message = "the text declares no agreement";
            self.tell_help(&registry::NO_AGREEMENT, Span::new(0, 0), message, help);
            return;
        };
        for other in more {
            let message = format!("`{}` is the second agreement in this text", other.name.text);
            self.tell(&registry::TWO_AGREEMENTS, other.name.span, message);
        }
        self.out.name = first.name.text.as_str().into();
        self.out.version = self.whole(&first.version, 0, u32::MAX).unwrap_or_default();
        for term in &first.terms {
            match term {
                Term::Calendar { of: None, zone, rest_days, holidays } => {
                    if let Some(calendar) = self.calendar(zone, rest_days, holidays) {
                        self.out.calendar = calendar;
                    }
                }
                Term::Calendar { of: Some(_), .. } => {}
                Term::Lateness(duration) => {
                    self.out.lateness_ms = self.whole_ms(duration).unwrap_or_default();
                }
                Term::Horizon(duration) => self.out.horizon_ms = self.whole_ms(duration),
                Term::InForce(_) => {}
            }
        }
    }

    /// The calendars of parties, once the parties are known.
    pub(super) fn own_calendars(&mut self) {
        let terms = self.the_agreement().map_or(&[][..], |agreement| &agreement.terms);
        for term in terms {
            let Term::Calendar { of: Some(name), zone, rest_days, holidays } = term else {
                continue;
            };
            let own = self.calendar(zone, rest_days, holidays);
            let (Some(actor), Some(own)) = (self.one_actor(name), own) else { continue };
            if self.out.calendars.iter().any(|(of, _)| *of == actor) {
                self.twice(name, name.span);
                continue;
            }
            self.out.calendars.push((actor, own));
        }
    }

    fn calendar(&mut self, zone: &Text, rest_days: &[Text], holidays: &[Date]) -> Option<Calendar> {
        let days: Vec<Weekday> = rest_days.iter().filter_map(|day| self.weekday(day)).collect();
        let holidays = holidays.iter().map(|day| crate::amount::date(*day)).collect();
        match Calendar::new(&zone.text, days, holidays) {
            Some(calendar) => Some(calendar),
            None => {
                let message = format!("there is no time zone `{}`", zone.text);
                let zones: Vec<String> =
                    jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
                let close = suggest::closest(&zone.text, zones.iter().map(String::as_str));
                let help = match close {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "name an IANA time zone, as `Europe/Kyiv` or `UTC`".to_owned(),
                };
                self.tell_help(&registry::UNKNOWN_TIME_ZONE, zone.span, message, help);
                None
            }
        }
    }

    fn weekday(&mut self, day: &Text) -> Option<Weekday> {
        let found = match day.text.as_str() {
            "Monday" => Weekday::Monday,
            "Tuesday" => Weekday::Tuesday,
            "Wednesday" => Weekday::Wednesday,
            "Thursday" => Weekday::Thursday,
            "Friday" => Weekday::Friday,
            "Saturday" => Weekday::Saturday,
            "Sunday" => Weekday::Sunday,
            other => {
                let message = format!("expected a weekday, got `{other}`");
                let help = "rest days are `Monday` to `Sunday`, with a capital";
                self.tell_help(&registry::UNKNOWN, day.span, message, help);
                return None;
            }
        };
        Some(found)
    }

    /// A stretch without a calendar: days of 24 hours, months of 31 days.
    fn whole_ms(&mut self, duration: &Duration) -> Option<i64> {
        self.stretch(duration).map(|stretch| match stretch {
            Stretch::Exact(ms) => ms,
            Stretch::Days(days) | Stretch::WorkingDays(days) => i64::from(days) * DAY_MS,
            Stretch::Months(months) => i64::from(months) * 31 * DAY_MS,
        })
    }
}
