//! Random rules of every form.
//!
//! Invariant: ids of rules in them are placeholders until `resolve` has seen them.

use super::amounts::{compare, period, sides};
use super::patterns::{
    actor, beginning, condition, deed, during, free, groups, keys, moved, of_it, pattern, rarely,
    sometimes, span, suspended,
};
use casus_model::{
    Name, Reliability,
    program::{
        ActorId, Bearers, Body, Decision, Defence, Determination, Duty, Keep, Link, ListId, Moment,
        Opening, Permit, Power, ProvisionId, Repeat, Response, Rule, RuleId, Scope, Share,
        Standard, State, Step, Verb,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn bearers() -> impl Strategy<Value = Bearers> + Clone {
    let mode =
        prop_oneof![5 => Just(Share::Each), 1 => Just(Share::Together), 1 => Just(Share::AnyOf)];
    (mode, vec(actor(), 1..=3)).prop_map(|(mode, mut actors)| {
        actors.sort_unstable();
        actors.dedup();
        Bearers { mode, actors }
    })
}

fn repeat() -> impl Strategy<Value = Repeat> + Clone {
    let noon = jiff::civil::time(12, 0, 0, 0);
    prop_oneof![
        3 => (period(), option::of(Just(noon)))
            .prop_map(|(period, time)| Repeat::Each(period, time)),
        2 => span().prop_map(Repeat::Gap),
        2 => (1_u32..=2, period()).prop_map(|(least, period)| Repeat::Least(least, period)),
    ]
}

fn opening() -> impl Strategy<Value = Opening> + Clone {
    prop_oneof![
        4 => Just(Opening::Commencement),
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
    let when = (option::weighted(0.2, of_it()), option::weighted(0.85, moved(of_it())));
    let free_when = (option::weighted(0.2, free()), option::weighted(0.85, moved(free())));
    let how = (option::weighted(0.8, repeat()), prop::bool::weighted(0.15));
    let same = prop_oneof![3 => Just(Vec::new()), 1 => keys()];
    (what, when, free_when, how, same).prop_map(|(what, when, free_when, (repeat, soft), same)| {
        let (bearers, deeds, opening, mut scope) = what;
        let commenced = matches!(opening, Opening::Commencement);
        let repeat = repeat.filter(|_| commenced);
        if let (true, Scope::AllOf(list)) = (repeat.is_some(), scope) {
            scope = Scope::EachOf(list);
        }
        let (start, due) = if commenced { free_when } else { when };
        let parts = match scope {
            Scope::AllOf(_) => Vec::new(),
            _ if repeat.is_none() && deeds.len() > 1 => {
                deeds.iter().map(|deed| vec![deed.clone()]).collect()
            }
            _ => Vec::new(),
        };
        let same = if commenced { Vec::new() } else { same };
        Body::Must(Duty { bearers, deeds, parts, same, opening, scope, start, due, repeat, soft })
    })
}

fn keep() -> impl Strategy<Value = Body> {
    (bearers(), sides(true), compare()).prop_map(|(bearers, (left, right), compare)| {
        Body::Keep(Keep { bearers, left, compare, right })
    })
}

fn permit() -> impl Strategy<Value = Body> {
    (bearers(), vec(deed(), 1..=2), rarely(), vec((0_u32..8).prop_map(RuleId), 1..=2)).prop_map(
        |(bearers, deeds, when, despite)| Body::May(Permit { bearers, deeds, when, despite }),
    )
}

fn decision(due: BoxedStrategy<Option<Moment>>) -> impl Strategy<Value = Decision> {
    (1_u32..=2, due, any::<bool>()).prop_map(|(needed, due, without_party)| Decision {
        office: ActorId(4),
        needed,
        due,
        without_party,
    })
}

fn finding() -> impl Strategy<Value = Body> {
    let due = option::weighted(0.8, moved(of_it())).boxed();
    let decided = option::weighted(0.6, decision(due));
    let verbs = vec![Verb::Suspend, Verb::End, Verb::Withdraw, Verb::Activate, Verb::Change];
    let power = (select(verbs), option::of(span()), sometimes())
        .prop_map(|(verb, notice, ends)| Power { verb, targets: Vec::new(), notice, ends });
    let decided = (decided, option::of(any::<bool>()), option::weighted(0.5, power));
    let metres = option::of(select(vec![5_000.0, 30_000.0]));
    let link = (keys(), metres, span(), 1_u32..=2).prop_map(|(same, metres, within, least)| Link {
        same,
        metres,
        within,
        least,
    });
    let link = option::weighted(0.4, link);
    (keys(), groups(), link, decided).prop_map(|(keys, when, link, (decided, failing, power))| {
        let failing = failing.filter(|_| decided.as_ref().is_some_and(|one| one.due.is_some()));
        let name = Name::from("grave");
        Body::Finding(Determination { name, keys, when, link, decided, failing, power })
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
    (pattern(), of_it(), steps, sometimes(), option::of(decision(due))).prop_map(
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
        6 => duty(),
        3 => keep(),
        2 => permit(),
        5 => finding(),
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
    let except = (rarely(), rarely(), any::<bool>());
    let waivable = prop_oneof![2 => Just(Vec::new()), 1 => vec((0_u32..3).prop_map(ActorId), 1)];
    let except = (except, suspended(), waivable);
    let rest = (standard(), during(), except, option::weighted(0.3, defence()));
    (body(), moments, rest).prop_map(|(body, (from, until), (standard, during, except, unless))| {
        let ((except, when, shown), suspended, waivable) = except;
        let narrows = matches!(body, Body::MustNot { .. } | Body::Keep(_));
        let when = if narrows { when } else { Vec::new() };
        // The checker refuses a defence, and a waiver, of what cannot be breached.
        let broken = !matches!(body, Body::Finding(_) | Body::State(_));
        let unless = unless.filter(|_| broken);
        let waivable = if broken { waivable } else { Vec::new() };
        Rule {
            label: Name::from(""),
            provision: ProvisionId(0),
            sentence: Name::from(""),
            line: 1,
            standard,
            from,
            until,
            during,
            suspended,
            waivable,
            when,
            except,
            shown,
            unless,
            body,
        }
    })
}

/// When the agreement begins.
pub fn commencement() -> impl Strategy<Value = Option<Moment>> {
    option::weighted(0.6, beginning())
}
