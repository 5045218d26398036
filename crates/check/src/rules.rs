//! The rules: norms, findings, states and responses.
//!
//! Invariant: every rule has its id, label and form before any rule is made, so that a rule may
//! name those that stand after it.

mod clauses;
mod clock;
mod condition;
mod decision;
mod determination;
mod instrument;
mod label;
mod limit;
mod moment;
mod norm;
mod pattern;
mod place;
mod power;
mod relation;
mod response;
mod who;
mod wording;

use crate::checker::Checker;
use casus_model::program::{Body, Rule, RuleId};
use casus_syntax::ast::{Item, ItemKind, Term};

impl<'a> Checker<'a> {
    /// Makes every rule, and the order in which they are judged.
    pub(crate) fn rules(&mut self) {
        let items = self.labels();
        self.answers();
        self.commencement();
        for (id, item) in items {
            let made = if item.damaged { None } else { self.rule(id, item) };
            if let Some(slot) = self.made.get_mut(id.index()) {
                *slot = made;
            }
        }
        self.amended();
        self.instruments();
        self.bear();
        self.strata();
        self.overdue_steps();
    }

    fn commencement(&mut self) {
        let Some(agreement) = self.the_agreement() else { return };
        for term in &agreement.terms {
            if let Term::InForce(moment) = term {
                self.out.commencement = self.moment(moment, moment::Around::default());
            }
        }
    }

    fn rule(&mut self, id: RuleId, item: &'a Item) -> Option<Rule> {
        match &item.kind {
            ItemKind::Norm(norm) => {
                let rule = instrument::binding(self.norm(id, item, norm)?);
                self.amended_from(id, norm, rule)
            }
            ItemKind::Finding(finding) => self.finding(id, item, finding),
            ItemKind::State(state) => self.state_rule(id, item, state),
            ItemKind::Response(response) => self.response(id, item, response),
            _ => None,
        }
    }

    /// A rule that says this and nothing else.
    fn bare(&self, id: RuleId, item: &Item, body: Body) -> Rule {
        let provision = casus_model::program::ProvisionId(id.0);
        let label = self.labels.get(id.index()).cloned();
        let bare = Rule::of(label.unwrap_or_else(|| "".into()), body);
        Rule { provision, sentence: item.sentence.as_str().into(), line: item.line, ..bare }
    }
}
