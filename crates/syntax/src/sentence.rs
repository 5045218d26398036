//! The words of single items, for tools that read them by the grammar itself.
//!
//! Invariant: these are the words that the parser reads, and `accepts` is its answer.

use crate::ast::{BlockKind, Document};
use crate::layout::{self, Layout};
use crate::lexeme::{self, Lexeme};
use crate::limits::Limits;
use crate::parser::Parser;
use crate::vocabulary::Vocabulary;

/// The words of one item or scenario.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Whether it is of a `casus` or a `casus-test` block.
    pub kind: BlockKind,
    /// Its words, names joined.
    pub words: Vec<Lexeme>,
}

/// The words of every item and scenario of a document, in the order of the text.
pub fn sentences(document: &Document) -> Vec<Sentence> {
    let (limits, mut all) = (Limits::default(), Layout::default());
    for (at, block) in document.blocks.iter().enumerate() {
        layout::block(&document.source, at, block, &limits, &mut all);
    }
    let mut told = Vec::new();
    let units = all.units.into_iter().filter_map(|unit| {
        let kind = document.blocks.get(unit.block)?.kind;
        let words = lexeme::join(unit.words, &document.vocabulary, &mut told);
        Some(Sentence { kind, words })
    });
    units.collect()
}

/// Whether the parser reads these words without fault.
pub fn accepts(kind: BlockKind, words: &[Lexeme], vocabulary: &Vocabulary) -> bool {
    let limits = Limits::default();
    let mut parser = Parser::new(words, vocabulary, &limits);
    match kind {
        BlockKind::Rules => drop(parser.item()),
        BlockKind::Tests => drop(parser.scenario()),
    }
    !parser.damaged
}
