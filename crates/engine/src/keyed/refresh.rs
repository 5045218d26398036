//! Incidents of the store, put into the partitions that their facts belong to.
//!
//! Invariant: an incident has entries under no rule that cannot mean any of its reports.

use super::{
    Around, Keyed, Unkeyed,
    partition::Wide,
    route::Near,
    rule::{At, KeyedRule, PartKey},
};
use crate::{
    fact::Fact,
    matching::{AtHand, member},
    store::IncidentId,
    world::World,
};
use casus_model::{
    Program, Tri,
    geometry::Shape,
    program::{ActId, ActorId, CategoryId, Key, Standard, ZoneId},
};
use std::sync::Arc;

/// What is the same for several rules.
#[derive(Default)]
struct Known {
    facts: Vec<(Standard, Option<Fact>)>,
    near: Option<Option<Near>>,
}

impl Keyed {
    /// Puts the facts of an incident of the store into their partitions.
    ///
    /// # Errors
    /// Where a fact does not belong to one partition of a rule that asks for one.
    pub(crate) fn refresh(
        &mut self,
        incident: IncidentId,
        around: Around<'_>,
    ) -> Result<(), Unkeyed> {
        if self.rules.is_empty() {
            return Ok(());
        }
        let before = self.by_incident.remove(&incident).unwrap_or_default();
        let mut meant: Vec<u32> = Vec::new();
        for (_, report) in around.store.members(incident) {
            meant.extend(self.meant(report.act, report.category, around.program).iter());
        }
        meant.sort_unstable();
        meant.dedup();
        let mut known = Known::default();
        let mut after = Vec::new();
        for &at in &meant {
            let facts = self.facts(at, incident, around, &mut known)?;
            if !facts.is_empty() {
                after.push(at);
            }
            if let Some(rule) = self.rules.get_mut(at as usize) {
                rule.replace(incident, facts);
            }
        }
        for at in before.into_iter().filter(|at| !meant.contains(at)) {
            if let Some(rule) = self.rules.get_mut(at as usize) {
                rule.replace(incident, Vec::new());
            }
        }
        if !after.is_empty() {
            self.by_incident.insert(incident, after);
        }
        Ok(())
    }

    /// The rules that may mean reports of an act and a category.
    pub(super) fn meant(
        &mut self,
        act: Option<ActId>,
        category: Option<CategoryId>,
        program: &Program,
    ) -> Arc<[u32]> {
        if let Some(known) = self.meant.get(&(act, category)) {
            return Arc::clone(known);
        }
        let may = |rule: &KeyedRule| {
            let is_object = rule.patterns().any(|(_, pattern)| match (&pattern.object, category) {
                (Some(test), Some(category)) => {
                    member(program, test.category, category, &|_| None).is_possible()
                }
                _ => true,
            });
            is_object && act.is_some_and(|act| rule.acts.contains(&act))
        };
        let all = self.rules.iter().zip(0..).filter(|(rule, _)| may(rule)).map(|(_, at)| at);
        let all: Arc<[u32]> = all.collect();
        self.meant.insert((act, category), Arc::clone(&all));
        all
    }

    /// The facts that an incident is under a rule.
    fn facts(
        &mut self,
        at: u32,
        incident: IncidentId,
        around: Around<'_>,
        known: &mut Known,
    ) -> Result<Vec<(At, Wide)>, Unkeyed> {
        let mut facts = Vec::new();
        let Some(rule) = self.rules.get(at as usize) else { return Ok(facts) };
        let Some(world) = around.world(rule.rule) else { return Ok(facts) };
        let standard = world.rule.standard;
        let place = known.facts.iter().position(|(one, _)| *one == standard && !self.by_rule);
        let place = place.unwrap_or_else(|| {
            known.facts.push((standard, world.incident_fact(incident, &standard, false)));
            known.facts.len() - 1
        });
        let Some((_, Some(fact))) = known.facts.get(place) else { return Ok(facts) };
        for (lane, pattern) in rule.patterns() {
            let answer = world.matches(fact, pattern, AtHand::default());
            if !answer.is_possible() {
                continue;
            }
            let near = known.near.get_or_insert_with(|| self.near_of(fact, around));
            let keys = keys(&world, rule, fact, near.as_ref())?;
            facts.extend(keys.into_iter().map(|(key, local, is)| {
                (At { lane, key, local }, Wide { time: fact.time, answer: answer.and(is) })
            }));
        }
        if rule.by_item() && !facts.is_empty() {
            let Some(item) = &fact.item else { return Err(Unkeyed) };
            let item = self.table.item(item);
            facts.iter_mut().for_each(|(at, _)| at.key.item = item);
        }
        Ok(facts)
    }

    /// The zones in which a fact may lie, where one raster can say.
    fn near_of(&self, fact: &Fact, around: Around<'_>) -> Option<Near> {
        let [ground] = *fact.grounds else { return None };
        let record = around.store.report(ground)?.record();
        let [place] = record.places.as_slice() else { return None };
        let Shape::Point(point) = place.shape else { return None };
        let (_, raster) = self.rasters.iter().find(|(error_m, _)| *error_m == place.error_m)?;
        let world = around.world(self.rules.first()?.rule)?;
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
            let all = all.map(|(zone, local)| (zone, local, there(zone)));
            all.filter(|(_, _, there)| there.is_possible()).collect()
        }
    };
    let parties: Vec<_> = match rule.keys.contains(&Key::Party) {
        true => {
            let all = world.parties().map(|party| (party, world.party(fact, party)));
            all.filter(|(_, is)| is.is_possible()).collect()
        }
        false => vec![(ActorId(0), Tri::Yes)],
    };
    let mut all = Vec::new();
    for &(zone, local, there) in &zones {
        for &(party, is) in &parties {
            all.push((rule.key(party, zone, 0), local, there.and(is)));
        }
    }
    let clear = matches!(all.as_slice(), [] | [(_, _, Tri::Yes)]);
    if rule.single() && !clear { Err(Unkeyed) } else { Ok(all) }
}
