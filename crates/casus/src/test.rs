//! `casus test`: runs the scenarios that stand beside the text of agreements.
//!
//! Invariant: a scenario is judged on its own facts and its own clock, and on nothing else.

mod found;

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
use serde::Serialize;
use std::{io::Write, sync::Arc};

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

/// The scenarios of one file, as JSON and in the table.
#[derive(Serialize)]
struct FileLine {
    kind: &'static str,
    file: String,
    valid: bool,
    scenarios: usize,
    passed: usize,
    failed: usize,
}

/// Runs the scenarios of all files.
///
/// # Errors
/// Where a path cannot be read.
pub fn test(asked: &Test, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut table = Vec::new();
    for path in found::files(&asked.paths)? {
        let reading = read(&path)?;
        if reading.document.blocks.is_empty() {
            continue;
        }
        table.push(file(reading, asked.json, terminal)?);
    }
    if table.is_empty() {
        return Err(Failure::usage("there is no agreement under these paths")
            .help("name Markdown files with `casus` blocks, or folders of them"));
    }
    if !asked.json {
        summary(&table, terminal)?;
    }
    Ok(match () {
        () if table.iter().any(|line| !line.valid) => Exit::Agreement,
        () if table.iter().any(|line| line.failed > 0) => Exit::Findings,
        () => Exit::Fine,
    })
}

fn file(mut reading: Reading, json: bool, terminal: &mut Terminal) -> Result<FileLine, Failure> {
    let program = reading.checked.program.take().map(Arc::new);
    let valid = program.is_some();
    if !valid {
        reading.tell(terminal)?;
    }
    let scenarios = std::mem::take(&mut reading.checked.scenarios);
    let mut passed = 0;
    for scenario in &scenarios {
        let Some(program) = &program else { break };
        let engine = judge(Arc::clone(program), scenario.records.clone(), scenario.at);
        let line = outcome(&reading, scenario, &engine);
        passed += usize::from(line.passed);
        match json {
            true => put(&line, &mut terminal.out)?,
            false => show(&line, scenario, program, terminal)?,
        }
    }
    let total = scenarios.len();
    let failed = if valid { total - passed } else { 0 };
    let file = reading.name;
    let line = FileLine { kind: "file", file, valid, scenarios: total, passed, failed };
    if json {
        put(&line, &mut terminal.out)?;
    }
    Ok(line)
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

fn summary(table: &[FileLine], terminal: &mut Terminal) -> Result<(), Failure> {
    let width = table.iter().map(|line| line.file.chars().count()).max().unwrap_or(0).max(4);
    let head = format!("{:width$}  scenarios  passed  failed", "file");
    writeln!(terminal.out, "\n{}", terminal.strong(&head))?;
    for line in table {
        let FileLine { file, scenarios, passed, failed, .. } = line;
        let note = if line.valid { "" } else { "  not valid" };
        writeln!(terminal.out, "{file:width$}  {scenarios:9}  {passed:6}  {failed:6}{note}")?;
    }
    if table.len() > 1 {
        let sum = |of: fn(&FileLine) -> usize| table.iter().map(of).sum::<usize>();
        let (scenarios, passed) = (sum(|line| line.scenarios), sum(|line| line.passed));
        let failed = sum(|line| line.failed);
        writeln!(terminal.out, "{:width$}  {scenarios:9}  {passed:6}  {failed:6}", "all")?;
    }
    Ok(())
}
