//! Section 7: the instances of a duty.
//!
//! Invariant: an instance is told apart by bearer, trigger, item and period alone.

use super::{
    Asking, Here, Outcome, Value,
    clause::Answer,
    fact::Fact,
    moments::When,
    verdict::{By, Done, Fulfilment, Link, by_end, done},
};
use casus_model::{
    Instant, Name, Period, Reason, Span, Tri, Verdict,
    program::{
        ActorId, Bearers, By as WhoDid, Duty, Groups, ListItem, Opening, Pattern, Repeat, Scope,
        Share,
    },
};
use std::rc::Rc;

/// One instance, ready to be judged.
#[derive(Clone)]
pub struct Case<'a> {
    pub duty: &'a Duty,
    /// None: all of them have one verdict.
    pub bearer: Option<ActorId>,
    pub actors: Vec<ActorId>,
    pub trigger: Option<Rc<Fact>>,
    pub item: Option<&'a ListItem>,
    pub period: Option<(Instant, Instant)>,
    pub opened: (Instant, Instant),
    /// 7.2
    pub existence: Answer,
    pub due: Option<When>,
    /// Of a link of a chain: what opened it.
    pub opener: Option<Rc<Fact>>,
    pub dated: Option<Instant>,
    /// Of an instance whose clock does not run.
    pub instead: Option<(Verdict, Reason)>,
}

impl Case<'_> {
    /// 4.2: what is at hand where its moments are read.
    pub fn at<'x>(&self, it: Option<&'x Fact>) -> Here<'x> {
        Here { it, bearer: self.bearer, ..Here::default() }
    }
    /// 7.14: the key of the bearer's own conditions.
    fn own(&self) -> Vec<Value> {
        self.bearer.iter().map(|party| Value::Party(*party)).collect()
    }
    pub fn link(&self) -> Link<'_> {
        Link {
            trigger: self.trigger.as_deref(),
            opened: self.opened,
            period: self.period,
            item: self.item,
            same: &self.duty.same,
        }
    }
}

impl Asking<'_> {
    /// 7.1 to 7.13
    pub fn duty(&self, duty: &Duty) -> Outcome {
        let mut outcome = Outcome::default();
        for (bearer, actors) in shares(&duty.bearers) {
            for item in self.items_each(duty.scope, &actors) {
                let case = Case {
                    duty,
                    bearer,
                    actors: actors.clone(),
                    trigger: None,
                    item,
                    period: None,
                    opened: (Instant::MIN, Instant::MIN),
                    existence: Answer::yes(),
                    due: None,
                    opener: None,
                    dated: None,
                    instead: None,
                };
                match &duty.opening {
                    Opening::Commencement => self.commenced(&case, &mut outcome),
                    Opening::Each(pattern, groups) => {
                        let triggers = self.triggers(&case, pattern, groups);
                        self.triggered(&case, pattern, &triggers, &mut outcome);
                    }
                    Opening::First(pattern, groups) => {
                        let triggers = first(self.triggers(&case, pattern, groups));
                        self.triggered(&case, pattern, &triggers, &mut outcome);
                    }
                }
            }
        }
        outcome
    }

    /// 7.1: the items of `EachOf` that are the bearers' or nobody's; one blank otherwise.
    fn items_each(&self, scope: Scope, actors: &[ActorId]) -> Vec<Option<&ListItem>> {
        match scope {
            Scope::EachOf(_) => self.items(scope, actors).into_iter().map(Some).collect(),
            Scope::Once | Scope::AllOf(_) => vec![None],
        }
    }

    /// The items of the list that are these actors' or nobody's.
    pub fn items(&self, scope: Scope, actors: &[ActorId]) -> Vec<&ListItem> {
        let (Scope::EachOf(list) | Scope::AllOf(list)) = scope else { return Vec::new() };
        let items = list.of(self.world.program).map(|list| list.items.as_slice()).unwrap_or(&[]);
        let theirs = |item: &&ListItem| item.party.is_none_or(|party| actors.contains(&party));
        items.iter().filter(theirs).collect()
    }

    /// 3.10, 7.2: the trigger's match for the bearer (or the greatest for all).
    fn trigger_match(&self, case: &Case<'_>, fact: &Fact, pattern: &Pattern) -> Tri {
        let greatest = |pattern: &Pattern| {
            let one = |bearer: &ActorId| {
                let here = Here { bearer: Some(*bearer), ..Here::default() };
                self.matches(fact, pattern, &here, None)
            };
            case.actors.iter().map(one).max().unwrap_or(Tri::No)
        };
        if pattern.by != WhoDid::Other {
            return greatest(pattern);
        }
        let by_anyone = Pattern { by: WhoDid::Anyone, ..pattern.clone() };
        greatest(&by_anyone).and(self.any_party(fact, &case.actors).negate())
    }

    /// 7.2: the facts that (possibly) open an instance, with x.
    fn triggers(
        &self,
        case: &Case<'_>,
        pattern: &Pattern,
        groups: &Groups,
    ) -> Vec<(Rc<Fact>, Answer)> {
        let existence = |fact: &Rc<Fact>| {
            let asked = Tri::from(!self.another_is_asked(case, fact, pattern));
            let matched = self.trigger_match(case, fact, pattern).and(self.groups_at(
                groups,
                fact,
                &case.at(None),
                Tri::Yes,
            ));
            self.existence(fact, matched.and(asked), case.bearer)
        };
        let each = self.facts.iter().map(|fact| (fact.clone(), existence(fact)));
        each.filter(|(_, answer)| answer.tri.is_possible()).collect()
    }

    /// 7.2, 7.8, 11.1: x, and why it is unknown.
    pub fn existence(&self, fact: &Fact, matched: Tri, bearer: Option<ActorId>) -> Answer {
        let own: Vec<Value> = bearer.iter().map(|party| Value::Party(*party)).collect();
        let here = Here { bearer, key: &own, ..Here::at(fact) };
        let applies = self.applies(fact.time.start, &here);
        let reason = match (fact.status, matched) {
            (Tri::Unknown, _) => fact.reason,
            (_, Tri::Unknown) => Reason::StateUncertain,
            _ => applies.reason,
        };
        Answer::new(matched.and(applies.tri), reason)
    }

    /// 7.2: the bearer by the recipient, where that is one of the bearers.
    fn another_is_asked(&self, case: &Case<'_>, fact: &Fact, pattern: &Pattern) -> bool {
        let recipient = fact.recipient.as_ref().and_then(|name| self.world.program.actor(name));
        let by_same = pattern.by == WhoDid::Same;
        let asked = recipient.filter(|asked| case.duty.bearers.actors.contains(asked));
        !by_same && case.bearer.is_some() && asked.is_some() && asked != case.bearer
    }

    /// 7.2, 7.9: the instances of triggers.
    fn triggered(
        &self,
        case: &Case<'_>,
        pattern: &Pattern,
        triggers: &[(Rc<Fact>, Answer)],
        outcome: &mut Outcome,
    ) {
        for (fact, existence) in triggers {
            let existence = *existence;
            let own = case.own();
            let exception = self.excepted(fact, &Here { key: &own, ..case.at(None) });
            if exception.is_yes() {
                continue;
            }
            let here = case.at(Some(fact));
            let due = case.duty.due.as_ref().map(|due| self.moment(due, &here));
            let case = Case {
                trigger: Some(fact.clone()),
                opened: fact.time.start,
                existence,
                due,
                ..case.clone()
            };
            self.conclude(&case, self.whole(&case), exception, "", outcome);
            if let Some((case, done)) = self.begun(&case) {
                self.conclude(&case, done, exception, "start", outcome);
            }
        }
        for fact in self.world.withdrawn(&self.standard) {
            let matched = self.trigger_match(case, &fact, pattern);
            if matched.is_no() || self.another_is_asked(case, &fact, pattern) {
                continue;
            }
            let here = case.at(Some(&fact));
            let due = case.duty.due.as_ref().map(|due| self.moment(due, &here));
            let case = Case {
                opened: fact.time.start,
                existence: Answer::new(Tri::No, fact.reason),
                due,
                trigger: Some(fact),
                ..case.clone()
            };
            let lapsed = (Verdict::Lapsed, Reason::GroundsWithdrawn);
            self.without_tally(&case, lapsed, outcome);
        }
    }

    /// 7.3: without a trigger.
    fn commenced(&self, case: &Case<'_>, outcome: &mut Outcome) {
        let from = self.from();
        let case = Case { opened: from.pair(), ..case.clone() };
        if from.possible > self.world.now {
            let due = case.duty.due.as_ref();
            let due = due.map(|due| self.moment(due, &case.at(None)));
            let case = Case { due, ..case };
            let outside = (Verdict::NotInForce, Reason::OutsideApplication);
            return self.without_tally(&case, outside, outcome);
        }
        match case.duty.repeat {
            None => {
                let due = case.duty.due.as_ref();
                let due = due.map(|due| self.moment(due, &case.at(None)));
                let case = Case { due, ..case };
                self.standing_case(&case, self.whole(&case), "", outcome);
                if let Some((case, done)) = self.begun(&case) {
                    self.standing_case(&case, done, "start", outcome);
                }
            }
            Some(Repeat::Each(period, time)) => {
                for (begin, end) in self.periods(period, &from) {
                    let due = time.map_or(end, |time| self.last_day(end, time));
                    self.periodic(&case, (begin, end), due, outcome);
                }
            }
            Some(Repeat::Least(_, period)) => {
                for (begin, end) in self.periods(period, &from) {
                    self.periodic(&case, (begin, end), end, outcome);
                }
            }
            Some(Repeat::Gap(span)) => self.chain(&case, &from, span, outcome),
        }
    }

    fn periodic(
        &self,
        case: &Case<'_>,
        period: (Instant, Instant),
        due: Instant,
        outcome: &mut Outcome,
    ) {
        let due = When { possible: due, certain: due, settled: Instant::MIN };
        let opened = (case.opened.0.max(period.0), case.opened.1.max(period.0));
        let case = Case {
            period: Some(period),
            dated: Some(period.0),
            opened,
            due: Some(due),
            ..case.clone()
        };
        self.standing_case(&case, self.whole(&case), "", outcome);
    }

    /// 7.3, 7.8: an instance without a trigger, its `while` and `except` read at its due or now.
    fn standing_case(&self, case: &Case<'_>, done: Done, start: &str, outcome: &mut Outcome) {
        let due = case.due.map_or(Instant::MAX, |due| due.certain);
        let tau = due.min(self.world.now);
        let own = case.own();
        let here = Here { bearer: case.bearer, key: &own, ..Here::default() };
        let during = self.during((tau, tau), &here);
        let except = self.excepted_spans(&here).at((tau, tau));
        let outside =
            during.is_no().then(|| (self.outside((tau, tau), &here), Reason::OutsideApplication));
        if except.is_yes() {
            return;
        }
        let existence = Answer::new(during, Reason::StateUncertain);
        let case = Case { existence, instead: outside, ..case.clone() };
        self.conclude(&case, done, except, start, outcome);
    }

    /// All that fulfils an instance, for one item.
    fn fulfilling(&self, case: &Case<'_>, item: Option<&ListItem>) -> Vec<Fulfilment> {
        let link = Link { item, ..case.link() };
        self.fulfilments(&case.duty.deeds, &case.actors, &link)
    }

    /// 7.5: when the whole was done.
    fn whole(&self, case: &Case<'_>) -> Done {
        if !case.duty.parts.is_empty() && case.duty.repeat.is_none() {
            let one = |deeds: &Vec<Pattern>| {
                let link = Link { item: case.item, ..case.link() };
                let all = self.fulfilments(deeds, &case.actors, &link);
                let records = all.iter().flat_map(|one| one.fact.records.clone()).collect();
                Done { records, ..done(&all, 1, By::End) }
            };
            return together(&case.duty.parts.iter().map(one).collect::<Vec<_>>(), case.opened);
        }
        if matches!(case.duty.scope, Scope::AllOf(_)) {
            let items = self.items(case.duty.scope, &case.actors);
            let one = |item: &&ListItem| {
                let all = self.fulfilling(case, Some(*item));
                // 7.12: of all that may count, not only those up to the one that counted.
                let records = all.iter().flat_map(|one| one.fact.records.clone()).collect();
                Done { records, ..done(&all, 1, By::End) }
            };
            return together(&items.iter().map(one).collect::<Vec<_>>(), case.opened);
        }
        let n = match case.duty.repeat {
            Some(Repeat::Least(n, _)) => n,
            _ => 1,
        };
        done(&self.fulfilling(case, case.item), n, By::End)
    }

    /// 7.10: the instance of the start, where the duty has one, and when it was begun.
    fn begun<'c>(&self, case: &Case<'c>) -> Option<(Case<'c>, Done)> {
        let start = case.duty.start.as_ref().filter(|_| case.duty.repeat.is_none())?;
        let due = Some(self.moment(start, &case.at(case.trigger.as_deref())));
        let begun = if matches!(case.duty.scope, Scope::AllOf(_)) {
            let items = self.items(case.duty.scope, &case.actors);
            let mut union: Vec<Fulfilment> = Vec::new();
            for one in items.iter().flat_map(|item| self.fulfilling(case, Some(*item))) {
                match union.iter_mut().find(|other| other.fact.same_as(&one.fact)) {
                    Some(other) => other.answer = other.answer.max(one.answer),
                    None => union.push(one),
                }
            }
            done(&union, 1, By::Start)
        } else {
            done(&self.fulfilling(case, case.item), 1, By::Start)
        };
        Some((Case { due, ..case.clone() }, begun))
    }

    /// 7.11: the periods from the one of `from` to the one of now.
    fn periods(&self, period: Period, from: &When) -> Vec<(Instant, Instant)> {
        let calendar = &self.world.program.calendar;
        let until = self.until().possible;
        let mut periods = Vec::new();
        if from.certain == Instant::MIN || from.certain == Instant::MAX {
            return periods;
        }
        let mut at = from.certain;
        while periods.len() < 100_000 {
            let (begin, end) = calendar.period(at, period);
            if begin > self.world.now || begin >= until || end <= at {
                break;
            }
            periods.push((begin, end));
            at = end;
        }
        periods
    }

    /// A local time on the last day before an instant.
    fn last_day(&self, end: Instant, time: jiff::civil::Time) -> Instant {
        let calendar = &self.world.program.calendar;
        calendar.instant(calendar.local(end.plus_ms(-1)).date().to_datetime(time))
    }

    /// 7.11: a chain of fulfilments with gaps of at most so long.
    fn chain(&self, case: &Case<'_>, from: &When, span: Span, outcome: &mut Outcome) {
        let all = self.fulfilments(&case.duty.deeds, &case.actors, &case.link());
        let mut links: Vec<Rc<Fact>> =
            all.iter().filter(|one| one.answer.is_yes()).map(|one| one.fact.clone()).collect();
        links.sort_by_key(|fact| fact.order());
        let openers = std::iter::once(None).chain(links.iter().cloned().map(Some));
        let nexts = links.iter().cloned().map(Some).chain(std::iter::once(None));
        for (opener, next) in openers.zip(nexts) {
            let between: Vec<Rc<Fact>> = all
                .iter()
                .filter(|one| !one.answer.is_yes())
                .map(|one| one.fact.clone())
                .filter(|one| opener.as_ref().is_none_or(|o| o.order() < one.order()))
                .filter(|one| next.as_ref().is_none_or(|n| one.order() < n.order()))
                .collect();
            let opened = opener.as_ref().map_or(from.pair(), |fact| fact.time.start);
            let due = When {
                possible: self.deadline_for(case.bearer, opened.0, span),
                certain: self.deadline_for(case.bearer, opened.1, span),
                settled: opener.as_ref().map_or(from.settled, |fact| fact.settled),
            };
            let unbegun = from.certain == Instant::MIN || from.certain == Instant::MAX;
            let first_ever = opener.is_none() && unbegun;
            let ends = between.iter().chain(&next).map(|fact| fact.time.end.0);
            let certain = next.as_ref().map_or(Instant::MAX, |fact| fact.time.end.1);
            let not_after =
                |one: &&Rc<Fact>| next.as_ref().is_none_or(|next| by_end(one) <= by_end(next));
            let behind = opener.iter().chain(between.iter().filter(not_after)).chain(&next);
            let done = Done {
                at: (ends.min().unwrap_or(Instant::MAX), certain),
                records: behind.flat_map(|fact| fact.records.clone()).collect(),
                counted: next.iter().cloned().collect(),
                progress: (u32::from(next.is_some()), 1),
            };
            let case = Case {
                opened,
                due: (!first_ever).then_some(due),
                dated: (!first_ever).then_some(opened.1),
                opener: opener.clone(),
                ..case.clone()
            };
            self.standing_case(&case, done, "", outcome);
        }
    }

    /// 7.3, 7.9: nothing is owed yet, or any more.
    fn without_tally(&self, case: &Case<'_>, instead: (Verdict, Reason), outcome: &mut Outcome) {
        let existence = Answer::new(Tri::No, Reason::StateUncertain);
        let case = Case { existence, instead: Some(instead), ..case.clone() };
        let none = Done {
            at: (Instant::MAX, Instant::MAX),
            records: Vec::new(),
            counted: Vec::new(),
            progress: (0, 1),
        };
        self.conclude(&case, none, Tri::No, "", outcome);
    }
}

/// 7.1: one instance for each, or one for all.
pub fn shares(bearers: &Bearers) -> Vec<(Option<ActorId>, Vec<ActorId>)> {
    match bearers.mode {
        Share::Each => bearers.actors.iter().map(|one| (Some(*one), vec![*one])).collect(),
        Share::Together | Share::AnyOf => vec![(None, bearers.actors.clone())],
    }
}

/// 7.1 `First`: the first that surely matches, else the first that may.
fn first(triggers: Vec<(Rc<Fact>, Answer)>) -> Vec<(Rc<Fact>, Answer)> {
    let sure = triggers.iter().filter(|(_, answer)| answer.tri.is_yes());
    let first = sure
        .min_by_key(|(fact, _)| fact.order())
        .or_else(|| triggers.iter().min_by_key(|(fact, _)| (fact.time.start.0, fact.id.clone())));
    first.cloned().into_iter().collect()
}

/// 7.5 `AllOf`: the latest of the items; none: done when opened.
fn together(each: &[Done], opened: (Instant, Instant)) -> Done {
    let possible = each.iter().map(|one| one.at.0).max().unwrap_or(opened.0);
    let certain = each.iter().map(|one| one.at.1).max().unwrap_or(opened.1);
    let ready = each.iter().filter(|one| one.at.1 < Instant::MAX).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Done {
        at: (possible, certain),
        records: each.iter().flat_map(|one| one.records.iter().cloned()).collect::<Vec<Name>>(),
        counted: each.iter().flat_map(|one| one.counted.iter().cloned()).collect(),
        progress: (count(ready), count(each.len())),
    }
}
