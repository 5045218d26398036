//! The lines of blocks into items: what stands at the left edge, and what is indented under it.
//!
//! Invariant: every word of a block is in exactly one unit, in the order of the text.

use crate::ast::{Block, BlockKind, Kinds};
use crate::diagnostic::Diagnostic;
use crate::lexeme::{Class, Lexeme};
use crate::lexer;
use crate::limits::Limits;
use crate::span::Span;
use crate::token::{Token, TokenKind};

/// An item or scenario, before names are known.
#[derive(Debug, Default)]
pub(crate) struct Unit {
    /// The block that it is in.
    pub block: usize,
    /// Its words.
    pub words: Vec<Lexeme>,
    /// A word of it could not be read.
    pub damaged: bool,
}

impl Unit {
    /// From its first word to its last.
    pub fn span(&self) -> Span {
        let first = self.words.first().map_or(Span::default(), |word| word.span);
        first.to(self.words.last().map_or(first, |word| word.span))
    }
}

/// The tokens and units of all blocks.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    pub tokens: Vec<Token>,
    pub units: Vec<Unit>,
    pub told: Vec<Diagnostic>,
}

/// Lays out one block.
pub(crate) fn block(source: &str, at: usize, block: &Block, limits: &Limits, all: &mut Layout) {
    let size: usize = block.lines.iter().map(|line| line.len()).sum();
    if size > limits.block_bytes {
        let message = format!("the block holds {size} bytes, more than {}", limits.block_bytes);
        let found = Diagnostic::error("S005", fence(source, block), message);
        all.told.push(found.help("cut the block in two"));
        return;
    }
    let mut unit: Option<Unit> = None;
    for line in &block.lines {
        if line.len() > limits.line_bytes {
            let message = format!("the line holds more than {} bytes", limits.line_bytes);
            let shown = Span::new(line.start, line.start);
            all.told.push(Diagnostic::error("S005", shown, message).help("cut the line in two"));
            unit.get_or_insert_with(|| Unit { block: at, ..Unit::default() }).damaged = true;
            continue;
        }
        let first_token = all.tokens.len();
        let told = all.told.len();
        lexer::line(source, *line, &mut all.tokens, &mut all.told);
        let damaged = all.told.get(told..).is_some_and(|told| told.iter().any(is_error));
        let tokens = all.tokens.get(first_token..).unwrap_or(&[]);
        let words: Vec<Lexeme> = tokens.iter().filter_map(|t| lexeme(source, *t)).collect();
        let Some(first) = words.first() else { continue };
        let edge = first.span.start == line.start;
        if edge && !(block.kind == BlockKind::Tests && first.is_word("expect")) {
            all.units.extend(unit.take());
        }
        let unit = unit.get_or_insert_with(|| Unit { block: at, ..Unit::default() });
        unit.damaged |= damaged;
        add_line(words, edge, unit);
    }
    all.units.extend(unit);
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == crate::diagnostic::Severity::Error
}

/// The opening line of a block.
pub(crate) fn fence(source: &str, block: &Block) -> Span {
    let line = block.span.of(source).lines().next().map_or(0, str::len);
    Span::new(block.span.start, block.span.start + line)
}

fn add_line(words: Vec<Lexeme>, edge: bool, unit: &mut Unit) {
    if let Some(last) = unit.words.last().filter(|last| last.class != Class::Comma && !edge) {
        let span = Span::new(last.span.end, last.span.end);
        let text = "\n".to_owned();
        let kinds = Kinds::NONE;
        unit.words.push(Lexeme { class: Class::NewLine, text, span, kinds, edge: false });
    }
    let first = unit.words.len();
    unit.words.extend(words);
    if let Some(first) = unit.words.get_mut(first) {
        first.edge = edge;
    }
}

fn lexeme(source: &str, token: Token) -> Option<Lexeme> {
    let text = token.span.of(source);
    let (class, text) = match token.kind {
        TokenKind::Word => (Class::Word, text),
        TokenKind::Text => (Class::Text, text.trim_matches('"')),
        TokenKind::Comma => (Class::Comma, text),
        TokenKind::Colon => (Class::Colon, text),
        TokenKind::Percent => (Class::Percent, text),
        TokenKind::Unknown => (Class::Unknown, text),
        TokenKind::Markdown | TokenKind::LineEnd => return None,
        TokenKind::Blank | TokenKind::Comment => return None,
    };
    let (text, kinds) = (text.to_owned(), Kinds::NONE);
    Some(Lexeme { class, text, span: token.span, kinds, edge: false })
}
