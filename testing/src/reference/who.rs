//! Sections 3.9, 3.10, 3.12 and 3.13: who did it, a whole match, and the keys of a fact.
//!
//! Invariant: who is not named is possible, never ruled out.

use super::{
    Asking, Here, Value,
    clause::{Thing, join},
    fact::{Fact, part},
    places,
    reports::Report,
};
use casus_model::{
    Name, Tri,
    program::{Actor, ActorId, ActorKind, By, FamilyId, Key, ListItem, Pattern, PlaceTest, ZoneId},
};

impl Asking<'_> {
    /// 3.10: the actors that are parties.
    pub fn parties(&self) -> Vec<ActorId> {
        let numbered = (0_u32..).map(ActorId).zip(&self.world.program.actors);
        let parties = numbered.filter(|(_, actor)| actor.kind == ActorKind::Party);
        parties.map(|(id, _)| id).collect()
    }

    /// 3.9 for one report; none where it names nobody.
    pub fn report_party(&self, report: &Report, actor: ActorId) -> Option<Tri> {
        let said = report.content.actor.as_ref()?;
        let Some(named) = self.world.program.actor(&said.name) else { return Some(Tri::Unknown) };
        let own = Tri::from(named == actor);
        let answers =
            named.of(self.world.program).map(|named| self.answers_for(named, actor, report));
        let attribution = Tri::from_bounds(
            said.confidence.low >= self.standard.attribution,
            said.confidence.high > 5,
        );
        Some(own.max(answers.unwrap_or(Tri::No)).and(attribution))
    }

    fn answers_for(&self, named: &Actor, actor: ActorId, report: &Report) -> Tri {
        let start = report.content.time.start;
        let covers = |under: &Option<Vec<_>>| under.as_ref().is_none_or(|u| u.contains(&self.id));
        let mine = named.answered.iter().filter(|one| one.by == actor && covers(&one.under));
        let each = mine.map(|one| {
            let begun = match one.from {
                Some(from) if from > start.1 => Tri::No,
                Some(from) if from > start.0 => Tri::Unknown,
                _ => Tri::Yes,
            };
            begun.and(if one.strictly { Tri::Yes } else { Tri::Unknown })
        });
        each.max().unwrap_or(Tri::No)
    }

    /// 3.9: `party(f, b)`.
    pub fn party(&self, fact: &Fact, actor: ActorId) -> Tri {
        if fact.derived.is_some() {
            return part(&fact.parties, actor);
        }
        let said: Vec<Tri> =
            fact.grounds.iter().filter_map(|report| self.report_party(report, actor)).collect();
        if said.is_empty() { Tri::Unknown } else { join(&said) }
    }

    /// The greatest of several actors' parts.
    pub fn any_party(&self, fact: &Fact, actors: &[ActorId]) -> Tri {
        actors.iter().map(|actor| self.party(fact, *actor)).max().unwrap_or(Tri::No)
    }

    fn same_party(&self, it: &Fact, fact: &Fact) -> Tri {
        let both = |p: ActorId| self.party(it, p).and(self.party(fact, p));
        self.parties().into_iter().map(both).max().unwrap_or(Tri::No)
    }

    fn other_party(&self, its: impl Fn(ActorId) -> Tri, fact: &Fact) -> Tri {
        let mut best = Tri::No;
        for p in self.parties() {
            for q in self.parties() {
                if p != q {
                    best = best.max(its(p).and(self.party(fact, q)));
                }
            }
        }
        best
    }

    /// 3.10: `by`.
    pub fn by(&self, fact: &Fact, by: &By, here: &Here<'_>) -> Tri {
        let is = |bearer: ActorId| move |p: ActorId| Tri::from(p == bearer);
        match (by, here.bearer, here.it) {
            (By::Anyone, ..) => Tri::Yes,
            (By::OneOf(actors), ..) => self.any_party(fact, actors),
            (By::Same, _, Some(it)) => self.same_party(it, fact),
            (By::Same, Some(bearer), None) => self.party(fact, bearer),
            (By::Other, _, Some(it)) => self.other_party(|p| self.party(it, p), fact),
            (By::Other, Some(bearer), None) => self.other_party(is(bearer), fact),
            (By::Same | By::Other, None, None) => Tri::Unknown,
        }
    }

    /// 3.10: `match`.
    pub fn matches(
        &self,
        fact: &Fact,
        pattern: &Pattern,
        here: &Here<'_>,
        item: Option<&ListItem>,
    ) -> Tri {
        let clause = self.clause(fact, pattern, here.bearer, item).tri;
        fact.status.and(clause).and(self.by(fact, &pattern.by, here))
    }

    /// 3.12: whether a fact lies in a zone, over all its places.
    pub fn in_zone(&self, fact: &Fact, zone: ZoneId) -> Tri {
        let test = PlaceTest::Zone { zones: vec![zone], roles: Vec::new(), inside: true };
        let thing = Thing { object: None, item: None };
        let ask = |program: &_, sited: places::Sited<'_>| {
            places::test(program, sited, &test, None, &thing)
        };
        self.derived_place(fact, ask).tri
    }

    /// The zones of a family.
    pub fn zones(&self, family: FamilyId) -> Vec<ZoneId> {
        family.of(self.world.program).map(|family| family.zones.clone()).unwrap_or_default()
    }

    /// 3.13: whether two facts share a key.
    pub fn share(&self, it: &Fact, fact: &Fact, key: Key) -> Tri {
        let equal = |a: &Option<Name>, b: &Option<Name>| match (a, b) {
            (Some(a), Some(b)) => Tri::from(a == b),
            _ => Tri::Unknown,
        };
        match key {
            Key::Party => self.same_party(it, fact),
            Key::Family(family) => {
                let both = |zone| self.in_zone(it, zone).and(self.in_zone(fact, zone));
                self.zones(family).into_iter().map(both).max().unwrap_or(Tri::No)
            }
            Key::Item => equal(&it.item, &fact.item),
            Key::Recipient => equal(&it.recipient, &fact.recipient),
        }
    }

    /// 3.13: whether a fact has a key value.
    pub fn has(&self, fact: &Fact, value: &Value) -> Tri {
        let equal = |a: &Option<Name>, b: &Name| match a {
            Some(a) => Tri::from(a == b),
            None => Tri::Unknown,
        };
        match value {
            Value::Party(party) => self.party(fact, *party),
            Value::Zone(_, zone) => self.in_zone(fact, *zone),
            Value::Item(item) => equal(&fact.item, item),
            Value::Recipient(recipient) => equal(&fact.recipient, recipient),
        }
    }
}
