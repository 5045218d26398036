//! What a stranger can hold a record to.
//!
//! Invariant: what is verified here uses the public key and nothing that only the keeper has.

use super::at;
use crate::{
    agreement::missing,
    arguments::record::{Archive, Proof, Verify, Witness},
    exit::{Exit, Failure},
    run::lines::put,
    terminal::{Terminal, clean},
};
use casus_ledger::{
    Bundle, Kind, Policy, Refusal, Signer, Verifier, disk::RealDisk, open_checkpoint,
};
use casus_monitor::{Entry, Monitor};
use serde::Serialize;
use std::{fs, io::Write, path::Path};

#[derive(Serialize)]
struct Verified<'v> {
    kind: &'static str,
    sound: bool,
    entries: u64,
    root: Option<String>,
    withheld: u64,
    cosigned: Vec<(&'v str, u64)>,
    faults: Vec<String>,
}

/// Looks through all of a record, or at one proof.
pub fn verify(asked: &Verify, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let witnesses: Vec<Verifier> =
        asked.witness.iter().map(|text| Verifier::parse(text)).collect::<Result<_, _>>()?;
    if let Some(path) = &asked.proof {
        return verify_proof(asked, path, witnesses, terminal);
    }
    let report = Monitor::verify(&asked.record, &witnesses)?;
    let mut faults: Vec<String> = report.log.problems.iter().map(ToString::to_string).collect();
    faults.extend(report.faults.iter().cloned());
    let refused = report.refused.iter();
    faults.extend(refused.map(|(position, why)| format!("entry {position}: {why}")));
    if let Some(path) = &asked.since {
        faults.extend(since(&asked.record, path)?);
    }
    let missing = witnesses.len().saturating_sub(report.log.cosigned.len());
    if missing > 0 {
        faults.push(format!("{missing} of the witnesses have not signed the newest checkpoint"));
    }
    let line = Verified {
        kind: "verified",
        sound: faults.is_empty(),
        entries: report.log.entries,
        root: report.log.head.map(|head| head.root.to_string()),
        withheld: report.withheld,
        cosigned: report.log.cosigned.iter().map(|one| (&*one.witness, one.at_s)).collect(),
        faults,
    };
    if asked.json {
        put(&line, &mut terminal.out)?;
    } else {
        for fault in &line.faults {
            writeln!(terminal.out, "{}", clean(fault))?;
        }
        let word = if line.sound { "sound" } else { "NOT sound" };
        let root = line.root.as_deref().unwrap_or("none");
        writeln!(terminal.out, "{word}: {} entries, root {root}", line.entries)?;
        if line.sound && asked.since.is_none() && line.cosigned.is_empty() {
            terminal.say(
                "that nobody was shown another log is only known with a checkpoint that was seen \
                 before (--since) or a witness (--witness)",
            )?;
        }
    }
    Ok(if line.sound { Exit::Fine } else { Exit::Record })
}

/// Whether the log begins with what a checkpoint said before.
fn since(record: &Path, path: &Path) -> Result<Option<String>, Failure> {
    let bytes = fs::read(path).map_err(|error| missing("checkpoint", path, &error))?;
    let monitor = Monitor::view(record)?;
    let (earlier, _) = open_checkpoint(&bytes, monitor.verifier())?;
    let size = monitor.size();
    if earlier.head.size > size {
        let was = earlier.head.size;
        return Ok(Some(format!("the log had {was} entries and has {size}: it was put back")));
    }
    let root = monitor.root(earlier.head.size)?;
    Ok((root != earlier.head.root).then(|| {
        format!("the first {} entries are not those of that checkpoint", earlier.head.size)
    }))
}

/// A proof as a file: the entry, then how it is in the log.
fn verify_proof(
    asked: &Verify,
    path: &Path,
    witnesses: Vec<Verifier>,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let bytes = fs::read(path).map_err(|error| missing("proof", path, &error))?;
    let bundle = Bundle::parse(&bytes)?;
    let entry = bundle.extra.clone().ok_or_else(|| {
        Failure::usage(format!("`{}` holds no entry", path.display()))
            .help("have it made anew, by `casus proof`")
    })?;
    let log = Verifier::load(&asked.record.join("log.pub"))?;
    let quorum = witnesses.len();
    let verified = bundle.verify(&entry, &Policy { log, witnesses, quorum })?;
    let text = String::from_utf8_lossy(&entry).into_owned();
    Entry::parse(verified.index, &entry)?;
    match asked.json {
        true => writeln!(terminal.out, "{text}")?,
        false => {
            let (index, size) = (verified.index, verified.head.size);
            writeln!(terminal.out, "entry {index} of {size} is in the log:")?;
            writeln!(terminal.out, "{}", clean(&text))?;
        }
    }
    Ok(Exit::Fine)
}

/// Proves that a report is in a record.
pub fn proof(asked: &Proof, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let monitor = Monitor::view(&asked.record)?;
    let place = match asked.report.strip_prefix('#') {
        Some(text) => text.parse().ok(),
        None => monitor.state().versions(&asked.report).last().map(|one| one.position),
    };
    let place = place.ok_or_else(|| {
        Failure::usage(format!("there is no report `{}` in the record", asked.report))
            .help("name a report, or the place of an entry, as `#120`")
    })?;
    let (entry, mut bundle) = monitor.prove(place)?;
    bundle.extra = Some(entry);
    let text = bundle.encode();
    match &asked.output {
        None => terminal.out.write_all(&text)?,
        Some(path) => {
            fs::write(path, text)?;
            let command = "casus verify RECORD --proof";
            terminal.say(&format!("verify it with: {command} {}", path.display()))?;
        }
    }
    Ok(Exit::Fine)
}

#[derive(Serialize)]
struct Cosignature<'c> {
    kind: &'static str,
    witness: String,
    entries: u64,
    line: &'c str,
}

/// Signs that a log only grew since it was last seen.
pub fn witness(asked: &Witness, terminal: &mut Terminal) -> Result<Exit, Failure> {
    fs::create_dir_all(&asked.memory)?;
    let path = asked.memory.join("witness.key");
    if !path.exists() {
        Signer::generate(&asked.name, Kind::Cosignature)?.save(&path)?;
    }
    let memory = RealDisk::new(&asked.memory);
    let witness = casus_ledger::Witness::open(Box::new(memory), Signer::load(&path)?)?;
    let monitor = Monitor::view(&asked.record)?;
    let seen = witness.latest(monitor.verifier())?.map_or(0, |(head, _)| head.size);
    let request = monitor.request(seen)?;
    let now_s = u64::try_from(at(None)?.0 / 1000).unwrap_or_default();
    let signed = witness.cosign(&request, monitor.verifier(), now_s);
    let line = signed.map_err(|refusal: Refusal| Failure::Told {
        exit: Exit::Record,
        message: format!("the witness does not sign: {refusal}"),
        help: Some("keep both checkpoints: together they show what was done to the log".to_owned()),
    })?;
    let (entries, public) = (monitor.size(), witness.verifier().to_string());
    drop(monitor);
    let kept = Monitor::open(&asked.record)
        .and_then(|mut monitor| monitor.add_cosignature(&line, witness.verifier()));
    if asked.json {
        let line = Cosignature { kind: "cosignature", witness: public, entries, line: line.trim() };
        put(&line, &mut terminal.out)?;
    } else {
        writeln!(terminal.out, "{}", line.trim_end())?;
        terminal.say(&format!("signed for {entries} entries by {public}"))?;
    }
    if kept.is_err() {
        terminal.say("the record is not ours to write to: give the line to who keeps it")?;
    }
    Ok(Exit::Fine)
}

#[derive(Serialize)]
struct Archived {
    kind: &'static str,
    file: String,
    bytes: u64,
    entries: u64,
}

/// Writes a record into one file.
pub fn archive(asked: &Archive, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let monitor = Monitor::view(&asked.record)?;
    let mut text = Vec::new();
    casus_monitor::archive(&monitor, &[], &mut text)?;
    fs::write(&asked.output, &text)?;
    let (file, bytes, entries) =
        (asked.output.display().to_string(), text.len() as u64, monitor.size());
    match asked.json {
        true => put(&Archived { kind: "archive", file, bytes, entries }, &mut terminal.out)?,
        false => writeln!(terminal.out, "{file}: {entries} entries, {bytes} bytes")?,
    }
    terminal.say("no secret key and nothing sealed is in it")?;
    Ok(Exit::Fine)
}
