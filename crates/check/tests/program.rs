//! Agreements in, programs out, as text.
//!
//! Invariant: what a rule says in the text is what its line in the program says.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use casus_check::{Annexes, Checked, check};
use casus_model::program::Program;
use casus_syntax::parse;

mod show;

const HEAD: &str =
    "agreement Truce version 3\n    calendar Europe/Kyiv, rest days Saturday, Sunday\n";
const WHO: &str =
    "parties UA, RU, FR\ngroup Sides is UA, RU\noffice Commission of UA, RU, FR, quorum 2\n";

struct Folder<'a>(&'a [(&'a str, &'a str)]);

impl Annexes for Folder<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(file, _)| *file == name);
        found.map(|(_, content)| content.as_bytes().to_vec()).ok_or("no such file".to_owned())
    }
}

fn checked(text: &str, files: &[(&str, &str)]) -> Checked {
    let document = parse(text);
    let checked = check(&document, &Folder(files));
    let all: Vec<String> = document
        .diagnostics
        .iter()
        .chain(&checked.diagnostics)
        .map(|one| format!("{} {}: {}", one.code, one.line, one.message))
        .collect();
    assert!(checked.program.is_some(), "{}\n{text}", all.join("\n"));
    checked
}

fn made(text: &str, files: &[(&str, &str)]) -> Program {
    checked(&format!("```casus\n{HEAD}{WHO}{text}\n```\n"), files).program.unwrap()
}

/// The lines of the program that begin with one of these words, and what is indented below.
fn lines(program: &Program, words: &[&str]) -> String {
    let mut out = String::from("\n");
    let mut taken = false;
    for line in show::program(program).lines() {
        if !line.starts_with(' ') {
            taken = words.iter().any(|word| line.starts_with(word));
        }
        if taken {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

const SHAPES: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "id": "line", "properties": {"name": "all"},
   "geometry": {"type": "LineString", "coordinates": [[30, 50], [31, 50], [32, 50]]}},
  {"type": "Feature", "id": "own", "properties": {},
   "geometry": {"type": "LineString", "coordinates": [[30, 51], [32, 51]]}},
  {"type": "Feature", "properties": {"name": "north", "kind": "sector"},
   "geometry": {"type": "Polygon",
     "coordinates": [[[30, 51], [32, 51], [32, 52], [30, 52], [30, 51]]]}},
  {"type": "Feature", "properties": {"name": "south", "kind": "sector"},
   "geometry": {"type": "MultiPolygon",
     "coordinates": [[[[30, 49], [32, 49], [32, 50], [30, 50], [30, 49]]]]}}
]}"#;

#[test]
fn actors_acts_and_categories() {
    let program = made(
        "RU answers for Northern Militia, Guard under 1, from 2026-03-01 06:00, strictly
category gun
gun has calibre in mm
category weapon is tank, gun, rocket
category heavy weapon is tank, gun with calibre at least 10 cm
act fire of weapon by Sides, verb shoot, places origin, target
act shelling, sniping are fire
act counter battery is shelling
act patrol by Commission, watches fire
act denial by Sides, hinders patrol
act holding of weapon by Sides, stock
1 each of Sides must not shoot",
        &[],
    );
    let expected = "
Truce 3 in Europe/Kyiv
actor UA: party
actor RU: party
actor FR: party
actor Commission: office of UA RU FR quorum 2
actor Northern Militia: force, answered by RU under Some([RuleId(0)]) from
        Some(2026-03-01T04:00:00Z) strictly true
actor Guard: force, answered by RU under Some([RuleId(0)]) from Some(2026-03-01T04:00:00Z)
        strictly true
group Sides: UA RU
act fire: above fire, places origin target
act patrol: above patrol, watches fire
act denial: above denial, hinders patrol
act holding: above holding, stock yes
act shelling: above shelling fire, places origin target
act sniping: above sniping fire, places origin target
act counter battery: above counter battery shelling fire, places origin target
category gun: 
category weapon: [tank] [gun] [rocket]
category heavy weapon: [tank] [gun calibre AtLeast 0.10]
category tank: 
category rocket: 
measure number: Some(Count) \"\"
measure calibre: Some(Length) \"mm\"
1: Each UA RU must not fire
strata 1
";
    assert_eq!(format!("\n{}", show::program(&program)), expected);
}

#[test]
fn zones_lines_and_families() {
    let program = made(
        "line Contact from shapes.geojson feature \"line\"
line Contact of RU from shapes.geojson feature \"own\"
zone North from shapes.geojson feature \"north\"
zone South from shapes.geojson feature \"south\", above 100 m, below 3 km
zone Low South is South
zone Belt within 15 km of Contact and North
zone Wide within 1 km of Belt
zone Rest is Belt without North
zones sector are North, South
act fire
act shot
1 each of Sides must not fire
    in Rest, Wide
    within 500 m from own Contact
2 each of Sides must not shot
    outside Low South",
        &[("shapes.geojson", SHAPES)],
    );
    let expected = "
line Contact: 1 paths, own RU
zone North: 1 polygons height None None includes North
zone South: 1 polygons height Some(100.0) Some(3000.0) includes South
zone Low South: 1 polygons height Some(100.0) Some(3000.0) includes Low South South
zone Belt: (15000 m of 1 paths 1 polygons) height None None includes Belt North
zone Wide: (16000 m of 1 paths 1 polygons 1000 m of 1 paths) height None None includes Wide
        Belt North
zone Rest: (15000 m of 1 paths 1 polygons) without 1 polygons height None None includes Rest
family sector: North South
1: Each UA RU must not fire in Rest Wide within Metres(500.0) from own Contact
2: Each UA RU must not shot outside Low South
";
    assert_eq!(lines(&program, &["line", "zone", "family", "1", "2"]), expected);
}

const VOCABULARY: &str = "measure killed
measure sum in USD
category gun
gun has calibre in mm
category weapon is gun, tank
category site
category instalment
act signature by Sides
act fire of weapon, places origin, target
act tank holding of weapon, verb hold, stock
act sortie of weapon
act withdrawal of weapon, verb withdraw
act notice by Sides
act inspection of site, verb inspect
act request of site
act payment of instalment, verb pay
act warning
defence self-defence
line Contact from shapes.geojson feature \"line\"
line Contact of UA from shapes.geojson feature \"own\"
zone North from shapes.geojson feature \"north\"
zone South from shapes.geojson feature \"south\"
zones sector are North, South
list Inventory of weapon from inventory.csv
list Sites of site is Depot 1, Depot 2
parameter Grave Count is 10, invented
parameter Grace is 2 weeks, agreed
parameter Far is 1 nm, reported
table Distance of category
    weapon 10 km
    gun with calibre at least 100 mm 25 km
";

const INVENTORY: &str = "item,category,party,calibre
A-1,gun,UA,152
A-2,gun,RU,10 cm
A-3,,,
";

fn rules(text: &str) -> String {
    let files = [("shapes.geojson", SHAPES), ("inventory.csv", INVENTORY)];
    let program = made(&format!("{VOCABULARY}{text}"), &files);
    let digits: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
    let mut words: Vec<&str> = digits.iter().map(String::as_str).collect();
    words.push("strata");
    lines(&program, &words)
}

#[test]
fn prohibitions_and_permits() {
    let found = rules(
        "1 each of Sides must not fire gun with calibre at least 100 mm to FR or fire tank to UA
    within Far from own Contact at any of origin, target
    from 06:00 on the day after signature by UA
    until earlier of 2027-01-01 or 6 months after signature
    unless self-defence, claimed within 2 hours of it, shown by the party
    except notice by same party at least 48 hours before it
    and no warning to RU covering it
    or  fire by other party with killed less than 1
    proof act confirmed, attribution at least 80 %, source at least C6
2 UA may fire weapon
    in North at origin
    when notice before it
    while not calm
    despite 1
3 state calm of sector
    when no fire in same sector for 7 days
    ends when at least Grave Count fire in same sector within 1 hour",
    );
    let expected = r#"
1: Each UA RU must not fire of gun calibre AtLeast 0.100 to FR within Metres(1852.0) from own
        Contact at origin target or fire of tank to UA within Metres(1852.0) from own Contact at
        origin target
    proof 95 80 Some(C)
    from 06:00:00 +1 days Itself of signature by UA
    until earliest of (2026-12-31T22:00:00Z) (Months(6) after Itself of signature)
    except [notice same [Party] [AtLeastBefore(Exact(172800000))] and no warning to RU
        [Covering] | fire by Other with killed LessThan 1]
    unless Defence { name: "self-defence", claimed_within: Some(Exact(7200000)), shown: true }
2: Each UA may fire of weapon in North at origin when [notice [Before]] despite 1
    while not 3
3: state calm of [Family(FamilyId(0))]
    when [no fire same [Family(FamilyId(0))] for Days(7)]
    ends [at least 10 fire same [Family(FamilyId(0))] within 3600 s]
strata 3 | 2 | 1
"#;
    assert_eq!(found, expected);
}

#[test]
fn duties_and_limits() {
    let found = rules(
        "1 each of Sides must withdraw weapon beyond Distance of its category from own Contact
    for all weapon of Inventory
    start within 2 days of signature
    due by later of 2026-03-01 or 3 working days before end of signature
2 Commission must inspect site
    for each site of Sites
    repeat gap at most 15 days
3 any of FR, RU must inspect or withdraw to the party
    on each request by UA
    and no inspection before it
    or  request by UA
    due within Grace of receipt of it
4 together Sides should pay instalment with sum at least 800 billion USD
    due by 2040-12-31
5 FR must warning
    repeat each month by 12:00
6 UA must warning
    on fire by same party
    and notice within 1 hour after it
    due at least 48 hours before it
7 UA must keep number of tank in North at most 75
8 UA must keep total killed of fire of gun within 24 hours less than 5
9 UA must keep number of sortie in each week at least 2
    except sortie within 1 day before it
3.1 UA must warning
    repeat at least 2 in each quarter
    while calm
3.2 state calm
    when warning",
    );
    let expected = r#"
1: Each UA RU must withdrawal of weapon beyond Table(TableId(0)) from own Contact
    AllOf(ListId(0))
    start within Days(2) of Itself of signature
    due latest of (2026-03-01T22:00:00Z) (WorkingDays(3) before End of signature)
2: Each Commission must inspection of site
    EachOf(ListId(1))
    repeat Gap(Days(15))
3: AnyOf FR RU must inspection or withdrawal to UA
    on each request by UA []
    due within Days(14) of Receipt of it
4: Together UA RU should payment of instalment with sum AtLeast 800000000000
    due 2040-12-31T22:00:00Z
5: Each FR must warning
    repeat Each(Month, Some(12:00:00))
6: Each UA must warning
    on fire by Same [notice [AtMostAfter(Exact(3600000))]]
    due at least 172800 s before Itself of it
7: Each UA must keep Number of tank holding of tank in North (Bearer Stock) AtMost 75
8: Each UA must keep Total("killed") of fire of gun (Bearer Rolling(Exact(86400000))) LessThan 5
9: Each UA must keep Number of sortie (Bearer Each(Week)) AtLeast 2
    except [sortie [AtMostBefore(Days(1))]]
3.1: Each UA must warning
    repeat Least(2, Quarter)
    while 3.2 of the bearer
3.2: state calm of []
    when [warning]
strata 1 2 3 4 5 6 7 8 9 3.2 | 3.1
"#;
    assert_eq!(found, expected);
}

#[test]
fn determinations_and_responses() {
    let found = rules(
        "1 each of Sides must not fire
2 finding grave breach of party, sector
    when at least Grave Count breaches of 1 by same party, in same sector within 24 hours
    or   breach of 1 with killed at least 5
    and  no notice by same party before it
    proof attribution at least possible
    decided by 2 of Commission, due within 14 days of it
3 state active
    when met 5
    and  begin of quiet
    ends when grave breach adopted by RU
    or   end of quiet
4 state quiet
    when no breach of 1 for 7 days
5 UA must warning
    due by 2026-05-01
6 response to grave breach by RU, clocks from it
    step first: Commission must warning to the party, due within 24 hours
    step more if breach of 1 by other party: each of FR, UA must warning, due within Grace
    ends when quiet
    each step decided by Commission, before its deadline
7 finding siege
    when fire by RU in North at target for 3 days, gap at most 6 hours
    and  not quiet
    or   fire seen for 1 minute, gap at most 10 minutes",
    );
    let expected = r#"
1: Each UA RU must not fire
2: finding grave breach of [Party, Family(FamilyId(0))]
    when [at least 10 breach of 1 same [Party, Family(FamilyId(0))] within 86400 s | breach of
        1 with killed AtLeast 5 and no notice same [Party] [Before]]
    decided by 2 of Commission due within Days(14) of Itself of it
    proof 55 20 None
3: state active of []
    when [met 5 and begin of 4]
    ends [adopted 2 by RU | end of 4]
4: state quiet of []
    when [no breach of 1 for Days(7)]
5: Each UA must warning
    due 2026-05-01T21:00:00Z
6: response to found 2 by RU, clocks Itself of it
    step first if []: Each Commission warning to RU due 86400 s
    step more if [breach of 1 by Other]: Each FR UA warning due Days(14)
    ends [4]
    decided by 2 of Commission
7: finding siege of []
    when [fire by RU in North at target for Days(3) gap 21600 s and not 4 | fire seen for 60 s
        gap 600 s]
strata 1 5 | 2 4 | 3 6 7
"#;
    assert_eq!(found, expected);
}

#[test]
fn lists_and_tables() {
    let files = [("shapes.geojson", SHAPES), ("inventory.csv", INVENTORY)];
    let text = "table Reach of category
    gun with calibre more than 100 mm and calibre at most 200 mm 30 km
    gun with calibre at least 100 mm 25 km
    tank 5 km
    weapon 1 km
2 UA must not fire";
    let program = made(&format!("{VOCABULARY}{text}"), &files);
    let expected = r#"
list Inventory: [A-1 gun UA [("calibre", 0.152)]] [A-2 gun RU [("calibre", 0.10)]] [A-3 weapon
        - []]
list Sites: [Depot 1 site - []] [Depot 2 site - []]
table Distance: [weapon 10000 over []] [gun calibre AtLeast 0.100 25000 over [0]]
table Reach: [gun calibre MoreThan 0.100 calibre AtMost 0.200 30000 over [1, 3]] [gun calibre
        AtLeast 0.100 25000 over [3]] [tank 5000 over [3]] [weapon 1000 over []]
"#;
    assert_eq!(lines(&program, &["list", "table"]), expected);
}

#[test]
fn the_digest_covers_text_and_annexes() {
    let one = made(
        "zone A from a.geojson\nact fire\n1 UA must not fire\n    in A",
        &[("a.geojson", AREA)],
    );
    let longer = format!("{AREA} ");
    let two = made(
        "zone A from a.geojson\nact fire\n1 UA must not fire\n    in A",
        &[("a.geojson", &longer)],
    );
    let three = made(
        "zone A from a.geojson\nact fire\n\n1 UA must not fire\n    in A",
        &[("a.geojson", AREA)],
    );
    assert_eq!(one.digest.len(), 64);
    assert_ne!(one.digest, two.digest);
    assert_ne!(one.digest, three.digest);
}

const AREA: &str =
    r#"{"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 50]]]}"#;

#[test]
fn a_provision_is_the_paragraph_beside_the_rule() {
    let text = format!(
        "# Truce\n\n```casus\n{HEAD}{WHO}act fire\n```\n\n## Article 3. Fire\n\n\
         1. Nobody fires.\n\n```casus\n3.1 each of Sides must not fire   -- ever\n```\n"
    );
    let program = checked(&text, &[]).program.unwrap();
    let provision = &program.provisions[0];
    assert_eq!(&*provision.label, "3.1");
    assert_eq!(&*provision.heading, "Article 3. Fire");
    assert_eq!(&*provision.prose, "Nobody fires.");
    assert_eq!(provision.digest, casus_model::canonical::digest("Nobody fires."));
    assert_eq!(&*program.rules[0].sentence, "3.1 each of Sides must not fire");
    assert_eq!(program.rules[0].line, 17);
}
