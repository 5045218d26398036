//! What each name of the agreement stands for.
//!
//! Invariant: an entry refers to the list of the Program that its kind says.

use casus_model::program::{
    ActId, ActorId, CategoryId, FamilyId, LineId, ListId, RuleId, TableId, ZoneId,
};
use casus_syntax::Span;
use std::collections::BTreeMap;

/// A declared thing and where it was declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<T> {
    pub(crate) id: T,
    pub(crate) span: Span,
}

/// Names of one kind.
pub(crate) type Table<T> = BTreeMap<String, Entry<T>>;

/// All names.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) actors: Table<ActorId>,
    pub(crate) groups: Table<usize>,
    pub(crate) acts: Table<ActId>,
    pub(crate) verbs: Table<ActId>,
    pub(crate) categories: Table<CategoryId>,
    pub(crate) measures: Table<usize>,
    pub(crate) zones: Table<ZoneId>,
    pub(crate) families: Table<FamilyId>,
    pub(crate) lines: Table<LineId>,
    pub(crate) lists: Table<ListId>,
    pub(crate) tables: Table<TableId>,
    pub(crate) parameters: Table<usize>,
    pub(crate) defences: Table<usize>,
    pub(crate) findings: Table<RuleId>,
    pub(crate) states: Table<RuleId>,
    pub(crate) labels: Table<RuleId>,
}

/// An index as an id; an agreement has far fewer things than fit.
pub(crate) fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
