//! A log of what actors did in areas, and two policies on its time: too often within a day, and
//! never announced within a day before.
//!
//! Invariant: memory holds the areas and what is announced for the next day, however long the log.

use crate::{
    incidents::{self, DAY_S, plain::stretches},
    random::Random,
    shapes::{Zone, zones},
    tracks::BEGIN,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// How many actors there are.
const ACTORS: usize = 40;
/// Events a day: a million in thirty days.
const A_DAY: f64 = 1_000_000.0 / 30.0;
/// So many violations within a day are too many.
pub const LEAST: usize = 4;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// How many events.
    pub events: u64,
    /// In how many areas.
    pub areas: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Something is announced.
    Notice,
    /// What should have been announced.
    Deed,
    /// What should not happen often.
    Violation,
}

/// One event: when, what, by whom and in which area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// In seconds since 1970.
    pub at_s: i64,
    /// What it was.
    pub what: What,
    /// By whom.
    pub actor: usize,
    /// Where.
    pub area: usize,
}

/// The areas.
pub fn areas(sizes: &Sizes) -> Vec<Zone> {
    zones("area", sizes.areas, &mut Random::new(sizes.seed ^ 0xa4ea))
}

/// The events, in the order of their time.
pub fn log(sizes: Sizes) -> Log {
    let random = Random::new(sizes.seed ^ 0x1095);
    Log { random, sizes, clock_s: BEGIN as f64, coming: BinaryHeap::new(), left: sizes.events }
}

/// All events, one after the other.
#[derive(Debug)]
pub struct Log {
    random: Random,
    sizes: Sizes,
    clock_s: f64,
    /// Deeds that were announced.
    coming: BinaryHeap<Reverse<Event>>,
    left: u64,
}

impl Iterator for Log {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        self.left = self.left.checked_sub(1)?;
        let random = &mut self.random;
        // Two of five events are deeds that come by themselves.
        let step_s = -(1.0 - random.unit()).ln() * DAY_S as f64 / A_DAY / 0.6;
        let at_s = (self.clock_s + step_s).floor() as i64;
        if self.coming.peek().is_some_and(|next| next.0.at_s <= at_s) {
            return self.coming.pop().map(|next| next.0);
        }
        self.clock_s += step_s;
        let (actor, area) = (random.below(ACTORS), random.below(self.sizes.areas));
        let what = match random.unit() {
            ..0.64 => What::Notice,
            ..0.66 => What::Deed,
            _ => What::Violation,
        };
        if what == What::Notice {
            // At times at the bound itself, or just behind it.
            let after_s = match random.unit() {
                ..0.01 => DAY_S,
                ..0.02 => DAY_S + 1,
                ..0.03 => 0,
                _ => random.between(1, DAY_S),
            };
            let deed = Event { at_s: at_s + after_s, what: What::Deed, actor, area };
            self.coming.push(Reverse(deed));
        }
        Some(Event { at_s, what, actor, area })
    }
}

/// The name of an event's act.
pub fn act(what: What) -> &'static str {
    match what {
        What::Notice => "notice",
        What::Deed => "deed",
        What::Violation => "violation",
    }
}

/// The agreement of the count, or of the announcement.
pub fn agreement(count: bool) -> String {
    let actors: Vec<String> = (0..ACTORS).map(incidents::actor).collect();
    let (title, acts, rule) = match count {
        true => (
            "Bench Count",
            "act violation",
            format!(
                "1 finding excess of party, area\n    when at least {LEAST} violation same party, \
                 in same area within 24 hours"
            ),
        ),
        false => (
            "Bench Once",
            "act notice\nact deed",
            "1 finding surprise of party, area\n    when deed same party, in same area\n    \
             and  no notice same party, in same area within 24 hours before it"
                .to_owned(),
        ),
    };
    format!(
        "# {title}\n\nAll of it is invented: the areas, the actors, and everything in the log.\n\n\
         ```casus\nagreement {title} version 1\n\nparties {}\n{acts}\n\
         zones area from areas.geojson named by \"name\"\n```\n\n```casus\n{rule}\n```\n",
        actors.join(", ")
    )
}

/// What the policy finds, as rows, sorted: `party,area,from,to` of the count, else `party,area,at`.
pub fn plain(count: bool, areas: &[Zone], log: impl Iterator<Item = Event>) -> Vec<String> {
    let mut groups: BTreeMap<(usize, usize), Vec<Event>> = BTreeMap::new();
    for event in log {
        groups.entry((event.actor, event.area)).or_default().push(event);
    }
    let mut rows = Vec::new();
    for ((actor, area), mut group) in groups {
        group.sort_unstable();
        let name = areas.get(area).map_or("", |area| &area.name);
        let key = format!("{},{name}", incidents::actor(actor));
        match count {
            true => rows.extend(too_many(&group).iter().map(|(a, b)| format!("{key},{a},{b}"))),
            false => rows.extend(unannounced(&group).iter().map(|at| format!("{key},{at}"))),
        }
    }
    rows.sort_unstable();
    rows
}

fn too_many(group: &[Event]) -> Vec<(i64, i64)> {
    let violations = group.iter().filter(|event| event.what == What::Violation);
    let times: Vec<(i64, usize)> = violations.map(|event| (event.at_s, 0)).collect();
    stretches(&[0], LEAST, &times)
}

/// A notice at the same moment, or exactly a day before, is in time.
fn unannounced(group: &[Event]) -> Vec<i64> {
    let (mut notice, mut found) = (i64::MIN / 2, Vec::new());
    for event in group {
        match event.what {
            What::Notice => notice = event.at_s,
            What::Deed if event.at_s - notice > DAY_S => found.push(event.at_s),
            What::Deed | What::Violation => {}
        }
    }
    found
}

/// How the columns are read, but for what `files::profile` adds.
pub const PROFILE: &str = r#"name = "bench-policies"
title = "An invented log"

[id]
columns = ["id"]

[[act]]
column = "event"
values = [["notice", "notice"], ["deed", "deed"], ["violation", "violation"]]

[actor]
name = { column = "actor" }
confidence = { fixed = "confirmed" }

[[place]]
named = "area"
"#;
