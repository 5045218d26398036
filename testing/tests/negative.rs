//! What must not happen: nine ways in which evidence, a map or a clock could lead a judge astray.
//!
//! Invariant: each test is said by the engine and by the reference, from a text and its records.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod judged;

use casus_model::{Finding, Instant, Name, Reason, Record, Source, Standing, Verdict};
use judged::{agreement, complaints, resting, said};

/// Two zones beside each other, each a square of one degree.
const ZONES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"West"},"geometry":
{"type":"Polygon","coordinates":[[[9,47],[10,47],[10,48],[9,48],[9,47]]]}},
{"type":"Feature","properties":{"name":"East"},"geometry":
{"type":"Polygon","coordinates":[[[10,47],[11,47],[11,48],[10,48],[10,47]]]}}]}"#;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

#[test]
fn a_duplicate_report_does_not_count_twice() {
    let pact = agreement(
        "agreement Duplicate version 1
             in force from 2026-03-01
         party A
         act visit by A
         1 A must keep number of visit within 24 hours at most 3
         2 finding rush
             when at least 2 visit within 24 hours
         3 A must not visit",
        "at 2026-03-03 00:00
             f1: visit by A on 2026-03-02 10:00, number 2
             visit by A on 2026-03-02 10:00, incident f1, number 2, source \"radio\"
         expect 1 breached, never
         expect 1 possibly breached, never
         expect 2 found, never
         expect 2 possibly found, never
         expect 3 breached by A, once",
        ZONES,
    );
    let once = pact.hold().remove(0);
    let scenario = &pact.scenarios[0];
    let twice = [scenario.records.clone(), scenario.records.clone()];
    assert_eq!(pact.judge(&twice.concat(), scenario.at), once);
    let later = [&*twice[0], &*twice[1]];
    assert_eq!(pact.judge_in_turn(&later, scenario.at), once);
}

#[test]
fn a_retraction_takes_the_breach_away_and_leaves_its_trail() {
    let pact = agreement(
        "agreement Retraction version 1
             in force from 2026-03-01
         parties A, B
         act fire by A
         act protest by B
         1 A must not fire
         2 B must protest
             on each fire
             due within 48 hours of it",
        "at 2026-03-10 00:00
             f1: fire by A on 2026-03-02 10:00, known 2026-03-02 11:00
             p1: protest by B on 2026-03-03 10:00
             withdrawal of f1, known 2026-03-05 00:00
         expect 1 breached, never
         expect 1 possibly breached, never
         expect 2 lapsed by B, once, grounds withdrawn
         at 2026-03-04 00:00
             f1: fire by A on 2026-03-02 10:00, known 2026-03-02 11:00
             p1: protest by B on 2026-03-03 10:00
         expect 1 breached by A, once
         expect 2 met by B, once",
        ZONES,
    );
    let findings = pact.hold();
    let (after, before) = (&pact.scenarios[0], &pact.scenarios[1]);
    // The report and its withdrawal both stay; what was known then can be asked for still.
    assert_eq!(after.records.iter().filter(|one| one.standing == Standing::Withdrawn).count(), 1);
    let known = after.records.iter().filter(|one| one.known <= before.at);
    let known: Vec<Record> = known.cloned().collect();
    assert_eq!(pact.judge(&known, before.at), findings[1]);
    // And the duty that lapsed names the report that it came from.
    let lapsed = findings[0].iter().find(|one| one.verdict == Verdict::Lapsed).unwrap();
    let report = after.records.iter().find(|one| &*one.act == "fire").unwrap();
    assert!(lapsed.records.contains(&report.id), "{lapsed:#?}");
}

#[test]
fn two_sources_of_one_origin_do_not_confirm_each_other() {
    let pact = agreement(
        "agreement Origin version 1
             in force from 2026-03-01
         party A
         act fire by A
         1 A must not fire
             proof act confirmed",
        "at 2026-03-10 00:00
             f1: fire by A on 2026-03-02 10:00, source \"post 4\"
             fire by A on 2026-03-02 10:00, incident f1, source \"radio\" from \"post 4\"
             fire by A on 2026-03-02 10:00, incident f1, source \"paper\" from \"post 4\"
         expect 1 possibly breached by A, once, act unconfirmed
         expect 1 breached, never
         at 2026-03-10 00:00
             f1: fire by A on 2026-03-02 10:00, source \"post 4\"
             fire by A on 2026-03-02 10:00, incident f1, source \"radio\" from \"post 5\"
         expect 1 breached by A, once, established",
        ZONES,
    );
    pact.hold();
}

#[test]
fn a_late_report_out_of_order_does_not_spoil_deadlines() {
    let pact = agreement(
        "agreement Order version 1
             in force from 2026-03-01
             evidence may arrive 6 hours late
         parties A, B
         act call by B
         act answer by A
         act fire by A, B
         1 A must answer
             on each call
             due within 2 days of it
         2 finding outbreak
             when at least 1 fire within 2 days
         3 A must answer
             on each outbreak
             due within 3 days of it",
        "at 2026-03-12 00:00
             c1: call by B on 2026-03-02 10:00, known 2026-03-08 00:00
             call by B on 2026-03-03 10:00
             answer by A about c1 on 2026-03-04 12:00
             fire by A on 2026-03-04 00:00, known 2026-03-09 00:00
             f1: fire by B on 2026-03-05 00:00
             correction of f1: fire by B on 2026-03-05 06:00, known 2026-03-07 00:00
         expect 1 met by A, once, due 2026-03-05 00:00
         expect 1 breached by A, once, due 2026-03-06 00:00
         expect 3 breached by A, once, due 2026-03-08 00:00",
        ZONES,
    );
    let in_order = pact.hold().remove(0);
    let scenario = &pact.scenarios[0];
    for turn in permutations(&scenario.records) {
        let batches: Vec<&[Record]> = turn.iter().map(std::slice::from_ref).collect();
        assert_eq!(pact.judge_in_turn(&batches, scenario.at), in_order);
    }
}

/// These in every order.
fn permutations(records: &[Record]) -> Vec<Vec<Record>> {
    let Some((first, rest)) = records.split_first() else { return vec![Vec::new()] };
    let with_first = |turn: Vec<Record>| {
        (0..=turn.len()).map(move |place| {
            let mut turn = turn.clone();
            turn.insert(place, first.clone());
            turn
        })
    };
    permutations(rest).into_iter().flat_map(with_first).collect()
}

#[test]
fn an_unknown_weapon_falls_into_no_class_by_itself() {
    let pact = agreement(
        "agreement Class version 1
             in force from 2026-03-01
         party A
         category weapon is rifle, gun, mortar
         act fire of weapon by A
         1 A must not fire gun
         2 A must not fire rifle
         3 A must keep number of fire of mortar within 24 hours at most 0",
        "at 2026-03-03 00:00
             fire of weapon by A on 2026-03-02 10:00
         expect 1 breached, never
         expect 1 possibly breached by A, once, category unknown
         expect 3 breached, never
         expect 3 possibly breached by A, once, number uncertain",
        ZONES,
    );
    let unsaid = pact.hold().remove(0);
    let scenario = &pact.scenarios[0];
    let mut unheard_of = scenario.records.clone();
    unheard_of[0].object.as_mut().unwrap().kind = Name::from("plasma lance");
    let plain =
        |findings: &[Finding]| ["1", "2", "3"].map(|label| format!("{:?}", said(findings, label)));
    let findings = pact.judge(&unheard_of, scenario.at);
    assert_eq!(plain(&findings), plain(&unsaid));
    assert!(findings.iter().all(|one| one.verdict != Verdict::Breached));
    unheard_of[0].act = Name::from("discharge");
    let undeclared = pact.judge(&unheard_of, scenario.at);
    assert!(resting(&undeclared, "1").is_empty(), "an undeclared act is no fire");
}

#[test]
fn another_zone_and_the_hour_that_is_not_there() {
    // On 29 March 2026 the clocks of Vienna go from two to three.
    let rules = "agreement Clocks version 1
             calendar Europe/Vienna
             in force from 2026-03-01
         party A
         act fire by A
         act report by A
         1 A must not fire
             until 2026-03-29 03:30
         2 A must report
             on each fire
             due within 1 day of it
         3 A must report
             on each fire
             due within 24 hours of it
         4 A must report
             on each fire
             due by 02:30 on the day after it";
    let pact = agreement(
        rules,
        "at 2026-04-05 00:00
             fire by A on 2026-03-28 12:00
         expect 1 breached by A, once
         expect 2 breached by A, once, due 2026-03-30 00:00
         expect 3 breached by A, once, due 2026-03-29 13:00
         expect 4 breached by A, once, due 2026-03-29 03:30",
        ZONES,
    );
    pact.hold();
    let told = complaints(&rules.replace("03:30", "02:30"));
    assert!(told.iter().any(|one| one.contains("the clocks skip it")), "{told:?}");
    let judged = |time: &str| {
        let line = format!(
            r#"{{"id":"x","act":"fire","actor":{{"name":"A","confidence":"probable"}},
            "time":"{time}","known":"2026-03-31T00:00:00Z","source":"post","grade":"B2"}}"#
        );
        pact.judge(&[casus_ingest::parse_record(&line).unwrap()], pact.scenarios[0].at)
    };
    // One instant, written by the clocks of Vienna, of Kathmandu and of Greenwich.
    let local = judged("2026-03-29T03:29:59+02:00");
    assert_eq!(judged("2026-03-29T07:14:59+05:45"), local);
    assert_eq!(judged("2026-03-29T01:29:59Z"), local);
    assert_eq!(resting(&local, "1").len(), 1);
    assert!(resting(&judged("2026-03-29T03:30:00+02:00"), "1").is_empty());
}

#[test]
fn a_new_zone_leaves_the_findings_of_last_month_alone() {
    let rules = "agreement Map version 1
             in force from 2026-02-01
         party A
         act fire by A
         zone Old from zones.geojson feature \"West\"
         1 A must not fire in Old";
    let amended = format!(
        "{rules}
         zone New from zones.geojson feature \"East\"
         amend 1 from 2026-03-10
             A must not fire in New"
    );
    let tests = "at 2026-03-20 00:00
             fire by A on 2026-02-10 10:00, at 47.5N 9.5E
             fire by A on 2026-02-11 10:00, at 47.5N 10.5E
             fire by A on 2026-03-09 23:59, at 47.5N 9.5E
         expect 1 breached by A, twice
         expect 1 possibly breached, never
         at 2026-03-20 00:00
             fire by A on 2026-03-10 00:00, at 47.5N 9.5E
             fire by A on 2026-03-10 00:01, at 47.5N 10.5E
         expect 1 breached by A, once";
    let before = agreement(rules, "", ZONES);
    let after = agreement(&amended, tests, ZONES);
    let findings = after.hold();
    // The text is another one, and so are the names of the findings; all else is as it was.
    let nameless = |findings: &[Finding]| -> Vec<Finding> {
        let of_records = resting(findings, "1").into_iter().cloned();
        of_records.map(|one| Finding { id: Name::from(""), ..one }).collect()
    };
    let scenario = &after.scenarios[0];
    let as_it_was = before.judge(&scenario.records, scenario.at);
    assert_eq!(nameless(&findings[0]), nameless(&as_it_was));
    // And of the new place only what happened since.
    let new = resting(&findings[1], "1 v2");
    assert_eq!(new.len(), 1);
    assert_eq!(new[0].from.0, at("2026-03-10T00:01:00Z"));
}

#[test]
fn a_flood_from_one_source_is_no_surer_than_one_report() {
    let pact = agreement(
        "agreement Flood version 1
             in force from 2026-03-01
         party A
         act fire by A
         1 A must not fire
             proof act confirmed
         2 finding barrage
             when at least 2 fire within 24 hours",
        "at 2026-03-10 00:00
             f1: fire by A on 2026-03-02 10:00, source \"post 4\"
         expect 1 possibly breached by A, once, act unconfirmed
         expect 2 possibly found, never",
        ZONES,
    );
    let one = pact.hold().remove(0);
    let scenario = &pact.scenarios[0];
    let report = &scenario.records[0];
    let incident = Some(report.incident().clone());
    let told = |number: usize, source: Source| Record {
        id: Name::from(format!("{}-{number}", report.id)),
        incident: incident.clone(),
        source,
        ..report.clone()
    };
    let post = report.source.name.clone();
    let again = (0..200).map(|number| told(number, report.source.clone()));
    let outlets = (200..400).map(|number| {
        let name = Name::from(format!("outlet {number}"));
        told(number, Source { name, origin: Some(post.clone()) })
    });
    let flood: Vec<Record> = [report.clone()].into_iter().chain(again).chain(outlets).collect();
    let flooded = pact.judge(&flood, scenario.at);
    assert_eq!(flooded.len(), one.len());
    for (flooded, one) in flooded.iter().zip(&one) {
        assert_eq!((flooded.verdict, flooded.reason), (one.verdict, one.reason));
        assert_eq!(flooded.questions, one.questions);
    }
    // One report of other origin does what four hundred of the same did not.
    let other = Source { name: Name::from("camera"), origin: None };
    let confirmed = pact.judge(&[report.clone(), told(0, other)], scenario.at);
    assert_eq!(confirmed[0].questions.act, casus_model::Tri::Yes);
}

/// There is no public edition yet. What can be held to today is that a finding says no more of a
/// place than its record does. What is left for the edition: that counts over small areas, the
/// difference of two editions, and the times of findings give nothing away either.
#[test]
fn a_coarse_place_comes_out_no_finer() {
    let pact = agreement(
        "agreement Mask version 1
             in force from 2026-03-01
         party A
         act fire by A
         zone West from zones.geojson feature \"West\"
         zone East from zones.geojson feature \"East\"
         zone Whole is West and East
         zones sector are West, East
         1 A must not fire in West
         2 finding unrest of sector
             when fire in same sector
         3 A must not fire in Whole",
        "at 2026-03-10 00:00
             fire by A in Whole on 2026-03-02 10:00
         expect 1 possibly breached by A, once, place uncertain
         expect 2 found, never
         expect 2 possibly found for West, once
         expect 2 possibly found for East, once
         expect 3 breached by A, once
         at 2026-03-10 00:00
             fire by A on 2026-03-02 10:00, at 47.4321N 10.1234E, error 40 km
         expect 1 possibly breached by A, once, place uncertain
         expect 2 found, never
         expect 2 possibly found, twice",
        ZONES,
    );
    let [_, coarse]: [Vec<Finding>; 2] = pact.hold().try_into().unwrap();
    let exported = serde_json::to_string(&coarse).unwrap();
    for part in ["47.4", "10.1", "coordinates", "point", "lat", "lon"] {
        assert!(!exported.contains(part), "{part} in {exported}");
    }
    // Wherever within its error the place is put, the findings are the same to the letter.
    let scenario = &pact.scenarios[1];
    let mut moved = scenario.records.clone();
    let point = casus_model::geometry::Point { lon: 9.8765, lat: 47.5678 };
    moved[0].places[0].shape = casus_model::geometry::Shape::Point(point);
    assert_eq!(pact.judge(&moved, scenario.at), coarse);
    assert!(said(&coarse, "1").contains(&("A", Verdict::PossiblyBreached, Reason::PlaceUncertain)));
}
