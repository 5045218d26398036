//! The state of one check: what is read, what is known so far, what is wrong.
//!
//! Invariant: a lookup that fails has told why before it answers `None`.

use crate::{
    Annexes, Checked,
    annex::Files,
    names::{Entry, Names, Table},
    program::{self, Form},
    registry::{self, Code},
    shapes::Feature,
    sink::Sink,
    suggest,
};
use casus_model::program::{Measure, Program, Rule, Scenario};
use casus_syntax::{
    Document, Lines, Span,
    ast::{Item, ItemKind, Name},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One check.
pub(crate) struct Checker<'a> {
    pub(crate) document: &'a Document,
    lines: Lines,
    /// How many more names may be compared with every other to find what was meant.
    guesses: u32,
    pub(crate) sink: Sink,
    pub(crate) files: Files<'a>,
    pub(crate) shapes: BTreeMap<String, Option<Arc<Vec<Feature>>>>,
    pub(crate) names: Names,
    pub(crate) used: Used,
    /// What is declared so far; its rules come last.
    pub(crate) out: Program,
    /// The categories that `has` gives each measure to, by the measure's index.
    pub(crate) had_by: BTreeMap<usize, BTreeSet<usize>>,
    /// The category that each act is declared to be of.
    pub(crate) act_of: Vec<Option<usize>>,
    /// Values of the parameters.
    pub(crate) values: Vec<crate::amount::Value>,
    /// What each list is of.
    pub(crate) list_of: Vec<Option<casus_model::program::CategoryId>>,
    /// What the values of each table measure.
    pub(crate) table_kinds: Vec<Option<(Option<casus_model::quantity::Dimension>, String)>>,
    /// The label of every rule, by its id: that of its paragraph, and which wording it is.
    pub(crate) labels: Vec<casus_model::Name>,
    /// The wordings that take the place of earlier ones, and from when.
    pub(crate) amendments: Vec<(casus_model::program::RuleId, casus_model::program::Moment)>,
    /// The form of every rule, by its id.
    pub(crate) forms: Vec<Form>,
    /// The findings that somebody decides.
    pub(crate) decided: BTreeSet<casus_model::program::RuleId>,
    /// Those of them that a body owes by a deadline: its silence decides nothing.
    pub(crate) owed: BTreeSet<casus_model::program::RuleId>,
    /// The act of exercising each power.
    pub(crate) powers: BTreeMap<casus_model::program::RuleId, casus_model::program::ActId>,
    /// The acts that serve another one, with that.
    pub(crate) serving: Vec<(casus_model::program::ActId, casus_model::program::ActId)>,
    /// What powers bear on.
    pub(crate) borne: Vec<(casus_model::program::RuleId, casus_model::program::Power)>,
    /// The rules that could be made.
    pub(crate) made: Vec<Option<Rule>>,
}

/// What some rule or scenario names, by index.
#[derive(Default)]
pub(crate) struct Used {
    pub(crate) acts: BTreeSet<usize>,
    pub(crate) zones: BTreeSet<usize>,
    pub(crate) parameters: BTreeSet<usize>,
    pub(crate) defences: BTreeSet<usize>,
}

impl<'a> Checker<'a> {
    /// Nothing is checked yet.
    pub(crate) fn new(document: &'a Document, annexes: &'a dyn Annexes) -> Checker<'a> {
        Checker {
            document,
            lines: Lines::of(&document.source),
            guesses: 1_000,
            sink: Sink::beside(&document.diagnostics),
            files: Files::new(annexes),
            shapes: BTreeMap::new(),
            names: Names::default(),
            used: Used::default(),
            out: program::empty(),
            had_by: BTreeMap::new(),
            act_of: Vec::new(),
            values: Vec::new(),
            list_of: Vec::new(),
            table_kinds: Vec::new(),
            labels: Vec::new(),
            amendments: Vec::new(),
            forms: Vec::new(),
            decided: BTreeSet::new(),
            owed: BTreeSet::new(),
            powers: BTreeMap::new(),
            serving: Vec::new(),
            borne: Vec::new(),
            made: Vec::new(),
        }
    }

    /// The items of the text.
    pub(crate) fn items(&self) -> impl Iterator<Item = &'a Item> + use<'a> {
        self.document.items.iter()
    }

    /// The items of one kind.
    pub(crate) fn each<T>(
        &self,
        pick: fn(&'a ItemKind) -> Option<&'a T>,
    ) -> impl Iterator<Item = (&'a Item, &'a T)> + use<'a, T> {
        self.document.items.iter().filter_map(move |item| Some((item, pick(&item.kind)?)))
    }

    /// Tells of something wrong.
    pub(crate) fn tell(&mut self, code: &'static Code, span: Span, message: impl Into<String>) {
        self.sink.tell(code, span, message);
    }

    /// Tells of something wrong, and what to do.
    pub(crate) fn tell_help(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.sink.tell_help(code, span, message, help);
    }

    /// Tells that a name is not what its place asks for.
    pub(crate) fn unknown(&mut self, name: &Name, what: &str, known: &[&str]) {
        let message = format!("`{}` is not declared as {what}", name.text);
        if !self.may_guess() {
            return self.tell(&registry::UNKNOWN, name.span, message);
        }
        let bare = what.trim_start_matches("an ").trim_start_matches("a ");
        match suggest::help(&name.text, bare, known.iter().copied()) {
            Some(help) => self.tell_help(&registry::UNKNOWN, name.span, message, help),
            None => self.tell(&registry::UNKNOWN, name.span, message),
        }
    }

    /// What a name stands for.
    pub(crate) fn find<T: Copy>(
        &mut self,
        pick: impl Fn(&Names) -> &Table<T>,
        name: &Name,
        what: &str,
    ) -> Option<T> {
        if let Some(entry) = pick(&self.names).get(&name.text) {
            return Some(entry.id);
        }
        let known: Vec<String> = pick(&self.names).keys().cloned().collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.unknown(name, what, &known);
        None
    }

    /// Enters a name, unless it is there already.
    pub(crate) fn enter<T: Copy>(
        &mut self,
        pick: impl Fn(&mut Names) -> &mut Table<T>,
        name: &Name,
        id: T,
    ) -> bool {
        let table = pick(&mut self.names);
        if let Some(entry) = table.get(&name.text) {
            let first = entry.span;
            self.twice(name, first);
            return false;
        }
        table.insert(name.text.clone(), Entry { id, span: name.span });
        true
    }

    /// Tells that a name is declared twice.
    pub(crate) fn twice(&mut self, name: &Name, first: Span) {
        let line = self.line(first);
        let message = format!("`{}` is declared twice", name.text);
        let help = format!("it is first declared on line {line}; give one of them another name");
        let related = (first, "declared first here");
        self.sink.tell_related(&registry::TWICE, name.span, (message, help), related);
    }

    /// The line that something begins on.
    pub(crate) fn line(&self, span: Span) -> u32 {
        self.lines.line(span.start)
    }

    /// Whether one more name may be compared with every other.
    pub(crate) fn may_guess(&mut self) -> bool {
        self.guesses = self.guesses.saturating_sub(1);
        self.guesses > 0
    }

    /// A measure by its index.
    pub(crate) fn measure(&self, at: usize) -> Option<&Measure> {
        self.out.measures.get(at)
    }

    /// What came of it all.
    pub(crate) fn finish(mut self, scenarios: Vec<Scenario>) -> Checked {
        self.out.digest = program::digest(&self.document.source, &self.files);
        let complete = self.made.iter().all(Option::is_some);
        let failed = self.sink.failed() || !complete;
        self.out.rules = self.made.into_iter().flatten().collect();
        let diagnostics = self.sink.finish(&self.document.source);
        Checked { program: (!failed).then_some(self.out), scenarios, diagnostics }
    }
}
