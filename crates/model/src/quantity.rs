//! Amounts that are known only as a range, with a unit.
//!
//! Invariant: in a `Range`, low ≤ best ≤ high.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A lowest, a best and a highest estimate of one amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Range {
    /// Lowest estimate.
    pub low: Decimal,
    /// Best estimate.
    pub best: Decimal,
    /// Highest estimate.
    pub high: Decimal,
}

impl Range {
    /// An amount that is exactly known.
    pub fn exactly(amount: Decimal) -> Range {
        Range { low: amount, best: amount, high: amount }
    }
    /// A range; none unless low ≤ best ≤ high.
    pub fn new(low: Decimal, best: Decimal, high: Decimal) -> Option<Range> {
        (low <= best && best <= high).then_some(Range { low, best, high })
    }
    /// Multiplied by a factor of at least zero; none on overflow.
    pub fn scaled(&self, factor: Decimal) -> Option<Range> {
        Some(Range {
            low: self.low.checked_mul(factor)?,
            best: self.best.checked_mul(factor)?,
            high: self.high.checked_mul(factor)?,
        })
    }
}

/// A range with the unit it is measured in (`""` for a plain number).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The amount.
    pub range: Range,
    /// The unit as written: `mm`, `km`, `t`, `USD`, or nothing.
    pub unit: crate::Name,
}

/// The dimension a unit measures and its size in the dimension's base unit (metre, kilogram,
/// second, one); a unit that is not listed is a dimension of its own.
pub fn unit(symbol: &str) -> Option<(Dimension, Decimal)> {
    use Dimension::{Count, Length, Mass, Share, Speed, Time};
    let (dimension, num, scale) = match symbol {
        "mm" => (Length, 1, 3),
        "cm" => (Length, 1, 2),
        "m" | "metre" | "metres" => (Length, 1, 0),
        "km" => (Length, 1000, 0),
        "nm" => (Length, 1852, 0),
        "ft" => (Length, 3048, 4),
        "kg" => (Mass, 1, 0),
        "t" => (Mass, 1000, 0),
        "kt" => (Mass, 1_000_000, 0),
        "kn" => (Speed, 514_444, 6),
        "km/h" => (Speed, 277_778, 6),
        "second" | "seconds" => (Time, 1, 0),
        "minute" | "minutes" => (Time, 60, 0),
        "hour" | "hours" => (Time, 3600, 0),
        "%" => (Share, 1, 0),
        "" => (Count, 1, 0),
        "thousand" => (Count, 1_000, 0),
        "million" => (Count, 1_000_000, 0),
        "billion" => (Count, 1_000_000_000, 0),
        _ => return None,
    };
    Some((dimension, Decimal::new(num, scale)))
}

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Metres.
    Length,
    /// Kilograms.
    Mass,
    /// Metres a second.
    Speed,
    /// Seconds.
    Time,
    /// Per cent.
    Share,
    /// A plain number.
    Count,
}
