//! Random amounts.
//!
//! Invariant: ids of rules in them are placeholders until `resolve` has seen them.

use super::patterns::{free, keys, pattern, span};
use casus_model::{
    Name, Period,
    program::{
        Amount, By, Compare, Counted, FamilyId, Key, Over, Part, Pattern, TableId, Term, Unit,
        Whose,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;

/// A period of the calendar, mostly short.
pub fn period() -> impl Strategy<Value = Period> + Clone {
    select(vec![Period::Day, Period::Day, Period::Week, Period::Month])
}

/// A comparison.
pub fn compare() -> impl Strategy<Value = Compare> + Clone {
    select(vec![
        Compare::AtMost,
        Compare::LessThan,
        Compare::AtLeast,
        Compare::MoreThan,
        Compare::Equal,
    ])
}

fn over() -> impl Strategy<Value = Over> + Clone {
    prop_oneof![
        3 => Just(Over::Stock),
        3 => span().prop_map(Over::Rolling),
        3 => period().prop_map(Over::Each),
        1 => Just(Over::Since(None)),
        1 => free().prop_map(|moment| Over::Since(Some(Box::new(moment)))),
        1 => Just(Over::During),
    ]
}

fn unit() -> impl Strategy<Value = Unit> + Clone {
    let measure = select(vec!["killed", "money", "calibre"]);
    let key = select(vec![Key::Party, Key::Family(FamilyId(0)), Key::Item, Key::Recipient]);
    prop_oneof![
        4 => Just(Unit::Number),
        4 => measure.prop_map(|measure| Unit::Total(Name::from(measure))),
        2 => key.prop_map(Unit::Different),
    ]
}

/// What facts of this pattern say.
fn counted(
    pattern: impl Strategy<Value = Pattern> + Clone + 'static,
    own: bool,
) -> BoxedStrategy<Counted> {
    let same = if own { Just(Vec::new()).boxed() } else { keys().boxed() };
    let weights = option::weighted(0.15, Just(TableId(0)));
    let as_of = option::weighted(0.15, free());
    (pattern, prop::bool::weighted(0.7), same, unit(), (weights, over(), as_of))
        .prop_map(move |(mut pattern, mine, same, unit, (weights, over, as_of))| {
            let mine = own && (mine || pattern.by == By::Same);
            if mine {
                pattern.by = By::Anyone;
            }
            let whose = if mine { Whose::Bearer } else { Whose::Pattern };
            let weights = weights.filter(|_| !matches!(unit, Unit::Different(_)));
            Counted { pattern, whose, same, unit, weights, over, as_of }
        })
        .boxed()
}

fn value() -> impl Strategy<Value = Decimal> + Clone {
    (0_i64..8).prop_map(|value| Decimal::new(value * 5, 1))
}

fn part(own: bool) -> BoxedStrategy<Part> {
    let later = (0_i64..24, value())
        .prop_map(|(step, value)| vec![(super::vocabulary::instant(step), value)]);
    prop_oneof![
        3 => value().prop_map(Part::Fixed),
        1 => (value(), later).prop_map(|(first, later)| Part::Dated(first, later)),
        3 => counted(pattern(), own).prop_map(|counted| Part::Counted(Box::new(counted))),
    ]
    .boxed()
}

fn term(own: bool, first: BoxedStrategy<Part>) -> BoxedStrategy<Term> {
    let factor = select(vec![(1, 0), (1, 0), (1, 0), (2, 0), (15, 1), (333, 3), (0, 0)]);
    let factor = factor.prop_map(|(number, scale)| Decimal::new(number, scale));
    let share = option::weighted(0.15, part(own));
    (first, factor, share, prop::bool::weighted(0.25))
        .prop_map(|(part, factor, share_of, minus)| Term { minus, factor, part, share_of })
        .boxed()
}

/// An amount that begins with what is counted, and one to compare it with. Amounts over periods
/// are all over one.
pub fn sides(own: bool) -> BoxedStrategy<(Amount, Amount)> {
    let head = counted(pattern(), own).prop_map(|counted| Part::Counted(Box::new(counted)));
    let plain = head.clone().prop_map(Amount::of);
    let left = (term(own, head.boxed()), vec(term(own, part(own)), 0..=1));
    let left = left.prop_map(|(first, rest)| Amount {
        terms: std::iter::once(Term { minus: false, ..first }).chain(rest).collect(),
    });
    let right = prop_oneof![
        3 => value().prop_map(Amount::fixed),
        2 => vec(term(own, part(own)), 1..=2).prop_map(|terms| Amount { terms }),
    ];
    (prop_oneof![1 => plain.boxed(), 2 => left.boxed()], right, period())
        .prop_map(|(mut left, mut right, period)| {
            for one in left.counted_mut().chain(right.counted_mut()) {
                if let Over::Each(each) = &mut one.over {
                    *each = period;
                }
            }
            (left, right)
        })
        .boxed()
}
