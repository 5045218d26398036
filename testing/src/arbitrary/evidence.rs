//! Random records, over few incidents, items, places and instants.
//!
//! Invariant: none; evidence may say anything.

use super::{
    patterns::item,
    vocabulary::{ACTORS, ACTS, CATEGORIES, MEASURES, ZONES, instant},
};
use crate::reference;
use casus_model::{
    Attribution, Confidence, Grade, Instant, Name, Object, Occurred, Place, Program, Quantity,
    Range, Record, Source, Standing,
    geometry::{Point, Polygon, Shape},
    time::HOUR_MS,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use rust_decimal::Decimal;
use std::sync::Arc;

fn some(names: &'static [&'static str]) -> impl Strategy<Value = Name> + Clone {
    select(names.to_vec()).prop_map(Name::from)
}

fn time() -> impl Strategy<Value = Occurred> {
    let step = 0_i64..24;
    prop_oneof![
        5 => step.clone().prop_map(|a| Occurred::at(instant(a))),
        2 => (step.clone(), 0_i64..4)
            .prop_map(|(a, width)| Occurred::within(instant(a), instant(a + width))),
        2 => (step.clone(), 0_i64..12, 0_i64..2).prop_map(|(a, length, precision)| {
            Occurred::lasting(instant(a), instant(a + length), precision * 6 * HOUR_MS)
        }),
    ]
}

fn actor() -> impl Strategy<Value = Option<Attribution>> {
    let confidence = select(vec![
        Confidence::CONFIRMED,
        Confidence::CONFIRMED,
        Confidence::PROBABLE,
        Confidence::POSSIBLE,
        Confidence::IMPROBABLE,
        Confidence::UNKNOWN,
    ]);
    let name = prop_oneof![4 => select(ACTORS[..3].to_vec()), 2 => select(ACTORS.to_vec())];
    let one = (name, confidence)
        .prop_map(|(name, confidence)| Attribution { name: Name::from(name), confidence });
    option::weighted(0.85, one)
}

fn quantity() -> impl Strategy<Value = (Name, Quantity)> {
    let bounds = (0_i64..8, 0_i64..3);
    (select(MEASURES.to_vec()), prop_oneof![8 => 0_usize..2, 1 => Just(2)], bounds).prop_map(
        |((measure, units), unit, (low, width))| {
            let whole = if measure == "calibre" { 25 } else { 1 };
            let (low, high) = (Decimal::from(low * whole), Decimal::from((low + width) * whole));
            let range = Range { low, best: low, high };
            (Name::from(measure), Quantity { range, unit: Name::from(units[unit]) })
        },
    )
}

const LABELS: [&str; 9] = [
    "self-defence",
    "self-defence",
    "1.0",
    "1.1",
    "1.2",
    "1.3",
    "1.2 warn",
    "1.3 warn",
    "1.4 warn",
];

fn object() -> impl Strategy<Value = Object> {
    let kind = prop_oneof![5 => some(&CATEGORIES), 1 => some(&LABELS)];
    (kind, option::weighted(0.6, item()), vec(quantity(), 0..=2))
        .prop_map(|(kind, item, measures)| Object { kind, item, measures })
}

fn shape() -> impl Strategy<Value = Shape> {
    let lon = select(vec![29.5, 30.0, 30.5, 31.0]);
    let lat = select(vec![48.5, 49.5, 50.0, 50.1, 50.134, 50.2, 50.5, 51.0]);
    let point = (lon, lat).prop_map(|(lon, lat)| Point { lon, lat });
    let path = vec(point.clone(), 1..=3).prop_map(|points| Shape::Line(Arc::from(points)));
    let area = point.clone().prop_map(|Point { lon, lat }| {
        let corner = |x: f64, y: f64| Point { lon: lon + x, lat: lat + y };
        let ring = vec![corner(0.0, 0.0), corner(0.1, 0.0), corner(0.1, 0.1)];
        Shape::Area(Arc::from(vec![Polygon(vec![ring])]))
    });
    prop_oneof![
        4 => some(&ZONES).prop_map(Shape::Named),
        1 => item().prop_map(Shape::Named),
        4 => point.prop_map(Shape::Point),
        1 => path,
        1 => area,
    ]
}

fn place() -> impl Strategy<Value = Place> {
    let role = prop_oneof![3 => Just(""), 2 => Just("target"), 1 => Just("origin")];
    let error = prop_oneof![3 => Just(0.0), 1 => Just(5_000.0), 1 => Just(30_000.0)];
    let altitude = option::weighted(
        0.6,
        select(vec![(200.0, 200.0), (50.0, 150.0), (2_900.0, 3_000.0), (3_000.0, 3_100.0)]),
    );
    (role, shape(), error, altitude).prop_map(|(role, shape, error_m, altitude_m)| Place {
        role: Name::from(role),
        shape,
        error_m,
        altitude_m,
    })
}

const SPEECH: [&str; 5] = ["claim", "acceptance", "rejection", "adoption", "adoption"];
const INCIDENTS: [&str; 5] = ["i0", "i1", "i2", "i3", "i4"];
const IDS: [&str; 16] = [
    "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "ra", "rb", "rc", "rd", "re", "rf",
];

/// In `about`: some finding or other; `naming` puts the id of one in its place.
const FINDINGS: [&str; 6] = ["?0", "?1", "?2", "?3", "?4", "?5"];

fn about() -> impl Strategy<Value = Vec<Name>> {
    let one = prop_oneof![2 => some(&INCIDENTS), 2 => some(&IDS), 1 => some(&FINDINGS)];
    prop_oneof![5 => Just(Vec::new()), 2 => vec(one, 1..=2)]
}

/// Puts ids of findings where `about` asks for some; they are those of the same records without
/// these words, so that many of them, but not all, are findings in the end.
pub fn naming(program: &Program, mut records: Vec<Record>, now: Instant) -> Vec<Record> {
    let place = |name: &Name| FINDINGS.iter().position(|one| *one == &**name);
    if !records.iter().any(|record| record.about.iter().any(|name| place(name).is_some())) {
        return records;
    }
    let mut plain = records.clone();
    plain.iter_mut().for_each(|record| record.about.retain(|name| place(name).is_none()));
    let ids: Vec<Name> =
        reference::evaluate(program, &plain, now, now).into_iter().map(|one| one.id).collect();
    for name in records.iter_mut().flat_map(|record| &mut record.about) {
        let id = place(name).and_then(|at| ids.get(at % ids.len().max(1)));
        name.clone_from(id.unwrap_or(&name.clone()));
    }
    records
}

fn source() -> impl Strategy<Value = Source> {
    (some(&["s0", "s1", "s2"]), option::weighted(0.3, some(&["s0", "wire"])))
        .prop_map(|(name, origin)| Source { name, origin })
}

fn grade() -> impl Strategy<Value = Grade> {
    let good = select(vec!["A1", "B1", "B2", "A2", "C2"]);
    let any = ("[A-F]", "[1-6]").prop_map(|(source, item)| format!("{source}{item}"));
    prop_oneof![4 => good.prop_map(str::to_owned), 1 => any]
        .prop_map(|text| Grade::parse(&text).unwrap_or(Grade::UNGRADED))
}

fn act() -> impl Strategy<Value = Name> {
    prop_oneof![5 => some(&ACTS[..3]), 4 => some(&ACTS), 1 => some(&["fire"])]
}

/// A record of an act, or what people say about one; every third is of where a thing was.
pub fn record() -> impl Strategy<Value = Record> {
    let lon = select(vec![30.0, 30.2, 30.5, 31.0]);
    let lat = select(vec![49.5, 50.0, 50.1, 50.2, 50.5]);
    let spot = (lon, lat, item(), 0_i64..16, prop::bool::weighted(0.8));
    (any_record(), option::weighted(0.35, spot)).prop_map(|(mut record, spot)| {
        let Some((lon, lat, item, step, exact)) = spot else { return record };
        record.act = Name::from("position");
        let kind = match record.object.take() {
            Some(object) if CATEGORIES.contains(&&*object.kind) => object.kind,
            _ => Name::from("tank"),
        };
        record.object = Some(Object { kind, item: Some(item), measures: Vec::new() });
        let before = record.places.first().cloned();
        let (error_m, altitude_m) =
            before.map_or((0.0, None), |place| (place.error_m, place.altitude_m));
        let shape = Shape::Point(Point { lon, lat });
        record.places = vec![Place { role: Name::from(""), shape, error_m, altitude_m }];
        if exact {
            record.time = Occurred::at(instant(step));
            record.incident = None;
        }
        record
    })
}

fn any_record() -> impl Strategy<Value = Record> {
    let spoken = (some(&SPEECH), some(&LABELS), about()).prop_map(|(act, kind, about)| {
        (act, Some(Object { kind, item: None, measures: Vec::new() }), about)
    });
    let done = (act(), option::weighted(0.7, object()), about());
    let what = prop_oneof![5 => done, 2 => spoken];
    let head =
        (some(&IDS), 1_u32..=3, prop::bool::weighted(0.9), option::weighted(0.6, some(&INCIDENTS)));
    let who = (actor(), option::weighted(0.2, select(ACTORS.to_vec()).prop_map(Name::from)));
    let where_and_when = (vec(place(), 0..=2), time(), 0_i64..30);
    let rest = (vec(quantity(), 0..=2), source(), grade());
    (head, what, who, where_and_when, rest).prop_map(|(head, what, who, there, rest)| {
        let (id, version, asserted, incident) = head;
        let (act, object, about) = what;
        let (places, time, known) = there;
        let (quantities, source, grade) = rest;
        Record {
            id,
            version,
            standing: if asserted { Standing::Asserted } else { Standing::Withdrawn },
            incident,
            act,
            actor: who.0,
            object,
            recipient: who.1,
            about,
            places,
            time,
            known: instant(known),
            quantities,
            source,
            grade,
            text: None,
        }
    })
}
