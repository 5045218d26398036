//! Amounts: what is counted or added up over time, and what is made of it.
//!
//! Invariant: an amount is a sum of terms; nothing in it is nested deeper than a share.

use super::{Key, Moment, Pattern, TableId};
use crate::{
    calendar::{Period, Span},
    name::Name,
    time::Instant,
};
use rust_decimal::Decimal;

/// A sum of terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// The terms; at least one.
    pub terms: Vec<Term>,
}

/// One term of a sum: `factor` times a part, or times its share of another part.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// It is taken away.
    pub minus: bool,
    /// How many times it counts; not negative.
    pub factor: Decimal,
    /// What.
    pub part: Part,
    /// As a share of this, in per cent.
    pub share_of: Option<Part>,
}

/// What a term is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Always the same, in base units.
    Fixed(Decimal),
    /// A parameter that changes: the first value, and later ones from their instants on, in order.
    Dated(Decimal, Vec<(Instant, Decimal)>),
    /// What facts say.
    Counted(Box<Counted>),
}

/// What facts say: how many there are, or how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Which facts.
    pub pattern: Pattern,
    /// Whose.
    pub whose: Whose,
    /// Sharing these with the fact or key at hand; of a condition only.
    pub same: Vec<Key>,
    /// What is counted or added up.
    pub unit: Unit,
    /// Each fact counts as many times as the table says for its thing.
    pub weights: Option<TableId>,
    /// Over what time.
    pub over: Over,
    /// Its value at this moment (and, before the moment, its value then).
    pub as_of: Option<Moment>,
}

/// Whose facts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of the bearer of the limit.
    Bearer,
    /// Those that the pattern says; `Same` is the bearer, `Other` a party that is none.
    Pattern,
}

/// What is counted or added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `number`, one where a record has none.
    Number,
    /// A measure.
    Total(Name),
    /// How many different values of a key the facts have.
    Different(Key),
}

/// The time over which an amount is taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    /// What there is at each instant: a stock.
    Stock,
    /// What was done within a rolling window `(t - span, t]`.
    Rolling(Span),
    /// What was done in each period of the calendar.
    Each(Period),
    /// What was done until then, since a moment where one is given.
    Since(Option<Box<Moment>>),
    /// What lasts at the instant: each fact from its start to its end.
    During,
}

impl Amount {
    /// A fixed amount, in base units.
    pub fn fixed(value: Decimal) -> Amount {
        Amount::of(Part::Fixed(value))
    }
    /// One part alone.
    pub fn of(part: Part) -> Amount {
        let term = Term { minus: false, factor: Decimal::ONE, part, share_of: None };
        Amount { terms: vec![term] }
    }
    /// All parts, the parts of which shares are taken among them, in the order of the text.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.terms.iter().flat_map(|term| std::iter::once(&term.part).chain(&term.share_of))
    }
    /// What facts say in it, in the order of the text.
    pub fn counted(&self) -> impl Iterator<Item = &Counted> {
        self.parts().filter_map(|part| match part {
            Part::Counted(counted) => Some(&**counted),
            Part::Fixed(_) | Part::Dated(..) => None,
        })
    }
    /// The same, to change it.
    pub fn counted_mut(&mut self) -> impl Iterator<Item = &mut Counted> {
        let parts = self
            .terms
            .iter_mut()
            .flat_map(|term| std::iter::once(&mut term.part).chain(&mut term.share_of));
        parts.filter_map(|part| match part {
            Part::Counted(counted) => Some(&mut **counted),
            Part::Fixed(_) | Part::Dated(..) => None,
        })
    }
}

impl Counted {
    /// The moments that it reads.
    pub fn moments(&self) -> impl Iterator<Item = &Moment> {
        let since = match &self.over {
            Over::Since(since) => since.as_deref(),
            _ => None,
        };
        since.into_iter().chain(&self.as_of)
    }
    /// The same, to change them.
    pub fn moments_mut(&mut self) -> impl Iterator<Item = &mut Moment> {
        let since = match &mut self.over {
            Over::Since(since) => since.as_deref_mut(),
            _ => None,
        };
        since.into_iter().chain(&mut self.as_of)
    }
}
