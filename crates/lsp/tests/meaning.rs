//! What hovering says of each kind of thing, and where it says nothing.
//!
//! Invariant: what is said is true of the agreement of the tests, worked out by hand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{PACT, Session};
use serde_json::json;

fn page(session: &mut Session, marked: &str) -> String {
    let hover = session.ask("hover", marked, json!({})).unwrap();
    hover["contents"]["value"].as_str().unwrap_or("").to_owned()
}

/// The page on each place has these parts.
fn says(cases: &[(&str, &[&str])]) {
    let mut session = Session::open();
    for (marked, parts) in cases {
        let page = page(&mut session, marked);
        for part in *parts {
            assert!(page.contains(part), "`{part}` of `{marked}` in:\n{page}");
        }
    }
}

#[test]
fn actors_are_said_with_their_members() {
    says(&[
        (
            "party Се¦вер",
            &["**Север**", "Северная сторона 🧭", "A party", "In Sides", "Named in 1.2, 2.3"],
        ),
        ("each of Si¦des", &["a group", "members are Север, South", "group Sides is Север, South"]),
        ("office Coun¦cil", &["An office", "members are Север, South; 1 of them decide"]),
        ("answers for Опол¦чение", &["A force", "South answers for it, strictly"]),
        ("South¦ answers", &["Answers for Ополчение"]),
    ]);
}

#[test]
fn acts_and_categories_are_said_with_what_they_are_among() {
    says(&[
        ("act shel¦ling", &["an act", "A case of fire", "places: origin, target"]),
        ("act fi¦re", &["Its cases are shelling, sniping", "act fire of weapon by Sides"]),
        ("must not sh¦oot", &["the verb of an act", "verb shoot", "Named in 2.1"]),
        ("act wat¦ch", &["It watches fire"]),
        ("Полоса, Near at tar¦get", &["a role of a place", "A place of fire"]),
        ("category gu¦n", &["a category", "It is among weapon"]),
        ("category wea¦pon", &["It is exactly gun, tank"]),
        ("measure kill¦ed", &["a measure"]),
        ("unless self-def¦ence", &["a defence", "Named in 2.1"]),
    ]);
}

#[test]
fn places_are_said_with_their_size() {
    // A degree by a degree at 50 to 51 north is 7 890 km² within a thousandth, at 49 to 50 8 054.
    says(&[
        (
            "zone North¦ Sector",
            &["a zone", "About 7 89", "km² on the ground", "In the family sector"],
        ),
        ("in Пол¦оса", &["About 15 9", "It includes North Sector, South Sector", "zone Полоса is"]),
        ("zone Ne¦ar", &["within 10 km of Граница", "About 1 747 km²"]),
        ("of Грани¦ца", &["a line", "71.7 km long"]),
        ("zones sec¦tor", &["2 zones: North Sector, South Sector"]),
    ]);
}

#[test]
fn lists_tables_and_values_are_said_with_what_they_hold() {
    says(&[
        ("list Sto¦ck", &["3 items: G-1, G-2, T-1", "South has 3"]),
        ("weapon of Pai¦r", &["2 items: Lot 1, Lot 2", "Named in 2.3"]),
        ("item \"Lot¦ 1\"", &["an item of a list", "On the list Pair"]),
        ("table Dep¦th", &["2 rows", "tank 10 km"]),
        (
            "within Срок¦ of",
            &["**3 days**", "agreed between the parties", "parameter Срок is 3 days"],
        ),
        ("map.geo¦json feature \"линия\"", &["bytes in the agreement's folder", "линия"]),
        ("feature \"ли¦ния\"", &["a feature of `map.geojson`"]),
    ]);
}

#[test]
fn rules_are_said_with_their_paragraph() {
    says(&[
        (
            "breach of 2.¦1 within",
            &["**2.1** Article 2. Fire", "2.1 each of Sides", "> Никто не стреляет 🔫 в полосе."],
        ),
        ("expect 2.¦3 met", &["due within Срок", "Пары отводятся"]),
        ("begin of Sig¦ned", &["a state", "when signature by Север"]),
        ("finding Gra¦ve", &["a finding", "at least 2 breach of 2.1"]),
        ("about ё¦1", &["the handle of a fact of this test"]),
    ]);
}

#[test]
fn dates_are_said_where_they_are_fixed_and_else_what_they_hang_on() {
    says(&[
        // The clocks of Kyiv go forward on 29 March and back on 25 October.
        (
            "un¦til 2026-12-31 12:00",
            &[
                "It applies until **Thursday 31 December 2026, 12:00** in Europe/Kyiv",
                "2026-12-31T10:00:00Z",
            ],
        ),
        (
            "due by 2026-¦04-05",
            &[
                "Due **Monday 6 April 2026, 00:00**",
                "2026-04-05T21:00:00Z",
                "Sunday 5 April 2026; no working day",
            ],
        ),
        (
            "in force from 2026-0¦3-01",
            &["In force from **Sunday 1 March 2026, 00:00**", "2026-02-28T22:00:00Z"],
        ),
        (
            "on 2026-03-02 10:¦00, grade",
            &["**Monday 2 March 2026, 10:00** in Europe/Kyiv, which is 2026-03-02T08:00:00Z"],
        ),
        ("at 2026-0¦3-05 00:00\n    signature", &["Thursday 5 March 2026, 00:00"]),
        (
            "du¦e within Срок of",
            &[
                "Due: 3 days",
                "midnight that ends the last day, Europe/Kyiv",
                "the begin of Signed (1.2)",
                "No fixed date",
            ],
        ),
        ("fr¦om begin of Signed", &["It applies from: the begin of Signed (1.2)", "No fixed date"]),
    ]);
}

#[test]
fn keywords_are_said_in_a_line() {
    says(&[
        ("each of Sides must¦ not shoot", &["`must not`: a prohibition"]),
        ("at least 2 brea¦ch of", &["`breach of`: a breach of the rule"]),
        ("    an¦d signature", &["`and`: one more of the same"]),
        ("shown by¦ the party", &["`shown by the party`"]),
        ("Север, on¦ce", &["`once`: exactly one"]),
    ]);
}

#[test]
fn a_mistake_is_explained_and_the_rest_is_still_said() {
    let mut session = Session::open();
    session.show(&PACT.replace("in Полоса, Near at", "in Nowhere, Near at"));
    let page_of = page(&mut session, "in Now¦here");
    assert!(page_of.contains("**S020**: nothing is declared by this name"), "{page_of}");
    // Sizes come from the agreement as it was before the mistake.
    assert!(page(&mut session, "zone North¦ Sector").contains("About 7 89"));
}

#[test]
fn nothing_is_said_of_prose_and_signs() {
    let mut session = Session::open();
    for marked in
        ["Никто не стре¦ляет", "# Па¦кт", "```cas¦us", "\n¦1. Никто", "2026-03-02 10:00¦, grade"]
    {
        let said = page(&mut session, marked);
        assert!(said.is_empty() || marked.contains("10:00"), "{marked}: {said}");
    }
}
