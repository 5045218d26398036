//! The page that people read.
//!
//! Invariant: lines of at most 100 columns; every party's findings are told in the same words.

use super::{
    Explanation, Subject,
    account::{Account, MOST},
};
use crate::{
    exit::Failure,
    terminal::{Terminal, wrap},
    words,
};
use std::io::Write;

/// Writes the page.
///
/// # Errors
/// Where it cannot be written.
pub fn write(
    subject: Subject<'_>,
    told: &Explanation<'_>,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let finding = subject.finding;
    let title = format!("{}  {}", finding.id, words::verdict(finding.verdict));
    let title = terminal.strong(&title);
    writeln!(terminal.out, "{title}")?;
    let (name, version, zone) = (told.agreement, told.version, told.zone);
    let text = format!("{name}, version {version}; all times are of {zone}");
    writeln!(terminal.out, "{}\n", wrap("", 0, &text))?;
    writeln!(terminal.out, "{}", wrap("", 0, &told.sentence))?;

    heading(terminal, told.heading)?;
    if !told.prose.is_empty() {
        writeln!(terminal.out, "{}\n", wrap("", 2, told.prose))?;
    }
    for (at, line) in told.rule.iter().enumerate() {
        let indent = if at == 0 { 4 } else { 8 };
        writeln!(terminal.out, "{}", wrap("", indent, line))?;
    }

    list(terminal, "What it asks for", &told.asks)?;
    heading(terminal, "Five questions")?;
    for one in &told.answers {
        let head = format!("  {:36} {:9}", format!("{}?", one.question), words::answer(one.answer));
        writeln!(terminal.out, "{}", wrap(&head, 49, &one.why))?;
    }
    sides(terminal, subject, &told.accounts)?;
    list(terminal, "Exceptions and defences", &told.exceptions)?;
    list(terminal, "Who", &told.responsible)?;
    list(terminal, "When", &told.times)?;
    list(terminal, "Why no other verdict", &told.not_reached)?;
    list(terminal, "What would change it", &told.would_change)?;
    list(terminal, "Invented numbers that the rule names", &told.invented)
}

fn heading(terminal: &mut Terminal, text: &str) -> Result<(), Failure> {
    let text = terminal.strong(&crate::terminal::clean(text));
    writeln!(terminal.out, "\n{text}")?;
    Ok(())
}

fn list(terminal: &mut Terminal, head: &str, lines: &[String]) -> Result<(), Failure> {
    if lines.is_empty() {
        return Ok(());
    }
    heading(terminal, head)?;
    for line in lines {
        writeln!(terminal.out, "{}", wrap("  -", 4, line))?;
    }
    Ok(())
}

fn sides(
    terminal: &mut Terminal,
    subject: Subject<'_>,
    accounts: &[Account],
) -> Result<(), Failure> {
    let finding = subject.finding;
    let sides = [
        ("for", "Records for it", finding.records.len()),
        ("against", "Records against it", finding.against.len()),
    ];
    for (side, head, count) in sides {
        heading(terminal, head)?;
        if count == 0 {
            writeln!(terminal.out, "  none")?;
        }
        for account in accounts.iter().filter(|account| account.side == side) {
            show(terminal, account)?;
        }
        if count > MOST {
            let more = words::number((count - MOST) as u64);
            writeln!(terminal.out, "  and {more} more, which `casus run --json` names")?;
        }
    }
    Ok(())
}

fn show(terminal: &mut Terminal, account: &Account) -> Result<(), Failure> {
    writeln!(terminal.out, "{}", wrap("  -", 4, &account.what))?;
    let source = format!("{}; record {}", account.source, account.id);
    writeln!(terminal.out, "{}", wrap("", 6, &source))?;
    for note in &account.notes {
        writeln!(terminal.out, "{}", wrap("", 6, note))?;
    }
    if let Some(text) = &account.text {
        writeln!(terminal.out, "{}", wrap("", 6, &format!("“{text}”")))?;
    }
    Ok(())
}
