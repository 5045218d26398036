//! The operators of the language, and which of them a program stands on.
//!
//! Invariant: every variant and every field that means something to a judge has a name here; a new
//! one does not compile until it has.

pub mod tally;
mod walk;

use casus_model::{
    Period, Span,
    program::{
        Anchor, Body, By, Compare, Condition, Distance, Edge, Key, Moment, Opening, Order, Over,
        Part, PlaceTest, Repeat, Scope, Share, StateOf, Unit, Verb, What, Whose, Window,
    },
};
use std::collections::BTreeSet;

/// The names of the operators that this program stands on.
pub use walk::of;

/// Names the variants of some types: a function for each, and a list of all names.
macro_rules! variants {
    ($($function:ident($of:ty) { $($pattern:pat => $name:literal,)+ })+) => {
        $(fn $function(value: &$of) -> &'static str {
            match value { $($pattern => $name,)+ }
        })+
        const VARIANTS: &[&str] = &[$($($name,)+)+];
    };
}

variants! {
    body(Body) {
        Body::MustNot { .. } => "rule: must not",
        Body::Must(_) => "rule: must",
        Body::Keep(_) => "rule: keep",
        Body::May(_) => "rule: may",
        Body::Finding(_) => "rule: finding",
        Body::State(_) => "rule: state",
        Body::Response(_) => "rule: response",
    }
    share(Share) {
        Share::Each => "who: each of",
        Share::Together => "who: together",
        Share::AnyOf => "who: any of",
    }
    opening(Opening) {
        Opening::Commencement => "duty: from the beginning",
        Opening::Each(..) => "duty: on each",
        Opening::First(..) => "duty: on the first",
    }
    scope(Scope) {
        Scope::Once => "duty: once",
        Scope::EachOf(_) => "duty: for each of a list",
        Scope::AllOf(_) => "duty: for all of a list",
    }
    repeat(Repeat) {
        Repeat::Each(_, None) => "repeat: each",
        Repeat::Each(_, Some(_)) => "repeat: each by a time",
        Repeat::Gap(_) => "repeat: gap at most",
        Repeat::Least(..) => "repeat: at least in each",
    }
    verb(Verb) {
        Verb::Suspend => "power: suspend",
        Verb::End => "power: end",
        Verb::Withdraw => "power: withdraw",
        Verb::Activate => "power: activate",
        Verb::Change => "power: change",
    }
    what(What) {
        What::Act(_) => "fact: act",
        What::Breach(_) => "fact: breach",
        What::Found(_) => "fact: found",
        What::Adopted(_) => "fact: adopted",
        What::Refused(_) => "fact: refused",
        What::Met(_) => "fact: met",
        What::Missed(_) => "fact: missed",
        What::Begin(_) => "fact: begin",
        What::End(_) => "fact: end",
        What::AnyOf(_) => "fact: any of",
    }
    by(By) {
        By::Anyone => "by: anyone",
        By::OneOf(_) => "by: one of",
        By::Same => "by: same party",
        By::Other => "by: other party",
    }
    compare(Compare) {
        Compare::AtLeast => "compare: at least",
        Compare::AtMost => "compare: at most",
        Compare::MoreThan => "compare: more than",
        Compare::LessThan => "compare: less than",
        Compare::Equal => "compare: equal to",
    }
    place(PlaceTest) {
        PlaceTest::Zone { inside: true, .. } => "place: in",
        PlaceTest::Zone { inside: false, .. } => "place: outside",
        PlaceTest::Line { beyond: true, .. } => "place: beyond",
        PlaceTest::Line { beyond: false, .. } => "place: within",
        PlaceTest::Across { .. } => "place: across",
    }
    distance(Distance) {
        Distance::Metres(_) => "distance: length",
        Distance::Table(_) => "distance: of its category",
    }
    key(Key) {
        Key::Party => "same: party",
        Key::Family(_) => "same: zone",
        Key::Item => "same: item",
        Key::Recipient => "same: recipient",
    }
    condition(Condition) {
        Condition::Fact { negated: false, .. } => "condition: fact",
        Condition::Fact { negated: true, .. } => "condition: no fact",
        Condition::Count { .. } => "condition: count",
        Condition::Among { negated: false, .. } => "condition: by at least of",
        Condition::Among { negated: true, .. } => "condition: not by at least of",
        Condition::Cumulated { .. } => "condition: in all",
        Condition::Sequence { .. } => "condition: then",
        Condition::Latest { negated: false, .. } => "condition: the latest",
        Condition::Latest { negated: true, .. } => "condition: no latest",
        Condition::Quiet { .. } => "condition: no fact for",
        Condition::Lasting { .. } => "condition: for, gap at most",
        Condition::Seen { .. } => "condition: seen for, gap at most",
        Condition::Amount { .. } => "condition: amount",
        Condition::State(_) => "condition: state",
    }
    window(Window) {
        Window::Rolling(_) => "window: within",
        Window::Each(_) => "window: in the same period",
        Window::Ever => "window: so far",
    }
    whose_state(StateOf) {
        StateOf::Own => "state: own",
        StateOf::Other => "state: of other party",
        StateOf::Bearer => "state: of the bearer",
        StateOf::Anyone => "state: of anyone",
        StateOf::Of(_) => "state: of one",
        StateOf::In(..) => "state: of a zone",
    }
    order(Order) {
        Order::Before => "order: before it",
        Order::After => "order: after it",
        Order::AtLeastBefore(_) => "order: at least before it",
        Order::AtMostBefore(_) => "order: within before it",
        Order::AtMostAfter(_) => "order: within after it",
        Order::Covering => "order: covering it",
        Order::Around(_) => "order: within of it",
        Order::OtherItem => "order: other item",
        Order::About => "order: about it",
        Order::Near(_) => "order: near it",
        Order::Far(_) => "order: far from it",
    }
    moment(Moment) {
        Moment::At(_) => "moment: fixed",
        Moment::Of(_) => "moment: anchor",
        Moment::Deadline(..) => "moment: within of",
        Moment::Lead(..) => "moment: at least before",
        Moment::After(..) => "moment: after",
        Moment::Earlier(..) => "moment: before",
        Moment::Clock { .. } => "moment: time on the day",
        Moment::EarliestOf(_) => "moment: earlier of",
        Moment::LatestOf(_) => "moment: later of",
        Moment::Extended { .. } => "moment: extended",
        Moment::Paused { .. } => "moment: paused",
    }
    anchor(Anchor) {
        Anchor::It(_) => "anchor: it",
        Anchor::Fact(..) => "anchor: fact",
        Anchor::Commencement => "anchor: commencement",
    }
    edge(Edge) {
        Edge::Itself => "edge: itself",
        Edge::Start => "edge: start",
        Edge::End => "edge: end",
        Edge::Receipt => "edge: receipt",
    }
    span(Span) {
        Span::Exact(_) => "span: exact",
        Span::Days(_) => "span: days",
        Span::WorkingDays(_) => "span: working days",
        Span::Months(_) => "span: months",
    }
    part(Part) {
        Part::Fixed(_) => "amount: fixed",
        Part::Dated(..) => "amount: dated",
        Part::Counted(_) => "amount: counted",
    }
    whose(Whose) {
        Whose::Bearer => "amount: of the bearer",
        Whose::Pattern => "amount: of a pattern",
    }
    unit(Unit) {
        Unit::Number => "amount: number of",
        Unit::Total(_) => "amount: total of",
        Unit::Different(_) => "amount: number of different",
    }
    over(Over) {
        Over::Stock => "over: stock",
        Over::Rolling(_) => "over: within",
        Over::Each(_) => "over: in each",
        Over::Since(None) => "over: so far",
        Over::Since(Some(_)) => "over: since",
        Over::During => "over: during",
    }
}

/// The name of a period; the longer ones are drawn for no program.
fn period(value: Period) -> Option<&'static str> {
    match value {
        Period::Day => Some(DAY),
        Period::Week => Some(WEEK),
        Period::Month => Some(MONTH),
        Period::Quarter | Period::Year => None,
    }
}

const DAY: &str = "period: day";
const WEEK: &str = "period: week";
const MONTH: &str = "period: month";

/// Every operator.
pub fn all() -> BTreeSet<&'static str> {
    VARIANTS.iter().chain(walk::CLAUSES).copied().chain([DAY, WEEK, MONTH]).collect()
}
