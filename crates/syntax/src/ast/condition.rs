//! The tree of conditions, places, moments and amounts.
//!
//! Invariant: `it` is the fact that the sentence is about; nothing else is bound.

use super::{Amount, Date, Key, Label, Name, Number, Text, Time};
use crate::span::Span;

/// One or more actors, joined by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorList {
    /// The actors and groups.
    pub names: Vec<Name>,
}

/// A category with tests of its measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Kinded {
    /// The category.
    pub category: Name,
    /// All of these.
    pub tests: Vec<Test>,
    /// From the first word to the last.
    pub span: Span,
}

/// `calibre at least 100 mm`.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The measure.
    pub measure: Name,
    /// How it is compared.
    pub compare: Compare,
    /// With what.
    pub value: Value,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Compare {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    EqualTo,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What it says.
    pub kind: ConditionKind,
    /// From the first word to the last.
    pub span: Span,
}

/// What a condition says.
#[derive(Clone, Debug, PartialEq)]
pub enum ConditionKind {
    /// `[no] THING ORDER and ORDER`.
    Fact {
        /// `no`.
        negated: bool,
        /// Which.
        thing: Thing,
        /// All of these.
        order: Vec<Order>,
    },
    /// `at least N THING within D`.
    Count {
        /// How many.
        least: Least,
        /// Which.
        thing: Thing,
        /// The window.
        window: Window,
    },
    /// `THING in all COMPARE D`.
    Cumulated {
        /// Which.
        thing: Thing,
        /// How it is compared.
        compare: Compare,
        /// With how long.
        span: Duration,
    },
    /// `THING then THING then within D THING ORDER`.
    Sequence {
        /// The first.
        first: Thing,
        /// Those after it; at least one.
        then: Vec<Then>,
        /// How the last one stands: all of these.
        order: Vec<Order>,
    },
    /// `[no] the latest THING as of MOMENT ORDER`.
    Latest {
        /// `no`.
        negated: bool,
        /// Which.
        thing: Thing,
        /// By when.
        as_of: Option<Moment>,
        /// All of these.
        order: Vec<Order>,
    },
    /// `no THING for D`.
    Quiet {
        /// Which.
        thing: Thing,
        /// How long.
        span: Duration,
    },
    /// `THING for D, gap at most D`.
    Lasting {
        /// Which.
        thing: Thing,
        /// How long.
        span: Duration,
        /// The greatest gap.
        gap: Duration,
    },
    /// `THING seen for D, gap at most D`.
    Seen {
        /// Which.
        thing: Thing,
        /// How long from the first to the last.
        span: Duration,
        /// The greatest gap.
        gap: Duration,
    },
    /// `AMOUNT at least AMOUNT`.
    Amount {
        /// What is compared.
        left: Amount,
        /// How.
        compare: Compare,
        /// With what.
        right: Amount,
    },
    /// `[not] STATE`.
    State {
        /// `not`.
        negated: bool,
        /// The state.
        state: Name,
        /// Of whom.
        whose: Option<StateOf>,
    },
}

/// The window of a count.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// `within D`.
    Within(Duration),
    /// `in the same month`.
    Same(super::Period),
    /// `so far`.
    SoFar,
}

/// `then within D THING`.
#[derive(Clone, Debug, PartialEq)]
pub struct Then {
    /// At most so long after the one before.
    pub within: Option<Duration>,
    /// Which.
    pub thing: Thing,
}

/// StateOf state it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateOf {
    /// `of other party`.
    Other,
    /// `of NAME`.
    Of(Name),
    /// `of ZONE`.
    In(Name),
}

/// How many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Least {
    /// This many.
    Number(Number),
    /// As many as a parameter says.
    Parameter(Name),
}

/// Which facts are meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// The kind of fact.
    pub what: What,
    /// Who did it.
    pub by: Option<By>,
    /// To any of these; empty: to anybody.
    pub to: Vec<Name>,
    /// Where: all of these.
    pub spots: Vec<Spot>,
    /// Quantities of the fact: all of one of these groups.
    pub tests: Vec<Vec<Test>>,
    /// What it shares with the fact or key at hand.
    pub same: Vec<Same>,
    /// From the first word to the last.
    pub span: Span,
}

/// A kind of fact.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// An act, and of what.
    Act {
        /// The act, or its verb.
        act: Name,
        /// Of what.
        kind: Option<Kinded>,
    },
    /// `breach of 3.1, 3.2`.
    Breach(Vec<Label>),
    /// `met 3.1`.
    Met(Vec<Label>),
    /// `missed 3.1`.
    Missed(Vec<Label>),
    /// `FINDING [adopted | refused]`.
    Finding {
        /// The finding.
        finding: Name,
        /// What the body that decides made of it; none: that it was found.
        answer: Option<Answer>,
    },
    /// `exercise of 9.5`: of a power.
    Exercise(Label),
    /// `begin of STATE`.
    Begin(Name),
    /// `end of STATE`.
    End(Name),
}

/// What a body made of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `adopted`.
    Adopted,
    /// `refused`.
    Refused,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Any of these.
    Actors(ActorList),
    /// `other party`.
    OtherParty(Span),
    /// `at least N of` these, each in a fact of their own.
    AtLeast(Number, ActorList),
}

/// `same party`, `in same sector`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Same {
    /// The key.
    pub key: Key,
    /// From the first word to the last.
    pub span: Span,
}

/// How a fact stands to `it`.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// `other item`.
    OtherItem,
    /// `before it`.
    Before,
    /// `after it`.
    After,
    /// `at least D before it`.
    AtLeastBefore(Duration),
    /// `within D before it`.
    WithinBefore(Duration),
    /// `within D after it`.
    WithinAfter(Duration),
    /// `covering it`.
    Covering,
    /// `about it`.
    About,
    /// `within D of it`; a parameter may also be a length, which is for the checker to see.
    WithinOf(Duration),
    /// `within LENGTH of it`.
    Near(Quantity),
    /// `beyond LENGTH from it`.
    Far(Length),
}

/// A place.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// What it says.
    pub kind: SpotKind,
    /// At any of these roles; empty: at any place that the act has.
    pub roles: Vec<Name>,
    /// From the first word to the last.
    pub span: Span,
}

/// What a place says.
#[derive(Clone, Debug, PartialEq)]
pub enum SpotKind {
    /// `in ZONE, ZONE`.
    In(Vec<Name>),
    /// `outside ZONE, ZONE`.
    Outside(Vec<Name>),
    /// `beyond DISTANCE from [own] LINE`.
    Beyond(Distance, LineOf),
    /// `within DISTANCE from [own] LINE`.
    Within(Distance, LineOf),
    /// `across [own] LINE [into SIDE]`.
    Across(LineOf, Option<Name>),
}

/// `[own] LINE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOf {
    /// The party's own.
    pub own: bool,
    /// The line.
    pub line: Name,
}

/// A distance.
#[derive(Clone, Debug, PartialEq)]
pub enum Distance {
    /// So far.
    Length(Length),
    /// As the table says for the category.
    Table(Name),
}

/// An area that a zone is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Area {
    /// `from FILE [feature TEXT]`.
    File(super::FileShape),
    /// `within LENGTH of LINE [on SIDE]`, `within LENGTH of ZONE`.
    Around(Length, Name, Option<Name>),
    /// `is ZONE`, or `ZONE` of a piece.
    Zone(Name),
}

/// By when.
#[derive(Clone, Debug, PartialEq)]
pub struct Deadline {
    /// What it says.
    pub kind: DeadlineKind,
    /// From the first word to the last.
    pub span: Span,
}

/// What a deadline says.
#[derive(Clone, Debug, PartialEq)]
pub enum DeadlineKind {
    /// `within D of ANCHOR`.
    Within(Duration, Anchor),
    /// `at least D before ANCHOR`.
    AtLeastBefore(Duration, Anchor),
    /// `by MOMENT`.
    By(Moment),
}

/// A moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// What it says.
    pub kind: MomentKind,
    /// From the first word to the last.
    pub span: Span,
}

/// What a moment says.
#[derive(Clone, Debug, PartialEq)]
pub enum MomentKind {
    /// `2026-03-01 [14:00]`.
    Date(Date, Option<Time>),
    /// `14:00 on 2026-03-01`.
    TimeOnDate(Time, Date),
    /// `14:00 on the day after ANCHOR`.
    TimeOnDay(Time, DayOf, Anchor),
    /// `D after ANCHOR`.
    After(Duration, Anchor),
    /// `D before ANCHOR`.
    Before(Duration, Anchor),
    /// `ANCHOR`.
    Anchor(Anchor),
    /// `earlier of A or B`.
    EarlierOf(Box<Moment>, Box<Moment>),
    /// `later of A or B`.
    LaterOf(Box<Moment>, Box<Moment>),
}

/// Which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOf {
    /// `the day of`.
    Of,
    /// `the day after`.
    After,
    /// `the day before`.
    Before,
}

/// What a moment hangs on.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// Which instant of it.
    pub edge: Edge,
    /// `it`, or a fact.
    pub of: AnchorOf,
    /// From the first word to the last.
    pub span: Span,
}

/// Which instant of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its own.
    Itself,
    /// `start of`.
    Start,
    /// `end of`.
    End,
    /// `receipt of`.
    Receipt,
}

/// `it`, or a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum AnchorOf {
    /// `it`.
    It(Span),
    /// The first such fact.
    Thing(Box<Thing>),
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duration {
    /// `24 hours`.
    Exact(Number, Unit),
    /// A parameter.
    Parameter(Name),
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    WorkingDay,
    Week,
    Month,
    Year,
}

/// A period of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A number with a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// The number.
    pub number: Number,
    /// `thousand`, `million`, `billion`.
    pub scale: Option<Scale>,
    /// The unit as written.
    pub unit: Option<Text>,
    /// From the first word to the last.
    pub span: Span,
}

/// A power of ten by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Scale {
    Thousand,
    Million,
    Billion,
}

/// A quantity, or a parameter that stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An amount.
    Quantity(Quantity),
    /// A parameter.
    Parameter(Name),
}

/// A length: that its unit is one of length is for the checker to say.
pub type Length = Value;
