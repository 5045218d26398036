//! `casus check`: what is wrong with agreements, and what they declare.
//!
//! Invariant: an agreement that passes here can be run.

use crate::{
    agreement::{Reading, read},
    arguments::Check,
    exit::{Exit, Failure},
    terminal::{Terminal, wrap},
    words,
};
use casus_model::{
    Program,
    program::{ActorKind, ParameterStanding},
};
use casus_syntax::Lines;
use serde::Serialize;
use std::io::Write;

/// One diagnostic, as JSON.
#[derive(Serialize)]
struct DiagnosticLine<'a> {
    kind: &'static str,
    file: &'a str,
    severity: &'static str,
    code: &'static str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    message: String,
    expected: Vec<String>,
    help: Option<String>,
}

/// What an agreement declares, as JSON.
#[derive(Serialize)]
struct AgreementLine<'a> {
    kind: &'static str,
    file: &'a str,
    valid: bool,
    errors: usize,
    warnings: usize,
    agreement: Option<&'a str>,
    version: Option<u32>,
    digest: Option<&'a str>,
    parties: Vec<&'a str>,
    offices: Vec<&'a str>,
    rules: usize,
    scenarios: usize,
    acts: usize,
    zones: usize,
    parameters: usize,
    invented: Vec<&'a str>,
}

/// Checks each file.
///
/// # Errors
/// Where a file cannot be read.
pub fn check(asked: &Check, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for path in &asked.files {
        let reading = read(path)?;
        match asked.json {
            true => lines(&reading, terminal)?,
            false => page(&reading, terminal)?,
        }
        if reading.checked.program.is_none() {
            exit = Exit::Agreement;
        }
    }
    Ok(exit)
}

fn lines(reading: &Reading, terminal: &mut Terminal) -> Result<(), Failure> {
    let source = &reading.document.source;
    let lines = Lines::of(source);
    for found in reading.diagnostics() {
        let plain = found.plain(source, &lines);
        let line = DiagnosticLine {
            kind: "diagnostic",
            file: &reading.name,
            severity: plain.severity,
            code: plain.code,
            line: plain.line,
            column: plain.column,
            end_line: plain.end_line,
            end_column: plain.end_column,
            message: plain.message,
            expected: plain.expected,
            help: plain.help,
        };
        serde_json::to_writer(&mut terminal.out, &line)?;
        writeln!(terminal.out)?;
    }
    let (errors, warnings) = reading.counts();
    let program = reading.checked.program.as_ref();
    let of = |list: fn(&Program) -> usize| program.map_or(0, list);
    let line = AgreementLine {
        kind: "agreement",
        file: &reading.name,
        valid: program.is_some(),
        errors,
        warnings,
        agreement: program.map(|program| program.name.as_str()),
        version: program.map(|program| program.version),
        digest: program.map(|program| program.digest.as_str()),
        parties: program.map(|program| actors(program, is_party)).unwrap_or_default(),
        offices: program.map(|program| actors(program, is_office)).unwrap_or_default(),
        rules: of(|program| program.rules.len()),
        scenarios: reading.checked.scenarios.len(),
        acts: of(|program| program.acts.len()),
        zones: of(|program| program.zones.len()),
        parameters: of(|program| program.parameters.len()),
        invented: program.map(invented).unwrap_or_default(),
    };
    serde_json::to_writer(&mut terminal.out, &line)?;
    writeln!(terminal.out)?;
    Ok(())
}

fn page(reading: &Reading, terminal: &mut Terminal) -> Result<(), Failure> {
    reading.tell(terminal)?;
    let (errors, warnings) = reading.counts();
    let told = |count, one, many| words::count(count, one, many);
    let Some(program) = &reading.checked.program else {
        let errors = told(errors, "error", "errors");
        let warnings = told(warnings, "warning", "warnings");
        let message = format!("{}: {errors}, {warnings}; it cannot be run", reading.name);
        terminal.say(&message)?;
        return Ok(());
    };
    let title = format!("{}, version {}", program.name, program.version);
    let head = format!("{}: {} is valid", reading.name, terminal.strong(&title));
    let note = match warnings {
        0 => String::new(),
        _ => format!(", with {}", told(warnings, "warning", "warnings")),
    };
    writeln!(terminal.out, "{head}{note}")?;
    let mut row = |name: &str, text: String| -> Result<(), Failure> {
        if !text.is_empty() {
            writeln!(terminal.out, "{}", wrap(&format!("  {name}"), 14, &text))?;
        }
        Ok(())
    };
    row("parties", actors(program, is_party).join(", "))?;
    row("offices", actors(program, is_office).join(", "))?;
    let first = program.rules.first().map_or("", |rule| rule.label.as_str());
    let last = program.rules.last().map_or("", |rule| rule.label.as_str());
    let rules = told(program.rules.len(), "rule", "rules");
    row("rules", format!("{rules}, {first} to {last}"))?;
    row("acts", told(program.acts.len(), "act", "acts"))?;
    let zones: Vec<&str> = program.zones.iter().map(|zone| zone.name.as_str()).collect();
    row("zones", zones.join(", "))?;
    row("calendar", program.calendar.zone_name().to_owned())?;
    row("tests", told(reading.checked.scenarios.len(), "scenario", "scenarios"))?;
    let invented = invented(program);
    if !program.parameters.is_empty() {
        let all = told(program.parameters.len(), "parameter", "parameters");
        let names = if invented.is_empty() { String::new() } else { invented.join(", ") };
        let text = match invented.len() {
            0 => format!("none of {all}"),
            n => format!("{n} of {all}: {names}"),
        };
        row("invented", text)?;
    }
    Ok(())
}

fn actors(program: &Program, kind: fn(&ActorKind) -> bool) -> Vec<&str> {
    let actors = program.actors.iter().filter(|actor| kind(&actor.kind));
    actors.map(|actor| actor.name.as_str()).collect()
}

fn is_party(kind: &ActorKind) -> bool {
    *kind == ActorKind::Party
}

fn is_office(kind: &ActorKind) -> bool {
    matches!(kind, ActorKind::Office { .. })
}

/// The parameters whose values are invented.
pub fn invented(program: &Program) -> Vec<&str> {
    let is_invented =
        |one: &&casus_model::program::Parameter| one.standing == ParameterStanding::Invented;
    program.parameters.iter().filter(is_invented).map(|one| one.name.as_str()).collect()
}
