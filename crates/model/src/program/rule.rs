//! The rules: what is forbidden, owed, kept, allowed, found, and answered.
//!
//! Invariant: rules are data on these few operators; the engine has no rule of its own.

use super::{
    ActorId, Amount, Groups, Key, ListId, Moment, Pattern, ProvisionId, RuleId, StateTest,
};
use crate::{
    calendar::{Period, Span},
    grade::Reliability,
    name::Name,
};

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its label, as `3.1`.
    pub label: Name,
    /// The paragraph beside it.
    pub provision: ProvisionId,
    /// The rule as written, without comments, white space folded.
    pub sentence: Name,
    /// The first line of it in the file, from 1.
    pub line: u32,
    /// What each question needs.
    pub standard: Standard,
    /// It applies from then on (included).
    pub from: Option<Moment>,
    /// It applies until then (excluded).
    pub until: Option<Moment>,
    /// It is in force only while all of these hold.
    pub during: Vec<StateTest>,
    /// It is suspended while any of these holds.
    pub suspended: Vec<StateTest>,
    /// Who may waive a breach of it.
    pub waivable: Vec<ActorId>,
    /// Of a prohibition or a limit: only cases in which one of these holds; empty: all.
    pub when: Groups,
    /// Cases outside the rule, decided from evidence.
    pub except: Groups,
    /// An exception that is not established does not hold: who relies on it must show it.
    pub shown: bool,
    /// The defence that people decide.
    pub unless: Option<Defence>,
    /// What the rule says.
    pub body: Body,
}

impl Rule {
    /// A rule that says this and nothing else, of the first paragraph.
    pub fn of(label: Name, body: Body) -> Rule {
        Rule {
            label,
            provision: ProvisionId(0),
            sentence: "".into(),
            line: 1,
            standard: Standard::default(),
            from: None,
            until: None,
            during: Vec::new(),
            suspended: Vec::new(),
            waivable: Vec::new(),
            when: Vec::new(),
            except: Vec::new(),
            shown: false,
            unless: None,
            body,
        }
    }
}

/// What each question needs to count as established, in per cent of the lower bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Did it happen: the credibility of the item.
    pub act: u8,
    /// Who is responsible.
    pub attribution: u8,
    /// The worst source that counts; none: any source.
    pub source: Option<Reliability>,
}

impl Default for Standard {
    /// At least probable, from any source that is not known to be unreliable.
    fn default() -> Standard {
        Standard { act: 55, attribution: 55, source: None }
    }
}

/// `unless self-defence, claimed within 2 hours of it, shown by the party`.
#[derive(Clone, Debug, PartialEq)]
pub struct Defence {
    /// The declared defence.
    pub name: Name,
    /// It must be claimed at most so long after the act began; none: at any time.
    pub claimed_within: Option<Span>,
    /// It must be shown: only an acceptance excuses. Otherwise a claim does.
    pub shown: bool,
}

/// Who bears a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearers {
    /// How they bear it.
    pub mode: Share,
    /// Who.
    pub actors: Vec<ActorId>,
}

/// How several bear one duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Each their own, one verdict each.
    Each,
    /// Together, one verdict, what they do is added up.
    Together,
    /// Any of them discharges it, one verdict.
    AnyOf,
}

/// What a rule says.
#[derive(Clone, Debug)]
pub enum Body {
    /// `WHO must not ACT`.
    MustNot {
        /// Who.
        bearers: Bearers,
        /// Any of these; `by` is left open, the bearers say who.
        deeds: Vec<Pattern>,
    },
    /// `WHO must ACT`, `WHO should ACT`.
    Must(Duty),
    /// `WHO must keep AMOUNT at most AMOUNT`.
    Keep(Keep),
    /// `WHO may ACT`.
    May(Permit),
    /// `finding NAME of KEYS when …`.
    Finding(Determination),
    /// `state NAME of KEYS when …`.
    State(State),
    /// `response to …`.
    Response(Response),
}

/// A duty to act.
#[derive(Clone, Debug)]
pub struct Duty {
    /// Who.
    pub bearers: Bearers,
    /// Any one of these discharges it.
    pub deeds: Vec<Pattern>,
    /// Not empty: it takes one of each of these lists to discharge it (one for each addressee).
    pub parts: Vec<Vec<Pattern>>,
    /// What discharges it shares these with what it hangs on.
    pub same: Vec<Key>,
    /// When a duty comes into being.
    pub opening: Opening,
    /// One duty, one for each item, or one for all of them.
    pub scope: Scope,
    /// It must have begun by then.
    pub start: Option<Moment>,
    /// It must be done by then.
    pub due: Option<Moment>,
    /// How it repeats.
    pub repeat: Option<Repeat>,
    /// A target only: reported, never breached.
    pub soft: bool,
}

/// When a duty comes into being.
#[derive(Clone, Debug)]
pub enum Opening {
    /// When the rule begins to apply.
    Commencement,
    /// On each such fact (all conditions hold at its time).
    Each(Pattern, Groups),
    /// On the first such fact only.
    First(Pattern, Groups),
}

/// What a duty is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One duty.
    Once,
    /// One for each item of a list.
    EachOf(ListId),
    /// One, with progress over the items of a list.
    AllOf(ListId),
}

/// How a duty repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Once in each period, by a local clock time of its last day where one is given.
    Each(Period, Option<jiff::civil::Time>),
    /// With gaps of at most so long.
    Gap(Span),
    /// At least so often in each period.
    Least(u32, Period),
}

/// A limit on an amount.
#[derive(Clone, Debug)]
pub struct Keep {
    /// Whose.
    pub bearers: Bearers,
    /// What is kept.
    pub left: Amount,
    /// How it is compared.
    pub compare: super::Compare,
    /// With what.
    pub right: Amount,
}

impl Keep {
    /// What facts say on either side, in the order of the text.
    pub fn counted(&self) -> impl Iterator<Item = &super::Counted> {
        self.left.counted().chain(self.right.counted())
    }
}

/// `WHO may ACT despite …`.
#[derive(Clone, Debug)]
pub struct Permit {
    /// Who.
    pub bearers: Bearers,
    /// What.
    pub deeds: Vec<Pattern>,
    /// Only where one of these groups holds for the act; empty: always.
    pub when: Groups,
    /// The rules that it overrides.
    pub despite: Vec<RuleId>,
}

/// A determination.
#[derive(Clone, Debug)]
pub struct Determination {
    /// Its name.
    pub name: Name,
    /// What it is found for.
    pub keys: Vec<Key>,
    /// When it is found; the first condition of each group is its head.
    pub when: Groups,
    /// Facts of a head that belong together are found once, together.
    pub link: Option<Link>,
    /// Who adopts it.
    pub decided: Option<Decision>,
    /// What silence means once the decision's deadline has passed: adopted, or not.
    pub failing: Option<bool>,
    /// Of a power: what its exercise does.
    pub power: Option<Power>,
}

/// What the exercise of a power does: while it is in effect it is a state, for each holder of the
/// power where the rule has the party for its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// What is done to the targets.
    pub verb: Verb,
    /// The rules it is done to.
    pub targets: Vec<RuleId>,
    /// It takes effect so long after its exercise (or adoption).
    pub notice: Option<Span>,
    /// It is in effect until one of these holds; empty: for ever.
    pub ends: Groups,
}

/// What a power does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Its targets are suspended.
    Suspend,
    /// Its targets are no longer in force.
    End,
    /// Its targets no longer bind the one who withdraws.
    Withdraw,
    /// Its targets are in force only then.
    Activate,
    /// It has no effect but that other rules may read it: amend, extend, adjust, join, replace.
    Change,
}

/// When two facts belong together: all of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// They share these.
    pub same: Vec<Key>,
    /// They were at most so many metres apart.
    pub metres: Option<f64>,
    /// They began at most so long apart.
    pub within: Span,
    /// So many must belong together.
    pub least: u32,
}

/// A state.
#[derive(Clone, Debug)]
pub struct State {
    /// Its name.
    pub name: Name,
    /// What it holds for.
    pub keys: Vec<Key>,
    /// When it holds, or begins.
    pub when: Groups,
    /// None: it holds exactly while `when` does. Otherwise it lasts until one of these.
    pub ends: Option<Groups>,
}

/// Who adopts, and by when.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The body.
    pub office: ActorId,
    /// How many different members.
    pub needed: u32,
    /// By when; for a step, none: before the step's own deadline.
    pub due: Option<Moment>,
    /// The party that the finding is about has no say.
    pub without_party: bool,
}

/// A ladder of steps.
#[derive(Clone, Debug)]
pub struct Response {
    /// What it answers: a finding, a breach or another fact.
    pub to: Pattern,
    /// Where its clocks start.
    pub clock: Moment,
    /// The steps.
    pub steps: Vec<Step>,
    /// When it ends; empty: never.
    pub ends: Groups,
    /// Who adopts each step.
    pub decided: Option<Decision>,
}

/// One step of a ladder.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub name: Name,
    /// Only once all of these hold.
    pub when: Vec<super::Condition>,
    /// Who takes it.
    pub owners: Bearers,
    /// Any one of these is the step taken.
    pub deeds: Vec<Pattern>,
    /// So long after the clock started.
    pub due: Span,
}
