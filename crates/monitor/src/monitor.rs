//! A record in a directory: the log, and what lies beside it.
//!
//! ```text
//! log/            the log, its tiles, its checkpoint, and the contents that entries name
//! log.pub         the public key of the log
//! keys/           secret keys that were made here, each for its owner alone
//! sealed/         reports that the log only commits to, with their salts
//! ```
//!
//! Invariant: nothing is appended that the state before it does not permit.

use crate::{
    act::{Act, Kept, Signed},
    entry::{Entry, Opening},
    error::Error,
    people::Person,
    sealed::Sealed,
    state::State,
};
use casus_ledger::disk::RealDisk;
use casus_ledger::{
    Attachments, Bundle, Directory, Hash, Kind, Ledger, Reader, Report as Fsck, Request, Signer,
    Store, Verifier, fsck,
};
use casus_model::Instant;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// So many entries are read at once.
const TOGETHER: u64 = 8_192;

enum Log {
    Writing(Box<Ledger<Directory>>),
    Reading(Box<Directory>),
}

/// A record.
pub struct Monitor {
    pub(crate) folder: PathBuf,
    pub(crate) disk: RealDisk,
    log: Log,
    key: Verifier,
    state: State,
}

/// What a look through all of a record found.
#[derive(Debug)]
pub struct Report {
    /// The log: its size, its cosignatures, and what is wrong with it.
    pub log: Fsck,
    /// What is wrong with the entries and what lies beside the log, each with its place.
    pub faults: Vec<String>,
    /// Acts that their authors were not allowed to do.
    pub refused: Vec<(u64, String)>,
    /// How many sealed reports are not here.
    pub withheld: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.log.problems.is_empty() && self.faults.is_empty() && self.refused.is_empty()
    }
}

impl Monitor {
    /// Opens a new record in a directory that is not there, or empty.
    ///
    /// # Errors
    /// Where there is something already, or the disk refuses.
    pub fn create(folder: &Path, name: &str, keeper: &str, at: Instant) -> Result<Monitor, Error> {
        let told = |cause| Error::file(folder, cause);
        if fs::read_dir(folder).is_ok_and(|mut all| all.next().is_some()) {
            return Err(Error::refused(
                format!("`{}` is not empty", folder.display()),
                "name a folder that is not there yet",
            ));
        }
        let keys = folder.join("keys");
        fs::create_dir_all(&keys).map_err(told)?;
        fs::create_dir_all(folder.join("log")).map_err(told)?;
        let log_key = Signer::generate(name, Kind::Note)?;
        let keeper_key = Signer::generate(keeper, Kind::Note)?;
        log_key.save(&keys.join("log.key"))?;
        keeper_key.save(&keys.join(format!("{keeper}.key")))?;
        let public = folder.join("log.pub");
        fs::write(&public, format!("{}\n", log_key.verifier()))
            .map_err(|cause| Error::file(&public, cause))?;
        let mut ledger = Ledger::create(&folder.join("log"), log_key)?;
        let opening = Opening {
            format: 1,
            name: name.to_owned(),
            at,
            casus: env!("CARGO_PKG_VERSION").to_owned(),
            keeper: (keeper.to_owned(), keeper_key.verifier().to_string()),
        };
        ledger.append(&[&Entry::Opening(opening).encode()?])?;
        ledger.publish()?;
        drop(ledger);
        Monitor::open(folder)
    }

    /// Opens a record for writing.
    ///
    /// # Errors
    /// Where there is none, somebody else writes to it, or it is damaged.
    pub fn open(folder: &Path) -> Result<Monitor, Error> {
        let key = Signer::load(&folder.join("keys").join("log.key")).map_err(|error| {
            Error::refused(
                format!("`{}` cannot be written to: {error}", folder.display()),
                "who only reads needs no key: see `casus findings` and `casus verify`",
            )
        })?;
        let verifier = key.verifier().clone();
        let ledger = Ledger::open(&folder.join("log"), key)?;
        Monitor::of(folder, Log::Writing(Box::new(ledger)), verifier)
    }

    /// Opens a record for reading alone.
    ///
    /// # Errors
    /// Where there is none, or it is damaged.
    pub fn view(folder: &Path) -> Result<Monitor, Error> {
        let key = public_key(folder)?;
        let log = Directory::view(Box::new(RealDisk::new(&folder.join("log"))), &key)?;
        Monitor::of(folder, Log::Reading(Box::new(log)), key)
    }

    fn of(folder: &Path, log: Log, key: Verifier) -> Result<Monitor, Error> {
        let disk = RealDisk::new(&folder.join("log"));
        let (folder, state) = (folder.to_owned(), State::default());
        let mut monitor = Monitor { folder, disk, log, key, state };
        monitor.state = monitor.state_at(monitor.size())?;
        Ok(monitor)
    }

    /// How many entries the log has.
    pub fn size(&self) -> u64 {
        self.reader().newest().head.size
    }

    /// The public key of the log.
    pub fn verifier(&self) -> &Verifier {
        &self.key
    }

    /// What the whole log says.
    pub fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        match &self.log {
            Log::Writing(ledger) => ledger.reader(),
            Log::Reading(directory) => Reader::new(&**directory as &dyn Store),
        }
    }

    /// The contents that entries name.
    pub(crate) fn attachments(&self) -> Attachments<'_> {
        Attachments::new(&self.disk)
    }

    /// What the first so many entries say.
    ///
    /// # Errors
    /// Where the log has not so many, or one of them cannot be read.
    pub fn state_at(&self, size: u64) -> Result<State, Error> {
        let sealed = Sealed::load(&self.folder)?;
        let mut state = State::default();
        self.replay(&mut state, &sealed, size)?;
        Ok(state)
    }

    fn replay(&self, state: &mut State, sealed: &Sealed, size: u64) -> Result<(), Error> {
        let reader = self.reader();
        while state.size < size {
            let from = state.size;
            for bytes in reader.entries(from..size.min(from + TOGETHER))? {
                let entry = Entry::parse(state.size, &bytes)?;
                state.take(entry, sealed);
            }
        }
        Ok(())
    }

    /// Appends entries in groups that are each durable together, and takes them in. Gives the place
    /// of the first.
    pub(crate) fn append(&mut self, entries: &[Vec<u8>], sealed: &Sealed) -> Result<u64, Error> {
        let first = self.size();
        let Log::Writing(ledger) = &mut self.log else {
            return Err(Error::Ledger(casus_ledger::Error::ReadOnly));
        };
        let mut group: Vec<&[u8]> = Vec::new();
        let mut bytes = 0;
        for entry in entries {
            if group.len() >= GROUP_ENTRIES || bytes + entry.len() > GROUP_BYTES {
                ledger.append(&group)?;
                group.clear();
                bytes = 0;
            }
            bytes += entry.len();
            group.push(entry);
        }
        ledger.append(&group)?;
        for bytes in entries {
            let entry = Entry::parse(self.state.size, bytes)?;
            self.state.take(entry, sealed);
        }
        Ok(first)
    }

    /// Puts everything where strangers read it.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn publish(&mut self) -> Result<(), Error> {
        match &mut self.log {
            Log::Writing(ledger) => Ok(ledger.publish()?),
            Log::Reading(_) => Ok(()),
        }
    }

    /// Does an act under a key, at an instant. Gives its place.
    ///
    /// # Errors
    /// Where its author may not do it, or the disk refuses.
    pub fn act(&mut self, act: Act, key: &Signer, at: Instant) -> Result<u64, Error> {
        let signed = Signed::sign(act, self.state.name(), key, at)?;
        self.state.permits(&signed).map_err(|why| {
            Error::refused(why, "see `casus people`, and ask a keeper of the record")
        })?;
        let entry = Entry::Act(Box::new(signed)).encode()?;
        let at = self.append(&[entry], &Sealed::default())?;
        self.publish()?;
        Ok(at)
    }

    /// Makes a key for somebody in the folder of keys, for the person to take away.
    ///
    /// # Errors
    /// Where there is one of that name already.
    pub fn new_key(&self, name: &str) -> Result<(PathBuf, Verifier), Error> {
        let path = self.folder.join("keys").join(format!("{name}.key"));
        let key = Signer::generate(name, Kind::Note)?;
        key.save(&path)?;
        Ok((path, key.verifier().clone()))
    }

    /// Keeps a content beside the log.
    ///
    /// # Errors
    /// Where it is too long, or the disk refuses.
    pub fn keep(&self, content: &[u8]) -> Result<Kept, Error> {
        let sha256 = self.attachments().put(content)?.to_string();
        Ok(Kept { sha256, bytes: content.len() as u64 })
    }

    /// A person of the record.
    ///
    /// # Errors
    /// Where there is nobody of that name.
    pub fn person(&self, name: &str) -> Result<&Person, Error> {
        self.state.people.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.state.people.keys().map(String::as_str).collect();
            Error::refused(
                format!("`{name}` is nobody of this record"),
                format!("its people are {}", known.join(", ")),
            )
        })
    }

    /// The entry at a place, and a proof that it is in the log.
    ///
    /// # Errors
    /// Where the log has no such place.
    pub fn prove(&self, position: u64) -> Result<(Vec<u8>, Bundle), Error> {
        let reader = self.reader();
        Ok((reader.entry(position)?, reader.prove(position)?))
    }

    /// The root that the log had when it had so many entries.
    ///
    /// # Errors
    /// Where it has not so many.
    pub fn root(&self, size: u64) -> Result<Hash, Error> {
        Ok(self.reader().root(size)?)
    }

    /// What is asked of a witness that has seen so many entries.
    ///
    /// # Errors
    /// Where the log has not so many.
    pub fn request(&self, old: u64) -> Result<Request, Error> {
        let reader = self.reader();
        // A witness that saw more has to be shown what there is, and refuses.
        let beyond = old == 0 || old > reader.newest().head.size;
        let proof = if beyond { Vec::new() } else { reader.consistency(old)? };
        Ok(Request { old, proof, checkpoint: reader.newest().note.clone() })
    }

    /// Keeps the signature of a witness under the newest checkpoint.
    ///
    /// # Errors
    /// Where it does not hold, or the record is open for reading alone.
    pub fn add_cosignature(&mut self, line: &str, witness: &Verifier) -> Result<(), Error> {
        match &mut self.log {
            Log::Writing(ledger) => Ok(ledger.add_cosignature(line, witness)?),
            Log::Reading(_) => Err(Error::Ledger(casus_ledger::Error::ReadOnly)),
        }
    }

    /// Looks through all of a record, whoever has it.
    ///
    /// # Errors
    /// Where its public key cannot be read.
    pub fn verify(folder: &Path, witnesses: &[Verifier]) -> Result<Report, Error> {
        let key = public_key(folder)?;
        let log = fsck(&RealDisk::new(&folder.join("log")), &key, witnesses);
        let mut report = Report { log, faults: Vec::new(), refused: Vec::new(), withheld: 0 };
        if !report.log.problems.is_empty() {
            return Ok(report);
        }
        let monitor = match Monitor::view(folder) {
            Ok(monitor) => monitor,
            Err(error) => {
                report.faults.push(error.to_string());
                return Ok(report);
            }
        };
        for kept in monitor.state.kept() {
            let content = crate::agreement::content(&monitor.attachments(), kept);
            report.faults.extend(content.err().map(|error| error.to_string()));
        }
        let state = &monitor.state;
        report.refused.clone_from(&state.refused);
        report.withheld = state.withheld;
        for source in state.sources.iter().filter(|one| one.there < one.reports) {
            report.faults.push(format!(
                "entry {}: `{}` has {} of {} reports; add it again to complete it",
                source.position, source.name, source.there, source.reports
            ));
        }
        Ok(report)
    }
}

/// So many entries are made durable together.
pub(crate) const GROUP_ENTRIES: usize = 65_536;
/// So many of their bytes.
const GROUP_BYTES: usize = 16 << 20;

fn public_key(folder: &Path) -> Result<Verifier, Error> {
    Verifier::load(&folder.join("log.pub")).map_err(|error| {
        Error::refused(
            format!("there is no record in `{}`: {error}", folder.display()),
            "name the folder that `casus init` made",
        )
    })
}
