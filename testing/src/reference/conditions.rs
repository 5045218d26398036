//! Sections 5.1, 5.2, 5.7: conditions at a fact.
//!
//! Invariant: a fact is not a condition on itself.

use super::{Asking, Here, Pair, fact::Fact, spanning::value_of};
use casus_model::{
    Tri,
    program::{Body, Condition, Groups, Order},
};

impl Asking<'_> {
    /// 5.7: groups at a fact; none at all is `empty`. The key at hand comes with `here` (T14).
    pub fn groups_at(&self, groups: &Groups, it: &Fact, here: &Here<'_>, empty: Tri) -> Tri {
        if groups.is_empty() {
            return empty;
        }
        let group = |conditions: &Vec<Condition>| self.all_at(conditions, it, here);
        groups.iter().map(group).max().unwrap_or(empty)
    }

    /// All conditions at a fact.
    pub fn all_at(&self, conditions: &[Condition], it: &Fact, here: &Here<'_>) -> Tri {
        conditions.iter().map(|one| self.condition_at(one, it, here)).min().unwrap_or(Tri::Yes)
    }

    /// 5.2: one condition at a fact.
    pub fn condition_at(&self, condition: &Condition, it: &Fact, here: &Here<'_>) -> Tri {
        let (negated, pattern, same, order) = match condition {
            Condition::Fact { negated, pattern, same, order } => (negated, pattern, same, order),
            Condition::Sequence { steps, order } => {
                let here = Here { it: Some(it), ..*here };
                let last = self.sequence(steps, None, &here);
                let one = |(fact, answer): &(&Fact, Tri)| answer.and(self.stands(order, fact, it));
                return last.iter().map(one).max().unwrap_or(Tri::No);
            }
            _ => {
                let here = Here { it: Some(it), ..*here };
                return self.condition_spans(condition, &here).at(it.time.start);
            }
        };
        // 5.2
        let one = |fact: &Fact| {
            let at = Here { bearer: here.bearer, ..Here::at(it) };
            let matched = self.matches(fact, pattern, &at, None);
            // 7.14: a duty has no key but the bearer.
            let of_duty = matches!(self.rule.body, Body::Must(_));
            let shared = same.iter().map(|key| match value_of(here.key, *key) {
                Some(own) if of_duty => self.has(fact, own),
                _ => self.share(it, fact, *key),
            });
            shared.fold(matched, Tri::and).and(self.stands(order, fact, it))
        };
        let others = self.facts.iter().filter(|fact| !fact.same_as(it));
        others.map(|fact| one(fact)).max().unwrap_or(Tri::No).negate_if(*negated)
    }

    /// All of these orders.
    pub fn stands(&self, order: &[Order], fact: &Fact, it: &Fact) -> Tri {
        order.iter().map(|one| self.order(fact, it, *one)).min().unwrap_or(Tri::Yes)
    }

    /// 5.2: how `fact` stands to `it`.
    pub fn order(&self, fact: &Fact, it: &Fact, order: Order) -> Tri {
        let (e0, e1) = fact.time.start;
        let (t0, t1) = it.time.start;
        let calendar = &self.world.program.calendar;
        let (yes, no) = match order {
            Order::Before => (e1 < t0, e0 >= t1),
            Order::After => (e0 > t1, e1 <= t0),
            Order::AtLeastBefore(span) => {
                (e1 <= calendar.lead(t0, span), e0 > calendar.lead(t1, span))
            }
            Order::AtMostBefore(span) => {
                (e1 <= t0 && e0 >= self.earlier(t1, span), e0 > t1 || e1 < self.earlier(t0, span))
            }
            Order::AtMostAfter(span) => {
                (e0 >= t1 && e1 <= self.later(t0, span), e1 < t0 || e0 > self.later(t1, span))
            }
            Order::Around(span) => (
                e0 >= self.earlier(t1, span) && e1 <= self.later(t0, span),
                e1 < self.earlier(t0, span) || e0 > self.later(t1, span),
            ),
            // 14.5
            Order::OtherItem => {
                return match (&fact.item, &it.item) {
                    (Some(one), Some(other)) => Tri::from(one != other),
                    _ => Tri::Unknown,
                };
            }
            Order::About => {
                let about = it.named_in(&fact.about);
                (about, !about)
            }
            Order::Near(metres) => {
                let ask = |d: f64, e: f64| Tri::from_bounds(d + e <= metres, d - e <= metres);
                return self.apart(fact, it, true, ask);
            }
            Order::Far(metres) => {
                let ask = |d: f64, e: f64| Tri::from_bounds(d - e >= metres, d + e >= metres);
                return self.apart(fact, it, false, ask);
            }
            Order::Covering => (
                e1 <= t0 && fact.time.end.0 >= it.time.end.1,
                e0 > t1 || fact.time.end.1 < it.time.end.0,
            ),
        };
        Tri::from_bounds(yes, !no)
    }

    /// 6.2, 14.7: the exception, and the only cases, at a fact.
    pub fn excepted(&self, it: &Fact, here: &Here<'_>) -> Tri {
        let except = self.groups_at(&self.rule.except, it, here, Tri::No);
        let except = match (self.rule.shown, except) {
            (true, Tri::Unknown) => Tri::No,
            (_, except) => except,
        };
        except.max(self.groups_at(&self.rule.when, it, here, Tri::Yes).negate())
    }

    /// The same as spans.
    pub fn excepted_spans(&self, here: &Here<'_>) -> Pair {
        let mut except = self.groups_spans(&self.rule.except, here, Pair::none());
        if self.rule.shown {
            except.upper = except.lower.clone();
        }
        except.or(&self.groups_spans(&self.rule.when, here, Pair::all()).not())
    }
}
