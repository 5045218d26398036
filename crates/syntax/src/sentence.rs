//! The words of single items, for tools that read them by the grammar itself.
//!
//! Invariant: these are the words that the parser reads, and `accepts` is its answer.

use crate::ast::{Block, BlockKind, Document, Kind};
use crate::diagnostic::Diagnostic;
use crate::layout::{self, Layout, Unit};
use crate::lexeme::{self, Lexeme, Terminal};
use crate::limits::Limits;
use crate::names;
use crate::parser::{KINDS, Parser};
use crate::span::{Lines, Span};
use crate::vocabulary::Vocabulary;

/// The words of one item or scenario.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Whether it is of a `casus` or a `casus-test` block.
    pub kind: BlockKind,
    /// Its words, names joined.
    pub words: Vec<Lexeme>,
}

/// What the parser read some words as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The words.
    pub span: Span,
    /// What as.
    pub as_what: ReadAs,
}

/// What words can be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAs {
    /// One keyword, of as many words as it has.
    Keyword,
    /// A terminal of the grammar.
    Terminal(Terminal),
    /// A name that stands where it is declared, or that no declaration need name.
    Name,
}

/// How an item or scenario was read.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// What its words were read as, in the order of the text.
    pub read: Vec<Reading>,
    /// What is wrong with it.
    pub told: Vec<Diagnostic>,
}

/// The words of a block up to some byte.
#[derive(Clone, Debug)]
pub struct Before {
    /// What the block holds.
    pub kind: BlockKind,
    /// The words of each item, names not yet joined; the last is open there.
    pub items: Vec<Vec<Lexeme>>,
    /// Where the line begins.
    pub line: usize,
}

/// The words of every item and scenario of a document, in the order of the text.
pub fn sentences(document: &Document) -> Vec<Sentence> {
    let (limits, mut all) = (Limits::default(), Layout::default());
    for (at, block) in document.blocks.iter().enumerate() {
        layout::block(&document.source, at, block, &limits, &mut all);
    }
    let units = all.units.into_iter().filter_map(|unit| {
        let kind = document.blocks.get(unit.block)?.kind;
        Some(Sentence { kind, words: join(unit.words, &document.vocabulary) })
    });
    units.collect()
}

/// Whether the parser reads these words without fault.
pub fn accepts(kind: BlockKind, words: &[Lexeme], vocabulary: &Vocabulary) -> bool {
    let limits = Limits::default();
    let parser = parsed(kind, words, vocabulary, &limits);
    !parser.damaged
}

/// What the parser reads each of these words as.
pub fn trace(kind: BlockKind, words: &[Lexeme], vocabulary: &Vocabulary) -> Trace {
    let limits = Limits::default();
    let parser = parsed(kind, words, vocabulary, &limits);
    Trace { read: parser.read, told: parser.told }
}

fn parsed<'a>(
    kind: BlockKind,
    words: &'a [Lexeme],
    vocabulary: &'a Vocabulary,
    limits: &'a Limits,
) -> Parser<'a> {
    let mut parser = Parser::new(words, vocabulary, limits);
    parser.suggests = false;
    match kind {
        BlockKind::Rules => drop(parser.item()),
        BlockKind::Tests => drop(parser.scenario()),
    }
    parser
}

/// Every kind of declared name.
pub fn kinds() -> impl Iterator<Item = Kind> {
    KINDS.into_iter()
}

/// A kind with its article, as a message says it.
pub fn article(kind: Kind) -> &'static str {
    names::article(kind)
}

/// Joins words to declared names.
pub fn join(words: Vec<Lexeme>, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    lexeme::join(words, vocabulary, &mut Vec::new())
}

/// What the last of these words, names not yet joined, would be declared as.
pub fn declares(words: Vec<Lexeme>) -> Option<Kind> {
    let last = words.last()?.span;
    let unit = Unit { block: 0, words, damaged: false };
    let (found, _) = names::collect(&[&unit], &Lines::of(""), &Limits::default());
    let kinds = found.iter().flat_map(|(_, entry)| entry.declared.clone());
    kinds.filter(|(_, span)| span.end == last.end).map(|(kind, _)| kind).last()
}

/// The words that stand before a byte of a block; none where it is in no block.
pub fn before(document: &Document, offset: usize) -> Option<Before> {
    let inside = |line: &&Span| line.start <= offset && offset <= line.end;
    let holds = |block: &&Block| block.lines.iter().any(|line| inside(&line));
    let block = document.blocks.iter().find(holds)?;
    let line = block.lines.iter().find(inside)?.start;
    let cut = |span: &Span| Span::new(span.start, span.end.min(offset));
    let lines = block.lines.iter().filter(|line| line.start <= offset).map(cut).collect();
    let (limits, mut all) = (Limits::default(), Layout::default());
    let shorter = Block { lines, ..block.clone() };
    layout::block(&document.source, 0, &shorter, &limits, &mut all);
    let items = all.units.into_iter().map(|unit| unit.words).collect();
    Some(Before { kind: block.kind, items, line })
}
