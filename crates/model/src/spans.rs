//! Sets of instants as sorted, disjoint, half-open stretches `[from, to)`.
//!
//! Invariant: stretches are not empty, sorted, and never touch each other.

use crate::time::Instant;

/// A set of instants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(Vec<(Instant, Instant)>);

impl Spans {
    /// No instant.
    pub fn none() -> Spans {
        Spans(Vec::new())
    }
    /// Every instant.
    pub fn all() -> Spans {
        Spans(vec![(Instant::MIN, Instant::MAX)])
    }
    /// The instants of `[from, to)`; none where `to ≤ from`.
    pub fn of(from: Instant, to: Instant) -> Spans {
        if from < to { Spans(vec![(from, to)]) } else { Spans::none() }
    }
    /// Stretches that are in order, not empty, and do not touch.
    pub fn in_order(stretches: Vec<(Instant, Instant)>) -> Spans {
        debug_assert!(stretches.iter().all(|(a, b)| a < b));
        let next = stretches.iter().skip(1);
        debug_assert!(stretches.iter().zip(next).all(|(one, two)| one.1 < two.0));
        Spans(stretches)
    }
    /// Every instant that at least `least` of the stretches cover (each counted by its weight).
    pub fn covered(stretches: &[(Instant, Instant, i128)], least: i128) -> Spans {
        let mut edges: Vec<(Instant, i128)> = Vec::with_capacity(stretches.len() * 2);
        for &(from, to, weight) in stretches {
            if from < to {
                edges.push((from, weight));
                edges.push((to, -weight));
            }
        }
        edges.sort_unstable_by_key(|edge| edge.0);
        let mut out: Vec<(Instant, Instant)> = Vec::new();
        let (mut depth, mut opened) = (0_i128, None);
        if depth >= least {
            opened = Some(Instant::MIN);
        }
        let mut rest = edges.iter().peekable();
        while let Some(&(at, change)) = rest.next() {
            depth = depth.saturating_add(change);
            if rest.peek().is_some_and(|next| next.0 == at) {
                continue;
            }
            match opened {
                None if depth >= least => opened = Some(at),
                Some(from) if depth < least => {
                    opened = None;
                    if from < at {
                        out.push((from, at));
                    }
                }
                _ => {}
            }
        }
        if let Some(from) = opened {
            out.push((from, Instant::MAX));
        }
        Spans(out)
    }
    /// The union of stretches in any order.
    pub fn union_of(stretches: impl IntoIterator<Item = (Instant, Instant)>) -> Spans {
        let weighted: Vec<_> = stretches.into_iter().map(|(a, b)| (a, b, 1)).collect();
        Spans::covered(&weighted, 1)
    }
    /// Instants of either.
    #[must_use]
    pub fn or(&self, other: &Spans) -> Spans {
        Spans::union_of(self.0.iter().chain(&other.0).copied())
    }
    /// Instants of both.
    #[must_use]
    pub fn and(&self, other: &Spans) -> Spans {
        let weighted: Vec<_> = self.0.iter().chain(&other.0).map(|&(a, b)| (a, b, 1)).collect();
        Spans::covered(&weighted, 2)
    }
    /// Instants that are not in it.
    #[must_use]
    pub fn not(&self) -> Spans {
        let mut out = Vec::with_capacity(self.0.len() + 1);
        let mut from = Instant::MIN;
        for &(a, b) in &self.0 {
            if from < a {
                out.push((from, a));
            }
            from = b;
        }
        if from < Instant::MAX {
            out.push((from, Instant::MAX));
        }
        Spans(out)
    }
    /// Whether it contains the instant.
    pub fn contains(&self, at: Instant) -> bool {
        let next = self.0.partition_point(|stretch| stretch.0 <= at);
        next > 0 && self.0.get(next - 1).is_some_and(|stretch| at < stretch.1)
    }
    /// Whether it contains every instant of `[from, to]`.
    pub fn contains_all(&self, from: Instant, to: Instant) -> bool {
        let next = self.0.partition_point(|stretch| stretch.0 <= from);
        next > 0 && self.0.get(next - 1).is_some_and(|stretch| to < stretch.1)
    }
    /// Whether it contains some instant of `[from, to]`.
    pub fn contains_any(&self, from: Instant, to: Instant) -> bool {
        self.0.iter().any(|&(a, b)| a <= to && from < b)
    }
    /// Where the first stretch begins that begins in `[from, to)`.
    pub fn first_in(&self, from: Instant, to: Instant) -> Option<Instant> {
        let next = self.0.partition_point(|stretch| stretch.0 < from);
        self.0.get(next).map(|stretch| stretch.0).filter(|&at| at < to)
    }
    /// The stretches, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Instant, Instant)> + '_ {
        self.0.iter().copied()
    }
    /// The first instant, if any.
    pub fn first(&self) -> Option<Instant> {
        self.0.first().map(|stretch| stretch.0)
    }
    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(list: &[(i64, i64)]) -> Spans {
        Spans::union_of(list.iter().map(|&(a, b)| (Instant(a), Instant(b))))
    }

    #[test]
    fn touching_stretches_merge() {
        assert_eq!(
            spans(&[(0, 5), (5, 9), (12, 13)]),
            Spans(vec![(Instant(0), Instant(9)), (Instant(12), Instant(13))])
        );
    }

    #[test]
    fn covered_counts_depth_and_ties() {
        let three = [(0, 10), (5, 15), (10, 20)].map(|(a, b)| (Instant(a), Instant(b), 1));
        assert_eq!(Spans::covered(&three, 2), spans(&[(5, 15)]));
        assert!(Spans::covered(&three, 3).is_empty());
    }

    #[test]
    fn not_is_its_own_inverse() {
        let s = spans(&[(0, 5), (8, 9)]);
        assert_eq!(s.not().not(), s);
        assert!(s.and(&s.not()).is_empty());
        assert_eq!(s.or(&s.not()), Spans::all());
    }
}
