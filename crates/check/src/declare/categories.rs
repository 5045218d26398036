//! Categories, and which measures belong to them.
//!
//! Invariant: categories are acyclic; what a category is made of is declared by being named there.

use super::super::names::index;
use crate::{checker::Checker, names::Entry, registry};
use casus_model::program::{Category, CategoryId, MeasureTest};
use casus_syntax::ast::{CategoryDeclaration, ItemKind, Kinded, Name};
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn categories(&mut self) {
        let items = self.each(|kind| match kind {
            ItemKind::Category(declared) => Some(declared),
            _ => None,
        });
        let declared: Vec<&CategoryDeclaration> = items.map(|(_, declared)| declared).collect();
        let mut made: Vec<&CategoryDeclaration> = Vec::new();
        let mut names: Vec<&Name> = Vec::new();
        for one in declared {
            let id = CategoryId(index(self.out.categories.len()));
            if self.enter(|names| &mut names.categories, &one.name, id) {
                self.out.categories.push(empty(&one.name));
                made.push(one);
                names.push(&one.name);
            }
        }
        for kind in made.iter().flat_map(|one| &one.kinds) {
            let id = CategoryId(index(self.out.categories.len()));
            if !self.names.categories.contains_key(&kind.category.text) {
                let entry = Entry { id, span: kind.category.span };
                self.names.categories.insert(kind.category.text.clone(), entry);
                self.out.categories.push(empty(&kind.category));
                names.push(&kind.category);
            }
        }
        let at = |kind: &Kinded| self.names.categories.get(&kind.category.text);
        let mut needs: Vec<Vec<usize>> = made
            .iter()
            .map(|one| one.kinds.iter().filter_map(at).map(|entry| entry.id.index()).collect())
            .collect();
        needs.resize(names.len(), Vec::new());
        let order: BTreeSet<usize> = self.in_order(&names, &needs).into_iter().collect();
        if order.len() < names.len() {
            return;
        }
        let plain = made.iter().enumerate().map(|(of, one)| (of, one.kinds.iter()));
        for (of, kinds) in plain {
            let ids = kinds.filter_map(|kind| self.names.categories.get(&kind.category.text));
            let ids: Vec<_> = ids.map(|entry| (entry.id, Vec::new())).collect();
            if let Some(slot) = self.out.categories.get_mut(of) {
                slot.kinds = ids;
            }
        }
        self.has();
        for (of, one) in made.iter().enumerate() {
            self.kinds_of(of, &one.kinds);
        }
    }

    fn has(&mut self) {
        for (_, has) in self.each(|kind| match kind {
            ItemKind::Has(has) => Some(has),
            _ => None,
        }) {
            let of = self.find(|names| &names.categories, &has.category, "a category");
            let measure = self.names.measures.get(&has.measure.text).map(|entry| entry.id);
            if let (Some(of), Some(measure)) = (of, measure) {
                self.had_by.entry(measure).or_default().insert(of.index());
            }
        }
    }

    fn kinds_of(&mut self, of: usize, kinds: &[Kinded]) {
        let mut made = Vec::with_capacity(kinds.len());
        for kind in kinds {
            let id = self.names.categories.get(&kind.category.text).map(|entry| entry.id);
            let (Some(id), Some(tests)) = (id, self.tests(&kind.tests)) else { continue };
            for ((measure, _), test) in tests.iter().zip(&kind.tests) {
                self.must_have(id, *measure, &test.measure);
            }
            let tests: Vec<MeasureTest> = tests.into_iter().map(|(_, test)| test).collect();
            made.push((id, tests));
        }
        if let Some(slot) = self.out.categories.get_mut(of) {
            slot.kinds = made;
        }
    }

    /// Whether things of the category have the measure, as far as `has` says.
    pub(crate) fn has_measure(&self, of: CategoryId, measure: usize) -> bool {
        let Some(holders) = self.had_by.get(&measure) else { return false };
        let related = |holder: &usize| {
            let holder = CategoryId(index(*holder));
            self.is_below(of, holder) || self.is_below(holder, of)
        };
        holders.iter().any(related)
    }

    /// Tells where things of the category do not have the measure.
    pub(crate) fn must_have(&mut self, of: CategoryId, measure: usize, name: &Name) {
        if self.has_measure(of, measure) {
            return;
        }
        let none = BTreeSet::new();
        let holders = self.had_by.get(&measure).unwrap_or(&none);
        let called = |at: usize| self.out.categories.get(at).map(|one| format!("`{}`", one.name));
        let holders: Vec<String> = holders.iter().take(3).filter_map(|at| called(*at)).collect();
        let message = format!("{} has no `{}`", called(of.index()).unwrap_or_default(), name.text);
        let help = match holders.is_empty() {
            true => format!("declare it with `CATEGORY has {} in UNIT`", name.text),
            false => format!("{} has it; declare it for others with `has`", holders.join(", ")),
        };
        self.tell_help(&registry::NO_SUCH_MEASURE, name.span, message, help);
    }

    /// Whether a category is another one, or stands somewhere among its kinds.
    pub(crate) fn is_below(&self, low: CategoryId, high: CategoryId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![high];
        while let Some(id) = open.pop() {
            if id == low {
                return true;
            }
            if seen.insert(id) {
                let kinds = self.out.categories.get(id.index()).map(|one| &one.kinds);
                open.extend(kinds.into_iter().flatten().map(|(kind, _)| *kind));
            }
        }
        false
    }
}

fn empty(name: &Name) -> Category {
    Category { name: name.text.as_str().into(), kinds: Vec::new() }
}
