//! The declarations, in the order in which they need each other.
//!
//! Invariant: what a declaration names is entered before it is looked up; nothing is declared by
//! being used.

mod actors;
mod acts;
mod agreement;
mod categories;
mod lines;
mod lists;
mod measures;
mod parameters;
mod tables;
mod zones;

use crate::{checker::Checker, graph, registry};
use casus_model::Name;
use casus_syntax::ast;

/// How deep declarations may be built on each other.
pub(crate) const DEEP: usize = 32;

impl Checker<'_> {
    /// Reads every declaration.
    pub(crate) fn declare(&mut self) {
        self.parameters();
        self.agreement();
        self.actors();
        self.own_calendars();
        self.measures();
        self.categories();
        self.acts();
        self.defences();
        self.lines();
        self.zones();
        self.lists();
        self.tables();
    }

    fn defences(&mut self) {
        for (_, declared) in self.each(|kind| match kind {
            ast::ItemKind::Defence(declared) => Some(declared),
            _ => None,
        }) {
            for name in &declared.names {
                let at = self.out.defences.len();
                if self.enter(|names| &mut names.defences, name, at) {
                    self.out.defences.push(Name::from(name.text.as_str()));
                }
            }
        }
    }

    /// The nodes of a graph of declarations in an order in which each comes after all it needs;
    /// a circle and too great a depth are told.
    pub(crate) fn in_order(&mut self, names: &[&ast::Name], needs: &[Vec<usize>]) -> Vec<usize> {
        let found = graph::levels(needs);
        if let Some(cycle) = &found.cycle {
            let called: Vec<String> = cycle
                .iter()
                .filter_map(|at| names.get(*at))
                .map(|name| format!("`{}`", name.text))
                .collect();
            if let Some(first) = cycle.first().and_then(|at| names.get(*at)) {
                let message = format!("{} is built from itself", called.join(" from "));
                self.tell(&registry::ITSELF, first.span, message);
            }
        }
        if let Some(name) = found.levels.get(DEEP).and_then(|level| names.get(*level.first()?)) {
            let message = format!("`{}` is built on others more than {DEEP} deep", name.text);
            self.tell(&registry::TOO_DEEP, name.span, message);
        }
        found.levels.into_iter().take(DEEP).flatten().collect()
    }
}
