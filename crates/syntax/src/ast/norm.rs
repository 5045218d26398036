//! The tree of norms and determinations: who must do what, and what follows.
//!
//! Invariant: clauses stand in the order of the text; whether they fit the norm is for the
//! checker to say.

use super::{
    ActorList, Amount, Condition, Deadline, Duration, Kinded, Label, Moment, Name, Number, Period,
};
use super::{Spot, Test, Text, Thing, Time};
use crate::span::Span;

/// `3.1 each of Sides must not fire weapon` and its clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct Norm {
    /// Its paragraph.
    pub label: Label,
    /// Which of several wordings of the paragraph it is; none: the only or the first one.
    pub wording: Option<Wording>,
    /// Who bears it.
    pub who: Who,
    /// What it says.
    pub modal: Modal,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// One of several wordings of a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub enum Wording {
    /// `amend 3.1 from MOMENT`: it takes the place of the wording before it.
    Amended(Moment),
    /// `reading strict of 3.1`: it stands beside the others.
    Reading(Name),
}

/// Who bears a norm.
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    /// How several bear it.
    pub share: Share,
    /// Who.
    pub actors: ActorList,
}

/// How several bear one norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// One name: neither `each of`, nor `any of`, nor `together`.
    Alone,
    /// `each of`.
    Each,
    /// `any of`.
    Any,
    /// `together`.
    Together,
}

/// What a norm says.
#[derive(Clone, Debug, PartialEq)]
pub enum Modal {
    /// `must not`.
    MustNot(Vec<Deed>),
    /// `must`.
    Must(Vec<Deed>),
    /// `must make an effort to`.
    Effort(Vec<Deed>),
    /// `may suspend 3.1`: a power.
    Power(Verb, Vec<Label>),
    /// `should`.
    Should(Vec<Deed>),
    /// `may`.
    May(Vec<Deed>),
    /// `must keep AMOUNT at most AMOUNT`.
    Keep {
        /// What is kept.
        left: Amount,
        /// How it is compared.
        compare: super::Compare,
        /// With what.
        right: Amount,
        /// `adjusted by`: while such a fact lasts, its amount is added to the right side.
        adjusted: Option<Box<Thing>>,
    },
}

/// What a power does to its targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Verb {
    Activate,
    Adjust,
    Amend,
    End,
    Extend,
    Join,
    Replace,
    Suspend,
    Waive,
    Withdraw,
}

/// `fire gun with calibre at least 100 mm in Security`.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// The act, or its verb.
    pub act: Name,
    /// What with or about.
    pub kind: Option<Kinded>,
    /// To whom.
    pub to: Option<Recipient>,
    /// Where: all of these.
    pub spots: Vec<Spot>,
    /// Quantities of the fact: all of one of these groups.
    pub tests: Vec<Vec<Test>>,
    /// In the same zone of this family as what the duty hangs on.
    pub same: Option<Name>,
    /// From the first word to the last.
    pub span: Span,
}

/// To whom a deed is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Recipient {
    /// To any of these.
    Actors(ActorList),
    /// To the party that the rule is about.
    TheParty(Span),
    /// To every one of these.
    All(ActorList),
}

/// One clause of a norm, finding or state.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// From its first word to its last, with the `and` and `or` lines that belong to it.
    pub span: Span,
}

/// What a clause says.
#[derive(Clone, Debug, PartialEq)]
pub enum ClauseKind {
    /// A place.
    Spot(Spot),
    /// `from MOMENT`.
    From(Moment),
    /// `until MOMENT`.
    Until(Moment),
    /// `while [not] STATE`.
    While {
        /// `not`.
        negated: bool,
        /// The state.
        state: Name,
        /// Of whom.
        whose: Option<super::StateOf>,
    },
    /// `despite 3.1, 3.2`.
    Despite(Vec<Label>),
    /// `on [each] COND`.
    On {
        /// `each`.
        each: bool,
        /// The trigger.
        conditions: Conditions,
    },
    /// `for each CATEGORY of LIST`, `for all CATEGORY of LIST`.
    For {
        /// `all`, not `each`.
        all: bool,
        /// What its items are.
        category: Name,
        /// The list.
        list: Name,
    },
    /// `repeat …`.
    Repeat(Repeat),
    /// `start DEADLINE`.
    Start(Deadline),
    /// `due DEADLINE`.
    Due(Deadline),
    /// `when COND`.
    When(Conditions),
    /// `except COND [, shown by the party]`.
    Except {
        /// Any of these groups.
        conditions: Conditions,
        /// `shown by the party`.
        shown: bool,
    },
    /// `link …`, of a finding.
    Link(Link),
    /// `unless DEFENCE …`.
    Unless {
        /// The defence.
        defence: Name,
        /// `claimed`, and within what of the act.
        claimed: Option<Claimed>,
        /// `shown by the party`.
        shown: bool,
    },
    /// `proof …`.
    Proof(Vec<Question>),
    /// `decided by …`, of a finding or a power.
    Decided(Decided),
    /// `failing that [not] adopted`: what silence means.
    Failing(bool),
    /// `takes effect D after it`, of a power.
    Effect(Duration),
    /// `suspended while [not] STATE`.
    Suspended {
        /// `not`.
        negated: bool,
        /// The state.
        state: Name,
        /// Of whom.
        whose: Option<super::StateOf>,
    },
    /// `waivable by …`.
    Waivable(ActorList),
    /// `paused while [not] STATE [, for at most D]`.
    Paused {
        /// `not`.
        negated: bool,
        /// The state.
        state: Name,
        /// Of whom.
        whose: Option<super::StateOf>,
        /// The longest pause, all in all.
        most: Option<Duration>,
    },
    /// `extended by D on THING …`.
    Extended {
        /// By how much.
        by: Duration,
        /// On each such fact.
        thing: Box<Thing>,
        /// How it stands to `it`.
        order: Vec<super::Order>,
    },
    /// `ends when …`, of a state or response.
    Ends(Conditions),
}

/// `link same party, within D and LENGTH, at least N`.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What the facts share.
    pub same: Vec<super::Same>,
    /// At most so long apart.
    pub within: Duration,
    /// At most so far apart.
    pub far: Option<super::Quantity>,
    /// So many belong together.
    pub least: Option<Number>,
}

/// `claimed [within D of it]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// Within what of the act.
    pub within: Option<Duration>,
}

/// A first condition and the `and`, `or` lines that follow it; `or` opens a new group of ands.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// Any of these groups, all conditions of it; none is empty.
    pub groups: Vec<Vec<Condition>>,
}

/// How a duty repeats.
#[derive(Clone, Debug, PartialEq)]
pub enum Repeat {
    /// `each month by 12:00`.
    Each(Period, Option<Time>),
    /// `gap at most D`.
    Gap(Duration),
    /// `at least N in each month`.
    Least(Number, Period),
}

/// What proof is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Did it happen.
    Act(Standard),
    /// Who is responsible.
    Attribution(Standard),
    /// The worst source that counts, `A1` to `F6`.
    Source(Text),
}

/// How sure it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standard {
    /// `confirmed`.
    Confirmed,
    /// `at least probable`.
    Probable,
    /// `at least possible`.
    Possible,
    /// `at least N %`.
    Percent(Number),
}

/// `9.1 finding grave breach of party, sector` and its clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its paragraph.
    pub label: Label,
    /// Its name.
    pub name: Name,
    /// What it is found for.
    pub keys: Vec<Key>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// `9.2 state quiet of sector` and its clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct StateRule {
    /// Its paragraph.
    pub label: Label,
    /// Its name.
    pub name: Name,
    /// What it holds for.
    pub keys: Vec<Key>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// What facts are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The responsible party.
    Party(Span),
    /// The zone of a family.
    Family(Name),
    /// Which item.
    Item(Span),
    /// To whom.
    Recipient(Span),
}

/// `9.3 response to grave breach, clocks from …` and its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Its paragraph.
    pub label: Label,
    /// What it answers.
    pub to: Thing,
    /// Where its clocks start.
    pub clocks: Moment,
    /// Its steps.
    pub steps: Vec<Step>,
    /// When it ends: any of these.
    pub ends: Vec<Conditions>,
    /// Who adopts each step; more than one is the checker's to report.
    pub decided: Vec<Decided>,
}

/// `step warning if expanded: Commission must warn UA, due within 24 hours`.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: Name,
    /// Only once this holds.
    pub when: Option<Condition>,
    /// Who takes it.
    pub who: Who,
    /// Any of these is the step taken.
    pub deeds: Vec<Deed>,
    /// How long after the clocks started.
    pub due: Duration,
    /// From the first word to the last.
    pub span: Span,
}

/// `decided by 2 of Commission, before its deadline`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// How many of its members; none: as many as its quorum.
    pub number: Option<Number>,
    /// The body.
    pub office: Name,
    /// `without the party`.
    pub without_party: bool,
    /// By when.
    pub due: Option<DecisionDue>,
    /// From the first word to the last.
    pub span: Span,
}

/// By when a body decides.
#[derive(Clone, Debug, PartialEq)]
pub enum DecisionDue {
    /// `before its deadline`: the step's.
    BeforeItsDeadline,
    /// `due DEADLINE`.
    Due(Deadline),
}
