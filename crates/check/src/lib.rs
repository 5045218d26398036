//! Names, types, units, annex files and strata: a syntax tree into a `Program`.
//!
//! Invariant: a `Program` comes back only from a text without any error, and then every id in it
//! refers to something in it; whatever the text, checking it never panics.

mod amount;
mod annex;
mod checker;
mod declare;
mod graph;
mod names;
mod program;
mod registry;
mod ring;
mod rules;
mod scenario;
mod shapes;
mod sink;
mod specificity;
mod strata;
mod suggest;
mod unused;

pub use registry::{Code, Example, codes};

use casus_model::program::{Program, Scenario};
use casus_syntax::{Diagnostic, Document};

/// The agreement's folder: the only way from here to the outside.
pub trait Annexes {
    /// The bytes of the file of this name, or why they cannot be had. The name is relative and has
    /// no `..` in it.
    ///
    /// # Errors
    /// The reason, as the reader of a diagnostic should see it.
    fn read(&self, name: &str) -> Result<Vec<u8>, String>;
}

/// A folder without files.
pub struct NoAnnexes;

impl Annexes for NoAnnexes {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("there are no annex files here".to_owned())
    }
}

/// What came of a text.
#[derive(Debug)]
pub struct Checked {
    /// The agreement; none if the text or the check of it has any error.
    pub program: Option<Program>,
    /// The scenarios that could be read, in the order of the text.
    pub scenarios: Vec<Scenario>,
    /// What the checker has to say, in the order of the text; what the reader of the text had to
    /// say stays in the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks an agreement.
pub fn check(document: &Document, annexes: &dyn Annexes) -> Checked {
    let mut checker = checker::Checker::new(document, annexes);
    checker.declare();
    checker.rules();
    let scenarios = checker.scenarios();
    checker.unused();
    checker.finish(scenarios)
}
