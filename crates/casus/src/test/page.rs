//! What came of the scenarios of one file.
//!
//! Invariant: only what was judged is counted as checked, and a page that says what it cannot say
//! yet still fails where a scenario of it does.

use crate::{agreement::Reading, terminal::clean};
use casus_syntax::Document;
use serde::Serialize;

/// How a paragraph begins that says why a page says less than its title.
const NOT_YET: &str = "Not yet: ";

/// One file, as JSON and in the table.
#[derive(Serialize)]
pub struct Page {
    kind: &'static str,
    /// As the user named it.
    pub file: String,
    /// It has no errors.
    pub valid: bool,
    /// The scenarios in it.
    pub scenarios: usize,
    /// Those whose expectations were all met.
    pub passed: usize,
    /// Those that were judged and did not pass.
    pub failed: usize,
    /// Its first heading; the file where it has none.
    pub title: String,
    /// The expectations that were judged.
    pub verdicts: usize,
    /// In a word.
    pub outcome: Outcome,
    /// What it says that it cannot say yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_yet: Option<String>,
}

/// What came of a file, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every scenario passed.
    Pass,
    /// A scenario failed.
    Fail,
    /// It has errors.
    NotValid,
    /// It says that it cannot say all of it yet; what it says passed.
    NotYet,
    /// It has no scenario.
    NoTests,
}

/// What was counted while a file was judged.
pub struct Count {
    /// The scenarios in it.
    pub scenarios: usize,
    /// Those that passed.
    pub passed: usize,
    /// The expectations that were judged.
    pub verdicts: usize,
}

impl Page {
    /// What came of this file.
    pub fn of(reading: &Reading, valid: bool, count: &Count) -> Page {
        let &Count { scenarios, passed, verdicts } = count;
        let failed = if valid { scenarios - passed } else { 0 };
        let not_yet = not_yet(&reading.document);
        let outcome = match () {
            () if !valid => Outcome::NotValid,
            () if failed > 0 => Outcome::Fail,
            () if not_yet.is_some() => Outcome::NotYet,
            () if scenarios == 0 => Outcome::NoTests,
            () => Outcome::Pass,
        };
        let title = Some(title(&reading.document)).filter(|title| !title.is_empty());
        let file = reading.name.clone();
        let title = title.unwrap_or_else(|| file.clone());
        let kind = "file";
        Page { kind, file, valid, scenarios, passed, failed, title, verdicts, outcome, not_yet }
    }
}

/// The first heading; empty where there is none.
pub fn title(document: &Document) -> String {
    document.headings.first().map(|heading| clean(&heading.text)).unwrap_or_default()
}

/// What the page says that it cannot say yet.
pub fn not_yet(document: &Document) -> Option<String> {
    let texts = document.paragraphs.iter().filter_map(|one| one.text.strip_prefix(NOT_YET));
    let all: Vec<String> = texts.map(clean).collect();
    (!all.is_empty()).then(|| all.join(" "))
}
