//! Labels: every rule's number, the paragraph beside it, and what other rules call it.
//!
//! Invariant: a provision stands at the index of its rule.

use super::super::names::index;
use crate::{checker::Checker, names::Entry, program::Form, registry, suggest};
use casus_model::{
    canonical::digest,
    program::{Provision, RuleId},
};
use casus_syntax::ast::{Clause, ClauseKind, Item, ItemKind, Label, Modal, Name, Norm};

impl<'a> Checker<'a> {
    /// Gives every rule its id and enters its label, its name and its form.
    pub(super) fn labels(&mut self) -> Vec<(RuleId, &'a Item)> {
        let mut out = Vec::new();
        for item in self.items() {
            let label = match &item.kind {
                ItemKind::Norm(norm) => &norm.label,
                ItemKind::Finding(finding) => &finding.label,
                ItemKind::State(state) => &state.label,
                ItemKind::Response(response) => &response.label,
                _ => continue,
            };
            let id = RuleId(index(out.len()));
            let wording = match &item.kind {
                ItemKind::Norm(norm) => norm.wording.as_ref(),
                _ => None,
            };
            let own = self.own_label(label, wording, id);
            self.labels.push(own);
            self.check_heading(item, label);
            let form = self.form(item, id);
            if form == Form::Power {
                self.exercise(id, item);
            }
            self.forms.push(form);
            self.made.push(None);
            self.out.provisions.push(Provision {
                label: label.text.as_str().into(),
                heading: (&*item.beside.heading_text).into(),
                prose: (&*item.beside.prose).into(),
                digest: digest(&item.beside.prose),
            });
            out.push((id, item));
        }
        out
    }

    pub(super) fn enter_label(&mut self, label: &Label, id: RuleId) {
        if let Some(first) = self.names.labels.get(&label.text) {
            let line = self.line(first.span);
            let message = format!("`{}` labels two rules", label.text);
            let help = format!("it is first used on line {line}; give one of them another number");
            let related = (first.span, "used first here");
            self.sink.tell_related(&registry::LABEL_TWICE, label.span, (message, help), related);
            return;
        }
        self.names.labels.insert(label.text.clone(), Entry { id, span: label.span });
    }

    /// Enters a decision that a body owes by a deadline.
    fn enter_owed(&mut self, clauses: &[Clause], id: RuleId) {
        let due = |clause: &Clause| match &clause.kind {
            ClauseKind::Decided(decided) => decided.due.is_some(),
            _ => false,
        };
        let silence = |clause: &Clause| matches!(clause.kind, ClauseKind::Failing(_));
        if clauses.iter().any(due) && !clauses.iter().any(silence) {
            self.owed.insert(id);
        }
    }

    fn form(&mut self, item: &'a Item, id: RuleId) -> Form {
        match &item.kind {
            ItemKind::Norm(norm) => self.enter_owed(&norm.clauses, id),
            ItemKind::Finding(finding) => self.enter_owed(&finding.clauses, id),
            _ => {}
        }
        match &item.kind {
            ItemKind::Norm(norm) => self.norm_form(norm),
            ItemKind::Finding(finding) => {
                self.enter_event(&finding.name);
                self.enter(|names| &mut names.findings, &finding.name, id);
                if finding
                    .clauses
                    .iter()
                    .any(|clause| matches!(clause.kind, ClauseKind::Decided(_)))
                {
                    self.decided.insert(id);
                }
                Form::Finding(finding.keys.iter().filter_map(|key| self.key(key)).collect())
            }
            ItemKind::State(state) => {
                self.enter_event(&state.name);
                self.enter(|names| &mut names.states, &state.name, id);
                Form::State(state.keys.iter().filter_map(|key| self.key(key)).collect())
            }
            _ => Form::Response,
        }
    }

    /// A finding or a state may not be called as an act is.
    fn enter_event(&mut self, name: &Name) {
        let names = &self.names;
        let act = names.acts.get(&name.text).or_else(|| names.verbs.get(&name.text));
        let act = act.map(|entry| entry.span);
        let other = names.findings.get(&name.text).or_else(|| names.states.get(&name.text));
        if let Some(first) = act.or(other.map(|entry| entry.span)) {
            self.twice(name, first);
        }
    }

    fn norm_form(&mut self, norm: &Norm) -> Form {
        let actors = self.several(&norm.who.actors.names);
        match &norm.modal {
            Modal::MustNot(_) => Form::MustNot(actors),
            Modal::Must(_) | Modal::Effort(_) => Form::Must(actors),
            Modal::Power(..) => Form::Power,
            Modal::Should(_) => Form::Should(actors),
            Modal::May(_) => Form::May,
            Modal::Keep { .. } => Form::Keep(actors),
        }
    }

    /// A rule stands under the heading of its article.
    fn check_heading(&mut self, item: &Item, label: &Label) {
        let headings = &self.document.headings;
        let Some(nearest) = item.beside.heading else { return };
        let mut level = u8::MAX;
        let mut found = None;
        for heading in headings.iter().take(nearest + 1).rev() {
            if heading.level < level {
                level = heading.level;
                if let Some(number) = &heading.label {
                    found = Some((number, &heading.text));
                    break;
                }
            }
        }
        let Some((number, text)) = found else { return };
        let rest = label.text.strip_prefix(number.as_str());
        let fits = rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
        if !fits {
            let message = format!("`{}` stands under `{text}`", label.text);
            let help = format!("a rule under this heading is labelled `{number}` or `{number}.1`");
            self.tell_help(&registry::LABEL_HEADING, label.span, message, help);
        }
    }

    /// The rule of a label.
    pub(crate) fn labelled(&mut self, label: &Label) -> Option<RuleId> {
        if let Some(entry) = self.names.labels.get(&label.text) {
            return Some(entry.id);
        }
        let message = format!("no rule is labelled `{}`", label.text);
        let guess = self.may_guess();
        let known = self.names.labels.keys().map(String::as_str);
        let help = if guess { suggest::help(&label.text, "rule", known) } else { None };
        match help {
            Some(help) => self.tell_help(&registry::UNKNOWN_LABEL, label.span, message, help),
            None => self.tell(&registry::UNKNOWN_LABEL, label.span, message),
        }
        None
    }
}
