//! What is wrong with a text, where, and what would be right.
//!
//! Invariant: a code means one thing for ever; codes are listed in `registry`.

use crate::span::{Lines, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It may be meant so.
    Warning,
    /// The text cannot be used.
    Error,
}

impl Severity {
    /// `warning`, `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code, as `S014`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What would be right there.
    pub expected: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// What stands elsewhere and has to do with it.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// An error; `place` adds the line and column.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            span,
            line: 1,
            column: 1,
            message: message.into(),
            expected: Vec::new(),
            help: None,
            related: Vec::new(),
        }
    }
    /// A warning; `place` adds the line and column.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }
    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
    /// With something elsewhere that has to do with it.
    pub fn related(mut self, span: Span, what: impl Into<String>) -> Diagnostic {
        self.related.push((span, what.into()));
        self
    }
    /// With what would be right.
    pub fn expected(mut self, expected: Vec<String>) -> Diagnostic {
        self.expected = expected;
        self
    }
    /// With its line and column.
    pub fn place(mut self, source: &str, lines: &Lines) -> Diagnostic {
        (self.line, self.column) = lines.line_column(source, self.span.start);
        self
    }
}

/// A diagnostic in plain values, for whatever format it is sent in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// Its code.
    pub code: &'static str,
    /// `warning`, `error`.
    pub severity: &'static str,
    /// The line it begins on, from 1.
    pub line: u32,
    /// The column it begins at in characters, from 1.
    pub column: u32,
    /// The line it ends on, from 1.
    pub end_line: u32,
    /// The column after its last character, from 1.
    pub end_column: u32,
    /// What is wrong.
    pub message: String,
    /// What would be right there.
    pub expected: Vec<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// In plain values.
    pub fn plain(&self, source: &str, lines: &Lines) -> Plain {
        let (end_line, end_column) = lines.line_column(source, self.span.end);
        Plain {
            code: self.code,
            severity: self.severity.as_str(),
            line: self.line,
            column: self.column,
            end_line,
            end_column,
            message: self.message.clone(),
            expected: self.expected.clone(),
            help: self.help.clone(),
        }
    }
}
