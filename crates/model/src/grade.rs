//! How sure a report is: the Admiralty grades, and a confidence as bounds in per cent.
//!
//! Invariant: `F` and `6` mean unknown; they are never ranked below the graded values.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Reliability of the source, `A` (complete) to `E` (unreliable); `F` cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Reliability {
    A,
    B,
    C,
    D,
    E,
    F,
}

/// Credibility of the item, one (confirmed) to five (improbable); six cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Credibility {
    /// 1: confirmed by other sources.
    Confirmed,
    /// 2: probably true.
    Probable,
    /// 3: possibly true.
    Possible,
    /// 4: doubtful.
    Doubtful,
    /// 5: improbable.
    Improbable,
    /// 6: cannot be judged.
    Unknown,
}

/// An Admiralty grade, as `B2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grade {
    /// Of the source.
    pub reliability: Reliability,
    /// Of the item.
    pub credibility: Credibility,
}

impl Grade {
    /// `F6`: nobody has judged it.
    pub const UNGRADED: Grade =
        Grade { reliability: Reliability::F, credibility: Credibility::Unknown };

    /// Reads two characters, `A` to `F` and `1` to `6`.
    pub fn parse(text: &str) -> Option<Grade> {
        let mut signs = text.chars();
        let reliability = match signs.next()?.to_ascii_uppercase() {
            'A' => Reliability::A,
            'B' => Reliability::B,
            'C' => Reliability::C,
            'D' => Reliability::D,
            'E' => Reliability::E,
            'F' => Reliability::F,
            _ => return None,
        };
        let credibility = match signs.next()? {
            '1' => Credibility::Confirmed,
            '2' => Credibility::Probable,
            '3' => Credibility::Possible,
            '4' => Credibility::Doubtful,
            '5' => Credibility::Improbable,
            '6' => Credibility::Unknown,
            _ => return None,
        };
        signs.next().is_none().then_some(Grade { reliability, credibility })
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.reliability, self.credibility as u8 + 1)
    }
}

impl Serialize for Grade {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grade {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Grade::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("expected a grade from `A1` to `F6`, got `{text}`"))
        })
    }
}

/// How sure an answer is: bounds in per cent, 0 ≤ low ≤ high ≤ 100. Unknown is 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Confidence {
    /// At least so many per cent.
    pub low: u8,
    /// At most so many per cent.
    pub high: u8,
}

impl Confidence {
    /// Nobody has judged it.
    pub const UNKNOWN: Confidence = Confidence { low: 0, high: 100 };
    /// 95 to 100 per cent.
    pub const CONFIRMED: Confidence = Confidence { low: 95, high: 100 };
    /// 55 to 95 per cent.
    pub const PROBABLE: Confidence = Confidence { low: 55, high: 95 };
    /// 20 to 55 per cent.
    pub const POSSIBLE: Confidence = Confidence { low: 20, high: 55 };
    /// 5 to 20 per cent.
    pub const DOUBTFUL: Confidence = Confidence { low: 5, high: 20 };
    /// 0 to 5 per cent.
    pub const IMPROBABLE: Confidence = Confidence { low: 0, high: 5 };

    /// Reads one of the six words, `80 %`, or `70-90 %`.
    pub fn parse(text: &str) -> Option<Confidence> {
        match text.trim() {
            "confirmed" => return Some(Self::CONFIRMED),
            "probable" => return Some(Self::PROBABLE),
            "possible" => return Some(Self::POSSIBLE),
            "doubtful" => return Some(Self::DOUBTFUL),
            "improbable" => return Some(Self::IMPROBABLE),
            "unknown" => return Some(Self::UNKNOWN),
            _ => {}
        }
        let digits = text.trim().strip_suffix('%').unwrap_or(text).trim();
        let (low, high) = digits.split_once('-').unwrap_or((digits, digits));
        let (low, high) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
        (low <= high && high <= 100).then_some(Confidence { low, high })
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::CONFIRMED => f.write_str("confirmed"),
            Self::PROBABLE => f.write_str("probable"),
            Self::POSSIBLE => f.write_str("possible"),
            Self::DOUBTFUL => f.write_str("doubtful"),
            Self::IMPROBABLE => f.write_str("improbable"),
            Self::UNKNOWN => f.write_str("unknown"),
            Confidence { low, high } if low == high => write!(f, "{low} %"),
            Confidence { low, high } => write!(f, "{low}-{high} %"),
        }
    }
}

impl Serialize for Confidence {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Confidence::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "expected `confirmed` … `improbable`, `unknown` or a per cent, got `{text}`"
            ))
        })
    }
}

impl From<Credibility> for Confidence {
    fn from(credibility: Credibility) -> Confidence {
        match credibility {
            Credibility::Confirmed => Self::CONFIRMED,
            Credibility::Probable => Self::PROBABLE,
            Credibility::Possible => Self::POSSIBLE,
            Credibility::Doubtful => Self::DOUBTFUL,
            Credibility::Improbable => Self::IMPROBABLE,
            Credibility::Unknown => Self::UNKNOWN,
        }
    }
}
