//! Diagnostics as text: the line, a mark under what is meant, and what to do.
//!
//! Invariant: plain text of bounded width per line; colour is for the caller to add.

use crate::diagnostic::Diagnostic;
use crate::lexer::invisible;
use crate::span::{Lines, Span};

/// The most characters of a source line that are shown.
const WIDTH: usize = 160;

/// One diagnostic of a file as text.
pub fn render(path: &str, source: &str, lines: &Lines, found: &Diagnostic) -> String {
    let mut text = format!("{}[{}]: {}\n", found.severity.as_str(), found.code, found.message);
    let number = found.line.to_string();
    let margin = " ".repeat(number.len());
    text.push_str(&format!("{margin}--> {path}:{}:{}\n", found.line, found.column));
    let line = lines.span(source, found.line);
    let (shown, mark) = excerpt(source, line, found.span);
    text.push_str(&format!("{margin} |\n{number} | {shown}\n{margin} | {mark}\n"));
    if !found.expected.is_empty() {
        let expected = found.expected.join(", ");
        text.push_str(&format!("{margin} = expected: {expected}\n"));
    }
    if let Some(help) = &found.help {
        text.push_str(&format!("{margin} = help: {help}\n"));
    }
    text
}

/// All diagnostics of a document as text, an empty line between them.
pub fn render_all(path: &str, document: &crate::ast::Document) -> String {
    let lines = Lines::of(&document.source);
    let one = |found| render(path, &document.source, &lines, found);
    document.diagnostics.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The part of the line around the span, and carets under the span.
fn excerpt(source: &str, line: Span, span: Span) -> (String, String) {
    let text = line.of(source).trim_end_matches(['\n', '\r']);
    let start = span.start.saturating_sub(line.start).min(text.len());
    let before = text.get(..start).unwrap_or("");
    let skipped = before.chars().count().saturating_sub(WIDTH / 2);
    let cut = |c: char| match c {
        '\t' => ' ',
        c if c.is_control() || invisible(c) => '\u{fffd}',
        c => c,
    };
    let shown: String = text.chars().skip(skipped).take(WIDTH).map(cut).collect();
    let indent = before.chars().count() - skipped;
    let end = span.end.saturating_sub(line.start).min(text.len());
    let marked = text.get(start..end).map_or(1, |part| part.chars().count());
    let carets = marked.clamp(1, WIDTH.saturating_sub(indent).max(1));
    (shown, format!("{}{}", " ".repeat(indent), "^".repeat(carets)))
}
