//! Sections 3.5 to 3.7: where a report says it was, against zones and lines.
//!
//! Invariant: a role that the record does not give is unknown, never outside.

use super::{amounts, clause::Thing};
use casus_model::{
    Instant, Name, Place, Program, Tri,
    geometry::{
        Point, Region, Shape, disk_around, path_to_paths_m, paths_distance_m,
        within as within_limit,
    },
    program::{ActorId, Distance, LineId, Paths, PlaceTest, TableId, Zone, ZoneId},
    side::{Hand, crosses},
};
use rust_decimal::prelude::ToPrimitive;

/// The places of a record and the roles that its act has.
#[derive(Clone, Copy)]
pub struct Sited<'a> {
    pub places: &'a [Place],
    pub roles: &'a [Name],
    /// When it was: which versions of zones and lines are meant (16.1).
    pub time: (Instant, Instant),
}

/// 3.5, 3.7: one place test.
pub fn test(
    program: &Program,
    sited: Sited<'_>,
    test: &PlaceTest,
    bearer: Option<ActorId>,
    thing: &Thing<'_>,
) -> Tri {
    match test {
        PlaceTest::Zone { zones, roles, inside } => {
            let one = |place: &Place| {
                zones
                    .iter()
                    .map(|zone| in_zone(program, place, *zone, sited.time))
                    .max()
                    .unwrap_or(Tri::No)
            };
            over_roles(sited, roles, one).negate_if(!inside)
        }
        PlaceTest::Line { line, own, distance, roles, beyond } => {
            over_roles(sited, roles, |place| {
                let owner = bearer.filter(|_| *own);
                Tri::agreed(drawn(program, *line, owner, sited.time).map(|paths| {
                    let gap = gap_to_line(program, place, paths);
                    match distance {
                        Distance::Metres(limit) => compare(gap, *limit, *beyond),
                        Distance::Table(table) => by_table(program, *table, thing, gap, *beyond),
                    }
                }))
            })
        }
        PlaceTest::Across { line, own, into, roles } => over_roles(sited, roles, |place| {
            let owner = bearer.filter(|_| *own);
            let each = drawn(program, *line, owner, sited.time);
            Tri::agreed(each.map(|paths| across(program, place, paths, *into)))
        }),
    }
}

/// 3.11: a fact of a key lies in its zone, in whatever role.
pub fn at_any_role(test: &PlaceTest) -> PlaceTest {
    let mut test = test.clone();
    let (PlaceTest::Zone { roles, .. }
    | PlaceTest::Line { roles, .. }
    | PlaceTest::Across { roles, .. }) = &mut test;
    roles.clear();
    test
}

/// 3.5: the maximum over the places asked for.
fn over_roles(sited: Sited<'_>, roles: &[Name], one: impl Fn(&Place) -> Tri) -> Tri {
    let plain_of_roles = |place: &Place| place.role.is_empty() && !sited.roles.is_empty();
    let names_all = sited.roles.iter().all(|role| roles.contains(role));
    let mut answers: Vec<Tri> = Vec::new();
    for place in sited.places {
        if roles.is_empty() || roles.contains(&place.role) {
            answers.push(one(place));
        } else if plain_of_roles(place) {
            answers.push(if names_all { one(place) } else { Tri::Unknown });
        }
    }
    for role in roles {
        if !sited.places.iter().any(|place| place.role == *role) {
            answers.push(Tri::Unknown);
        }
    }
    answers.into_iter().max().unwrap_or(Tri::Unknown)
}

/// 3.6: one place in one zone.
pub fn in_zone(program: &Program, place: &Place, id: ZoneId, time: (Instant, Instant)) -> Tri {
    let Some(zone) = id.of(program) else { return Tri::Unknown };
    let of_versions =
        |ask: &dyn Fn(&Region) -> Tri| Tri::agreed(zone.regions(time).map(|(_, one)| ask(one)));
    let Shape::Named(name) = &place.shape else {
        let flat = of_versions(&|region| region.holds(&place.shape, place.error_m));
        return flat.and(height(zone, place));
    };
    let Some(named) = program.zone(name) else { return Tri::Unknown.and(height(zone, place)) };
    if zone.includes.contains(&named) {
        return Tri::Yes;
    }
    let of_both = |zones: &Vec<ZoneId>| zones.contains(&named) && zones.contains(&id);
    if program.families.iter().any(|family| of_both(&family.zones)) {
        return Tri::No;
    }
    let flat = match named.of(program).and_then(|named| named.region.disk()) {
        Some((centre, radius)) => {
            of_versions(&|region| region.holds_disk(centre, radius + place.error_m))
        }
        None => Tri::Unknown,
    };
    flat.and(height(zone, place))
}

fn height(zone: &Zone, place: &Place) -> Tri {
    if zone.floor_m.is_none() && zone.ceiling_m.is_none() {
        return Tri::Yes;
    }
    let Some((low, high)) = place.altitude_m else { return Tri::Unknown };
    let floor = zone.floor_m.map_or(Tri::Yes, |f| Tri::from_bounds(f <= low, high >= f));
    let ceiling = zone.ceiling_m.map_or(Tri::Yes, |c| Tri::from_bounds(high < c, low < c));
    floor.and(ceiling)
}

/// 16.1: the line of an owner as it was drawn at that time.
fn drawn(
    program: &Program,
    line: LineId,
    owner: Option<ActorId>,
    time: (Instant, Instant),
) -> impl Iterator<Item = &Paths> {
    let line = line.of(program).map(|line| line.drawn_for(owner));
    line.into_iter().flat_map(move |drawn| drawn.at(time))
}

/// 16.3
fn across(program: &Program, place: &Place, paths: &Paths, into: Option<Hand>) -> Tri {
    match (&place.shape, gap_to_line(program, place, paths)) {
        (_, None) => Tri::Unknown,
        (Shape::Line(path), Some(_)) => crosses(path, place.error_m, paths, into),
        (_, Some((distance, error))) => Tri::from_bounds(false, distance <= error),
    }
}

/// Distance to the line and its error; none where it is unknown (3.7).
fn gap_to_line(program: &Program, place: &Place, paths: &Paths) -> Option<(f64, f64)> {
    if paths.iter().all(Vec::is_empty) {
        return None;
    }
    let of_disk = |(centre, radius): (Point, f64)| {
        Some((paths_distance_m(centre, paths), place.error_m + radius))
    };
    match &place.shape {
        Shape::Point(point) => of_disk((*point, 0.0)),
        Shape::Line(path) => Some((path_to_paths_m(path, paths), place.error_m)),
        Shape::Area(polygons) => {
            let outer = polygons.iter().filter_map(|one| one.0.first()).flatten();
            of_disk(disk_around(outer)?)
        }
        Shape::Named(name) => of_disk(program.zone(name)?.of(program)?.region.disk()?),
    }
}

fn compare(gap: Option<(f64, f64)>, limit: f64, beyond: bool) -> Tri {
    let Some((distance, error)) = gap else { return Tri::Unknown };
    if beyond {
        Tri::from_bounds(distance - error >= limit, distance + error >= limit)
    } else {
        within_limit(distance, error, limit)
    }
}

/// 3.7: the distance that a table gives.
fn by_table(
    program: &Program,
    table: TableId,
    thing: &Thing<'_>,
    gap: Option<(f64, f64)>,
    beyond: bool,
) -> Tri {
    let Some(table) = table.of(program) else { return Tri::Unknown };
    let rows: Vec<(usize, Tri)> =
        table.rows.iter().map(|row| thing.is(program, &row.of)).enumerate().collect();
    let overridden = |at: usize| {
        let mut sure = table.rows.iter().zip(&rows).filter(|(_, (_, answer))| answer.is_yes());
        sure.any(|(row, _)| row.overrides.contains(&at))
    };
    let says: Vec<Tri> = table
        .rows
        .iter()
        .zip(&rows)
        .filter(|(_, (at, answer))| answer.is_possible() && !overridden(*at))
        .map(|(row, _)| compare(gap, row.value.to_f64().unwrap_or(f64::INFINITY), beyond))
        .collect();
    if says.iter().all(|one| one.is_no()) {
        Tri::No
    } else if says.iter().all(|one| one.is_yes()) {
        Tri::Yes
    } else {
        Tri::Unknown
    }
}

/// Compares nothing but the amounts of a thing; here because tables read them.
pub fn measures(program: &Program, thing: &Thing<'_>, tests: &[super::MeasureTest]) -> Tri {
    let one =
        |test: &super::MeasureTest| amounts::compare(thing.measure(program, &test.measure), test);
    tests.iter().map(one).min().unwrap_or(Tri::Yes)
}
