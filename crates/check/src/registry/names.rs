//! Diagnostics of names: who and what the agreement declares.
//!
//! Invariant: codes C001 to C019.

use super::{Code, Example, code};

pub(super) const ALL: &[&Code] = &[
    &UNKNOWN,
    &TWICE,
    &NO_AGREEMENT,
    &TWO_AGREEMENTS,
    &UNKNOWN_TIME_ZONE,
    &GROUP_ALONE,
    &ONE_ACTOR,
    &ITSELF,
    &QUORUM,
    &UNKNOWN_ROLE,
    &NAME_ROLES,
    &MEASURE_UNITS,
    &NO_SUCH_MEASURE,
    &UNUSED,
    &NOT_AN_OFFICE,
    &TOO_DEEP,
];

macro_rules! ladder {
    ($step:literal) => {
        concat!(
            r#"
```casus
agreement A version 1
party RU
office Court of RU
act fire
act warning
2 response to fire, clocks from it
    step first: Court must warning, due within 24 hours
    ends when no fire for 7 days
```

```casus-test
at 2026-03-02 00:00
  adoption of "#,
            $step,
            r#" by RU on 2026-03-01 10:00
```
"#
        )
    };
}

code!(UNKNOWN "C001" Error true, "a name that nothing declares",
    "Vocabulary is declared, never assumed. A name must be declared as the kind of thing that \
     its place asks for: an act where an act stands, a zone where a zone stands, a step of the \
     ladder where a step is adopted.",
    raises Example::text(ladder!("2 frist")),
    passes Example::text(ladder!("2 first")));
code!(TWICE "C002" Error true, "a name declared twice",
    "Two declarations of one name would leave it open which of them is meant.",
    raises Example::with(r#"
party RU
act fire
line Contact from line.geojson
line Contact from line.geojson
1 RU must not fire
    within 5 km from Contact
"#, "line.geojson", LINE),
    passes Example::with(r#"
party RU
act fire
line Contact from line.geojson
line Contact of RU from line.geojson
1 RU must not fire
    within 5 km from own Contact
"#, "line.geojson", LINE));
code!(NO_AGREEMENT "C003" Error false, "no agreement is declared",
    "A text of rules opens with `agreement NAME version NUMBER`: findings name both.",
    raises Example::text(r#"
```casus
party RU
```
"#),
    passes Example::text(r#"
agreement Ceasefire version 1
party RU
"#));
code!(TWO_AGREEMENTS "C004" Error false, "two agreements in one text",
    "A text is one agreement in one version.",
    raises Example::text(r#"
agreement Ceasefire version 1
agreement Truce version 1
"#),
    passes Example::text(r#"
agreement Ceasefire version 1
"#));
code!(UNKNOWN_TIME_ZONE "C005" Error false, "a time zone that does not exist",
    "The calendar names an IANA time zone, as `Europe/Kyiv`: local midnights are taken from it.",
    raises Example::text(r#"
agreement Ceasefire version 1
    calendar Europe/Kyjv
"#),
    passes Example::text(r#"
agreement Ceasefire version 1
    calendar Europe/Kyiv
"#));
code!(GROUP_ALONE "C007" Error false, "a group that bears a rule without saying how",
    "A group can bear a rule in three ways: `each of` gives one verdict each, `together` pools \
     what they do, `any of` lets one of them discharge it. The text must say which.",
    raises Example::text(r#"
parties RU, UA
group Sides is RU, UA
act fire
1 Sides must not fire
"#),
    passes Example::text(r#"
parties RU, UA
group Sides is RU, UA
act fire
1 each of Sides must not fire
"#));
code!(ONE_ACTOR "C009" Error false, "a group where one actor is needed",
    "A line belongs to one party, one party answers for a force, one body decides.",
    raises Example::text(r#"
parties RU, UA
group Sides is RU, UA
Sides answers for Militia, strictly
"#),
    passes Example::text(r#"
parties RU, UA
RU answers for Militia, strictly
"#));
code!(ITSELF "C010" Error false, "a declaration that comes back to itself",
    "Acts, categories, groups and zones are built from others; none may be built from itself.",
    raises Example::text(r#"
category weapon is gun
category gun is weapon
"#),
    passes Example::text(r#"
category gun is howitzer, mortar
category weapon is gun
"#));
code!(QUORUM "C011" Error false, "more votes than members",
    "A body decides by at least one and at most all of its members.",
    raises Example::text(r#"
parties RU, UA
office Commission of RU, UA, quorum 3
"#),
    passes Example::text(r#"
parties RU, UA
office Commission of RU, UA, quorum 2
"#));
code!(UNKNOWN_ROLE "C012" Error true, "a role that the act does not have",
    "An act declares the roles of its places with `places`; a rule can name only these.",
    raises Example::with(r#"
party RU
act fire, places origin, target
act pass, places course
zone Security from square.geojson
1 RU must not fire
    in Security at course
2 RU must not pass
"#, "square.geojson", SQUARE),
    passes Example::with(r#"
party RU
act fire, places origin, target
act pass, places course
zone Security from square.geojson
1 RU must not fire
    in Security at target
2 RU must not pass
"#, "square.geojson", SQUARE));
code!(NAME_ROLES "C013" Error false, "a place without its role",
    "Where an act has several places, `in Security` could mean any of them. The rule says \
     which: `at target`, or `at any of origin, target`.",
    raises Example::with(r#"
party RU
act fire, places origin, target
zone Security from square.geojson
1 RU must not fire
    in Security
"#, "square.geojson", SQUARE),
    passes Example::with(r#"
party RU
act fire, places origin, target
zone Security from square.geojson
1 RU must not fire
    in Security at any of origin, target
"#, "square.geojson", SQUARE));
code!(MEASURE_UNITS "C014" Error false, "one measure in two units that do not agree",
    "A measure has one dimension: `calibre` in mm here and in kg there cannot be compared.",
    raises Example::text(r#"
category gun
category tank
gun has calibre in mm
tank has calibre in kg
"#),
    passes Example::text(r#"
category gun
category tank
gun has calibre in mm
tank has calibre in cm
"#));
code!(NO_SUCH_MEASURE "C015" Error false, "a category tested by a measure that it does not have",
    "`CATEGORY has MEASURE in UNIT` says what is measured of a thing; other things lack it, so \
     the test could never be answered.",
    raises Example::text(r#"
category gun
category soldier
gun has calibre in mm
category heavy is soldier with calibre at least 100 mm
"#),
    passes Example::text(r#"
category gun
category soldier
gun has calibre in mm
category heavy is gun with calibre at least 100 mm
"#));
code!(UNUSED "C016" Warning false, "a declaration that nothing uses",
    "A zone, an act, a defence or a parameter that no rule names may have been forgotten in \
     one.",
    raises Example::text(r#"
party RU
act fire
act aim
1 RU must not fire
"#),
    passes Example::text(r#"
party RU
act fire
act aim
1 RU must not fire or aim
"#));
code!(NOT_AN_OFFICE "C017" Error false, "a decision by somebody who is no body",
    "Decisions are taken by members of an office; declare one with `office NAME of MEMBERS`.",
    raises Example::text(r#"
party RU
act fire
1 finding attack
    when fire
    decided by RU
"#),
    passes Example::text(r#"
party RU
office Court of RU
act fire
1 finding attack
    when fire
    decided by Court
"#));
code!(TOO_DEEP "C018" Error false, "declarations built on each other too deep",
    "Acts, categories, groups and zones may be built on each other 32 deep, and a zone of at \
     most 4096 pieces. More is no longer a text that anybody checks.",
    raises Example::text(DEEP),
    passes Example::text(r#"
category c is d
category b is c
category a is b
"#));

/// A square in open country.
pub(super) const SQUARE: &str = r#"
{"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}
"#;
/// A line across it.
pub(super) const LINE: &str = "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}";

const DEEP: &str = r#"
category k33 is k34
category k32 is k33
category k31 is k32
category k30 is k31
category k29 is k30
category k28 is k29
category k27 is k28
category k26 is k27
category k25 is k26
category k24 is k25
category k23 is k24
category k22 is k23
category k21 is k22
category k20 is k21
category k19 is k20
category k18 is k19
category k17 is k18
category k16 is k17
category k15 is k16
category k14 is k15
category k13 is k14
category k12 is k13
category k11 is k12
category k10 is k11
category k9 is k10
category k8 is k9
category k7 is k8
category k6 is k7
category k5 is k6
category k4 is k5
category k3 is k4
category k2 is k3
category k1 is k2
category k0 is k1
"#;
