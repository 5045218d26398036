//! Conditions in plain words.

use super::{
    Plain, joined,
    moment::period,
    pattern::{compare, keys, length},
};
use crate::{
    calendar::Span,
    program::{Condition, Groups, Key, Next, Order, Pattern, StateOf, StateTest, Window},
};

impl Plain<'_> {
    /// Groups of conditions: any of the groups, all of its conditions.
    pub(super) fn groups(self, groups: &Groups) -> String {
        let groups: Vec<String> = groups
            .iter()
            .map(|group| {
                let all: Vec<String> = group.iter().map(|one| self.condition(one)).collect();
                joined(&all, "and")
            })
            .collect();
        joined(&groups, "or else")
    }

    /// One condition, as a clause.
    pub(super) fn condition(self, condition: &Condition) -> String {
        match condition {
            Condition::Fact { negated, pattern, same, order } => {
                let no = if *negated { "there was no" } else { "there was" };
                let order = self.orders(order);
                format!("{no} {}{}{order}", self.pattern(pattern), keys(self, same))
            }
            Condition::Count { least, pattern, same, window } => {
                let within = match window {
                    Window::Rolling(span) => format!("within any {}", self.span(*span)),
                    Window::Each(every) => format!("within one {} of the calendar", period(*every)),
                    Window::Ever => "so far".to_owned(),
                };
                let what = self.pattern(pattern);
                format!("at least {least} times {what}{} fell {within}", keys(self, same))
            }
            Condition::Among { negated, least, actors, pattern, same } => {
                let fewer = if *negated { "fewer than" } else { "at least" };
                let (what, of) = (self.pattern(pattern), self.actors(actors, "and"));
                format!("{fewer} {least} of {of} had {what}{}", keys(self, same))
            }
            Condition::Cumulated { pattern, same, compare: how, ms } => format!(
                "{}{} had lasted {} {} in all",
                self.pattern(pattern),
                keys(self, same),
                compare(*how),
                self.span(Span::Exact(*ms))
            ),
            Condition::Sequence { steps, order } => {
                let one = |next: &Next| {
                    let within = match next.within {
                        Some(span) => format!("within {} ", self.span(span)),
                        None => String::new(),
                    };
                    format!("{within}{}{}", self.pattern(&next.pattern), keys(self, &next.same))
                };
                let steps: Vec<String> = steps.iter().map(one).collect();
                format!("there was {}{}", steps.join(", then "), self.orders(order))
            }
            Condition::Latest { negated, pattern, same, as_of, order } => {
                let is = if *negated { "was not" } else { "was" };
                let by = match as_of {
                    Some(moment) => format!(" by {}", self.moment(moment)),
                    None => String::new(),
                };
                let (what, order) = (self.pattern(pattern), self.orders(order));
                format!("the latest{}{by} {is} {what}{order}", keys(self, same))
            }
            Condition::Quiet { pattern, same, span } => format!(
                "for {} there was no {}{}, and somebody looked",
                self.span(*span),
                self.pattern(pattern),
                keys(self, same)
            ),
            Condition::Lasting { pattern, same, span, gap } => {
                let (what, keys) = (self.pattern(pattern), keys(self, same));
                format!("{what}{keys} went on for {}", self.paused(*span, *gap, ""))
            }
            Condition::Seen { pattern, same, span, gap } => {
                let (what, keys) = (self.pattern(pattern), keys(self, same));
                let seen = self.paused(*span, *gap, " from the first to the last");
                format!("{what}{keys} was seen for {seen}")
            }
            Condition::Amount { left, compare: how, right } => {
                let (left, right) = self.sides(left, right);
                format!("{left} is {} {right}", compare(*how))
            }
            Condition::State(test) => self.state(test),
        }
    }

    /// For how long, and with what pause at most.
    fn paused(self, span: Span, gap: Span, counted: &str) -> String {
        format!("{}{counted}, with no pause above {}", self.span(span), self.span(gap))
    }

    /// A state that holds, or does not.
    pub(super) fn state(self, test: &StateTest) -> String {
        let holds = if test.negated { "does not hold" } else { "holds" };
        let whose = match test.whose {
            StateOf::Own => String::new(),
            StateOf::Other => " of another party".to_owned(),
            StateOf::Anyone => " of anybody".to_owned(),
            StateOf::Bearer => " of whoever is bound".to_owned(),
            StateOf::Of(actor) => format!(" of {}", self.actors(&[actor], "and")),
            StateOf::In(_, zone) => {
                zone.of(self.program).map_or_else(String::new, |zone| format!(" of {}", zone.name))
            }
        };
        format!("the state {}{whose} {holds}", self.label(test.state))
    }

    /// A fact that shares keys with `it`, and how it stands to it.
    pub(super) fn related(self, pattern: &Pattern, same: &[Key], order: &[Order]) -> String {
        format!("{}{}{}", self.pattern(pattern), keys(self, same), self.orders(order))
    }

    fn orders(self, orders: &[Order]) -> String {
        let orders: Vec<String> = orders.iter().map(|one| self.order(*one)).collect();
        match orders.is_empty() {
            true => String::new(),
            false => format!(" {}", joined(&orders, "and")),
        }
    }

    fn order(self, order: Order) -> String {
        match order {
            Order::Before => "before it".to_owned(),
            Order::After => "after it".to_owned(),
            Order::AtLeastBefore(span) => format!("at least {} before it", self.span(span)),
            Order::AtMostBefore(span) => format!("at most {} before it", self.span(span)),
            Order::AtMostAfter(span) => format!("at most {} after it", self.span(span)),
            Order::Covering => "lasting over the whole of it".to_owned(),
            Order::Around(span) => format!("at most {} before or after it", self.span(span)),
            Order::OtherItem => "of another item".to_owned(),
            Order::About => "which says that it is about it".to_owned(),
            Order::Near(metres) => format!("at most {} from it", length(metres)),
            Order::Far(metres) => format!("at least {} from it", length(metres)),
        }
    }
}
