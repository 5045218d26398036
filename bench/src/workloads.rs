//! The workloads: each writes its files, asks the plain computation, and holds the contest.
//!
//! Invariant: an agreement that does not pass `casus check` is not run.

use crate::{
    contest::{Answer, Contender, hold},
    files,
    incidents::{self, Unrest},
    options::Options,
    peers,
    results::Found,
    shapes::{Degrees, geojson},
    table::Table,
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
}

impl Workload {
    /// All of them.
    pub const ALL: [Workload; 2] = [Workload::Tracks, Workload::Incidents];

    /// By its name.
    pub fn named(name: &str) -> Option<Workload> {
        Workload::ALL.into_iter().find(|one| one.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Workload::Tracks => "tracks",
            Workload::Incidents => "incidents",
        }
    }

    /// Runs it.
    ///
    /// # Errors
    /// Where a file cannot be written, a program fails, or two of them differ.
    pub fn run(self, options: &Options) -> Result<Table, String> {
        let folder = options.folder.join(self.name());
        match self {
            Workload::Tracks => tracks(&folder, options),
            Workload::Incidents => incidents(&folder, options),
        }
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn tracks(folder: &Path, options: &Options) -> Result<Table, String> {
    let positions = options.positions;
    let movers = options.movers.unwrap_or_else(|| (positions / 500).clamp(20, 20_000));
    let fences = options.fences;
    let sizes = tracks::Sizes {
        positions,
        movers: size(movers),
        fences: size(fences),
        seed: options.seed,
    };
    let (zones, sea) = tracks::sea(&sizes);
    eprintln!("writing {positions} positions to {}", folder.display());
    files::write(&folder.join("fences.geojson"), |out| geojson(&zones, out))?;
    files::text(&folder.join("agreement.md"), &tracks::agreement())?;
    files::text(&folder.join("profile.toml"), tracks::PROFILE)?;
    let mut last_s = tracks::BEGIN;
    files::write(&folder.join("evidence.csv"), |out| {
        writeln!(out, "id,t,lon,lat")?;
        for tracks::Position { mover, at_s, at } in sea {
            last_s = at_s;
            let (lon, lat) = (Degrees(at.x), Degrees(at.y));
            writeln!(out, "{},{at_s},{lon},{lat}", tracks::plain::item(mover))?;
        }
        Ok(())
    })?;
    let plain = tracks::plain::stays(&zones, tracks::sea(&sizes).1);
    let mut contenders = casus(folder, last_s, stay, options)?;
    let known = [("shapely", "polars and shapely"), ("duckdb", "DuckDB spatial")];
    contenders.extend(peers::of("tracks", &known, folder, options)?);
    let found = plain.len();
    Ok(Table {
        title: "Tracks".to_owned(),
        told: format!(
            "{positions} positions of {movers} things over {fences} fences; {found} stays found \
             by all alike."
        ),
        records: positions,
        rows: hold(&contenders, &plain, folder, options)?,
    })
}

/// `item,fence,first,last`.
fn stay(found: &Found) -> Option<String> {
    let [item, fence] = found.key.as_slice() else { return None };
    let first_s = found.from_ms / 1000 - (tracks::GAP_S + tracks::LEAST_S - 1);
    let last_s = found.to_ms? / 1000 - tracks::GAP_S;
    Some(format!("{item},{fence},{first_s},{last_s}"))
}

fn incidents(folder: &Path, options: &Options) -> Result<Table, String> {
    let (reports, rules, sectors) = (options.reports, options.rules, options.sectors);
    let seed = options.seed;
    let sizes =
        incidents::Sizes { reports, rules: size(rules), sectors: size(sectors), seed };
    let unrest = Unrest::new(sizes);
    eprintln!("writing {reports} reports to {}", folder.display());
    files::write(&folder.join("sectors.geojson"), |out| geojson(&unrest.sectors, out))?;
    files::write(&folder.join("districts.geojson"), |out| geojson(&unrest.districts, out))?;
    files::text(&folder.join("agreement.md"), &unrest.agreement())?;
    files::text(&folder.join("profile.toml"), incidents::PROFILE)?;
    files::text(&folder.join("rules.json"), &unrest.rules_as_json())?;
    let mut last_s = tracks::BEGIN;
    files::write(&folder.join("evidence.csv"), |out| {
        writeln!(out, "id,t,category,actor,lon,lat")?;
        for report in unrest.reports() {
            last_s = report.at_s;
            incidents::row(&report, out)?;
        }
        Ok(())
    })?;
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
        records: reports,
        rows: hold(&contenders, &plain, folder, options)?,
    })
}

/// `rule,party,zone,from,to`.
fn spate(found: &Found) -> Option<String> {
    let Found { provision, party, key, from_ms, to_ms } = found;
    let party = party.as_deref()?;
    let zone = key.iter().find(|one| *one != party).map_or("", String::as_str);
    Some(format!("{provision},{party},{zone},{},{}", from_ms / 1000, (*to_ms)? / 1000))
}

/// Casus, and the tight loop over the same file.
fn casus(
    folder: &Path,
    last_s: i64,
    row: fn(&Found) -> Option<String>,
    options: &Options,
) -> Result<Vec<Contender>, String> {
    let text = |path: PathBuf| path.display().to_string();
    let program = text(options.casus.clone());
    let agreement = text(folder.join("agreement.md"));
    let mut check = Command::new(&program);
    check.args(["check", &agreement]).stdout(Stdio::null());
    match check.status() {
        Ok(status) if status.success() => {}
        Ok(_) => return Err(format!("`{agreement}` does not pass `casus check`")),
        Err(error) => return Err(format!("`{program}` could not be run: {error}")),
    }
    let file = text(folder.join("evidence.csv"));
    let evidence = format!("{}={file}", text(folder.join("profile.toml")));
    // Two days later everything has ended.
    let now = Instant((last_s + 2 * incidents::DAY_S) * 1000).to_string();
    let limits = "rows=1000000000,file_bytes=1000000000000,unpacked_bytes=1000000000000";
    let command = [&*program, "run", &agreement, "--evidence", &evidence, "--now", &now, "--json"];
    let command = command.into_iter().chain(["--limits", limits]).map(str::to_owned).collect();
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let tight = vec![text(own), "tight".to_owned(), file];
    Ok(vec![
        Contender::new("Casus", command, Answer::Findings(row)),
        Contender::new("reading the columns alone", tight, Answer::Nothing),
    ])
}
