//! What must be done: the instances of a duty, what fulfils them, and how they stand.
//!
//! Invariant: an instance exists only by its trigger, its item and its period, and its id says so.

use crate::{
    fact::Fact, instances::subject, matching::AtHand, moments::When, spanning::KeyValue,
    world::World,
};
use casus_model::{
    Finding, Instant, Name, Reason, Tri, Verdict,
    program::{ActorId, Bearers, By, Duty, ListItem, Opening, Pattern, Repeat, Scope, Share},
};
use std::sync::Arc;

/// A finding and the facts that it makes.
pub(crate) type Outcomes = Vec<(Finding, Vec<Arc<Fact>>)>;

/// Who bears an instance.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    pub party: Option<ActorId>,
    pub all: Vec<ActorId>,
}

impl Bearer {
    /// One for each, or all in one.
    pub(crate) fn of(bearers: &Bearers) -> Vec<Bearer> {
        let one = |&party: &ActorId| Bearer { party: Some(party), all: vec![party] };
        match bearers.mode {
            Share::Each => bearers.actors.iter().map(one).collect(),
            Share::Together | Share::AnyOf => {
                vec![Bearer { party: None, all: bearers.actors.clone() }]
            }
        }
    }

    /// The key of its own conditions: `same party` is the bearer.
    pub(crate) fn key(&self) -> Vec<KeyValue> {
        self.party.into_iter().map(KeyValue::Party).collect()
    }
}

/// One instance, before the clock is looked at.
pub(crate) struct Instance<'f> {
    pub bearer: Bearer,
    pub trigger: Option<&'f Fact>,
    pub item: Option<Name>,
    pub key: Vec<Name>,
    pub subject: String,
    pub opened: (Instant, Instant),
    pub start: Option<Instant>,
    pub due: Option<When>,
    pub done: (Instant, Instant),
    pub progress: (u32, u32),
    /// Whether it exists, and why that is not known.
    pub existence: (Tri, Reason),
    pub who: Tri,
    pub records: Vec<Name>,
    pub settled: Instant,
    pub receipt: Instant,
    /// Whether it is about the start only.
    pub is_start: bool,
    /// The step of a ladder, and who has adopted it of how many.
    pub step: Option<Name>,
    pub adopted: Option<(Vec<Name>, u32)>,
}

/// An opening of a duty for one bearer.
pub(crate) struct Opened<'f> {
    pub trigger: Option<&'f Fact>,
    pub existence: (Tri, Reason),
    pub who: Tri,
    pub at: (Instant, Instant),
}

impl World<'_> {
    /// All findings of a duty.
    pub(crate) fn duties(&self, duty: &Duty) -> Outcomes {
        let mut outcomes = Vec::new();
        for bearer in Bearer::of(&duty.bearers) {
            let items = self.items_of(duty, &bearer);
            match &duty.opening {
                Opening::Commencement => {
                    let from = self.from();
                    let opened = Opened {
                        trigger: None,
                        existence: (Tri::Yes, Reason::Established),
                        who: Tri::Yes,
                        at: from.bounds(),
                    };
                    for item in &items {
                        if from.possible > self.now {
                            outcomes.push(self.not_in_force(duty, &bearer, *item, &opened));
                        } else {
                            outcomes.extend(self.opened(duty, &bearer, *item, &opened));
                        }
                    }
                }
                Opening::Each(pattern, groups) | Opening::First(pattern, groups) => {
                    let first = matches!(duty.opening, Opening::First(..));
                    let facts = self.gathered(pattern);
                    let mut triggers = Vec::new();
                    for fact in facts.iter() {
                        if let Some(opened) = self.trigger(fact, pattern, groups, &bearer) {
                            triggers.push(opened);
                        }
                    }
                    if first {
                        triggers = first_of(triggers);
                    }
                    for opened in &triggers {
                        for item in &items {
                            outcomes.extend(self.opened(duty, &bearer, *item, opened));
                        }
                    }
                    outcomes.extend(self.lapsed(duty, &bearer, &items, pattern));
                }
            }
        }
        outcomes
    }

    fn items_of(&self, duty: &Duty, bearer: &Bearer) -> Vec<Option<&ListItem>> {
        let Scope::EachOf(list) = duty.scope else { return vec![None] };
        self.list_items(list, bearer).into_iter().map(Some).collect()
    }

    pub(crate) fn list_items(
        &self,
        list: casus_model::program::ListId,
        bearer: &Bearer,
    ) -> Vec<&ListItem> {
        let items = list.of(self.program).map_or(&[][..], |list| &list.items);
        let own = |item: &&ListItem| item.party.is_none_or(|party| bearer.all.contains(&party));
        items.iter().filter(own).collect()
    }

    fn trigger<'f>(
        &self,
        fact: &'f Fact,
        pattern: &Pattern,
        groups: &casus_model::program::Groups,
        bearer: &Bearer,
    ) -> Option<Opened<'f>> {
        let at = AtHand { bearer: bearer.party, ..AtHand::default() };
        let matched = self.matches_any(fact, pattern, bearer);
        if matched.is_no() || !self.concerns(fact, pattern, bearer) {
            return None;
        }
        let existence = matched.and(self.groups_at(groups, fact, at, Tri::Yes));
        let own = bearer.key();
        let (applies, why) =
            self.applies(fact.time.start, AtHand { it: Some(fact), key: &own, ..at });
        if existence.and(applies).is_no() {
            return None;
        }
        let reason = match (existence, fact.status) {
            (Tri::Unknown, Tri::Unknown) => fact.reason,
            (Tri::Unknown, _) => Reason::StateUncertain,
            _ => why,
        };
        let who = match &pattern.by {
            By::Same => {
                let each = bearer.all.iter();
                each.fold(Tri::No, |any, &one| any.or(self.party(fact, one)))
            }
            _ => Tri::Yes,
        };
        let existence = (existence.and(applies), reason);
        Some(Opened { trigger: Some(fact), existence, who, at: fact.time.start })
    }

    /// The match for any of the bearers.
    fn matches_any(&self, fact: &Fact, pattern: &Pattern, bearer: &Bearer) -> Tri {
        let others = pattern.by == By::Other;
        let any = bearer.all.iter().fold(Tri::No, |any, &one| {
            let at = AtHand { bearer: Some(one), ..AtHand::default() };
            // Who the others are is asked of all bearers at once.
            any.or(match others {
                true => self.status(fact).and(self.clause(fact, pattern, at).0),
                false => self.matches(fact, pattern, at),
            })
        });
        match others {
            true => {
                let theirs = By::OneOf(bearer.all.clone());
                any.and(self.by(fact, &theirs, AtHand::default()).negate())
            }
            false => any,
        }
    }

    /// A trigger addressed to one of the bearers concerns that one alone.
    fn concerns(&self, fact: &Fact, pattern: &Pattern, bearer: &Bearer) -> bool {
        let (false, Some(party)) = (pattern.by == By::Same, bearer.party) else { return true };
        let addressee = fact.recipient.as_ref().and_then(|name| self.program.actor(name));
        let bearers = match &self.rule.body {
            casus_model::program::Body::Must(duty) => duty.bearers.actors.as_slice(),
            _ => &[],
        };
        addressee.is_none_or(|to| to == party || !bearers.contains(&to))
    }

    fn not_in_force(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'_>,
    ) -> (Finding, Vec<Arc<Fact>>) {
        let mut instance = self.instance(duty, bearer, item, opened);
        instance.due = self.due_of(duty.due.as_ref(), bearer, None);
        let ruling = (Verdict::NotInForce, Reason::OutsideApplication, None);
        (self.instance_finding(&instance, ruling, Tri::No, None), Vec::new())
    }

    pub(crate) fn due_of(
        &self,
        moment: Option<&casus_model::program::Moment>,
        bearer: &Bearer,
        trigger: Option<&Fact>,
    ) -> Option<When> {
        let at = AtHand { it: trigger, bearer: bearer.party, ..AtHand::default() };
        moment.map(|moment| self.moment(moment, at))
    }

    pub(crate) fn instance<'f>(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'f>,
    ) -> Instance<'f> {
        let item = item.map(|item| item.item.clone());
        let start = self.due_of(duty.start.as_ref(), bearer, opened.trigger);
        let start = start.map(|when| when.certain).filter(|&at| at < Instant::MAX);
        Instance {
            bearer: bearer.clone(),
            trigger: opened.trigger,
            key: item.iter().cloned().collect(),
            subject: subject(opened.trigger, item.as_ref(), None, "", ""),
            item,
            opened: opened.at,
            start,
            due: None,
            done: (Instant::MAX, Instant::MAX),
            progress: (0, 1),
            existence: opened.existence,
            who: opened.who,
            records: opened.trigger.map_or_else(Vec::new, |fact| fact.records.to_vec()),
            settled: Instant::MIN,
            receipt: Instant::MIN,
            is_start: false,
            step: None,
            adopted: None,
        }
    }

    fn opened(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'_>,
    ) -> Outcomes {
        let instances = match duty.repeat {
            None => self.single(duty, bearer, item, opened),
            Some(Repeat::Each(period, time)) => {
                self.periods(duty, bearer, item, opened, (period, time, 1))
            }
            Some(Repeat::Least(least, period)) => {
                self.periods(duty, bearer, item, opened, (period, None, least))
            }
            Some(Repeat::Gap(span)) => self.chain(duty, bearer, item, opened, span),
        };
        let judged = instances.into_iter().filter_map(|one| self.judge_duty(duty, &one));
        judged.collect()
    }

    fn lapsed(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        items: &[Option<&ListItem>],
        pattern: &Pattern,
    ) -> Outcomes {
        let mut outcomes = Vec::new();
        for fact in self.withdrawn(&pattern.what) {
            let matched = self.matches_any(&fact, pattern, bearer);
            if matched.is_no() || !self.concerns(&fact, pattern, bearer) {
                continue;
            }
            let opened = Opened {
                trigger: Some(&fact),
                existence: (Tri::Unknown, Reason::GroundsWithdrawn),
                who: Tri::Yes,
                at: fact.time.start,
            };
            for item in items {
                let mut instance = self.instance(duty, bearer, *item, &opened);
                instance.due = self.due_of(duty.due.as_ref(), bearer, Some(&fact));
                let ruling = (Verdict::Lapsed, Reason::GroundsWithdrawn, None);
                let finding = self.instance_finding(&instance, ruling, Tri::No, None);
                outcomes.push((finding, Vec::new()));
            }
        }
        outcomes
    }
}

/// The first trigger: the first sure one, else the first possible one.
fn first_of(mut triggers: Vec<Opened<'_>>) -> Vec<Opened<'_>> {
    let sure = triggers.iter().position(|one| one.existence.0.is_yes());
    let first = sure.or_else(|| {
        let start = |one: &Opened<'_>| one.trigger.map(|fact| (fact.time.start.0, fact.id.clone()));
        (0..triggers.len()).min_by_key(|&at| triggers.get(at).and_then(start))
    });
    first.map(|at| vec![triggers.swap_remove(at)]).unwrap_or_default()
}
