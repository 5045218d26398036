//! Rules that hang on the facts of one key alone: judged partition by partition.
//!
//! Invariant: their findings are those that `World::determinations` would give; what cannot be
//! judged so is handed back, and judged there.

mod judge;
mod partition;
mod raster;
mod route;
mod rule;
mod table;

use crate::{
    fact::Fact,
    matching::AtHand,
    reads::Reads,
    store::{IncidentId, Store},
    world::{Product, World},
    zones::Zones,
};
use casus_model::{
    Columns, Instant, Program, Record, Tri,
    columns::{NO_ITEM, Row},
    geometry::Shape,
    program::{Key, PlaceTest, RuleId, Standard, ZoneId},
};
use partition::{Who, Wide};
use raster::Raster;
use route::{Near, Route, Scene};
use rule::{At, KeyedRule, PartKey};
use std::collections::BTreeSet;
use table::Table;

/// So many rasters at most, one for each error of place.
const MOST_RASTERS: usize = 8;

/// The rules of this kind, their facts, and the reports that only they read.
#[derive(Debug, Default)]
pub(crate) struct Keyed {
    table: Table,
    rules: Vec<KeyedRule>,
    /// By rule: which of `rules`.
    of_rule: Vec<Option<u32>>,
    /// By act: whether only these rules read it.
    alone: Vec<bool>,
    /// By zone: the families that it is of, and its place in each.
    families: Vec<Vec<(u32, u32)>>,
    zones: Vec<u32>,
    rasters: Vec<(f64, Raster)>,
    /// By kind of row: the way of its rows, if they have one.
    routes: Vec<Option<Route>>,
    /// Which source the numbers below are of.
    source: u64,
    likes: Vec<u32>,
    items: Vec<u32>,
    /// Whether what an actor answers for depends on the rule.
    by_rule: bool,
    newest: Option<Instant>,
}

/// What the judging sees beside the rules.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub program: &'a Program,
    pub store: &'a Store,
    pub zones: &'a Zones,
    pub products: &'a [Product],
    pub now: Instant,
}

/// A fact belongs to no one partition: all has to be judged in the plain way.
pub(crate) struct Unkeyed;

impl Keyed {
    pub(crate) fn new(program: &Program, reads: &[Reads]) -> Keyed {
        let read: BTreeSet<RuleId> = reads.iter().flat_map(|one| &one.rules).copied().collect();
        let mut keyed = Keyed::default();
        let mut general = BTreeSet::new();
        // An engine of some of the rules has only those in its strata.
        let own: BTreeSet<RuleId> = program.strata.iter().flatten().copied().collect();
        for (at, reads) in reads.iter().enumerate() {
            let id = RuleId(at as u32);
            if !own.contains(&id) {
                keyed.of_rule.push(None);
                continue;
            }
            let rule = Some(id).filter(|id| !read.contains(id) && !reads.procedures);
            match rule.and_then(|id| KeyedRule::new(program, id)) {
                Some(rule) => {
                    keyed.of_rule.push(Some(keyed.rules.len() as u32));
                    keyed.rules.push(rule);
                }
                None => {
                    keyed.of_rule.push(None);
                    general.extend(reads.main.iter().chain(&reads.aside).copied());
                }
            }
        }
        let acts = 0..program.acts.len() as u32;
        let alone = acts.map(|act| !general.contains(&casus_model::program::ActId(act)));
        keyed.alone = alone.collect();
        keyed.families = vec![Vec::new(); program.zones.len()];
        let mut zones = BTreeSet::new();
        for rule in &mut keyed.rules {
            let family = rule.family().and_then(|family| family.of(program));
            rule.with_slots(program.actors.len(), family.map_or(1, |family| family.zones.len()));
            for test in rule.patterns().flat_map(|(_, pattern)| &pattern.places) {
                if let PlaceTest::Zone { zones: tested, .. } = test {
                    zones.extend(tested.iter().map(|zone| zone.0));
                }
            }
            let Some(id) = rule.family() else { continue };
            let all = id.of(program).into_iter().flat_map(|family| &family.zones);
            for (local, zone) in (0..).zip(all) {
                zones.insert(zone.0);
                if let Some(families) = keyed.families.get_mut(zone.index())
                    && !families.iter().any(|(family, _)| *family == id.0)
                {
                    families.push((id.0, local));
                }
            }
        }
        keyed.zones = zones.into_iter().collect();
        let answers = program.actors.iter().flat_map(|actor| &actor.answered);
        keyed.by_rule = answers.clone().any(|answer| answer.under.is_some());
        keyed
    }

    /// Whether a rule is of this kind.
    pub(crate) fn has(&self, rule: RuleId) -> bool {
        self.of_rule.get(rule.index()).copied().flatten().is_some()
    }

    /// Whether a row has this id.
    pub(crate) fn holds(&self, id: &str) -> bool {
        self.table.find(id).is_some()
    }

    /// Takes rows in; those that have to go the plain way come back.
    pub(crate) fn load(&mut self, columns: &Columns, around: Around<'_>) -> Vec<Record> {
        self.learn(columns, around);
        let mut rest = Vec::new();
        let mut near = Near::new();
        let scene = scene(around, &self.rasters, &self.families);
        for at in 0..columns.len() {
            let Some(row) = columns.row(at) else { continue };
            let like = self.likes.get(row.like as usize).copied().unwrap_or(u32::MAX);
            let route = self.routes.get(like as usize).and_then(Option::as_ref);
            let known = around.store.has_name(row.id);
            let item = self.items.get(row.item as usize).copied().unwrap_or(NO_ITEM);
            let own = Row { like, item, ..row };
            let whole = route.filter(|route| item != NO_ITEM || !route.by_item);
            let (Some(route), false) = (whole, known) else {
                rest.extend(columns.record(at));
                continue;
            };
            self.newest = self.newest.max(Some(row.known));
            route.near(scene, row.point, row.at, &mut near);
            if columns.positions && near.is_empty() && route.needs_zone() {
                continue;
            }
            if route.is_unclear(scene, &near) {
                rest.extend(columns.record(at));
                continue;
            }
            let Some(number) = self.table.add(own) else {
                let there = self.table.find(row.id).and_then(|other| self.table.record(other));
                rest.extend(columns.record(at).filter(|one| Some(one) != there.as_ref()));
                continue;
            };
            if route.is_idle() {
                continue;
            }
            let who = Who::row(number);
            route.each(scene, &mut self.rules, &near, row.at, item, |rule, at, fact| {
                rule.add(at, who, fact);
            });
        }
        rest
    }

    /// Learns what the rows of a source are like.
    fn learn(&mut self, columns: &Columns, around: Around<'_>) {
        if self.source != columns.source {
            self.source = columns.source;
            self.likes.clear();
            self.items.clear();
        }
        for item in columns.items.iter().skip(self.items.len()) {
            let number = self.table.item(item);
            self.items.push(number);
        }
        for like in columns.likes.iter().skip(self.likes.len()) {
            let number = self.table.likes.len();
            self.likes.push(number as u32);
            self.table.likes.push(like.clone());
            let act = around.program.act(&like.record.act);
            let alone = act.and_then(|act| self.alone.get(act.index())).copied().unwrap_or(false);
            let place = like.record.places.first().filter(|_| like.placed && alone);
            let drawn = place.is_some_and(|place| self.drawn(place.error_m, around).is_some());
            let scene = scene(around, &self.rasters, &self.families);
            let first = like.record.version == 1;
            let route = (drawn && first)
                .then(|| Route::new(scene, &self.table, number, &self.rules))
                .flatten();
            let whole = route.filter(|_| like.record.standing == casus_model::Standing::Asserted);
            self.routes.push(whole);
        }
    }

    /// The raster for an error of place.
    fn drawn(&mut self, error_m: f64, around: Around<'_>) -> Option<usize> {
        let known = self.rasters.iter().position(|(one, _)| *one == error_m);
        if known.is_some() || self.rasters.len() >= MOST_RASTERS {
            return known;
        }
        let declared = |zone: &u32| Some((*zone, ZoneId(*zone).of(around.program)?));
        let zones: Vec<_> = self.zones.iter().filter_map(declared).collect();
        let raster = Raster::new(&zones, error_m, |zone, point| {
            around.zones.holds_point(zone as usize, point, 0.0).is_yes()
        });
        self.rasters.push((error_m, raster));
        Some(self.rasters.len() - 1)
    }

    /// Takes a row out, because more than its one version has to be known of it.
    pub(crate) fn promote(&mut self, id: &str, around: Around<'_>) -> Option<Record> {
        let number = self.table.find(id)?;
        let row = self.table.row(number)?;
        let (point, at, item) = (row.point, row.at, row.item);
        if let Some(route) = self.routes.get(row.like as usize).and_then(Option::as_ref) {
            let scene = scene(around, &self.rasters, &self.families);
            let mut near = Near::new();
            route.near(scene, point, at, &mut near);
            let who = Who::row(number);
            route.each(scene, &mut self.rules, &near, at, item, |rule, place, _| {
                rule.remove(place, at, who);
            });
        }
        self.table.remove(number)
    }

    /// Takes out the rows that became known after an instant.
    pub(crate) fn known_after(&mut self, now: Instant, around: Around<'_>) -> Vec<Record> {
        if self.newest <= Some(now) {
            return Vec::new();
        }
        self.newest = Some(now);
        let late = self.table.all().filter(|&row| self.table.known(row) > now);
        let late: Vec<String> = late.map(|row| self.table.id(row).to_owned()).collect();
        late.iter().filter_map(|id| self.promote(id, around)).collect()
    }

    /// Gives up all rows, and all rules.
    pub(crate) fn give_up(&mut self) -> (Vec<Record>, Vec<RuleId>) {
        let all: Vec<u32> = self.table.all().collect();
        let records = all.into_iter().filter_map(|row| self.table.remove(row)).collect();
        let rules = self.rules.iter().map(|rule| rule.rule).collect();
        *self = Keyed::default();
        (records, rules)
    }

    /// Puts the facts of an incident of the store into their partitions.
    ///
    /// # Errors
    /// Where a fact names no item and a rule is keyed by item.
    pub(crate) fn refresh(
        &mut self,
        incident: IncidentId,
        around: Around<'_>,
    ) -> Result<(), Unkeyed> {
        let acts: Vec<_> = around.store.members(incident).filter_map(|(_, one)| one.act).collect();
        let mut known: Vec<(Standard, Option<Fact>)> = Vec::new();
        let mut near: Option<Option<Near>> = None;
        for at in 0..self.rules.len() {
            let Some(rule) = self.rules.get(at) else { continue };
            if !acts.iter().any(|act| rule.acts.contains(act)) {
                if let Some(rule) = self.rules.get_mut(at) {
                    rule.replace(incident, Vec::new());
                }
                continue;
            }
            let world = World::new(
                around.program,
                around.store,
                around.zones,
                around.products,
                around.now,
                rule.rule,
            );
            let Some(world) = world else { continue };
            let standard = world.rule.standard;
            let place = known.iter().position(|(one, _)| *one == standard && !self.by_rule);
            let place = place.unwrap_or_else(|| {
                known.push((standard, world.incident_fact(incident, &standard, false)));
                known.len() - 1
            });
            let fact = known.get(place).and_then(|(_, fact)| fact.as_ref());
            let mut facts = Vec::new();
            for (lane, pattern) in rule.patterns() {
                let Some(fact) = fact else { continue };
                let answer = world.matches(fact, pattern, AtHand::default());
                if answer.is_possible() {
                    let near = near.get_or_insert_with(|| self.near_of(fact, around));
                    let keys = keys(&world, rule, fact, near.as_ref())?;
                    facts.extend(keys.into_iter().map(|(key, local, is)| {
                        let fact = Wide { time: fact.time, answer: answer.and(is) };
                        (At { lane, key, local }, fact)
                    }));
                }
            }
            if let Some(fact) = fact {
                self.itemise(at, fact, &mut facts)?;
            }
            if let Some(rule) = self.rules.get_mut(at) {
                rule.replace(incident, facts);
            }
        }
        Ok(())
    }

    fn itemise(
        &mut self,
        rule: usize,
        fact: &Fact,
        facts: &mut [(At, Wide)],
    ) -> Result<(), Unkeyed> {
        if facts.is_empty() || !self.rules.get(rule).is_some_and(KeyedRule::by_item) {
            return Ok(());
        }
        let Some(item) = &fact.item else { return Err(Unkeyed) };
        let item = self.table.item(item);
        facts.iter_mut().for_each(|(at, _)| at.key.item = item);
        Ok(())
    }

    /// The zones in which a fact may lie, where one raster can say.
    fn near_of(&self, fact: &Fact, around: Around<'_>) -> Option<Near> {
        let [ground] = *fact.grounds else { return None };
        let record = around.store.report(ground)?.record();
        let [place] = record.places.as_slice() else { return None };
        let Shape::Point(point) = place.shape else { return None };
        let (_, raster) = self.rasters.iter().find(|(error_m, _)| *error_m == place.error_m)?;
        let scene = scene(around, &self.rasters, &self.families);
        let world = World::new(
            scene.program,
            around.store,
            around.zones,
            around.products,
            around.now,
            self.rules.first()?.rule,
        )?;
        let in_reach = raster.at(point).iter().map(|mark| mark.zone());
        let all = in_reach.chain(raster.everywhere().iter().copied());
        let sure = |zone| world.place_in_zone(place, ZoneId(zone), record.time.start);
        let near = all.map(|zone| (zone, sure(zone))).filter(|(_, sure)| sure.is_possible());
        Some(near.collect())
    }
}

/// The keys of a fact, but for its item.
fn keys(
    world: &World<'_>,
    rule: &KeyedRule,
    fact: &Fact,
    near: Option<&Near>,
) -> Result<Vec<(PartKey, u32, Tri)>, Unkeyed> {
    let family = rule.family().and_then(|family| family.of(world.program));
    let zones: Vec<(ZoneId, u32, Tri)> = match family {
        None => vec![(ZoneId(0), 0, Tri::Yes)],
        Some(family) => {
            let there = |zone: ZoneId| match near {
                Some(near) => {
                    near.iter().find(|(one, _)| *one == zone.0).map_or(Tri::No, |(_, sure)| *sure)
                }
                None => world.lies_in(fact, zone),
            };
            let all = family.zones.iter().zip(0..).map(|(&zone, local)| (zone, local));
            all.map(|(zone, local)| (zone, local, there(zone))).collect()
        }
    };
    let parties: Vec<_> = match rule.keys.contains(&Key::Party) {
        true => world.parties().map(|party| (party, world.party(fact, party))).collect(),
        false => vec![(casus_model::program::ActorId(0), Tri::Yes)],
    };
    let mut all = Vec::new();
    for &(zone, local, there) in &zones {
        for &(party, is) in &parties {
            let answer = there.and(is);
            if answer.is_possible() {
                all.push((rule.key(party, zone, 0), local, answer));
            }
        }
    }
    let clear = matches!(all.as_slice(), [] | [(_, _, Tri::Yes)]);
    if rule.single() && !clear { Err(Unkeyed) } else { Ok(all) }
}

fn scene<'a>(
    around: Around<'a>,
    rasters: &'a [(f64, Raster)],
    families: &'a [Vec<(u32, u32)>],
) -> Scene<'a> {
    Scene {
        program: around.program,
        zones: around.zones,
        products: around.products,
        rasters,
        families,
    }
}
