//! The page of one finding: what it has to say, for each kind of finding.
//!
//! Invariant: the page answers five questions, and names every record that it rests on.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Outcome, RUN, casus};

/// The id of the finding on these records and this party.
fn id_of(provision: &str, party: Option<&str>, record: Option<&str>) -> String {
    let mut arguments = RUN.to_vec();
    arguments.push("--json");
    let findings = casus(&arguments).of_kind("finding");
    let found = findings.iter().find(|one| {
        one["provision"] == provision
            && one["party"].as_str() == party
            && one["records"].get(0).and_then(|one| one.as_str()) == record
    });
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

fn explain(id: &str, more: &[&str]) -> Outcome {
    let mut arguments = RUN.to_vec();
    arguments[0] = "explain";
    arguments.extend(more);
    arguments.push(id);
    casus(&arguments)
}

fn page(id: &str) -> String {
    let done = explain(id, &[]);
    assert_eq!(done.exit, 0, "{}", done.err);
    for line in done.out.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    for part in ["Five questions", "Records for it", "Why no other verdict", "When"] {
        assert!(done.out.contains(part), "{part} in {}", done.out);
    }
    // One line for the eye, whatever the wrapping.
    done.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "`{part}` in {page}");
    }
}

#[test]
fn an_established_breach() {
    let page = page(&id_of("2.1", Some("NO"), Some("r1")));
    says(
        &page,
        &[
            "NO breached paragraph 2.1, at 2026-03-01 12:00: all questions are answered.",
            "Neither side fires into the strip",
            "2.1 each of Sides must not fire in Strip at target",
            "did it happen? yes 1 report of 1 origin; the best is B2",
            "at 50.5000N 30.5000E as target, give or take 100 m",
            "told by post 1; B2: a usually reliable source, probably true; known 2026-03-01 13:00",
            "“Six impacts [31mnorth of the bridge”",
            "self-defence was not claimed in time",
            "a correction or withdrawal of `r1`",
            "Claim Time is 2 hours",
        ],
    );
}

#[test]
fn a_breach_by_nobody_known() {
    let page = page(&id_of("2.1", None, Some("r2")));
    says(
        &page,
        &[
            "NO or SO may have breached paragraph 2.1",
            "who is responsible? not known no report names anybody",
            "not `breached`: it is not established who is responsible",
            "an attribution to NO or SO or somebody they answer for, of at least `probable` (55 %)",
        ],
    );
}

#[test]
fn a_missed_deadline() {
    let page = page(&id_of("2.2", Some("SO"), None));
    says(
        &page,
        &[
            "SO breached paragraph 2.2, at 2026-03-04 00:00: the deadline passed",
            "was it done? no nobody reported it by 2026-03-06 12:00",
            "due 2026-03-04 00:00, Europe/Kyiv (`due within 3 days of signature`)",
            "counted from 2026-02-28; days end at the midnight",
            "the clock brought it about, at 2026-03-04 06:00",
            "a report, also a late one, that it was done by 2026-03-04 00:00",
        ],
    );
}

#[test]
fn a_claimed_defence() {
    let page = page(&id_of("2.1", Some("SO"), Some("r3")));
    says(
        &page,
        &[
            "a defence is claimed and not decided",
            "`unless self-defence, claimed within Claim Time of it, shown by the party`: \
         self-defence is claimed, and nobody has decided on it; only an acceptance excuses",
            "claim by SO, 2026-03-02 13:00 (c3)",
            "an acceptance of self-defence, which would excuse it",
        ],
    );
}

#[test]
fn other_doubts() {
    let force = page(&id_of("2.1", Some("SO"), Some("r4")));
    says(
        &force,
        &[
            "SO answers for Rangers, with diligence: people judge whether it did what it could",
            "a judgement by people whether it did what it could about Rangers",
        ],
    );
    let act = page(&id_of("2.1", Some("NO"), Some("r5")));
    says(
        &act,
        &[
            "did it happen? not known",
            "an account of credibility 1 or 2",
            "two accounts of independent origin, graded A to C and 1 or 2",
        ],
    );
    let place = page(&id_of("2.1", Some("SO"), Some("r6")));
    says(&place, &["its place is known to 3 km only", "its place, known better than 3 km"]);
}

#[test]
fn json_has_the_same_answers() {
    let id = id_of("2.1", None, Some("r2"));
    let done = explain(&id, &["--json"]);
    let line = &done.lines()[0];
    assert_eq!(line["kind"], "explanation");
    assert_eq!(line["finding"]["id"], id.as_str());
    assert_eq!(line["answers"][2]["answer"], "unknown");
    assert_eq!(line["accounts"][0]["record"]["id"], "r2");
    assert!(line["would_change"][0].as_str().unwrap().contains("attribution"));
}

#[test]
fn an_id_may_be_cut_short_but_not_ambiguous() {
    let id = id_of("2.2", Some("SO"), None);
    assert!(explain(&id[..9], &[]).out.starts_with(&id));
    let several = explain("2.1-", &[]);
    assert_eq!((several.exit, several.out.as_str()), (2, ""));
    assert!(several.err.contains("6 findings begin with"), "{}", several.err);
    let none = explain("9.9-0000000000", &[]);
    assert_eq!(none.exit, 2);
    assert!(none.err.contains("lists the findings"), "{}", none.err);
}

#[test]
fn a_clock_that_was_paused() {
    let clocks = [
        "../clocks/clocks.md",
        "--evidence",
        "../clocks/clocks.jsonl",
        "--now",
        "2026-03-20 06:00",
    ];
    let findings = casus(&common::and(&["run", "--json"], &clocks)).of_kind("finding");
    let missed = findings.iter().find(|one| one["party"] == "South").unwrap();
    let id = missed["id"].as_str().unwrap();
    let done = casus(&common::and(&common::and(&["explain"], &clocks), &[id]));
    let page = done.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = [
        "put off by 2 calendar days on each extension which says that it is about it",
        "and later by as long as the state “Storm” (1.1) of whoever is bound holds, 72 hours at",
        // Friday and Saturday are no working days of the South.
        "without extensions and pauses it was due 2026-03-11 00:00; they moved it by 24 hours",
        "due 2026-03-12 00:00",
    ];
    says(&page, &parts);
}
