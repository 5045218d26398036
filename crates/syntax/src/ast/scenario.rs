//! The tree of a `casus-test` block: facts, a clock, and what they must lead to.
//!
//! Invariant: facts and expectations stand in the order of the text.

use super::{ActorList, Beside, DateTime, Label, Length, Name, Number, Quantity, Text};
use crate::span::Span;

/// `at 2026-03-02 00:00`, its facts and what is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// From its first word to its last.
    pub span: Span,
    /// Its first line in the file, from 1.
    pub line: u32,
    /// The block that it is in, as an index into `Document::blocks`.
    pub block: usize,
    /// The text that it stands beside.
    pub beside: Beside,
    /// The label of the last rule before it.
    pub label: Option<Label>,
    /// Some of it could not be read.
    pub damaged: bool,
    /// The clock; none: it could not be read.
    pub at: Option<DateTime>,
    /// The facts.
    pub facts: Vec<Fact>,
    /// What is expected.
    pub expect: Vec<Expect>,
}

/// One fact of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it says.
    pub kind: FactKind,
    /// From the first word to the last.
    pub span: Span,
    /// Its line in the file, from 1.
    pub line: u32,
}

/// What a fact says.
#[derive(Clone, Debug, PartialEq)]
pub enum FactKind {
    /// `[ID:] REPORT`.
    Report(Option<Text>, Report),
    /// `correction of ID: REPORT`.
    Correction(Text, Report),
    /// `withdrawal of ID, known DATE TIME`.
    Withdrawal(Text, DateTime),
}

/// A report of one act.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What was done.
    pub what: ReportWhat,
    /// Who did it.
    pub by: Option<ActorList>,
    /// To whom.
    pub to: Option<ActorList>,
    /// Named places.
    pub places: Vec<ReportPlace>,
    /// What it is about.
    pub about: Vec<Text>,
    /// When it was or began.
    pub on: DateTime,
    /// It began at some time from `on` to this.
    pub latest: Option<DateTime>,
    /// When it ended.
    pub until: Option<DateTime>,
    /// Everything else.
    pub details: Vec<Detail>,
    /// From the first word to the last.
    pub span: Span,
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportWhat {
    /// An act, and with what.
    Act {
        /// The act, or its verb.
        act: Name,
        /// Of what.
        kind: Option<ReportKind>,
    },
    /// `claim of DEFENCE`.
    Claim(Name),
    /// `acceptance of DEFENCE`.
    Acceptance(Name),
    /// `rejection of DEFENCE`.
    Rejection(Name),
    /// `rejection of LABEL`: people refuse to adopt it.
    Refusal(Label),
    /// `exercise of LABEL`: of a power.
    Exercise(Label),
    /// `waiver of LABEL`.
    Waiver(Label),
    /// `adoption of 9.3 coalition`: a rule, and the step where it is a ladder.
    Adoption(Label, Option<Name>),
}

/// `gun with calibre 152 mm and weight 7 t`.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportKind {
    /// The category.
    pub category: Name,
    /// Its measures.
    pub measures: Vec<(Name, Quantity)>,
}

/// `in Corridor at target`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPlace {
    /// A zone, or a place that no declaration names.
    pub place: Name,
    /// The role.
    pub role: Option<Name>,
}

/// One detail of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// `grade B2`.
    Grade(Text),
    /// `attribution probable`.
    Attribution(Sureness),
    /// `known 2026-03-01 12:00`.
    Known(DateTime),
    /// `source "patrol 4" from "press"`.
    Source(Text, Option<Text>),
    /// `incident f1`.
    Incident(Text),
    /// `item "hull 7"`.
    Item(Text),
    /// `error 2 km`.
    Error(Length),
    /// `at 48.5N 37.9E as target`.
    At(Point, Option<Name>),
    /// `along 48.5N 37.9E to 48.6N 37.9E as path`.
    Along(Vec<Point>, Option<Name>),
    /// `at height 300 m to 400 m`.
    Height(Length, Option<Length>),
    /// `killed 3`, `killed 3 to 5`.
    Measure {
        /// The measure.
        measure: Name,
        /// The amount, or the lowest.
        low: Quantity,
        /// The highest.
        high: Option<Quantity>,
    },
}

/// How sure an attribution is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Sureness {
    Confirmed,
    Probable,
    Possible,
    Unknown,
    Percent(Number),
}

/// `48.5N 37.9E`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Where it stands.
    pub span: Span,
}

/// `expect 3.1 breached by RU, once`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// The reading that is meant; none: every version and reading of the rule.
    pub reading: Option<Name>,
    /// The rule.
    pub label: Label,
    /// The verdict, in the words of the grammar.
    pub verdict: &'static str,
    /// By whom.
    pub by: Option<Name>,
    /// For which key values: zones, items, steps, recipients.
    pub keys: Vec<Name>,
    /// How many, when due, why; in the order of the text.
    pub notes: Vec<ExpectNote>,
    /// From the first word to the last.
    pub span: Span,
    /// Its line in the file, from 1.
    pub line: u32,
}

/// How many, when due, or why.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectNote {
    /// `once`: 1, `twice`: 2, `never`: 0, `5 times`.
    Count(Number),
    /// `due 2026-03-01 12:00`.
    Due(DateTime),
    /// The reason, in the words of the grammar.
    Reason(&'static str),
}
