//! Letting go of what can no longer change.
//!
//! Invariant: no fact that begins at or after the bound can change what is let go of, and the
//! findings that were made of it stay as they are.

use super::{
    Keyed,
    partition::{Entry, Form, Part, Who, Wide, window_end},
    rule::KeyedRule,
};
use casus_model::{Calendar, Instant, Occurred, Span, time::DAY_MS};
use std::collections::HashSet;

/// No partition, in a list of new numbers.
const GONE: u32 = u32::MAX;

/// What the entries of a rule are read with.
struct Reading<'a> {
    form: Form,
    width_ms: i64,
    wides: &'a [Wide],
    calendar: &'a Calendar,
    /// No fact that is still to come begins before this.
    bound: Instant,
}

impl Reading<'_> {
    fn time(&self, entry: &Entry) -> Occurred {
        let wide = entry.wide.checked_sub(1).and_then(|at| self.wides.get(at as usize));
        let plain = Occurred::within(entry.early, entry.early.plus_ms(self.width_ms));
        wide.map_or(plain, |wide| wide.time)
    }

    /// Until when an entry may bear on what begins after it.
    fn reach(&self, entry: &Entry) -> Instant {
        let time = self.time(entry);
        let leaves = |at: Instant| match self.form {
            Form::Count(_, window) => window_end(self.calendar, at, window),
            Form::Lasting(_, gap) | Form::Seen(_, gap) => self.calendar.shift(at, gap, 1),
            Form::Beside { .. } => at,
        };
        leaves(time.start.1).max(leaves(time.end.1)).max(time.end.1.plus_ms(1))
    }

    /// Takes out the entries that stand apart from all that is to come, group by group.
    fn close(&self, part: &mut Part) -> Vec<Entry> {
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        let mut group: Vec<Entry> = Vec::new();
        let mut reach = Instant::MIN;
        let mut closed: Vec<(Instant, Instant)> = Vec::new();
        let mut end = |group: &mut Vec<Entry>, reach: Instant| {
            let rows = group.iter().all(|entry| entry.who.split().is_ok());
            match group.first() {
                Some(first) if rows && reach < self.bound => {
                    closed.push((first.early, reach));
                    gone.append(group);
                }
                _ => kept.append(group),
            }
        };
        for entry in std::mem::take(&mut part.entries) {
            if entry.early > reach {
                end(&mut group, reach);
            }
            reach = reach.max(self.reach(&entry));
            group.push(entry);
        }
        end(&mut group, reach);
        part.entries = kept;
        part.told.retain(|(told, _)| {
            !closed.iter().any(|(from, to)| *from <= told.begin.0 && told.begin.0 <= *to)
        });
        gone
    }

    /// Takes out the facts beside which no mark can come any more, and the marks that no fact asks
    /// for.
    fn close_beside(&self, part: &mut Part, within: Span) -> Vec<Entry> {
        let row = |entry: &Entry| entry.who.split().is_ok();
        let over = |entry: &mut Entry| row(entry) && self.time(entry).end.1 < self.bound;
        let mut gone: Vec<Entry> = part.entries.extract_if(.., over).collect();
        let facts: HashSet<Who> = gone.iter().map(|entry| entry.who).collect();
        part.told.retain(|(told, _)| told.fact.is_none_or(|fact| !facts.contains(&fact)));
        let earliest = part.entries.iter().map(|entry| entry.early).min();
        let earliest = earliest.map_or(self.bound, |early| early.min(self.bound));
        // Days of a calendar are not all of one length.
        let margin_ms = match within {
            Span::Exact(_) => 0,
            Span::Days(_) => DAY_MS,
            Span::WorkingDays(_) | Span::Months(_) => 31 * DAY_MS,
        };
        let from = self.calendar.shift(earliest, within, -1).plus_ms(-margin_ms);
        let widest = part.marks.iter().map(|mark| {
            let (early, late) = self.time(mark).start;
            late.0.saturating_sub(early.0)
        });
        let from = from.plus_ms(-widest.max().unwrap_or_default());
        let unasked = |mark: &mut Entry| row(mark) && self.time(mark).end.1 < from;
        gone.extend(part.marks.extract_if(.., unasked));
        gone
    }
}

impl KeyedRule {
    /// Lets go of entries that nothing can change which begins at or after the bound.
    fn retire(&mut self, bound: Instant, calendar: &Calendar) {
        if !self.pending.is_empty() {
            return;
        }
        let width_ms = self.width_ms.unwrap_or_default();
        let reading = Reading { form: self.form, width_ms, wides: &self.wides, calendar, bound };
        for part in self.parts.iter_mut().filter(|part| !part.dirty) {
            part.sort();
            let gone = match self.form {
                Form::Beside { within, .. } => reading.close_beside(part, within),
                _ => reading.close(part),
            };
            part.wide -= gone.iter().map(|entry| u32::from(entry.wide > 0)).sum::<u32>();
            self.free.extend(gone.iter().filter_map(|entry| entry.wide.checked_sub(1)));
            part.shrink();
        }
        self.drop_empty();
    }

    /// Drops the partitions that hold nothing, and numbers the others anew.
    fn drop_empty(&mut self) {
        let mut next = 0;
        let mut number = |part: &Part| {
            let at = if part.is_bare() { GONE } else { next };
            next += u32::from(at != GONE);
            at
        };
        let numbers: Vec<u32> = self.parts.iter().map(&mut number).collect();
        let new = |at: u32| numbers.get(at as usize).copied().filter(|&at| at != GONE);
        let (mut parts, mut names) = (numbers.iter(), numbers.iter());
        self.parts.retain(|_| parts.next() != Some(&GONE));
        self.names.retain(|_| names.next() != Some(&GONE));
        self.slots.iter_mut().for_each(|at| *at = new(*at).unwrap_or(GONE));
        self.index.retain(|_, at| {
            *at = new(*at).unwrap_or(GONE);
            *at != GONE
        });
        self.recent.clear();
        let renumber = |list: &mut Vec<u32>| {
            *list = list.iter().filter_map(|&at| new(at)).collect();
        };
        renumber(&mut self.dirty);
        self.timers.values_mut().for_each(renumber);
        self.timers.retain(|_, list| !list.is_empty());
        for (at, _) in self.by_incident.values_mut().flatten() {
            *at = new(*at).unwrap_or(GONE);
        }
        self.parts.shrink_to_fit();
        self.names.shrink_to_fit();
        self.index.shrink_to_fit();
    }

    fn entries(&mut self) -> impl Iterator<Item = &mut Who> {
        self.parts.iter_mut().flat_map(|part| {
            let told = part.told.iter_mut().filter_map(|(told, _)| told.fact.as_mut());
            let entries = part.entries.iter_mut().chain(&mut part.marks);
            entries.map(|entry| &mut entry.who).chain(told)
        })
    }
}

impl Keyed {
    /// How many rows are held.
    pub(crate) fn rows(&self) -> usize {
        self.table.len()
    }

    /// Lets go of what nothing can change which begins at or after the bound: entries, and rows
    /// that no partition holds any more.
    pub(crate) fn retire(&mut self, bound: Instant, calendar: &Calendar) {
        let mut wanted = self.table.since(bound);
        for rule in &mut self.rules {
            rule.retire(bound, calendar);
            for who in rule.entries() {
                if let Ok(row) = who.split()
                    && let Some(place) = wanted.get_mut(row as usize)
                {
                    *place = true;
                }
            }
        }
        let numbers = self.table.keep(&wanted);
        for who in self.rules.iter_mut().flat_map(KeyedRule::entries) {
            if let Ok(row) = who.split()
                && let Some(new) = numbers.get(row as usize)
            {
                *who = Who::row(*new);
            }
        }
    }
}
