//! `casus explain`: one finding on one page, without code.
//!
//! Invariant: everything said here is read off the finding, the text and the records; nothing is
//! judged a second time.

mod account;
mod clauses;
mod doubt;
mod others;
mod page;
mod people;
mod questions;
mod timing;

use crate::{
    arguments::Explain,
    case::{Case, Keep, named_in},
    check::invented,
    exit::{Exit, Failure},
    nearest::nearest,
    run::lines::put,
    terminal::Terminal,
};
use account::Account;
use casus_engine::Engine;
use casus_model::{Finding, Instant, program::Rule};
use questions::Answer;
use serde::Serialize;

/// The page, as JSON and as what people read.
#[derive(Serialize)]
struct Explanation<'a> {
    kind: &'static str,
    agreement: &'a str,
    version: u32,
    digest: &'a str,
    zone: &'a str,
    clock: Instant,
    heading: &'a str,
    prose: &'a str,
    prose_digest: &'a str,
    /// The rule as the text writes it, line by line.
    rule: Vec<String>,
    /// What the rule asks for, in plain words.
    asks: Vec<String>,
    /// The verdict in a sentence.
    sentence: String,
    /// The five questions.
    answers: Vec<Answer>,
    /// The records for it and against it.
    accounts: Vec<Account>,
    /// Exceptions and defences, and how far they came.
    exceptions: Vec<String>,
    /// Who is said to be responsible, and how sure that is.
    responsible: Vec<String>,
    /// How the times come about.
    times: Vec<String>,
    /// Why it is no other verdict.
    not_reached: Vec<String>,
    /// What would change it.
    would_change: Vec<String>,
    /// Numbers of the rule that are invented.
    invented: Vec<String>,
    finding: &'a Finding,
}

/// One finding with everything that explains it.
#[derive(Clone, Copy)]
struct Subject<'a> {
    case: &'a Case,
    engine: &'a Engine,
    finding: &'a Finding,
    rule: &'a Rule,
}

/// Explains a finding.
///
/// # Errors
/// Where the agreement or the evidence cannot be used, or there is no such finding.
pub fn explain(asked: &Explain, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let (case, engine) = Case::judged(&asked.matter, Keep::Trail, terminal)?;
    explain_in(&case, engine, &asked.finding, asked.matter.json, terminal)
}

/// Explains a finding of a case that was judged.
///
/// # Errors
/// Where there is no such finding.
pub fn explain_in(
    case: &Case,
    mut engine: Engine,
    id: &str,
    json: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let finding = chosen(&engine, id)?;
    let behind = [finding.records.as_slice(), &finding.against].concat();
    engine.bring(&behind);
    let finding = chosen(&engine, id)?;
    let Some(rule) = case.rule(finding) else {
        return Err(Failure::usage(format!("`{}` belongs to no rule", finding.id)));
    };
    let subject = Subject { case, engine: &engine, finding, rule };
    let explanation = explained(subject);
    match json {
        true => put(&explanation, &mut terminal.out)?,
        false => page::write(subject, &explanation, terminal)?,
    }
    Ok(Exit::Fine)
}

/// The only finding whose id begins like this.
fn chosen<'a>(engine: &'a Engine, id: &str) -> Result<&'a Finding, Failure> {
    let findings = engine.findings();
    if let Some(exact) = findings.iter().find(|finding| *finding.id == *id) {
        return Ok(exact);
    }
    let fitting: Vec<&Finding> =
        findings.iter().copied().filter(|finding| finding.id.starts_with(id)).collect();
    match fitting.as_slice() {
        [one] => Ok(one),
        [] => {
            let failure = Failure::usage(format!("there is no finding `{id}`"));
            let ids = findings.iter().map(|finding| finding.id.to_string());
            Err(match nearest(id, ids) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("`casus run` with the same options lists the findings"),
            })
        }
        several => {
            let ids: Vec<String> =
                several.iter().take(6).map(|finding| format!("`{}`", finding.id)).collect();
            let message = format!("{} findings begin with `{id}`", several.len());
            Err(Failure::usage(message).help(format!("write more of it: {}", ids.join(", "))))
        }
    }
}

fn explained(subject: Subject<'_>) -> Explanation<'_> {
    let Subject { case, finding, rule, .. } = subject;
    let program = case.program();
    let provision = case.provision(finding);
    let named = named_in(&rule.sentence, invented(program));
    let values = program.parameters.iter().filter(|one| named.contains(&one.name.as_str()));
    let accounts = account::accounts(subject);
    Explanation {
        kind: "explanation",
        agreement: &program.name,
        version: program.version,
        digest: &program.digest,
        zone: program.calendar.zone_name(),
        clock: case.basis.clock,
        heading: provision.map_or("", |one| &one.heading),
        prose: provision.map_or("", |one| &one.prose),
        prose_digest: provision.map_or("", |one| &one.digest),
        rule: clauses::lines(&case.agreement.document, rule),
        asks: casus_model::plain::rule(program, rule),
        sentence: questions::sentence(subject),
        answers: questions::answers(subject),
        accounts,
        exceptions: people::exceptions(subject),
        responsible: people::responsible(subject),
        times: timing::times(subject),
        not_reached: others::not_reached(subject),
        would_change: others::would_change(subject),
        invented: values.map(|one| format!("{} is {}", one.name, one.value)).collect(),
        finding,
    }
}
