//! Conditions at a fact: `it`.
//!
//! Invariant: a fact is never a condition on itself.

use crate::{
    fact::Fact,
    matching::AtHand,
    spanning::{Both, Relative},
    world::World,
};
use casus_model::{
    Instant, Tri,
    program::{Condition, Groups, Order, Pattern},
};
use std::{rc::Rc, sync::Arc};

impl World<'_> {
    /// The facts that may be of the pattern's kind, looked up once for each pattern.
    pub(crate) fn gathered(&self, pattern: &Pattern) -> Rc<Vec<Arc<Fact>>> {
        let key = std::ptr::from_ref(pattern) as usize;
        if let Some(found) = self.cache.borrow().get(&key) {
            return Rc::clone(found);
        }
        let facts = Rc::new(self.facts(&pattern.what));
        self.cache.borrow_mut().insert(key, Rc::clone(&facts));
        facts
    }

    /// Whether one of the groups holds at the fact; no group at all is `empty`.
    pub(crate) fn groups_at(&self, groups: &Groups, it: &Fact, at: AtHand<'_>, empty: Tri) -> Tri {
        if groups.is_empty() {
            return empty;
        }
        let group = |conditions: &Vec<Condition>| {
            conditions.iter().fold(Tri::Yes, |all, one| all.and(self.holds_at(one, it, at)))
        };
        groups.iter().fold(Tri::No, |any, conditions| any.or(group(conditions)))
    }

    /// Whether a condition holds at the fact.
    pub(crate) fn holds_at(&self, condition: &Condition, it: &Fact, at: AtHand<'_>) -> Tri {
        let Condition::Fact { negated, pattern, same, order } = condition else {
            let relative = Relative { key: at.key, fact: Some(it), bearer: at.bearer };
            return self.spans(condition, relative, None).at(it.time.start);
        };
        let at = AtHand { it: Some(it), ..at };
        let mut answer = Tri::No;
        for fact in self.gathered(pattern).iter().filter(|fact| !is_same(fact, it)) {
            let ordered =
                order.iter().fold(Tri::Yes, |all, one| all.and(self.stands(*one, fact, it)));
            if ordered <= answer {
                continue;
            }
            let mut this = ordered.and(self.belongs(fact, same, Relative::fact(it)));
            if this > answer {
                this = this.and(self.matches(fact, pattern, at));
            }
            answer = answer.or(this);
            if answer.is_yes() {
                break;
            }
        }
        answer.negate_if(*negated)
    }

    /// How a fact stands in time to `it`.
    fn stands(&self, order: Order, fact: &Fact, it: &Fact) -> Tri {
        let calendar = &self.program.calendar;
        let ((e0, e1), (t0, t1)) = (fact.time.start, it.time.start);
        match order {
            Order::Before => Tri::from_bounds(e1 < t0, e0 < t1),
            Order::After => Tri::from_bounds(e0 > t1, e1 > t0),
            Order::AtLeastBefore(span) => {
                Tri::from_bounds(e1 <= calendar.lead(t0, span), e0 <= calendar.lead(t1, span))
            }
            Order::AtMostBefore(span) => Tri::from_bounds(
                e1 <= t0 && e0 >= calendar.shift(t1, span, -1),
                e0 <= t1 && e1 >= calendar.shift(t0, span, -1),
            ),
            Order::AtMostAfter(span) => Tri::from_bounds(
                e0 >= t1 && e1 <= calendar.shift(t0, span, 1),
                e1 >= t0 && e0 <= calendar.shift(t1, span, 1),
            ),
            Order::Covering => Tri::from_bounds(
                e1 <= t0 && fact.time.end.0 >= it.time.end.1,
                e0 <= t1 && fact.time.end.1 >= it.time.end.0,
            ),
        }
    }

    /// The rule's `while` at a time.
    pub(crate) fn during(&self, time: (Instant, Instant), at: AtHand<'_>) -> Tri {
        if self.rule.during.is_empty() {
            return Tri::Yes;
        }
        self.during_both(at).at(time)
    }

    /// The rule's `while` over time, for the fact or the bearer at hand.
    pub(crate) fn during_both(&self, at: AtHand<'_>) -> Both {
        self.during_spans(Relative { key: at.key, fact: at.it, bearer: at.bearer })
    }
}

fn is_same(a: &Fact, b: &Fact) -> bool {
    a.kind == b.kind && a.id == b.id
}
