//! The workloads: each writes its files, asks the plain computation, and holds the contest.
//!
//! Invariant: an agreement that does not pass `casus check` is not run.

use crate::{
    contest::{Answer, Contender, hold},
    corrections, files, growth,
    incidents::{self, Unrest},
    options::Options,
    peers,
    policies::{self, Event},
    results::Found,
    shapes::geojson,
    table::{TO_CASUS, Table},
    tracks,
};
use casus_model::Instant;
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// Positions against fences.
    Tracks,
    /// Counts of reports within a day.
    Incidents,
    /// Corrections of such reports, one by one.
    Corrections,
    /// Policies on time over a log.
    Policies,
    /// What a record costs as positions, fences and rules become more.
    Growth,
}

impl Workload {
    /// All of them.
    pub const ALL: [Workload; 5] = [
        Workload::Tracks,
        Workload::Incidents,
        Workload::Corrections,
        Workload::Policies,
        Workload::Growth,
    ];

    /// By its name.
    pub fn named(name: &str) -> Option<Workload> {
        Workload::ALL.into_iter().find(|one| one.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Workload::Tracks => "tracks",
            Workload::Incidents => "incidents",
            Workload::Corrections => "corrections",
            Workload::Policies => "policies",
            Workload::Growth => "growth",
        }
    }

    /// Runs it.
    ///
    /// # Errors
    /// Where a file cannot be written, a program fails, or two of them differ.
    pub fn run(self, options: &Options) -> Result<Vec<Table>, String> {
        let folder = options.folder.join(self.name());
        match self {
            Workload::Tracks => Ok(vec![tracks(&folder, options)?]),
            Workload::Incidents => Ok(vec![incidents(&folder, options)?]),
            Workload::Corrections => Ok(vec![corrections::run(&folder, options)?]),
            Workload::Policies => {
                let of = |count, name| policies(count, &options.folder.join(name), options);
                Ok(vec![of(true, "policies-count")?, of(false, "policies-once")?])
            }
            Workload::Growth => growth::run(&folder, options),
        }
    }
}

/// As a count of things in memory.
pub fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn tracks(folder: &Path, options: &Options) -> Result<Table, String> {
    let positions = options.positions;
    let movers = options.movers.unwrap_or_else(|| (positions / 500).clamp(4, 20_000));
    let fences = options.fences;
    let sizes =
        tracks::Sizes { positions, movers: size(movers), fences: size(fences), seed: options.seed };
    let (zones, sea) = tracks::sea(&sizes);
    eprintln!("writing {positions} positions to {}", folder.display());
    tracks::write(&zones, folder)?;
    let mut last_s = tracks::BEGIN;
    let sea = sea.inspect(|position| last_s = position.at_s);
    files::write(&folder.join("evidence.csv"), |out| growth::rows(sea, out))?;
    let plain = tracks::plain::stays(&zones, tracks::sea(&sizes).1);
    let mut contenders = casus(folder, last_s, stay, options)?;
    let known = [("shapely", "polars and shapely"), ("duckdb", "DuckDB spatial")];
    // The peers read one family of fences.
    if zones.len() <= tracks::FAMILY {
        contenders.extend(peers::of("tracks", &known, folder, options)?);
    }
    let found = plain.len();
    Ok(Table {
        title: "Tracks".to_owned(),
        told: format!(
            "{positions} positions of {movers} things over {fences} fences; {found} stays found \
             by all alike."
        ),
        rows: hold(&contenders, &plain, positions, folder, options)?,
        ratio: TO_CASUS,
    })
}

/// `item,fence,first,last`.
pub fn stay(found: &Found) -> Option<String> {
    let [item, fence] = found.key.as_slice() else { return None };
    // It is found a minute after the first sighting, and ends just after the last.
    let first_s = found.from_ms / 1000 - tracks::LEAST_S;
    let last_s = (found.to_ms? - 1) / 1000;
    Some(format!("{item},{fence},{first_s},{last_s}"))
}

fn incidents(folder: &Path, options: &Options) -> Result<Table, String> {
    let (reports, rules, sectors) = (options.reports, options.rules, options.sectors);
    let seed = options.seed;
    let sizes = incidents::Sizes { reports, rules: size(rules), sectors: size(sectors), seed };
    let unrest = Unrest::new(sizes);
    eprintln!("writing {reports} reports to {}", folder.display());
    let last_s = incidents::write(&unrest, folder)?;
    let plain = incidents::plain::spates(&unrest, unrest.reports());
    let mut contenders = casus(folder, last_s, spate, options)?;
    let known = [("polars", "polars and shapely"), ("duckdb", "DuckDB spatial")];
    contenders.extend(peers::of("incidents", &known, folder, options)?);
    let found = plain.len();
    Ok(Table {
        title: "Incidents".to_owned(),
        told: format!(
            "{reports} reports in {sectors} sectors under {rules} rules; {found} stretches found \
             by all alike."
        ),
        rows: hold(&contenders, &plain, reports, folder, options)?,
        ratio: TO_CASUS,
    })
}

/// `rule,party,zone,from,to`.
pub fn spate(found: &Found) -> Option<String> {
    let Found { provision, party, key, from_ms, to_ms } = found;
    let party = party.as_deref()?;
    let zone = key.iter().find(|one| *one != party).map_or("", String::as_str);
    Some(format!("{provision},{party},{zone},{},{}", from_ms / 1000, (*to_ms)? / 1000))
}

fn policies(count: bool, folder: &Path, options: &Options) -> Result<Table, String> {
    let (events, areas, seed) = (options.events, options.areas, options.seed);
    let sizes = policies::Sizes { events, areas: size(areas), seed };
    let zones = policies::areas(&sizes);
    eprintln!("writing {events} events to {}", folder.display());
    files::write(&folder.join("areas.geojson"), |out| geojson(&zones, out))?;
    files::text(&folder.join("agreement.md"), &policies::agreement(count))?;
    files::profile(folder, policies::PROFILE)?;
    let mut last_s = tracks::BEGIN;
    files::write(&folder.join("evidence.csv"), |out| {
        writeln!(out, "id,t,event,actor,area")?;
        for (id, Event { at_s, what, actor, area }) in policies::log(sizes).enumerate() {
            last_s = at_s;
            let area = zones.get(area).map_or("", |zone| &zone.name);
            let (what, actor) = (policies::act(what), incidents::actor(actor));
            writeln!(out, "e{id:08},{at_s},{what},{actor},{area}")?;
        }
        Ok(())
    })?;
    let plain = policies::plain(count, &zones, policies::log(sizes));
    let row = if count { excess } else { surprise };
    let mut contenders = casus(folder, last_s, row, options)?;
    contenders.truncate(1);
    let (name, title) = match count {
        true => ("policies-count", "Policy: too often within a day"),
        false => ("policies-once", "Policy: not announced within the day before"),
    };
    contenders.extend(peers::of(name, &[("polars", "polars")], folder, options)?);
    let found = plain.len();
    Ok(Table {
        title: title.to_owned(),
        told: format!("{events} events in {areas} areas; {found} findings of all alike."),
        rows: hold(&contenders, &plain, events, folder, options)?,
        ratio: TO_CASUS,
    })
}

/// `party,area,from,to`.
fn excess(found: &Found) -> Option<String> {
    Some(format!("{},{}", surprise(found)?, found.to_ms? / 1000))
}

/// `party,area,at`.
fn surprise(found: &Found) -> Option<String> {
    let party = found.party.as_deref()?;
    let area = found.key.iter().find(|one| *one != party)?;
    Some(format!("{party},{area},{}", found.from_ms / 1000))
}

/// Casus, and the tight loop over the same file.
fn casus(
    folder: &Path,
    last_s: i64,
    row: fn(&Found) -> Option<String>,
    options: &Options,
) -> Result<Vec<Contender>, String> {
    checked(folder, options)?;
    let file = folder.join("evidence.csv").display().to_string();
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let tight = vec![own.display().to_string(), "tight".to_owned(), file.clone()];
    Ok(vec![
        Contender::new("Casus", command(folder, &file, last_s, options), Answer::Findings(row)),
        Contender::new("reading the columns alone", tight, Answer::Nothing),
    ])
}

/// The command that judges a file (`-`: standard input) when everything in it has ended.
pub fn command(folder: &Path, file: &str, last_s: i64, options: &Options) -> Vec<String> {
    let text = |path: PathBuf| path.display().to_string();
    let now = Instant((last_s + 2 * incidents::DAY_S) * 1000).to_string();
    [
        text(options.casus.clone()),
        "run".to_owned(),
        text(folder.join("agreement.md")),
        "--evidence".to_owned(),
        format!("{}={file}", text(folder.join("profile.toml"))),
        "--now".to_owned(),
        now,
        "--json".to_owned(),
        "--limits".to_owned(),
        "rows=1000000000,file_bytes=1000000000000,unpacked_bytes=1000000000000".to_owned(),
    ]
    .to_vec()
}

/// Whether the agreement passes `casus check`.
///
/// # Errors
/// Where it does not.
pub fn checked(folder: &Path, options: &Options) -> Result<(), String> {
    let (agreement, program) = (folder.join("agreement.md"), options.casus.display());
    let mut check = Command::new(&options.casus);
    check.arg("check").arg(&agreement).stdout(Stdio::null());
    match check.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("`{}` does not pass `casus check`", agreement.display())),
        Err(error) => Err(format!("`{program}` could not be run: {error}")),
    }
}
