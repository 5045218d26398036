//! Norms: prohibitions, duties, targets, limits and permits.
//!
//! Invariant: a duty hangs on one kind of fact, or repeats, or is owed once.

use super::{
    clauses::{Clauses, Takes, flat},
    condition::AtHand,
};
use crate::{amount, checker::Checker, program::Form, registry};
use casus_model::program::{
    Bearers, Body, By, Duty, Groups, Key, Opening, Pattern, Permit, Repeat, Rule, RuleId, Scope,
    Share,
};
use casus_syntax::ast::{self, ConditionKind, Conditions, Deed, Item, Modal, Norm};

impl Checker<'_> {
    pub(super) fn norm(&mut self, id: RuleId, item: &Item, norm: &Norm) -> Option<Rule> {
        let bearers = self.bearers(&norm.who);
        match &norm.modal {
            Modal::MustNot(deeds) => {
                let clauses = self.sorted(Takes::MustNot, &norm.clauses);
                let deeds = self.deeds(deeds, &clauses.spots, None);
                let rule = self.bare(id, item, empty());
                let rule = self.common(rule, &clauses, AtHand::Fact)?;
                let when = self.only(&clauses)?;
                let body = Body::MustNot { bearers: bearers?, deeds: deeds? };
                Some(Rule { body, when, ..rule })
            }
            Modal::Must(deeds) => {
                let clauses = self.sorted(Takes::Must, &norm.clauses);
                self.duty_rule(id, item, bearers, deeds, &clauses, norm)
            }
            Modal::Effort(deeds) => {
                let clauses = self.sorted(Takes::Must, &norm.clauses);
                self.duty_rule(id, item, bearers, deeds, &clauses, norm)
            }
            Modal::Power(verb, targets) => self.power(id, item, bearers, (*verb, targets), norm),
            Modal::Should(deeds) => {
                let clauses = self.sorted(Takes::Should, &norm.clauses);
                self.duty_rule(id, item, bearers, deeds, &clauses, norm)
            }
            Modal::May(deeds) => self.permit(id, item, bearers, deeds, norm),
            Modal::Keep { left, compare, right, adjusted } => {
                let clauses = self.sorted(Takes::Keep, &norm.clauses);
                let modal = (left, *compare, right);
                let keep = self.keep(bearers, modal, adjusted.as_deref(), &clauses.spots);
                let rule = self.bare(id, item, empty());
                let rule = self.common(rule, &clauses, AtHand::Fact)?;
                let when = self.only(&clauses)?;
                Some(Rule { body: Body::Keep(keep?), when, ..rule })
            }
        }
    }

    /// The only cases that a rule reaches.
    fn only(&mut self, clauses: &Clauses<'_>) -> Option<Groups> {
        match clauses.when {
            Some(conditions) => self.groups(conditions, AtHand::Fact),
            None => Some(Vec::new()),
        }
    }

    fn permit(
        &mut self,
        id: RuleId,
        item: &Item,
        bearers: Option<Bearers>,
        deeds: &[Deed],
        norm: &Norm,
    ) -> Option<Rule> {
        let clauses = self.sorted(Takes::May, &norm.clauses);
        let deeds = self.deeds(deeds, &clauses.spots, None);
        let when = self.only(&clauses);
        let despite = self.all_labelled(&clauses.despite);
        for label in &clauses.despite {
            let Some(id) = self.names.labels.get(&label.text).map(|entry| entry.id) else {
                continue;
            };
            let form = self.forms.get(id.index()).filter(|form| !matches!(form, Form::MustNot(_)));
            if let Some(form) = form.map(Form::called) {
                let message = format!("`{}` is a {form}, expected a prohibition", label.text);
                let help = "`despite` names the prohibitions that the permit overrides";
                self.tell_help(&registry::WRONG_FORM, label.span, message, help);
            }
        }
        let rule = self.bare(id, item, empty());
        let rule = self.common(rule, &clauses, AtHand::Fact)?;
        let permit = Permit { bearers: bearers?, deeds: deeds?, when: when?, despite: despite? };
        Some(Rule { body: Body::May(permit), ..rule })
    }

    fn duty_rule(
        &mut self,
        id: RuleId,
        item: &Item,
        bearers: Option<Bearers>,
        deeds: &[Deed],
        clauses: &Clauses<'_>,
        norm: &Norm,
    ) -> Option<Rule> {
        let soft = matches!(norm.modal, Modal::Should(_));
        let opening = match clauses.on {
            Some((each, conditions)) => self.opening(each, conditions),
            None => Some(Opening::Commencement),
        };
        let answered = match &opening {
            Some(Opening::Each(pattern, _) | Opening::First(pattern, _)) => Some(pattern.clone()),
            _ => None,
        };
        let on = clauses.on.is_some();
        let written = deeds;
        let deeds = match &opening {
            Some(_) => self.deeds(deeds, &clauses.spots, answered.as_ref()),
            None => None,
        };
        let parts = self.addressees(written, deeds.as_deref());
        let same = self.tied(written, on);
        let deeds = match norm.modal {
            Modal::Effort(_) => deeds.map(|deeds| self.with_efforts(deeds)),
            _ => deeds,
        };
        let scope = self.scope(clauses);
        let start = clauses.start.map(|deadline| self.deadline(deadline, on));
        let due = clauses.due.map(|deadline| self.deadline(deadline, on));
        let due = self.moved(due.flatten(), clauses, on);
        let repeat = clauses.repeat.map(|(repeat, _)| self.repeat(repeat));
        self.one_clock(clauses, norm);
        let of_each = bearers.as_ref().is_some_and(|who| who.mode == Share::Each);
        let hand = match (on, of_each) {
            (true, _) => AtHand::Fact,
            (false, true) => AtHand::Keys(&[Key::Party]),
            (false, false) => AtHand::Nothing,
        };
        let rule = self.bare(id, item, empty());
        let rule = self.common(rule, clauses, hand)?;
        let duty = Duty {
            bearers: bearers?,
            deeds: deeds?,
            parts: parts?,
            same: same?,
            opening: opening?,
            scope: scope?,
            start: flat(start)?,
            due: due?,
            repeat: flat(repeat)?,
            soft,
        };
        Some(Rule { body: Body::Must(duty), ..rule })
    }

    /// What the deeds of a duty share with what it hangs on: each of them the same.
    fn tied(&mut self, deeds: &[Deed], on: bool) -> Option<Vec<Key>> {
        let named = deeds.iter().find_map(|deed| deed.same.as_ref());
        let Some(family) = named else { return Some(Vec::new()) };
        let of_each =
            deeds.iter().all(|deed| deed.same.as_ref().is_some_and(|one| one.text == family.text));
        if on && of_each {
            return self.key(&ast::Key::Family(family.clone())).map(|key| vec![key]);
        }
        if on {
            self.no_same(family, true);
        }
        None
    }

    /// Tells that a deed is tied to nothing.
    pub(super) fn no_same(&mut self, family: &ast::Name, on: bool) {
        let (message, help) = match on {
            true => (
                format!("not every deed is `in same {}`", family.text),
                "say it behind each of the deeds that `or` joins",
            ),
            false => (
                format!("`in same {}` has nothing here to be the same as", family.text),
                "a deed is tied to the zone of what its duty hangs on: give it an `on`",
            ),
        };
        self.tell_help(&registry::SAME_UNBOUND, family.span, message, help);
    }

    /// A duty has one clock: its deadline, or its repetition.
    fn one_clock(&mut self, clauses: &Clauses<'_>, norm: &Norm) {
        match clauses.repeat {
            Some((_, span)) => {
                let other = match (clauses.on, clauses.due, clauses.start) {
                    (Some(_), ..) => "on",
                    (_, Some(_), _) => "due",
                    (_, _, Some(_)) => "start",
                    _ => return,
                };
                let message = format!("a duty that repeats has no `{other}`");
                let help = "each repetition is due at the end of its period or gap; a time is \
                            given as `repeat each month by 12:00`";
                self.tell_help(&registry::REPEAT_AND, span, message, help);
            }
            None if clauses.due.is_none() && clauses.start.is_none() => {
                let message = format!("`{}` is never due, so it is never missed", norm.label.text);
                let help = "add `due within … of …`, `due by DATE` or `repeat …`";
                self.tell_help(&registry::NO_DUE, norm.label.span, message, help);
            }
            None => {}
        }
    }

    fn scope(&mut self, clauses: &Clauses<'_>) -> Option<Scope> {
        let Some((all, category, list)) = clauses.scope else { return Some(Scope::Once) };
        let found = self.find(|names| &names.categories, category, "a category");
        let name = list;
        let list = self.find(|names| &names.lists, list, "a list");
        let (found, list) = (found?, list?);
        let of = self.list_of.get(list.index()).copied().flatten()?;
        if !self.is_below(of, found) {
            let of = self.out.categories.get(of.index()).map(|one| one.name.clone());
            let of = of.unwrap_or_else(|| "".into());
            let message =
                format!("`{}` is a list of `{of}`, not of `{}`", name.text, category.text);
            let help =
                format!("the duty goes through the whole list: write `{of} of {}`", name.text);
            self.tell_help(&registry::LIST_CATEGORY, category.span, message, help);
        }
        Some(if all { Scope::AllOf(list) } else { Scope::EachOf(list) })
    }

    fn repeat(&mut self, repeat: &ast::Repeat) -> Option<Repeat> {
        match repeat {
            ast::Repeat::Each(period, time) => {
                Some(Repeat::Each(amount::period(*period), time.map(amount::time)))
            }
            ast::Repeat::Gap(duration) => self.stretch(duration).map(Repeat::Gap),
            ast::Repeat::Least(number, period) => {
                let least = self.whole(number, 1, u32::MAX)?;
                Some(Repeat::Least(least, amount::period(*period)))
            }
        }
    }

    /// What brings a duty about: one kind of fact, and conditions on it.
    fn opening(&mut self, each: bool, conditions: &Conditions) -> Option<Opening> {
        let mut head: Option<Pattern> = None;
        let mut groups = Vec::new();
        let mut always = false;
        for group in &conditions.groups {
            let Some((first, rest)) = group.split_first() else { continue };
            let pattern = self.trigger(first)?;
            if head.as_ref().is_some_and(|head| *head != pattern) {
                let message = "a duty comes into being on one kind of fact, and this is another";
                let help = "make a `finding` of both, and let the duty hang on that";
                self.tell_help(&registry::SEVERAL_HEADS, first.span, message, help);
                return None;
            }
            head = Some(pattern);
            always |= rest.is_empty();
            let made: Vec<_> = rest.iter().map(|one| self.condition(one, AtHand::Fact)).collect();
            groups.push(made.into_iter().collect::<Option<Vec<_>>>()?);
        }
        if always {
            groups.clear();
        }
        let head = head?;
        Some(if each { Opening::Each(head, groups) } else { Opening::First(head, groups) })
    }

    fn trigger(&mut self, first: &ast::Condition) -> Option<Pattern> {
        if !self.begins(first, false) {
            return None;
        }
        let ConditionKind::Fact { thing, order, .. } = &first.kind else {
            let message = "a duty comes into being on a fact, not on a count or a stretch of time";
            let help = "make a `finding` of it, and let the duty hang on that";
            self.tell_help(&registry::FIRST_POSITIVE, first.span, message, help);
            return None;
        };
        if !order.is_empty() {
            let message = "the fact that a duty hangs on is not before or after another one";
            let help = "name the other fact in an `and` line";
            self.tell_help(&registry::ORDER_UNBOUND, first.span, message, help);
            return None;
        }
        let (mut pattern, same) = self.thing(thing)?;
        let bearer_only = same.iter().all(|key| *key == Key::Party);
        if !bearer_only || !same.is_empty() && pattern.by != By::Anyone {
            let words = self.text(thing.span);
            let message = format!("`{words}` has nothing here to be the same as");
            let help = "a duty's fact can be `by same party`: by the one that owes the duty";
            self.tell_help(&registry::SAME_UNBOUND, thing.span, message, help);
            return None;
        }
        if !same.is_empty() {
            pattern.by = By::Same;
        }
        Some(pattern)
    }
}

/// Stands in until the rule's own body is made.
fn empty() -> Body {
    let bearers = Bearers { mode: casus_model::program::Share::Each, actors: Vec::new() };
    Body::MustNot { bearers, deeds: Vec::new() }
}
