//! Puts a document together: outline, layout, names, sentences, and the prose beside them.
//!
//! Invariant: each step reads what the one before made, and none can fail.

use crate::ast::{Beside, Block, BlockKind, Document, Item, Label, Scenario};
use crate::beside::Prose;
use crate::diagnostic::{Diagnostic, Severity};
use crate::layout::{self, Layout, Unit};
use crate::lexeme::{self, Class, Lexeme};
use crate::limits::Limits;
use crate::parser::{Parser, scenario};
use crate::span::{Lines, Span};
use crate::token::{Token, TokenKind};
use crate::vocabulary::Vocabulary;
use crate::{lexer, markdown, names};

impl Document {
    /// Where its lines begin; `Lines::line_column` gives the place of a byte.
    pub fn lines(&self) -> Lines {
        Lines::of(&self.source)
    }
    /// Whether it can be used: nothing in it is an error.
    pub fn is_sound(&self) -> bool {
        !self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }
    /// Its tokens put together again: the source.
    pub fn reassembled(&self) -> String {
        self.tokens.iter().map(|token| token.span.of(&self.source)).collect()
    }
}

/// Reads an agreement within these limits.
pub(crate) fn read(source: &str, limits: &Limits) -> Document {
    if source.len() > limits.file_bytes {
        return refused(source, limits);
    }
    let lines = Lines::of(source);
    let mut outline = markdown::outline(source, limits);
    let mut all = Layout::default();
    for (at, (block, _)) in outline.blocks.iter().enumerate() {
        layout::block(source, at, block, limits, &mut all);
        all.told.truncate(limits.diagnostics.saturating_mul(2));
    }
    let mut told = std::mem::take(&mut outline.told);
    told.append(&mut all.told);
    count(&mut all.units, limits, &mut told);
    let is_rule = |unit: &&Unit| {
        outline.blocks.get(unit.block).is_some_and(|(block, _)| block.kind == BlockKind::Rules)
    };
    let rules: Vec<&Unit> = all.units.iter().filter(is_rule).collect();
    let (vocabulary, found) = names::collect(&rules, &lines, limits);
    told.extend(found);
    let prose = Prose::of(source, &outline);
    let (headings, paragraphs) = (outline.headings, outline.paragraphs);
    let blocks: Vec<Block> = outline.blocks.into_iter().map(|(block, _)| block).collect();
    let sentences = Sentences {
        source,
        limits,
        lines: &lines,
        vocabulary: &vocabulary,
        prose: &prose,
        blocks: Vec::new(),
        items: Vec::new(),
        scenarios: Vec::new(),
        last: None,
        told,
    };
    let mut read = sentences.read(blocks, all.units);
    let tokens = cover(source, all.tokens, &read.blocks, &mut read.told);
    let diagnostics = sorted(source, &lines, read.told, limits);
    Document {
        source: source.to_owned(),
        headings,
        paragraphs,
        blocks: read.blocks,
        items: read.items,
        scenarios: read.scenarios,
        vocabulary,
        tokens,
        diagnostics,
    }
}

fn refused(source: &str, limits: &Limits) -> Document {
    let message = format!("the file holds {} bytes, more than {}", source.len(), limits.file_bytes);
    let found = Diagnostic::error("S005", Span::new(0, 0), message);
    let whole = Token { kind: TokenKind::Markdown, span: Span::new(0, source.len()) };
    Document {
        source: source.to_owned(),
        headings: Vec::new(),
        paragraphs: Vec::new(),
        blocks: Vec::new(),
        items: Vec::new(),
        scenarios: Vec::new(),
        vocabulary: Vocabulary::built_in(),
        tokens: vec![whole],
        diagnostics: vec![found.help("cut the agreement into several files")],
    }
}

/// Drops what is more than the limits allow, and tells of it.
fn count(units: &mut Vec<Unit>, limits: &Limits, told: &mut Vec<Diagnostic>) {
    if let Some(first) = units.get(limits.items) {
        let message = format!("the file holds {} items, more than {}", units.len(), limits.items);
        let span = first.words.first().map_or(Span::default(), |word| word.span);
        told.push(Diagnostic::error("S005", span, message).help("cut it into several files"));
        units.truncate(limits.items);
    }
    for unit in units.iter_mut().filter(|unit| unit.words.len() > limits.item_words) {
        let message = format!("the item holds more than {} words", limits.item_words);
        let span = unit.words.first().map_or(Span::default(), |word| word.span);
        told.push(Diagnostic::error("S005", span, message).help("cut it in two"));
        unit.words.clear();
        unit.damaged = true;
    }
}

/// Reads the sentences of all blocks.
struct Sentences<'a> {
    source: &'a str,
    limits: &'a Limits,
    lines: &'a Lines,
    vocabulary: &'a Vocabulary,
    prose: &'a Prose,
    blocks: Vec<Block>,
    items: Vec<Item>,
    scenarios: Vec<Scenario>,
    /// The label of the last rule.
    last: Option<Label>,
    told: Vec<Diagnostic>,
}

impl Sentences<'_> {
    fn read(mut self, blocks: Vec<Block>, units: Vec<Unit>) -> Self {
        self.blocks = blocks;
        for unit in units {
            let kind = self.blocks.get(unit.block).map(|block| block.kind);
            let damaged = match kind {
                Some(BlockKind::Rules) => self.item(unit),
                Some(BlockKind::Tests) => self.scenario(unit),
                None => None,
            };
            if let Some(block) = damaged.and_then(|block| self.blocks.get_mut(block)) {
                block.damaged = true;
            }
            self.told.truncate(self.limits.diagnostics.saturating_mul(4));
        }
        self
    }

    /// The block of an item that could not be read in full.
    fn item(&mut self, unit: Unit) -> Option<usize> {
        let (span, block) = (unit.span(), unit.block);
        if unit.words.is_empty() {
            return unit.damaged.then_some(block);
        }
        let labelled = unit.words.first().filter(|word| lexeme::label(&word.text));
        let label = labelled.map(|word| Label { text: word.text.clone(), span: word.span });
        let sentence = sentence(self.source, &unit.words);
        let words = lexeme::join(unit.words, self.vocabulary, &mut self.told);
        let mut parser = Parser::new(&words, self.vocabulary, self.limits);
        parser.suggests = self.told.len() < 40;
        let kind = parser.item();
        let damaged = unit.damaged || parser.damaged;
        self.told.append(&mut parser.told);
        let beside = self.prose.beside(block, label.as_ref().map(|label| label.text.as_str()));
        let line = self.lines.line(span.start);
        self.last = label.or_else(|| self.last.take());
        self.items.push(Item { span, line, block, beside, sentence, damaged, kind });
        damaged.then_some(block)
    }

    fn scenario(&mut self, unit: Unit) -> Option<usize> {
        let (span, block) = (unit.span(), unit.block);
        if unit.words.is_empty() {
            return unit.damaged.then_some(block);
        }
        let words = lexeme::join(unit.words, self.vocabulary, &mut self.told);
        let mut parser = Parser::new(&words, self.vocabulary, self.limits);
        parser.suggests = self.told.len() < 40;
        let mut parts = parser.scenario();
        let damaged = unit.damaged || parser.damaged;
        self.told.append(&mut parser.told);
        scenario::number_lines(&mut parts, |span| self.lines.line(span.start));
        let beside: Beside = self.prose.beside(block, None);
        let line = self.lines.line(span.start);
        let (at, facts, expect) = (parts.at, parts.facts, parts.expect);
        let label = self.last.clone();
        let scenario = Scenario { span, line, block, beside, label, damaged, at, facts, expect };
        self.scenarios.push(scenario);
        damaged.then_some(block)
    }
}

/// The words as written, one space for whatever stands between them.
fn sentence(source: &str, words: &[Lexeme]) -> String {
    let mut text = String::new();
    let mut end = None;
    for word in words.iter().filter(|word| word.class != Class::NewLine) {
        if end.is_some_and(|end| end < word.span.start) {
            text.push(' ');
        }
        text.push_str(word.span.of(source));
        end = Some(word.span.end);
    }
    text
}

/// Fills what the blocks leave with tokens of Markdown.
fn cover(
    source: &str,
    tokens: Vec<Token>,
    blocks: &[Block],
    told: &mut Vec<Diagnostic>,
) -> Vec<Token> {
    let mut all = Vec::with_capacity(tokens.len() * 2 + 1);
    let mut at = 0;
    let end = Token { kind: TokenKind::Markdown, span: Span::new(source.len(), source.len()) };
    for token in tokens.into_iter().chain([end]) {
        if token.span.start < at {
            continue;
        }
        let gap = Span::new(at, token.span.start);
        if !gap.is_empty() {
            let text = gap.of(source);
            let breaks = text.chars().all(|c| matches!(c, '\n' | '\r'));
            let inside = breaks && at > 0 && within(blocks, gap);
            let kind = if inside { TokenKind::LineEnd } else { TokenKind::Markdown };
            all.push(Token { kind, span: gap });
            hidden(gap, text, told);
        }
        if !token.span.is_empty() {
            all.push(token);
        }
        at = token.span.end;
    }
    all
}

fn within(blocks: &[Block], gap: Span) -> bool {
    let after = blocks.partition_point(|block| block.span.start <= gap.start);
    let block = after.checked_sub(1).and_then(|at| blocks.get(at));
    block.is_some_and(|block| gap.end < block.span.end)
}

/// Tells of characters in prose that reorder what a reader sees.
fn hidden(gap: Span, text: &str, told: &mut Vec<Diagnostic>) {
    const KEPT: usize = 50;
    let bad = |c: char| lexer::bidirectional(c) || c == '\0';
    for (at, c) in text.char_indices().filter(|(_, c)| bad(*c)).take(KEPT) {
        let start = gap.start + at;
        let message =
            format!("the prose holds U+{:04X}, which a reader does not see", u32::from(c));
        let span = Span::new(start, start + c.len_utf8());
        told.push(Diagnostic::warning("S009", span, message).help("take the character out"));
    }
}

fn sorted(
    source: &str,
    lines: &Lines,
    mut told: Vec<Diagnostic>,
    limits: &Limits,
) -> Vec<Diagnostic> {
    told.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    told.dedup();
    let more = told.len().saturating_sub(limits.diagnostics);
    if more > 0 {
        // An error is never crowded out by warnings.
        if !told.iter().take(limits.diagnostics).any(|found| found.severity == Severity::Error) {
            told.sort_by_key(|found| std::cmp::Reverse(found.severity));
        }
        told.truncate(limits.diagnostics);
        let message = format!("at least {more} more are not shown");
        let span = told.last().map_or(Span::default(), |last| last.span);
        told.push(Diagnostic::error("S005", span, message).help("correct these first"));
    }
    told.into_iter().map(|found| found.place(source, lines)).collect()
}
