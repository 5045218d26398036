//! Section 7.4 to 7.6: fulfilment, when a duty was done, and what the clock makes of it.
//!
//! Invariant: the clock alone turns silence into a breach, and only after the lateness.

use super::{Asking, Here, fact::Fact, moments::When};
use casus_model::{
    Instant, Name, Reason, Tri, Verdict,
    geometry::Shape,
    program::{ActorId, Key, ListItem, Pattern},
};
use std::rc::Rc;

/// What fulfils a duty has to hang together with.
#[derive(Clone, Copy)]
pub struct Link<'a> {
    pub trigger: Option<&'a Fact>,
    pub opened: (Instant, Instant),
    pub period: Option<(Instant, Instant)>,
    pub item: Option<&'a ListItem>,
    /// What is shared with the trigger.
    pub same: &'a [Key],
}

/// A fact that (possibly) fulfils.
#[derive(Clone)]
pub struct Fulfilment {
    pub fact: Rc<Fact>,
    pub answer: Tri,
}

impl Fulfilment {
    fn by_end(&self) -> (Instant, Instant, Instant, Name) {
        by_end(&self.fact)
    }
}

/// 7.12: the order in which fulfilments count.
pub fn by_end(fact: &Fact) -> (Instant, Instant, Instant, Name) {
    (fact.time.end.1, fact.time.start.1, fact.time.start.0, fact.id.clone())
}

/// When something was done, and by what.
#[derive(Clone)]
pub struct Done {
    /// Possible and certain; `MAX` for none.
    pub at: (Instant, Instant),
    /// The records of the fulfilments that stand behind it (7.12).
    pub records: Vec<Name>,
    /// The facts that counted.
    pub counted: Vec<Rc<Fact>>,
    pub progress: (u32, u32),
}

/// The clock of 7.6.
pub struct Timing {
    pub opened: (Instant, Instant),
    /// None: there is no due.
    pub due: Option<When>,
    pub done: (Instant, Instant),
    pub soft: bool,
}

/// Which of the times of a fulfilment counts.
#[derive(Clone, Copy, PartialEq)]
pub enum By {
    End,
    Start,
}

impl Asking<'_> {
    /// 7.4: how far a fact fulfils.
    fn fulfils(&self, fact: &Fact, deeds: &[Pattern], by: &[ActorId], link: &Link<'_>) -> Tri {
        let one = |deed: &Pattern, bearer: ActorId| {
            let clause = self.clause(fact, deed, Some(bearer), link.item).tri;
            let open = self.by(fact, &deed.by, &Here { bearer: Some(bearer), ..Here::default() });
            clause.and(open).and(self.party(fact, bearer))
        };
        let pairs = deeds.iter().flat_map(|deed| by.iter().map(move |bearer| (deed, *bearer)));
        let done = pairs.map(|(deed, bearer)| one(deed, bearer)).max().unwrap_or(Tri::No);
        let linked = match link.trigger {
            Some(trigger) => {
                let shared = link.same.iter().map(|key| self.share(trigger, fact, *key));
                shared.fold(linked(fact, trigger), Tri::and)
            }
            None if link.period.is_some() => Tri::Yes,
            None => after(fact.time.start, link.opened),
        };
        let in_period = link.period.map_or(Tri::Yes, |(begin, end)| {
            let start = fact.time.start;
            Tri::from_bounds(start.0 >= begin && start.1 < end, start.1 >= begin && start.0 < end)
        });
        let item = link.item.map_or(Tri::Yes, |item| about_item(fact, &item.item));
        fact.status.and(done).and(linked).and(in_period).and(item)
    }

    /// 7.4: all facts that fulfil or may.
    pub fn fulfilments(
        &self,
        deeds: &[Pattern],
        by: &[ActorId],
        link: &Link<'_>,
    ) -> Vec<Fulfilment> {
        let each = self.facts.iter().map(|fact| Fulfilment {
            fact: fact.clone(),
            answer: self.fulfils(fact, deeds, by, link),
        });
        each.filter(|one| one.answer.is_possible()).collect()
    }

    /// 7.6
    pub fn timed(&self, timing: &Timing) -> (Verdict, Reason) {
        let (now, lateness) = (self.world.now, self.world.program.lateness_ms);
        let (opened, done) = (timing.opened.1, timing.done);
        let Some(due) = timing.due else {
            return if done.1 < Instant::MAX {
                (Verdict::Met, Reason::Done)
            } else {
                (Verdict::Pending, Reason::NotYetDue)
            };
        };
        let (d0, d1) = due.pair();
        if done.1 < Instant::MAX {
            if done.1 <= d0 {
                return (Verdict::Met, Reason::Done);
            }
            if done.0 > d1 {
                let moved = due.settled > d1 || due.settled > done.1;
                let why = if moved { Reason::AnchorCorrected } else { Reason::DoneLate };
                return (Verdict::MetLate, why);
            }
            let verdict = if timing.soft { Verdict::MetLate } else { Verdict::PossiblyBreached };
            return (verdict, Reason::PossiblyLate);
        }
        if d1 == Instant::MAX {
            return (Verdict::Pending, Reason::NotYetDue);
        }
        if now <= d1 {
            let little = d0 > opened && opened > Instant::MIN && now >= little_time(opened, d0);
            return if little {
                (Verdict::AtRisk, Reason::LittleTimeLeft)
            } else {
                (Verdict::Pending, Reason::NotYetDue)
            };
        }
        if now <= d1.plus_ms(lateness) {
            (Verdict::AtRisk, Reason::EvidenceMayArrive)
        } else if timing.soft {
            (Verdict::Lapsed, Reason::TargetMissed)
        } else if done.0 <= d1 {
            (Verdict::PossiblyBreached, Reason::ActUnconfirmed)
        } else {
            (Verdict::Breached, Reason::DeadlineMissed)
        }
    }

    /// 12.2: when the clock brought a verdict about.
    pub fn tick(&self, reason: Reason, timing: &Timing) -> Option<Instant> {
        let due = timing.due?;
        match reason {
            Reason::DeadlineMissed | Reason::StartMissed | Reason::TargetMissed => {
                Some(due.certain.plus_ms(self.world.program.lateness_ms))
            }
            Reason::EvidenceMayArrive => Some(due.certain),
            Reason::LittleTimeLeft => Some(little_time(timing.opened.1, due.possible)),
            _ => None,
        }
    }
}

/// The first instant at which three quarters of the time are over.
fn little_time(opened: Instant, due: Instant) -> Instant {
    let whole = i128::from(due.0) - i128::from(opened.0);
    let part = (whole * 3 + 3).div_euclid(4);
    Instant(opened.0.saturating_add(i64::try_from(part).unwrap_or(i64::MAX)))
}

/// 7.4: the first time is after the second.
fn after(start: (Instant, Instant), opened: (Instant, Instant)) -> Tri {
    Tri::from_bounds(start.0 >= opened.1, start.1 >= opened.0)
}

/// 7.4: link with a trigger.
fn linked(fact: &Fact, trigger: &Fact) -> Tri {
    let other_item = match (&fact.item, &trigger.item) {
        (Some(own), Some(asked)) => own != asked,
        _ => false,
    };
    let linked = if fact.about.is_empty() {
        after(fact.time.start, trigger.time.start)
    } else {
        Tri::from(trigger.named_in(&fact.about))
    };
    if other_item { Tri::No } else { linked }
}

/// 7.4: the item of a fact.
fn about_item(fact: &Fact, item: &Name) -> Tri {
    if let Some(own) = &fact.item {
        return Tri::from(own == item);
    }
    let mut places = fact.grounds.iter().flat_map(|report| &report.content.places);
    let named = places.any(|place| matches!(&place.shape, Shape::Named(name) if name == item));
    if named { Tri::Yes } else { Tri::Unknown }
}

/// The n-th least of some instants (n from 1), `MAX` where there are fewer.
fn nth(times: impl Iterator<Item = Instant>, n: usize) -> Instant {
    let mut times: Vec<Instant> = times.collect();
    times.sort_unstable();
    n.checked_sub(1).and_then(|at| times.get(at)).copied().unwrap_or(Instant::MAX)
}

/// 7.5, 7.12: done by the n-th of these fulfilments.
pub fn done(fulfilments: &[Fulfilment], n: u32, by: By) -> Done {
    let wanted = n as usize;
    let yes = || fulfilments.iter().filter(|one| one.answer.is_yes());
    let possible = fulfilments.iter().map(|one| match by {
        By::End => one.fact.time.end.0,
        By::Start => one.fact.time.start.0,
    });
    let certain = yes().map(|one| match by {
        By::End => one.fact.time.end.1,
        By::Start => one.fact.time.start.1,
    });
    let rank = |one: &Fulfilment| match by {
        By::End => one.by_end(),
        By::Start => {
            let (last, first, id) = one.fact.order();
            (last, last, first, id)
        }
    };
    let mut ranks: Vec<_> = yes().map(&rank).collect();
    ranks.sort();
    let counted_rank = wanted.checked_sub(1).and_then(|at| ranks.get(at)).cloned();
    let upto = |one: &&Fulfilment| counted_rank.as_ref().is_none_or(|last| rank(one) <= *last);
    let is_counted = |one: &&Fulfilment| Some(rank(one)) == counted_rank && one.answer.is_yes();
    Done {
        at: (nth(possible, wanted), nth(certain, wanted)),
        records: fulfilments.iter().filter(upto).flat_map(|one| one.fact.records.clone()).collect(),
        counted: yes().filter(is_counted).map(|one| one.fact.clone()).collect(),
        progress: (u32::try_from(ranks.len()).unwrap_or(u32::MAX).min(n.max(1)), n),
    }
}
