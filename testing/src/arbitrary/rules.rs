//! Random rules of every form.
//!
//! Invariant: ids of rules in them are placeholders until `resolve` has seen them.

use super::patterns::{
    actor, beginning, condition, deed, during, free, groups, keys, of_it, pattern, rarely, span,
};
use casus_model::{
    Name, Period, Reliability,
    program::{
        ActorId, Bearers, Body, Compare, Decision, Defence, Determination, Duty, Keep, ListId,
        Moment, Opening, Over, Permit, ProvisionId, Repeat, Response, Rule, RuleId, Scope, Share,
        Standard, State, Step,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;

fn bearers() -> impl Strategy<Value = Bearers> + Clone {
    let mode =
        prop_oneof![5 => Just(Share::Each), 1 => Just(Share::Together), 1 => Just(Share::AnyOf)];
    (mode, vec(actor(), 1..=3)).prop_map(|(mode, mut actors)| {
        actors.sort_unstable();
        actors.dedup();
        Bearers { mode, actors }
    })
}

fn period() -> impl Strategy<Value = Period> + Clone {
    select(vec![Period::Day, Period::Day, Period::Week, Period::Month])
}

fn repeat() -> impl Strategy<Value = Repeat> + Clone {
    let noon = jiff::civil::time(12, 0, 0, 0);
    prop_oneof![
        (period(), option::of(Just(noon))).prop_map(|(period, time)| Repeat::Each(period, time)),
        span().prop_map(Repeat::Gap),
        (1_u32..=2, period()).prop_map(|(least, period)| Repeat::Least(least, period)),
    ]
}

fn opening() -> impl Strategy<Value = Opening> + Clone {
    prop_oneof![
        2 => Just(Opening::Commencement),
        3 => (pattern(), rarely()).prop_map(|(pattern, when)| Opening::Each(pattern, when)),
        2 => (pattern(), rarely()).prop_map(|(pattern, when)| Opening::First(pattern, when)),
    ]
}

fn scope() -> impl Strategy<Value = Scope> + Clone {
    prop_oneof![
        4 => Just(Scope::Once),
        2 => Just(Scope::EachOf(ListId(0))),
        1 => Just(Scope::AllOf(ListId(0))),
    ]
}

fn duty() -> impl Strategy<Value = Body> {
    let what = (bearers(), vec(deed(), 1..=2), opening(), scope());
    let when = (option::weighted(0.2, of_it()), option::weighted(0.85, of_it()));
    let free_when = (option::weighted(0.2, free()), option::weighted(0.85, free()));
    let how = (option::weighted(0.4, repeat()), prop::bool::weighted(0.15));
    (what, when, free_when, how).prop_map(|(what, when, free_when, (repeat, soft))| {
        let (bearers, deeds, opening, mut scope) = what;
        let commenced = matches!(opening, Opening::Commencement);
        let repeat = repeat.filter(|_| commenced);
        if let (true, Scope::AllOf(list)) = (repeat.is_some(), scope) {
            scope = Scope::EachOf(list);
        }
        let (start, due) = if commenced { free_when } else { when };
        Body::Must(Duty { bearers, deeds, opening, scope, start, due, repeat, soft })
    })
}

fn keep() -> impl Strategy<Value = Body> {
    let over = prop_oneof![
        Just(Over::Stock),
        span().prop_map(Over::Rolling),
        period().prop_map(Over::Each),
    ];
    let compare = select(vec![
        Compare::AtMost,
        Compare::LessThan,
        Compare::AtLeast,
        Compare::MoreThan,
        Compare::Equal,
    ]);
    let measure = option::of(select(vec!["killed", "money"]).prop_map(Name::from));
    (bearers(), deed(), measure, over, compare, 0_i64..8).prop_map(
        |(bearers, pattern, measure, over, compare, value)| {
            let value = Decimal::new(value * 5, 1);
            Body::Keep(Keep { bearers, pattern, measure, over, compare, value })
        },
    )
}

fn permit() -> impl Strategy<Value = Body> {
    (bearers(), vec(deed(), 1..=2), rarely(), vec((0_u32..8).prop_map(RuleId), 1..=2)).prop_map(
        |(bearers, deeds, when, despite)| Body::May(Permit { bearers, deeds, when, despite }),
    )
}

fn decision(due: BoxedStrategy<Option<Moment>>) -> impl Strategy<Value = Decision> {
    (1_u32..=2, due).prop_map(|(needed, due)| Decision { office: ActorId(4), needed, due })
}

fn finding() -> impl Strategy<Value = Body> {
    let decided = option::weighted(0.3, decision(Just(None).boxed()));
    (keys(), groups(), decided).prop_map(|(keys, when, decided)| {
        Body::Finding(Determination { name: Name::from("grave"), keys, when, decided })
    })
}

fn state() -> impl Strategy<Value = Body> {
    (keys(), groups(), option::of(groups())).prop_map(|(keys, when, ends)| {
        Body::State(State { name: Name::from("quiet"), keys, when, ends })
    })
}

fn response() -> impl Strategy<Value = Body> {
    let when = prop_oneof![2 => Just(Vec::new()), 1 => vec(condition(), 1..=2)];
    let step = (when, bearers(), vec(deed(), 1..=2), span());
    let steps = vec(step, 1..=2).prop_map(|steps| {
        let named = steps.into_iter().zip(["warn", "assist"]);
        let step = |((when, owners, deeds, due), name): (_, &str)| Step {
            name: Name::from(name),
            when,
            owners,
            deeds,
            due,
        };
        named.map(step).collect::<Vec<_>>()
    });
    let due = option::weighted(0.3, of_it()).boxed();
    (pattern(), of_it(), steps, rarely(), option::of(decision(due))).prop_map(
        |(to, clock, steps, ends, decided)| {
            Body::Response(Response { to, clock, steps, ends, decided })
        },
    )
}

fn body() -> impl Strategy<Value = Body> {
    let must_not = (bearers(), vec(deed(), 1..=2))
        .prop_map(|(bearers, deeds)| Body::MustNot { bearers, deeds });
    prop_oneof![
        5 => must_not,
        5 => duty(),
        3 => keep(),
        2 => permit(),
        4 => finding(),
        4 => state(),
        3 => response(),
    ]
}

fn standard() -> impl Strategy<Value = Standard> {
    let source = option::weighted(0.3, select(vec![Reliability::B, Reliability::D]));
    let low = || select(vec![55_u8, 55, 95, 20]);
    prop_oneof![
        3 => Just(Standard::default()),
        2 => (low(), low(), source)
            .prop_map(|(act, attribution, source)| Standard { act, attribution, source }),
    ]
}

fn defence() -> impl Strategy<Value = Defence> {
    (option::of(span()), any::<bool>()).prop_map(|(claimed_within, shown)| Defence {
        name: Name::from("self-defence"),
        claimed_within,
        shown,
    })
}

/// Any rule, without its label.
pub fn rule() -> impl Strategy<Value = Rule> {
    let moments = (option::weighted(0.3, free()), option::weighted(0.15, free()));
    let rest = (standard(), during(), rarely(), option::weighted(0.3, defence()));
    (body(), moments, rest).prop_map(|(body, (from, until), (standard, during, except, unless))| {
        Rule {
            label: Name::from(""),
            provision: ProvisionId(0),
            sentence: Name::from(""),
            line: 1,
            standard,
            from,
            until,
            during,
            except,
            unless,
            body,
        }
    })
}

/// When the agreement begins.
pub fn commencement() -> impl Strategy<Value = Option<Moment>> {
    option::weighted(0.6, beginning())
}
