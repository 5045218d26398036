//! Both evaluators against answers worked out by hand from `docs/semantics.md`.
//!
//! Invariant: every expected value here was read off the page, never off a run.
// A helper of a test may fail as a test does.
#![allow(clippy::unwrap_used)]

use casus_engine::{Change, Engine};
use casus_model::{
    Attribution, Calendar, Confidence, Finding, Grade, Instant, Name, Object, Occurred, Period,
    Place, Program, Quantity, Range, Reason, Record, Source, Span, Standing, Verdict,
    geometry::{Point, Shape},
    program::*,
    time::{DAY_MS, HOUR_MS},
};
use casus_testing::{arbitrary::vocabulary, reference};
use rust_decimal::Decimal;

const RU: ActorId = ActorId(0);
const UA: ActorId = ActorId(1);
const FIRE: ActId = ActId(0);
const INSPECTION: ActId = ActId(2);
const PRESENCE: ActId = ActId(6);
const NOTICE: ActId = ActId(7);
const HOUR: Span = Span::Exact(HOUR_MS);

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}
/// So many hours after the first of March.
fn hour(hours: i64) -> Instant {
    at("2026-03-01T00:00:00Z").plus_ms(hours * HOUR_MS)
}
fn program(rules: Vec<Body>) -> Program {
    let mut program = vocabulary::program(Calendar::utc(), 0, Vec::new());
    for (number, body) in (0..).zip(rules) {
        program.strata.push(vec![RuleId(number)]);
        program.rules.push(Rule::of(Name::from(format!("1.{number}")), body));
    }
    program
}
fn of(what: What) -> Pattern {
    let (to, places, tests) = (Vec::new(), Vec::new(), Vec::new());
    Pattern { what, by: By::Anyone, object: None, to, places, tests }
}
fn deed(act: ActId) -> Pattern {
    of(What::Act(vec![act]))
}
fn inside(act: ActId, zone: u32, roles: &[&str]) -> Pattern {
    let roles = roles.iter().map(|role| Name::from(*role)).collect();
    let place = PlaceTest::Zone { zones: vec![ZoneId(zone)], roles, inside: true };
    Pattern { places: vec![place], ..deed(act) }
}
fn each(actors: &[ActorId]) -> Bearers {
    Bearers { mode: Share::Each, actors: actors.to_vec() }
}
fn must_not(pattern: Pattern) -> Body {
    Body::MustNot { bearers: each(&[RU, UA]), deeds: vec![pattern] }
}
fn duty(opening: Opening, due: Option<Moment>, repeat: Option<Repeat>) -> Body {
    Body::Must(Duty {
        bearers: each(&[RU]),
        deeds: vec![deed(INSPECTION)],
        parts: Vec::new(),
        same: Vec::new(),
        opening,
        scope: Scope::Once,
        start: None,
        due,
        repeat,
        soft: false,
    })
}
/// One duty on each notice, due so long after it.
fn on_notice(span: Span) -> Body {
    let due = Moment::Deadline(Anchor::It(Edge::Itself), span);
    duty(Opening::Each(deed(NOTICE), Vec::new()), Some(due), None)
}
fn record(id: &str, act: &str, by: &str, start: Instant) -> Record {
    let actor = Attribution { name: Name::from(by), confidence: Confidence::CONFIRMED };
    Record {
        id: Name::from(id),
        version: 1,
        standing: Standing::Asserted,
        incident: None,
        act: Name::from(act),
        actor: Some(actor).filter(|_| !by.is_empty()),
        object: None,
        recipient: None,
        about: Vec::new(),
        places: Vec::new(),
        time: Occurred::at(start),
        known: start,
        quantities: Vec::new(),
        source: Source { name: Name::from("observer"), origin: None },
        grade: Grade::parse("A1").unwrap(),
        text: None,
    }
}
fn object(record: Record, kind: &str) -> Record {
    let object = Object { kind: Name::from(kind), item: None, measures: Vec::new() };
    Record { object: Some(object), ..record }
}
fn placed(mut record: Record, role: &str, lon: f64, lat: f64) -> Record {
    let shape = Shape::Point(Point { lon, lat });
    let role = Name::from(role);
    record.places.push(Place { role, shape, error_m: 0.0, altitude_m: None });
    record
}
fn named(mut record: Record, zone: &str) -> Record {
    let (role, shape) = (Name::from(""), Shape::Named(Name::from(zone)));
    record.places.push(Place { role, shape, error_m: 0.0, altitude_m: None });
    record
}
fn counted(mut record: Record, number: i64) -> Record {
    let range = Range::exactly(Decimal::from(number));
    record.quantities.push((Name::from("number"), Quantity { range, unit: Name::from("") }));
    record
}
fn judge(program: &Program, records: &[Record], now: Instant) -> Vec<Finding> {
    let findings = reference::evaluate(program, records, now, now);
    let mut engine = Engine::new(program.clone().into());
    engine.apply(Change::Clock(now));
    engine.apply(Change::Records(records.to_vec()));
    let said: Vec<Finding> = engine.findings().into_iter().cloned().collect();
    assert_eq!(said, findings, "the engine and the reference");
    findings
}
/// Party, verdict and reason of each finding of a rule.
fn said(findings: &[Finding], label: &str) -> Vec<(String, Verdict, Reason)> {
    let own = findings.iter().filter(|one| &*one.provision == label);
    let party = |one: &Finding| one.party.as_ref().map(Name::to_string).unwrap_or_default();
    own.map(|one| (party(one), one.verdict, one.reason)).collect()
}
fn of_ru(verdict: Verdict, reason: Reason) -> (String, Verdict, Reason) {
    ("RU".to_owned(), verdict, reason)
}

#[test]
fn corroboration_needs_two_lineages() {
    let mut program = program(vec![must_not(deed(FIRE))]);
    program.rules[0].standard.act = 95;
    let told = |id: &str, source: &str, origin: Option<&str>| Record {
        incident: Some(Name::from("i")),
        grade: Grade::parse("B2").unwrap(),
        source: Source { name: Name::from(source), origin: origin.map(Name::from) },
        ..record(id, "fire", "RU", hour(1))
    };
    let two = [told("a", "one", None), told("b", "two", None)];
    let findings = judge(&program, &two, hour(2));
    assert!(said(&findings, "1.0").contains(&of_ru(Verdict::Breached, Reason::Established)));
    let flood: Vec<Record> =
        ["a", "b", "c", "d", "e"].iter().map(|id| told(id, id, Some("wire"))).collect();
    let findings = judge(&program, &flood, hour(2));
    let possibly = of_ru(Verdict::PossiblyBreached, Reason::ActUnconfirmed);
    assert!(said(&findings, "1.0").contains(&possibly));
}

#[test]
fn an_unknown_origin_is_unknown() {
    let program = program(vec![must_not(inside(FIRE, 0, &["origin", "target"]))]);
    let target_only = placed(record("a", "fire", "RU", hour(1)), "target", 40.0, 40.0);
    let findings = judge(&program, std::slice::from_ref(&target_only), hour(2));
    let possibly = of_ru(Verdict::PossiblyBreached, Reason::PlaceUncertain);
    assert!(said(&findings, "1.0").contains(&possibly));
    let both = placed(target_only, "origin", 30.5, 50.5);
    let findings = judge(&program, &[both], hour(2));
    assert!(said(&findings, "1.0").contains(&of_ru(Verdict::Breached, Reason::Established)));
}

#[test]
fn nobody_named_leaves_candidates() {
    let program = program(vec![must_not(deed(FIRE))]);
    let findings = judge(&program, &[record("a", "fire", "", hour(1))], hour(2));
    assert_eq!(findings.len(), 1, "the candidates have no standing");
    assert_eq!(findings[0].candidates, [Name::from("RU"), Name::from("UA")]);
    assert_eq!(findings[0].reason, Reason::AttributionUndetermined);
}

#[test]
fn accounts_that_contradict_each_other() {
    let program = program(vec![must_not(deed(FIRE))]);
    let told = |id: &str, by: &str| Record {
        incident: Some(Name::from("i")),
        ..record(id, "fire", by, hour(1))
    };
    let findings = judge(&program, &[told("a", "RU"), told("b", "UA")], hour(2));
    assert_eq!(findings[0].candidates, [Name::from("RU"), Name::from("UA")]);
    assert_eq!(findings[0].verdict, Verdict::PossiblyBreached);
}

#[test]
fn silence_is_kept_only_where_somebody_looked() {
    let mut program = program(vec![must_not(inside(FIRE, 0, &[]))]);
    program.rules[0].from = Some(Moment::At(hour(10)));
    let empty = judge(&program, &[], hour(20));
    assert_eq!(said(&empty, "1.0")[0], of_ru(Verdict::Undeterminable, Reason::NoEvidence));
    let mut patrol = named(record("p", "patrol", "FR", hour(10)), "Both");
    patrol.time = Occurred::lasting(hour(10), hour(20), 0);
    let watched = judge(&program, std::slice::from_ref(&patrol), hour(20));
    assert_eq!(said(&watched, "1.0")[0], of_ru(Verdict::Met, Reason::WatchedThroughout));
    patrol.time = Occurred::lasting(hour(11), hour(20), 0);
    let late = judge(&program, &[patrol], hour(20));
    assert_eq!(said(&late, "1.0")[0].1, Verdict::Undeterminable);
    let before = judge(&program, &[], hour(9));
    assert_eq!(said(&before, "1.0")[0].1, Verdict::NotInForce);
}

#[test]
fn a_duty_on_time_late_and_possibly_late() {
    let program = program(vec![on_notice(HOUR)]);
    let notice = record("n", "notice", "UA", hour(1));
    let said_of = |done: Occurred| {
        let act = Record { time: done, ..record("d", "inspection", "RU", hour(1)) };
        let findings = judge(&program, &[notice.clone(), act], hour(9));
        (findings[0].verdict, findings[0].reason)
    };
    assert_eq!(said_of(Occurred::at(hour(2))), (Verdict::Met, Reason::Done));
    let late = hour(2).plus_ms(1);
    assert_eq!(said_of(Occurred::at(late)), (Verdict::MetLate, Reason::DoneLate));
    let perhaps = Occurred::within(hour(2), hour(3));
    assert_eq!(said_of(perhaps), (Verdict::PossiblyBreached, Reason::PossiblyLate));
    let undone = judge(&program, std::slice::from_ref(&notice), hour(2));
    assert_eq!(undone[0].reason, Reason::LittleTimeLeft);
    let undone = judge(&program, &[notice], hour(2).plus_ms(1));
    assert_eq!((undone[0].verdict, undone[0].reason), (Verdict::Breached, Reason::DeadlineMissed));
}

#[test]
fn an_anchor_that_moves_and_one_that_goes() {
    let program = program(vec![on_notice(HOUR)]);
    let first = record("n", "notice", "UA", hour(5));
    let moved = Record { version: 2, known: hour(8), time: Occurred::at(hour(1)), ..first.clone() };
    let done = record("d", "inspection", "RU", hour(6));
    let findings = judge(&program, &[first.clone(), moved.clone(), done.clone()], hour(9));
    assert_eq!(
        (findings[0].verdict, findings[0].reason),
        (Verdict::MetLate, Reason::AnchorCorrected)
    );
    let gone = Record { standing: Standing::Withdrawn, ..moved };
    let findings = judge(&program, &[first, gone, done], hour(9));
    assert_eq!(
        (findings[0].verdict, findings[0].reason),
        (Verdict::Lapsed, Reason::GroundsWithdrawn)
    );
}

#[test]
fn days_end_at_the_local_midnight_across_the_change_of_the_clock() {
    let mut program = program(vec![on_notice(Span::Days(1))]);
    program.calendar = Calendar::new("Europe/Kyiv", Vec::new(), [].into()).unwrap();
    let signed = at("2026-03-28T15:00:00+02:00");
    let findings = judge(&program, &[record("n", "notice", "UA", signed)], signed);
    let due = findings[0].duty.as_ref().and_then(|clock| clock.due);
    let midnight = at("2026-03-30T00:00:00+03:00");
    assert_eq!(due, Some((midnight, midnight)));
}

#[test]
fn gaps_between_the_first_the_fifteenth_and_the_thirty_first() {
    let chain = duty(Opening::Commencement, None, Some(Repeat::Gap(Span::Days(15))));
    let mut program = program(vec![chain]);
    program.rules[0].from = Some(Moment::At(hour(0)));
    let on = |id: &str, day: i64| record(id, "inspection", "RU", hour((day - 1) * 24 + 12));
    let records = [on("a", 1), on("b", 15), on("c", 31)];
    let findings = judge(&program, &records, hour(31 * 24));
    let verdicts: Vec<Verdict> = findings.iter().map(|one| one.verdict).collect();
    // 15 + 15 = 30: its last instant is the midnight that ends the thirtieth.
    let want = [Verdict::Met, Verdict::Met, Verdict::Pending, Verdict::MetLate];
    let mut got = verdicts.clone();
    got.sort_by_key(|one| want.iter().position(|other| other == one));
    assert_eq!(got, want);
}

#[test]
fn a_rolling_window_is_open_at_its_far_end() {
    let count = Condition::Count {
        least: 2,
        pattern: deed(FIRE),
        same: Vec::new(),
        window: Window::Rolling(Span::Exact(DAY_MS)),
    };
    let finding = Determination {
        name: Name::from("grave"),
        keys: Vec::new(),
        when: vec![vec![count]],
        link: None,
        failing: None,
        power: None,
        decided: None,
    };
    let program = program(vec![Body::Finding(finding)]);
    let pair =
        |second: Instant| [record("a", "fire", "RU", hour(0)), record("b", "fire", "RU", second)];
    assert!(judge(&program, &pair(hour(24)), hour(90)).is_empty());
    let found = judge(&program, &pair(hour(24).plus_ms(-1)), hour(90));
    assert_eq!(found[0].verdict, Verdict::Found);
    assert_eq!(found[0].from, (hour(24).plus_ms(-1), hour(24).plus_ms(-1)));
    assert_eq!(found[0].to, Some(hour(24)));
}

#[test]
fn a_quiet_window_starts_again_and_needs_watching() {
    let quiet =
        Condition::Quiet { pattern: deed(FIRE), same: Vec::new(), span: Span::Exact(10 * HOUR_MS) };
    let state =
        State { name: Name::from("quiet"), keys: Vec::new(), when: vec![vec![quiet]], ends: None };
    let mut program = program(vec![Body::State(state)]);
    program.rules[0].from = Some(Moment::At(hour(0)));
    let mut patrol = record("p", "patrol", "FR", hour(0));
    patrol.time = Occurred::lasting(hour(0), hour(50), 0);
    let fire = record("a", "fire", "RU", hour(15));
    let verdict = |records: &[Record], now: i64| {
        judge(&program, records, hour(now)).first().map(|one| (one.verdict, one.from.1))
    };
    let both = [patrol, fire.clone()];
    assert_eq!(verdict(&both, 9), None);
    assert_eq!(verdict(&both, 10), Some((Verdict::Found, hour(10))));
    assert_eq!(verdict(&both, 15), None);
    assert_eq!(verdict(&both, 24), None);
    assert_eq!(verdict(&both, 25), Some((Verdict::Found, hour(25))));
    assert_eq!(verdict(&[fire], 26).map(|one| one.0), Some(Verdict::PossiblyFound));
}

/// The bearer's.
fn number_of(pattern: Pattern, over: Over) -> Amount {
    Amount::of(Part::Counted(Box::new(Counted {
        pattern,
        whose: Whose::Bearer,
        same: Vec::new(),
        unit: casus_model::program::Unit::Number,
        weights: None,
        over,
        as_of: None,
    })))
}

#[test]
fn six_hundred_and_twenty_trucks_with_forty_of_fuel() {
    let mut program = program(vec![Body::Keep(Keep {
        bearers: each(&[RU]),
        left: number_of(
            Pattern {
                object: Some(ObjectTest { category: CategoryId(1), tests: Vec::new() }),
                ..deed(INSPECTION)
            },
            Over::Each(Period::Day),
        ),
        compare: Compare::AtLeast,
        right: Amount::fixed(Decimal::from(600)),
    })]);
    program.rules[0].from = Some(Moment::At(hour(0)));
    let cargo = object(counted(record("a", "inspection", "RU", hour(3)), 580), "tank");
    let fuel = object(counted(record("b", "inspection", "RU", hour(4)), 40), "gun");
    let findings = judge(&program, &[cargo.clone(), fuel], hour(24));
    assert_eq!(said(&findings, "1.0"), [of_ru(Verdict::Breached, Reason::BelowFloor)]);
    let more = object(counted(record("b", "inspection", "RU", hour(4)), 40), "tank");
    let findings = judge(&program, &[cargo, more], hour(24));
    assert_eq!(said(&findings, "1.0"), [of_ru(Verdict::Met, Reason::Done)]);
}

#[test]
fn a_stock_in_nested_bands() {
    let band = |zone: u32, most: i64| {
        Body::Keep(Keep {
            bearers: each(&[RU]),
            left: number_of(inside(PRESENCE, zone, &[]), Over::Stock),
            compare: Compare::AtMost,
            right: Amount::fixed(Decimal::from(most)),
        })
    };
    let program = program(vec![band(0, 75), band(4, 100)]);
    let held = |id: &str, zone: &str, number: i64| {
        named(counted(record(id, "presence", "RU", hour(1)), number), zone)
    };
    let findings = judge(&program, &[held("a", "North", 70), held("b", "South", 40)], hour(2));
    assert_eq!(said(&findings, "1.0"), [of_ru(Verdict::Met, Reason::Done)]);
    assert_eq!(said(&findings, "1.1"), [of_ru(Verdict::Breached, Reason::AboveLimit)]);
    // A later report of the same holding takes the place of the first.
    let less = Record { time: Occurred::at(hour(5)), known: hour(5), ..held("c", "South", 10) };
    let findings =
        judge(&program, &[held("a", "North", 70), held("b", "South", 40), less], hour(6));
    assert_eq!(findings.iter().find(|one| &*one.provision == "1.1").unwrap().to, Some(hour(5)));
}

#[test]
fn a_named_row_of_a_table_beats_its_class() {
    let place = PlaceTest::Line {
        line: LineId(0),
        own: false,
        distance: Distance::Table(TableId(0)),
        roles: Vec::new(),
        beyond: false,
    };
    let program = program(vec![must_not(Pattern { places: vec![place], ..deed(INSPECTION) })]);
    // 0.067 degrees of latitude: about 7.5 km from the line.
    let near = |kind: &str| {
        let record = placed(record("a", "inspection", "RU", hour(1)), "", 30.5, 50.067);
        let findings = judge(&program, &[object(record, kind)], hour(2));
        let of_ru = findings.iter().find(|one| one.party == Some(Name::from("RU")));
        of_ru.unwrap().verdict
    };
    assert_eq!(near("tank"), Verdict::Breached, "within 10 km, though not within 5");
    assert_eq!(near("weapon"), Verdict::PossiblyBreached, "it may be a tank");
}

/// A response to breaches, its clock from the first of them.
fn ladder(decided: Option<Decision>) -> Body {
    Body::Response(Response {
        to: of(What::Breach(RuleId(0))),
        clock: Moment::Of(Anchor::Fact(Box::new(of(What::Breach(RuleId(0)))), Edge::Itself)),
        steps: vec![Step {
            name: Name::from("warn"),
            when: Vec::new(),
            owners: each(&[UA]),
            deeds: vec![deed(NOTICE)],
            due: HOUR,
        }],
        ends: Vec::new(),
        decided,
    })
}

#[test]
fn an_earlier_breach_that_arrives_late_moves_the_clock() {
    let program = program(vec![must_not(deed(FIRE)), ladder(None)]);
    let first = record("b", "fire", "RU", hour(10));
    let due = |records: &[Record]| {
        let findings = judge(&program, records, hour(12));
        let steps = findings.iter().filter(|one| &*one.provision == "1.1");
        steps.map(|one| one.duty.as_ref().unwrap().due.unwrap().1).collect::<Vec<_>>()
    };
    assert_eq!(due(std::slice::from_ref(&first)), [hour(11)]);
    let earlier = Record { known: hour(12), ..record("a", "fire", "RU", hour(3)) };
    assert_eq!(due(&[first, earlier]), [hour(4), hour(4)]);
}

#[test]
fn two_different_members_adopt() {
    let decision = Decision { office: ActorId(4), needed: 2, due: None, without_party: false };
    let program = program(vec![must_not(deed(FIRE)), ladder(Some(decision))]);
    let fire = record("f", "fire", "RU", hour(1));
    let adopts =
        |id: &str, by: &str, h: i64| object(record(id, "adoption", by, hour(h)), "1.1 warn");
    let decided = |records: &[Record]| {
        let findings = judge(&program, records, hour(1));
        let decision = findings.iter().find(|one| one.key.iter().any(|key| &**key == "decision"));
        decision.unwrap().verdict
    };
    let twice = [fire.clone(), adopts("a", "UA", 1), adopts("b", "UA", 1)];
    assert_ne!(decided(&twice), Verdict::Met);
    let two = [fire.clone(), adopts("a", "UA", 1), adopts("b", "FR", 1)];
    assert_eq!(decided(&two), Verdict::Met);
    // Without the breach, what people adopted is left without grounds.
    let findings = judge(&program, &two[1..], hour(1));
    let left = findings.iter().find(|one| &*one.provision == "1.1").unwrap();
    assert_eq!((left.verdict, left.reason), (Verdict::Lapsed, Reason::GroundsWithdrawn));
}

fn happened(what: What) -> Condition {
    Condition::Fact { negated: false, pattern: of(what), same: Vec::new(), order: Vec::new() }
}

#[test]
fn a_missed_duty_is_watched_as_its_deeds_are() {
    let due = Moment::Deadline(Anchor::It(Edge::Itself), HOUR);
    let Body::Must(mut duty) = duty(Opening::Each(deed(NOTICE), Vec::new()), Some(due), None)
    else {
        return;
    };
    duty.deeds = vec![deed(FIRE)];
    let missed = of(What::Missed(RuleId(0)));
    let quiet = Condition::Quiet { pattern: missed, same: Vec::new(), span: HOUR };
    let when = vec![vec![quiet]];
    let state = State { name: Name::from("calm"), keys: Vec::new(), when, ends: None };
    let program = program(vec![Body::Must(duty), Body::State(state)]);
    let mut patrol = record("p", "patrol", "FR", hour(0));
    patrol.time = Occurred::lasting(hour(0), hour(9), 0);
    let calm = |records: &[Record]| said(&judge(&program, records, hour(8)), "1.1")[0].1;
    assert_eq!(calm(&[patrol]), Verdict::Found);
    assert_eq!(calm(&[]), Verdict::PossiblyFound);
}

#[test]
fn a_party_in_the_key_has_its_own_line() {
    let near = PlaceTest::Line {
        line: LineId(0),
        own: true,
        distance: Distance::Metres(5_000.0),
        roles: Vec::new(),
        beyond: false,
    };
    let sector = Key::Family(FamilyId(0));
    let head = Condition::Count {
        least: 1,
        pattern: Pattern { places: vec![near], ..deed(FIRE) },
        same: vec![sector],
        window: Window::Rolling(Span::Exact(10 * HOUR_MS)),
    };
    let when = vec![vec![head]];
    let state =
        State { name: Name::from("near"), keys: vec![Key::Party, sector], when, ends: None };
    let program = program(vec![Body::State(state)]);
    // On the line that RU alone has, and more than twenty kilometres from the common one.
    let fire = placed(record("a", "fire", "UA", hour(1)), "", 30.5, 50.2);
    let findings = judge(&program, &[fire], hour(2));
    assert_eq!(said(&findings, "1.0"), [of_ru(Verdict::Found, Reason::Established)]);
}

#[test]
fn a_breach_seen_under_a_stricter_standard() {
    let when = vec![vec![happened(What::Breach(RuleId(0)))]];
    let grave = Determination {
        name: Name::from("grave"),
        keys: Vec::new(),
        when,
        link: None,
        failing: None,
        power: None,
        decided: None,
    };
    let mut program = program(vec![must_not(deed(FIRE)), Body::Finding(grave)]);
    program.rules[1].standard.act = 95;
    let grade = Grade::parse("B2").unwrap();
    let fire = Record { grade, ..record("a", "fire", "RU", hour(1)) };
    let findings = judge(&program, &[fire], hour(2));
    assert!(said(&findings, "1.0").contains(&of_ru(Verdict::Breached, Reason::Established)));
    let uncertain = (String::new(), Verdict::PossiblyFound, Reason::StateUncertain);
    assert_eq!(said(&findings, "1.1"), [uncertain]);
}

#[test]
fn a_claim_names_the_finding_that_opened_the_duty() {
    let due = Moment::Deadline(Anchor::It(Edge::Itself), HOUR);
    let opening = Opening::Each(of(What::Breach(RuleId(0))), Vec::new());
    let mut program = program(vec![must_not(deed(FIRE)), duty(opening, Some(due), None)]);
    let name = Name::from("self-defence");
    program.rules[1].unless = Some(Defence { name, claimed_within: None, shown: false });
    let fire = record("a", "fire", "UA", hour(1));
    let findings = judge(&program, std::slice::from_ref(&fire), hour(3));
    assert_eq!(said(&findings, "1.1"), [of_ru(Verdict::Breached, Reason::DeadlineMissed)]);
    let breach = findings.iter().find(|one| one.verdict == Verdict::Breached).unwrap();
    let claim = object(record("c", "claim", "RU", hour(3)), "self-defence");
    let claim = Record { about: vec![breach.id.clone()], ..claim };
    let findings = judge(&program, &[fire, claim], hour(3));
    assert_eq!(said(&findings, "1.1"), [of_ru(Verdict::Excused, Reason::Claimed)]);
}

#[test]
fn an_excepted_report_of_a_holding_ends_the_one_before() {
    let keep = Keep {
        bearers: each(&[RU]),
        left: number_of(deed(PRESENCE), Over::Stock),
        compare: Compare::AtMost,
        right: Amount::fixed(Decimal::ZERO),
    };
    let mut program = program(vec![Body::Keep(keep)]);
    program.rules[0].except = vec![vec![Condition::Fact {
        negated: false,
        pattern: deed(NOTICE),
        same: Vec::new(),
        order: vec![Order::Before],
    }]];
    let held = |id: &str, h: i64| named(record(id, "presence", "RU", hour(h)), "North");
    let records = [held("a", 1), record("n", "notice", "RU", hour(2)), held("b", 3)];
    let findings = judge(&program, &records, hour(5));
    assert_eq!(said(&findings, "1.0"), [of_ru(Verdict::Breached, Reason::AboveLimit)]);
    assert_eq!(findings[0].to, Some(hour(3)));
}

#[test]
fn a_joint_duty_over_a_list_and_an_incident_of_two_items() {
    let Body::Must(mut joint) = duty(Opening::Commencement, Some(Moment::At(hour(5))), None) else {
        return;
    };
    joint.bearers.mode = Share::Together;
    joint.scope = Scope::AllOf(ListId(0));
    let program = program(vec![Body::Must(joint)]);
    let of_item = |id: &str, item: &str| {
        let mut one = object(record(id, "inspection", "RU", hour(1)), "tank");
        one.object.iter_mut().for_each(|object| object.item = Some(Name::from(item)));
        one
    };
    let at_once = |id: &str, item: &str| Record { incident: Some("i".into()), ..of_item(id, item) };
    let verdict = |records: &[Record]| {
        judge(&program, records, hour(6)).first().map(|one| (one.verdict, one.reason))
    };
    // Of the list, RU has the first item, nobody the second; the third is UA's.
    let apart = verdict(&[of_item("a", "one"), of_item("b", "two")]);
    assert_eq!(apart, Some((Verdict::Met, Reason::Done)));
    let together = verdict(&[at_once("a", "one"), at_once("b", "two")]);
    assert_eq!(together, Some((Verdict::PossiblyBreached, Reason::ActUnconfirmed)));
}
