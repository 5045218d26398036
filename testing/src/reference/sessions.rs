//! Section 5.4, `Seen`: what follows each other without a long pause.
//!
//! Invariant: a run is a stretch of the union of what its facts span with the gap after them.

use super::{Asking, Here, Pair, fact::Fact};
use casus_model::{
    Instant, Span, Spans, Tri,
    program::{Key, Pattern},
};
use std::rc::Rc;

/// The begin and the end of a fact, as one of the two sets takes them.
type Sighting = (Instant, Instant);

impl Asking<'_> {
    /// 5.4 `Seen`
    pub fn seen(
        &self,
        pattern: &Pattern,
        same: &[Key],
        span: Span,
        gap: Span,
        here: &Here<'_>,
    ) -> Pair {
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for (fact, answer) in self.each_keyed(pattern, same, here) {
            if answer.is_yes() {
                lower.push((fact.time.start.1, fact.time.end.0));
            }
            if answer.is_possible() {
                upper.push(possible(fact));
            }
        }
        let held = |sightings: &[Sighting]| {
            let runs = self.runs(sightings, gap);
            let each = runs
                .iter()
                .map(|&(begin, last)| Spans::of(self.later(begin, span), last.plus_ms(1)));
            each.fold(Spans::none(), |so_far, one| so_far.or(&one))
        };
        Pair { lower: held(&lower), upper: held(&upper) }
    }

    /// Each run: its begin and the greatest end among its sightings.
    fn runs(&self, sightings: &[Sighting], gap: Span) -> Vec<Sighting> {
        let stretch = |&(begin, end): &Sighting| Spans::of(begin, self.later(end, gap));
        let all = sightings.iter().map(stretch).fold(Spans::none(), |sum, one| sum.or(&one));
        let last = |run: Spans| {
            let of_it = sightings
                .iter()
                .filter(|one| stretch(one).first().is_some_and(|begin| run.contains(begin)));
            of_it.map(|one| one.1).max()
        };
        all.iter().filter_map(|(from, to)| Some((from, last(Spans::of(from, to))?))).collect()
    }

    /// 10.2: the facts of a head `Seen`, each until its run is seen no more.
    pub fn sightings(
        &self,
        pattern: &Pattern,
        same: &[Key],
        gap: Span,
        here: &Here<'_>,
    ) -> Vec<(Rc<Fact>, Spans)> {
        let can_be = |fact: &&Rc<Fact>| self.keyed(fact, pattern, same, here) != Tri::No;
        let facts: Vec<&Rc<Fact>> = self.facts.iter().filter(can_be).collect();
        let each: Vec<Sighting> = facts.iter().map(|fact| possible(fact)).collect();
        let runs = self.runs(&each, gap);
        let until = |fact: &Fact| {
            let (begin, end) = possible(fact);
            let empty = self.later(end, gap) <= begin;
            let run = runs.iter().rev().find(|run| run.0 <= begin);
            if empty {
                Spans::none()
            } else {
                Spans::of(begin, run.map_or(begin, |run| run.1.plus_ms(1)))
            }
        };
        facts.iter().map(|fact| ((*fact).clone(), until(fact))).collect()
    }
}

/// From when to when a fact possibly goes on.
fn possible(fact: &Fact) -> Sighting {
    (fact.time.start.0, fact.time.end.1)
}
