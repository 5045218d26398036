//! Section 14: sequences, different actors, lasting in all, the latest, distances, what belongs
//! together.
//!
//! Invariant: everything is tried with everything; nothing is looked up.

use super::{
    Asking, Here, Pair, clause::join, determinations::Occurrence, fact::Fact, tracks::moving,
};
use casus_model::{
    Instant, Occurred, Place, Reason, Spans, Tri,
    geometry::{Point, Shape, disk_around, distance_m, path_to_paths_m, paths_distance_m},
    program::{ActorId, Compare, Key, Link, Next, Order, Pattern},
};

impl Asking<'_> {
    /// 14.1: the last facts of a sequence, with how surely it happened up to them.
    pub fn sequence<'s>(
        &'s self,
        steps: &'s [Next],
        keys: Option<&'s [Key]>,
        here: &'s Here<'_>,
    ) -> Vec<(&'s Fact, Tri)> {
        let Some((last, before)) = steps.split_last() else { return Vec::new() };
        let same = keys.unwrap_or(&last.same);
        let others = |fact: &Fact| here.it.is_none_or(|it| !fact.same_as(it));
        let meant = self.each_keyed(&last.pattern, same, here).filter(|(fact, _)| others(fact));
        if before.is_empty() {
            return meant.collect();
        }
        let earlier = self.sequence(before, keys, here);
        meant
            .map(|(fact, answer)| {
                let led =
                    earlier.iter().filter(|(one, _)| !one.same_as(fact)).map(|(one, sure)| {
                        let soon = last.within.map_or(Tri::Yes, |span| {
                            self.order(one, fact, Order::AtMostBefore(span))
                        });
                        sure.and(self.order(one, fact, Order::Before)).and(soon)
                    });
                (fact, answer.and(led.max().unwrap_or(Tri::No)))
            })
            .collect()
    }

    /// 14.2: from when on so many different actors have done it.
    pub fn among(
        &self,
        least: u32,
        actors: &[ActorId],
        pattern: &Pattern,
        same: &[Key],
        here: &Here<'_>,
    ) -> Pair {
        let facts: Vec<(&Fact, Tri)> = self.each_keyed(pattern, same, here).collect();
        let mut surely = Vec::new();
        let mut possibly = Vec::new();
        for actor in actors {
            let by = |fact: &Fact| self.party(fact, *actor);
            let sure = facts.iter().filter(|(fact, answer)| answer.and(by(fact)).is_yes());
            let sure = sure.map(|(fact, _)| fact.time.start.1);
            let sure = sure.filter(|at| here.after.is_none_or(|after| *at > after.1));
            surely.push(sure.min().unwrap_or(Instant::MAX));
            let may = facts.iter().filter(|(fact, answer)| answer.and(by(fact)).is_possible());
            let may = may.map(|(fact, _)| fact.time.start.0);
            let may = may.filter(|at| here.after.is_none_or(|after| *at > after.0));
            possibly.push(may.min().unwrap_or(Instant::MAX));
        }
        let nth = |mut list: Vec<Instant>| {
            list.sort_unstable();
            let at = usize::try_from(least).unwrap_or(usize::MAX).saturating_sub(1);
            Spans::of(list.get(at).copied().unwrap_or(Instant::MAX), Instant::MAX)
        };
        Pair { lower: nth(surely), upper: nth(possibly) }
    }

    /// 14.3: by when facts have lasted so long, what overlaps counted once.
    pub fn cumulated(
        &self,
        pattern: &Pattern,
        same: &[Key],
        compare: Compare,
        ms: i64,
        here: &Here<'_>,
    ) -> Pair {
        let (mut sure, mut may) = (Vec::new(), Vec::new());
        for (fact, answer) in self.each_keyed(pattern, same, here) {
            if answer.is_yes() {
                sure.push((fact.time.start.1, fact.time.end.0));
            }
            if answer.is_possible() {
                may.push((fact.time.start.0, fact.time.end.1));
            }
        }
        let least = |ms: i64| Pair {
            lower: Spans::of(lasted(sure.clone(), ms), Instant::MAX),
            upper: Spans::of(lasted(may.clone(), ms), Instant::MAX),
        };
        match compare {
            Compare::AtLeast => least(ms),
            Compare::MoreThan => least(ms + 1),
            Compare::LessThan => least(ms).not(),
            Compare::AtMost => least(ms + 1).not(),
            Compare::Equal => least(ms).and(&least(ms + 1).not()),
        }
    }

    /// 14.4: when the last fact of the kind is such a one.
    pub fn latest(
        &self,
        pattern: &Pattern,
        same: &[Key],
        order: &[Order],
        here: &Here<'_>,
    ) -> Pair {
        let mut kind = pattern.clone();
        kind.places.clear();
        kind.tests.clear();
        let mut facts: Vec<(&Fact, Tri)> = self
            .each_keyed(&kind, same, here)
            .filter(|(fact, _)| here.it.is_none_or(|it| !fact.same_as(it)))
            .filter(|(_, answer)| answer.is_possible())
            .collect();
        facts.sort_by_key(|(fact, _)| (fact.time.start.1, fact.time.start.0, fact.id.clone()));
        let mut pair = Pair::none();
        for (at, (fact, _)) in facts.iter().enumerate() {
            let stands = here.it.map_or(Tri::Yes, |it| self.stands(order, fact, it));
            let full = self.keyed(fact, pattern, same, here).and(stands);
            let later: Vec<&(&Fact, Tri)> = facts.iter().skip(at + 1).collect();
            if full.is_yes() {
                let end = later.iter().map(|(one, _)| one.time.start.0).min();
                let held = Spans::of(fact.time.start.1, end.unwrap_or(Instant::MAX));
                pair.lower = pair.lower.or(&held);
            }
            if full.is_possible() {
                let sure = later.iter().filter(|(_, answer)| answer.is_yes());
                let end = sure.map(|(one, _)| one.time.start.1).min();
                let held = Spans::of(fact.time.start.0, end.unwrap_or(Instant::MAX));
                pair.upper = pair.upper.or(&held);
            }
        }
        pair
    }

    /// 14.5: a question about the distance between two facts and its error.
    pub fn apart(&self, a: &Fact, b: &Fact, near: bool, ask: impl Fn(f64, f64) -> Tri) -> Tri {
        if a.grounds.is_empty() || b.grounds.is_empty() {
            return Tri::Unknown;
        }
        let mut outer = Vec::new();
        for one in &a.grounds {
            let mut inner = Vec::new();
            for other in &b.grounds {
                let mut answers = Vec::new();
                for p in &one.content.places {
                    for q in &other.content.places {
                        let gap = self.gap(p, q);
                        let still = gap.map_or(Tri::Unknown, |(d, e)| ask(d, e));
                        let meeting = moving((one, p), (other, q), near, still, &ask);
                        answers.push(meeting.unwrap_or(still));
                    }
                }
                inner.push(answers.into_iter().max().unwrap_or(Tri::Unknown));
            }
            outer.push(join(&inner));
        }
        join(&outer)
    }

    fn gap(&self, p: &Place, q: &Place) -> Option<(f64, f64)> {
        let error = p.error_m + q.error_m;
        let path = |shape: &Shape| match shape {
            Shape::Line(path) => Some(path.to_vec()),
            _ => None,
        };
        match (path(&p.shape), path(&q.shape)) {
            (Some(one), Some(other)) => Some((path_to_paths_m(&one, &[other]), error)),
            (Some(path), None) => {
                let (centre, radius) = self.flat(&q.shape)?;
                Some((paths_distance_m(centre, &[path]), error + radius))
            }
            (None, Some(path)) => {
                let (centre, radius) = self.flat(&p.shape)?;
                Some((paths_distance_m(centre, &[path]), error + radius))
            }
            (None, None) => {
                let (a, ra) = self.flat(&p.shape)?;
                let (b, rb) = self.flat(&q.shape)?;
                Some((distance_m(a, b), error + ra + rb))
            }
        }
    }

    fn flat(&self, shape: &Shape) -> Option<(Point, f64)> {
        let program = self.world.program;
        match shape {
            Shape::Point(point) => Some((*point, 0.0)),
            Shape::Area(polygons) => {
                disk_around(polygons.iter().filter_map(|one| one.0.first()).flatten())
            }
            Shape::Named(name) => program.zone(name)?.of(program)?.region.disk(),
            Shape::Line(_) => None,
        }
    }

    /// 14.8: occurrences that belong together, as one.
    pub fn linked(&self, group: usize, link: &Link, mut each: Vec<Occurrence>) -> Vec<Occurrence> {
        each.sort_by_key(|one| (one.fact.time.start.1, one.fact.time.start.0, one.fact.id.clone()));
        let may: Vec<usize> = (0..each.len()).collect();
        let sure: Vec<usize> = may
            .iter()
            .copied()
            .filter(|at| each.get(*at).is_some_and(|o| o.status.is_yes()))
            .collect();
        let tie = |a: usize, b: usize| match (each.get(a), each.get(b)) {
            (Some(a), Some(b)) => {
                self.belong(link, &a.fact, &b.fact).max(self.belong(link, &b.fact, &a.fact))
            }
            _ => Tri::No,
        };
        let wide = components(&may, &|a, b| tie(a, b).is_possible());
        let tight = components(&sure, &|a, b| tie(a, b).is_yes());
        let least = usize::try_from(link.least).unwrap_or(usize::MAX);
        let mut out = Vec::new();
        for members in wide {
            let facts = |list: &[usize]| -> Vec<&Fact> {
                list.iter().filter_map(|at| each.get(*at)).map(|one| &one.fact).collect()
            };
            let all = facts(&members);
            if all.len() < least {
                continue;
            }
            let nth = |list: &[&Fact], edge: fn(&Fact) -> Instant| {
                let mut starts: Vec<Instant> = list.iter().map(|fact| edge(fact)).collect();
                starts.sort_unstable();
                starts.get(least.saturating_sub(1)).copied()
            };
            let cores = tight.iter().filter(|core| core.iter().all(|at| members.contains(at)));
            let late = cores.filter_map(|core| nth(&facts(core), |f| f.time.start.1)).min();
            let early = nth(&all, |f| f.time.start.0).unwrap_or(Instant::MAX);
            let Some(first) = all.first() else { continue };
            let mut fact = (*first).clone();
            fact.derived = None;
            fact.grounds.clear();
            fact.live.clear();
            fact.about.clear();
            fact.parties = vec![Tri::Unknown; self.world.program.actors.len()];
            (fact.item, fact.recipient) = (None, None);
            fact.zones.clear();
            let start = (early, late.unwrap_or(early).max(early));
            let end0 = all.iter().map(|f| f.time.end.0).max().unwrap_or(start.0).max(start.0);
            let end1 = all.iter().map(|f| f.time.end.1).max().unwrap_or(start.1);
            fact.time = Occurred { start, end: (end0, end1.max(start.1)) };
            let least_of = |edge: fn(&Fact) -> Instant| all.iter().map(|f| edge(f)).min();
            fact.start_edge = (
                least_of(|f| f.time.start.0).unwrap_or(start.0),
                least_of(|f| f.time.start.1).unwrap_or(start.1),
            );
            fact.settled = all.iter().map(|f| f.settled).max().unwrap_or(Instant::MIN);
            fact.receipt = all.iter().map(|f| f.receipt).max().unwrap_or(Instant::MIN);
            fact.records = all.iter().flat_map(|f| f.records.clone()).collect();
            let status = if late.is_some() { Tri::Yes } else { Tri::Unknown };
            fact.status = status;
            out.push(Occurrence {
                status,
                reason: if late.is_some() { Reason::Established } else { Reason::NumberUncertain },
                subject: format!("{group}@{}", first.id),
                to: Some(end1),
                fact,
            });
        }
        out
    }

    fn belong(&self, link: &Link, a: &Fact, b: &Fact) -> Tri {
        let near = link.metres.map_or(Tri::Yes, |metres| self.order(a, b, Order::Near(metres)));
        let same = link.same.iter().map(|key| self.share(a, b, *key));
        same.fold(self.order(a, b, Order::Around(link.within)).and(near), Tri::and)
    }
}

/// The first instant by which stretches have lasted so long: second by second would be plainer,
/// but stretches are merged first, and then walked.
fn lasted(stretches: Vec<(Instant, Instant)>, ms: i64) -> Instant {
    if ms <= 0 {
        return Instant::MIN;
    }
    let mut so_far = 0;
    for (from, to) in Spans::union_of(stretches).iter() {
        if so_far + (to.0 - from.0) >= ms {
            return from.plus_ms(ms - so_far);
        }
        so_far += to.0 - from.0;
    }
    Instant::MAX
}

/// Members that hang together, by adding whoever is tied to somebody inside, until nobody is.
fn components(members: &[usize], tied: &impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut left: Vec<usize> = members.to_vec();
    let mut out = Vec::new();
    while let Some(first) = left.first().copied() {
        let mut inside = vec![first];
        loop {
            let next = left
                .iter()
                .copied()
                .find(|at| !inside.contains(at) && inside.iter().any(|one| tied(*one, *at)));
            match next {
                Some(at) => inside.push(at),
                None => break,
            }
        }
        inside.sort_unstable();
        left.retain(|at| !inside.contains(at));
        out.push(inside);
    }
    out
}
