//! What fulfils a duty, and what the fulfilments come to.
//!
//! Invariant: an act that says what it answers fulfils nothing else.

use crate::{defence::Subject, duty::Bearer, fact::Fact, matching::AtHand, world::World};
use casus_model::{
    Instant, Name, Tri,
    geometry::Shape,
    program::{ActorId, Key, ListItem, Pattern},
};
use std::sync::Arc;

/// What a fulfilment must be linked to.
#[derive(Clone, Copy)]
pub(crate) enum Link<'f> {
    /// The fact that the duty hangs on, and the keys to be shared with it.
    Trigger(&'f Fact, &'f [Key]),
    Since((Instant, Instant)),
    Within(Instant, Instant),
}

/// Facts that fulfil, in order, each with how surely.
pub(crate) type Fulfilments = Vec<(Arc<Fact>, Tri)>;

/// What the fulfilments come to.
pub(crate) struct Tally {
    pub done: (Instant, Instant),
    pub progress: (u32, u32),
    pub records: Vec<Name>,
    pub settled: Instant,
    pub receipt: Instant,
}

impl World<'_> {
    /// The facts that fulfil, in order.
    pub(crate) fn fulfilments(
        &self,
        deeds: &[Pattern],
        bearer: &Bearer,
        link: Link<'_>,
        item: Option<&ListItem>,
    ) -> Fulfilments {
        let trigger = match link {
            Link::Trigger(fact, _) => Some(fact),
            _ => None,
        };
        let by_one = |fact: &Fact, deed: &Pattern, one: ActorId| {
            let at = AtHand { it: trigger, bearer: Some(one), item, key: &[] };
            let by = self.party(fact, one);
            if by.is_no() { by } else { by.and(self.matches(fact, deed, at)) }
        };
        let mut found: Fulfilments = Vec::new();
        for deed in deeds {
            for fact in self.gathered(deed).iter() {
                let linked = self.linked(fact, link).and(self.is_item(fact, item));
                let linked = match link {
                    Link::Trigger(trigger, keys) => keys
                        .iter()
                        .fold(linked, |all, key| all.and(self.share(trigger, fact, *key))),
                    _ => linked,
                };
                if linked.is_no() {
                    continue;
                }
                let each = bearer.all.iter();
                let by = each.fold(Tri::No, |any, &one| any.or(by_one(fact, deed, one)));
                let answer = linked.and(by);
                if answer.is_no() {
                    continue;
                }
                match found.iter_mut().find(|(other, _)| other.id == fact.id) {
                    Some((_, so_far)) => *so_far = so_far.or(answer),
                    None => found.push((Arc::clone(fact), answer)),
                }
            }
        }
        found.sort_by(|a, b| a.0.order().cmp(&b.0.order()));
        found
    }

    fn linked(&self, fact: &Fact, link: Link<'_>) -> Tri {
        let (from0, from1) = match link {
            Link::Within(begin, end) => {
                let (s0, s1) = fact.time.start;
                return Tri::from_bounds(s0 >= begin && s1 < end, s1 >= begin && s0 < end);
            }
            Link::Since(opened) => opened,
            Link::Trigger(trigger, _) => {
                if let (Some(a), Some(b)) = (&trigger.item, &fact.item)
                    && a != b
                {
                    return Tri::No;
                }
                let reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
                let mut about = reports.flat_map(|report| report.record().about.iter()).peekable();
                if about.peek().is_some() {
                    let subject = Subject {
                        incident: trigger.incident,
                        finding: &trigger.id,
                        trigger: None,
                        records: &trigger.records,
                        claimant: None,
                    };
                    return about.any(|name| self.is_named(name, &subject)).into();
                }
                trigger.time.start
            }
        };
        Tri::from_bounds(fact.time.start.0 >= from1, fact.time.start.1 >= from0)
    }

    fn is_item(&self, fact: &Fact, item: Option<&ListItem>) -> Tri {
        let Some(item) = item else { return Tri::Yes };
        if let Some(own) = &fact.item {
            return (*own == item.item).into();
        }
        let mut reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
        let named = |shape: &Shape| matches!(shape, Shape::Named(name) if *name == item.item);
        let there =
            reports.any(|report| report.record().places.iter().any(|place| named(&place.shape)));
        if there { Tri::Yes } else { Tri::Unknown }
    }
}

fn done_key(fact: &Fact) -> (Instant, (Instant, Instant, &Name)) {
    (fact.time.end.1, fact.order())
}

/// Done when the `least`-th is done.
pub(crate) fn tally(found: &[(Arc<Fact>, Tri)], least: u32) -> Tally {
    let nth = (least as usize).saturating_sub(1);
    let mut sure: Vec<&Arc<Fact>> =
        found.iter().filter(|(_, answer)| answer.is_yes()).map(|(fact, _)| fact).collect();
    sure.sort_by(|a, b| done_key(a).cmp(&done_key(b)));
    let mut early: Vec<Instant> = found.iter().map(|(fact, _)| fact.time.end.0).collect();
    early.sort_unstable();
    let counted = sure.get(nth);
    let upto = |fact: &Fact| counted.is_none_or(|last| done_key(fact) <= done_key(last));
    let records = found.iter().filter(|(fact, _)| upto(fact));
    Tally {
        done: (
            early.get(nth).copied().unwrap_or(Instant::MAX),
            counted.map_or(Instant::MAX, |fact| fact.time.end.1),
        ),
        progress: (u32::try_from(sure.len()).unwrap_or(u32::MAX).min(least), least),
        records: records.flat_map(|(fact, _)| fact.records.iter().cloned()).collect(),
        settled: counted.map_or(Instant::MIN, |fact| fact.settled),
        receipt: counted.map_or(Instant::MIN, |fact| fact.receipt),
    }
}

/// Done when every item is.
pub(crate) fn tally_all(each: &[Fulfilments], opened: (Instant, Instant)) -> Tally {
    let mut all = Tally {
        done: if each.is_empty() { opened } else { (Instant::MIN, Instant::MIN) },
        progress: (0, u32::try_from(each.len()).unwrap_or(u32::MAX)),
        records: Vec::new(),
        settled: Instant::MIN,
        receipt: Instant::MIN,
    };
    for found in each {
        let one = tally(found, 1);
        all.done = (all.done.0.max(one.done.0), all.done.1.max(one.done.1));
        all.progress.0 += one.progress.0;
        all.records.extend(found.iter().flat_map(|(fact, _)| fact.records.iter().cloned()));
        all.settled = all.settled.max(one.settled);
        all.receipt = all.receipt.max(one.receipt);
    }
    all
}

/// Done when the first fulfilment began.
pub(crate) fn tally_start(found: &[(Arc<Fact>, Tri)]) -> Tally {
    let sure = found.iter().filter(|(_, answer)| answer.is_yes()).map(|(fact, _)| fact);
    let counted = sure.min_by(|a, b| a.order().cmp(&b.order()));
    let upto = |fact: &Fact| counted.is_none_or(|first| fact.order() <= first.order());
    let records = found.iter().filter(|(fact, _)| upto(fact));
    Tally {
        done: (
            found.iter().map(|(fact, _)| fact.time.start.0).min().unwrap_or(Instant::MAX),
            counted.map_or(Instant::MAX, |fact| fact.time.start.1),
        ),
        progress: (u32::from(counted.is_some()), 1),
        records: records.flat_map(|(fact, _)| fact.records.iter().cloned()).collect(),
        settled: counted.map_or(Instant::MIN, |fact| fact.settled),
        receipt: counted.map_or(Instant::MIN, |fact| fact.receipt),
    }
}
