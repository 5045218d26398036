//! The tree of declarations: what the agreement names.
//!
//! Invariant: a name that stands where it is declared has the kind that is declared there.

use super::{
    ActorList, Area, Date, DateTime, Duration, Kinded, Label, Length, Moment, Name, Number,
};
use super::{Quantity, Text};
use crate::span::Span;

/// `agreement Guarantee version 3` and its terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Its name.
    pub name: Name,
    /// Its version.
    pub version: Number,
    /// Its terms.
    pub terms: Vec<Term>,
}

/// A term of the agreement.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// `calendar Europe/Kyiv, rest days Saturday, holidays 2026-01-01`.
    Calendar {
        /// Whose own it is; none: the agreement's.
        of: Option<Name>,
        /// The IANA time zone.
        zone: Text,
        /// Days of the week, as written.
        rest_days: Vec<Text>,
        /// Days off.
        holidays: Vec<Date>,
    },
    /// `evidence may arrive 30 days late`.
    Lateness(Duration),
    /// `horizon 30 days`.
    Horizon(Duration),
    /// `in force from MOMENT`.
    InForce(Moment),
}

/// `party UA "Ukraine"`, `parties FR, GB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parties {
    /// The parties.
    pub names: Vec<Name>,
    /// The full name of the only one.
    pub title: Option<Text>,
}

/// `group Sides is UA, RU`.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: Name,
    /// Its members.
    pub members: ActorList,
}

/// `office Commission of UA, FR, quorum 2`.
#[derive(Clone, Debug, PartialEq)]
pub struct Office {
    /// Its name.
    pub name: Name,
    /// Its members.
    pub members: ActorList,
    /// How many decide.
    pub quorum: Option<Number>,
}

/// `RU answers for Northern Militia under 3.1, from 2026-03-01, strictly`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// Who answers.
    pub by: Name,
    /// For whom.
    pub for_whom: Vec<Name>,
    /// Under which rules; empty: under all.
    pub under: Vec<Label>,
    /// From when on.
    pub from: Option<DateTime>,
    /// `strictly`, or `with diligence`.
    pub strictly: bool,
}

/// `act fire of weapon by Sides, verb fire, places origin, target`.
#[derive(Clone, Debug, PartialEq)]
pub struct ActDeclaration {
    /// Its name.
    pub name: Name,
    /// What it is done with or about.
    pub of: Option<Name>,
    /// Who can do it; none: anybody.
    pub by: Option<ActorList>,
    /// What else is said of it.
    pub facets: Vec<Facet>,
}

/// What is said of an act.
#[derive(Clone, Debug, PartialEq)]
pub enum Facet {
    /// The word for doing it.
    Verb(Name),
    /// The roles of its places.
    Places(Vec<Name>),
    /// The acts that it serves, as an effort.
    Serves(Vec<Name>),
    /// The acts that it hinders.
    Hinders(Vec<Name>),
    /// The acts that it looks for.
    Watches(Vec<Name>),
    /// The act whose successive reports it joins, and how far apart these may lie.
    Joins(Name, Duration),
    /// Its records say how much there is.
    Stock(Span),
}

/// `act shelling, strike are fire`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActCases {
    /// The cases.
    pub names: Vec<Name>,
    /// What they are cases of.
    pub of: Name,
}

/// `category heavy weapon is tank, gun with calibre at least 100 mm`.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryDeclaration {
    /// Its name.
    pub name: Name,
    /// What belongs to it; empty: it is primitive.
    pub kinds: Vec<Kinded>,
}

/// `measure killed, wounded`, `measure price in USD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureDeclaration {
    /// The measures.
    pub names: Vec<Name>,
    /// The unit.
    pub unit: Option<Text>,
}

/// `gun has calibre in mm`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HasMeasure {
    /// Of what.
    pub category: Name,
    /// The measure.
    pub measure: Name,
    /// The unit.
    pub unit: Text,
}

/// `defence self-defence, medical emergency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefenceDeclaration {
    /// The defences.
    pub names: Vec<Name>,
}

/// A file with a shape in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileShape {
    /// The file.
    pub file: Text,
    /// Which feature of it.
    pub feature: Option<Text>,
}

/// `line Contact of RU from annex-a.geojson feature "east"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDeclaration {
    /// Its name.
    pub name: Name,
    /// Whose own it is.
    pub of: Option<Name>,
    /// Its shape.
    pub shape: FileShape,
    /// The names of its sides, the left one first.
    pub sides: Option<(Name, Name)>,
    /// From when on; none: from the beginning.
    pub from: Option<DateTime>,
}

/// `the instrument Assistance Treaty of 4, 5` and its clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// Its name.
    pub name: Name,
    /// Its paragraphs and articles.
    pub labels: Vec<Label>,
    /// What holds for all of them.
    pub clauses: Vec<super::Clause>,
}

/// `zone Corridor within 15 km of Contact without Port, below 3000 m`.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneDeclaration {
    /// Its name.
    pub name: Name,
    /// The area it starts from.
    pub area: Area,
    /// What is joined to it or cut from it, in order.
    pub pieces: Vec<Piece>,
    /// Lowest altitude.
    pub above: Option<Length>,
    /// Highest altitude.
    pub below: Option<Length>,
}

/// `and AREA`, `without AREA`.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// `without`, not `and`.
    pub without: bool,
    /// The area.
    pub area: Area,
}

/// `zones sector from sectors.geojson named by "name"`, `zones sector are North, South`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyDeclaration {
    /// Its name.
    pub name: Name,
    /// Its zones.
    pub members: FamilyMembers,
}

/// Where the zones of a family come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FamilyMembers {
    /// One for each feature of a file, named by a property of it.
    File {
        /// The file.
        file: Text,
        /// The property.
        property: Text,
    },
    /// These.
    Zones(Vec<Name>),
}

/// `list Declared Inventory of heavy weapon from inventory.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListDeclaration {
    /// Its name.
    pub name: Name,
    /// What its items are.
    pub of: Name,
    /// Its items.
    pub items: ListItems,
}

/// Where the items of a list come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListItems {
    /// A file.
    File(Text),
    /// These.
    Named(Vec<Name>),
}

/// `table Distance of category` and its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDeclaration {
    /// Its name.
    pub name: Name,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is for.
    pub kind: Kinded,
    /// The value.
    pub value: Quantity,
    /// The row.
    pub span: Span,
}

/// `parameter Warning Time is 24 hours, reported`.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterDeclaration {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: ParameterValue,
    /// Where the value comes from.
    pub standing: Standing,
    /// What it is from later dates on.
    pub later: Vec<(DateTime, Quantity)>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// An amount.
    Quantity(Quantity),
    /// A stretch of time; never `Duration::Parameter`.
    Duration(Duration),
}

/// Where the value of a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Publicly reported.
    Reported,
    /// Invented for the example.
    Invented,
    /// Agreed between the parties.
    Agreed,
}
