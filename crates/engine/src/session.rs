//! Sightings that follow each other without a long pause: the positions of a ship in a zone.
//!
//! Invariant: runs are in order, and no sighting of one is within the gap of another.

use crate::{
    fact::Fact,
    spanning::{Both, Members},
    world::World,
};
use casus_model::{Instant, Span, Spans, Tri};
use std::sync::Arc;

/// What follows each other: from the first sighting's begin to the greatest end of one.
struct Run {
    begin: Instant,
    last: Instant,
    /// When the gap after it is over.
    until: Instant,
}

impl World<'_> {
    /// When such a run has been seen for so long, and is still seen.
    pub(crate) fn seen(&self, members: &[(Arc<Fact>, Tri)], span: Span, gap: Span) -> Both {
        let held = |sightings: Vec<(Instant, Instant)>| {
            let one =
                |run: Run| (self.program.calendar.shift(run.begin, span, 1), run.last.plus_ms(1));
            Spans::union_of(self.runs(sightings, gap).into_iter().map(one))
        };
        let sure = members.iter().filter(|(_, answer)| answer.is_yes());
        Both {
            lower: held(sure.map(|(fact, _)| (fact.time.start.1, fact.time.end.0)).collect()),
            upper: held(members.iter().map(|(fact, _)| possible(fact)).collect()),
        }
    }

    /// The facts of the possible run that goes on at an instant, as far as it had come.
    pub(crate) fn sighted(&self, members: &Members, gap: Span, at: Instant) -> Vec<Arc<Fact>> {
        let sightings = members.iter().map(|(fact, _)| possible(fact)).collect();
        let runs = self.runs(sightings, gap);
        let Some(run) = runs.iter().find(|run| run.begin <= at && at <= run.last) else {
            return Vec::new();
        };
        let calendar = &self.program.calendar;
        let counts = |fact: &Arc<Fact>| {
            let (start, end) = possible(fact);
            run.begin <= start && start <= at && start < calendar.shift(end, gap, 1)
        };
        let facts = members.iter().map(|(fact, _)| fact);
        facts.filter(|fact| counts(fact)).map(Arc::clone).collect()
    }

    /// Sightings, each with begin and end, by what follows each other.
    fn runs(&self, mut sightings: Vec<(Instant, Instant)>, gap: Span) -> Vec<Run> {
        sightings.sort_unstable();
        let mut runs: Vec<Run> = Vec::new();
        for (begin, last) in sightings {
            let until = self.program.calendar.shift(last, gap, 1);
            if until <= begin {
                continue;
            }
            match runs.last_mut().filter(|run| begin <= run.until) {
                Some(run) => {
                    run.last = run.last.max(last);
                    run.until = run.until.max(until);
                }
                None => runs.push(Run { begin, last, until }),
            }
        }
        runs
    }
}

/// From when to when a fact possibly goes on.
fn possible(fact: &Fact) -> (Instant, Instant) {
    (fact.time.start.0, fact.time.end.1)
}
