//! Three-valued truth: what is established, what is possible, what is ruled out.
//!
//! Invariant: `and`, `or` and `not` are strong Kleene.

use serde::{Deserialize, Serialize};

/// No (ruled out), unknown (possible), or yes (established); ordered in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tri {
    /// Ruled out.
    No,
    /// Possible, not established.
    Unknown,
    /// Established.
    Yes,
}

impl Tri {
    /// From the pair (established, possible); what is established is possible.
    #[inline]
    pub fn from_bounds(established: bool, possible: bool) -> Tri {
        match (established, possible) {
            (true, _) => Tri::Yes,
            (false, true) => Tri::Unknown,
            (false, false) => Tri::No,
        }
    }
    /// The weaker of the two.
    #[must_use]
    #[inline]
    pub fn and(self, other: Tri) -> Tri {
        self.min(other)
    }
    /// The stronger of the two.
    #[must_use]
    #[inline]
    pub fn or(self, other: Tri) -> Tri {
        self.max(other)
    }
    /// Yes and no change places; unknown stays.
    #[must_use]
    #[inline]
    pub fn negate(self) -> Tri {
        match self {
            Tri::No => Tri::Yes,
            Tri::Unknown => Tri::Unknown,
            Tri::Yes => Tri::No,
        }
    }
    /// `negate` where `flag` is set.
    #[must_use]
    #[inline]
    pub fn negate_if(self, flag: bool) -> Tri {
        if flag { self.negate() } else { self }
    }
    /// What all of these say, unknown where they differ or there is none.
    pub fn agreed(all: impl IntoIterator<Item = Tri>) -> Tri {
        let mut all = all.into_iter();
        let first = all.next().unwrap_or(Tri::Unknown);
        if all.all(|one| one == first) { first } else { Tri::Unknown }
    }
    /// Whether it is established.
    #[inline]
    pub fn is_yes(self) -> bool {
        self == Tri::Yes
    }
    /// Whether it is ruled out.
    #[inline]
    pub fn is_no(self) -> bool {
        self == Tri::No
    }
    /// Whether it is established or possible.
    #[inline]
    pub fn is_possible(self) -> bool {
        self != Tri::No
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Tri {
        if value { Tri::Yes } else { Tri::No }
    }
}
