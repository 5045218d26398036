//! Pages: how long they may be, that their links lead somewhere, and that every invariant of
//! `ARCHITECTURE.md` names a test that guards it.
//!
//! Invariant: text in code, inline or fenced, is never read as a link.

use super::{
    Problem,
    files::Files,
    scan::{Kind, tokens},
};
use std::collections::BTreeSet;

const MOST_LINES: [(&str, usize); 3] =
    [("README.md", 120), ("ARCHITECTURE.md", 300), ("CONTRIBUTING.md", 100)];

const ARCHITECTURE: &str = "ARCHITECTURE.md";

/// Everything about pages.
pub fn check(files: &Files) -> Vec<Problem> {
    let mut problems = lengths(files);
    for (path, text) in files.ending(".md") {
        problems.extend(links(files, path, text));
    }
    problems.extend(invariants(files));
    problems
}

fn lengths(files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, most) in MOST_LINES {
        match files.text(path).map(|text| text.lines().count()) {
            None => problems.push(Problem::new(path, 1, "the page is missing", "write it")),
            Some(lines) if lines > most => {
                let what = format!("{lines} lines, at most {most} are allowed");
                problems.push(Problem::new(path, most + 1, what, "say it shorter"));
            }
            Some(_) => {}
        }
    }
    problems
}

/// Relative links that lead nowhere.
fn links(files: &Files, path: &str, text: &str) -> Vec<Problem> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut problems = Vec::new();
    for (line, target) in targets(text) {
        let outside = target.contains("://") || target.starts_with("mailto:");
        if outside || target.is_empty() {
            continue;
        }
        let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let file = if file.is_empty() { Some(path.to_owned()) } else { resolved(folder, file) };
        let Some(file) = file.filter(|file| files.has(file)) else {
            let what = format!("the link `{target}` leads nowhere");
            problems.push(Problem::new(path, line, what, "mend the path, or take the link out"));
            continue;
        };
        let headings = files.text(&file).filter(|_| file.ends_with(".md")).map(anchors);
        if !anchor.is_empty() && headings.is_some_and(|all| !all.contains(anchor)) {
            let what = format!("`{file}` has no heading for the link `{target}`");
            problems.push(Problem::new(path, line, what, "name a heading that is there"));
        }
    }
    problems
}

/// The lines of a page that are prose: with their numbers, without code.
fn prose(text: &str) -> Vec<(usize, String)> {
    let (mut out, mut fence) = (Vec::new(), None::<String>);
    for (at, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        let marks: String = bare.chars().take_while(|c| matches!(c, '`' | '~')).collect();
        match &fence {
            Some(open) if marks.starts_with(open.as_str()) => fence = None,
            Some(_) => {}
            None if marks.len() >= 3 => fence = Some(marks),
            None => {
                let outside = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
                out.push((at + 1, outside));
            }
        }
    }
    out
}

/// What links and pictures point at, and in which line.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for (number, line) in prose(text) {
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            out.push((number, target.to_owned()));
        }
        match line.split_once("]: ") {
            Some((name, target)) if name.starts_with('[') => {
                out.push((number, target.trim().to_owned()));
            }
            _ => {}
        }
    }
    out
}

/// The path from the workspace, or none where it leads out of it.
fn resolved(folder: &str, target: &str) -> Option<String> {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The anchors that the headings of a page give.
fn anchors(text: &str) -> BTreeSet<String> {
    let fenceless = prose_with_code(text);
    let headings = fenceless.into_iter().filter_map(|line| {
        let title = line.strip_prefix('#')?.trim_start_matches('#').trim();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        Some(kept.collect::<String>().to_lowercase().replace(' ', "-"))
    });
    headings.collect()
}

/// The lines outside fences, inline code kept.
fn prose_with_code(text: &str) -> Vec<&str> {
    let numbers: BTreeSet<usize> = prose(text).into_iter().map(|(number, _)| number).collect();
    let lines = text.lines().enumerate().filter(|(at, _)| numbers.contains(&(at + 1)));
    lines.map(|(_, line)| line).collect()
}

/// Invariants are numbered from 1 and each names at least one test that exists.
fn invariants(files: &Files) -> Vec<Problem> {
    let Some(text) = files.text(ARCHITECTURE) else { return Vec::new() };
    let tests = test_functions(files);
    let mut problems = Vec::new();
    let all = numbered(text);
    if all.is_empty() {
        let remedy = "list them under `## Invariants`, each ending in `Guarded by` and a test";
        problems.push(Problem::new(ARCHITECTURE, 1, "no invariant is listed", remedy));
    }
    for (at, (line, number, item)) in all.iter().enumerate() {
        if *number != at + 1 {
            let what = format!("invariant {number} stands in place {}", at + 1);
            problems.push(Problem::new(ARCHITECTURE, *line, what, "number them from 1"));
        }
        let guards = item.rsplit_once("Guarded by").map_or("", |(_, guards)| guards);
        let named: Vec<&str> = guards.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            let what = format!("invariant {number} names no test");
            let remedy = "end it with `Guarded by` and the test function in backticks";
            problems.push(Problem::new(ARCHITECTURE, *line, what, remedy));
        }
        for name in named.iter().filter(|name| !tests.contains(**name)) {
            let what = format!("invariant {number} names `{name}`, and no test is called so");
            problems.push(Problem::new(ARCHITECTURE, *line, what, "name a test that is there"));
        }
    }
    problems
}

/// Line, number and text of the items under `## Invariants`.
fn numbered(text: &str) -> Vec<(usize, usize, String)> {
    let mut out: Vec<(usize, usize, String)> = Vec::new();
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("## ") {
            inside = line == "## Invariants";
        } else if inside {
            let number = line.split_once(". ").and_then(|(number, _)| number.parse().ok());
            match (number, out.last_mut()) {
                (Some(number), _) => out.push((at + 1, number, line.to_owned())),
                (None, Some((_, _, item))) => {
                    item.push(' ');
                    item.push_str(line);
                }
                (None, None) => {}
            }
        }
    }
    out
}

/// The functions that carry `#[test]`.
fn test_functions(files: &Files) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (_, text) in files.ending(".rs") {
        let all = tokens(text);
        let plain: Vec<&str> =
            all.iter().filter(|t| t.kind != Kind::Comment).map(|t| t.text).collect();
        let mut marked = false;
        for part in plain.windows(3) {
            match part {
                ["[", "test", "]"] => marked = true,
                ["fn", name, _] if marked => {
                    out.insert((*name).to_owned());
                    marked = false;
                }
                _ => {}
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let page = "# One two\n[a](docs/b.md) [c](gone.md)\n`[d](gone)`\n```\n[e](gone)\n```\n\
                    [f](https://x.example) [g](docs) [h](#one-two) [i](#three) [j](../out)\n\
                    [k]: gone.txt\n[l](docs/b.md#x-y)";
        let files = Files::of(&[("a.md", page), ("docs/b.md", "## `X` y\n[up](../a.md)")]);
        let said = |path: &str, text: &str| -> Vec<usize> {
            links(&files, path, text).iter().map(|p| p.line).collect()
        };
        assert_eq!(said("a.md", page), [2, 7, 7, 8]);
        assert_eq!(said("docs/b.md", "[up](../a.md) [no](a.md)"), [1]);
    }

    #[test]
    fn an_invariant_names_a_test_that_exists() {
        let page = |item: &str| format!("# A\n## Invariants\n\n{item}\n\n## B\n7. x\n");
        let said = |item: &str| {
            let source = "#[test]\nfn holds() {}\nfn plain() {}";
            let page = page(item);
            let files = Files::of(&[(ARCHITECTURE, page.as_str()), ("a.rs", source)]);
            invariants(&files).len()
        };
        assert_eq!(said("1. One.\n   Guarded by `holds`."), 0);
        assert_eq!(said("1. One. Guarded by `holds`, `gone`."), 1);
        assert_eq!(said("1. One. Guarded by `plain`."), 1);
        assert_eq!(said("1. One with `holds`."), 1);
        assert_eq!(said("2. One. Guarded by `holds`."), 1);
        assert_eq!(said(""), 1);
    }

    #[test]
    fn long_and_missing_pages_are_found() {
        let (long, short) = ("x\n".repeat(121), "x\n".repeat(100));
        let files = Files::of(&[("README.md", &long), ("CONTRIBUTING.md", &short)]);
        let said: Vec<_> = lengths(&files).into_iter().map(|p| p.file).collect();
        assert_eq!(said, ["README.md", ARCHITECTURE]);
    }
}
