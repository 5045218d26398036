//! Decisions: which body, how many of its members, by when.
//!
//! Invariant: a decision needs at least one and at most all of the members of a body.

use super::clauses::flat;
use crate::{checker::Checker, names::index, registry};
use casus_model::program::{ActorKind, Decision};
use casus_syntax::ast::{Decided, DecisionDue};

impl Checker<'_> {
    /// Who adopts; a step's deadline stands in where the decision has none of its own.
    pub(super) fn decision(&mut self, decided: &Decided, of_step: bool) -> Option<Decision> {
        let due = match &decided.due {
            None => Some(None),
            Some(DecisionDue::BeforeItsDeadline) if of_step => Some(None),
            Some(DecisionDue::BeforeItsDeadline) => {
                let message = "a finding has no deadline that the decision could be before";
                let help = "write `due within 14 days of it`";
                self.tell_help(&registry::NO_STEP_DEADLINE, decided.span, message, help);
                None
            }
            Some(DecisionDue::Due(deadline)) => flat(Some(self.deadline(deadline, true))),
        };
        let name = &decided.office;
        let office = self.one_actor(name)?;
        let Some(ActorKind::Office { members, quorum }) =
            self.out.actors.get(office.index()).map(|actor| &actor.kind)
        else {
            let message = format!("`{}` is no office", name.text);
            let help = format!("declare the body: `office {} of MEMBERS`", name.text);
            self.tell_help(&registry::NOT_AN_OFFICE, name.span, message, help);
            return None;
        };
        let (all, quorum) = (index(members.len()), *quorum);
        let needed = match &decided.number {
            None => quorum,
            Some(number) => {
                let needed = self.whole(number, 1, u32::MAX)?;
                if needed > all {
                    let message = format!("`{}` has {all} members, fewer than {needed}", name.text);
                    self.tell(&registry::QUORUM, number.span, message);
                    return None;
                }
                needed
            }
        };
        Some(Decision { office, needed, due: due?, without_party: decided.without_party })
    }
}
