//! Reports of incidents, and rules that ask when there were too many of them within a day.
//!
//! Invariant: however many reports are drawn, memory holds the zones and the rules.

pub mod plain;

use crate::{
    files,
    random::Random,
    shapes::{CORNER, Degrees, EXTENT, Point, Zone, geojson, zones},
    tracks::BEGIN,
};
use serde_json::json;
use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::Path,
};

/// Seconds of a day, the window of every rule.
pub const DAY_S: i64 = 86_400;
/// How many kinds of report there are.
const KINDS: usize = 40;
/// How many actors.
const ACTORS: usize = 20;
/// Reports a day: a million in ninety days.
const A_DAY: f64 = 1_000_000.0 / 90.0;
/// How often a report comes from where much happens just now.
const HOT: f64 = 0.15;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// How many reports.
    pub reports: u64,
    /// How many rules.
    pub rules: usize,
    /// How many sectors; of districts there is one for six sectors.
    pub sectors: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// One report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its number, from 0.
    pub id: u64,
    /// When, in seconds since 1970.
    pub at_s: i64,
    /// Of what kind.
    pub kind: usize,
    /// By whom.
    pub actor: usize,
    /// Where.
    pub at: Point,
}

/// Where a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// In each sector by itself.
    Sectors,
    /// In each district by itself.
    Districts,
    /// In this sector alone.
    Sector(usize),
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The kinds that count.
    pub kinds: Vec<usize>,
    /// The actors that count; none named: all.
    pub actors: Vec<usize>,
    /// Where it counts.
    pub place: Where,
    /// So many within a day are too many.
    pub least: usize,
}

/// Zones, rules and reports.
#[derive(Debug)]
pub struct Unrest {
    /// Small zones.
    pub sectors: Vec<Zone>,
    /// Large zones, which lie over the small ones.
    pub districts: Vec<Zone>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// How often each kind occurs, and each actor.
    often: (Vec<f64>, Vec<f64>),
    sizes: Sizes,
}

impl Unrest {
    /// Everything but the reports.
    pub fn new(sizes: Sizes) -> Unrest {
        let mut random = Random::new(sizes.seed ^ 0x1c1d);
        let sectors = zones("sector", sizes.sectors, &mut random);
        let districts = zones("district", sizes.sectors.div_ceil(6), &mut random);
        let often = (falling(KINDS, 8.0), falling(ACTORS, 5.0));
        let mut unrest = Unrest { sectors, districts, rules: Vec::new(), often, sizes };
        for at in 0..sizes.rules {
            let rule = unrest.rule(at, &mut random);
            unrest.rules.push(rule);
        }
        unrest
    }

    /// How many reports there are.
    pub fn count(&self) -> u64 {
        self.sizes.reports
    }

    /// A kind, as often as it occurs.
    pub fn any_kind(&self, random: &mut Random) -> usize {
        drawn(&self.often.0, random)
    }

    /// An actor, as often as it occurs.
    pub fn any_actor(&self, random: &mut Random) -> usize {
        drawn(&self.often.1, random)
    }

    /// A place near some sector.
    pub fn any_place(&self, random: &mut Random) -> Point {
        let sector = self.sectors.get(random.below(self.sectors.len()));
        sector.map_or(CORNER, |sector| sector.near(random))
    }

    /// How long the reports go on, in days.
    pub fn days(&self) -> f64 {
        (self.sizes.reports as f64 / A_DAY).max(2.0)
    }

    fn rule(&self, at: usize, random: &mut Random) -> Rule {
        let place = match at % 10 {
            8 => Where::Sector(random.below(self.sectors.len())),
            9 => Where::Districts,
            _ => Where::Sectors,
        };
        let kinds = some(1 + random.below(8), KINDS, random);
        let actors = if matches!(at % 10, 6 | 7) { some(3, ACTORS, random) } else { Vec::new() };
        let mut rule = Rule { kinds, actors, place, least: 2 };
        // A rule that finds nothing compares nothing.
        let wanted = (self.sizes.reports as f64 / 50.0 / self.sizes.rules as f64).max(2.0);
        while self.expected(&rule) > wanted {
            rule.least += 1;
        }
        rule
    }

    /// About how many stretches a rule will give, if reports came one by one by chance: how often
    /// the count steps from one below the bound onto it.
    fn expected(&self, rule: &Rule) -> f64 {
        let zones = match rule.place {
            Where::Sectors => self.sectors.len(),
            Where::Districts => self.districts.len(),
            Where::Sector(_) => 1,
        };
        let all = match rule.place {
            Where::Districts => self.districts.len(),
            _ => self.sectors.len(),
        };
        let kinds: f64 = rule.kinds.iter().filter_map(|kind| self.often.0.get(*kind)).sum();
        let counts = |actor: &usize| rule.actors.is_empty() || rule.actors.contains(actor);
        let of = |actor: usize| self.often.1.get(actor).copied().unwrap_or_default();
        let each = (0..ACTORS).filter(counts).map(|actor| {
            let rate = A_DAY * 0.8 * kinds * of(actor) / all as f64;
            let below = (1..rule.least).fold((-rate).exp(), |p, n| p * rate / n as f64);
            rate * below * self.days() * zones as f64
        });
        each.sum()
    }

    /// The reports, in the order of their time.
    pub fn reports(&self) -> Reports<'_> {
        let random = Random::new(self.sizes.seed ^ 0x5eed);
        let hot = vec![(0, 0, 0); 12];
        Reports { unrest: self, random, hot, clock_s: BEGIN as f64, next: 0 }
    }

    /// The agreement.
    pub fn agreement(&self) -> String {
        let mut text = String::from(
            "# When there is too much of it\n\n\
             All of it is invented: the zones, the actors, and everything that is reported.\n\n\
             ```casus\nagreement Bench Incidents version 1\n\n",
        );
        // Writing to a string cannot fail.
        let list = |each: Vec<String>| each.join(", ");
        let _ = writeln!(text, "parties {}", list((0..ACTORS).map(actor).collect()));
        let _ = writeln!(text, "category event is {}", list((0..KINDS).map(kind).collect()));
        for (at, rule) in self.rules.iter().enumerate() {
            let kinds = list(rule.kinds.iter().map(|one| kind(*one)).collect());
            let _ = writeln!(text, "category set {} is {kinds}", at + 1);
        }
        text.push_str("act report of event\n");
        for family in ["sector", "district"] {
            if family == "sector" || self.rules.iter().any(|rule| rule.place == Where::Districts) {
                let _ = writeln!(text, "zones {family} from {family}s.geojson named by \"name\"");
            }
        }
        for (at, rule) in self.rules.iter().enumerate() {
            if let Where::Sector(sector) = rule.place {
                let name = self.sectors.get(sector).map_or("", |zone| &zone.name);
                let of = at + 1;
                let _ = writeln!(text, "zone Place {of} from sectors.geojson feature \"{name}\"");
            }
        }
        text.push_str("```\n\n```casus\n");
        for (at, rule) in self.rules.iter().enumerate() {
            let label = at + 1;
            let (keys, place, same) = match rule.place {
                Where::Sectors => ("party, sector", String::new(), ", in same sector"),
                Where::Districts => ("party, district", String::new(), ", in same district"),
                Where::Sector(_) => ("party", format!(" in Place {label}"), ""),
            };
            let actors: Vec<String> = rule.actors.iter().map(|one| actor(*one)).collect();
            let by =
                if actors.is_empty() { String::new() } else { format!(" by {}", list(actors)) };
            let least = rule.least;
            let _ = writeln!(text, "{label} finding spate {label} of {keys}");
            let _ = writeln!(
                text,
                "    when at least {least} report of set {label}{by}{place} same party{same} \
                 within 24 hours"
            );
        }
        text.push_str("```\n");
        text
    }

    /// The rules for the peers.
    pub fn rules_as_json(&self) -> String {
        let one = |(at, rule): (usize, &Rule)| {
            let (of, zone) = match rule.place {
                Where::Sectors => ("sector", None),
                Where::Districts => ("district", None),
                Where::Sector(sector) => ("sector", self.sectors.get(sector)),
            };
            json!({
                "label": (at + 1).to_string(),
                "kinds": rule.kinds.iter().map(|one| kind(*one)).collect::<Vec<_>>(),
                "actors": rule.actors.iter().map(|one| actor(*one)).collect::<Vec<_>>(),
                "family": of,
                "zone": zone.map(|zone| &zone.name),
                "least": rule.least,
            })
        };
        let all: Vec<_> = self.rules.iter().enumerate().map(one).collect();
        serde_json::Value::from(all).to_string()
    }
}

/// The reports, one after the other.
#[derive(Debug)]
pub struct Reports<'a> {
    unrest: &'a Unrest,
    random: Random,
    /// Kind, actor and sector of which there is much just now.
    hot: Vec<(usize, usize, usize)>,
    clock_s: f64,
    next: u64,
}

impl Iterator for Reports<'_> {
    type Item = Report;

    fn next(&mut self) -> Option<Report> {
        let Unrest { sectors, often, sizes, .. } = self.unrest;
        if self.next >= sizes.reports {
            return None;
        }
        let id = self.next;
        self.next += 1;
        let random = &mut self.random;
        self.clock_s -= (1.0 - random.unit()).ln() * DAY_S as f64 / A_DAY;
        let mut of =
            (drawn(&often.0, random), drawn(&often.1, random), random.below(sectors.len()));
        let spot = random.below(self.hot.len());
        if let Some(hot) = self.hot.get_mut(spot) {
            if random.chance(HOT) {
                of = *hot;
            } else if random.chance(0.01) {
                *hot = of;
            }
        }
        let (kind, actor, sector) = of;
        let zone = sectors.get(sector);
        let at = match (random.unit(), zone) {
            (..0.02, Some(zone)) => zone.on_edge(random),
            (..0.9, Some(zone)) => zone.near(random),
            _ => Point {
                x: CORNER.x + random.between(0, EXTENT),
                y: CORNER.y + random.between(0, EXTENT),
            },
        };
        Some(Report { id, at_s: self.clock_s.floor() as i64, kind, actor, at })
    }
}

/// Shares that fall from the first to the last and are one together.
fn falling(count: usize, half: f64) -> Vec<f64> {
    let each: Vec<f64> = (0..count).map(|at| 1.0 / (1.0 + at as f64 / half)).collect();
    let all: f64 = each.iter().sum();
    each.into_iter().map(|one| one / all).collect()
}

/// One of these, as often as its share says.
fn drawn(shares: &[f64], random: &mut Random) -> usize {
    let mut left = random.unit();
    let found = shares.iter().position(|share| {
        left -= share;
        left < 0.0
    });
    found.unwrap_or_default()
}

/// So many different ones of `all`, in order.
fn some(count: usize, all: usize, random: &mut Random) -> Vec<usize> {
    let mut found = Vec::new();
    while found.len() < count {
        let one = random.below(all);
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found.sort_unstable();
    found
}

/// The name of an actor.
pub fn actor(at: usize) -> String {
    format!("Actor {:02}", at + 1)
}

/// The name of a kind.
pub fn kind(at: usize) -> String {
    format!("kind {:02}", at + 1)
}

/// How the columns are read, but for what `files::profile` adds.
pub const PROFILE: &str = r#"name = "bench-incidents"
title = "Invented reports of invented incidents"

[id]
columns = ["id"]

[[act]]
fixed = "report"

[actor]
name = { column = "actor" }
confidence = { fixed = "confirmed" }

[object]
kind = { column = "category" }

[[place]]
lon = "lon"
lat = "lat"
"#;

/// Writes a report as a row.
///
/// # Errors
/// Where it cannot be written.
pub fn row(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    let Report { id, at_s, at, .. } = report;
    let (kind, actor) = (kind(report.kind), actor(report.actor));
    writeln!(out, "r{id:08},{at_s},{kind},{actor},{},{}", Degrees(at.x), Degrees(at.y))
}

/// Writes the agreement, its zones and the reports; it says when the last of them was.
///
/// # Errors
/// Where they cannot be written.
pub fn write(unrest: &Unrest, folder: &Path) -> Result<i64, String> {
    files::write(&folder.join("sectors.geojson"), |out| geojson(&unrest.sectors, out))?;
    files::write(&folder.join("districts.geojson"), |out| geojson(&unrest.districts, out))?;
    files::text(&folder.join("agreement.md"), &unrest.agreement())?;
    files::profile(folder, PROFILE)?;
    files::text(&folder.join("rules.json"), &unrest.rules_as_json())?;
    let mut last_s = BEGIN;
    files::write(&folder.join("evidence.csv"), |out| {
        writeln!(out, "id,t,category,actor,lon,lat")?;
        for report in unrest.reports() {
            last_s = report.at_s;
            row(&report, out)?;
        }
        Ok(())
    })?;
    Ok(last_s)
}
