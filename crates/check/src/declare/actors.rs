//! Parties, offices, groups, and the forces that somebody answers for.
//!
//! Invariant: a group is never an actor; wherever it stands in a list, its members stand.

use super::super::names::index;
use crate::{checker::Checker, registry};
use casus_model::program::{Actor, ActorId, ActorKind, Answer};
use casus_syntax::ast::{Group, ItemKind, Name};
use std::collections::BTreeMap;

impl Checker<'_> {
    pub(super) fn actors(&mut self) {
        for item in self.items() {
            match &item.kind {
                ItemKind::Parties(parties) => {
                    for name in &parties.names {
                        let title = parties.title.as_ref().map(|title| title.text.as_str());
                        self.actor(name, title, ActorKind::Party);
                    }
                }
                ItemKind::Office(office) => {
                    let kind = ActorKind::Office { members: Vec::new(), quorum: 0 };
                    self.actor(&office.name, None, kind);
                }
                _ => {}
            }
        }
        for (_, answers) in self.each(|kind| match kind {
            ItemKind::Answers(answers) => Some(answers),
            _ => None,
        }) {
            for name in &answers.for_whom {
                let known = self.names.actors.contains_key(&name.text)
                    || self.names.groups.contains_key(&name.text);
                if !known {
                    self.actor(name, None, ActorKind::Force);
                }
            }
        }
        self.group_members();
        self.offices();
    }

    fn actor(&mut self, name: &Name, title: Option<&str>, kind: ActorKind) {
        let id = ActorId(index(self.out.actors.len()));
        if self.enter(|names| &mut names.actors, name, id) {
            let title = title.map(Into::into);
            let name = name.text.as_str().into();
            self.out.actors.push(Actor { name, title, kind, answered: Vec::new() });
        }
    }

    fn group_members(&mut self) {
        let items = self.each(|kind| match kind {
            ItemKind::Group(group) => Some(group),
            _ => None,
        });
        let mut groups: Vec<&Group> = Vec::new();
        for (_, group) in items {
            if let Some(entry) = self.names.actors.get(&group.name.text) {
                let first = entry.span;
                self.twice(&group.name, first);
            } else if self.enter(|names| &mut names.groups, &group.name, groups.len()) {
                groups.push(group);
                self.out.groups.push((group.name.text.as_str().into(), Vec::new()));
            }
        }
        let at = |name: &Name| self.names.groups.get(&name.text).map(|entry| entry.id);
        let needs: Vec<Vec<usize>> = groups
            .iter()
            .map(|group| group.members.names.iter().filter_map(at).collect())
            .collect();
        let names: Vec<&Name> = groups.iter().map(|group| &group.name).collect();
        for node in self.in_order(&names, &needs) {
            let Some(group) = groups.get(node) else { continue };
            let members = self.several(&group.members.names);
            if let Some(slot) = self.out.groups.get_mut(node) {
                slot.1 = members;
            }
        }
    }

    fn offices(&mut self) {
        for (_, office) in self.each(|kind| match kind {
            ItemKind::Office(office) => Some(office),
            _ => None,
        }) {
            let Some(id) = self.names.actors.get(&office.name.text).map(|entry| entry.id) else {
                continue;
            };
            let members = self.several(&office.members.names);
            let all = index(members.len());
            let quorum = match &office.quorum {
                Some(number) => {
                    let votes = self.whole(number, 1, u32::MAX);
                    if votes.is_some_and(|votes| votes > all) {
                        let message = format!(
                            "`{}` has {all} members, fewer than its quorum",
                            office.name.text
                        );
                        self.tell(&registry::QUORUM, number.span, message);
                    }
                    votes.unwrap_or(all)
                }
                None => all,
            };
            if let Some(actor) = self.out.actors.get_mut(id.index()) {
                actor.kind = ActorKind::Office { members, quorum };
            }
        }
    }

    /// The actors of a list, groups expanded, each once, in the order of the text.
    pub(crate) fn several(&mut self, list: &[Name]) -> Vec<ActorId> {
        let mut out = Vec::new();
        let mut seen = BTreeMap::new();
        for name in list {
            let group = self.names.groups.get(&name.text).map(|entry| entry.id);
            let members = match group.and_then(|at| self.out.groups.get(at)) {
                Some((_, members)) => members.clone(),
                None => self.someone(name).into_iter().collect(),
            };
            for id in members {
                if seen.insert(id, ()).is_none() {
                    out.push(id);
                }
            }
        }
        out
    }

    fn someone(&mut self, name: &Name) -> Option<ActorId> {
        self.find(|names| &names.actors, name, "a party, an office or a force")
    }

    /// One actor, where a group cannot stand.
    pub(crate) fn one_actor(&mut self, name: &Name) -> Option<ActorId> {
        if self.names.groups.contains_key(&name.text) {
            let message = format!("expected one actor, got the group `{}`", name.text);
            self.tell_help(&registry::ONE_ACTOR, name.span, message, "name one of its members");
            return None;
        }
        self.someone(name)
    }

    /// Who answers for whom; after the rules have their labels.
    pub(crate) fn answers(&mut self) {
        for (_, answers) in self.each(|kind| match kind {
            ItemKind::Answers(answers) => Some(answers),
            _ => None,
        }) {
            let by = self.one_actor(&answers.by);
            let mut under = Vec::new();
            for label in &answers.under {
                if self.labelled(label).is_some() {
                    under.extend(self.wordings(&label.text));
                }
            }
            let under = (!answers.under.is_empty()).then_some(under);
            let from = answers.from.map(|when| self.day_or_time(when).0);
            let whom = self.several(&answers.for_whom);
            let Some(by) = by else { continue };
            for id in whom {
                if let Some(actor) = self.out.actors.get_mut(id.index()) {
                    let under = under.clone();
                    actor.answered.push(Answer { by, under, from, strictly: answers.strictly });
                }
            }
        }
    }
}
