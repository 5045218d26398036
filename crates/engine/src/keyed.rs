//! Rules that hang on the facts of one key alone: judged partition by partition.
//!
//! Invariant: their findings are those that `World::determinations` would give; what cannot be
//! judged so is handed back, and judged there.

mod judge;
mod partition;
mod raster;
mod refresh;
mod retire;
mod route;
mod rule;
mod table;

use crate::{
    reads::{Reads, looking},
    report::Procedure,
    store::{IncidentId, Store},
    world::{Product, World, joined_acts},
    zones::Zones,
};
use casus_model::{
    Columns, Instant, Name, Program, Record, Standing,
    columns::{Like, NO_ITEM, Row},
    geometry::Shape,
    program::{ActId, CategoryId, PlaceTest, RuleId, ZoneId},
};
use hashbrown::HashMap;
use partition::Who;
use raster::Raster;
use route::{Ground, Near, Route, Scene};
use rule::KeyedRule;
use std::{collections::BTreeSet, sync::Arc};
use table::Table;

/// What a report is of, as far as the program knows it.
type Kind = (Option<ActId>, Option<CategoryId>);

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
    /// The zones that some rule asks for.
    zones: Vec<u32>,
    rasters: Vec<(f64, Raster)>,
    /// By name, and bits of the error in metres: the zones in which a place of that name may lie.
    named: HashMap<(Name, u64), Arc<Near>>,
    /// By kind of row: the way of its rows, if they have one.
    routes: Vec<Option<Route>>,
    /// Which source the numbers below are of.
    source: u64,
    likes: Vec<u32>,
    items: Vec<u32>,
    /// Whether what an actor answers for depends on the rule.
    by_rule: bool,
    /// By act and category: the rules that may be meant.
    meant: HashMap<Kind, Arc<[u32]>>,
    /// By incident of the store: the rules that have a fact of it.
    by_incident: HashMap<IncidentId, Vec<u32>>,
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

impl<'a> Around<'a> {
    /// The view of a rule.
    pub(crate) fn world(self, rule: RuleId) -> Option<World<'a>> {
        World::new(self.program, self.store, self.zones, self.products, self.now, rule)
    }
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
                    // What a prohibition says of the others hangs on who looked.
                    general.extend(looking(program));
                }
            }
        }
        // Legs are laid between the positions of the store, whoever reads them.
        let read = reads.iter().flat_map(|one| one.main.iter().chain(&one.aside)).copied();
        general.extend(joined_acts(program, &read.collect::<Vec<_>>()));
        let acts = 0..program.acts.len() as u32;
        let alone = acts.map(|act| !general.contains(&ActId(act)));
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

    /// Whether something of a rule has to be judged at this clock.
    pub(crate) fn is_due(&self, rule: RuleId, now: Instant) -> bool {
        let at = self.of_rule.get(rule.index()).copied().flatten();
        at.and_then(|at| self.rules.get(at as usize)).is_some_and(|rule| rule.is_due(now))
    }

    /// Whether a row has this id.
    pub(crate) fn holds(&mut self, id: &str) -> bool {
        self.table.find(id).is_some()
    }

    /// Takes rows in; those that have to go the plain way come back.
    pub(crate) fn load(&mut self, columns: &Columns, around: Around<'_>) -> Vec<Record> {
        self.learn(columns, around);
        let mut rest = Vec::new();
        let mut near = Near::new();
        let scene = scene(around, &self.rasters, &self.families);
        self.table.expect(columns);
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
            let asserted = like.record.standing == Standing::Asserted;
            let first = asserted && like.record.version == 1;
            let route = first.then(|| self.route(like, around)).flatten();
            self.routes.push(route);
        }
    }

    /// The way of the rows that are like this; none where they have to go the plain way.
    fn route(&mut self, like: &Like, around: Around<'_>) -> Option<Route> {
        let Some(act) = around.program.act(&like.record.act) else {
            // Nothing is said of it, unless somebody else calls it something else.
            return Procedure::of(&like.record.act).is_none().then(Route::default);
        };
        self.alone.get(act.index()).filter(|alone| **alone)?;
        let object = like.record.object.as_ref();
        let category = object.and_then(|object| around.program.category(&object.kind));
        let meant = self.meant(Some(act), category, around.program);
        let ground = self.ground(like, around)?;
        let scene = scene(around, &self.rasters, &self.families);
        Route::new(scene, like, ground, &self.rules, &meant)
    }

    /// How it is known where rows lie that are like this; none where it may change over time.
    fn ground(&mut self, like: &Like, around: Around<'_>) -> Option<Ground> {
        let place = like.record.places.first()?;
        let Shape::Named(name) = &place.shape else {
            return self.drawn(place.error_m, around).map(Ground::Raster);
        };
        let known = (name.clone(), place.error_m.to_bits());
        if let Some(near) = self.named.get(&known) {
            return Some(Ground::Known(Arc::clone(near)));
        }
        let zone = |id: u32| ZoneId(id).of(around.program);
        if self.zones.iter().filter_map(|&id| zone(id)).any(|zone| !zone.later.is_empty()) {
            return None;
        }
        let world = around.world(self.rules.first()?.rule)?;
        let sure = |id| (id, world.place_in_zone(place, ZoneId(id), like.record.time.start));
        let near = self.zones.iter().map(|&id| sure(id)).filter(|(_, sure)| sure.is_possible());
        let near = Arc::new(near.collect());
        self.named.insert(known, Arc::clone(&near));
        Some(Ground::Known(near))
    }

    /// The raster for an error of place, drawn here if there is none.
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
