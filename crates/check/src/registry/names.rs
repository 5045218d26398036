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

macro_rules! concat_ladder {
    ($step:literal) => {
        concat!(
            "```casus\nagreement A version 1\nparty RU\noffice Court of RU\nact fire\nact warning\n",
            "2 response to fire, clocks from it\n    step first: Court must warning, due within ",
            "24 hours\n    ends when no fire for 7 days\n```\n\n```casus-test\n",
            "at 2026-03-02 00:00\n  adoption of ", $step, " by RU on 2026-03-01 10:00\n```\n"
        )
    };
}

code!(UNKNOWN "C001" Error true, "a name that nothing declares",
    "Vocabulary is declared, never assumed. A name must be declared as the kind of thing that its \
     place asks for: an act where an act stands, a zone where a zone stands, a step of the ladder \
     where a step is adopted.",
    raises Example::text(concat_ladder!("2 frist")),
    passes Example::text(concat_ladder!("2 first")));
code!(TWICE "C002" Error true, "a name declared twice",
    "Two declarations of one name would leave it open which of them is meant.",
    raises Example::with("party RU\nact fire\nline Contact from line.geojson\nline Contact from \
     line.geojson\n1 RU must not fire\n    within 5 km from Contact\n", "line.geojson", LINE),
    passes Example::with("party RU\nact fire\nline Contact from line.geojson\nline Contact of RU \
     from line.geojson\n1 RU must not fire\n    within 5 km from own Contact\n",
     "line.geojson", LINE));
code!(NO_AGREEMENT "C003" Error false, "no agreement is declared",
    "A text of rules opens with `agreement NAME version NUMBER`: findings name both.",
    raises Example::text("```casus\nparty RU\n```\n"),
    passes Example::text("agreement Ceasefire version 1\nparty RU\n"));
code!(TWO_AGREEMENTS "C004" Error false, "two agreements in one text",
    "A text is one agreement in one version.",
    raises Example::text("agreement Ceasefire version 1\nagreement Truce version 1\n"),
    passes Example::text("agreement Ceasefire version 1\n"));
code!(UNKNOWN_TIME_ZONE "C005" Error false, "a time zone that does not exist",
    "The calendar names an IANA time zone, as `Europe/Kyiv`: local midnights are taken from it.",
    raises Example::text("agreement Ceasefire version 1\n    calendar Europe/Kyjv\n"),
    passes Example::text("agreement Ceasefire version 1\n    calendar Europe/Kyiv\n"));
code!(GROUP_ALONE "C007" Error false, "a group that bears a rule without saying how",
    "A group can bear a rule in three ways: `each of` gives one verdict each, `together` pools \
     what they do, `any of` lets one of them discharge it. The text must say which.",
    raises Example::text("parties RU, UA\ngroup Sides is RU, UA\nact fire\n1 Sides must not fire\n"),
    passes Example::text(
        "parties RU, UA\ngroup Sides is RU, UA\nact fire\n1 each of Sides must not fire\n"));
code!(ONE_ACTOR "C009" Error false, "a group where one actor is needed",
    "A line belongs to one party, one party answers for a force, one body decides.",
    raises Example::text("parties RU, UA\ngroup Sides is RU, UA\nSides answers for Militia, strictly\n"),
    passes Example::text("parties RU, UA\nRU answers for Militia, strictly\n"));
code!(ITSELF "C010" Error false, "a declaration that comes back to itself",
    "Acts, categories, groups and zones are built from others; none may be built from itself.",
    raises Example::text("category weapon is gun\ncategory gun is weapon\n"),
    passes Example::text("category gun is howitzer, mortar\ncategory weapon is gun\n"));
code!(QUORUM "C011" Error false, "more votes than members",
    "A body decides by at least one and at most all of its members.",
    raises Example::text("parties RU, UA\noffice Commission of RU, UA, quorum 3\n"),
    passes Example::text("parties RU, UA\noffice Commission of RU, UA, quorum 2\n"));
code!(UNKNOWN_ROLE "C012" Error true, "a role that the act does not have",
    "An act declares the roles of its places with `places`; a rule can name only these.",
    raises Example::with("party RU\nact fire, places origin, target\nact pass, places course\n\
     zone Security from square.geojson\n1 RU must not fire\n    in Security at course\n\
     2 RU must not pass\n", "square.geojson", SQUARE),
    passes Example::with("party RU\nact fire, places origin, target\nact pass, places course\n\
     zone Security from square.geojson\n1 RU must not fire\n    in Security at target\n\
     2 RU must not pass\n", "square.geojson", SQUARE));
code!(NAME_ROLES "C013" Error false, "a place without its role",
    "Where an act has several places, `in Security` could mean any of them. The rule says which: \
     `at target`, or `at any of origin, target`.",
    raises Example::with("party RU\nact fire, places origin, target\n\
     zone Security from square.geojson\n1 RU must not fire\n    in Security\n",
     "square.geojson", SQUARE),
    passes Example::with("party RU\nact fire, places origin, target\n\
     zone Security from square.geojson\n1 RU must not fire\n    in Security at any of origin, \
     target\n", "square.geojson", SQUARE));
code!(MEASURE_UNITS "C014" Error false, "one measure in two units that do not agree",
    "A measure has one dimension: `calibre` in mm here and in kg there cannot be compared.",
    raises Example::text("category gun\ncategory tank\ngun has calibre in mm\ntank has calibre in kg\n"),
    passes Example::text("category gun\ncategory tank\ngun has calibre in mm\ntank has calibre in cm\n"));
code!(NO_SUCH_MEASURE "C015" Error false, "a category tested by a measure that it does not have",
    "`CATEGORY has MEASURE in UNIT` says what is measured of a thing; other things lack it, so \
     the test could never be answered.",
    raises Example::text("category gun\ncategory soldier\ngun has calibre in mm\n\
     category heavy is soldier with calibre at least 100 mm\n"),
    passes Example::text("category gun\ncategory soldier\ngun has calibre in mm\n\
     category heavy is gun with calibre at least 100 mm\n"));
code!(UNUSED "C016" Warning false, "a declaration that nothing uses",
    "A zone, an act, a defence or a parameter that no rule names may have been forgotten in one.",
    raises Example::text("party RU\nact fire\nact aim\n1 RU must not fire\n"),
    passes Example::text("party RU\nact fire\nact aim\n1 RU must not fire or aim\n"));
code!(NOT_AN_OFFICE "C017" Error false, "a decision by somebody who is no body",
    "Decisions are taken by members of an office; declare one with `office NAME of MEMBERS`.",
    raises Example::text("party RU\nact fire\n1 finding attack\n    when fire\n    decided by RU\n"),
    passes Example::text(
        "party RU\noffice Court of RU\nact fire\n1 finding attack\n    when fire\n    decided by Court\n"));
code!(TOO_DEEP "C018" Error false, "declarations built on each other too deep",
    "Acts, categories, groups and zones may be built on each other 32 deep, and a zone of at most \
     4096 pieces. More is no longer a text that anybody checks.",
    raises Example::text(DEEP),
    passes Example::text("category c is d\ncategory b is c\ncategory a is b\n"));

/// A square in open country.
pub(super) const SQUARE: &str = "{\"type\": \"Polygon\", \"coordinates\": \
    [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}";
/// A line across it.
pub(super) const LINE: &str = "{\"type\": \"LineString\", \"coordinates\": [[30, 50], [31, 51]]}";

const DEEP: &str = "category k33 is k34\ncategory k32 is k33\ncategory k31 is k32\ncategory k30 is k31\n\
    category k29 is k30\ncategory k28 is k29\ncategory k27 is k28\ncategory k26 is k27\n\
    category k25 is k26\ncategory k24 is k25\ncategory k23 is k24\ncategory k22 is k23\n\
    category k21 is k22\ncategory k20 is k21\ncategory k19 is k20\ncategory k18 is k19\n\
    category k17 is k18\ncategory k16 is k17\ncategory k15 is k16\ncategory k14 is k15\n\
    category k13 is k14\ncategory k12 is k13\ncategory k11 is k12\ncategory k10 is k11\n\
    category k9 is k10\ncategory k8 is k9\ncategory k7 is k8\ncategory k6 is k7\n\
    category k5 is k6\ncategory k4 is k5\ncategory k3 is k4\ncategory k2 is k3\n\
    category k1 is k2\ncategory k0 is k1\n";
