//! `casus test`: runs the scenarios that stand beside the text of agreements.
//!
//! Invariant: a scenario is judged on its own facts and its own clock, and on nothing else.

mod found;
mod natural;
mod page;
mod table;

use crate::{
    agreement::{Reading, read},
    arguments::Test,
    case::judge,
    clock,
    exit::{Exit, Failure},
    run::lines::put,
    terminal::{Terminal, clean},
    words,
};
use casus_engine::Engine;
use casus_model::{
    Calendar, Finding, Program,
    program::{Expectation, Scenario},
};
use page::{Count, Page};
use serde::Serialize;
use std::{io::Write, sync::Arc};

/// What is shown of scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// All, as JSON.
    Json,
    /// All.
    All,
    /// Those that fail.
    Failing,
}

/// One scenario, as JSON.
#[derive(Serialize)]
struct ScenarioLine<'a> {
    kind: &'static str,
    file: &'a str,
    line: u32,
    provision: &'a str,
    passed: bool,
    expectations: Vec<Outcome<'a>>,
}

/// What was expected, and what came.
#[derive(Serialize)]
struct Outcome<'a> {
    line: u32,
    text: String,
    passed: bool,
    expected: String,
    got: usize,
    /// The findings of the provision, where the expectation failed.
    findings: Vec<&'a Finding>,
}

/// Runs the scenarios of all files, in the natural order of their titles.
///
/// # Errors
/// Where a path cannot be read.
pub fn test(asked: &Test, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut readings = Vec::new();
    for path in found::files(&asked.paths)? {
        let reading = read(&path)?;
        if !reading.document.blocks.is_empty() || page::not_yet(&reading.document).is_some() {
            readings.push(reading);
        }
    }
    if readings.is_empty() {
        return Err(Failure::usage("there is no agreement under these paths")
            .help("name Markdown files with `casus` blocks, or folders of them"));
    }
    let several = readings.len() > 1;
    readings.sort_by_cached_key(|reading| natural::key(&page::title(&reading.document)));
    let shown = match () {
        () if asked.json => Shown::Json,
        () if several && !asked.all => Shown::Failing,
        () => Shown::All,
    };
    let mut pages = Vec::new();
    for reading in readings {
        pages.push(file(reading, shown, terminal)?);
    }
    match () {
        () if asked.json => {}
        () if several => table::of_pages(&pages, terminal)?,
        () => table::of_scenarios(&pages, terminal)?,
    }
    Ok(match () {
        () if pages.iter().any(|page| !page.valid) => Exit::Agreement,
        () if pages.iter().any(|page| page.failed > 0) => Exit::Findings,
        () => Exit::Fine,
    })
}

fn file(mut reading: Reading, shown: Shown, terminal: &mut Terminal) -> Result<Page, Failure> {
    let program = reading.checked.program.take().map(Arc::new);
    // A page of prose alone, which says that it cannot say anything yet, has nothing to be valid.
    let valid = program.is_some() || reading.document.blocks.is_empty();
    if !valid {
        reading.tell(terminal)?;
    }
    let scenarios = std::mem::take(&mut reading.checked.scenarios);
    let mut count = Count { scenarios: scenarios.len(), passed: 0, verdicts: 0 };
    for scenario in &scenarios {
        let Some(program) = &program else { break };
        let engine = judge(Arc::clone(program), scenario.records.clone(), scenario.at);
        let line = outcome(&reading, scenario, &engine);
        count.passed += usize::from(line.passed);
        count.verdicts += line.expectations.len();
        match shown {
            Shown::Json => put(&line, &mut terminal.out)?,
            Shown::Failing if line.passed => {}
            Shown::All | Shown::Failing => show(&line, scenario, program, terminal)?,
        }
    }
    let page = Page::of(&reading, valid, &count);
    if shown == Shown::Json {
        put(&page, &mut terminal.out)?;
    }
    Ok(page)
}

fn outcome<'a>(
    reading: &'a Reading,
    scenario: &'a Scenario,
    engine: &'a Engine,
) -> ScenarioLine<'a> {
    let findings = engine.findings();
    let source: Vec<&str> = reading.document.source.lines().collect();
    let expectations: Vec<Outcome<'_>> = scenario
        .expect
        .iter()
        .map(|expected| {
            let got = findings.iter().filter(|finding| expected.fits(finding)).count();
            let passed = expected.is_met(got);
            let line = (expected.line as usize).checked_sub(1).and_then(|at| source.get(at));
            let of_it = findings.iter().copied();
            let of_it = of_it.filter(|finding| !passed && expected.means(&finding.provision));
            Outcome {
                line: expected.line,
                text: clean(line.unwrap_or(&"").trim()),
                passed,
                expected: times(expected),
                got,
                findings: of_it.collect(),
            }
        })
        .collect();
    ScenarioLine {
        kind: "scenario",
        file: &reading.name,
        line: scenario.line,
        provision: &scenario.label,
        passed: expectations.iter().all(|one| one.passed),
        expectations,
    }
}

fn times(expected: &Expectation) -> String {
    match expected.count {
        None => "at least one".to_owned(),
        Some(0) => "none".to_owned(),
        Some(count) => count.to_string(),
    }
}

fn show(
    line: &ScenarioLine<'_>,
    scenario: &Scenario,
    program: &Program,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let place = format!("{}:{}", line.file, line.line);
    if line.passed {
        let count = words::count(line.expectations.len(), "expectation", "expectations");
        writeln!(terminal.out, "ok    {:8} {place}, {count}", line.provision)?;
        return Ok(());
    }
    let mark = terminal.strong("FAIL");
    writeln!(terminal.out, "{mark}  {:8} {place}", line.provision)?;
    for one in line.expectations.iter().filter(|one| !one.passed) {
        writeln!(terminal.out, "      line {}: {}", one.line, one.text)?;
        writeln!(terminal.out, "      expected {}, got {}", one.expected, one.got)?;
        if one.findings.is_empty() {
            writeln!(terminal.out, "      there is no finding of this provision")?;
        }
        for finding in &one.findings {
            writeln!(terminal.out, "        {}", brief(finding, &program.calendar))?;
        }
    }
    let at = clock::local(scenario.at, &program.calendar);
    writeln!(terminal.out, "      at {at}, {}", program.calendar.zone_name())?;
    Ok(())
}

/// A finding in the terms of an expectation.
fn brief(finding: &Finding, calendar: &Calendar) -> String {
    let mut text = words::verdict(finding.verdict).to_owned();
    match &finding.party {
        Some(party) => text.push_str(&format!(" by {party}")),
        None if !finding.candidates.is_empty() => {
            text.push_str(&format!(" by any of {}", finding.candidates.join(", ")));
        }
        None => {}
    }
    if !finding.key.is_empty() {
        text.push_str(&format!(" for {}", finding.key.join(" and ")));
    }
    let reason = format!("{:?}", finding.reason);
    let mut plain = String::new();
    for sign in reason.chars() {
        if sign.is_uppercase() && !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(sign.to_lowercase());
    }
    text.push_str(&format!(", {plain}"));
    if let Some((_, due)) = finding.duty.as_ref().and_then(|duty| duty.due) {
        text.push_str(&format!(", due {}", clock::local(due, calendar)));
    }
    text
}
