//! What the agreement declares: who, what, where, how much.
//!
//! Invariant: the declarations of acts and categories are acyclic.

use super::{ActId, ActorId, CategoryId, MeasureTest, ObjectTest, RuleId, ZoneId};
use crate::{
    calendar::Span, geometry::Point, geometry::Region, name::Name, quantity::Dimension,
    time::Instant,
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Somebody who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    /// As the text calls it.
    pub name: Name,
    /// Its full name, where the text gives one.
    pub title: Option<Name>,
    /// What it is.
    pub kind: ActorKind,
    /// Who answers for its acts besides or instead of itself.
    pub answered: Vec<Answer>,
}

/// What an actor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A party to the agreement.
    Party,
    /// A body with members and the number of them that it needs to decide.
    Office {
        /// The members.
        members: Vec<ActorId>,
        /// How many decide.
        quorum: u32,
    },
    /// A force, militia or other group that is not a party.
    Force,
}

/// `RU answers for Northern Militia under 3.1, from 2026-03-01, strictly`.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who answers.
    pub by: ActorId,
    /// Under which rules; none: under all.
    pub under: Option<Vec<RuleId>>,
    /// For acts from this instant on.
    pub from: Option<Instant>,
    /// Strictly (the act is the party's), or with diligence (people must judge whether it
    /// did what it could: the party is then possibly responsible).
    pub strictly: bool,
}

/// A kind of act.
#[derive(Clone, Debug)]
pub struct Act {
    /// Its name.
    pub name: Name,
    /// The act itself and every act that it is a case of.
    pub above: Vec<ActId>,
    /// The roles of its places; empty: one plain place.
    pub roles: Vec<Name>,
    /// Acts of others that a record of this act hinders (a denial of access).
    pub hinders: Vec<ActId>,
    /// Acts that a record of this act looks for (a patrol, a camera).
    pub watches: Vec<ActId>,
    /// Whether its records report how much there is (a holding), not what was done.
    pub stock: bool,
    /// The positions between which its legs lie.
    pub joins: Option<Joins>,
}

/// `joins position, gap at most 10 minutes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joins {
    /// The act whose reports are positions.
    pub of: ActId,
    /// How far two positions may lie apart in time.
    pub gap: Span,
}

/// A kind of thing. It is exactly the union of its kinds, or primitive where it has none.
#[derive(Clone, Debug)]
pub struct Category {
    /// Its name.
    pub name: Name,
    /// What belongs to it: categories, each with further tests.
    pub kinds: Vec<(CategoryId, Vec<MeasureTest>)>,
}

/// Something that can be measured.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name.
    pub name: Name,
    /// Its dimension, or none for a unit of its own (`USD`).
    pub dimension: Option<Dimension>,
    /// The unit in which the text declares it.
    pub unit: Name,
}

/// An area of the ground, or a volume above it.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name.
    pub name: Name,
    /// The area, as it was first.
    pub region: Region,
    /// What it is from later instants on, in their order.
    pub later: Vec<(Instant, Region)>,
    /// Lowest altitude in metres, where there is one.
    pub floor_m: Option<f64>,
    /// Altitude in metres below which the zone lies, where there is one.
    pub ceiling_m: Option<f64>,
    /// The zones that it is a union of, itself included: a place named after one of them is in it.
    pub includes: Vec<ZoneId>,
}

/// A family of zones to group by, as `sector`.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its name.
    pub name: Name,
    /// Its zones.
    pub zones: Vec<ZoneId>,
}

impl Zone {
    /// The areas that it had at some instant of a time, both ends included.
    pub fn regions(&self, time: (Instant, Instant)) -> impl Iterator<Item = (usize, &Region)> {
        let all = std::iter::once(&self.region).chain(self.later.iter().map(|(_, region)| region));
        let (first, last) = in_force(&self.later, time);
        all.enumerate().skip(first).take(last - first + 1)
    }
}

/// The versions of something that were in force at some instant of a time: the first and the last,
/// where 0 is the one before all later ones.
fn in_force<T>(later: &[(Instant, T)], time: (Instant, Instant)) -> (usize, usize) {
    let by = |at: Instant| later.iter().take_while(|(from, _)| *from <= at).count();
    (by(time.0), by(time.1.max(time.0)))
}

/// Paths, as they are drawn on a map.
pub type Paths = Arc<[Vec<Point>]>;

/// A line, possibly another one for some of the parties.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub name: Name,
    /// For everybody who has none of their own.
    pub drawn: Drawn,
    /// A party's own.
    pub own: Vec<(ActorId, Drawn)>,
    /// The names of its sides, the left one first.
    pub sides: Option<(Name, Name)>,
}

/// A line as it is drawn, and as it is drawn again later.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// As it was first; empty: there is none.
    pub paths: Paths,
    /// What it is from later instants on, in their order.
    pub later: Vec<(Instant, Paths)>,
}

impl Drawn {
    /// Drawn once and for all.
    pub fn once(paths: Paths) -> Drawn {
        Drawn { paths, later: Vec::new() }
    }
    /// The paths that were in force at some instant of a time, both ends included.
    pub fn at(&self, time: (Instant, Instant)) -> impl Iterator<Item = &Paths> {
        let all = std::iter::once(&self.paths).chain(self.later.iter().map(|(_, paths)| paths));
        let (first, last) = in_force(&self.later, time);
        all.skip(first).take(last - first + 1)
    }
}

impl Line {
    /// The line as it is for one party.
    pub fn drawn_for(&self, party: Option<ActorId>) -> &Drawn {
        let own = self.own.iter().find(|(of, _)| Some(*of) == party);
        own.map_or(&self.drawn, |(_, drawn)| drawn)
    }
}

/// A list of things a duty goes through.
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: Name,
    /// Its items.
    pub items: Vec<ListItem>,
}

/// One thing of a list.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// Its name or number.
    pub item: Name,
    /// Its category.
    pub category: Option<CategoryId>,
    /// Whose it is; none: everybody's.
    pub party: Option<ActorId>,
    /// Its measures, in base units.
    pub measures: Vec<(Name, Decimal)>,
}

/// A value for each kind of thing; the most specific row wins.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// What it is for.
    pub of: ObjectTest,
    /// The value in base units (metres for lengths).
    pub value: Decimal,
    /// The rows (by position) that it overrides, being more specific.
    pub overrides: Vec<usize>,
}

/// A declared parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Its value as written.
    pub value: Name,
    /// Where the value comes from.
    pub standing: ParameterStanding,
}

/// Where a parameter's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterStanding {
    /// Publicly reported.
    Reported,
    /// Invented for the example.
    Invented,
    /// Agreed between the parties.
    Agreed,
}
