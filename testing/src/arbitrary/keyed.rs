//! Agreements that mostly hang on the facts of one key alone, with evidence that is mostly alike.
//!
//! Invariant: nothing here is left out because an engine would find it hard: some rules and some
//! records are of any other kind.

use super::{
    Case, answer, calendar, clock, evidence, horizon, patterns, resolve, rules, vocabulary,
};
use casus_model::{
    Name, Occurred, Place, Record, Standing,
    geometry::{Point, Shape},
    program::{Body, By, Condition, Determination, Key, Moment, Order, Rule, Window},
    time::HOUR_MS,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::sync::Arc;

fn rule() -> impl Strategy<Value = Rule> {
    let by = prop_oneof![
        3 => Just(By::Anyone),
        1 => vec(patterns::actor(), 1..=2).prop_map(By::OneOf),
    ];
    let pattern = (patterns::deed(), by).prop_map(|(mut pattern, by)| {
        pattern.by = by;
        // Most of them ask little, so that something is found.
        pattern.to.clear();
        pattern.tests.clear();
        pattern
    });
    let window = prop_oneof![
        4 => patterns::span().prop_map(Window::Rolling),
        1 => Just(Window::Ever),
    ];
    let span = patterns::span();
    let marks = (pattern.clone(), any::<bool>());
    let condition = (1_u32..=3, pattern, window, span.clone(), span, 0..4_u8, marks).prop_map(
        |(least, pattern, window, span, gap, form, (marks, negated))| {
            let same = Vec::new();
            match form {
                0 => vec![Condition::Count { least, pattern, same, window }],
                1 => vec![Condition::Lasting { pattern, same, span, gap }],
                2 => vec![Condition::Seen { pattern, same, span, gap }],
                _ => {
                    let (no, order) = (Vec::new(), vec![Order::AtMostBefore(span)]);
                    vec![
                        Condition::Fact { negated: false, pattern, same, order: no },
                        Condition::Fact { negated, pattern: marks, same: Vec::new(), order },
                    ]
                }
            }
        },
    );
    let family = Key::Family(casus_model::program::FamilyId(0));
    let keys = proptest::sample::subsequence(vec![Key::Party, family, Key::Item], 0..=3);
    let at = || option::weighted(0.2, clock().prop_map(Moment::At));
    (keys, condition, at(), at(), 0..8_u8).prop_map(|(keys, conditions, from, until, bare)| {
        let mut conditions = conditions;
        for pattern in conditions.iter_mut().flat_map(Condition::patterns_mut) {
            if bare == 0 {
                pattern.object = None;
            }
        }
        if let [_, Condition::Fact { same, pattern, .. }] = conditions.as_mut_slice() {
            same.clone_from(&keys);
            if bare == 1 && keys.contains(&Key::Party) {
                same.retain(|key| *key != Key::Party);
                pattern.by = By::Same;
            }
        }
        let (link, decided, failing, power) = (None, None, None, None);
        let (name, when) = (Name::from("often"), vec![conditions]);
        let finding = Determination { name, keys, when, link, decided, failing, power };
        let rule = Rule::of(Name::from(""), Body::Finding(finding));
        Rule { from, until, ..rule }
    })
}

fn alike() -> impl Strategy<Value = Record> {
    let lon = select(vec![29.5, 30.0, 30.25, 30.5, 31.0]);
    let lat = select(vec![48.5, 49.5, 50.0, 50.134, 50.2, 50.5, 51.0]);
    let point = (lon, lat).prop_map(|(lon, lat)| Shape::Point(Point { lon, lat }));
    let named = select(&vocabulary::ZONES[..]).prop_map(|zone| Shape::Named(Name::from(zone)));
    let shape = prop_oneof![4 => point, 1 => named];
    let error = prop_oneof![4 => Just(0.0), 1 => Just(5_000.0)];
    (evidence::record(), shape, error, 0..60_u8, 0_i64..24, 0..8_u8).prop_map(
        |(record, shape, error_m, id, step, odd)| {
            let place = Place { role: Name::from(""), shape, error_m, altitude_m: None };
            let quantities = Vec::new();
            let object = record.object.map(|mut object| {
                object.measures.clear();
                object.item = object.item.or(Some(Name::from("a")));
                object
            });
            Record {
                id: Name::from(format!("p{id}")),
                version: if odd == 1 { record.version } else { 1 },
                standing: if odd == 2 { record.standing } else { Standing::Asserted },
                incident: record.incident.filter(|_| odd == 3),
                object,
                places: if odd == 4 { record.places } else { vec![place] },
                time: if odd == 5 {
                    record.time
                } else {
                    Occurred::at(vocabulary::instant(step).plus_ms(HOUR_MS))
                },
                quantities,
                ..record
            }
        },
    )
}

/// A random agreement of this kind, with evidence and a clock.
pub fn keyed_case(most_rules: usize, most: usize) -> impl Strategy<Value = Case> {
    let answered = vec(answer(u32::try_from(most_rules).unwrap_or(1)), 0..=1);
    let own = vec(rule(), 1..=most_rules);
    let other = option::weighted(0.3, rules::rule());
    let commencement = option::weighted(0.3, clock().prop_map(Moment::At));
    let records = (vec(alike(), 0..=most), option::weighted(0.4, vec(evidence::record(), 0..=6)));
    let terms = (commencement, horizon());
    let program = (calendar(), answered, own, other, terms).prop_map(
        |(calendar, answered, mut own, other, (commencement, horizon_ms))| {
            let mut program = vocabulary::program(calendar, 0, answered);
            program.commencement = commencement;
            program.horizon_ms = horizon_ms;
            own.extend(other);
            (program.rules, program.strata) = resolve::resolve(own);
            Arc::new(program)
        },
    );
    (program, records, clock()).prop_map(|(program, (mut records, others), now)| {
        records.extend(others.into_iter().flatten());
        let records = evidence::naming(&program, records, now);
        Case { program, records, now }
    })
}
