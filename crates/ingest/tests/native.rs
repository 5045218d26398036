//! The native format and the native columns.
//!
//! Invariant: written and read back, a record is the same record.
#![allow(clippy::unwrap_used)]

mod common;

use casus_ingest::{parse_record, write_record};
use casus_model::{
    Attribution, Confidence, Grade, Instant, Name, Object, Occurred, Place, Quantity, Range,
    Record, Source, Standing,
    geometry::{Point, Polygon, Shape},
};
use common::take_text;
use proptest::{collection::vec, option, prelude::*};
use rust_decimal::Decimal;

fn name() -> impl Strategy<Value = Name> {
    "[a-zA-Zà-я0-9 ._\"\\\\-]{1,12}".prop_map(Name::from)
}

fn instant() -> impl Strategy<Value = Instant> {
    prop_oneof![
        8 => (-60_000_000_000_000i64..200_000_000_000_000).prop_map(Instant),
        1 => Just(Instant::MIN),
        1 => Just(Instant::MAX),
    ]
}

fn occurred() -> impl Strategy<Value = Occurred> {
    prop_oneof![
        instant().prop_map(Occurred::at),
        (instant(), instant()).prop_map(|(a, b)| Occurred::within(a, b)),
        (instant(), instant(), instant(), instant()).prop_map(|(a, b, c, d)| {
            let mut all = [a, b, c, d];
            all.sort();
            Occurred { start: (all[0], all[2]), end: (all[1], all[3]) }
        }),
    ]
}

fn amounts() -> impl Strategy<Value = Vec<(Name, Quantity)>> {
    let decimal = || (any::<i64>(), 0u32..20).prop_map(|(n, scale)| Decimal::new(n, scale));
    let quantity = (decimal(), decimal(), decimal(), "[a-z]{0,3}").prop_map(|(a, b, c, unit)| {
        let mut all = [a, b, c];
        all.sort();
        let range = Range::new(all[0], all[1], all[2]).unwrap();
        Quantity { range, unit: unit.as_str().into() }
    });
    vec((name(), quantity), 0..4).prop_map(|mut all| {
        let mut seen = Vec::new();
        all.retain(|(name, _)| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        all
    })
}

fn point() -> impl Strategy<Value = Point> {
    (-180.0f64..=180.0, -90.0f64..=90.0).prop_map(|(lon, lat)| Point::new(lon, lat).unwrap())
}

fn shape() -> impl Strategy<Value = Shape> {
    let ring = || vec(point(), 3..6).prop_filter("closed", |ring| ring.first() != ring.last());
    prop_oneof![
        point().prop_map(Shape::Point),
        vec(point(), 2..5).prop_map(|path| Shape::Line(path.into())),
        vec(vec(ring(), 1..3).prop_map(Polygon), 1..3).prop_map(|all| Shape::Area(all.into())),
        name().prop_map(Shape::Named),
    ]
}

fn place() -> impl Strategy<Value = Place> {
    let altitude = option::of((-400.0f64..20_000.0, 0.0f64..5_000.0).prop_map(|(a, b)| (a, a + b)));
    (option::of(name()), shape(), 0.0f64..1e6, altitude).prop_map(
        |(role, shape, error_m, altitude_m)| {
            let role = role.unwrap_or_else(|| Name::from(""));
            Place { role, shape, error_m, altitude_m }
        },
    )
}

fn object() -> impl Strategy<Value = Object> {
    (name(), option::of(name()), amounts()).prop_map(|(kind, item, measures)| Object {
        kind,
        item,
        measures,
    })
}

fn actor() -> impl Strategy<Value = Attribution> {
    (name(), 0u8..=100, 0u8..=100).prop_map(|(name, a, b)| {
        let confidence = Confidence { low: a.min(b), high: a.max(b) };
        Attribution { name, confidence }
    })
}

fn grade() -> impl Strategy<Value = Grade> {
    ("[A-F]", 1u8..=6).prop_map(|(a, n)| Grade::parse(&format!("{a}{n}")).unwrap())
}

fn record() -> impl Strategy<Value = Record> {
    let told = (option::of(name()), name(), option::of(actor()), option::of(object()));
    let bound = (option::of(name()), vec(name(), 0..3), vec(place(), 0..3), occurred());
    let last =
        (instant(), amounts(), name(), option::of(name()), grade(), option::of(any::<String>()));
    (name(), 1u32.., any::<bool>(), told, bound, last).prop_map(
        |(id, version, asserted, told, bound, last)| Record {
            id,
            version,
            standing: if asserted { Standing::Asserted } else { Standing::Withdrawn },
            incident: told.0,
            act: told.1,
            actor: told.2,
            object: told.3,
            recipient: bound.0,
            about: bound.1,
            places: bound.2,
            time: bound.3,
            known: last.0,
            quantities: last.1,
            source: Source { name: last.2, origin: last.3 },
            grade: last.4,
            text: last.5.map(Name::from),
        },
    )
}

proptest! {
    #[test]
    fn written_and_read_it_is_the_same(record in record()) {
        let line = write_record(&record);
        prop_assert!(!line.contains('\n'));
        let again = parse_record(&line);
        prop_assert_eq!(again.as_ref(), Ok(&record), "{}", line);
        prop_assert_eq!(write_record(&again.unwrap()), line);
    }
}

const FULL: &str = r#"{"id":"r1","version":2,"incident":"i1","act":"shelling","actor":{"name":"RU","confidence":"probable"},"object":{"kind":"gun","item":"7","measures":{"calibre":{"best":152,"unit":"mm"}}},"recipient":"UA","about":["r0"],"places":[{"role":"target","point":[30.5,50.25],"error_m":100.0},{"role":"path","line":[[30.0,50.0],[31.0,51.0]]},{"named":"Depot 4","altitude_m":[0.0,120.5]}],"time":{"from":"2026-03-01T00:00:00Z","to":"2026-03-01T01:00:00Z"},"known":"2026-03-01T02:00:00Z","quantities":{"killed":{"low":1,"best":2,"high":4},"tons":0.5},"source":{"name":"wire","origin":"agency"},"grade":"B2","text":"«так»"}"#;

#[test]
fn a_full_record_is_written_as_it_is_documented() {
    let record = parse_record(FULL).unwrap();
    assert_eq!(write_record(&record), FULL);
}

#[test]
fn mistakes_are_named() {
    let base = r#""id":"a","act":"b","known":"2026-03-01T00:00:00Z","source":"s""#;
    let time = r#""time":"2026-03-01T00:00:00Z""#;
    let cases = [
        (format!("{{{base}}}"), "`time`: `time` is missing"),
        (format!("{{{base},{time},\"graed\":\"B2\"}}"), "did you mean `grade`?"),
        (
            format!("{{{base},{time},\"grade\":\"B7\"}}"),
            "expected a grade from `A1` to `F6`, got `B7`",
        ),
        (format!("{{{base},{time},\"version\":0}}"), "expected a version from 1 on, got `0`"),
        (
            format!("{{{base},\"time\":\"2026-03-01\"}}"),
            "expected an RFC 3339 time with an offset or `Z`, got `2026-03-01`",
        ),
        (
            format!(
                "{{{base},\"time\":{{\"from\":\"2026-03-02T00:00:00Z\",\
                 \"to\":\"2026-03-01T00:00:00Z\"}}}}"
            ),
            "expected `from` not after `to`",
        ),
        (
            format!("{{{base},{time},\"quantities\":{{\"killed\":{{\"low\":3,\"best\":2}}}}}}"),
            "expected low ≤ best ≤ high, got `3`, `2`, `2`",
        ),
        (
            format!("{{{base},{time},\"quantities\":{{\"killed\":1,\"killed\":2}}}}"),
            "the measure `killed` occurs twice",
        ),
        (
            format!("{{{base},{time},\"places\":[{{\"point\":[30,95]}}]}}"),
            "a latitude from -90 to 90, got `30`, `95`",
        ),
        (
            format!("{{{base},{time},\"places\":[{{\"named\":\"x\",\"point\":[30,50]}}]}}"),
            "expected exactly one of `point`, `line`, `area`, `named`",
        ),
        (format!("{{{base},{time},\"error_m\":5}}"), "belong into one of `places`"),
    ];
    for (line, expected) in cases {
        let said = parse_record(&line).unwrap_err();
        assert!(said.contains(expected), "{line}\n{said}");
    }
}

#[test]
fn a_withdrawal_needs_little() {
    let line = r#"{"id":"r1","version":2,"standing":"withdrawn","known":"2026-03-01T02:00:00Z","grade":"F6"}"#;
    let record = parse_record(line).unwrap();
    assert_eq!(record.standing, Standing::Withdrawn);
    assert_eq!(record.time, Occurred::within(Instant::MIN, Instant::MAX));
    assert_eq!(write_record(&record), line);
}

#[test]
fn the_same_record_twice_is_a_duplicate_and_a_correction_is_not() {
    let record = parse_record(FULL).unwrap();
    let respaced = FULL.replace(",\"version\":2", ", \"version\" : 2");
    let other = write_record(&Record { act: "raid".into(), ..record });
    let taken = take_text(&format!("{FULL}\n\n{respaced}\n{other}\n"), None);
    assert_eq!(taken.said(), "3 read = 2 accepted + 1 duplicate + 0 unclassified + 0 rejected");
}

#[test]
fn geojson_features_with_native_properties() {
    let properties = r#"{"act":"shelling","time":"2026-03-01T00:00:00Z","known":"2026-03-01T00:00:00Z","source":"s","error_m":50,"role":"target"}"#;
    let feature = format!(
        r#"{{"type":"Feature","id":"f1","geometry":{{"type":"Point","coordinates":[30.5,50.5,12]}},"properties":{properties}}}"#
    );
    let collection = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{feature}\n]}}");
    for text in [collection, feature.clone(), format!("{feature}\n{feature}\n")] {
        let taken = take_text(&text, None);
        assert_eq!(taken.records.len(), 1, "{} {}", taken.said(), taken.reasons());
        let record = &taken.records[0];
        assert_eq!((record.id.as_str(), record.places[0].role.as_str()), ("f1", "target"));
        assert_eq!(record.places[0].error_m, 50.0);
    }
}

#[test]
fn a_spreadsheet_gives_the_same_records() {
    let text = "id;act;actor;confidence;object;measures;lon;lat;error_m;role;time;latest;zone;\
                known;quantities;source;origin;grade;text\n\
                r1;shelling;RU;probable;gun;calibre = 152 mm;30.5;50.5;100;target;\
                2026-03-01 10:00;2026-03-01 11:00;Europe/Kyiv;2026-03-01T12:00:00Z;\
                \"killed = 1..2..4\";wire;agency;B2;night\n\
                r2;raid;;;;;;;;;2026-03-01;;Europe/Kyiv;;;wire;;;\n\
                r3;raid;;;;;;;;;2026-03-01;;;;;wire;;;\n";
    let taken = take_text(text, Some("casus-csv"));
    let lines: Vec<_> = taken.records.iter().map(write_record).collect();
    let expected = [
        r#"{"id":"r1","act":"shelling","actor":{"name":"RU","confidence":"probable"},"object":{"kind":"gun","measures":{"calibre":{"best":152,"unit":"mm"}}},"places":[{"role":"target","point":[30.5,50.5],"error_m":100.0}],"time":{"from":"2026-03-01T08:00:00Z","to":"2026-03-01T09:00:00Z"},"known":"2026-03-01T12:00:00Z","quantities":{"killed":{"low":1,"best":2,"high":4}},"source":{"name":"wire","origin":"agency"},"grade":"B2","text":"night"}"#,
        r#"{"id":"r2","act":"raid","time":{"from":"2026-02-28T22:00:00Z","to":"2026-03-01T21:59:59.999Z"},"known":"2026-03-01T21:59:59.999Z","source":"wire","grade":"F6"}"#,
    ];
    assert_eq!(lines, expected);
    assert_eq!(
        taken.reasons(),
        "3 time: expected a time with an offset, or a column `zone`, got `2026-03-01`"
    );
}
