//! What a rule looks for: patterns of facts, conditions on them, and moments in time.
//!
//! Invariant: a condition reads facts at or before its own time; only deadlines look ahead, and
//! they are judged by the clock.

use super::{ActId, ActorId, Amount, CategoryId, FamilyId, LineId, RuleId, TableId, ZoneId};
use crate::{
    calendar::{Period, Span},
    name::Name,
    side::Hand,
};
use rust_decimal::Decimal;

/// Which facts are meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The kind of fact.
    pub what: What,
    /// Who did it.
    pub by: By,
    /// What it was done with or about.
    pub object: Option<ObjectTest>,
    /// To whom: one of these; empty: anybody.
    pub to: Vec<ActorId>,
    /// Where: all of these.
    pub places: Vec<PlaceTest>,
    /// Its quantities: all tests of one of these groups; no group: nothing is asked.
    pub tests: Vec<Vec<MeasureTest>>,
}

/// A kind of fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One of these acts, or a case of one.
    Act(Vec<ActId>),
    /// A breach of a rule (prohibition, limit, or missed duty).
    Breach(RuleId),
    /// A determination was found.
    Found(RuleId),
    /// A determination was adopted by the body that decides it.
    Adopted(RuleId),
    /// A determination was refused by that body, or by its silence.
    Refused(RuleId),
    /// A duty was done (also late), or a body decided.
    Met(RuleId),
    /// A duty's deadline passed and it was not done.
    Missed(RuleId),
    /// A state began.
    Begin(RuleId),
    /// A state ended.
    End(RuleId),
    /// Any of these: breaches of several rules, or of all versions of one.
    AnyOf(Vec<What>),
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Anybody, known or not.
    Anyone,
    /// One of these, by their own act or by answering for it.
    OneOf(Vec<ActorId>),
    /// The same party as `it` (or, in a trigger of a duty, the bearer).
    Same,
    /// A party other than that of `it`.
    Other,
}

/// `gun with calibre at least 100 mm`.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectTest {
    /// The category.
    pub category: CategoryId,
    /// All of these.
    pub tests: Vec<MeasureTest>,
}

/// `calibre at least 100 mm`, in base units.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureTest {
    /// The measure.
    pub measure: Name,
    /// How it is compared.
    pub compare: Compare,
    /// With what, in base units.
    pub value: Decimal,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Compare {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    Equal,
}

/// Where it was.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceTest {
    /// In (or outside) any of the zones, at any of the roles.
    Zone {
        /// In any of these.
        zones: Vec<ZoneId>,
        /// At any of these roles; empty: at any place the act has.
        roles: Vec<Name>,
        /// In, or outside.
        inside: bool,
    },
    /// At least so far from a line (or within it).
    Line {
        /// The line.
        line: LineId,
        /// The party's own line.
        own: bool,
        /// How far.
        distance: Distance,
        /// At any of these roles; empty: at any place the act has.
        roles: Vec<Name>,
        /// `beyond` (at least so far), or `within` (at most so far).
        beyond: bool,
    },
    /// On a path that crosses a line.
    Across {
        /// The line.
        line: LineId,
        /// The party's own line.
        own: bool,
        /// Into this side of it.
        into: Option<Hand>,
        /// At any of these roles; empty: at any place the act has.
        roles: Vec<Name>,
    },
}

impl PlaceTest {
    /// Whether it asks for the line of whoever is meant.
    pub fn of_own_line(&self) -> bool {
        match self {
            PlaceTest::Zone { .. } => false,
            PlaceTest::Line { own, .. } | PlaceTest::Across { own, .. } => *own,
        }
    }
}

/// A distance.
#[derive(Clone, Debug, PartialEq)]
pub enum Distance {
    /// So many metres.
    Metres(f64),
    /// As the table says for the object's category.
    Table(TableId),
}

/// What facts are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The responsible party.
    Party,
    /// The zone of a family that it happened in.
    Family(FamilyId),
    /// Which item.
    Item,
    /// To whom.
    Recipient,
}

/// Any of the groups holds, all conditions of it.
pub type Groups = Vec<Vec<Condition>>;

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// There is (or, negated, there is not) such a fact, in this order to `it`.
    Fact {
        /// `no` such fact.
        negated: bool,
        /// Which.
        pattern: Pattern,
        /// Sharing these with `it` or with the key.
        same: Vec<Key>,
        /// All of these.
        order: Vec<Order>,
    },
    /// At least so many such facts within a window that ends now.
    Count {
        /// How many.
        least: u32,
        /// Which.
        pattern: Pattern,
        /// Sharing these.
        same: Vec<Key>,
        /// The window.
        window: Window,
    },
    /// So many different actors have each done such a thing (or, negated, have not).
    Among {
        /// Fewer have.
        negated: bool,
        /// How many.
        least: u32,
        /// Of whom.
        actors: Vec<ActorId>,
        /// What; done by anybody.
        pattern: Pattern,
        /// Sharing these.
        same: Vec<Key>,
    },
    /// How long such facts have lasted so far, what overlaps counted once.
    Cumulated {
        /// Which.
        pattern: Pattern,
        /// Sharing these.
        same: Vec<Key>,
        /// How it is compared.
        compare: Compare,
        /// With how many milliseconds.
        ms: i64,
    },
    /// Such facts, one after the other, the last of them in this order to `it`.
    Sequence {
        /// In the order in which they happened; at least two.
        steps: Vec<Next>,
        /// How the last one stands to `it`: all of these.
        order: Vec<Order>,
    },
    /// The last fact of its kind is such a one (or, negated, is not).
    Latest {
        /// It is not.
        negated: bool,
        /// Its kind and who, which say which fact is the last; its places and quantities, which
        /// it must have.
        pattern: Pattern,
        /// Sharing these.
        same: Vec<Key>,
        /// The last one by then; none: by `it`, or by the instant at hand.
        as_of: Option<Moment>,
        /// How it stands to `it`: all of these.
        order: Vec<Order>,
    },
    /// No such fact for so long.
    Quiet {
        /// Which.
        pattern: Pattern,
        /// Sharing these.
        same: Vec<Key>,
        /// How long.
        span: Span,
    },
    /// Such facts have gone on for so long without a greater gap.
    Lasting {
        /// Which.
        pattern: Pattern,
        /// Sharing these.
        same: Vec<Key>,
        /// How long.
        span: Span,
        /// The greatest gap.
        gap: Span,
    },
    /// Such facts follow each other without a greater gap, the first and the last of them so far
    /// apart; holds until the last one ends.
    Seen {
        /// Which.
        pattern: Pattern,
        /// Sharing these.
        same: Vec<Key>,
        /// How long from the begin of the first to the end of the last.
        span: Span,
        /// The greatest gap.
        gap: Span,
    },
    /// An amount compares so with another.
    Amount {
        /// What is compared.
        left: Amount,
        /// How.
        compare: Compare,
        /// With what.
        right: Amount,
    },
    /// A state holds (or not).
    State(StateTest),
}

/// The window of a count, by when a fact leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// So long after it began: `(t - span, t]`.
    Rolling(Span),
    /// At the end of the period of the calendar in which it began.
    Each(Period),
    /// Never.
    Ever,
}

/// One fact of a sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// Which.
    pub pattern: Pattern,
    /// Sharing these.
    pub same: Vec<Key>,
    /// At most so long after the one before it.
    pub within: Option<Span>,
}

/// Whether a state holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateTest {
    /// It does not.
    pub negated: bool,
    /// The state's rule.
    pub state: RuleId,
    /// For whom.
    pub whose: StateOf,
}

/// For which party or zone a state is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateOf {
    /// That of the key or the fact at hand.
    Own,
    /// Any other party than that.
    Other,
    /// The bearer of the rule, where there is one.
    Bearer,
    /// Anybody: of any key.
    Anyone,
    /// This one.
    Of(ActorId),
    /// That of this zone of a family.
    In(FamilyId, ZoneId),
}

impl Condition {
    /// The patterns that it reads.
    pub fn patterns(&self) -> Vec<&Pattern> {
        match self {
            Condition::Fact { pattern, .. }
            | Condition::Count { pattern, .. }
            | Condition::Among { pattern, .. }
            | Condition::Cumulated { pattern, .. }
            | Condition::Latest { pattern, .. }
            | Condition::Quiet { pattern, .. }
            | Condition::Lasting { pattern, .. }
            | Condition::Seen { pattern, .. } => vec![pattern],
            Condition::Sequence { steps, .. } => steps.iter().map(|one| &one.pattern).collect(),
            Condition::Amount { left, right, .. } => {
                left.counted().chain(right.counted()).map(|one| &one.pattern).collect()
            }
            Condition::State(_) => Vec::new(),
        }
    }
    /// The same, to be changed.
    pub fn patterns_mut(&mut self) -> Vec<&mut Pattern> {
        match self {
            Condition::Fact { pattern, .. }
            | Condition::Count { pattern, .. }
            | Condition::Among { pattern, .. }
            | Condition::Cumulated { pattern, .. }
            | Condition::Latest { pattern, .. }
            | Condition::Quiet { pattern, .. }
            | Condition::Lasting { pattern, .. }
            | Condition::Seen { pattern, .. } => vec![pattern],
            Condition::Sequence { steps, .. } => {
                steps.iter_mut().map(|one| &mut one.pattern).collect()
            }
            Condition::Amount { left, right, .. } => {
                let both = left.counted_mut().chain(right.counted_mut());
                both.map(|one| &mut one.pattern).collect()
            }
            Condition::State(_) => Vec::new(),
        }
    }
    /// The keys that its facts share, to be changed; of a sequence those of each step.
    pub fn same_mut(&mut self) -> Vec<&mut Vec<Key>> {
        match self {
            Condition::Fact { same, .. }
            | Condition::Count { same, .. }
            | Condition::Among { same, .. }
            | Condition::Cumulated { same, .. }
            | Condition::Latest { same, .. }
            | Condition::Quiet { same, .. }
            | Condition::Lasting { same, .. }
            | Condition::Seen { same, .. } => vec![same],
            Condition::Sequence { steps, .. } => {
                steps.iter_mut().map(|one| &mut one.same).collect()
            }
            Condition::Amount { .. } | Condition::State(_) => Vec::new(),
        }
    }
    /// The moment that it names.
    pub fn moment(&self) -> Option<&Moment> {
        match self {
            Condition::Latest { as_of, .. } => as_of.as_ref(),
            _ => None,
        }
    }
}

/// How a fact stands to `it`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// It began before `it` began.
    Before,
    /// It began after `it` began.
    After,
    /// It began at least so long before `it` began.
    AtLeastBefore(Span),
    /// It began at most so long before `it` began (and not after).
    AtMostBefore(Span),
    /// It began at most so long after `it` began (and not before).
    AtMostAfter(Span),
    /// It lasted over the whole of `it`.
    Covering,
    /// It began at most so long before or after `it` began.
    Around(Span),
    /// It is of another item.
    OtherItem,
    /// It says that it is about `it`.
    About,
    /// It was at most so many metres from `it`.
    Near(f64),
    /// It was at least so many metres from `it`.
    Far(f64),
}

/// A moment that a rule names.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// A fixed instant.
    At(crate::time::Instant),
    /// The anchor itself.
    Of(Anchor),
    /// `within D of A`: the end of D after A.
    Deadline(Anchor, Span),
    /// `at least D before A`.
    Lead(Anchor, Span),
    /// `D after A`, the same clock time for days.
    After(Anchor, Span),
    /// `D before A`, the same clock time for days.
    Earlier(Anchor, Span),
    /// A clock time on the day of A, so many days later.
    Clock {
        /// Whose day.
        anchor: Anchor,
        /// Days after it (before it where negative).
        days: i32,
        /// The local time.
        time: jiff::civil::Time,
    },
    /// The earliest of these.
    EarliestOf(Vec<Moment>),
    /// The latest of these.
    LatestOf(Vec<Moment>),
    /// The moment, moved on by each such fact that comes before it is reached.
    Extended {
        /// The moment as it is without them.
        of: Box<Moment>,
        /// By so much each time.
        by: Span,
        /// Which facts.
        pattern: Box<Pattern>,
        /// Sharing these with `it`.
        same: Vec<Key>,
        /// How they stand to `it`: all of these.
        order: Vec<Order>,
    },
    /// The moment, moved on by as long as a state has held.
    Paused {
        /// The moment as it is without it.
        of: Box<Moment>,
        /// While this holds.
        test: StateTest,
        /// By so much at most.
        most: Option<Span>,
    },
}

/// What a moment hangs on.
#[derive(Clone, Debug, PartialEq)]
pub enum Anchor {
    /// `it`: the trigger, the finding or the fact at hand.
    It(Edge),
    /// The first fact of this kind.
    Fact(Box<Pattern>, Edge),
    /// The agreement's commencement.
    Commencement,
}

/// Which instant of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its own time: for a finding, when it crossed its threshold.
    Itself,
    /// Its beginning: for a finding, its first fact.
    Start,
    /// Its end.
    End,
    /// When it was received: known.
    Receipt,
}
