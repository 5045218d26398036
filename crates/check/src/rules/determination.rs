//! Findings and states.
//!
//! Invariant: each group of a finding begins with what happens; a state may begin with a state.

use super::{
    clauses::{Clauses, Takes, flat},
    condition::AtHand,
};
use crate::{checker::Checker, registry};
use casus_model::program::{Body, Determination, Groups, Key, Rule, RuleId, State};
use casus_syntax::ast::{Conditions, Finding, Item, Label, StateRule};

impl Checker<'_> {
    pub(super) fn finding(&mut self, id: RuleId, item: &Item, finding: &Finding) -> Option<Rule> {
        let keys: Vec<Key> = finding.keys.iter().filter_map(|key| self.key(key)).collect();
        let clauses = self.sorted(Takes::Finding, &finding.clauses);
        let when = self.when_of(&clauses, &finding.label);
        let when = when.and_then(|conditions| self.headed(conditions, &keys));
        let link = clauses.link.map(|link| self.link(link));
        let decided = self.decided_by(&clauses);
        self.silence(&clauses);
        // An exception to a group with a fact at its head is read at that fact.
        let hand = match when.as_ref().is_some_and(all_facts) {
            true => AtHand::Fact,
            false => AtHand::Keys(&keys),
        };
        let body = Body::Finding(Determination {
            name: finding.name.text.as_str().into(),
            keys: keys.clone(),
            when: when.clone().unwrap_or_default(),
            link: flat(link)?,
            decided: decided?,
            failing: clauses.failing,
            power: None,
        });
        let rule = self.bare(id, item, body);
        let rule = self.common(rule, &clauses, hand);
        when.and(rule)
    }

    pub(super) fn state_rule(
        &mut self,
        id: RuleId,
        item: &Item,
        state: &StateRule,
    ) -> Option<Rule> {
        let keys: Vec<Key> = state.keys.iter().filter_map(|key| self.key(key)).collect();
        let clauses = self.sorted(Takes::State, &state.clauses);
        let conditions = self.when_of(&clauses, &state.label);
        let mut begins = true;
        for group in conditions.iter().flat_map(|conditions| &conditions.groups) {
            begins &= group.first().is_some_and(|head| self.begins(head, true));
        }
        let when = match conditions {
            Some(conditions) => self.groups(conditions, AtHand::Keys(&keys)),
            None => None,
        };
        let ends = match clauses.ends.is_empty() {
            true => Some(None),
            false => self.any_of(&clauses.ends, AtHand::Keys(&keys)).map(Some),
        };
        let name = state.name.text.as_str().into();
        let (when, ends) = (when?, ends?);
        let body = Body::State(State { name, keys: keys.clone(), when, ends });
        let rule = self.bare(id, item, body);
        let rule = self.common(rule, &clauses, AtHand::Keys(&keys))?;
        begins.then_some(rule)
    }

    fn when_of<'c>(&mut self, clauses: &Clauses<'c>, label: &Label) -> Option<&'c Conditions> {
        if clauses.when.is_none() {
            let message = format!("`{}` does not say when", label.text);
            let help = "add a line `when …`";
            self.tell_help(&registry::NO_WHEN, label.span, message, help);
        }
        clauses.when
    }
}

/// Whether each group begins with a fact.
fn all_facts(groups: &Groups) -> bool {
    use casus_model::program::Condition;
    groups.iter().all(|group| matches!(group.first(), Some(Condition::Fact { .. })))
}
