//! Conditions at a fact: `it`.
//!
//! Invariant: a fact is never a condition on itself.

use crate::{
    fact::Fact,
    matching::{AtHand, same_name},
    meeting::Apart,
    spanning::{Both, Relative},
    world::World,
};
use casus_model::{
    Instant, Occurred, Tri, Verdict,
    program::{Body, Condition, Groups, Order, Pattern},
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
        let relative = Relative { key: at.key, fact: Some(it), bearer: at.bearer };
        let (negated, pattern, same, order) = match condition {
            Condition::Fact { negated, pattern, same, order } => (negated, pattern, same, order),
            Condition::Sequence { steps, order } => {
                return self.sequence_at(steps, order, relative, it);
            }
            _ => return self.spans(condition, relative, None).at(it.time.start),
        };
        // The key of a duty's own conditions is its bearer; what a determination finds shares keys
        // with the fact itself.
        let shares = match &self.rule.body {
            Body::Must(_) => relative,
            _ => Relative::fact(it),
        };
        let at = AtHand { it: Some(it), ..at };
        let mut answer = Tri::No;
        let all = self.gathered(pattern);
        let near = all.get(self.in_reach(&all, pattern, order, it)).unwrap_or_default();
        for fact in near.iter().filter(|fact| !is_same(fact, it)) {
            let ordered = self.stands_all(order, fact, it);
            if ordered <= answer {
                continue;
            }
            let mut this = ordered.and(self.belongs(fact, same, shares));
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

    /// How a fact stands to `it`: all of these.
    pub(crate) fn stands_all(&self, order: &[Order], fact: &Fact, it: &Fact) -> Tri {
        order.iter().fold(Tri::Yes, |all, one| match all {
            Tri::No => all,
            _ => all.and(self.stands(*one, fact, it)),
        })
    }

    /// How a fact stands to `it`.
    pub(crate) fn stands(&self, order: Order, fact: &Fact, it: &Fact) -> Tri {
        match order {
            Order::About => Tri::from(self.speaks_of(fact, it)),
            Order::Near(metres) => self.apart(fact, it, Apart::Near(metres)),
            Order::Far(metres) => self.apart(fact, it, Apart::Far(metres)),
            Order::OtherItem => same_name(fact.item.as_ref(), it.item.as_ref()).negate(),
            order => self.stands_in_time(order, fact.time, it.time),
        }
    }

    /// How the time of a fact stands to that of `it`; other orders than those of time are unknown.
    pub(crate) fn stands_in_time(&self, order: Order, fact: Occurred, it: Occurred) -> Tri {
        let calendar = &self.program.calendar;
        let ((e0, e1), (t0, t1)) = (fact.start, it.start);
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
            Order::Around(span) => Tri::from_bounds(
                e0 >= calendar.shift(t1, span, -1) && e1 <= calendar.shift(t0, span, 1),
                e1 >= calendar.shift(t0, span, -1) && e0 <= calendar.shift(t1, span, 1),
            ),
            Order::Covering => Tri::from_bounds(
                e1 <= t0 && fact.end.0 >= it.end.1,
                e0 <= t1 && fact.end.1 >= it.end.0,
            ),
            Order::About | Order::Near(_) | Order::Far(_) | Order::OtherItem => Tri::Unknown,
        }
    }

    /// Whether the rule does not reach the fact: an exception, or not one of its only cases.
    pub(crate) fn excepted(&self, it: &Fact, at: AtHand<'_>) -> Tri {
        let except = self.groups_at(&self.rule.except, it, at, Tri::No);
        let except = if self.rule.shown && !except.is_yes() { Tri::No } else { except };
        except.or(self.groups_at(&self.rule.when, it, at, Tri::Yes).negate())
    }

    /// The same over time.
    pub(crate) fn excepted_spans(&self, relative: Relative<'_>) -> Both {
        let except = self.group_spans(&self.rule.except, relative, None, false);
        let except = match self.rule.shown {
            true => Both { lower: except.lower.clone(), upper: except.lower },
            false => except,
        };
        except.or(&self.group_spans(&self.rule.when, relative, None, true).negate())
    }

    /// The rule's `while` at a time.
    pub(crate) fn during(&self, time: (Instant, Instant), at: AtHand<'_>) -> Tri {
        if self.rule.during.is_empty() && self.rule.suspended.is_empty() {
            return Tri::Yes;
        }
        self.during_both(at).at(time)
    }

    /// Not in force at a time, or suspended.
    pub(crate) fn outside(&self, time: (Instant, Instant), at: AtHand<'_>) -> Verdict {
        let relative = Relative { key: at.key, fact: at.it, bearer: at.bearer };
        match self.suspended_spans(relative).at(time).is_yes() {
            true => Verdict::Suspended,
            false => Verdict::NotInForce,
        }
    }

    /// The rule's `while` over time, for the fact or the bearer at hand.
    pub(crate) fn during_both(&self, at: AtHand<'_>) -> Both {
        self.during_spans(Relative { key: at.key, fact: at.it, bearer: at.bearer })
    }
}

pub(crate) fn is_same(a: &Fact, b: &Fact) -> bool {
    a.kind == b.kind && a.id == b.id
}
