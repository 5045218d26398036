//! Where diagnostics are gathered.
//!
//! Invariant: every diagnostic carries a code of the registry, and none repeats what the reader
//! of the text has already told of the same words.

use crate::registry::Code;
use casus_syntax::{Diagnostic, Lines, Severity, Span};

/// How many diagnostics are kept.
const KEPT: usize = 500;

/// The diagnostics of one check.
#[derive(Default)]
pub(crate) struct Sink {
    list: Vec<Diagnostic>,
    told: Vec<Span>,
    failed: bool,
}

impl Sink {
    /// An empty sink beside what the reader of the text has told.
    pub(crate) fn beside(told: &[Diagnostic]) -> Sink {
        let errors = told.iter().filter(|one| one.severity == Severity::Error);
        let told: Vec<Span> = errors.map(|one| one.span).collect();
        Sink { list: Vec::new(), failed: !told.is_empty(), told }
    }

    /// Tells of something wrong.
    pub(crate) fn tell(&mut self, code: &'static Code, span: Span, message: impl Into<String>) {
        self.add(code, span, message.into(), None);
    }

    /// Tells of something wrong, what to do, and what stands elsewhere that has to do with it.
    pub(crate) fn tell_related(
        &mut self,
        code: &'static Code,
        span: Span,
        words: (String, String),
        related: (Span, &str),
    ) {
        let kept = self.list.len();
        self.tell_help(code, span, words.0, words.1);
        if let Some(found) = self.list.get_mut(kept) {
            found.related.push((related.0, related.1.to_owned()));
        }
    }

    /// Tells of something wrong, and what to do.
    pub(crate) fn tell_help(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(code, span, message.into(), Some(help.into()));
    }

    fn add(&mut self, code: &'static Code, span: Span, message: String, help: Option<String>) {
        self.failed |= code.severity == Severity::Error;
        let again = |told: &Span| told.start < span.end && span.start < told.end;
        if self.list.len() >= KEPT || (code.about_names && self.told.iter().any(again)) {
            return;
        }
        let diagnostic = match code.severity {
            Severity::Error => Diagnostic::error(code.code, span, message),
            Severity::Warning => Diagnostic::warning(code.code, span, message),
        };
        self.list.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    /// Whether anything makes the text unusable.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    /// The diagnostics with their lines and columns, in the order of the text.
    pub(crate) fn finish(mut self, source: &str) -> Vec<Diagnostic> {
        let lines = Lines::of(source);
        self.list.sort_by_key(|one| (one.span.start, one.code));
        self.list.dedup();
        self.list.into_iter().map(|one| one.place(source, &lines)).collect()
    }
}
