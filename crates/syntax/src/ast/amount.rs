//! The tree of amounts: what is counted over time, and sums, shares and multiples of it.
//!
//! Invariant: terms stand in the order of the text; whether their kinds fit is for the checker to
//! say.

use super::{By, Duration, Key, Kinded, Moment, Name, Number, Period, Same, Spot};
use super::{Test, Value, What};
use crate::span::Span;

/// `AMOUNT plus AMOUNT minus AMOUNT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// Its terms; at least one.
    pub terms: Vec<Addend>,
    /// From the first word to the last.
    pub span: Span,
}

/// One term of a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Addend {
    /// `minus`.
    pub minus: bool,
    /// How many times.
    pub factor: Option<Factor>,
    /// What.
    pub part: Part,
    /// `as share of PART`.
    pub share_of: Option<Part>,
    /// From the first word to the last.
    pub span: Span,
}

/// How many times a term counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Factor {
    /// `3 times`.
    Times(Number),
    /// `30 % of`.
    Percent(Number),
}

/// What a term is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// What facts say.
    Counted(Box<Counted>),
    /// A value.
    Value(Value),
}

/// `number of THING within 24 hours`.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// What is counted or added up.
    pub unit: CountUnit,
    /// The kind of fact; none: what acts declared with `stock` report of the things.
    pub what: Option<What>,
    /// The things, where no kind of fact is named.
    pub kind: Option<Kinded>,
    /// Who did it.
    pub by: Option<By>,
    /// To any of these; empty: to anybody.
    pub to: Vec<Name>,
    /// Where: all of these.
    pub spots: Vec<Spot>,
    /// Quantities of the fact: all of these.
    pub tests: Vec<Vec<Test>>,
    /// What it shares with the fact or key at hand.
    pub same: Vec<Same>,
    /// `weighted by TABLE`.
    pub weights: Option<Name>,
    /// Over what time; none: at each instant.
    pub over: Option<Over>,
    /// `as of MOMENT`.
    pub as_of: Option<Moment>,
    /// From the first word to the last.
    pub span: Span,
}

/// What is counted or added up.
#[derive(Clone, Debug, PartialEq)]
pub enum CountUnit {
    /// `number of`.
    Number,
    /// `total MEASURE of`.
    Total(Name),
    /// `number of different KEY of`.
    Different(Key),
}

/// The time over which an amount is taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    /// `within D`: a rolling window.
    Within(Duration),
    /// `in each month`.
    InEach(Period),
    /// `so far`.
    SoFar,
    /// `since MOMENT`.
    Since(Box<Moment>),
}
