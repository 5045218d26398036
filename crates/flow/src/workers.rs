//! A set of workers.
//!
//! Invariant: workers are numbered from 0, and there are at most `Workers::MOST` of them.

/// A set of workers, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Workers(u64);

impl Workers {
    /// How many workers there may be at all.
    pub(crate) const MOST: usize = 64;

    /// This one; nobody where there cannot be such a worker.
    pub(crate) fn one(worker: usize) -> Workers {
        let bit = u32::try_from(worker).ok().and_then(|worker| 1_u64.checked_shl(worker));
        Workers(bit.unwrap_or(0))
    }

    /// Both.
    #[must_use]
    pub(crate) fn and(self, other: Workers) -> Workers {
        Workers(self.0 | other.0)
    }

    /// Those that are in both.
    #[must_use]
    pub(crate) fn meet(self, other: Workers) -> Workers {
        Workers(self.0 & other.0)
    }

    /// Those that are not in the other.
    #[must_use]
    pub(crate) fn without(self, other: Workers) -> Workers {
        Workers(self.0 & !other.0)
    }

    /// Each of them, the first first.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        (0..Workers::MOST).filter(move |&worker| self.0 >> worker & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in() {
        let some = Workers::one(0).and(Workers::one(63)).and(Workers::one(64));
        assert_eq!(some.iter().collect::<Vec<_>>(), [0, 63]);
        assert_eq!(some.without(Workers::one(0)), Workers::one(63));
        assert_eq!(some.meet(Workers::one(0)), Workers::one(0));
    }
}
