//! Where every row went.
//!
//! Invariant: read = accepted + duplicate + unclassified + rejected.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// How many different unclassified values are told apart; the rest is counted together.
const MOST_VALUES: usize = 1_000;

/// The rows of one source, or of all sources of an intake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// Rows read.
    pub read: u64,
    /// Rows that became a record.
    pub accepted: u64,
    /// Rows whose key, or whose whole content, had been read before.
    pub duplicate: u64,
    /// Rows with a value that no table of the profile names.
    pub unclassified: u64,
    /// Rows with a fault, each reported as a `Reject`.
    pub rejected: u64,
    /// Accepted rows whose low, best and high estimates were out of order and were widened to
    /// contain all three, because the profile says so.
    pub widened: u64,
    /// Accepted positions that are doubtful.
    pub doubtful: u64,
    /// How many of them for which reason; one may have several.
    pub doubts: BTreeMap<String, u64>,
    /// How many unclassified rows had which value, as `column: value`; beyond a thousand
    /// different ones the rest is under `…`.
    pub unclassified_values: BTreeMap<String, u64>,
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Accepted,
    Duplicate,
    Unclassified,
    Rejected,
}

impl Accounting {
    pub(crate) fn count(&mut self, fate: Fate) {
        self.read += 1;
        match fate {
            Fate::Accepted => self.accepted += 1,
            Fate::Duplicate => self.duplicate += 1,
            Fate::Unclassified => self.unclassified += 1,
            Fate::Rejected => self.rejected += 1,
        }
    }
    pub(crate) fn count_unclassified(&mut self, column: &str, value: &str) {
        self.count(Fate::Unclassified);
        let key = format!("{column}: {}", crate::reject::shortened(value, 80));
        let full = self.unclassified_values.len() >= MOST_VALUES;
        let key = if full && !self.unclassified_values.contains_key(&key) {
            "…".to_owned()
        } else {
            key
        };
        *self.unclassified_values.entry(key).or_default() += 1;
    }
    pub(crate) fn count_doubts<D: fmt::Display>(&mut self, doubts: impl IntoIterator<Item = D>) {
        let before: u64 = self.doubts.values().sum();
        for doubt in doubts {
            *self.doubts.entry(doubt.to_string()).or_default() += 1;
        }
        let after: u64 = self.doubts.values().sum();
        self.doubtful += u64::from(after > before);
    }
    /// Adds the rows of another source.
    pub fn add(&mut self, other: &Accounting) {
        self.read += other.read;
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.unclassified += other.unclassified;
        self.rejected += other.rejected;
        self.widened += other.widened;
        self.doubtful += other.doubtful;
        for (reason, rows) in &other.doubts {
            *self.doubts.entry(reason.clone()).or_default() += rows;
        }
        for (value, rows) in &other.unclassified_values {
            *self.unclassified_values.entry(value.clone()).or_default() += rows;
        }
    }
    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.read == self.accepted + self.duplicate + self.unclassified + self.rejected
    }
}

impl fmt::Display for Accounting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Accounting { read, accepted, duplicate, unclassified, rejected, .. } = self;
        write!(
            f,
            "{read} read = {accepted} accepted + {duplicate} duplicate + {unclassified} \
             unclassified + {rejected} rejected"
        )
    }
}
