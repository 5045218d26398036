//! What the library of patterns says of the language: how many patterns it can say, and how long it
//! takes.
//!
//! Invariant: a pattern counts as said only where `casus test` passes on its whole page.

use casus_syntax::ast::{Item, ItemKind};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// The library, and how many patterns it is to hold.
const LIBRARY: &str = "examples/patterns";
const WANTED: usize = 100;

/// One page of the library.
#[derive(Debug)]
struct Page {
    title: String,
    passes: bool,
    /// Lines of norms, findings, states and responses.
    lines: usize,
}

/// Tests the library and prints what it says.
///
/// # Errors
/// Where there is none, or it cannot be tested.
pub fn patterns(root: &Path) -> Result<(), String> {
    let arguments = ["run", "--quiet", "--release", "-p", "casus", "--", "test", "--json", LIBRARY];
    eprintln!("cargo {}", arguments.join(" "));
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What is wrong with a page is for `casus test` to say; here it only does not count.
    command.args(arguments).current_dir(root).stderr(Stdio::null());
    let output = command.output().map_err(|error| format!("`casus test`: {error}"))?;
    let lines = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    let pages = read(&lines, |file| fs::read_to_string(root.join(file)).ok())?;
    print!("{}", summary(&pages, casus_syntax::KEYWORDS.len()));
    Ok(())
}

/// The pages, from the lines of `casus test --json` and their texts.
fn read(lines: &str, text: impl Fn(&str) -> Option<String>) -> Result<Vec<Page>, String> {
    let mut pages = Vec::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let field = |name: &str| line.get(name).and_then(Value::as_str);
        if field("kind") != Some("file") {
            continue;
        }
        let (file, title) = (field("file"), field("title").unwrap_or_default().to_owned());
        let source = file.and_then(&text).ok_or_else(|| format!("no text of `{title}`"))?;
        let passes = field("outcome") == Some("pass");
        pages.push(Page { title, passes, lines: rule_lines(&source) });
    }
    if pages.is_empty() { Err(format!("no pattern in `{LIBRARY}`")) } else { Ok(pages) }
}

/// Lines of norms, findings, states and responses; no declaration, test, comment or blank line.
fn rule_lines(source: &str) -> usize {
    let document = casus_syntax::parse(source);
    let rules = document.items.iter().filter(|item| is_rule(item));
    let text = |item: &Item| item.span.of(&document.source).to_owned();
    let is_said = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("--");
    rules.map(|item| text(item).lines().filter(is_said).count()).sum()
}

fn is_rule(item: &Item) -> bool {
    use ItemKind::{Finding, Norm, Response, State};
    matches!(item.kind, Norm(_) | Finding(_) | State(_) | Response(_))
}

fn summary(pages: &[Page], keywords: usize) -> String {
    let mut passing: Vec<&Page> = pages.iter().filter(|page| page.passes).collect();
    passing.sort_by_key(|page| page.lines);
    let median = passing.get(passing.len().saturating_sub(1) / 2).map_or(0, |page| page.lines);
    let (most, title) = passing.last().map_or((0, "none"), |page| (page.lines, &page.title));
    let (passed, all) = (passing.len(), pages.len());
    format!(
        "patterns       {passed} of {WANTED} expressible and passing; {all} pages\n\
         lines of rule  median {median}, at most {most} ({title})\n\
         keywords       {keywords}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# P1 First\n\n```casus\nagreement First version 1\nparty A\nact fire by A\n\
        1 A must not fire  -- ever\n    -- but for this\n\n    from 2026-03-01\n2 state Quiet\n    \
        when no fire for 2 days\namend 1 from 2026-04-01\n    A must not fire\n```\n\n\
        ```casus-test\nat 2026-03-02 00:00\nexpect 1 breached, never\n```\n";

    #[test]
    fn lines_of_rule_are_counted_without_declarations_and_tests() {
        assert_eq!(rule_lines(PAGE), 6);
        assert_eq!(rule_lines("# Not yet\n\nNot yet: nothing.\n"), 0);
    }

    #[test]
    fn what_fails_or_is_not_yet_said_does_not_count() {
        let line = |title: &str, outcome: &str| {
            format!(
                r#"{{"kind":"file","file":"{title}.md","title":"{title}","outcome":"{outcome}"}}"#
            )
        };
        let rows =
            [line("P1", "pass"), line("P2", "fail"), line("P3", "not-yet"), line("P4", "pass")];
        let lines = format!("{{\"kind\":\"scenario\"}}\n{}\n", rows.join("\n"));
        let text = |file: &str| (file != "P4.md").then(|| PAGE.to_owned()).or(Some(String::new()));
        let pages = read(&lines, text).unwrap();
        let told = summary(&pages, 7);
        let wanted = "patterns       2 of 100 expressible and passing; 4 pages\n\
                      lines of rule  median 0, at most 6 (P1)\nkeywords       7\n";
        assert_eq!(told, wanted);
        assert!(read(&lines, |_| None).is_err());
        assert!(read("", |_| None).is_err());
    }
}
