//! Powers, efforts and duties to several addressees: what they come to in simpler rules.
//!
//! Invariant: a power bears on its targets only through a state that they read.

use super::{
    clauses::{Clauses, Takes, flat},
    condition::AtHand,
};
use crate::{checker::Checker, names::index, program::Form, registry};
use casus_model::program::{
    Act, ActId, ActorKind, Bearers, Body, By, Condition, Determination, Key, Pattern, Power, Rule,
    RuleId, StateOf, StateTest, Verb, What,
};
use casus_syntax::ast::{self, Deed, Item, ItemKind, Label, Norm, Recipient};

impl Checker<'_> {
    /// Declares the act of exercising a power.
    pub(super) fn exercise(&mut self, id: RuleId, item: &Item) {
        let ItemKind::Norm(norm) = &item.kind else { return };
        let act = ActId(index(self.out.acts.len()));
        self.out.acts.push(Act {
            name: format!("exercise of {}", norm.label.text).as_str().into(),
            above: vec![act],
            roles: Vec::new(),
            hinders: Vec::new(),
            watches: Vec::new(),
            joins: None,
            stock: false,
        });
        self.act_of.push(None);
        self.used.acts.insert(act.index());
        self.powers.insert(id, act);
        let decides = |clause: &ast::Clause| matches!(clause.kind, ast::ClauseKind::Decided(_));
        if norm.clauses.iter().any(decides) {
            self.decided.insert(id);
        }
    }

    /// `WHO may suspend 3.1`: a question whose answer is a state that its targets read.
    pub(super) fn power(
        &mut self,
        id: RuleId,
        item: &Item,
        bearers: Option<Bearers>,
        (verb, targets): (ast::Verb, &[Label]),
        norm: &Norm,
    ) -> Option<Rule> {
        let clauses = self.sorted(Takes::Power, &norm.clauses);
        let when = match clauses.when {
            Some(conditions) => self.groups(conditions, AtHand::Fact),
            None => Some(vec![Vec::new()]),
        };
        let decided = self.decided_by(&clauses);
        self.silence(&clauses);
        let notice = clauses.effect.map(|after| self.stretch(after));
        let targets = self.targets(targets);
        let act = self.powers.get(&id).copied()?;
        let bearers = bearers?;
        let parties = bearers.actors.iter().all(|actor| {
            let actor = self.out.actors.get(actor.index());
            actor.is_some_and(|actor| actor.kind == ActorKind::Party)
        });
        // The state that it is, is kept for each holder.
        let keys: &[Key] = if parties { &[Key::Party] } else { &[] };
        let ends = self.any_of(&clauses.ends, AtHand::Keys(keys));
        let pattern = Pattern {
            what: What::Act(vec![act]),
            by: By::OneOf(bearers.actors),
            object: None,
            to: Vec::new(),
            places: Vec::new(),
            tests: Vec::new(),
        };
        let head = |rest: Vec<Condition>| {
            let (negated, same, order) = (false, Vec::new(), Vec::new());
            let pattern = pattern.clone();
            let head = Condition::Fact { negated, pattern, same, order };
            std::iter::once(head).chain(rest).collect::<Vec<_>>()
        };
        let power =
            Power { verb: effect(verb), targets: targets?, notice: flat(notice)?, ends: ends? };
        self.borne.push((id, power.clone()));
        let body = Body::Finding(Determination {
            name: self.labels.get(id.index())?.clone(),
            keys: if parties { vec![Key::Party] } else { Vec::new() },
            when: when?.into_iter().map(head).collect(),
            link: None,
            decided: decided?,
            failing: clauses.failing,
            power: Some(power),
        });
        let rule = self.bare(id, item, body);
        self.common(rule, &clauses, AtHand::Fact)
    }

    /// The rules that a power is about: of a paragraph, or of all paragraphs of an article.
    pub(super) fn targets(&mut self, labels: &[Label]) -> Option<Vec<RuleId>> {
        let mut all = Vec::new();
        for label in labels {
            let own = self.wordings(&label.text);
            let below = format!("{}.", label.text);
            let inside = self.labels.iter().zip(0..).filter(|(one, _)| one.starts_with(&below));
            let inside: Vec<RuleId> = inside.map(|(_, at)| RuleId(at)).collect();
            if own.is_empty() && inside.is_empty() {
                self.labelled(label)?;
            }
            all.extend(own.into_iter().chain(inside));
        }
        Some(all)
    }

    /// Silence can mean something only where a decision has a deadline.
    pub(super) fn silence(&mut self, clauses: &Clauses<'_>) {
        let dated = clauses.decided.is_some_and(|decided| decided.due.is_some());
        if clauses.failing.is_some() && !dated {
            let message = "nothing fails: no decision is due";
            let help = "write `decided by BODY, due within 14 days of it` above it";
            self.tell_help(&registry::NO_SILENCE, clauses.failing_at, message, help);
        }
    }

    /// Lets every target read the state that a power is.
    pub(super) fn bear(&mut self) {
        for (id, power) in std::mem::take(&mut self.borne) {
            for target in &power.targets {
                let Some(Some(rule)) = self.made.get_mut(target.index()) else { continue };
                let own = |negated, whose| StateTest { negated, state: id, whose };
                match power.verb {
                    Verb::Suspend => rule.suspended.push(own(false, StateOf::Anyone)),
                    Verb::End => rule.during.push(own(true, StateOf::Anyone)),
                    Verb::Withdraw => rule.during.push(own(true, StateOf::Bearer)),
                    Verb::Activate => rule.during.push(own(false, StateOf::Anyone)),
                    Verb::Change => {}
                }
            }
        }
    }

    /// `exercise of 9.5`: once it counts.
    pub(super) fn exercised(&mut self, label: &Label) -> Option<What> {
        let id = self.labelled(label)?;
        let form = self.forms.get(id.index())?;
        if *form != Form::Power {
            let message = format!("`{}` is a {} and no power", label.text, form.called());
            self.tell(&registry::WRONG_FORM, label.span, message);
            return None;
        }
        Some(if self.decided.contains(&id) { What::Adopted(id) } else { What::Found(id) })
    }

    /// The deeds, and every act that serves one of them.
    pub(super) fn with_efforts(&self, mut deeds: Vec<Pattern>) -> Vec<Pattern> {
        let mut serving = Vec::new();
        for deed in &deeds {
            let What::Act(acts) = &deed.what else { continue };
            let of = self.serving.iter().filter(|(_, served)| acts.contains(served));
            serving.extend(of.map(|(act, _)| *act));
        }
        serving.sort_unstable();
        serving.dedup();
        deeds.extend(serving.into_iter().map(|act| Pattern {
            what: What::Act(vec![act]),
            by: By::Anyone,
            object: None,
            to: Vec::new(),
            places: Vec::new(),
            tests: Vec::new(),
        }));
        deeds
    }

    /// `to all of A, B`: for each of them the deeds that reach it.
    pub(super) fn addressees(
        &mut self,
        written: &[Deed],
        deeds: Option<&[Pattern]>,
    ) -> Option<Vec<Vec<Pattern>>> {
        let all = |deed: &&Deed| matches!(deed.to, Some(Recipient::All(_)));
        let Some(first) = written.iter().find(all) else { return Some(Vec::new()) };
        let deeds = deeds?;
        if !written.iter().all(|deed| all(&deed)) {
            let message = "`all of` is said of one of several deeds";
            let help = "say for each deed whom it must reach, or make two duties";
            self.tell_help(&registry::ALL_OF_SOME, first.span, message, help);
            return None;
        }
        let mut actors: Vec<_> = deeds.iter().flat_map(|deed| deed.to.clone()).collect();
        actors.sort_unstable();
        actors.dedup();
        let reach = |actor| {
            let own = deeds.iter().map(|deed| Pattern { to: vec![actor], ..deed.clone() });
            own.collect::<Vec<_>>()
        };
        Some(actors.into_iter().map(reach).collect())
    }
}

fn effect(verb: ast::Verb) -> Verb {
    match verb {
        ast::Verb::Suspend => Verb::Suspend,
        ast::Verb::End => Verb::End,
        ast::Verb::Withdraw => Verb::Withdraw,
        ast::Verb::Activate => Verb::Activate,
        ast::Verb::Adjust
        | ast::Verb::Amend
        | ast::Verb::Extend
        | ast::Verb::Join
        | ast::Verb::Replace
        | ast::Verb::Waive => Verb::Change,
    }
}
