//! A checked agreement: vocabulary, provisions and rules, ready to judge evidence with.
//!
//! Invariant: every id in a `Program` refers to something in the same `Program`, and the rules
//! that a rule refers to stand in an earlier stratum.

mod amount;
mod pattern;
mod rule;
mod scenario;
mod vocabulary;

pub use amount::*;
pub use pattern::*;
pub use rule::*;
pub use scenario::*;
pub use vocabulary::*;

use crate::{calendar::Calendar, name::Name, time::Instant};

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident => $list:ident: $of:ty),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $id(pub u32);
        impl $id {
            /// Its place in the list that it indexes.
            pub fn index(self) -> usize {
                self.0 as usize
            }
            /// The thing itself.
            pub fn of(self, program: &Program) -> Option<&$of> {
                program.$list.get(self.index())
            }
        }
    )*};
}

ids! {
    /// A party, an office, or a force that somebody answers for.
    ActorId => actors: Actor,
    /// A declared act.
    ActId => acts: Act,
    /// A declared category.
    CategoryId => categories: Category,
    /// A declared zone.
    ZoneId => zones: Zone,
    /// A declared family of zones (`sector`, `region`): a key to group by.
    FamilyId => families: Family,
    /// A declared line.
    LineId => lines: Line,
    /// A declared list of items.
    ListId => lists: List,
    /// A declared table.
    TableId => tables: Table,
    /// A rule.
    RuleId => rules: Rule,
    /// A paragraph of the text.
    ProvisionId => provisions: Provision,
}

/// A checked agreement.
#[derive(Clone, Debug)]
pub struct Program {
    /// The agreement's name.
    pub name: Name,
    /// Its version.
    pub version: u32,
    /// Digest of the source text and of every annex file, in hexadecimal.
    pub digest: String,
    /// Its calendar.
    pub calendar: Calendar,
    /// The calendars that some parties have of their own.
    pub calendars: Vec<(ActorId, Calendar)>,
    /// How long after an act evidence of it may still arrive, in milliseconds.
    pub lateness_ms: i64,
    /// How long after the end of the time that it tells of a record may become known and still be
    /// judged, in milliseconds; none: however long.
    pub horizon_ms: Option<i64>,
    /// When the rules begin to apply unless they say otherwise; none: always.
    pub commencement: Option<Moment>,
    /// Actors by `ActorId`.
    pub actors: Vec<Actor>,
    /// Groups of actors: a group's name and its members.
    pub groups: Vec<(Name, Vec<ActorId>)>,
    /// Acts by `ActId`.
    pub acts: Vec<Act>,
    /// Categories by `CategoryId`.
    pub categories: Vec<Category>,
    /// Measures: name and base unit.
    pub measures: Vec<Measure>,
    /// Zones by `ZoneId`.
    pub zones: Vec<Zone>,
    /// Families of zones by `FamilyId`.
    pub families: Vec<Family>,
    /// Lines by `LineId`.
    pub lines: Vec<Line>,
    /// Lists by `ListId`.
    pub lists: Vec<List>,
    /// Tables by `TableId`.
    pub tables: Vec<Table>,
    /// Declared defences.
    pub defences: Vec<Name>,
    /// Parameters, for the reader: their values already stand in the rules.
    pub parameters: Vec<Parameter>,
    /// Instruments, for the reader: what they say already stands in the rules.
    pub instruments: Vec<Instrument>,
    /// Paragraphs by `ProvisionId`.
    pub provisions: Vec<Provision>,
    /// Rules by `RuleId`, in the order of the text.
    pub rules: Vec<Rule>,
    /// The rules in the order of judging; a stratum refers only to those before it.
    pub strata: Vec<Vec<RuleId>>,
}

/// Rules that come into force together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Its name.
    pub name: Name,
    /// Its rules.
    pub rules: Vec<RuleId>,
}

/// The paragraph that a rule stands beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    /// Its label, as `3.1`.
    pub label: Name,
    /// The heading above it.
    pub heading: Name,
    /// The prose of the paragraph.
    pub prose: Name,
    /// SHA-256 of the prose, in hexadecimal.
    pub digest: String,
}

impl Program {
    /// Whether what tells of a time that ended then came after the horizon, known at that instant.
    #[inline]
    pub fn is_late(&self, end: Instant, known: Instant) -> bool {
        self.horizon_ms.is_some_and(|horizon_ms| known > end.plus_ms(horizon_ms))
    }

    /// The actor of this name.
    pub fn actor(&self, name: &str) -> Option<ActorId> {
        position(&self.actors, |actor| &*actor.name == name).map(ActorId)
    }
    /// The act of this name.
    pub fn act(&self, name: &str) -> Option<ActId> {
        position(&self.acts, |act| &*act.name == name).map(ActId)
    }
    /// The category of this name.
    pub fn category(&self, name: &str) -> Option<CategoryId> {
        position(&self.categories, |category| &*category.name == name).map(CategoryId)
    }
    /// The zone of this name.
    pub fn zone(&self, name: &str) -> Option<ZoneId> {
        position(&self.zones, |zone| &*zone.name == name).map(ZoneId)
    }
    /// The calendar by which an actor's days are counted.
    pub fn calendar_of(&self, actor: Option<ActorId>) -> &Calendar {
        let own = self.calendars.iter().find(|(of, _)| Some(*of) == actor);
        own.map_or(&self.calendar, |(_, calendar)| calendar)
    }
    /// The rules of a paragraph: one, or all its versions and readings, in the order of the text.
    pub fn rules_of(&self, paragraph: &str) -> impl Iterator<Item = RuleId> + use<'_> {
        let at = self.provisions.iter().enumerate();
        let fits = paragraph.to_owned();
        at.filter(move |(_, one)| *one.label == *fits).map(|(at, _)| RuleId(at as u32))
    }
    /// The rule with this label.
    pub fn rule(&self, label: &str) -> Option<RuleId> {
        position(&self.rules, |rule| &*rule.label == label).map(RuleId)
    }
}

fn position<T>(list: &[T], test: impl Fn(&T) -> bool) -> Option<u32> {
    list.iter().position(test).and_then(|at| u32::try_from(at).ok())
}
