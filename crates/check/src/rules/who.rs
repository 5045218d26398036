//! Who bears a rule, and how several bear it.
//!
//! Invariant: how several bear a rule is said by the text, never guessed.

use crate::{checker::Checker, registry};
use casus_model::program::{ActorId, ActorKind, Bearers, By, Pattern, Share, What};
use casus_syntax::{
    Span,
    ast::{self, Who},
};

impl Checker<'_> {
    pub(super) fn bearers(&mut self, who: &Who) -> Option<Bearers> {
        let names = &who.actors.names;
        let mode = match who.share {
            ast::Share::Each => Share::Each,
            ast::Share::Any => Share::AnyOf,
            ast::Share::Together => Share::Together,
            ast::Share::Alone => {
                let first = names.first()?;
                if names.len() > 1 {
                    let span = names.last().map_or(first.span, |last| first.span.to(last.span));
                    let message = "a list bears this rule, and how is not said";
                    self.tell_help(&registry::GROUP_ALONE, span, message, HOW);
                    return None;
                }
                if self.names.groups.contains_key(&first.text) {
                    let message =
                        format!("the group `{}` bears this rule, and how is not said", first.text);
                    self.tell_help(&registry::GROUP_ALONE, first.span, message, HOW);
                    return None;
                }
                Share::Each
            }
        };
        let actors = self.several(names);
        (!actors.is_empty()).then_some(Bearers { mode, actors })
    }

    /// Whoever `the party` is in a rule that answers such facts.
    pub(super) fn the_party(
        &mut self,
        span: Span,
        answered: Option<&Pattern>,
    ) -> Option<Vec<ActorId>> {
        let Some(answered) = answered else {
            let message = "`the party` is the one that a fact is about, and there is no fact here";
            let help = "name the recipient, or give the duty an `on`";
            self.tell_help(&registry::IT_UNBOUND, span, message, help);
            return None;
        };
        let parties = || {
            let of = self.out.actors.iter().enumerate();
            let of = of.filter(|(_, actor)| actor.kind == ActorKind::Party);
            of.map(|(at, _)| ActorId(crate::names::index(at))).collect::<Vec<_>>()
        };
        let first = match &answered.what {
            What::AnyOf(all) => all.first(),
            one => Some(one),
        };
        let form = match first? {
            What::Breach(rule) | What::Met(rule) | What::Missed(rule) => {
                self.forms.get(rule.index())
            }
            _ => None,
        };
        let found = match (&answered.by, form) {
            (By::OneOf(actors), _) => actors.clone(),
            (_, Some(form)) => form.bearers().map_or_else(parties, <[ActorId]>::to_vec),
            _ => parties(),
        };
        if found.len() > 1 {
            let called =
                |id: &ActorId| self.out.actors.get(id.index()).map(|one| format!("`{}`", one.name));
            let names: Vec<String> = found.iter().filter_map(called).collect();
            let message = format!("`the party` may be any of {}", names.join(", "));
            let help =
                "what is done to any of them counts; write one rule for each to tell them apart";
            self.tell_help(&registry::WHICH_PARTY, span, message, help);
        }
        Some(found)
    }
}

const HOW: &str = "write `each of` (one verdict each), `together` (one verdict, added up) or \
    `any of` (one of them suffices)";
