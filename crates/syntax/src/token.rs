//! Pieces of the source: Markdown, and the words and blanks of the blocks.
//!
//! Invariant: the tokens of a document cover its source without gap or overlap.

use crate::span::Span;

/// A piece of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands; never empty.
    pub span: Span,
}

/// What a piece of the source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Everything that is not inside a block, its fences included.
    Markdown,
    /// The end of a line of a block.
    LineEnd,
    /// Blanks of a block.
    Blank,
    /// `--` to the end of the line.
    Comment,
    /// Letters, digits and what may join them.
    Word,
    /// `"in quotes"`.
    Text,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// `%`.
    Percent,
    /// What no rule may hold.
    Unknown,
}
