//! What a compiler does not see: arrows between crates, sizes, names, pages, links.
//!
//! Invariant: every problem says where it is, what it is, and what to do about it.

mod arrows;
mod dependencies;
mod files;
mod pages;
mod scan;
mod sources;
mod words;

use files::Files;
use std::{fmt, path::Path};

/// One thing that is not in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the workspace.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Problem {
    /// A problem in this line of this file.
    pub fn new(file: &str, line: usize, what: impl Into<String>, remedy: &str) -> Problem {
        let (file, remedy) = (file.to_owned(), remedy.to_owned());
        Problem { file, line, what: what.into(), remedy }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.file, self.line, self.what, self.remedy)
    }
}

/// Looks at everything. Notes are no failures.
pub fn run(root: &Path, notes: bool) -> Result<(), String> {
    let files = Files::read(root)?;
    let mut problems = Vec::new();
    problems.extend(arrows::check(root, &files)?);
    problems.extend(sources::check(&files));
    problems.extend(words::check(&files));
    problems.extend(pages::check(&files));
    problems.extend(dependencies::check(&files));
    problems.sort();
    problems.dedup();
    if notes {
        sources::notes(&files).iter().for_each(|note| println!("note: {note}"));
    }
    problems.iter().for_each(|problem| println!("{problem}"));
    match problems.len() {
        0 => Ok(()),
        1 => Err("tidy: 1 problem".to_owned()),
        many => Err(format!("tidy: {many} problems")),
    }
}
