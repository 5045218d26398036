//! Clauses that move a deadline: extensions and pauses.
//!
//! Invariant: a deadline is extended first and paused then, in whatever order the text says it.

use super::{
    clauses::{Clauses, flat},
    condition::AtHand,
    instrument::of_the_bearer,
};
use crate::{checker::Checker, registry};
use casus_model::program::{Decision, Moment};
use casus_syntax::ast::{Clause, ClauseKind};

impl Checker<'_> {
    /// The deadline with all that moves it; `it`: a fact is at hand.
    pub(super) fn moved(
        &mut self,
        due: Option<Moment>,
        clauses: &Clauses<'_>,
        it: bool,
    ) -> Option<Option<Moment>> {
        let Some(first) = clauses.moved.first() else { return Some(due) };
        let written =
            clauses.due.is_some() || clauses.decided.is_some_and(|decided| decided.due.is_some());
        if !written {
            let message = "there is no deadline that could move";
            let help = "add `due within … of …` above it; a repeated duty has no single deadline";
            self.tell_help(&registry::NO_DEADLINE, first.span, message, help);
            return None;
        }
        let (extensions, pauses): (Vec<&Clause>, Vec<&Clause>) =
            clauses.moved.iter().partition(|one| matches!(one.kind, ClauseKind::Extended { .. }));
        let mut due = due;
        for clause in extensions.into_iter().chain(pauses) {
            due = self.moves(due, clause, it)?;
        }
        Some(due)
    }

    /// Who decides, by the deadline with all that moves it.
    pub(super) fn decided_by(&mut self, clauses: &Clauses<'_>) -> Option<Option<Decision>> {
        let decided = flat(clauses.decided.map(|decided| self.decision(decided, false)))?;
        let due = decided.as_ref().and_then(|decided| decided.due.clone());
        let due = self.moved(due, clauses, true)?;
        Some(decided.map(|decided| Decision { due, ..decided }))
    }

    fn moves(&mut self, due: Option<Moment>, clause: &Clause, it: bool) -> Option<Option<Moment>> {
        let made = match &clause.kind {
            ClauseKind::Extended { by, thing, order } => {
                let hand = if it { AtHand::Fact } else { AtHand::Nothing };
                let by = self.stretch(by);
                let (pattern, same) = self.bound(thing, hand)?;
                let order = self.orders(order, clause.span, hand)?;
                let by = by?;
                let pattern = Box::new(pattern);
                due.map(|due| Moment::Extended { of: Box::new(due), by, pattern, same, order })
            }
            ClauseKind::Paused { negated, state, whose, most } => {
                let test = self.state_test(*negated, state, whose.as_ref())?;
                let test = of_the_bearer(test);
                let most = match most {
                    Some(most) => Some(self.stretch(most)?),
                    None => None,
                };
                due.map(|due| Moment::Paused { of: Box::new(due), test, most })
            }
            _ => due,
        };
        Some(made)
    }
}
