//! Literate Markdown and rule blocks into a lossless typed tree.
//!
//! Invariant: reading never fails; whatever the text, a document comes back, its tokens cover
//! every byte of it, and what is wrong with it is in its diagnostics.

pub mod ast;
mod beside;
pub mod diagnostic;
mod document;
pub mod format;
pub mod keyword;
mod layout;
pub mod lexeme;
mod lexer;
pub mod limits;
mod markdown;
mod names;
mod parser;
pub mod registry;
pub mod render;
pub mod sentence;
pub mod span;
pub mod token;
pub mod vocabulary;

pub use ast::Document;
pub use diagnostic::{Diagnostic, Severity};
pub use format::{format, format_document};
pub use keyword::KEYWORDS;
pub use limits::Limits;
pub use span::{Lines, Span};

/// Reads an agreement.
pub fn parse(source: &str) -> Document {
    parse_with(source, &Limits::default())
}

/// Reads an agreement within these limits.
pub fn parse_with(source: &str, limits: &Limits) -> Document {
    document::read(source, limits)
}

/// The text of a file; an error where it is not UTF-8.
// Told once a file, so that its size is of no account.
#[allow(clippy::result_large_err)]
pub fn decode(bytes: &[u8]) -> Result<String, Diagnostic> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let valid = bytes.get(..at).and_then(|bytes| std::str::from_utf8(bytes).ok());
            let valid = valid.unwrap_or("");
            let byte = bytes.get(at).copied().unwrap_or(0);
            let message = format!("the file is not UTF-8: byte {byte:#04x} at offset {at}");
            let found = Diagnostic::error("S000", Span::new(at, at), message);
            let found = found.help("save the file as UTF-8");
            Err(found.place(valid, &Lines::of(valid)))
        }
    }
}
