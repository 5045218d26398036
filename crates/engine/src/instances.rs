//! The instances of an opened duty: one, one for each period, or a chain of gaps.
//!
//! Invariant: the subject of an instance names its trigger, item, period and place in the chain.

use crate::{
    duty::{Bearer, Instance, Opened},
    fact::Fact,
    fulfilment::{Fulfilments, Link, Tally, tally, tally_all, tally_start},
    moments::When,
    world::World,
};
use casus_model::{
    Instant, Name, Period, Span, Tri,
    program::{Duty, ListItem, Scope},
};
use std::sync::Arc;

/// So many periods are judged at most.
const MOST_PERIODS: usize = 100_000;

impl World<'_> {
    pub(crate) fn single<'f>(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'f>,
    ) -> Vec<Instance<'f>> {
        let link = opened
            .trigger
            .map_or(Link::Since(opened.at), |trigger| Link::Trigger(trigger, &duty.same));
        let mut instance = self.instance(duty, bearer, item, opened);
        instance.due = self.due_of(duty.due.as_ref(), bearer, opened.trigger);
        let listed = match duty.scope {
            Scope::AllOf(list) => Some(self.list_items(list, bearer)),
            _ => None,
        };
        let in_parts = !duty.parts.is_empty();
        let each: Vec<Fulfilments> = match &listed {
            Some(items) => items
                .iter()
                .map(|item| self.fulfilments(&duty.deeds, bearer, link, Some(item)))
                .collect(),
            None if in_parts => {
                let parts = duty.parts.iter();
                parts.map(|deeds| self.fulfilments(deeds, bearer, link, item)).collect()
            }
            None => vec![self.fulfilments(&duty.deeds, bearer, link, item)],
        };
        let tally = match &listed {
            None if in_parts => tally_all(&each, opened.at),
            Some(_) => tally_all(&each, opened.at),
            None => tally(each.first().map_or(&[][..], Vec::as_slice), 1),
        };
        instance.take(tally);
        let mut instances = vec![instance];
        if let Some(moment) = &duty.start {
            let mut begun = self.instance(duty, bearer, item, opened);
            begun.is_start = true;
            begun.key.push(Name::from("start"));
            begun.subject = subject(opened.trigger, begun.item.as_ref(), None, "start", "");
            begun.due = self.due_of(Some(moment), bearer, opened.trigger);
            let found = match in_parts {
                true => self.fulfilments(&duty.deeds, bearer, link, item),
                false => each.concat(),
            };
            begun.take(tally_start(&found));
            instances.push(begun);
        }
        instances
    }

    pub(crate) fn periods<'f>(
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
            instance.opened = (begin.max(opened.at.0), begin.max(opened.at.1));
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

    pub(crate) fn chain<'f>(
        &self,
        duty: &Duty,
        bearer: &Bearer,
        item: Option<&ListItem>,
        opened: &Opened<'f>,
        gap: Span,
    ) -> Vec<Instance<'f>> {
        let calendar = self.program.calendar_of(bearer.party);
        let link = opened
            .trigger
            .map_or(Link::Since(opened.at), |trigger| Link::Trigger(trigger, &duty.same));
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
                let date = self.program.calendar.local(begin.1).date();
                instance.key.push(Name::from(date.to_string()));
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
}

impl Instance<'_> {
    /// The item of the list, or that of the trigger.
    pub(crate) fn about_item(&self) -> Option<&Name> {
        self.item.as_ref().or_else(|| self.trigger.and_then(|trigger| trigger.item.as_ref()))
    }

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

/// What an instance is about.
pub(crate) fn subject(
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
