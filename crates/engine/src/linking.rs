//! Facts that belong together, found once.
//!
//! Invariant: what surely belongs together possibly does; the order of facts does not enter.

use crate::{determination::Occurrence, fact::Fact, world::World};
use casus_model::{
    Instant, Occurred, Reason, Tri,
    program::{Link, Order},
};
use std::sync::Arc;

impl World<'_> {
    /// One occurrence for all facts that possibly belong together.
    pub(crate) fn belonging(
        &self,
        group: usize,
        link: &Link,
        mut each: Vec<Occurrence>,
    ) -> Vec<Occurrence> {
        each.retain(|one| one.head.is_some());
        each.sort_by_key(order);
        let heads: Vec<(Arc<Fact>, Tri)> = each
            .iter()
            .filter_map(|one| Some((Arc::clone(one.head.as_ref()?), one.answer)))
            .collect();
        let pairs = self.pairs(link, &heads);
        let possible = clusters(heads.len(), |a, b| tri(&pairs, heads.len(), a, b).is_possible());
        let surely = clusters(heads.len(), |a, b| {
            let both = [a, b].iter().all(|&at| heads.get(at).is_some_and(|(_, one)| one.is_yes()));
            both && tri(&pairs, heads.len(), a, b).is_yes()
        });
        let mut all = Vec::new();
        for members in &possible {
            let cores: Vec<Vec<usize>> = surely
                .iter()
                .filter(|core| core.iter().all(|at| members.contains(at)))
                .filter(|core| core.len() >= link.least as usize)
                .filter(|core| {
                    core.iter().all(|&at| heads.get(at).is_some_and(|(_, one)| one.is_yes()))
                })
                .cloned()
                .collect();
            all.extend(together(group, link, &heads, members, &cores));
        }
        all
    }

    /// Whether each two belong together, row by row.
    fn pairs(&self, link: &Link, heads: &[(Arc<Fact>, Tri)]) -> Vec<Tri> {
        let mut pairs = Vec::with_capacity(heads.len() * heads.len());
        for (a, _) in heads {
            for (b, _) in heads {
                let mut answer = self.stands(Order::Around(link.within), a, b);
                if let Some(metres) = link.metres
                    && answer.is_possible()
                {
                    answer = answer.and(self.stands(Order::Near(metres), a, b));
                }
                for key in &link.same {
                    answer = answer.and(self.share(a, b, *key));
                }
                pairs.push(answer);
            }
        }
        pairs
    }
}

fn order(one: &Occurrence) -> Option<(Instant, Instant, casus_model::Name)> {
    let head = one.head.as_ref()?;
    let (a, b, id) = head.order();
    Some((a, b, id.clone()))
}

fn tri(pairs: &[Tri], width: usize, a: usize, b: usize) -> Tri {
    let at = |a: usize, b: usize| pairs.get(a * width + b).copied().unwrap_or(Tri::No);
    // Calendar spans may differ by direction: one way suffices.
    at(a, b).or(at(b, a))
}

/// What hangs together, each sorted, in the order of their first.
fn clusters(count: usize, joined: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..count).collect();
    for a in 0..count {
        for b in a + 1..count {
            let (one, other) = (of.get(a).copied(), of.get(b).copied());
            if let (Some(one), Some(other)) = (one, other)
                && one != other
                && joined(a, b)
            {
                let (least, most) = (one.min(other), one.max(other));
                of.iter_mut().filter(|at| **at == most).for_each(|at| *at = least);
            }
        }
    }
    let mut all: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, cluster) in of.iter().enumerate() {
        if let Some(list) = all.get_mut(*cluster) {
            list.push(at);
        }
    }
    all.retain(|list| !list.is_empty());
    all
}

fn together(
    group: usize,
    link: &Link,
    heads: &[(Arc<Fact>, Tri)],
    members: &[usize],
    cores: &[Vec<usize>],
) -> Option<Occurrence> {
    let least = link.least as usize;
    if members.len() < least {
        return None;
    }
    let facts = |list: &[usize]| -> Vec<Arc<Fact>> {
        list.iter().filter_map(|&at| heads.get(at)).map(|(fact, _)| Arc::clone(fact)).collect()
    };
    let all = facts(members);
    let nth = |list: &[Arc<Fact>], edge: fn(&Fact) -> Instant| {
        let mut starts: Vec<Instant> = list.iter().map(|fact| edge(fact)).collect();
        starts.sort_unstable();
        starts.get(least.saturating_sub(1)).copied()
    };
    let early = nth(&all, |fact| fact.time.start.0)?;
    let late = cores.iter().filter_map(|core| nth(&facts(core), |fact| fact.time.start.1)).min();
    let first = all.first()?;
    let most = |edge: fn(&Fact) -> Instant| all.iter().map(|fact| edge(fact)).max();
    let fewest = |edge: fn(&Fact) -> Instant| all.iter().map(|fact| edge(fact)).min();
    let start = (early, late.unwrap_or(early).max(early));
    let end = (most(|fact| fact.time.end.0)?.max(start.0), most(|fact| fact.time.end.1)?);
    Some(Occurrence {
        answer: Tri::from_bounds(late.is_some(), true),
        reason: if late.is_some() { Reason::Established } else { Reason::NumberUncertain },
        time: Occurred { start, end: (end.0, end.1.max(start.1)) },
        start_edge: (fewest(|fact| fact.time.start.0)?, fewest(|fact| fact.time.start.1)?),
        to: most(|fact| fact.time.end.1),
        head: None,
        subject: format!("{group}@{}", first.id),
        behind: all,
    })
}
