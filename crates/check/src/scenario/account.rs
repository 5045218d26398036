//! Places, amounts and corrections of the reports of a test block.
//!
//! Invariant: a correction keeps the id of the report that it corrects and raises its version.

use super::Told;
use crate::{checker::Checker, registry, suggest};
use casus_model::{Instant, Name, Quantity, Range, Record, program::CategoryId};
use casus_syntax::ast::{self, Detail, Report, Text};

impl Checker<'_> {
    /// Marks a zone as used; tells where a place is almost one.
    pub(super) fn near_zone(&mut self, place: &ast::Name) {
        if let Some(entry) = self.names.zones.get(&place.text) {
            self.used.zones.insert(entry.id.index());
            return;
        }
        if !self.may_guess() {
            return;
        }
        let known = self.names.zones.keys().map(String::as_str);
        if let Some(close) = suggest::closest(&place.text, known) {
            let message = format!("no zone is called `{}`", place.text);
            let help = format!("did you mean `{close}`? a place without a declaration is unknown");
            self.tell_help(&registry::UNKNOWN_PLACE, place.span, message, help);
        }
    }

    /// The role of a place; empty where the text names none.
    pub(super) fn told_role(&mut self, act: &str, role: Option<&ast::Name>) -> Option<Name> {
        let Some(role) = role else { return Some("".into()) };
        let id = self.names.acts.get(act).map(|entry| entry.id);
        let roles = id.and_then(|id| self.out.acts.get(id.index())).map(|act| &act.roles);
        let roles: Vec<Name> = roles.cloned().unwrap_or_default();
        if let Some(name) = roles.iter().find(|name| name.as_str() == role.text) {
            return Some(name.clone());
        }
        let message = format!("`{act}` has no place `{}`", role.text);
        let known = roles.iter().map(Name::as_str);
        match suggest::help(&role.text, "place of the act", known) {
            Some(help) => self.tell_help(&registry::UNKNOWN_ROLE, role.span, message, help),
            None => self.tell(&registry::UNKNOWN_ROLE, role.span, message),
        }
        None
    }

    /// An amount as it was told, in its own unit.
    pub(super) fn told_amount(
        &mut self,
        measure: &ast::Name,
        low: &ast::Quantity,
        high: Option<&ast::Quantity>,
    ) -> Option<(Name, Quantity)> {
        let at = self.find(|names| &names.measures, measure, "a measure")?;
        let of = self.measure(at)?.clone();
        let first = self.amount(low)?;
        if !self.fits(&of, &first, low.span) {
            return None;
        }
        let best = self.scaled(low)?;
        let unit = low.unit.as_ref().map_or("", |unit| unit.text.as_str());
        let top = match high {
            Some(high) => {
                let second = self.amount(high)?;
                if !self.fits(&of, &second, high.span) {
                    return None;
                }
                let same = high.unit.as_ref().map_or("", |unit| unit.text.as_str()) == unit;
                // `2 to 5 km`, `500 m to 2 km`: the range is told in the unit of its beginning.
                match (same, casus_model::quantity::unit(unit)) {
                    (false, Some((_, size))) => second.value.checked_div(size)?,
                    _ => self.scaled(high)?,
                }
            }
            None => best,
        };
        let Some(range) = Range::new(best, best, top) else {
            let span = high.map_or(low.span, |high| low.span.to(high.span));
            let message = format!("the range from `{best}` to `{top}` ends before it begins");
            self.tell_help(&registry::LOW_HIGH, span, message, "write the lower number first");
            return None;
        };
        Some((of.name, Quantity { range, unit: unit.into() }))
    }

    /// The amounts of a report: a measure that its thing has is the thing's, every other its own.
    pub(super) fn amounts(&mut self, report: &Report, record: &mut Record) -> Option<()> {
        for detail in &report.details {
            let Detail::Measure { measure, low, high } = detail else { continue };
            let told = self.told_amount(measure, low, high.as_ref())?;
            let at = self.names.measures.get(&measure.text).map(|entry| entry.id);
            let kind = record
                .object
                .as_ref()
                .and_then(|object| self.names.categories.get(&*object.kind).map(|entry| entry.id));
            let of_thing = kind
                .zip(at)
                .is_some_and(|(kind, at): (CategoryId, usize)| self.has_measure(kind, at));
            match (&mut record.object, of_thing) {
                (Some(object), true) => object.measures.push(told),
                _ => record.quantities.push(told),
            }
        }
        Some(())
    }

    /// A later account of an earlier fact.
    pub(super) fn correction(
        &mut self,
        handle: &Text,
        report: &Report,
        clock: Instant,
        told: &mut Told,
    ) {
        let Some(ids) = self.held(handle, told) else { return };
        let mut records = self.report(report, &handle.text, clock, told);
        if let ([only], [record]) = (ids.as_slice(), records.as_mut_slice()) {
            record.id = only.clone();
        }
        for record in records.iter_mut() {
            if ids.len() < 2 || ids.contains(&record.id) {
                continue;
            }
            let actor = record.actor.as_ref().map(|actor| format!("-{}", actor.name));
            let recipient = record.recipient.as_ref().map(|name| format!("-{name}"));
            let (actor, recipient) = (actor.unwrap_or_default(), recipient.unwrap_or_default());
            let names = [
                format!("{}{actor}", handle.text),
                format!("{}{recipient}", handle.text),
                format!("{}{actor}{recipient}", handle.text),
            ];
            let known = names.into_iter().map(Name::from).find(|name| ids.contains(name));
            record.id = known.unwrap_or_else(|| record.id.clone());
        }
        let fits = !records.is_empty() && records.iter().all(|record| ids.contains(&record.id));
        if !fits && !records.is_empty() {
            let message = format!(
                "`{}` is {} reports, and its correction {}",
                handle.text,
                ids.len(),
                records.len()
            );
            let help = "correct one report by one report, or name some of the same actors";
            self.tell_help(&registry::ONE_REPORT, report.span, message, help);
            return;
        }
        for mut record in records {
            record.version = told.last(&record.id).map_or(1, |last| last.version) + 1;
            told.records.push(record);
        }
    }
}

impl Told {
    /// The incident of a handle, or the incident of this name.
    pub(super) fn incident_of(&self, handle: &str) -> Name {
        let id = self.handles.get(handle).and_then(|ids| ids.first());
        let record = id.and_then(|id| self.last(id));
        record.map_or_else(|| handle.into(), |record| record.incident().clone())
    }
}
