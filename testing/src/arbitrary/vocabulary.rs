//! The small world that random agreements speak of.
//!
//! Invariant: every name here is declared once, and every zone includes itself.

use casus_model::{
    Calendar, Instant, Name, Program, Span,
    geometry::{Point, Polygon, Region},
    program::{
        Act, ActId, Actor, ActorId, ActorKind, Answer, Category, CategoryId, Compare, Drawn,
        Family, Joins, Line, List, ListItem, Measure, MeasureTest, ObjectTest, Provision, Table,
        TableRow, Zone, ZoneId,
    },
    quantity::Dimension,
    side::Hand,
    time::HOUR_MS,
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// The grid of instants: steps of six hours from two days before a change of the clock in Kyiv.
pub fn instant(step: i64) -> Instant {
    Instant(1_774_569_600_000).plus_ms(step * 6 * HOUR_MS)
}

/// Actors by name, in order of their ids; the last is not declared.
pub const ACTORS: [&str; 7] =
    ["RU", "UA", "FR", "Militia", "Commission", "Band", "Nobody Declared"];
/// Acts by name, in order of their ids; the last is not declared.
pub const ACTS: [&str; 11] = [
    "fire",
    "shelling",
    "inspection",
    "denial",
    "patrol",
    "flight",
    "presence",
    "notice",
    "position",
    "leg",
    "rumour",
];
/// Categories by name; the last two are not declared.
pub const CATEGORIES: [&str; 6] = ["weapon", "tank", "gun", "heavy weapon", "", "mystery"];
/// Zones by name; the last is not declared.
pub const ZONES: [&str; 6] = ["North", "South", "Buffer", "Strip", "Both", "Nowhere"];
/// Items.
pub const ITEMS: [&str; 3] = ["one", "two", "three"];
/// Measures by name, with units that fit and, last, one that does not.
pub const MEASURES: [(&str, [&str; 3]); 6] = [
    ("calibre", ["mm", "cm", "kg"]),
    ("killed", ["", "", "km"]),
    ("number", ["", "", ""]),
    ("money", ["USD", "USD", "mm"]),
    ("speed", ["kn", "km/h", ""]),
    ("distance", ["km", "nm", "t"]),
];

fn name(text: &str) -> Name {
    Name::from(text)
}
fn point(lon: f64, lat: f64) -> Point {
    Point { lon, lat }
}

fn actors(answered: Vec<Answer>) -> Vec<Actor> {
    let kinds = [
        ActorKind::Party,
        ActorKind::Party,
        ActorKind::Party,
        ActorKind::Force,
        ActorKind::Office { members: vec![ActorId(0), ActorId(1), ActorId(2)], quorum: 2 },
        ActorKind::Force,
    ];
    let named = ACTORS.iter().zip(kinds);
    let mut actors: Vec<Actor> = named
        .map(|(actor, kind)| Actor { name: name(actor), title: None, kind, answered: Vec::new() })
        .collect();
    actors[3].answered = answered;
    actors[5].answered = vec![Answer { by: ActorId(1), under: None, from: None, strictly: false }];
    actors
}

fn acts() -> Vec<Act> {
    let act = |at: usize, above: &[u32], roles: &[&str]| Act {
        name: name(ACTS[at]),
        above: above.iter().map(|one| ActId(*one)).collect(),
        roles: roles.iter().map(|role| name(role)).collect(),
        hinders: Vec::new(),
        watches: Vec::new(),
        stock: false,
        joins: None,
    };
    let mut acts = vec![
        act(0, &[0], &["origin", "target"]),
        act(1, &[1, 0], &["origin", "target"]),
        act(2, &[2], &[]),
        act(3, &[3], &[]),
        act(4, &[4], &[]),
        act(5, &[5, 4], &[]),
        act(6, &[6], &[]),
        act(7, &[7], &[]),
        act(8, &[8], &[]),
        act(9, &[9], &[]),
    ];
    acts[3].hinders = vec![ActId(2), ActId(4)];
    acts[4].watches = vec![ActId(0), ActId(6)];
    acts[6].stock = true;
    acts[9].joins = Some(Joins { of: ActId(8), gap: Span::Exact(12 * HOUR_MS) });
    acts
}

/// `calibre at least 100 mm`.
pub fn big() -> MeasureTest {
    MeasureTest { measure: name("calibre"), compare: Compare::AtLeast, value: Decimal::new(1, 1) }
}

fn categories() -> Vec<Category> {
    let category = |at: usize, kinds: Vec<(CategoryId, Vec<MeasureTest>)>| Category {
        name: name(CATEGORIES[at]),
        kinds,
    };
    let plain = |id: u32| (CategoryId(id), Vec::new());
    vec![
        category(0, vec![plain(1), plain(2)]),
        category(1, Vec::new()),
        category(2, Vec::new()),
        category(3, vec![plain(1), (CategoryId(2), vec![big()])]),
    ]
}

fn square(west: f64, south: f64) -> Region {
    let ring = vec![
        point(west, south),
        point(west + 1.0, south),
        point(west + 1.0, south + 1.0),
        point(west, south + 1.0),
    ];
    Region::Polygons(Arc::from(vec![Polygon(vec![ring])]))
}

fn contact(lat: f64) -> Arc<[Vec<Point>]> {
    Arc::from(vec![vec![point(30.0, lat), point(31.0, lat)]])
}

fn zones() -> Vec<Zone> {
    let zone = |at: usize, region: Region, includes: &[u32]| Zone {
        name: name(ZONES[at]),
        region,
        later: Vec::new(),
        floor_m: None,
        ceiling_m: None,
        includes: includes.iter().map(|id| ZoneId(*id)).collect(),
    };
    let (north, south) = (square(30.0, 50.0), square(30.0, 49.0));
    let buffer = Region::Within { of: contact(50.0), distance_m: 15_000.0 };
    let strip = Region::Without(Box::new(north.clone()), Box::new(buffer.clone()));
    let both = Region::AnyOf(vec![north.clone(), south.clone()]);
    let mut zones = vec![
        zone(0, north, &[0]),
        zone(1, south, &[1]),
        zone(2, buffer, &[2]),
        zone(3, strip, &[3]),
        zone(4, both, &[0, 1, 4]),
    ];
    let band = |lat: f64, side: Hand| Region::Band { of: contact(lat), width_m: 15_000.0, side };
    zones[2].later =
        vec![(instant(9), band(50.0, Hand::Left)), (instant(15), band(50.1, Hand::Right))];
    (zones[3].floor_m, zones[3].ceiling_m) = (Some(100.0), Some(3000.0));
    zones
}

fn lists() -> Vec<List> {
    let item = |at: usize, category: Option<u32>, party: Option<u32>| ListItem {
        item: name(ITEMS[at]),
        category: category.map(CategoryId),
        party: party.map(ActorId),
        measures: Vec::new(),
    };
    let mut items = vec![item(0, Some(1), Some(0)), item(1, Some(2), None), item(2, None, Some(1))];
    items[1].measures = vec![(name("calibre"), Decimal::new(152, 3))];
    vec![List { name: name("Inventory"), items }]
}

fn tables() -> Vec<Table> {
    let row = |category: u32, tests: Vec<MeasureTest>, value: i64, overrides: &[usize]| TableRow {
        of: ObjectTest { category: CategoryId(category), tests },
        value: Decimal::from(value),
        overrides: overrides.to_vec(),
    };
    let rows = vec![
        row(0, Vec::new(), 5_000, &[]),
        row(2, vec![big()], 25_000, &[0]),
        row(1, Vec::new(), 10_000, &[0]),
    ];
    vec![Table { name: name("Distance"), rows }]
}

/// The world without any rule.
pub fn program(calendar: Calendar, lateness_ms: i64, answered: Vec<Answer>) -> Program {
    let measure = |name: &str, dimension, unit: &str| Measure {
        name: Name::from(name),
        dimension,
        unit: Name::from(unit),
    };
    Program {
        name: name("Random"),
        version: 1,
        digest: String::new(),
        calendar,
        calendars: Vec::new(),
        lateness_ms,
        horizon_ms: None,
        commencement: None,
        actors: actors(answered),
        groups: vec![(name("Sides"), vec![ActorId(0), ActorId(1)])],
        acts: acts(),
        categories: categories(),
        measures: vec![
            measure("calibre", Some(Dimension::Length), "mm"),
            measure("killed", Some(Dimension::Count), ""),
            measure("number", Some(Dimension::Count), ""),
            measure("money", None, "USD"),
            measure("speed", Some(Dimension::Speed), "km/h"),
            measure("distance", Some(Dimension::Length), "km"),
        ],
        zones: zones(),
        families: vec![Family { name: name("sector"), zones: vec![ZoneId(0), ZoneId(1)] }],
        lines: vec![Line {
            name: name("Contact"),
            drawn: Drawn {
                paths: contact(50.0),
                later: vec![(instant(9), contact(50.1)), (instant(15), contact(49.9))],
            },
            own: vec![(ActorId(0), Drawn::once(contact(50.2)))],
            sides: Some((name("Upper Side"), name("Lower Side"))),
        }],
        lists: lists(),
        tables: tables(),
        defences: vec![name("self-defence")],
        parameters: Vec::new(),
        instruments: Vec::new(),
        provisions: vec![Provision {
            label: name("1"),
            heading: name(""),
            prose: name(""),
            digest: String::new(),
        }],
        rules: Vec::new(),
        strata: Vec::new(),
    }
}
