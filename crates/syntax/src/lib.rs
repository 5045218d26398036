//! Literate Markdown and rule blocks into a lossless typed tree.
//!
//! Invariant: reading never fails; whatever the text, a document comes back, its tokens cover
//! every byte of it, and what is wrong with it is in its diagnostics.

pub mod ast;
pub mod diagnostic;
pub mod limits;
pub mod span;
pub mod token;
pub mod vocabulary;

pub use ast::Document;
pub use diagnostic::{Diagnostic, Severity};
pub use limits::Limits;
pub use span::{Lines, Span};

/// Reads an agreement.
pub fn parse(source: &str) -> Document {
    parse_with(source, &Limits::default())
}

/// Reads an agreement within these limits.
pub fn parse_with(source: &str, _limits: &Limits) -> Document {
    Document {
        source: source.to_owned(),
        headings: Vec::new(),
        paragraphs: Vec::new(),
        blocks: Vec::new(),
        items: Vec::new(),
        scenarios: Vec::new(),
        vocabulary: vocabulary::Vocabulary::default(),
        tokens: Vec::new(),
        diagnostics: Vec::new(),
    }
}
