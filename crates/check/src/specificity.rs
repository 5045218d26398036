//! Which of two kinds of things is the more specific.
//!
//! Invariant: the answer errs to `Across`: a kind is called narrower only where every thing of it
//! is one of the other.

use crate::checker::Checker;
use casus_model::{
    Name,
    program::{CategoryId, Compare, MeasureTest, ObjectTest},
};
use rust_decimal::Decimal;
use std::{cmp::Ordering, collections::BTreeMap};

/// How two kinds of things lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meeting {
    /// The first is part of the second.
    Narrower,
    /// The second is part of the first.
    Wider,
    /// They are the same.
    Same,
    /// They overlap, and each has something of its own.
    Across,
    /// Nothing is both.
    Apart,
}

/// Steps of comparing two kinds; beyond them the kinds are taken to lie across each other.
pub(crate) const STEPS: u32 = 10_000;

impl Checker<'_> {
    /// How two kinds of things lie to each other.
    pub(crate) fn meeting(&self, one: &ObjectTest, two: &ObjectTest, steps: &mut u32) -> Meeting {
        let below = self.part_of(one.category, &one.tests, two.category, &two.tests, steps);
        let above = self.part_of(two.category, &two.tests, one.category, &one.tests, steps);
        match (below, above) {
            (true, true) => Meeting::Same,
            (true, false) => Meeting::Narrower,
            (false, true) => Meeting::Wider,
            (false, false) => {
                let both: Vec<MeasureTest> = one.tests.iter().chain(&two.tests).cloned().collect();
                match self.overlap(one.category, two.category, &both, steps) {
                    true => Meeting::Across,
                    false => Meeting::Apart,
                }
            }
        }
    }

    fn kinds(&self, id: CategoryId) -> &[(CategoryId, Vec<MeasureTest>)] {
        self.out.categories.get(id.index()).map_or(&[], |one| one.kinds.as_slice())
    }

    /// Whether every `a` with its tests is a `b` with its tests.
    fn part_of(
        &self,
        a: CategoryId,
        a_tests: &[MeasureTest],
        b: CategoryId,
        b_tests: &[MeasureTest],
        steps: &mut u32,
    ) -> bool {
        *steps = steps.saturating_sub(1);
        if *steps == 0 {
            return false;
        }
        if a == b {
            return implies(a_tests, b_tests);
        }
        let through = self.kinds(b).iter().any(|(kind, tests)| {
            let wanted: Vec<MeasureTest> = tests.iter().chain(b_tests).cloned().collect();
            self.part_of(a, a_tests, *kind, &wanted, steps)
        });
        let kinds = self.kinds(a);
        through
            || !kinds.is_empty()
                && kinds.iter().all(|(kind, tests)| {
                    let given: Vec<MeasureTest> = tests.iter().chain(a_tests).cloned().collect();
                    self.part_of(*kind, &given, b, b_tests, steps)
                })
    }

    /// Whether something can be both, and pass the tests.
    fn overlap(
        &self,
        a: CategoryId,
        b: CategoryId,
        tests: &[MeasureTest],
        steps: &mut u32,
    ) -> bool {
        *steps = steps.saturating_sub(1);
        if *steps == 0 {
            return true;
        }
        if !possible(tests) {
            return false;
        }
        if a == b {
            return true;
        }
        let into = |from: CategoryId, other: CategoryId, steps: &mut u32| {
            self.kinds(from).iter().any(|(kind, more)| {
                let all: Vec<MeasureTest> = more.iter().chain(tests).cloned().collect();
                self.overlap(*kind, other, &all, steps)
            })
        };
        into(a, b, steps) || into(b, a, steps)
    }
}

/// What tests leave of a measure: bounds, each with whether it is itself left out.
#[derive(Clone, Copy, Default)]
struct Left {
    low: Option<(Decimal, bool)>,
    high: Option<(Decimal, bool)>,
}

impl Left {
    fn narrow(&mut self, test: &MeasureTest) {
        let value = test.value;
        match test.compare {
            Compare::AtLeast => self.raise((value, false)),
            Compare::MoreThan => self.raise((value, true)),
            Compare::AtMost => self.lower((value, false)),
            Compare::LessThan => self.lower((value, true)),
            Compare::Equal => {
                self.raise((value, false));
                self.lower((value, false));
            }
        }
    }
    fn raise(&mut self, bound: (Decimal, bool)) {
        if self.low.is_none_or(|low| low < bound) {
            self.low = Some(bound);
        }
    }
    fn lower(&mut self, bound: (Decimal, bool)) {
        let tighter = |high: (Decimal, bool)| match high.0.cmp(&bound.0) {
            Ordering::Greater => true,
            Ordering::Equal => bound.1 && !high.1,
            Ordering::Less => false,
        };
        if self.high.is_none_or(tighter) {
            self.high = Some(bound);
        }
    }
    fn is_empty(&self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => low.0 > high.0 || low.0 == high.0 && (low.1 || high.1),
            _ => false,
        }
    }
    /// Whether it lies within the other.
    fn within(&self, other: &Left) -> bool {
        let low = other.low.is_none_or(|bound| self.low.is_some_and(|low| low >= bound));
        let high = other.high.is_none_or(|bound| {
            self.high
                .is_some_and(|high| high.0 < bound.0 || high.0 == bound.0 && (high.1 || !bound.1))
        });
        low && high
    }
}

fn left(tests: &[MeasureTest]) -> BTreeMap<&Name, Left> {
    let mut out: BTreeMap<&Name, Left> = BTreeMap::new();
    for test in tests {
        out.entry(&test.measure).or_default().narrow(test);
    }
    out
}

fn possible(tests: &[MeasureTest]) -> bool {
    left(tests).values().all(|left| !left.is_empty())
}

/// Whether whatever passes the given tests passes the wanted ones.
fn implies(given: &[MeasureTest], wanted: &[MeasureTest]) -> bool {
    let given = left(given);
    let covered = |(measure, wanted): (&&Name, &Left)| {
        given.get(*measure).is_some_and(|given| given.within(wanted))
    };
    given.values().any(Left::is_empty) || left(wanted).iter().all(covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(compare: Compare, value: i64) -> MeasureTest {
        MeasureTest { measure: "calibre".into(), compare, value: Decimal::from(value) }
    }

    #[test]
    fn tests_imply_wider_tests() {
        use Compare::{AtLeast, AtMost, Equal, LessThan, MoreThan};
        assert!(implies(&[test(AtLeast, 100)], &[test(AtLeast, 100)]));
        assert!(implies(&[test(MoreThan, 100)], &[test(AtLeast, 100)]));
        assert!(!implies(&[test(AtLeast, 100)], &[test(MoreThan, 100)]));
        assert!(implies(&[test(Equal, 120)], &[test(AtLeast, 100), test(LessThan, 152)]));
        assert!(!implies(&[test(AtMost, 100)], &[test(LessThan, 100)]));
        assert!(implies(&[test(LessThan, 100)], &[test(AtMost, 100)]));
        assert!(!implies(&[], &[test(AtLeast, 1)]));
        assert!(implies(&[test(AtLeast, 1)], &[]));
    }

    #[test]
    fn tests_that_exclude_each_other_leave_nothing() {
        use Compare::{AtLeast, LessThan};
        assert!(!possible(&[test(AtLeast, 100), test(LessThan, 100)]));
        assert!(possible(&[test(AtLeast, 99), test(LessThan, 100)]));
    }
}
