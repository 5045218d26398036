//! Conditions on several facts together, and how facts are linked.
//!
//! Invariant: what is counted by different actors names nobody else as the one who acts.

use super::condition::AtHand;
use crate::{checker::Checker, program::Form, registry};
use casus_model::{
    Span as Stretch,
    program::{Condition, Key, Link, Next, RuleId, StateOf, StateTest, Window},
};
use casus_syntax::{
    Span,
    ast::{self, By, Name, Order, Quantity, Then, Thing, Value},
};

/// Whether a thing is done by several actors, each in a fact of their own.
pub(super) fn of_several(thing: &Thing) -> bool {
    matches!(thing.by, Some(By::AtLeast(..)))
}

impl Checker<'_> {
    /// Tells that one fact is meant here.
    pub(super) fn several_actors<T>(&mut self, span: Span) -> Option<T> {
        let message = "acts of several actors are no single fact";
        let help = "make a `state` of them, and name its `begin of`";
        self.tell_help(&registry::SEVERAL_ACTORS, span, message, help);
        None
    }

    /// `ratification by at least 3 of Coalition`.
    pub(super) fn among(
        &mut self,
        negated: bool,
        thing: &Thing,
        order: &[Order],
        hand: AtHand<'_>,
    ) -> Option<Condition> {
        let Some(By::AtLeast(number, list)) = &thing.by else { return None };
        let anybody = Thing { by: None, ..thing.clone() };
        let made = self.bound(&anybody, hand);
        let actors = self.several(&list.names);
        let most = u32::try_from(actors.len()).unwrap_or(u32::MAX);
        let least = self.whole(number, 1, most)?;
        if !order.is_empty() {
            let message = "acts of several actors are not before or after one fact";
            let help = "they count up to `it`; leave the order out";
            self.tell_help(&registry::ORDER_UNBOUND, thing.span, message, help);
            return None;
        }
        let (pattern, same) = made?;
        Some(Condition::Among { negated, least, actors, pattern, same })
    }

    /// `contact then order within 2 hours then notice before it`.
    pub(super) fn sequence(
        &mut self,
        first: &Thing,
        then: &[Then],
        order: &[Order],
        span: Span,
        hand: AtHand<'_>,
    ) -> Option<Condition> {
        let mut steps = Vec::with_capacity(then.len() + 1);
        let (pattern, same) = self.bound(first, hand)?;
        steps.push(Next { pattern, same, within: None });
        for next in then {
            let (pattern, same) = self.bound(&next.thing, hand)?;
            let within = match &next.within {
                Some(within) => Some(self.stretch(within)?),
                None => None,
            };
            steps.push(Next { pattern, same, within });
        }
        let order = self.orders(order, span, hand)?;
        Some(Condition::Sequence { steps, order })
    }

    /// The window of a count.
    pub(super) fn counted_over(&mut self, window: &ast::Window) -> Option<Window> {
        Some(match window {
            ast::Window::Within(duration) => Window::Rolling(self.stretch(duration)?),
            ast::Window::Same(period) => Window::Each(crate::amount::period(*period)),
            ast::Window::SoFar => Window::Ever,
        })
    }

    /// A state, and whose it is.
    pub(super) fn state_test(
        &mut self,
        negated: bool,
        state: &Name,
        whose: Option<&ast::StateOf>,
    ) -> Option<StateTest> {
        let id = self.state(state);
        let whose = match whose {
            None => StateOf::Own,
            Some(ast::StateOf::Other) => StateOf::Other,
            Some(ast::StateOf::Of(actor)) => StateOf::Of(self.one_actor(actor)?),
            Some(ast::StateOf::In(zone)) => self.state_in(id?, state, zone)?,
        };
        Some(StateTest { negated, state: id?, whose })
    }

    /// The zone of a family that a state is a state of.
    fn state_in(&mut self, id: RuleId, state: &Name, zone: &Name) -> Option<StateOf> {
        let at = self.find(|names| &names.zones, zone, "a zone")?;
        let keys = match self.forms.get(id.index()) {
            Some(Form::State(keys)) => keys.as_slice(),
            _ => &[],
        };
        let family = keys.iter().find_map(|key| match *key {
            Key::Family(family) => Some(family).filter(|family| {
                let family = self.out.families.get(family.index());
                family.is_some_and(|family| family.zones.contains(&at))
            }),
            _ => None,
        });
        if family.is_none() {
            let message = format!("`{}` is no state of `{}`", state.text, zone.text);
            let help = "a state is asked for a zone of the family that it is a state of: \
                        `state … of sector`";
            self.tell_help(&registry::WRONG_FORM, zone.span, message, help);
        }
        family.map(|family| StateOf::In(family, at))
    }

    /// Milliseconds of a time that is added up: days have 24 hours.
    pub(super) fn length_of_time(&mut self, duration: &ast::Duration) -> Option<i64> {
        let day = casus_model::time::DAY_MS;
        match self.stretch(duration)? {
            Stretch::Exact(ms) => Some(ms),
            Stretch::Days(days) => i64::from(days).checked_mul(day),
            Stretch::WorkingDays(_) | Stretch::Months(_) => {
                let span = match duration {
                    ast::Duration::Exact(number, _) => number.span,
                    ast::Duration::Parameter(name) => name.span,
                };
                let message = "time that is added up has hours or days, not months or working days";
                let help = "write it in days; a day is 24 hours here";
                self.tell_help(&registry::WRONG_PARAMETER, span, message, help);
                None
            }
        }
    }

    /// A length in metres.
    pub(super) fn metres_of(&mut self, length: &Quantity) -> Option<f64> {
        self.length(&Value::Quantity(length.clone()))
    }

    /// When facts belong together.
    pub(super) fn link(&mut self, link: &ast::Link) -> Option<Link> {
        let mut same: Vec<_> = link.same.iter().filter_map(|one| self.key(&one.key)).collect();
        same.sort_unstable();
        same.dedup();
        let within = self.stretch(&link.within);
        let metres = match &link.far {
            Some(far) => Some(self.metres_of(far)?),
            None => None,
        };
        let least = match &link.least {
            Some(number) => self.whole(number, 1, 1_000_000)?,
            None => 1,
        };
        Some(Link { same, metres, within: within?, least })
    }
}
