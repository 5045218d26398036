//! Conditions, and what is at hand where they stand.
//!
//! Invariant: `it`, `same` and `other` are used only where a fact or a key is at hand.

use super::{clauses::flat, limit::Standing, moment::Around, relation::of_several};
use crate::{
    amount::{self, Value},
    checker::Checker,
    registry,
};
use casus_model::program::{By, Condition, Groups, Key, Order, Pattern};
use casus_syntax::{
    Span,
    ast::{self, ConditionKind, Conditions, Least, Thing},
};
use rust_decimal::prelude::ToPrimitive;

/// What a condition can refer to.
#[derive(Clone, Copy, Debug)]
pub(super) enum AtHand<'k> {
    /// A fact: `it`.
    Fact,
    /// The values of a rule's keys, and no fact.
    Keys(&'k [Key]),
    /// A fact whose order in time is not read.
    Around,
    /// Nothing.
    Nothing,
}

impl Checker<'_> {
    /// Groups of conditions, all with the same at hand.
    pub(super) fn groups(&mut self, conditions: &Conditions, hand: AtHand<'_>) -> Option<Groups> {
        let mut out = Some(Vec::new());
        for group in &conditions.groups {
            let made: Vec<_> = group.iter().map(|one| self.condition(one, hand)).collect();
            match (&mut out, made.into_iter().collect::<Option<Vec<_>>>()) {
                (Some(list), Some(made)) => list.push(made),
                _ => out = None,
            }
        }
        out
    }

    /// Groups that each begin with what happens; it is at hand for the conditions after it.
    pub(super) fn headed(&mut self, conditions: &Conditions, keys: &[Key]) -> Option<Groups> {
        let mut out = Some(Vec::new());
        for group in &conditions.groups {
            let Some((head, rest)) = group.split_first() else { continue };
            if !self.begins(head, false) {
                out = None;
                continue;
            }
            let hand = match &head.kind {
                ConditionKind::Fact { thing, .. } if !of_several(thing) => AtHand::Fact,
                _ => AtHand::Keys(keys),
            };
            let first = self.condition(head, AtHand::Keys(keys));
            let first = first.filter(|first| self.counts_by(first, keys, head.span));
            let rest: Vec<_> = rest.iter().map(|one| self.condition(one, hand)).collect();
            let made: Option<Vec<_>> = std::iter::once(first).chain(rest).collect();
            match (&mut out, made) {
                (Some(list), Some(made)) => list.push(made),
                _ => out = None,
            }
        }
        out
    }

    /// Whether an amount that is found for keys is counted by them; tells where it is not.
    fn counts_by(&mut self, head: &Condition, keys: &[Key], span: Span) -> bool {
        let Condition::Amount { left, right, .. } = head else { return true };
        let counted = || left.counted().chain(right.counted());
        let by_other =
            |key: &Key| *key == Key::Party && counted().any(|one| one.pattern.by == By::Other);
        let missing =
            keys.iter().find(|key| !by_other(key) && !counted().any(|one| one.same.contains(key)));
        if missing.is_some() {
            let message = "no amount here is counted by a key of the rule";
            let help = "say so in the amount, as `by same party` or `same item`, or leave out \
                        the key";
            self.tell_help(&registry::KEY_NOT_COUNTED, span, message, help);
        }
        missing.is_none()
    }

    /// Whether a condition says what happens, so that it can begin a group; tells where not.
    pub(super) fn begins(&mut self, head: &ast::Condition, of_state: bool) -> bool {
        let message = match &head.kind {
            ConditionKind::Fact { negated: false, .. }
            | ConditionKind::Latest { negated: false, .. }
            | ConditionKind::Count { .. }
            | ConditionKind::Quiet { .. }
            | ConditionKind::Amount { .. }
            | ConditionKind::Cumulated { .. }
            | ConditionKind::Sequence { .. }
            | ConditionKind::Lasting { .. }
            | ConditionKind::Seen { .. } => return true,
            ConditionKind::State { negated: false, .. } if of_state => return true,
            ConditionKind::State { negated: false, state, .. } => {
                let help = format!("begin with `begin of {}`, or with another fact", state.text);
                let message = "a rule must first say what happens before it says which state holds";
                self.tell_help(&registry::FIRST_POSITIVE, head.span, message, help);
                return false;
            }
            ConditionKind::Fact { .. }
            | ConditionKind::Latest { .. }
            | ConditionKind::State { .. } => {
                "a rule must first say what happens before it says what does not"
            }
        };
        let help = "put a condition that says what happens first, and this one after `and`";
        self.tell_help(&registry::FIRST_POSITIVE, head.span, message, help);
        false
    }

    /// One condition.
    pub(super) fn condition(
        &mut self,
        condition: &ast::Condition,
        hand: AtHand<'_>,
    ) -> Option<Condition> {
        match &condition.kind {
            ConditionKind::Fact { negated, thing, order } if of_several(thing) => {
                self.among(*negated, thing, order, hand)
            }
            ConditionKind::Fact { negated, thing, order } => {
                let made = self.bound(thing, hand);
                let order = self.orders(order, condition.span, hand)?;
                let (pattern, same) = made?;
                Some(Condition::Fact { negated: *negated, pattern, same, order })
            }
            ConditionKind::Count { least, thing, window } => {
                let made = self.bound(thing, hand);
                let (least, window) = (self.least(least), self.counted_over(window));
                let (pattern, same) = made?;
                Some(Condition::Count { least: least?, pattern, same, window: window? })
            }
            ConditionKind::Cumulated { thing, compare, span } => {
                let made = self.bound(thing, hand);
                let ms = self.length_of_time(span)?;
                let (pattern, same) = made?;
                let compare = amount::compare(*compare);
                Some(Condition::Cumulated { pattern, same, compare, ms })
            }
            ConditionKind::Sequence { first, then, order } => {
                self.sequence(first, then, order, condition.span, hand)
            }
            ConditionKind::Latest { negated, thing, as_of, order } => {
                let made = self.bound(thing, hand);
                let around = Around::it(matches!(hand, AtHand::Fact));
                let as_of = as_of.as_ref().map(|moment| self.moment(moment, around));
                let order = self.orders(order, condition.span, hand)?;
                let (pattern, same) = made?;
                let as_of = flat(as_of)?;
                Some(Condition::Latest { negated: *negated, pattern, same, as_of, order })
            }
            ConditionKind::Quiet { thing, span } => {
                let made = self.bound(thing, hand);
                let span = self.stretch(span)?;
                let (pattern, same) = made?;
                Some(Condition::Quiet { pattern, same, span })
            }
            ConditionKind::Lasting { thing, span, gap } => {
                let made = self.bound(thing, hand);
                let (span, gap) = (self.stretch(span), self.stretch(gap));
                let (pattern, same) = made?;
                Some(Condition::Lasting { pattern, same, span: span?, gap: gap? })
            }
            ConditionKind::Seen { thing, span, gap } => {
                let made = self.bound(thing, hand);
                let (span, gap) = (self.stretch(span), self.stretch(gap));
                let (pattern, same) = made?;
                Some(Condition::Seen { pattern, same, span: span?, gap: gap? })
            }
            ConditionKind::Amount { left, compare, right } => {
                let standing = Standing { hand: Some(hand), spots: &[] };
                let (left, right) = self.sides(left, right, standing)?;
                Some(Condition::Amount { left, compare: amount::compare(*compare), right })
            }
            ConditionKind::State { negated, state, whose } => {
                self.state_test(*negated, state, whose.as_ref()).map(Condition::State)
            }
        }
    }

    /// A thing, with what it refers to at hand.
    pub(super) fn bound(&mut self, thing: &Thing, hand: AtHand<'_>) -> Option<(Pattern, Vec<Key>)> {
        let (pattern, same) = self.thing(thing)?;
        let shared = match hand {
            AtHand::Fact | AtHand::Around => true,
            AtHand::Keys(keys) => same.iter().all(|key| keys.contains(key)),
            AtHand::Nothing => same.is_empty(),
        };
        if !shared {
            let span = thing.same.first().map_or(thing.span, |first| {
                thing.same.last().map_or(first.span, |last| first.span.to(last.span))
            });
            let message = format!("`{}` has nothing here to be the same as", self.text(span));
            let help = "name it as a key of the rule (`finding … of party`), or put it after the \
                        condition it goes with";
            self.tell_help(&registry::SAME_UNBOUND, span, message, help);
            return None;
        }
        if pattern.by == By::Other && !matches!(hand, AtHand::Fact | AtHand::Around) {
            let message = "`other party` has nobody here to be other than";
            let help = "put it after the condition that says who acts";
            self.tell_help(&registry::SAME_UNBOUND, thing.span, message, help);
            return None;
        }
        Some((pattern, same))
    }

    /// The words of the text.
    pub(super) fn text(&self, span: Span) -> String {
        let words = span.of(&self.document.source).split_whitespace();
        words.take(12).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn orders(
        &mut self,
        orders: &[ast::Order],
        span: Span,
        hand: AtHand<'_>,
    ) -> Option<Vec<Order>> {
        if !orders.is_empty() && !matches!(hand, AtHand::Fact) {
            let message = format!("`{}` has no `it` to be before or after", self.text(span));
            let help = "`it` is the act of the sentence, or the first condition of its group where \
                        that is a fact";
            self.tell_help(&registry::ORDER_UNBOUND, span, message, help);
            return None;
        }
        let mut out = Vec::with_capacity(orders.len());
        for order in orders {
            out.push(match order {
                ast::Order::OtherItem => Order::OtherItem,
                ast::Order::Before => Order::Before,
                ast::Order::After => Order::After,
                ast::Order::Covering => Order::Covering,
                ast::Order::AtLeastBefore(span) => Order::AtLeastBefore(self.stretch(span)?),
                ast::Order::WithinBefore(span) => Order::AtMostBefore(self.stretch(span)?),
                ast::Order::WithinAfter(span) => Order::AtMostAfter(self.stretch(span)?),
                ast::Order::WithinOf(ast::Duration::Parameter(name)) if self.is_length(name) => {
                    Order::Near(self.length(&ast::Value::Parameter(name.clone()))?)
                }
                ast::Order::WithinOf(span) => Order::Around(self.stretch(span)?),
                ast::Order::About => Order::About,
                ast::Order::Near(length) => Order::Near(self.metres_of(length)?),
                ast::Order::Far(length) => Order::Far(self.length(length)?),
            });
        }
        Some(out)
    }

    /// Whether a parameter stands for an amount, and not for a length of time.
    fn is_length(&self, name: &ast::Name) -> bool {
        matches!(self.parameter_at(name), Some(Value::Amount(_) | Value::Dated(..)))
    }

    pub(super) fn least(&mut self, least: &Least) -> Option<u32> {
        match least {
            Least::Number(number) => self.whole(number, 1, u32::MAX),
            Least::Parameter(name) => {
                let value = self.parameter(name)?;
                let count = match &value {
                    Value::Amount(amount) if amount.unit.is_empty() => amount.value.to_u32(),
                    _ => None,
                };
                let whole = match &value {
                    Value::Amount(amount) => amount.value.fract().is_zero(),
                    _ => false,
                };
                let count = count.filter(|count| whole && *count > 0);
                if count.is_none() && value != Value::Broken {
                    let message = format!("expected a count, got the parameter `{}`", name.text);
                    let help = "a count is a whole number of at least 1, without a unit";
                    self.tell_help(&registry::WRONG_PARAMETER, name.span, message, help);
                }
                count
            }
        }
    }
}
