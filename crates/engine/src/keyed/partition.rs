//! The facts of one key, in the order of time, and the stretches that a condition makes of them.
//!
//! Invariant: what is read off plain entries equals what the condition says of them as facts.

use super::rule::Lane;
use casus_model::{Calendar, Instant, Occurred, Span, Spans, Tri, program::Window};

/// Who stands behind an entry: a row of the table, or an incident of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Who(u32);

const INCIDENT: u32 = 1 << 31;

impl Who {
    /// A row of the table.
    pub fn row(at: u32) -> Who {
        Who(at)
    }
    /// An incident of the store.
    pub fn incident(id: u32) -> Who {
        Who(id | INCIDENT)
    }
    /// The row, or else the incident.
    pub fn split(self) -> Result<u32, u32> {
        if self.0 & INCIDENT == 0 { Ok(self.0) } else { Err(self.0 & !INCIDENT) }
    }
}

/// A fact in a partition: surely, at one moment of the width that its rule knows; or else as `wide`
/// says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub early: Instant,
    pub who: Who,
    /// The number of a `Wide` from 1 on; 0: it is plain.
    pub wide: u32,
}

/// A fact that is not sure, or not of one moment of the usual width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wide {
    pub time: Occurred,
    pub answer: Tri,
}

/// What is asked of the facts of one key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// So many in a window.
    Count(u32, Window),
    /// So long without a greater gap, the gap included.
    Lasting(Span, Span),
    /// So long without a greater gap, from the first to the last.
    Seen(Span, Span),
    /// Each fact, where a mark goes before it by at most so much (or, negated, where none does).
    Beside {
        /// None does.
        negated: bool,
        /// By so much at most.
        within: Span,
    },
}

/// A finding's stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// When it begins: possibly, and surely.
    pub begin: (Instant, Instant),
    pub sure: bool,
    /// When it ends, where the clock has come so far.
    pub to: Option<Instant>,
    /// A digest of what stands behind it.
    pub behind: u64,
    /// The fact that it is, where it is one.
    pub fact: Option<Who>,
}

/// The facts of one key.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub entries: Vec<Entry>,
    pub marks: Vec<Entry>,
    unsorted: bool,
    /// How many of the entries are wide.
    pub wide: u32,
    pub dirty: bool,
    /// What was last said of it, each with the number of its finding.
    pub told: Vec<(Stretch, casus_model::Name)>,
}

impl Part {
    /// Makes room for so many entries.
    pub fn reserve(&mut self, count: usize) {
        self.entries.reserve_exact(count);
    }

    /// Takes an entry in.
    pub fn add(&mut self, lane: Lane, entry: Entry) {
        let entries = match lane {
            Lane::Facts => &mut self.entries,
            Lane::Marks => &mut self.marks,
        };
        self.unsorted |= entries.last().is_some_and(|last| last.early > entry.early);
        self.wide += u32::from(entry.wide > 0);
        entries.push(entry);
    }

    /// Takes an entry out of each lane.
    pub fn remove(&mut self, early: Instant, who: Who) -> [Option<Entry>; 2] {
        self.sort();
        let gone = [take(&mut self.entries, early, who), take(&mut self.marks, early, who)];
        self.wide -= gone.iter().flatten().map(|one| u32::from(one.wide > 0)).sum::<u32>();
        gone
    }

    /// Whether it holds nothing, and nothing stands that was said of it.
    pub fn is_bare(&self) -> bool {
        let holds = !self.entries.is_empty() || !self.marks.is_empty() || !self.told.is_empty();
        !holds && !self.dirty
    }

    /// Gives back the room that it does not need.
    pub fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.told.shrink_to_fit();
    }

    /// Puts the entries in order.
    pub fn sort(&mut self) {
        if self.unsorted {
            self.entries.sort_by_key(|one| one.early);
            self.marks.sort_by_key(|one| one.early);
            self.unsorted = false;
        }
    }
}

fn take(entries: &mut Vec<Entry>, early: Instant, who: Who) -> Option<Entry> {
    let from = entries.partition_point(|one| one.early < early);
    let at = entries.get(from..).into_iter().flatten();
    let at = at.take_while(|one| one.early == early).position(|one| one.who == who)?;
    Some(entries.remove(from + at))
}

/// Which bounds of moments that are `width_ms` wide are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub width_ms: i64,
    /// What surely holds, or what possibly does.
    pub surely: bool,
}

impl Bounds {
    /// From when a fact counts.
    fn begin(self, early: Instant) -> Instant {
        if self.surely { early.plus_ms(self.width_ms) } else { early }
    }
    /// Until when it goes on.
    fn last(self, early: Instant) -> Instant {
        if self.surely { early } else { early.plus_ms(self.width_ms) }
    }
}

impl Form {
    /// When the condition holds, of entries that are all plain and in order; none where a calendar
    /// lets what began earlier end later.
    pub fn spans(self, entries: &[Entry], calendar: &Calendar, bounds: Bounds) -> Option<Spans> {
        let mut all: Vec<(Instant, Instant)> = Vec::new();
        let mut latest = Instant::MIN;
        let mut in_order = |end: Instant| {
            let so = end >= latest;
            latest = end;
            so
        };
        match self {
            Form::Count(least, window) => {
                let least = least as usize;
                let lasts = entries.get(least.saturating_sub(1)..).unwrap_or_default();
                for (first, last) in entries.iter().zip(lasts) {
                    let begin = bounds.begin(last.early);
                    let end = window_end(calendar, bounds.last(first.early), window);
                    if !in_order(end) {
                        return None;
                    }
                    match all.last_mut() {
                        Some(open) if begin <= open.1 => open.1 = open.1.max(end),
                        _ if begin < end => all.push((begin, end)),
                        _ => {}
                    }
                }
            }
            Form::Lasting(span, gap) | Form::Seen(span, gap) => {
                for run in runs(entries, calendar, gap, bounds)? {
                    let from = calendar.shift(run.begin, span, 1);
                    if !in_order(from) {
                        return None;
                    }
                    all.push(match self {
                        Form::Seen(..) => (from, run.last.plus_ms(1)),
                        _ => (from, run.until),
                    });
                }
            }
            Form::Beside { .. } => {}
        }
        all.retain(|(from, to)| from < to);
        Some(Spans::in_order(all))
    }

    /// The plain entries that count at an instant at which the condition begins to hold.
    pub fn behind(
        self,
        entries: &[Entry],
        calendar: &Calendar,
        width_ms: i64,
        at: Instant,
    ) -> Vec<Entry> {
        let to = entries.partition_point(|one| one.early <= at);
        let leaves = |early: Instant| {
            let late = early.plus_ms(width_ms);
            match self {
                Form::Count(_, window) => window_end(calendar, late, window),
                Form::Lasting(_, gap) | Form::Seen(_, gap) => calendar.shift(late, gap, 1),
                Form::Beside { .. } => late.plus_ms(1),
            }
        };
        let past = entries.get(..to).unwrap_or_default().iter().rev();
        let mut next = at;
        let mut all: Vec<Entry> = match self {
            // All of the run, however long it has been.
            Form::Seen(..) => past
                .take_while(|one| {
                    let follows = next <= leaves(one.early);
                    next = one.early;
                    follows
                })
                .copied()
                .collect(),
            _ => past.take_while(|one| at < leaves(one.early)).copied().collect(),
        };
        all.reverse();
        all
    }
}

/// When a fact that began at this instant leaves the window.
pub(crate) fn window_end(calendar: &Calendar, at: Instant, window: Window) -> Instant {
    match window {
        Window::Rolling(span) => calendar.shift(at, span, 1),
        Window::Each(period) => calendar.period(at, period).1,
        Window::Ever => Instant::MAX,
    }
}

/// Facts that follow each other within the gap.
struct Run {
    begin: Instant,
    last: Instant,
    /// When the gap after the last is over.
    until: Instant,
}

fn runs(entries: &[Entry], calendar: &Calendar, gap: Span, bounds: Bounds) -> Option<Vec<Run>> {
    let mut all: Vec<Run> = Vec::new();
    for entry in entries {
        let (begin, last) = (bounds.begin(entry.early), bounds.last(entry.early));
        let until = calendar.shift(last, gap, 1);
        match all.last_mut() {
            Some(run) if until < run.until => return None,
            _ if until <= begin => {}
            Some(run) if begin <= run.until => (run.last, run.until) = (last, until),
            _ => all.push(Run { begin, last, until }),
        }
    }
    Some(all)
}
