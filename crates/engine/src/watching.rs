//! Where somebody looked, and where somebody was kept from looking.
//!
//! Invariant: silence counts only over time and ground that a report of watching covers.

use crate::{
    fact::Fact,
    spanning::{KeyValue, Relative},
    world::World,
};
use casus_model::{
    Instant, Spans,
    geometry::Shape,
    program::{ActId, Body, Pattern, PlaceTest, RuleId, Standard, What, ZoneId},
};

impl World<'_> {
    /// When the acts of the pattern were surely watched for.
    pub(crate) fn watched_pattern(&self, pattern: &Pattern, relative: Relative<'_>) -> Spans {
        let zones = relative.key.iter().filter_map(|value| match value {
            KeyValue::Zone(_, zone) => Some(*zone),
            _ => None,
        });
        let zones_of_key = Some(zones.collect::<Vec<_>>()).filter(|zones| !zones.is_empty());
        match &pattern.what {
            What::Act(_) => self.watched(std::slice::from_ref(pattern), zones_of_key),
            What::Breach(rule) | What::Missed(rule) | What::Met(rule) => {
                self.watched(&self.deeds_of(*rule), zones_of_key)
            }
            What::AnyOf(all) => all.iter().fold(Spans::all(), |so_far, one| {
                let one = Pattern { what: one.clone(), ..pattern.clone() };
                so_far.and(&self.watched_pattern(&one, relative))
            }),
            _ => Spans::none(),
        }
    }

    fn deeds_of(&self, rule: RuleId) -> Vec<Pattern> {
        match rule.of(self.program).map(|rule| &rule.body) {
            Some(Body::MustNot { deeds, .. }) => deeds.clone(),
            Some(Body::Must(duty)) => duty.deeds.clone(),
            Some(Body::Keep(keep)) => {
                keep.left.counted().map(|counted| counted.pattern.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// When all the deeds were surely watched for, in their zones or in those given.
    pub(crate) fn watched(&self, deeds: &[Pattern], zones: Option<Vec<ZoneId>>) -> Spans {
        if deeds.is_empty() {
            return Spans::none();
        }
        deeds.iter().fold(Spans::all(), |so_far, deed| {
            let of_deed = zones.clone().unwrap_or_else(|| zones_of(deed));
            so_far.and(&self.watched_deed(deed, &of_deed))
        })
    }

    fn watched_deed(&self, deed: &Pattern, zones: &[ZoneId]) -> Spans {
        let What::Act(acts) = &deed.what else { return Spans::none() };
        let watchers = self.acts_that(|one| {
            !acts.is_empty()
                && acts.iter().all(|act| {
                    let above = self.above(*act);
                    self.watched_by(one).any(|watched| above.contains(&watched))
                })
        });
        if watchers.is_empty() {
            return Spans::none();
        }
        let standard = Standard::default();
        let mut facts = Vec::new();
        for incident in self.incidents_of(&watchers) {
            if let Some(fact) = self.incident_fact(incident, &standard, false)
                && self.is_surely(&fact, &watchers)
            {
                facts.push(fact);
            }
        }
        if zones.is_empty() {
            return self.covered_by(&facts, None);
        }
        zones.iter().fold(Spans::all(), |all, &zone| all.and(&self.covered_by(&facts, Some(zone))))
    }

    /// The act and the acts that it is a case of.
    pub(crate) fn above(&self, act: ActId) -> &[ActId] {
        act.of(self.program).map_or(&[][..], |act| &act.above)
    }

    /// What an act watches for, by its own declaration or that of an act above it.
    fn watched_by(&self, act: &casus_model::program::Act) -> impl Iterator<Item = ActId> {
        let above = act.above.iter().filter_map(|act| act.of(self.program));
        above.flat_map(|act| act.watches.iter().copied())
    }

    /// The acts for which the test holds.
    pub(crate) fn acts_that(
        &self,
        test: impl Fn(&casus_model::program::Act) -> bool,
    ) -> Vec<ActId> {
        let acts = self.program.acts.iter().enumerate();
        acts.filter(|(_, act)| test(act)).map(|(at, _)| ActId(at as u32)).collect()
    }

    fn is_surely(&self, fact: &Fact, acts: &[ActId]) -> bool {
        fact.status.is_yes() && self.clause(fact, &plain(acts), Default::default()).0.is_yes()
    }

    fn covered_by(&self, facts: &[Fact], zone: Option<ZoneId>) -> Spans {
        let named = |place: &casus_model::Place| match (&place.shape, zone) {
            (Shape::Named(name), Some(zone)) => {
                let named = self.program.zone(name).and_then(|named| named.of(self.program));
                named.is_some_and(|named| named.includes.contains(&zone))
            }
            _ => false,
        };
        let covers = |fact: &&Fact| {
            let reports = fact.grounds.iter().filter_map(|&at| self.store.report(at));
            let mut places = reports.flat_map(|report| &report.record().places).peekable();
            places.peek().is_none() || places.any(named)
        };
        Spans::union_of(
            facts.iter().filter(covers).map(|fact| (fact.time.start.1, fact.time.end.0.plus_ms(1))),
        )
    }

    /// Facts that surely hindered acts of this kind.
    pub(crate) fn hindrances(&self, deeds: &[Pattern]) -> Vec<Fact> {
        let acts = |deed: &Pattern| match &deed.what {
            What::Act(acts) => acts.clone(),
            _ => Vec::new(),
        };
        let acts: Vec<ActId> = deeds.iter().flat_map(acts).collect();
        let hinderers = self.acts_that(|one| {
            acts.iter().any(|act| {
                let above = self.above(*act);
                let hindered = one.above.iter().filter_map(|act| act.of(self.program));
                hindered.flat_map(|act| &act.hinders).any(|hindered| above.contains(hindered))
            })
        });
        let incidents = self.incidents_of(&hinderers).into_iter();
        let facts = incidents
            .filter_map(|incident| self.incident_fact(incident, &self.rule.standard, false));
        facts.filter(|fact| self.is_surely(fact, &hinderers)).collect()
    }

    /// The acts that watch for all the deeds.
    pub(crate) fn watching_patterns(&self, deeds: &[Pattern]) -> Vec<Pattern> {
        let acts = self.acts_that(|one| {
            deeds.iter().any(|deed| match &deed.what {
                What::Act(acts) => acts.iter().any(|act| {
                    let above = self.above(*act);
                    self.watched_by(one).any(|watched| above.contains(&watched))
                }),
                _ => false,
            })
        });
        if acts.is_empty() { Vec::new() } else { vec![plain(&acts)] }
    }

    /// Whether a fact touches `[from, to]`.
    pub(crate) fn touches(fact: &Fact, from: Instant, to: Instant) -> bool {
        fact.time.start.0 <= to && fact.time.end.1 >= from
    }
}

/// The zones of a deed's first zone test.
fn zones_of(deed: &Pattern) -> Vec<ZoneId> {
    let zones = deed.places.iter().find_map(|test| match test {
        PlaceTest::Zone { zones, inside: true, .. } => Some(zones.clone()),
        _ => None,
    });
    zones.unwrap_or_default()
}

/// Any act of these, by anybody, anywhere.
pub(crate) fn plain(acts: &[ActId]) -> Pattern {
    Pattern {
        what: What::Act(acts.to_vec()),
        by: casus_model::program::By::Anyone,
        object: None,
        to: Vec::new(),
        places: Vec::new(),
        tests: Vec::new(),
    }
}
