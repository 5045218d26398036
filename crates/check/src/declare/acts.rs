//! Acts: their verbs, what they are cases of, their places, and what they watch or hinder.
//!
//! Invariant: an act's `above` holds itself first; roles are its own where it declares any, else
//! those of what it is a case of.

use super::super::names::index;
use crate::{checker::Checker, names::Entry};
use casus_model::program::{Act, ActId, Joins};
use casus_syntax::ast::{ActDeclaration, Facet, ItemKind, Name};

impl Checker<'_> {
    pub(super) fn acts(&mut self) {
        let mut names: Vec<&Name> = Vec::new();
        let mut declared: Vec<(ActId, &ActDeclaration)> = Vec::new();
        for item in self.items() {
            if let ItemKind::Act(one) = &item.kind {
                let id = ActId(index(self.out.acts.len()));
                if self.enter(|names| &mut names.acts, &one.name, id) {
                    self.out.acts.push(empty(&one.name, id));
                    names.push(&one.name);
                    declared.push((id, one));
                }
            }
        }
        let mut cases: Vec<(&Name, &Name)> = Vec::new();
        for item in self.items() {
            if let ItemKind::Acts(several) = &item.kind {
                for name in &several.names {
                    let id = ActId(index(self.out.acts.len()));
                    if !self.names.acts.contains_key(&name.text) {
                        let entry = Entry { id, span: name.span };
                        self.names.acts.insert(name.text.clone(), entry);
                        self.out.acts.push(empty(name, id));
                        names.push(name);
                    }
                    cases.push((name, &several.of));
                }
            }
        }
        self.act_of = vec![None; self.out.acts.len()];
        for (id, one) in &declared {
            self.verbs(*id, one);
            let of = one.of.as_ref();
            let of = of.and_then(|of| self.find(|names| &names.categories, of, "a category"));
            if let Some(slot) = self.act_of.get_mut(id.index()) {
                *slot = of.map(|of| of.index());
            }
            if let Some(actors) = &one.by {
                self.several(&actors.names);
            }
        }
        for (id, one) in &declared {
            self.facets(*id, one);
        }
        self.cases(&names, &cases);
    }

    fn verbs(&mut self, id: ActId, one: &ActDeclaration) {
        for facet in &one.facets {
            if let Facet::Verb(verb) = facet {
                let other = self.names.acts.get(&verb.text).filter(|entry| entry.id != id);
                match other.map(|entry| entry.span) {
                    Some(first) => self.twice(verb, first),
                    None => {
                        self.enter(|names| &mut names.verbs, verb, id);
                    }
                }
            }
        }
    }

    fn facets(&mut self, id: ActId, one: &ActDeclaration) {
        let (mut roles, mut hinders, mut watches, mut stock) = (vec![], vec![], vec![], false);
        let mut joins = None;
        for facet in &one.facets {
            match facet {
                Facet::Verb(_) => {}
                Facet::Places(names) => {
                    for name in names {
                        let role = casus_model::Name::from(name.text.as_str());
                        if roles.contains(&role) {
                            self.twice(name, name.span);
                        } else {
                            roles.push(role);
                        }
                    }
                }
                Facet::Serves(names) => {
                    let served: Vec<_> = names.iter().filter_map(|name| self.act(name)).collect();
                    self.serving.extend(served.into_iter().map(|served| (id, served)));
                }
                Facet::Hinders(names) => {
                    hinders.extend(names.iter().filter_map(|name| self.act(name)));
                }
                Facet::Watches(names) => {
                    watches.extend(names.iter().filter_map(|name| self.act(name)));
                }
                Facet::Joins(of, gap) => {
                    let of_gap = (self.used_act(of), self.stretch(gap));
                    if let (Some(of), Some(gap)) = of_gap {
                        joins = Some(Joins { of, gap });
                    }
                }
                Facet::Stock(_) => stock = true,
            }
        }
        if let Some(act) = self.out.acts.get_mut(id.index()) {
            (act.roles, act.hinders, act.watches, act.stock) = (roles, hinders, watches, stock);
            act.joins = joins;
        }
    }

    fn cases(&mut self, names: &[&Name], cases: &[(&Name, &Name)]) {
        let mut parents: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
        for (name, of) in cases {
            let low = self.names.acts.get(&name.text).map(|entry| entry.id.index());
            let high = self.act(of).map(ActId::index);
            if let (Some(list), Some(high)) = (low.and_then(|at| parents.get_mut(at)), high) {
                list.push(high);
            }
        }
        for node in self.in_order(names, &parents) {
            let above = parents.get(node).into_iter().flatten();
            let above: Vec<Act> = above.filter_map(|at| self.out.acts.get(*at)).cloned().collect();
            let of = parents.get(node).into_iter().flatten();
            let of = of.filter_map(|at| self.act_of.get(*at).copied().flatten()).next();
            if let Some(slot) = self.act_of.get_mut(node) {
                *slot = slot.or(of);
            }
            if let Some(act) = self.out.acts.get_mut(node) {
                above.iter().for_each(|parent| inherit(act, parent));
            }
        }
    }

    /// An act, by its name or its verb.
    pub(crate) fn act(&mut self, name: &Name) -> Option<ActId> {
        let names = &self.names;
        let found = names.acts.get(&name.text).or_else(|| names.verbs.get(&name.text));
        if let Some(entry) = found {
            return Some(entry.id);
        }
        let known: Vec<String> =
            self.names.acts.keys().chain(self.names.verbs.keys()).cloned().collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.unknown(name, "an act", &known);
        None
    }
}

fn empty(name: &Name, id: ActId) -> Act {
    Act {
        name: name.text.as_str().into(),
        above: vec![id],
        roles: Vec::new(),
        hinders: Vec::new(),
        watches: Vec::new(),
        stock: false,
        joins: None,
    }
}

/// What a case has from the act it is a case of.
fn inherit(act: &mut Act, parent: &Act) {
    let add = |list: &mut Vec<ActId>, from: &[ActId]| {
        for id in from {
            if !list.contains(id) {
                list.push(*id);
            }
        }
    };
    add(&mut act.above, &parent.above);
    add(&mut act.hinders, &parent.hinders);
    add(&mut act.watches, &parent.watches);
    if act.roles.is_empty() {
        act.roles.clone_from(&parent.roles);
    }
    act.stock |= parent.stock;
}
