//! The documents that are open in the editor, and what is known of each.
//!
//! Invariant: what is known of a document is of its present text, or is not there yet.

use crate::{
    door::{Beside, Door},
    lines::{Encoding, Places},
};
use casus_check::{Checked, check};
use casus_model::program::Program;
use casus_syntax::{
    Diagnostic, Document, parse,
    sentence::{Sentence, sentences},
};
use lsp_types::TextDocumentContentChangeEvent;
use std::{collections::BTreeMap, sync::Arc};

/// Documents that may be open at once.
pub const DOCUMENTS: usize = 256;
/// Bytes of a document; a greater one is put aside until it is sent anew.
pub const DOCUMENT_BYTES: usize = 16 << 20;

/// The open documents by their URI.
pub type Store = BTreeMap<String, Open>;

/// One open document.
#[derive(Debug)]
pub struct Open {
    /// The version that the editor gave it.
    pub version: i32,
    /// Its text; none where it is too large or was changed while it was.
    text: Option<String>,
    encoding: Encoding,
    reading: Option<Arc<Reading>>,
    /// The last agreement that this text was, for what is asked while a sentence is half written.
    last: Option<Arc<Program>>,
    /// What was told of it last is no longer so.
    pub stale: bool,
}

/// What a text says.
#[derive(Debug)]
pub struct Reading {
    /// The text, read.
    pub document: Document,
    /// Its words.
    pub sentences: Vec<Sentence>,
    /// Everything that is wrong with it.
    pub told: Vec<Diagnostic>,
    /// The agreement, as it stands or as it stood before the mistakes in it.
    pub program: Option<Arc<Program>>,
    /// Its places.
    pub places: Places,
}

impl Reading {
    /// The text.
    pub fn source(&self) -> &str {
        &self.document.source
    }
}

impl Open {
    /// A document that was just opened.
    pub fn new(version: i32, text: String, encoding: Encoding) -> Open {
        let text = fitting(text);
        Open { version, text, encoding, reading: None, last: None, stale: true }
    }

    /// Whether it is put aside, being too large.
    pub fn is_aside(&self) -> bool {
        self.text.is_none()
    }

    /// Follows the changes, one after the other.
    pub fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        self.version = version;
        self.forget();
        for change in changes {
            let Some(range) = change.range else {
                self.text = fitting(change.text);
                continue;
            };
            let Some(text) = &mut self.text else { continue };
            let span = Places::of(text, self.encoding).span(text, range);
            text.replace_range(span.start..span.end, &change.text);
            if text.len() > DOCUMENT_BYTES {
                self.text = None;
            }
        }
    }

    /// What was known is asked for again: the text or a file beside it has changed.
    pub fn forget(&mut self) {
        self.reading = None;
        self.stale = true;
    }

    /// What the text says; none where it is put aside.
    pub fn read(&mut self, uri: &str, door: &dyn Door) -> Option<Arc<Reading>> {
        if let Some(known) = &self.reading {
            return Some(known.clone());
        }
        let document = parse(self.text.as_deref()?);
        let Checked { program, diagnostics, .. } = check(&document, &Beside { door, uri });
        if let Some(program) = program {
            self.last = Some(Arc::new(program));
        }
        let mut told = document.diagnostics.clone();
        told.extend(diagnostics);
        told.sort_by_key(|one| one.span);
        if document.blocks.is_empty() {
            // A page of prose is no agreement, and nothing is wrong with that.
            told.clear();
        }
        let places = Places::of(&document.source, self.encoding);
        let sentences = sentences(&document);
        let program = self.last.clone();
        let reading = Arc::new(Reading { document, sentences, told, program, places });
        self.reading = Some(reading.clone());
        Some(reading)
    }
}

fn fitting(text: String) -> Option<String> {
    (text.len() <= DOCUMENT_BYTES).then_some(text)
}
