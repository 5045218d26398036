//! The canonical layout of the blocks of a file.
//!
//! Invariant: nothing outside the blocks changes, no word and no comment is lost, and what is
//! laid out once stays as it is.

use crate::ast::{Block, Document};
use crate::lexer;
use crate::span::{Lines, Span};
use crate::token::{Token, TokenKind};

const INDENT: &str = "    ";

/// The file with its blocks laid out; a block with errors, or inside a quote or list, stays.
pub fn format(source: &str) -> String {
    format_document(&crate::parse(source))
}

/// The same of a document that was read before.
pub fn format_document(document: &Document) -> String {
    let source = &document.source;
    let lines = Lines::of(source);
    let (mut text, mut at) = (String::with_capacity(source.len()), 0);
    for block in document.blocks.iter().filter(|block| fits(source, &lines, block)) {
        let (Some(first), Some(last)) = (block.lines.first(), block.lines.last()) else { continue };
        text.push_str(source.get(at..first.start).unwrap_or(""));
        let end = if source.contains("\r\n") { "\r\n" } else { "\n" };
        let laid_out = lay_out(source, block);
        text.push_str(&laid_out.join(end));
        at = last.end;
    }
    text.push_str(source.get(at..).unwrap_or(""));
    text
}

/// Whether the block can be laid out: whole, and at the left edge of the file.
fn fits(source: &str, lines: &Lines, block: &Block) -> bool {
    let at_edge = |line: &Span| {
        let number = lines.line(line.start);
        lines.span(source, number).start == line.start
    };
    let tight = block.lines.windows(2).all(|pair| match pair {
        [one, two] => lines.line(one.start) + 1 == lines.line(two.start),
        _ => true,
    });
    !block.damaged && tight && block.lines.iter().all(at_edge)
}

/// A line of a block: its code, its comment, and where they stand.
struct Line {
    indented: bool,
    code: String,
    comment: Option<String>,
}

fn lay_out(source: &str, block: &Block) -> Vec<String> {
    let read: Vec<Line> = block.lines.iter().map(|line| read(source, *line)).collect();
    let columns = columns(&read);
    let mut laid_out: Vec<String> = Vec::new();
    for (line, column) in read.iter().zip(columns) {
        let text = write(line, column);
        let blank = laid_out.last().is_none_or(String::is_empty);
        if !(text.is_empty() && blank) {
            laid_out.push(text);
        }
    }
    while laid_out.last().is_some_and(String::is_empty) {
        laid_out.pop();
    }
    laid_out
}

fn read(source: &str, span: Span) -> Line {
    let (mut tokens, mut told) = (Vec::new(), Vec::new());
    lexer::line(source, span, &mut tokens, &mut told);
    let indented = tokens.first().is_some_and(|token| token.kind == TokenKind::Blank);
    let (mut code, mut comment, mut before) = (String::new(), None, None::<Token>);
    for token in tokens.into_iter().filter(|token| token.kind != TokenKind::Blank) {
        if token.kind == TokenKind::Comment {
            comment = Some(token.span.of(source).trim_end().to_owned());
            break;
        }
        let sign = matches!(token.kind, TokenKind::Comma | TokenKind::Colon);
        let joined = before.is_some_and(|before| {
            // A colon that touches the next word may be part of it only by a blank between.
            token.kind == TokenKind::Percent && before.span.end == token.span.start
        });
        if before.is_some() && !sign && !joined {
            code.push(' ');
        }
        code.push_str(token.span.of(source));
        before = Some(token);
    }
    Line { indented, code, comment }
}

/// The column of the comment after each line: one for all neighbours that have one.
fn columns(lines: &[Line]) -> Vec<usize> {
    const WIDEST: usize = 60;
    let mut columns = vec![0; lines.len()];
    let mut start = 0;
    while start < lines.len() {
        let run = lines.iter().skip(start).take_while(|line| trails(line)).count();
        let widths = lines.iter().skip(start).take(run).map(width);
        let column = widths.clone().filter(|width| *width <= WIDEST).max().unwrap_or(0);
        for at in columns.iter_mut().skip(start).take(run) {
            *at = column;
        }
        start += run.max(1);
    }
    columns
}

fn trails(line: &Line) -> bool {
    line.comment.is_some() && !line.code.is_empty()
}

fn width(line: &Line) -> usize {
    line.code.chars().count() + if line.indented { INDENT.len() } else { 0 }
}

fn write(line: &Line, column: usize) -> String {
    let indent = if line.indented { INDENT } else { "" };
    let Some(comment) = &line.comment else {
        return if line.code.is_empty() { String::new() } else { format!("{indent}{}", line.code) };
    };
    if line.code.is_empty() {
        return format!("{indent}{comment}");
    }
    let gap = " ".repeat(column.saturating_sub(width(line)) + 2);
    format!("{indent}{}{gap}{comment}", line.code)
}
