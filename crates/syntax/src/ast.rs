//! The typed tree of an agreement: one type for each production of `docs/language/grammar.ebnf`.
//!
//! Invariant: every span is a byte range of the document's source; what could not be read is
//! absent from the tree, marked by `damaged`, and told by a diagnostic.

use crate::{diagnostic::Diagnostic, span::Span, token::Token, vocabulary::Vocabulary};
use std::sync::Arc;

mod amount;
mod condition;
mod declaration;
mod norm;
mod scenario;

pub use amount::*;
pub use condition::*;
pub use declaration::*;
pub use norm::*;
pub use scenario::*;

/// One Markdown file, read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file as it was given.
    pub source: String,
    /// Its headings, in the order of the text.
    pub headings: Vec<Heading>,
    /// Its paragraphs and list items of prose, in the order of the text.
    pub paragraphs: Vec<Paragraph>,
    /// Its fenced blocks of rules and tests, in the order of the text.
    pub blocks: Vec<Block>,
    /// The items of all `casus` blocks, in the order of the text.
    pub items: Vec<Item>,
    /// The scenarios of all `casus-test` blocks, in the order of the text.
    pub scenarios: Vec<Scenario>,
    /// The names that the items declare.
    pub vocabulary: Vocabulary,
    /// Tokens that cover every byte of the source, without gap or overlap.
    pub tokens: Vec<Token>,
    /// Everything that is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A heading of the Markdown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 for the title, up to 6.
    pub level: u8,
    /// Its plain text.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// The number in it: `3` of `Article 3. Ceasefire`, `A` of `Annex A. Terms`.
    pub label: Option<String>,
}

/// A paragraph of prose, or an item of a numbered list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its plain text, white space folded.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// Its number in an ordered list.
    pub number: Option<u64>,
    /// The nearest heading above it, as an index into `Document::headings`.
    pub heading: Option<usize>,
}

/// What a fenced block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// `casus`: rules.
    Rules,
    /// `casus-test`: scenarios.
    Tests,
}

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it holds.
    pub kind: BlockKind,
    /// The block with its fences.
    pub span: Span,
    /// The lines between the fences, each without the Markdown that it is nested in.
    pub lines: Vec<Span>,
    /// Some item or scenario of it could not be read in full.
    pub damaged: bool,
}

/// The text that an item stands beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The nearest heading above, as an index into `Document::headings`.
    pub heading: Option<usize>,
    /// The plain text of that heading; empty where there is none.
    pub heading_text: Arc<str>,
    /// The plain text of the prose, white space folded; empty where there is none.
    pub prose: Arc<str>,
    /// From the first byte of the prose to its last.
    pub span: Option<Span>,
}

/// One item of a `casus` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// From its first word to its last.
    pub span: Span,
    /// Its first line in the file, from 1.
    pub line: u32,
    /// The block that it is in, as an index into `Document::blocks`.
    pub block: usize,
    /// The text that it stands beside.
    pub beside: Beside,
    /// As written, without comments, white space folded.
    pub sentence: String,
    /// Some of it could not be read; what could stands in `kind`.
    pub damaged: bool,
    /// What it says.
    pub kind: ItemKind,
}

/// What an item says.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum ItemKind {
    Agreement(Agreement),
    Parties(Parties),
    Group(Group),
    Office(Office),
    Answers(Answers),
    Act(ActDeclaration),
    Acts(ActCases),
    Category(CategoryDeclaration),
    Measure(MeasureDeclaration),
    Has(HasMeasure),
    Defence(DefenceDeclaration),
    Line(LineDeclaration),
    Zone(ZoneDeclaration),
    Family(FamilyDeclaration),
    List(ListDeclaration),
    Table(TableDeclaration),
    Parameter(ParameterDeclaration),
    Norm(Norm),
    Finding(Finding),
    State(StateRule),
    Response(Response),
    Instrument(Instrument),
    /// Its first line could not be read.
    Broken,
}

/// A declared name where it is used or declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its words, one space between them.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Every kind of thing that it is declared as.
    pub kinds: Kinds,
}

/// A kind of declared name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Kind {
    Agreement,
    /// A party, an office or a force.
    Actor,
    /// A group stands for its members wherever actors may stand.
    Group,
    Act,
    /// The verb of an act: it stands wherever the act may.
    Verb,
    Category,
    Measure,
    Defence,
    Line,
    Zone,
    Family,
    List,
    /// An item of a list that is written out.
    ListItem,
    Table,
    Parameter,
    Finding,
    State,
    Step,
    /// One of several readings of a paragraph.
    Reading,
    /// A role of a place of an act.
    Role,
    /// A side of a line.
    Side,
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kinds(pub u32);

impl Kinds {
    /// No kind: the name is not declared.
    pub const NONE: Kinds = Kinds(0);

    /// The set of these.
    pub const fn of(kinds: &[Kind]) -> Kinds {
        let (mut bits, mut rest) = (0, kinds);
        while let [first, tail @ ..] = rest {
            bits |= 1 << (*first as u8);
            rest = tail;
        }
        Kinds(bits)
    }
    /// Whether the kind is among them.
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << (kind as u8)) != 0
    }
    /// Whether the two have a kind in common.
    pub const fn meets(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
    /// With one more.
    pub const fn with(self, kind: Kind) -> Kinds {
        Kinds(self.0 | 1 << (kind as u8))
    }
    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A paragraph's number: `3.1`, `12`, `6.2a`, `A.4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// As written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Text in quotes, a file, a time zone, a unit, a handle: what no declaration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its text, without quotes.
    pub text: String,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// A decimal number, `3`, `0.5`, `1 000` written as `1000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// As written: digits, with at most one point among them.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A day that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: i16,
    /// From 1 to 12.
    pub month: i8,
    /// From 1 to 31.
    pub day: i8,
    /// Where it stands.
    pub span: Span,
}

/// A time of day that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// From 0 to 23.
    pub hour: i8,
    /// From 0 to 59.
    pub minute: i8,
    /// From 0 to 59.
    pub second: i8,
    /// Where it stands.
    pub span: Span,
}

/// A date and the time that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time; none: the text gives none.
    pub time: Option<Time>,
    /// It is one in UTC, not in the agreement's calendar.
    pub utc: bool,
}
