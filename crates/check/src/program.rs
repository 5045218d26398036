//! The beginnings of a Program: empty lists, the forms of its rules, and its digest.
//!
//! Invariant: two texts have one digest only where every byte of them and of their annexes agrees.

use crate::annex::Files;
use casus_model::{
    Calendar,
    canonical::Canonical,
    program::{ActorId, Key, Program},
};

/// What a rule says, as far as other rules need to know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form {
    /// `must not`, and who bears it.
    MustNot(Vec<ActorId>),
    /// `must`, and who bears it.
    Must(Vec<ActorId>),
    /// `should`, and who bears it.
    Should(Vec<ActorId>),
    /// `must keep`, and who bears it.
    Keep(Vec<ActorId>),
    /// `may`.
    May,
    /// `may` with the verb of a power.
    Power,
    /// `finding`, with its keys.
    Finding(Vec<Key>),
    /// `state`, with its keys.
    State(Vec<Key>),
    /// `response`.
    Response,
}

impl Form {
    /// As a message calls it.
    pub(crate) fn called(&self) -> &'static str {
        match self {
            Form::MustNot(_) => "prohibition (`must not`)",
            Form::Must(_) => "duty (`must`)",
            Form::Should(_) => "target (`should`)",
            Form::Keep(_) => "limit (`must keep`)",
            Form::May => "permit (`may`)",
            Form::Power => "power",
            Form::Finding(_) => "finding",
            Form::State(_) => "state",
            Form::Response => "response",
        }
    }
}

/// A Program in which nothing is declared.
pub(crate) fn empty() -> Program {
    Program {
        name: "".into(),
        version: 0,
        digest: String::new(),
        calendar: Calendar::utc(),
        calendars: Vec::new(),
        lateness_ms: 0,
        horizon_ms: None,
        commencement: None,
        actors: Vec::new(),
        groups: Vec::new(),
        acts: Vec::new(),
        categories: Vec::new(),
        measures: Vec::new(),
        zones: Vec::new(),
        families: Vec::new(),
        lines: Vec::new(),
        lists: Vec::new(),
        tables: Vec::new(),
        defences: Vec::new(),
        parameters: Vec::new(),
        instruments: Vec::new(),
        provisions: Vec::new(),
        rules: Vec::new(),
        strata: Vec::new(),
    }
}

/// The digest of the text and of every annex file that it names, by name.
pub(crate) fn digest(source: &str, files: &Files<'_>) -> String {
    let mut fields = Canonical::new().field("casus agreement").field(source);
    for (name, bytes) in files.all() {
        fields = fields.field(name).field(bytes);
    }
    fields.hex(64)
}

impl Form {
    /// Who bears it, where somebody does.
    pub(crate) fn bearers(&self) -> Option<&[ActorId]> {
        match self {
            Form::MustNot(list) | Form::Must(list) | Form::Should(list) | Form::Keep(list) => {
                Some(list)
            }
            Form::May | Form::Power | Form::Finding(_) | Form::State(_) | Form::Response => None,
        }
    }
}
