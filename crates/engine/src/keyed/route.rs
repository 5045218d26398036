//! From a row to the partitions that it belongs to.
//!
//! Invariant: the answers are those of `World::matches` and `World::has` for the row as a record;
//! what is the same for all rows that are alike is asked once.

use super::{
    partition::Wide,
    raster::Raster,
    rule::{At, KeyedRule, Lane},
};
use crate::{
    matching::AtHand,
    report::Report,
    spanning::KeyValue,
    store::Store,
    world::{Product, World},
    zones::Zones,
};
use casus_model::{
    Instant, Occurred, Program, Tri,
    columns::{Like, NO_ITEM, Row},
    geometry::{Point, Shape},
    program::{ActorId, Key, Pattern, PlaceTest, ZoneId},
};
use std::sync::Arc;

/// Zones in which a row may lie, and how surely.
pub(crate) type Near = Vec<(u32, Tri)>;

/// What rows that are alike have in common.
#[derive(Debug, Default)]
pub(crate) struct Route {
    ground: Ground,
    /// Whether a rule that may be meant is keyed by item.
    pub by_item: bool,
    /// The families of which a row may lie in no more than one zone, and surely.
    single: Vec<u32>,
    width_ms: i64,
    /// By keyed rule: the rules that may be meant, sorted by what they ask first.
    anywhere: Vec<Candidate>,
    by_family: Vec<(u32, Vec<Candidate>)>,
    by_zone: Vec<(u32, Vec<Candidate>)>,
}

/// How it is known where rows lie.
#[derive(Debug)]
pub(crate) enum Ground {
    /// By the point of each, in one of the rasters.
    Raster(usize),
    /// All alike.
    Known(Arc<Near>),
}

impl Default for Ground {
    fn default() -> Ground {
        Ground::Known(Arc::default())
    }
}

/// A rule that may be meant.
#[derive(Clone, Debug)]
struct Candidate {
    /// Which of the keyed rules.
    rule: u32,
    /// Which of its patterns.
    lane: Lane,
    /// The answer but for the place.
    answer: Tri,
    tests: Vec<ZoneTest>,
    parties: Vec<(ActorId, Tri)>,
}

/// A test of the one place of a row.
#[derive(Clone, Debug)]
struct ZoneTest {
    /// Sorted.
    zones: Vec<u32>,
    /// What the test says where the place is not in one of the zones, maybe, or surely.
    outside: Tri,
    maybe: Tri,
    inside: Tri,
}

/// What a row is routed by.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub program: &'a Program,
    pub zones: &'a Zones,
    pub products: &'a [Product],
    pub rasters: &'a [(f64, Raster)],
    /// By zone: the families that it is of, and its place in each.
    pub families: &'a [Vec<(u32, u32)>],
}

impl Route {
    /// The route of the rows that are like this one; none where they have to go the plain way.
    pub fn new(
        scene: Scene<'_>,
        like: &Like,
        ground: Ground,
        rules: &[KeyedRule],
        meant: &[u32],
    ) -> Option<Route> {
        let row = Row {
            id: "",
            like: 0,
            item: NO_ITEM,
            at: Instant(0),
            known: Instant(0),
            point: Point { lon: 0.0, lat: 0.0 },
        };
        let mut route = Route { ground, width_ms: like.width_ms, ..Route::default() };
        let mut store = Store::default();
        store.add(like.of(&row, None), scene.program);
        // For whom somebody answers only from some time on is told by each record alone.
        let actor = store.report(0)?.actor.flatten().and_then(|actor| actor.of(scene.program));
        if actor.is_some_and(|actor| actor.answered.iter().any(|answer| answer.from.is_some())) {
            return None;
        }
        for &at in meant {
            let Some(keyed) = rules.get(at as usize) else { continue };
            let world =
                World::new(scene.program, &store, scene.zones, scene.products, row.at, keyed.rule)?;
            for (lane, pattern) in keyed.patterns() {
                let found = candidate(&world, keyed, (at, lane), pattern);
                let Some(candidate) = found else { continue };
                let lone = matches!(candidate.parties.as_slice(), [(_, Tri::Yes)]);
                if keyed.by_item() && like.record.object.is_none() || keyed.single() && !lone {
                    return None;
                }
                route.by_item |= keyed.by_item();
                let family = keyed.family().filter(|_| keyed.single()).map(|family| family.0);
                route.single.extend(family.filter(|family| !route.single.contains(family)));
                route.sort_in(keyed, candidate);
            }
        }
        Some(route)
    }

    fn sort_in(&mut self, keyed: &KeyedRule, candidate: Candidate) {
        if let Some(family) = keyed.family() {
            return add(&mut self.by_family, family.0, candidate);
        }
        let first = candidate.tests.iter().position(|test| test.outside.is_no());
        let zones = first.and_then(|at| candidate.tests.get(at)).map(|test| test.zones.clone());
        match zones {
            Some(zones) => {
                zones.iter().for_each(|zone| add(&mut self.by_zone, *zone, candidate.clone()));
            }
            None => self.anywhere.push(candidate),
        }
    }

    /// Whether no rule may be meant of a row that lies in none of the zones.
    pub fn needs_zone(&self) -> bool {
        self.anywhere.is_empty()
    }

    /// Whether no rule may be meant.
    pub fn is_idle(&self) -> bool {
        self.anywhere.is_empty() && self.by_family.is_empty() && self.by_zone.is_empty()
    }

    /// Whether it is not clear to which one partition a row belongs that has to belong to one.
    pub fn is_unclear(&self, scene: Scene<'_>, near: &Near) -> bool {
        self.single.iter().any(|family| {
            let of = |zone: u32| scene.families.get(zone as usize).into_iter().flatten();
            let is_of = |zone: u32| of(zone).any(|(one, _)| one == family);
            let mut there = near.iter().filter(|(zone, _)| is_of(*zone)).map(|(_, sure)| sure);
            there.next().is_some_and(|sure| !sure.is_yes()) || there.next().is_some()
        })
    }

    /// The zones in which a point may lie.
    pub fn near(&self, scene: Scene<'_>, point: Point, at: Instant, near: &mut Near) {
        near.clear();
        let raster = match &self.ground {
            Ground::Known(known) => return near.clone_from(known),
            Ground::Raster(at) => scene.rasters.get(*at),
        };
        let Some((error_m, raster)) = raster else { return };
        let time = (at, at.plus_ms(self.width_ms));
        for mark in raster.at(point) {
            let answer = match mark.inside() {
                true => Tri::Yes,
                false => self.measured(scene, mark.zone(), point, *error_m, time),
            };
            if answer.is_possible() {
                near.push((mark.zone(), answer));
            }
        }
        for &zone in raster.everywhere() {
            let answer = self.measured(scene, zone, point, *error_m, time);
            if answer.is_possible() {
                near.push((zone, answer));
            }
        }
    }

    fn measured(
        &self,
        scene: Scene<'_>,
        zone: u32,
        point: Point,
        error_m: f64,
        time: (Instant, Instant),
    ) -> Tri {
        let Some(declared) = ZoneId(zone).of(scene.program) else { return Tri::Unknown };
        let flat = declared.floor_m.is_none() && declared.ceiling_m.is_none();
        if flat && declared.later.is_empty() {
            return scene.zones.holds_point(zone as usize, point, error_m);
        }
        let shape = Shape::Point(point);
        let ground = scene.zones.holds(declared, zone as usize, &shape, error_m, time);
        if flat { ground } else { ground.and(Tri::Unknown) }
    }

    /// Tells the partitions that a row belongs to, and how.
    pub fn each(
        &self,
        scene: Scene<'_>,
        rules: &mut [KeyedRule],
        near: &Near,
        at: Instant,
        item: u32,
        mut tell: impl FnMut(&mut KeyedRule, At, Wide),
    ) {
        let time = Occurred::within(at, at.plus_ms(self.width_ms));
        let mut take = |candidate: &Candidate, zone: u32, local: u32, sure: Tri| {
            let answer = candidate.answer.and(sure).and(candidate.tested(near));
            let Some(keyed) = rules.get_mut(candidate.rule as usize) else { return };
            if answer.is_no() {
                return;
            }
            for &(party, is) in &candidate.parties {
                let answer = answer.and(is);
                let key = keyed.key(party, ZoneId(zone), item);
                tell(keyed, At { lane: candidate.lane, key, local }, Wide { time, answer });
            }
        };
        for candidate in &self.anywhere {
            take(candidate, 0, 0, Tri::Yes);
        }
        for &(zone, sure) in near {
            for &(family, local) in scene.families.get(zone as usize).into_iter().flatten() {
                for candidate in found(&self.by_family, family) {
                    take(candidate, zone, local, sure);
                }
            }
            for candidate in found(&self.by_zone, zone) {
                // Once, at the first of its zones that is near.
                let test = candidate.tests.iter().find(|test| test.outside.is_no());
                let first = test.and_then(|test| near.iter().find(|(one, _)| test.has(*one)));
                if first.is_some_and(|(one, _)| *one == zone) {
                    take(candidate, 0, 0, Tri::Yes);
                }
            }
        }
    }
}

impl Candidate {
    fn tested(&self, near: &Near) -> Tri {
        self.tests.iter().fold(Tri::Yes, |all, test| {
            let there = near.iter().filter(|(zone, _)| test.has(*zone));
            let there = there.fold(Tri::No, |any, (_, sure)| any.or(*sure));
            all.and(test.says(there))
        })
    }
}

impl ZoneTest {
    /// What it says, by how surely the place is in one of the zones.
    fn says(&self, there: Tri) -> Tri {
        match there {
            Tri::No => self.outside,
            Tri::Unknown => self.maybe,
            Tri::Yes => self.inside,
        }
    }
    fn has(&self, zone: u32) -> bool {
        self.zones.binary_search(&zone).is_ok()
    }
}

fn add(lists: &mut Vec<(u32, Vec<Candidate>)>, key: u32, candidate: Candidate) {
    match lists.binary_search_by_key(&key, |(one, _)| *one) {
        Ok(at) => lists.get_mut(at).into_iter().for_each(|(_, list)| list.push(candidate.clone())),
        Err(at) => lists.insert(at, (key, vec![candidate])),
    }
}

fn found(lists: &[(u32, Vec<Candidate>)], key: u32) -> &[Candidate] {
    let at = lists.binary_search_by_key(&key, |(one, _)| *one).ok();
    at.and_then(|at| lists.get(at)).map_or(&[], |(_, list)| list)
}

/// What a rule says of the one incident in the store, but for its place.
fn candidate(
    world: &World<'_>,
    keyed: &KeyedRule,
    (rule, lane): (u32, Lane),
    pattern: &Pattern,
) -> Option<Candidate> {
    let fact = world.incident_fact(0, &world.rule.standard, false)?;
    let bare = Pattern { places: Vec::new(), ..pattern.clone() };
    let answer = world.matches(&fact, &bare, AtHand::default());
    let parties: Vec<(ActorId, Tri)> = match keyed.keys.contains(&Key::Party) {
        true => {
            let each = world.parties().map(|one| (one, world.has(&fact, &KeyValue::Party(one))));
            each.filter(|(_, answer)| answer.is_possible()).collect()
        }
        false => vec![(ActorId(0), Tri::Yes)],
    };
    let report = world.store.report(0)?;
    let tests = pattern.places.iter().map(|test| zone_test(world, report, test));
    let tests: Vec<ZoneTest> = tests.collect::<Option<_>>()?;
    (answer.is_possible() && !parties.is_empty()).then_some(Candidate {
        rule,
        lane,
        answer,
        tests,
        parties,
    })
}

fn zone_test(world: &World<'_>, report: &Report, test: &PlaceTest) -> Option<ZoneTest> {
    let PlaceTest::Zone { zones, roles, inside } = test else { return None };
    let says = |there| world.at_roles(report, roles, |_| there).negate_if(!inside);
    let mut zones: Vec<u32> = zones.iter().map(|zone| zone.0).collect();
    zones.sort_unstable();
    zones.dedup();
    let (outside, maybe, inside) = (says(Tri::No), says(Tri::Unknown), says(Tri::Yes));
    Some(ZoneTest { zones, outside, maybe, inside })
}
