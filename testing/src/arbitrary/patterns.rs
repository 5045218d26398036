//! Random patterns, conditions and moments.
//!
//! Invariant: ids of rules in them are placeholders until `resolve` has seen them.

use super::vocabulary::{self, ITEMS};
use casus_model::{
    Name, Period, Span,
    program::{
        ActId, ActorId, Anchor, By, CategoryId, Compare, Condition, Distance, Edge, FamilyId,
        Groups, Key, LineId, MeasureTest, Moment, Next, ObjectTest, Order, Pattern, PlaceTest,
        RuleId, StateOf, StateTest, TableId, What, Window, ZoneId,
    },
    side::Hand,
    time::HOUR_MS,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;

/// A length of time, mostly on the grid.
pub fn span() -> impl Strategy<Value = Span> + Clone {
    prop_oneof![
        4 => (1_i64..=6).prop_map(|n| Span::Exact(n * 6 * HOUR_MS)),
        1 => Just(Span::Exact(7 * HOUR_MS)),
        2 => (1_u32..=3).prop_map(Span::Days),
        1 => Just(Span::WorkingDays(1)),
        1 => Just(Span::Months(1)),
    ]
}

fn rule() -> impl Strategy<Value = RuleId> + Clone {
    (0_u32..8).prop_map(RuleId)
}

/// An actor; mostly a party.
pub fn actor() -> impl Strategy<Value = ActorId> + Clone {
    prop_oneof![6 => 0_u32..3, 1 => 3_u32..6].prop_map(ActorId)
}

/// A kind of act.
pub fn acts() -> impl Strategy<Value = What> + Clone {
    let act = prop_oneof![4 => 0_u32..3, 3 => 0_u32..8, 3 => 8_u32..10].prop_map(ActId);
    prop_oneof![
        4 => act.clone().prop_map(|act| What::Act(vec![act])),
        1 => (act.clone(), act).prop_map(|(a, b)| What::Act(vec![a, b])),
    ]
}

fn what() -> impl Strategy<Value = What> + Clone {
    prop_oneof![
        8 => acts(),
        2 => rule().prop_map(What::Breach),
        1 => rule().prop_map(What::Found),
        1 => rule().prop_map(What::Adopted),
        1 => rule().prop_map(What::Refused),
        1 => rule().prop_map(What::Met),
        1 => rule().prop_map(What::Missed),
        1 => rule().prop_map(What::Begin),
        1 => rule().prop_map(What::End),
        2 => vec(rule(), 2..=3)
            .prop_map(|rules| What::AnyOf(rules.into_iter().map(What::Breach).collect())),
    ]
}

fn compare() -> impl Strategy<Value = Compare> + Clone {
    select(vec![
        Compare::AtLeast,
        Compare::AtMost,
        Compare::MoreThan,
        Compare::LessThan,
        Compare::Equal,
    ])
}

fn killed() -> impl Strategy<Value = MeasureTest> + Clone {
    let measure =
        vec![("killed", 1), ("number", 1), ("money", 1), ("speed", 1), ("distance", 9_000)];
    (select(measure), compare(), 0_i64..6).prop_map(|((measure, each), compare, value)| {
        MeasureTest { measure: Name::from(measure), compare, value: Decimal::from(value * each) }
    })
}

fn object() -> impl Strategy<Value = ObjectTest> + Clone {
    let tests = prop_oneof![2 => Just(Vec::new()), 1 => Just(vec![vocabulary::big()])];
    (0_u32..4, tests)
        .prop_map(|(category, tests)| ObjectTest { category: CategoryId(category), tests })
}

fn roles() -> impl Strategy<Value = Vec<Name>> + Clone {
    prop_oneof![
        4 => Just(vec![]),
        1 => Just(vec!["target"]),
        1 => Just(vec!["origin", "target"]),
    ]
    .prop_map(|roles| roles.into_iter().map(Name::from).collect())
}

fn place() -> impl Strategy<Value = PlaceTest> + Clone {
    let zone = (0_u32..5).prop_map(ZoneId);
    let zones = (vec(zone, 1..=2), roles(), prop::bool::weighted(0.8));
    let distance = prop_oneof![
        Just(Distance::Metres(15_000.0)),
        Just(Distance::Metres(0.0)),
        Just(Distance::Table(TableId(0))),
    ];
    let side = option::of(select(vec![Hand::Left, Hand::Right]));
    let across = (any::<bool>(), side, roles());
    let line = (any::<bool>(), distance, roles(), any::<bool>());
    prop_oneof![
        4 => zones.prop_map(|(zones, roles, inside)| PlaceTest::Zone { zones, roles, inside }),
        1 => line.prop_map(|(own, distance, roles, beyond)| PlaceTest::Line {
            line: LineId(0),
            own,
            distance,
            roles,
            beyond,
        }),
        1 => across.prop_map(|(own, into, roles)| PlaceTest::Across {
            line: LineId(0),
            own,
            into,
            roles,
        }),
    ]
}

/// A pattern of this kind of fact, done by anybody.
fn of(what: impl Strategy<Value = What> + Clone) -> impl Strategy<Value = Pattern> + Clone {
    let places = prop_oneof![3 => Just(Vec::new()), 2 => vec(place(), 1..=2)];
    let tests = prop_oneof![5 => Just(Vec::new()), 1 => vec(vec(killed(), 1..=2), 1..=2)];
    let to = prop_oneof![6 => Just(Vec::new()), 1 => vec(actor(), 1)];
    (what, option::weighted(0.25, object()), to, places, tests).prop_map(
        |(what, object, to, places, tests)| {
            let derived = !matches!(what, What::Act(_));
            let object = object.filter(|_| !derived);
            Pattern { what, by: By::Anyone, object, to, places, tests }
        },
    )
}

/// What is done, by whomever the rule says.
pub fn deed() -> impl Strategy<Value = Pattern> + Clone {
    of(acts())
}

/// Any pattern.
pub fn pattern() -> impl Strategy<Value = Pattern> + Clone {
    let by = prop_oneof![
        6 => Just(By::Anyone),
        2 => vec(actor(), 1..=2).prop_map(By::OneOf),
        2 => Just(By::Same),
        1 => Just(By::Other),
    ];
    (of(what()), by).prop_map(|(pattern, by)| Pattern { by, ..pattern })
}

/// Keys, each once.
pub fn keys() -> impl Strategy<Value = Vec<Key>> + Clone {
    let all = vec![Key::Party, Key::Family(FamilyId(0)), Key::Item, Key::Recipient];
    prop_oneof![
        2 => Just(Vec::new()),
        4 => select(all.clone()).prop_map(|key| vec![key]),
        2 => proptest::sample::subsequence(all, 2),
    ]
}

fn order() -> impl Strategy<Value = Order> + Clone {
    prop_oneof![
        Just(Order::Before),
        Just(Order::After),
        span().prop_map(Order::AtLeastBefore),
        span().prop_map(Order::AtMostBefore),
        span().prop_map(Order::AtMostAfter),
        Just(Order::Covering),
        span().prop_map(Order::Around),
        Just(Order::About),
        Just(Order::OtherItem),
        select(vec![5_000.0, 30_000.0]).prop_map(Order::Near),
        select(vec![5_000.0, 30_000.0]).prop_map(Order::Far),
    ]
}

/// For whom a state is asked.
fn whose() -> impl Strategy<Value = StateOf> + Clone {
    prop_oneof![
        3 => Just(StateOf::Own),
        2 => Just(StateOf::Bearer),
        2 => Just(StateOf::Anyone),
        2 => Just(StateOf::Other),
        2 => actor().prop_map(StateOf::Of),
        2 => (0_u32..2).prop_map(|zone| StateOf::In(FamilyId(0), ZoneId(zone))),
    ]
}

fn state_test() -> impl Strategy<Value = StateTest> + Clone {
    (any::<bool>(), rule(), whose()).prop_map(|(negated, state, whose)| StateTest {
        negated,
        state,
        whose,
    })
}

fn window() -> impl Strategy<Value = Window> + Clone {
    prop_oneof![
        4 => span().prop_map(Window::Rolling),
        1 => select(vec![Period::Day, Period::Week, Period::Month]).prop_map(Window::Each),
        1 => Just(Window::Ever),
    ]
}

/// Conditions on several facts together.
fn together() -> BoxedStrategy<Condition> {
    let nobody = || pattern().prop_map(|pattern| Pattern { by: By::Anyone, ..pattern });
    let among = (any::<bool>(), 1_u32..=2, vec(actor(), 1..=3), nobody(), keys());
    let among = among.prop_map(|(negated, least, mut actors, pattern, same)| {
        actors.sort_unstable();
        actors.dedup();
        Condition::Among { negated, least, actors, pattern, same }
    });
    let step = (pattern(), keys(), option::weighted(0.4, span()))
        .prop_map(|(pattern, same, within)| Next { pattern, same, within });
    let sequence = (vec(step, 2..=3), vec(order(), 0..=1))
        .prop_map(|(steps, order)| Condition::Sequence { steps, order });
    let hours = select(vec![0_i64, 6, 12, 36]);
    let cumulated =
        (pattern(), keys(), compare(), hours).prop_map(|(pattern, same, compare, hours)| {
            let ms = hours * HOUR_MS;
            Condition::Cumulated { pattern, same, compare, ms }
        });
    let latest = (any::<bool>(), pattern(), keys(), option::weighted(0.5, free()));
    let latest =
        (latest, vec(order(), 0..=1)).prop_map(|((negated, pattern, same, as_of), order)| {
            Condition::Latest { negated, pattern, same, as_of, order }
        });
    prop_oneof![among, sequence, cumulated, latest].boxed()
}

/// Any condition.
pub fn condition() -> BoxedStrategy<Condition> {
    let fact = (prop::bool::weighted(0.3), pattern(), keys(), vec(order(), 0..=2));
    let count = (1_u32..=3, pattern(), keys(), window());
    let quiet = (pattern(), keys(), span());
    let lasting = (pattern(), keys(), span(), span());
    let seen = lasting.clone();
    let amount = (super::amounts::sides(false), compare());
    prop_oneof![
        2 => amount.prop_map(|((left, right), compare)| Condition::Amount {
            left, compare, right,
        }),
        4 => fact.prop_map(|(negated, pattern, same, order)| Condition::Fact {
            negated, pattern, same, order,
        }),
        3 => count.prop_map(|(least, pattern, same, window)| Condition::Count {
            least, pattern, same, window,
        }),
        2 => quiet.prop_map(|(pattern, same, span)| Condition::Quiet { pattern, same, span }),
        2 => lasting.prop_map(|(pattern, same, span, gap)| Condition::Lasting {
            pattern, same, span, gap,
        }),
        2 => seen.prop_map(|(pattern, same, span, gap)| Condition::Seen {
            pattern, same, span, gap,
        }),
        3 => state_test().prop_map(Condition::State),
        4 => together(),
    ]
    .boxed()
}

/// One or two groups of one or two conditions.
pub fn groups() -> impl Strategy<Value = Groups> + Clone {
    let group = vec(condition(), 1..=2);
    prop_oneof![3 => vec(group.clone(), 1), 1 => vec(group, 2)]
}

/// Mostly none.
pub fn rarely() -> impl Strategy<Value = Groups> + Clone {
    prop_oneof![5 => Just(Vec::new()), 1 => groups()]
}

/// Often none.
pub fn sometimes() -> impl Strategy<Value = Groups> + Clone {
    prop_oneof![3 => Just(Vec::new()), 2 => groups()]
}

/// States that suspend, mostly none.
pub fn suspended() -> impl Strategy<Value = Vec<StateTest>> + Clone {
    prop_oneof![6 => Just(Vec::new()), 1 => vec(state_test(), 1)]
}

/// `while` tests, mostly none.
pub fn during() -> impl Strategy<Value = Vec<StateTest>> + Clone {
    let test = state_test();
    prop_oneof![4 => Just(Vec::new()), 1 => vec(test, 1..=2)]
}

fn edge() -> impl Strategy<Value = Edge> + Clone {
    select(vec![Edge::Itself, Edge::Start, Edge::End, Edge::Receipt])
}

fn anchored(anchor: impl Strategy<Value = Anchor> + Clone + 'static) -> BoxedStrategy<Moment> {
    let midnight = jiff::civil::Time::midnight();
    let noon = jiff::civil::time(12, 0, 0, 0);
    let clock = (anchor.clone(), -1_i32..=2, select(vec![midnight, noon]));
    prop_oneof![
        2 => anchor.clone().prop_map(Moment::Of),
        4 => (anchor.clone(), span()).prop_map(|(a, span)| Moment::Deadline(a, span)),
        1 => (anchor.clone(), span()).prop_map(|(a, span)| Moment::Lead(a, span)),
        1 => (anchor.clone(), span()).prop_map(|(a, span)| Moment::After(a, span)),
        1 => (anchor, span()).prop_map(|(a, span)| Moment::Earlier(a, span)),
        1 => clock.prop_map(|(anchor, days, time)| Moment::Clock { anchor, days, time }),
    ]
    .boxed()
}

fn with_lists(one: BoxedStrategy<Moment>) -> BoxedStrategy<Moment> {
    prop_oneof![
        8 => one.clone(),
        1 => vec(one.clone(), 2).prop_map(Moment::EarliestOf),
        1 => vec(one, 2).prop_map(Moment::LatestOf),
    ]
    .boxed()
}

fn fixed() -> BoxedStrategy<Moment> {
    (0_i64..24).prop_map(|step| Moment::At(vocabulary::instant(step))).boxed()
}

fn of_fact() -> impl Strategy<Value = Anchor> + Clone {
    (pattern(), edge()).prop_map(|(pattern, edge)| Anchor::Fact(Box::new(pattern), edge))
}

/// A moment that needs nothing at hand and does not hang on the commencement.
pub fn beginning() -> BoxedStrategy<Moment> {
    let one = prop_oneof![3 => fixed(), 2 => anchored(of_fact())].boxed();
    with_lists(one)
}

/// The same, or from the commencement.
pub fn free() -> BoxedStrategy<Moment> {
    let commencement = anchored(Just(Anchor::Commencement));
    let one = prop_oneof![3 => fixed(), 2 => anchored(of_fact()), 1 => commencement].boxed();
    with_lists(one)
}

/// A moment that may hang on `it`.
pub fn of_it() -> BoxedStrategy<Moment> {
    let it = anchored(edge().prop_map(Anchor::It));
    prop_oneof![6 => it, 1 => free()].boxed()
}

/// A deadline that may be put off or paused.
pub fn moved(due: BoxedStrategy<Moment>) -> BoxedStrategy<Moment> {
    let by = (due.clone(), span(), pattern(), keys(), vec(order(), 0..=1));
    let extended = by.prop_map(|(of, by, pattern, same, order)| Moment::Extended {
        of: Box::new(of),
        by,
        pattern: Box::new(pattern),
        same,
        order,
    });
    let either = prop_oneof![4 => due, 1 => extended].boxed();
    let paused = (either.clone(), state_test(), option::of(span()))
        .prop_map(|(of, test, most)| Moment::Paused { of: Box::new(of), test, most });
    prop_oneof![5 => either, 3 => paused].boxed()
}

/// An item's name.
pub fn item() -> impl Strategy<Value = Name> + Clone {
    select(ITEMS.to_vec()).prop_map(Name::from)
}
