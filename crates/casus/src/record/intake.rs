//! What goes into a record: an agreement, evidence.
//!
//! Invariant: a file is put in whole or not at all.

use super::{at, class, key};
use crate::{
    agreement::{self, Folder, missing},
    arguments::record::{Add, Amend, ClassName, Init},
    evidence::{limits, source},
    exit::{Exit, Failure},
    run::lines::put,
    terminal::{Terminal, clean},
};
use casus_check::{Annexes, check};
use casus_ingest::Reject;
use casus_monitor::{Act, Monitor, Receipt, Source};
use serde::Serialize;
use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    io::{self, Read, Write},
    path::Path,
};

/// How many rejects are told.
const TOLD: usize = 3;

#[derive(Serialize)]
struct Opened<'o> {
    kind: &'static str,
    record: String,
    name: &'o str,
    public_key: String,
    keeper: &'o str,
}

/// Begins a record.
pub fn init(asked: &Init, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let folder = asked.record.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = asked.name.clone().or(folder).unwrap_or_else(|| "record".to_owned());
    let at = at(asked.at.as_deref())?;
    // What is wrong with the agreement is told before anything is made.
    if let Some(path) = &asked.agreement {
        agreement::load(path, terminal)?;
    }
    let mut monitor = Monitor::create(&asked.record, &name, &asked.keeper, at)?;
    if let Some(path) = &asked.agreement {
        let key = asked.record.join("keys").join(format!("{}.key", asked.keeper));
        let key = casus_monitor::Signer::load(&key)?;
        put_in_force(&mut monitor, path, &key, at)?;
    }
    let public_key = monitor.verifier().to_string();
    let record = asked.record.display().to_string();
    if asked.json {
        let keeper = &asked.keeper;
        let line = Opened { kind: "record", record, name: &name, public_key, keeper };
        put(&line, &mut terminal.out)?;
        return Ok(Exit::Fine);
    }
    writeln!(terminal.out, "the record `{}` is open; its public key is", clean(&name))?;
    writeln!(terminal.out, "{public_key}")?;
    terminal.say(&format!(
        "give the public key to whoever should be able to verify it; the secret keys are in `{}`",
        asked.record.join("keys").display()
    ))?;
    terminal.say(&format!("next: casus add {record} FILE"))?;
    Ok(Exit::Fine)
}

/// The agreement's folder, and which of its files were read.
struct Noted<'f> {
    folder: &'f Folder,
    read: RefCell<BTreeMap<String, Vec<u8>>>,
}

impl Annexes for Noted<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let bytes = self.folder.read(name)?;
        self.read.borrow_mut().insert(name.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

fn put_in_force(
    monitor: &mut Monitor,
    path: &Path,
    key: &casus_monitor::Signer,
    at: casus_model::Instant,
) -> Result<u64, Failure> {
    let bytes = fs::read(path).map_err(|error| missing("agreement", path, &error))?;
    let text = casus_syntax::decode(&bytes)
        .map_err(|found| Failure::usage(found.message).help("see `casus check`"))?;
    let folder = Folder::of(path);
    let annexes = Noted { folder: &folder, read: RefCell::default() };
    check(&casus_syntax::parse(&text), &annexes);
    let mut kept = BTreeMap::new();
    for (name, bytes) in annexes.read.into_inner() {
        kept.insert(name, monitor.keep(&bytes)?);
    }
    let text = monitor.keep(&bytes)?;
    let casus = env!("CARGO_PKG_VERSION").to_owned();
    Ok(monitor.act(Act::Agreement { text, annexes: kept, casus }, key, at)?)
}

/// Puts an agreement in force.
pub fn amend(asked: &Amend, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let found = agreement::load(&asked.agreement, terminal)?;
    let at = at(asked.author.at.as_deref())?;
    let mut monitor = Monitor::open(&asked.record)?;
    let key = key(&asked.record, &asked.author, &monitor)?;
    let position = put_in_force(&mut monitor, &asked.agreement, &key, at)?;
    let program = &found.program;
    match asked.author.json {
        true => {
            let (by, kind) = (key.name(), "act");
            put(&super::Done { kind, position, by, at }, &mut terminal.out)?;
        }
        false => writeln!(
            terminal.out,
            "entry {position}: {}, version {}, in force from here on",
            clean(&program.name),
            program.version
        )?,
    }
    Ok(Exit::Fine)
}

#[derive(Serialize)]
struct ReceiptLine<'r> {
    kind: &'static str,
    file: &'r str,
    #[serde(flatten)]
    receipt: &'r Receipt,
}

/// Puts evidence in.
pub fn add(asked: &Add, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let at = at(asked.author.at.as_deref())?;
    let limits = limits(&asked.limits)?;
    let mut monitor = Monitor::open(&asked.record)?;
    let key = key(&asked.record, &asked.author, &monitor)?;
    for text in &asked.files {
        let found = source(text)?;
        let content = content(&found.path)?;
        let named = text.split_once('=').filter(|_| found.profile.is_some());
        let own = named.map(|(profile, _)| Path::new(profile)).filter(|path| path.exists());
        let own = own.map(|path| fs::read(path).map_err(|error| missing("profile", path, &error)));
        let own = own.transpose()?;
        let name = found.path.file_name().map_or("-".into(), |name| name.to_string_lossy());
        let profile = named.map(|(profile, _)| {
            Path::new(profile).file_name().map_or(profile.into(), |name| name.to_string_lossy())
        });
        let source = Source {
            name: &name,
            content: &content,
            profile: found.profile.as_ref(),
            profile_text: (profile.as_deref(), own.as_deref()),
            class: class(asked.release),
            limits: limits.clone(),
        };
        let mut rejects: Vec<Reject> = Vec::new();
        if asked.strict {
            monitor.look(&source, &mut |reject| rejects.push(reject))?;
            tell(&rejects, terminal)?;
            if !rejects.is_empty() {
                let message = format!("`{name}`: {} rows would be rejected", rejects.len());
                return Err(Failure::evidence(message)
                    .help("nothing was put in; repair them, or leave out `--strict`"));
            }
        }
        let receipt = monitor.add(&source, &key, at, &mut |reject| rejects.push(reject))?;
        tell(&rejects, terminal)?;
        say(&name, &receipt, asked, terminal)?;
    }
    Ok(Exit::Fine)
}

fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() == "-" {
        let mut content = Vec::new();
        io::stdin().lock().read_to_end(&mut content)?;
        return Ok(content);
    }
    fs::read(path).map_err(|error| missing("evidence", path, &error))
}

fn tell(rejects: &[Reject], terminal: &mut Terminal) -> Result<(), Failure> {
    for Reject { file, row, reason, .. } in rejects.iter().take(TOLD) {
        terminal.say(&clean(&format!("rejected: {file}, row {row}: {reason}")))?;
    }
    if let Some(more) = rejects.len().checked_sub(TOLD + 1) {
        terminal.say(&format!("and {} more", more + 1))?;
    }
    Ok(())
}

fn say(name: &str, receipt: &Receipt, asked: &Add, terminal: &mut Terminal) -> Result<(), Failure> {
    if asked.author.json {
        put(&ReceiptLine { kind: "receipt", file: name, receipt }, &mut terminal.out)?;
        return Ok(());
    }
    let Receipt { position, reports, again, accounting } = receipt;
    let told = match again {
        true => format!("{name}: in the record already, since entry {position}"),
        false => format!("{name}: entry {position}, {reports} reports; {accounting}"),
    };
    writeln!(terminal.out, "{}", clean(&told))?;
    if asked.release != ClassName::Public {
        terminal.say("it is sealed: the log only commits to it; keep the folder `sealed`")?;
    }
    Ok(())
}
