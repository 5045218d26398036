//! The commands on a record.
//!
//! Invariant: nothing here decides what may be done; the record does.

mod acts;
mod intake;
mod proofs;
mod views;

use crate::{
    arguments::record::{Author, ClassName, RecordCommand},
    exit::{Exit, Failure},
    run::lines::put,
    terminal::Terminal,
};
use casus_model::Instant;
use casus_monitor::{Act, Class, Error, Monitor, Signer};
use serde::Serialize;
use std::{
    io::Write,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// Does what is asked of a record.
///
/// # Errors
/// Where the record refuses, or what is asked for is not there.
pub fn obey(asked: &RecordCommand, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match asked {
        RecordCommand::Init(asked) => intake::init(asked, terminal),
        RecordCommand::Amend(asked) => intake::amend(asked, terminal),
        RecordCommand::Add(asked) => intake::add(asked, terminal),
        RecordCommand::People(asked) => acts::people(asked, terminal),
        RecordCommand::Correct(asked) => acts::correct(asked, terminal),
        RecordCommand::Withdraw(asked) => acts::withdraw(asked, terminal),
        RecordCommand::Merge(asked) => acts::merge(asked, terminal),
        RecordCommand::Split(asked) => acts::split(asked, terminal),
        RecordCommand::Review(asked) => acts::review(asked, terminal),
        RecordCommand::Adopt(asked) => acts::adopt(asked, terminal),
        RecordCommand::Findings(asked) => views::findings(asked, terminal),
        RecordCommand::Diff(asked) => views::diff(asked, terminal),
        RecordCommand::Verify(asked) => proofs::verify(asked, terminal),
        RecordCommand::Witness(asked) => proofs::witness(asked, terminal),
        RecordCommand::Proof(asked) => proofs::proof(asked, terminal),
        RecordCommand::Archive(asked) => proofs::archive(asked, terminal),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let message = error.to_string();
        let (exit, help) = match error {
            Error::Refused { help, .. } => (Exit::Record, help),
            Error::Evidence(_) => {
                (Exit::Evidence, "nothing was put in; repair it, or leave it out".to_owned())
            }
            Error::Ledger(casus_ledger::Error::Locked) => {
                (Exit::Record, "wait until the other command has ended".to_owned())
            }
            Error::Ledger(_) | Error::Entry { .. } => {
                (Exit::Record, "see what `casus verify` says of it".to_owned())
            }
            Error::File { .. } => {
                (Exit::Record, "see whether there is space, and who may".to_owned())
            }
        };
        Failure::Told { exit, message, help: Some(help) }
    }
}

impl From<casus_ledger::Error> for Failure {
    fn from(error: casus_ledger::Error) -> Failure {
        Failure::from(Error::from(error))
    }
}

/// The class of a name.
fn class(name: ClassName) -> Class {
    match name {
        ClassName::Public => Class::Public,
        ClassName::Parties => Class::Parties,
        ClassName::Restricted => Class::Restricted,
    }
}

/// When it was done.
fn at(asked: Option<&str>) -> Result<Instant, Failure> {
    let Some(text) = asked else {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        return Ok(Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)));
    };
    Instant::parse(text).ok_or_else(|| {
        Failure::usage(format!("--at: `{text}` is no instant"))
            .help("write it as `2026-03-22T06:00:00Z`")
    })
}

/// The key of who acts.
fn key(record: &Path, author: &Author, monitor: &Monitor) -> Result<Signer, Failure> {
    if let Some(path) = &author.key {
        return Ok(Signer::load(path)?);
    }
    let opening = monitor.state().opening.as_ref();
    let keeper = opening.map_or("", |opening| opening.keeper.0.as_str());
    let name = author.name.as_deref().unwrap_or(keeper);
    monitor.person(name)?;
    let path = record.join("keys").join(format!("{name}.key"));
    Signer::load(&path).map_err(|error| Failure::Told {
        exit: Exit::Record,
        message: format!("the key of `{name}` is not here: {error}"),
        help: Some("name its file, as `--key FILE`".to_owned()),
    })
}

#[derive(Serialize)]
struct Done<'d> {
    kind: &'static str,
    position: u64,
    by: &'d str,
    at: Instant,
}

/// Does an act, and tells where it stands.
fn act(
    record: &Path,
    author: &Author,
    terminal: &mut Terminal,
    make: impl FnOnce(&Monitor) -> Result<Act, Failure>,
) -> Result<Exit, Failure> {
    let at = at(author.at.as_deref())?;
    let mut monitor = Monitor::open(record)?;
    let key = key(record, author, &monitor)?;
    let act = make(&monitor)?;
    let position = monitor.act(act, &key, at)?;
    match author.json {
        true => put(&Done { kind: "act", position, by: key.name(), at }, &mut terminal.out)?,
        false => writeln!(terminal.out, "entry {position}, signed by {}", key.name())?,
    }
    Ok(Exit::Fine)
}
