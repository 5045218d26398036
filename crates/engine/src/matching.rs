//! Whether a fact is what a pattern names: kind, thing, recipient, amounts, place, and who.
//!
//! Invariant: an absent detail is unknown, never a mismatch and never a default.

use crate::{
    fact::{Fact, Kind, Parties, join},
    report::Report,
    spanning::KeyValue,
    world::World,
};
use casus_model::{
    Instant, Name, Place, Program, Quantity, Range, Reason, Record, Tri,
    geometry::{Point, Shape, disk_around, path_to_paths_m, paths_distance_m},
    program::{
        ActorId, By, CategoryId, Compare, Distance, Key, LineId, ListItem, MeasureTest, ObjectTest,
        Pattern, PlaceTest, TableId, What, ZoneId,
    },
    quantity::{Dimension, unit},
    side::{Hand, crosses},
};
use rust_decimal::Decimal;

/// What is at hand while a pattern is read.
#[derive(Clone, Copy, Default)]
pub(crate) struct AtHand<'f> {
    /// The fact that a condition is relative to.
    pub it: Option<&'f Fact>,
    /// The bearer of the duty or prohibition.
    pub bearer: Option<ActorId>,
    /// The item of the list.
    pub item: Option<&'f ListItem>,
    /// The key of the determination.
    pub key: &'f [KeyValue],
}

impl World<'_> {
    /// The whole match: status, clause and who.
    pub(crate) fn matches(&self, fact: &Fact, pattern: &Pattern, at: AtHand<'_>) -> Tri {
        let status = self.status(fact);
        if status.is_no() {
            return Tri::No;
        }
        let by = self.by(fact, &pattern.by, at);
        if by.is_no() {
            return Tri::No;
        }
        status.and(by).and(self.clause(fact, pattern, at).0)
    }

    /// The status, at most unknown where another rule's standard was lower than this one's.
    pub(crate) fn status(&self, fact: &Fact) -> Tri {
        let enough = fact.kind == Kind::Incident || fact.act_low >= self.rule.standard.act;
        if enough { fact.status } else { fact.status.and(Tri::Unknown) }
    }

    /// Why the status is unknown.
    pub(crate) fn status_reason(&self, fact: &Fact) -> Reason {
        if fact.status == Tri::Unknown { fact.reason } else { Reason::StateUncertain }
    }

    /// Whether the actor is responsible, by this rule's standard.
    pub(crate) fn party(&self, fact: &Fact, actor: ActorId) -> Tri {
        let enough =
            fact.kind == Kind::Incident || fact.attribution_low >= self.rule.standard.attribution;
        fact.parties.of_at_most(actor, if enough { Tri::Yes } else { Tri::Unknown })
    }

    /// The parties, by this rule's standard.
    pub(crate) fn parties_of(&self, fact: &Fact) -> Parties {
        let named = fact.parties.these.iter().map(|(one, _)| (*one, self.party(fact, *one)));
        let these = named.collect();
        let enough =
            fact.kind == Kind::Incident || fact.attribution_low >= self.rule.standard.attribution;
        let rest = if enough { fact.parties.rest } else { fact.parties.rest.and(Tri::Unknown) };
        Parties { these, rest }
    }

    pub(crate) fn by(&self, fact: &Fact, by: &By, at: AtHand<'_>) -> Tri {
        match (by, at.it, at.bearer) {
            (By::Anyone, ..) => Tri::Yes,
            (By::OneOf(actors), ..) => {
                actors.iter().fold(Tri::No, |so_far, &one| so_far.or(self.party(fact, one)))
            }
            (By::Same, Some(it), _) => self.same_party(it, fact),
            (By::Same, None, Some(bearer)) => self.party(fact, bearer),
            (By::Other, Some(it), _) => self.other_party(|p| self.party(it, p), fact),
            (By::Other, None, Some(bearer)) => self.other_party(|p| Tri::from(p == bearer), fact),
            (By::Same | By::Other, None, None) => Tri::Unknown,
        }
    }

    fn same_party(&self, it: &Fact, fact: &Fact) -> Tri {
        let both = |p| self.party(it, p).and(self.party(fact, p));
        self.parties().fold(Tri::No, |so_far, p| so_far.or(both(p)))
    }

    fn other_party(&self, of_it: impl Fn(ActorId) -> Tri, fact: &Fact) -> Tri {
        let mut answer = Tri::No;
        for p in self.parties() {
            for q in self.parties().filter(|&q| q != p) {
                answer = answer.or(of_it(p).and(self.party(fact, q)));
            }
        }
        answer
    }

    /// Kind, object, recipient, amounts and place, joined over the reports behind the fact.
    pub(crate) fn clause(&self, fact: &Fact, pattern: &Pattern, at: AtHand<'_>) -> (Tri, Reason) {
        if fact.incident.is_none() {
            return self.keyed_clause(fact, pattern, at);
        }
        let mut reason = None;
        let answers = fact.grounds.iter().filter_map(|&ground| self.store.report(ground));
        let (answer, conflict) = join(answers.map(|report| {
            let (answer, why) = self.report_clause(report, fact.kind, pattern, at);
            if answer == Tri::Unknown && reason.is_none() {
                reason = Some(why);
            }
            answer
        }));
        match conflict {
            true => (answer, Reason::Conflicting),
            false => (answer, reason.unwrap_or(Reason::Established)),
        }
    }

    /// The clause for one report.
    pub(crate) fn report_clause(
        &self,
        report: &Report,
        kind: Kind,
        pattern: &Pattern,
        at: AtHand<'_>,
    ) -> (Tri, Reason) {
        let record = report.record();
        let mut answer = Tri::Yes;
        let mut reason = Reason::Established;
        let mut take = |next: Tri, why: Reason| {
            if next == Tri::Unknown && answer == Tri::Yes {
                reason = why;
            }
            answer = answer.and(next);
            answer.is_possible()
        };
        let plain = kind != Kind::Incident
            && (pattern.object.is_none() || take(Tri::Unknown, Reason::CategoryUnknown));
        let go_on = (plain
            || take(self.is_act(report, &pattern.what), Reason::CategoryUnknown)
                && take(
                    self.is_object(report, pattern.object.as_ref(), at),
                    Reason::CategoryUnknown,
                ))
            && take(self.is_to(record.recipient.as_ref(), &pattern.to), Reason::CategoryUnknown)
            && take(self.has_amounts(record, &pattern.tests), Reason::NumberUncertain)
            && pattern
                .places
                .iter()
                .all(|place| take(self.is_there(report, place, at), Reason::PlaceUncertain));
        if go_on { (answer, reason) } else { (Tri::No, Reason::Established) }
    }

    /// Whether the record has the amounts of one of the groups.
    fn has_amounts(&self, record: &Record, groups: &[Vec<MeasureTest>]) -> Tri {
        let test = |test: &MeasureTest| {
            let value = record.quantities.iter().find(|(name, _)| *name == test.measure);
            compare(value.and_then(|(name, q)| self.in_base(name, q)), test)
        };
        let group =
            |tests: &Vec<MeasureTest>| tests.iter().fold(Tri::Yes, |all, one| all.and(test(one)));
        match groups {
            [] => Tri::Yes,
            groups => groups.iter().fold(Tri::No, |any, one| any.or(group(one))),
        }
    }

    fn keyed_clause(&self, fact: &Fact, pattern: &Pattern, _at: AtHand<'_>) -> (Tri, Reason) {
        let object = if pattern.object.is_none() { Tri::Yes } else { Tri::Unknown };
        let to = object.and(self.is_to(fact.recipient.as_ref(), &pattern.to));
        let places = pattern
            .places
            .iter()
            .fold(Tri::Yes, |so_far, test| so_far.and(self.key_is_there(fact, test)));
        let amounts = if pattern.tests.is_empty() { Tri::Yes } else { Tri::Unknown };
        let reason = match (to, amounts) {
            (Tri::Unknown, _) => Reason::CategoryUnknown,
            (_, Tri::Unknown) => Reason::NumberUncertain,
            _ => Reason::PlaceUncertain,
        };
        (to.and(amounts).and(places), reason)
    }

    fn key_is_there(&self, fact: &Fact, test: &PlaceTest) -> Tri {
        let PlaceTest::Zone { zones, inside, .. } = test else { return Tri::Unknown };
        if fact.zones.is_empty() {
            return Tri::Unknown;
        }
        let pairs = fact.zones.iter().flat_map(|&own| zones.iter().map(move |&z| (own, z)));
        let answer = pairs.fold(Tri::No, |so_far, (own, z)| {
            so_far.or(self.zone_in_zone(own, z, 0.0, fact.time.start))
        });
        answer.negate_if(!inside)
    }

    fn is_act(&self, report: &Report, what: &What) -> Tri {
        let (What::Act(acts), Some(act)) = (what, report.act) else { return Tri::No };
        let above = |act: casus_model::program::ActId| {
            act.of(self.program).map_or(&[][..], |one| &one.above)
        };
        if acts.iter().any(|listed| above(act).contains(listed)) {
            Tri::Yes
        } else if acts.iter().any(|listed| above(*listed).contains(&act)) {
            Tri::Unknown
        } else {
            Tri::No
        }
    }

    fn is_object(&self, report: &Report, test: Option<&ObjectTest>, at: AtHand<'_>) -> Tri {
        let Some(test) = test else { return Tri::Yes };
        self.is_thing(report.category, report.record(), test, at)
    }

    pub(crate) fn is_thing(
        &self,
        category: Option<CategoryId>,
        record: &Record,
        test: &ObjectTest,
        at: AtHand<'_>,
    ) -> Tri {
        let category = match &record.object {
            Some(object) if !object.kind.is_empty() => category,
            _ => at.item.and_then(|item| item.category),
        };
        let Some(category) = category else { return Tri::Unknown };
        let measure = |name: &Name| {
            let measures = record.object.as_ref().map_or(&[][..], |object| &object.measures);
            let own = measures.iter().find(|(one, _)| one == name);
            match own {
                Some((name, quantity)) => self.in_base(name, quantity),
                None => at.item.and_then(|item| {
                    let listed = item.measures.iter().find(|(one, _)| one == name);
                    listed.map(|(_, value)| Range::exactly(*value))
                }),
            }
        };
        let tests = test
            .tests
            .iter()
            .fold(Tri::Yes, |so_far, one| so_far.and(compare(measure(&one.measure), one)));
        member(self.program, test.category, category, &measure).and(tests)
    }

    fn is_to(&self, recipient: Option<&Name>, to: &[ActorId]) -> Tri {
        if to.is_empty() {
            return Tri::Yes;
        }
        let Some(recipient) = recipient else { return Tri::Unknown };
        let named =
            |actor: &ActorId| actor.of(self.program).is_some_and(|actor| actor.name == *recipient);
        to.iter().any(named).into()
    }

    /// A quantity in base units, if its unit fits the measure.
    pub(crate) fn in_base(&self, measure: &Name, quantity: &Quantity) -> Option<Range> {
        let declared = self.program.measures.iter().find(|one| one.name == *measure);
        let known = unit(&quantity.unit);
        match (declared.map(|one| one.dimension), known) {
            (None, Some((Dimension::Count, factor))) => quantity.range.scaled(factor),
            (Some(Some(wanted)), Some((dimension, factor))) if wanted == dimension => {
                quantity.range.scaled(factor)
            }
            (Some(None), _) if declared.is_some_and(|one| one.unit == quantity.unit) => {
                Some(quantity.range)
            }
            _ => None,
        }
    }

    fn is_there(&self, report: &Report, test: &PlaceTest, at: AtHand<'_>) -> Tri {
        match test {
            PlaceTest::Zone { zones, roles, inside } => {
                let one = |place: &Place| {
                    zones.iter().fold(Tri::No, |so_far, &zone| {
                        if so_far.is_yes() {
                            so_far
                        } else {
                            so_far.or(self.place_in_zone(place, zone, report.record().time.start))
                        }
                    })
                };
                self.at_roles(report, roles, one).negate_if(!inside)
            }
            PlaceTest::Line { line, own, distance, roles, beyond } => {
                let whose = if *own { at.bearer } else { None };
                let one = |place: &Place| {
                    self.line_answer(report, place, *line, whose, distance, *beyond, at)
                };
                self.at_roles(report, roles, one)
            }
            PlaceTest::Across { line, own, into, roles } => {
                let whose = if *own { at.bearer } else { None };
                let one = |place: &Place| self.across(report, place, *line, whose, *into);
                self.at_roles(report, roles, one)
            }
        }
    }

    /// Whether a place is a path that crosses the line.
    fn across(
        &self,
        report: &Report,
        place: &Place,
        line: LineId,
        whose: Option<ActorId>,
        into: Option<Hand>,
    ) -> Tri {
        let Some(line) = line.of(self.program) else { return Tri::Unknown };
        let drawn = line.drawn_for(whose).at(report.record().time.start);
        Tri::agreed(drawn.map(|paths| match (&place.shape, self.disk_of(place)) {
            (_, _) if paths.is_empty() => Tri::Unknown,
            (Shape::Line(path), _) => crosses(path, place.error_m, paths, into),
            (_, Some((centre, radius))) => {
                let touches = paths_distance_m(centre, paths) <= radius + place.error_m;
                if touches { Tri::Unknown } else { Tri::No }
            }
            (_, None) => Tri::Unknown,
        }))
    }

    /// The disk that a place lies in; none for a path and an unknown name.
    fn disk_of(&self, place: &Place) -> Option<(Point, f64)> {
        match &place.shape {
            Shape::Point(point) => Some((*point, 0.0)),
            Shape::Area(polygons) => {
                disk_around(polygons.iter().filter_map(|one| one.0.first()).flatten())
            }
            Shape::Named(name) => {
                let zone = self.program.zone(name).and_then(|zone| zone.of(self.program));
                zone.and_then(|zone| zone.region.disk())
            }
            Shape::Line(_) => None,
        }
    }

    pub(crate) fn at_roles(
        &self,
        report: &Report,
        roles: &[Name],
        one: impl Fn(&Place) -> Tri,
    ) -> Tri {
        let places = &report.record().places;
        if places.is_empty() {
            return Tri::Unknown;
        }
        if roles.is_empty() {
            return places.iter().fold(Tri::No, |so_far, place| so_far.or(one(place)));
        }
        let declared = report.act.and_then(|act| act.of(self.program));
        let declared = declared.map_or(&[][..], |act| &act.roles);
        let mut answer = Tri::No;
        for role in roles {
            let mut given = places.iter().filter(|place| place.role == *role).peekable();
            if given.peek().is_none() {
                answer = answer.or(Tri::Unknown);
            }
            answer = given.fold(answer, |so_far, place| so_far.or(one(place)));
        }
        if !declared.is_empty() {
            let all = declared.iter().all(|role| roles.contains(role));
            for place in places.iter().filter(|place| place.role.is_empty()) {
                answer = answer.or(if all { one(place) } else { Tri::Unknown });
            }
        }
        answer
    }

    /// One place in one zone, its height included.
    pub(crate) fn place_in_zone(
        &self,
        place: &Place,
        zone_id: ZoneId,
        time: (Instant, Instant),
    ) -> Tri {
        let Some(zone) = zone_id.of(self.program) else { return Tri::Unknown };
        let ground = match &place.shape {
            Shape::Named(name) => match self.program.zone(name) {
                None => Tri::Unknown,
                Some(named) if zone.includes.contains(&named) => return Tri::Yes,
                Some(named) => self.zone_in_zone(named, zone_id, place.error_m, time),
            },
            shape => self.zones.holds(zone, zone_id.index(), shape, place.error_m, time),
        };
        let over_floor = zone.floor_m.map(|floor| match place.altitude_m {
            None => Tri::Unknown,
            Some((low, high)) => Tri::from_bounds(low >= floor, high >= floor),
        });
        let under_ceiling = zone.ceiling_m.map(|ceiling| match place.altitude_m {
            None => Tri::Unknown,
            Some((low, high)) => Tri::from_bounds(high < ceiling, low < ceiling),
        });
        ground.and(over_floor.unwrap_or(Tri::Yes)).and(under_ceiling.unwrap_or(Tri::Yes))
    }

    fn zone_in_zone(
        &self,
        named: ZoneId,
        zone_id: ZoneId,
        error_m: f64,
        time: (Instant, Instant),
    ) -> Tri {
        let Some(zone) = zone_id.of(self.program) else { return Tri::Unknown };
        if zone.includes.contains(&named) {
            return Tri::Yes;
        }
        let siblings = |family: &casus_model::program::Family| {
            family.zones.contains(&named) && family.zones.contains(&zone_id)
        };
        if self.program.families.iter().any(siblings) {
            return Tri::No;
        }
        let disk = named.of(self.program).and_then(|one| one.region.disk());
        disk.map_or(Tri::Unknown, |(centre, radius)| {
            self.zones.holds(zone, zone_id.index(), &Shape::Point(centre), radius + error_m, time)
        })
    }

    #[allow(clippy::too_many_arguments)] // one test, spelled out
    fn line_answer(
        &self,
        report: &Report,
        place: &Place,
        line: LineId,
        whose: Option<ActorId>,
        distance: &Distance,
        beyond: bool,
        at: AtHand<'_>,
    ) -> Tri {
        let Some(line) = line.of(self.program) else { return Tri::Unknown };
        let drawn = line.drawn_for(whose).at(report.record().time.start);
        Tri::agreed(drawn.map(|paths| self.path_answer(report, place, paths, distance, beyond, at)))
    }

    fn path_answer(
        &self,
        report: &Report,
        place: &Place,
        paths: &[Vec<Point>],
        distance: &Distance,
        beyond: bool,
        at: AtHand<'_>,
    ) -> Tri {
        if paths.is_empty() {
            return Tri::Unknown;
        }
        let (distance_m, error_m) = match (&place.shape, self.disk_of(place)) {
            (Shape::Line(path), _) => (path_to_paths_m(path, paths), place.error_m),
            (_, Some((centre, radius))) => {
                (paths_distance_m(centre, paths), place.error_m + radius)
            }
            (_, None) => return Tri::Unknown,
        };
        let test = |limit_m: f64| match beyond {
            true => {
                Tri::from_bounds(distance_m - error_m >= limit_m, distance_m + error_m >= limit_m)
            }
            false => {
                Tri::from_bounds(distance_m + error_m <= limit_m, distance_m - error_m <= limit_m)
            }
        };
        match distance {
            Distance::Metres(limit_m) => test(*limit_m),
            Distance::Table(table) => self.by_table(report, *table, at, test),
        }
    }

    fn by_table(
        &self,
        report: &Report,
        table: TableId,
        at: AtHand<'_>,
        test: impl Fn(f64) -> Tri,
    ) -> Tri {
        let Some(table) = table.of(self.program) else { return Tri::Unknown };
        let answers: Vec<Tri> = table
            .rows
            .iter()
            .map(|row| self.is_thing(report.category, report.record(), &row.of, at))
            .collect();
        let overridden = |at: usize| {
            table
                .rows
                .iter()
                .zip(&answers)
                .any(|(row, answer)| answer.is_yes() && row.overrides.contains(&at))
        };
        let mut results = Vec::new();
        for (at, (row, answer)) in table.rows.iter().zip(&answers).enumerate() {
            if answer.is_possible() && !overridden(at) {
                let limit_m = rust_decimal::prelude::ToPrimitive::to_f64(&row.value);
                results.push(limit_m.map_or(Tri::Unknown, &test));
            }
        }
        if results.iter().all(|one| one.is_no()) {
            Tri::No
        } else if results.iter().all(|one| one.is_yes()) {
            Tri::Yes
        } else {
            Tri::Unknown
        }
    }

    /// Whether the fact lies in the zone, at any of its places.
    pub(crate) fn lies_in(&self, fact: &Fact, zone: ZoneId) -> Tri {
        if fact.incident.is_none() {
            let own = fact.zones.iter();
            return match fact.zones.is_empty() {
                true => Tri::Unknown,
                false => own.fold(Tri::No, |so_far, &one| {
                    so_far.or(self.zone_in_zone(one, zone, 0.0, fact.time.start))
                }),
            };
        }
        let reports = fact.grounds.iter().filter_map(|&ground| self.store.report(ground));
        join(reports.map(|report| {
            self.at_roles(report, &[], |place| {
                let time = report.record().time.start;
                self.place_in_zone(place, zone, time)
            })
        }))
        .0
    }

    /// Whether two facts share a key.
    pub(crate) fn share(&self, a: &Fact, b: &Fact, key: Key) -> Tri {
        match key {
            Key::Party => self.same_party(a, b),
            Key::Family(family) => {
                let zones = family.of(self.program).map_or(&[][..], |family| &family.zones);
                zones.iter().fold(Tri::No, |so_far, &zone| {
                    so_far.or(self.lies_in(a, zone).and(self.lies_in(b, zone)))
                })
            }
            Key::Item => same_name(a.item.as_ref(), b.item.as_ref()),
            Key::Recipient => same_name(a.recipient.as_ref(), b.recipient.as_ref()),
        }
    }
}

/// Equal, different, or one of them not known.
pub(crate) fn same_name(a: Option<&Name>, b: Option<&Name>) -> Tri {
    match (a, b) {
        (Some(a), Some(b)) => (a == b).into(),
        _ => Tri::Unknown,
    }
}

/// Whether a thing of category `kind` belongs to category `wanted`.
pub(crate) fn member(
    program: &Program,
    wanted: CategoryId,
    kind: CategoryId,
    measure: &impl Fn(&Name) -> Option<Range>,
) -> Tri {
    if wanted == kind {
        return Tri::Yes;
    }
    let kinds = wanted.of(program).map_or(&[][..], |one| &one.kinds);
    let answer = kinds.iter().fold(Tri::No, |so_far, (part, tests)| {
        let tests =
            tests.iter().fold(Tri::Yes, |all, test| all.and(compare(measure(&test.measure), test)));
        so_far.or(member(program, *part, kind, measure).and(tests))
    });
    if answer.is_no() && below(program, kind, wanted) { Tri::Unknown } else { answer }
}

/// Whether `narrow` stands somewhere below `wide`.
fn below(program: &Program, wide: CategoryId, narrow: CategoryId) -> bool {
    let kinds = wide.of(program).map_or(&[][..], |one| &one.kinds);
    kinds.iter().any(|(part, _)| *part == narrow || below(program, *part, narrow))
}

/// A range against a test; what is not known is unknown.
pub(crate) fn compare(value: Option<Range>, test: &MeasureTest) -> Tri {
    let Some(Range { low, high, .. }) = value else { return Tri::Unknown };
    let v: Decimal = test.value;
    match test.compare {
        Compare::AtLeast => Tri::from_bounds(low >= v, high >= v),
        Compare::AtMost => Tri::from_bounds(high <= v, low <= v),
        Compare::MoreThan => Tri::from_bounds(low > v, high > v),
        Compare::LessThan => Tri::from_bounds(high < v, low < v),
        Compare::Equal => Tri::from_bounds(low == v && high == v, low <= v && v <= high),
    }
}
