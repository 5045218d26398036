//! Section 9: where and when somebody looked.
//!
//! Invariant: nobody looked unless a record surely says so.

use super::{Asking, Value, clause, fact, reports::Report};
use casus_model::{
    Name, Occurred, Program, Spans, Tri,
    geometry::Shape,
    program::{Act, ActId, Body, Pattern, PlaceTest, Standard, What, ZoneId},
};
use std::rc::Rc;

/// The patterns of a rule's deeds.
pub fn deeds(body: &Body) -> Vec<Pattern> {
    match body {
        Body::MustNot { deeds, .. } => deeds.clone(),
        Body::Must(duty) => duty.deeds.clone(),
        Body::Keep(keep) => keep.left.counted().map(|one| one.pattern.clone()).collect(),
        Body::May(permit) => permit.deeds.clone(),
        Body::Finding(_) | Body::State(_) | Body::Response(_) => Vec::new(),
    }
}

/// The act itself and every act that it is a case of.
pub fn above<'p>(program: &'p Program, act: &ActId) -> &'p [ActId] {
    act.of(program).map(|act| act.above.as_slice()).unwrap_or(&[])
}

/// Whether an act watches a deed of these acts; a case of a watching act does so too.
pub fn watches(program: &Program, watching: &Act, deed: &[ActId]) -> bool {
    let kinds = watching.above.iter().filter_map(|act| act.of(program));
    let watched: Vec<&ActId> = kinds.flat_map(|act| &act.watches).collect();
    let one = |act: &ActId| watched.iter().any(|one| above(program, act).contains(one));
    !deed.is_empty() && deed.iter().all(one)
}

/// What an act hinders; a case of a hindering act does so too.
pub fn hindered(program: &Program, act: &Name) -> Vec<ActId> {
    let kinds = program.act(act).map(|act| above(program, &act)).unwrap_or(&[]);
    kinds.iter().filter_map(|act| act.of(program)).flat_map(|act| act.hinders.clone()).collect()
}

/// The zones that the places of these reports name, or none where there is no place at all.
fn named_zones(program: &Program, grounds: &[Rc<Report>]) -> Option<Vec<ZoneId>> {
    let places: Vec<_> = grounds.iter().flat_map(|report| &report.content.places).collect();
    let name = |shape: &Shape| match shape {
        Shape::Named(name) => program.zone(name),
        _ => None,
    };
    let zones = places.iter().filter_map(|place| name(&place.shape)).collect();
    (!places.is_empty()).then_some(zones)
}

impl Asking<'_> {
    /// When a deed is watched in a zone, or (none) everywhere.
    fn covered(&self, deed: &Pattern, zone: Option<ZoneId>) -> Spans {
        let program = self.world.program;
        let What::Act(acts) = &deed.what else { return Spans::none() };
        let mut covered = Spans::none();
        for incident in &self.world.incidents {
            let live = incident.live();
            let standard = Standard::default();
            let Some(fact) = fact::of_incident(program, incident, &live, &standard) else {
                continue;
            };
            let looks: Vec<Tri> = fact
                .grounds
                .iter()
                .map(|report| program.act(&report.content.act).and_then(|act| act.of(program)))
                .map(|act| Tri::from(act.is_some_and(|act| watches(program, act, acts))))
                .collect();
            if !fact.status.is_yes() || !clause::join(&looks).is_yes() {
                continue;
            }
            let here = match (named_zones(program, &fact.grounds), zone) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(named), Some(zone)) => named
                    .iter()
                    .any(|one| one.of(program).is_some_and(|one| one.includes.contains(&zone))),
            };
            if here {
                let Occurred { start, end } = fact.time;
                covered = covered.or(&Spans::of(start.1, end.0.plus_ms(1)));
            }
        }
        covered
    }

    /// When a deed is watched: in each zone of its first zone test, or in these instead.
    fn watched_deed(&self, deed: &Pattern, instead: &[ZoneId]) -> Spans {
        let first = deed.places.iter().find_map(|test| match test {
            PlaceTest::Zone { zones, inside: true, .. } => Some(zones.clone()),
            _ => None,
        });
        let zones = if instead.is_empty() { first.unwrap_or_default() } else { instead.to_vec() };
        if zones.is_empty() {
            return self.covered(deed, None);
        }
        let each = zones.iter().map(|zone| self.covered(deed, Some(*zone)));
        each.fold(Spans::all(), |so_far, one| so_far.and(&one))
    }

    /// When all deeds are watched.
    pub fn watched(&self, deeds: &[Pattern], key: &[Value]) -> Spans {
        let zones: Vec<ZoneId> = key
            .iter()
            .filter_map(|value| match value {
                Value::Zone(_, zone) => Some(*zone),
                _ => None,
            })
            .collect();
        if deeds.is_empty() {
            return Spans::none();
        }
        let each = deeds.iter().map(|deed| self.watched_deed(deed, &zones));
        each.fold(Spans::all(), |so_far, one| so_far.and(&one))
    }

    /// When the facts of a pattern are watched for: what a rule says of its deeds, as these are.
    pub fn watched_pattern(&self, pattern: &Pattern, key: &[Value]) -> Spans {
        match &pattern.what {
            What::Act(_) => self.watched(std::slice::from_ref(pattern), key),
            What::Breach(rule) | What::Missed(rule) | What::Met(rule) => {
                let deeds = rule.of(self.world.program).map(|rule| deeds(&rule.body));
                self.watched(&deeds.unwrap_or_default(), key)
            }
            What::AnyOf(all) => all.iter().fold(Spans::all(), |so_far, one| {
                let one = Pattern { what: one.clone(), ..pattern.clone() };
                so_far.and(&self.watched_pattern(&one, key))
            }),
            _ => Spans::none(),
        }
    }
}
