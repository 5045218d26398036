//! The names that an agreement declares.
//!
//! Invariant: what a name is, is what its declarations say; no name is known unless declared.

use crate::{ast::Kind, ast::Kinds, span::Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Names by their text, and the units of declared measures.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    names: BTreeMap<String, Entry>,
    longest: HashMap<String, usize>,
    units: BTreeSet<String>,
}

/// One name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Everything that it is declared as.
    pub kinds: Kinds,
    /// Where, and as what; the first few where there are many.
    pub declared: Vec<(Kind, Span)>,
}

/// The measure that every fact has: how many.
pub const NUMBER: &str = "number";

impl Vocabulary {
    /// What is known without a declaration.
    pub(crate) fn built_in() -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        vocabulary.declare(NUMBER, Kind::Measure, None);
        vocabulary
    }
    /// What is declared under this name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.names.get(name)
    }
    /// What the name may be; nothing where it is not declared.
    pub fn kinds(&self, name: &str) -> Kinds {
        self.get(name).map_or(Kinds::NONE, |entry| entry.kinds)
    }
    /// All names, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.names.iter().map(|(name, entry)| (name.as_str(), entry))
    }
    /// Whether a declared measure has this unit.
    pub fn is_unit(&self, unit: &str) -> bool {
        self.units.contains(unit)
    }
    /// The most words of a name that begins with this one.
    pub(crate) fn longest_from(&self, word: &str) -> usize {
        self.longest.get(word).copied().unwrap_or(0)
    }
    /// Adds a unit of a declared measure.
    pub(crate) fn declare_unit(&mut self, unit: &str) {
        self.units.insert(unit.to_owned());
    }
    /// Adds a declaration; without a place it is built in.
    pub(crate) fn declare(&mut self, name: &str, kind: Kind, span: Option<Span>) {
        const KEPT: usize = 8;
        let entry = self.names.entry(name.to_owned()).or_default();
        entry.kinds = entry.kinds.with(kind);
        if let Some(span) = span.filter(|_| entry.declared.len() < KEPT) {
            entry.declared.push((kind, span));
        }
        let words = name.split(' ').count();
        let first = name.split(' ').next().unwrap_or(name);
        let most = self.longest.entry(first.to_owned()).or_default();
        *most = words.max(*most);
    }
}
