//! The names that an agreement declares.
//!
//! Invariant: what a name is, is what its declarations say; no name is known unless declared.

use crate::{ast::Kind, ast::Kinds, span::Span};
use std::collections::BTreeMap;

/// Names by their text.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    names: BTreeMap<String, Entry>,
}

/// One name.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Everything that it is declared as.
    pub kinds: Kinds,
    /// Where, and as what.
    pub declared: Vec<(Kind, Span)>,
}

impl Vocabulary {
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
    /// Adds a declaration.
    pub(crate) fn declare(&mut self, name: &str, kind: Kind, span: Span) {
        let entry = self.names.entry(name.to_owned()).or_default();
        entry.kinds = entry.kinds.with(kind);
        entry.declared.push((kind, span));
    }
}
