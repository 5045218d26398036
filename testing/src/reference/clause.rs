//! Sections 3.1 to 3.8, 3.10, 3.11: a report, an incident, a derived fact against a pattern.
//!
//! Invariant: an answer that is not unknown has no reason worth reading.

use super::{
    Asking, amounts,
    fact::Fact,
    places::{self, Sited},
    reports::Report,
};
use casus_model::{
    Name, Object, Place, Program, Reason, Tri,
    geometry::Shape,
    program::{
        ActId, ActorId, CategoryId, ListItem, MeasureTest, ObjectTest, Pattern, PlaceTest, What,
    },
};

/// An answer, and why it is unknown where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub tri: Tri,
    pub reason: Reason,
}

impl Answer {
    pub fn new(tri: Tri, reason: Reason) -> Answer {
        Answer { tri, reason }
    }
    pub fn yes() -> Answer {
        Answer::new(Tri::Yes, Reason::Established)
    }
    /// The least of them, with the reason of the first unknown one.
    pub fn all(answers: &[Answer]) -> Answer {
        let tri = answers.iter().map(|answer| answer.tri).min().unwrap_or(Tri::Yes);
        let unknown = answers.iter().find(|answer| answer.tri == Tri::Unknown);
        Answer::new(tri, unknown.map_or(Reason::Established, |answer| answer.reason))
    }
}

/// 2.5: the answers of several reports.
pub fn join(answers: &[Tri]) -> Tri {
    let has = |tri: Tri| answers.contains(&tri);
    match (has(Tri::Yes), has(Tri::No), has(Tri::Unknown)) {
        (true, true, _) => Tri::Unknown,
        (true, false, _) => Tri::Yes,
        (false, _, true) => Tri::Unknown,
        (false, _, false) => Tri::No,
    }
}

/// The same, with reasons: conflicting, or that of the first unknown one.
fn join_answers(answers: &[Answer]) -> Answer {
    let tris: Vec<Tri> = answers.iter().map(|answer| answer.tri).collect();
    let unknown = answers.iter().find(|answer| answer.tri == Tri::Unknown);
    let conflict = tris.contains(&Tri::Yes) && tris.contains(&Tri::No);
    let own = unknown.map_or(Reason::Established, |answer| answer.reason);
    Answer::new(join(&tris), if conflict { Reason::Conflicting } else { own })
}

/// The object of a record, with the list item at hand (3.8).
pub struct Thing<'a> {
    pub object: Option<&'a Object>,
    pub item: Option<&'a ListItem>,
}

impl Thing<'_> {
    fn category(&self, program: &Program) -> Option<CategoryId> {
        match self.object {
            Some(object) if !object.kind.is_empty() => program.category(&object.kind),
            _ => self.item.and_then(|item| item.category),
        }
    }
    /// A measure of the object, or else of the item.
    pub fn measure(&self, program: &Program, name: &Name) -> Option<amounts::Bounds> {
        let own = self.object.is_some_and(|o| o.measures.iter().any(|(own, _)| own == name));
        if own {
            return self.object.and_then(|o| amounts::find(program, &o.measures, name));
        }
        let of_item = self.item?.measures.iter().find(|(own, _)| own == name)?;
        Some((of_item.1, of_item.1))
    }
    /// 3.2: whether it is such a thing.
    pub fn is(&self, program: &Program, test: &ObjectTest) -> Tri {
        let Some(kind) = self.category(program) else { return Tri::Unknown };
        let member = self.member(program, kind, test.category);
        member.and(places::measures(program, self, &test.tests))
    }
    fn member(&self, program: &Program, kind: CategoryId, tested: CategoryId) -> Tri {
        if kind == tested {
            return Tri::Yes;
        }
        let kinds = tested.of(program).map(|category| category.kinds.as_slice()).unwrap_or(&[]);
        let of_kind = kinds.iter().map(|(part, tests)| {
            self.member(program, kind, *part).and(places::measures(program, self, tests))
        });
        let answer = of_kind.max().unwrap_or(Tri::No);
        if answer.is_no() && below(program, tested, kind) { Tri::Unknown } else { answer }
    }
}

/// Whether a category stands somewhere below another.
fn below(program: &Program, low: CategoryId, high: CategoryId) -> bool {
    let kinds = high.of(program).map(|category| category.kinds.as_slice()).unwrap_or(&[]);
    kinds.iter().any(|(kind, _)| *kind == low || below(program, low, *kind))
}

/// Whether a derived fact of this kind is meant.
fn covers(asked: &What, what: &What) -> bool {
    match asked {
        What::AnyOf(all) => all.iter().any(|one| covers(one, what)),
        one => one == what,
    }
}

/// 3.1
pub fn kind(program: &Program, act: &Name, listed: &[ActId]) -> Tri {
    let Some(id) = program.act(act) else { return Tri::No };
    let above = |act: ActId| act.of(program).map(|act| act.above.as_slice()).unwrap_or(&[]);
    if listed.iter().any(|one| above(id).contains(one)) {
        Tri::Yes
    } else if listed.iter().any(|one| above(*one).contains(&id)) {
        Tri::Unknown
    } else {
        Tri::No
    }
}

impl Asking<'_> {
    /// 3.1 to 3.8: one report against a pattern.
    pub fn report_clause(
        &self,
        report: &Report,
        pattern: &Pattern,
        bearer: Option<ActorId>,
        item: Option<&ListItem>,
    ) -> Answer {
        let (program, record) = (self.world.program, &report.content);
        let What::Act(listed) = &pattern.what else {
            return Answer::new(Tri::No, Reason::CategoryUnknown);
        };
        let thing = Thing { object: record.object.as_ref(), item };
        let object = pattern.object.as_ref().map_or(Tri::Yes, |test| thing.is(program, test));
        Answer::all(&[
            Answer::new(kind(program, &record.act, listed), Reason::CategoryUnknown),
            Answer::new(object, Reason::CategoryUnknown),
            self.circumstances(report, pattern, bearer, item),
        ])
    }

    /// 3.3 to 3.7: to whom, how much and where.
    fn circumstances(
        &self,
        report: &Report,
        pattern: &Pattern,
        bearer: Option<ActorId>,
        item: Option<&ListItem>,
    ) -> Answer {
        let (program, record) = (self.world.program, &report.content);
        let thing = Thing { object: record.object.as_ref(), item };
        let roles = program.act(&record.act).and_then(|act| act.of(program));
        let roles = roles.map(|act| act.roles.as_slice()).unwrap_or(&[]);
        let sited = Sited { places: &record.places, roles, time: record.time.start };
        let mut answers = vec![self.recipient(record.recipient.as_ref(), pattern)];
        let amount = |test: &MeasureTest| {
            amounts::compare(amounts::find(program, &record.quantities, &test.measure), test)
        };
        let groups = pattern.tests.iter();
        let groups = groups.map(|tests| tests.iter().map(amount).min().unwrap_or(Tri::Yes));
        let amounts = groups.max().unwrap_or(Tri::Yes);
        answers.push(Answer::new(amounts, Reason::NumberUncertain));
        for test in &pattern.places {
            let answer = places::test(program, sited, test, bearer, &thing);
            answers.push(Answer::new(answer, Reason::PlaceUncertain));
        }
        Answer::all(&answers)
    }

    /// 3.3
    fn recipient(&self, name: Option<&Name>, pattern: &Pattern) -> Answer {
        let named = |name: &Name| {
            let actor = self.world.program.actor(name);
            Tri::from(actor.is_some_and(|actor| pattern.to.contains(&actor)))
        };
        let tri = match name {
            _ if pattern.to.is_empty() => Tri::Yes,
            None => Tri::Unknown,
            Some(name) => named(name),
        };
        Answer::new(tri, Reason::CategoryUnknown)
    }

    /// 3.10, 3.11: a fact against a pattern, but for who did it.
    pub fn clause(
        &self,
        fact: &Fact,
        pattern: &Pattern,
        bearer: Option<ActorId>,
        item: Option<&ListItem>,
    ) -> Answer {
        let Some(what) = &fact.derived else {
            let one =
                |report: &std::rc::Rc<Report>| self.report_clause(report, pattern, bearer, item);
            return join_answers(&fact.grounds.iter().map(one).collect::<Vec<_>>());
        };
        if !covers(&pattern.what, what) {
            return Answer::new(Tri::No, Reason::CategoryUnknown);
        }
        let object = if pattern.object.is_some() { Tri::Unknown } else { Tri::Yes };
        let object = Answer::new(object, Reason::CategoryUnknown);
        if fact.grounds.is_empty() {
            return Answer::all(&[object, self.of_key_alone(fact, pattern)]);
        }
        let one = |report: &std::rc::Rc<Report>| {
            Answer::all(&[object, self.circumstances(report, pattern, bearer, item)])
        };
        join_answers(&fact.grounds.iter().map(one).collect::<Vec<_>>())
    }

    /// 3.11: a fact without an incident behind it has a recipient and zones at most.
    fn of_key_alone(&self, fact: &Fact, pattern: &Pattern) -> Answer {
        let mut answers = vec![self.recipient(fact.recipient.as_ref(), pattern)];
        answers.extend(
            pattern.tests.iter().map(|_| Answer::new(Tri::Unknown, Reason::NumberUncertain)),
        );
        for test in &pattern.places {
            let test = places::at_any_role(test);
            let answer = match &test {
                PlaceTest::Zone { .. } => self.derived_place(fact, |program, sited| {
                    let thing = Thing { object: None, item: None };
                    places::test(program, sited, &test, None, &thing)
                }),
                PlaceTest::Line { .. } | PlaceTest::Across { .. } => {
                    Answer::new(Tri::Unknown, Reason::PlaceUncertain)
                }
            };
            answers.push(answer);
        }
        Answer::all(&answers)
    }

    /// 3.11, 3.12: a question about the places of a fact.
    pub fn derived_place(&self, fact: &Fact, ask: impl Fn(&Program, Sited<'_>) -> Tri) -> Answer {
        let program = self.world.program;
        let named: Vec<Place> = fact
            .zones
            .iter()
            .filter_map(|zone| zone.of(program))
            .map(|zone| Place {
                role: Name::from(""),
                shape: Shape::Named(zone.name.clone()),
                error_m: 0.0,
                altitude_m: None,
            })
            .collect();
        if !named.is_empty() || fact.grounds.is_empty() {
            let tri = ask(program, Sited { places: &named, roles: &[], time: fact.time.start });
            return Answer::new(tri, Reason::PlaceUncertain);
        }
        let one = |report: &std::rc::Rc<Report>| {
            let record = &report.content;
            let act = program.act(&record.act).and_then(|act| act.of(program));
            let roles = act.map(|act| act.roles.as_slice()).unwrap_or(&[]);
            let tri =
                ask(program, Sited { places: &record.places, roles, time: record.time.start });
            Answer::new(tri, Reason::PlaceUncertain)
        };
        join_answers(&fact.grounds.iter().map(one).collect::<Vec<_>>())
    }
}
