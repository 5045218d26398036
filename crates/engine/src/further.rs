//! Conditions on several facts together: sequences, different actors, the latest, lasting in all.
//!
//! Invariant: what surely holds possibly holds; a fact never stands in a sequence twice.

use crate::{
    conditions::is_same,
    defence::Subject,
    fact::{Fact, Kind, join},
    meeting::{Apart, Meeting, meeting},
    report::Report,
    spanning::{After, Both, Members, Relative, at_hand},
    world::World,
};
use casus_model::{
    Instant, Place, Spans, Tri,
    geometry::{Point, Shape, disk_around, distance_m, path_to_paths_m, paths_distance_m},
    program::{ActorId, Compare, Key, Next, Order, Pattern},
};
use std::sync::Arc;

impl World<'_> {
    /// The last facts of a sequence, each with how surely the ones before it happened in order.
    pub(crate) fn sequence(
        &self,
        steps: &[Next],
        keys: Option<&[Key]>,
        relative: Relative<'_>,
    ) -> Members {
        let mut so_far: Option<Members> = None;
        for step in steps {
            let same = keys.unwrap_or(&step.same);
            let members = self.members(&step.pattern, same, relative);
            let members = members
                .iter()
                .filter(|(fact, _)| relative.fact.is_none_or(|it| !is_same(fact, it)));
            so_far = Some(match &so_far {
                None => members.cloned().collect(),
                Some(before) => members
                    .map(|(fact, answer)| {
                        let led = self.led(before, fact, step);
                        (Arc::clone(fact), answer.and(led))
                    })
                    .filter(|(_, answer)| answer.is_possible())
                    .collect(),
            });
        }
        so_far.unwrap_or_default()
    }

    /// Whether one of the facts came before this one, in time for the step.
    fn led(&self, before: &Members, fact: &Fact, step: &Next) -> Tri {
        let mut any = Tri::No;
        for (earlier, answer) in before.iter().filter(|(one, _)| !is_same(one, fact)) {
            let mut one = answer.and(self.stands(Order::Before, earlier, fact));
            if let Some(span) = step.within {
                one = one.and(self.stands(Order::AtMostBefore(span), earlier, fact));
            }
            any = any.or(one);
        }
        any
    }

    /// Whether such a sequence stands so to the fact.
    pub(crate) fn sequence_at(
        &self,
        steps: &[Next],
        order: &[Order],
        relative: Relative<'_>,
        it: &Fact,
    ) -> Tri {
        let last = self.sequence(steps, None, relative);
        last.iter().fold(Tri::No, |any, (fact, answer)| {
            any.or(answer.and(self.stands_all(order, fact, it)))
        })
    }

    /// From when on so many different actors have done it.
    pub(crate) fn among(
        &self,
        members: &[(Arc<Fact>, Tri)],
        actors: &[ActorId],
        least: u32,
        after: Option<After>,
    ) -> Both {
        let late = |at: Instant| after.is_none_or(|after| at > after.lower);
        let early = |at: Instant| after.is_none_or(|after| at > after.upper);
        let first = |actor: ActorId| {
            let (mut sure, mut possible) = (Instant::MAX, Instant::MAX);
            for (fact, answer) in members {
                let answer = answer.and(self.party(fact, actor));
                let (from, to) = fact.time.start;
                if answer.is_yes() && late(to) {
                    sure = sure.min(to);
                }
                if answer.is_possible() && early(from) {
                    possible = possible.min(from);
                }
            }
            (sure, possible)
        };
        let (mut sure, mut possible): (Vec<Instant>, Vec<Instant>) =
            actors.iter().map(|&actor| first(actor)).unzip();
        sure.sort_unstable();
        possible.sort_unstable();
        let at = (least as usize).saturating_sub(1);
        let from = |list: &[Instant]| {
            let at = list.get(at).copied().unwrap_or(Instant::MAX);
            Spans::of(at, Instant::MAX)
        };
        Both { lower: from(&sure), upper: from(&possible) }
    }

    /// The instants at which the last fact of the kind by then is such a one.
    pub(crate) fn latest(
        &self,
        pattern: &Pattern,
        same: &[Key],
        order: &[Order],
        relative: Relative<'_>,
    ) -> Both {
        let at = at_hand(relative);
        let kind = Pattern { places: Vec::new(), tests: Vec::new(), ..pattern.clone() };
        let mut all: Vec<(Arc<Fact>, Tri, Tri)> = Vec::new();
        for fact in self.gathered(pattern).iter() {
            if relative.fact.is_some_and(|it| is_same(fact, it)) {
                continue;
            }
            let meant = self.belongs(fact, same, relative).and(self.matches(fact, &kind, at));
            if meant.is_possible() {
                let stands = relative.fact.map_or(Tri::Yes, |it| self.stands_all(order, fact, it));
                let full = meant.and(self.matches(fact, pattern, at)).and(stands);
                all.push((Arc::clone(fact), meant, full));
            }
        }
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for (at, (fact, _, full)) in all.iter().enumerate() {
            let later = all.iter().skip(at + 1);
            let start = fact.time.start;
            if full.is_yes() {
                let end = later.clone().map(|(one, ..)| one.time.start.0).min();
                lower.push((start.1, end.unwrap_or(Instant::MAX)));
            }
            if full.is_possible() {
                let sure = later.filter(|(_, meant, _)| meant.is_yes());
                let end = sure.map(|(one, ..)| one.time.start.1).min();
                upper.push((start.0, end.unwrap_or(Instant::MAX)));
            }
        }
        Both { lower: Spans::union_of(lower), upper: Spans::union_of(upper) }
    }

    /// Whether a fact says that it is about another.
    pub(crate) fn speaks_of(&self, fact: &Fact, it: &Fact) -> bool {
        let subject = Subject {
            incident: it.incident,
            finding: &it.id,
            trigger: None,
            records: &it.records,
            claimant: None,
        };
        let mut reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        fact.kind == Kind::Incident
            && reports.any(|report| {
                report.record().about.iter().any(|name| self.is_named(name, &subject))
            })
    }

    /// Whether two facts are, or come, at most so near, or stay at least so far from each other.
    pub(crate) fn apart(&self, a: &Fact, b: &Fact, asked: Apart) -> Tri {
        if a.incident.is_none() || b.incident.is_none() {
            return Tri::Unknown;
        }
        let reports = |fact: &Fact| {
            let all = fact.grounds.iter().filter_map(|&at| self.store.report(at));
            all.collect::<Vec<&Report>>()
        };
        let (ours, theirs) = (reports(a), reports(b));
        let pair = |one: &Report, other: &Report| {
            let mut answer: Option<Tri> = None;
            for p in &one.record().places {
                for q in &other.record().places {
                    let this = self.places_apart((one, p), (other, q), asked);
                    answer = Some(answer.map_or(this, |so_far| so_far.or(this)));
                }
            }
            answer.unwrap_or(Tri::Unknown)
        };
        join(ours.iter().map(|one| join(theirs.iter().map(|other| pair(one, other))).0)).0
    }

    fn places_apart(
        &self,
        (one, p): (&Report, &Place),
        (other, q): (&Report, &Place),
        asked: Apart,
    ) -> Tri {
        let still = || self.gap(p, q).map_or(Tri::Unknown, |(gap, error)| asked.of(gap, error));
        match meeting((one, p), (other, q)) {
            Meeting::Still => still(),
            Meeting::Never => Tri::No,
            // They come no nearer than their paths do.
            Meeting::Closest(..) if matches!(asked, Apart::Near(_)) && still().is_no() => Tri::No,
            Meeting::Closest(gap, open) => asked.of(gap, p.error_m + q.error_m + open),
            Meeting::Unclear => match asked {
                Apart::Near(_) => still().and(Tri::Unknown),
                Apart::Far(_) => Tri::Unknown,
            },
        }
    }

    /// The distance between two places and its error, in metres.
    fn gap(&self, p: &Place, q: &Place) -> Option<(f64, f64)> {
        let error = p.error_m + q.error_m;
        match (&p.shape, &q.shape) {
            (Shape::Line(one), Shape::Line(other)) => {
                Some((path_to_paths_m(one, &[other.to_vec()]), error))
            }
            (Shape::Line(path), other) | (other, Shape::Line(path)) => {
                let (centre, radius) = self.disk(other)?;
                Some((paths_distance_m(centre, &[path.to_vec()]), error + radius))
            }
            (one, other) => {
                let ((a, own), (b, of_other)) = (self.disk(one)?, self.disk(other)?);
                Some((distance_m(a, b), error + own + of_other))
            }
        }
    }

    fn disk(&self, shape: &Shape) -> Option<(Point, f64)> {
        match shape {
            Shape::Point(point) => Some((*point, 0.0)),
            Shape::Area(polygons) => {
                disk_around(polygons.iter().filter_map(|one| one.0.first()).flatten())
            }
            Shape::Named(name) => self.program.zone(name)?.of(self.program)?.region.disk(),
            Shape::Line(_) => None,
        }
    }
}

/// The instants by which facts have lasted so long in all.
pub(crate) fn cumulated(members: &[(Arc<Fact>, Tri)], compare: Compare, ms: i64) -> Both {
    let sure = members.iter().filter(|(_, answer)| answer.is_yes());
    let sure = Spans::union_of(sure.map(|(f, _)| (f.time.start.1, f.time.end.0)));
    let possible = Spans::union_of(members.iter().map(|(f, _)| (f.time.start.0, f.time.end.1)));
    let from = |spans: &Spans, ms: i64| Spans::of(reached(spans, ms), Instant::MAX);
    let least = |ms: i64| Both { lower: from(&sure, ms), upper: from(&possible, ms) };
    match compare {
        Compare::AtLeast => least(ms),
        Compare::MoreThan => least(ms.saturating_add(1)),
        Compare::AtMost => least(ms.saturating_add(1)).negate(),
        Compare::LessThan => least(ms).negate(),
        Compare::Equal => least(ms).and(&least(ms.saturating_add(1)).negate()),
    }
}

/// The first instant by which the stretches have lasted so long.
fn reached(spans: &Spans, ms: i64) -> Instant {
    let mut left = ms;
    if left <= 0 {
        return Instant::MIN;
    }
    for (begin, end) in spans.iter() {
        let long = end.0.saturating_sub(begin.0);
        if long >= left {
            return begin.plus_ms(left);
        }
        left -= long;
    }
    Instant::MAX
}
