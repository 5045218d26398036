//! Programs that answer one question, run in turn.
//!
//! Invariant: in each round every program runs once; what a program answers is compared every time.

use crate::{
    files,
    measure::measure,
    options::Options,
    results::{self, Found},
    table::Row,
};
use std::path::Path;

/// How a program's answer becomes rows.
pub enum Answer {
    /// Findings of Casus, each of which gives a row.
    Findings(fn(&Found) -> Option<String>),
    /// It is rows.
    Rows,
    /// It gives no answer; it is there to be measured.
    Nothing,
}

/// One program.
pub struct Contender {
    /// Who.
    pub who: String,
    /// What to run.
    pub command: Vec<String>,
    /// How to read what it writes.
    pub answer: Answer,
}

impl Contender {
    /// One of them.
    pub fn new(who: &str, command: Vec<String>, answer: Answer) -> Contender {
        Contender { who: who.to_owned(), command, answer }
    }
}

/// Runs them in turn, as often as is asked for, and compares each answer.
///
/// # Errors
/// Where one fails, or differs from the plain computation.
pub fn hold(
    contenders: &[Contender],
    plain: &[String],
    records: u64,
    folder: &Path,
    options: &Options,
) -> Result<Vec<Row>, String> {
    let mut rows: Vec<Row> = contenders
        .iter()
        .map(|one| Row { who: one.who.clone(), costs: Vec::new(), records })
        .collect();
    for round in 1..=options.runs {
        for (one, row) in contenders.iter().zip(&mut rows) {
            eprintln!("round {round} of {}: {}", options.runs, one.who);
            let output = folder.join(format!("{}.out", one.who.replace([' ', ','], "-")));
            row.costs.push(measure(&one.command, &output)?);
            let found = match &one.answer {
                Answer::Findings(row) => results::rows(&output, row)?,
                Answer::Rows => files::sorted(&output)?,
                Answer::Nothing => continue,
            };
            results::compare(&one.who, &found, plain)?;
        }
    }
    Ok(rows)
}
