//! Amounts over time: a lowest and a highest value at every instant, and arithmetic on them.
//!
//! Invariant: a curve begins at the least instant, and its steps are in order of time; an end
//! beyond `UNBOUNDED` is unbounded and stays so.

use crate::spanning::Both;
use casus_model::{Instant, Spans, program::Compare};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// More than any amount, in thousandths.
pub(crate) const UNBOUNDED: i128 = 1_000_000_000_000_000_000_000_000;

/// A lowest and a highest value, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    pub low: i128,
    pub high: i128,
}

/// Adds to a curve over a stretch of time.
pub(crate) type Weight = (Instant, Instant, i128);

/// Values over time: each holds until the next.
#[derive(Clone, Debug)]
pub(crate) struct Curve(Vec<(Instant, Ends)>);

impl Ends {
    /// Nobody can say.
    const ANY: Ends = Ends { low: -UNBOUNDED, high: UNBOUNDED };

    /// A value of the text.
    pub(crate) fn exactly(value: Decimal) -> Ends {
        Ends { low: thousandths(value, false), high: thousandths(value, true) }.bounded()
    }
    fn bounded(self) -> Ends {
        let within = |end: i128| end.clamp(-UNBOUNDED, UNBOUNDED);
        Ends { low: within(self.low), high: within(self.high) }
    }
    fn add(self, other: Ends) -> Ends {
        let low = match self.low <= -UNBOUNDED || other.low <= -UNBOUNDED {
            true => -UNBOUNDED,
            false => self.low + other.low,
        };
        let high = match self.high >= UNBOUNDED || other.high >= UNBOUNDED {
            true => UNBOUNDED,
            false => self.high + other.high,
        };
        Ends { low, high }.bounded()
    }
    fn negate(self) -> Ends {
        Ends { low: -self.high, high: -self.low }
    }
    fn times(self, factor: Decimal) -> Ends {
        if factor.is_zero() {
            return Ends { low: 0, high: 0 };
        }
        let low = if self.low <= -UNBOUNDED { self.low } else { scaled(self.low, factor, false) };
        let high = if self.high >= UNBOUNDED { self.high } else { scaled(self.high, factor, true) };
        Ends { low, high }.bounded()
    }
    /// In thousandths of a per cent.
    fn share_of(self, whole: Ends) -> Ends {
        if whole.low <= 0 {
            return Ends::ANY;
        }
        let low = match self.low {
            low if low <= -UNBOUNDED => low,
            low if low < 0 => (low * 100_000).div_euclid(whole.low),
            _ if whole.high >= UNBOUNDED => 0,
            low => (low * 100_000).div_euclid(whole.high),
        };
        let high = match self.high {
            high if high >= UNBOUNDED => high,
            high if high >= 0 => -(-high * 100_000).div_euclid(whole.low),
            _ if whole.high >= UNBOUNDED => 0,
            high => -(-high * 100_000).div_euclid(whole.high),
        };
        Ends { low, high }.bounded()
    }
    /// Whether it surely does not compare so, and whether it possibly does not.
    fn fails(self, compare: Compare, other: Ends) -> (bool, bool) {
        match compare {
            Compare::AtMost => (self.low > other.high, self.high > other.low),
            Compare::LessThan => (self.low >= other.high, self.high >= other.low),
            Compare::AtLeast => (self.high < other.low, self.low < other.high),
            Compare::MoreThan => (self.high <= other.low, self.low <= other.high),
            Compare::Equal => {
                let (above, below) =
                    (self.fails(Compare::AtMost, other), self.fails(Compare::AtLeast, other));
                (above.0 || below.0, above.1 || below.1)
            }
        }
    }
    /// Whether it surely, and whether it possibly fails to compare so.
    pub(crate) fn violates(self, compare: Compare, other: Ends) -> (bool, bool) {
        self.fails(compare, other)
    }
}

impl Curve {
    /// The same always.
    pub(crate) fn always(value: Decimal) -> Curve {
        Curve(vec![(Instant::MIN, Ends::exactly(value))])
    }

    /// A value, and others from their instants on.
    pub(crate) fn dated(first: Decimal, later: &[(Instant, Decimal)]) -> Curve {
        let first = (Instant::MIN, Ends::exactly(first));
        let later = later.iter().map(|(at, value)| (*at, Ends::exactly(*value)));
        Curve(std::iter::once(first).chain(later).collect())
    }

    /// The sums of what weighs at each instant, surely and possibly.
    pub(crate) fn of_weights(low: &[Weight], high: &[Weight]) -> Curve {
        let edges = |weights: &[Weight]| {
            let mut edges: Vec<(Instant, i128)> = Vec::with_capacity(weights.len() * 2);
            for &(from, to, weight) in weights.iter().filter(|(from, to, _)| from < to) {
                edges.push((from, weight));
                edges.push((to, -weight));
            }
            edges.sort_unstable_by_key(|edge| edge.0);
            edges
        };
        let (low, high) = (edges(low), edges(high));
        let mut times: Vec<Instant> = std::iter::once(Instant::MIN)
            .chain(low.iter().chain(&high).map(|edge| edge.0))
            .collect();
        times.sort_unstable();
        times.dedup();
        let (mut low, mut high) = (low.into_iter().peekable(), high.into_iter().peekable());
        let mut sums = Ends { low: 0, high: 0 };
        let steps = times.into_iter().map(|at| {
            while let Some((_, change)) = low.next_if(|edge| edge.0 <= at) {
                sums.low += change;
            }
            while let Some((_, change)) = high.next_if(|edge| edge.0 <= at) {
                sums.high += change;
            }
            (at, sums.bounded())
        });
        Curve(steps.collect())
    }

    /// The value at an instant.
    pub(crate) fn at(&self, at: Instant) -> Ends {
        let after = self.0.partition_point(|step| step.0 <= at);
        after.checked_sub(1).and_then(|before| self.0.get(before)).map_or(Ends::ANY, |step| step.1)
    }

    fn map(self, change: impl Fn(Ends) -> Ends) -> Curve {
        Curve(self.0.into_iter().map(|(at, ends)| (at, change(ends))).collect())
    }

    fn join(&self, other: &Curve, both: impl Fn(Ends, Ends) -> Ends) -> Curve {
        Curve(self.beside(other).into_iter().map(|(at, one, two)| (at, both(one, two))).collect())
    }

    /// Both at every instant at which either changes.
    fn beside(&self, other: &Curve) -> Vec<(Instant, Ends, Ends)> {
        let mut times: Vec<Instant> = self.0.iter().chain(&other.0).map(|step| step.0).collect();
        times.sort_unstable();
        times.dedup();
        times.into_iter().map(|at| (at, self.at(at), other.at(at))).collect()
    }

    pub(crate) fn plus(&self, other: &Curve) -> Curve {
        self.join(other, Ends::add)
    }
    pub(crate) fn negate(self) -> Curve {
        self.map(Ends::negate)
    }
    pub(crate) fn times(self, factor: Decimal) -> Curve {
        self.map(|ends| ends.times(factor))
    }
    pub(crate) fn share_of(&self, whole: &Curve) -> Curve {
        self.join(whole, Ends::share_of)
    }

    /// Unbounded above until then.
    pub(crate) fn unbounded_before(&self, first: Instant) -> Curve {
        let mut times: Vec<Instant> = self.0.iter().map(|step| step.0).collect();
        times.push(first);
        times.sort_unstable();
        times.dedup();
        let ends = |at: Instant| {
            let ends = self.at(at);
            if at < first { Ends { high: UNBOUNDED, ..ends } } else { ends }
        };
        Curve(times.into_iter().map(|at| (at, ends(at))).collect())
    }

    /// As it stood at a moment; before it, as it stands.
    pub(crate) fn as_of(&self, (possible, certain): (Instant, Instant)) -> Curve {
        let mut times: Vec<Instant> = self.0.iter().map(|step| step.0).collect();
        times.extend([possible, certain]);
        times.sort_unstable();
        times.dedup();
        times.retain(|at| *at <= certain);
        let mut steps: Vec<(Instant, Ends)> = Vec::with_capacity(times.len());
        for at in times {
            let now = self.at(at);
            let before = steps.last().filter(|_| at > possible).map(|step| step.1);
            let hull = before.map_or(now, |before| Ends {
                low: before.low.min(now.low),
                high: before.high.max(now.high),
            });
            steps.push((at, hull));
        }
        Curve(steps)
    }

    /// Where it surely, and where it possibly fails to compare so.
    pub(crate) fn violations(&self, compare: Compare, other: &Curve) -> Both {
        let steps = self.beside(other);
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        let mut ends = steps.iter().skip(1).map(|step| step.0);
        for (from, one, two) in &steps {
            let to = ends.next().unwrap_or(Instant::MAX);
            let (surely, possibly) = one.fails(compare, *two);
            if surely {
                lower.push((*from, to));
            }
            if possibly {
                upper.push((*from, to));
            }
        }
        Both { lower: Spans::union_of(lower), upper: Spans::union_of(upper) }
    }
}

/// A decimal in thousandths, rounded down or up.
pub(crate) fn thousandths(value: Decimal, up: bool) -> i128 {
    let Some(scaled) = value.checked_mul(Decimal::ONE_THOUSAND) else {
        return if value.is_sign_negative() { -UNBOUNDED } else { UNBOUNDED };
    };
    let rounded = if up { scaled.ceil() } else { scaled.floor() };
    rounded.to_i128().unwrap_or(UNBOUNDED).clamp(-UNBOUNDED, UNBOUNDED)
}

/// So many times an amount, rounded down or up.
pub(crate) fn scaled(amount: i128, factor: Decimal, up: bool) -> i128 {
    let one = 10_i128.pow(factor.scale());
    let Some(product) = amount.checked_mul(factor.mantissa()) else {
        return if (amount < 0) != factor.is_sign_negative() { -UNBOUNDED } else { UNBOUNDED };
    };
    if up { -(-product).div_euclid(one) } else { product.div_euclid(one) }
}
