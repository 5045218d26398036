//! What a record costs as there are more of them, and more fences and rules.
//!
//! Invariant: positions go through a pipe and never lie on the disk, so that their number is
//! bounded by patience alone.

use crate::{
    figure::{Curve, figure},
    files,
    incidents::{self, Unrest},
    measure::{Cost, measure_fed},
    options::Options,
    results,
    shapes::Degrees,
    table::{Row, Table},
    tracks::{self, Sizes, plain},
    workloads::{checked, command, size, spate, stay},
};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
};

/// Measures the three, and draws them.
///
/// # Errors
/// Where a program fails, or differs from the plain computation.
pub fn run(folder: &Path, options: &Options) -> Result<Vec<Table>, String> {
    // As a share of the most: 1 M to 100 M positions where 100 M are asked for.
    let steps = [100, 30, 10, 3, 1].map(|part| (options.positions / part).max(1_000));
    let positions =
        curve("positions", &steps, |most| at_sea(folder, most, options.fences, options))?;
    let base = (options.positions / 100).max(2_000);
    let steps = [(1, 10), (1, 1), (10, 1), (100, 1)];
    let fences = steps.map(|(times, part)| (options.fences * times / part).max(1));
    let fences = curve("fences", &fences, |most| at_sea(folder, base, most, options))?;
    let steps = [(1, 10), (1, 1), (5, 1), (25, 1)];
    let rules = steps.map(|(times, part)| (options.rules * times / part).max(1));
    let reports = (options.reports / 10).max(5_000);
    let rules = curve("rules", &rules, |most| under_rules(folder, reports, most, options))?;
    let tables = vec![
        table("Growth with positions", &positions, format!("Over {} fences.", options.fences)),
        table("Growth with fences", &fences, format!("Of {base} positions.")),
        table("Growth with rules", &rules, format!("Of {reports} reports.")),
    ];
    let path = options.figure.clone().unwrap_or_else(|| folder.join("growth.svg"));
    files::text(&path, &figure(&[positions, fences, rules]))?;
    Ok(tables)
}

/// One point for each step: how many, and what it cost.
fn curve(
    what: &str,
    steps: &[u64],
    cost: impl Fn(u64) -> Result<(u64, Cost), String>,
) -> Result<Curve, String> {
    let mut points = Vec::new();
    for step in steps {
        eprintln!("growth: {step} {what}");
        let (records, cost) = cost(*step)?;
        points.push((*step, records, cost));
    }
    Ok(Curve { what: what.to_owned(), points })
}

fn table(title: &str, curve: &Curve, told: String) -> Table {
    let row = |(step, records, cost): &(u64, u64, Cost)| Row {
        who: format!("{step} {}", curve.what),
        costs: vec![*cost],
        records: *records,
    };
    let rows = curve.points.iter().map(row).collect();
    Table { title: title.to_owned(), told, rows, ratio: "times the first" }
}

fn at_sea(
    folder: &Path,
    positions: u64,
    fences: u64,
    options: &Options,
) -> Result<(u64, Cost), String> {
    let movers = options.movers.unwrap_or_else(|| (positions / 500).clamp(4, 20_000));
    let (movers, fences) = (size(movers), size(fences));
    let sizes = Sizes { positions, movers, fences, seed: options.seed };
    let (zones, sea) = tracks::sea(&sizes);
    tracks::write(&zones, folder)?;
    checked(folder, options)?;
    let mut last_s = tracks::BEGIN;
    let expected = plain::stays(&zones, sea.inspect(|position| last_s = position.at_s));
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let numbers = [positions, movers as u64, fences as u64, options.seed];
    let mut feeder = Command::new(own);
    feeder.arg("stream").args(numbers.map(|number| number.to_string()));
    let mut feeder = feeder
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the stream of positions: {error}"))?;
    let input = feeder.stdout.take().map_or_else(Stdio::null, Stdio::from);
    let output = folder.join("casus.out");
    let cost = measure_fed(&command(folder, "-", last_s, options), input, &output);
    let fed = feeder.wait();
    let cost = cost?;
    if !fed.is_ok_and(|status| status.success()) {
        return Err("the stream of positions broke off".to_owned());
    }
    results::compare("Casus", &results::rows(&output, stay)?, &expected)?;
    Ok((positions, cost))
}

/// `stream POSITIONS MOVERS FENCES SEED`: positions as rows on standard output.
///
/// # Errors
/// Where it is asked otherwise, or nobody reads on.
pub fn stream(arguments: &[String]) -> Result<(), String> {
    let numbers: Vec<u64> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    let [positions, movers, fences, seed] = numbers[..] else {
        return Err("expected `stream POSITIONS MOVERS FENCES SEED`".to_owned());
    };
    let sizes = Sizes { positions, movers: size(movers), fences: size(fences), seed };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    rows(tracks::sea(&sizes).1, &mut out).map_err(|error| format!("writing: {error}"))
}

/// Writes positions as rows with a header.
///
/// # Errors
/// Where they cannot be written.
pub fn rows(
    positions: impl Iterator<Item = tracks::Position>,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "id,t,lon,lat")?;
    for tracks::Position { mover, at_s, at } in positions {
        writeln!(out, "{},{at_s},{},{}", plain::item(mover), Degrees(at.x), Degrees(at.y))?;
    }
    out.flush()
}

fn under_rules(
    folder: &Path,
    reports: u64,
    rules: u64,
    options: &Options,
) -> Result<(u64, Cost), String> {
    let sectors = size(options.sectors);
    let sizes = incidents::Sizes { reports, rules: size(rules), sectors, seed: options.seed };
    let unrest = Unrest::new(sizes);
    let last_s = incidents::write(&unrest, folder)?;
    checked(folder, options)?;
    let expected = incidents::plain::spates(&unrest, unrest.reports());
    let file = folder.join("evidence.csv");
    let output = folder.join("casus.out");
    let input = File::open(&file).map_err(|error| files::told("reading", &file, &error))?;
    let command = command(folder, "-", last_s, options);
    let cost = measure_fed(&command, Stdio::from(input), &output)?;
    results::compare("Casus", &results::rows(&output, spate)?, &expected)?;
    Ok((reports, cost))
}
