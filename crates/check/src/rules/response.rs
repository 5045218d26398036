//! Responses: ladders of steps with their clocks, decisions and end.
//!
//! Invariant: a response has at least one step, and each step an owner and a deadline.

use super::{clauses::flat, condition::AtHand, moment::Around};
use crate::{checker::Checker, registry};
use casus_model::{
    Span as Stretch,
    program::{
        Anchor, Body, By, Condition, Edge, Moment, Pattern, Response, Rule, RuleId, Step, What,
        Window,
    },
    time::DAY_MS,
};
use casus_syntax::ast::{self, Conditions, Item};
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn response(
        &mut self,
        id: RuleId,
        item: &Item,
        response: &ast::Response,
    ) -> Option<Rule> {
        let to = self.answered(&response.to);
        let clock = self.moment(&response.clocks, Around::it(true));
        let decided = match response.decided.as_slice() {
            [] => None,
            [decided] => Some(self.decision(decided, true)),
            [_, again, ..] => {
                let message = "`each step decided by` stands twice in one rule";
                self.tell_help(
                    &registry::CLAUSE_TWICE,
                    again.span,
                    message,
                    "leave one of them out",
                );
                None
            }
        };
        let ends: Vec<&Conditions> = response.ends.iter().collect();
        let ends = self.any_of(&ends, AtHand::Around);
        let label = &response.label;
        if response.ends.is_empty() {
            let message = format!("`{}` never ends", label.text);
            let help = "add a line `ends when …`";
            self.tell_help(&registry::NO_END, label.span, message, help);
        }
        if response.steps.is_empty() {
            let message = format!("`{}` has no step", label.text);
            let help = "add a line `step NAME: WHO must ACT, due within DURATION`";
            self.tell_help(&registry::NO_STEPS, label.span, message, help);
            return None;
        }
        let to = to?;
        let mut seen = BTreeSet::new();
        let mut steps = Some(Vec::new());
        for step in &response.steps {
            if !seen.insert(&step.name.text) {
                self.twice(&step.name, step.name.span);
            }
            match (self.step(step, &to), &mut steps) {
                (Some(step), Some(list)) => list.push(step),
                _ => steps = None,
            }
        }
        let body = Body::Response(Response {
            to,
            clock: clock?,
            steps: steps?,
            ends: ends?,
            decided: flat(decided)?,
        });
        Some(self.bare(id, item, body))
    }

    fn answered(&mut self, thing: &ast::Thing) -> Option<Pattern> {
        let (pattern, same) = self.thing(thing)?;
        if same.is_empty() && pattern.by != By::Other {
            return Some(pattern);
        }
        let words = self.text(thing.span);
        let message = format!("`{words}` has nothing here to be the same as");
        let help = "a response answers facts of one kind: name who and where";
        self.tell_help(&registry::SAME_UNBOUND, thing.span, message, help);
        None
    }

    fn step(&mut self, step: &ast::Step, to: &Pattern) -> Option<Step> {
        let when = match &step.when {
            Some(condition) => self.condition(condition, AtHand::Around).map(|one| vec![one]),
            None => Some(Vec::new()),
        };
        let owners = self.bearers(&step.who);
        if let Some(family) = step.deeds.iter().find_map(|deed| deed.same.as_ref()) {
            self.no_same(family, false);
        }
        let deeds = self.deeds(&step.deeds, &[], Some(to));
        let due = self.stretch(&step.due);
        Some(Step {
            name: step.name.text.as_str().into(),
            when: when?,
            owners: owners?,
            deeds: deeds?,
            due: due?,
        })
    }

    /// Tells of steps whose time may be over when the finding they answer is made.
    pub(super) fn overdue_steps(&mut self) {
        let mut told = Vec::new();
        for (at, rule) in self.made.iter().enumerate() {
            let Some(Body::Response(response)) = rule.as_ref().map(|rule| &rule.body) else {
                continue;
            };
            let (What::Found(to) | What::Adopted(to)) = &response.to.what else { continue };
            let from_start = response.clock == Moment::Of(Anchor::It(Edge::Start));
            let Some(window) = self.window(*to).filter(|_| from_start) else { continue };
            let late = response.steps.iter().filter(|step| about_ms(step.due) < about_ms(window));
            told.extend(late.map(|step| (at, step.name.clone())));
        }
        for (at, step) in told {
            let label = self.out.provisions.get(at).map(|one| one.label.clone());
            let entry = label.and_then(|label| self.names.labels.get(&*label).map(|one| one.span));
            let message = format!("the step `{step}` could be overdue when it is first owed");
            let help = "`start of it` is the first fact behind the finding; write `clocks from \
                        it`, or give the step more time than the finding's window";
            self.tell_help(&registry::OVERDUE_AT_ONCE, entry.unwrap_or_default(), message, help);
        }
    }

    /// The longest time from the first fact behind a finding to the finding.
    fn window(&self, id: RuleId) -> Option<Stretch> {
        let rule = self.made.get(id.index())?.as_ref()?;
        let Body::Finding(finding) = &rule.body else { return None };
        let heads = finding.when.iter().filter_map(|group| group.first());
        let spans = heads.filter_map(|head| match head {
            Condition::Count { window: Window::Rolling(window), least, .. } if *least > 1 => {
                Some(*window)
            }
            Condition::Lasting { span, .. } | Condition::Seen { span, .. } => Some(*span),
            _ => None,
        });
        spans.max_by_key(|span| about_ms(*span))
    }
}

/// A stretch of time as a rough number of milliseconds, to compare two.
fn about_ms(span: Stretch) -> i64 {
    match span {
        Stretch::Exact(ms) => ms,
        Stretch::Days(days) | Stretch::WorkingDays(days) => i64::from(days) * DAY_MS,
        Stretch::Months(months) => i64::from(months) * 30 * DAY_MS,
    }
}
