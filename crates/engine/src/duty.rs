//! What must be done: the instances of a duty, what fulfils them, and how they stand.
//!
//! Invariant: an instance exists only by its trigger, its item and its period, and its id says so.

use crate::{
    defence::Subject,
    duty_verdict::{Ruling, Terms},
    fact::{Fact, Kind, Parties},
    matching::AtHand,
    moments::When,
    output::{Draft, excuse},
    spanning::Relative,
    world::World,
};
use casus_model::{
    Finding, Instant, Name, Occurred, Period, Reason, Span, Tri, Verdict,
    finding::{Clock, Questions},
    geometry::Shape,
    program::{ActorId, Bearers, By, Duty, ListItem, Opening, Pattern, Repeat, Scope, Share},
};
use std::sync::Arc;

/// A finding and the facts that it makes.
pub(crate) type Outcomes = Vec<(Finding, Vec<Arc<Fact>>)>;

/// So many periods are judged at most.
const MOST_PERIODS: usize = 100_000;

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
}

/// What a fulfilment must be linked to.
#[derive(Clone, Copy)]
pub(crate) enum Link<'f> {
    Trigger(&'f Fact),
    Since((Instant, Instant)),
    Within(Instant, Instant),
}

/// Facts that fulfil, in order, each with how surely.
pub(crate) type Fulfilments = Vec<(Arc<Fact>, Tri)>;

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
    /// The step of a ladder, and who has adopted it of how many.
    pub step: Option<Name>,
    pub adopted: Option<(Vec<Name>, u32)>,
}

/// An opening of a duty for one bearer.
struct Opened<'f> {
    trigger: Option<&'f Fact>,
    existence: (Tri, Reason),
    who: Tri,
    at: (Instant, Instant),
}

/// What the fulfilments come to.
struct Tally {
    done: (Instant, Instant),
    progress: (u32, u32),
    records: Vec<Name>,
    settled: Instant,
    receipt: Instant,
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

    fn list_items(&self, list: casus_model::program::ListId, bearer: &Bearer) -> Vec<&ListItem> {
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
        let matched = self.matches(fact, pattern, at);
        if matched.is_no() || !self.concerns(fact, pattern, bearer) {
            return None;
        }
        let existence = matched.and(self.groups_at(groups, fact, at, Tri::Yes));
        let (applies, why) = self.applies(fact.time.start, AtHand { it: Some(fact), ..at });
        if existence.and(applies).is_no() {
            return None;
        }
        let reason = match (existence, fact.status) {
            (Tri::Unknown, Tri::Unknown) => fact.reason,
            (Tri::Unknown, _) => Reason::StateUncertain,
            _ => why,
        };
        let who = match (&pattern.by, bearer.party) {
            (By::Same, Some(party)) => self.party(fact, party),
            _ => Tri::Yes,
        };
        let existence = (existence.and(applies), reason);
        Some(Opened { trigger: Some(fact), existence, who, at: fact.time.start })
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

    fn due_of(
        &self,
        moment: Option<&casus_model::program::Moment>,
        bearer: &Bearer,
        trigger: Option<&Fact>,
    ) -> Option<When> {
        let at = AtHand { it: trigger, bearer: bearer.party, item: None };
        moment.map(|moment| self.moment(moment, at))
    }

    fn instance<'f>(
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

    fn single<'f>(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'f>,
    ) -> Vec<Instance<'f>> {
        let link = opened.trigger.map_or(Link::Since(opened.at), Link::Trigger);
        let mut instance = self.instance(duty, bearer, item, opened);
        instance.due = self.due_of(duty.due.as_ref(), bearer, opened.trigger);
        let listed = match duty.scope {
            Scope::AllOf(list) => Some(self.list_items(list, bearer)),
            _ => None,
        };
        let each: Vec<Fulfilments> = match &listed {
            Some(items) => items
                .iter()
                .map(|item| self.fulfilments(&duty.deeds, bearer, link, Some(item)))
                .collect(),
            None => vec![self.fulfilments(&duty.deeds, bearer, link, item)],
        };
        let tally = match &listed {
            Some(_) => tally_all(&each, opened.at),
            None => tally(each.first().map_or(&[][..], Vec::as_slice), 1),
        };
        instance.take(tally);
        let mut instances = vec![instance];
        if let Some(moment) = &duty.start {
            let mut begun = self.instance(duty, bearer, item, opened);
            begun.key.push(Name::from("start"));
            begun.subject = subject(opened.trigger, begun.item.as_ref(), None, "start", "");
            begun.due = self.due_of(Some(moment), bearer, opened.trigger);
            begun.take(tally_start(&each.concat()));
            instances.push(begun);
        }
        instances
    }

    fn periods<'f>(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'f>,
        (period, time, least): (Period, Option<jiff::civil::Time>, u32),
    ) -> Vec<Instance<'f>> {
        let calendar = &self.program.calendar;
        let from = opened.at.1;
        let end = self.until().possible;
        let mut instances = Vec::new();
        if from <= Instant::MIN || from >= Instant::MAX {
            return instances;
        }
        let (mut begin, mut next) = calendar.period(from, period);
        while begin <= self.now && begin < end && begin < next && instances.len() < MOST_PERIODS {
            let last_day = calendar.local(next.plus_ms(-1)).date();
            let due = time.map_or(next, |time| calendar.instant(last_day.to_datetime(time)));
            let mut instance = self.instance(duty, bearer, item, opened);
            instance.opened = (begin, begin);
            instance.due = Some(When::of((due, due), Instant::MIN));
            instance.key.push(Name::from(calendar.local(begin).date().to_string()));
            let item_name = instance.item.clone();
            instance.subject = subject(opened.trigger, item_name.as_ref(), Some(begin), "", "");
            let link = Link::Within(begin, next);
            instance.take(tally(&self.fulfilments(&duty.deeds, bearer, link, item), least));
            instances.push(instance);
            (begin, next) = calendar.period(next, period);
        }
        instances
    }

    fn chain<'f>(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'f>,
        gap: Span,
    ) -> Vec<Instance<'f>> {
        let calendar = &self.program.calendar;
        let link = opened.trigger.map_or(Link::Since(opened.at), Link::Trigger);
        let all = self.fulfilments(&duty.deeds, bearer, link, item);
        let sure: Vec<&Arc<Fact>> =
            all.iter().filter(|(_, answer)| answer.is_yes()).map(|(fact, _)| fact).collect();
        let mut openers: Vec<Option<&Arc<Fact>>> = vec![None];
        openers.extend(sure.iter().map(|&fact| Some(fact)));
        let mut instances = Vec::new();
        for (at, opener) in openers.iter().enumerate() {
            let next = sure.get(at);
            let between: Fulfilments = all
                .iter()
                .filter(|(fact, answer)| {
                    *answer == Tri::Unknown
                        && opener.is_none_or(|before| fact.order() > before.order())
                        && next.is_none_or(|after| fact.order() < after.order())
                })
                .cloned()
                .collect();
            let begin = opener.map_or(opened.at, |fact| fact.time.start);
            let settled = opener.map_or(self.from().settled, |fact| fact.settled);
            let mut instance = self.instance(duty, bearer, item, opened);
            instance.opened = begin;
            let due = (calendar.deadline(begin.0, gap), calendar.deadline(begin.1, gap));
            instance.due =
                (begin.1 > Instant::MIN && begin.1 < Instant::MAX).then(|| When::of(due, settled));
            if instance.due.is_some() {
                instance.key.push(Name::from(calendar.local(begin.1).date().to_string()));
            }
            let chained = opener.map_or("", |fact| fact.id.as_str());
            instance.subject =
                subject(opened.trigger, instance.item.clone().as_ref(), None, "", chained);
            let mut counted = between;
            counted.extend(next.map(|&fact| (Arc::clone(fact), Tri::Yes)));
            instance.take(tally(&counted, 1));
            instance.records.extend(opener.iter().flat_map(|fact| fact.records.iter().cloned()));
            instances.push(instance);
        }
        instances
    }

    /// The facts that fulfil, in order.
    pub(crate) fn fulfilments(
        &self,
        deeds: &[Pattern],
        bearer: &Bearer,
        link: Link<'_>,
        item: Option<&ListItem>,
    ) -> Fulfilments {
        let trigger = match link {
            Link::Trigger(fact) => Some(fact),
            _ => None,
        };
        let at = AtHand { it: trigger, bearer: bearer.party, item };
        let mut found: Fulfilments = Vec::new();
        for deed in deeds {
            for fact in self.gathered(deed).iter() {
                let linked = self.linked(fact, link).and(self.is_item(fact, item));
                if linked.is_no() {
                    continue;
                }
                let by = bearer.all.iter().fold(Tri::No, |any, &b| any.or(self.party(fact, b)));
                let answer = linked.and(by).and(self.matches(fact, deed, at));
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
            Link::Trigger(trigger) => {
                if let (Some(a), Some(b)) = (&trigger.item, &fact.item) {
                    if a != b {
                        return Tri::No;
                    }
                }
                let reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
                let mut about = reports.flat_map(|report| report.record().about.iter()).peekable();
                if about.peek().is_some() {
                    let subject = Subject {
                        incident: trigger.incident,
                        finding: &trigger.id,
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

    fn judge_duty(
        &self,
        duty: &Duty,
        instance: &Instance<'_>,
    ) -> Option<(Finding, Vec<Arc<Fact>>)> {
        let deadline = instance.due.map(|due| due.certain).filter(|&at| at < Instant::MAX);
        let looked_at = deadline.map_or(self.now, |at| at.min(self.now));
        let exception = match instance.trigger {
            Some(fact) => {
                let at = AtHand { it: None, bearer: instance.bearer.party, item: None };
                self.groups_at(&self.rule.except, fact, at, Tri::No)
            }
            None => self
                .group_spans(&self.rule.except, Relative::Key(&[]), None, false)
                .at((looked_at, looked_at)),
        };
        if exception.is_yes() {
            return None;
        }
        let applies = match instance.trigger {
            Some(_) => Tri::Yes,
            None => self.during((looked_at, looked_at), AtHand::default()),
        };
        if applies.is_no() {
            let ruling = (Verdict::NotInForce, Reason::OutsideApplication, None);
            let finding = self.instance_finding(instance, ruling, exception, None);
            return Some((finding, Vec::new()));
        }
        let terms = Terms {
            opened: instance.opened,
            due: instance.due,
            done: instance.done,
            soft: duty.soft,
        };
        let ruling = self.weigh(&terms);
        let ruling = self.hindered(&duty.deeds, instance, ruling);
        let existence = match (instance.existence.0, applies) {
            (Tri::Yes, Tri::Unknown) => (Tri::Unknown, Reason::StateUncertain),
            _ => instance.existence,
        };
        let ruling = doubt(ruling, existence, exception);
        Some(self.settle(instance, ruling, exception, existence.0))
    }

    fn hindered(&self, deeds: &[Pattern], instance: &Instance<'_>, ruling: Ruling) -> Ruling {
        let Some(due) = instance.due.filter(|_| ruling.0 == Verdict::Breached) else {
            return ruling;
        };
        let hindered = self.hindrances(deeds).iter().any(|fact| {
            !instance.bearer.all.iter().any(|&one| self.party(fact, one).is_yes())
                && match (&fact.item, &instance.item) {
                    (Some(a), Some(b)) => a == b,
                    _ => true,
                }
                && Self::touches(fact, instance.opened.0, due.certain)
        });
        match hindered {
            true => (Verdict::Undeterminable, Reason::AccessDenied, None),
            false => ruling,
        }
    }

    /// Reads the defence, and makes the finding and its facts.
    pub(crate) fn settle(
        &self,
        instance: &Instance<'_>,
        ruling: Ruling,
        exception: Tri,
        existence: Tri,
    ) -> (Finding, Vec<Arc<Fact>>) {
        let id = self.finding_id(instance.bearer.party, &instance.key, &instance.subject);
        let breach =
            matches!(ruling.0, Verdict::Breached | Verdict::PossiblyBreached | Verdict::MetLate);
        let claim = self.rule.unless.as_ref().zip(instance.due).map(|(defence, due)| {
            let about = Subject {
                incident: instance.trigger.and_then(|fact| fact.incident),
                finding: &id,
                records: instance.trigger.map_or(&[][..], |fact| &fact.records),
                claimant: instance.bearer.party,
            };
            self.claim(defence, due.bounds(), &about)
        });
        let shown = self.rule.unless.as_ref().is_some_and(|defence| defence.shown);
        let (verdict, reason) = excuse(ruling.0, ruling.1, claim.as_ref(), shown);
        let from_due = breach || ruling.1 == Reason::TargetMissed;
        let mut finding = self.instance_finding(
            instance,
            (verdict, reason, ruling.2),
            exception,
            Some((from_due, existence)),
        );
        finding.defence = claim;
        let facts = self.facts_of(instance, &finding);
        (finding, facts)
    }

    fn instance_finding(
        &self,
        instance: &Instance<'_>,
        (verdict, reason, clock): Ruling,
        exception: Tri,
        settled: Option<(bool, Tri)>,
    ) -> Finding {
        let mut draft = Draft::new(instance.subject.clone(), verdict, reason);
        draft.party = instance.bearer.party;
        if draft.party.is_none() {
            draft.candidates = instance.bearer.all.clone();
        }
        draft.key = instance.key.clone();
        let from_due = settled.is_some_and(|(from_due, _)| from_due);
        draft.from = match instance.due {
            Some(due) if from_due => due.bounds(),
            _ => instance.opened,
        };
        let is_done = instance.done.1 < Instant::MAX;
        draft.to = is_done.then_some(instance.done.1);
        draft.records = instance.records.clone();
        draft.clock_cause = clock;
        draft.questions = Questions {
            act: Tri::from_bounds(is_done, instance.done.0 < Instant::MAX),
            clause: Tri::Yes,
            who: instance.who,
            exception,
            consequence: settled.map_or(Tri::No, |(_, existence)| existence),
        };
        draft.duty = Some(Clock {
            opened: instance.opened,
            start: instance.start,
            due: instance.due.filter(|due| due.certain < Instant::MAX).map(When::bounds),
            done: is_done.then_some(instance.done),
            progress: instance.progress,
            step: instance.step.clone(),
            adopted: instance.adopted.clone(),
        });
        self.finding(draft)
    }

    fn facts_of(&self, instance: &Instance<'_>, finding: &Finding) -> Vec<Arc<Fact>> {
        let item = instance.item.clone().or_else(|| instance.trigger.and_then(|t| t.item.clone()));
        let make = |kind: Kind, status: Tri, time: (Instant, Instant)| {
            let time = Occurred { start: time, end: time };
            let mut fact = Fact::derived(finding.id.clone(), kind, status, time);
            fact.parties = Parties::surely(&instance.bearer.all);
            fact.item = item.clone();
            fact.records = finding.records.iter().cloned().collect();
            fact
        };
        let mut facts = Vec::new();
        if instance.done.1 < Instant::MAX {
            let mut met = make(Kind::Met(self.rule_id), Tri::Yes, instance.done);
            met.settled = instance.settled;
            met.receipt = instance.receipt;
            facts.push(Arc::new(met));
        }
        let missed = match (finding.verdict, finding.reason) {
            (Verdict::Breached, _) | (Verdict::MetLate, Reason::DoneLate) => Some(Tri::Yes),
            (Verdict::PossiblyBreached, _) | (Verdict::Excused, Reason::Claimed) => {
                Some(Tri::Unknown)
            }
            _ => None,
        };
        if let (Some(status), Some(due)) = (missed, instance.due) {
            for kind in [Kind::Missed(self.rule_id), Kind::Breach(self.rule_id)] {
                let mut fact = make(kind, status, due.bounds());
                fact.reason = finding.reason;
                facts.push(Arc::new(fact));
            }
        }
        facts
    }

    fn lapsed(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        items: &[Option<&ListItem>],
        pattern: &Pattern,
    ) -> Outcomes {
        let at = AtHand { bearer: bearer.party, ..AtHand::default() };
        let mut outcomes = Vec::new();
        for fact in self.withdrawn(&pattern.what) {
            if self.matches(&fact, pattern, at).is_no() || !self.concerns(&fact, pattern, bearer) {
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

impl Instance<'_> {
    /// Takes over what fulfils it.
    pub(crate) fn count(&mut self, found: &Fulfilments) {
        self.take(tally(found, 1));
    }

    fn take(&mut self, tally: Tally) {
        self.done = tally.done;
        self.progress = tally.progress;
        self.records.extend(tally.records);
        self.settled = tally.settled;
        self.receipt = tally.receipt;
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

/// Doubt about whether the duty is owed makes a breach possible only.
pub(crate) fn doubt(ruling: Ruling, existence: (Tri, Reason), exception: Tri) -> Ruling {
    if !matches!(ruling.0, Verdict::Breached | Verdict::MetLate) {
        return ruling;
    }
    if existence.0 == Tri::Unknown {
        (Verdict::PossiblyBreached, existence.1, None)
    } else if exception == Tri::Unknown {
        (Verdict::PossiblyBreached, Reason::ExceptionUncertain, None)
    } else {
        ruling
    }
}

fn subject(
    trigger: Option<&Fact>,
    item: Option<&Name>,
    period: Option<Instant>,
    start: &str,
    chained: &str,
) -> String {
    let trigger = trigger.map_or("", |fact| fact.id.as_str());
    let item = item.map_or("", Name::as_str);
    let period = period.map_or_else(String::new, |begin| begin.to_string());
    format!("{trigger}|{item}|{period}|{start}|{chained}")
}

fn done_key(fact: &Fact) -> (Instant, (Instant, Instant, &Name)) {
    (fact.time.end.1, fact.order())
}

/// Done when the `least`-th is done.
fn tally(found: &[(Arc<Fact>, Tri)], least: u32) -> Tally {
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
fn tally_all(each: &[Fulfilments], opened: (Instant, Instant)) -> Tally {
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
fn tally_start(found: &[(Arc<Fact>, Tri)]) -> Tally {
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
