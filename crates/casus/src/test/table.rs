//! The tables at the end of `casus test`.
//!
//! Invariant: every page stands in the table, and every one is in exactly one count of the summary.

use super::page::{Outcome, Page};
use crate::{
    exit::Failure,
    terminal::{Terminal, cut, wrap},
    words,
};
use std::io::Write;

/// A title is cut where it is longer.
const TITLE: usize = 64;

/// Several pages: one line each, then a summary.
pub fn of_pages(pages: &[Page], terminal: &mut Terminal) -> Result<(), Failure> {
    let titles: Vec<String> = pages.iter().map(|page| cut(&page.title, TITLE)).collect();
    let width = titles.iter().map(|title| title.chars().count()).max().unwrap_or(0).max(5);
    let head = format!("{:width$}  scenarios  verdicts", "title");
    writeln!(terminal.out, "\n{}", terminal.strong(&head))?;
    for (page, title) in pages.iter().zip(&titles) {
        let word = match page.outcome {
            Outcome::Fail => terminal.strong("FAIL"),
            other => word(other).to_owned(),
        };
        let Page { scenarios, verdicts, .. } = page;
        writeln!(terminal.out, "{title:width$}  {scenarios:9}  {verdicts:8}  {word}")?;
        if let Some(reason) = &page.not_yet {
            writeln!(terminal.out, "{}", wrap("", 4, reason))?;
        }
        if matches!(page.outcome, Outcome::Fail | Outcome::NotValid) {
            writeln!(terminal.out, "    {}", page.file)?;
        }
    }
    writeln!(terminal.out, "\n{}", summary(pages))?;
    Ok(())
}

/// As it stands in the table.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "FAIL",
        Outcome::NotValid => "FAIL, not valid",
        Outcome::NotYet => "not yet",
        Outcome::NoTests => "no tests",
    }
}

fn summary(pages: &[Page]) -> String {
    let files = words::count(pages.len(), "file", "files");
    let verdicts: usize = pages.iter().map(|page| page.verdicts).sum();
    let verdicts = words::count(verdicts, "verdict", "verdicts");
    let of = |outcome| pages.iter().filter(|page| page.outcome == outcome).count();
    let (passed, not_yet) = (of(Outcome::Pass), of(Outcome::NotYet));
    let failed = of(Outcome::Fail) + of(Outcome::NotValid);
    let mut text =
        format!("{files}, {verdicts} checked: {passed} passed, {failed} failed, {not_yet} not yet");
    let without = of(Outcome::NoTests);
    if without > 0 {
        text.push_str(&format!(", {without} without tests"));
    }
    text
}

/// One page: its scenarios.
pub fn of_scenarios(pages: &[Page], terminal: &mut Terminal) -> Result<(), Failure> {
    let width = pages.iter().map(|page| page.file.chars().count()).max().unwrap_or(0).max(4);
    let head = format!("{:width$}  scenarios  passed  failed", "file");
    writeln!(terminal.out, "\n{}", terminal.strong(&head))?;
    for page in pages {
        let Page { file, scenarios, passed, failed, .. } = page;
        let note = if page.valid { "" } else { "  not valid" };
        writeln!(terminal.out, "{file:width$}  {scenarios:9}  {passed:6}  {failed:6}{note}")?;
        if let Some(reason) = &page.not_yet {
            writeln!(terminal.out, "{}", wrap("not yet:", 9, reason))?;
        }
    }
    Ok(())
}
