//! `casus run`: judges evidence by an agreement.
//!
//! Invariant: the page and the lines are made from the same findings.

pub mod lines;
pub mod page;
mod spread;
pub mod tally;

use crate::{
    arguments::Run,
    case::{Case, Keep},
    exit::{Exit, Failure},
    nearest::nearest,
    terminal::Terminal,
    words,
};
use casus_model::{Finding, Verdict};

/// Judges, and shows what came of it.
///
/// # Errors
/// Where the agreement or the evidence cannot be used, or other processes are lost.
pub fn run(asked: &Run, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let wanted: Vec<Verdict> =
        asked.fail_on.iter().map(|text| verdict(text)).collect::<Result<_, _>>()?;
    if let Some(layout) = spread::layout(asked)? {
        let Some((case, sum)) = spread::judged(asked, layout, terminal)? else {
            return Ok(Exit::Fine);
        };
        return show(&case, &sum.findings(case.program()), &wanted, asked, terminal);
    }
    let (case, engine) = Case::judged(&asked.matter, Keep::Nothing, terminal)?;
    let exit = show(&case, &engine.findings(), &wanted, asked, terminal);
    // The process ends here; the system takes its memory back faster than we could.
    std::mem::forget((case, engine));
    exit
}

fn show(
    case: &Case,
    findings: &[&Finding],
    wanted: &[Verdict],
    asked: &Run,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    match asked.matter.json {
        true => lines::write(case, findings, &mut terminal.out)?,
        false => {
            let next = |id: Option<&str>| page::next(&asked.matter, id);
            page::write(case, findings, &next, terminal)?;
        }
    }
    let is_wanted = findings.iter().any(|finding| wanted.contains(&finding.verdict));
    Ok(if is_wanted { Exit::Findings } else { Exit::Fine })
}

fn verdict(text: &str) -> Result<Verdict, Failure> {
    words::verdict_named(text).ok_or_else(|| {
        let known = words::VERDICTS.map(|one| words::verdict(one).replace(' ', "-"));
        let failure = Failure::usage(format!("--fail-on: `{text}` is no verdict"));
        match nearest(text, known.clone()) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("the verdicts are {}", known.join(", "))),
        }
    })
}
