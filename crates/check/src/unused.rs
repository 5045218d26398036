//! Declarations that nothing uses.
//!
//! Invariant: an act is used where a rule names it, an act above it or a case of it, and where it
//! watches, hinders or reports a stock.

use crate::{checker::Checker, names::Table, registry};
use casus_syntax::Span;
use std::collections::BTreeSet;

impl Checker<'_> {
    /// Tells of what is declared and never used.
    pub(crate) fn unused(&mut self) {
        if self.made.is_empty() {
            return;
        }
        let mut acts = BTreeSet::new();
        for (at, act) in self.out.acts.iter().enumerate() {
            let own = self.used.acts.contains(&at) || act.stock;
            if own || !act.hinders.is_empty() || !act.watches.is_empty() {
                acts.extend(act.above.iter().map(|id| id.index()));
            }
            if act.above.iter().any(|id| self.used.acts.contains(&id.index())) {
                acts.insert(at);
            }
        }
        let mut told: Vec<(Span, String)> = Vec::new();
        let mut look = |what: &str, list: Vec<(&String, usize, Span)>, used: &BTreeSet<usize>| {
            for (name, _, span) in list.into_iter().filter(|(_, at, _)| !used.contains(at)) {
                told.push((span, format!("the {what} `{name}` is declared and never used")));
            }
        };
        look("act", plain(&self.names.acts, |id| id.index()), &acts);
        look("zone", plain(&self.names.zones, |id| id.index()), &self.used.zones);
        look("defence", plain(&self.names.defences, |at| at), &self.used.defences);
        look("parameter", plain(&self.names.parameters, |at| at), &self.used.parameters);
        for (span, message) in told {
            let help = "name it in a rule, or leave it out";
            self.tell_help(&registry::UNUSED, span, message, help);
        }
    }
}

fn plain<T: Copy>(table: &Table<T>, index: impl Fn(T) -> usize) -> Vec<(&String, usize, Span)> {
    table.iter().map(|(name, entry)| (name, index(entry.id), entry.span)).collect()
}
